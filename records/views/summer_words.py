"""The items of a student's summer in the words of the screen."""

from dataclasses import dataclass

from records import permissions
from records.documents.words import PROMOTIONS, shown_value
from records.forms.summer import ItemForm
from records.models import SummerEntry
from records.models.summer_cases import SummerCase
from records.rules import tt27
from records.rules.cells import CONDUCT_WORDS, shown_cell
from records.rules.explained import explained_learning, explained_promotion
from records.rules.explained_tt27 import explained_completion, explained_result
from records.rules.steps import Step
from records.rules.summer import DECISION, QUALITY, SUBJECT, TEST, TRAINING, Item
from records.rules.tt22_summer import with_new_results
from records.rules.tt27_summer import with_new_levels
from schools.models import User


@dataclass(frozen=True)
class ShownItem:
    """A thing due in the summer: what it is called, what stood at the end of the year, what counts now and who wrote
    it, who has to write it; and the form, where it is this person's to write now."""

    item: Item
    name: str
    first: str
    now: str
    entry: SummerEntry | None
    whose: str
    form: ItemForm | None

    @property
    def key(self) -> str:
        return "-".join(self.item).lower().rstrip("-")


WHOSE = {
    SUBJECT: "giáo viên môn học", TEST: "giáo viên môn học", QUALITY: "giáo viên chủ nhiệm",
    TRAINING: "giáo viên chủ nhiệm", DECISION: "hiệu trưởng",
}  # fmt: skip


def item_name(case: SummerCase, item: Item) -> str:
    """“Toán”, “Toán, bài kiểm tra”, “Chăm chỉ”, “Rèn luyện trong hè”."""
    kind, code = item
    if kind == TRAINING:
        return "Rèn luyện trong hè"
    if kind == DECISION:
        return "Quyết định của hiệu trưởng"
    if kind == QUALITY:
        return tt27.traits(case.class_period.school_class.grade_level)[code]
    name = case.subjects[code].subject.name
    return f"{name}, bài kiểm tra" if kind == TEST else name


def item_value(case: SummerCase, item: Item, value: str) -> str:
    """A stored value in words; "" for none."""
    kind, _code = item
    if not value or kind == TEST:
        return value
    if kind == TRAINING:
        return CONDUCT_WORDS[value]
    if kind == DECISION:
        return PROMOTIONS[value]
    return tt27.TRAIT_WORDS[value] if kind == QUALITY else shown_value(value)


def shown_items(case: SummerCase, user: User, bound: ItemForm | None = None) -> list[ShownItem]:
    """What the person may see of what is due: all of it, or the own subject's; ``bound`` is the form that was sent and
    refused, in its place with what was typed."""
    whole = permissions.sees_whole_case(user, case.class_period)
    mine = permissions.taught_codes(user, case.class_period)
    seen = [item for item in case.due if whole or (item[0] in (SUBJECT, TEST) and item[1] in mine)]
    return [_shown(case, user, item, bound) for item in seen]


def _shown(case: SummerCase, user: User, item: Item, bound: ItemForm | None) -> ShownItem:
    entry = case.newest.get(item)
    entry = entry if entry and entry.value else None
    form = None
    if may_write_now(case, user, item):
        form = bound if bound is not None and bound.item == item else item_form(case, item)
    return ShownItem(
        item,
        item_name(case, item),
        item_value(case, item, case.first_result(item)),
        item_value(case, item, entry.value) if entry else "",
        entry,
        WHOSE[item[0]],
        form,
    )


def may_write_now(case: SummerCase, user: User, item: Item) -> bool:
    """While the page is not made, and for results an entry window of the summer is open."""
    if case.page is not None or case.class_period.school_year.closed_at is not None:
        return False
    is_open = item[0] == DECISION or permissions.summer_is_open(case.class_period)
    return is_open and permissions.may_write_item(user, case, item)


def item_form(case: SummerCase, item: Item, data: object = None) -> ItemForm:
    """The form of an item, beginning with what is written now."""
    subject = case.subjects.get(item[1])
    entry = case.newest.get(item)
    kind = subject.kind if subject else ""
    return ItemForm(
        data, item=item, subject_kind=kind, label=_asked(case, item),
        began=_began(item, kind, entry.value if entry else ""), note=entry.note if entry else "",
    )  # fmt: skip


def _asked(case: SummerCase, item: Item) -> str:
    if item[0] in (TRAINING, DECISION):
        return item_name(case, item)
    return f"{item_name(case, item)}: kết quả đánh giá lại"


def _began(item: Item, subject_kind: str, value: str) -> str:
    """As it is typed: 5,5; Đ; a code of the others."""
    if item[0] == SUBJECT and subject_kind != "MUC":
        return shown_cell(value, "DIEM" if subject_kind == "DIEM" else "DAT")
    return value


def why_now(case: SummerCase) -> list[Step]:
    """Why the year comes to what it does with what is written now: the learning result, then lên lớp; nothing of what
    the principal decides (TT 22/2021 Đ9, Đ12–Đ14; TT 27/2020 Đ9, Đ11)."""
    outcome = case.outcome
    level = str(outcome.learning["final"]) if outcome.learning else None
    if case.is_primary:
        levels = with_new_levels(*case.year_end, case.written)
        result = explained_result(*levels, tt27.year_result(*levels))
        completed = explained_completion(case.record.learning["final"], outcome.promotion, level)
        return [*result.steps, *completed.steps]
    record, anew = case.record, with_new_results(case.results, case.written)
    learning = explained_learning(anew, level, case.year.settings.adjustment).steps if level else ()
    after = (outcome.conduct, level)
    promoted = explained_promotion(
        record.conduct, record.learning["final"], record.absences, outcome.promotion, *after
    )  # fmt: skip
    return [*learning, *promoted.steps]
