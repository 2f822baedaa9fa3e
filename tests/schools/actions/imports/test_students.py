"""The plan of a list of students: every rule, and that what is written is what was planned."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.actions.imports.students import plan_students
from schools.actions.imports.uploads import apply_import, preview_import
from schools.models import (
    CurriculumSubject,
    Enrolment,
    ParentLink,
    SchoolClass,
    Student,
    StudentMerge,
    SubjectEnrolment,
    User,
)
from tests.cast import enrol, make_class, make_student, make_user, make_year
from tests.workbooks import STUDENTS, a_student, table_of

HAN = "7000000001"


def plan(cast, *people, **options):
    return plan_students(school=cast.school, year=cast.year, table=table_of(STUDENTS, *people), **options)


def outcome(cast, *people, **options):
    return plan(cast, *people, **options).outcomes[0]


def bring(cast, *people, makes_classes=False, reason=""):
    made = preview_import(
        by=cast.clerk, school=cast.school, year=cast.year, kind=STUDENTS, table=table_of(STUDENTS, *people),
        file_name="hs.xlsx", makes_classes=makes_classes,
    )  # fmt: skip
    return apply_import(by=cast.clerk, list_import=made, digest=made.digest, reason=reason, checked=True)


def refusal(cast, *people, **options):
    found = outcome(cast, *people, **options)
    assert found.result == "refused", found
    return found.reason


def known(cast, **cells):
    """A row about a student who is there: code, and what is given."""
    return {"student_code": cast.student.student_code, "full_name": cast.student.full_name, **cells}


# -- New --------------------------------------------------------------------------------------------------------------
def test_new_student_comes_with_class_subjects_and_parents(cast):
    row = a_student(
        HAN, unicodedata.normalize("NFD", "Phạm Gia Hân"), address="=1+1", mother_name="Lò Thị Mai",
        mother_phone="0912 345 678", mother_occupation="Thợ may", father_name="Phạm Văn Long",
    )  # fmt: skip
    found = outcome(cast, row)
    assert (found.result, found.who, found.place) == ("new", "Phạm Gia Hân", "7A")
    assert [(change.label, change.new) for change in found.changes] == [
        ("Lớp", f"7A, từ {cast.year.starts_on:%d/%m/%Y}"),
        ("Mẹ", "Lò Thị Mai, 0912345678 (tài khoản mới, chưa có mật khẩu)"),
    ]
    bring(cast, row)
    student = Student.objects.get(student_code=HAN)
    assert (student.full_name, student.born_on, student.gender) == ("Phạm Gia Hân", date(2014, 9, 5), "NU")
    assert (student.personal_id, student.ethnicity, student.address) == ("001200000001", "Kinh", "=1+1")
    assert (student.mother_name, student.mother_occupation, student.father_name) == (
        "Lò Thị Mai",
        "Thợ may",
        "Phạm Văn Long",
    )
    assert [(one.school_class, one.starts_on) for one in student.enrolments.all()] == [
        (cast.class_7a, cast.year.starts_on)
    ]
    compulsory = CurriculumSubject.objects.for_grade("TT22-2021", 7).filter(choice="BAT_BUOC")
    assert set(student.subject_enrolments.values_list("subject__code", flat=True)) == {
        row.subject.code for row in compulsory
    }
    link = student.parent_links.get()
    assert (link.relation, link.parent.full_name, link.parent.phone) == ("ME", "Lò Thị Mai", "0912345678")
    assert (link.parent.username, link.parent.has_usable_password(), link.parent.school) == (
        "mailt",
        False,
        cast.school,
    )


def test_leading_zeros_are_stored(cast):
    bring(cast, a_student("0012345678", personal_id="001214000123"))
    assert Student.objects.get(student_code="0012345678").personal_id == "001214000123"


def test_sisters_in_one_list_have_one_parent(cast):
    mother = {"mother_name": "Lò Thị Mai", "mother_phone": "0912345678"}
    bring(cast, a_student(HAN, **mother), a_student("7000000002", "Phạm Gia An", **mother))
    account = User.objects.get(phone="0912345678")
    assert ParentLink.objects.filter(parent=account).count() == 2


def test_accounts_of_one_name_get_different_user_names(cast):
    make_user("mailt", "Lê Thị Mai", cast.school)
    bring(
        cast,
        a_student(HAN, mother_name="Lò Thị Mai", mother_phone="0912345678"),
        a_student("7000000002", mother_name="Lê Thị Mai", mother_phone="0912345679"),
    )
    names = User.objects.filter(phone__startswith="091234567").order_by("phone").values_list("username", flat=True)
    assert list(names) == ["mailt2", "mailt3"]


def test_parent_who_has_an_account_is_tied_by_phone_and_name(cast):
    bring(cast, a_student(HAN, father_name="nguyễn văn đức", father_phone="+84 900 000 009"))
    assert Student.objects.get(student_code=HAN).parent_links.get().parent == cast.parent


def test_student_without_number_needs_a_reason(cast):
    assert "phải ghi lí do" in refusal(cast, a_student(HAN, personal_id=None))
    assert (
        outcome(cast, a_student(HAN, personal_id=None, personal_id_missing="Đang làm giấy khai sinh")).result == "new"
    )


def test_student_without_class_is_taken_without_one(cast):
    bring(cast, a_student(HAN, class_name=None))
    assert not Student.objects.get(student_code=HAN).enrolments.exists()


def test_given_day_is_the_first_in_the_class(cast):
    day = cast.year.starts_on + timedelta(days=60)
    bring(cast, a_student(HAN, starts_on=day))
    assert Enrolment.objects.get(student__student_code=HAN).starts_on == day


# -- Classes ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["7a", "Lớp 7A", " 7 A "])
def test_class_is_known_however_it_is_written(cast, name):
    assert outcome(cast, a_student(HAN, class_name=name)).result == "new"


def test_unknown_class_is_refused(cast):
    assert refusal(cast, a_student(HAN, class_name="7C")).startswith("Chưa có lớp “7C” trong năm học")


def test_unknown_class_is_made_where_wanted(cast):
    rows = a_student(HAN, class_name="8a1"), a_student("7000000002", class_name="Lớp 8A1")
    assert plan(cast, *rows, makes_classes=True).remarks == ["Lớp mới sẽ được tạo: 8A1."]
    bring(cast, *rows, makes_classes=True)
    made = SchoolClass.objects.get(name="8A1")
    assert (made.grade_level, made.rule_set, made.school, made.enrolments.count()) == (8, "TT22-2021", cast.school, 2)


@pytest.mark.parametrize("name", ["10A1", "A7", "Bảy A"])
def test_class_of_a_grade_the_school_does_not_teach_is_not_made(cast, name):
    assert "không thuộc khối nào của trường" in refusal(cast, a_student(HAN, class_name=name), makes_classes=True)


def test_student_in_another_class_of_the_year_is_refused(cast):
    assert refusal(cast, known(cast, class_name="7B")) == "Đang ở lớp 7A; dùng Chuyển lớp."


def test_student_of_last_year_comes_into_the_new_class(cast):
    last_year = make_year(cast.province, cast.year.first_year - 1)
    child = make_student(cast.school, "7000000123", "Phạm Gia Hân")
    old = enrol(child, make_class(cast.school, last_year, "6A", 6))
    row = {"student_code": "7000000123", "class_name": "7A"}
    (change,) = outcome(cast, row).changes
    assert (change.old, change.new) == ("6A (năm học trước)", f"7A, từ {cast.year.starts_on:%d/%m/%Y}")
    bring(cast, row)
    old.refresh_from_db()
    assert (old.ends_on, old.ending) == (last_year.ends_on + timedelta(days=1), "HOAN_THANH")
    assert child.enrolments.open().get().school_class == cast.class_7a


def test_student_who_left_and_comes_back_does_not_overlap(cast):
    left = cast.year.starts_on + timedelta(days=30)
    Enrolment.objects.filter(student=cast.student).update(ends_on=left, ending="CHUYEN_TRUONG")
    assert f"từ {left:%d/%m/%Y}" in outcome(cast, known(cast, class_name="7B")).changes[0].new
    early = known(cast, class_name="7B", starts_on=cast.year.starts_on)
    assert "trước khi thôi lớp cũ" in refusal(cast, early)


def test_day_outside_the_year_is_refused(cast):
    day = cast.year.starts_on - timedelta(days=1)
    assert "ngoài năm học" in refusal(cast, a_student(HAN, starts_on=day))


# -- Changed, unchanged -----------------------------------------------------------------------------------------------
def test_empty_cells_change_nothing(cast):
    Student.objects.filter(pk=cast.student.pk).update(address="12 phố Mẫu")
    assert outcome(cast, known(cast, class_name="7A", address=None)).result == "unchanged"


def test_change_is_shown_old_and_new_and_touches_nothing_else(cast):
    Student.objects.filter(pk=cast.student.pk).update(address="12 phố Mẫu", hometown="Cao Bằng")
    row = known(cast, address="5 phố Khác", father_name="Nguyễn Văn Đức")
    found = outcome(cast, row)
    assert (found.result, [(one.label, one.old, one.new) for one in found.changes]) == (
        "changed",
        [("Chỗ ở hiện tại", "12 phố Mẫu", "5 phố Khác"), ("Họ và tên cha", "", "Nguyễn Văn Đức")],
    )
    before = Student.objects.filter(pk=cast.student.pk).values().get()
    bring(cast, row)
    after = Student.objects.filter(pk=cast.student.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"address", "father_name"}


def test_rows_that_change_different_fields_do_not_get_in_each_others_way(cast):
    bring(
        cast,
        known(cast, address="5 phố Khác"),
        {"student_code": cast.classmate.student_code, "hometown": "Hà Giang"},
    )
    assert Student.objects.get(pk=cast.student.pk).hometown == ""
    assert Student.objects.get(pk=cast.classmate.pk).hometown == "Hà Giang"
    assert Student.objects.get(pk=cast.classmate.pk).address == ""


def test_student_without_code_in_the_list_is_known_by_the_number(cast):
    row = {"personal_id": cast.student.personal_id, "address": "5 phố Khác"}
    assert outcome(cast, row).result == "changed"


def test_number_is_masked_in_the_preview(cast):
    (change,) = outcome(cast, known(cast, personal_id="001214999888")).changes
    assert (change.old, change.new) == ("•••••••••001", "•••••••••888")


def test_number_given_for_the_first_time_takes_the_reason_away(cast):
    Student.objects.filter(pk=cast.student.pk).update(personal_id=None, personal_id_missing="Chờ cấp")
    assert plan(cast, known(cast, personal_id="001214999888")).needs_reason is False
    bring(cast, known(cast, personal_id="001214999888"))
    student = Student.objects.get(pk=cast.student.pk)
    assert (student.personal_id, student.personal_id_missing) == ("001214999888", "")


def test_changed_identity_needs_a_reason(cast):
    assert plan(cast, known(cast, full_name="Nguyễn Minh Ánh")).needs_reason is True
    bring(cast, known(cast, full_name="Nguyễn Minh Ánh"), reason="Quyết định cải chính số 12")
    assert Student.objects.get(pk=cast.student.pk).full_name == "Nguyễn Minh Ánh"


def test_same_list_again_changes_nothing(cast):
    rows = a_student(HAN, mother_name="Lò Thị Mai", mother_phone="0912345678"), a_student("7000000002", "Phạm Gia An")
    bring(cast, *rows)
    assert plan(cast, *rows).counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}


# -- Refused ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"full_name": None}, "Chưa ghi họ và tên."),
        ({"full_name": "Hân 2"}, "chỉ được có chữ"),
        ({"full_name": "=HYPERLINK(1)"}, "chỉ được có chữ"),
        ({"full_name": "A" * 121}, "Họ và tên dài quá 120 kí tự."),
        ({"student_code": "ab"}, "phải gồm 4–20 chữ số"),
        ({"student_code": None}, "Chưa ghi mã học sinh."),
        ({"personal_id": "00121400012A"}, "đúng 12 chữ số"),
        ({"personal_id": 12140001231}, "Excel đã bỏ mất số 0 ở đầu"),
        ({"personal_id": "0012140001234"}, "tệp ghi 13 kí tự"),
        ({"gender": "nữa"}, "Giới tính “nữa” không có"),
        ({"gender": None}, "Chưa ghi giới tính."),
        ({"born_on": "09/25/2014"}, "Ngày sinh: “09/25/2014” có tháng 25"),
        ({"born_on": "31/02/2014"}, "không phải một ngày có thật"),
        ({"born_on": "01/01/2999"}, "phải trước hôm nay"),
        ({"born_on": None}, "Chưa ghi ngày sinh."),
        ({"mother_name": "Mai", "mother_phone": 912345678}, "Excel đã bỏ mất số 0 ở đầu"),
        ({"mother_name": "Mai", "mother_phone": "12345"}, "không phải số di động"),
        ({"mother_phone": "0912345678"}, "có mà không có họ tên"),
        ({"mother_name": "M4i", "mother_phone": "0912345678"}, "chỉ được có chữ"),
        ({"father_name": "Ai Khác", "father_phone": "0900000009"}, "một tài khoản mang tên khác"),
    ],
)
def test_faulty_cell_is_refused_with_the_rule(cast, cells, told):
    assert told in refusal(cast, a_student(HAN) | cells)


def test_refusal_names_row_person_and_rule(cast):
    found = outcome(cast, a_student(HAN, gender="x"))
    assert found.sentence.startswith("Dòng 2, Phạm Gia Hân: Giới tính “x”")


def test_doubled_code_refuses_all_rows_that_bear_it(cast):
    found = plan(cast, a_student(HAN), a_student("7000000002"), a_student(HAN.lower(), personal_id="001200009999"))
    assert [one.result for one in found.outcomes] == ["refused", "new", "refused"]
    assert "ở các dòng 2, 4" in found.outcomes[0].reason


def test_doubled_number_refuses_all_rows_that_bear_it(cast):
    found = plan(cast, a_student(HAN), a_student("7000000002", personal_id="001200000001"))
    assert [one.result for one in found.outcomes] == ["refused", "refused"]


def test_one_student_by_code_and_by_number_is_a_double(cast):
    found = plan(cast, known(cast), {"personal_id": cast.student.personal_id, "address": "x"})
    assert [one.result for one in found.outcomes] == ["refused", "refused"]


def test_code_of_one_and_number_of_another_are_refused(cast):
    assert refusal(cast, known(cast, personal_id=cast.classmate.personal_id)) == (
        "Số định danh này là của Trần Bảo Oanh, mã 0000000002; tệp ghi mã 0000000001."
    )


def test_number_that_is_there_under_another_code_is_refused(cast):
    assert "Số định danh này là của" in refusal(cast, a_student(HAN, personal_id=cast.student.personal_id))


def test_row_that_slipped_is_refused(cast):
    slipped = {"student_code": cast.student.student_code, "full_name": "Trần Bảo Oanh", "born_on": "01/02/2013"}
    assert "Có thể tệp bị lệch dòng" in refusal(cast, slipped)


@pytest.mark.parametrize("by", ["student_code", "personal_id"])
def test_student_of_another_school_is_refused_and_nothing_is_told(cast, by):
    other = cast.other_student
    row = a_student(HAN) | {by: getattr(other, by)}
    why = refusal(cast, row)
    assert "đã có ở trường khác" in why
    assert not [
        word
        for word in (other.full_name, other.student_code, other.personal_id, cast.other_school.name, "7A")
        if word in why
    ]


def test_merged_record_is_refused(cast):
    twin = make_student(cast.school, "7000000123", "Nguyễn Minh Anh")
    Student.objects.filter(pk=twin.pk).update(merged_into=cast.student)
    StudentMerge.objects.create(kept=cast.student, merged=twin, school=cast.school, by=cast.clerk, reason="Trùng")
    assert refusal(cast, a_student("7000000123")).endswith("hồ sơ giữ lại có mã 0000000001.")


def test_phone_of_two_names_in_one_list_refuses_both(cast):
    found = plan(
        cast,
        a_student(HAN, mother_name="Lò Thị Mai", mother_phone="0912345678"),
        a_student("7000000002", "Phạm Gia An", mother_name="Lê Thị Hoa", mother_phone="0912345678"),
    )
    assert [one.result for one in found.outcomes] == ["refused", "refused"]
    assert "tên khác nhau ở các dòng 2, 3" in found.outcomes[0].reason


def test_one_phone_for_father_and_mother_is_refused(cast):
    row = a_student(
        HAN, mother_name="Lò Thị Mai", mother_phone="0912345678", father_name="Lò Thị Mai", father_phone="0912345678"
    )
    assert "cho hai người trong cùng một dòng" in refusal(cast, row)


def test_second_father_is_refused(cast):
    row = known(cast, father_name="Nguyễn Văn Đức", father_phone="0912345678")
    assert "đã có Nguyễn Văn Đức, Cha với số khác" in refusal(cast, row)


def test_tie_of_another_kind_is_refused(cast):
    row = known(cast, guardian_name="Nguyễn Văn Đức", guardian_phone="0900000009")
    assert "đang là của Nguyễn Văn Đức, Cha" in refusal(cast, row)


def test_closed_account_is_not_tied(cast):
    User.objects.filter(pk=cast.parent.pk).update(is_active=False)
    row = a_student(HAN, father_name="Nguyễn Văn Đức", father_phone="0900000009")
    assert "tài khoản đã khóa" in refusal(cast, row)


# -- Planned is written -----------------------------------------------------------------------------------------------
def test_refused_rows_write_nothing_and_do_not_stop_the_others(cast):
    bring(cast, a_student(HAN), a_student("7000000002", gender="x", mother_name="Mai", mother_phone="0912345678"))
    assert list(Student.objects.filter(student_code__startswith="7").values_list("student_code", flat=True)) == [HAN]
    assert not User.objects.filter(phone="0912345678").exists()


def test_nothing_is_deleted(cast):
    bring(cast, a_student(HAN))
    assert Enrolment.objects.open().filter(school_class=cast.class_7a).count() == 3
    assert Student.objects.filter(pk__in=[cast.student.pk, cast.classmate.pk]).count() == 2


def statements(cast, count, first):
    rows = [
        a_student(f"{first + number}", mother_name="Lò Thị Mai", mother_phone=f"09{first + number}"[:10])
        for number in range(count)
    ]
    with CaptureQueriesContext(
        connection,
    ) as preview:
        plan(cast, *rows)
    with CaptureQueriesContext(connection) as whole:
        bring(cast, *rows)
    assert SubjectEnrolment.objects.filter(student__student_code=rows[-1]["student_code"]).count() == 12
    return len(preview), len(whole)


def test_statements_do_not_grow_with_the_list(cast):
    assert cast.clerk.standing  # read once per request
    few = statements(cast, 2, 11110000)
    many = statements(cast, 60, 22220000)
    assert few == many
    assert few[0] <= 6
    assert few[1] <= 40
