"""The school says which columns of the mark sheet each part of a subject writes."""

import pytest
from django.utils import timezone

from schools.actions.assignments import assign_teacher, plan_class, share_columns
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import HistoryEntry, Subject, TeachingAssignment
from schools.models.assignments import planned
from tests.records.models.attack import attack

HISTORY, GEOGRAPHY = "Lịch sử", "Địa lí"
SHARED = {HISTORY: ["TX1", "TX2", "GK"], GEOGRAPHY: ["TX3", "TX4", "CK", "NX"]}


@pytest.fixture
def combined(cast):
    """Lịch sử và Địa lí of 7A, each part with its teacher."""
    subject = Subject.objects.get(code="LS_DL")
    for part, teacher in ((HISTORY, cast.homeroom_teacher), (GEOGRAPHY, cast.maths_teacher)):
        assign_teacher(
            by=cast.clerk, school_class=cast.class_7a, subject=subject, teacher=teacher, part=part,
            on=timezone.localdate(),
        )  # fmt: skip
    return subject


def share(cast, subject, columns=SHARED, by=None):
    share_columns(by=by or cast.clerk, school_class=cast.class_7a, subject=subject, columns=columns)


def held(subject):
    return {tie.part: tie.columns for tie in TeachingAssignment.objects.open().filter(subject=subject)}


def test_parts_get_their_columns_and_the_history_says_so(cast, combined):
    share(cast, combined)
    assert held(combined) == {HISTORY: ["TX1", "TX2", "GK"], GEOGRAPHY: ["TX3", "TX4", "CK", "NX"]}
    entries = HistoryEntry.objects.filter(action="share_columns")
    changes = [entry.payloads.get().payload["changes"]["columns"] for entry in entries.order_by("id")]
    assert changes == [[[], ["TX1", "TX2", "GK"]], [[], ["TX3", "TX4", "CK", "NX"]]]
    assert {(entry.actor, entry.chain.key) for entry in entries} == {(cast.clerk, cast.class_7a.pk)}


def test_parts_change_columns_with_each_other(cast, combined):
    share(cast, combined)
    share(cast, combined, {HISTORY: SHARED[GEOGRAPHY], GEOGRAPHY: SHARED[HISTORY]})
    assert held(combined) == {HISTORY: SHARED[GEOGRAPHY], GEOGRAPHY: SHARED[HISTORY]}
    share(cast, combined, {HISTORY: [], GEOGRAPHY: []})
    assert held(combined) == {HISTORY: [], GEOGRAPHY: []}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({HISTORY: ["TX1", "TX5"]}, "không có cột TX5"),
        ({HISTORY: ["TX1"]}, "phân môn nào cũng phải có cột"),
        ({HISTORY: ["TX1", "GK"], GEOGRAPHY: ["TX2", "GK"]}, "cột GK chỉ giao cho một phân môn"),
        ({HISTORY: ["TX1"], GEOGRAPHY: ["TX2"]}, "cột TX3, TX4, GK, CK chưa giao"),
        ({"": ["TX1"]}, "chỉ chia cột cho từng phân môn"),
        ({"Hình học": ["TX1"]}, "không có phân môn Hình học"),
    ],
)
def test_columns_that_cannot_be_shared_so_are_refused(cast, combined, columns, message):
    with pytest.raises(Refused, match=message):
        share(cast, combined, columns)
    assert held(combined) == {HISTORY: [], GEOGRAPHY: []}


def test_part_without_a_teacher_gets_no_columns(cast):
    with pytest.raises(Refused, match="phân môn Lịch sử: chọn giáo viên"):
        share(cast, Subject.objects.get(code="LS_DL"), {HISTORY: ["TX1"]})


@pytest.mark.parametrize("person", ["principal", "homeroom_teacher", "other_clerk", "province_admin", "intruder"])
def test_only_those_who_plan_share_columns(cast, combined, person):
    with pytest.raises(NotAllowed):
        share(cast, combined, by=getattr(cast, person))


def test_who_takes_a_part_over_takes_its_columns_over(cast, combined):
    share(cast, combined)
    taken_over = assign_teacher(
        by=cast.clerk, school_class=cast.class_7a, subject=combined, teacher=cast.principal, part=HISTORY,
        on=timezone.localdate(),
    )  # fmt: skip
    assert taken_over.columns == SHARED[HISTORY]


def test_plan_of_a_class_gives_teacher_and_columns_at_once(cast):
    subject = Subject.objects.get(code="LS_DL")
    places = {part: (subject.pk, part) for part in SHARED}
    changed = plan_class(
        by=cast.clerk, school_class=cast.class_7a, on=timezone.localdate(), seen={}, columns_seen={},
        chosen={places[HISTORY]: cast.homeroom_teacher, places[GEOGRAPHY]: cast.maths_teacher},
        columns={places[part]: codes for part, codes in SHARED.items()},
    )  # fmt: skip
    assert (changed, held(subject)) == (2, SHARED)


def test_columns_a_colleague_changed_meanwhile_are_not_overwritten(cast, combined):
    share(cast, combined)
    now = {place: [tie.teacher_id for tie in ties] for place, ties in planned(cast.class_7a).items()}
    place = (combined.pk, HISTORY)
    with pytest.raises(WrongState, match=r"Lịch sử và Địa lí \(Lịch sử\): TX1, TX2, GK"):
        plan_class(
            by=cast.clerk, school_class=cast.class_7a, on=timezone.localdate(), seen=now, chosen={},
            columns={place: ["TX1"]}, columns_seen={place: []},
        )  # fmt: skip
    assert held(combined) == SHARED


# -- What the database holds by itself --------------------------------------------------------------------------------
def test_database_refuses_a_column_for_two_parts_at_once(cast, combined):
    share(cast, combined)
    overlapping = "UPDATE schools_teachingassignment SET columns = '{TX1,GK}' WHERE subject_id = %s AND part = %s"
    assert attack(overlapping, combined.pk, GEOGRAPHY) == "a column is written by one part of a subject"
    TeachingAssignment.objects.filter(subject=combined, part=HISTORY).update(ends_on=timezone.localdate())
    assert attack(overlapping, combined.pk, GEOGRAPHY) == ""


def test_database_refuses_a_column_of_no_sheet(cast, combined):
    unknown = "UPDATE schools_teachingassignment SET columns = '{MIENG}' WHERE subject_id = %s"
    assert "teaching_assignment_columns" in attack(unknown, combined.pk)
