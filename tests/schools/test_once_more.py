"""A request that the database breaks off is run once more from its beginning; broken off again, it says so and loses
nothing."""

import json
import logging
import time
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse

from records.models import CellOperation, MarkRow
from schools.actions.history import verify_history
from schools.models import HistoryEntry, Student
from schools.models.recording import lock_chains, recorded
from tests.cast import Cast, make_cast
from tests.records.term import Term, make_term
from tests.schools import broken_off

pytestmark = [pytest.mark.urls("tests.schools.broken_off"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    broken_off.runs.clear()
    broken_off.both_hold_one = Barrier(2)
    return make_cast()


def address_of(student: Student) -> str:
    return Student.objects.get(pk=student.pk).address


def entries() -> int:
    return HistoryEntry.objects.filter(action="test").count()


def broken(people: Cast, code: str, times: int, client: Client | None = None, **post: Any) -> Any:
    return (client or Client()).post(f"/thu/{code}/{times}/{people.student.pk}/", **post)


def at_once(*acts: Any) -> list[Any]:
    answers: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            answers[number] = acts[number]()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# -- Really -----------------------------------------------------------------------------------------------------------
def test_two_requests_that_wait_for_each_other_both_end_well_and_write_once(people):
    pair = [people.student.pk, people.other_student.pk]

    def crossing(students: list[int]):
        return lambda: Client().post("/thu/cheo/", {"student": students}).content

    assert at_once(crossing(pair), crossing(pair[::-1])) == [b"done", b"done"]
    assert len(broken_off.runs) == 3  # one of the two came again
    assert entries() == 4
    assert verify_history().faults == []


def wait_until_somebody_waits(holder: Any) -> None:
    """Until another connection to this database waits for a lock."""
    deadline = time.monotonic() + 10
    with holder.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            if cursor.fetchone():
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_cell_whose_save_was_broken_off_is_saved_once(people, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    term: Term = make_term(people)
    row: MarkRow = term.maths.rows.get(student=people.student)
    cell = {"id": "8b0f5c0e-9f1d-4b58-a1ea-0d7a3f1c2b11", "row": str(row.public_id), "col": "TX1", "typed": "8,5"}
    body = json.dumps({"ops": [cell | {"base": ""}], "since": 0, "method": "typed"})
    client = Client()
    client.force_login(people.maths_teacher)
    answers: list[Any] = []

    def teacher() -> None:
        answers.append(client.post(reverse("sheet_cells", args=[term.maths.public_id]), body, "application/json"))
        connections.close_all()

    thread = Thread(target=teacher)
    with recorded(None, "test"):  # the sheet first and the chain after it: the order that nobody of ours takes
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM records_marksheet WHERE id = %s FOR UPDATE", [term.maths.pk])
        thread.start()
        wait_until_somebody_waits(connection)
        lock_chains([("CLASS", people.class_7a.pk)])  # the teacher, who waited first, is broken off
    thread.join()
    assert (answers[0].status_code, answers[0].json()["results"][0]["outcome"]) == (200, "ok")
    row.refresh_from_db()
    assert (row.cells, CellOperation.objects.count()) == ({"TX1": "8.5"}, 1)
    assert HistoryEntry.objects.filter(table="records_markrow", action="enter_marks").count() == 1
    assert verify_history().faults == []


# -- At the database's word -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_second_run_begins_with_nothing_of_the_first(people, code, caplog):
    upload = SimpleUploadedFile("a.txt", b"tep")
    with caplog.at_level(logging.WARNING):
        answer = broken(people, code, 1, data={"note": "ghi ", "file": upload})
    assert (answer.status_code, answer.content) == (200, b"session: 1")
    assert broken_off.runs == ["ghi tep", "ghi tep"]
    assert (address_of(people.student), entries()) == ("run 2", 1)
    assert [record.getMessage() for record in caplog.records] == [
        "Broken off by the database: tests.schools.broken_off.broken"
    ]


def test_second_run_is_checked_as_the_first_was(people):
    """The token against forged requests is asked for again, and found again."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    token = client.cookies["hocbaso_csrf"].value
    answer = broken(people, "40P01", 1, client, data={"note": "a", "csrfmiddlewaretoken": token})
    assert (answer.status_code, broken_off.runs) == (200, ["a", "a"])


def test_broken_off_twice_is_said_in_words_and_nothing_is_written(people):
    answer = broken(people, "40P01", 2)
    assert (answer.status_code, answer["Retry-After"], len(broken_off.runs)) == (503, "5", 2)
    assert "chưa có gì thay đổi" in answer.content.decode()
    assert (address_of(people.student), entries()) == ("", 0)


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"hx-request": "true"}])
def test_script_that_is_broken_off_twice_hears_that_it_is_to_come_again(people, headers):
    answer = broken(people, "40P01", 2, headers=headers)
    assert (answer.status_code, answer.json(), len(broken_off.runs)) == (503, {"error": "busy"}, 2)


def test_what_stands_in_part_is_not_run_again(people):
    answer = Client().post(f"/thu/nua/{people.student.pk}/")
    assert (answer.status_code, len(broken_off.runs)) == (503, 1)
    assert "mới xong một phần" in answer.content.decode()
    assert (address_of(people.student), entries()) == ("run 1", 1)


def test_any_other_fault_is_one(people):
    with pytest.raises(OperationalError):
        broken(people, "57014", 1)
    assert len(broken_off.runs) == 1
