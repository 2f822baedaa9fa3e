"""What a transfer paper says of a term finished at another school: read as it stands, taken or refused, never rounded.

Sources: TT 22/2021/TT-BGDĐT Đ5.3, Đ8, Đ9.1, Đ9.2 (scales of a term's results); law.md §1.4 (who joined after học kì I
brings the old school's ĐTBmhkI, with its source), §5.9.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from records.rules.cells import InvalidCell, read_cell
from records.rules.columns import MARK, PASS, Column
from records.rules.results import SCORED, SubjectResult, learning
from records.rules.tt22 import LEVEL_WORDS

NOT_TAKEN: Final = "KHONG_HOC"
NOTHING_TAKEN: Final = "Giấy chuyển trường phải có kết quả của ít nhất một môn."
MOST_ABSENCES: Final = 200

_TENTH: Final = Decimal("0.1")


def read_result(typed: str, kind: str) -> str:
    """A subject's result of a term as it is stored: "7.9" or "8.0" (thang 10, always one place) of a scored subject,
    "D" or "CD" of one assessed by remarks. InvalidCell with the rule in Vietnamese, also for an empty text: what the
    paper does not say is said to be ``NOT_TAKEN``, never left empty (TT 22/2021 Đ5.3, Đ9.1)."""
    scale = MARK if kind == SCORED else PASS
    value = read_cell(typed, Column("HK", "HK", "Kết quả học kì", scale))
    if not value:
        raise InvalidCell("ghi kết quả như trên giấy chuyển trường, hoặc chọn “Không học môn này ở trường cũ”")
    return str(Decimal(value).quantize(_TENTH)) if scale == MARK else value


def why_not_dated(document_on: date, today: date) -> str:
    """Why the paper cannot be of that day, in Vietnamese; "" when it can: what has not been issued is no source
    (law.md §1.4)."""
    if document_on <= today:
        return ""
    return f"Ngày {document_on:%d/%m/%Y} chưa đến: ghi ngày in trên giấy chuyển trường."


def learning_remark(results: Sequence[SubjectResult], level: str) -> str:
    """What is asked when the paper's learning result is not the one its subjects come to, in Vietnamese; "" when it is.
    The paper may be right: the old school counted subjects that are not asked here (TT 22/2021 Đ9.2, Đ9.3)."""
    reckoned = learning(results).final
    if reckoned == level:
        return ""
    return (
        f"Theo các môn đã ghi thì kết quả học tập là {LEVEL_WORDS[reckoned]}, còn ở đây ghi {LEVEL_WORDS[level]}: "
        "hãy đối chiếu lại từng môn và mức này với giấy chuyển trường."
    )
