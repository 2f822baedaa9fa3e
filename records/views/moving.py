"""What became of a student's marks at a move, and what is still missing in the class the student is in."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records import permissions
from records.models import ClassPeriod, MarkSheet, StudentMove
from records.models.lacking import Lacking, lacking_of
from records.models.staying import staying_of
from schools.actions.reads import note_look
from schools.models import SchoolClass, Student
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import personal


@allow(permissions.sees_sheets)
@require_safe
@personal
def missing_marks(request: SignedInRequest, student_id: UUID) -> HttpResponse:
    student = get_for(request.user, Student, student_id, "school")
    note_look(by=request.user, student=student)
    classes = listed(request.user, SchoolClass).filter(enrolments__student=student, enrolments__ends_on=None)
    school_class = classes.select_related("school", "school_year").first()
    told = listed(request.user, StudentMove).filter(student=student).in_words()
    moves = list(told.filter(school_year=school_class.school_year)) if school_class else []
    context = {
        "student": student,
        "school_class": school_class,
        "lines": lines_for(request, student, school_class) if school_class else [],
        "moves": moves,
        # Whoever is told of a move is told where the rest of the marks lies; a subject teacher is told of neither.
        "stays": staying_of(student, school_class) if moves else [],
    }
    return render(request, "records/sheets/missing.html", context)


def lines_for(request: SignedInRequest, student: Student, school_class: SchoolClass) -> list[tuple[Lacking, str]]:
    """Each missing thing with the address where the person may look at it, or ""; a subject teacher sees the own
    subject's alone."""
    lacking = lacking_of(student, school_class)
    sheets = {one.sheet.pk for one in lacking if one.sheet}
    seen = set(listed(request.user, MarkSheet).filter(pk__in=sheets).values_list("pk", flat=True))
    begun = listed(request.user, ClassPeriod).filter(school_class=school_class)
    periods = dict(begun.values_list("period", "public_id"))
    reviews = permissions.reviews_classes(request.user)
    told = []
    for one in lacking:
        if one.sheet and one.sheet.pk in seen:
            told.append((one, reverse("sheet", args=[one.sheet.public_id])))
        elif one.period.pk in periods:
            told.append((one, reverse("review", args=[periods[one.period.pk]]) if reviews and not one.sheet else ""))
    return told
