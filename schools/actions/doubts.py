"""What is asked about before it is written: it can be right, but seldom is. A remark refuses nothing for good: whoever
has seen it says so, and it is written as it stands."""

import hashlib
from collections.abc import Mapping, Sequence

from hocbaso.lib.vietnamese import short_date
from schools.actions.refusals import FaultyFields
from schools.models import Student
from schools.rules.ethnicities import ethnicity_remark
from schools.rules.identity import spelling_remark

NAMES = ("full_name", "father_name", "mother_name", "guardian_name")
FEW = 3


class NotConfirmed(FaultyFields):
    """Something is unusual and nobody has said yet that it is meant. ``faults``: field → what is unusual; ``seen``: the
    mark of exactly these remarks, with which they are confirmed."""

    def __init__(self, remarks: Mapping[str, str]) -> None:
        super().__init__(dict(remarks))
        self.seen = mark_of(remarks)


def ask(remarks: Mapping[str, str], confirmed: str) -> None:
    """NotConfirmed unless there is nothing to ask, or exactly this was confirmed."""
    if remarks and confirmed != mark_of(remarks):
        raise NotConfirmed(remarks)


def mark_of(remarks: Mapping[str, str]) -> str:
    """What stands for these remarks and no others."""
    return hashlib.sha256("\n".join(f"{name}: {words}" for name, words in sorted(remarks.items())).encode()).hexdigest()


def spelling_remarks(student: Student) -> dict[str, str]:
    """What is odd in how page 1 is spelled, by field (law.md §4.1–4.3)."""
    remarks = {name: spelling_remark(getattr(student, name)) for name in NAMES}
    remarks["ethnicity"] = ethnicity_remark(student.ethnicity)
    return {name: words for name, words in remarks.items() if words}


def namesake_remark(student: Student, others: Sequence[str], count: int) -> str:
    """Empty without others; else that there are so many others of this name and day of birth, the first of them in
    words like “mã 0123, lớp 7A”: one student has one record (law.md §5.6)."""
    if not count:
        return ""
    more = f" và {count - FEW} nữa" if count > FEW else ""
    return (
        f"Cùng họ tên và ngày sinh {short_date(student.born_on)} với: {'; '.join(others[:FEW])}{more}. "
        "Một học sinh chỉ có một hồ sơ; đúng là hai em thì mới ghi."
    )
