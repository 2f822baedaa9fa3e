"""Which columns of the mark sheet each part of a subject writes: the school shares them out among its teachers.

A part without columns of its own writes all of them. Marks that stand in a column stay when another part gets it, and
the history keeps who wrote them; from then on the other teacher answers for the column (TT 22/2021/TT-BGDĐT Đ19).
"""

from collections.abc import Callable, Collection, Mapping

from schools.actions.refusals import Refused, WrongState
from schools.models import CurriculumSubject, SchoolClass, TeachingAssignment
from schools.models.assignments import Place
from schools.rules.column_codes import codes_of, in_order, why_unshared

# What apps above this one hold against other columns for assignments: by the assignment's id, in Vietnamese.
ADDED_OBJECTIONS: list[Callable[[Collection[TeachingAssignment]], Mapping[int, str]]] = []


def objections_to(assignments: Collection[TeachingAssignment]) -> dict[int, str]:
    """Why the columns of these assignments cannot be changed now, by the assignment's id; those that can are not in
    it."""
    return {key: words for objection in ADDED_OBJECTIONS for key, words in objection(assignments).items()}


def share(school_class: SchoolClass, wanted: Mapping[Place, Collection[str]], touched: Collection[int]) -> None:
    """Give the places their columns, inside the caller's transaction, which holds the class's chain. Of every subject
    ``touched`` what comes out is checked as a whole. Refused; WrongState when what was confirmed stands against it."""
    offered = {row.subject_id: row for row in CurriculumSubject.objects.of_class(school_class)}
    held = TeachingAssignment.objects.open().filter(school_class=school_class, subject__in=touched).exclude(part="")
    ties = list(held.select_related("teacher", "subject").order_by("id"))
    _refuse_without_teacher(wanted, ties, offered)
    changed = [tie for tie in ties if _differs(tie, wanted.get((tie.subject_id, tie.part)))]
    if why := objections_to(changed):
        raise WrongState(next(iter(why.values())))
    for tie in changed:
        tie.columns = in_order(wanted[tie.subject_id, tie.part])
    for subject_id in touched:
        if subject_id in offered:
            _refuse_unshared(offered[subject_id], [tie for tie in ties if tie.subject_id == subject_id])
    for tie in changed:
        tie.save(update_fields=["columns"])


def offered_codes(offered: CurriculumSubject) -> tuple[str, ...]:
    """The codes of the columns of a subject in its grade; none where it has no mark sheet."""
    return codes_of(offered.rule_set, offered.kind, offered.annual_periods)


def _differs(tie: TeachingAssignment, codes: Collection[str] | None) -> bool:
    return codes is not None and set(codes) != set(tie.columns)


def _refuse_without_teacher(
    wanted: Mapping[Place, Collection[str]], ties: list[TeachingAssignment], offered: Mapping[int, CurriculumSubject]
) -> None:
    taught = {(tie.subject_id, tie.part) for tie in ties}
    for (subject_id, part), codes in wanted.items():
        if codes and (subject_id, part) not in taught:
            name = offered[subject_id].subject.name if subject_id in offered else "Môn này"
            raise Refused(
                f"{name}, phân môn {part}: chọn giáo viên rồi mới chia cột."
                if part
                else f"{name}: chỉ chia cột cho từng phân môn; người dạy cả môn nhập mọi cột."
            )


def _refuse_unshared(offered: CurriculumSubject, ties: list[TeachingAssignment]) -> None:
    taught: dict[str, set[str]] = {}
    for tie in ties:
        taught.setdefault(tie.part, set()).update(tie.columns)
    if why := why_unshared(offered.subject.name, offered.subject.parts, taught, offered_codes(offered)):
        raise Refused(why)
