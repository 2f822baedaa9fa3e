"""The plan of a list of assignments: who teaches what, from when, and whose class it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.imports.assignments import plan_assignments
from schools.actions.imports.uploads import apply_import, preview_import
from schools.models import HomeroomAssignment, Role, Subject, TeachingAssignment, User
from tests.cast import appoint, make_user
from tests.workbooks import ASSIGNMENTS, table_of

HA, LAN = "Lê Thu Hà", "Nguyễn Thị Phương Lan"


def row(subject, teacher=HA, class_name="7A", **cells):
    return {"class_name": class_name, "subject": subject, "teacher_name": teacher, **cells}


def plan(cast, *rows):
    return plan_assignments(school=cast.school, year=cast.year, table=table_of(ASSIGNMENTS, *rows))


def refusal(cast, *rows):
    found = plan(cast, *rows).outcomes[0]
    assert found.result == "refused", found
    return found.reason


def bring(cast, *rows, by=None):
    table = table_of(ASSIGNMENTS, *rows)
    by = by or cast.vice_principal
    made = preview_import(by=by, school=cast.school, year=cast.year, kind=ASSIGNMENTS, table=table, file_name="pc.xlsx")
    return apply_import(by=by, list_import=made, digest=made.digest)


def today(cast):
    return min(max(timezone.localdate(), cast.year.starts_on), cast.year.ends_on)


def test_new_assignments_begin_with_the_year(cast):
    rows = row("Ngữ văn", LAN), row("Khoa học tự nhiên", part="Lí"), row("Hóa học"), row("GVCN", class_name="7B")
    found = plan(cast, *rows)
    assert [one.place for one in found.outcomes] == [
        "7A, Ngữ văn", "7A, Khoa học tự nhiên (Vật lí)", "7A, Khoa học tự nhiên (Hóa học)", "7B, Chủ nhiệm",
    ]  # fmt: skip
    assert found.counts["new"] == 4
    bring(cast, *rows)
    made = TeachingAssignment.objects.filter(school_class=cast.class_7a).exclude(pk=cast.teaching.pk).order_by("id")
    assert [(one.subject.code, one.part, one.teacher.full_name, one.starts_on) for one in made] == [
        ("NGU_VAN", "", LAN, cast.year.starts_on),
        ("KHTN", "Vật lí", HA, cast.year.starts_on),
        ("KHTN", "Hóa học", HA, cast.year.starts_on),
    ]
    assert HomeroomAssignment.objects.get(school_class=cast.class_7b).teacher == cast.maths_teacher


def test_same_teacher_is_unchanged(cast):
    assert plan(cast, row("Toán"), row("Chủ nhiệm", LAN)).counts == {
        "new": 0, "changed": 0, "unchanged": 2, "refused": 0,
    }  # fmt: skip


def test_other_teacher_takes_over_from_today(cast):
    (change,) = plan(cast, row("Toán", LAN)).outcomes[0].changes
    assert (change.old, change.new) == (HA, f"{LAN}, từ {today(cast):%d/%m/%Y}")
    TeachingAssignment.objects.filter(pk=cast.teaching.pk).update(columns=["GK"])
    bring(cast, row("Toán", LAN))
    cast.teaching.refresh_from_db()
    assert cast.teaching.ends_on == today(cast)
    taken_over = TeachingAssignment.objects.open().get(school_class=cast.class_7a, subject=cast.maths)
    assert (taken_over.teacher, taken_over.starts_on, taken_over.columns) == (
        cast.homeroom_teacher,
        today(cast),
        ["GK"],
    )


def test_other_teacher_takes_over_from_the_given_day(cast):
    day = cast.year.starts_on + timedelta(days=40)
    bring(cast, row("Toán", LAN, starts_on=day), row("Chủ nhiệm", HA, starts_on=day))
    cast.teaching.refresh_from_db()
    cast.homeroom.refresh_from_db()
    assert (cast.teaching.ends_on, cast.homeroom.ends_on) == (day, day)
    assert HomeroomAssignment.objects.open().get(school_class=cast.class_7a).teacher == cast.maths_teacher


def test_teacher_of_that_name_twice_needs_more_than_the_name(cast):
    other = make_user("halt2", HA, cast.school, phone="0900000055", staff_code="GV55")
    appoint(other, Role.TEACHER, cast.school)
    assert refusal(cast, row("Ngữ văn")).startswith("Trường có 2 người tên Lê Thu Hà")
    for cells in ({"phone": "0900 000 055"}, {"staff_code": "GV55"}, {"username": "HALT2"}):
        assert plan(cast, row("Ngữ văn", **cells)).outcomes[0].result == "new"
    bring(cast, row("Ngữ văn", phone="0900000055"))
    assert TeachingAssignment.objects.get(subject__code="NGU_VAN").teacher == other


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"class_name": "7C"}, "Chưa có lớp “7C”"),
        ({"class_name": None}, "Chưa ghi lớp."),
        ({"subject": "Đạo đức"}, "Môn “Đạo đức” không có ở khối 7."),
        ({"subject": None}, "Chưa ghi môn"),
        ({"part": "Hình học"}, "phân môn “Hình học”"),
        ({"teacher_name": "Ai Đó"}, "Trường không có giáo viên Ai Đó"),
        ({"teacher_name": "Hoàng Đức Nam"}, "Trường không có giáo viên Hoàng Đức Nam"),
        ({"teacher_name": None}, "Chưa ghi giáo viên."),
        ({"phone": "0900000002"}, "không khớp với người mang tên ấy"),
        ({"starts_on": "01/01/2001"}, "ở ngoài năm học"),
        ({"starts_on": "13/13/2026"}, "Từ ngày:"),
    ],
)
def test_faulty_cell_is_refused_with_the_rule(cast, cells, told):
    assert told in refusal(cast, row("Toán", LAN) | cells)


def test_teacher_who_is_gone_is_refused(cast):
    User.objects.filter(pk=cast.maths_teacher.pk).update(is_active=False)
    assert "Trường không có giáo viên" in refusal(cast, row("Ngữ văn"))


def test_doubles_refuse_all_rows(cast):
    found = plan(cast, row("Toán", LAN), row("TOAN", HA), row("Chủ nhiệm", LAN), row("GVCN", HA), row("Ngữ văn"))
    assert [one.result for one in found.outcomes] == ["refused", "refused", "refused", "refused", "new"]


def test_whole_subject_and_its_part_do_not_go_together(cast):
    assert "vừa cả môn vừa từng phân môn" in refusal(cast, row("KHTN"), row("KHTN", LAN, part="Lí"))
    bring(cast, row("KHTN"))
    assert "Lê Thu Hà đang dạy cả môn" in refusal(cast, row("KHTN", LAN, part="Lí"))


def test_subject_with_two_teachers_is_left_to_the_page_of_the_class(cast):
    TeachingAssignment.objects.create(
        school_class=cast.class_7a, subject=cast.maths, teacher=cast.homeroom_teacher, starts_on=cast.year.starts_on
    )
    assert "đang có 2 giáo viên" in refusal(cast, row("Toán", "Trần Quốc Hùng"))


def test_nobody_takes_over_before_the_other_began(cast):
    later = cast.year.starts_on + timedelta(days=100)
    TeachingAssignment.objects.filter(pk=cast.teaching.pk).update(starts_on=later)
    assert "người thay không thể bắt đầu trước" in refusal(cast, row("Toán", LAN, starts_on=cast.year.starts_on))


def test_clerk_may_bring_assignments_too(cast):
    bring(cast, row("Ngữ văn"), by=cast.clerk)
    assert TeachingAssignment.objects.filter(subject=Subject.objects.get(code="NGU_VAN")).count() == 1


# -- Columns of a part ------------------------------------------------------------------------------------------------
def parts(history="TX1, TX2, GK", geography="TX3; TX4 và cuối kì", geographer=LAN):
    return (
        row("Lịch sử và Địa lí", part="Sử", columns=history),
        row("LS&ĐL", geographer, part="Địa", columns=geography),
    )


def shared():
    ties = TeachingAssignment.objects.open().filter(subject__code="LS_DL").order_by("id")
    return [(tie.part, tie.teacher.full_name, tie.columns) for tie in ties]


def test_parts_come_with_their_columns(cast):
    (_, columns) = plan(cast, *parts()).outcomes[1].changes
    assert (columns.label, columns.old, columns.new) == ("Cột điểm", "", "TX3, TX4, CK")
    bring(cast, *parts())
    assert shared() == [("Lịch sử", HA, ["TX1", "TX2", "GK"]), ("Địa lí", LAN, ["TX3", "TX4", "CK"])]
    assert plan(cast, *parts()).counts["unchanged"] == 2
    assert plan(cast, *parts(None, None)).counts["unchanged"] == 2


def test_columns_that_the_list_leaves_to_nobody_are_told(cast):
    """One part of the list is written, the other has no teacher yet: nothing is wrong, and something is left."""
    (remark,) = plan(cast, parts()[0]).remarks
    assert remark == (
        "Nhập xong vẫn còn cột chưa giao cho ai: Lịch sử và Địa lí lớp 7A: cột TX3, TX4, CK. Giao nốt ở trang lớp."
    )
    assert plan(cast, *parts()).remarks == []
    assert plan(cast, row("Toán")).remarks == []


def test_other_columns_are_shown_old_to_new_and_the_assignment_stays(cast):
    bring(cast, *parts())
    before = [*TeachingAssignment.objects.filter(subject__code="LS_DL").values_list("pk", flat=True)]
    other = parts("TX1, TX2, CK", "TX3, TX4, GK")
    assert [[(one.label, one.old, one.new) for one in told.changes] for told in plan(cast, *other).outcomes] == [
        [("Cột điểm", "TX1, TX2, GK", "TX1, TX2, CK")],
        [("Cột điểm", "TX3, TX4, CK", "TX3, TX4, GK")],
    ]
    bring(cast, *other)
    assert shared() == [("Lịch sử", HA, ["TX1", "TX2", "CK"]), ("Địa lí", LAN, ["TX3", "TX4", "GK"])]
    assert [*TeachingAssignment.objects.filter(subject__code="LS_DL").values_list("pk", flat=True)] == before
    bring(cast, *parts("tất cả", "Tất cả"))
    assert shared() == [("Lịch sử", HA, []), ("Địa lí", LAN, [])]


def test_who_takes_over_takes_the_columns_or_other_ones(cast):
    bring(cast, *parts())
    kept = parts(None, None, geographer="Trần Quốc Hùng")
    assert [one.label for one in plan(cast, *kept).outcomes[1].changes] == ["Giáo viên"]
    other = parts("TX1, TX2, CK", "TX3, TX4, GK", geographer="Trần Quốc Hùng")
    assert [(one.label, one.new) for one in plan(cast, *other).outcomes[1].changes] == [
        ("Giáo viên", f"Trần Quốc Hùng, từ {today(cast):%d/%m/%Y}"), ("Cột điểm", "TX3, TX4, GK"),
    ]  # fmt: skip
    bring(cast, *other)
    assert shared() == [
        ("Lịch sử", HA, ["TX1", "TX2", "CK"]), ("Địa lí", "Trần Quốc Hùng", ["TX3", "TX4", "GK"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("history", "geography", "told"),
    [
        ("TX1, miệng", "TX2", ["Cột điểm “miệng”: không có cột ấy; các cột là TX1, TX2, TX3, TX4, GK, CK, NX."]),
        ("TX1, TX5", "TX2", ["Cột điểm “TX5”: sổ của môn không có cột ấy; các cột là TX1, TX2, TX3, TX4, GK, CK, NX."]),
        ("TX1, GK", "GK, CK", ["cột GK chỉ giao cho một phân môn, không giao cho cả Lịch sử và Địa lí."] * 2),
        ("TX1, GK", None, ["phân môn nào cũng phải có cột; Địa lí chưa có."] * 2),
        ("TX1, TX2, GK", "TX3", ["cột TX4, CK chưa giao cho phân môn nào."] * 2),
    ],
)
def test_columns_shared_badly_are_refused_with_the_rule(cast, history, geography, told):
    refused = plan(cast, *parts(history, geography)).those("refused")
    assert [one.row for one in refused] == [2, 3][: len(told)]
    assert all(words in one.sentence for one, words in zip(refused, told, strict=True))


def test_whole_subject_and_homeroom_have_no_columns(cast):
    assert refusal(cast, row("Toán", columns="TX1")).startswith("Cột điểm: chỉ ghi cho phân môn")
    assert refusal(cast, row("Chủ nhiệm", columns="TX1")).startswith("Cột điểm: chỉ ghi cho phân môn")
