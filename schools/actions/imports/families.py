"""Parents named in a list of students: one account a phone number, whoever's child it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hocbaso.lib.vietnamese import plain
from schools.actions.imports.known_students import Known
from schools.actions.imports.student_rows import ParentCells, StudentRow
from schools.models import ParentLink, Relation, Student, User

Fault = str


@dataclass(frozen=True)
class Tie:
    """A parent to be tied to a student: ``account`` is None while there is none for the phone number."""

    relation: Relation
    full_name: str
    phone: str
    account: User | None

    @property
    def words(self) -> str:
        account = "tài khoản đã có" if self.account else "tài khoản mới, chưa có mật khẩu"
        return f"{self.full_name}, {self.phone} ({account})"


def contradicting_phones(rows: Iterable[StudentRow]) -> dict[str, list[int]]:
    """Phone numbers that the list itself gives to people of different names, with the rows."""
    names: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for parent in row.parents:
            if parent.full_name:
                names[parent.phone].add(plain(parent.full_name))
                places[parent.phone].append(row.number)
    return {phone: sorted(set(places[phone])) for phone, found in names.items() if len(found) > 1}


def ties_of(row: StudentRow, student: Student | None, known: Known) -> tuple[list[Tie], list[Fault]]:
    """The ties the row asks for that are not there yet, and why one cannot be made."""
    ties: list[Tie] = []
    faults: list[Fault] = []
    links = known.links.get(student.pk, []) if student else []
    for parent in row.parents:
        named = parent.full_name or (str(getattr(student, _field(parent.relation))) if student else "")
        account = known.accounts.get(parent.phone)
        tied = next((link for link in links if account and link.parent_id == account.pk), None)
        fault = _fault(parent, named, account, tied, links, student)
        if fault:
            faults.append(fault)
        elif tied is None:
            ties.append(Tie(parent.relation, named, parent.phone, account))
    phones = [parent.phone for parent in row.parents]
    if len(set(phones)) < len(phones):
        faults.append("Một số điện thoại ghi cho hai người trong cùng một dòng.")
    return ties, faults


def _field(relation: Relation) -> str:
    return {"CHA": "father_name", "ME": "mother_name"}.get(relation, "guardian_name")


def _fault(
    parent: ParentCells,
    named: str,
    account: User | None,
    tied: ParentLink | None,
    links: list[ParentLink],
    student: Student | None,
) -> Fault:
    title = f"Số điện thoại {parent.relation.label.lower()} {parent.phone}"
    if not named:
        return f"{title} có mà không có họ tên."
    if account is not None and (fault := _unfit(account, named, student)):
        return f"{title} {fault}"
    if tied is not None:
        return "" if tied.relation == parent.relation else f"{title} đang là của {tied}. Sửa ở trang học sinh."
    other = next((link for link in links if link.relation == parent.relation != Relation.GUARDIAN), None)
    if other is not None:
        return f"{title}: học sinh đã có {other} với số khác. Đổi số hoặc thôi liên kết cũ ở trang học sinh trước."
    return ""


def _unfit(account: User, named: str, student: Student | None) -> Fault:
    if not account.is_active:
        return "là của một tài khoản đã khóa. Mở lại tài khoản ấy trước."
    if student is not None and account.pk == student.user_id:
        return "là của chính học sinh này."
    if plain(account.full_name) != plain(named):
        return "đã là của một tài khoản mang tên khác. Kiểm tra lại số; đúng là người ấy thì ghi như tên tài khoản."
    return ""
