"""Parents are tied by the clerk; in their room they see their own children, one at a time, and who looked."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.actions.merges import merge_students, preview_merge
from schools.actions.reads import note_look
from schools.models import ParentLink, ReadEntry, Student
from tests.cast import long_ago, make_student


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name, student):
    return reverse(name, args=[student.public_id])


@pytest.fixture
def two_children(cast):
    """The parent's second child is at the other school."""
    Student.objects.filter(pk=cast.other_student.pk).update(address="Địa chỉ của Khánh", student_code="KHANH01")
    ParentLink.objects.create(student=cast.other_student, parent=cast.parent, relation="CHA", starts_on=long_ago())
    return cast


# -- The room ---------------------------------------------------------------------------------------------------------
def test_parent_of_one_child_goes_straight_to_it(cast):
    response = window(cast.parent).get("/con-toi/")
    assert (response.status_code, response["Location"]) == (302, url("child", cast.student))


def test_parent_sees_the_child(cast):
    shown = window(cast.parent).get(url("child", cast.student)).content.decode()
    for words in ("Nguyễn Minh Anh", "7A", "Trường THCS Nguyễn Du", "Nguyễn Thị Phương Lan", "•••••••••001"):
        assert words in shown
    assert "Xem học bạ" in shown
    assert cast.student.personal_id not in shown
    assert "chips" not in shown


def test_student_sees_the_same_about_themselves(cast):
    client = window(cast.pupil)
    assert client.get("/con-toi/")["Location"] == url("child", cast.student)
    assert "Trường THCS Nguyễn Du" in client.get(url("child", cast.student)).content.decode()


def test_two_children_at_two_schools_never_stand_on_one_page(two_children):
    cast = two_children
    client = window(cast.parent)
    assert client.get("/con-toi/").status_code == 200
    of_first = client.get(url("child", cast.student)).content.decode()
    of_second = client.get(url("child", cast.other_student)).content.decode()
    assert url("child", cast.other_student) in of_first
    assert "Đặng Gia Khánh" in of_first  # the chip's name, nothing else
    for words in ("Địa chỉ của Khánh", "KHANH01", "Trường THCS Lê Lợi", "•••••••••003"):
        assert words not in of_first
        assert words in of_second
    for words in ("Trường THCS Nguyễn Du", "0000000001", "Nguyễn Thị Phương Lan"):
        assert words not in of_second


@pytest.mark.parametrize("name", ["child", "child_reads"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("parent", 404), ("pupil", 404), ("clerk", 403), ("homeroom_teacher", 403), ("inspector", 403), ("operator", 403)],
)
def test_other_peoples_children_are_not_seen(cast, name, person, status):
    assert window(getattr(cast, person)).get(url(name, cast.classmate)).status_code == status


def test_room_closes_when_the_tie_ends(cast):
    ParentLink.objects.filter(parent=cast.parent).update(ends_on=timezone.localdate())
    client = window(cast.parent)
    assert [client.get(address).status_code for address in ("/con-toi/", url("child", cast.student))] == [403, 403]


def test_room_is_kept_in_no_cache(cast):
    client = window(cast.parent)
    for address in ("/con-toi/", url("child", cast.student), url("child_reads", cast.student)):
        assert client.get(address)["Cache-Control"] == "private, no-store"


def test_parent_of_a_merged_record_sees_the_kept_one(cast):
    kept = make_student(cast.school, "0000000091", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    plan = preview_merge(by=cast.clerk, kept=kept, merged=cast.student)
    merge_students(by=cast.clerk, kept=kept, merged=cast.student, digest=plan.digest, reason="Nhập trùng đầu năm")
    client = window(cast.parent)
    assert client.get(url("child", cast.student)).status_code == 404
    assert client.get("/con-toi/", follow=True).context["student"] == kept


@pytest.mark.parametrize("children", [1, 3])
def test_child_page_costs_the_same_however_many_children(cast, django_assert_num_queries, children):
    for number in range(children - 1):
        child = make_student(cast.other_school, f"00000{number + 10:05d}", "Lê Văn Tám")
        ParentLink.objects.create(student=child, parent=cast.parent, relation="CHA", starts_on=long_ago())
    client = window(cast.parent)
    client.get(url("child", cast.student))
    with django_assert_num_queries(13):
        client.get(url("child", cast.student))


# -- Who looked -------------------------------------------------------------------------------------------------------
def test_parent_sees_who_looked_by_role_not_by_name(cast):
    for person in (cast.inspector, cast.principal, cast.homeroom_teacher):
        note_look(by=person, student=cast.student)
    note_look(by=cast.inspector, student=cast.classmate)
    response = window(cast.parent).get(url("child_reads", cast.student))
    shown = response.content.decode()
    assert [read.who for read in response.context["reads"]] == [
        "Hiệu trưởng, Trường THCS Nguyễn Du",
        "Thanh tra Sở, Sở Giáo dục và Đào tạo tỉnh Mẫu",
    ]
    assert cast.inspector.full_name not in shown
    assert cast.principal.full_name not in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_reads_cost_the_same_however_many(cast, django_assert_num_queries, rows):
    for person in (cast.inspector, cast.principal, cast.commune_officer)[:rows]:
        note_look(by=person, student=cast.student)
    client = window(cast.parent)
    client.get(url("child_reads", cast.student))
    with django_assert_num_queries(9):
        assert len(client.get(url("child_reads", cast.student)).context["reads"]) == rows


def test_family_looks_leave_no_trace(cast):
    window(cast.parent).get(url("child", cast.student))
    window(cast.pupil).get(url("child", cast.student))
    assert not ReadEntry.objects.exists()


# -- The clerk's forms ------------------------------------------------------------------------------------------------
def test_clerk_ties_a_parent(cast):
    client = window(cast.clerk)
    address = url("parent_new", cast.student)
    assert client.get(address).status_code == 200
    values = {"relation": "ME", "full_name": "Lê Thị Hoa", "phone": "0911 222 333"}
    response = client.post(address, values, follow=True)
    assert response.redirect_chain == [(url("student", cast.student), 302)]
    assert "Đã liên kết Lê Thị Hoa với Nguyễn Minh Anh." in response.content.decode()


def test_second_father_is_asked_about_on_the_same_form(cast):
    client, address = window(cast.clerk), url("parent_new", cast.student)
    values = {"relation": "CHA", "full_name": "Lê Văn Hai", "phone": "0911 222 333"}
    assert "Vẫn lưu" not in client.get(address).content.decode()
    asked = client.post(address, values)
    shown = asked.content.decode()
    assert asked.status_code == 422
    for words in ("đã có cha có tài khoản: Nguyễn Văn Đức", "Vẫn lưu", "Lê Văn Hai", "0911 222 333"):
        assert words in shown
    seen = {"seen": asked.context["form"]["seen"].value(), "confirmed": "on"}
    assert client.post(address, values | seen).status_code == 302
    assert cast.student.parent_links.filter(relation="CHA").count() == 2


def test_refused_tie_loses_nothing(cast):
    values = {"relation": "ME", "full_name": "Lê Thị Hoa", "phone": "0900000009"}
    response = window(cast.clerk).post(url("parent_new", cast.student), values)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "mang tên khác (Nguyễn Văn Đức)" in shown
    assert "Lê Thị Hoa" in shown
    assert "0900000009" in shown


def test_clerk_ends_a_tie(cast):
    client = window(cast.clerk)
    link = cast.student.parent_links.get()
    address = reverse("parent_end", args=[link.public_id])
    assert "Nguyễn Văn Đức" in client.get(address).content.decode()
    assert client.post(address, {"reason": "ngắn"}).status_code == 422
    assert client.post(address, {"reason": "Theo đơn của gia đình"}).status_code == 302
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("other_clerk", 404), ("principal", 403), ("parent", 403)])
def test_ties_are_the_clerks(cast, person, status):
    client = window(getattr(cast, person))
    link = cast.student.parent_links.get()
    values = {"relation": "ME", "full_name": "Lê Thị Hoa", "phone": "0911222333"}
    assert client.post(url("parent_new", cast.student), values).status_code == status
    assert (
        client.post(reverse("parent_end", args=[link.public_id]), {"reason": "Không đúng người"}).status_code == status
    )
    assert ParentLink.objects.open().count() == 1
