"""What a person has to do with classes and students today: one query, asked by every page."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Ties:
    """What a person has to do with classes and students today, beside the roles; and whether anybody has ever granted
    them anything, valid now or not."""

    is_assigned: bool
    leads_class: bool
    is_parent: bool
    is_student: bool
    has_assignment_grants: bool
    has_school_grants: bool


_TIES = """
SELECT EXISTS (SELECT FROM schools_teachingassignment WHERE teacher_id = %(user)s AND starts_on <= %(today)s
               AND (ends_on IS NULL OR ends_on > %(today)s)),
       EXISTS (SELECT FROM schools_homeroomassignment WHERE teacher_id = %(user)s AND starts_on <= %(today)s
               AND (ends_on IS NULL OR ends_on > %(today)s)),
       EXISTS (SELECT FROM schools_parentlink WHERE parent_id = %(user)s AND starts_on <= %(today)s
               AND (ends_on IS NULL OR ends_on > %(today)s)),
       EXISTS (SELECT FROM schools_student WHERE user_id = %(user)s AND merged_into_id IS NULL),
       EXISTS (SELECT FROM schools_assignmentgrant WHERE user_id = %(user)s),
       EXISTS (SELECT FROM schools_schoolgrant WHERE user_id = %(user)s)
"""


def ties_of(user_id: int) -> Ties:
    """The ties of an account, today. The SQL is written out: building it would cost more than asking."""
    with connection.cursor() as cursor:
        cursor.execute(_TIES, {"user": user_id, "today": timezone.localdate()})
        return Ties(*cursor.fetchone())
