"""Pages of the book and results of the year follow a student whose two records become one: signed pages stay as they
are, their numbering goes on, and the family reads one book."""

import pytest
from django.utils import timezone

from records.actions.page_files import read_page
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.sheets import sheet_digest
from records.actions.signing import carry_out, sign_as_homeroom
from records.actions.signoff import issue_class, return_class, sign_off_class
from records.documents.verify import verified
from records.models import (
    BookPage,
    MarkRow,
    MarkSheet,
    PageVersion,
    PeriodRecord,
    SheetConfirmation,
    YearRecord,
)
from schools.actions.enrolments import enrol
from schools.actions.history import verify_history
from schools.actions.merges import preview_merge
from schools.models import EntryWindow, HistoryEntry, Period, Student
from tests.cast import make_student
from tests.records.merging import leaves, merge, obstacles, second_record
from tests.records.term import PIN, Term, fresh, give_keys, submitted


def issued(term: Term) -> Term:
    """The term's class submitted, signed, signed off and issued."""
    submitted(term)
    give_keys(term)
    for version in PageVersion.objects.of(term.class_period):
        render_page(version)
    people = (
        (sign_as_homeroom, term.cast.homeroom_teacher),
        (sign_off_class, term.cast.principal),
        (issue_class, term.cast.clerk),
    )
    for act, person in people:
        order = act(by=fresh(person), class_period=term.now(), pin=PIN, shown=term.shown())
        for item in order.items.select_related("order__by", "order__key", "version"):
            assert carry_out(item).state == "XONG"
    return term


def second_term(term: Term) -> Term:
    """The same class in HK2, with an open window."""
    period = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")
    window = EntryWindow.objects.get(pk=term.cast.window.pk)
    EntryWindow.objects.create(
        school=window.school, period=period, opens_at=window.opens_at, closes_at=window.closes_at,
        opened_by=term.cast.principal,
    )  # fmt: skip
    class_period = prepare_class(by=None, school_class=term.cast.class_7a, period=period)
    assert class_period is not None
    return Term(term.cast, class_period, term.authority)


@pytest.fixture
def bare(term: Term) -> Student:
    """A record without a class and without rows."""
    return make_student(term.cast.school, "0000000090", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")


def page_of(student: Student) -> BookPage:
    return BookPage.objects.get(student=student)


# -- Issued under the record that is merged ---------------------------------------------------------------------------
def test_year_after_a_merge_has_the_first_term_and_replaces_its_page(term, bare):
    """HK1 was issued under the merged record; HK2 and the year come under the kept one, in one book."""
    issued(term)
    first = PageVersion.objects.get(page__student=term.cast.student)
    snapshot, content = first.snapshot, read_page(first)
    done = merge(term, bare, term.cast.student)
    assert done.moved["book_pages"] == [first.page_id]
    later = issued(second_term(term))
    pages = PageVersion.objects.filter(page__student=bare).order_by("number")
    assert [(one.number, one.kind, one.state) for one in pages] == [(1, "TERM", "DA_THAY"), (2, "YEAR", "DA_CAP")]
    assert (pages[0].snapshot, read_page(pages[0])) == (snapshot, content)
    maths = next(one for one in pages[1].snapshot["subjects"] if one["code"] == "TOAN")
    assert maths["results"] == {"HK1": "8.0", "HK2": "8.0", "CN": "8.0"}
    assert pages[1].snapshot["terms"]["HK1"]["conduct"] == "TOT"
    assert YearRecord.objects.get(student=bare).absences == 2
    assert verified(read_page(pages[1]), [term.authority.certificate]).outcome == "VALID"
    assert list(PageVersion.objects.of(later.class_period).filter(page__student=term.cast.student)) == []
    assert verify_history().faults == []


def test_family_reads_one_book(term, bare):
    issued(term)
    merge(term, bare, term.cast.student)
    kept = Student.objects.get(pk=bare.pk)
    assert list(Student.objects.family_of(fresh(term.cast.parent))) == [kept]
    issued_pages = PageVersion.objects.visible_to(fresh(term.cast.parent)).of_family(kept)
    assert [(one.number, one.state) for one in issued_pages] == [(1, "DA_CAP")]
    assert list(PageVersion.objects.visible_to(fresh(term.cast.pupil)).of_family(kept)) == list(issued_pages)


def test_signed_rows_and_their_digests_stay_as_they_were(term, handed_in, bare):
    digests = dict(SheetConfirmation.objects.values_list("sheet", "digest"))
    learning = PeriodRecord.objects.get(student=term.cast.student).learning
    merge(term, bare, term.cast.student)
    assert {sheet.pk: sheet_digest(sheet) for sheet in MarkSheet.objects.filter(pk__in=digests)} == digests
    assert PeriodRecord.objects.get(student=bare).learning == learning
    assert MarkRow.objects.filter(student=bare, written_for=term.cast.student).count() == len(digests)


def test_pages_that_wait_for_signatures_are_signed_under_the_kept_record(term, handed_in, bare):
    give_keys(term)
    merge(term, bare, term.cast.student)
    for version in PageVersion.objects.of(term.class_period):
        render_page(version)
    order = sign_as_homeroom(
        by=fresh(term.cast.homeroom_teacher), class_period=term.now(), pin=PIN, shown=term.shown()
    )  # fmt: skip
    assert {carry_out(item).state for item in order.items.select_related("order__by", "order__key", "version")} == {
        "XONG"
    }
    signed = PageVersion.objects.of(term.class_period).filter(state=PageVersion.State.BY_HOMEROOM)
    assert [one.page.student for one in signed] == [bare, term.cast.classmate]


def test_history_of_the_school_says_that_the_page_moved(term, handed_in, bare):
    merge(term, bare, term.cast.student)
    entry = HistoryEntry.objects.get(table="records_bookpage", action="merge_students")
    assert (entry.chain.kind, entry.chain.key, entry.method) == ("SCHOOL", term.cast.school.pk, "merged")
    assert {payload.student_id for payload in entry.payloads.all()} == {bare.pk, term.cast.student.pk}


def test_preview_tells_what_moves_in_few_lines(term, handed_in, bare):
    words = preview_merge(by=fresh(term.cast.clerk), kept=bare, merged=term.cast.student).added_words
    year, period = term.cast.year, term.class_period.period
    assert len(words) == 2
    assert words[0].startswith(f"{period}, lớp 7A, đã khóa, giữ nguyên như đã xác nhận: ")
    assert words[0].endswith("; Toán (6 ô điểm); phần chủ nhiệm (3 ô, nhận xét)")
    assert words[1] == f"Trang học bạ năm học {year}: bản 1 (chờ giáo viên chủ nhiệm kí)"


# -- Both have a page -------------------------------------------------------------------------------------------------
def in_both(term: Term) -> Student:
    """The student and a second record on one list, submitted with a page each; then the second one left."""
    twin = second_record(term, term.cast.class_7a)
    submitted(term)
    return twin


def test_two_living_pages_of_one_year_stand_against_the_merge(term):
    twin = in_both(term)
    told = obstacles(term, term.cast.student, twin)
    waiting = "chờ giáo viên chủ nhiệm kí"
    assert told[-1] == (
        f"Nguyễn Minh Anh, năm học {term.cast.year}: cả hai hồ sơ đều có trang học bạ: bản 1 ({waiting}) và bản 1 "
        f"({waiting}). Một năm học chỉ có một trang: nhờ hiệu trưởng trả lại lớp để rút một bên."
    )
    assert any("cả hai hồ sơ đều có kết quả đã khóa" in one and "; phần chủ nhiệm. " in one for one in told)


def test_after_a_return_the_withdrawn_page_is_no_obstacle_and_numbering_goes_on(term):
    twin = in_both(term)
    return_class(
        by=fresh(term.cast.principal), class_period=term.now(), reason="Một học sinh có hai hồ sơ",
        sheets=list(MarkSheet.objects.all()),
    )  # fmt: skip
    merge(term, term.cast.student, twin)
    submitted(term)
    assert [one.number for one in page_of(term.cast.student).versions.order_by("number")] == [1, 2]
    assert [one.state for one in page_of(twin).versions.all()] == ["DA_RUT"]
    assert PageVersion.objects.of(term.class_period).count() == 2


def test_page_of_the_merged_record_alone_beside_a_withdrawn_one_asks_for_the_other_direction(term):
    twin = in_both(term)
    return_class(
        by=fresh(term.cast.principal), class_period=term.now(), reason="Một học sinh có hai hồ sơ",
        sheets=list(MarkSheet.objects.all()),
    )  # fmt: skip
    leaves(term, twin)
    submitted(term)
    told = obstacles(term, twin, term.cast.student)
    assert told[-1] == (
        f"Nguyễn Minh Anh, năm học {term.cast.year}: chỉ hồ sơ gộp vào có trang học bạ còn dùng. Hãy bấm “Đổi chiều” "
        "để giữ lại hồ sơ kia."
    )
    assert obstacles(term, term.cast.student, twin) == []


# -- Results of the year ----------------------------------------------------------------------------------------------
def result_of_year(term: Term, student: Student) -> YearRecord:
    return YearRecord.objects.create(
        student=student, school_year=term.cast.year, school_class=term.cast.class_7a, rule_set="TT22-2021",
        conduct="TOT", learning={}, subject_results={}, absences=0, promotion="LEN_LOP",
    )  # fmt: skip


def test_result_of_the_year_goes_along(term, bare):
    year = result_of_year(term, term.cast.student)
    done = merge(term, bare, term.cast.student)
    assert YearRecord.objects.get(student=bare) == year
    assert done.moved["year_records"] == [year.pk]


def test_two_results_of_a_year_stand_against_the_merge_once_one_is_closed(term):
    other = make_student(term.cast.school, "0000000090", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    for student in (term.cast.student, other):
        result_of_year(term, student)
    assert obstacles(term, other, term.cast.student) == []
    submitted(term)
    assert f"Nguyễn Minh Anh: cả hai hồ sơ đều có kết quả cả năm {term.cast.year}." in obstacles(
        term, other, term.cast.student
    )


def test_new_record_in_the_second_term_gets_the_first_term_of_the_old_one(term):
    """Entered anew by mistake after HK1 was issued: both are on the list of 7A in HK2."""
    issued(term)
    cast = term.cast
    twin = make_student(cast.school, "0000000091", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    enrol(cast.class_7a, [twin], timezone.localdate())
    later = second_term(term)
    assert later.class_period.rows.filter(student=twin).exists()
    merge(term, twin, cast.student)
    submitted(later)
    version = PageVersion.objects.of(later.class_period).get(page__student=twin)
    maths = next(one for one in version.snapshot["subjects"] if one["code"] == "TOAN")
    assert (version.number, maths["results"]["HK1"]) == (2, "8.0")
