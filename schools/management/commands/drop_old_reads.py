"""``manage.py drop_old_reads``: whole months of looks past HOCBASO_READS_MONTHS are dropped, as the tables' owner."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.actions.reads_retention import drop_old_reads
from schools.actions.refusals import Refused


class Command(BaseCommand):
    help = "Xóa các tháng lượt xem hồ sơ đã hết thời hạn giữ (chạy với HOCBASO_DATABASE_ROLE=owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dropped = drop_old_reads(on=timezone.localdate())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for one in dropped:
            self.stdout.write(f"Tháng {one}: đã xóa {one.looks} lượt xem.")
        if not dropped:
            self.stdout.write("Không có tháng nào hết thời hạn giữ.")
