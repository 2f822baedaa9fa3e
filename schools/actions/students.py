"""What a clerk does with a student's record: make it, and change page 1 of it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hocbaso.lib.vietnamese import normal, short_date
from schools.actions.doubts import ask, namesake_remark, spelling_remarks
from schools.actions.refusals import FaultyFields, NotAllowed, Refused
from schools.models import Gender, HistoryEntry, School, SchoolYear, Student, User
from schools.models.recording import recorded
from schools.models.student_page import age_remark_of, label_of_field, title_of_field, value_in_words
from schools.permissions import may_edit_student, may_keep_school
from schools.rules.identity import is_origin, is_person_name, is_personal_id, is_student_code

LEAST_REASON = 10
REQUIRED = ("full_name", "student_code", "gender", "born_on", "ethnicity", "nationality")
Values = Mapping[str, Any]


class ChangedMeanwhile(Refused):
    """Somebody else changed the same fields after the form was opened. Nothing was written: ``conflicts`` holds
    (label, their value, own value) for each; ``version`` is the one to confirm from, moved on for these fields only."""

    def __init__(
        self, student: Student, conflicts: list[tuple[str, str, str]], version: str, last: HistoryEntry | None
    ) -> None:
        who = f"{last.actor.full_name} vừa sửa" if last and last.actor else "Có người vừa sửa"
        fields = ", ".join(f"“{label}”" for label, _, _ in conflicts)
        super().__init__(
            f"{who} hồ sơ {student.full_name} sau khi bạn mở trang này. Chưa lưu gì. Ô bị trùng sửa: {fields}. "
            "Hãy so hai giá trị, chỉnh lại nếu cần, rồi lưu lần nữa."
        )
        self.conflicts, self.at, self.version = conflicts, last.at if last else None, version


def register_student(
    *, by: User, school: School, values: Values, method: str = "typed", confirmed: str = ""
) -> Student:
    """Make the record of a student new to the province's schools. ``values`` has the fields of Student.PAGE_ONE.
    NotAllowed unless ``by`` is a clerk of the school; FaultyFields (law.md §4.1–4.3, §5.6); NotConfirmed when something
    is unusual and ``confirmed`` is not the mark of just that. Returns the student."""
    if not may_keep_school(by, school):
        raise NotAllowed
    student = Student(school=school, **tidied(values))
    _settle_number(student)
    try:
        with recorded(by, "register_student", method=method, chains=[("SCHOOL", school.pk)]):
            _refuse_faults(by, student)
            ask(_doubts_about(student, list(Student.PAGE_ONE)), confirmed)
            student.save()
    except IntegrityError:
        # Somebody else stored the same code or number in this very moment: say so as if it had been there before.
        _refuse_faults(by, student)
        raise
    return Student.objects.get(pk=student.pk)


def edit_student(
    *, by: User, student: Student, values: Values, version: str, reason: str = "", confirmed: str = ""
) -> Student:
    """Change fields of page 1. ``values`` may hold some of Student.PAGE_ONE only; ``version`` is ``version_of`` the
    student when the form was shown. A field is written only if it was changed in the form, and only over the value the
    form started from: ChangedMeanwhile otherwise. Name, code, number and date of birth need a reason, unless they were
    empty. NotAllowed, FaultyFields; NotConfirmed as in register_student, of what was changed. Old books stay as they
    were signed (peers.md H7)."""
    chains = [("SCHOOL", student.school_id)]
    try:
        with recorded(by, "edit_student", reason=reason.strip(), chains=chains):
            current = Student.objects.select_for_update().select_related("school").get(pk=student.pk)
            if not may_edit_student(by, current):
                raise NotAllowed
            changed = _changed_by_form(current, tidied(values), version)
            _refuse_faults(by, current, reason_for=changed, reason=reason)
            ask(_doubts_about(current, changed), confirmed)
            if changed:
                current.save(update_fields=changed)
    except IntegrityError:
        _refuse_faults(by, current)
        raise
    return Student.objects.get(pk=student.pk)


def version_of(student: Student) -> str:
    """The version of page 1: one keyed digest per field, so that two people who change different fields do not get in
    each other's way, and a form does not carry the number it hides."""
    return ".".join(_digest(student, name, getattr(student, name)) for name in Student.PAGE_ONE)


def tidied(values: Values) -> dict[str, Any]:
    """The known fields, texts in NFC with single spaces, the code in capitals, the number without spaces, an
    empty one as none."""
    known: dict[str, Any] = {name: values[name] for name in Student.PAGE_ONE if name in values}
    for name, value in known.items():
        if isinstance(value, str):
            known[name] = normal(value)
    if "student_code" in known:
        known["student_code"] = known["student_code"].upper()
    if "personal_id" in known:
        known["personal_id"] = (known["personal_id"] or "").replace(" ", "") or None
    return known


def faults_of(student: Student) -> dict[str, str]:
    """What is wrong with a student's own fields, by field; empty when they can be stored (law.md §5.6)."""
    faults = {name: f"Chưa ghi {label_of_field(name)}." for name in REQUIRED if not getattr(student, name)}
    for name in Student.PAGE_ONE:
        room = _field(name).max_length
        if room and len(getattr(student, name) or "") > room:
            faults[name] = f"{label_of_field(name).capitalize()} dài quá {room} kí tự."
    if student.full_name and not is_person_name(student.full_name):
        faults["full_name"] = f"Họ và tên “{student.full_name}” chỉ được có chữ, dấu cách, dấu nháy và gạch nối."
    if student.student_code and not is_student_code(student.student_code):
        faults["student_code"] = f"Mã học sinh “{student.student_code}” phải gồm 4–20 chữ số hoặc chữ hoa, viết liền."
    for name in ("ethnicity", "nationality"):
        if (typed := getattr(student, name)) and not is_origin(typed):
            faults[name] = f"{title_of_field(name)} “{typed}” chỉ được có chữ, dấu cách, gạch nối và ngoặc."
    return faults | _faults_of_number(student) | _faults_of_choices(student)


def _doubts_about(student: Student, changed: list[str]) -> dict[str, str]:
    """What is unusual among the changed fields, by field."""
    doubts = {name: words for name, words in spelling_remarks(student).items() if name in changed}
    if {"full_name", "born_on"} & set(changed):
        alike = Student.objects.namesakes_in(student.school_id, [student.plain_name()], [student.born_on])
        others = [_told(one) for one in alike.exclude(pk=student.pk).with_open_class()]
        namesakes = namesake_remark(student, others, len(others))
        doubts["full_name"] = " ".join(filter(None, [doubts.get("full_name"), namesakes]))
    if "born_on" in changed:
        enrolment = (
            student.enrolments.open().select_related("school_class__school_year").first() if student.pk else None
        )
        doubts["born_on"] = age_remark_of(student, enrolment, SchoolYear.objects.current())
    return {name: words for name, words in doubts.items() if words}


def _told(student: Student) -> str:
    place = f"lớp {student.open_enrolments[0].school_class.name}" if student.open_enrolments else "chưa xếp lớp"
    return f"mã {student.student_code}, {place}"


def _faults_of_number(student: Student) -> dict[str, str]:
    number = student.personal_id
    if number and not is_personal_id(number):
        return {"personal_id": f"Số định danh cá nhân phải gồm đúng 12 chữ số; bạn ghi {len(number)} kí tự."}
    if not number and not student.personal_id_missing:
        return {"personal_id_missing": "Chưa có số định danh thì phải ghi lí do."}
    return {}


def _faults_of_choices(student: Student) -> dict[str, str]:
    faults = {}
    if student.gender and student.gender not in Gender.values:
        faults["gender"] = "Giới tính là Nam hoặc Nữ, như giấy khai sinh."
    if student.born_on and student.born_on >= timezone.localdate():
        faults["born_on"] = f"Ngày sinh {short_date(student.born_on)} phải trước hôm nay."
    elif student.born_on and student.admitted_on and student.admitted_on <= student.born_on:
        admitted = short_date(student.admitted_on)
        faults["admitted_on"] = f"Ngày nhập học {admitted} phải sau ngày sinh {short_date(student.born_on)}."
    return faults


def _refuse_faults(by: User, student: Student, *, reason_for: list[str] | None = None, reason: str = "") -> None:
    faults = _clashes(by, student) | faults_of(student)
    if reason_for is not None and len(reason.strip()) < LEAST_REASON and _needs_reason(student, reason_for):
        faults["reason"] = (
            "Sửa họ tên, mã học sinh, số định danh hoặc ngày sinh thì phải ghi lí do "
            f"(ít nhất {LEAST_REASON} kí tự), ví dụ số quyết định cải chính hộ tịch."
        )
    if faults:
        raise FaultyFields(faults)


def _needs_reason(student: Student, changed: list[str]) -> bool:
    """Identity that was there before is changed; a number filled in for the first time needs none."""
    before = Student.objects.values(*Student.IDENTITY).get(pk=student.pk)
    return any(before[name] for name in changed if name in Student.IDENTITY)


def _clashes(by: User, student: Student) -> dict[str, str]:
    """Codes and numbers are one person's in the whole province; of another school's student nothing is told."""
    clashes = {}
    for name, title in (("student_code", "Mã học sinh"), ("personal_id", "Số định danh")):
        others = Student.objects.exclude(pk=student.pk).filter(**{name: getattr(student, name)})
        other = others.select_related("school").first() if getattr(student, name) else None
        if other is not None:
            clashes[name] = f"{title} này {_where(by, other)}"
    return clashes


def _where(by: User, other: Student) -> str:
    if not may_keep_school(by, other.school):
        return f"đã có ở trường khác, mã trường {other.school.code}; nhờ Sở gộp hồ sơ."
    enrolment = other.enrolments.open().select_related("school_class").first()
    place = f"lớp {enrolment.school_class.name}" if enrolment else "chưa xếp lớp"
    merged = ", hồ sơ đã gộp" if other.merged_into_id else ""
    return f"đã có ở trường mình: {other.full_name}, {place}{merged}. Mở hồ sơ ấy để sửa hoặc gộp."


def _changed_by_form(current: Student, typed: dict[str, Any], version: str) -> list[str]:
    """Put what the form changed onto the student; the names of the fields that really differ now."""
    base = dict(zip(Student.PAGE_ONE, version.split("."), strict=False))
    changed = [
        name
        for name, mine in typed.items()
        if mine != getattr(current, name) and _digest(current, name, mine) != base.get(name)
    ]
    unseen = [name for name in changed if _digest(current, name, getattr(current, name)) != base.get(name)]
    if unseen:
        conflicts = [
            (label_of_field(name), _shown(name, getattr(current, name)), _shown(name, typed[name])) for name in unseen
        ]
        # Only what is shown now has been seen now: the other fields keep the version they were opened with.
        seen = {name: _digest(current, name, getattr(current, name)) for name in unseen}
        version = ".".join((base | seen).get(name, "") for name in Student.PAGE_ONE)
        raise ChangedMeanwhile(current, conflicts, version, HistoryEntry.objects.about(current).newest().first())
    for name in changed:
        setattr(current, name, typed[name])
    return changed + [name for name in _settle_number(current) if name not in changed]


def _settle_number(student: Student) -> list[str]:
    """A number makes the reason for its absence void."""
    if student.personal_id and student.personal_id_missing:
        student.personal_id_missing = ""
        return ["personal_id_missing"]
    return []


def _digest(student: Student, name: str, value: Any) -> str:
    return salted_hmac("schools.student_version", f"{student.pk}:{name}:{value or ''}").hexdigest()[:12]


def _field(name: str) -> Any:
    return Student._meta.get_field(name)


def _shown(name: str, value: Any) -> str:
    return value_in_words(name, value) or "(trống)"
