"""A clerk joins two records while a teacher types: two transactions, and nothing typed is lost."""

import pytest
from django.db import connection

from records.actions.sheets import enter_marks
from records.models import MarkRow
from schools.actions.history import verify_history
from schools.actions.merges import PreviewOutdated, merge_students, preview_merge
from schools.models import Student
from tests.cast import make_cast
from tests.records.actions.test_protocol import at_once
from tests.records.merging import REASON, second_record
from tests.records.term import Term, fresh, make_term, operation


@pytest.fixture
def live_term(transactional_db, settings, tmp_path) -> Term:
    settings.FILES_ROOT = tmp_path / "files"
    return make_term(make_cast())


def cells_of(term: Term, student: Student) -> dict[str, str]:
    return MarkRow.objects.get(student=student, sheet=term.maths).cells


def played(term: Term, twin: Student, whose: Student) -> tuple[list[str], list[str]]:
    """What the teacher and the clerk hear when both act at once."""
    row = MarkRow.objects.get(student=whose, sheet=term.maths)
    digest = preview_merge(by=fresh(term.cast.clerk), kept=term.cast.student, merged=twin).digest
    teacher: list[str] = []
    clerk: list[str] = []

    def types() -> None:
        answer = enter_marks(
            by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "GK", "7")]
        )  # fmt: skip
        teacher.append(answer.results[0].outcome)

    def merges() -> None:
        try:
            merge_students(
                by=fresh(term.cast.clerk), kept=term.cast.student, merged=twin, digest=digest, reason=REASON
            )  # fmt: skip
        except PreviewOutdated:
            clerk.append("outdated")
        else:
            clerk.append("merged")

    at_once(types, merges)
    connection.close()
    return teacher, clerk


@pytest.mark.parametrize("whose", ["kept", "merged"])
@pytest.mark.django_db(transaction=True)
def test_mark_typed_while_the_records_are_joined_is_stored_or_answered(live_term, whose):
    term = live_term
    twin = second_record(term, term.cast.class_7a)
    student = term.cast.student if whose == "kept" else twin
    teacher, clerk = played(term, twin, student)
    if clerk == ["outdated"]:  # the teacher was first: the mark stands, and the clerk looks again
        assert (teacher, cells_of(term, student)) == (["ok"], {"GK": "7"})
    elif whose == "kept":
        assert (teacher, clerk, cells_of(term, student)) == (["ok"], ["merged"], {"GK": "7"})
    else:  # the clerk was first: the teacher is told, and what was typed stays in the browser
        assert (teacher, clerk, cells_of(term, student)) == (["locked"], ["merged"], {})
    assert verify_history().faults == []
