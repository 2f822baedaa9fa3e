"""The demo's summer after last year: one student has been assessed again and has the page, the other still waits."""

from datetime import timedelta

from django.utils import timezone

from records.actions.pages import render_page
from records.actions.signing import carry_out
from records.actions.summer import conclude, sign_summer_page, write_item
from records.models import ClassPeriod, PageVersion
from records.models.summer_cases import SummerCase, summer_case
from records.models.summer_lists import held_in
from records.rules.summer import SUBJECT
from records.rules.tt22 import DANH_GIA_LAI
from schools.models import EntryWindow, HomeroomAssignment, Period, RoleAssignment, Student, TeachingAssignment, User
from schools.models.recording import recorded

AGAIN = "6,0"


def bring_summer(class_period: ClassPeriod, pin: str) -> None:
    """The first student on the list who waits comes to an issued page; begun again, it goes on."""
    _open_window(class_period)
    waiting = held_in(ClassPeriod.objects.filter(pk=class_period.pk)).filter(promotion=DANH_GIA_LAI)
    if waiting.count() < 2:  # the first of the two is done
        return
    student = waiting[0].student
    case = _case(class_period, student)
    if case.page is None:
        for item in case.due:
            if item[0] == SUBJECT and item not in case.written:
                by = _teacher(class_period, item[1])
                seen = _case(class_period, student).last_entry
                write_item(by=by, class_period=class_period, student=student, item=item, typed=AGAIN, seen=seen)
        seen = _case(class_period, student).last_entry
        conclude(by=_leader(class_period), class_period=class_period, student=student, seen=seen)
    _sign(class_period, student, pin)


def _sign(class_period: ClassPeriod, student: Student, pin: str) -> None:
    school = class_period.school
    principal = RoleAssignment.objects.principal_of(school)
    clerk = RoleAssignment.objects.today().get(school=school, role="VAN_THU").user
    for state, by in (
        (PageVersion.State.PREPARED, _leader(class_period)),
        (PageVersion.State.BY_HOMEROOM, principal),
        (PageVersion.State.BY_PRINCIPAL, clerk),
    ):
        page = _case(class_period, student).page
        if page is None or by is None or page.state != state:
            continue
        shown = {str(page.public_id): render_page(page).original_digest}
        order = sign_summer_page(by=by, class_period=class_period, student=student, pin=pin, shown=shown)
        for item in order.items.select_related("order__by", "order__key", "order__delegation__grantor", "version"):
            carry_out(item)


def _open_window(class_period: ClassPeriod) -> None:
    period = Period.objects.get(
        school_year=class_period.school_year, level=class_period.school_class.level, code="HE"
    )  # fmt: skip
    if EntryWindow.objects.filter(school=class_period.school, period=period).exists():
        return
    now = timezone.now()
    with recorded(None, "demo", method="demo", reason="Dữ liệu mẫu"):
        EntryWindow.objects.create(
            school=class_period.school, period=period, opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30), reason="Ghi kết quả trong hè (dữ liệu mẫu)",
        )  # fmt: skip


def _case(class_period: ClassPeriod, student: Student) -> SummerCase:
    case = summer_case(ClassPeriod.objects.in_words().get(pk=class_period.pk), student)
    if case is None:
        raise LookupError(f"{student} waits for no summer")
    return case


def _teacher(class_period: ClassPeriod, code: str) -> User:
    ties = TeachingAssignment.objects.today().filter(school_class=class_period.school_class, subject__code=code)
    return ties.select_related("teacher").order_by("id")[0].teacher


def _leader(class_period: ClassPeriod) -> User:
    return HomeroomAssignment.objects.today().get(school_class=class_period.school_class).teacher
