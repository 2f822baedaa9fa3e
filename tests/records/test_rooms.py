"""What waits for people on the home page."""

from records.actions.signoff import return_class
from records.rooms import homeroom_to_do, sheets_to_do
from tests.records.term import Term, confirm_all, fresh, submitted

REASON = "Điểm giữa kì của hai em chưa đúng"


def told(things) -> list[tuple[str, bool]]:
    return [(one.words, one.urgent) for one in things]


def returned(term: Term) -> Term:
    return_class(by=term.cast.principal, class_period=submitted(term).now(), reason=REASON, sheets=[term.maths])
    return term


def test_open_sheet_says_what_is_missing(term):
    assert told(sheets_to_do(term.cast.maths_teacher)) == [("Toán, lớp 7A: còn 12 ô trống", False)]


def test_returned_sheet_says_why(term):
    returned(term)
    assert told(sheets_to_do(fresh(term.cast.maths_teacher))) == [(f"Toán, lớp 7A bị trả lại: {REASON}", True)]


def test_returned_class_says_why_and_its_other_sheets_stay_closed(term):
    leader = fresh(returned(term).cast.homeroom_teacher)
    assert told(homeroom_to_do(leader)) == [(f"Lớp 7A bị trả lại: {REASON}", True)]
    assert told(sheets_to_do(leader)) == []


def test_sheet_that_was_mended_waits_no_longer(term):
    confirm_all(returned(term))
    assert told(sheets_to_do(fresh(term.cast.maths_teacher))) == []
