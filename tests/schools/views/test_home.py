"""The home page: what a person has to do, from the state of things, in few queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from schools.models import HomeroomAssignment, Student
from tests.cast import make_class, make_student


def home(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("home")).content.decode()


def test_teacher_sees_the_own_classes_and_until_when_to_enter(client, cast):
    page = home(client, cast.homeroom_teacher)
    assert "Hạn nhập Học kì I: " in page
    assert reverse("school_class", args=[cast.class_7a.public_id]) in page
    assert reverse("school_class", args=[cast.class_7b.public_id]) not in page


def test_clerk_sees_what_is_missing_and_it_goes_when_done(client, cast):
    make_student(cast.school, "0000000077", "Lý Thiếu Số", personal_id=None, personal_id_missing="Chờ cấp")
    page = home(client, cast.clerk)
    assert "1 học sinh chưa có số định danh cá nhân" in page
    assert "1 học sinh chưa ở lớp nào" in page
    assert "1 lớp chưa có giáo viên chủ nhiệm" in page
    Student.objects.filter(student_code="0000000077").update(personal_id="001000000077")
    HomeroomAssignment.objects.create(
        school_class=cast.class_7b, teacher=cast.maths_teacher, starts_on=cast.year.starts_on
    )
    page = home(client, cast.clerk)
    assert "chưa có số định danh" not in page
    assert "chưa có giáo viên chủ nhiệm" not in page


def test_classes_without_homeroom_teacher_are_led_to(client, cast):
    page = home(client, cast.clerk)
    address = reverse("assignment_board") + "?chua-co-chu-nhiem=1"
    assert f'href="{address}"' in page
    assert [one.name for one in client.get(address).context["classes"]] == ["7B"]
    assert [one.name for one in client.get(reverse("assignment_board")).context["classes"]] == ["7A", "7B"]


def test_homeroom_teacher_who_is_planned_is_not_asked_for(client, cast):
    HomeroomAssignment.objects.create(
        school_class=cast.class_7b, teacher=cast.maths_teacher, starts_on=timezone.localdate() + timedelta(days=3)
    )
    assert "chưa có giáo viên chủ nhiệm" not in home(client, cast.clerk)
    cast.homeroom.end_by(timezone.localdate() + timedelta(days=3))
    assert "1 lớp chưa có giáo viên chủ nhiệm" in home(client, cast.clerk)
    board = client.get(reverse("assignment_board") + "?chua-co-chu-nhiem=1")
    assert [(one.name, one.homeroom_name) for one in board.context["classes"]] == [("7A", None)]


def test_board_without_such_a_class_says_so(client, cast):
    HomeroomAssignment.objects.create(
        school_class=cast.class_7b, teacher=cast.maths_teacher, starts_on=timezone.localdate()
    )
    client.force_login(cast.clerk)
    page = client.get(reverse("assignment_board") + "?chua-co-chu-nhiem=1").content.decode()
    assert "Lớp nào cũng đã có giáo viên chủ nhiệm." in page


def test_principal_is_told_of_requests_to_decide(client, cast):
    assert "đề nghị đặt lại lớp bảo vệ thứ hai" in home(client, cast.principal)
    assert "đề nghị đặt lại lớp bảo vệ thứ hai" not in home(client, cast.other_principal)


def test_province_is_told_of_schools_without_people(client, cast):
    page = home(client, cast.province_admin)
    assert "1 trường chưa có hiệu trưởng" in page
    assert "2 trường chưa có văn thư" not in page


@pytest.mark.parametrize("person", ["pupil", "parent"])
def test_family_is_led_to_the_book_of_each_child(client, cast, person):
    page = home(client, getattr(cast, person))
    assert f"Xem học bạ của {cast.student.full_name}" in page
    assert reverse("book", args=[cast.student.public_id]) in page
    assert cast.other_student.full_name not in page


@pytest.mark.parametrize("person", ["operator", "inspector", "commune_officer"])
def test_others_have_a_quiet_home(client, cast, person):
    assert "Bạn không có việc nào đang chờ." in home(client, getattr(cast, person))


def count(client, user) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("home"))
    return len(captured)


@pytest.mark.parametrize("person", ["clerk", "principal", "homeroom_teacher", "province_admin"])
def test_number_of_queries_does_not_grow(client, cast, person):
    before = count(client, getattr(cast, person))
    for number in range(3):
        made = make_class(cast.school, cast.year, f"8{'ABC'[number]}", 8)
        HomeroomAssignment.objects.create(
            school_class=made, teacher=cast.homeroom_teacher, starts_on=cast.year.starts_on
        )
        make_student(cast.school, f"00000001{number:02d}", f"Học Sinh {number}")
    assert count(client, getattr(cast, person)) <= before + 1
    assert before < 30
