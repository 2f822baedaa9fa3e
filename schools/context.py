"""What every page shows around its content: the school year and period, the person's roles and rooms."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from schools import permissions
from schools.models import Period, Role, SchoolYear, User


@dataclass(frozen=True)
class Room:
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class ShownPeriod:
    label: str
    year_label: str
    is_current: bool
    note: str = ""


# Name of the URL, words, icon, who sees the link. The view decides again.
ROOMS = (
    ("home", "Việc cần làm", "house", lambda user: True),
    ("school_list", "Trường", "school", permissions.oversees_schools),
    ("year_list", "Năm học", "calendar", permissions.administers_province),
    ("student_list", "Học sinh", "users", permissions.sees_students),
    ("class_list", "Lớp", "book-open", permissions.sees_students),
    ("import_list", "Nhập từ Excel", "upload", permissions.plans_teaching),
    ("assignment_board", "Phân công", "clipboard-list", permissions.plans_teaching),
    ("staff_list", "Nhân sự", "user", lambda user: permissions.works_in_office(user)),
    (
        "window_list",
        "Hạn nhập điểm",
        "clock",
        lambda user: permissions.directs_school(user) or permissions.administers_province(user),
    ),
    (
        "delegation_list",
        "Ủy quyền",
        "shield-check",
        lambda user: permissions.directs_school(user) or permissions.administers_province(user),
    ),
    ("slip_board", "Phiếu kích hoạt", "key-round", permissions.manages_accounts),
    ("history", "Lịch sử", "history", permissions.reads_history),
    ("child_list", "Con tôi", "users", lambda user: user.parent_links.exists()),
    ("child_list", "Hồ sơ của tôi", "user", lambda user: not user.standing.held and hasattr(user, "student")),
)


def workplace(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page; nothing about a person for those who are not signed in."""
    around: dict[str, Any] = {"owner_line": settings.OWNER_LINE, "demo_notice": settings.DEMO}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return around
    return around | {
        "workplace_period": shown_period(),
        "workplace_roles": role_words(user),
        "workplace_rooms": rooms(request, user),
        "guide_url": reverse("guide", args=[guide_of(user)]),
    }


def rooms(request: HttpRequest, user: User) -> list[Room]:
    shown = []
    for name, label, icon, decision in ROOMS:
        if decision(user):
            url = reverse(name)
            current = request.path == url or (name != "home" and request.path.startswith(url))
            shown.append(Room(label, url, icon, current))
    return shown


def role_words(user: User) -> list[str]:
    words = [str(role.label) for role in user.standing.roles]
    if user.parent_links.open().exists():
        words.append("Phụ huynh")
    return words or ["Học sinh"]


GUIDES = {
    Role.PROVINCE_ADMIN: "quan-tri-so",
    Role.INSPECTOR: "thanh-tra-so",
    Role.COMMUNE_OFFICER: "can-bo-xa",
    Role.OPERATOR: "van-hanh",
    Role.PRINCIPAL: "hieu-truong",
    Role.VICE_PRINCIPAL: "pho-hieu-truong",
    Role.CLERK: "van-thu",
    Role.TEACHER: "giao-vien",
}


def guide_of(user: User) -> str:
    """The slug of the one-page guide for the person's weightiest role; parents and students have their own."""
    for role in user.standing.roles:
        return GUIDES[role]
    return "phu-huynh" if user.parent_links.exists() else "hoc-sinh"


def shown_period() -> ShownPeriod | None:
    """The school year and the term of today, in the words of secondary schools (both levels share the terms)."""
    year = SchoolYear.objects.current()
    if year is None:
        return None
    today = timezone.localdate()
    period = Period.objects.for_year(year).for_level("THCS").filter(starts_on__lte=today).order_by("-position").first()
    return ShownPeriod(period.name if period else "Năm học", year.label, True)
