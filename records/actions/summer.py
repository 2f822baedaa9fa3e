"""The summer after a year that waits for it, one student at a time: what is assessed again, what the principal decides,
and the page that is made of it.

Sources: TT 22/2021/TT-BGDĐT Đ12–Đ14; TT 27/2020/TT-BGDĐT Đ11; law.md §1.8, §5.4; docs/decisions/0024-summer.md.
"""

from collections.abc import Mapping

from hocbaso.lib.vietnamese import normal
from records.actions.pages import freeze_summer_page
from records.actions.signing import order_signatures, unlocked_key
from records.models import ClassPeriod, PageVersion, SigningOrder, Slot, SummerEntry
from records.models.summer import PENDING
from records.models.summer_cases import SummerCase, summer_case
from records.permissions import acts_by, leads, may_sign_summer, may_write_item, signs_in, summer_is_open
from records.rules import signoff
from records.rules.cells import InvalidCell, read_remark
from records.rules.summer import DECISION, TRAINING, Item, read_again
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import Student, User
from schools.models.recording import recorded

LEAST_WORDS = 10
CHANGED = "Kết quả trong hè của {student} vừa được ghi ở nơi khác. Hãy tải lại trang rồi xem lại."
MADE = "Trang sau kì nghỉ hè của {student} đã lập: muốn sửa thì hiệu trưởng trả lại trước."


def write_item(
    *, by: User, class_period: ClassPeriod, student: Student, item: Item, typed: str, note: str = "", seen: int
) -> SummerEntry:
    """Write one result of the summer, the principal's decision with its basis, or take one back (nothing typed).
    ``seen`` is the number of the case's last entry when the person read it. NotAllowed; FaultyFields naming student,
    item and rule; WrongState where it is not due, its page is made, the window is closed or somebody was faster.
    Source: TT 22/2021 Đ13, Đ14; TT 27/2020 Đ11; law.md §8, no. 2."""
    with recorded(by, "write_summer", chains=_chain(class_period)):
        case = _open_case(class_period, student)
        if not may_write_item(by, case, item):
            raise NotAllowed
        if item not in case.due and item not in case.written:
            raise WrongState(f"{student}: việc này không phải làm trong hè.")
        if item[0] != DECISION and not summer_is_open(case.class_period):
            raise WrongState("Ngoài hạn nhập của kì nghỉ hè: chưa ghi được. Nhà trường mở hạn nhập “Trong hè” trước.")
        _refuse_overtaken(case, item, seen)
        value = _read(case, item, typed)
        return _added(case, by, *item, value=value, note=_noted(case, item, value, note))


def conclude(
    *, by: User, class_period: ClassPeriod, student: Student, seen: int, nothing_more: bool = False
) -> PageVersion:
    """Close a student's summer: what it comes to as it was shown (``seen``) is frozen as a new version of the year's
    page, to be signed. Where something due was not assessed again it counts as it was, which is to be said
    (``nothing_more``). NotAllowed; Refused when it was not; WrongState while something is still awaited. Source:
    TT 22/2021 Đ13, Đ14, Đ20; TT 27/2020 Đ11; law.md §5.4 (signed after the summer)."""
    with recorded(by, "conclude_summer", chains=_chain(class_period)):
        case = _open_case(class_period, student)
        if not leads(by, case.class_period):
            raise NotAllowed
        if case.last_entry != seen:
            raise WrongState(CHANGED.format(student=student))
        if why := why_not_concluded(case):
            raise WrongState(why)
        if case.not_assessed and not nothing_more:
            raise Refused(f"{student}: đánh dấu vào ô nói rằng em không đánh giá lại các mục chưa ghi, rồi chốt.")
        version = freeze_summer_page(case, homeroom_teacher=by)
        _added(case, by, SummerEntry.Kind.CONCLUDED, "", value=case.promotion, version=version)
        return version


def why_not_concluded(case: SummerCase) -> str:
    """What is still awaited, in Vietnamese; "" when the summer's result stands (TT 22/2021 Đ12–Đ14; TT 27/2020 Đ11)."""
    if (TRAINING, "") in case.not_assessed:
        return f"Chưa ghi kết quả rèn luyện trong hè của {case.student}."
    if (DECISION, "") in case.not_assessed:
        return f"Chưa có quyết định của hiệu trưởng về {case.student}."
    if case.promotion in PENDING:
        return f"{case.student} còn việc phải làm trong hè."
    return ""


def return_summer_page(*, by: User, class_period: ClassPeriod, student: Student, reason: str) -> SummerEntry:
    """The principal gives a page back that the principal has not signed: it is withdrawn, never used, and the summer is
    open again. NotAllowed; FaultyFields without a reason; WrongState. Source: TT 22/2021 Đ18."""
    words = normal(reason)
    if len(words) < LEAST_WORDS:
        raise FaultyFields({"reason": f"Hãy ghi lí do trả lại (ít nhất {LEAST_WORDS} kí tự)."})
    with recorded(by, "return_summer", reason=words, chains=_chain(class_period)):
        case = _locked_case(class_period, student)
        if not signs_in(by, case.class_period, Slot.PRINCIPAL):
            raise NotAllowed
        page = case.page
        if page is None or page.state not in (signoff.PREPARED, signoff.BY_HOMEROOM):
            raise WrongState(f"Không còn trang nào của {student} chờ duyệt để trả lại.")
        entry = _added(case, by, SummerEntry.Kind.RETURNED, "", note=words, version=page)
        PageVersion.objects.filter(pk=page.pk).update(state=PageVersion.State.WITHDRAWN)
        return entry


def sign_summer_page(
    *, by: User, class_period: ClassPeriod, student: Student, pin: str, shown: Mapping[str, str]
) -> SigningOrder:
    """Order the person's signature on the page made after the summer, in whichever slot it waits for: homeroom teacher,
    principal (who approves by it), then the school's seal, which issues it. NotAllowed; Refused (PIN, key); WrongState
    when the page moved on or is not what was shown. Source: law.md §5.4."""
    slot = _slot_of(by, summer_case(class_period, student))
    key = unlocked_key(by, class_period, slot, pin)
    with recorded(by, "order_signatures", chains=_chain(class_period)):
        case = _locked_case(class_period, student)
        if case.page is None or may_sign_summer(by, case) != slot:
            raise WrongState(f"Trang của {student} vừa chuyển sang bước khác. Hãy tải lại trang.")
        _refuse_overtaking(case.page)
        waiting = PageVersion.objects.filter(pk=case.page.pk).select_related("page__student")
        return order_signatures(by=by, class_period=case.class_period, slot=slot, shown=shown, key=key, pages=waiting)


def _slot_of(by: User, case: SummerCase | None) -> str:
    if case is None:
        raise NotAllowed
    if slot := may_sign_summer(by, case):
        return slot
    if any(signs_in(by, case.class_period, slot) for slot in Slot.values):
        raise WrongState(f"Trang của {case.student} không chờ bạn kí lúc này. Hãy tải lại trang.")
    raise NotAllowed


def _refuse_overtaking(page: PageVersion) -> None:
    """Versions of a page are issued in their order."""
    if page.state != PageVersion.State.BY_PRINCIPAL:
        return
    earlier = PageVersion.objects.before(PageVersion.objects.filter(pk=page.pk)).select_related("class_period__period")
    if (first := earlier.first()) is not None:
        raise WrongState(f"Trang {first.class_period.period.name} của em chưa được đóng dấu: phát hành trang ấy trước.")


# -- The case ---------------------------------------------------------------------------------------------------------
def _locked_case(class_period: ClassPeriod, student: Student) -> SummerCase:
    """The case as it is now; who writes of the class waits until the transaction ends."""
    current = ClassPeriod.objects.select_for_update(of=("self",)).in_words().get(pk=class_period.pk)
    case = summer_case(current, student) if current.state in signoff.CLOSED else None
    if case is None:
        raise WrongState(f"{student} không có việc phải làm trong hè, hoặc hiệu trưởng chưa duyệt kết quả của lớp.")
    if current.school_year.closed_at is not None:
        raise WrongState("Năm học đã đóng: không ghi được nữa.")
    return case


def _open_case(class_period: ClassPeriod, student: Student) -> SummerCase:
    case = _locked_case(class_period, student)
    if case.page is not None:
        raise WrongState(MADE.format(student=student))
    return case


def _refuse_overtaken(case: SummerCase, item: Item, seen: int) -> None:
    newest = case.newest.get(item)
    if newest is not None and newest.pk > seen:
        raise WrongState(CHANGED.format(student=case.student))


def _read(case: SummerCase, item: Item, typed: str) -> str:
    kind, code = item
    subject = case.subjects.get(code)
    try:
        return read_again(item, subject.kind if subject else "", typed, case.year.settings.lowest_score)
    except InvalidCell as rule:
        about = f"{SummerEntry.Kind(kind).label} {subject.subject.name if subject else ''}".strip()
        raise FaultyFields({"typed": f"{case.student}, {about}: {rule}."}) from rule


def _noted(case: SummerCase, item: Item, value: str, note: str) -> str:
    """The remark after training, or the basis that a decision is never without; nothing beside a subject's result."""
    words = normal(note)
    try:
        words = read_remark(words)
    except InvalidCell as rule:
        raise FaultyFields({"note": f"{case.student}: {rule}."}) from rule
    if item[0] == DECISION and value and len(words) < LEAST_WORDS:
        raise FaultyFields({"note": f"{case.student}: ghi căn cứ của quyết định (ít nhất {LEAST_WORDS} kí tự)."})
    return words if value and item[0] in (DECISION, TRAINING) else ""


def _added(
    case: SummerCase, by: User, kind: str, code: str, *, value: str = "", note: str = "",
    version: PageVersion | None = None,
) -> SummerEntry:  # fmt: skip
    as_principal = kind in (DECISION, SummerEntry.Kind.RETURNED)
    return SummerEntry.objects.create(
        student=case.student, school_year=case.class_period.school_year, school=case.class_period.school,
        school_class=case.class_period.school_class, class_period=case.class_period, kind=kind, code=code,
        value=value, note=note, version=version, by=by,
        delegation=acts_by(by, case.class_period) if as_principal else None,
    )  # fmt: skip


def _chain(class_period: ClassPeriod) -> list[tuple[str, int]]:
    return [("CLASS", class_period.school_class_id)]
