from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules import tt22
from records.rules.tt22 import AdjustmentSettings, LearningResult

SCORED = ("NGU_VAN", "TOAN", "NGOAI_NGU_1", "GDCD", "LS_DL", "KHTN", "CONG_NGHE", "TIN_HOC", "GDQPAN")
COMMENT = ("GDTC", "NGHE_THUAT", "HDTN_HN", "GDDP")
LEVELS = ("CHUA_DAT", "DAT", "KHA", "TOT")


def subjects(marks, levels="D D D D"):
    scored = dict(zip(SCORED, map(Decimal, marks.split()), strict=False))
    return scored, dict(zip(COMMENT, levels.split(), strict=False))


def learning(marks, levels="D D D D", **settings):
    return tt22.learning_result(*subjects(marks, levels), AdjustmentSettings(**settings))


def unchanged(level):
    return LearningResult(level, None, level)


@pytest.mark.parametrize(
    ("marks", "levels", "level"),
    [
        ("8 8 8 8 8 8 6.5 6.5", "D D D D", "TOT"),
        ("8 8 8 8 8 8", "", "TOT"),
        ("8 8 8 8 8 7.9 7.9 7.9", "D D D D", "KHA"),  # five of eight
        ("8 8 8 8 8 8 6.5 6.4", "D D D D", "KHA"),
        ("6.5 6.5 6.5 6.5 6.5 6.5 5 5", "D D D D", "KHA"),
        ("6.5 6.5 6.5 6.5 6.5 6.4 6.4 6.4", "D D D D", "DAT"),
        ("6.5 6.5 6.5 6.5 6.5 6.5 5 4.9", "D D D D", "DAT"),
        ("6.5 6.5 6.5 6.5 6.5 6.5 6.5 6.5", "D D CD D", "DAT"),
        ("5 5 5 5 5 5 3.5 3.5", "D D D D", "DAT"),
        ("5 5 5 5 5 5 3.5 3.5", "CD D D D", "DAT"),
        ("5 5 5 5 5 5 3.5 3.5", "CD CD D D", "CHUA_DAT"),
        ("9 9 9 9 9 9 9 9", "CD CD D D", "CHUA_DAT"),
        ("5 5 5 5 5 5 3.5 3.4", "D D D D", "CHUA_DAT"),
        ("5 5 5 5 5 4.9 4.9 4.9", "D D D D", "CHUA_DAT"),
        ("8 8 8 8 8", "D D D D", "CHUA_DAT"),  # five scored subjects are never six
    ],
)
def test_level_without_adjustment(marks, levels, level):
    assert learning(marks, levels) == unchanged(level)


@pytest.mark.parametrize(
    ("marks", "levels", "result"),
    [
        ("8 8 8 8 8 8 6.5 4.9", "D D D D", LearningResult("DAT", "TIN_HOC", "KHA")),
        ("3.5 8 8 8 8 8 8 6.5", "D D D D", LearningResult("DAT", "NGU_VAN", "KHA")),
        (
            "8 8 8 8 8 8 6.5 3.4",
            "D D D D",
            LearningResult("CHUA_DAT", "TIN_HOC", "DAT"),
        ),  # three levels lost, one given
        ("6.5 6.5 6.5 6.5 6.5 6.5 5 3.4", "D D D D", LearningResult("CHUA_DAT", "TIN_HOC", "DAT")),
        ("8 8 8 8 8 8 8 8", "D D CD D", LearningResult("DAT", "HDTN_HN", "KHA")),
        ("8 8 8 8 8 8 8 4.9", "D D CD D", unchanged("DAT")),  # two subjects at fault
        ("8 8 8 8 8 8 4.9 4.9", "D D D D", unchanged("DAT")),
        ("8 8 8 8 8 8 3.4 3.4", "D D D D", unchanged("CHUA_DAT")),
        ("6.4 6.4 6.4 6.4 6.4 6.4 6.4 3.4", "D D D D", unchanged("CHUA_DAT")),  # without it only Đạt
        ("6.5 6.5 6.5 6.5 6.5 6.5 6.5 4.9", "D D D D", unchanged("DAT")),  # one level lost
        ("8 8 8 8 8 8 8 6.4", "D D D D", unchanged("KHA")),
        ("8 8 8 8 8 4.9", "D D D D", unchanged("CHUA_DAT")),  # without it there are five
    ],
)
def test_adjustment(marks, levels, result):
    assert learning(marks, levels) == result


def test_settings_restrict_the_adjustment_to_scored_subjects():
    assert learning("8 8 8 8 8 8 8 8", "CD D D D", scored_only=True) == unchanged("DAT")
    assert learning("8 8 8 8 8 8 8 4.9", scored_only=True) == LearningResult("DAT", "TIN_HOC", "KHA")


def test_settings_put_the_best_result_in_the_place_of_the_subject():
    """With six scored subjects nothing can be removed; with 10 in its place the sixth is the one responsible."""
    assert learning("8 8 8 8 8 4.9") == unchanged("CHUA_DAT")
    assert learning("8 8 8 8 8 4.9", by_top_mark=True) == LearningResult("CHUA_DAT", "KHTN", "DAT")
    assert learning("8 8 8 8 8 8", "D CD D D", by_top_mark=True) == LearningResult("DAT", "NGHE_THUAT", "KHA")
    assert learning("8 8 8 8 8 8", "D CD D D", by_top_mark=True, scored_only=True) == unchanged("DAT")


def test_refuses_what_is_no_result():
    with pytest.raises(ValueError, match="Chưa có kết quả"):
        tt22.learning_result({}, {})
    with pytest.raises(ValueError, match="thang 10"):
        tt22.learning_result({"TOAN": Decimal("8.25")}, {})
    with pytest.raises(ValueError, match="“DAT”"):
        tt22.learning_result({}, {"GDTC": "DAT"})
    with pytest.raises(ValueError, match=r"^GDTC: một môn"):
        tt22.learning_result({"GDTC": Decimal(8)}, {"GDTC": "D"})


def test_a_result_and_its_settings_cannot_be_rewritten():
    with pytest.raises(FrozenInstanceError):
        learning("8 8 8 8 8 8").final = "TOT"
    with pytest.raises(FrozenInstanceError):
        AdjustmentSettings().scored_only = True


# An oracle of its own: integers, sorted marks, the words of Đ9.2 and Đ9.3 (law.md §1.7) one after the other.


def oracle_level(tenths, failed):
    ordered = sorted(tenths, reverse=True)
    sixth, last = (ordered[5], ordered[-1]) if len(ordered) >= 6 else (-1, -1)
    if failed == 0 and last >= 65 and sixth >= 80:
        return 3
    if failed == 0 and last >= 50 and sixth >= 65:
        return 2
    return 1 if failed <= 1 and last >= 35 and sixth >= 50 else 0


def oracle(tenths, failed, passed, scored_only=False, by_top_mark=False):
    """(base, number of subjects that alone lowered it, the last of them, final), levels as 0–3."""
    base = oracle_level(tenths, failed)
    responsible = []
    for place in range(len(tenths)):
        others = tenths[:place] + tenths[place + 1 :]
        level = oracle_level([*others, 100] if by_top_mark else others, failed)
        if level >= 2 and level >= base + 2:
            responsible.append(SCORED[place])
    for place in range(0 if scored_only else failed + passed):
        level = oracle_level(tenths, failed - 1 if place < failed else failed)
        if level >= 2 and level >= base + 2:
            responsible.append(COMMENT[place])
    return base, responsible, base + 1 if len(responsible) == 1 else base


def compare(tenths, failed, **settings):
    passed = len(COMMENT) - failed
    base, responsible, final = oracle(list(tenths), failed, passed, **settings)
    assert len(responsible) <= 1
    scored = {code: Decimal(mark) / 10 for code, mark in zip(SCORED, tenths, strict=False)}
    comment = dict(zip(COMMENT, ["CD"] * failed + ["D"] * passed, strict=True))
    expected = LearningResult(LEVELS[base], responsible[0] if responsible else None, LEVELS[final])
    assert tt22.learning_result(scored, comment, AdjustmentSettings(**settings)) == expected, (tenths, failed)
    return expected


EDGES = (34, 35, 49, 50, 64, 65, 79, 80)


@pytest.mark.parametrize("failed", [0, 1, 2])
@pytest.mark.parametrize("count", [5, 6, 7, 8])
def test_every_combination_of_marks_at_the_limits(count, failed):
    """Marks in any order give the same level, so every multiset of the eight limits stands for all classes of marks."""
    seen = {compare(marks, failed).base for marks in combinations_with_replacement(EDGES, count)}
    assert seen == set(LEVELS[: (4, 2, 1)[failed] if count >= 6 else 1])


@pytest.mark.parametrize("settings", [{"scored_only": True}, {"by_top_mark": True}])
@pytest.mark.parametrize("failed", [0, 1, 2])
@pytest.mark.parametrize("count", [6, 7, 8])
def test_every_combination_under_other_settings(count, failed, settings):
    for marks in combinations_with_replacement((34, 35, 49, 50, 65, 80), count):
        compare(marks, failed, **settings)


TENTHS = st.lists(st.sampled_from([0, *EDGES, 100]) | st.integers(0, 100), min_size=1, max_size=9)


@given(TENTHS, st.integers(0, 4), st.booleans(), st.booleans())
def test_any_order_of_any_marks(tenths, failed, scored_only, by_top_mark):
    compare(tenths, failed, scored_only=scored_only, by_top_mark=by_top_mark)


@given(TENTHS, st.integers(0, 4))
def test_adjustment_raises_by_exactly_one_and_never_to_the_top(tenths, failed):
    result = compare(tenths, failed)
    raised = LEVELS.index(result.final) - LEVELS.index(result.base)
    assert raised == (0 if result.subject_responsible is None else 1)
    assert raised == 0 or result.final in {"DAT", "KHA"}


@given(TENTHS, st.integers(0, 4), st.data())
def test_raising_a_mark_never_lowers_the_base_level(tenths, failed, data):
    place = data.draw(st.integers(0, len(tenths) - 1))
    raised = tenths.copy()
    raised[place] = data.draw(st.integers(tenths[place], 100))
    before, after = compare(tenths, failed), compare(raised, failed)
    assert LEVELS.index(after.base) >= LEVELS.index(before.base)
    assert LEVELS.index(after.final) >= LEVELS.index(before.final)


@given(TENTHS, st.integers(1, 4))
def test_passing_a_failed_subject_never_lowers_the_level(tenths, failed):
    before, after = compare(tenths, failed), compare(tenths, failed - 1)
    assert LEVELS.index(after.final) >= LEVELS.index(before.final)


@given(st.lists(st.integers(0, 100), min_size=7, max_size=9), st.integers(0, 4))
def test_removing_the_responsible_subject_gives_two_levels_or_more(tenths, failed):
    result = compare(tenths, failed)
    if result.subject_responsible in SCORED:
        place = SCORED.index(result.subject_responsible)
        without = compare(tenths[:place] + tenths[place + 1 :], failed).base
        assert LEVELS.index(without) - LEVELS.index(result.base) >= 2


def told(marks, levels="D D D D", **settings):
    result, steps = tt22.learning_result(*subjects(marks, levels), AdjustmentSettings(**settings), steps=True)
    assert result == learning(marks, levels, **settings)
    return [(step.article.removeprefix("TT 22/2021/TT-BGDĐT "), step.text) for step in steps]


ALL_PASS = "không có môn đánh giá bằng nhận xét nào Chưa đạt."


def test_told_when_the_best_level_is_met():
    assert told("8 8 8 8 8 8 6.5 6.5") == [
        (
            "Đ9.2.a",
            "Đủ điều kiện mức Tốt: cả 8 môn có điểm từ 6,5 trở lên, trong đó 6 môn từ 8,0 trở lên "
            f"(cần ít nhất 6 môn); {ALL_PASS}",
        )
    ]


def test_told_what_is_missing_and_nothing_else():
    assert told("8 8 8 8 8 8 6.5 6.4")[0] == ("Đ9.2.a", "Chưa đủ điều kiện mức Tốt: “Tin học” dưới 6,5.")
    assert told("8 8 8 8 8 7.9 6.5 6.5")[0] == (
        "Đ9.2.a",
        "Chưa đủ điều kiện mức Tốt: chỉ có 5 môn từ 8,0 trở lên (cần ít nhất 6 môn).",
    )


def test_told_when_one_subject_is_responsible():
    assert told("8.5 8.5 8.5 8.5 8.5 8.5 8.5 4.0") == [
        ("Đ9.2.a", "Chưa đủ điều kiện mức Tốt: “Tin học” dưới 6,5."),
        ("Đ9.2.b", "Chưa đủ điều kiện mức Khá: “Tin học” dưới 5,0."),
        (
            "Đ9.2.c",
            "Đủ điều kiện mức Đạt: cả 8 môn có điểm từ 3,5 trở lên, trong đó 7 môn từ 5,0 trở lên "
            f"(cần ít nhất 6 môn); {ALL_PASS}",
        ),
        (
            "Đ9.3",
            "Nếu không tính môn “Tin học” thì kết quả học tập ở mức Tốt, cao hơn 2 mức. Kết quả bị thấp xuống chỉ do "
            "một môn này nên được điều chỉnh từ Đạt lên mức liền kề: Khá.",
        ),
    ]


def test_told_when_a_subject_by_remarks_is_responsible():
    article, text = told("8 8 8 8 8 8 8 8", "D D CD D")[-1]
    assert article == "Đ9.3"
    assert text.startswith("Nếu không tính môn “Hoạt động trải nghiệm, hướng nghiệp” thì")
    assert told("8 8 8 8 8 8 8 8", "D D CD D")[2][1].endswith(
        "; chỉ 1 môn Chưa đạt: “Hoạt động trải nghiệm, hướng nghiệp” (nhiều nhất 1)."
    )


def test_told_under_the_setting_of_the_best_result():
    article, text = told("8 8 8 8 8 3.4", by_top_mark=True)[-1]
    assert article == "Đ9.3"
    assert text.startswith("Nếu môn “Khoa học tự nhiên” đạt kết quả cao nhất thì kết quả học tập ở mức Tốt, cao hơn 3")


def test_told_when_no_level_is_met():
    assert told("7.9 7.9 7.9 4.9 4.9 3.4", "CD CD D D") == [
        (
            "Đ9.2.a",
            "Chưa đủ điều kiện mức Tốt: “Giáo dục công dân”, “Lịch sử và Địa lí”, “Khoa học tự nhiên” dưới 6,5; "
            "không có môn nào từ 8,0 trở lên (cần ít nhất 6 môn); "
            "môn đánh giá bằng nhận xét Chưa đạt: “Giáo dục thể chất”, “Nghệ thuật”.",
        ),
        (
            "Đ9.2.b",
            "Chưa đủ điều kiện mức Khá: “Giáo dục công dân”, “Lịch sử và Địa lí”, “Khoa học tự nhiên” dưới 5,0; "
            "chỉ có 3 môn từ 6,5 trở lên (cần ít nhất 6 môn); "
            "môn đánh giá bằng nhận xét Chưa đạt: “Giáo dục thể chất”, “Nghệ thuật”.",
        ),
        (
            "Đ9.2.c",
            "Chưa đủ điều kiện mức Đạt: “Khoa học tự nhiên” dưới 3,5; "
            "chỉ có 3 môn từ 5,0 trở lên (cần ít nhất 6 môn); "
            "môn đánh giá bằng nhận xét Chưa đạt: “Giáo dục thể chất”, “Nghệ thuật” (nhiều nhất 1 môn).",
        ),
        ("Đ9.2.d", "Không đủ điều kiện của mức nào ở trên: kết quả học tập ở mức Chưa đạt."),
    ]
