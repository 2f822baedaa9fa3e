"""When marks may be entered."""

from datetime import datetime

from schools.actions.refusals import NotAllowed, Refused
from schools.models import EntryWindow, Period, School, User
from schools.models.recording import recorded
from schools.permissions import may_open_window

LEAST_REASON = 10


def open_window(
    *, by: User, school: School, period: Period, opens_at: datetime, closes_at: datetime, reason: str = ""
) -> EntryWindow:
    """Open entry for a period of one of the school's levels. A further window for the same period is an extension and
    needs a reason of at least ten characters (law.md §1.10; setting 18). Returns the window; NotAllowed, Refused."""
    if not may_open_window(by, school):
        raise NotAllowed
    if period.level not in school.levels:
        raise Refused(f"{school} không có cấp {period.get_level_display()}.")
    if closes_at <= opens_at:
        raise Refused("Lúc đóng phải sau lúc mở.")
    with recorded(by, "open_window", reason=reason):
        extended = EntryWindow.objects.filter(school=school, period=period).exists()
        if extended and len(reason.strip()) < LEAST_REASON:
            raise Refused(f"{period.name} đã có hạn nhập. Muốn gia hạn, hãy ghi lí do (ít nhất {LEAST_REASON} kí tự).")
        return EntryWindow.objects.create(
            school=school, period=period, opens_at=opens_at, closes_at=closes_at, reason=reason.strip(), opened_by=by
        )
