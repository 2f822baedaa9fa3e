"""The very beginning: a Sở and its first administrator, on an empty system."""

from django.utils import timezone

from schools.actions.accounts import new_account
from schools.actions.refusals import WrongState
from schools.actions.roles import give_role
from schools.actions.slips import PrintedSlip, new_slips
from schools.models import Authority, Role
from schools.models.recording import recorded


def open_province(*, code: str, name: str, admin_name: str, admin_phone: str) -> PrintedSlip:
    """The Sở with its first administrator, who gets a slip and no password. Only once: WrongState when there is a Sở.
    From here on everything is done by people with an account. Source: law.md §7."""
    with recorded(None, "open_province", method="command", reason="Thiết lập ban đầu"):
        if Authority.objects.exists():
            raise WrongState("Hệ thống đã có Sở; quản trị Sở thêm người trên trang “Người của Sở”.")
        province = Authority.objects.create(kind=Authority.Kind.PROVINCE, code=code, name=name)
        admin = new_account(admin_name, admin_phone)
        give_role(admin, Role.PROVINCE_ADMIN, province, timezone.localdate())
        return new_slips([admin], issued_by=None)[0]


def add_commune(*, code: str, name: str) -> Authority:
    """A phường or xã under the only Sở, at set-up or when the map changes. Source: law.md §7."""
    with recorded(None, "add_commune", method="command", reason="Danh mục phường, xã"):
        province = Authority.objects.get(kind=Authority.Kind.PROVINCE)
        commune, _ = Authority.objects.get_or_create(
            code=code, defaults={"kind": Authority.Kind.COMMUNE, "name": name, "parent": province}
        )
    return commune
