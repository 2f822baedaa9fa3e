"""Which subjects a grade has under a rule set, in printed order, and what they are called.

Sources: TT 32/2018, TT 13/2022, TT 17/2025/TT-BGDĐT (tables of periods); law.md §3. The table itself is
schools/rules/gdpt2018.py, which the plan of teaching needs too.
"""

from collections.abc import Sequence

from schools.rules.gdpt2018 import SUBJECTS, Offering, offerings


class NoSubjects(LookupError):
    """This program knows no subjects for that rule set and grade."""


def subjects(rule_set: str, grade_level: int) -> list[Offering]:
    """The subjects of a grade with kind of assessment, annual periods and whether compulsory, elective or tự chọn, in
    the order of the form (TT 32/2018/TT-BGDĐT; law.md §3). NoSubjects for a rule set or a grade unknown."""
    found = [one for one in offerings() if (one.rule_set, one.grade_level) == (rule_set, grade_level)]
    if not found:
        raise NoSubjects(f"Chưa có chương trình khối {grade_level} theo {rule_set}.")
    return found


def names(codes: Sequence[str]) -> str:
    """Subjects by the names of the curriculum (TT 32/2018/TT-BGDĐT), each in quotes as some names have commas; an
    unknown code as it is."""
    return ", ".join(f"“{SUBJECTS.get(code, code)}”" for code in codes)
