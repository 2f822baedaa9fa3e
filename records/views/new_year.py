"""The room of the new year: where everybody goes whose year is over, previewed, written as previewed, taken back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from records.actions.new_year import Choices, place_new_year, still_there, take_back_placing, why_not_taken_back
from records.actions.new_year_plan import EndingClass, NewClass, NewYearPlan, plan_new_year
from records.forms.new_year import NewYearForm
from records.models import NewYearPlacing
from records.models.new_year import LEAVES, PLACED, UNKNOWN, approved_in, year_pairs
from records.rules.new_year import AGAIN, UP, WAITS, is_intake
from schools.actions.imports.plans import PreviewOutdated
from schools.actions.refusals import Refused
from schools.forms.accounts import ReasonForm
from schools.models import School, SchoolClass, SchoolYear
from schools.permissions import keeps_records
from schools.views.access import SignedInRequest, allow, get_for, kept_schools, listed, named_in
from schools.views.students import add_faults, personal

OUTDATED = "Danh sách hoặc tên lớp đã khác lúc bạn xem. Chưa xếp gì: hãy xem lại bản dưới đây rồi bấm lại."
STAYING = {WAITS: "chờ kết quả trong hè", UNKNOWN: "chưa có kết quả cả năm được duyệt"}


@dataclass(frozen=True)
class Turn:
    """From which year into which, of which school."""

    school: School
    from_year: SchoolYear
    to_year: SchoolYear


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
@personal
def new_year(request: SignedInRequest) -> HttpResponse:
    schools = list(kept_schools(request.user))
    wanted = named_in(request, "truong", School)
    school = next((one for one in schools if one == wanted), schools[0])
    turn = _turn(request, school)
    if turn is None:
        return render(request, "records/new_year/none.html", {"school": school, "schools": schools})
    proposed = plan_new_year(turn.school, turn.from_year, turn.to_year)
    form = NewYearForm(request.POST or None, proposed=_asked(proposed))
    if not form.is_bound or not form.is_valid():
        return _shown(request, turn, proposed, form)
    choices = Choices(form.names(), form.cleaned_data["makes_intake"])
    if request.POST.get("buoc") == "xep":
        try:
            placed = _placed(request, turn, choices)
        except PreviewOutdated:
            messages.warning(request, OUTDATED)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return placed
    plan = plan_new_year(turn.school, turn.from_year, turn.to_year, choices.names, choices.makes_intake)
    form.refuse(plan.faults)
    return _shown(request, turn, plan, form)


def _turn(request: SignedInRequest, school: School) -> Turn | None:
    """The year in the address (``?nam=``), else the newest into which somebody goes, else the newest there is."""
    pairs = year_pairs()
    wanted = [pair for pair in pairs if str(pair[1].first_year) == request.GET.get("nam")]
    ready = set(approved_in([school.pk], [before for before, _ in pairs]).values_list("school_year", flat=True))
    found = wanted or [pair for pair in pairs if pair[0].pk in ready] or pairs
    return Turn(school, *found[0]) if found else None


def _placed(request: SignedInRequest, turn: Turn, choices: Choices) -> HttpResponse:
    placing = place_new_year(
        by=request.user, school=turn.school, from_year=turn.from_year, to_year=turn.to_year, choices=choices,
        digest=request.POST.get("digest", ""),
    )  # fmt: skip
    left = len(placing.placed) - len(placing.coming)
    told = f"Đã xếp {len(placing.coming)} học sinh vào lớp của năm học {turn.to_year}"
    told += f", lập {len(placing.made)} lớp" if placing.made else ""
    messages.success(request, told + (f"; {left} học sinh hết cấp đã thôi ở lớp." if left else "."))
    return redirect(request.get_full_path())


def _shown(request: SignedInRequest, turn: Turn, plan: NewYearPlan, form: NewYearForm) -> HttpResponse:
    staying = [
        (one.enrolment.student, one.enrolment.school_class, words)
        for standing, words in STAYING.items()
        for ending in plan.ending
        for one in ending.standings.get(standing, [])
    ]
    rows = [_row(one, form) for one in plan.ending]
    context = {
        "turn": turn,
        "turns": [pair[1] for pair in year_pairs()],
        "schools": list(kept_schools(request.user)),
        "plan": plan,
        "form": form,
        "rows": [row for row in rows if not row["is_done"]],
        "done": [row["school_class"] for row in rows if row["is_done"]],
        "classes": [(one, _made_of(one)) for one in plan.classes],
        "staying": staying,
        "placings": listed(request.user, NewYearPlacing).of(turn.school, turn.to_year),
    }
    return render(request, "records/new_year/plan.html", context, status=422 if form.errors else 200)


def _asked(plan: NewYearPlan) -> dict[tuple[SchoolClass, str], str]:
    """Names are asked of the ways somebody goes, and of classes that are made for other schools' students."""
    made = {one.name for one in plan.made}
    intake = [one for one in plan.ending if is_intake(one.school_class.grade_level, plan.school.grade_levels)]
    return {
        (one.school_class, way): one.names[way]
        for one in plan.ending
        for way in (UP, AGAIN)
        if one.standings.get(way) or (way == AGAIN and one in intake and one.names[way] in made)
    }


def _row(one: EndingClass, form: NewYearForm) -> dict[str, Any]:
    counts = {standing: len(who) for standing, who in one.standings.items()}
    return {
        "school_class": one.school_class,
        "up": counts.get(UP, 0),
        "again": counts.get(AGAIN, 0),
        "into": form.bound(one.school_class, UP),
        "back_into": form.bound(one.school_class, AGAIN),
        "leaves": counts.get(LEAVES, 0),
        "staying": [f"{counts[key]} em {words}" for key, words in STAYING.items() if key in counts],
        "placed": counts.get(PLACED, 0),
        "is_done": not (form.bound(one.school_class, UP) or form.bound(one.school_class, AGAIN))
        and set(one.standings) <= {PLACED},
    }


def _made_of(one: NewClass) -> str:
    """“36 lên từ 7A, 2 ở lại của 8A”."""
    parts: dict[tuple[str, str], int] = {}
    for who in one.coming:
        key = (who.standing, who.enrolment.school_class.name)
        parts[key] = parts.get(key, 0) + 1
    words = {UP: "lên từ", AGAIN: "ở lại của"}
    return ", ".join(f"{count} {words[way]} {name}" for (way, name), count in parts.items())


@allow(keeps_records)
@require_http_methods(["GET", "POST"])
def placing_back(request: SignedInRequest, placing_id: UUID) -> HttpResponse:
    """What taking a placing back would do, and doing it."""
    placing = get_for(request.user, NewYearPlacing, placing_id, "school", "from_year", "to_year", "by")
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            take_back_placing(by=request.user, placing=placing, reason=form.cleaned_data["reason"])
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, "Đã bỏ lượt xếp lớp: học sinh trở về lớp cũ.")
            return redirect("new_year")
    context = {
        "form": form,
        "placing": placing,
        "why_not": why_not_taken_back(placing),
        "back": len(still_there(placing)),
    }
    return render(request, "records/new_year/back.html", context, status=422 if form.errors else 200)
