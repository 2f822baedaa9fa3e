"""Months of looks at children's records: made ahead, and dropped whole when their time is over."""

from datetime import date

from django.conf import settings
from django.db import connection

from schools.actions.refusals import NotAllowed, WrongState
from schools.actions.rooted_reads import ONE_DAY, Days, days_of_month, days_of_reads, rooted_days
from schools.models import DroppedReads
from schools.models import reads_sql as sql
from schools.models.recording import recorded
from schools.rules.chain import month_digest
from schools.rules.kept_months import is_over, months_after


def make_read_months() -> int:
    """Make the partitions of this month and the next three, and of what was written without one; how many were made.
    Done daily, so that a month stands long before it begins. Source: Luật 91/2025/QH15 (law.md §6.3)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hocbaso_make_read_months()")
        (made,) = cursor.fetchone()
    return int(made)


def drop_old_reads(*, on: date) -> list[DroppedReads]:
    """Drop every whole month of looks that ended READS_MONTHS before that day, each in a transaction of its own and
    with its own entry in the history; its days stay in the signed roots. Only as the tables' owner: NotAllowed
    otherwise. WrongState when a month is not rooted, or not as it was: what may be evidence is kept.
    Source: Luật 91/2025/QH15 (law.md §6.3)."""
    if settings.DATABASE_ROLE != "owner":
        raise NotAllowed("Chỉ chủ sở hữu các bảng (HOCBASO_DATABASE_ROLE=owner) xóa được lượt xem hết thời hạn giữ.")
    with connection.cursor() as cursor:
        cursor.execute(sql.MONTHS)
        months = [month for (month,) in cursor.fetchall()]
    return [_drop(month, on) for month in months if is_over(month, on, settings.READS_MONTHS)]


def _drop(month: date, on: date) -> DroppedReads:
    reason = f"Đã giữ đủ {settings.READS_MONTHS} tháng"
    with recorded(None, "drop_old_reads", method="command", reason=reason), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        days = _unchanged(month)
        dropped = DroppedReads.objects.create(
            month=month,
            looks=sum(looks for looks, _ in days.values()),
            digest=month_digest(days),
            kept_months=settings.READS_MONTHS,
            dropped_on=on,
        )
        cursor.execute(f"DROP TABLE {connection.ops.quote_name(f'schools_readentry_{month:%Y_%m}')}")
    return dropped


def _unchanged(month: date) -> Days:
    """The month's days as the roots have them and as they stand; WrongState when these are not the same."""
    until, said = rooted_days()
    last_day = months_after(month, 1) - ONE_DAY
    if until is None or until < last_day:
        raise WrongState(f"Lượt xem tháng {month:%m/%Y} chưa được neo hết. Chưa xóa gì của tháng này.")
    days = days_of_month(said, month)
    if days != dict(days_of_reads(month, last_day)):
        raise WrongState(f"Lượt xem tháng {month:%m/%Y} khác với mốc neo. Chưa xóa gì; hãy chạy verify_history.")
    return days
