"""The second term builds on the first: it is submitted after it, returned before it, issued after it."""

import pytest

from records.actions.homeroom import blockers_of, submit_class
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import issue_class, return_class, sign_off_class
from records.models import PageVersion, YearRecord
from schools.actions.refusals import WrongState
from tests.records.models.attack import attack
from tests.records.models.test_guards_of_moves import MOVE
from tests.records.moves import open_window, second_term
from tests.records.term import PIN, Term, confirm_all, fill_records, fresh, give_keys, submitted

REASON = "Điểm giữa kì môn Toán chưa đúng"


@pytest.fixture
def second(term: Term) -> Term:
    """7A's second term, everything written and confirmed; the first is still open."""
    period = second_term(term)
    open_window(term.cast.school, period)
    class_period = prepare_class(by=None, school_class=term.cast.class_7a, period=period)
    assert class_period is not None
    then = Term(term.cast, class_period, term.authority)
    confirm_all(then, "9")
    fill_records(then)
    return then


def submit(term: Term) -> None:
    submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.now())


def give_back(term: Term) -> None:
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason=REASON, sheets=[])


def signed(term: Term, *acts: tuple) -> None:
    for act, person in acts:
        given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()}
        order = act(by=fresh(getattr(term.cast, person)), **given)
        for item in order.items.select_related("order__by", "order__key", "version"):
            assert carry_out(item).state == "XONG"


def test_second_term_waits_for_the_first(term, second):
    assert blockers_of(second.now()) == ["Học kì I của lớp chưa nộp"]
    with pytest.raises(WrongState, match="Học kì I của lớp chưa nộp"):
        submit(second)
    move = (second.class_period.pk, "MO", "DA_NOP", "GVCN", term.cast.homeroom_teacher.pk)
    assert attack(MOVE, *move) == "a term is submitted after the one before"
    assert not YearRecord.objects.exists()
    submitted(term)
    submit(second)
    assert {one.kind for one in PageVersion.objects.of(second.class_period)} == {"YEAR"}
    assert {one.subject_results["TOAN"] for one in YearRecord.objects.all()} == {"8.7"}


def test_first_term_is_returned_before_the_second_is_submitted_and_not_after(term, handed_in, second):
    submit(second)
    with pytest.raises(WrongState, match="Học kì II đã nộp"):
        give_back(term)
    move = (term.class_period.pk, "DA_NOP", "TRA_LAI", "HIEU_TRUONG", term.cast.principal.pk)
    assert attack(MOVE, *move) == "a term is returned before the one that follows is submitted"
    give_back(second)
    give_back(term)
    assert (term.now().state, second.now().state) == ("TRA_LAI", "TRA_LAI")


def test_pages_of_the_second_term_are_issued_after_those_of_the_first(term, handed_in, second):
    give_keys(term)
    submit(second)
    for version in PageVersion.objects.all():
        render_page(version)
    for one in (term, second):
        signed(one, (sign_as_homeroom, "homeroom_teacher"), (sign_off_class, "principal"))
    with pytest.raises(WrongState, match=r"Trang Học kì I của .* chưa được đóng dấu"):
        signed(second, (issue_class, "clerk"))
    signed(term, (issue_class, "clerk"))
    signed(second, (issue_class, "clerk"))
    states = {(one.kind, one.state) for one in PageVersion.objects.all()}
    assert states == {("TERM", "DA_THAY"), ("YEAR", "DA_CAP")}
