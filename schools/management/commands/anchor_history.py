"""``manage.py anchor_history``: sign the day's root over all chains (Celery does it daily)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from schools.actions.history import anchor_history


class Command(BaseCommand):
    help = "Neo lịch sử trong ngày: kí mã gốc của mọi chuỗi."

    def handle(self, *args: Any, **options: Any) -> None:
        root = anchor_history(on=timezone.localdate())
        self.stdout.write(f"Mốc {root.on}: {bytes(root.root).hex()}" if root else "Hôm nay đã neo.")
