"""What stands on every page: the school year, and the periods of today at the levels a person has to do with. One
query, asked by every page."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from schools.models.authorities import Level
from schools.models.people import Role, User
from schools.rules.levels import LOWER_SECONDARY, level_of


@dataclass(frozen=True)
class Today:
    """The first calendar year of the school year, and level → code of the period that runs or ran last in it, in the
    order of the levels; a level whose first period is still to come has none."""

    first_year: int
    periods: dict[str, str]

    @property
    def year_label(self) -> str:
        return f"{self.first_year}–{self.first_year + 1}"


# The year of today; between two years the one that began last, before the first one the one that begins next, as
# SchoolYearQuerySet.on says it.
_TODAY = """
SELECT year.first_year,
       (SELECT coalesce(json_object_agg(level, code), '{}') FROM (
            SELECT DISTINCT ON (level) level, code FROM schools_period
            WHERE school_year_id = year.id AND starts_on <= %(today)s ORDER BY level, position DESC) period)::text,
       ARRAY(SELECT DISTINCT unnest(levels) FROM schools_school WHERE id = ANY(%(schools)s)),
       ARRAY(SELECT DISTINCT grade_level FROM schools_schoolclass WHERE id = ANY(%(classes)s)
             OR id IN (SELECT school_class_id FROM schools_enrolment WHERE ends_on IS NULL AND student_id IN (
                SELECT id FROM schools_student WHERE user_id = %(family)s AND merged_into_id IS NULL
                UNION ALL
                SELECT student_id FROM schools_parentlink WHERE parent_id = %(family)s
                AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on > %(today)s))))
FROM schools_schoolyear year ORDER BY year.starts_on > %(today)s, abs(year.starts_on - %(today)s) LIMIT 1
"""


def today_of(user: User) -> Today | None:
    """The year and the periods of today as the person needs them: the levels of the classes one teaches and of the
    schools one keeps or directs; of the own children's classes for a family; lower secondary for all others. None
    before the first school year. By the server's clock and the stored dates, each time: nothing is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, {"today": timezone.localdate(), **_places(user)})
        found = cursor.fetchone()
    if found is None:
        return None
    first_year, periods, of_schools, grades = found
    known, levels = json.loads(periods), {*of_schools, *map(level_of, grades)} or {LOWER_SECONDARY}
    return Today(first_year, {level: known[level] for level in Level.values if level in levels & known.keys()})


def _places(user: User) -> dict[str, Any]:
    """Where to look for levels. A teacher without classes is asked about by the school."""
    ties, standing = user.ties, user.standing
    classes = {school_class for school_class, _ in ties.taught} | ties.led_classes
    schools = standing.office_school_ids or (frozenset() if classes else standing.schools_as(Role.TEACHER))
    return {"classes": list(classes), "schools": list(schools), "family": None if ties.roles else user.pk}
