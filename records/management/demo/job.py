"""The demo's classes brought to where they are to be, by the same actions people use; begun again, it goes on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from django.conf import settings

from records.actions.cells import MOST_OPERATIONS, Operation
from records.actions.homeroom import enter_records, submit_class
from records.actions.keys import give_key
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import approve_summary, issue_class, return_class, sign_off_class
from records.documents.authority import CERTIFICATE_FILE, LocalAuthority
from records.management.demo.processes import LOWER_SECONDARY, PRIMARY, UPPER_SECONDARY
from records.management.demo.remarks import COMPETENCE_REMARKS, HOMEROOM_REMARKS, REMARKS
from records.management.demo.summer import bring_summer
from records.models import ClassPeriod, GridRow, MarkSheet, PageVersion, SigningItem, SigningKey
from records.models.student_years import is_last_term, makes_page
from records.rules.columns import (
    DAYS,
    GENERAL_REMARK,
    LEVEL,
    MARK,
    PASS,
    SCORE,
    SPECIAL_REMARK,
    TEXT,
    TICK,
    TRAIT,
    Column,
)
from schools.models import (
    Enrolment,
    HomeroomAssignment,
    Period,
    RoleAssignment,
    School,
    SchoolClass,
    TeachingAssignment,
    User,
)

PIN = "246810"
LOW_SUBJECTS = ("TOAN", "KHTN")
RETURN_REASON = "Điểm giữa kì môn Toán của ba em khác bài kiểm tra, đề nghị xem lại"

BANKS = {GENERAL_REMARK: COMPETENCE_REMARKS, SPECIAL_REMARK: COMPETENCE_REMARKS}

# How far a class has come.
PARTLY, COMPLETE, RETURNED, BY_HOMEROOM, BY_PRINCIPAL, ISSUED = range(6)


@dataclass(frozen=True)
class Aim:
    """A class of this year (0) or last year (1), how far it is to be brought, the code of its school, and whether
    those who are in no class of this year had to be assessed again in summer."""

    class_name: str
    back: int
    period: str
    stage: int
    school: str = LOWER_SECONDARY
    low: bool = False


# One after another in a class: last year's two terms of 6A and 7A, which are 7A and 8A today.
AIMS: tuple[tuple[Aim, ...], ...] = (
    (
        Aim("6A", 1, "HK1", ISSUED, low=True), Aim("6A", 1, "HK2", ISSUED, low=True), Aim("7A", 0, "HK1", PARTLY),
    ),
    (Aim("7A", 1, "HK1", ISSUED), Aim("7A", 1, "HK2", ISSUED)),
    (Aim("8A", 0, "HK1", ISSUED), Aim("6B", 0, "HK1", COMPLETE)),
    (Aim("8B", 0, "HK1", BY_HOMEROOM), Aim("9A", 0, "HK1", BY_PRINCIPAL), Aim("7B", 0, "HK1", RETURNED)),
    (
        Aim("3B", 0, "GK1", BY_PRINCIPAL, PRIMARY), Aim("3B", 0, "CK1", ISSUED, PRIMARY),
        Aim("5A", 0, "GK1", BY_HOMEROOM, PRIMARY),
    ),
    (
        Aim("4A", 0, "GK1", BY_PRINCIPAL, PRIMARY), Aim("4A", 0, "CK1", PARTLY, PRIMARY),
        Aim("10A", 0, "HK1", PARTLY, UPPER_SECONDARY),
    ),
)  # fmt: skip


def bring(first_years: tuple[int, int], aims: tuple[Aim, ...]) -> None:
    """Bring classes to their aims, each from wherever it is."""
    for aim in aims:
        year = first_years[aim.back]
        school_class = SchoolClass.objects.select_related("school", "school_year").get(
            school__code=aim.school, school_year__first_year=year, name=aim.class_name
        )
        period = Period.objects.get(school_year=school_class.school_year, level=school_class.level, code=aim.period)
        class_period = prepare_class(by=None, school_class=school_class, period=period)
        if class_period is not None:
            _Work(ClassPeriod.objects.in_words().get(pk=class_period.pk), aim).do()


class _Work:
    """One class in one period, step by step; a step already done is passed over."""

    def __init__(self, class_period: ClassPeriod, aim: Aim) -> None:
        self.class_period = class_period
        self.aim = aim
        self.low: set[int] = set()
        self.rng = Random(f"{class_period.school_class}{aim.back}{aim.period}")  # noqa: S311 – marks for show

    def do(self) -> None:
        if self.now().is_writable and not self._was_returned():
            self._fill()
        if self.aim.stage == RETURNED:
            self._return()
        elif self.aim.stage >= BY_HOMEROOM:
            self._sign()
        if self.aim.low and is_last_term(self.class_period):
            bring_summer(self.now(), PIN)

    def now(self) -> ClassPeriod:
        self.class_period = ClassPeriod.objects.in_words().get(pk=self.class_period.pk)
        return self.class_period

    def _was_returned(self) -> bool:
        return self.class_period.state == ClassPeriod.State.RETURNED

    def _fill(self) -> None:
        sheets = list(MarkSheet.objects.of_class(self.class_period.school_class, self.class_period.period).in_words())
        ability = {row.student_id: self.rng.gauss(7.6, 1.1) for row in self.class_period.rows.all()}
        if self.aim.low:
            there = Enrolment.objects.open().filter(school_class=self.class_period.school_class)
            self.low = set(there.values_list("student", flat=True))
        for place, sheet in enumerate(sheets):
            share = 1.0 if self.aim.stage >= COMPLETE else (0.75, 0.5, 0.3)[place % 3]
            self._fill_sheet(sheet, ability, share)
        self._fill_records(ability, 1.0 if self.aim.stage >= COMPLETE else 0.4)
        if self.aim.stage > COMPLETE:
            submit_class(by=self._homeroom_teacher(), class_period=self.class_period)

    def _fill_sheet(self, sheet: MarkSheet, ability: dict[int, float], share: float) -> None:
        """Each teacher of the subject fills the own columns, and confirms a whole sheet."""
        teaching = TeachingAssignment.objects.today().filter(school_class=sheet.school_class, subject=sheet.subject)
        ties = list(teaching.select_related("teacher").order_by("id"))
        columns = sheet.scheme[: max(1, int(len(sheet.scheme) * share))]
        for tie in ties:
            own = [column for column in columns if not tie.columns or column.code in tie.columns]
            self._enter(sheet, tie.teacher, own, ability)
        sheet.refresh_from_db()
        if self.aim.stage >= COMPLETE and sheet.state == MarkSheet.State.OPEN:
            for tie in ties:
                confirm_sheet(by=tie.teacher, sheet=sheet, change_no=sheet.change_no)

    def _enter(self, sheet: MarkSheet, teacher: User, columns: list[Column], ability: dict[int, float]) -> None:
        low = self.low if sheet.subject.code in LOW_SUBJECTS else set()
        operations = [
            self._operation(row, column, 0.0 if row.student_id in low else ability[row.student_id])
            for column in columns
            for row in sheet.rows.in_order()
            if column.code not in row.cells
        ]
        for start in range(0, len(operations), MOST_OPERATIONS):
            some = operations[start : start + MOST_OPERATIONS]
            enter_marks(by=teacher, sheet=sheet, operations=some, method="demo")

    def _fill_records(self, ability: dict[int, float], share: float) -> None:
        rows = list(self.class_period.rows.in_order())
        operations = [
            self._operation(row, column, ability[row.student_id])
            for row in rows[: int(len(rows) * share)]
            for column in self.class_period.scheme
            if column.code not in row.cells and column.scale != TICK
        ]
        teacher = self._homeroom_teacher()
        for start in range(0, len(operations), MOST_OPERATIONS):
            some = operations[start : start + MOST_OPERATIONS]
            enter_records(by=teacher, class_period=self.class_period, operations=some, method="demo")

    def _operation(self, row: GridRow, column: Column, ability: float) -> Operation:
        return Operation(uuid4(), row.public_id, column.code, self._value(column, ability), "")

    def _value(self, column: Column, ability: float) -> str:
        if column.scale == MARK:
            return str(min(100, max(30, int((ability + self.rng.gauss(0, 0.7)) * 10))) / 10)
        if column.scale == PASS:
            return "D"
        if column.scale in {LEVEL, TRAIT}:
            return "T" if ability > 7 else "H" if column.scale == LEVEL else "D"
        if column.scale == SCORE:
            return str(min(10, max(5, int(ability + self.rng.gauss(0.8, 0.7)))))
        if column.scale == DAYS:
            return str(self.rng.choice((0, 0, 0, 1, 1, 2)) if column.code == "CP" else 0)
        if column.scale == TEXT:
            bank = BANKS.get(column.code) or (REMARKS if column.name == "Nhận xét" else HOMEROOM_REMARKS)
            return self.rng.choice(bank[0 if ability >= 8 else 1 if ability >= 6.5 else 2])
        return "TOT" if ability > 6.3 else "KHA"

    def _homeroom_teacher(self) -> User:
        return HomeroomAssignment.objects.today().get(school_class=self.class_period.school_class).teacher

    def _principal(self) -> User:
        return principal_of(self.class_period.school)

    def _clerk(self) -> User:
        return RoleAssignment.objects.today().get(school=self.class_period.school, role="VAN_THU").user

    def _return(self) -> None:
        if self.now().state == ClassPeriod.State.SUBMITTED:
            maths = MarkSheet.objects.get(
                school_class=self.class_period.school_class, period=self.class_period.period, subject__code="TOAN"
            )
            return_class(by=self._principal(), class_period=self.class_period, reason=RETURN_REASON, sheets=[maths])

    def _sign(self) -> None:
        if not makes_page(self.now()):
            if self.aim.stage >= BY_PRINCIPAL and self.class_period.state == ClassPeriod.State.SUBMITTED:
                approve_summary(
                    by=self._principal(), class_period=self.class_period, shown=self.class_period.last_move_id or 0
                )
            return
        for version in PageVersion.objects.of(self.now()):
            render_page(version)
        if self._waits(PageVersion.State.PREPARED):
            sign_as_homeroom(by=self._homeroom_teacher(), **self._shown())
        self._carry_out()
        if self.aim.stage >= BY_PRINCIPAL and self.now().state == ClassPeriod.State.SUBMITTED:
            sign_off_class(by=self._principal(), **self._shown())
        self._carry_out()
        if self.aim.stage >= ISSUED and self.now().state == ClassPeriod.State.SIGNED_OFF:
            issue_class(by=self._clerk(), **self._shown())
        self._carry_out()

    def _waits(self, state: str) -> bool:
        return PageVersion.objects.of(self.class_period).filter(state=state).exists()

    def _shown(self) -> dict[str, Any]:
        shown = {str(one.public_id): one.original_digest for one in PageVersion.objects.of(self.class_period)}
        return {"class_period": self.class_period, "pin": PIN, "shown": shown}

    def _carry_out(self) -> None:
        """What a worker would do with the orders; nobody waits for one here."""
        waiting = SigningItem.objects.filter(order__class_period=self.class_period, state=SigningItem.State.WAITING)
        for item in waiting.select_related("order__by", "order__key", "version"):
            done = carry_out(item)
            if done.state != SigningItem.State.DONE:
                raise RuntimeError(done.failure)


def principal_of(school: School) -> User:
    principal = RoleAssignment.objects.principal_of(school)
    if principal is None:
        raise LookupError(f"{school} has no principal")
    return principal


# -- Keys -------------------------------------------------------------------------------------------------------------
def local_authority() -> LocalAuthority:
    """The demo's certificate authority, made once; its key is encrypted under the installation's secret."""
    folder = Path(settings.AUTHORITY_DIR)
    passphrase = hashlib.sha256(settings.SECRETS_KEYS[0].encode()).hexdigest().encode()
    if (folder / CERTIFICATE_FILE).exists():
        return LocalAuthority.load(folder, passphrase)
    return LocalAuthority.make(folder, "CA thử nghiệm học bạ số", passphrase)


def give_keys(school: School) -> None:
    """Keys for the school's seal, its principal, and the homeroom teachers of its classes."""
    authority = local_authority()
    leaders = HomeroomAssignment.objects.today().filter(school_class__school=school).values("teacher")
    principal = principal_of(school)
    for holder in (school, principal, *User.objects.filter(pk__in=leaders).exclude(pk=principal.pk)):
        if not SigningKey.objects.usable().of_holder(holder).exists():
            give_key(by=None, holder=holder, pin=PIN, authority=authority)
