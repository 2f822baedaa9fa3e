"""Four electives of nine, three topics of the student's subjects (TT 13/2022; law.md §3)."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.rules.electives import COMPULSORY_WITH_TOPICS, ELECTIVES, TOPIC_SUBJECTS, elective_faults, has_topics
from schools.rules.gdpt2018 import offerings

FOUR = ("DIA_LI", "VAT_LI", "TIN_HOC", "AM_NHAC")
NAMES = {"TOAN": "Toán", "HOA_HOC": "Hóa học"}


def test_the_nine_electives_are_those_of_the_curriculum():
    offered = {row.subject for row in offerings() if row.choice == "LUA_CHON"}
    assert (offered, len(ELECTIVES)) == (ELECTIVES, 9)


def test_every_four_of_nine_may_be_chosen():
    assert [four for four in combinations(sorted(ELECTIVES), 4) if elective_faults(four, (), NAMES)] == []


@pytest.mark.parametrize(
    ("chosen", "topics", "faults"),
    [
        (FOUR, ("TOAN", "NGU_VAN", "VAT_LI"), []),
        (FOUR, (), []),
        (FOUR[:3], (), ["Phải chọn đúng 4 môn lựa chọn, đang chọn 3."]),
        ((*FOUR, "HOA_HOC"), (), ["Phải chọn đúng 4 môn lựa chọn, đang chọn 5."]),
        ((*FOUR[:3], "TOAN"), (), ["Không phải môn lựa chọn: Toán."]),
        ((*FOUR[:3], FOUR[0]), (), ["Phải chọn đúng 4 môn lựa chọn, đang chọn 3."]),
        (FOUR, ("TOAN", "NGU_VAN"), ["Phải chọn đúng 3 cụm chuyên đề, đang chọn 2."]),
        (
            FOUR,
            ("TOAN", "NGU_VAN", "HOA_HOC"),
            ["Cụm chuyên đề phải thuộc môn học sinh đang học, không phải: Hóa học."],
        ),
        (FOUR, ("TOAN", "NGU_VAN", "GDTC"), ["Cụm chuyên đề phải thuộc môn học sinh đang học, không phải: GDTC."]),
    ],
)
def test_choice_is_checked(chosen, topics, faults):
    assert elective_faults(chosen, topics, NAMES) == faults


@given(st.sets(st.sampled_from(sorted(TOPIC_SUBJECTS))), st.sets(st.sampled_from(sorted(TOPIC_SUBJECTS))))
def test_without_fault_only_four_and_three_that_belong(chosen, topics):
    right = (
        len(chosen) == 4
        and chosen <= ELECTIVES
        and (not topics or (len(topics) == 3 and topics <= chosen | COMPULSORY_WITH_TOPICS))
    )
    assert (elective_faults(chosen, topics, NAMES) == []) == right


@pytest.mark.parametrize(
    ("grade", "subject", "there"),
    [(10, "TOAN", True), (12, "AM_NHAC", True), (11, "LICH_SU", True), (10, "GDTC", False), (10, "NGOAI_NGU_1", False),
     (9, "TOAN", False), (5, "TOAN", False)],
)  # fmt: skip
def test_topics_are_of_some_subjects_of_upper_secondary_alone(grade, subject, there):
    assert has_topics(grade, subject) is there
