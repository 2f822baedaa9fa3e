"""Parents are tied to a student by their telephone number, and the tie ends with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.actions.doubts import NotConfirmed
from schools.actions.parents import end_parent_tie, tie_parent
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import HistoryPayload, ParentLink, Student, User
from schools.permissions import is_family_of
from tests.cast import make_user

MOTHER = {"relation": "ME", "full_name": "Lê Thị Hoa", "phone": "0911 222 333"}
REASON = "Theo quyết định của tòa án số 5"


def tie(cast, *, by=None, student=None, **changed):
    return tie_parent(by=by or cast.clerk, student=student or cast.student, **(MOTHER | changed))


def test_parent_without_account_gets_one_without_password(cast):
    link = tie(cast)
    mother = link.parent
    assert (link.student, link.relation, link.starts_on, link.ends_on) == (
        cast.student, "ME", timezone.localdate(), None,
    )  # fmt: skip
    assert (mother.full_name, mother.phone, mother.has_usable_password()) == ("Lê Thị Hoa", "0911222333", False)
    assert is_family_of(mother, cast.student)
    told = HistoryPayload.objects.filter(student=cast.student, entry__action="tie_parent").get()
    assert told.payload["changes"]["parent_id"] == mother.pk


def test_account_with_the_number_is_used_again(cast):
    before = User.objects.count()
    link = tie(cast, student=cast.classmate, relation="CHA", full_name="nguyen van duc", phone="+84 900.000.009")
    assert (link.parent, User.objects.count()) == (cast.parent, before)


def test_teacher_may_be_a_parent_with_the_same_account(cast):
    link = tie(cast, student=cast.other_student, by=cast.other_clerk, full_name="Lê Thu Hà", phone="0900000002")
    assert link.parent == cast.maths_teacher


def test_second_mother_is_asked_about_and_a_second_guardian_is_not(cast):
    first = tie(cast)
    other = {"full_name": "Lê Thị Hồng", "phone": "0911222444"}
    with pytest.raises(NotConfirmed) as asked:
        tie(cast, **other)
    assert asked.value.faults == {
        "relation": f"Nguyễn Minh Anh đã có mẹ có tài khoản: Lê Thị Hoa, liên kết từ {first.starts_on:%d/%m/%Y}. "
        "Nếu đổi người hay đổi số điện thoại, hãy thôi liên kết cũ ở trang học sinh trước."
    }
    assert not User.objects.filter(phone="0911222444").exists()
    assert tie(cast, **other, confirmed=asked.value.seen).parent.full_name == "Lê Thị Hồng"
    tie(cast, relation="GIAM_HO", full_name="Lê Văn Ba", phone="0911222555")
    tie(cast, relation="GIAM_HO", full_name="Lê Văn Tư", phone="0911222666")


def test_mother_whose_tie_ended_is_no_second_one(cast):
    end_parent_tie(by=cast.clerk, link=tie(cast), reason=REASON)
    assert tie(cast, full_name="Lê Thị Hồng", phone="0911222444").relation == "ME"


def test_number_of_somebody_else_is_refused(cast):
    with pytest.raises(Refused, match="mang tên khác"):
        tie(cast, phone="0900000009")
    assert not ParentLink.objects.filter(relation="ME").exists()


def test_name_on_an_account_of_another_school_is_not_told(cast):
    make_user("ph0933333333", "Đinh Thị Kín", cast.other_school, phone="0933333333")
    with pytest.raises(Refused) as refused:
        tie(cast, phone="0933333333")
    assert "Kín" not in str(refused.value)


def test_locked_account_is_not_tied(cast):
    User.objects.filter(pk=cast.parent.pk).update(is_active=False)
    with pytest.raises(WrongState, match="đã khóa"):
        tie(cast, student=cast.classmate, relation="CHA", full_name="Nguyễn Văn Đức", phone="0900000009")


@pytest.mark.parametrize("phone", ["", "12345", "02838230000x", "090000000٩"])
def test_what_is_no_number_is_refused(cast, phone):
    with pytest.raises(Refused, match="không phải số điện thoại"):
        tie(cast, phone=phone)


def test_unknown_relation_is_refused(cast):
    with pytest.raises(Refused, match="quan hệ"):
        tie(cast, relation="ANH")


def test_parent_is_tied_once(cast):
    with pytest.raises(WrongState, match="đã được liên kết"):
        tie(cast, relation="GIAM_HO", full_name="Nguyễn Văn Đức", phone="0900000009")


def test_student_is_not_their_own_parent(cast):
    User.objects.filter(pk=cast.pupil.pk).update(phone="0944444444")
    with pytest.raises(Refused, match="của chính"):
        tie(cast, full_name="Nguyễn Minh Anh", phone="0944444444")


@pytest.mark.parametrize(
    "person", ["other_clerk", "principal", "homeroom_teacher", "province_admin", "parent", "pupil"]
)
def test_parents_are_tied_by_no_other_than_the_clerk(cast, person):
    before = User.objects.count()
    with pytest.raises(NotAllowed):
        tie(cast, by=getattr(cast, person))
    assert User.objects.count() == before


def test_tie_of_a_merged_record_is_refused(cast):
    Student.objects.filter(pk=cast.student.pk).update(merged_into=cast.classmate)
    with pytest.raises(NotAllowed):
        tie(cast, student=Student.objects.get(pk=cast.student.pk))


def test_ended_tie_shows_nothing_from_that_day_on(cast):
    link = end_parent_tie(by=cast.clerk, link=cast.student.parent_links.get(), reason=REASON)
    assert link.ends_on == timezone.localdate()
    assert not is_family_of(cast.parent, cast.student)
    told = HistoryPayload.objects.filter(entry__action="end_parent_tie").get()
    assert (told.student_id, told.entry.reason) == (cast.student.pk, REASON)


def test_ended_tie_may_begin_anew(cast):
    end_parent_tie(by=cast.clerk, link=cast.student.parent_links.get(), reason=REASON)
    tie(cast, relation="CHA", full_name="Nguyễn Văn Đức", phone="0900000009")
    assert is_family_of(cast.parent, cast.student)
    assert cast.student.parent_links.count() == 2


def test_tie_ends_with_a_reason_and_once(cast):
    link = cast.student.parent_links.get()
    with pytest.raises(Refused, match="lí do"):
        end_parent_tie(by=cast.clerk, link=link, reason="ngắn")
    end_parent_tie(by=cast.clerk, link=link, reason=REASON)
    with pytest.raises(WrongState):
        end_parent_tie(by=cast.clerk, link=link, reason=REASON)


@pytest.mark.parametrize("person", ["other_clerk", "principal", "homeroom_teacher", "parent"])
def test_tie_is_ended_by_no_other_than_the_clerk(cast, person):
    with pytest.raises(NotAllowed):
        end_parent_tie(by=getattr(cast, person), link=cast.student.parent_links.get(), reason=REASON)
    assert is_family_of(cast.parent, cast.student)


def test_tie_that_has_not_begun_shows_nothing(cast):
    ParentLink.objects.filter(parent=cast.parent).update(starts_on=timezone.localdate() + timedelta(days=1))
    assert not is_family_of(cast.parent, cast.student)
