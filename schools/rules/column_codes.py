"""The columns of a subject's mark sheet by their codes: which there are, how schools write them in their lists, and how
the parts of a subject share them.

Source: TT 22/2021/TT-BGDĐT Đ6.2, Đ7 (regular results by the periods a year, giữa kì, cuối kì), Đ19 (all teachers of a
subject); law.md §1.1, §1.2. The sheets themselves are made by records/rules/columns.py; a test compares the two.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from schools.rules.headings import folded

REMARK: Final = "NX"
NAMES: Final[dict[str, str]] = {
    "TX1": "Thường xuyên 1",
    "TX2": "Thường xuyên 2",
    "TX3": "Thường xuyên 3",
    "TX4": "Thường xuyên 4",
    "GK": "Giữa kì",
    "CK": "Cuối kì",
    REMARK: "Nhận xét",
}
REGULAR: Final = ("TX1", "TX2", "TX3", "TX4")
TOPIC: Final = "CD"  # counts with the regular results; no part's own, as no subject with topics has parts
_ALL: Final = ("tất cả", "tất cả các cột", "mọi cột", "hết")
# Folded: “ĐĐGtx1”, “TX 1”, “điểm giữa kì”, “Cuối kỳ”; several in a row need no comma between them.
_ONE: Final = re.compile(
    r"(?:diem|ddg|kiemtra|kt)?(?:(?:tx|thuongxuyen)(?P<number>[1-9])|(?P<middle>gk|giuak[iy])|(?P<last>ck|cuoik[iy])"
    r"|(?P<remark>nx|nhanxet))"
)


def codes_of(rule_set: str, kind: str, annual_periods: int) -> tuple[str, ...]:
    """The codes of the columns of a subject that its teachers can share out, in their order (TT 22/2021 Đ6.2, Đ7); none
    at tiểu học, where level and test are of the whole subject (TT 27/2020 Đ7.1)."""
    if rule_set != "TT22-2021" or kind not in {"DIEM", "NHAN_XET"}:
        return ()
    regular = 2 if kind == "NHAN_XET" or annual_periods <= 35 else 3 if annual_periods <= 70 else 4
    return (*(f"TX{number}" for number in range(1, regular + 1)), "GK", "CK", REMARK)


def read_codes(text: str) -> list[str] | None:
    """The codes in a cell of a list, in its order: “TX1, TX2, GK”, “ĐĐGtx1; giữa kì”. None for “tất cả”: the part
    writes all columns. ValueError with the words that name no column."""
    if folded(text) in {folded(words) for words in _ALL}:
        return None
    codes: list[str] = []
    for words in filter(folded, re.split(r"[,;/+&\n]|\bvà\b", text)):
        at, said = 0, folded(words)
        while at < len(said):
            found = _ONE.match(said, at)
            if found is None:
                raise ValueError(words.strip())
            codes.append(_code(found))
            at = found.end()
    return list(dict.fromkeys(codes))


def _code(found: re.Match[str]) -> str:
    if found["number"]:
        return f"TX{found['number']}"
    return "GK" if found["middle"] else "CK" if found["last"] else REMARK


def in_order(codes: Collection[str]) -> list[str]:
    """Codes in the order of the sheet's columns; those it does not know come last."""
    known = [*REGULAR, TOPIC, *(code for code in NAMES if code not in REGULAR)]
    return sorted(set(codes), key=lambda code: (known.index(code) if code in known else len(known), code))


def codes_in_words(codes: Collection[str]) -> str:
    """“TX1, TX2, GK”; no codes are all columns."""
    return ", ".join(in_order(codes)) or "mọi cột"


def why_unshared(
    subject: str, parts: Sequence[str], taught: Mapping[str, Collection[str]], codes: Sequence[str]
) -> str:
    """Why the columns cannot be shared so, in Vietnamese; "" when they can. ``taught``: each part that has a teacher
    with its codes (none: all columns). Once one part has columns of its own each has; no column belongs to two; and
    when all parts have their teachers no column that must be filled is left to nobody (TT 22/2021 Đ6.2, Đ7, Đ19)."""
    if not any(taught.values()):
        return ""
    for own in taught.values():
        if unknown := [code for code in own if code not in codes]:
            return f"{subject} không có cột {codes_in_words(unknown)}."
    if bare := [part for part, own in taught.items() if not own]:
        return f"{subject}: đã chia cột thì phân môn nào cũng phải có cột; {', '.join(bare)} chưa có."
    for code in codes:
        claiming = [part for part, own in taught.items() if code in own]
        if len(claiming) > 1:
            return f"{subject}: cột {code} chỉ giao cho một phân môn, không giao cho cả {' và '.join(claiming)}."
    left = left_to_nobody(codes, taught.values())
    if left and set(parts) <= set(taught):
        return f"{subject}: cột {codes_in_words(left)} chưa giao cho phân môn nào."
    return ""


def left_to_nobody(codes: Sequence[str], written: Collection[Collection[str]]) -> list[str]:
    """The codes that must be filled and that nobody writes, ``written`` being the columns of each who teaches (none:
    all of them). Nobody at all lacks a teacher, not columns (TT 22/2021 Đ6.2, Đ7, Đ19)."""
    if not written or not all(written):
        return []
    return [code for code in codes if code != REMARK and not any(code in own for own in written)]


def lacks_in_words(
    parts: Sequence[str], taught: Sequence[tuple[str, Collection[str]]], codes: Sequence[str]
) -> list[str]:
    """What of a subject nobody teaches in a class, in Vietnamese; nothing when all of it is given. ``taught``: the part
    ("" for all of them) and the columns of each who teaches (TT 22/2021 Đ19; law.md §1.1)."""
    if not taught:
        return ["chưa có giáo viên"]
    given = {part for part, _ in taught}
    bare = [] if "" in given else [part for part in parts if part not in given]
    left = left_to_nobody(codes, [own for _, own in taught])
    told = [f"phân môn {', '.join(bare)} chưa có giáo viên"] if bare else []
    return told + ([f"cột {codes_in_words(left)} chưa giao cho ai"] if left else [])
