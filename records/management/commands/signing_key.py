"""``manage.py signing_key USER`` or ``--school CODE``: a new key and certificate of the local authority; the one before
is revoked. The PIN is printed once, for its holder alone, who changes it on the page “Khóa kí”."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.actions.keys import give_key
from records.management.demo.job import local_authority
from schools.models import School, User

PIN_DIGITS = 8


class Command(BaseCommand):
    help = "Cấp khóa kí cho một người, hoặc con dấu số cho một trường, bằng cơ quan chứng thực tại chỗ."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("user", nargs="?", help="tên đăng nhập hoặc số điện thoại")
        whose.add_argument("--school", help="mã trường")

    def handle(self, *args: Any, user: str | None, school: str | None, **options: Any) -> None:
        holder: User | School | None
        holder = School.objects.filter(code=school).first() if school else User.objects.by_login(user or "")
        if holder is None:
            raise CommandError("Không có người hoặc trường này.")
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        key = give_key(by=None, holder=holder, pin=pin, authority=local_authority())
        self.stdout.write(f"{key}, có giá trị đến {key.valid_until:%d/%m/%Y}. Mã PIN (chỉ in một lần): {pin}")
