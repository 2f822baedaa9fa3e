"""The history as people read it: who, what, old → new, in words; only of the schools one may read."""

import pytest
from django.urls import reverse

from schools.models import HistoryEntry, Student
from schools.models.history_words import ACTIONS, told
from schools.models.recording import recorded


@pytest.fixture
def changed(cast):
    with recorded(cast.clerk, "open_window", reason="Sửa theo giấy khai sinh"):
        Student.objects.filter(pk=cast.student.pk).update(
            full_name="Nguyễn Minh Ánh", personal_id="001234567890", gender="NAM", school=cast.school
        )
    return cast


def test_entry_is_told_in_words(changed):
    entry = told(HistoryEntry.objects.newest()[:1])[0]
    assert (entry.action, entry.method) == (ACTIONS["open_window"], "gõ tay")
    assert entry.rows[0].thing == "học sinh: Nguyễn Minh Ánh"
    assert {(change.field, change.old, change.new) for change in entry.rows[0].changes} == {
        ("họ và tên", "Nguyễn Minh Anh", "Nguyễn Minh Ánh"),
        ("số định danh cá nhân", "•••••••••001", "•••••••••890"),
        ("giới tính", "Nữ", "Nam"),
    }


def test_page_names_old_and_new_and_masks_the_number(changed, client):
    client.force_login(changed.principal)
    page = client.get(reverse("history_of_student", args=[changed.student.public_id])).content.decode()
    for words in ("Nguyễn Minh Ánh", "Sửa theo giấy khai sinh", "Võ Thùy Dung", "•••••••••890"):
        assert words in page
    assert "001234567890" not in page


def test_principal_reads_the_own_school_only(changed, client):
    client.force_login(changed.other_principal)
    assert client.get(reverse("history_of_student", args=[changed.student.public_id])).status_code == 404
    assert client.get(reverse("history_of_school", args=[changed.school.public_id])).status_code == 404
    assert "Nguyễn Minh Ánh" not in client.get(reverse("history")).content.decode()


@pytest.mark.parametrize("person", ["inspector", "province_admin"])
def test_province_reads_every_school(changed, client, person):
    client.force_login(getattr(changed, person))
    assert (
        "Nguyễn Minh Ánh" in client.get(reverse("history_of_school", args=[changed.school.public_id])).content.decode()
    )


@pytest.mark.parametrize("person", ["clerk", "homeroom_teacher", "parent", "pupil", "operator", "commune_officer"])
def test_others_do_not_read_the_history(changed, client, person):
    client.force_login(getattr(changed, person))
    assert client.get(reverse("history")).status_code == 403


def test_filter_by_person_without_diacritics(changed, client):
    client.force_login(changed.inspector)
    assert "Nguyễn Minh Ánh" in client.get(reverse("history"), {"person": "thuy dung"}).content.decode()
    assert "Nguyễn Minh Ánh" not in client.get(reverse("history"), {"person": "ai đó"}).content.decode()


def test_wrong_dates_are_said_and_nothing_is_lost(changed, client):
    client.force_login(changed.inspector)
    response = client.get(reverse("history"), {"since": "2026-11-20", "until": "2026-11-01", "person": "dung"})
    assert response.status_code == 422
    assert "phải không trước" in response.content.decode()
    assert 'value="dung"' in response.content.decode()


def test_number_of_queries_does_not_grow_with_entries(changed, client, django_assert_max_num_queries):
    client.force_login(changed.inspector)
    for number in range(30):
        with recorded(changed.clerk, "open_window"):
            Student.objects.filter(pk=changed.student.pk).update(address=f"Số {number}")
    with django_assert_max_num_queries(60):
        client.get(reverse("history"))
