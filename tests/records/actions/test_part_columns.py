"""What sharing columns among the parts of a subject means for the sheet: who writes, who confirms, what stays."""

import pytest
from django.utils import timezone

from records.actions.homeroom import blockers_of
from records.actions.sheets import confirm_sheet, enter_marks, take_back_confirmation
from records.models import MarkSheet, SheetConfirmation
from records.permissions import entry_right
from schools.actions.assignments import plan_class, share_columns
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


def test_remark_that_was_given_to_no_part_is_everybodys_who_teaches_the_subject(term, sheet):
    share(term, {HISTORY: ["TX1", "TX2", "GK"], GEOGRAPHY: ["TX3", "TX4", "CK"]})
    assert right(sheet, term.cast.homeroom_teacher) == ["GK", "NX", "TX1", "TX2"]
    assert right(sheet, term.cast.maths_teacher) == ["CK", "NX", "TX3", "TX4"]
    assert written(sheet, term.cast.maths_teacher, ["NX"], "Chăm học") == ["ok"]
    assert right(sheet, term.cast.vice_principal) == []


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


# -- Columns left to nobody -------------------------------------------------------------------------------------------
PHYSICS, CHEMISTRY = "Vật lí", "Hóa học"


@pytest.fixture
def science(term):
    """Vật lí and Hóa học have their teachers and columns; Sinh học, TX3, TX4 and CK have nobody."""
    ties = TeachingAssignment.objects.filter(subject__code="KHTN")
    ties.update(part=PHYSICS, columns=["TX1", "GK"])
    same = ties.get()
    TeachingAssignment.objects.create(
        school_class=same.school_class, subject=same.subject, teacher=term.cast.maths_teacher, part=CHEMISTRY,
        starts_on=same.starts_on, columns=["TX2"],
    )  # fmt: skip
    sheet = term.sheets["KHTN"]
    for row in sheet.rows.in_order():
        for by, codes in ((term.cast.homeroom_teacher, ("TX1", "GK")), (term.cast.maths_teacher, ("TX2",))):
            wanted = [operation(row, code, "8") for code in codes]
            enter_marks(by=fresh(by), sheet=sheet, operations=wanted)
    return MarkSheet.objects.get(pk=sheet.pk)


def test_sheet_with_empty_columns_of_nobody_is_not_confirmed(term, science):
    for by in (term.cast.homeroom_teacher, term.cast.maths_teacher):
        with pytest.raises(WrongState, match="cột TX3, TX4, CK chưa giao cho ai mà còn 6 ô trống"):
            confirm_sheet(by=fresh(by), sheet=science, change_no=science.change_no)
    assert not science.confirmations.exists()


def test_homeroom_teacher_is_told_of_the_columns_of_nobody(term, science):
    told = "Khoa học tự nhiên còn 6 ô trống chưa giao cho ai: văn thư phân công cột TX3, TX4, CK rồi giáo viên nhập"
    assert [one for one in blockers_of(term.now()) if "Khoa học" in one] == [told]


def test_of_a_sheet_that_was_confirmed_so_the_same_is_told(term, science):
    """As such sheets were locked before: what is wanted is a column's teacher, not another confirmation."""
    for tie in TeachingAssignment.objects.filter(subject__code="KHTN"):
        SheetConfirmation.objects.create(sheet=science, assignment=tie, by=tie.teacher, digest="0" * 64)
    MarkSheet.objects.filter(pk=science.pk).update(state=MarkSheet.State.CONFIRMED)
    told = (
        "Khoa học tự nhiên còn 6 ô trống chưa giao cho ai: văn thư phân công cột TX3, TX4, CK rồi giáo viên nhập "
        "(sổ đã xác nhận: giáo viên rút xác nhận trước)"
    )
    assert [one for one in blockers_of(term.now()) if "Khoa học" in one] == [told]


def test_way_out_of_a_sheet_locked_so(term, science):
    """The clerk gives the columns to the part that lacked its teacher, one confirmation is taken back, all confirm."""
    test_of_a_sheet_that_was_confirmed_so_the_same_is_told(term, science)
    tie = TeachingAssignment.objects.filter(subject__code="KHTN")[0]
    plan_class(
        by=fresh(term.cast.clerk), school_class=term.cast.class_7a, on=timezone.localdate(), seen={}, columns_seen={},
        chosen={(tie.subject_id, "Sinh học"): term.cast.principal},
        columns={(tie.subject_id, "Sinh học"): ["TX3", "TX4", "CK"]},
    )  # fmt: skip
    take_back_confirmation(by=fresh(term.cast.maths_teacher), sheet=science)
    for row in science.rows.in_order():
        wanted = [operation(row, code, "8") for code in ("TX3", "TX4", "CK")]
        enter_marks(by=fresh(term.cast.principal), sheet=science, operations=wanted)
    now = MarkSheet.objects.get(pk=science.pk)
    for by in (term.cast.maths_teacher, term.cast.principal):
        now = confirm_sheet(by=fresh(by), sheet=now, change_no=now.change_no)
    assert now.state == MarkSheet.State.CONFIRMED
