"""The homeroom teacher sees what the results are while the class is open; nothing is stored before it is submitted."""

from django.urls import reverse

from records.actions.live_results import live_result, live_results
from records.models import PeriodRecord, YearRecord
from records.models.student_years import year_of_class
from records.views.live import live_class, told_row
from schools.models import CurriculumSubject, Period, SubjectEnrolment
from tests.records.term import confirm_all, fill_sheet, hand_in
from tests.records.views.looking import signed_in


def room(term):
    return signed_in(term, "homeroom_teacher").get(reverse("homeroom", args=[term.class_period.public_id]))


def test_subjects_that_are_lacking_are_counted_and_then_named(term):
    assert {one.lacking_in_words for one in live_results(term.now())} == {"12 môn"}
    for code, sheet in term.sheets.items():
        if code not in {"TOAN", "GDTC"}:
            fill_sheet(sheet, term.teacher_of(sheet))
    assert {one.lacking_in_words for one in live_results(term.now())} == {"Toán, Giáo dục thể chất"}
    assert {one.term for one in live_results(term.now())} == {None}
    assert "Còn thiếu: Toán, Giáo dục thể chất" in room(term).content.decode()


def test_open_class_shows_each_level_and_why_and_stores_nothing(term):
    confirm_all(term)
    page = room(term).content.decode()
    assert "2/2 học sinh đã đủ kết quả các môn" in page
    assert "Đủ điều kiện mức Tốt" in page
    assert {one.term.value for one in live_results(term.now())} == {"TOT"}
    assert set(PeriodRecord.objects.values_list("learning", flat=True)) == {None}


def test_what_is_shown_is_what_will_be_stored(term, all_ready):
    shown = [one.term.value for one in live_results(term.now())]
    stored = [record.learning["final"] for record in hand_in(term).now().rows.order_by("student__given_name")]
    assert sorted(shown) == sorted(stored)
    assert live_class(term.now()) is None
    assert "Kết quả đến lúc này" not in room(term).content.decode()


def test_exempted_subject_is_not_waited_for(term):
    for code, sheet in term.sheets.items():
        if code != "TOAN":
            fill_sheet(sheet, term.teacher_of(sheet))
    taken = SubjectEnrolment.objects.filter(student=term.cast.student, subject__code="TOAN")
    taken.update(exempt=True, decision_number="12/QĐ", decision_on=term.cast.year.starts_on, decision_period="CN")
    found = {one.student.pk: one for one in live_results(term.now())}
    own = found.pop(term.cast.student.pk)
    assert (own.lacking, own.term.value) == ((), "TOT")
    assert {one.lacking for one in found.values()} == {("Toán",)}


def test_last_term_tells_the_year_with_lên_lớp_and_award(term, all_ready):
    class_period = term.now()
    found = year_of_class(class_period)[0]
    found.rows["HK2"], found.records["HK2"] = found.rows["HK1"], found.records["HK1"]
    class_period.period = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")
    offered = CurriculumSubject.objects.of_class(class_period.school_class)
    kinds = {one.subject.code: one.kind for one in offered}
    row = told_row(live_result(class_period, found, kinds, {code: code for code in kinds}))
    assert (row.level, row.year) == ("Tốt", ("Tốt", "Được lên lớp", "Học sinh Giỏi"))
    found.records["HK2"].cells = {}  # the year needs the conduct of its last term
    row = told_row(live_result(class_period, found, kinds, {code: code for code in kinds}))
    assert (row.level, row.year) == ("Tốt", ())
    assert not YearRecord.objects.exists()


def test_class_of_the_last_term_has_the_columns_of_the_year(term):
    class_period = term.now()
    assert not live_class(class_period).with_year
    class_period.period = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")
    assert live_class(class_period).with_year
