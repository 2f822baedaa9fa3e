"""``manage.py history_key``: the public key of the daily roots, for whoever checks them elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand

from schools.actions.history import public_key


class Command(BaseCommand):
    help = "In khóa công khai dùng để kiểm tra các mốc neo của lịch sử."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(public_key())
