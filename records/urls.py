"""Addresses of the record: short Vietnamese slugs and public ids."""

from django.urls import path

from records.views import book, cell_history, history, homeroom, moving, review, sheets, signing_keys, transferred

urlpatterns = [
    path("so-diem/", sheets.sheet_list, name="sheet_list"),
    path("so-diem/lop/<uuid:class_id>/", cell_history.sheets_of_class, name="sheets_of_class"),
    path("so-diem/dong/<uuid:row_id>/", cell_history.row_history, name="row_history"),
    path("so-diem/con-thieu/<uuid:student_id>/", moving.missing_marks, name="missing_marks"),
    path("so-diem/<uuid:sheet_id>/", sheets.sheet, name="sheet"),
    path("so-diem/<uuid:sheet_id>/o/", sheets.sheet_cells, name="sheet_cells"),
    path("so-diem/<uuid:sheet_id>/luu/", sheets.sheet_save, name="sheet_save"),
    path("so-diem/<uuid:sheet_id>/xac-nhan/", sheets.sheet_confirm, name="sheet_confirm"),
    path("so-diem/<uuid:sheet_id>/rut-xac-nhan/", sheets.sheet_take_back, name="sheet_take_back"),
    path("chu-nhiem/", homeroom.homeroom_list, name="homeroom_list"),
    path("chu-nhiem/<uuid:class_period_id>/", homeroom.homeroom_class, name="homeroom"),
    path("chu-nhiem/<uuid:class_period_id>/o/", homeroom.homeroom_cells, name="homeroom_cells"),
    path("chu-nhiem/<uuid:class_period_id>/luu/", homeroom.homeroom_save, name="homeroom_save"),
    path("chu-nhiem/<uuid:class_period_id>/nop/", homeroom.homeroom_submit, name="homeroom_submit"),
    path("chu-nhiem/<uuid:class_period_id>/ki/", homeroom.homeroom_sign, name="homeroom_sign"),
    path("duyet/", review.review_list, name="review_list"),
    path("duyet/<uuid:class_period_id>/", review.review_class, name="review"),
    path("duyet/<uuid:class_period_id>/tien-do/", homeroom.class_progress, name="class_progress"),
    path("duyet/<uuid:class_period_id>/tra-lai/", review.review_return, name="review_return"),
    path("duyet/<uuid:class_period_id>/duyet-bang/", review.review_approve, name="review_approve"),
    path("duyet/<uuid:class_period_id>/ki/", review.review_sign, name="review_sign"),
    path("ket-qua-mang-theo/<uuid:student_id>/", transferred.transferred_terms, name="transferred_terms"),
    path(
        "ket-qua-mang-theo/<uuid:student_id>/<uuid:period_id>/",
        transferred.transferred_term,
        name="transferred_term",
    ),
    path("trang/<uuid:version_id>/", book.page, name="book_page"),
    path("trang/<uuid:version_id>/pdf/", book.page_pdf, name="book_page_pdf"),
    path("hoc-ba/", book.book_room, name="book_room"),
    path("hoc-ba/<uuid:student_id>/", book.book, name="book"),
    path("khoa-ki/", signing_keys.key_list, name="key_list"),
    path("khoa-ki/<uuid:key_id>/", signing_keys.key_pin, name="key_pin"),
    path("lich-su/", history.history, name="history"),
    path("lich-su/truong/<uuid:school_id>/", history.history_of_school, name="history_of_school"),
    path("lich-su/hoc-sinh/<uuid:student_id>/", history.history_of_student, name="history_of_student"),
]
