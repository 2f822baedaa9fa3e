"""Who is tied to a student as parent or guardian, and since when."""

from django.db import IntegrityError
from django.utils import timezone

from hocbaso.lib.vietnamese import normal, plain, short_date
from schools.actions.accounts import new_account
from schools.actions.doubts import ask
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.actions.students import LEAST_REASON
from schools.models import ParentLink, Relation, Student, User
from schools.models.recording import recorded
from schools.permissions import may_edit_student
from schools.rules.identity import phone_number


def tie_parent(
    *, by: User, student: Student, relation: str, full_name: str, phone: str, confirmed: str = ""
) -> ParentLink:
    """Tie a parent or guardian to a student by phone number: the account that has the number is used again if it bears
    the same name, else a new one is made, without a password (a slip opens it). A number may have passed to another
    person, so a name that does not match is refused. NotAllowed, Refused, WrongState when tied already; NotConfirmed
    when the student has a father or mother with another account."""
    if not may_edit_student(by, student):
        raise NotAllowed
    number = phone_number(phone)
    if number is None:
        raise Refused(f"“{phone}” không phải số điện thoại di động Việt Nam (10 chữ số, bắt đầu bằng 0).")
    if relation not in Relation.values:
        raise Refused("Hãy chọn quan hệ: cha, mẹ hoặc người giám hộ.")
    parent = User.objects.filter(phone=number).first()
    if parent is not None:
        _refuse_unfit(by, student, parent, full_name)
    try:
        with recorded(by, "tie_parent", chains=[("SCHOOL", student.school_id)]):
            ask(_second_of_a_kind(student, relation), confirmed)
            parent = parent or new_account(full_name, number, student.school)
            return ParentLink.objects.create(
                student=student, parent=parent, relation=relation, starts_on=timezone.localdate()
            )
    except IntegrityError as error:  # a colleague did the same in this very moment
        raise WrongState("Có người vừa liên kết hoặc vừa lập tài khoản với số này. Hãy xem lại hồ sơ.") from error


def end_parent_tie(*, by: User, link: ParentLink, reason: str) -> ParentLink:
    """From today on the parent sees nothing of the student any more; the tie stays on record. NotAllowed, Refused
    without a reason, WrongState when it ended before (Luật 91/2025/QH15 Đ24)."""
    if not may_edit_student(by, link.student):
        raise NotAllowed
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(f"Thôi liên kết phụ huynh phải ghi lí do (ít nhất {LEAST_REASON} kí tự).")
    with recorded(by, "end_parent_tie", reason=reason.strip(), chains=[("SCHOOL", link.student.school_id)]):
        current = ParentLink.objects.select_for_update(of=("self",)).select_related("parent", "student").get(pk=link.pk)
        if current.ends_on is not None:
            raise WrongState(f"{current.parent} đã thôi liên kết với {current.student} từ trước.")
        current.ends_on = timezone.localdate()
        current.save(update_fields=["ends_on"])
    return current


def _second_of_a_kind(student: Student, relation: str) -> dict[str, str]:
    """One has one father and one mother; a second account is asked about."""
    there = ParentLink.objects.open().filter(student=student, relation=relation).exclude(relation=Relation.GUARDIAN)
    link = there.select_related("parent").first()
    if link is None:
        return {}
    since = short_date(link.starts_on)
    return {
        "relation": f"{student.full_name} đã có {link.get_relation_display().lower()} có tài khoản: {link.parent}, "
        f"liên kết từ {since}. Nếu đổi người hay đổi số điện thoại, hãy thôi liên kết cũ ở trang học sinh trước."
    }


def _refuse_unfit(by: User, student: Student, parent: User, full_name: str) -> None:
    if not parent.is_active:
        raise WrongState("Tài khoản mang số điện thoại này đã khóa. Nhờ nơi quản lí tài khoản mở lại trước.")
    if parent.pk == student.user_id:
        raise Refused(f"Số điện thoại này là của chính {student.full_name}.")
    if plain(parent.full_name) != plain(full_name):
        named = f" ({parent.full_name})" if parent.school_id in by.standing.office_school_ids else ""
        raise Refused(
            f"Số điện thoại này đã là của một tài khoản mang tên khác{named}, không phải “{normal(full_name)}”. "
            "Kiểm tra lại số; nếu đúng là người ấy, hãy ghi họ tên như trên tài khoản."
        )
    if ParentLink.objects.open().filter(student=student, parent=parent).exists():
        raise WrongState(f"{parent.full_name} đã được liên kết với {student.full_name}.")
