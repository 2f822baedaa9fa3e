"""What a person can do at the addresses of the record, each act with what the person whose act it is would send; and
the class of the cast in every state in which it is asked."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from records.actions.pages import render_page
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import issue_class, return_class, sign_off_class
from records.models import NewYearPlacing, PageVersion, SigningItem, SigningKey, SigningOrder
from records.models.grids import GridRow
from tests.records.term import PIN, Term, confirm_all, fill_records, fill_sheet, fresh, give_keys, submitted
from tests.repository.urls import make_placing

REASON = "Điểm giữa kì môn Toán chưa đúng"
STATES = ("open", "confirmed", "submitted", "signed by homeroom", "returned", "signed by principal", "issued")
# Pages that there are, or that somebody may open, in some states only; and acts that are not about the class.
LOOKS_OF_STATE = {"review_return", "book_page", "book_page_pdf", "book"}
OF_NO_STATE = {
    "rule_settle",
    "placing_back",
    "transferred_term",
    "key_pin",
    "summer_write",
    "summer_conclude",
    "summer_return",
    "summer_sign",
}


@dataclass(frozen=True)
class Act:
    """An address of the record, looked at (``form`` is None) or sent a form or, as the grids do, JSON."""

    address: str
    url: str
    form: dict[str, Any] | str | None = None

    @property
    def hangs_on_state(self) -> bool:
        """Whether the state of the class may decide; other looks are the same in all, and so is what is not the
        class's."""
        posted = self.form is not None
        return self.address not in OF_NO_STATE if posted else self.address in LOOKS_OF_STATE

    @property
    def name(self) -> str:
        return f"{'GET' if self.form is None else 'POST'} {self.address}"

    @property
    def body(self) -> str | None:
        """What is sent, as the browser sends it."""
        return urlencode(self.form, doseq=True) if isinstance(self.form, dict) else self.form

    @property
    def content_type(self) -> str:
        return "application/json" if isinstance(self.form, str) else "application/x-www-form-urlencoded"


def acts(term: Term, state: str) -> list[Act]:
    """The acts at the class as it is now that hang on its state, and in the last state every other one too; a page can
    be looked at once there is one."""
    every = [*_looks(term), *_at_sheet(term), *_at_class(term)]
    return [act for act in every if act.hangs_on_state or state == STATES[-1]]


def _looks(term: Term) -> list[Act]:
    cast, sheet, class_period = term.cast, term.maths, term.class_period.public_id
    student, row = cast.student.public_id, sheet.rows.get(student=cast.student)
    seal = SigningKey.objects.get(school=cast.school)
    version = PageVersion.objects.filter(page__student=cast.student).order_by("number").last()
    named = {
        "sheet": [sheet.public_id], "sheet_cells": [sheet.public_id], "row_history": [row.public_id],
        "sheets_of_class": [cast.class_7a.public_id], "missing_marks": [student],
        "homeroom": [class_period], "homeroom_cells": [class_period],
        "review": [class_period], "class_progress": [class_period], "review_return": [class_period],
        "summer_student": [class_period, student], "rule_settings": [cast.year.public_id],
        "placing_back": [NewYearPlacing.objects.get(school=cast.school).public_id],
        "transferred_terms": [student], "transferred_term": [student, sheet.period.public_id],
        "book": [student], "key_pin": [seal.public_id],
        "history_of_school": [cast.school.public_id], "history_of_student": [student],
    }  # fmt: skip
    if version:
        named |= {"book_page": [version.public_id], "book_page_pdf": [version.public_id]}
    return [Act(name, reverse(name, args=args)) for name, args in named.items()]


def _at_sheet(term: Term) -> list[Act]:
    cast, sheet = term.cast, term.maths
    row = sheet.rows.get(student=cast.student)
    sent: dict[str, Any] = {
        "sheet_cells": _cell(row, "TX1", "9"),
        "sheet_save": _table(row, "TX1", "9"),
        # Never done here: the row is whole (tests/records/actions/test_waivers.py).
        "sheet_waive": {"mien-rows": [str(row.public_id)], "mien-reason": REASON},
        "sheet_confirm": {"change_no": sheet.change_no},
        "sheet_take_back": {},
    }
    return [Act(name, reverse(name, args=[sheet.public_id]), form) for name, form in sent.items()]


def _at_class(term: Term) -> list[Act]:
    cast, class_period = term.cast, term.class_period
    row = class_period.rows.get(student=cast.student)
    signed = {"pin": PIN} | {f"trang:{key}": digest for key, digest in term.shown().items()}
    sent: dict[str, Any] = {
        "homeroom_cells": _cell(row, "CP", "3"),
        "homeroom_save": _table(row, "CP", "3"),
        "homeroom_submit": {},
        "homeroom_sign": signed,
        "review_approve": {},  # never done here: the periods of 7A have pages (tests/records/actions/test_primary.py)
        "review_return": {"reason": REASON, "sheets": [str(term.maths.public_id)]},
        "review_sign": signed,
    }
    others = {
        "transferred_term": ([cast.student.public_id, class_period.period.public_id], {}),
        # 7A's first term never waits for the summer (tests/records/views/test_summer.py has who does what there).
        **{
            name: ([class_period.public_id, cast.student.public_id], {})
            for name in ("summer_write", "summer_conclude", "summer_return", "summer_sign")
        },
        "rule_settle": (
            [cast.year.public_id],
            {
                "cau": "TU_CHON",
                "dang": "KHONG_TINH",
                "tu_chon-answer": "TINH",
                "tu_chon-reason": "Công văn số 12 ngày 01/09",
            },
        ),
        "placing_back": ([NewYearPlacing.objects.get(school=cast.school).public_id], {"reason": REASON}),
        "key_pin": (
            [SigningKey.objects.get(school=cast.school).public_id],
            {"pin": PIN, "new_pin": "135791", "again": "135791"},
        ),
    }
    return [
        *(Act(name, reverse(name, args=[class_period.public_id]), form) for name, form in sent.items()),
        *(Act(name, reverse(name, args=args), form) for name, (args, form) in others.items()),
    ]


def _cell(row: GridRow, column: str, typed: str) -> str:
    """One cell as the browser sends it."""
    operation = {"id": str(uuid.uuid4()), "row": str(row.public_id), "col": column, "typed": typed,
                 "base": row.cells.get(column, "")}  # fmt: skip
    return json.dumps({"ops": [operation], "since": 0, "method": "typed"})


def _table(row: GridRow, column: str, typed: str) -> dict[str, str]:
    """The whole table as a browser without JavaScript sends it, with one cell changed."""
    began = json.dumps({str(row.public_id): row.cells})
    return {"trang": str(uuid.uuid4()), "moc": began, f"o:{row.public_id}:{column}": typed}


# -- The class, state by state ----------------------------------------------------------------------------------------
def each_state(term: Term) -> Iterator[str]:
    """The class in every state, one after the other, by the acts of those whose they are: it is returned once."""
    give_keys(term)
    make_placing(term.cast)
    for sheet in term.sheets.values():
        fill_sheet(sheet, term.teacher_of(sheet))
    fill_records(term)
    yield "open"
    confirm_all(term)
    yield "confirmed"
    _submit(term)
    yield "submitted"
    _sign(term, sign_as_homeroom, "homeroom_teacher")
    yield "signed by homeroom"
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason=REASON, sheets=[term.maths])
    yield "returned"
    _submit(term)
    _sign(term, sign_as_homeroom, "homeroom_teacher")
    _sign(term, sign_off_class, "principal")
    yield "signed by principal"
    _sign(term, issue_class, "clerk")
    yield "issued"


def _submit(term: Term) -> None:
    submitted(term)
    for version in PageVersion.objects.of(term.class_period):
        render_page(version)


def _sign(term: Term, action: Any, person: str) -> None:
    by = fresh(getattr(term.cast, person))
    order: SigningOrder = action(by=by, class_period=term.now(), pin=PIN, shown=term.shown())
    for item in order.items.select_related("order__by", "order__key", "order__delegation__grantor", "version"):
        assert carry_out(item).state == SigningItem.State.DONE
