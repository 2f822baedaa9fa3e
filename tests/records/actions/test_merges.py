"""Marks and the homeroom teacher's cells follow a student whose two records become one: nothing typed is lost, nothing
signed is changed."""

import pytest

from records.actions.cells import cells_since
from records.actions.homeroom import enter_records, no_absences
from records.actions.preparing import lacks_rows, prepare_class
from records.actions.sheets import confirm_sheet, enter_marks, sheet_digest, take_back_confirmation
from records.models import ClassPeriod, MarkRow, MarkSheet, PeriodRecord, SheetConfirmation
from records.models.cell_history import steps_of
from records.models.student_years import year_of_class
from schools.actions.history import verify_history
from schools.actions.merges import PreviewOutdated, merge_students, preview_merge
from schools.actions.refusals import WrongState
from schools.models import Enrolment, HistoryEntry, HistoryPayload, Student, StudentMerge
from tests.cast import make_student
from tests.records.merging import REASON, leaves, maths_of, merge, obstacles, second_record, typed
from tests.records.term import Term, close_windows, fill_sheet, fresh, operation, submitted


def row_of(student: Student, sheet: MarkSheet) -> MarkRow:
    return MarkRow.objects.get(student=student, subject=sheet.subject_id, period=sheet.period_id)


def record_of(student: Student) -> PeriodRecord:
    return PeriodRecord.objects.get(student=student)


def record_cells(term: Term, student: Student, **cells: str) -> None:
    row = term.class_period.rows.get(student=student)
    saved = enter_records(
        by=fresh(term.cast.homeroom_teacher), class_period=term.now(),
        operations=[operation(row, column, value) for column, value in cells.items()],
    )  # fmt: skip
    assert {result.outcome for result in saved.results} == {"ok"}


@pytest.fixture
def twin(term: Term) -> Student:
    """A second record of the cast's student on the list of the same class."""
    return second_record(term, term.cast.class_7a)


@pytest.fixture
def elsewhere(term: Term) -> Student:
    """A second record that was on the list of 7B."""
    return second_record(term, term.cast.class_7b)


@pytest.fixture
def bare(term: Term) -> Student:
    """A record without a class: it has no rows."""
    return make_student(term.cast.school, "0000000090", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")


# -- Rows of which the kept record has none ---------------------------------------------------------------------------
def test_open_rows_go_to_the_kept_record_and_are_listed(term, bare):
    typed(term.maths, term.cast.student, TX1="8", GK="7")
    row, record = row_of(term.cast.student, term.maths), record_of(term.cast.student)
    before, missing = term.maths.change_no, term.maths.missing
    done = merge(term, bare, term.cast.student)
    moved = MarkRow.objects.get(pk=row.pk)
    assert (moved.student, moved.cells, moved.written_for) == (bare, {"TX1": "8", "GK": "7"}, term.cast.student)
    assert record_of(bare) == record
    assert (term.maths.change_no, term.maths.missing) == (before + 1, missing)
    assert done.moved["mark_rows"] == sorted(MarkRow.objects.filter(student=bare).values_list("pk", flat=True))
    assert done.moved["period_records"] == [record.pk]
    assert not lacks_rows(term.cast.class_7a, term.class_period.period)


def test_rows_that_moved_are_found_in_the_year_of_the_class(term, bare):
    typed(term.maths, term.cast.student, TX1="8")
    merge(term, bare, term.cast.student)
    year = next(one for one in year_of_class(term.now()) if one.student == bare)
    assert year.rows["HK1"]["TOAN"].cells == {"TX1": "8"}
    assert len(year.rows["HK1"]) == len(term.sheets)


def test_history_says_that_the_rows_came_by_a_merge(term, bare):
    merge(term, bare, term.cast.student)
    entry = HistoryEntry.objects.get(table="records_markrow", action="merge_students")
    assert (entry.actor, entry.method, entry.reason) == (term.cast.clerk, "merged", REASON)
    changes = {payload.student_id: payload.payload["changes"] for payload in entry.payloads.all()}
    assert set(changes) == {bare.pk, term.cast.student.pk}
    assert changes[bare.pk] == {
        "student_id": [term.cast.student.pk, bare.pk],
        "written_for_id": [None, term.cast.student.pk],
    }


# -- Rows of both -----------------------------------------------------------------------------------------------------
def test_cells_of_two_open_rows_are_united_and_the_average_follows(term, twin):
    sheet = term.maths
    for student in (term.cast.classmate, term.cast.student):
        typed(sheet, student, TX1="8", TX2="8", TX3="8", TX4="8")
    typed(sheet, twin, TX1="8", GK="7", CK="9")
    typed(sheet, term.cast.classmate, GK="8", CK="8")
    before = term.maths
    done = merge(term, term.cast.student, twin)
    kept, left = row_of(term.cast.student, sheet), row_of(twin, sheet)
    assert kept.cells == {"TX1": "8", "TX2": "8", "TX3": "8", "TX4": "8", "GK": "7", "CK": "9"}
    assert str(kept.average) == "8.1"  # (4 × 8 + 2 × 7 + 3 × 9) / 9 = 8,11
    assert left.cells == {"TX1": "8", "GK": "7", "CK": "9"}
    assert (before.missing, term.maths.missing) == (5, 0)
    assert done.moved["united_mark_rows"] == [[kept.pk, left.pk]]


def test_open_browsers_hear_of_the_united_cells(term, twin):
    typed(term.maths, twin, GK="7")
    before = term.maths.change_no
    merge(term, term.cast.student, twin)
    assert term.maths.change_no == before + 1
    told = cells_since(term.maths, before, before + 1)
    kept = row_of(term.cast.student, term.maths)
    assert [(one.row, one.column, one.value, one.by) for one in told] == [(kept.public_id, "GK", "7", term.cast.clerk)]
    stale = enter_marks(
        by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(kept, "GK", "6", "")]
    ).results[0]
    assert (stale.outcome, stale.value, stale.by) == ("conflict", "7", term.cast.clerk.full_name)


def test_row_that_was_set_aside_is_neither_shown_nor_counted_nor_written(term, twin):
    typed(term.maths, twin, TX1="8")
    merge(term, term.cast.student, twin)
    left = row_of(twin, term.maths)
    assert twin.pk not in term.maths.around.on_list
    answer = enter_marks(
        by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(left, "TX2", "9")]
    ).results[0]
    assert (answer.outcome, answer.message) == (
        "locked", "Hai hồ sơ của Nguyễn Minh Anh đã gộp làm một: hãy tải lại trang, ghi ở dòng còn lại.",
    )  # fmt: skip
    assert no_absences(by=fresh(term.cast.homeroom_teacher), class_period=term.now()) == 4
    assert record_of(twin).cells == {}


def test_two_values_of_one_cell_stand_against_the_merge(term, twin):
    typed(term.maths, term.cast.student, GK="8,5", TX1="8")
    typed(term.maths, twin, GK="7", TX1="8")
    record_cells(term, term.cast.student, RL="Tốt")
    record_cells(term, twin, RL="Khá")
    period = str(term.class_period.period)
    assert obstacles(term, term.cast.student, twin) == [
        f"Nguyễn Minh Anh, Toán, {period}, cột Giữa kì: hồ sơ 0000000001 ghi 8,5, hồ sơ 0000000091 ghi 7.",
        f"Nguyễn Minh Anh, phần chủ nhiệm, {period}, cột Kết quả rèn luyện: hồ sơ 0000000001 ghi Tốt, "
        "hồ sơ 0000000091 ghi Khá.",
        "Hai hồ sơ ghi khác nhau thì giáo viên sửa hoặc xóa ô ở một bên cho khớp, rồi gộp.",
    ]
    with pytest.raises(WrongState):
        merge(term, term.cast.student, twin)
    assert row_of(term.cast.student, term.maths).cells == {"GK": "8.5", "TX1": "8"}


def test_many_differing_cells_are_counted(term, twin):
    for sheet in term.sheets.values():
        fill_sheet(sheet, term.teacher_of(sheet), "8")
    changed = [sheet for sheet in term.sheets.values() if sheet.kind == "DIEM"][:3]
    for sheet in changed:
        cells = {column.code: "7" for column in sheet.scheme if column.required}
        typed(sheet, twin, base="8", **cells)
    told = obstacles(term, term.cast.student, twin)
    differing = sum(column.required for sheet in changed for column in sheet.scheme)
    assert len(told) == 14
    assert told[12] == f"… và {differing - 12} ô khác."


def test_record_of_the_period_is_united(term, twin):
    record_cells(term, term.cast.student, RL="Tốt", CP="1")
    record_cells(term, twin, CP="1", KP="0", NX="Ngoan.")
    before = term.now()
    done = merge(term, term.cast.student, twin)
    assert record_of(term.cast.student).cells == {"RL": "TOT", "CP": "1", "KP": "0", "NX": "Ngoan."}
    assert (term.now().change_no, term.now().missing) == (before.change_no + 1, 4)
    assert done.moved["united_period_records"] == [[record_of(term.cast.student).pk, record_of(twin).pk]]


def test_outside_the_window_only_cells_that_must_be_written_stand_against_the_merge(term, twin):
    typed(term.maths, term.cast.student, TX1="8", GK="8")
    typed(term.maths, twin, TX1="8")
    literature = term.sheets["NGU_VAN"]
    typed(literature, twin, TX1="9", by=term.cast.homeroom_teacher)
    close_windows()
    assert obstacles(term, term.cast.student, twin) == [
        f"Nguyễn Minh Anh, {term.class_period.period}, {term.cast.school}: phải ghép ô điểm mà đang ngoài hạn nhập. "
        "Nhờ hiệu trưởng mở hạn nhập rồi gộp."
    ]


def test_outside_the_window_rows_that_say_the_same_are_joined(term, twin):
    typed(term.maths, term.cast.student, TX1="8", GK="8")
    typed(term.maths, twin, TX1="8")
    close_windows()
    merge(term, term.cast.student, twin)
    assert row_of(term.cast.student, term.maths).cells == {"TX1": "8", "GK": "8"}


def test_rows_move_outside_the_window_as_well(term, bare):
    typed(term.maths, term.cast.student, TX1="8")
    close_windows()
    merge(term, bare, term.cast.student)
    assert row_of(bare, term.maths).cells == {"TX1": "8"}


# -- Another class ----------------------------------------------------------------------------------------------------
def test_marks_of_another_class_come_into_the_row_of_the_class_the_student_is_in(term, elsewhere):
    typed(maths_of(term, term.cast.class_7b), elsewhere, TX1="9", NX="Chăm.")
    typed(term.maths, term.cast.student, TX2="8")
    leaves(term, elsewhere)
    merge(term, term.cast.student, elsewhere)
    kept = row_of(term.cast.student, term.maths)
    assert (kept.sheet, kept.cells) == (term.maths, {"TX1": "9", "TX2": "8", "NX": "Chăm."})
    told = {
        (entry.chain.kind, entry.chain.key)
        for entry in HistoryEntry.objects.filter(action="merge_students", table="records_markrow")
    }
    assert told == {("CLASS", term.cast.class_7a.pk)}


def test_kept_row_follows_into_the_class_the_student_came_to(term, elsewhere):
    """The kept record left 7A, the other is in 7B: united first, and moved with the next look at the sheets of 7B."""
    typed(maths_of(term, term.cast.class_7b), elsewhere, TX1="9")
    typed(term.maths, term.cast.student, TX2="8")
    leaves(term, term.cast.student)
    merge(term, term.cast.student, elsewhere)
    period = term.class_period.period
    assert lacks_rows(term.cast.class_7b, period)
    prepare_class(by=None, school_class=term.cast.class_7b, period=period)
    kept = row_of(term.cast.student, term.maths)
    assert (kept.sheet.school_class, kept.cells) == (term.cast.class_7b, {"TX1": "9", "TX2": "8"})
    assert not lacks_rows(term.cast.class_7b, period)


# -- What is closed ---------------------------------------------------------------------------------------------------
def confirmed(sheet: MarkSheet, by, mark: str = "8") -> MarkSheet:
    fill_sheet(sheet, by, mark)
    return confirm_sheet(by=fresh(by), sheet=sheet, change_no=sheet.change_no)


def test_confirmed_row_goes_along_and_what_was_confirmed_still_stands(term, bare):
    sheet = confirmed(term.maths, term.cast.maths_teacher)
    digest = SheetConfirmation.objects.get().digest
    before = term.maths.change_no
    merge(term, bare, term.cast.student)
    moved = row_of(bare, sheet)
    assert (str(moved.average), moved.written_for) == ("8.0", term.cast.student)
    assert sheet_digest(term.maths) == digest
    assert (term.maths.state, term.maths.change_no) == ("DA_XAC_NHAN", before)


def test_row_confirmed_again_after_a_merge_has_the_digest_of_its_beginning(term, bare):
    sheet = confirmed(term.maths, term.cast.maths_teacher)
    merge(term, bare, term.cast.student)
    take_back_confirmation(by=fresh(term.cast.maths_teacher), sheet=sheet)
    typed(term.maths, bare, base="8", GK="9")
    confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=term.maths, change_no=term.maths.change_no)
    assert SheetConfirmation.objects.get(withdrawn_at=None).digest == sheet_digest(term.maths)


def test_two_closed_results_stand_against_the_merge_until_one_is_opened(term, twin):
    sheet = confirmed(term.maths, term.cast.maths_teacher)
    assert obstacles(term, term.cast.student, twin) == [
        f"Nguyễn Minh Anh, {term.class_period.period}, lớp 7A: cả hai hồ sơ đều có kết quả đã khóa: Toán. Sổ mới xác "
        "nhận thì nhờ giáo viên rút xác nhận; lớp đã nộp thì nhờ hiệu trưởng trả lại lớp."
    ]
    take_back_confirmation(by=fresh(term.cast.maths_teacher), sheet=sheet)
    merge(term, term.cast.student, twin)
    assert str(row_of(term.cast.student, sheet).average) == "8.0"


def test_result_of_the_merged_record_beside_an_open_row_asks_for_the_other_direction(term, elsewhere):
    typed(maths_of(term, term.cast.class_7b), elsewhere, TX1="8")
    submitted(term)
    leaves(term, term.cast.student)
    told = obstacles(term, elsewhere, term.cast.student)
    assert len(told) == 1
    assert told[0].startswith(
        f"Nguyễn Minh Anh, {term.class_period.period}, lớp 7B và lớp 7A: hồ sơ giữ lại có dòng chưa thành kết quả, "
        "không ghép được với dòng của hồ sơ gộp vào: Công nghệ; "
    )
    assert told[0].endswith("Hãy bấm “Đổi chiều” để giữ lại hồ sơ kia.")
    merge(term, term.cast.student, elsewhere)
    begun = ClassPeriod.objects.in_words().get(school_class=term.cast.class_7b)
    (year,) = year_of_class(begun)
    assert (year.student, str(year.rows["HK1"]["TOAN"].average)) == (term.cast.student, "8.0")
    assert year.rows["HK1"]["TOAN"].sheet == term.maths


def test_marks_confirmed_in_a_class_the_record_left_come_into_the_open_row(term, elsewhere):
    """No result yet: 7B is open, and whoever is off its list would not be submitted with it."""
    confirmed(maths_of(term, term.cast.class_7b), term.cast.maths_teacher)
    leaves(term, elsewhere)
    merge(term, term.cast.student, elsewhere)
    kept = row_of(term.cast.student, term.maths)
    assert (kept.sheet, str(kept.average)) == (term.maths, "8.0")


def test_row_closed_in_a_class_the_student_left_is_a_result_once_there_is_a_page(term, elsewhere):
    """Maths was confirmed in 7B, the other subjects and the page are of 7A."""
    there = maths_of(term, term.cast.class_7b)
    row = MarkRow.objects.filter(student=term.cast.student, subject=term.cast.maths)
    row.update(sheet=there)
    row.update(cells={column.code: "8" for column in there.scheme if column.required}, average="8.0")
    confirmed(there, term.cast.maths_teacher)
    submitted(term)
    both = f"Nguyễn Minh Anh, {term.class_period.period}, lớp 7B: cả hai hồ sơ đều có kết quả đã khóa: Toán. "
    assert any(one.startswith(both) for one in obstacles(term, elsewhere, term.cast.student))


@pytest.mark.parametrize("there", ["9", "8"])
def test_what_is_left_over_off_the_list_does_not_stand_beside_a_result(term, twin, there):
    """Taken off the list of 7A before it was submitted: what was typed in that row until then is no result."""
    typed(term.maths, twin, GK=there)
    leaves(term, twin)
    submitted(term)
    plan = preview_merge(by=fresh(term.cast.clerk), kept=term.cast.student, merged=twin)
    left = "để lại, không tính vì hồ sơ giữ lại đã có kết quả: Toán (1 ô điểm)"
    assert plan.obstacles == []
    assert plan.added_words == ([f"{term.class_period.period}, lớp 7A, {left}"] if there == "9" else [])
    merge(term, term.cast.student, twin)
    assert str(row_of(term.cast.student, term.maths).average) == "8.0"


def test_kept_record_with_what_is_left_over_asks_for_the_other_direction(term, twin):
    typed(term.maths, twin, GK="9")
    leaves(term, twin)
    submitted(term)
    assert any("Đổi chiều" in one for one in obstacles(term, twin, term.cast.student))


@pytest.mark.parametrize("cells", [{"TX1": "7"}, {"NX": "Chăm."}])
def test_open_cells_do_not_come_into_a_closed_row(term, elsewhere, cells):
    confirmed(term.maths, term.cast.maths_teacher)
    typed(maths_of(term, term.cast.class_7b), elsewhere, **cells)
    leaves(term, elsewhere)
    first, *rest = obstacles(term, term.cast.student, elsewhere)
    assert "hồ sơ 0000000001 (đã khóa) ghi" in first
    assert len(rest) == 1


def test_cells_that_the_closed_row_has_as_well_stand_against_nothing(term, elsewhere):
    confirmed(term.maths, term.cast.maths_teacher)
    typed(maths_of(term, term.cast.class_7b), elsewhere, TX1="8", GK="8")
    leaves(term, elsewhere)
    merge(term, term.cast.student, elsewhere)
    assert str(row_of(term.cast.student, term.maths).average) == "8.0"


# -- Exactly the preview, and one after another -----------------------------------------------------------------------
@pytest.mark.parametrize("whose", ["kept", "merged"])
def test_mark_typed_after_the_preview_is_previewed_again(term, twin, whose):
    digest = preview_merge(by=fresh(term.cast.clerk), kept=term.cast.student, merged=twin).digest
    typed(term.maths, term.cast.student if whose == "kept" else twin, TX1="8")
    with pytest.raises(PreviewOutdated):
        merge_students(
            by=fresh(term.cast.clerk), kept=term.cast.student, merged=twin, digest=digest, reason=REASON
        )  # fmt: skip
    assert not StudentMerge.objects.exists()


def test_sheet_shown_before_the_merge_is_not_confirmed_after_it(term, twin):
    sheet = fill_sheet(term.maths, term.cast.maths_teacher)
    merge(term, term.cast.student, twin)
    with pytest.raises(WrongState, match="vừa có thay đổi"):
        confirm_sheet(by=fresh(term.cast.maths_teacher), sheet=term.maths, change_no=sheet.change_no)


def test_rows_set_aside_once_stay_so_when_the_kept_record_is_merged_too(term, twin, bare):
    typed(term.maths, twin, TX1="9")
    typed(term.maths, term.cast.student, TX2="8")
    merge(term, term.cast.student, twin)
    merge(term, bare, term.cast.student)
    assert row_of(bare, term.maths).cells == {"TX1": "9", "TX2": "8"}
    assert row_of(twin, term.maths).cells == {"TX1": "9"}
    assert not lacks_rows(term.cast.class_7a, term.class_period.period)
    assert verify_history().faults == []


# -- The history ------------------------------------------------------------------------------------------------------
def test_history_of_the_kept_row_tells_what_was_typed_under_both_records(term, twin):
    typed(term.maths, twin, GK="6")
    typed(term.maths, twin, base="6", GK="7")
    typed(term.maths, term.cast.student, TX1="8")
    merge(term, term.cast.student, twin)
    steps = steps_of(row_of(term.cast.student, term.maths), {})
    assert [(step.column, step.old, step.new, step.action, step.method, step.record) for step in steps] == [
        ("GK", "", "7", "Gộp hai hồ sơ", "gộp hồ sơ", ""),
        ("TX1", "", "8", "Nhập điểm", "gõ tay", ""),
        ("GK", "6", "7", "Nhập điểm", "gõ tay", "0000000091"),
        ("GK", "", "6", "Nhập điểm", "gõ tay", "0000000091"),
    ]


def test_history_of_a_row_that_moved_tells_what_was_typed_before(term, bare):
    typed(term.maths, term.cast.student, GK="6")
    merge(term, bare, term.cast.student)
    typed(term.maths, bare, base="6", GK="7")
    steps = steps_of(row_of(bare, term.maths), {})
    assert [(step.old, step.new, step.record) for step in steps] == [("6", "7", ""), ("", "6", "")]


def test_history_about_the_student_covers_both_records(term, twin):
    typed(term.maths, twin, GK="6")
    merge(term, term.cast.student, twin)
    of_twin = set(HistoryPayload.objects.filter(student=twin).values_list("entry_id", flat=True))
    of_kept = set(HistoryPayload.objects.filter(student=term.cast.student).values_list("entry_id", flat=True))
    about = set(HistoryEntry.objects.about(term.cast.student).values_list("id", flat=True))
    assert of_twin - of_kept
    assert about == of_twin | of_kept
    assert set(HistoryEntry.objects.about(twin).values_list("id", flat=True)) == of_twin


def test_history_is_whole_after_a_merge(term, twin, bare):
    confirmed(term.sheets["GDTC"], term.cast.homeroom_teacher)
    take_back_confirmation(by=fresh(term.cast.homeroom_teacher), sheet=term.sheets["GDTC"])
    typed(term.maths, twin, GK="6", TX1="9")
    record_cells(term, twin, RL="Khá")
    merge(term, term.cast.student, twin)
    merge(term, bare, term.cast.student)
    assert verify_history().faults == []
    assert ClassPeriod.objects.get().missing == 7
    assert Enrolment.objects.open().get(student=bare).school_class == term.cast.class_7a
