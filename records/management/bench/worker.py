"""A Celery worker as production runs it, rendering three hundred pages from the queue: what its memory comes to."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from records.actions.cells import Operation
from records.actions.homeroom import enter_records, submit_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.management.bench.figures import Figure, named
from records.models import ClassPeriod, Grid, GridRow, MarkSheet, PageVersion

PAGES = 300
WARM = 100
TYPED = {"DIEM": "7,5", "DAT": "Đ", "REN_LUYEN": "Tốt", "SO_BUOI": "1",
         "VAN_BAN": "Nắm được kiến thức cơ bản, cần luyện tập thêm."}  # fmt: skip
PATIENCE = 900  # seconds: a busy machine is slow, not wrong
WORKER = ["-m", "celery", "-A", "hocbaso", "worker", "--concurrency", "1", "--loglevel", "ERROR",
          "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip


def worker_figures() -> list[Figure]:
    """Peak of the process that renders, after a hundred pages and after all, and of the one that hands it the work."""
    cache.clear()  # the measurement's own Redis database: nothing waits there from an earlier one
    submit_classes()
    with running_worker() as worker:
        _wait_for(worker, WARM)
        early, begin = peak_megabytes(child_of(worker.pid)), time.perf_counter()
        _wait_for(worker, PAGES)
        speed = (PAGES - WARM) / (time.perf_counter() - begin)
        late, parent = peak_megabytes(child_of(worker.pid)), peak_megabytes(worker.pid)
    return [
        named("worker_peak_memory_after_300_pages", late),
        named("worker_memory_growth_after_page_100", late - early),
        Figure("worker_parent_peak_memory", parent, "MB"),
        Figure("worker_pages_per_second", speed, "/s"),
    ]


def submit_classes() -> None:
    """Seeded classes, filled in and submitted as their teachers would, until at least three hundred pages wait to be
    rendered."""
    for class_period in ClassPeriod.objects.in_words().order_by("pk"):
        if PageVersion.objects.count() >= PAGES:
            return
        teacher = class_period.school_class.homeroom.get().teacher
        for sheet in MarkSheet.objects.of_class(class_period.school_class, class_period.period):
            enter_marks(by=teacher, sheet=sheet, operations=_empty_cells(sheet, sheet.rows.all()))
            sheet.refresh_from_db()
            confirm_sheet(by=teacher, sheet=sheet, change_no=sheet.change_no)
        cells = _empty_cells(class_period, class_period.rows.all())
        enter_records(by=teacher, class_period=class_period, operations=cells)
        submit_class(by=teacher, class_period=class_period)


def _empty_cells(grid: Grid, rows: Iterable[GridRow]) -> list[Operation]:
    """A value for every cell that is required and empty, and a remark of ordinary length wherever there may be one."""
    return [
        Operation(uuid.uuid4(), row.public_id, column.code, TYPED[column.scale], "")
        for row in rows
        for column in grid.scheme
        if (column.required or column.scale == "VAN_BAN") and column.code not in row.cells
    ]


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[bytes]]:
    worker = subprocess.Popen([sys.executable, *WORKER], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603 – ourselves
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(60)


def _wait_for(worker: subprocess.Popen[bytes], pages: int) -> None:
    until = time.monotonic() + PATIENCE
    while PageVersion.objects.exclude(file="").count() < pages:
        if worker.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the worker did not render {pages} pages")
        time.sleep(0.1)


def child_of(pid: int) -> int:
    """The one process of the pool: a second one would mean that the first was replaced, and the memory with it."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def peak_megabytes(pid: int) -> float:
    """The most memory a process has had at any moment."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)
