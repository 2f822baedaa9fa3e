"""Addresses of the record: short Vietnamese slugs and public ids."""

from django.urls import path

from records.views import history

urlpatterns = [
    path("lich-su/", history.history, name="history"),
    path("lich-su/truong/<uuid:school_id>/", history.history_of_school, name="history_of_school"),
    path("lich-su/hoc-sinh/<uuid:student_id>/", history.history_of_student, name="history_of_student"),
]
