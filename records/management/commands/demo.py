"""``manage.py demo``: load the demo once, and print the accounts one can log in with."""

from random import Random
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from records.management.demo.classes import make_classes
from records.management.demo.world import NAMED, PASSWORD, World, make_frame, make_named_people, make_windows
from schools.models import Authority
from schools.models.recording import recorded

SEED = 2026
FAMILY = (("phuhuynh", "Phụ huynh của một em lớp 7A và một em lớp 3B"), ("hocsinh", "Học sinh lớp 7A"))
PLACES = {"TH": "Tiểu học Kim Đồng", "THCS": "THCS Nguyễn Du", "THPT": "THPT Chu Văn An", "SO": "Sở", "XA1": "Phường"}


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu (một lần) và in các tài khoản dùng thử."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Authority.objects.exists():
            load(World(Random(SEED), timezone.localdate()))  # noqa: S311 - people for show, no secrets
        self.stdout.write(f"Mật khẩu của mọi tài khoản dùng thử: {PASSWORD}")
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
