from datetime import date

import pytest

from schools.rules.ages import age_remark, usual_birth_year


@pytest.mark.parametrize(("grade", "year"), [(1, 2020), (6, 2015), (7, 2014), (10, 2011), (12, 2009)])
def test_usual_birth_year_of_a_grade(grade, year):
    assert usual_birth_year(grade, 2026) == year


@pytest.mark.parametrize("year", [2011, 2012, 2013, 2014, 2015])
def test_up_to_three_years_older_and_one_younger_is_usual(year):
    assert age_remark(date(year, 12, 31), [7], 2026) == ""


@pytest.mark.parametrize("year", [2010, 2016, 1914])
def test_other_years_are_remarked(year):
    assert age_remark(date(year, 1, 1), [7], 2026) == (
        f"Sinh năm {year} là khác thường với khối 7 của năm học 2026–2027 (thường sinh năm 2014). "
        "Xin kiểm tra lại ngày sinh."
    )


def test_student_without_class_is_measured_by_the_grades_of_the_school():
    assert age_remark(date(2009, 1, 1), [6, 7, 8, 9], 2026) == ""
    assert "khối 6 đến 9" in age_remark(date(2020, 1, 1), [6, 7, 8, 9], 2026)
    assert age_remark(date(2020, 1, 1), [], 2026) == ""
