"""“Vì sao 7,9?” behind results: on the page of a row, on a frozen page, in the family's room, at the command line."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from records.documents.explained import explained_page
from records.models import PageVersion
from tests.records.term import fill_sheet
from tests.records.views.looking import signed_in

SUM = "8 + 8 + 8 + 8 + 2 × 8 + 3 × 8 = 72"


def read(term, person, name, *args):
    answer = signed_in(term, person).get(reverse(name, args=args))
    return re.sub(r"\s+", " ", answer.content.decode())


def explain(*args, **options):
    out = StringIO()
    call_command("explain", *args, **options, stdout=out)
    return out.getvalue()


def test_row_says_why_as_soon_as_it_has_a_result_and_not_before(term):
    row = term.maths.rows.get(student=term.cast.student)
    assert "Vì sao" not in read(term, "maths_teacher", "row_history", row.public_id)
    fill_sheet(term.maths, term.cast.maths_teacher)
    page = read(term, "maths_teacher", "row_history", row.public_id)
    assert "Vì sao 8,0?" in page
    assert SUM in page
    assert "(TT 22/2021/TT-BGDĐT Đ9.1.b)" in page


def test_page_explains_each_result_it_shows(term, handed_in, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    version = PageVersion.objects.of(term.class_period).get(page__student=term.cast.student)
    page = read(term, "principal", "book_page", version.public_id)
    assert "Toán: Học kì I 8,0" in page
    assert SUM in page
    assert "Đủ điều kiện mức Tốt" in page


def test_page_explains_what_was_frozen_whatever_stands_in_the_rows(term, handed_in):
    version = PageVersion.objects.of(term.class_period).get(page__student=term.cast.student)
    maths = next(why for why in explained_page(version.snapshot) if why.name == "Toán")
    assert version.snapshot["subjects"][1]["marks"]["HK1"]["CK"] == "8"
    assert [(one.of, one.value) for one in maths.told] == [("Học kì I", "8,0")]


def test_page_frozen_before_marks_were_kept_explains_what_it_can(term, handed_in):
    snapshot = PageVersion.objects.of(term.class_period).first().snapshot
    for subject in snapshot["subjects"]:
        del subject["marks"]
    assert [why.name for why in explained_page(snapshot)] == ["Kết quả học tập"]


def test_page_of_another_rule_set_explains_nothing(term, handed_in):
    snapshot = PageVersion.objects.of(term.class_period).first().snapshot
    assert explained_page({**snapshot, "rule_set": "TT27-2020"}) == []


def test_command_tells_sheets_first_and_the_page_once_there_is_one(term):
    fill_sheet(term.maths, term.cast.maths_teacher)
    told = explain(term.cast.student.student_code)
    assert "Toán, học kì I: vì sao 8,0?" in told
    assert SUM in told
    assert term.cast.student.full_name not in told


def test_command_tells_what_the_page_tells(term, handed_in):
    told = explain(term.cast.student.student_code, year=term.cast.year.first_year)
    assert "Kết quả học tập, học kì I: vì sao Tốt?" in told
    assert (told.count(SUM), told.count("Cộng theo hệ số"), told.count("tất cả đều Đạt")) == (5, 8, 4)


@pytest.mark.parametrize(("code", "year"), [("không có", None), (None, 1999)])
def test_command_refuses_an_unknown_student_or_year(cast, code, year):
    with pytest.raises(CommandError):
        explain(code or cast.student.student_code, year=year)


def test_command_without_results_says_so(cast):
    assert "Chưa có kết quả nào." in explain(cast.student.student_code)
