"""Who may do what with the record: derived from assignment, homeroom, role and state.

Deny by default. Sources: TT 22/2021/TT-BGDĐT Đ18 (principal), Đ19 (subject teacher), Đ20 (homeroom teacher); law.md
§5.4 (order of signatures), §6.1 (who holds which certificate).
"""

from dataclasses import dataclass

from django.db.models import Q

from records.models import ClassPeriod, MarkSheet, PageVersion, SigningKey, Slot, Teaching
from records.models.summer_cases import SummerCase
from records.rules.signoff import CLOSED, state_before
from records.rules.summer import DECISION, SUBJECT, TEST, Item
from schools.models import (
    Delegation,
    Enrolment,
    EntryWindow,
    Period,
    Role,
    School,
    SchoolYear,
    Student,
    TeachingAssignment,
    User,
)
from schools.permissions import has_family_room, is_family_of, may_keep_class, oversees_schools, works_in_office
from schools.rules.levels import SUMMER_PERIOD


# -- Rooms ------------------------------------------------------------------------------------------------------------
def teaches(user: User) -> bool:
    """Whoever teaches a subject today, or stands in by delegation, has mark sheets."""
    return user.ties.is_assigned or (
        user.ties.has_assignment_grants and TeachingAssignment.objects.for_teacher(user).exists()
    )


def leads_class(user: User) -> bool:
    """Homeroom teachers of today."""
    return user.ties.leads_class


def signs_off(user: User) -> bool:
    """Principals, and who signs for them by a delegation valid now."""
    return bool(user.standing.signing_school_ids)


def reviews_classes(user: User) -> bool:
    """Who watches the sign-off: the office of a school, whoever signs there, and those who oversee schools."""
    return works_in_office(user) or signs_off(user) or oversees_schools(user)


def seals(user: User) -> bool:
    """The clerk holds the seal of the school (law.md §6.1)."""
    return user.standing.has(Role.CLERK)


def sees_sheets(user: User) -> bool:
    """Who may open mark sheets at all: their teachers, homeroom teachers, the office, those who oversee."""
    return teaches(user) or leads_class(user) or reviews_classes(user)


def reads_book(user: User) -> bool:
    """Parents, guardians and students have the room of the record book."""
    return has_family_room(user)


def holds_key(user: User) -> bool:
    """Whoever has a signing key, and the clerk for the seal."""
    schools = user.standing.schools_as(Role.CLERK)
    return SigningKey.objects.usable().filter(Q(user=user) | Q(school__in=schools)).exists()


# -- Marks ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EntryRight:
    """The columns a person may write now, and the sentence that says why the others are closed."""

    columns: frozenset[str]
    reason: str = ""


def entry_right(user: User, sheet: MarkSheet) -> EntryRight:
    """What the person may write in a sheet now: the columns of the own assignments that are not confirmed yet, while
    the class is open and an entry window of the school is (TT 22/2021 Đ19; fail closed, by the server's clock). The
    principal's role gives no right here."""
    mine = taught_in(user, sheet)
    if not mine:
        return EntryRight(frozenset(), "Bạn không được phân công nhập điểm sổ này.")
    if closed := closed_because(sheet):
        return EntryRight(frozenset(), closed)
    free = [one for one in mine if one in sheet.around.unconfirmed]
    if not free:
        return EntryRight(frozenset(), "Bạn đã xác nhận sổ này. Rút xác nhận để sửa.")
    codes = frozenset(column.code for column in sheet.scheme)
    columns = frozenset(code for one in free for code in (one.columns or codes)) | unshared_remark(sheet)
    return EntryRight(columns & codes, "Cột này do giáo viên khác nhập.")


def unshared_remark(sheet: MarkSheet) -> frozenset[str]:
    """The columns that need not be filled and were given to no part when the others were shared out: the remark is
    everybody's who teaches the subject (TT 22/2021 Đ19)."""
    given = {code for one in sheet.around.teaching for code in one.columns}
    return frozenset(column.code for column in sheet.scheme if not column.required and column.code not in given)


def closed_because(sheet: MarkSheet) -> str:
    """Why nobody can write in a sheet now; "" if the class is open, the sheet unconfirmed and a window open."""
    if not sheet.around.class_is_writable:
        return "Lớp đã nộp: điểm đã khóa."
    if sheet.state != MarkSheet.State.OPEN:
        return "Sổ đã được xác nhận: điểm đã khóa."
    if not sheet.around.window_is_open:
        return "Ngoài hạn nhập: sổ đã khóa."
    return ""


def sees_sheet(user: User, sheet: MarkSheet) -> bool:
    """As ``MarkSheet.objects.visible_to``; what one teaches or leads is known without asking the database again."""
    if (sheet.school_class_id, sheet.subject_id) in user.ties.taught or sheet.school_class_id in user.ties.led_classes:
        return True
    return MarkSheet.objects.visible_to(user).filter(pk=sheet.pk).exists()


def teaches_sheet(user: User, sheet: MarkSheet) -> bool:
    """Whether the person teaches the sheet's subject in its class today, or stands in by delegation."""
    return (sheet.school_class_id, sheet.subject_id) in user.ties.taught or bool(taught_in(user, sheet))


def taught_in(user: User, sheet: MarkSheet) -> list[Teaching]:
    """The user's assignments, own or by delegation, for the sheet's subject and class today."""
    if not user.ties.has_assignment_grants:
        return [one for one in sheet.around.teaching if one.teacher_id == user.pk]
    mine = TeachingAssignment.objects.for_teacher(user).filter(school_class=sheet.school_class_id)
    ids = set(mine.values_list("pk", flat=True))
    return [one for one in sheet.around.teaching if one.assignment_id in ids]


def may_confirm(user: User, sheet: MarkSheet) -> bool:
    """Whoever teaches the subject in the class, while the class is open (TT 22/2021 Đ19)."""
    return sheet.around.class_is_writable and bool(taught_in(user, sheet))


# -- Results brought from another school -------------------------------------------------------------------------------
def may_bring_term(user: User, enrolment: Enrolment) -> bool:
    """The clerk of the student's class writes down what the transfer paper says, while the year is not closed
    (law.md §1.4, §5.9)."""
    return enrolment.ends_on is None and may_keep_class(user, enrolment.school_class)


def sees_whole_term(user: User, student: Student) -> bool:
    """All subjects of a brought term: the family, the homeroom teacher, the office and those who oversee the school. A
    subject teacher sees the own subject's result."""
    own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
    overseen = School.objects.visible_to(user).exclude(id__in=own_schools)
    led = Enrolment.objects.open().filter(student=student, school_class__in=user.ties.led_classes)
    return is_family_of(user, student) or led.exists() or overseen.filter(pk=student.school_id).exists()


# -- Class ------------------------------------------------------------------------------------------------------------
def leads(user: User, class_period: ClassPeriod) -> bool:
    """The homeroom teacher of the class today (TT 22/2021 Đ20)."""
    return class_period.school_class_id in user.ties.led_classes


def homeroom_right(user: User, class_period: ClassPeriod) -> EntryRight:
    """What the person may write of conduct, absences and remarks: all of it for the homeroom teacher, while the class
    and an entry window are open (TT 22/2021 Đ8, Đ20)."""
    if not leads(user, class_period):
        return EntryRight(frozenset(), "Chỉ giáo viên chủ nhiệm ghi phần này.")
    if not class_period.is_writable:
        return EntryRight(frozenset(), "Lớp đã nộp: phần chủ nhiệm đã khóa.")
    if not EntryWindow.objects.open_for(class_period.school, class_period.period).exists():
        return EntryRight(frozenset(), "Ngoài hạn nhập: phần chủ nhiệm đã khóa.")
    return EntryRight(frozenset(column.code for column in class_period.scheme))


def may_submit(user: User, class_period: ClassPeriod) -> bool:
    """The homeroom teacher, while the class is open or returned (TT 22/2021 Đ20)."""
    return class_period.is_writable and leads(user, class_period)


def may_sign_as_homeroom(user: User, class_period: ClassPeriod) -> bool:
    """The homeroom teacher signs the pages of the class that was submitted."""
    return class_period.state == ClassPeriod.State.SUBMITTED and leads(user, class_period)


def may_decide(user: User, class_period: ClassPeriod) -> bool:
    """The principal, or who signs for the principal, returns or signs off a submitted class (TT 22/2021 Đ18)."""
    submitted = class_period.state == ClassPeriod.State.SUBMITTED
    return submitted and class_period.school_id in user.standing.signing_school_ids


def may_waive(user: User, sheet: MarkSheet) -> bool:
    """The principal, or who signs for the principal, lets regular results go (law.md §8, no. 10)."""
    return sheet.school_id in user.standing.signing_school_ids


def acts_by(user: User, class_period: ClassPeriod | MarkSheet) -> Delegation | None:
    """The delegation by which the person signs in the principal's place; None for the principal, who acts by the own
    right (law.md §6.1: kí thay with the own certificate)."""
    if class_period.school_id in user.standing.schools_as(Role.PRINCIPAL):
        return None
    return Delegation.objects.to_sign_for(user, class_period.school).select_related("grantor").first()


def may_issue(user: User, class_period: ClassPeriod) -> bool:
    """The clerk of the school seals and issues a class that was signed off and has pages (law.md §5.4, §6.1)."""
    signed_off = class_period.state == ClassPeriod.State.SIGNED_OFF
    keeps_seal = class_period.school_id in user.standing.schools_as(Role.CLERK)
    return signed_off and keeps_seal and PageVersion.objects.of(class_period).exists()


def signs_in(user: User, class_period: ClassPeriod, slot: str) -> bool:
    """Whether this slot's signature is the person's in the class, whatever state it is in: the homeroom teacher's, the
    principal's (or of who signs for the principal), the clerk's with the school's seal (law.md §5.4, §6.1)."""
    if slot == Slot.HOMEROOM:
        return leads(user, class_period)
    if slot == Slot.PRINCIPAL:
        return class_period.school_id in user.standing.signing_school_ids
    return slot == Slot.SEAL and class_period.school_id in user.standing.schools_as(Role.CLERK)


def may_sign_in(user: User, class_period: ClassPeriod, slot: str) -> bool:
    """Whether the person may order the signature of this slot on pages that still wait for it: the homeroom teacher
    once the class is submitted, principal and clerk once their own move has been made (what failed is signed again)."""
    return class_period.state == _SIGNED_WHILE.get(slot) and signs_in(user, class_period, slot)


_SIGNED_WHILE: dict[str, str] = {
    Slot.HOMEROOM: ClassPeriod.State.SUBMITTED,
    Slot.PRINCIPAL: ClassPeriod.State.SIGNED_OFF,
    Slot.SEAL: ClassPeriod.State.ISSUED,
}


# -- What the law leaves open -----------------------------------------------------------------------------------------
def may_settle_rules(user: User, year: SchoolYear) -> bool:
    """The Sở's administrator settles what the law leaves open, for the years of the own province (law.md §8)."""
    return year.authority_id in user.standing.authorities_as(Role.PROVINCE_ADMIN)


# -- The summer -------------------------------------------------------------------------------------------------------
def taught_codes(user: User, class_period: ClassPeriod) -> frozenset[str]:
    """The codes of the subjects the person teaches in the class today, or stands in for by delegation."""
    mine = TeachingAssignment.objects.for_teacher(user).filter(school_class=class_period.school_class_id)
    return frozenset(mine.values_list("subject__code", flat=True))


def sees_whole_case(user: User, class_period: ClassPeriod) -> bool:
    """The homeroom teacher, the office and the principal of the school, and those who oversee it; a subject teacher
    sees what is due in the own subject."""
    return ClassPeriod.objects.visible_to(user).filter(pk=class_period.pk).exists()


def sees_class_in_summer(user: User, class_period: ClassPeriod) -> bool:
    """Who may see something of a class's summer: all of it, or the own subject in it; only once the principal has
    approved the year's results."""
    if class_period.state not in CLOSED:
        return False
    return sees_whole_case(user, class_period) or bool(taught_codes(user, class_period))


def may_write_item(user: User, case: SummerCase, item: Item) -> bool:
    """Whose it is to write an item of the summer: a subject or test whoever teaches it (TT 22/2021 Đ14, Đ19), rèn
    luyện, phẩm chất and năng lực the homeroom teacher (Đ13, Đ20; TT 27/2020 Đ11), a decision the principal or who signs
    for the principal (Đ18; TT 27/2020 Đ11). The principal's role gives no right to a result."""
    kind, code = item
    if kind == DECISION:
        return signs_in(user, case.class_period, Slot.PRINCIPAL)
    if kind in (SUBJECT, TEST):
        return code in taught_codes(user, case.class_period)
    return leads(user, case.class_period)


def summer_is_open(class_period: ClassPeriod) -> bool:
    """Whether an entry window of the summer is open for the school of the class now (fail closed)."""
    summer = Period.objects.for_year(class_period.school_year).for_level(class_period.school_class.level)
    found = summer.filter(code=SUMMER_PERIOD).first()
    return found is not None and EntryWindow.objects.open_for(class_period.school, found).exists()


def may_sign_summer(user: User, case: SummerCase) -> str:
    """The slot in which the page made after the summer waits for this person; "" for none (law.md §5.4)."""
    if case.page is None:
        return ""
    waiting = (slot for slot in Slot.values if state_before(slot) == case.page.state)
    return next((slot for slot in waiting if signs_in(user, case.class_period, slot)), "")


def may_see_page(user: User, version: PageVersion) -> bool:
    """A page as it stands: whoever sees the version (its QuerySet says who) once its file is made."""
    return version.is_rendered and PageVersion.objects.visible_to(user).filter(pk=version.pk).exists()
