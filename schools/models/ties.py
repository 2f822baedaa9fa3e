"""What a person is and has to do with classes and students today: one query, asked by every page."""

import json
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Ties:
    """The roles a person holds today, the classes and subjects taught and the classes led, by their ids; whether the
    person is a parent or a student; and whether anybody has ever granted them anything, valid now or not."""

    roles: frozenset[tuple[str, int | None, int | None]]
    taught: frozenset[tuple[int, int]]
    led_classes: frozenset[int]
    is_parent: bool
    is_student: bool
    has_assignment_grants: bool
    has_school_grants: bool

    @property
    def is_assigned(self) -> bool:
        return bool(self.taught)

    @property
    def leads_class(self) -> bool:
        return bool(self.led_classes)


_TIES = """
SELECT (SELECT coalesce(json_agg(json_build_array(role, school_id, authority_id)), '[]') FROM schools_roleassignment
        WHERE user_id = %(user)s AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on > %(today)s))::text,
       (SELECT coalesce(json_agg(json_build_array(school_class_id, subject_id)), '[]') FROM schools_teachingassignment
        WHERE teacher_id = %(user)s AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on > %(today)s))::text,
       ARRAY(SELECT school_class_id FROM schools_homeroomassignment WHERE teacher_id = %(user)s
             AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on > %(today)s)),
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
        roles, taught, led, *rest = cursor.fetchone()
    held = frozenset((role, school, authority) for role, school, authority in json.loads(roles))
    return Ties(held, frozenset((one, subject) for one, subject in json.loads(taught)), frozenset(led), *rest)
