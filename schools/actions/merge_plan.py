"""What joining two records of one student would do: computed once, shown, and done exactly so."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.crypto import salted_hmac

from hocbaso.lib.vietnamese import short_date
from schools.models import Enrolment, ParentLink, Student, SubjectEnrolment, User
from schools.models.student_page import label_of_field, value_in_words

# Taken from the merged record where the kept one has nothing.
FILLED = (*(name for name in Student.PAGE_ONE if name not in {"student_code", "personal_id_missing"}), "photo")


@dataclass(frozen=True)
class AddedPart:
    """What an app above adds to a merge. ``words`` tell in the preview what moves and ``obstacles`` why the records
    cannot be joined; ``chains`` are those it writes to, ``state`` is all that it rests on (another state, another
    preview), ``moved`` goes into StudentMerge.moved. ``carry_out`` does it for the person who merges, once the records
    are one."""

    words: list[str]
    obstacles: list[str]
    chains: set[tuple[str, int]]
    state: list[Any]
    moved: dict[str, Any]
    carry_out: Callable[[User], None]


# What apps above know of two records: a function of the kept and the merged one.
ADDED_PARTS: list[Callable[[Student, Student], AddedPart]] = []


@dataclass(frozen=True)
class FieldChoice:
    """One field of page 1: both values in words, and which stays."""

    label: str
    kept: str
    merged: str
    result: str
    differs: bool


@dataclass
class MergePlan:
    """Everything a merge does; ``obstacles`` say why it cannot be done, in words."""

    kept: Student
    merged: Student
    filled: dict[str, Any] = field(default_factory=dict)
    moved_enrolments: list[Enrolment] = field(default_factory=list)
    joined_enrolments: list[tuple[Enrolment, Enrolment]] = field(default_factory=list)
    moved_subjects: list[SubjectEnrolment] = field(default_factory=list)
    dropped_subjects: list[SubjectEnrolment] = field(default_factory=list)
    moved_links: list[ParentLink] = field(default_factory=list)
    ended_links: list[ParentLink] = field(default_factory=list)
    moved_account: User | None = None
    closed_account: User | None = None
    added: list[AddedPart] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    digest: str = ""
    school_id: int = 0
    chains: list[tuple[str, int]] = field(default_factory=list)

    @property
    def moves_nothing(self) -> bool:
        moved = (self.moved_enrolments, self.joined_enrolments, self.moved_subjects, self.moved_links)
        return not any(moved) and self.moved_account is None and not self.added_words

    @property
    def added_words(self) -> list[str]:
        """What moves besides what ``schools`` itself knows of, in lines of the preview."""
        return [words for part in self.added for words in part.words]

    @property
    def subject_words(self) -> list[str]:
        """The subjects that are taken under the kept record from now on, a line for every year and school."""
        moved = [row for row in self.moved_subjects if row.dropped_on is None and row not in self.dropped_subjects]
        return _subjects_in_words(moved, "")

    @property
    def dropped_subject_words(self) -> list[str]:
        """The subjects taken under both, by the school whose row ends."""
        return _subjects_in_words(self.dropped_subjects, ": hãy ghi lại sau khi gộp")

    @property
    def choices(self) -> list[FieldChoice]:
        """Page 1 field by field, empty ones left out."""
        rows = [self._choice(name) for name in Student.PAGE_ONE]
        return [row for row in rows if row.kept or row.merged]

    def _choice(self, name: str) -> FieldChoice:
        kept, merged = (value_in_words(name, getattr(student, name)) for student in (self.kept, self.merged))
        result = merged if name in self.filled else kept
        if name == "personal_id_missing" and (self.kept.personal_id or self.merged.personal_id):
            result = ""
        return FieldChoice(label_of_field(name), kept, merged, result, bool(kept and merged and kept != merged))


def plan_merge(kept: Student, merged: Student) -> MergePlan:
    """What becomes of every field, enrolment, subject, parent and account when ``merged`` is joined into ``kept``, and
    of what apps above have added. Reads only; the same state gives the same plan and the same digest."""
    plan = MergePlan(kept, merged)
    plan.filled = {name: getattr(merged, name) for name in FILLED if getattr(merged, name) and not getattr(kept, name)}
    _plan_identity(plan)
    _plan_enrolments(plan, *(_enrolments(student) for student in (kept, merged)))
    _plan_subjects(plan)
    _plan_parents(plan)
    _plan_account(plan)
    _plan_added(plan)
    plan.digest = state_digest(plan)
    plan.chains = _chains(plan)
    return plan


def state_digest(plan: MergePlan) -> str:
    """A keyed digest of all that stands in both records: another value, another preview."""
    state: list[Any] = [[_row(thing) for thing in _things(student)] for student in (plan.kept, plan.merged)]
    state += [part.state for part in plan.added]
    return salted_hmac("schools.merge", json.dumps(state, default=str)).hexdigest()


def _things(student: Student) -> list[Any]:
    return [
        student,
        *Enrolment.objects.filter(student=student).order_by("id"),
        *SubjectEnrolment.objects.filter(student=student).order_by("id"),
        *ParentLink.objects.filter(student=student).order_by("id"),
        *([student.user] if student.user else []),
        *student.merged.order_by("id"),
    ]


def _row(thing: Any) -> list[Any]:
    ignored = {"last_login", "password", "password_set_at"}
    return [[f.attname, getattr(thing, f.attname)] for f in thing._meta.concrete_fields if f.attname not in ignored]


def _plan_identity(plan: MergePlan) -> None:
    if plan.kept.pk == plan.merged.pk:
        plan.obstacles.append("Hai hồ sơ được chọn là một.")
        return
    for student in (plan.kept, plan.merged):
        if student.merged_into_id:
            plan.obstacles.append(f"Hồ sơ mã {student.student_code} đã gộp vào hồ sơ khác từ trước.")
    if plan.kept.personal_id and plan.merged.personal_id:
        plan.obstacles.append(
            "Hai hồ sơ có hai số định danh khác nhau, nên theo dữ liệu là hai người. Nếu một số bị ghi nhầm, hãy sửa "
            "hồ sơ ấy trước (bỏ số, ghi lí do), rồi gộp."
        )


def _enrolments(student: Student) -> list[Enrolment]:
    return list(
        Enrolment.objects.filter(student=student)
        .select_related("school_class", "school_class__school", "school_class__school_year")
        .order_by("starts_on", "id")
    )


def _plan_enrolments(plan: MergePlan, kept: list[Enrolment], merged: list[Enrolment]) -> None:
    """Periods that do not meet are moved; the same class twice becomes one; anything else needs a human first."""
    for own in merged:
        meeting = [other for other in kept if _meet(own, other)]
        if not meeting:
            plan.moved_enrolments.append(own)
        elif len(meeting) == 1 and meeting[0].school_class_id == own.school_class_id and _once(plan, meeting[0]):
            plan.joined_enrolments.append((meeting[0], own))
        else:
            plan.obstacles.extend(_overlap_in_words(other, own) for other in meeting)
    open_one = next((one for one in [*kept, *merged] if one.ends_on is None), None)
    plan.school_id = open_one.school_class.school_id if open_one else plan.kept.school_id


def _meet(one: Enrolment, other: Enrolment) -> bool:
    """Whether a day lies in both; a tie that ended on its first day holds no day."""
    first = max(one.starts_on, other.starts_on)
    ends = [enrolment.ends_on for enrolment in (one, other) if enrolment.ends_on]
    return all(first < end for end in ends) and all(
        enrolment.starts_on != enrolment.ends_on for enrolment in (one, other)
    )


def _once(plan: MergePlan, kept: Enrolment) -> bool:
    return all(kept.pk != joined.pk for joined, _ in plan.joined_enrolments)


def _overlap_in_words(kept: Enrolment, merged: Enrolment) -> str:
    if kept.ends_on is None and merged.ends_on is None and kept.school_class_id != merged.school_class_id:
        return (
            f"Cả hai hồ sơ đang học: {_place(kept)} và {_place(merged)}. Một học sinh chỉ học một lớp: hãy ghi thôi "
            "học ở nơi không còn học, rồi gộp."
        )
    return f"Trùng thời gian học: {_place(kept)} ({_span(kept)}) và {_place(merged)} ({_span(merged)})."


def _place(enrolment: Enrolment) -> str:
    return f"lớp {enrolment.school_class.name}, {enrolment.school_class.school.name}"


def _span(enrolment: Enrolment) -> str:
    since = f"từ {short_date(enrolment.starts_on)}"
    return f"{since} đến trước {short_date(enrolment.ends_on)}" if enrolment.ends_on else f"{since} đến nay"


def _plan_subjects(plan: MergePlan) -> None:
    """A subject that both take in one year stays once: the row of the school the student is in, else the kept one's."""
    kept = {(row.school_year_id, row.subject_id): row for row in _subjects(plan.kept) if row.dropped_on is None}
    for row in _subjects(plan.merged):
        plan.moved_subjects.append(row)
        twin = kept.get((row.school_year_id, row.subject_id)) if row.dropped_on is None else None
        if twin is not None:
            better = row.school_id == plan.school_id != twin.school_id
            plan.dropped_subjects.append(twin if better else row)


def _subjects(student: Student) -> list[SubjectEnrolment]:
    rows = SubjectEnrolment.objects.filter(student=student).select_related("subject", "school_year", "school")
    return list(rows.order_by("school_year", "subject__name", "id"))


def _subjects_in_words(rows: list[SubjectEnrolment], of_decision: str) -> list[str]:
    lines: dict[str, list[str]] = {}
    for row in rows:
        decision = f" (QĐ {row.decision_number}{of_decision})" if row.decision_number else ""
        place = f"Môn học, năm học {row.school_year.label}, {row.school.name}"
        lines.setdefault(place, []).append(f"{row.subject}{decision}")
    return [f"{place}: {'; '.join(subjects)}" for place, subjects in lines.items()]


def _plan_parents(plan: MergePlan) -> None:
    """Ties move; a parent tied to both keeps one tie, the other ends."""
    tied = set(ParentLink.objects.open().filter(student=plan.kept).values_list("parent_id", flat=True))
    for link in ParentLink.objects.filter(student=plan.merged).select_related("parent").order_by("id"):
        twice = link.ends_on is None and link.parent_id in tied
        (plan.ended_links if twice else plan.moved_links).append(link)


def _plan_account(plan: MergePlan) -> None:
    if plan.merged.user is None:
        return
    if plan.kept.user is None:
        plan.moved_account = plan.merged.user
    else:
        plan.closed_account = plan.merged.user


def _plan_added(plan: MergePlan) -> None:
    if plan.kept.pk != plan.merged.pk:
        plan.added = [part(plan.kept, plan.merged) for part in ADDED_PARTS]
    plan.obstacles += [words for part in plan.added for words in part.obstacles]


def _chains(plan: MergePlan) -> list[tuple[str, int]]:
    """Every chain the merge writes to, so that their heads are locked in one order."""
    classes = {one.school_class_id for one in plan.moved_enrolments}
    classes |= {one.school_class_id for pair in plan.joined_enrolments for one in pair}
    schools = {plan.kept.school_id, plan.merged.school_id, plan.school_id}
    schools |= {row.school_id for row in [*plan.moved_subjects, *plan.dropped_subjects]}
    schools |= {student.school_id for student in plan.merged.merged.all()}
    account = plan.closed_account
    if account and account.school_id:
        schools.add(account.school_id)
    chains = {("CLASS", key) for key in classes} | {("SCHOOL", key) for key in schools}
    chains |= {("PROVINCE", 0)} if account and not account.school_id else set()
    return sorted(chains.union(*(part.chains for part in plan.added)))
