"""The principal returns or signs off a class; the clerk seals and issues it."""

from collections.abc import Mapping, Sequence

from records.actions.homeroom import locked, move
from records.actions.sheets import reopen_sheets
from records.actions.signing import order_signatures, unlocked_key
from records.models import ClassPeriod, MarkSheet, PageVersion, SigningOrder, Slot
from records.models.earlier import submitted_later
from records.permissions import may_decide, may_issue
from records.rules import signoff
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import User
from schools.models.recording import recorded

LEAST_REASON = 10


def return_class(*, by: User, class_period: ClassPeriod, reason: str, sheets: Sequence[MarkSheet]) -> ClassPeriod:
    """Give a submitted class back with a reason of at least ten characters, naming the sheets to be opened again; its
    pages are withdrawn and never used. NotAllowed; Refused; WrongState. Source: TT 22/2021 Đ18; house.md §5."""
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Hãy ghi lí do trả lại (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "return_class", reason=reason.strip(), chains=_chain(class_period)):
        current = _to_be_decided(by, class_period)
        if later := submitted_later(current):
            raise WrongState(f"{later.period.name} đã nộp, dựa trên kết quả kì này: trả lại {later.period.name} trước.")
        chosen = list(
            MarkSheet.objects.of_class(current.school_class, current.period).filter(pk__in=[s.pk for s in sheets])
        )
        move(current, by, signoff.RETURNED, signoff.PRINCIPAL, reason=reason.strip(), reopened=[s.pk for s in chosen])
        reopen_sheets(chosen)
        PageVersion.objects.of(current).update(state=PageVersion.State.WITHDRAWN)
        return current


def sign_off_class(*, by: User, class_period: ClassPeriod, pin: str, shown: Mapping[str, str]) -> SigningOrder:
    """Approve a class and sign every page of it, all of which the homeroom teacher has signed and the principal was
    shown. NotAllowed; Refused (PIN, key); WrongState. Source: TT 22/2021 Đ18; law.md §5.4 step 4."""
    if not may_decide(by, class_period):
        raise NotAllowed
    key = unlocked_key(by, class_period, Slot.PRINCIPAL, pin)
    with recorded(by, "sign_off_class", chains=_chain(class_period)):
        current = _to_be_decided(by, class_period)
        _refuse_waiting(current, PageVersion.State.BY_HOMEROOM, "giáo viên chủ nhiệm kí")
        move(current, by, signoff.SIGNED_OFF, signoff.PRINCIPAL)
        return order_signatures(by=by, class_period=current, slot=Slot.PRINCIPAL, shown=shown, key=key)


def approve_summary(*, by: User, class_period: ClassPeriod, shown: int) -> ClassPeriod:
    """Approve a class of which no page is made, so that nothing is signed: in the middle of a term of tiểu học its
    summary, or one in which everybody waits for the summer. ``shown`` is the class's last move when the person saw it.
    NotAllowed; WrongState where it is not submitted, was returned and submitted again meanwhile, or has pages to be
    signed. Source: TT 27/2020 Đ10; TT 22/2021 Đ18."""
    with recorded(by, "approve_summary", chains=_chain(class_period)):
        current = _to_be_decided(by, class_period)
        if PageVersion.objects.of(current).exists():
            raise WrongState("Kì này có trang học bạ: hiệu trưởng duyệt bằng cách kí các trang.")
        if current.last_move_id != shown:
            raise WrongState("Lớp đã nộp lại sau khi bạn mở trang. Hãy xem lại bảng tổng hợp rồi duyệt.")
        move(current, by, signoff.SIGNED_OFF, signoff.PRINCIPAL)
        return current


def issue_class(*, by: User, class_period: ClassPeriod, pin: str, shown: Mapping[str, str]) -> SigningOrder:
    """Seal every page of a signed-off class with the school's seal, which issues them. NotAllowed; Refused; WrongState.
    Source: law.md §5.4 step 5, §6.1 (the clerk holds the organisation's certificate)."""
    if not may_issue(by, class_period):
        raise NotAllowed
    key = unlocked_key(by, class_period, Slot.SEAL, pin)
    with recorded(by, "issue_class", chains=_chain(class_period)):
        current = locked(class_period)
        if not may_issue(by, current):
            raise WrongState("Lớp vừa chuyển sang trạng thái khác. Hãy tải lại trang.")
        _refuse_waiting(current, PageVersion.State.BY_PRINCIPAL, "hiệu trưởng kí")
        _refuse_overtaking(current)
        move(current, by, signoff.ISSUED, signoff.CLERK)
        return order_signatures(by=by, class_period=current, slot=Slot.SEAL, shown=shown, key=key)


def _to_be_decided(by: User, class_period: ClassPeriod) -> ClassPeriod:
    current = locked(class_period)
    if current.state != ClassPeriod.State.SUBMITTED:
        raise WrongState("Lớp này không còn ở trạng thái chờ duyệt. Hãy tải lại trang.")
    if not may_decide(by, current):
        raise NotAllowed
    return current


def _refuse_waiting(class_period: ClassPeriod, state: str, by_whom: str) -> None:
    waiting = PageVersion.objects.of(class_period).exclude(state=state).select_related("page__student")
    first = waiting.first()
    if first is not None:
        raise WrongState(f"Còn {waiting.count()} trang chưa được {by_whom}, đầu tiên là của {first.page.student}.")


def _refuse_overtaking(class_period: ClassPeriod) -> None:
    """Versions of a page are issued in their order, so that only the newest is ever the valid one."""
    earlier = PageVersion.objects.before(PageVersion.objects.of(class_period))
    first = earlier.select_related("page__student", "class_period__period", "class_period__school_class").first()
    if first is not None:
        raise WrongState(
            f"Trang {first.class_period.period.name} của {first.page.student} (lớp {first.class_period.school_class}) "
            "chưa được đóng dấu: phát hành trang ấy trước."
        )


def _chain(class_period: ClassPeriod) -> list[tuple[str, int]]:
    return [("CLASS", class_period.school_class_id)]
