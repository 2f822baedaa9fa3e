"""The principal lets regular results go: who, when, what it changes, and that the database asks the same."""

import pytest
from django.urls import reverse

from records.actions.sheets import confirm_sheet, enter_marks
from records.actions.waivers import waivable_rows, waive_regular
from records.models import CellOperation, MarkRow, RegularWaiver
from schools.actions.refusals import FaultyFields, NotAllowed, WrongState
from schools.models import HistoryEntry
from tests.records.models.attack import attack
from tests.records.term import close_windows, fill_sheet, fresh, operation
from tests.records.views.looking import at_door, signed_in

REASON = "Em nghỉ ốm dài ngày, có giấy của bệnh viện"


def row_of(term, student=None):
    return MarkRow.objects.select_related("student", "sheet").get(
        sheet=term.maths, student=student or term.cast.student
    )


def write(term, *cells, row=None):
    row = row or row_of(term)
    operations = [operation(row, code, typed, base) for code, typed, base in cells]
    return enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=operations).results


def waive(term, by=None, reason=REASON, rows=None):
    rows = {row_of(term).public_id} if rows is None else rows
    return waive_regular(by=fresh(by or term.cast.principal), sheet=term.maths, rows=rows, reason=reason)


@pytest.fixture
def lacking(term):
    """Everything of maths is there but two regular results of one student."""
    fill_sheet(term.maths, term.cast.maths_teacher)
    write(term, ("TX3", "", "8"), ("TX4", "", "8"))
    return term


# -- What it changes ---------------------------------------------------------------------------------------------------
def test_sheet_is_whole_without_them(lacking):
    cast, before = lacking.cast, lacking.maths
    assert before.missing == 2
    with pytest.raises(WrongState, match="còn 2 ô trống"):
        confirm_sheet(by=fresh(cast.maths_teacher), sheet=before, change_no=before.change_no)
    [waiver] = waive(lacking)
    assert (waiver.columns, waiver.reason, waiver.by, waiver.delegation) == (
        ["TX3", "TX4"],
        REASON,
        cast.principal,
        None,
    )
    sheet, row = lacking.maths, row_of(lacking)
    assert (sheet.missing, sheet.change_no) == (0, before.change_no + 1)
    assert (row.cells["TX3"], row.cells["TX4"], row.result) == ("K", "K", "8.0")
    heard = CellOperation.objects.filter(grid=sheet.public_id, change_no=sheet.change_no)
    assert {(one.column, one.value, one.by) for one in heard} == {
        ("TX3", "K", cast.principal),
        ("TX4", "K", cast.principal),
    }
    entries = HistoryEntry.objects.filter(action="waive_regular")
    assert {entry.table for entry in entries} >= {"records_regularwaiver", "records_markrow"}
    assert {(entry.actor, entry.reason) for entry in entries} == {(cast.principal, REASON)}
    confirm_sheet(by=fresh(cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)
    assert lacking.maths.state == "DA_XAC_NHAN"


def test_result_that_comes_after_all_counts_and_may_go_again(lacking):
    waive(lacking)
    [answer] = write(lacking, ("TX3", "0", "K"))
    assert (answer.outcome, row_of(lacking).cells["TX3"]) == ("ok", "0")
    assert row_of(lacking).result == "7.0"  # (8 + 8 + 0 + 16 + 24) / 8
    [typed] = write(lacking, ("TX3", "K", "0"))
    assert typed.outcome == "invalid"
    assert "do hiệu trưởng ghi" in typed.message
    write(lacking, ("TX3", "", "0"))
    assert lacking.maths.missing == 1
    [again] = waive(lacking)
    assert again.columns == ["TX3"]


def test_teacher_who_has_typed_meanwhile_is_not_overwritten(lacking):
    waive(lacking)
    [answer] = write(lacking, ("TX3", "9", ""))
    assert (answer.outcome, answer.value) == ("conflict", "K")


def test_explanation_names_it(lacking):
    waive(lacking)
    page = signed_in(lacking, "maths_teacher").get(reverse("row_history", args=[row_of(lacking).public_id]))
    assert "TX3 không có kết quả, hiệu trưởng cho phép thiếu" in page.content.decode()


# -- Who and when ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "person", ["maths_teacher", "homeroom_teacher", "vice_principal", "clerk", "other_principal", "province_admin"]
)
def test_nobody_else_lets_go(lacking, person):
    with pytest.raises(NotAllowed):
        waive(lacking, by=getattr(lacking.cast, person))


def test_reason_and_students_are_asked_for(lacking):
    with pytest.raises(FaultyFields, match="lí do"):
        waive(lacking, reason="ốm")
    with pytest.raises(FaultyFields, match="chọn học sinh"):
        waive(lacking, rows=set())
    whole = row_of(lacking, lacking.cast.classmate)
    with pytest.raises(WrongState, match="không còn thiếu"):
        waive(lacking, rows={whole.public_id})
    assert RegularWaiver.objects.count() == 0


def test_one_regular_result_has_to_be_there(term):
    assert waivable_rows(term.maths) == []
    with pytest.raises(WrongState, match="không còn thiếu"):
        waive(term)
    write(term, ("TX2", "8", ""))
    assert [[column.code for column in columns] for _, columns in waivable_rows(term.maths)] == [["TX1", "TX3", "TX4"]]


def test_closed_sheet_and_closed_window(lacking):
    close_windows()
    with pytest.raises(WrongState, match="hạn nhập"):
        waive(lacking)


# -- The page ----------------------------------------------------------------------------------------------------------
def test_principal_finds_the_students_on_the_sheet(lacking):
    address = reverse("sheet", args=[lacking.maths.public_id])
    client = signed_in(lacking, "principal")
    page = client.get(address).content.decode()
    assert "Nguyễn Minh Anh: TX3, TX4" in page
    assert "Cho phép học sinh thiếu" not in signed_in(lacking, "maths_teacher").get(address).content.decode()
    sent = {"mien-rows": [str(row_of(lacking).public_id)], "mien-reason": "ốm"}
    url = reverse("sheet_waive", args=[lacking.maths.public_id])
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert 'value="' + sent["mien-rows"][0] + '" id="id_mien-rows_0" checked' in refused.content.decode()
    done = client.post(url, sent | {"mien-reason": REASON}, follow=True).content.decode()
    assert "Đã cho phép 1 học sinh thiếu" in done
    shown = signed_in(lacking, "maths_teacher").get(address).content.decode()
    assert REASON in shown
    assert "Trần Quốc Hùng" in shown
    again = client.post(url, sent | {"mien-reason": REASON}, follow=True).content.decode()
    assert "không còn em nào thiếu" in again


def test_door_is_the_principals(lacking):
    doors = at_door(lacking, reverse("sheet_waive", args=[lacking.maths.public_id]), {"mien-reason": "ốm"})
    assert [who for who, status in doors.items() if status not in {302, 403, 404}] == ["principal"]
    assert doors["other_principal"] == 404


# -- The database asks the same ----------------------------------------------------------------------------------------
INSERT = (
    "INSERT INTO records_regularwaiver (sheet_id, school_class_id, school_year_id, student_id, subject_id, period_id, "
    "columns, reason, by_id) "
    "SELECT s.id, s.school_class_id, s.school_year_id, %s, s.subject_id, s.period_id, %s, %s, %s "
    "FROM records_marksheet s WHERE s.id = %s"
)


def test_database_lets_the_principal_alone_let_go(lacking):
    cast, sheet = lacking.cast, lacking.maths.pk
    good = (cast.student.pk, ["TX3"], REASON, cast.principal.pk, sheet)
    assert attack(INSERT, *good) == ""
    assert "principal lets" in attack(INSERT, cast.student.pk, ["TX3"], REASON, cast.maths_teacher.pk, sheet)
    assert "regular results alone" in attack(INSERT, cast.student.pk, ["GK"], REASON, cast.principal.pk, sheet)
    assert "no row in this sheet" in attack(INSERT, cast.other_student.pk, ["TX3"], REASON, cast.principal.pk, sheet)
    assert "regular_waiver_says_why" in attack(INSERT, cast.student.pk, ["TX3"], "ốm", cast.principal.pk, sheet)
    assert "regular_waiver_names_columns" in attack(INSERT, cast.student.pk, [], REASON, cast.principal.pk, sheet)
    cell = "UPDATE records_markrow SET cells = cells || %s::jsonb WHERE id = %s"
    row = row_of(lacking).pk
    assert "by the principal alone" in attack(cell, '{"TX3": "K"}', row)
    waive(lacking)
    assert attack(cell, '{"TX4": "K"}', row) == ""
    assert "by the principal alone" in attack(cell, '{"TX1": "K"}', row)
    assert "does not fit column GK" in attack(cell, '{"GK": "K"}', row)
    assert attack(cell, '{"NX": "K"}', row) == ""  # a remark may be any word
    assert "permission denied" in attack("UPDATE records_regularwaiver SET reason = 'khác đi một chút'")
    lacking.maths.refresh_from_db()
    sheet_now = lacking.maths
    confirm_sheet(by=fresh(cast.maths_teacher), sheet=sheet_now, change_no=sheet_now.change_no)
    assert "has been confirmed" in attack(INSERT, *good)
