"""What the views of a class's period share: its pages, what is being worked on, who signs next."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from records.models import ClassPeriod, MarkSheet, PageVersion, SigningItem, SigningOrder
from records.views.page_words import told_outcome
from schools.models import User
from schools.rules.levels import PRIMARY
from schools.views.access import SignedInRequest, get_for, listed

SHOWN = "trang:"
OUTCOMES = {False: ("Học tập", "Rèn luyện"), True: ("Môn học", "Phẩm chất, năng lực")}


@dataclass(frozen=True)
class Progress:
    """How far workers have come with a class's pages: rendered, and signed by the last order."""

    pages: int
    rendered: int
    order: SigningOrder | None
    signed: int
    ordered: int
    failed: list[SigningItem]

    @property
    def is_busy(self) -> bool:
        return self.rendered < self.pages or self.signed + len(self.failed) < self.ordered


def found_class_period(request: SignedInRequest, class_period_id: UUID, **may: Any) -> ClassPeriod:
    related = ("school_class__school_year", "school_class__school", "period__school_year", "school", "last_move__by")
    return get_for(request.user, ClassPeriod, class_period_id, *related, **may)


def moved_on(request: SignedInRequest, found: ClassPeriod, room: str, not_done: str) -> HttpResponse:
    """The class has gone to another state since the person's page was shown: that is said on the class as it is now."""
    step = found.get_state_display().lower()
    messages.error(request, f"Lớp {found.school_class} nay {step}: {not_done}.")
    return redirect(room, found.public_id)


def progress_of(class_period: ClassPeriod, user: User) -> Progress:
    versions = listed(user, PageVersion).of(class_period)
    of_class = listed(user, SigningOrder).filter(class_period=class_period)
    order = of_class.exclude(items__version__kind=PageVersion.Kind.SUMMER).first()
    states = list(order.items.values_list("state", flat=True)) if order else []
    failed = order.items.unsigned().select_related("version__page__student") if order else []
    return Progress(
        pages=versions.count(),
        rendered=versions.exclude(file="").count(),
        order=order,
        signed=states.count(SigningItem.State.DONE),
        ordered=len(states),
        failed=list(failed),
    )


def sheets_of(class_period: ClassPeriod, user: User) -> Any:
    """The class's sheets of the period in printed order."""
    sheets = listed(user, MarkSheet).of_class(class_period.school_class, class_period.period)
    return sheets.in_printed_order(class_period.school_class).select_related("subject")


def class_context(request: SignedInRequest, class_period: ClassPeriod) -> dict[str, Any]:
    """What every page about a class's period shows."""
    versions = list(listed(request.user, PageVersion).of(class_period))
    return {
        "class_period": class_period,
        "versions": versions,
        "pages": [(version, told_outcome(version.snapshot)) for version in versions],
        "outcome_heads": OUTCOMES[class_period.school_class.level == PRIMARY],
        "sheets": sheets_of(class_period, request.user),
        "progress": progress_of(class_period, request.user),
        "moves": class_period.moves.select_related("by", "delegation__grantor"),
    }


def shown_in(form: QueryDict) -> dict[str, str]:
    """Public id → digest of the pages the person was shown, from the form's hidden fields."""
    return {name.removeprefix(SHOWN): str(value) for name, value in form.items() if name.startswith(SHOWN)}
