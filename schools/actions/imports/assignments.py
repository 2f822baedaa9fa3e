"""The plan of a list of assignments: who teaches what in which class, and whose class it is."""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from hocbaso.lib.vietnamese import short_date
from schools.actions.imports.assignment_rows import AssignmentRow, Staffing, read_assignment, staffing_of
from schools.actions.imports.plans import Change, Outcome, Plan, facts_of, repeated, result_of, rows_in_words
from schools.actions.part_columns import objections_to
from schools.models import HomeroomAssignment, School, SchoolClass, SchoolYear, Subject, TeachingAssignment, User
from schools.models.assignments import columns_of
from schools.rules.column_codes import codes_in_words, in_order, left_to_nobody, why_unshared
from schools.rules.tables import Table

Assignment = TeachingAssignment | HomeroomAssignment
Key = tuple[int, int | None, str]
LEFT_TOLD = 5


@dataclass
class AcceptedAssignment:
    """A new assignment (unsaved), and the one it takes the place of, which ends on the day the new one begins; or one
    that stays and gets other columns than ``had``."""

    assignment: Assignment
    before: Assignment | None
    had: list[str] | None = None


@dataclass
class AssignmentPlan(Plan):
    accepted_rows: list[AcceptedAssignment] = field(default_factory=list)

    def write(self, by: User) -> None:
        models: tuple[type[TeachingAssignment] | type[HomeroomAssignment], ...] = TeachingAssignment, HomeroomAssignment
        for model in models:
            accepted = [row for row in self.accepted_rows if isinstance(row.assignment, model) and row.had is None]
            ended: dict[date, list[int]] = defaultdict(list)
            for row in accepted:
                if row.before is not None:
                    ended[row.assignment.starts_on].append(row.before.pk)
            for day, keys in sorted(ended.items()):
                model._default_manager.filter(pk__in=keys).update(ends_on=day)
            model._default_manager.bulk_create([row.assignment for row in accepted])  # type: ignore[misc]
        shared = [row.assignment for row in self.accepted_rows if row.had is not None]
        TeachingAssignment.objects.bulk_update(shared, ["columns"])  # type: ignore[arg-type]


def plan_assignments(*, school: School, year: SchoolYear, table: Table) -> AssignmentPlan:
    """What the list would do in the school and year. Another teacher than today's takes over from the row's day, else
    from today; the old assignment ends that day and stays on record. Reads only, in a fixed number of queries."""
    staffing = staffing_of(school, year)
    rows = [read_assignment(row, staffing, year) for row in table.rows]
    return _Planner(school, year, rows, staffing).plan()


class _Planner:
    def __init__(self, school: School, year: SchoolYear, rows: list[AssignmentRow], staffing: Staffing) -> None:
        self.school, self.year, self.rows, self.staffing = school, year, rows, staffing
        self.today = min(max(timezone.localdate(), year.starts_on), year.ends_on)
        self.assigned: dict[Key, list[Assignment]] = defaultdict(list)
        in_year = {"school_class__school": school, "school_class__school_year": year}
        for teaching in TeachingAssignment.objects.filter(**in_year).select_related("teacher").order_by("id"):
            self.assigned[teaching.school_class_id, teaching.subject_id, teaching.part].append(teaching)
        for homeroom in HomeroomAssignment.objects.filter(**in_year).select_related("teacher").order_by("id"):
            self.assigned[homeroom.school_class_id, None, ""].append(homeroom)
        self.doubles = repeated({row.number: row.key for row in rows})
        self.parts_in_list: dict[tuple[int, int], set[str]] = defaultdict(set)
        for row in rows:
            if row.school_class and row.subject:
                self.parts_in_list[row.school_class.pk, row.subject.pk].add(row.part)

    def plan(self) -> AssignmentPlan:
        plan = AssignmentPlan(chains={("SCHOOL", self.school.pk)})
        faults = {row.number: " ".join(row.faults + self._faults_of_list(row)) for row in self.rows}
        found = {row.number: faults[row.number] or self._accepted(row) for row in self.rows}
        self._refuse_columns(found)
        plan.remarks = self._columns_left(found)
        for row in self.rows:
            accepted = found[row.number]
            if isinstance(accepted, str):
                plan.outcomes.append(Outcome(row.number, row.who, row.place, "refused", reason=accepted))
                continue
            plan.outcomes.append(_outcome(row, accepted))
            if accepted is not None:
                plan.accepted_rows.append(accepted)
                plan.chains.add(("CLASS", accepted.assignment.school_class_id))
        return plan

    def _faults_of_list(self, row: AssignmentRow) -> list[str]:
        faults = []
        if row.number in self.doubles:
            rows = rows_in_words(self.doubles[row.number])
            faults.append(f"{row.place} có ở các dòng {rows}. Chỉ giữ một dòng.")
        if row.school_class and row.subject:
            in_list = self.parts_in_list[row.school_class.pk, row.subject.pk]
            if "" in in_list and len(in_list) > 1:
                faults.append(
                    f"Tệp phân công {row.subject.name} của lớp {row.school_class} vừa cả môn vừa từng phân môn."
                )
        return faults

    def _accepted(self, row: AssignmentRow) -> AcceptedAssignment | str | None:
        """The assignment to be made; None if it is there already; a text why it cannot be."""
        if row.school_class is None or row.teacher is None:
            return "Thiếu lớp hoặc giáo viên."
        key = row.school_class.pk, row.subject.pk if row.subject else None, row.part
        ever = self.assigned[key]
        opened = [assignment for assignment in ever if assignment.ends_on is None]
        mine = next((one for one in opened if one.teacher_id == row.teacher.pk), None)
        if mine is not None:
            return _other_columns(mine, row)
        if len(opened) > 1:
            return f"{row.place} đang có {len(opened)} giáo viên. Đổi ở trang phân công của lớp."
        if clash := self._clash_of_parts(row):
            return clash
        return self._taking_over(row, opened[0]) if opened else self._fresh(row, ever)

    def _refuse_columns(self, found: dict[int, AcceptedAssignment | str | None]) -> None:
        """What the list comes to is checked for each subject it changes as a whole: rows that share its columns out
        badly are refused together, those against a confirmation by themselves."""
        changed = [one for one in found.values() if isinstance(one, AcceptedAssignment) and one.had is not None]
        stay = objections_to([one.assignment for one in changed])  # type: ignore[misc]
        for number, one in found.items():
            if isinstance(one, AcceptedAssignment) and one.had is not None and one.assignment.pk in stay:
                found[number] = stay[one.assignment.pk]
        for (school_class, subject), given in self._parts_changed(found).items():
            taught = self._taught_after(school_class, subject, dict(given.values()))
            codes = self.staffing.codes_in(school_class, subject)
            if why := why_unshared(f"{subject.name} lớp {school_class}", subject.parts, taught, codes):
                found |= dict.fromkeys(given, why)

    def _parts_changed(
        self, found: Mapping[int, AcceptedAssignment | str | None]
    ) -> dict[tuple[SchoolClass, Subject], dict[int, tuple[str, Assignment]]]:
        """Of every subject the list changes in a class: the row's number, its part, and who gets it."""
        subjects: dict[tuple[SchoolClass, Subject], dict[int, tuple[str, Assignment]]] = defaultdict(dict)
        for row in self.rows:
            one = found[row.number]
            if isinstance(one, AcceptedAssignment) and row.part and row.school_class and row.subject:
                subjects[row.school_class, row.subject][row.number] = row.part, one.assignment
        return subjects

    def _columns_left(self, found: Mapping[int, AcceptedAssignment | str | None]) -> list[str]:
        """What the list leaves to nobody: it can be written so, and no sheet of the class is finished that way."""
        told = []
        for (school_class, subject), given in self._parts_changed(found).items():
            taught = self._taught_after(school_class, subject, dict(given.values()))
            if left := left_to_nobody(self.staffing.codes_in(school_class, subject), taught.values()):
                told.append(f"{subject.name} lớp {school_class}: cột {codes_in_words(left)}")
        if not told:
            return []
        more = f" và {len(told) - LEFT_TOLD} lớp, môn nữa" if len(told) > LEFT_TOLD else ""
        return [f"Nhập xong vẫn còn cột chưa giao cho ai: {'; '.join(told[:LEFT_TOLD])}{more}. Giao nốt ở trang lớp."]

    def _taught_after(
        self, school_class: SchoolClass, subject: Subject, given: Mapping[str, Assignment]
    ) -> dict[str, list[str]]:
        """The columns of every part that has a teacher once the list is written."""
        taught = {}
        for part in subject.parts:
            opened = [one for one in self.assigned[school_class.pk, subject.pk, part] if one.ends_on is None]
            if after := [given[part]] if part in given else opened:
                taught[part] = columns_of(after)
        return taught

    def _clash_of_parts(self, row: AssignmentRow) -> str:
        for (school_class, subject, part), assignments in self.assigned.items():
            same = row.school_class and row.subject and (school_class, subject) == (row.school_class.pk, row.subject.pk)
            opened = [one for one in assignments if one.ends_on is None]
            if same and opened and part != row.part and "" in {part, row.part}:
                held = f"phân môn {part}" if part else "cả môn"
                return f"{row.place}: {opened[0].teacher} đang dạy {held}. Thôi phân công ấy ở trang của lớp trước."
        return ""

    def _taking_over(self, row: AssignmentRow, before: Assignment) -> AcceptedAssignment | str:
        starts_on = row.starts_on or max(self.today, before.starts_on)
        if starts_on < before.starts_on:
            since = short_date(before.starts_on)
            return f"{before.teacher} dạy từ {since}: người thay không thể bắt đầu trước ngày ấy."
        return AcceptedAssignment(_assignment(row, starts_on, before), before)

    def _fresh(self, row: AssignmentRow, ever: list[Assignment]) -> AcceptedAssignment | str:
        last_end = max([self.year.starts_on, *(one.ends_on for one in ever if one.ends_on)])
        starts_on = row.starts_on or last_end
        if starts_on < last_end:
            return f"Người dạy trước thôi từ {short_date(last_end)}: không thể bắt đầu trước ngày ấy."
        return AcceptedAssignment(_assignment(row, starts_on, None), None)


def _assignment(row: AssignmentRow, starts_on: date, before: Assignment | None) -> Assignment:
    common = {"school_class": row.school_class, "teacher": row.teacher, "starts_on": starts_on}
    if row.subject is None:
        return HomeroomAssignment(**common)
    inherited = before.columns if isinstance(before, TeachingAssignment) else []
    columns = inherited if row.columns is None else in_order(row.columns)
    return TeachingAssignment(**common, subject=row.subject, part=row.part, columns=columns)


def _other_columns(held: Assignment, row: AssignmentRow) -> AcceptedAssignment | None:
    """The teacher stays; None if the columns do too."""
    if row.columns is None or not isinstance(held, TeachingAssignment) or set(held.columns) == set(row.columns):
        return None
    other = copy(held)
    other.columns = in_order(row.columns)
    return AcceptedAssignment(other, None, held.columns)


def _outcome(row: AssignmentRow, accepted: AcceptedAssignment | None) -> Outcome:
    if accepted is None:
        return Outcome(row.number, row.who, row.place, "unchanged", facts=facts_of(row.key))
    before, starts_on = accepted.before, accepted.assignment.starts_on
    changes = []
    if accepted.had is None:
        old = before.teacher.full_name if before else ""
        changes.append(Change("Giáo viên", old, f"{row.who}, từ {short_date(starts_on)}"))
    changes += _columns_told(accepted)
    who, was = row.teacher.pk if row.teacher else None, before.pk if before else None
    facts = facts_of(row.key, who, starts_on, was, getattr(accepted.assignment, "columns", []), accepted.had)
    result = result_of(new=before is None and accepted.had is None, changed=True)
    return Outcome(row.number, row.who, row.place, result, tuple(changes), facts=facts)


def _columns_told(accepted: AcceptedAssignment) -> list[Change]:
    new: list[str] = getattr(accepted.assignment, "columns", [])
    before = accepted.before
    old = accepted.had if accepted.had is not None else before.columns if isinstance(before, TeachingAssignment) else []
    if old == new:
        return []
    known = accepted.had is not None or before is not None
    return [Change("Cột điểm", codes_in_words(old) if known else "", codes_in_words(new))]
