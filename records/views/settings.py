"""How the law's open questions are answered: read by those who oversee schools, settled by the Sở."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from records import permissions
from records.actions.settings import answer_to, made_before, settle
from records.forms.settings import AnswerForm
from records.models import RuleSetting
from records.rules.settings import QUESTIONS, Question
from schools.actions.refusals import Refused
from schools.models import SchoolYear
from schools.permissions import administers_province, oversees_schools
from schools.views.access import SignedInRequest, allow, get_for, listed
from schools.views.students import add_faults


@allow(oversees_schools)
@require_safe
def rule_settings(request: SignedInRequest, year_id: UUID) -> HttpResponse:
    return shown_settings(request, get_for(request.user, SchoolYear, year_id))


def shown_settings(
    request: SignedInRequest, year: SchoolYear, bound: tuple[Question, AnswerForm] | None = None, status: int = 200
) -> HttpResponse:
    may_settle = permissions.may_settle_rules(request.user, year) and year.closed_at is None
    given = list(listed(request.user, RuleSetting).filter(school_year=year).in_words())
    context = {
        "year": year,
        "may_settle": may_settle,
        "may_administer": administers_province(request.user),
        "questions": [shown_question(year, one, given, bound, may_settle) for one in QUESTIONS],
    }
    return render(request, "records/settings.html", context, status=status)


def shown_question(
    year: SchoolYear, question: Question, given: list[RuleSetting], bound: tuple[Question, AnswerForm] | None, may: bool
) -> dict[str, Any]:
    """The question with the answer in force, everything that was answered before, and the form."""
    answer = answer_to(year, question)
    form = bound[1] if bound and bound[0] == question else AnswerForm(question=question, given=answer)
    return {
        "question": question,
        "answer": question.answers[answer],
        "code": answer,
        "default": answer == question.default,
        "given": [
            (one, question.answers[one.value])
            for one in given
            if (one.rule_set, one.key) == (question.rule_set, question.key)
        ],
        "form": form if may else None,
        "made_before": made_before(year, question.rule_set) if may else 0,
    }


@allow(administers_province)
@require_POST
def rule_settle(request: SignedInRequest, year_id: UUID) -> HttpResponse:
    year = get_for(request.user, SchoolYear, year_id, may=permissions.may_settle_rules)
    question = next((one for one in QUESTIONS if one.key == request.POST.get("cau")), None)
    if question is None:
        raise Http404
    form = AnswerForm(request.POST, question=question, given=answer_to(year, question))
    if form.is_valid():
        try:
            settle(
                by=request.user, year=year, question=question, seen=request.POST.get("dang", ""), **form.cleaned_data
            )
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, "Đã ghi cách áp dụng mới. Kết quả đã nộp trước đó giữ như đã tính.")
            return redirect("rule_settings", year.public_id)
    return shown_settings(request, year, (question, form), status=422)
