"""What of the teaching of a class is given to nobody: subjects, parts of subjects, columns of their mark sheets."""

from collections.abc import Collection, Iterable, Sequence

from schools.models.assignments import TeachingAssignment
from schools.models.classes import SchoolClass
from schools.models.subjects import CurriculumSubject
from schools.rules.column_codes import codes_in_words, codes_of, lacks_in_words, left_to_nobody

Taught = tuple[str, Collection[str]]  # a part ("" for all of them), and the columns its teacher writes


def with_gaps(classes: Iterable[SchoolClass]) -> list[SchoolClass]:
    """Each with ``gaps``: the compulsory subjects of its grade of which something is given to nobody, with what: “Khoa
    học tự nhiên: cột TX3, CK chưa giao cho ai”."""
    found = list(classes)
    taught = _taught_in(found)
    offered = _compulsory(found)
    for one in found:
        one.gaps = [
            f"{row.subject.name}: {', '.join(lacks)}"
            for row in offered.get((one.rule_set, one.grade_level), [])
            if (lacks := lacks_of(row, taught.get((one.pk, row.subject_id), [])))
        ]
    return found


def lacks_of(row: CurriculumSubject, taught: Sequence[Taught]) -> list[str]:
    """What of one subject is given to nobody, in words."""
    return lacks_in_words(row.subject.parts, taught, codes_of(row.rule_set, row.kind, row.annual_periods))


def columns_left(school_class: SchoolClass) -> list[str]:
    """“Khoa học tự nhiên lớp 7A: cột TX3, TX4, CK chưa giao cho ai” for each subject whose columns are shared out so
    that some are left over."""
    taught = _taught_in([school_class])
    told = []
    for row in CurriculumSubject.objects.taken_in(school_class):
        written = [own for _, own in taught.get((school_class.pk, row.subject_id), [])]
        if left := left_to_nobody(codes_of(row.rule_set, row.kind, row.annual_periods), written):
            told.append(f"{row.subject} lớp {school_class}: cột {codes_in_words(left)} chưa giao cho ai")
    return told


def _taught_in(classes: Collection[SchoolClass]) -> dict[tuple[int, int], list[Taught]]:
    """By class and subject, until further notice."""
    held = TeachingAssignment.objects.order_by().open().filter(school_class__in=[one.pk for one in classes])
    taught: dict[tuple[int, int], list[Taught]] = {}
    for class_id, subject_id, part, columns in held.values_list("school_class", "subject", "part", "columns"):
        taught.setdefault((class_id, subject_id), []).append((part, columns))
    return taught


def _compulsory(classes: Collection[SchoolClass]) -> dict[tuple[str, int], list[CurriculumSubject]]:
    """By rule set and grade, as printed."""
    rows = CurriculumSubject.objects.select_related("subject").filter(
        rule_set__in={one.rule_set for one in classes},
        grade_level__in={one.grade_level for one in classes},
        choice=CurriculumSubject.Choice.COMPULSORY,
    )
    offered: dict[tuple[str, int], list[CurriculumSubject]] = {}
    for row in rows:
        offered.setdefault((row.rule_set, row.grade_level), []).append(row)
    return offered
