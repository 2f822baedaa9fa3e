from django.urls import URLPattern, URLResolver, path

from schools.views import merges, parents, photos, students

urlpatterns: list[URLPattern | URLResolver] = [
    path("ho-so/", students.student_list, name="student_list"),
    path("ho-so/tim-so-dinh-danh/", students.student_by_number, name="student_by_number"),
    path("ho-so/moi/", students.student_new, name="student_new"),
    path("ho-so/gop/", merges.merge_choose, name="merge_choose"),
    path("ho-so/gop/xem-truoc/", merges.merge_preview, name="merge_preview"),
    path("ho-so/<uuid:student_id>/", students.student, name="student"),
    path("ho-so/<uuid:student_id>/sua/", students.student_edit, name="student_edit"),
    path("ho-so/<uuid:student_id>/so-dinh-danh/", students.student_number, name="student_number"),
    path("ho-so/<uuid:student_id>/anh/", photos.student_photo, name="student_photo"),
    path("ho-so/<uuid:student_id>/anh/moi/", photos.student_photo_new, name="student_photo_new"),
    path("ho-so/<uuid:student_id>/phu-huynh/moi/", parents.parent_new, name="parent_new"),
    path("ho-so/phu-huynh/<uuid:parent_link_id>/thoi/", parents.parent_end, name="parent_end"),
    path("con-toi/", parents.child_list, name="child_list"),
    path("con-toi/<uuid:student_id>/", parents.child, name="child"),
    path("con-toi/<uuid:student_id>/luot-xem/", parents.child_reads, name="child_reads"),
]
