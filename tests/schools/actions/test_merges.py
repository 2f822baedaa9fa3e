"""Two records of one student become one, exactly as previewed; nothing is deleted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from schools.actions.merge_plan import ADDED_PARTS, AddedPart
from schools.actions.merges import PreviewOutdated, merge_students, preview_merge
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Enrolment, HistoryPayload, ParentLink, Student, StudentMerge, Subject, SubjectEnrolment
from tests.cast import enrol, long_ago, make_student, make_user

REASON = "Nhập trùng khi chuyển trường"


@pytest.fixture
def twin(cast):
    """A second record of the cast's student in her own school: no number, not in a class, with what hers lacks."""
    return make_student(
        cast.school,
        "0000000091",
        "Nguyễn Minh Anh",
        personal_id=None,
        personal_id_missing="Đang chờ cấp",
        hometown="Huế",
        mother_name="Lê Thị Hoa",
        gender="NU",
    )


@pytest.fixture
def abroad(cast):
    """A record of the same student at the other school, with the number hers could lack."""
    return make_student(cast.other_school, "0000000092", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")


def merge(by, kept, merged, reason=REASON):
    plan = preview_merge(by=by, kept=kept, merged=merged)
    return merge_students(by=by, kept=kept, merged=merged, digest=plan.digest, reason=reason)


def again(student):
    return Student.objects.get(pk=student.pk)


def subject(student, code, school, year, **fields):
    return SubjectEnrolment.objects.create(
        student=student,
        school=school,
        school_year=year,
        subject=Subject.objects.get(code=code),
        choice="BAT_BUOC",
        **fields,
    )


# -- What is kept, what moves -----------------------------------------------------------------------------------------
def test_empty_fields_are_filled_and_the_rest_stays(cast, twin):
    plan = preview_merge(by=cast.clerk, kept=cast.student, merged=twin)
    assert plan.filled == {"hometown": "Huế", "mother_name": "Lê Thị Hoa"}
    shown = {choice.label: (choice.kept, choice.merged, choice.result, choice.differs) for choice in plan.choices}
    assert shown["quê quán"] == ("", "Huế", "Huế", False)
    assert shown["mã học sinh"] == ("0000000001", "0000000091", "0000000001", True)
    assert shown["số định danh cá nhân"][2] == "•••••••••001"
    assert shown["lí do chưa có số định danh"] == ("", "Đang chờ cấp", "", False)
    merge(cast.clerk, cast.student, twin)
    kept = again(cast.student)
    assert (kept.hometown, kept.mother_name, kept.student_code) == ("Huế", "Lê Thị Hoa", "0000000001")


def test_merged_record_stays_and_leads_to_the_kept_one(cast, twin):
    done = merge(cast.clerk, cast.student, twin)
    assert (again(twin).merged_into, again(twin).student_code) == (cast.student, "0000000091")
    assert (done.kept, done.merged, done.by, done.reason, done.school) == (
        cast.student, twin, cast.clerk, REASON, cast.school,
    )  # fmt: skip
    assert list(Student.objects.current().named_like("0000000091")) == [cast.student]
    assert twin not in Student.objects.current()


def test_number_moves_where_the_kept_record_has_none(cast, twin):
    done = merge(cast.clerk, twin, cast.student)
    assert (again(twin).personal_id, again(twin).personal_id_missing) == (cast.student.personal_id, "")
    assert again(cast.student).personal_id is None
    assert "personal_id" in done.moved["fields"]


def test_enrolments_subjects_parents_and_account_move(cast, twin):
    row = cast.taken
    enrolment = cast.student.enrolments.get()
    link = cast.student.parent_links.get()
    done = merge(cast.clerk, twin, cast.student)
    assert [list(twin.enrolments.all()), list(twin.subject_enrolments.all()), list(twin.parent_links.all())] == [
        [enrolment], [row], [link],
    ]  # fmt: skip
    assert (again(twin).user, again(cast.student).user) == (cast.pupil, None)
    assert done.moved == {
        "fields": ["personal_id"],
        "enrolments": [enrolment.pk],
        "joined_enrolments": [],
        "subject_enrolments": [row.pk],
        "dropped_subject_enrolments": [],
        "parent_links": [link.pk],
        "ended_parent_links": [],
        "account": cast.pupil.pk,
        "closed_account": None,
        "earlier_merges": [],
    }


def test_second_account_is_closed_not_lost(cast, twin):
    second = make_user("hs0000000091", "Nguyễn Minh Anh", cast.school)
    Student.objects.filter(pk=twin.pk).update(user=second)
    merge(cast.clerk, cast.student, again(twin))
    second.refresh_from_db()
    assert (again(cast.student).user, again(twin).user, second.is_active) == (cast.pupil, second, False)


def test_parent_tied_to_both_keeps_one_tie(cast, twin):
    double = ParentLink.objects.create(student=twin, parent=cast.parent, relation="CHA", starts_on=long_ago())
    mother = make_user("ph0900000010", "Lê Thị Hoa", cast.school, phone="0900000010")
    other = ParentLink.objects.create(student=twin, parent=mother, relation="ME", starts_on=long_ago())
    done = merge(cast.clerk, cast.student, twin)
    assert set(cast.student.parent_links.open()) == {cast.student.parent_links.get(parent=cast.parent), other}
    double.refresh_from_db()
    assert (double.student, double.ends_on) == (twin, timezone.localdate())
    assert done.moved["ended_parent_links"] == [double.pk]


def test_periods_that_follow_each_other_are_joined_across_schools(cast, abroad):
    """She came from the other school in mid-year and was entered anew: the province's administrator joins the two."""
    moved_on = cast.year.starts_on + timedelta(days=60)
    Enrolment.objects.filter(student=cast.student).update(starts_on=moved_on)
    old = enrol(abroad, cast.other_class, ends_on=moved_on, ending="CHUYEN_TRUONG")
    here = cast.taken
    there = subject(abroad, "TOAN", cast.other_school, cast.year)
    only_there = subject(abroad, "NGU_VAN", cast.other_school, cast.year)
    done = merge(cast.province_admin, cast.student, abroad)
    assert cast.student.enrolments.earliest("starts_on") == old
    assert set(cast.student.subject_enrolments.open()) == {here, only_there}
    there.refresh_from_db()
    assert (there.student, there.dropped_on) == (cast.student, timezone.localdate())
    assert done.moved["dropped_subject_enrolments"] == [there.pk]


def test_subjects_are_told_in_one_line_for_a_year_and_school(cast, twin):
    subject(twin, "TOAN", cast.school, cast.year, exempt=True, decision_number="12/QĐ", decision_on=date(2026, 9, 9))
    subject(twin, "NGU_VAN", cast.school, cast.year)
    subject(twin, "TIN_HOC", cast.school, cast.year)
    subject(twin, "CONG_NGHE", cast.school, cast.year, dropped_on=cast.year.starts_on)
    plan = preview_merge(by=cast.clerk, kept=cast.student, merged=twin)
    place = f"Môn học, năm học {cast.year.label}, Trường THCS Nguyễn Du"
    assert plan.subject_words == [f"{place}: Ngữ văn; Tin học"]
    assert plan.dropped_subject_words == [f"{place}: Toán (QĐ 12/QĐ: hãy ghi lại sau khi gộp)"]


def test_record_goes_to_the_school_where_the_student_is(cast, abroad):
    """Kept: the old record; the open enrolment is at the other school, and its subjects are the ones that count."""
    left = cast.year.starts_on + timedelta(days=60)
    Enrolment.objects.filter(student=cast.student).update(ends_on=left, ending="CHUYEN_TRUONG")
    enrol(abroad, cast.other_class, starts_on=left)
    here = cast.taken
    there = subject(abroad, "TOAN", cast.other_school, cast.year)
    done = merge(cast.province_admin, cast.student, abroad)
    assert (again(cast.student).school, done.school) == (cast.other_school, cast.other_school)
    assert set(cast.student.subject_enrolments.open()) == {there}
    here.refresh_from_db()
    assert here.dropped_on == timezone.localdate()


def test_same_class_twice_becomes_one_enrolment(cast, twin):
    kept_enrolment = cast.student.enrolments.get()
    earlier = kept_enrolment.starts_on - timedelta(days=3)
    double = enrol(twin, cast.class_7a, starts_on=earlier)
    done = merge(cast.clerk, cast.student, twin)
    kept_enrolment.refresh_from_db()
    double.refresh_from_db()
    assert (kept_enrolment.starts_on, kept_enrolment.ends_on) == (earlier, None)
    assert (double.student, double.ends_on, double.ending) == (twin, double.starts_on, "GHI_NHAM")
    assert done.moved["joined_enrolments"] == [[kept_enrolment.pk, double.pk]]


def test_same_class_closed_here_and_open_there_becomes_one_open_enrolment(cast, twin):
    Enrolment.objects.filter(student=cast.student).update(
        ends_on=cast.year.starts_on + timedelta(days=30), ending="GHI_NHAM"
    )
    enrol(twin, cast.class_7a, starts_on=cast.year.starts_on + timedelta(days=10))
    merge(cast.clerk, cast.student, twin)
    enrolment = cast.student.enrolments.get()
    assert (enrolment.starts_on, enrolment.ends_on, enrolment.ending) == (cast.year.starts_on, None, "")


def test_records_merged_before_lead_to_the_last_one(cast, twin):
    third = make_student(cast.school, "0000000093", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")
    merge(cast.clerk, twin, third)
    done = merge(cast.clerk, cast.student, again(twin))
    assert again(third).merged_into == cast.student
    assert done.moved["earlier_merges"] == [third.pk]
    assert list(Student.objects.current().named_like("0000000093")) == [cast.student]


# -- What cannot be joined --------------------------------------------------------------------------------------------
def test_two_open_enrolments_in_different_classes_are_refused(cast, twin):
    enrol(twin, cast.class_7b)
    with pytest.raises(WrongState) as refused:
        merge(cast.clerk, cast.student, twin)
    assert "lớp 7A, Trường THCS Nguyễn Du và lớp 7B, Trường THCS Nguyễn Du" in str(refused.value)
    assert again(twin).merged_into is None


def test_same_period_in_two_schools_is_refused(cast, abroad):
    start = date(cast.year.first_year - 1, 9, 5)
    for student, school_class in ((cast.student, cast.class_7b), (abroad, cast.other_class)):
        Enrolment.objects.create(
            student=student, school_class=school_class, starts_on=start, ends_on=start + timedelta(days=90),
            ending="HOAN_THANH",
        )  # fmt: skip
    plan = preview_merge(by=cast.province_admin, kept=cast.student, merged=abroad)
    assert len(plan.obstacles) == 1
    assert plan.obstacles[0].startswith(f"Trùng thời gian học: lớp 7B, Trường THCS Nguyễn Du (từ 05/09/{start.year}")
    with pytest.raises(WrongState):
        merge(cast.province_admin, cast.student, abroad)


def test_two_numbers_are_two_persons(cast):
    with pytest.raises(WrongState, match="hai số định danh khác nhau"):
        merge(cast.clerk, cast.student, cast.classmate)


def test_record_is_not_merged_twice_nor_into_itself(cast, twin):
    merge(cast.clerk, cast.student, twin)
    with pytest.raises(WrongState, match="đã gộp vào hồ sơ khác"):
        merge(cast.clerk, again(cast.student), again(twin))
    with pytest.raises(WrongState, match="là một"):
        merge(cast.clerk, again(cast.student), again(cast.student))


def test_merge_needs_a_reason(cast, twin):
    with pytest.raises(Refused, match="lí do"):
        merge(cast.clerk, cast.student, twin, reason="ngắn")


@pytest.mark.parametrize("person", ["other_clerk", "principal", "homeroom_teacher", "inspector", "parent"])
def test_records_are_merged_by_no_other_than_clerk_and_administrator(cast, twin, person):
    with pytest.raises(NotAllowed):
        preview_merge(by=getattr(cast, person), kept=cast.student, merged=twin)
    digest = preview_merge(by=cast.clerk, kept=cast.student, merged=twin).digest
    with pytest.raises(NotAllowed):
        merge_students(by=getattr(cast, person), kept=cast.student, merged=twin, digest=digest, reason=REASON)
    assert not StudentMerge.objects.exists()


@pytest.mark.parametrize("person", ["clerk", "other_clerk"])
def test_clerk_does_not_merge_across_schools(cast, abroad, person):
    with pytest.raises(NotAllowed):
        preview_merge(by=getattr(cast, person), kept=cast.student, merged=abroad)


# -- Exactly the preview ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["field", "enrolment", "subject", "parent", "account"])
def test_what_changed_after_the_preview_is_previewed_again(cast, twin, change):
    digest = preview_merge(by=cast.clerk, kept=cast.student, merged=twin).digest
    if change == "field":
        Student.objects.filter(pk=twin.pk).update(address="Chỗ mới")
    elif change == "enrolment":
        enrol(twin, cast.class_7b, ends_on=cast.year.starts_on, ending="GHI_NHAM")
    elif change == "subject":
        subject(twin, "TOAN", cast.school, cast.year)
    elif change == "parent":
        ParentLink.objects.filter(student=cast.student).update(ends_on=timezone.localdate())
    else:
        Student.objects.filter(pk=cast.student.pk).update(user=None)
    with pytest.raises(PreviewOutdated):
        merge_students(by=cast.clerk, kept=cast.student, merged=twin, digest=digest, reason=REASON)
    assert again(twin).merged_into is None


def test_preview_the_other_way_round_is_another_preview(cast, twin):
    digest = preview_merge(by=cast.clerk, kept=cast.student, merged=twin).digest
    with pytest.raises(PreviewOutdated):
        merge_students(by=cast.clerk, kept=twin, merged=cast.student, digest=digest, reason=REASON)


# -- What apps above add ----------------------------------------------------------------------------------------------
@pytest.fixture
def added(monkeypatch):
    """A part that an app above adds: what it says can be changed, and it notes that it was carried out."""
    said = {"obstacles": [], "state": [1], "chains": set(), "done": []}

    def part(kept, merged):
        def carry_out(by):
            said["done"].append((by, again(merged).merged_into, StudentMerge.objects.count()))

        words = [f"Từ {merged.student_code} sang {kept.student_code}"]
        return AddedPart(words, said["obstacles"], said["chains"], said["state"], {"things": [5]}, carry_out)

    monkeypatch.setattr("schools.actions.merge_plan.ADDED_PARTS", [*ADDED_PARTS, part])
    return said


def test_part_of_an_app_above_is_told_carried_out_and_listed(cast, twin, added):
    plan = preview_merge(by=cast.clerk, kept=cast.student, merged=twin)
    assert plan.added_words == ["Từ 0000000091 sang 0000000001"]
    assert not plan.moves_nothing
    done = merge(cast.clerk, cast.student, twin)
    assert done.moved["things"] == [5]
    assert added["done"] == [(cast.clerk, cast.student, 1)]


def test_obstacle_of_an_app_above_stops_the_merge(cast, twin, added):
    added["obstacles"] = ["Hai sổ ghi khác nhau."]
    with pytest.raises(WrongState, match="Hai sổ ghi khác nhau"):
        merge(cast.clerk, cast.student, twin)
    assert (added["done"], again(twin).merged_into) == ([], None)


def test_what_changed_in_an_app_above_is_previewed_again(cast, twin, added):
    digest = preview_merge(by=cast.clerk, kept=cast.student, merged=twin).digest
    added["state"] = [2]
    with pytest.raises(PreviewOutdated):
        merge_students(by=cast.clerk, kept=cast.student, merged=twin, digest=digest, reason=REASON)


def test_chains_of_an_app_above_are_locked_as_well(cast, twin, added):
    added["chains"] = {("CLASS", cast.class_7b.pk), ("SCHOOL", cast.school.pk)}
    plan = preview_merge(by=cast.clerk, kept=cast.student, merged=twin)
    assert plan.chains == sorted({("CLASS", cast.class_7a.pk), *added["chains"]})


def test_history_of_both_schools_tells_the_merge(cast, abroad):
    moved_on = cast.year.starts_on + timedelta(days=60)
    Enrolment.objects.filter(student=cast.student).update(starts_on=moved_on)
    enrol(abroad, cast.other_class, ends_on=moved_on, ending="CHUYEN_TRUONG")
    merge(cast.province_admin, cast.student, abroad)
    payloads = HistoryPayload.objects.filter(entry__action="merge_students", entry__reason=REASON)
    told = {(p.entry.chain.kind, p.entry.chain.key, p.payload["table"], p.student_id) for p in payloads}
    assert {
        ("SCHOOL", cast.other_school.pk, "schools_student", abroad.pk),
        ("SCHOOL", cast.school.pk, "schools_studentmerge", cast.student.pk),
        ("CLASS", cast.other_class.pk, "schools_enrolment", cast.student.pk),
        ("CLASS", cast.other_class.pk, "schools_enrolment", abroad.pk),
    } <= told
