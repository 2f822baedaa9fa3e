"""``manage.py verify_pages``: do the signed files lie there as they were signed? Exit 0 when all do, 1 when not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from records.actions.page_checks import verify_pages


class Command(BaseCommand):
    help = "Kiểm tra tệp của mọi trang học bạ trên đĩa: còn đủ và đúng với mã băm lúc kí."

    def handle(self, *args: Any, **options: Any) -> None:
        check = verify_pages(lambda fault: self.stdout.write(f"SAI: {fault}"))
        self.stdout.write(f"{check.files} tệp đã kiểm tra, {check.faults} lỗi.")
        if check.faults:
            sys.exit(1)
        self.stdout.write("Mọi tệp đúng như lúc kí.")
