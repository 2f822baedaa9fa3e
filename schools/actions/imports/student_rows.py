"""A row of a list of students, read: page 1 of the record book, the class, the parents."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from schools.actions.imports.cells import Cells
from schools.models import Relation, Student
from schools.models.student_page import label_of_field
from schools.rules.class_names import class_key
from schools.rules.identity import is_person_name
from schools.rules.tables import TableRow

GENDERS = {"nam": "NAM", "trai": "NAM", "nu": "NU", "gai": "NU"}
TEXTS = tuple(name for name in Student.PAGE_ONE if name not in {"personal_id", "gender", "born_on", "admitted_on"})
RELATIONS = {"mother": Relation.MOTHER, "father": Relation.FATHER, "guardian": Relation.GUARDIAN}


@dataclass(frozen=True)
class ParentCells:
    """A parent with a phone number: somebody who gets an account."""

    relation: Relation
    full_name: str
    phone: str


@dataclass
class StudentRow:
    """What a row says: ``values`` by field of Student.PAGE_ONE, only the cells that were not empty."""

    number: int
    values: dict[str, Any]
    class_name: str
    starts_on: date | None
    parents: list[ParentCells]
    faults: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.values.get("student_code", ""))

    @property
    def personal_id(self) -> str:
        return str(self.values.get("personal_id", ""))

    @property
    def who(self) -> str:
        return str(self.values.get("full_name", "") or self.code)


def read_student(row: TableRow) -> StudentRow:
    """The row with what is wrong with single cells."""
    cells = Cells(row)
    values: dict[str, Any] = {name: cells.text(name, title(name), room(name)) for name in TEXTS}
    values["student_code"] = values["student_code"].upper()
    values["personal_id"] = cells.personal_id()
    values["gender"] = cells.choice("gender", title("gender"), GENDERS)
    values["born_on"] = cells.day("born_on", title("born_on"))
    values["admitted_on"] = cells.day("admitted_on", title("admitted_on"))
    parents = [_parent(cells, key, relation) for key, relation in RELATIONS.items()]
    return StudentRow(
        row.number,
        {name: value for name, value in values.items() if value},
        class_key(cells.text("class_name", "Lớp", 20)),
        cells.day("starts_on", "Vào lớp từ ngày"),
        [parent for parent in parents if parent is not None],
        cells.faults,
    )


def _parent(cells: Cells, key: str, relation: Relation) -> ParentCells | None:
    phone = cells.phone(f"{key}_phone", f"Số điện thoại {relation.label.lower()}")
    full_name = cells.row[f"{key}_name"]
    if full_name and not is_person_name(full_name):
        cells.faults.append(f"{title(f'{key}_name')} “{full_name}” chỉ được có chữ, dấu cách, dấu nháy và gạch nối.")
    return ParentCells(relation, full_name, phone) if phone else None


def title(name: str) -> str:
    label = label_of_field(name)
    return label[:1].upper() + label[1:]


def room(name: str) -> int:
    model_field: Any = Student._meta.get_field(name)
    return int(model_field.max_length)


def is_later_than_today(day: date | None) -> bool:
    return day is not None and day > timezone.localdate()
