"""``manage.py demo``: load the demo once, and print the accounts one can log in with."""

from datetime import timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from records.actions.preparing import prepare_open_classes
from records.management.demo.classes import make_classes
from records.management.demo.job import AIMS, PIN, give_keys
from records.management.demo.processes import LOWER_SECONDARY, PRIMARY, bring_all
from records.management.demo.world import LOADING, NAMED, PASSWORD, World, make_frame, make_named_people, make_windows
from records.models import ClassPeriod
from records.models.summer_lists import held_in
from schools.models import (
    Authority,
    EntryWindow,
    HomeroomAssignment,
    School,
    SchoolClass,
    SchoolYear,
    TeachingAssignment,
)
from schools.models.recording import recorded

SEED = 2026
FAMILY = (("phuhuynh", "Phụ huynh của một em lớp 7A và một em lớp 3B"), ("hocsinh", "Học sinh lớp 7A"))
PLACES = {"TH": "Tiểu học Kim Đồng", "THCS": "THCS Nguyễn Du", "THPT": "THPT Chu Văn An", "SO": "Sở", "XA1": "Phường"}


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu (một lần) và in các tài khoản dùng thử."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--without-marks", action="store_true", help="chỉ người và lớp, chưa có điểm")

    def handle(self, *args: Any, without_marks: bool = False, **options: Any) -> None:
        if not Authority.objects.exists():
            load(World(Random(SEED), timezone.localdate()))  # noqa: S311 - people for show, no secrets
        if not without_marks and last_year_is_open():
            do_the_job()
            prepare_open_classes()
        self.stdout.write(f"Mật khẩu của mọi tài khoản dùng thử: {PASSWORD}")
        self.stdout.write(f"Mã PIN của mọi khóa kí và con dấu dùng thử: {PIN}")
        for _, username, full_name, role, place in NAMED:
            self.stdout.write(f"  {username:16} {full_name:24} {role.label}, {PLACES[place]}")
        for username, who in FAMILY:
            self.stdout.write(f"  {username:16} {'':24} {who}")


def load(world: World) -> None:
    """Everything in one transaction: the demo is there whole or not at all."""
    with recorded(None, "demo", method="demo", reason="Nạp dữ liệu mẫu"):
        make_frame(world)
        make_named_people(world)
        make_windows(world)
        make_classes(world)


def last_year_is_open() -> bool:
    """Marks and pages are in when the windows of last year have been closed: the last thing the loading does."""
    windows = EntryWindow.objects.open_now().exclude(period__school_year=SchoolYear.objects.current())
    return windows.filter(school__code=LOWER_SECONDARY, reason=LOADING).exists()


def do_the_job() -> None:
    """Marks, sign-off and signed pages of the primary and the lower secondary school, by the same actions people use.
    Interrupted, it goes on where it stopped."""
    for school in School.objects.filter(code__in=(PRIMARY, LOWER_SECONDARY)):
        give_keys(school)
    connections.close_all()
    bring_all(len(AIMS))
    close_last_year()


def close_last_year() -> None:
    """The teachers of last year's classes are done with them, but for one in which somebody still waits for the
    summer's result; nothing else of what is over is open any more."""
    current = SchoolYear.objects.order_by("-first_year")[0]
    waiting = held_in(ClassPeriod.objects.exclude(school_year=current)).order_by().values("school_class")
    classes = SchoolClass.objects.exclude(school_year=current).exclude(pk__in=waiting)
    with recorded(None, "demo", method="demo", reason="Đóng năm học trước"):
        for kind in (HomeroomAssignment, TeachingAssignment):
            kind.objects.open().filter(school_class__in=classes).update(ends_on=current.starts_on)
        windows = EntryWindow.objects.open_now().filter(reason=LOADING)
        windows.update(closes_at=timezone.now() - timedelta(seconds=1))
