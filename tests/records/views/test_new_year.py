"""The clerk's room of the new year: shown before it is written, nothing typed is lost, other people's doors closed."""

import re

import pytest
from django.urls import reverse

from records.models import NewYearPlacing
from records.rules.new_year import AGAIN, UP
from schools.models import Enrolment, SchoolClass, Student
from tests.cast import make_student, make_year
from tests.records.summer import make_summer
from tests.records.views.looking import at_door, signed_in

URL = "/nam-hoc-moi/"


@pytest.fixture
def summer(term):
    return make_summer(term, make_student(term.cast.school, "0000000033", "Vũ Quang Dũng"))


@pytest.fixture
def coming(summer):
    return make_year(summer.term.cast.province, summer.term.cast.year.first_year + 1)


def fields(summer, **typed):
    key = summer.term.cast.class_7a.public_id
    return {f"len_lop-{key}": typed.get(UP, "8A"), f"o_lai-{key}": typed.get(AGAIN, "7A"), "makes_intake": "on"}


def digest(page):
    return re.search(r'name="digest" value="(\w+)"', page)[1]


def test_without_a_year_to_come_the_page_says_so(term):
    page = signed_in(term, "clerk").get(URL).content.decode()
    assert "Sở mở năm học sau" in page


def test_preview_confirm_and_take_back(summer, coming):
    client = signed_in(summer.term, "clerk")
    page = client.get(URL).content.decode()
    for told in (f"Năm học mới {coming}", "3 em chờ kết quả trong hè", "Xếp 2 học sinh"):
        assert told in page
    assert NewYearPlacing.objects.count() == 0
    answer = client.post(URL, fields(summer) | {"buoc": "xep", "digest": digest(page)}, follow=True)
    assert "Đã xếp 2 học sinh vào lớp của năm học" in answer.content.decode()
    placing = NewYearPlacing.objects.get()
    address = reverse("placing_back", args=[placing.public_id])
    assert "2 học sinh còn ở lớp đã xếp" in client.get(address).content.decode()
    short = client.post(address, {"reason": "nhầm"})
    assert (short.status_code, "nhầm" in short.content.decode()) == (422, True)
    done = client.post(address, {"reason": "Xếp nhầm năm học"}, follow=True)
    assert "trở về lớp cũ" in done.content.decode()
    assert "đã được bỏ rồi" in client.get(address).content.decode()
    assert Enrolment.objects.open().filter(school_class=summer.term.cast.class_7a, student=summer.fine).exists()


def test_other_names_are_shown_again_before_they_are_written(summer, coming):
    client = signed_in(summer.term, "clerk")
    first = digest(client.get(URL).content.decode())
    answer = client.post(URL, fields(summer, **{UP: "8 Anh"}) | {"buoc": "xep", "digest": first})
    page = answer.content.decode()
    assert "Chưa xếp gì" in page
    assert 'value="8 Anh"' in page
    assert NewYearPlacing.objects.count() == 0
    looked = client.post(URL, fields(summer, **{UP: "8 Anh"}) | {"buoc": "xem", "digest": first}).content.decode()
    client.post(URL, fields(summer, **{UP: "8 Anh"}) | {"buoc": "xep", "digest": digest(looked)})
    assert SchoolClass.objects.filter(school_year=coming, name="8 Anh").exists()


@pytest.mark.parametrize("step", ["xem", "xep"])
def test_wrong_name_stays_typed_with_its_fault(summer, coming, step):
    client = signed_in(summer.term, "clerk")
    first = digest(client.get(URL).content.decode())
    answer = client.post(URL, fields(summer, **{UP: "9A"}) | {"buoc": step, "digest": first})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="9A"' in page
    assert "phải bắt đầu bằng số khối 8" in page
    assert NewYearPlacing.objects.count() == 0


def test_clerks_list_of_things_to_do_leads_there(summer, coming):
    home = signed_in(summer.term, "clerk").get("/").content.decode()
    assert "2 học sinh đã có kết quả cả năm, chưa xếp lớp năm học mới" in home
    assert f'href="{URL}"' in home


def test_other_clerk_sees_the_own_school_alone(summer, coming):
    page = (
        signed_in(summer.term, "other_clerk").get(f"{URL}?truong={summer.term.cast.school.public_id}").content.decode()
    )
    assert "Trường THCS Lê Lợi" in page
    assert not any(student.full_name in page for student in Student.objects.on_list_of(summer.term.cast.class_7a))
    client = signed_in(summer.term, "clerk")
    client.post(URL, fields(summer) | {"buoc": "xep", "digest": digest(client.get(URL).content.decode())})
    placing = NewYearPlacing.objects.get()
    address = reverse("placing_back", args=[placing.public_id])
    doors = at_door(summer.term, address)
    assert [who for who, status in doors.items() if status == 200] == ["clerk"]
    assert doors["other_clerk"] == 404
