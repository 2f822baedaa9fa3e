"""Writing an accepted list of students: few statements, however long the list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from schools.actions.enrolments import enrol
from schools.actions.imports.families import Tie
from schools.actions.imports.new_accounts import add_accounts
from schools.actions.imports.placing import Place, end_of
from schools.models import Enrolment, ParentLink, SchoolClass, Student, User

AT_ONCE = 4_000


@dataclass
class Accepted:
    """A row that would be written: the student as it would be, as it was (None if new), the fields that change, the
    class it comes into, the parents to be tied."""

    student: Student
    before: Student | None
    changed: list[str]
    place: Place | None
    ties: list[Tie]

    @property
    def changed_identity(self) -> list[str]:
        """Identity that was there before and would be another (peers.md H7)."""
        return [name for name in self.changed if name in Student.IDENTITY and getattr(self.before, name)]


def write_students(rows: Sequence[Accepted]) -> None:
    """Classes, students, enrolments with their compulsory subjects, accounts of parents and their ties."""
    Student.objects.bulk_create([row.student for row in rows if row.before is None], batch_size=AT_ONCE)
    _change([row for row in rows if row.changed])
    _enrol([row for row in rows if row.place])
    _tie(rows)


def _change(rows: Sequence[Accepted]) -> None:
    """One statement that updates only the fields that change somewhere: an upsert by primary key, because the
    ORM's bulk_update builds a CASE for every cell."""
    fields = sorted({name for row in rows for name in row.changed})
    if rows:
        Student.objects.bulk_create(
            [row.student for row in rows], update_conflicts=True, unique_fields=["id"], update_fields=fields
        )


def _enrol(rows: Sequence[Accepted]) -> None:
    places = [(row.student, row.place) for row in rows if row.place]
    made = {place.school_class.name: place.school_class for _, place in places if place.school_class.pk is None}
    SchoolClass.objects.bulk_create(made.values())
    ended: dict[date, list[int]] = defaultdict(list)
    for _, place in places:
        if place.left is not None:
            ended[end_of(place.left)].append(place.left.pk)
    for day, keys in ended.items():
        Enrolment.objects.filter(pk__in=keys).update(ends_on=day, ending=Enrolment.Ending.FINISHED)
    together: dict[tuple[SchoolClass, date], list[Student]] = defaultdict(list)
    for student, place in places:
        together[place.school_class, place.starts_on].append(student)
    for (school_class, starts_on), students in together.items():
        enrol(school_class, students, starts_on)


def _tie(rows: Sequence[Accepted]) -> None:
    """One account a phone number: brothers and sisters in one list have the same parent."""
    accounts: dict[str, User] = {}
    links = []
    for row in rows:
        for tie in row.ties:
            account = tie.account or accounts.setdefault(tie.phone, _account(row.student, tie))
            links.append((row.student, account, tie.relation))
    add_accounts(list(accounts.values()))
    today = timezone.localdate()
    ParentLink.objects.bulk_create(
        [
            ParentLink(student=student, parent=account, relation=relation, starts_on=today)
            for student, account, relation in links
        ],
        batch_size=AT_ONCE,
    )


def _account(student: Student, tie: Tie) -> User:
    return User.without_password(full_name=tie.full_name, phone=tie.phone, school_id=student.school_id)
