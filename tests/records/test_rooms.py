"""What waits for people on the home page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.actions.sheets import enter_marks
from records.actions.signoff import return_class
from records.models.own_cells import own_missing
from records.rooms import homeroom_to_do, sheets_to_do
from schools.models import SubjectEnrolment, TeachingAssignment
from tests.records.moves import move, second_class
from tests.records.term import Term, confirm_all, fresh, operation, submitted
from tests.records.views.looking import signed_in

REASON = "Điểm giữa kì của hai em chưa đúng"


def told(things) -> list[tuple[str, bool]]:
    return [(one.words, one.urgent) for one in things]


def returned(term: Term) -> Term:
    return_class(by=term.cast.principal, class_period=submitted(term).now(), reason=REASON, sheets=[term.maths])
    return term


def test_open_sheet_says_what_is_missing(term):
    assert told(sheets_to_do(term.cast.maths_teacher)) == [("Toán, lớp 7A: còn 12 ô trống", False)]


def test_who_writes_some_of_the_columns_is_told_of_those_first(term):
    TeachingAssignment.objects.filter(subject__code="TOAN").update(part="Đại số", columns=["TX1", "GK"])
    mine = fresh(term.cast.maths_teacher)
    assert told(sheets_to_do(mine)) == [("Toán, lớp 7A: cột của bạn còn 4 ô trống (cả sổ còn 12)", False)]
    for row in term.maths.rows.all():
        enter_marks(by=mine, sheet=term.maths, operations=[operation(row, "TX1", "8"), operation(row, "GK", "8")])
    assert told(sheets_to_do(fresh(mine))) == [("Toán, lớp 7A: cột của bạn đã đủ (cả sổ còn 8)", False)]
    listed = signed_in(term, "maths_teacher").get(reverse("sheet_list")).content.decode()
    assert "cột của bạn 0, cả sổ 8" in listed


def test_own_empty_cells_are_those_of_whom_is_assessed(term):
    TeachingAssignment.objects.filter(subject__code="TOAN").update(part="Đại số", columns=["TX1"])
    mine = fresh(term.cast.maths_teacher)
    assert own_missing([term.maths], mine) == {term.maths.pk: 2}
    SubjectEnrolment.objects.filter(student=term.cast.student, subject__code="TOAN").update(
        exempt=True, decision_number="12/QĐ", decision_on=timezone.localdate()
    )
    assert own_missing([term.maths], mine) == {term.maths.pk: 1}
    TeachingAssignment.objects.filter(subject__code="TOAN").update(columns=[])
    assert own_missing([term.maths], fresh(mine)) == {}


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


# -- Somebody came when the sheet had been confirmed ------------------------------------------------------------------
def test_confirmed_sheet_asks_to_be_opened_for_who_came_since(term):
    there = second_class(term)
    confirm_all(there)
    teacher = there.teacher_of(there.maths)
    assert told(sheets_to_do(fresh(teacher))) == []
    move(term, term.cast.student, term.cast.class_7b)
    asked = [one for one in sheets_to_do(fresh(teacher)) if "Toán" in one.words]
    said = "Sổ Toán lớp 7B đã xác nhận, nhưng 1 em mới vào lớp chưa có điểm trong sổ: rút xác nhận để nhận điểm"
    assert told(asked) == [(said, True)]
    assert [one.url for one in asked] == [reverse("sheet", args=[there.maths.public_id])]


def test_result_that_was_signed_elsewhere_asks_for_nothing(term):
    there = second_class(term)
    confirm_all(there)
    confirm_all(term)
    move(term, term.cast.student, term.cast.class_7b)
    assert told(sheets_to_do(fresh(there.teacher_of(there.maths)))) == []


def test_sheets_waited_for_are_asked_in_as_many_queries_for_few_as_for_many(term):
    there = second_class(term)
    confirm_all(there)
    teacher = there.teacher_of(there.maths)
    counts = []
    for student in (term.cast.student, term.cast.classmate):
        move(term, student, term.cast.class_7b)
        with CaptureQueriesContext(connection) as asked:
            list(sheets_to_do(fresh(teacher)))
        counts.append(len(asked))
    assert counts[0] == counts[1]
