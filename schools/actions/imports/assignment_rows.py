"""A row of a list of assignments, read against what is known: the class, the subject or the homeroom, the teacher."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from hocbaso.lib.vietnamese import plain
from schools.actions.imports.cells import Cells
from schools.actions.imports.known_students import classes_of
from schools.models import CurriculumSubject, Role, RoleAssignment, School, SchoolClass, SchoolYear, Subject, User
from schools.rules.class_names import class_key
from schools.rules.column_codes import codes_of, read_codes
from schools.rules.identity import phone_number
from schools.rules.subject_names import is_homeroom, subject_and_part
from schools.rules.tables import TableRow

TEACHING_ROLES = (Role.TEACHER, Role.VICE_PRINCIPAL, Role.PRINCIPAL)
HOMEROOM = "Chủ nhiệm"


@dataclass
class Staffing:
    """The classes of the year by name, the subjects of each grade by code, the columns of their sheets (by rule set,
    grade and code), and who may teach in the school."""

    classes: dict[str, SchoolClass]
    offered: dict[tuple[str, int], dict[str, Subject]]
    teachers: list[User]
    codes: dict[tuple[str, int, str], tuple[str, ...]]

    def codes_in(self, school_class: SchoolClass, subject: Subject) -> tuple[str, ...]:
        return self.codes.get((school_class.rule_set, school_class.grade_level, subject.code), ())


@dataclass
class AssignmentRow:
    """What a row says: a subject, or the homeroom of the class. What could not be found is None, and a fault.
    ``columns``: the codes a part is to write (none: all of them), None where the row says nothing of them."""

    number: int
    who: str
    place: str
    school_class: SchoolClass | None
    subject: Subject | None
    part: str
    teacher: User | None
    starts_on: date | None
    columns: list[str] | None = None
    homeroom: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What only one row may be about."""
        if self.school_class is None or (self.subject is None and not self.homeroom):
            return ""
        return f"{self.school_class.pk}:{self.subject.pk if self.subject else 0}:{self.part}"


def staffing_of(school: School, year: SchoolYear) -> Staffing:
    """Three queries."""
    classes = classes_of(school, year)
    offered: dict[tuple[str, int], dict[str, Subject]] = defaultdict(dict)
    codes = {}
    for offer in CurriculumSubject.objects.select_related("subject"):
        offered[offer.rule_set, offer.grade_level][offer.subject.code] = offer.subject
        codes[offer.rule_set, offer.grade_level, offer.subject.code] = codes_of(
            offer.rule_set, offer.kind, offer.annual_periods
        )
    roles = RoleAssignment.objects.today().filter(school=school, role__in=TEACHING_ROLES, user__is_active=True)
    teachers = {held.user_id: held.user for held in roles.select_related("user").order_by("user_id")}
    return Staffing(classes, offered, list(teachers.values()), codes)


def read_assignment(row: TableRow, staffing: Staffing, year: SchoolYear) -> AssignmentRow:
    """The row with what is wrong with it."""
    cells = Cells(row)
    school_class = _class(cells, staffing, year)
    homeroom = is_homeroom(row["subject"])
    subject, part = (None, "") if homeroom else _subject(cells, staffing, school_class)
    starts_on = cells.day("starts_on", "Từ ngày")
    if starts_on and not year.starts_on <= starts_on <= year.ends_on:
        cells.faults.append(f"Từ ngày {starts_on:%d/%m/%Y} ở ngoài năm học {year.label}.")
    teacher = _teacher(cells, staffing)
    columns = _columns(cells, staffing.codes_in(school_class, subject) if school_class and subject else (), part)
    what = HOMEROOM if homeroom else (subject.name if subject else row["subject"])
    place = f"{school_class or row['class_name']}, {what}" + (f" ({part})" if part else "")
    who = teacher.full_name if teacher else row["teacher_name"]
    return AssignmentRow(
        row.number, who, place, school_class, subject, part, teacher, starts_on, columns, homeroom, cells.faults
    )


def _class(cells: Cells, staffing: Staffing, year: SchoolYear) -> SchoolClass | None:
    name = class_key(cells.text("class_name", "Lớp", 40))
    found = staffing.classes.get(name)
    if found is None:
        cells.faults.append(f"Chưa có lớp “{name}” trong năm học {year.label}." if name else "Chưa ghi lớp.")
    return found


def _subject(cells: Cells, staffing: Staffing, school_class: SchoolClass | None) -> tuple[Subject | None, str]:
    typed, part = cells.row["subject"], cells.row["part"]
    if school_class is None:
        return None, ""
    if not typed:
        cells.faults.append("Chưa ghi môn; ghi “Chủ nhiệm” nếu là chủ nhiệm lớp.")
        return None, ""
    offered = staffing.offered.get((school_class.rule_set, school_class.grade_level), {})
    found = subject_and_part(typed, part, frozenset(offered))
    if found is None:
        what = f"“{typed}”" + (f", phân môn “{part}”," if part else "")
        cells.faults.append(f"Môn {what} không có ở khối {school_class.grade_level}.")
        return None, ""
    return offered[found[0]], found[1]


def _columns(cells: Cells, codes: tuple[str, ...], part: str) -> list[str] | None:
    """None if the row says nothing of columns; an empty list for all of them."""
    typed = cells.text("columns", "Cột điểm")
    if not typed:
        return None
    try:
        found = read_codes(typed)
    except ValueError as unknown:
        cells.faults.append(f"Cột điểm “{unknown}”: không có cột ấy{_offered(codes)}")
        return None
    if found and not part:
        cells.faults.append("Cột điểm: chỉ ghi cho phân môn; người dạy cả môn nhập mọi cột.")
    elif wrong := [code for code in found or () if code not in codes]:
        cells.faults.append(f"Cột điểm “{', '.join(wrong)}”: sổ của môn không có cột ấy{_offered(codes)}")
    return (found or []) if part else None


def _offered(codes: tuple[str, ...]) -> str:
    return f"; các cột là {', '.join(codes)}." if codes else "."


def _teacher(cells: Cells, staffing: Staffing) -> User | None:
    """Whoever fits all that is given: phone, code, user name, name. One alone, or nobody."""
    row = cells.row
    wanted = {
        "phone": phone_number(row["phone"]) or row["phone"],
        "staff_code": row["staff_code"],
        "username": row["username"].lower(),
        "search_name": plain(row["teacher_name"]),
    }
    given = {name: value for name, value in wanted.items() if value}
    if not given:
        cells.faults.append("Chưa ghi giáo viên.")
        return None
    found = [one for one in staffing.teachers if all(getattr(one, name) == value for name, value in given.items())]
    if len(found) == 1:
        return found[0]
    name = row["teacher_name"] or next(iter(given.values()))
    if found:
        cells.faults.append(f"Trường có {len(found)} người tên {name}: ghi thêm số điện thoại hoặc tên đăng nhập.")
    elif len(given) > 1 and any(plain(row["teacher_name"]) == one.search_name for one in staffing.teachers):
        cells.faults.append(f"{name}: số điện thoại, mã hoặc tên đăng nhập không khớp với người mang tên ấy.")
    else:
        cells.faults.append(f"Trường không có giáo viên {name}. Nhập nhân sự trước.")
    return None
