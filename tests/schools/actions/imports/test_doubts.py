"""What is unusual in a list is shown with student, column and rule, refuses nothing, and is confirmed knowingly."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.actions.imports.plans import PreviewOutdated
from schools.actions.imports.staff import plan_staff
from schools.actions.imports.students import plan_students
from schools.actions.imports.uploads import NotChecked, apply_import, planned, preview_import
from schools.models import Student
from tests.cast import enrol, make_class, make_student, make_year
from tests.workbooks import STAFF, STUDENTS, a_student, table_of

HAN, AN = "7000000001", "7000000002"


def plan(cast, *people, **options):
    return plan_students(school=cast.school, year=cast.year, table=table_of(STUDENTS, *people), **options)


def told(found):
    return [(one.row, one.who, remark.column, remark.words) for one in found.to_check for remark in one.remarks]


def upload(cast, *people):
    return preview_import(
        by=cast.clerk, school=cast.school, year=cast.year, kind=STUDENTS, table=table_of(STUDENTS, *people),
        file_name="hs.xlsx", makes_classes=True,
    )  # fmt: skip


def test_ordinary_list_has_nothing_to_check(cast):
    found = plan(cast, a_student(HAN), a_student(AN, "Phạm Gia An"))
    assert (told(found), found.doubts, found.needs_check) == ([], [], False)


def test_age_is_measured_by_the_class(cast):
    first_year = cast.year.first_year
    found = plan(cast, a_student(HAN, born_on="05/09/1950"), a_student(AN, "Lê Vy", class_name="7B"))
    assert [one.result for one in found.outcomes] == ["new", "new"]
    assert told(found) == [(
        2, "Phạm Gia Hân", "Ngày sinh",
        f"Sinh năm 1950 là khác thường với khối 7 của năm học {first_year}–{first_year + 1} (thường sinh năm "
        f"{first_year - 12}). Xin kiểm tra lại ngày sinh.",
    )]  # fmt: skip


def test_age_of_a_student_without_class_is_measured_by_the_school(cast):
    assert "khối 6 đến 9" in told(plan(cast, a_student(HAN, class_name=None, born_on="05/09/1950")))[0][3]


@pytest.mark.parametrize(("cell", "column"), [("full_name", "Họ và tên"), ("mother_name", "Họ và tên mẹ")])
@pytest.mark.parametrize("typed", ["NGUYỄN VĂN HOA", "nguyễn văn hoa"])
def test_capitals_are_remarked_with_the_usual_spelling(cast, cell, column, typed):
    ((row, _, where, words),) = told(plan(cast, a_student(HAN) | {cell: typed}))
    assert (row, where) == (2, column)
    assert words.endswith("Có phải “Nguyễn Văn Hoa”?")


def test_people_out_of_the_list_is_remarked(cast):
    ((_, _, where, words),) = told(plan(cast, a_student(HAN, ethnicity="Klingon")))
    assert (where, words.startswith("“Klingon” không có trong danh mục")) == ("Dân tộc", True)


def test_sign_in_a_country_is_refused(cast):
    (found,) = plan(cast, a_student(HAN, nationality="=cmd")).outcomes
    assert (found.result, "Quốc tịch “=cmd” chỉ được có chữ" in found.reason) == ("refused", True)


def test_namesake_under_another_code_is_remarked_of_the_own_school_only(cast):
    day = f"{date.fromisoformat('2014-03-02'):%d/%m/%Y}"
    same = a_student(HAN, "nguyen minh anh".title(), born_on=day), a_student(AN, "Đặng Gia Khánh", born_on=day)
    assert told(plan(cast, *same)) == [(
        2, "Nguyen Minh Anh", "Họ và tên",
        "Cùng họ tên và ngày sinh 02/03/2014 với: mã 0000000001 đã có ở trường. "
        "Một học sinh chỉ có một hồ sơ; đúng là hai em thì mới ghi.",
    )]  # fmt: skip


def test_namesakes_in_one_list_are_remarked_in_each_row(cast):
    words = [one[3] for one in told(plan(cast, *(a_student(f"700000000{number}") for number in range(1, 7))))]
    assert len(words) == 6
    assert "với: dòng 3 của tệp; dòng 4 của tệp; dòng 5 của tệp và 2 nữa." in words[0]
    assert "với: dòng 2 của tệp; dòng 3 của tệp; dòng 4 của tệp và 2 nữa." in words[5]


def test_what_the_list_leaves_as_it_is_is_not_remarked(cast):
    Student.objects.filter(pk=cast.student.pk).update(full_name="NGUYỄN ANH", born_on="1950-01-01", ethnicity="Klingon")
    make_student(cast.school, "0000000098", "Nguyễn Anh", born_on="1950-01-01")
    assert told(plan(cast, {"student_code": cast.student.student_code, "address": "5 phố Khác"})) == []
    changed = plan(cast, {"student_code": cast.student.student_code, "born_on": "02/01/1950"})
    assert [column for _, _, column, _ in told(changed)] == ["Ngày sinh"]


def test_new_class_of_too_many_is_remarked(cast):
    names = [f"Phạm Gia {first}{second}" for first in "ABCDEFGH" for second in "abcdef"]
    people = [a_student(f"71{number:08d}", names[number], class_name="7C") for number in range(46)]
    assert plan(cast, *people, makes_classes=True).doubts == [
        "Lớp 7C sẽ có 46 học sinh; lớp khối 7 thường không quá 45."
    ]
    assert plan(cast, *people[:45], makes_classes=True).needs_check is False


def test_students_who_are_in_the_class_already_count(cast):
    for number in range(43):
        enrol(make_student(cast.school, f"{7200000100 + number}", f"Em {number}"), cast.class_7a)
    found = plan(cast, a_student(HAN))
    assert found.doubts == ["Lớp 7A sẽ có 46 học sinh; lớp khối 7 thường không quá 45."]
    last_year = make_year(cast.province, cast.year.first_year - 1)
    enrol(make_student(cast.school, "7300000777", "Em Cũ"), make_class(cast.school, last_year, "7B", 7))
    assert plan(cast, a_student(HAN, class_name="7B")).doubts == []


def test_unusual_list_is_written_only_when_it_was_looked_at(cast):
    made = upload(cast, a_student(HAN, "PHẠM GIA HÂN"))
    with pytest.raises(NotChecked, match="Tôi đã xem"):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest)
    assert not Student.objects.filter(student_code=HAN).exists()
    apply_import(by=cast.clerk, list_import=made, digest=made.digest, checked=True)
    assert Student.objects.get(student_code=HAN).full_name == "PHẠM GIA HÂN"


def test_what_becomes_unusual_after_the_preview_is_shown_again(cast):
    made = upload(cast, a_student(HAN))
    make_student(cast.school, "7000000222", "Phạm Gia Hân", born_on="2014-09-05")
    with pytest.raises(PreviewOutdated):
        apply_import(by=cast.clerk, list_import=made, digest=made.digest, checked=True)
    assert planned(made).needs_check


def test_namesakes_cost_the_same_however_many(cast):
    counts = []
    for first, number in ((74, 2), (75, 60)):
        rows = [a_student(f"{first}{one:08d}") for one in range(number)]
        rows.append({"student_code": cast.student.student_code, "born_on": "05/09/2013"})
        with CaptureQueriesContext(connection) as queries:
            plan(cast, *rows)
        counts.append(len(queries))
    assert counts == [6, 6]  # nobody has a phone number here, so that accounts are not asked for


def test_capitals_in_a_name_of_staff_are_remarked(cast):
    table = table_of(STAFF, {"full_name": "ĐINH THỊ HÒA", "phone": "0912345678"})
    ((row, _, column, words),) = told(plan_staff(school=cast.school, table=table))
    assert (row, column, words.endswith("Có phải “Đinh Thị Hòa”?")) == (2, "Họ và tên", True)
