"""The open questions of law.md §8: every answer, its default, and what the rules make of it."""

import pytest

from records.rules.results import SubjectResult, learning
from records.rules.settings import QUESTIONS, USUAL, questions_of, settings_of
from records.rules.tt22 import AdjustmentSettings

SCORED = [SubjectResult(f"M{n}", "DIEM", "8.5") for n in range(7)]


def test_defaults_are_those_of_the_law():
    assert settings_of({}) == USUAL
    assert {one.key: one.default for one in QUESTIONS} == {
        "DIEU_CHINH_MON": "MOI_MON", "DIEU_CHINH_CACH": "BO_MON", "TU_CHON": "KHONG_TINH", "CHUYEN_DE": "THEM",
        "DIEM_THAP_NHAT": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "answer", "name", "value"),
    [
        ("DIEU_CHINH_MON", "MON_DIEM", "adjustment", AdjustmentSettings(scored_only=True)),
        ("DIEU_CHINH_CACH", "CAO_NHAT", "adjustment", AdjustmentSettings(by_top_mark=True)),
        ("TU_CHON", "TINH", "optional_counts", True),
        ("CHUYEN_DE", "KHONG", "topics_count", False),
        ("DIEM_THAP_NHAT", "0", "lowest_score", 0),
    ],
)
def test_settings_of_each_answer(key, answer, name, value):
    assert getattr(settings_of({key: answer}), name) == value
    assert getattr(settings_of({}), name) != value


@pytest.mark.parametrize("answers", [{"TU_CHON": "CO"}, {"KHAC": "TINH"}])
def test_settings_of_refuses_what_it_does_not_know(answers):
    with pytest.raises(ValueError, match="không phải là câu trả lời"):
        settings_of(answers)


def test_questions_of_a_rule_set():
    assert [one.key for one in questions_of("TT27-2020")] == ["DIEM_THAP_NHAT"]
    assert len(questions_of("TT22-2021")) == 4


def test_learning_reads_d93_as_it_is_told():
    music = SubjectResult("NGHE_THUAT", "NHAN_XET", "CD")
    assert learning([*SCORED, music], USUAL.adjustment).final == "KHA"
    assert learning([*SCORED, music], AdjustmentSettings(scored_only=True)).final == "DAT"
