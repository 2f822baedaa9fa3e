"""``manage.py open_province``: the Sở and its first administrator, once, on an empty system."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.actions.beginning import open_province
from schools.actions.refusals import Refused


class Command(BaseCommand):
    help = "Thiết lập Sở và quản trị Sở đầu tiên; in phiếu kích hoạt của người đó."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", required=True, help="mã Sở")
        parser.add_argument("--name", required=True, help="Sở Giáo dục và Đào tạo tỉnh …")
        parser.add_argument("--admin-name", required=True, help="họ và tên quản trị Sở")
        parser.add_argument("--admin-phone", default="", help="số điện thoại quản trị Sở")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("code", "name", "admin_name", "admin_phone")
        try:
            slip = open_province(**{name: options[name] for name in names})
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Tên đăng nhập: {slip.user.username}")
        self.stdout.write(f"Mã kích hoạt (dùng một lần, tại /kich-hoat/): {slip.code}")
