"""An empty system: one Sở, one administrator with a slip; never twice."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from schools.actions.slips import use_slip
from schools.models import Authority, HistoryEntry, Role, User

pytestmark = pytest.mark.django_db
ARGUMENTS = ["--code", "SO79", "--name", "Sở Giáo dục và Đào tạo tỉnh Mẫu", "--admin-name", "Ngô Minh Quang"]


def test_first_administrator_comes_in_by_a_slip():
    out = StringIO()
    call_command("open_province", *ARGUMENTS, stdout=out)
    user = User.objects.get()
    assert (user.username, user.has_usable_password()) == ("quangnm", False)
    assert user.standing.has(Role.PROVINCE_ADMIN)
    code = out.getvalue().rsplit(" ", 1)[1].strip()
    assert use_slip(login="quangnm", code=code, password="Trời-xanh-mây-trắng") == user
    assert HistoryEntry.objects.filter(action="open_province", method="command").exists()


def test_only_once():
    call_command("open_province", *ARGUMENTS, stdout=StringIO())
    with pytest.raises(CommandError, match="đã có Sở"):
        call_command("open_province", *ARGUMENTS, stdout=StringIO())
    assert (Authority.objects.count(), User.objects.count()) == (1, 1)


def test_communes_from_a_file_and_again(tmp_path):
    call_command("open_province", *ARGUMENTS, stdout=StringIO())
    file = tmp_path / "phuong.txt"
    file.write_text("26734\tPhường Sài Gòn\n\n26737\tPhường Tân Định\n", encoding="utf-8")
    for _ in range(2):
        call_command("add_communes", str(file), stdout=StringIO())
    assert list(Authority.objects.filter(kind="XA").order_by("code").values_list("name", flat=True)) == [
        "Phường Sài Gòn",
        "Phường Tân Định",
    ]
    file.write_text("26734 Phường Sài Gòn\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Dòng 1"):
        call_command("add_communes", str(file), stdout=StringIO())
