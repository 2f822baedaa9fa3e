"""Where everybody goes when a school year is over: which way a year's outcome leads, and the names of the new classes.

Sources: TT 22/2021/TT-BGDĐT Đ12–Đ14, TT 27/2020/TT-BGDĐT Đ11 (lên lớp, ở lại lớp, what waits for the summer). That 7A
goes on as 8A is how schools name classes (schools/rules/class_names.py), a proposal and no rule.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from records.rules.summer import TO_BE_DECIDED
from records.rules.tt22 import DANH_GIA_LAI, KHONG_LEN_LOP, LEN_LOP, REN_LUYEN_HE
from records.rules.tt27 import DANH_GIA_BO_SUNG, HOAN_THANH
from schools.rules.class_names import class_key, grade_of_name

UP: Final = "LEN_LOP"
AGAIN: Final = "O_LAI"
WAITS: Final = "CHO"

_WAYS: Final = {
    LEN_LOP: UP,
    HOAN_THANH: UP,
    KHONG_LEN_LOP: AGAIN,
    **dict.fromkeys((DANH_GIA_LAI, REN_LUYEN_HE, DANH_GIA_BO_SUNG, *TO_BE_DECIDED), WAITS),
}


def way_of(promotion: str) -> str:
    """UP for an outcome of the year by which a student goes on, AGAIN for one that stays in the grade, WAITS for one
    that the summer or the hiệu trưởng has still to decide (TT 22/2021/TT-BGDĐT Đ12–Đ14; TT 27/2020/TT-BGDĐT Đ11).
    ValueError for another word."""
    if promotion not in _WAYS:
        raise ValueError(f"“{promotion}” không phải là kết quả lên lớp.")
    return _WAYS[promotion]


@dataclass(frozen=True)
class Name:
    """A class as it is called, and its grade."""

    name: str
    grade_level: int


# A class that ends, and the way its students go: what a name is proposed for.
Going = tuple[str, str]


def next_name(name: str) -> str:
    """``8A`` of ``7A``, ``10 Anh 1`` of ``9 Anh 1``: the class that follows one when its students go up; "" for a name
    that does not begin with its grade (TT 22/2021 Đ12; TT 27/2020 Đ11)."""
    grade = grade_of_name(name)
    return re.sub(r"^[0-9]+", str(grade + 1), name) if grade is not None else ""


def proposed_names(ending: Iterable[Name], grades: Collection[int], there: Iterable[Name] = ()) -> Mapping[Going, str]:
    """For each class that ends and each way its students go, the name of the class of the next year, in the spelling of
    one that is ``there`` already: 7A goes on as 8A; who stays of 7A comes into the new 7A, or where there will be none
    into the first of the grade. "" where the school (``grades``) has no class to go on to (TT 22/2021 Đ12; TT 27/2020
    Đ11)."""
    classes = list(ending)
    known = {class_key(one.name): one for one in there}
    up = {one.name: next_name(one.name) if one.grade_level + 1 in grades else "" for one in classes}
    coming = [Name(up[one.name], one.grade_level + 1) for one in classes if up[one.name]]
    coming += [one for one in classes if is_intake(one.grade_level, grades)]
    for one in coming:
        known.setdefault(class_key(one.name), one)
    names: dict[Going, str] = {}
    for one in classes:
        names[one.name, UP] = known[class_key(up[one.name])].name if up[one.name] else ""
        names[one.name, AGAIN] = _for_who_stays(one, known)
    return names


def is_intake(grade_level: int, grades: Collection[int]) -> bool:
    """Whether a school (``grades``) takes its students into this grade from other schools (TT 22/2021 Đ12)."""
    return grade_level in grades and grade_level - 1 not in grades


def _for_who_stays(ending: Name, known: Mapping[str, Name]) -> str:
    same = known.get(class_key(ending.name))
    if same is not None:
        return same.name
    of_grade = sorted(one.name for one in known.values() if one.grade_level == ending.grade_level)
    return of_grade[0] if of_grade else ending.name
