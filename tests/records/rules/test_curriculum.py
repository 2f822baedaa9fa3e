from collections import Counter

import pytest

from records.rules.curriculum import NoSubjects, names, subjects

# Tiết a year without tự chọn, as the tables of law.md §3 add them up.
TOTALS = {1: 875, 2: 875, 3: 980, 4: 1050, 5: 1050, 6: 1015, 7: 1015, 8: 1032, 9: 1032}


def rule_set(grade):
    return "TT27-2020" if grade < 6 else "TT22-2021"


@pytest.mark.parametrize(("grade", "periods"), TOTALS.items())
def test_periods_of_a_grade_add_up_to_the_total_of_the_curriculum(grade, periods):
    compulsory = [one for one in subjects(rule_set(grade), grade) if one.choice != "TU_CHON"]
    assert {one.choice for one in compulsory} == {"BAT_BUOC"}
    assert sum(one.annual_periods for one in compulsory) == periods


@pytest.mark.parametrize("grade", [10, 11, 12])
def test_thpt_with_four_electives_and_three_chuyên_đề_comes_to_997(grade):
    offered = subjects("TT22-2021", grade)
    compulsory = sum(one.annual_periods for one in offered if one.choice == "BAT_BUOC")
    electives = [one.annual_periods for one in offered if one.choice == "LUA_CHON"]
    assert (len(electives), set(electives)) == (9, {70})
    assert compulsory + 4 * 70 + 105 == 997


@pytest.mark.parametrize("grade", [6, 7, 8, 9])
def test_thcs_has_eight_scored_and_four_assessed_by_remarks(grade):
    kinds = Counter(one.kind for one in subjects("TT22-2021", grade) if one.choice == "BAT_BUOC")
    assert kinds == {"DIEM": 8, "NHAN_XET": 4}


@pytest.mark.parametrize("grade", range(1, 13))
def test_printed_order_has_no_place_twice(grade):
    places = [one.position for one in subjects(rule_set(grade), grade)]
    assert places == sorted(set(places))


@pytest.mark.parametrize(("rules", "grade"), [("TT22-2021", 5), ("TT27-2020", 6), ("TT58-2011", 7), ("TT22-2021", 13)])
def test_no_subjects_are_guessed(rules, grade):
    with pytest.raises(NoSubjects, match=f"khối {grade} theo {rules}"):
        subjects(rules, grade)


def test_names_are_those_of_the_curriculum():
    assert names(["TOAN", "HDTN_HN", "LA"]) == "“Toán”, “Hoạt động trải nghiệm, hướng nghiệp”, “LA”"
