"""Sheets, a class's states and the moves between them, attacked with plain SQL."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.signoff import return_class
from records.models import SheetConfirmation, SignOff
from records.rules.signoff import CLASS_MOVES, PAGE_MOVES
from schools.actions.delegations import delegate
from schools.models import Delegation, HomeroomAssignment, RoleAssignment, SubjectEnrolment, TeachingAssignment
from tests.records.models.attack import attack, run
from tests.records.outside import newcomer
from tests.records.term import Term, all_written, confirm_all, fill_records, fresh, submitted

NO_SHEET_HERE = "the class has been submitted: its sheets are closed"
NO_MOVE_MADE = "a state changes only by somebody's move"
KEPT = "a class keeps the columns and the period it was opened with"
REASON = "Điểm giữa kì môn Toán chưa đúng"
MOVE = (
    "INSERT INTO records_signoff (class_period_id, before, after, role, by_id, at, reason, reopened) "
    "VALUES (%s, %s, %s, %s, %s, now(), 'Lí do đủ dài', '{}')"
)
DELEGATED = MOVE.replace("reopened)", "reopened, delegation_id)").replace("'{}')", "'{}', %s)")
SET_STATE = "UPDATE records_classperiod SET state = %s, last_move_id = %s WHERE id = %s"
NEW_SHEET = (
    "INSERT INTO records_marksheet (public_id, columns, change_no, missing, kind, state, school_id, school_year_id, "
    "school_class_id, subject_id, period_id) SELECT gen_random_uuid(), columns, 0, 0, kind, 'MO', school_id, "
    "school_year_id, school_class_id, (SELECT max(id) FROM schools_subject), {} FROM records_marksheet WHERE id = %s"
)


def moved(term: Term, before: str, after: str, role: str, person: str) -> int:
    """A move that is made, and its id; the class's state has not followed yet."""
    run(MOVE, term.class_period.pk, before, after, role, getattr(term.cast, person).pk)
    return SignOff.objects.latest("id").pk


# -- Sheets -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    ["columns = '[]'", "columns = columns || columns", "kind = 'NHAN_XET'", "school_id = school_id + 1",
     "school_year_id = 0", "school_class_id = 0", "subject_id = subject_id + 1", "period_id = period_id + 1"],
)  # fmt: skip
def test_sheet_keeps_its_columns_and_its_place(term, change):
    said = attack(f"UPDATE records_marksheet SET {change} WHERE id = %s", term.maths.pk)
    assert said == "a sheet keeps the columns and the place it was made with"


def test_sheet_is_made_only_in_a_class_that_is_open(term):
    here, elsewhere = NEW_SHEET.format("period_id"), NEW_SHEET.format("period_id + 1")
    assert attack(here, term.maths.pk) == ""
    assert attack(elsewhere, term.maths.pk) == NO_SHEET_HERE
    submitted(term)
    assert attack(here, term.maths.pk) == NO_SHEET_HERE


def test_sheet_is_not_confirmed_without_a_confirmation(term):
    assert attack("UPDATE records_marksheet SET state = 'DA_XAC_NHAN' WHERE id = %s", term.maths.pk) != ""


@pytest.mark.parametrize(
    "change", ["digest = 'x'", "by_id = by_id + 1", "assignment_id = 0", "sheet_id = 0", "confirmed_at = now()"]
)
def test_confirmation_is_never_changed(term, change):
    confirm_all(term)
    said = attack(f"UPDATE records_sheetconfirmation SET {change}, withdrawn_at = now()")
    assert said == "a confirmation is taken back, never changed"


def test_confirmation_is_taken_back_once_and_for_good(term):
    confirm_all(term)
    run("UPDATE records_sheetconfirmation SET withdrawn_at = now()")
    for moment in ("NULL", "now() - interval '1 day'"):
        said = attack(f"UPDATE records_sheetconfirmation SET withdrawn_at = {moment}")
        assert said == "a confirmation is taken back, never changed"


def test_confirmation_is_not_taken_back_after_submission(term, handed_in):
    assert attack("UPDATE records_sheetconfirmation SET withdrawn_at = now()") != ""
    assert SheetConfirmation.objects.exists()


# -- A class's state --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    ["columns = '[]'", "school_id = school_id + 1", "school_year_id = 0", "school_class_id = 0", "period_id = 0"],
)
def test_class_keeps_its_columns_and_its_period(term, change):
    assert attack(f"UPDATE records_classperiod SET {change} WHERE id = %s", term.class_period.pk) == KEPT


@pytest.mark.parametrize(("state", "move"), [("DA_NOP", None), ("DA_DUYET", None), ("DA_CAP", None), ("MO", 1)])
def test_class_begins_a_period_open_and_unmoved(term, state, move):
    insert = (
        "INSERT INTO records_classperiod (public_id, columns, change_no, missing, state, last_move_id, school_id, "
        "school_year_id, school_class_id, period_id) SELECT gen_random_uuid(), columns, 0, 0, %s, %s, school_id, "
        "school_year_id, school_class_id, (SELECT id FROM schools_period p WHERE p.code = 'HK2' AND p.level = 'THCS') "
        "FROM records_classperiod WHERE id = %s"
    )
    assert attack(insert, state, move, term.class_period.pk) == "a class begins a period open"
    assert attack(insert, "MO", None, term.class_period.pk) == ""


@pytest.mark.parametrize("state", ["DA_NOP", "TRA_LAI", "DA_DUYET", "DA_CAP", "", "XX"])
def test_state_does_not_change_without_a_move(term, state):
    key = term.class_period.pk
    assert attack("UPDATE records_classperiod SET state = %s WHERE id = %s", state, key) == NO_MOVE_MADE
    assert attack(SET_STATE, state, 1_000_000, key) == NO_MOVE_MADE


def test_state_follows_the_move_that_was_made_and_no_other(term, all_ready):
    key, move = term.class_period.pk, moved(term, "MO", "DA_NOP", "GVCN", "homeroom_teacher")
    for state in ("DA_DUYET", "DA_CAP", "TRA_LAI", "MO"):
        assert attack(SET_STATE, state, move, key) == NO_MOVE_MADE
    assert attack(SET_STATE, "DA_NOP", None, key) == NO_MOVE_MADE
    assert attack(SET_STATE, "DA_NOP", move, key) == ""


def test_state_does_not_follow_a_move_of_another_class(term):
    other = prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    move = moved(all_written(term), "MO", "DA_NOP", "GVCN", "homeroom_teacher")
    assert other is not None
    assert attack(SET_STATE, "DA_NOP", move, other.pk) == NO_MOVE_MADE


def test_move_is_used_once(term, handed_in):
    """Returned and opened again, a class is not submitted or signed off by the moves of the first time."""
    key, submission = term.class_period.pk, term.now().last_move_id
    kept = moved(term, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", "principal")
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason=REASON, sheets=[])
    assert attack(SET_STATE, "DA_NOP", submission, key) == NO_MOVE_MADE
    again = moved(term, "TRA_LAI", "DA_NOP", "GVCN", "homeroom_teacher")
    run(SET_STATE, "DA_NOP", again, key)
    assert attack(SET_STATE, "DA_DUYET", kept, key) == NO_MOVE_MADE
    assert attack("UPDATE records_classperiod SET last_move_id = NULL WHERE id = %s", key) == NO_MOVE_MADE
    assert attack("UPDATE records_classperiod SET last_move_id = %s WHERE id = %s", submission, key) == NO_MOVE_MADE


# -- Confirmations ----------------------------------------------------------------------------------------------------
CONFIRM = (
    "INSERT INTO records_sheetconfirmation (sheet_id, assignment_id, by_id, confirmed_at, digest, withdrawn_at) "
    "VALUES (%s, %s, %s, now(), 'x', NULL)"
)
THEIRS = "a sheet is confirmed by those who teach the subject in the class"


@pytest.mark.parametrize("person", ["intruder", "parent", "homeroom_teacher", "principal", "clerk"])
def test_sheet_is_not_confirmed_in_the_place_of_its_teacher(term, person):
    assignment = TeachingAssignment.objects.get(school_class=term.cast.class_7a, subject=term.cast.maths)
    assert attack(CONFIRM, term.maths.pk, assignment.pk, getattr(term.cast, person).pk) == THEIRS
    assert attack(CONFIRM, term.maths.pk, assignment.pk, term.cast.maths_teacher.pk) == ""


def test_sheet_is_not_confirmed_by_an_assignment_of_another_subject_or_another_time(term):
    mine = TeachingAssignment.objects.get(school_class=term.cast.class_7a, subject=term.cast.maths)
    other = TeachingAssignment.objects.filter(school_class=term.cast.class_7a).exclude(pk=mine.pk).first()
    assert attack(CONFIRM, term.maths.pk, other.pk, other.teacher_id) == THEIRS
    TeachingAssignment.objects.filter(pk=mine.pk).update(ends_on=timezone.localdate())
    assert attack(CONFIRM, term.maths.pk, mine.pk, term.cast.maths_teacher.pk) == THEIRS


def test_confirmed_sheet_is_opened_by_taking_a_confirmation_back_alone(term):
    confirm_all(term)
    open_again = "UPDATE records_marksheet SET state = 'MO' WHERE id = %s"
    assert attack(open_again, term.maths.pk) == "a confirmed sheet is opened by taking a confirmation back"
    run("UPDATE records_sheetconfirmation SET withdrawn_at = now() WHERE sheet_id = %s", term.maths.pk)
    assert attack(open_again, term.maths.pk) == ""


# -- Moves ------------------------------------------------------------------------------------------------------------
STATES = ("MO", "DA_NOP", "TRA_LAI", "DA_DUYET", "DA_CAP")
ROLES = {"GVCN": "homeroom_teacher", "HIEU_TRUONG": "principal", "VAN_THU": "clerk"}


def refusals(term: Term, state: str) -> dict[tuple[str, str, str], str]:
    """What is said to every move that can be written down, from the state the class is in."""
    key = term.class_period.pk
    return {
        (state, after, role): attack(MOVE, key, state, after, role, getattr(term.cast, person).pk)
        for after in STATES
        for role, person in ROLES.items()
    }


def test_from_every_state_only_the_moves_of_the_table_are_taken(term, handed_in):
    key, taken, said = term.class_period.pk, set(), set()
    for state, move in (
        ("DA_NOP", None),
        ("TRA_LAI", ("DA_NOP", "TRA_LAI", "HIEU_TRUONG", "principal")),
        ("DA_NOP", ("TRA_LAI", "DA_NOP", "GVCN", "homeroom_teacher")),
        ("DA_DUYET", ("DA_NOP", "DA_DUYET", "HIEU_TRUONG", "principal")),
        ("DA_CAP", ("DA_DUYET", "DA_CAP", "VAN_THU", "clerk")),
    ):
        if move:
            run(SET_STATE, state, moved(term, *move), key)
        answers = refusals(term, state)
        taken |= {move for move, answer in answers.items() if not answer}
        said |= set(answers.values())
    from_open = ("MO", "DA_NOP", "GVCN")
    assert taken == {(move.before, move.after, move.role) for move in CLASS_MOVES} - {from_open}
    assert said == {"", "there is no such move"}


def test_from_open_a_class_is_only_submitted(term, all_ready):
    taken = {move for move, answer in refusals(term, "MO").items() if not answer}
    assert taken == {("MO", "DA_NOP", "GVCN")}


def test_class_is_submitted_with_everything_confirmed_and_written(term):
    unready = "a class is submitted with every sheet confirmed and nothing missing"
    submit = (MOVE, term.class_period.pk, "MO", "DA_NOP", "GVCN", term.cast.homeroom_teacher.pk)
    assert attack(*submit) == unready
    confirm_all(term)
    assert attack(*submit) == unready
    fill_records(term)
    assert attack(*submit) == ""
    other = prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    HomeroomAssignment.objects.filter(pk=term.cast.homeroom.pk).update(school_class=term.cast.class_7b)
    run("UPDATE records_classperiod SET missing = 0 WHERE id = %s", other.pk)
    assert attack(MOVE, other.pk, "MO", "DA_NOP", "GVCN", term.cast.homeroom_teacher.pk) == unready


def test_class_is_submitted_with_a_confirmed_result_of_everybody_in_every_subject(term, all_ready):
    """Somebody came when all was confirmed: no cell is missing, and a result is."""
    submit = (MOVE, term.class_period.pk, "MO", "DA_NOP", "GVCN", term.cast.homeroom_teacher.pk)
    assert attack(*submit) == ""
    taken = SubjectEnrolment.objects.filter(student=newcomer(term))
    lacks = "somebody on the list has no confirmed result in a subject"
    assert attack(*submit) == lacks
    taken.exclude(subject__code="TOAN").update(dropped_on=timezone.localdate())
    assert attack(*submit) == lacks
    taken.filter(subject__code="TOAN").update(exempt=True, decision_number="12/QĐ", decision_on=timezone.localdate())
    assert attack(*submit) == ""


def test_stale_move_is_refused(term):
    key, cast = term.class_period.pk, term.cast
    stale = "the class is in another state by now"
    assert attack(MOVE, key, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", cast.principal.pk) == stale
    submitted(term)
    assert attack(MOVE, key, "MO", "DA_NOP", "GVCN", cast.homeroom_teacher.pk) == stale
    assert attack(MOVE, key, "TRA_LAI", "DA_NOP", "GVCN", cast.homeroom_teacher.pk) == stale


NOT_HERS = "the person does not hold the role this move needs"
EVERYBODY = (
    "homeroom_teacher", "maths_teacher", "vice_principal", "principal", "clerk", "intruder", "other_clerk",
    "other_principal", "pupil", "parent", "commune_officer", "inspector", "province_admin", "operator",
)  # fmt: skip


def test_only_who_holds_the_role_moves(term):
    def may(before, after, role):
        said = {one: attack(MOVE, term.class_period.pk, before, after, role, getattr(term.cast, one).pk)
                for one in EVERYBODY}  # fmt: skip
        assert set(said.values()) == {"", NOT_HERS}
        return [one for one in EVERYBODY if not said[one]]

    all_written(term)
    assert may("MO", "DA_NOP", "GVCN") == ["homeroom_teacher"]
    submitted(term)
    assert may("DA_NOP", "TRA_LAI", "HIEU_TRUONG") == may("DA_NOP", "DA_DUYET", "HIEU_TRUONG") == ["principal"]
    run(SET_STATE, "DA_DUYET", moved(term, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", "principal"), term.class_period.pk)
    assert may("DA_DUYET", "DA_CAP", "VAN_THU") == ["clerk"]


@pytest.mark.parametrize(
    "days", [{"ends_on": 0}, {"ends_on": -1}, {"starts_on": 1}], ids=["ends today", "ended", "tomorrow"]
)
def test_role_of_another_time_moves_nothing(term, days):
    dates = {name: timezone.localdate() + timedelta(days=offset) for name, offset in days.items()}
    submit = (MOVE, term.class_period.pk, "MO", "DA_NOP", "GVCN", term.cast.homeroom_teacher.pk)
    HomeroomAssignment.objects.filter(pk=term.cast.homeroom.pk).update(**dates)
    assert attack(*submit) == NOT_HERS
    HomeroomAssignment.objects.filter(pk=term.cast.homeroom.pk).update(starts_on=term.cast.year.starts_on, ends_on=None)
    submitted(term)
    sign_off = (MOVE, term.class_period.pk, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", term.cast.principal.pk)
    assert attack(*sign_off) == ""
    RoleAssignment.objects.filter(user=term.cast.principal).update(**dates)
    assert attack(*sign_off) == NOT_HERS


def a_delegation(term: Term) -> Delegation:
    """The vice-principal signs for the principal, for four days."""
    now, cast = timezone.now(), term.cast
    return delegate(
        by=fresh(cast.principal), kind=Delegation.Kind.SIGNER, school=cast.school, grantee=cast.vice_principal,
        starts_at=now - timedelta(days=2), ends_at=now + timedelta(days=2), reason="Hiệu trưởng đi công tác",
    )  # fmt: skip


@pytest.mark.parametrize(
    "over",
    [{"ends_at": -1}, {"starts_at": 1}, {"revoked_at": -1}],
    ids=["ended", "not begun", "revoked"],
)
def test_delegated_signer_moves_for_the_principal_and_only_in_time(term, handed_in, over):
    now, cast = timezone.now(), term.cast
    given = a_delegation(term)
    sign_off = (DELEGATED, term.class_period.pk, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", cast.vice_principal.pk, given.pk)
    assert attack(*sign_off) == ""
    changes = {name: now + timedelta(hours=hours) for name, hours in over.items()}
    Delegation.objects.filter(pk=given.pk).update(
        **changes, revoked_by=cast.principal if "revoked_at" in over else None
    )
    assert attack(*sign_off) == NOT_HERS


def test_who_acts_for_the_principal_names_the_delegation_and_nobody_else_does(term, handed_in):
    cast, for_the_principal = term.cast, "who acts for the principal names the delegation, and nobody else does"
    given = a_delegation(term)
    move = (term.class_period.pk, "DA_NOP", "DA_DUYET", "HIEU_TRUONG")
    assert attack(MOVE, *move, cast.vice_principal.pk) == for_the_principal
    assert attack(DELEGATED, *move, cast.principal.pk, given.pk) == for_the_principal
    assert attack(MOVE, *move, cast.principal.pk) == ""


def test_delegation_ends_with_the_office_of_who_gave_it(term, handed_in):
    given = a_delegation(term)
    RoleAssignment.objects.filter(user=term.cast.principal).update(ends_on=timezone.localdate())
    signer = term.cast.vice_principal.pk
    said = attack(DELEGATED, term.class_period.pk, "DA_NOP", "DA_DUYET", "HIEU_TRUONG", signer, given.pk)
    assert said == NOT_HERS


def test_move_is_never_changed_or_taken_away_and_a_return_says_why(term, handed_in):
    for change in ("reason = 'khác'", "by_id = by_id + 1", "at = now()", "after = 'DA_CAP'"):
        assert attack(f"UPDATE records_signoff SET {change}") == "permission denied for table records_signoff"
    silent = MOVE.replace("Lí do đủ dài", "   ngắn   ")
    said = attack(silent, term.class_period.pk, "DA_NOP", "TRA_LAI", "HIEU_TRUONG", term.cast.principal.pk)
    assert said.endswith('violates check constraint "return_says_why"')


# -- The tables -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("function", "moves"),
    [
        ("records_guard_move", CLASS_MOVES),
        ("records_guard_page_version", PAGE_MOVES),
        ("records_guard_signature", PAGE_MOVES),
    ],
)
def test_database_has_the_table_of_moves_of_the_rules(db, function, moves):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
        values = re.findall(r"\(VALUES ((?:\('\w*', '\w*', '\w*'\)(?:, )?)+)\)", cursor.fetchone()[0])
    tables = [re.findall(r"\('(\w*)', '(\w*)', '(\w*)'\)", table) for table in values]
    assert tables == [[(move.before, move.after, move.role) for move in moves]]
