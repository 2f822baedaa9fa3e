"""The plan of a list of students with their classes and parents."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from hocbaso.lib.vietnamese import plain, short_date
from schools.actions.imports.families import Tie, contradicting_phones, ties_of
from schools.actions.imports.known_students import Known, known_to
from schools.actions.imports.placing import Misplaced, Place, new_class, place_of
from schools.actions.imports.plans import Change, Outcome, Plan, Remark, facts_of, repeated, result_of, rows_in_words
from schools.actions.imports.student_doubts import remarks_on_classes, remarks_on_rows
from schools.actions.imports.student_rows import StudentRow, read_student, title
from schools.actions.imports.student_writes import Accepted, write_students
from schools.actions.students import faults_of
from schools.models import School, SchoolClass, SchoolYear, Student, User
from schools.models.student_page import value_in_words
from schools.rules.tables import Table

ELSEWHERE = "đã có ở trường khác. Một học sinh chỉ có một hồ sơ; nhờ Sở chuyển hoặc gộp hồ sơ."


class RowRefused(Exception):
    """This row cannot be taken; the others can."""


@dataclass
class StudentPlan(Plan):
    accepted_rows: list[Accepted] = field(default_factory=list)

    def write(self, by: User) -> None:
        write_students(self.accepted_rows)


def plan_students(*, school: School, year: SchoolYear, table: Table, makes_classes: bool = False) -> StudentPlan:
    """What the list would do in the school and year: every row new, changed, unchanged or refused. Students are known
    by code, else by number; an empty cell changes nothing, nothing is ever deleted. ``makes_classes``: classes that are
    not there are made. Reads only, in a fixed number of queries (law.md §5.6)."""
    rows = [read_student(row) for row in table.rows]
    return _Planner(school, year, rows, known_to(school, year, rows), makes_classes).plan()


class _Planner:
    def __init__(
        self, school: School, year: SchoolYear, rows: list[StudentRow], known: Known, makes_classes: bool
    ) -> None:
        self.school, self.year, self.rows, self.known, self.makes_classes = school, year, rows, known, makes_classes
        self.made_classes: dict[str, SchoolClass | Misplaced] = {}
        self.doubles = self._doubles()
        self.contradictions = contradicting_phones(rows)

    def plan(self) -> StudentPlan:
        plan = StudentPlan(chains={("SCHOOL", self.school.pk)})
        accepted, refused = self._sort()
        remarks = remarks_on_rows(accepted, self.known, self.school, self.year)
        for row in self.rows:
            if row.number in refused:
                why = refused[row.number]
                plan.outcomes.append(Outcome(row.number, row.who, row.class_name, "refused", reason=why))
                continue
            taken = accepted[row.number]
            outcome = _outcome(row, taken, remarks[row.number])
            plan.outcomes.append(outcome)
            plan.needs_reason |= bool(taken.changed_identity)
            if outcome.result != "unchanged":
                plan.accepted_rows.append(taken)
                plan.chains |= _chains(taken)
        plan.remarks = _remarks(plan.accepted_rows)
        plan.doubts = remarks_on_classes(accepted, self.known)
        return plan

    def _sort(self) -> tuple[dict[int, Accepted], dict[int, str]]:
        """The rows that can be taken, and why the others cannot, by their numbers."""
        accepted, refused = {}, {}
        for row in self.rows:
            try:
                accepted[row.number] = self._accept(row)
            except RowRefused as why:
                refused[row.number] = str(why)
        return accepted, refused

    def _accept(self, row: StudentRow) -> Accepted:
        faults = row.faults + self._faults_of_list(row)
        if faults:
            raise RowRefused(" ".join(faults))
        before = self._match(row)
        student, changed = _with_values(self.school, before, row)
        place = self._place(row, before)
        ties, tie_faults = ties_of(row, before, self.known)
        faults = [*faults_of(student).values(), *tie_faults]
        if faults:
            raise RowRefused(" ".join(faults))
        return Accepted(student, before, changed, place, ties)

    def _faults_of_list(self, row: StudentRow) -> list[str]:
        """What is wrong between this row and others."""
        faults = []
        if row.number in self.doubles:
            rows = rows_in_words(self.doubles[row.number])
            faults.append(f"Cùng một học sinh (mã hoặc số định danh) có ở các dòng {rows}. Chỉ giữ một dòng.")
        for parent in row.parents:
            if parent.phone in self.contradictions:
                rows = rows_in_words(self.contradictions[parent.phone])
                faults.append(f"Số điện thoại {parent.phone} ghi cho những người tên khác nhau ở các dòng {rows}.")
        return faults

    def _doubles(self) -> dict[int, list[int]]:
        codes = repeated({row.number: row.code for row in self.rows})
        numbers = repeated({row.number: row.personal_id for row in self.rows})
        return numbers | codes | repeated({row.number: self._key(row) for row in self.rows})

    def _key(self, row: StudentRow) -> str:
        found = self.known.by_code.get(row.code) or self.known.by_number.get(row.personal_id)
        return str(found.pk) if found else ""

    def _match(self, row: StudentRow) -> Student | None:
        by_code, by_number = self.known.by_code.get(row.code), self.known.by_number.get(row.personal_id)
        for found, what in ((by_code, "Mã học sinh"), (by_number, "Số định danh")):
            if found is not None and found.school_id != self.school.pk:
                raise RowRefused(f"{what} này {ELSEWHERE}")
            if found is not None and found.merged_into is not None:
                kept = found.merged_into.student_code
                raise RowRefused(f"{what} này thuộc hồ sơ đã gộp; hồ sơ giữ lại có mã {kept}.")
        if by_number is not None and by_number != by_code and row.code:
            owner = f"{by_number.full_name}, mã {by_number.student_code}"
            raise RowRefused(f"Số định danh này là của {owner}; tệp ghi mã {row.code}.")
        found = by_code or by_number
        if found is not None:
            _refuse_other_person(row, found)
        return found

    def _place(self, row: StudentRow, before: Student | None) -> Place | None:
        if not row.class_name:
            return None
        school_class = self._class(row.class_name)
        if isinstance(school_class, Misplaced):
            raise RowRefused(school_class.reason)
        place = place_of(row, school_class, self.year, self.known.enrolments.get(before.pk, []) if before else [])
        if isinstance(place, Misplaced):
            raise RowRefused(place.reason)
        return place

    def _class(self, name: str) -> SchoolClass | Misplaced:
        if name in self.known.classes:
            return self.known.classes[name]
        if not self.makes_classes:
            return Misplaced(f"Chưa có lớp “{name}” trong năm học {self.year.label}. Lập lớp, hoặc chọn “Tạo lớp mới”.")
        if name not in self.made_classes:
            self.made_classes[name] = new_class(self.school, self.year, name)
        return self.made_classes[name]


def _refuse_other_person(row: StudentRow, found: Student) -> None:
    """Another name and another day of birth: the row has slipped, or the code is wrong."""
    name, born_on = row.values.get("full_name"), row.values.get("born_on")
    if name and born_on and plain(name) != found.search_name and born_on != found.born_on:
        raise RowRefused(
            f"Mã này đang là của {found.full_name}, sinh {short_date(found.born_on)}: khác cả họ tên lẫn ngày sinh. "
            "Có thể tệp bị lệch dòng."
        )


def _with_values(school: School, before: Student | None, row: StudentRow) -> tuple[Student, list[str]]:
    """The student as it would be, and the names of the fields that change."""
    student = copy(before) if before else Student(school=school)
    for name, value in row.values.items():
        setattr(student, name, value)
    if student.personal_id:
        student.personal_id_missing = ""
    if before is None:
        return student, []
    return student, [name for name in Student.PAGE_ONE if getattr(before, name) != getattr(student, name)]


def _outcome(row: StudentRow, accepted: Accepted, remarks: tuple[Remark, ...]) -> Outcome:
    changes = [*_field_changes(accepted), *_place_changes(accepted), *_tie_changes(accepted.ties)]
    result = result_of(new=accepted.before is None, changed=bool(changes))
    place = accepted.place
    facts = facts_of(
        accepted.before.pk if accepted.before else None,
        {name: getattr(accepted.student, name) for name in (accepted.changed if accepted.before else row.values)},
        [place.school_class.name, place.starts_on, place.left.pk if place.left else None] if place else None,
        [[tie.relation, tie.full_name, tie.phone, tie.account.pk if tie.account else None] for tie in accepted.ties],
    )
    who = accepted.student.full_name
    return Outcome(row.number, who, row.class_name, result, tuple(changes), facts=facts, remarks=remarks)


def _field_changes(accepted: Accepted) -> list[Change]:
    before = accepted.before
    if before is None:
        return []
    return [
        Change(
            title(name),
            value_in_words(name, getattr(before, name)),
            value_in_words(name, getattr(accepted.student, name)),
        )
        for name in accepted.changed
    ]


def _place_changes(accepted: Accepted) -> list[Change]:
    place = accepted.place
    if place is None:
        return []
    old = f"{place.left.school_class.name} (năm học trước)" if place.left else ""
    return [Change("Lớp", old, f"{place.school_class.name}, từ {short_date(place.starts_on)}")]


def _tie_changes(ties: Iterable[Tie]) -> list[Change]:
    return [Change(tie.relation.label, "", tie.words) for tie in ties]


def _chains(accepted: Accepted) -> set[tuple[str, int]]:
    place = accepted.place
    classes = [place.school_class, place.left.school_class if place.left else None] if place else []
    return {("CLASS", school_class.pk) for school_class in classes if school_class and school_class.pk}


def _remarks(accepted: list[Accepted]) -> list[str]:
    classes = [one.place.school_class for one in accepted if one.place]
    made = {school_class.name for school_class in classes if school_class.pk is None}
    return [f"Lớp mới sẽ được tạo: {', '.join(sorted(made))}."] if made else []
