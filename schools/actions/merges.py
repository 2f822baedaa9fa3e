"""Two records of one student become one. Nothing is deleted; what moved is listed."""

from typing import Any

from django.utils import timezone

from schools.actions.merge_plan import MergePlan, plan_merge
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.students import LEAST_REASON
from schools.models import Enrolment, ParentLink, Student, StudentMerge, SubjectEnrolment, User
from schools.models.recording import recorded
from schools.permissions import may_merge_students


class PreviewOutdated(WrongState):
    """Something in the two records is no longer as it was shown; look again."""

    def __init__(self) -> None:
        super().__init__("Một trong hai hồ sơ đã thay đổi từ lúc bạn xem trước. Chưa gộp gì; hãy xem lại.")


def preview_merge(*, by: User, kept: Student, merged: Student) -> MergePlan:
    """What the merge would do, for those who may do it. NotAllowed."""
    if not may_merge_students(by, kept, merged):
        raise NotAllowed
    return plan_merge(kept, merged)


def merge_students(*, by: User, kept: Student, merged: Student, digest: str, reason: str) -> StudentMerge:
    """Join ``merged`` into ``kept`` exactly as previewed: ``digest`` is the plan's. Enrolments, subjects, parents, the
    account and the number move, and what apps above have added (marks, pages of the book); the merged record stays,
    points to the kept one and is found by its code. NotAllowed; PreviewOutdated; WrongState when the records cannot be
    joined; Refused without a reason. Returns the merge."""
    plan = preview_merge(by=by, kept=kept, merged=merged)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Gộp hồ sơ phải ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "merge_students", method="merged", reason=reason.strip(), chains=plan.chains):
        students = Student.objects.select_for_update(of=("self",)).select_related("school", "user").order_by("pk")
        locked = {student.pk: student for student in students.filter(pk__in=[kept.pk, merged.pk])}
        plan = plan_merge(locked[kept.pk], locked[merged.pk])
        if plan.digest != digest:
            raise PreviewOutdated
        if plan.obstacles:
            raise WrongState("Chưa gộp được. " + " ".join(plan.obstacles))
        return _done(by, plan, reason.strip())


def _done(by: User, plan: MergePlan, reason: str) -> StudentMerge:
    earlier = list(plan.merged.merged.values_list("pk", flat=True))
    _move_enrolments(plan)
    _move_subjects(plan)
    _move_parents(plan)
    _write_students(plan)
    merge = StudentMerge.objects.create(
        kept=plan.kept,
        merged=plan.merged,
        school_id=plan.school_id,
        by=by,
        reason=reason[:255],
        moved=_moved(plan) | {"earlier_merges": earlier},
    )
    for part in plan.added:
        part.carry_out(by)
    return merge


def _move_enrolments(plan: MergePlan) -> None:
    """The same class twice: the kept row covers both, the other is marked as written by mistake and stays where it is.
    First make room, then widen, then move: the constraints hold after every statement."""
    for kept, own in plan.joined_enrolments:
        starts_on = min(kept.starts_on, own.starts_on)
        later = kept if kept.ends_on is None else own if own.ends_on is None else max(kept, own, key=_end)
        ends_on, ending = later.ends_on, later.ending
        own.ends_on, own.ending = own.starts_on, Enrolment.Ending.MISTAKE
        own.save(update_fields=["ends_on", "ending"])
        kept.starts_on, kept.ends_on, kept.ending = starts_on, ends_on, ending
        kept.save(update_fields=["starts_on", "ends_on", "ending"])
    Enrolment.objects.filter(pk__in=_keys(plan.moved_enrolments)).update(student=plan.kept)


def _end(enrolment: Enrolment) -> Any:
    return enrolment.ends_on


def _move_subjects(plan: MergePlan) -> None:
    SubjectEnrolment.objects.filter(pk__in=_keys(plan.dropped_subjects)).update(dropped_on=timezone.localdate())
    SubjectEnrolment.objects.filter(pk__in=_keys(plan.moved_subjects)).update(student=plan.kept)


def _move_parents(plan: MergePlan) -> None:
    ParentLink.objects.filter(pk__in=_keys(plan.ended_links)).update(ends_on=timezone.localdate())
    ParentLink.objects.filter(pk__in=_keys(plan.moved_links)).update(student=plan.kept)


def _write_students(plan: MergePlan) -> None:
    """The merged record lets go of number and account before the kept one takes them: both are one record's only."""
    kept, merged = plan.kept, plan.merged
    if "personal_id" in plan.filled:
        merged.personal_id = None
    if plan.moved_account:
        merged.user = None
    merged.merged_into = kept
    merged.save(update_fields=["personal_id", "user", "merged_into"])
    merged.merged.update(merged_into=kept)
    for name, value in plan.filled.items():
        setattr(kept, name, value)
    if kept.personal_id:
        kept.personal_id_missing = ""
    kept.user = plan.moved_account or kept.user
    kept.school_id = plan.school_id
    kept.save(update_fields=[*plan.filled, "personal_id_missing", "user", "school"])
    if plan.closed_account:
        User.objects.filter(pk=plan.closed_account.pk).update(is_active=False)


def _moved(plan: MergePlan) -> dict[str, Any]:
    """What StudentMerge.moved keeps: ids by kind, and the names of the fields that were filled."""
    moved: dict[str, Any] = {
        "fields": sorted(plan.filled),
        "enrolments": _keys(plan.moved_enrolments),
        "joined_enrolments": [[kept.pk, own.pk] for kept, own in plan.joined_enrolments],
        "subject_enrolments": _keys(plan.moved_subjects),
        "dropped_subject_enrolments": _keys(plan.dropped_subjects),
        "parent_links": _keys(plan.moved_links),
        "ended_parent_links": _keys(plan.ended_links),
        "account": plan.moved_account.pk if plan.moved_account else None,
        "closed_account": plan.closed_account.pk if plan.closed_account else None,
    }
    for part in plan.added:
        moved |= part.moved
    return moved


def _keys(things: list[Any]) -> list[int]:
    return [thing.pk for thing in things]
