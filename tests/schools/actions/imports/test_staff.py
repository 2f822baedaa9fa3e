"""The plan of a list of staff: accounts and roles."""

import pytest
from django.utils import timezone

from schools.actions.imports.staff import plan_staff
from schools.actions.imports.uploads import apply_import, preview_import
from schools.models import Role, RoleAssignment, User
from tests.cast import make_user
from tests.workbooks import STAFF, table_of

NEW = {"full_name": "Đinh Thị Hòa", "phone": "0912345678"}


def plan(cast, *people):
    return plan_staff(school=cast.school, table=table_of(STAFF, *people))


def outcome(cast, *people):
    return plan(cast, *people).outcomes[0]


def refusal(cast, person):
    found = outcome(cast, person)
    assert found.result == "refused", found
    return found.reason


def bring(cast, *people):
    made = preview_import(
        by=cast.clerk,
        school=cast.school,
        year=cast.year,
        kind=STAFF,
        table=table_of(STAFF, *people),
        file_name="ns.xlsx",
    )
    return apply_import(by=cast.clerk, list_import=made, digest=made.digest)


def test_new_teacher_gets_account_and_role_and_no_password(cast):
    person = NEW | {"email": "Hoa@Example.vn", "personal_id": "001180000456", "staff_code": "0112345678"}
    found = outcome(cast, person)
    assert (found.result, [(one.label, one.new) for one in found.changes]) == ("new", [("Vai trò", "Giáo viên")])
    bring(cast, person)
    account = User.objects.get(phone="0912345678")
    assert (account.username, account.email, account.personal_id, account.staff_code) == (
        "hoadt",
        "hoa@example.vn",
        "001180000456",
        "0112345678",
    )
    assert (account.school, account.has_usable_password()) == (cast.school, False)
    role = RoleAssignment.objects.get(user=account)
    assert (role.role, role.school, role.starts_on) == (Role.TEACHER, cast.school, timezone.localdate())


def test_vice_principal_is_appointed(cast):
    bring(cast, NEW | {"role": "Phó hiệu trưởng"})
    assert RoleAssignment.objects.get(user__phone="0912345678").role == Role.VICE_PRINCIPAL


def test_second_role_is_added_and_none_ended(cast):
    person = {"full_name": "Lê Thu Hà", "phone": "0900000002", "role": "PHT"}
    (change,) = outcome(cast, person).changes
    assert (change.old, change.new) == ("Giáo viên", "Giáo viên, Phó hiệu trưởng")
    bring(cast, person)
    assert RoleAssignment.objects.open().filter(user=cast.maths_teacher).count() == 2


def test_contact_is_filled_in_and_shown(cast):
    person = {"full_name": "Lê Thu Hà", "phone": "0900000002", "email": "ha@example.vn", "personal_id": "001180000456"}
    assert [(one.label, one.old, one.new) for one in outcome(cast, person).changes] == [
        ("Thư điện tử", "", "ha@example.vn"),
        ("Số định danh cá nhân", "", "•••••••••456"),
    ]
    bring(cast, person)
    cast.maths_teacher.refresh_from_db()
    assert (cast.maths_teacher.email, cast.maths_teacher.personal_id) == ("ha@example.vn", "001180000456")
    assert cast.maths_teacher.check_password("mot-hai-ba-bon")
    assert plan(cast, person).counts == {"new": 0, "changed": 0, "unchanged": 1, "refused": 0}


def test_new_phone_is_taken_for_one_known_by_number(cast):
    User.objects.filter(pk=cast.maths_teacher.pk).update(personal_id="001180000456")
    bring(cast, NEW | {"full_name": "Lê Thu Hà", "personal_id": "001180000456"})
    cast.maths_teacher.refresh_from_db()
    assert cast.maths_teacher.phone == "0912345678"


def test_parent_who_teaches_gets_the_role(cast):
    bring(cast, {"full_name": "Nguyễn Văn Đức", "phone": "0900000009"})
    assert RoleAssignment.objects.get(user=cast.parent).role == Role.TEACHER


def test_teacher_of_two_schools_gets_the_role_and_keeps_the_account(cast):
    User.objects.filter(pk=cast.intruder.pk).update(phone="0900000077")
    bring(cast, {"full_name": "Hoàng Đức Nam", "phone": "0900000077"})
    assert RoleAssignment.objects.filter(user=cast.intruder, school=cast.school).exists()


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"full_name": None}, "Người mới phải có họ và tên."),
        ({"phone": None}, "Người mới phải có số điện thoại."),
        ({"phone": 912345678}, "Excel đã bỏ mất số 0 ở đầu"),
        ({"email": "hoa"}, "không phải địa chỉ thư"),
        ({"email": "hung@example.vn"}, "Thư điện tử này đã là của một tài khoản khác."),
        ({"personal_id": "123"}, "đúng 12 chữ số"),
        ({"role": "Hiệu trưởng"}, "do Sở bổ nhiệm"),
        ({"role": "Văn thư"}, "do Sở bổ nhiệm"),
        ({"role": "Bảo vệ"}, "không có trong danh sách cho phép"),
        ({"full_name": "Hòa 2"}, "chỉ được có chữ"),
        ({"phone": "0900000002"}, "một tài khoản mang tên khác"),
    ],
)
def test_faulty_cell_is_refused_with_the_rule(cast, cells, told):
    assert told in refusal(cast, NEW | cells)


def test_phone_of_one_and_number_of_another_are_refused(cast):
    User.objects.filter(pk=cast.maths_teacher.pk).update(personal_id="001180000456")
    person = {"full_name": "Lê Thu Hà", "phone": "0900000001", "personal_id": "001180000456"}
    assert "Số điện thoại này đã là của một tài khoản khác." in refusal(cast, person)


def test_account_of_another_school_is_not_changed(cast):
    User.objects.filter(pk=cast.intruder.pk).update(phone="0900000077", email="nam@example.vn")
    why = refusal(cast, {"full_name": "Hoàng Đức Nam", "phone": "0900000077", "email": "khac@example.vn"})
    assert why.startswith("Tài khoản do nơi khác quản lí")
    assert "nam@example.vn" not in why


def test_principal_is_not_changed_by_the_clerk(cast):
    User.objects.filter(pk=cast.principal.pk).update(phone="0900000078")
    person = {"full_name": "Trần Quốc Hùng", "phone": "0900000078", "email": "clerk@example.vn"}
    assert refusal(cast, person).startswith("Tài khoản này do Sở quản lí")


def test_closed_account_is_refused(cast):
    make_user("cu", "Đinh Thị Hòa", cast.school, phone="0912345678", is_active=False)
    assert "đã khóa" in refusal(cast, NEW)


def test_doubles_refuse_all_rows(cast):
    found = plan(
        cast, NEW, {"full_name": "Lý Văn Tám", "phone": "0912.345.678"}, {"full_name": "Vũ Tư", "phone": "0912345679"}
    )
    assert [one.result for one in found.outcomes] == ["refused", "refused", "new"]
