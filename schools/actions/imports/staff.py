"""The plan of a list of staff: accounts and roles in one school."""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone

from hocbaso.lib.vietnamese import plain
from schools.actions.imports.cells import Cells
from schools.actions.imports.new_accounts import add_accounts
from schools.actions.imports.plans import Change, Outcome, Plan, Remark, facts_of, repeated, result_of, rows_in_words
from schools.models import Role, RoleAssignment, School, User
from schools.models.people import SCHOOL_ROLES
from schools.rules.identity import is_person_name, masked, spelling_remark
from schools.rules.tables import Table, TableRow

ROLES = {
    "giaovien": Role.TEACHER, "gv": Role.TEACHER, "phohieutruong": Role.VICE_PRINCIPAL, "pht": Role.VICE_PRINCIPAL,
    "hieutruong": Role.PRINCIPAL, "ht": Role.PRINCIPAL, "vanthu": Role.CLERK, "nhanvienvanthu": Role.CLERK,
}  # fmt: skip
APPOINTED_BY_CLERK = frozenset({Role.TEACHER, Role.VICE_PRINCIPAL})
FIELDS = {
    "full_name": "Họ và tên",
    "phone": "Số điện thoại",
    "email": "Thư điện tử",
    "personal_id": "Số định danh cá nhân",
    "staff_code": "Mã định danh ngành",
}


@dataclass
class StaffRow:
    number: int
    values: dict[str, Any]
    role: str
    faults: list[str]

    def __getitem__(self, name: str) -> str:
        return str(self.values.get(name, ""))


@dataclass
class AcceptedStaff:
    """An account as it would be and as it was (None if new), the fields that change, the role to be given."""

    account: User
    before: User | None
    changed: list[str]
    role: str


@dataclass
class StaffPlan(Plan):
    school: School | None = None
    accepted_rows: list[AcceptedStaff] = field(default_factory=list)

    def write(self, by: User) -> None:
        add_accounts([row.account for row in self.accepted_rows if row.before is None])
        changed = [row for row in self.accepted_rows if row.changed]
        fields = sorted({name for row in changed for name in row.changed})
        if changed:
            accounts = [row.account for row in changed]
            User.objects.bulk_create(accounts, update_conflicts=True, unique_fields=["id"], update_fields=fields)
        today = timezone.localdate()
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=row.account, role=row.role, school=self.school, starts_on=today)
            for row in self.accepted_rows
            if row.role
        )


def plan_staff(*, school: School, table: Table) -> StaffPlan:
    """What the list would do in the school: new accounts without password, new roles, changed contacts. People are
    known by phone (and the same name) or by number; an empty cell changes nothing. Reads only, in a fixed number of
    queries."""
    rows = [read_staff(row) for row in table.rows]
    return _Planner(school, rows).plan()


def read_staff(row: TableRow) -> StaffRow:
    """The row with what is wrong with single cells."""
    cells = Cells(row)
    values: dict[str, Any] = {
        "full_name": cells.text("full_name", "Họ và tên", 120),
        "phone": cells.phone("phone", "Số điện thoại"),
        "email": cells.text("email", "Thư điện tử", 254).lower(),
        "personal_id": cells.personal_id(),
        "staff_code": cells.text("staff_code", "Mã định danh ngành", 20),
    }
    role = cells.choice("role", "Vai trò", {word: str(role) for word, role in ROLES.items()})
    if role and role not in APPOINTED_BY_CLERK:
        cells.faults.append(f"Vai trò “{row['role']}” do Sở bổ nhiệm, không nhập từ danh sách của trường.")
    if values["full_name"] and not is_person_name(values["full_name"]):
        cells.faults.append(f"Họ và tên “{values['full_name']}” chỉ được có chữ, dấu cách, dấu nháy và gạch nối.")
    cells.faults.extend(_fault_of_email(values["email"]))
    return StaffRow(row.number, {name: value for name, value in values.items() if value}, role, cells.faults)


def _fault_of_email(email: str) -> list[str]:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return [f"“{email}” không phải địa chỉ thư điện tử."]
    return []


class _Planner:
    def __init__(self, school: School, rows: list[StaffRow]) -> None:
        self.school, self.rows = school, rows
        keys = {name: {row[name] for row in rows} - {""} for name in ("phone", "personal_id", "email")}
        found = User.objects.filter(
            Q(phone__in=keys["phone"]) | Q(personal_id__in=keys["personal_id"]) | Q(email__in=keys["email"])
        )
        self.accounts = list(found)
        self.by = {name: {getattr(one, name): one for one in self.accounts if getattr(one, name)} for name in keys}
        self.roles: dict[int, list[RoleAssignment]] = {}
        for held in RoleAssignment.objects.open().filter(user__in=[account.pk for account in self.accounts]):
            self.roles.setdefault(held.user_id, []).append(held)
        self.doubles: dict[int, list[int]] = {}
        for name in keys:
            self.doubles |= repeated({row.number: row[name] for row in rows})
        self.doubles |= repeated({row.number: self._key(row) for row in rows})

    def plan(self) -> StaffPlan:
        plan = StaffPlan(school=self.school, chains={("SCHOOL", self.school.pk)})
        for row in self.rows:
            before = self._account(row)
            faults = row.faults + self._faults(row, before)
            if faults:
                plan.outcomes.append(Outcome(row.number, row["full_name"], "", "refused", reason=" ".join(faults)))
                continue
            accepted = self._accepted(row, before)
            plan.outcomes.append(self._outcome(row, accepted))
            if before is None or accepted.changed or accepted.role:
                plan.accepted_rows.append(accepted)
        return plan

    def _key(self, row: StaffRow) -> str:
        found = self._account(row)
        return str(found.pk) if found else ""

    def _account(self, row: StaffRow) -> User | None:
        return self.by["personal_id"].get(row["personal_id"]) or self.by["phone"].get(row["phone"])

    def _faults(self, row: StaffRow, before: User | None) -> list[str]:
        faults = []
        if row.number in self.doubles:
            rows = rows_in_words(self.doubles[row.number])
            faults.append(f"Cùng số điện thoại, thư hoặc số định danh ở các dòng {rows}. Chỉ giữ một dòng.")
        if before is None:
            faults += [f"Người mới phải có {FIELDS[name].lower()}." for name in ("full_name", "phone") if not row[name]]
        for name in ("phone", "personal_id", "email"):
            owner = self.by[name].get(row[name])
            if owner is not None and owner != before:
                faults.append(f"{FIELDS[name]} này đã là của một tài khoản khác.")
        return faults + (self._faults_of_account(row, before) if before is not None else [])

    def _faults_of_account(self, row: StaffRow, before: User) -> list[str]:
        if not before.is_active:
            return ["Tài khoản của người này đã khóa. Mở lại tài khoản trước."]
        by_number = before.personal_id and before.personal_id == row["personal_id"]
        if not by_number and row["full_name"] and plain(before.full_name) != plain(row["full_name"]):
            return ["Số điện thoại này đã là của một tài khoản mang tên khác. Kiểm tra lại số."]
        touched = [FIELDS[name].lower() for name in _differing(row, before)]
        if not touched:
            return []
        if before.school_id != self.school.pk:
            return [f"Tài khoản do nơi khác quản lí: chỉ thêm được vai trò. Để trống hoặc sửa: {', '.join(touched)}."]
        if any(held.role not in APPOINTED_BY_CLERK for held in self.roles.get(before.pk, [])):
            return [f"Tài khoản này do Sở quản lí, danh sách của trường không sửa được: {', '.join(touched)}."]
        return []

    def _accepted(self, row: StaffRow, before: User | None) -> AcceptedStaff:
        if before is None:
            return AcceptedStaff(
                User.without_password(school=self.school, **row.values), None, [], row.role or Role.TEACHER
            )
        account = copy(before)
        changed = _differing(row, before)
        for name in changed:
            setattr(account, name, row.values[name])
        here = {held.role for held in self.roles.get(before.pk, []) if held.school_id == self.school.pk}
        wanted = row.role or ("" if here & SCHOOL_ROLES else Role.TEACHER)
        return AcceptedStaff(account, before, changed, "" if wanted in here else wanted)

    def _outcome(self, row: StaffRow, accepted: AcceptedStaff) -> Outcome:
        before = accepted.before
        changes = []
        if before is not None:
            changes = [
                Change(FIELDS[name], _shown(name, getattr(before, name)), _shown(name, row[name]))
                for name in accepted.changed
            ]
        if accepted.role:
            held = sorted(
                Role(one.role).label
                for one in (self.roles.get(before.pk, []) if before else [])
                if one.school_id == self.school.pk
            )
            changes.append(Change("Vai trò", ", ".join(held), ", ".join([*held, Role(accepted.role).label])))
        result = result_of(new=before is None, changed=bool(changes))
        values = row.values if before is None else {name: row.values[name] for name in accepted.changed}
        facts = facts_of(before.pk if before else None, values, accepted.role)
        who = accepted.account.full_name
        return Outcome(row.number, who, "", result, tuple(changes), facts=facts, remarks=_remarks(who, values))


def _remarks(who: str, written: dict[str, str]) -> tuple[Remark, ...]:
    """What is unusual in a name that would be written: it is printed under signatures."""
    words = spelling_remark(who) if "full_name" in written else ""
    return (Remark(FIELDS["full_name"], words),) if words else ()


def _differing(row: StaffRow, before: User) -> list[str]:
    return [name for name in FIELDS if row[name] and row[name] != (getattr(before, name) or "")]


def _shown(name: str, value: str | None) -> str:
    return masked(value or "") if name == "personal_id" else value or ""
