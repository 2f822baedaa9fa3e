"""What every page shows around its content: the school year and period, the person's roles and rooms."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from schools import permissions
from schools.models import Level, Role, User
from schools.models.today import today_of
from schools.rooms import ADDED_PLACES, Place
from schools.rules.levels import PERIOD_NAMES, SHORT_PERIOD_NAMES


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


# The home page first, then what the apps above add: marks and the book are the daily work.
HOME = Place("home", "Việc cần làm", "house", lambda user: True)
PLACES = (
    Place("school_list", "Trường", "school", permissions.oversees_schools),
    Place("year_list", "Năm học", "calendar", permissions.administers_province),
    Place("student_list", "Học sinh", "users", permissions.sees_students),
    Place("class_list", "Lớp", "book-open", permissions.sees_students),
    Place("import_list", "Nhập từ Excel", "upload", permissions.plans_teaching),
    Place("assignment_board", "Phân công", "clipboard-list", permissions.plans_teaching),
    Place("staff_list", "Nhân sự", "user", permissions.works_in_office),
    Place("window_list", "Hạn nhập điểm", "clock", permissions.opens_windows),
    Place("delegation_list", "Ủy quyền", "shield-check", permissions.gives_delegations),
    Place("slip_board", "Phiếu kích hoạt", "key-round", permissions.manages_accounts),
    Place("history", "Lịch sử", "history", permissions.reads_history),
    Place("child_list", "Con tôi", "users", lambda user: user.ties.is_parent),
    Place("child_list", "Hồ sơ của tôi", "user", lambda user: not user.standing.held and user.ties.is_student),
)


def workplace(request: HttpRequest) -> dict[str, Any]:
    """Template variables of every page; nothing about a person for those who are not signed in."""
    around: dict[str, Any] = {"owner_line": settings.OWNER_LINE, "demo_notice": settings.DEMO}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return around
    return around | {
        "workplace_period": shown_period(user),
        "workplace_roles": role_words(user),
        "workplace_rooms": rooms(request, user),
        "guide_url": reverse("guide", args=[guide_of(user)]),
    }


def rooms(request: HttpRequest, user: User) -> list[Room]:
    shown = []
    for place in (HOME, *ADDED_PLACES, *PLACES):
        if place.seen_by(user):
            url = reverse(place.url_name)
            current = request.path == url or (place is not HOME and request.path.startswith(url))
            shown.append(Room(place.label, url, place.icon, current))
    return shown


def role_words(user: User) -> list[str]:
    words = [str(role.label) for role in user.standing.roles]
    if user.ties.is_parent:
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
    return "phu-huynh" if user.ties.is_parent else "hoc-sinh"


def shown_period(user: User) -> ShownPeriod | None:
    """The school year and the period of today in the words of the person's level; where two levels are in different
    periods, both, short."""
    today = today_of(user)
    if today is None:
        return None
    return ShownPeriod(period_words(today.periods) or "Năm học", today.year_label, True)


def period_words(periods: dict[str, str]) -> str:
    """Level → code as one line: “Cuối học kì I”, or “Tiểu học: Cuối HK I · THCS, THPT: HK I”."""
    levels: dict[str, list[str]] = {}
    for level, code in periods.items():
        levels.setdefault(code, []).append(str(Level(level).label))
    if len(levels) == 1:
        return PERIOD_NAMES[next(iter(levels))]
    return " · ".join(f"{', '.join(names)}: {SHORT_PERIOD_NAMES[code]}" for code, names in levels.items())
