"""Looking at a child's record leaves a trace of its own (ReadEntry), beside the history of changes."""

from datetime import timedelta

from django.utils import timezone

from schools.actions.refusals import NotAllowed, Refused
from schools.models import Look, ReadEntry, Student, User
from schools.models.recording import RequestContext, current_request
from schools.permissions import is_close_to, may_uncover_personal_id

# One look an hour says who looked at whom; every page turned would only hide it in noise.
SAME_LOOK = timedelta(hours=1)


def note_look(*, by: User, student: Student) -> ReadEntry | None:
    """Note that ``by`` looked at the student's record: once per person, student and hour, and not for those to whom
    the child is close (permissions.is_close_to). None when nothing had to be noted (peers.md M8; law.md §6.3)."""
    if is_close_to(by, student):
        return None
    recent = ReadEntry.objects.filter(user=by, student=student, what=Look.RECORD)
    if recent.since(timezone.now() - SAME_LOOK).exists():
        return None
    return _note(by, student, Look.RECORD)


def uncover_personal_id(*, by: User, student: Student) -> str:
    """The whole number, for those who may have it; every single time is noted, whoever it is. NotAllowed; Refused when
    the student has none (Luật 91/2025/QH15 Đ24; law.md §6.3)."""
    if not may_uncover_personal_id(by, student):
        raise NotAllowed
    if not student.personal_id:
        raise Refused(f"{student.full_name} chưa có số định danh: {student.personal_id_missing}")
    _note(by, student, Look.NUMBER)
    return student.personal_id


def _note(by: User, student: Student, what: Look) -> ReadEntry:
    request = current_request.get(RequestContext())
    return ReadEntry.objects.create(
        user=by, student=student, what=what, request_id=request.request_id, address=request.address
    )
