"""What the summer adds to the page of a year: the first results stay, what was assessed again stands beside them
(TT 22/2021/TT-BGDĐT Đ13, Đ14, Phụ lục; TT 27/2020/TT-BGDĐT Đ11; law.md §1.8, §4.2)."""

from records.documents.snapshot_facts import Snapshot
from records.models import PageVersion
from records.models.summer_cases import SummerCase
from records.rules.summer import DECISION, QUALITY, SUBJECT, TEST, TRAINING


def with_summer(page: Snapshot, case: SummerCase) -> Snapshot:
    """The page of the year with a part “summer”: conduct and learning result after it (None where nothing was due), the
    outcome, the remark after training, the principal's decision with its basis, new tests and levels of phẩm chất,
    năng lực by code; and with each subject its new result."""
    outcome, written = case.outcome, case.written
    training, decision = case.newest.get((TRAINING, "")), case.newest.get((DECISION, ""))
    decided = decision is not None and case.promotion != outcome.promotion
    summer = {
        "conduct": outcome.conduct,
        "learning": outcome.learning,
        "promotion": case.promotion,
        "remark": training.note if training and training.value else "",
        "decision": {"basis": decision.note, "by": decision.by.full_name} if decision and decided else None,
        "tests": {code: value for (kind, code), value in written.items() if kind == TEST},
        "traits": {code: value for (kind, code), value in written.items() if kind == QUALITY},
    }
    subjects = [one | {"reassessed": written.get((SUBJECT, one["code"]))} for one in page["subjects"]]
    return page | {"kind": str(PageVersion.Kind.SUMMER), "subjects": subjects, "summer": summer}


def promotion_of(page: Snapshot) -> str:
    """What the year came to in the end, the summer in it; "" while the year is not closed (TT 22/2021 Đ12; TT 27/2020
    Đ11)."""
    if summer := page.get("summer"):
        return str(summer["promotion"])
    return str(page["year"]["promotion"]) if page["year"] else ""
