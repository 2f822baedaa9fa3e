"""Đánh giá bổ sung at tiểu học: a pupil who is assessed again, and one about whom the principal decides."""

import pytest

from records.actions.homeroom import submit_class
from records.actions.pages import render_page
from records.actions.sheets import confirm_sheet, enter_marks, take_back_confirmation
from records.actions.signing import sign_as_homeroom
from records.actions.signoff import approve_summary, sign_off_class
from records.actions.summer import conclude, sign_summer_page, write_item
from records.documents.form_tt27 import primary_form_words
from records.models import ClassPeriod, PageVersion
from records.models.summer_cases import summer_case
from schools.actions.refusals import WrongState
from tests.records.primary import make_primary
from tests.records.summer import carried_out, open_summer
from tests.records.term import PIN, fresh, operation

MATHS, TEST, DECIDED = ("MON", "TOAN"), ("KT", "TOAN"), ("QD", "")


@pytest.fixture
def primary(cast):
    return make_primary(cast)


def closed_year(primary, held):
    """4A to the end of its year, approved by the principal: the held pupils are Chưa hoàn thành in Toán, 4 points."""
    for code in ("GK1", "CK1", "GK2"):
        primary.closed(code)
    last = primary.begin("CN")
    primary.write(last)
    sheet = primary.sheets(last)["TOAN"]
    take_back_confirmation(by=fresh(primary.teacher), sheet=sheet)
    cells = {"MUC": "C", "KT": "4"}
    rows = sheet.rows.filter(student__in=held)
    operations = [operation(row, column, typed, row.cells[column]) for row in rows for column, typed in cells.items()]
    saved = enter_marks(by=fresh(primary.teacher), sheet=sheet, operations=operations)
    confirm_sheet(by=fresh(primary.teacher), sheet=sheet, change_no=saved.change_no)
    return submit_class(by=fresh(primary.teacher), class_period=last)


def approved(primary, last):
    for version in PageVersion.objects.of(last):
        render_page(version)
    shown = {str(one.public_id): one.original_digest for one in PageVersion.objects.of(last)}
    for act, by in ((sign_as_homeroom, primary.teacher), (sign_off_class, primary.cast.principal)):
        carried_out(act(by=fresh(by), class_period=ClassPeriod.objects.get(pk=last.pk), pin=PIN, shown=shown))
    open_summer(primary.school_class)


def case_of(last, student):
    found = summer_case(ClassPeriod.objects.in_words().get(pk=last.pk), student)
    assert found is not None
    return found


def write(primary, last, student, item, typed, by=None, note=""):
    return write_item(
        by=fresh(by or primary.teacher), class_period=last, student=student, item=item, typed=typed, note=note,
        seen=case_of(last, student).last_entry,
    )  # fmt: skip


def close(primary, last, student):
    return conclude(
        by=fresh(primary.teacher),
        class_period=last,
        student=student,
        seen=case_of(last, student).last_entry,
        nothing_more=True,
    )


def test_pupil_who_is_assessed_again_completes_the_grade(primary):
    held = primary.pupils[0]
    last = closed_year(primary, [held])
    approved(primary, last)
    assert case_of(last, held).due == [MATHS, TEST, DECIDED]
    write(primary, last, held, MATHS, "H")
    write(primary, last, held, TEST, "6")
    assert case_of(last, held).due == [MATHS, TEST]
    page = close(primary, last, held).snapshot
    assert (page["year"]["promotion"], page["summer"]["promotion"]) == ("DANH_GIA_BO_SUNG", "HOAN_THANH")
    words = primary_form_words(page)
    assert words["summer_notes"] == ["Đánh giá bổ sung: Toán mức H; Toán điểm kiểm tra 6. Kết quả: Hoàn thành."]
    assert words["result"] == "Chưa hoàn thành"
    assert words["promotion"] == "Hoàn thành chương trình lớp học, được lên lớp"


def test_principal_decides_about_who_has_not_completed(primary):
    held = primary.pupils[0]
    last = closed_year(primary, [held])
    approved(primary, last)
    with pytest.raises(WrongState, match="Chưa có quyết định của hiệu trưởng"):
        close(primary, last, held)
    write(primary, last, held, DECIDED, "KHONG_LEN_LOP", by=primary.cast.principal, note="Họp xét ngày 30/06, số 4")
    page = close(primary, last, held).snapshot
    words = primary_form_words(page)
    assert words["promotion"] == "Không được lên lớp"
    assert words["summer_notes"][1].endswith("quyết định: Họp xét ngày 30/06, số 4")


def test_class_in_which_everybody_waits_is_approved_without_pages(primary):
    last = closed_year(primary, primary.pupils)
    assert not PageVersion.objects.of(last).exists()
    approved_class = approve_summary(by=fresh(primary.cast.principal), class_period=last, shown=last.last_move_id)
    assert approved_class.state == "DA_DUYET"
    open_summer(primary.school_class)
    held = primary.pupils[0]
    write(primary, last, held, MATHS, "H")
    write(primary, last, held, TEST, "5")
    version = close(primary, last, held)
    render_page(version)
    version.refresh_from_db()
    for by in (primary.teacher, primary.cast.principal):
        shown = {str(version.public_id): version.original_digest}
        carried_out(sign_summer_page(by=fresh(by), class_period=last, student=held, pin=PIN, shown=shown))
    version.refresh_from_db()
    assert version.state == "HT_DA_KI"
