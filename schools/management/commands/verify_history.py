"""``manage.py verify_history``: is the history whole? Exit 0 when it is, 1 when it is not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from schools.actions.history import verify_history


class Command(BaseCommand):
    help = "Kiểm tra toàn bộ lịch sử: mọi chuỗi băm, nội dung và mốc neo."

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_history()
        self.stdout.write(
            f"{report.chains} chuỗi, {report.entries} mục, {report.rows} dòng thay đổi, {report.roots} mốc neo, "
            f"{report.looks} lượt xem hồ sơ đã neo."
        )
        for note in report.notes:
            self.stdout.write(note)
        for fault in report.faults:
            self.stdout.write(f"SAI: {fault}")
        if report.faults:
            sys.exit(1)
        self.stdout.write("Lịch sử toàn vẹn.")
