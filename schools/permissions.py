"""Who may do what, in prose. Derived from role, assignment and state; delegations hold only what cannot be derived.

Deny by default: a function answers True only for a person whose standing today says so. Sources: TT 22/2021/TT-BGDĐT
Đ18–20 (principal, subject teacher, homeroom teacher), TT 27/2020/TT-BGDĐT Đ12–15, NĐ 88/2026/NĐ-CP Đ22, law.md §7.
"""

from collections.abc import Collection

from schools.models import (
    Delegation,
    Level,
    ListImport,
    ParentLink,
    Role,
    RoleAssignment,
    School,
    SchoolClass,
    SecondFactorReset,
    Student,
    User,
)
from schools.models.people import PROVINCE_ROLES, SECOND_FACTOR_ROLES, WEIGHTY_ROLES


# -- Rooms: may the person come in at all? ----------------------------------------------------------------------------
def keeps_records(user: User) -> bool:
    """A clerk keeps the records of a school."""
    return user.standing.has(Role.CLERK)


def works_in_office(user: User) -> bool:
    """Clerk, vice-principal and principal see all of their school."""
    return user.standing.has(Role.CLERK, Role.VICE_PRINCIPAL, Role.PRINCIPAL)


def plans_teaching(user: User) -> bool:
    """Clerk and vice-principal assign teachers to classes and subjects."""
    return user.standing.has(Role.CLERK, Role.VICE_PRINCIPAL)


def directs_school(user: User) -> bool:
    """The principal, and the vice-principal for the school's windows and delegations."""
    return user.standing.has(Role.PRINCIPAL, Role.VICE_PRINCIPAL)


def administers_province(user: User) -> bool:
    """The Sở's administrator opens schools, sets years and appoints principals and clerks."""
    return user.standing.has(Role.PROVINCE_ADMIN)


def oversees_schools(user: User) -> bool:
    """Sở staff, an officer of a phường/xã, or an inspector of one school by delegation: they read, they never write."""
    return user.standing.has(Role.INSPECTOR, Role.PROVINCE_ADMIN, Role.COMMUNE_OFFICER) or bool(
        user.standing.granted_school_ids
    )


def sees_students(user: User) -> bool:
    """Whoever has students to look at in the rooms of a school or of the Sở; parents have their own room."""
    return user.standing.has(Role.TEACHER) or works_in_office(user) or oversees_schools(user)


def reads_history(user: User) -> bool:
    """The history is read by the Sở for all, by the principal and the vice-principal for their own school."""
    return user.standing.has(Role.INSPECTOR, Role.PROVINCE_ADMIN) or directs_school(user)


def runs_the_system(user: User) -> bool:
    """The operator sees whether the system is well, and no student."""
    return user.standing.has(Role.OPERATOR)


def opens_windows(user: User) -> bool:
    """Heads of schools for their own, the Sở's administrator for all."""
    return directs_school(user) or administers_province(user)


def gives_delegations(user: User) -> bool:
    """Heads of schools let somebody stand in or sign; the Sở's administrator lets somebody inspect."""
    return directs_school(user) or administers_province(user)


def appoints_people(user: User) -> bool:
    """Clerks bring in teachers and vice-principals; the Sở's administrator all others."""
    return keeps_records(user) or administers_province(user)


def manages_accounts(user: User) -> bool:
    """Clerks for their school's people, the Sở's administrator for principals and clerks."""
    return keeps_records(user) or administers_province(user)


def handles_second_factors(user: User) -> bool:
    """Clerks and principals for the school's people, the Sở's administrator for all, ask or decide on a reset."""
    return manages_accounts(user) or user.standing.has(Role.PRINCIPAL)


def needs_second_factor(user: User) -> bool:
    """Principal, vice-principal, clerk, phường/xã and Sở roles log in with a second factor (a setting, on)."""
    return user.standing.has(*SECOND_FACTOR_ROLES)


# -- Schools, years, windows ------------------------------------------------------------------------------------------
def may_administer_school(user: User, school: School) -> bool:
    """The Sở's administrator, for the schools under that Sở."""
    return School.objects.under(user.standing.authorities_as(Role.PROVINCE_ADMIN)).filter(pk=school.pk).exists()


def may_open_window(user: User, school: School) -> bool:
    """The school's principal or vice-principal, or the Sở's administrator, opens or extends an entry window."""
    return school.pk in user.standing.schools_as(Role.PRINCIPAL, Role.VICE_PRINCIPAL) or may_administer_school(
        user, school
    )


def may_open_windows(user: User, schools: Collection[School]) -> bool:
    """All of these schools are ones whose windows the person opens: one question, however many there are."""
    wanted = {school.pk for school in schools}
    return School.objects.opened_by(user).filter(pk__in=wanted).count() == len(wanted)


def may_appoint(user: User, role: str, school: School) -> bool:
    """The Sở appoints principals and clerks; the clerk enters vice-principals and teachers of the own school."""
    if role in {Role.PRINCIPAL, Role.CLERK}:
        return may_administer_school(user, school)
    return role in {Role.TEACHER, Role.VICE_PRINCIPAL} and school.pk in user.standing.schools_as(Role.CLERK)


def may_appoint_in_province(user: User, role: str) -> bool:
    """The Sở's administrator appoints inspectors, administrators, operators and officers of a phường/xã."""
    return role in PROVINCE_ROLES | {Role.COMMUNE_OFFICER} and administers_province(user)


def may_dismiss(user: User, held: RoleAssignment) -> bool:
    """Whoever may give a role may end it."""
    if held.ends_on is not None:
        return False
    return may_appoint(user, held.role, held.school) if held.school else may_appoint_in_province(user, held.role)


# -- Students and classes ---------------------------------------------------------------------------------------------
def may_keep_school(user: User, school: School) -> bool:
    """The clerk of that very school writes its lists: students, classes, enrolments, parents."""
    return school.pk in user.standing.schools_as(Role.CLERK)


def may_edit_student(user: User, student: Student) -> bool:
    """The clerk of the school that keeps the student's record; never of a school the student has left."""
    return student.merged_into_id is None and may_keep_school(user, student.school)


def may_keep_class(user: User, school_class: SchoolClass) -> bool:
    """The clerk of the class's school, while the school year is not closed."""
    return school_class.school_year.closed_at is None and may_keep_school(user, school_class.school)


def may_plan_class(user: User, school_class: SchoolClass) -> bool:
    """Clerk or vice-principal of the class's school assign its teachers, while the year is not closed."""
    return school_class.school_year.closed_at is None and school_class.school_id in user.standing.schools_as(
        Role.CLERK, Role.VICE_PRINCIPAL
    )


def may_import(user: User, kind: str, school: School) -> bool:
    """The clerk brings in lists of students and staff; lists of assignments also the vice-principal of the school."""
    if kind == ListImport.Kind.ASSIGNMENTS:
        return school.pk in user.standing.schools_as(Role.CLERK, Role.VICE_PRINCIPAL)
    return may_keep_school(user, school)


def may_end_tie(user: User, link: ParentLink) -> bool:
    """Whoever keeps the student's record ends a tie that still holds."""
    return link.ends_on is None and may_edit_student(user, link.student)


def may_uncover_personal_id(user: User, student: Student) -> bool:
    """Whoever needs the whole number at work: the school's clerk and principal, the Sở. Each look is logged."""
    own = student.school_id in user.standing.schools_as(Role.CLERK, Role.PRINCIPAL)
    return own or School.objects.under(user.standing.province_ids).filter(pk=student.school_id).exists()


def may_merge_students(user: User, kept: Student, merged: Student) -> bool:
    """The clerk when both records are of the own school; the Sở's administrator when they are of two schools."""
    schools = {kept.school_id, merged.school_id}
    return schools <= user.standing.schools_as(Role.CLERK) or (
        may_administer_school(user, kept.school) and may_administer_school(user, merged.school)
    )


def merges_students(user: User) -> bool:
    """Clerks within their school and the Sở's administrator between schools join two records of one student."""
    return keeps_records(user) or administers_province(user)


def has_family_room(user: User) -> bool:
    """Parents and guardians with a tie that holds today, and students themselves."""
    return user.ties.is_parent or user.ties.is_student


def is_family_of(user: User, student: Student) -> bool:
    """A parent or guardian by a tie that holds today, or the student's own account (Luật 91/2025/QH15 Đ24)."""
    return Student.objects.family_of(user).filter(pk=student.pk).exists()


def teaches_student(user: User, student: Student) -> bool:
    """Homeroom or subject teacher, or standing in by delegation, of the class the student is in now."""
    taught = SchoolClass.objects.taught_by(user)
    return taught.filter(enrolments__student=student, enrolments__ends_on=None).exists()


def is_close_to(user: User, student: Student) -> bool:
    """Whose looks at a record need no log: the student's teachers, the clerk of its school, its family. Everybody
    else's are noted: principal, phường/xã, Sở, inspectors, a school the student has left (peers.md M8)."""
    return may_keep_school(user, student.school) or teaches_student(user, student) or is_family_of(user, student)


def sees_contacts(user: User, student: Student) -> bool:
    """Phone numbers of parents are for those who may have to ring them: the office of the school that keeps the
    record, and the student's teachers."""
    return student.school_id in user.standing.office_school_ids or teaches_student(user, student)


def may_see_identity_changes(user: User, student: Student) -> bool:
    """What a student's name, date of birth and number were before: the office of the school that keeps the record,
    and the Sở."""
    return (
        student.school_id in user.standing.office_school_ids
        or School.objects.under(user.standing.province_ids).filter(pk=student.school_id).exists()
    )


# -- Accounts ---------------------------------------------------------------------------------------------------------
def may_make_account(user: User, school: School | None) -> bool:
    """The clerk for the own school; the Sở's administrator for schools under the Sở and for the Sở itself (None)."""
    if school is None:
        return administers_province(user)
    return may_keep_school(user, school) or may_administer_school(user, school)


def may_manage_account(user: User, account: User) -> bool:
    """Whoever may hand somebody a slip may also close the account; an inactive account is opened again by the same.
    The accounts of heads and clerks are the Sở's, and those of vice-principals once they have a password: whoever holds
    such an account can plan, and sign by delegation."""
    if account.pk == user.pk:
        return False
    has_come_in = account.password_set_at is not None
    if account.standing.has(*WEIGHTY_ROLES) or (has_come_in and account.standing.has(Role.VICE_PRINCIPAL)):
        return administers_province(user) and _under_province_of(user, account)
    return account.school_id in user.standing.schools_as(Role.CLERK)


def may_issue_slip(user: User, account: User) -> bool:
    """A slip lets its bearer choose the password: by the clerk for the people of the own school, by the Sở for
    principals, clerks and its own people; never for oneself."""
    return account.is_active and may_manage_account(user, account)


def _under_province_of(user: User, account: User) -> bool:
    return account.school is None or may_administer_school(user, account.school)


def may_request_second_factor_reset(user: User, account: User) -> bool:
    """Whoever may hand the person a slip, or the own principal or clerk, asks; nobody for oneself."""
    return user.pk != account.pk and (
        may_issue_slip(user, account) or account.school_id in user.standing.schools_as(Role.PRINCIPAL, Role.CLERK)
    )


def may_decide_second_factor_reset(user: User, reset: SecondFactorReset) -> bool:
    """Another person decides: the principal for the school's people, the Sở's administrator for everyone; never the
    one who asked, never the one it is about."""
    if reset.decided_at is not None or user.pk in {reset.requested_by_id, reset.user_id}:
        return False
    account = reset.user
    return account.school_id in user.standing.schools_as(Role.PRINCIPAL) or (
        administers_province(user) and _under_province_of(user, account)
    )


# -- Delegations ------------------------------------------------------------------------------------------------------
def may_delegate(user: User, kind: str, school: School) -> bool:
    """The principal lets someone sign or stand in, the vice-principal lets someone stand in, the Sở's administrator
    lets someone inspect a school (TT 15/2026/TT-BGDĐT; law.md §6.1 on kí thay)."""
    if kind == Delegation.Kind.INSPECTOR:
        return may_administer_school(user, school)
    if kind == Delegation.Kind.SIGNER:
        return school.pk in user.standing.schools_as(Role.PRINCIPAL)
    return school.pk in user.standing.schools_as(Role.PRINCIPAL, Role.VICE_PRINCIPAL)


def may_revoke_delegation(user: User, delegation: Delegation) -> bool:
    """Whoever could give it may take it back at any moment."""
    return delegation.revoked_at is None and may_delegate(user, delegation.kind, delegation.school)


def commune_oversees(school: School) -> bool:
    """Whether the phường/xã has a say: everything below THPT (law.md §7)."""
    return Level.UPPER_SECONDARY not in school.levels
