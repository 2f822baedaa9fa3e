"""People of a school's office and of the Sở: seen, brought in, dismissed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Role, RoleAssignment, TeachingAssignment, User
from tests.cast import appoint, make_user

WHY = "Chuyển công tác sang trường khác"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today():
    return timezone.localdate().isoformat()


def newcomer(place, role, **changes):
    where = {"school": place.public_id} if hasattr(place, "levels") else {"authority": place.public_id}
    return {
        **where, "full_name": "Phan Thị Mới", "phone": "0913 000 001", "personal_id": "", "role": role,
        "starts_on": today(), **changes,
    }  # fmt: skip


def held_by(user, role):
    return RoleAssignment.objects.get(user=user, role=role)


def dismissal(user, role):
    return reverse("staff_dismiss", args=[held_by(user, role).public_id])


def test_office_sees_its_people_and_who_has_no_password(cast):
    rows = window(cast.principal).get(reverse("staff_list")).context["rows"]
    assert [held.user.username for held, _, _ in rows] == ["binhpv", "dungvt", "halt", "hungtq", "lanntp"]
    assert {may_dismiss for _, may_dismiss, _ in rows} == {False}


def test_clerk_is_offered_what_a_clerk_may_do(cast):
    rows = window(cast.clerk).get(reverse("staff_list")).context["rows"]
    offered = {held.user.username: (may_dismiss, may_slip) for held, may_dismiss, may_slip in rows}
    assert offered == {
        "binhpv": (True, True), "halt": (True, True), "lanntp": (True, True), "dungvt": (False, False),
        "hungtq": (False, False),
    }  # fmt: skip


def test_teacher_comes_in_and_a_slip_is_at_hand(cast):
    client = window(cast.clerk)
    response = client.post(reverse("staff_new"), newcomer(cast.school, Role.TEACHER))
    assert response["Location"] == reverse("staff_list")
    made = User.objects.get(phone="0913000001")
    page = client.get(reverse("staff_list")).content.decode()
    assert ("chưa đặt mật khẩu" in page, reverse("slip_issue", args=[made.public_id]) in page) == (True, True)


def test_clerk_brings_in_nobody_elsewhere_and_no_principal(cast):
    before = RoleAssignment.objects.count()
    for sent in (
        newcomer(cast.other_school, Role.TEACHER), newcomer(cast.school, Role.PRINCIPAL),
        newcomer(cast.school, Role.INSPECTOR), newcomer(cast.school, "VUA"),
    ):  # fmt: skip
        assert window(cast.clerk).post(reverse("staff_new"), sent).status_code == 422
    for person in (cast.principal, cast.vice_principal, cast.maths_teacher, cast.inspector):
        assert window(person).post(reverse("staff_new"), newcomer(cast.school, Role.TEACHER)).status_code == 403
    assert RoleAssignment.objects.count() == before


def test_province_replaces_a_principal(cast):
    response = window(cast.province_admin).post(reverse("staff_new"), newcomer(cast.school, Role.PRINCIPAL))
    assert response["Location"] == reverse("school", args=[cast.school.public_id])
    assert held_by(cast.principal, Role.PRINCIPAL).ends_on == timezone.localdate()
    assert window(cast.principal).get(reverse("staff_list")).status_code == 403


def test_refused_newcomer_stays_typed(cast):
    response = window(cast.clerk).post(reverse("staff_new"), newcomer(cast.school, Role.TEACHER, phone="0900000009"))
    page = response.content.decode()
    assert (response.status_code, "tên khác" in page, "Phan Thị Mới" in page) == (422, True, True)


def test_role_held_already_is_no_success(cast):
    sent = newcomer(cast.school, Role.TEACHER, full_name="Lê Thu Hà", phone=cast.maths_teacher.phone)
    response = window(cast.clerk).post(reverse("staff_new"), sent)
    since = f"từ {held_by(cast.maths_teacher, Role.TEACHER).starts_on:%d/%m/%Y}"
    page = response.content.decode()
    assert (response.status_code, "Lê Thu Hà giữ vai trò Giáo viên" in page, since in page) == (422, True, True)


def test_dismissal_says_what_ends_and_ends_it(cast):
    client, url = window(cast.clerk), dismissal(cast.maths_teacher, Role.TEACHER)
    assert client.get(url).context["teaching"] == [cast.teaching]
    assert client.post(url, {"ends_on": today(), "reason": "nghỉ"}).status_code == 422
    assert client.post(url, {"ends_on": today(), "reason": WHY})["Location"] == reverse("staff_list")
    assert TeachingAssignment.objects.get(pk=cast.teaching.pk).ends_on == timezone.localdate()
    assert client.get(url).status_code == 404


def test_strangers_dismiss_nobody(cast):
    url = dismissal(cast.maths_teacher, Role.TEACHER)
    for name in ("other_clerk", "principal", "province_admin", "inspector", "maths_teacher", "parent", "operator"):
        response = window(getattr(cast, name)).post(url, {"ends_on": today(), "reason": WHY})
        assert response.status_code in {403, 404}, name
    assert held_by(cast.maths_teacher, Role.TEACHER).ends_on is None


def test_province_sees_its_own_people_and_those_of_the_communes(cast):
    rows = window(cast.province_admin).get(reverse("province_staff")).context["rows"]
    assert {held.user.username for held, _, _ in rows} == {"maitt", "thanhdc", "quangnm", "huonglt", "vanhanh"}
    for person in (cast.principal, cast.inspector, cast.commune_officer, cast.operator, cast.clerk):
        assert window(person).get(reverse("province_staff")).status_code == 403


def test_province_brings_in_an_officer_and_sends_an_inspector_away(cast):
    client = window(cast.province_admin)
    officer = newcomer(cast.other_commune, Role.COMMUNE_OFFICER)
    assert client.post(reverse("province_staff_new"), officer)["Location"] == reverse("province_staff")
    for place, role in ((cast.province, Role.COMMUNE_OFFICER), (cast.commune, Role.INSPECTOR)):
        assert client.post(reverse("province_staff_new"), newcomer(place, role)).status_code == 422
    url = dismissal(cast.inspector, Role.INSPECTOR)
    assert client.post(url, {"ends_on": today(), "reason": WHY})["Location"] == reverse("province_staff")
    assert window(cast.inspector).get(reverse("school_list")).status_code == 403


def test_last_administrator_is_refused_in_words(cast):
    client = window(cast.province_admin)
    client.post(dismissal(cast.second_admin, Role.PROVINCE_ADMIN), {"ends_on": today(), "reason": WHY})
    own = dismissal(cast.province_admin, Role.PROVINCE_ADMIN)
    response = client.post(own, {"ends_on": today(), "reason": WHY})
    assert (response.status_code, "cuối cùng" in response.content.decode()) == (422, True)


def test_lists_cost_the_same_for_few_and_for_many_and_are_paged(cast, django_assert_num_queries):
    client = window(cast.clerk)
    client.get(reverse("staff_list"))
    with django_assert_num_queries(7):
        client.get(reverse("staff_list"))
    for number in range(50):
        appoint(make_user(f"gv{number}", f"Giáo Viên {number}", cast.school), Role.TEACHER, cast.school)
    with django_assert_num_queries(7):
        page = client.get(reverse("staff_list")).context["page"]
    assert (len(page), page.paginator.num_pages) == (50, 2)
