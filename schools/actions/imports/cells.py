"""The cells of a row as values: each is read once, and what cannot be read is said once."""

from dataclasses import dataclass, field
from datetime import date

from schools.rules.headings import folded
from schools.rules.identity import is_personal_id, phone_number
from schools.rules.tables import TableRow
from schools.rules.vietnamese_dates import NotADay, day_of


@dataclass
class Cells:
    """A row being read; ``faults`` grows with every cell that makes no sense. An empty cell is no value and no
    fault: it changes nothing."""

    row: TableRow
    faults: list[str] = field(default_factory=list)

    def text(self, key: str, title: str = "", most: int = 255) -> str:
        found = self.row[key]
        if len(found) > most:
            self.faults.append(f"{title or key} dài quá {most} kí tự.")
            return ""
        return found

    def day(self, key: str, title: str) -> date | None:
        if not self.row[key]:
            return None
        try:
            return day_of(self.row[key])
        except NotADay as why:
            self.faults.append(f"{title}: {why}")
            return None

    def phone(self, key: str, title: str) -> str:
        typed = self.row[key]
        number = phone_number(typed) if typed else ""
        if number is None:
            lost = (
                " Excel đã bỏ mất số 0 ở đầu: đổi cột sang kiểu Text rồi ghi lại." if _has_lost_zero(typed, 9) else ""
            )
            self.faults.append(f"{title} “{typed}” không phải số di động 10 chữ số bắt đầu bằng 0.{lost}")
        return number or ""

    def personal_id(self) -> str:
        typed = self.row["personal_id"]
        if typed and not is_personal_id(typed):
            lost = (
                " Excel đã bỏ mất số 0 ở đầu: đổi cột sang kiểu Text rồi ghi lại đủ số."
                if _has_lost_zero(typed, 11, 10)
                else ""
            )
            self.faults.append(f"Số định danh cá nhân phải gồm đúng 12 chữ số; tệp ghi {len(typed)} kí tự.{lost}")
            return ""
        return typed

    def choice(self, key: str, title: str, choices: dict[str, str]) -> str:
        """The code of a choice by the words people use for it (already folded)."""
        typed = self.row[key]
        code = choices.get(folded(typed), "") if typed else ""
        if typed and not code:
            self.faults.append(f"{title} “{typed}” không có trong danh sách cho phép.")
        return code


def _has_lost_zero(typed: str, *lengths: int) -> bool:
    return typed.isdigit() and len(typed) in lengths
