"""``manage.py add_communes FILE``: phường and xã from a text file, one a line: code, tab, name."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.actions.beginning import add_commune


class Command(BaseCommand):
    help = "Thêm phường, xã từ tệp văn bản, mỗi dòng: mã, dấu tab, tên. Chạy lại không thêm trùng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        for number, line in enumerate(options["file"].read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            code, tab, name = line.partition("\t")
            if not tab or not code.strip() or not name.strip():
                raise CommandError(f"Dòng {number}: cần mã, dấu tab, tên.")
            self.stdout.write(str(add_commune(code=code.strip(), name=name.strip())))
