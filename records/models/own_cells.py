"""Of sheets whose columns are shared out: how many empty cells are in a person's own columns."""

from collections import defaultdict
from collections.abc import Collection

from django.db import models

from records.models.sheets import MarkRow, MarkSheet
from records.models.transferred import TransferredTerm
from records.rules.columns import missing
from schools.models import Enrolment, SubjectEnrolment, TeachingAssignment, User
from schools.models.assignments import columns_of


def own_missing(sheets: Collection[MarkSheet], user: User) -> dict[int, int]:
    """The empty required cells of the user's own columns, by the sheet's id; a sheet of which the user writes every
    column is not in it. Two queries, whatever the number of sheets."""
    taught: dict[tuple[int, int], list[TeachingAssignment]] = defaultdict(list)
    for assignment in TeachingAssignment.objects.for_teacher(user):
        taught[assignment.school_class_id, assignment.subject_id].append(assignment)
    own = {sheet.pk: columns_of(taught[sheet.school_class_id, sheet.subject_id]) for sheet in sheets}
    shared = {sheet.pk: sheet for sheet in sheets if own[sheet.pk]}
    counted = dict.fromkeys(shared, 0)
    for key, cells in _assessed_rows(shared) if shared else ():
        counted[key] += len([column for column in missing(shared[key].scheme, cells) if column.code in own[key]])
    return counted


def _assessed_rows(sheets: Collection[int]) -> "models.QuerySet[MarkRow, tuple[int, dict[str, str]]]":
    """(sheet, cells) of those on the class's list who are neither exempt nor brought the term's results."""
    listed = Enrolment.objects.order_by().filter(
        models.Q(ends_on=None) | models.Q(ending=Enrolment.Ending.FINISHED),
        student=models.OuterRef("student"),
        school_class=models.OuterRef("sheet__school_class"),
    )
    exempt = SubjectEnrolment.objects.open().filter(
        student=models.OuterRef("student"), subject=models.OuterRef("subject"),
        school_year=models.OuterRef("school_year"), exempt=True,
    )  # fmt: skip
    brought = TransferredTerm.objects.current().filter(
        student=models.OuterRef("student"), period=models.OuterRef("period")
    )
    rows = MarkRow.objects.filter(models.Exists(listed), ~models.Exists(exempt), ~models.Exists(brought))
    return rows.filter(sheet__in=sheets).values_list("sheet_id", "cells")
