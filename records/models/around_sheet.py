"""What decides about a sheet besides its cells: one query, asked by every look at it and by every save."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from records.rules import signoff


@dataclass(frozen=True)
class Teaching:
    """Somebody who teaches the subject in the class today; ``columns`` are the codes they may write, none means all."""

    assignment_id: int
    teacher_id: int
    teacher: str
    columns: frozenset[str]
    part: str = ""

    @property
    def named(self) -> str:
        """“Nguyễn Thị Phương Lan (Hóa học)”."""
        return f"{self.teacher} ({self.part})" if self.part else self.teacher


@dataclass(frozen=True)
class Confirmed:
    """A confirmation of the sheet that has not been taken back."""

    assignment_id: int
    by: str
    at: datetime


@dataclass(frozen=True)
class AroundSheet:
    """The state of the class, whether an entry window of the school is open, who teaches, who has confirmed, and by
    their ids the students on the class's list, those exempt from the subject (TT 22/2021 Đ11), those whose cụm chuyên
    đề may count here, as they take it and it counts in no other term (Đ6.3), and those who brought the term's results
    from another school, with the subject's (law.md §1.4)."""

    class_state: str
    window_is_open: bool
    teaching: tuple[Teaching, ...]
    confirmed: tuple[Confirmed, ...]
    on_list: frozenset[int]
    exempt: frozenset[int]
    topics: frozenset[int]
    brought: Mapping[int, str]

    @property
    def class_is_writable(self) -> bool:
        return self.class_state in signoff.WRITABLE

    @property
    def unconfirmed(self) -> tuple[Teaching, ...]:
        """Who still has to confirm."""
        confirmed = {one.assignment_id for one in self.confirmed}
        return tuple(one for one in self.teaching if one.assignment_id not in confirmed)

    @property
    def assessed(self) -> frozenset[int]:
        """The students whose cells are required."""
        return self.on_list - self.exempt - self.brought.keys()


_AROUND = """
SELECT c.state,
       EXISTS (SELECT FROM schools_entrywindow w WHERE w.school_id = s.school_id AND w.period_id = s.period_id
               AND w.opens_at <= %(now)s AND w.closes_at > %(now)s),
       (SELECT coalesce(json_agg(json_build_array(t.id, t.teacher_id, u.full_name, t.columns, t.part) ORDER BY t.id),
                        '[]')
        FROM schools_teachingassignment t JOIN schools_user u ON u.id = t.teacher_id
        WHERE t.school_class_id = s.school_class_id AND t.subject_id = s.subject_id
        AND t.starts_on <= %(today)s AND (t.ends_on IS NULL OR t.ends_on > %(today)s))::text,
       (SELECT coalesce(json_agg(json_build_array(k.assignment_id, u.full_name, k.confirmed_at) ORDER BY k.id), '[]')
        FROM records_sheetconfirmation k JOIN schools_user u ON u.id = k.by_id
        WHERE k.sheet_id = s.id AND k.withdrawn_at IS NULL)::text,
       ARRAY(SELECT e.student_id FROM schools_enrolment e WHERE e.school_class_id = s.school_class_id
             AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH')),
       ARRAY(SELECT e.student_id FROM schools_subjectenrolment e WHERE e.school_id = s.school_id
             AND e.subject_id = s.subject_id AND e.school_year_id = s.school_year_id
             AND e.exempt AND e.dropped_on IS NULL),
       CASE WHEN s.columns @> '[{"code": "CD"}]' THEN
       ARRAY(SELECT e.student_id FROM schools_subjectenrolment e WHERE e.school_id = s.school_id
             AND e.subject_id = s.subject_id AND e.school_year_id = s.school_year_id
             AND e.with_topics AND e.dropped_on IS NULL
             AND NOT EXISTS (SELECT FROM records_markrow r WHERE r.student_id = e.student_id
                             AND r.school_year_id = s.school_year_id AND r.subject_id = s.subject_id
                             AND r.period_id <> s.period_id AND r.cells ? 'CD'))
       ELSE '{}' END,
       (SELECT coalesce(json_object_agg(t.student_id, coalesce(t.subjects ->> b.code, '')), '{}')
        FROM records_transferredterm t JOIN schools_subject b ON b.id = s.subject_id
        WHERE t.period_id = s.period_id AND NOT t.withdrawn AND NOT EXISTS (
            SELECT FROM records_transferredterm l WHERE l.student_id = t.student_id AND l.period_id = t.period_id
            AND l.edition > t.edition)
        AND EXISTS (SELECT FROM schools_enrolment e WHERE e.student_id = t.student_id
                    AND e.school_class_id = s.school_class_id))::text
FROM records_marksheet s
JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
WHERE s.id = %(sheet)s
"""


def around_sheet(sheet_id: int) -> AroundSheet:
    """As things are now. The SQL is written out: building it would cost more than asking."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"sheet": sheet_id, "now": timezone.now(), "today": timezone.localdate()})
        state, window, teaching, confirmed, on_list, exempt, topics, brought = cursor.fetchone()
    return AroundSheet(
        state,
        window,
        tuple(Teaching(key, who, name, frozenset(own), part) for key, who, name, own, part in json.loads(teaching)),
        tuple(Confirmed(key, name, datetime.fromisoformat(at)) for key, name, at in json.loads(confirmed)),
        frozenset(on_list),
        frozenset(exempt),
        frozenset(topics),
        {int(key): value for key, value in json.loads(brought).items()},
    )
