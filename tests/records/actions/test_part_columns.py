"""What sharing columns among the parts of a subject means for the sheet: who writes, who confirms, what stays."""

import pytest

from records.actions.sheets import confirm_sheet, enter_marks, take_back_confirmation
from records.models import MarkSheet
from records.permissions import entry_right
from schools.actions.assignments import share_columns
from schools.actions.imports.assignments import plan_assignments
from schools.actions.refusals import WrongState
from schools.models import TeachingAssignment
from tests.records.term import fill_sheet, fresh, operation
from tests.workbooks import ASSIGNMENTS, table_of

HISTORY, GEOGRAPHY = "Lịch sử", "Địa lí"
SHARED = {HISTORY: ["TX1", "TX2", "GK"], GEOGRAPHY: ["TX3", "TX4", "CK", "NX"]}


@pytest.fixture
def sheet(term):
    """Lịch sử by the homeroom teacher, Địa lí by the teacher of maths; the columns are shared out."""
    ties = TeachingAssignment.objects.filter(subject__code="LS_DL")
    ties.update(part=HISTORY)
    same = ties.get()
    TeachingAssignment.objects.create(
        school_class=same.school_class, subject=same.subject, teacher=term.cast.maths_teacher, part=GEOGRAPHY,
        starts_on=same.starts_on,
    )  # fmt: skip
    share(term, SHARED)
    return term.sheets["LS_DL"]


def share(term, columns):
    subject = TeachingAssignment.objects.filter(subject__code="LS_DL")[0].subject
    share_columns(by=fresh(term.cast.clerk), school_class=term.cast.class_7a, subject=subject, columns=columns)


def written(sheet, by, columns, mark="8"):
    row = sheet.rows.in_order()[0]
    wanted = [operation(row, code, mark, row.cells.get(code, "")) for code in columns]
    return [result.outcome for result in enter_marks(by=fresh(by), sheet=sheet, operations=wanted).results]


def right(sheet, user):
    return sorted(entry_right(fresh(user), MarkSheet.objects.in_words().get(pk=sheet.pk)).columns)


def test_each_writes_the_own_columns(term, sheet):
    assert written(sheet, term.cast.homeroom_teacher, ["TX1", "GK", "CK"]) == ["ok", "ok", "locked"]
    assert right(sheet, term.cast.maths_teacher) == ["CK", "NX", "TX3", "TX4"]


def test_marks_stay_when_their_column_goes_to_another(term, sheet):
    written(sheet, term.cast.homeroom_teacher, ["GK"], "7")
    share(term, {HISTORY: ["TX1", "TX2"], GEOGRAPHY: ["TX3", "TX4", "GK", "CK", "NX"]})
    assert sheet.rows.in_order()[0].cells["GK"] == "7"
    assert right(sheet, term.cast.homeroom_teacher) == ["TX1", "TX2"]
    assert written(sheet, term.cast.homeroom_teacher, ["GK"], "6") == ["locked"]
    assert written(sheet, term.cast.maths_teacher, ["GK"], "9") == ["ok"]


def test_what_was_confirmed_is_not_shared_out_anew(term, sheet):
    """Whoever confirmed answers for the columns as they were (TT 22/2021 Đ19); taken back, they can be others."""
    share(term, {HISTORY: [], GEOGRAPHY: []})
    fill_sheet(sheet, fresh(term.cast.homeroom_teacher))
    share(term, SHARED)
    mine = fresh(term.cast.homeroom_teacher)
    confirm_sheet(by=mine, sheet=sheet, change_no=MarkSheet.objects.get(pk=sheet.pk).change_no)
    other = {HISTORY: ["TX1", "TX2", "CK"], GEOGRAPHY: ["TX3", "TX4", "GK", "NX"]}
    with pytest.raises(WrongState, match=f"{mine.full_name} đã xác nhận sổ Lịch sử và Địa lí"):
        share(term, other)
    rows = [
        {"class_name": "7A", "subject": "LS_DL", "teacher_name": tie.teacher.full_name, "part": tie.part,
         "columns": ", ".join(other[tie.part])}
        for tie in TeachingAssignment.objects.open().filter(subject__code="LS_DL").order_by("id")
    ]  # fmt: skip
    plan = plan_assignments(school=term.cast.school, year=term.cast.year, table=table_of(ASSIGNMENTS, *rows))
    assert "đã xác nhận sổ" in plan.outcomes[0].reason
    assert "chỉ giao cho một phân môn" in plan.outcomes[1].reason
    take_back_confirmation(by=fresh(mine), sheet=sheet)
    share(term, other)
    assert right(sheet, mine) == ["CK", "TX1", "TX2"]
