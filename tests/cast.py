"""The same people in every test: a homeroom teacher of 7A, a maths teacher, the principal, a clerk, a teacher of
another school (the intruder), a student and a parent, a Sở inspector, and those around them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from schools.models import (
    Authority,
    Delegation,
    Enrolment,
    EntryWindow,
    HomeroomAssignment,
    ListImport,
    ParentLink,
    Period,
    Role,
    RoleAssignment,
    School,
    SchoolClass,
    SchoolYear,
    SecondFactorReset,
    Student,
    Subject,
    SubjectEnrolment,
    TeachingAssignment,
    User,
)
from schools.rules.calendar import first_year_of, proposed_periods, year_dates
from schools.rules.levels import periods_of
from schools.rules.rule_sets import rule_set_for

PASSWORD = "mot-hai-ba-bon"


def make_user(username: str, full_name: str, school: School | None = None, **fields: Any) -> User:
    return User.objects.create(
        username=username, full_name=full_name, school=school, password=make_password(PASSWORD), **fields
    )


def appoint(user: User, role: Role, place: School | Authority) -> RoleAssignment:
    where = {"school": place} if isinstance(place, School) else {"authority": place}
    return RoleAssignment.objects.create(user=user, role=role, starts_on=long_ago(), **where)


def make_school(code: str, name: str, authority: Authority, *levels: str) -> School:
    return School.objects.create(
        code=code, name=name, authority=authority, levels=list(levels or ("THCS",)), province="Tỉnh Mẫu"
    )


def is_current(first_year: int) -> bool:
    return first_year == first_year_of(timezone.localdate())


def make_year(authority: Authority, first_year: int) -> SchoolYear:
    starts_on, ends_on = year_dates(first_year)
    # In the first weeks of August too there are days of this year behind us for what the tests have begun before today.
    starts_on = min(starts_on, timezone.localdate() - timedelta(days=40)) if is_current(first_year) else starts_on
    year = SchoolYear.objects.create(authority=authority, first_year=first_year, starts_on=starts_on, ends_on=ends_on)
    for level in ("TIEU_HOC", "THCS", "THPT"):
        dates = proposed_periods(level, first_year)
        for position, code in enumerate(periods_of(level), start=1):
            Period.objects.create(
                school_year=year,
                level=level,
                code=code,
                position=position,
                starts_on=dates[code][0],
                ends_on=dates[code][1],
            )
    return year


def make_class(school: School, year: SchoolYear, name: str, grade_level: int) -> SchoolClass:
    return SchoolClass.objects.create(
        school=school,
        school_year=year,
        name=name,
        grade_level=grade_level,
        rule_set=rule_set_for(grade_level, year.first_year),
    )


def make_student(school: School, code: str, full_name: str, **fields: Any) -> Student:
    values = {"gender": "NU", "born_on": "2014-03-02", "personal_id": f"001{int(code[-6:]):09d}", **fields}
    return Student.objects.create(school=school, student_code=code, full_name=full_name, **values)


def enrol(student: Student, school_class: SchoolClass, **fields: Any) -> Enrolment:
    return Enrolment.objects.create(
        student=student, school_class=school_class, **{"starts_on": school_class.school_year.starts_on, **fields}
    )


def long_ago() -> Any:
    return timezone.localdate() - timedelta(days=400)


@dataclass
class Cast:
    province: Authority
    commune: Authority
    other_commune: Authority
    year: SchoolYear
    school: School
    other_school: School
    high_school: School
    class_7a: SchoolClass
    class_7b: SchoolClass
    other_class: SchoolClass
    maths: Subject
    homeroom_teacher: User
    maths_teacher: User
    vice_principal: User
    principal: User
    clerk: User
    intruder: User
    other_clerk: User
    other_principal: User
    pupil: User
    parent: User
    commune_officer: User
    inspector: User
    province_admin: User
    second_admin: User
    operator: User
    student: Student
    classmate: Student
    other_student: Student
    parent_link: ParentLink
    teaching: TeachingAssignment
    homeroom: HomeroomAssignment
    window: EntryWindow
    taken: SubjectEnrolment
    delegation: Delegation
    reset: SecondFactorReset
    list_import: ListImport


def make_cast() -> Cast:
    province = Authority.objects.create(kind="SO", code="SO", name="Sở Giáo dục và Đào tạo tỉnh Mẫu")
    commune = Authority.objects.create(kind="XA", code="XA1", name="Phường Một", parent=province)
    other_commune = Authority.objects.create(kind="XA", code="XA2", name="Phường Hai", parent=province)
    year = make_year(province, first_year_of(timezone.localdate()))
    school = make_school("THCS1", "Trường THCS Nguyễn Du", commune)
    other_school = make_school("THCS2", "Trường THCS Lê Lợi", other_commune)
    high_school = make_school("THPT1", "Trường THPT Chu Văn An", commune, "THPT")
    class_7a, class_7b = make_class(school, year, "7A", 7), make_class(school, year, "7B", 7)
    other_class = make_class(other_school, year, "7A", 7)
    maths = Subject.objects.get(code="TOAN")
    homeroom_teacher = make_user("lanntp", "Nguyễn Thị Phương Lan", school, phone="0900000001")
    maths_teacher = make_user("halt", "Lê Thu Hà", school, phone="0900000002")
    vice_principal = make_user("binhpv", "Phạm Văn Bình", school)
    principal = make_user("hungtq", "Trần Quốc Hùng", school, email="hung@example.vn")
    clerk = make_user("dungvt", "Võ Thùy Dung", school)
    intruder = make_user("namhd", "Hoàng Đức Nam", other_school)
    other_clerk = make_user("yendt", "Đặng Thị Yến", other_school)
    other_principal = make_user("sonnv", "Ngô Văn Sơn", other_school)
    pupil = make_user("hs0000000001", "Nguyễn Minh Anh", school)
    parent = make_user("ph0900000009", "Nguyễn Văn Đức", school, phone="0900000009")
    commune_officer = make_user("maitt", "Trịnh Thị Mai")
    inspector = make_user("thanhdc", "Đỗ Công Thành")
    province_admin = make_user("quangnm", "Ngô Minh Quang")
    second_admin = make_user("huonglt", "Lý Thị Hương")
    operator = make_user("vanhanh", "Bùi Tiến Đạt")
    for user, role in (
        (homeroom_teacher, Role.TEACHER), (maths_teacher, Role.TEACHER), (vice_principal, Role.VICE_PRINCIPAL),
        (principal, Role.PRINCIPAL), (clerk, Role.CLERK),
    ):  # fmt: skip
        appoint(user, role, school)
    for user, role in (
        (intruder, Role.TEACHER), (other_clerk, Role.CLERK), (other_principal, Role.PRINCIPAL),
    ):  # fmt: skip
        appoint(user, role, other_school)
    appoint(commune_officer, Role.COMMUNE_OFFICER, commune)
    appoint(inspector, Role.INSPECTOR, province)
    appoint(province_admin, Role.PROVINCE_ADMIN, province)
    appoint(second_admin, Role.PROVINCE_ADMIN, province)
    appoint(operator, Role.OPERATOR, province)
    student = make_student(school, "0000000001", "Nguyễn Minh Anh", user=pupil)
    classmate = make_student(school, "0000000002", "Trần Bảo Oanh")
    other_student = make_student(other_school, "0000000003", "Đặng Gia Khánh", gender="NAM")
    enrol(student, class_7a)
    enrol(classmate, class_7a)
    enrol(other_student, other_class)
    parent_link = ParentLink.objects.create(student=student, parent=parent, relation="CHA", starts_on=long_ago())
    teaching = TeachingAssignment.objects.create(
        school_class=class_7a, subject=maths, teacher=maths_teacher, starts_on=year.starts_on
    )
    homeroom = HomeroomAssignment.objects.create(
        school_class=class_7a, teacher=homeroom_teacher, starts_on=year.starts_on
    )
    TeachingAssignment.objects.create(
        school_class=other_class, subject=maths, teacher=intruder, starts_on=year.starts_on
    )
    now = timezone.now()
    window = EntryWindow.objects.create(
        school=school,
        period=Period.objects.get(school_year=year, level="THCS", code="HK1"),
        opens_at=now - timedelta(days=7),
        closes_at=now + timedelta(days=7),
        opened_by=principal,
    )
    list_import = ListImport.objects.create(
        kind=ListImport.Kind.STUDENTS,
        school=school,
        school_year=year,
        uploaded_by=clerk,
        file_name="lop-7a.xlsx",
        sheet_name="Học sinh",
        columns=["student_code", "full_name", "class_name", "born_on", "gender"],
        rows=[[3, {"student_code": "0000000001", "full_name": "Nguyễn Minh Anh", "class_name": "7A", "gender": "Nữ"}]],
        counts={"new": 0, "changed": 0, "unchanged": 1, "refused": 0},
    )
    taken = SubjectEnrolment.objects.create(
        student=student, school=school, school_year=year, subject=maths, choice="BAT_BUOC"
    )
    delegation = Delegation.objects.create(
        kind="DAY_THAY", grantor=principal, grantee=homeroom_teacher, school=school, reason="Đi tập huấn ba ngày",
        starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=1),
    )  # fmt: skip
    reset = SecondFactorReset.objects.create(user=parent, requested_by=clerk, reason="Mất điện thoại hôm qua")
    return Cast(**{name: value for name, value in locals().items() if name in Cast.__dataclass_fields__})
