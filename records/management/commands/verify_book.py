"""``manage.py verify_book FILE``: is this file a page of the record book as it was issued? Offline, without a database.

Exit code 0: valid; 1: not valid; 2: not one of ours.
"""

import sys
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.documents.told import told
from records.documents.verify import INVALID, NOT_OURS, VALID, verified

EXIT_CODES = {VALID: 0, INVALID: 1, NOT_OURS: 2}
LARGEST = 50 * 1024 * 1024


class Command(BaseCommand):
    help = "Kiểm tra một tệp học bạ: là gì, ai kí, có bị sửa không. Không cần mạng, không cần cơ sở dữ liệu."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--anchor", type=Path, action="append", default=[], help="chứng thư của cơ quan chứng thực (PEM)"
        )

    def handle(self, *args: Any, file: Path, anchor: list[Path], **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
            anchors = [one for path in anchor or settings.TRUST_ANCHORS for one in anchors_of(path)]
        except FileNotFoundError as error:
            raise CommandError(f"Không thấy tệp {error.filename}.", returncode=EXIT_CODES[NOT_OURS]) from error
        except (OSError, ValueError) as error:
            raise CommandError(f"Không đọc được: {error}", returncode=EXIT_CODES[NOT_OURS]) from error
        if len(content) > LARGEST:
            raise CommandError("Tệp lớn quá 50 MB: không phải trang học bạ.", returncode=EXIT_CODES[NOT_OURS])
        verdict = verified(content, anchors)
        self.stdout.write(told(verdict))
        sys.exit(EXIT_CODES[verdict.outcome])


def anchors_of(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file."""
    return x509.load_pem_x509_certificates(path.read_bytes())
