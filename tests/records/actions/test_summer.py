"""The summer after a year that waits for it: who writes what, what it comes to, and the page that is signed."""

from io import BytesIO

import pikepdf
import pytest

from records.actions.closing import why_year_stays
from records.actions.merges import part_of_record
from records.actions.pages import render_page
from records.actions.signoff import issue_class
from records.actions.summer import conclude, return_summer_page, sign_summer_page, write_item
from records.documents.book_file import page_file
from records.models import PageVersion, SummerEntry, YearRecord
from records.rules.summer import DECISION, SUBJECT, TRAINING
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import HistoryEntry, TeachingAssignment
from tests.cast import make_student
from tests.records.documents.test_form import text_of
from tests.records.models.attack import attack
from tests.records.summer import LOW, carried_out, make_summer, open_summer, signed
from tests.records.term import PIN, close_windows, fresh

MATHS, SCIENCE, CONDUCT, DECIDED = (SUBJECT, "TOAN"), (SUBJECT, "KHTN"), (TRAINING, ""), (DECISION, "")
BASIS = "Biên bản họp hội đồng số 12 ngày 20/06"


@pytest.fixture
def summer(term):
    made = make_summer(term)
    open_summer(term.cast.class_7a)
    return made


def write(summer, student, item, typed, by=None, note="", seen=None):
    cast = summer.term.cast
    whose = {SUBJECT: cast.maths_teacher if item == MATHS else cast.homeroom_teacher, TRAINING: cast.homeroom_teacher,
             DECISION: cast.principal}  # fmt: skip
    return write_item(
        by=fresh(by or whose[item[0]]), class_period=summer.last, student=student, item=item, typed=typed, note=note,
        seen=summer.case(student).last_entry if seen is None else seen,
    )  # fmt: skip


def close(summer, student, by=None, seen=None, nothing_more=True):
    return conclude(
        by=fresh(by or summer.term.cast.homeroom_teacher), class_period=summer.last, student=student,
        seen=summer.case(student).last_entry if seen is None else seen, nothing_more=nothing_more,
    )  # fmt: skip


def sign(summer, student, *people):
    """By each of them in turn; the page as it stands is what they were shown."""
    page = render_page(summer.case(student).page)
    for person in people:
        carried_out(
            sign_summer_page(
                by=fresh(getattr(summer.term.cast, person)), class_period=summer.last, student=student, pin=PIN,
                shown={str(page.public_id): page.original_digest},
            )
        )  # fmt: skip
    page.refresh_from_db()
    return page


# -- What the year left ------------------------------------------------------------------------------------------------
def test_what_is_due_follows_from_the_year(summer):
    assert {one.student_id: one.promotion for one in YearRecord.objects.all()} == {
        summer.low.pk: "DANH_GIA_LAI", summer.unruly.pk: "REN_LUYEN_HE", summer.both.pk: "HOI_DONG",
        summer.fine.pk: "LEN_LOP",
    }  # fmt: skip
    assert sorted(summer.case(summer.low).due) == sorted([MATHS, SCIENCE])
    assert summer.case(summer.unruly).due == [CONDUCT]
    assert set(summer.case(summer.both).due) == {MATHS, SCIENCE, CONDUCT, DECIDED}
    assert {version.page.student_id for version in PageVersion.objects.of(summer.last)} == {summer.fine.pk}


# -- Đánh giá lại ------------------------------------------------------------------------------------------------------
def test_student_who_is_assessed_again_moves_up_and_the_first_result_stays(summer):
    write(summer, summer.low, MATHS, "6,5")
    assert summer.case(summer.low).promotion == "LEN_LOP"
    version = close(summer, summer.low)
    page = version.snapshot
    maths = next(one for one in page["subjects"] if one["code"] == "TOAN")
    science = next(one for one in page["subjects"] if one["code"] == "KHTN")
    assert (maths["results"]["CN"], maths["reassessed"]) == ("3.3", "6.5")
    assert (science["results"]["CN"], science["reassessed"]) == ("3.3", None)
    assert (page["kind"], page["year"]["promotion"]) == ("HE", "DANH_GIA_LAI")
    assert (page["summer"]["promotion"], page["summer"]["learning"]["final"]) == ("LEN_LOP", "DAT")
    assert YearRecord.objects.get(student=summer.low).subject_results["TOAN"] == "3.3"


def test_what_is_left_out_is_said(summer):
    with pytest.raises(Refused, match="Nguyễn Minh Anh: đánh dấu vào ô"):
        close(summer, summer.low, nothing_more=False)
    write(summer, summer.low, MATHS, "6")
    write(summer, summer.low, SCIENCE, "6")
    assert close(summer, summer.low, nothing_more=False).snapshot["summer"]["promotion"] == "LEN_LOP"


def test_student_who_is_not_assessed_again_stays_in_the_grade(summer):
    version = close(summer, summer.low)
    assert version.snapshot["summer"]["promotion"] == "KHONG_LEN_LOP"
    assert SummerEntry.objects.get(kind="LAP_TRANG").value == "KHONG_LEN_LOP"


def test_results_that_stay_too_low_do_not_move_up(summer):
    write(summer, summer.low, MATHS, "3,4")
    write(summer, summer.low, SCIENCE, "3")
    assert summer.case(summer.low).promotion == "KHONG_LEN_LOP"


@pytest.mark.parametrize(("typed", "rule"), [("6,55", "một chữ số thập phân"), ("11", "từ 0 đến 10"), ("V", "vắng")])
def test_bad_result_names_student_subject_and_rule(summer, typed, rule):
    with pytest.raises(FaultyFields, match=f"Nguyễn Minh Anh, Đánh giá lại môn học Toán: .*{rule}"):
        write(summer, summer.low, MATHS, typed)
    assert not SummerEntry.objects.exists()


def test_taken_back_entry_counts_no_more_and_stays_in_the_history(summer):
    write(summer, summer.low, MATHS, "6,5")
    write(summer, summer.low, MATHS, "")
    assert summer.case(summer.low).written == {}
    assert [one.value for one in SummerEntry.objects.order_by("id")] == ["6.5", ""]
    assert HistoryEntry.objects.filter(table="records_summerentry", action="write_summer").count() == 2


# -- Rèn luyện, quyết định ---------------------------------------------------------------------------------------------
def test_training_replaces_the_conduct_for_moving_up(summer):
    with pytest.raises(WrongState, match="Chưa ghi kết quả rèn luyện trong hè"):
        close(summer, summer.unruly)
    write(summer, summer.unruly, CONDUCT, "Khá", note="Tham gia đầy đủ, tiến bộ rõ.")
    page = close(summer, summer.unruly).snapshot
    assert (page["year"]["conduct"], page["summer"]["conduct"]) == ("CHUA_DAT", "KHA")
    assert (page["summer"]["promotion"], page["summer"]["learning"]) == ("LEN_LOP", None)
    assert page["summer"]["remark"] == "Tham gia đầy đủ, tiến bộ rõ."


def test_both_failed_is_decided_by_the_principal_with_its_basis(summer):
    write(summer, summer.both, MATHS, "7")
    write(summer, summer.both, SCIENCE, "7")
    write(summer, summer.both, CONDUCT, "Đạt")
    assert summer.case(summer.both).promotion == "HOI_DONG"
    with pytest.raises(WrongState, match="Chưa có quyết định của hiệu trưởng"):
        close(summer, summer.both)
    with pytest.raises(FaultyFields, match="căn cứ của quyết định"):
        write(summer, summer.both, DECIDED, "LEN_LOP", note="họp")
    write(summer, summer.both, DECIDED, "LEN_LOP", note=BASIS)
    page = close(summer, summer.both).snapshot["summer"]
    assert (page["promotion"], page["decision"]) == (
        "LEN_LOP", {"basis": BASIS, "by": summer.term.cast.principal.full_name}
    )  # fmt: skip


def test_nothing_is_decided_that_the_law_decides(summer):
    with pytest.raises(WrongState, match="không phải làm trong hè"):
        write(summer, summer.low, DECIDED, "LEN_LOP", note=BASIS)


# -- Who and when ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "typed", "person"),
    [(MATHS, "9", person) for person in ("homeroom_teacher", "principal", "clerk", "province_admin", "parent")]
    + [(CONDUCT, "TOT", person) for person in ("maths_teacher", "principal", "clerk", "parent")]
    + [(DECIDED, "LEN_LOP", person) for person in ("maths_teacher", "homeroom_teacher", "clerk", "vice_principal")],
)
def test_only_whose_it_is_writes(summer, item, typed, person):
    by = getattr(summer.term.cast, person)
    with pytest.raises(NotAllowed):
        write(summer, summer.both, item, typed, by=by, note=BASIS)


def test_nothing_is_written_outside_the_window_of_the_summer(summer):
    close_windows()
    with pytest.raises(WrongState, match="Ngoài hạn nhập của kì nghỉ hè"):
        write(summer, summer.low, MATHS, "6")


def test_who_was_overtaken_hears_of_it(summer):
    seen = summer.case(summer.low).last_entry
    write(summer, summer.low, MATHS, "6")
    with pytest.raises(WrongState, match="vừa được ghi ở nơi khác"):
        write(summer, summer.low, MATHS, "7", seen=seen)
    with pytest.raises(WrongState, match="vừa được ghi ở nơi khác"):
        close(summer, summer.low, seen=seen)
    write(summer, summer.low, SCIENCE, "7", seen=seen)  # another item


def test_made_page_takes_no_more_entries_until_it_is_given_back(summer):
    write(summer, summer.low, MATHS, "6")
    close(summer, summer.low)
    with pytest.raises(WrongState, match="hiệu trưởng trả lại trước"):
        write(summer, summer.low, MATHS, "9")
    with pytest.raises(WrongState, match="hiệu trưởng trả lại trước"):
        close(summer, summer.low)


def test_principal_gives_a_page_back_and_the_next_one_is_new(summer):
    write(summer, summer.low, MATHS, "6")
    first = close(summer, summer.low)
    give = {"class_period": summer.last, "student": summer.low}
    with pytest.raises(NotAllowed):
        return_summer_page(by=fresh(summer.term.cast.homeroom_teacher), reason="Điểm Toán ghi nhầm", **give)
    with pytest.raises(FaultyFields, match="lí do trả lại"):
        return_summer_page(by=fresh(summer.term.cast.principal), reason="sai", **give)
    return_summer_page(by=fresh(summer.term.cast.principal), reason="Điểm Toán ghi nhầm", **give)
    first.refresh_from_db()
    assert first.state == "DA_RUT"
    write(summer, summer.low, MATHS, "7")
    second = close(summer, summer.low)
    assert (second.number, second.snapshot["summer"]["learning"]["final"]) == (first.number + 1, "DAT")


# -- The page ----------------------------------------------------------------------------------------------------------
def test_page_is_signed_and_issued_in_its_order(term, summer):
    signed(term, issue_class)
    write(summer, summer.low, MATHS, "6")
    close(summer, summer.low)
    with pytest.raises(WrongState, match="không chờ bạn kí"):
        sign(summer, summer.low, "principal")
    page = sign(summer, summer.low, "homeroom_teacher", "principal", "clerk")
    assert page.state == "DA_CAP"
    states = PageVersion.objects.filter(page=page.page).order_by("number").values_list("kind", "state")
    assert list(states) == [("TERM", "DA_THAY"), ("HE", "DA_CAP")]
    with pytest.raises(NotAllowed):
        sign(summer, summer.low, "parent")


def test_page_waits_for_the_earlier_one_of_the_student(summer):
    write(summer, summer.low, MATHS, "6")
    close(summer, summer.low)
    with pytest.raises(WrongState, match="phát hành trang ấy trước"):
        sign(summer, summer.low, "homeroom_teacher", "principal", "clerk")


def test_year_stays_open_until_every_page_of_the_summer_is_issued(term, summer):
    signed(term, issue_class)
    signed(summer.term, issue_class)
    assert "3 học sinh chờ kết quả trong hè." in why_year_stays(term.cast.year)
    for student in (summer.low, summer.unruly, summer.both):
        for item in summer.case(student).due:
            if item == CONDUCT:
                write(summer, student, item, "Khá")
        if student == summer.both:
            write(summer, student, DECIDED, "KHONG_LEN_LOP", note=BASIS)
        close(summer, student)
        sign(summer, student, "homeroom_teacher", "principal", "clerk")
    assert not any("trong hè" in told for told in why_year_stays(term.cast.year))


def test_merge_waits_for_the_page_of_the_summer(term, summer):
    write(summer, summer.low, MATHS, "6")
    kept = make_student(term.cast.school, "0000000077", summer.low.full_name)
    told = part_of_record(kept, summer.low).obstacles
    assert any("hồ sơ gộp vào đang có kết quả trong hè chưa phát hành" in one for one in told)


# -- By SQL ------------------------------------------------------------------------------------------------------------
INSERT = (
    "INSERT INTO records_summerentry (student_id, school_year_id, school_id, school_class_id, class_period_id, kind, "
    "code, value, note, version_id, by_id) "
    "SELECT %s, c.school_year_id, c.school_id, c.school_class_id, c.id, %s, %s, %s, %s, NULL, %s "
    "FROM records_classperiod c WHERE c.id = %s"
)


def test_database_takes_only_what_is_due_from_whose_it_is(summer):
    cast, low, both = summer.term.cast, summer.low.pk, summer.both.pk

    def tried(student, kind, code, value, by, note="", at=summer.last.pk):
        return attack(INSERT, student, kind, code, value, note, by.pk, at)

    assert tried(low, "MON", "TOAN", "6.5", cast.principal) == "this is not for this person to write"
    assert tried(low, "MON", "TOAN", "6.5", cast.homeroom_teacher) == "this is not for this person to write"
    assert tried(low, "MON", "TOAN", "6.55", cast.maths_teacher) == "a value does not fit what it is about"
    assert tried(low, "MON", "TOAN", "D", cast.maths_teacher) == "a value does not fit what it is about"
    assert tried(low, "RL", "", "TOT", cast.maths_teacher) == "this is not for this person to write"
    assert tried(both, "QD", "", "LEN_LOP", cast.principal, BASIS) == ""
    assert "summer_entry_says_why" in tried(both, "QD", "", "LEN_LOP", cast.principal)
    assert tried(both, "QD", "", "LEN_LOP", cast.homeroom_teacher, BASIS) == "this is not for this person to write"
    waits = "the year of this student does not wait for the summer"
    assert tried(summer.fine.pk, "RL", "", "TOT", cast.homeroom_teacher) == waits
    early = "the summer follows a year that the principal has approved"
    first = summer.last.school_class.periods.get(period__code="HK1").pk
    assert tried(low, "MON", "TOAN", "6.5", cast.maths_teacher, at=first) == early
    close_windows()
    assert tried(low, "MON", "TOAN", "6.5", cast.maths_teacher) == "no entry window of the summer is open"


def test_database_changes_no_entry_and_withdraws_no_page_by_itself(summer):
    write(summer, summer.low, MATHS, "6")
    version = close(summer, summer.low)
    assert attack("UPDATE records_summerentry SET value = '9.0'") == "permission denied for table records_summerentry"
    withdrawn = attack("UPDATE records_pageversion SET state = 'DA_RUT' WHERE id = %s", version.pk)
    assert withdrawn == "a page is withdrawn only when the principal gives it back"
    made = "the page of this summer has been made: nothing is written any more"
    by = summer.term.cast.maths_teacher.pk
    assert attack(INSERT, summer.low.pk, "MON", "TOAN", "9.0", "", by, summer.last.pk) == made


def test_teacher_who_teaches_no_more_writes_no_more(summer):
    TeachingAssignment.objects.filter(teacher=summer.term.cast.maths_teacher).update(
        ends_on=summer.term.cast.year.starts_on
    )
    with pytest.raises(NotAllowed):
        write(summer, summer.low, MATHS, "6")


def test_low_codes_are_those_of_the_class(summer):
    assert set(LOW) == {code for kind, code in summer.case(summer.low).due if kind == SUBJECT}


# -- The form ----------------------------------------------------------------------------------------------------------
def test_longest_words_of_the_summer_fit_the_two_pages(summer):
    long = ("Em chăm chỉ rèn luyện suốt kì nghỉ hè và tiến bộ rõ rệt. " * 11)[:600].strip()
    write(summer, summer.both, CONDUCT, "Đạt", note=long)
    write(summer, summer.both, DECIDED, "LEN_LOP", note=long)
    page = dict(close(summer, summer.both).snapshot)
    page["homeroom_remark"] = long
    content = page_file(page)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 2
    text = " ".join(text_of(content).split())
    assert text.count(long) >= 3  # the homeroom teacher's, after training, the decision's basis
    assert f"Hiệu trưởng {summer.term.cast.principal.full_name} quyết định: {long}" in text
