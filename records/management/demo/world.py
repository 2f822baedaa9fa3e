"""The frame of the demo: authorities, the calendar, schools, the named people and their roles."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from records.management.demo import names
from schools.models import (
    Authority,
    EntryWindow,
    Period,
    Role,
    RoleAssignment,
    School,
    SchoolClass,
    SchoolYear,
    Student,
    User,
)
from schools.rules.calendar import proposed_periods, year_dates
from schools.rules.levels import GRADES, periods_of

PASSWORD = "hoc-ba-so-2026"  # noqa: S105 - the demo's named people only; everybody else has none

LOADING = "Nạp dữ liệu mẫu của kì đã qua"

# The day of loading is always this day of its school year, so that the demo looks the same all year round.
MONTH, DAY = 11, 23


@dataclass
class World:
    """What the parts of the demo share."""

    rng: Random
    today: date
    year: SchoolYear = field(init=False)
    last_year: SchoolYear = field(init=False)
    authorities: dict[str, Authority] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    teachers: dict[int, list[User]] = field(default_factory=dict)
    classes: list[SchoolClass] = field(default_factory=list)
    students: dict[int, list[Student]] = field(default_factory=dict)
    phones: int = 0
    codes: int = 0

    def public_id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def phone(self) -> str:
        """A number that can be nobody's: after 00 comes a country."""
        self.phones += 1
        return f"00{self.phones:08d}"

    def personal_id(self) -> str:
        """A number that cannot be anybody's: no province has the code 999."""
        self.codes += 1
        return f"999{self.codes:09d}"

    def user(self, username: str, full_name: str, school: School | None, **fields: Any) -> User:
        account = User(username=username, full_name=full_name, school=school, public_id=self.public_id(), **fields)
        account.password = make_password(None)
        return account


# key, user name, full name, role, place (a school's key, or an authority's)
NAMED = (
    ("quan_tri", "quantri", "Ngô Minh Quang", Role.PROVINCE_ADMIN, "SO"),
    ("quan_tri_2", "quantri2", "Lý Thị Hương", Role.PROVINCE_ADMIN, "SO"),
    ("thanh_tra", "thanhtra", "Đỗ Công Thành", Role.INSPECTOR, "SO"),
    ("van_hanh", "vanhanh", "Bùi Tiến Đạt", Role.OPERATOR, "SO"),
    ("can_bo_xa", "canboxa", "Trịnh Thị Mai", Role.COMMUNE_OFFICER, "XA1"),
    ("hieu_truong", "hieutruong", "Trần Quốc Hùng", Role.PRINCIPAL, "THCS"),
    ("pho", "phohieutruong", "Phạm Văn Bình", Role.VICE_PRINCIPAL, "THCS"),
    ("van_thu", "vanthu", "Võ Thùy Dung", Role.CLERK, "THCS"),
    ("chu_nhiem", "chunhiem7a", "Nguyễn Thị Phương Lan", Role.TEACHER, "THCS"),
    ("toan", "giaovientoan", "Lê Thu Hà", Role.TEACHER, "THCS"),
    ("hieu_truong_th", "hieutruong.th", "Ngô Thị Thanh", Role.PRINCIPAL, "TH"),
    ("van_thu_th", "vanthu.th", "Đặng Thị Yến", Role.CLERK, "TH"),
    ("hieu_truong_thpt", "hieutruong.thpt", "Hồ Văn Sơn", Role.PRINCIPAL, "THPT"),
    ("van_thu_thpt", "vanthu.thpt", "Vũ Thị Hiền", Role.CLERK, "THPT"),
    ("giao_vien_thpt", "giaovien.thpt", "Hoàng Đức Nam", Role.TEACHER, "THPT"),
    ("giao_vien_th", "giaovien.th", "Mai Thị Ngọc Ánh", Role.TEACHER, "TH"),
)
SCHOOLS = (
    ("TH", "990101", "Trường Tiểu học Kim Đồng", ["TIEU_HOC"], "XA2"),
    ("THCS", "990201", "Trường THCS Nguyễn Du", ["THCS"], "XA1"),
    ("THPT", "990301", "Trường THPT Chu Văn An", ["THPT"], "XA1"),
)


def make_frame(world: World) -> None:
    """Authorities, schools, two school years and the open entry windows."""
    province = Authority.objects.create(
        kind="SO", code="SO99", name="Sở Giáo dục và Đào tạo tỉnh Mẫu", public_id=world.public_id()
    )
    world.authorities["SO"] = province
    for key, name in (("XA1", "Phường Hoa Sen"), ("XA2", "Phường Hoa Mai")):
        world.authorities[key] = Authority.objects.create(
            kind="XA", code=key, name=name, parent=province, public_id=world.public_id()
        )
    for key, code, name, levels, commune in SCHOOLS:
        place = world.authorities[commune].name
        world.schools[key] = School.objects.create(
            code=code, name=name, levels=levels, authority=world.authorities[commune], commune=place,
            province="Tỉnh Mẫu", address=names.address(world.rng, place), public_id=world.public_id(),
        )  # fmt: skip
    world.year = _make_year(world, province, shift=_shift(world.today))
    world.last_year = _make_year(world, province, shift=_shift(world.today), back=1)


def _shift(today: date) -> timedelta:
    """How far the whole calendar is moved so that today is the demo's day of the year."""
    nominal = date(today.year, MONTH, DAY)
    return min((today - nominal, today - nominal.replace(year=today.year - 1)), key=abs)


def _make_year(world: World, province: Authority, shift: timedelta, back: int = 0) -> SchoolYear:
    nominal = (world.today - shift).year - back
    starts_on, ends_on = year_dates(nominal)
    year = SchoolYear.objects.create(
        authority=province, first_year=(date(nominal, 9, 5) + shift).year, starts_on=starts_on + shift,
        ends_on=ends_on + shift, public_id=world.public_id(),
    )  # fmt: skip
    Period.objects.bulk_create(
        Period(
            school_year=year, level=level, code=code, position=position, public_id=world.public_id(),
            starts_on=proposed_periods(level, nominal)[code][0] + shift,
            ends_on=proposed_periods(level, nominal)[code][1] + shift,
        )
        for level in GRADES
        for position, code in enumerate(periods_of(level), start=1)
    )  # fmt: skip
    return year


def make_named_people(world: World) -> None:
    """The people one can log in as, and what they are."""
    for key, username, full_name, role, place in NAMED:
        school = world.schools.get(place)
        account = world.user(username, full_name, school, phone=world.phone(), personal_id=world.personal_id())
        account.password = make_password(PASSWORD)
        account.password_set_at = timezone.now()
        account.save()
        world.people[key] = account
        RoleAssignment.objects.create(
            user=account, role=role, school=school, authority=None if school else world.authorities[place],
            starts_on=world.last_year.starts_on, public_id=world.public_id(),
        )  # fmt: skip
        if school and role in {Role.TEACHER, Role.VICE_PRINCIPAL}:
            world.teachers.setdefault(school.pk, []).append(account)


def make_windows(world: World) -> None:
    """In every school the period of today is open for entry: since two weeks, for two more."""
    midnight = timezone.make_aware(datetime.combine(world.today, time()))
    for key, principal in (("TH", "hieu_truong_th"), ("THCS", "hieu_truong"), ("THPT", "hieu_truong_thpt")):
        school = world.schools[key]
        period = Period.objects.get(
            school_year=world.year, level=school.levels[0], starts_on__lte=world.today, ends_on__gte=world.today
        )
        EntryWindow.objects.create(
            school=school, period=period, opens_at=midnight - timedelta(days=14),
            closes_at=midnight + timedelta(days=14), opened_by=world.people[principal], public_id=world.public_id(),
        )  # fmt: skip
    # What is over is open until its marks are in, which the demo closes again (records/management/demo/job.py).
    over = Period.objects.filter(school_year=world.last_year, level="THCS", code__in=["HK1", "HK2"])
    over |= Period.objects.filter(school_year=world.year, level="TIEU_HOC", code="GK1")
    for period in over.order_by("pk"):
        place, principal = ("TH", "hieu_truong_th") if period.code == "GK1" else ("THCS", "hieu_truong")
        EntryWindow.objects.create(
            school=world.schools[place], period=period, opens_at=midnight - timedelta(days=1),
            closes_at=midnight + timedelta(days=2), opened_by=world.people[principal], public_id=world.public_id(),
            reason=LOADING,
        )  # fmt: skip
