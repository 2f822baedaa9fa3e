"""How the learning result is told: for each level what is met and what is missing, with the subjects by name.

Source: TT 22/2021/TT-BGDĐT Đ9.2, Đ9.3; the subjects' names by the curriculum (TT 32/2018, TT 13/2022/TT-BGDĐT).
"""

from dataclasses import dataclass
from decimal import Decimal

from records.rules.curriculum import names
from records.rules.steps import Step, one_place
from records.rules.tt22_codes import CIRCULAR, LEVEL_WORDS, LEVELS, SIX


@dataclass(frozen=True)
class Row:
    """A level of Đ9.2: every scored subject at least ``every``, six at least ``good``, and how many of the subjects
    assessed by remarks may be Chưa đạt."""

    level: str
    every: Decimal
    good: Decimal
    may_fail: int
    article: str


@dataclass(frozen=True)
class Finding:
    """How a student's subjects stand against a row: of ``scored`` subjects those ``below``, how many are ``good``,
    which of the others ``failed`` (Chưa đạt), and whether the row is ``met``."""

    row: Row
    scored: int
    below: tuple[str, ...]
    good: int
    failed: tuple[str, ...]
    met: bool


def found_step(finding: Finding) -> Step:
    """TT 22/2021/TT-BGDĐT Đ9.2: what makes a level, or what of it is missing."""
    word = LEVEL_WORDS[finding.row.level]
    if finding.met:
        return Step(f"Đủ điều kiện mức {word}: {_met(finding)}.", finding.row.article)
    return Step(f"Chưa đủ điều kiện mức {word}: {'; '.join(_missing(finding))}.", finding.row.article)


def level_step(word: str) -> Step:
    """TT 22/2021/TT-BGDĐT Đ9.2.d: the level of all other cases."""
    return Step(f"Không đủ điều kiện của mức nào ở trên: kết quả học tập ở mức {word}.", f"{CIRCULAR} Đ9.2.d")


def lifted_step(code: str, base: str, without: str, final: str, by_top_mark: bool) -> Step:
    """TT 22/2021/TT-BGDĐT Đ9.3: the one subject, the level without it, and the level that holds."""
    supposed = "Nếu môn {} đạt kết quả cao nhất" if by_top_mark else "Nếu không tính môn {}"
    lost = LEVELS.index(without) - LEVELS.index(base)
    text = (
        f"{supposed.format(names([code]))} thì kết quả học tập ở mức {LEVEL_WORDS[without]}, cao hơn {lost} mức. "
        f"Kết quả bị thấp xuống chỉ do một môn này nên được điều chỉnh từ {LEVEL_WORDS[base]} "
        f"lên mức liền kề: {LEVEL_WORDS[final]}."
    )
    return Step(text, f"{CIRCULAR} Đ9.3")


def _met(finding: Finding) -> str:
    row = finding.row
    marks = (
        f"cả {finding.scored} môn có điểm từ {one_place(row.every)} trở lên, "
        f"trong đó {finding.good} môn từ {one_place(row.good)} trở lên (cần ít nhất {SIX} môn)"
    )
    if finding.failed:
        return f"{marks}; chỉ {len(finding.failed)} môn Chưa đạt: {names(finding.failed)} (nhiều nhất {row.may_fail})"
    return f"{marks}; không có môn đánh giá bằng nhận xét nào Chưa đạt"


def _missing(finding: Finding) -> list[str]:
    row, parts = finding.row, []
    if finding.below:
        parts.append(f"{names(finding.below)} dưới {one_place(row.every)}")
    if finding.good < SIX:
        few = f"chỉ có {finding.good} môn" if finding.good else "không có môn nào"
        parts.append(f"{few} từ {one_place(row.good)} trở lên (cần ít nhất {SIX} môn)")
    if len(finding.failed) > row.may_fail:
        limit = f" (nhiều nhất {row.may_fail} môn)" if row.may_fail else ""
        parts.append(f"môn đánh giá bằng nhận xét Chưa đạt: {names(finding.failed)}{limit}")
    return parts
