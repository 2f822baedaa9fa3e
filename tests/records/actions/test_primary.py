"""A class of tiểu học through its year: what is written when, what closes with pages and what does not
(TT 27/2020 Đ7, Đ9, Đ10, Đ11, Đ13)."""

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from records.actions.homeroom import enter_records, no_absences, submit_class
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.sheets import confirm_sheet, enter_marks
from records.actions.signing import sign_as_homeroom
from records.actions.signoff import approve_summary, return_class, sign_off_class
from records.models import MarkRow, YearRecord
from records.permissions import may_issue
from schools.actions.enrolments import move_class
from schools.actions.refusals import NotAllowed, WrongState
from schools.models import SchoolClass
from tests.records.moves import enrolment_of
from tests.records.primary import make_primary
from tests.records.term import PIN, fresh, operation


@pytest.fixture
def primary(cast):
    return make_primary(cast)


# -- What is written when ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "subject", "codes"),
    [
        ("GK1", "TOAN", ["MUC", "KT", "NX"]),
        ("GK1", "KHOA_HOC", ["MUC", "NX"]),
        ("CK1", "KHOA_HOC", ["MUC", "KT", "NX"]),
        ("CK1", "DAO_DUC", ["MUC", "NX"]),
        ("CN", "TIN_CN", ["MUC", "KT", "NX"]),
    ],
)
def test_sheet_has_a_test_where_the_circular_asks_for_one(primary, period, subject, codes):
    sheet = primary.sheets(primary.begin(period))[subject]
    assert [column.code for column in sheet.scheme] == codes


def test_homeroom_table_has_fifteen_traits_and_days_missed_only_with_a_page(primary):
    middle, end = primary.begin("GK1"), primary.begin("CN")
    assert sum(column.scale == "PHAM_CHAT" for column in middle.scheme) == 15
    assert {column.code for column in end.scheme} - {column.code for column in middle.scheme} == {"CP", "KP", "TB"}


def test_level_and_score_are_the_result_and_a_decimal_is_refused(primary):
    sheet = primary.sheets(primary.begin("GK1"))["TOAN"]
    row = sheet.rows.first()
    saved = enter_marks(
        by=primary.teacher, sheet=sheet, operations=[operation(row, "MUC", "h"), operation(row, "KT", "8,5")]
    )
    assert [result.outcome for result in saved.results] == ["ok", "invalid"]
    assert "Toán" not in saved.results[1].message
    assert "số nguyên từ 1 đến 10; máy không tự làm tròn" in saved.results[1].message
    assert MarkRow.objects.get(pk=row.pk).level == ""
    saved = enter_marks(by=primary.teacher, sheet=sheet, operations=[operation(row, "KT", "8")])
    assert saved.row_results == {str(row.public_id): "H"}


@pytest.mark.parametrize(
    ("column", "value"), [("KT", "0"), ("KT", "8.5"), ("KT", "V"), ("MUC", "D"), ("MUC", "TOT"), ("XX", "T")]
)
def test_database_refuses_what_the_scale_has_not(primary, column, value):
    row = primary.sheets(primary.begin("GK1"))["TOAN"].rows.first()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_markrow SET cells = jsonb_build_object(%s::text, %s::text) WHERE id = %s",
            [column, value, row.pk],
        )


# -- The middle of a term ---------------------------------------------------------------------------------------------
def test_middle_of_a_term_closes_into_the_summary_alone(primary):
    class_period = primary.closed("GK1")
    assert (class_period.state, primary.pages(class_period)) == ("DA_NOP", [])
    approved = approve_summary(by=primary.cast.principal, class_period=class_period, shown=class_period.last_move_id)
    assert approved.state == "DA_DUYET"
    assert not may_issue(primary.cast.clerk, approved)


@pytest.mark.parametrize("person", ["homeroom_teacher", "clerk", "intruder", "vice_principal", "inspector"])
def test_summary_is_approved_by_the_principal_alone(primary, person):
    class_period = primary.closed("GK1")
    with pytest.raises(NotAllowed):
        approve_summary(by=getattr(primary.cast, person), class_period=class_period, shown=class_period.last_move_id)


def test_open_summary_is_not_approved(primary):
    with pytest.raises(WrongState, match="chờ duyệt"):
        approve_summary(by=primary.cast.principal, class_period=primary.begin("GK1"), shown=0)


def test_period_with_pages_is_not_approved_without_signatures(primary):
    class_period = primary.closed("CK1")
    with pytest.raises(WrongState, match="kí các trang"):
        approve_summary(by=primary.cast.principal, class_period=class_period, shown=class_period.last_move_id)


def test_summary_that_was_written_again_after_it_was_shown_is_not_approved(primary):
    """Two windows: in the other one the class was returned, a level changed, and the class submitted once more."""
    class_period = primary.closed("GK1")
    shown, sheet = class_period.last_move_id, primary.sheets(class_period)["TOAN"]
    return_class(by=primary.cast.principal, class_period=class_period, reason="Xem lại môn Toán.", sheets=[sheet])
    enter_marks(by=primary.teacher, sheet=sheet, operations=[operation(sheet.rows.first(), "MUC", "C", "T")])
    sheet.refresh_from_db()
    confirm_sheet(by=fresh(primary.teacher), sheet=sheet, change_no=sheet.change_no)
    again = submit_class(by=fresh(primary.teacher), class_period=class_period)
    with pytest.raises(WrongState, match="nộp lại sau khi bạn mở trang"):
        approve_summary(by=primary.cast.principal, class_period=again, shown=shown)


def test_end_of_a_term_waits_for_its_middle_that_was_begun(primary):
    primary.begin("GK1")
    end = primary.begin("CK1")
    primary.write(end)
    with pytest.raises(WrongState, match="Giữa học kì I của lớp chưa nộp"):
        submit_class(by=fresh(primary.teacher), class_period=end)


def test_returned_summary_is_written_again(primary):
    class_period = primary.closed("GK1")
    sheet = primary.sheets(class_period)["TOAN"]
    return_class(by=primary.cast.principal, class_period=class_period, reason="Xem lại điểm môn Toán.", sheets=[sheet])
    row = sheet.rows.first()
    saved = enter_marks(by=primary.teacher, sheet=sheet, operations=[operation(row, "KT", "10", "9")])
    assert saved.results[0].outcome == "ok"


def test_no_absences_where_none_are_asked(primary):
    with pytest.raises(NotAllowed):
        no_absences(by=primary.teacher, class_period=primary.begin("GK1"))


# -- Pages ------------------------------------------------------------------------------------------------------------
def test_page_of_the_first_half_has_its_levels_and_nothing_of_the_end(primary):
    page = primary.pages(primary.closed("CK1", score="7", trait="Đ"))[0].snapshot
    by_code = {subject["code"]: subject for subject in page["subjects"]}
    assert page["form"] == "TIEU_HOC-TT27-2020"
    assert by_code["TOAN"]["results"] == {"CK1": "T", "CN": None}
    assert (by_code["TOAN"]["tests"], by_code["DAO_DUC"]["tests"]) == ({"CK1": "7"}, {})
    assert [len(group["rows"]) for group in page["traits"]] == [5, 3, 7]
    assert page["traits"][0]["rows"][0]["results"] == {"CK1": "D", "CN": None}
    assert page["terms"] == {"CK1": {"absences": {"excused": 1, "unexcused": 1}}, "CN": None}
    assert page["year"] is None


@pytest.mark.parametrize(
    ("typed", "result", "promotion", "award"),
    [
        ({"score": "9"}, "HTXS", "HOAN_THANH", "HSXS"),
        ({"score": "8"}, "HTT", "HOAN_THANH", ""),
        ({"score": "5", "level": "H", "trait": "Đ"}, "HT", "HOAN_THANH", ""),
        ({"score": "4"}, "CHT", "DANH_GIA_BO_SUNG", ""),
        ({"level": "C"}, "CHT", "DANH_GIA_BO_SUNG", ""),
    ],
)
def test_year_is_judged_by_its_end(primary, typed, result, promotion, award):
    primary.closed("CK1", level="H", score="5", trait="Đ")
    class_period = primary.closed("CN", **typed)
    year = YearRecord.objects.get(student=primary.pupils[0])
    assert (year.rule_set, year.learning, year.promotion, year.award) == (
        "TT27-2020",
        {"final": result},
        promotion,
        award,
    )
    assert (year.absences, len(year.subject_results)) == (4, 10)
    pages = primary.pages(class_period)
    assert len(pages) == (0 if promotion == "DANH_GIA_BO_SUNG" else 3)  # held for the summer


def test_pupil_whom_the_class_recognises_has_the_title(primary):
    class_period = primary.begin("CN")
    primary.write(class_period, score="8")
    row = class_period.rows.get(student=primary.pupils[1])
    enter_records(by=primary.teacher, class_period=class_period, operations=[operation(row, "TB", "x")])
    submit_class(by=fresh(primary.teacher), class_period=class_period)
    awards = {one.student_id: one.award for one in YearRecord.objects.all()}
    assert [awards[pupil.pk] for pupil in primary.pupils] == ["", "HSTB", ""]


def test_pages_are_signed_as_everywhere(primary):
    class_period = primary.closed("CK1")
    for version in primary.pages(class_period):
        render_page(version)
    shown = {str(one.public_id): one.original_digest for one in primary.pages(class_period)}
    order = sign_as_homeroom(by=fresh(primary.teacher), class_period=class_period, pin=PIN, shown=shown)
    assert order.items.count() == 3
    with pytest.raises(WrongState, match="chủ nhiệm kí"):
        sign_off_class(by=primary.cast.principal, class_period=class_period, pin=PIN, shown=shown)


# -- A pupil who moves ------------------------------------------------------------------------------------------------
def test_levels_and_traits_move_with_the_pupil_and_what_is_closed_stays(primary):
    cast = primary.cast
    first = primary.closed("GK1", score="8")
    middle = primary.begin("CK1")
    sheet = primary.sheets(middle)["TOAN"]
    pupil = primary.pupils[0]
    row = sheet.rows.get(student=pupil)
    enter_marks(by=primary.teacher, sheet=sheet, operations=[operation(row, "MUC", "H")])
    record = middle.rows.get(student=pupil)
    enter_records(by=primary.teacher, class_period=middle, operations=[operation(record, "NHAN_AI", "Đ")])
    other = SchoolClass.objects.create(
        school=cast.school, school_year=cast.year, grade_level=4, name="4B", rule_set="TT27-2020"
    )
    today, reason = timezone.localdate(), "Gia đình xin đổi lớp"
    move_class(by=cast.clerk, enrolment=enrolment_of(pupil), to_class=other, on=today, reason=reason)
    there = prepare_class(by=None, school_class=other, period=middle.period)
    assert MarkRow.objects.get(student=pupil, period=middle.period, subject=sheet.subject).sheet.school_class == other
    assert there.rows.get(student=pupil).cells == {"NHAN_AI": "D"}
    closed = MarkRow.objects.get(student=pupil, period=first.period, subject=sheet.subject)
    assert (closed.sheet.school_class, closed.level) == (primary.school_class, "T")
