"""The Sở: schools, years, its own people."""

from django.urls import path

from schools.views import schools, staff, years

urlpatterns = [
    path("dieu-hanh/truong/", schools.school_list, name="school_list"),
    path("dieu-hanh/truong/moi/", schools.school_new, name="school_new"),
    path("dieu-hanh/truong/<uuid:school_id>/", schools.school, name="school"),
    path("dieu-hanh/truong/<uuid:school_id>/sua/", schools.school_edit, name="school_edit"),
    path("dieu-hanh/nam-hoc/", years.year_list, name="year_list"),
    path("dieu-hanh/nam-hoc/moi/", years.year_new, name="year_new"),
    path("dieu-hanh/nam-hoc/<uuid:year_id>/dong/", years.year_close, name="year_close"),
    path("dieu-hanh/nam-hoc/<uuid:year_id>/", years.year, name="year"),
    path("dieu-hanh/nhan-su/", staff.province_staff, name="province_staff"),
    path("dieu-hanh/nhan-su/moi/", staff.province_staff_new, name="province_staff_new"),
]
