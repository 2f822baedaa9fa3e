"""What a student brought of a finished term is written down once, counts as the term does, and is corrected by the next
edition alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.actions.homeroom import blockers_of, enter_records, no_absences
from records.actions.preparing import prepare_class
from records.actions.sheets import enter_marks
from records.actions.transferred import bring_term, correct_term, why_not_brought
from records.models import MarkRow, TransferredTerm
from records.models.lacking import lacking_of
from schools.actions.doubts import NotConfirmed
from schools.actions.history import verify_history
from schools.actions.refusals import FaultyFields, NotAllowed, Refused, WrongState
from schools.models import Enrolment, HistoryEntry, Period, SubjectEnrolment
from tests.records.models.attack import attack
from tests.records.moves import enrolment_of
from tests.records.outside import brought, first_term_is_over, newcomer, paper
from tests.records.term import Term, close_windows, fresh, operation

TYPED = "the results of this term were brought from another school: nothing is typed into it"
WHY = "Đọc nhầm dòng trên giấy"


@pytest.fixture
def first(term: Term) -> Period:
    return first_term_is_over(term)


@pytest.fixture
def student(term: Term, first: Period):
    return newcomer(term)


def correct(term: Term, student, **changes):
    more = {name: changes.pop(name) for name in ("correction", "withdrawn", "edition") if name in changes}
    enrolment = enrolment_of(student)
    return correct_term(
        **{"by": fresh(term.cast.clerk), "edition": 1, "correction": WHY, **more}, enrolment=enrolment,
        period=Period.objects.get(school_year=term.cast.year, level="THCS", code="HK1"),
        paper=paper(enrolment.school_class, **changes),
    )  # fmt: skip


# -- It happens -------------------------------------------------------------------------------------------------------
def test_paper_is_stored_as_it_stands_with_its_source(term, student):
    made = brought(term, student, TOAN="7,9", NGU_VAN="8", GDTC="CĐ", TIN_HOC="KHONG_HOC")
    assert {code: made.subjects[code] for code in ("TOAN", "NGU_VAN", "GDTC", "TIN_HOC")} == {
        "TOAN": "7.9", "NGU_VAN": "8.0", "GDTC": "CD", "TIN_HOC": "KHONG_HOC",
    }  # fmt: skip
    assert (made.conduct, made.learning, made.absences, made.edition) == ("KHA", "DAT", 22, 1)
    assert (made.from_school, made.document_number) == ("Trường THCS Trần Phú", "12/GCT")


def test_history_says_who_wrote_it_and_from_which_paper(term, student):
    brought(term, student)
    entry = HistoryEntry.objects.get(table="records_transferredterm")
    assert (entry.action, entry.actor, entry.chain.key) == ("bring_term", term.cast.clerk, term.cast.class_7a.pk)
    assert entry.reason == (
        "Theo bố mẹ chuyển công tác (Trường THCS Trần Phú, Phường Hải Châu, Đà Nẵng, giấy số 12/GCT ngày 20/01/2026)"
    )
    assert verify_history().faults == []


def test_exempted_subject_is_not_asked(term, student):
    taken = SubjectEnrolment.objects.get(student=student, subject__code="GDTC")
    taken.exempt, taken.decision_number, taken.decision_on = True, "12/QĐ", timezone.localdate()
    taken.save()
    with pytest.raises(Refused, match="không học GDTC năm nay"):
        brought(term, student)


# -- The wrong person, the wrong value, the wrong state ---------------------------------------------------------------
@pytest.mark.parametrize("person", ["homeroom_teacher", "maths_teacher", "principal", "other_clerk", "province_admin"])
def test_only_the_clerk_of_the_school_writes_it(term, student, first, person):
    with pytest.raises(NotAllowed):
        bring_term(
            by=fresh(getattr(term.cast, person)), enrolment=enrolment_of(student), period=first,
            paper=paper(term.cast.class_7a),
        )  # fmt: skip
    assert not TransferredTerm.objects.exists()


@pytest.mark.parametrize(
    ("code", "typed", "rule"),
    [
        ("TOAN", "7,95", "điểm lấy đến một chữ số thập phân"),
        ("TOAN", "11", "điểm nằm trong thang từ 0 đến 10"),
        ("TOAN", "V", "“V” (vắng không lí do)"),
        ("TOAN", "", "hoặc chọn “Không học môn này ở trường cũ”"),
        ("GDTC", "8", "ghi Đ (Đạt) hoặc CĐ (Chưa đạt)"),
    ],
)
def test_value_off_the_scale_is_refused_by_name_never_rounded(term, student, code, typed, rule):
    with pytest.raises(FaultyFields) as refused:
        brought(term, student, **{code: typed})
    assert refused.value.faults.keys() == {f"mon_{code}"}
    assert refused.value.faults[f"mon_{code}"].startswith("Phan Thu Hằng, môn ")
    assert rule in refused.value.faults[f"mon_{code}"]


def test_learning_result_that_its_subjects_do_not_come_to_is_asked_about(term, student):
    """Đ9.2: eight times 5,0 are Đạt; the paper may have counted what is not asked here."""
    with pytest.raises(NotConfirmed) as asked:
        brought(term, student, learning="TOT")
    assert asked.value.faults.keys() == {"learning"}
    assert asked.value.faults["learning"].startswith(
        "Theo các môn đã ghi thì kết quả học tập là Đạt, còn ở đây ghi Tốt"
    )
    with pytest.raises(NotConfirmed):
        brought(term, student, learning="KHA", confirmed=asked.value.seen)
    made = brought(term, student, learning="TOT", confirmed=asked.value.seen)
    assert made.learning == "TOT"
    taken_back = correct_term(
        by=fresh(term.cast.clerk), enrolment=enrolment_of(student), period=made.period, edition=1, withdrawn=True,
        paper=paper(term.cast.class_7a, learning="KHA"), correction="Ghi nhầm cho học sinh khác",
    )  # fmt: skip
    assert taken_back.withdrawn


def test_paper_of_a_day_to_come_is_refused_with_all_else(term, student):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(FaultyFields) as refused:
        brought(term, student, document_on=tomorrow, TOAN="11")
    assert refused.value.faults.keys() == {"document_on", "mon_TOAN"}
    assert refused.value.faults["document_on"].startswith(f"Ngày {tomorrow:%d/%m/%Y} chưa đến")
    assert brought(term, student, document_on=timezone.localdate()).edition == 1


def test_subject_the_student_does_not_take_is_refused(term, student):
    with pytest.raises(Refused, match="không học NGOAI_NGU_2 năm nay"):
        brought(term, student, NGOAI_NGU_2="8")


def test_term_that_has_not_ended_is_not_brought(term, student, first):
    Period.objects.filter(pk=first.pk).update(ends_on=timezone.localdate())
    with pytest.raises(WrongState, match="Học kì I chưa kết thúc"):
        brought(term, student)


def test_who_was_here_when_the_term_ended_brings_nothing(term, first):
    with pytest.raises(WrongState, match="học lớp 7A của trường: kết quả kì này là của trường"):
        brought(term, term.cast.student)


def test_last_term_is_not_brought(term, student):
    second = Period.objects.get(school_year=term.cast.year, level="THCS", code="HK2")
    assert "không phải kì mà kết quả" in why_not_brought(enrolment_of(student), second)


def test_own_results_in_the_province_count_instead(term, student):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    row = MarkRow.objects.get(student=student, subject=term.cast.maths)
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    with pytest.raises(WrongState, match="không xóa thì điểm đó được tính"):
        brought(term, student)


def test_stray_cells_are_named_with_who_can_clear_them(term, student, first):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    row = MarkRow.objects.get(student=student, subject=term.cast.maths)
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    record = term.class_period.rows.get(student=student)
    enter_records(
        by=fresh(term.cast.homeroom_teacher), class_period=term.class_period, operations=[operation(record, "RL", "T")]
    )
    assert why_not_brought(enrolment_of(student), first) == (
        "Ở lớp 7A, Học kì I, Phan Thu Hằng đang có Toán: ô TX1 (Lê Thu Hà); phần chủ nhiệm: ô Rèn luyện (Nguyễn Thị "
        "Phương Lan). Nhờ giáo viên có tên trong ngoặc xóa các ô đó thì ghi được kết quả trường cũ; không xóa thì điểm "
        "đó được tính."
    )
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "", "8")])
    enter_records(
        by=fresh(term.cast.homeroom_teacher), class_period=term.class_period,
        operations=[operation(record, "RL", "", "TOT")],
    )  # fmt: skip
    assert brought(term, student).edition == 1


def test_stray_cells_of_a_locked_sheet_say_so(term, student, first):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    row = MarkRow.objects.get(student=student, subject=term.cast.maths)
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    close_windows()
    assert why_not_brought(enrolment_of(student), first).endswith("Sổ đang khóa: Ngoài hạn nhập: sổ đã khóa.")


def test_term_is_brought_once(term, student):
    brought(term, student)
    with pytest.raises(WrongState, match="vừa được ghi hoặc sửa"):
        brought(term, student)


# -- Corrections ------------------------------------------------------------------------------------------------------
def test_correction_is_the_next_edition_and_the_old_one_stays(term, student):
    brought(term, student, TOAN="7,9")
    correct(term, student, TOAN="7,4")
    editions = TransferredTerm.objects.filter(student=student).order_by("edition")
    assert [(one.edition, one.subjects["TOAN"], one.correction) for one in editions] == [
        (1, "7.9", ""), (2, "7.4", WHY),
    ]  # fmt: skip
    assert TransferredTerm.objects.current().get(student=student).edition == 2
    assert HistoryEntry.objects.filter(action="correct_term", actor=term.cast.clerk).exists()


def test_correction_without_a_reason_or_of_what_was_not_shown_is_refused(term, student):
    brought(term, student)
    with pytest.raises(FaultyFields, match="lí do sửa"):
        correct(term, student, correction="  nhầm ")
    correct(term, student)
    with pytest.raises(WrongState, match="vừa được ghi hoặc sửa"):
        correct(term, student, edition=1)


def test_what_was_taken_back_counts_no_more_and_is_typed_again(term, student):
    brought(term, student)
    correct(term, student, withdrawn=True)
    assert not TransferredTerm.objects.current().exists()
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    row = MarkRow.objects.get(student=student, subject=term.cast.maths)
    saved = enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    assert [one.outcome for one in saved.results] == ["ok"]


# -- Nothing is typed beside it, nothing is asked for -----------------------------------------------------------------
@pytest.fixture
def listed(term: Term, student):
    """In the sheets of học kì I of 7A, which are still open, and the term brought."""
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    brought(term, student, TOAN="7,9")
    return student


def test_teacher_and_homeroom_teacher_are_told_and_write_nothing(term, listed):
    row, record = term.maths.rows.get(student=listed), term.class_period.rows.get(student=listed)
    marks = enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    conduct = enter_records(
        by=fresh(term.cast.homeroom_teacher), class_period=term.class_period, operations=[operation(record, "RL", "T")]
    )
    told = "Phan Thu Hằng: kết quả kì này do trường cũ đánh giá, không nhập ở đây."
    assert [(one.outcome, one.message) for one in marks.results + conduct.results] == [("locked", told)] * 2
    no_absences(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period)
    record.refresh_from_db()
    assert record.cells == {}


def test_nothing_of_the_term_is_missing(term, listed):
    assert (term.maths.missing, term.now().missing) == (12, 8)
    fill_others(term)
    assert term.maths.missing == 0
    assert [one for one in lacking_of(listed, term.cast.class_7a) if one.period.code == "HK1"] == []
    assert not any("Phan Thu Hằng" in one for one in blockers_of(term.now()))


def fill_others(term: Term) -> None:
    for student in (term.cast.student, term.cast.classmate):
        row = term.maths.rows.get(student=student)
        cells = {column.code: "8" for column in term.maths.scheme if column.required}
        enter_marks(
            by=fresh(term.cast.maths_teacher), sheet=term.maths,
            operations=[operation(row, code, typed) for code, typed in cells.items()],
        )  # fmt: skip


def test_database_refuses_typing_beside_it(term, listed):
    cells = "UPDATE {} SET cells = %s WHERE student_id = %s"
    assert attack(cells.format("records_markrow"), '{"TX1": "8"}', listed.pk) == TYPED
    assert attack(cells.format("records_periodrecord"), '{"CP": "8"}', listed.pk) == TYPED
    assert attack("UPDATE records_markrow SET average = 8 WHERE student_id = %s", listed.pk) == TYPED


# -- The table --------------------------------------------------------------------------------------------------------
COPY = (
    "INSERT INTO records_transferredterm (student_id, school_year_id, period_id, school_id, school_class_id, edition, "
    "subjects, conduct, learning, excused, unexcused, from_school, from_place, document_number, document_on, reason, "
    "correction, withdrawn, by_id) SELECT {student}, school_year_id, {period}, {school}, {school_class}, {edition}, "
    "{subjects}, conduct, {learning}, {excused}, unexcused, {from_school}, from_place, document_number, document_on, "
    "reason, {correction}, withdrawn, {by} FROM records_transferredterm"
)
SAME = {
    "student": "student_id", "period": "period_id", "school": "school_id", "school_class": "school_class_id",
    "edition": "2", "subjects": "subjects", "learning": "learning", "excused": "excused", "from_school": "from_school",
    "correction": "'Đọc nhầm dòng trên giấy'", "by": "by_id",
}  # fmt: skip


def said(**changes: object) -> str:
    return attack(COPY.format(**{**SAME, **changes}))


def test_next_edition_by_sql_is_taken(term, student):
    brought(term, student)
    assert said() == ""


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"edition": "3"}, "an edition follows the one before"),
        ({"correction": "'   '"}, "transferred_term_corrected_with_reason"),
        ({"subjects": """'{"TOAN": "7.95"}'"""}, "a result does not fit the way the subject is assessed"),
        ({"subjects": """'{"TOAN": "D"}'"""}, "a result does not fit the way the subject is assessed"),
        ({"subjects": """'{"TOAN": 8}'"""}, "a result does not fit the way the subject is assessed"),
        ({"subjects": """'{"KHAC": "8.0"}'"""}, "a result does not fit the way the subject is assessed"),
        ({"subjects": "'{}'"}, "transferred_term_whole"),
        ({"learning": "'GIOI'"}, "transferred_term_whole"),
        ({"excused": "201"}, "transferred_term_absences"),
        ({"from_school": "''"}, "transferred_term_names_its_source"),
        ({"school": "school_id + 1"}, "the term, the class and the school do not belong together"),
        (
            {"period": "(SELECT max(id) FROM schools_period)"},
            "the term, the class and the school do not belong together",
        ),
    ],
)
def test_edition_that_cannot_be_is_refused(term, student, changes, refusal):
    brought(term, student)
    assert refusal in said(**changes)


def test_edition_by_another_person_or_for_another_student_is_refused(term, student):
    brought(term, student)
    assert said(by=term.cast.principal.pk) == "the person does not keep the records of this school"
    here = "the student was here when the term ended, or it has not ended"
    assert said(student=term.cast.student.pk, edition="1", correction="''") == here
    assert said(student=term.cast.other_student.pk, edition="1", correction="''") == "the student is not in this class"


def test_edition_beside_own_results_is_refused(term, student):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    brought(term, student)
    correct(term, student, withdrawn=True)
    row = MarkRow.objects.get(student=student, subject=term.cast.maths)
    enter_marks(by=fresh(term.cast.maths_teacher), sheet=term.maths, operations=[operation(row, "TX1", "8")])
    one = COPY + " WHERE edition = 1"
    assert attack(one.format(**{**SAME, "edition": "3"})) == "the student has own results of this term"


def test_edition_is_never_changed_or_taken_away(term, student):
    brought(term, student)
    denied = "permission denied for table records_transferredterm"
    assert attack("UPDATE records_transferredterm SET learning = 'TOT'") == denied
    assert attack("DELETE FROM records_transferredterm") == denied


def test_day_of_arrival_does_not_matter_when_the_term_was_elsewhere(term, first):
    """Here in September, away when the term ended, and back."""
    late = newcomer(term)
    early = timezone.localdate() - timedelta(days=25)
    Enrolment.objects.create(
        student=late, school_class=term.cast.class_7b, starts_on=early, ends_on=early + timedelta(days=2),
        ending="CHUYEN_TRUONG",
    )  # fmt: skip
    assert why_not_brought(enrolment_of(late), first) == ""
