"""The totals that the circular prints below its tables of periods (law.md §3)."""

import pytest

from schools.rules.gdpt2018 import SUBJECTS, UPPER_SECONDARY_ELECTIVES, offerings

TOTALS = {1: 875, 2: 875, 3: 980, 4: 1050, 5: 1050, 6: 1015, 7: 1015, 8: 1032, 9: 1032}
TOPICS = 105  # three topics of 35 periods
ELECTIVE = 70


@pytest.mark.parametrize(("grade_level", "total"), TOTALS.items())
def test_compulsory_periods_add_up_to_the_printed_total(grade_level, total):
    compulsory = [row for row in offerings() if row.grade_level == grade_level and row.choice == "BAT_BUOC"]
    assert sum(row.annual_periods for row in compulsory) == total


@pytest.mark.parametrize("grade_level", [10, 11, 12])
def test_upper_secondary_with_four_electives_and_topics_is_997(grade_level):
    compulsory = [row for row in offerings() if row.grade_level == grade_level and row.choice == "BAT_BUOC"]
    chosen = UPPER_SECONDARY_ELECTIVES * ELECTIVE + TOPICS
    assert sum(row.annual_periods for row in compulsory) + chosen == 997


@pytest.mark.parametrize("grade_level", [6, 7, 8, 9])
def test_lower_secondary_has_eight_scored_and_four_comment_subjects(grade_level):
    kinds = [row.kind for row in offerings() if row.grade_level == grade_level and row.choice == "BAT_BUOC"]
    assert (kinds.count("DIEM"), kinds.count("NHAN_XET")) == (8, 4)


def test_every_offering_names_a_known_subject():
    assert {row.subject for row in offerings()} == set(SUBJECTS)


def test_foreign_language_is_optional_in_grades_1_and_2_only():
    rows = {row.grade_level: row.choice for row in offerings() if row.subject == "NGOAI_NGU_1" and row.grade_level < 6}
    assert rows == {1: "TU_CHON", 2: "TU_CHON", 3: "BAT_BUOC", 4: "BAT_BUOC", 5: "BAT_BUOC"}
