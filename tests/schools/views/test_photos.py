"""The photograph is served to those who may see the student, and taken only for what it is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.actions.photos import set_photo
from schools.models import ParentLink, ReadEntry, Student
from tests.schools.actions.test_photos import bomb, picture


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.FILES_ROOT = tmp_path


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def url(cast):
    set_photo(by=cast.clerk, student=cast.student, upload=picture())
    return reverse("student_photo", args=[cast.student.public_id])


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("clerk", 200), ("homeroom_teacher", 200), ("principal", 200), ("inspector", 200), ("parent", 200),
        ("pupil", 200), ("intruder", 404), ("other_clerk", 404), ("other_principal", 404), ("operator", 404),
    ],
)  # fmt: skip
def test_photo_is_served_to_those_who_see_the_student(cast, url, person, status):
    assert window(getattr(cast, person)).get(url).status_code == status


def test_photo_is_not_served_to_the_street(cast, url):
    assert Client().get(url)["Location"].startswith(reverse("account_login"))
    stored = Student.objects.get(pk=cast.student.pk).photo
    for path in (f"/{stored}", f"/static/{stored}", f"/media/{stored}"):
        assert window(cast.clerk).get(path).status_code == 404


def test_photo_is_not_served_to_a_parent_whose_tie_ended(cast, url):
    ParentLink.objects.filter(parent=cast.parent).update(ends_on=timezone.localdate())
    assert window(cast.parent).get(url).status_code == 404


def test_answer_is_a_picture_and_nothing_else(cast, url):
    response = window(cast.parent).get(url)
    assert response.content.startswith(b"\xff\xd8\xff")
    expected = {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="anh-3x4.jpg"',
        "Cache-Control": "private, no-store",
    }
    assert {name: response[name] for name in expected} == expected


def test_look_at_the_photo_alone_is_a_look_at_the_record(cast, url):
    window(cast.inspector).get(url)
    window(cast.parent).get(url)
    assert [entry.user for entry in ReadEntry.objects.all()] == [cast.inspector]


def test_student_without_photo_has_none(cast):
    assert window(cast.clerk).get(reverse("student_photo", args=[cast.student.public_id])).status_code == 404


def test_clerk_puts_up_a_photo(cast):
    client = window(cast.clerk)
    where = reverse("student_photo_new", args=[cast.student.public_id])
    assert client.get(where).status_code == 200
    response = client.post(where, {"photo": SimpleUploadedFile("a.png", picture("PNG"), "image/png")}, follow=True)
    assert "Đã thêm ảnh." in response.content.decode()
    assert reverse("student_photo", args=[cast.student.public_id]) in response.content.decode()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (SimpleUploadedFile("anh.jpg", b"<html><script>alert(1)</script>", "image/jpeg"), "không phải ảnh"),
        (SimpleUploadedFile("anh.png", bomb(), "image/png"), "triệu điểm"),
        (SimpleUploadedFile("anh.jpg", picture() + bytes(2 * 1024 * 1024), "image/jpeg"), "quá 2 MB"),
        (SimpleUploadedFile("anh.jpg", picture(size=(4000, 100)), "image/jpeg"), "không phải khổ 3×4"),
        (SimpleUploadedFile("../../anh.jpg", b"", "image/jpeg"), "rỗng"),
        ("", "chọn một tệp"),
    ],
    ids=["renamed-html", "bomb", "heavy", "wide", "empty", "none"],
)
def test_what_is_no_photo_is_refused(cast, file, told):
    if file:
        file.seek(0)
    response = window(cast.clerk).post(reverse("student_photo_new", args=[cast.student.public_id]), {"photo": file})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert Student.objects.get(pk=cast.student.pk).photo == ""


@pytest.mark.parametrize(("person", "status"), [("other_clerk", 404), ("principal", 403), ("parent", 403)])
def test_photo_is_put_up_by_the_clerk_only(cast, person, status):
    where = reverse("student_photo_new", args=[cast.student.public_id])
    response = window(getattr(cast, person)).post(
        where, {"photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}
    )
    assert response.status_code == status
