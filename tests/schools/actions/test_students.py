"""A clerk makes a student's record and changes page 1 of it."""

import threading
import unicodedata
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from schools.actions.refusals import FaultyFields, NotAllowed
from schools.actions.students import ChangedMeanwhile, edit_student, register_student, version_of
from schools.models import HistoryEntry, HistoryPayload, Role, Student
from tests.cast import appoint, make_cast

PAGE_ONE = {
    "full_name": "Phạm Gia Bảo",
    "student_code": "7900000001",
    "personal_id": "079214000001",
    "personal_id_missing": "",
    "gender": "NAM",
    "born_on": timezone.localdate().replace(month=3, day=2) - timedelta(days=365 * 12),
    "ethnicity": "Tày",
    "nationality": "Việt Nam",
    "policy_family": "Con thương binh",
    "registry_number": "12/2026",
    "admitted_on": timezone.localdate(),
    "birthplace": "Bệnh viện Từ Dũ",
    "hometown": "Cao Bằng",
    "address": "12 Nguyễn Trãi",
    "father_name": "Phạm Văn Long",
    "father_occupation": "Thợ điện",
    "mother_name": "Lò Thị Mai",
    "mother_occupation": "Giáo viên",
    "guardian_name": "",
    "guardian_occupation": "",
}
REASON = "Quyết định cải chính hộ tịch số 12"


def last_entry():
    return HistoryEntry.objects.order_by("-id").first()


def edit(cast, *, by=None, student=None, reason="", version=None, **values):
    student = student or cast.student
    return edit_student(
        by=by or cast.clerk, student=student, values=values, version=version or version_of(student), reason=reason
    )


# -- A new student ----------------------------------------------------------------------------------------------------
def test_student_is_registered_with_all_of_page_one(cast):
    student = register_student(by=cast.clerk, school=cast.school, values=PAGE_ONE)
    assert {name: getattr(student, name) for name in PAGE_ONE} == PAGE_ONE
    assert student.school == cast.school
    entry = last_entry()
    assert (entry.action, entry.actor, entry.method) == ("register_student", cast.clerk, "typed")
    payload = HistoryPayload.objects.get(entry=entry)
    assert payload.student_id == student.pk
    assert payload.payload["changes"]["full_name"] == "Phạm Gia Bảo"


@pytest.mark.parametrize(
    "person",
    ["homeroom_teacher", "vice_principal", "principal", "other_clerk", "inspector", "province_admin", "parent"],
)
def test_student_is_registered_by_no_other_than_the_clerk(cast, person):
    with pytest.raises(NotAllowed):
        register_student(by=getattr(cast, person), school=cast.school, values=PAGE_ONE)
    assert not Student.objects.filter(student_code=PAGE_ONE["student_code"]).exists()


def test_texts_are_stored_in_one_form(cast):
    nfd = unicodedata.normalize("NFD", "  Phạm   Gia Bảo ")
    address = unicodedata.normalize("NFD", "Đường  Lê Lợi")
    values = PAGE_ONE | {"full_name": nfd, "address": address, "student_code": " ab12 "}
    student = register_student(by=cast.clerk, school=cast.school, values=values)
    assert (student.full_name, student.address, student.student_code) == ("Phạm Gia Bảo", "Đường Lê Lợi", "AB12")
    assert (student.given_name, student.search_name) == ("Bảo", "pham gia bao")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("full_name", "", "Chưa ghi họ và tên."),
        ("full_name", "Phạm Gia Bảo 2", "Họ và tên “Phạm Gia Bảo 2” chỉ được có chữ, dấu cách, dấu nháy và gạch nối."),
        ("full_name", "=1+1", "Họ và tên “=1+1” chỉ được có chữ, dấu cách, dấu nháy và gạch nối."),
        ("full_name", "A" * 121, "Họ và tên dài quá 120 kí tự."),
        ("student_code", "12 34", "Mã học sinh “12 34” phải gồm 4–20 chữ số hoặc chữ hoa, viết liền."),
        ("personal_id", "07921400001", "Số định danh cá nhân phải gồm đúng 12 chữ số; bạn ghi 11 kí tự."),
        ("personal_id", "07921400000A", "Số định danh cá nhân phải gồm đúng 12 chữ số; bạn ghi 12 kí tự."),
        ("personal_id", "٠٧٩٢١٤٠٠٠٠٠١", "Số định danh cá nhân phải gồm đúng 12 chữ số; bạn ghi 12 kí tự."),
        ("gender", "KHAC", "Giới tính là Nam hoặc Nữ, như giấy khai sinh."),
        ("born_on", date(2099, 1, 31), "Ngày sinh 31/01/2099 phải trước hôm nay."),
        ("born_on", None, "Chưa ghi ngày sinh."),
        ("ethnicity", "", "Chưa ghi dân tộc."),
        ("ethnicity", "<b>Tày", "Dân tộc “<b>Tày” chỉ được có chữ, dấu cách, gạch nối và ngoặc."),
        ("nationality", "=cmd", "Quốc tịch “=cmd” chỉ được có chữ, dấu cách, gạch nối và ngoặc."),
        ("admitted_on", date(1990, 9, 5), "Ngày nhập học 05/09/1990 phải sau ngày sinh"),
    ],
)
def test_faulty_field_is_named(cast, field, value, told):
    with pytest.raises(FaultyFields) as refused:
        register_student(by=cast.clerk, school=cast.school, values=PAGE_ONE | {field: value})
    assert list(refused.value.faults) == [field]
    assert refused.value.faults[field].startswith(told)


def test_name_with_apostrophe_and_hyphen_is_a_name(cast):
    student = register_student(by=cast.clerk, school=cast.school, values=PAGE_ONE | {"full_name": "H'Hen K-Brơi Niê"})
    assert student.full_name == "H'Hen K-Brơi Niê"


def test_missing_number_needs_a_reason(cast):
    with pytest.raises(FaultyFields) as refused:
        register_student(by=cast.clerk, school=cast.school, values=PAGE_ONE | {"personal_id": ""})
    assert refused.value.faults == {"personal_id_missing": "Chưa có số định danh thì phải ghi lí do."}
    values = PAGE_ONE | {"personal_id": "", "personal_id_missing": "Đang chờ cấp"}
    assert register_student(by=cast.clerk, school=cast.school, values=values).personal_id is None


def test_number_makes_the_reason_for_its_absence_void(cast):
    values = PAGE_ONE | {"personal_id_missing": "Đang chờ cấp"}
    assert register_student(by=cast.clerk, school=cast.school, values=values).personal_id_missing == ""


def test_clash_in_the_own_school_names_the_student(cast):
    values = PAGE_ONE | {"personal_id": cast.student.personal_id, "student_code": cast.classmate.student_code}
    with pytest.raises(FaultyFields) as refused:
        register_student(by=cast.clerk, school=cast.school, values=values)
    assert refused.value.faults == {
        "personal_id": "Số định danh này đã có ở trường mình: Nguyễn Minh Anh, lớp 7A. Mở hồ sơ ấy để sửa hoặc gộp.",
        "student_code": "Mã học sinh này đã có ở trường mình: Trần Bảo Oanh, lớp 7A. Mở hồ sơ ấy để sửa hoặc gộp.",
    }


def test_clash_with_another_school_tells_only_its_code(cast):
    with pytest.raises(FaultyFields) as refused:
        register_student(
            by=cast.clerk, school=cast.school, values=PAGE_ONE | {"personal_id": cast.other_student.personal_id}
        )
    assert refused.value.faults == {
        "personal_id": "Số định danh này đã có ở trường khác, mã trường THCS2; nhờ Sở gộp hồ sơ."
    }
    assert "Khánh" not in str(refused.value)


def test_number_holds_against_raw_sql(cast):
    statement = "UPDATE schools_student SET personal_id = %s WHERE id = %s"
    for value in (cast.classmate.personal_id, "123", "12345678901a"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [value, cast.student.pk])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [None, cast.student.pk])


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_register_the_same_number_at_once_make_one_student():
    cast = make_cast()
    second = cast.principal
    appoint(second, Role.CLERK, cast.school)
    barrier, outcomes = threading.Barrier(2), []

    def register(by, code):
        try:
            barrier.wait(5)
            register_student(by=by, school=cast.school, values=PAGE_ONE | {"student_code": code})
            outcomes.append("made")
        except FaultyFields as refused:
            outcomes.append(sorted(refused.faults))
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=each) for each in ((cast.clerk, "AAAA1"), (second, "AAAA2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == sorted([["personal_id"], "made"], key=str)
    assert Student.objects.filter(personal_id=PAGE_ONE["personal_id"]).count() == 1


# -- A change ---------------------------------------------------------------------------------------------------------
def test_address_is_changed_without_a_reason(cast):
    student = edit(cast, address="34 Lê Lợi")
    assert student.address == "34 Lê Lợi"
    payload = HistoryPayload.objects.get(entry=last_entry())
    assert payload.payload["changes"] == {"address": ["", "34 Lê Lợi"]}
    assert last_entry().action == "edit_student"


def test_nothing_changed_leaves_no_trace(cast):
    before = HistoryEntry.objects.count()
    edit(cast, address="", full_name="Nguyễn Minh Anh")
    assert HistoryEntry.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "Nguyễn Minh Ánh"),
        ("student_code", "0000000009"),
        ("personal_id", "079214000077"),
        ("born_on", timezone.localdate() - timedelta(days=4500)),
    ],
)
def test_identity_is_changed_only_with_a_reason(cast, field, value):
    with pytest.raises(FaultyFields) as refused:
        edit(cast, reason="ngắn", **{field: value})
    assert set(refused.value.faults) == {"reason"}
    stored = Student.objects.get(pk=cast.student.pk)
    assert getattr(stored, field) != value
    student = edit(cast, student=stored, reason=REASON, **{field: value})
    assert getattr(student, field) == value
    assert last_entry().reason == REASON


def test_missing_number_is_filled_in_without_a_reason(cast):
    Student.objects.filter(pk=cast.classmate.pk).update(personal_id=None, personal_id_missing="Đang chờ cấp")
    student = Student.objects.get(pk=cast.classmate.pk)
    student = edit(cast, student=student, personal_id="079214000077")
    assert (student.personal_id, student.personal_id_missing) == ("079214000077", "")


@pytest.mark.parametrize(
    "person", ["homeroom_teacher", "principal", "other_clerk", "province_admin", "parent", "pupil"]
)
def test_student_is_edited_by_no_other_than_the_clerk(cast, person):
    with pytest.raises(NotAllowed):
        edit(cast, by=getattr(cast, person), address="Chỗ khác")
    assert Student.objects.get(pk=cast.student.pk).address == ""


def test_merged_record_is_not_edited(cast):
    Student.objects.filter(pk=cast.student.pk).update(merged_into=cast.classmate)
    with pytest.raises(NotAllowed):
        edit(cast, address="Chỗ khác")


def test_change_by_someone_else_in_between_is_a_conflict(cast):
    opened = version_of(Student.objects.get(pk=cast.student.pk))
    edit(cast, address="Của người trước")
    with pytest.raises(ChangedMeanwhile) as refused:
        edit(cast, version=opened, address="Của tôi", hometown="Huế")
    assert refused.value.conflicts == [("chỗ ở hiện tại", "Của người trước", "Của tôi")]
    assert "Võ Thùy Dung vừa sửa hồ sơ Nguyễn Minh Anh" in str(refused.value)
    stored = Student.objects.get(pk=cast.student.pk)
    assert (stored.address, stored.hometown) == ("Của người trước", "")
    confirmed = edit(cast, version=refused.value.version, address="Của tôi", hometown="Huế")
    assert (confirmed.address, confirmed.hometown) == ("Của tôi", "Huế")


def test_confirming_a_conflict_does_not_undo_what_was_not_shown(cast):
    """Two fields were changed by the other: the one in conflict is confirmed, the one not touched here stays theirs."""
    opened = version_of(Student.objects.get(pk=cast.student.pk))
    edit(cast, address="Của người trước", hometown="Huế")
    mine = {"address": "Của tôi", "hometown": ""}
    with pytest.raises(ChangedMeanwhile) as refused:
        edit(cast, version=opened, **mine)
    student = edit(cast, version=refused.value.version, **mine)
    assert (student.address, student.hometown) == ("Của tôi", "Huế")


def test_change_of_another_field_in_between_is_no_conflict_and_is_not_undone(cast):
    stored = Student.objects.get(pk=cast.student.pk)
    opened, shown = version_of(stored), {"address": stored.address, "hometown": "Huế"}
    edit(cast, address="Của người trước")
    student = edit(cast, version=opened, **shown)
    assert (student.address, student.hometown) == ("Của người trước", "Huế")


def test_same_change_by_both_is_no_conflict(cast):
    opened = version_of(Student.objects.get(pk=cast.student.pk))
    edit(cast, address="Chỗ mới")
    assert edit(cast, version=opened, address="Chỗ mới").address == "Chỗ mới"


def test_form_without_its_version_overwrites_nothing(cast):
    with pytest.raises(ChangedMeanwhile):
        edit(cast, version="x", address="Chỗ mới")


def test_version_does_not_carry_the_number(cast):
    assert cast.student.personal_id not in version_of(cast.student)
