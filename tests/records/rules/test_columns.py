"""Which columns a sheet has, by rule set, kind of subject and periods a year."""

import pytest

from records.rules.columns import (
    CONDUCT,
    DAYS,
    MARK,
    PASS,
    TEXT,
    Column,
    NoColumns,
    columns_of,
    homeroom_columns,
    homeroom_columns_of,
    missing,
    primary_columns,
    primary_homeroom_columns,
    read,
    sheet_columns,
    stored,
)
from schools.rules.gdpt2018 import offerings

RULES = "TT22-2021"


@pytest.mark.parametrize(
    ("periods", "codes"),
    [
        (1, ["TX1", "TX2", "GK", "CK", "NX"]),
        (35, ["TX1", "TX2", "GK", "CK", "NX"]),
        (36, ["TX1", "TX2", "TX3", "GK", "CK", "NX"]),
        (70, ["TX1", "TX2", "TX3", "GK", "CK", "NX"]),
        (71, ["TX1", "TX2", "TX3", "TX4", "GK", "CK", "NX"]),
        (140, ["TX1", "TX2", "TX3", "TX4", "GK", "CK", "NX"]),
    ],
)
def test_scored_subject_has_regular_columns_by_its_periods(periods, codes):
    assert [column.code for column in sheet_columns(RULES, "DIEM", periods)] == codes


@pytest.mark.parametrize("periods", [35, 70, 105])
def test_subject_by_remarks_has_two_regular_columns_whatever_its_periods(periods):
    columns = sheet_columns(RULES, "NHAN_XET", periods)
    assert [(column.code, column.scale) for column in columns] == [
        ("TX1", PASS), ("TX2", PASS), ("GK", PASS), ("CK", PASS), ("NX", TEXT),
    ]  # fmt: skip


def test_columns_of_a_scored_subject_are_weighted_and_only_the_periodic_may_be_missed():
    assert sheet_columns(RULES, "DIEM", 35) == [
        Column("TX1", "TX1", "Thường xuyên 1", MARK, 1, periodic=False, required=True),
        Column("TX2", "TX2", "Thường xuyên 2", MARK, 1, periodic=False, required=True),
        Column("GK", "GK", "Giữa kì", MARK, 2, periodic=True, required=True),
        Column("CK", "CK", "Cuối kì", MARK, 3, periodic=True, required=True),
        Column("NX", "Nhận xét", "Nhận xét", TEXT, 0, periodic=False, required=False),
    ]


def test_homeroom_teacher_writes_conduct_absences_and_a_remark_all_required():
    assert homeroom_columns(RULES) == [
        Column("RL", "Rèn luyện", "Kết quả rèn luyện", CONDUCT),
        Column("CP", "Nghỉ có phép", "Số buổi nghỉ có phép", DAYS),
        Column("KP", "Nghỉ không phép", "Số buổi nghỉ không phép", DAYS),
        Column("NX", "Nhận xét", "Nhận xét của giáo viên chủ nhiệm", TEXT),
    ]


@pytest.mark.parametrize(
    ("rule_set", "kind"), [("TT27-2020", "DIEM"), ("TT58-2011", "DIEM"), ("", "DIEM"), (RULES, "MUC"), (RULES, "")]
)
def test_unknown_rule_set_or_kind_has_no_columns_and_none_are_guessed(rule_set, kind):
    with pytest.raises(NoColumns, match=f"cho cách đánh giá {kind}"):
        sheet_columns(rule_set, kind, 70)


@pytest.mark.parametrize("rule_set", ["TT27-2020", "TT58-2011", ""])
def test_homeroom_of_an_unknown_rule_set_has_no_columns(rule_set):
    with pytest.raises(NoColumns, match=f"theo {rule_set}"):
        homeroom_columns(rule_set)


@pytest.mark.parametrize("periods", [0, -35])
def test_subject_without_periods_has_no_columns(periods):
    with pytest.raises(ValueError, match="từ 1 trở lên"):
        sheet_columns(RULES, "DIEM", periods)


@pytest.mark.parametrize(
    "columns", [sheet_columns(RULES, "DIEM", 140), sheet_columns(RULES, "NHAN_XET", 35), homeroom_columns(RULES)]
)
def test_columns_as_stored_are_read_as_the_same(columns):
    assert read(stored(columns)) == columns


def test_stored_column_is_plain_data_under_the_names_the_database_reads():
    assert stored([Column("GK", "GK", "Giữa kì", MARK, weight=2, periodic=True)]) == [
        {"code": "GK", "label": "GK", "name": "Giữa kì", "scale": "DIEM", "weight": 2, "periodic": True,
         "required": True}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({}, ["TX1", "TX2", "GK", "CK"]),
        ({"TX1": "0", "TX2": "0", "GK": "V", "CK": "0"}, []),  # zero and absent are no empty cells
        ({"TX1": "8", "TX2": "", "GK": "8"}, ["TX2", "CK"]),
        ({"TX1": "8", "TX2": "8", "GK": "8", "CK": "8", "ZZ": "8"}, []),
        ({"NX": "Chăm học."}, ["TX1", "TX2", "GK", "CK"]),
    ],
)
def test_missing_are_the_required_cells_with_nothing_in_them(cells, codes):
    assert [column.code for column in missing(sheet_columns(RULES, "DIEM", 35), cells)] == codes


# -- Tiểu học ---------------------------------------------------------------------------------------------------------
PERIODS = ("GK1", "CK1", "GK2", "CN")


@pytest.mark.parametrize(
    ("grade", "period", "tested"),
    [
        (1, "GK1", set()),
        (1, "CK1", {"TIENG_VIET", "TOAN"}),
        (2, "CN", {"TIENG_VIET", "TOAN"}),
        (3, "GK2", set()),
        (3, "CN", {"TIENG_VIET", "TOAN", "NGOAI_NGU_1", "TIN_CN"}),
        (4, "GK1", {"TIENG_VIET", "TOAN"}),
        (5, "CK1", {"TIENG_VIET", "TOAN", "NGOAI_NGU_1", "LS_DL", "KHOA_HOC", "TIN_CN"}),
    ],
)
def test_primary_sheet_has_a_score_in_the_subjects_and_at_the_times_of_the_circular(grade, period, tested):
    offered = [one for one in offerings() if (one.rule_set, one.grade_level) == ("TT27-2020", grade)]
    sheets = {one.subject: [column.code for column in columns_of(one, period)] for one in offered}
    assert {subject for subject, codes in sheets.items() if codes == ["MUC", "KT", "NX"]} == tested
    assert {tuple(codes) for subject, codes in sheets.items() if subject not in tested} == {("MUC", "NX")}


@pytest.mark.parametrize(("lowest", "scale"), [(1, "DIEM_NGUYEN"), (0, "DIEM_NGUYEN_0")])
def test_lowest_score_is_a_setting_that_the_sheet_keeps(lowest, scale):
    """law.md §8.3: 1, and 0 where the rule set says so."""
    level, score, remark = primary_columns("TOAN", 4, "CN", lowest_score=lowest)
    assert (level.scale, score.scale, remark.scale) == ("MUC", scale, "VAN_BAN")
    assert [column.required for column in (level, score, remark)] == [True, True, False]


@pytest.mark.parametrize(("grade", "traits"), [(1, 13), (2, 13), (3, 15), (4, 15), (5, 15)])
@pytest.mark.parametrize("period", PERIODS)
def test_primary_homeroom_has_the_traits_of_its_grade_and_days_missed_with_a_page(grade, traits, period):
    columns = homeroom_columns_of("TT27-2020", grade, period)
    codes = {column.code for column in columns}
    assert sum(column.scale == "PHAM_CHAT" for column in columns) == traits
    assert ({"CP", "KP"} <= codes) == (period in {"CK1", "CN"})
    assert ("TB" in codes) == (period == "CN")
    assert max(len(code) for code in codes) <= 20


@pytest.mark.parametrize("period", ["HK1", "HE", ""])
def test_primary_has_no_columns_at_another_time(period):
    with pytest.raises(ValueError, match="lần đánh giá"):
        primary_columns("TOAN", 4, period)
    with pytest.raises(ValueError, match="lần đánh giá"):
        primary_homeroom_columns(4, period)


def test_columns_of_secondary_are_the_same_in_both_terms():
    offered = next(one for one in offerings() if one.grade_level == 7 and one.subject == "TOAN")
    assert columns_of(offered, "HK1") == columns_of(offered, "HK2") == sheet_columns(RULES, "DIEM", 140)
    assert homeroom_columns_of(RULES, 7, "HK1") == homeroom_columns(RULES)


# -- Cụm chuyên đề (Đ6.3) ---------------------------------------------------------------------------------------------
def offered_in(grade, subject):
    return next(one for one in offerings() if (one.grade_level, one.subject) == (grade, subject))


@pytest.mark.parametrize(
    ("grade", "subject", "scale"), [(10, "VAT_LI", "DIEM"), (12, "NGU_VAN", "DIEM"), (11, "MI_THUAT", "DAT")]
)
def test_topic_is_one_more_regular_result_that_nobody_waits_for(grade, subject, scale):
    columns = columns_of(offered_in(grade, subject), "HK1")
    (topic,) = [column for column in columns if column.code == "CD"]
    assert (topic.scale, topic.weight, topic.required, topic.periodic) == (scale, 1, False, False)
    assert columns[columns.index(topic) + 1].code == "GK"


@pytest.mark.parametrize(("grade", "subject"), [(10, "GDQPAN"), (10, "NGOAI_NGU_1"), (9, "TOAN")])
def test_subject_without_topics_has_no_column_for_them(grade, subject):
    assert "CD" not in {column.code for column in columns_of(offered_in(grade, subject), "HK1")}


def test_that_topics_count_is_a_setting():
    """law.md §8.4: one more regular result, unless the rule set says otherwise."""
    codes = [column.code for column in columns_of(offered_in(10, "TOAN"), "HK1", topics_count=False)]
    assert codes == ["TX1", "TX2", "TX3", "TX4", "GK", "CK", "NX"]
