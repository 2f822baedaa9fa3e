"""The sheet's page and a save of 45 cells, as a teacher's browser asks for them."""

import json
import uuid

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from records.management.bench.measure import Cost, Figure, cost_of, reference_ms, scaled
from records.models import MarkSheet

CELLS = 45


def sheet_figures(prefix: str) -> tuple[list[Figure], Cost, Cost]:
    """Costs of the page and of a save in the database as it is."""
    client, sheet = teacher_at_sheet()
    url = reverse("sheet", args=[sheet.public_id])
    before = reference_ms()
    page = cost_of(lambda: _ok(client.get(url)))
    save = cost_of(lambda: _ok(_save(client, sheet)))
    after = reference_ms()
    figures = [
        Figure(f"{prefix}reference_before", before, "ms"),
        Figure(f"{prefix}reference_after", after, "ms"),
        Figure(f"{prefix}sheet_page_cpu", page.cpu, "ms", scaled(12, before, after)),
        Figure(f"{prefix}sheet_page_postgres", page.database, "ms"),
        Figure(f"{prefix}sheet_page_queries", page.queries, "queries"),
        Figure(f"{prefix}save_45_cells_cpu", save.cpu, "ms", scaled(15, before, after)),
        Figure(f"{prefix}save_45_cells_postgres", save.database, "ms"),
        Figure(f"{prefix}save_45_cells_queries", save.queries, "queries"),
    ]
    return figures, page, save


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
