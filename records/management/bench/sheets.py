"""The sheet's page and a save of 45 cells, as a teacher's browser asks for them."""

import json
import uuid

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from records.management.bench.figures import Figure, cpu_figures, named
from records.management.bench.measure import cost_of
from records.models import MarkSheet

CELLS = 45


def sheet_figures(prefix: str) -> list[Figure]:
    """The page and a save in the database as it is."""
    client, sheet = teacher_at_sheet()
    url = reverse("sheet", args=[sheet.public_id])
    works = {"sheet_page": lambda: _ok(client.get(url)), "save_45_cells": lambda: _ok(_save(client, sheet))}
    figures = []
    for name, work in works.items():
        cost = cost_of(work)
        figures += cpu_figures(f"{prefix}{name}_cpu", cost)
        figures.append(Figure(f"{prefix}{name}_postgres", cost.database, "ms"))
        figures.append(named(f"{prefix}{name}_queries", cost.queries))
    return figures


def teacher_at_sheet() -> tuple[Client, MarkSheet]:
    """A seeded teacher, signed in, and a sheet of theirs."""
    setup_test_environment(debug=False)
    sheet = MarkSheet.objects.filter(kind="DIEM").order_by("-id").select_related("school_class").first()
    if sheet is None:
        raise LookupError("Chưa có sổ điểm nào: hãy chạy seed trước.")
    teacher = get_user_model().objects.get(username=f"gvs{sheet.school_class_id}")
    client = Client()
    client.force_login(teacher)
    return client, sheet


def _save(client: Client, sheet: MarkSheet) -> object:
    """45 cells that change: the regular columns and the midterm of the first students, to and fro."""
    operations = []
    rows = list(sheet.rows.order_by("id")[: CELLS // 3])
    for row in rows:
        for column in ("TX1", "TX2", "GK"):
            base = row.cells.get(column, "")
            typed = "7" if base != "7" else "8"
            operations.append(
                {"id": str(uuid.uuid4()), "row": str(row.public_id), "col": column, "typed": typed, "base": base}
            )
    body = json.dumps({"ops": operations, "since": sheet.change_no, "method": "typed"})
    url = reverse("sheet_cells", args=[sheet.public_id])
    answer = client.post(url, body, content_type="application/json")
    sheet.change_no = answer.json()["change_no"]
    return answer


def _ok(answer: object) -> None:
    status = answer.status_code  # type: ignore[attr-defined]
    if status != 200:
        raise RuntimeError(f"status {status}")
