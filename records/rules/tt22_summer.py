"""The summer after a year of THCS or THPT: which subjects are assessed again, and what the year comes to with them.

Sources: TT 22/2021/TT-BGDĐT Đ12, Đ13, Đ14; law.md §1.8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from records.rules.results import SubjectResult, counted_mappings, learning
from records.rules.summer import SUBJECT, TRAINING, AfterSummer, Item
from records.rules.tt22 import CHUA_DAT, promotion, reassessable
from records.rules.tt22_learning import USUAL, AdjustmentSettings


def due_in_summer(conduct: str, learning_level: str, results: Sequence[SubjectResult]) -> list[Item]:
    """TT 22/2021/TT-BGDĐT Đ13, Đ14: what is before a student by the year's levels and the subjects' results of the
    year: rèn luyện in summer where conduct is CHUA_DAT; where the learning result is, the subjects that may be assessed
    again, not all of which need be."""
    training = [(TRAINING, "")] if conduct == CHUA_DAT else []
    subjects = reassessable(*counted_mappings(results)) if learning_level == CHUA_DAT else []
    return training + [(SUBJECT, code) for code in subjects]


def with_new_results(results: Sequence[SubjectResult], entries: Mapping[Item, str]) -> list[SubjectResult]:
    """TT 22/2021/TT-BGDĐT Đ14: the subjects with the new result in the place of the year's, where there is one."""
    return [replace(one, value=entries.get((SUBJECT, one.subject)) or one.value) for one in results]


def after_summer(
    conduct: str, learning_level: str, results: Sequence[SubjectResult], absences: int, entries: Mapping[Item, str],
    settings: AdjustmentSettings = USUAL,
) -> AfterSummer:  # fmt: skip
    """TT 22/2021/TT-BGDĐT Đ12–Đ14: the year with the summer's entries: conduct after training; the learning result
    anew by Đ9.2 and Đ9.3 from the new results in the place of the old; and lên lớp. Subjects without a new result count
    as they were. HOI_DONG stays for people to decide. ValueError as ``promotion`` and ``learning``."""
    again = entries.get((TRAINING, "")) or None
    anew = learning(with_new_results(results, entries), settings) if learning_level == CHUA_DAT else None
    outcome = promotion(conduct, learning_level, absences, again, anew.final if anew else None)
    return AfterSummer(again, asdict(anew) if anew else None, outcome)
