"""The homeroom teacher writes conduct, absences and remarks, and submits the class."""

from collections.abc import Mapping, Sequence
from typing import Any

from records.actions.cells import MOST_OPERATIONS, Batch, Operation
from records.actions.pages import freeze_pages
from records.actions.preparing import lacks_rows, prepared
from records.actions.results import store_results
from records.actions.sheets import Saved, left_of, why_untrue
from records.models import CellOperation, ClassPeriod, MarkSheet, PeriodRecord, SignOff, TransferredTerm
from records.models.earlier import without_earlier_term
from records.models.lacking import without_result
from records.models.student_years import makes_page
from records.permissions import acts_by, homeroom_right, may_submit
from records.rules import signoff
from records.rules.columns import EXCUSED, UNEXCUSED, missing
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import CurriculumSubject, Student, TeachingAssignment, User
from schools.models.recording import recorded

BLOCKERS_TOLD = 3


def enter_records(
    *, by: User, class_period: ClassPeriod, operations: Sequence[Operation], method: str = "typed"
) -> Saved:
    """Write conduct, absences (buổi) and remarks of the class, cell by cell as ``enter_marks`` does. Refused above 500
    operations. Source: TT 22/2021 Đ8, Đ20."""
    if len(operations) > MOST_OPERATIONS:
        raise Refused(f"Mỗi lần gửi nhiều nhất {MOST_OPERATIONS} ô.")
    with recorded(by, "enter_records", method=method, chains=_chains(class_period)):
        current = locked(class_period)
        before = current.change_no
        rows = {row.public_id: row for row in _listed(current).written("class_period")}
        batch = Batch(current, rows, homeroom_right(by, current), by, brought=_brought(current))
        results = batch.run(operations)
        if batch.written:
            PeriodRecord.objects.save_cells(list(batch.changed.values()), ())
            CellOperation.objects.note(batch.written)
            _count(current, [row for row in rows.values() if row.student_id not in batch.brought])
    return Saved(results, before, current.change_no, {}, current.missing)


def no_absences(*, by: User, class_period: ClassPeriod) -> int:
    """Write 0 into every empty cell of absences: the homeroom teacher says so in one act, it is never assumed. Returns
    how many cells. NotAllowed when the cells are closed to the person. Source: law.md §1.4, §1.8."""
    with recorded(by, "no_absences", chains=_chains(class_period)):
        current = locked(class_period)
        right = homeroom_right(by, current)
        if not {EXCUSED, UNEXCUSED} <= right.columns:
            raise NotAllowed(right.reason)
        rows = list(_assessed(current))
        zeros = {EXCUSED: "0", UNEXCUSED: "0"}
        lacking = [row for row in rows if not zeros.keys() <= row.cells.keys()]
        filled = sum(len(zeros.keys() - row.cells.keys()) for row in lacking)
        for row in lacking:
            row.cells = {**zeros, **row.cells}
        PeriodRecord.objects.save_cells(lacking, ())
        _count(current, rows)
        return filled


def _listed(class_period: ClassPeriod) -> Any:
    """The rows of those on the class's list: who has left the class is written elsewhere."""
    return class_period.rows.filter(student__in=Student.objects.on_list_of(class_period.school_class))


def _assessed(class_period: ClassPeriod) -> Any:
    """Of them those who are assessed here: not those whose results of the period were brought (law.md §1.4)."""
    return _listed(class_period).exclude(student__in=TransferredTerm.objects.students_in(class_period.period_id))


def _brought(class_period: ClassPeriod) -> set[int]:
    return set(TransferredTerm.objects.students_in(class_period.period_id).values_list("student_id", flat=True))


def _count(class_period: ClassPeriod, rows: Sequence[PeriodRecord]) -> None:
    scheme = class_period.scheme
    class_period.missing = sum(len(missing(scheme, row.cells)) for row in rows)
    class_period.change_no += 1
    class_period.save(update_fields=["missing", "change_no"])


# -- Submitting -------------------------------------------------------------------------------------------------------
def submit_class(*, by: User, class_period: ClassPeriod) -> ClassPeriod:
    """Hand the class to the principal: results of the term (and of the year after its last term) are stored, and a page
    of every student is frozen, to be looked at and signed; in the middle of a term of tiểu học there is only the
    class's summary. NotAllowed; WrongState naming what is missing and where. Sources: TT 22/2021 Đ9, Đ20; TT 27/2020
    Đ10; law.md §5.4 (steps 1–3)."""
    with recorded(by, "submit_class", chains=_chains(class_period)):
        current = locked(class_period)
        if not current.is_writable:
            raise WrongState("Lớp đã nộp rồi.")
        if not may_submit(by, current):
            raise NotAllowed("Chỉ giáo viên chủ nhiệm nộp được lớp.")
        if lacks_rows(current.school_class, current.period):
            prepared(current.school_class, current.period, by)
            current = locked(class_period)
        refuse_unready(current)
        _refuse_untrue(current)
        results = store_results(current)
        move(current, by, signoff.SUBMITTED, signoff.HOMEROOM)
        if makes_page(current):
            freeze_pages(current, results, homeroom_teacher=by)
        return current


def move(
    class_period: ClassPeriod, by: User, after: str, role: str, *, reason: str = "", reopened: Sequence[int] = ()
) -> None:
    """Note the person's move, and by which delegation where it is the principal's, and take the class to the next
    state, inside the caller's transaction."""
    class_period.last_move = SignOff.objects.create(
        class_period=class_period, before=class_period.state, after=after, role=role, by=by, reason=reason,
        reopened=list(reopened), delegation=acts_by(by, class_period) if role == signoff.PRINCIPAL else None,
    )  # fmt: skip
    class_period.state = after
    class_period.save(update_fields=["state", "last_move"])


def refuse_unready(class_period: ClassPeriod) -> None:
    blockers = blockers_of(class_period)
    if blockers:
        more = f" … và {len(blockers) - BLOCKERS_TOLD} việc khác" if len(blockers) > BLOCKERS_TOLD else ""
        raise WrongState(f"Chưa nộp được lớp {class_period.school_class}: {'; '.join(blockers[:BLOCKERS_TOLD])}{more}.")


def _refuse_untrue(class_period: ClassPeriod) -> None:
    """Nothing is frozen from a sheet that is no longer what its teachers confirmed."""
    for sheet in MarkSheet.objects.of_class(class_period.school_class, class_period.period).in_words():
        if why := why_untrue(sheet):
            raise WrongState(f"Chưa nộp được lớp {class_period.school_class}: sổ {sheet.subject} {why}.")


def blockers_of(class_period: ClassPeriod) -> list[str]:
    """What keeps a class from being submitted, in words that name the subject and the person."""
    school_class = class_period.school_class
    sheets = {
        sheet.subject_id: sheet for sheet in MarkSheet.objects.of_class(school_class, class_period.period).in_words()
    }
    teaching: dict[int, list[TeachingAssignment]] = {}
    for assignment in TeachingAssignment.objects.today().filter(school_class=school_class).select_related("teacher"):
        teaching.setdefault(assignment.subject_id, []).append(assignment)
    told = []
    for subject in CurriculumSubject.objects.taken_in(school_class):
        sheet, ties = sheets.get(subject.subject_id), teaching.get(subject.subject_id, [])
        if sheet is not None and (left := _left_blocker(sheet, ties)):
            told.append(left)
            del sheets[subject.subject_id]  # told whole: who is without a result there is without those columns
        elif sheet is None or sheet.state != MarkSheet.State.CONFIRMED:
            told.append(_sheet_blocker(subject.subject.name, sheet, [tie.teacher.full_name for tie in ties]))
    told += _without_result(class_period, sheets)
    told += _without_earlier_term(class_period)
    if class_period.missing:
        told.append(f"phần chủ nhiệm còn {class_period.missing} ô trống")
    return told


def _without_result(class_period: ClassPeriod, sheets: Mapping[int, MarkSheet]) -> list[str]:
    """Who came into the class when a sheet had been confirmed already."""
    confirmed = [key for key, sheet in sheets.items() if sheet.state == MarkSheet.State.CONFIRMED]
    return [
        f"{taken.subject}: {taken.student} chưa có kết quả (sổ đã xác nhận, giáo viên rút xác nhận để nhập)"
        for taken in without_result(class_period, confirmed)
    ]


def _without_earlier_term(class_period: ClassPeriod) -> list[str]:
    """A later term builds on the one before: whose earlier term is still open, or was never written."""
    told: dict[str, list[str]] = {}
    for period, student in without_earlier_term(class_period):
        told.setdefault(period.name, []).append(student.full_name)
    on_list = Student.objects.on_list_of(class_period.school_class).count()
    return [
        f"{period} của lớp chưa nộp"
        if len(names) == on_list
        else f"{period} của {', '.join(names)} chưa nộp, cũng chưa có kết quả ở trường cũ"
        for period, names in told.items()
    ]


def _sheet_blocker(subject: str, sheet: MarkSheet | None, teachers: list[str]) -> str:
    if not teachers:
        return f"{subject} chưa phân công giáo viên"
    empty = f"còn {sheet.missing} ô trống, " if sheet is not None and sheet.missing else ""
    return f"{subject} {empty}chưa xác nhận ({', '.join(teachers)})"


def _left_blocker(sheet: MarkSheet, ties: Sequence[TeachingAssignment]) -> str:
    """Columns that nobody who teaches may write: neither their teachers nor a confirmation taken back fills them."""
    left, empty = left_of(sheet, [tie.columns for tie in ties])
    if not left:
        return ""
    confirmed = sheet.state == MarkSheet.State.CONFIRMED
    then = " (sổ đã xác nhận: giáo viên rút xác nhận trước)" if confirmed else ""
    return (
        f"{sheet.subject} còn {empty} ô trống chưa giao cho ai: văn thư phân công cột {left} rồi giáo viên nhập{then}"
    )


def locked(class_period: ClassPeriod) -> ClassPeriod:
    """The class's period as it is now, held until the end of the transaction."""
    current: ClassPeriod = ClassPeriod.objects.in_words().select_for_update(of=("self",)).get(pk=class_period.pk)
    return current


def _chains(class_period: ClassPeriod) -> list[tuple[str, int]]:
    return [("CLASS", class_period.school_class_id), ("SCHOOL", class_period.school_id)]
