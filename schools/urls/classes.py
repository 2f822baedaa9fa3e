"""Classes, enrolments, subjects, the plan of teaching."""

from django.urls import path

from schools.views import assignments, classes, enrolments, subjects

urlpatterns = [
    path("lop/", classes.class_list, name="class_list"),
    path("lop/moi/", classes.class_new, name="class_new"),
    path("lop/<uuid:class_id>/", classes.school_class, name="school_class"),
    path("lop/<uuid:class_id>/doi-ten/", classes.class_rename, name="class_rename"),
    path("lop/<uuid:class_id>/bo/", classes.class_void, name="class_void"),
    path("lop/<uuid:class_id>/xep-lop/", enrolments.class_enrol, name="class_enrol"),
    path("lop/<uuid:class_id>/nhan/", enrolments.student_receive, name="student_receive"),
    path("lop/<uuid:class_id>/mon-hoc/", subjects.class_subjects, name="class_subjects"),
    path("lop/<uuid:class_id>/mon-lua-chon/", subjects.class_electives, name="class_electives"),
    path("lop/<uuid:class_id>/mon-tu-chon/", subjects.class_optional, name="class_optional"),
    path("lop/chuyen/<uuid:enrolment_id>/", enrolments.enrolment_move, name="enrolment_move"),
    path("lop/thoi/<uuid:enrolment_id>/", enrolments.enrolment_leave, name="enrolment_leave"),
    path("lop/mien-giam/<uuid:subject_enrolment_id>/", subjects.subject_exemption, name="subject_exemption"),
    path("lop/thoi-mon/<uuid:subject_enrolment_id>/", subjects.subject_drop, name="subject_drop"),
    path("phan-cong/", assignments.assignment_board, name="assignment_board"),
    path("phan-cong/<uuid:class_id>/", assignments.class_plan, name="class_plan"),
]
