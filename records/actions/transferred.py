"""The clerk writes down what a student from outside brought of a finished term, corrects it, or takes it back.

Source: law.md §1.4 (who joined after học kì I: the old school's ĐTBmhkI is entered, with its source), §5.9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from hocbaso.lib.vietnamese import normal, short_date
from records.actions.arriving import recount
from records.models import ClassPeriod, MarkRow, MarkSheet, PeriodRecord, TransferredTerm
from records.permissions import closed_because, may_bring_term
from records.rules import signoff
from records.rules.cells import InvalidCell
from records.rules.columns import Column, NoColumns, homeroom_columns
from records.rules.results import SubjectResult
from records.rules.transferred import NOT_TAKEN, NOTHING_TAKEN, learning_remark, read_result, why_not_dated
from schools.actions.doubts import ask
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import CurriculumSubject, Enrolment, HomeroomAssignment, Period, SubjectEnrolment, User
from schools.models.recording import recorded
from schools.rules.levels import periods_of

LEAST_REASON = 10


@dataclass(frozen=True)
class Paper:
    """What the transfer paper says: ``subjects`` by code as typed ("7,9", "Đ") or NOT_TAKEN, conduct and learning as
    levels, absences in buổi, and the source."""

    subjects: Mapping[str, str]
    conduct: str
    learning: str
    excused: int
    unexcused: int
    from_school: str
    from_place: str
    document_number: str
    document_on: date
    reason: str


def bring_term(*, by: User, enrolment: Enrolment, period: Period, paper: Paper, confirmed: str = "") -> TransferredTerm:
    """Write down a term the student finished outside; from then on it counts as the term does, and nothing is typed
    into that term for the student. NotAllowed; WrongState when it cannot be brought (``why_not_brought``) or is there
    already; FaultyFields naming student, subject and rule, or the paper's day; NotConfirmed where the learning result
    does not follow from the subjects. Source: law.md §1.4, §5.9."""
    return _write(by, enrolment, period, paper, "bring_term", confirmed)


def correct_term(
    *,
    by: User,
    enrolment: Enrolment,
    period: Period,
    paper: Paper,
    edition: int,
    correction: str,
    withdrawn: bool = False,
    confirmed: str = "",
) -> TransferredTerm:
    """A new edition in the place of the one that was shown (``edition``), or taking it back (``withdrawn``); the old
    one stays. NotAllowed; WrongState, also when somebody was faster; FaultyFields; Refused without a reason."""
    if len(correction.strip()) < LEAST_REASON:
        raise FaultyFields({"correction": f"Hãy ghi lí do sửa (ít nhất {LEAST_REASON} kí tự)."})
    more = {"correction": correction.strip(), "withdrawn": withdrawn}
    return _write(by, enrolment, period, paper, "correct_term", confirmed, edition, more)


def _write(
    by: User, enrolment: Enrolment, period: Period, paper: Paper, action: str, confirmed: str, shown: int = 0,
    more: Mapping[str, Any] | None = None,
) -> TransferredTerm:  # fmt: skip
    if not may_bring_term(by, enrolment):
        raise NotAllowed
    subjects = _read_subjects(enrolment, paper)
    if not (more and more["withdrawn"]):
        ask(_doubts_about(enrolment, subjects, paper.learning), confirmed)
    chains = [("CLASS", enrolment.school_class_id)]
    with recorded(by, action, reason=_source_words(paper, more), chains=chains):
        if why := why_not_brought(enrolment, period):
            raise WrongState(why)
        newest = TransferredTerm.objects.newest().filter(student=enrolment.student_id, period=period).first()
        if (newest.edition if newest else 0) != shown:
            raise WrongState("Kết quả này vừa được ghi hoặc sửa ở nơi khác. Hãy tải lại trang rồi xem lại.")
        made = TransferredTerm.objects.create(
            student=enrolment.student, period=period, school_year=period.school_year, edition=shown + 1,
            school_class=enrolment.school_class, school=enrolment.school_class.school, by=by,
            **{**_texts(paper), "subjects": subjects}, **(more or {}),
        )  # fmt: skip
        recount(_open_grids(enrolment, period), by)
        return made


def _texts(paper: Paper) -> dict[str, Any]:
    return {name: normal(value) if isinstance(value, str) else value for name, value in asdict(paper).items()}


def _source_words(paper: Paper, more: Mapping[str, Any] | None) -> str:
    source = (
        f"{paper.from_school}, {paper.from_place}, giấy số {paper.document_number} ngày {short_date(paper.document_on)}"
    )
    return f"{more['correction']} ({source})" if more else f"{paper.reason} ({source})"


def asked_subjects(enrolment: Enrolment) -> QuerySet[CurriculumSubject]:
    """The subjects whose results are asked: those the student takes this year and is not exempt from, as printed."""
    taken = SubjectEnrolment.objects.open().filter(
        student=enrolment.student_id, school_year=enrolment.school_class.school_year_id, exempt=False
    )
    return CurriculumSubject.objects.of_class(enrolment.school_class).filter(subject__in=taken.values("subject"))


def _day_faults(paper: Paper) -> dict[str, str]:
    why = why_not_dated(paper.document_on, timezone.localdate())
    return {"document_on": why} if why else {}


def _read_subjects(enrolment: Enrolment, paper: Paper) -> dict[str, str]:
    read, faults, asked = {}, _day_faults(paper), list(asked_subjects(enrolment))
    if unasked := paper.subjects.keys() - {one.subject.code for one in asked}:
        raise Refused(f"{enrolment.student.full_name} không học {', '.join(sorted(unasked))} năm nay.")
    for one in asked:
        typed, code = paper.subjects.get(one.subject.code, ""), one.subject.code
        try:
            read[code] = NOT_TAKEN if typed == NOT_TAKEN else read_result(typed, one.kind)
        except InvalidCell as rule:
            faults[f"mon_{code}"] = f"{enrolment.student.full_name}, môn {one.subject.name}: {rule}."
    if not faults and all(value == NOT_TAKEN for value in read.values()):
        raise Refused(NOTHING_TAKEN)
    if faults:
        raise FaultyFields(faults)
    return read


def _doubts_about(enrolment: Enrolment, subjects: Mapping[str, str], level: str) -> dict[str, str]:
    results = [
        SubjectResult(code, one.kind, subjects[code], one.choice != CurriculumSubject.Choice.OPTIONAL)
        for one in asked_subjects(enrolment)
        if subjects.get(code := one.subject.code, NOT_TAKEN) != NOT_TAKEN
    ]
    remark = learning_remark(results, level) if any(one.counted for one in results) else ""
    return {"learning": remark} if remark else {}


# -- When -------------------------------------------------------------------------------------------------------------
def terms_to_bring(enrolment: Enrolment) -> list[Period]:
    """The terms of the class's year that a student can have finished elsewhere and still finish the year here: all but
    the last."""
    first, *_ = periods_of(enrolment.school_class.level)
    level, year = enrolment.school_class.level, enrolment.school_class.school_year
    return list(Period.objects.for_year(year).for_level(level).filter(code=first)) if _has_terms(enrolment) else []


def _has_terms(enrolment: Enrolment) -> bool:
    try:
        homeroom_columns(enrolment.school_class.rule_set)
    except NoColumns:
        return False
    return True


def why_not_brought(enrolment: Enrolment, period: Period) -> str:
    """Why results of this term cannot be brought, in Vietnamese; "" when they can (law.md §1.4, §5.9)."""
    student, school_class = enrolment.student, enrolment.school_class
    if enrolment.ends_on is not None:
        return f"{student} đã rời lớp {school_class}."
    if period not in terms_to_bring(enrolment):
        return f"{period.name} không phải kì mà kết quả ở trường cũ được tính tiếp trong năm học này."
    if school_class.school_year.closed_at is not None or _year_is_submitted(enrolment):
        return f"Lớp {school_class} đã nộp kết quả cả năm."
    if period.ends_on >= timezone.localdate():
        return f"{period.name} chưa kết thúc (hết ngày {short_date(period.ends_on)}): điểm được nhập ở sổ của lớp."
    if here := _here_at_the_end(enrolment, period):
        ended = f"Khi {period.name} kết thúc ({short_date(period.ends_on)})"
        return f"{ended}, {student} học lớp {here} của trường: kết quả kì này là của trường."
    return _own_words(enrolment, period)


def _here_at_the_end(enrolment: Enrolment, period: Period) -> str:
    stays = enrolment.student.enrolments.exclude(ending=Enrolment.Ending.MISTAKE)
    stay = stays.on(period.ends_on).filter(school_class__school=enrolment.school_class.school_id)
    found = stay.select_related("school_class").first()
    return str(found.school_class) if found else ""


def _year_is_submitted(enrolment: Enrolment) -> bool:
    last = periods_of(enrolment.school_class.level)[-2]
    begun = ClassPeriod.objects.filter(school_class=enrolment.school_class, period__code=last)
    return begun.exclude(state__in=signoff.WRITABLE).exists()


def _own_words(enrolment: Enrolment, period: Period) -> str:
    """Own results in the province count, and marks that the present class is writing."""
    wanted = {"student": enrolment.student, "period": period}
    result = ~Q(average=None, level="") | ~Q(cells={}) & Q(sheet__school_class=enrolment.school_class_id)
    rows = MarkRow.objects.filter(result, **wanted).exclude(sheet__in=_open_sheets(enrolment, period).values("id"))
    if row := rows.select_related("subject", "sheet__school_class__school").first():
        place = f"lớp {row.sheet.school_class}, {row.sheet.school_class.school}"
        return f"{enrolment.student} đã có điểm {row.subject}, {period.name} ở {place}: điểm đó được tính."
    closed = Q(class_period__school_class=enrolment.school_class_id) & ~Q(class_period__state__in=signoff.WRITABLE)
    if PeriodRecord.objects.filter(~Q(learning=None) | ~Q(cells={}) & closed, **wanted).exists():
        return (
            f"{enrolment.student} đã có kết quả rèn luyện, nghỉ học của {period.name} trong tỉnh: kết quả đó được tính."
        )
    return _strays_in_words(enrolment, period)


# -- What the present class has written meanwhile ---------------------------------------------------------------------
@dataclass(frozen=True)
class Stray:
    """Filled cells of the student in an open grid of the present class: “Toán: ô TX1, GK (Lê Thu Hà)”. ``sheet`` is
    where they stand, None for the homeroom teacher's part."""

    words: str
    sheet: MarkSheet | None = None


def strays_of(enrolment: Enrolment, period: Period) -> list[Stray]:
    """The cells that stand in the way of the old school's results and that their teachers can still clear: a mark
    typed for a newcomer by mistake (law.md §1.4)."""
    sheets = _open_sheets(enrolment, period).in_printed_order(enrolment.school_class).select_related("subject")
    rows = {row.sheet_id: row for row in MarkRow.objects.filter(student=enrolment.student, sheet__in=sheets)}
    told = [_stray(sheet, rows[sheet.pk]) for sheet in sheets if sheet.pk in rows and rows[sheet.pk].cells]
    record = PeriodRecord.objects.filter(
        student=enrolment.student, period=period, class_period__in=_open_class(enrolment, period)
    ).select_related("class_period")
    leads = HomeroomAssignment.objects.today().filter(school_class=enrolment.school_class).select_related("teacher")
    names = ", ".join(one.teacher.full_name for one in leads)
    return told + [
        Stray(f"phần chủ nhiệm: ô {_filled(one.class_period.scheme, one.cells)}{f' ({names})' if names else ''}")
        for one in record.exclude(cells={})
    ]


def _stray(sheet: MarkSheet, row: MarkRow) -> Stray:
    names = [one.teacher for one in sheet.around.teaching if not one.columns or one.columns & row.cells.keys()]
    who = f" ({', '.join(dict.fromkeys(names))})" if names else " (chưa phân công giáo viên)"
    return Stray(f"{sheet.subject}: ô {_filled(sheet.scheme, row.cells)}{who}", sheet)


def _filled(scheme: Sequence[Column], cells: Mapping[str, str]) -> str:
    return ", ".join(column.label for column in scheme if cells.get(column.code))


def _strays_in_words(enrolment: Enrolment, period: Period) -> str:
    strays = strays_of(enrolment, period)
    if not strays:
        return ""
    locked = next((why for one in strays if one.sheet and (why := closed_because(one.sheet))), "")
    return (
        f"Ở lớp {enrolment.school_class}, {period.name}, {enrolment.student} đang có "
        f"{'; '.join(one.words for one in strays)}. Nhờ giáo viên có tên trong ngoặc xóa các ô đó thì ghi được kết quả "
        f"trường cũ; không xóa thì điểm đó được tính.{f' Sổ đang khóa: {locked}' if locked else ''}"
    )


def _open_class(enrolment: Enrolment, period: Period) -> QuerySet[ClassPeriod]:
    return ClassPeriod.objects.open().filter(school_class=enrolment.school_class_id, period=period)


def _open_sheets(enrolment: Enrolment, period: Period) -> Any:
    sheets = MarkSheet.objects.filter(school_class=enrolment.school_class_id, period=period)
    return sheets.open_in(_open_class(enrolment, period))


def _open_grids(enrolment: Enrolment, period: Period) -> list[MarkSheet | ClassPeriod]:
    return [*_open_class(enrolment, period), *_open_sheets(enrolment, period)]
