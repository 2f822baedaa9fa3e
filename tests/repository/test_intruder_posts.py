"""The intruder writes: every address that names an object, by POST, as people of another school; and objects of another
school smuggled into the forms of one's own. Nothing happens, and the history has no entry of theirs."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Enrolment, HistoryEntry, SchoolClass
from tests.cast import enrol, make_class
from tests.repository.test_access_matrix import NO_OBJECTS
from tests.repository.urls import addresses, examples

# What any of the forms might want: the refusal must not hang on a missing field.
EVERYTHING = {
    "reason": "Lí do đủ dài để qua", "note": "Lí do đủ dài để qua", "on": "01/10/2026", "ends_on": "01/10/2026",
    "starts_on": "01/10/2026", "ending": "CHUYEN_TRUONG", "decision": "approve", "name": "9Z", "full_name": "Kẻ Lạ",
    "relation": "CHA", "phone": "0912345678", "student_code": "0000000001", "confirm": "1", "digest": "x",
}  # fmt: skip


@pytest.mark.parametrize("person", ["intruder", "other_clerk", "other_principal", "parent", "operator", "inspector"])
def test_nobody_from_elsewhere_writes_anything(cast, settings, person):
    settings.SECOND_FACTOR_REQUIRED = False
    values, client = examples(cast), Client()
    user = getattr(cast, person)
    client.force_login(user)
    answers = {}
    for address in addresses():
        if set(address.parameters) - NO_OBJECTS:
            url = reverse(address.name, kwargs={name: values[name] for name in address.parameters})
            answers[address.name] = client.post(url, EVERYTHING).status_code
    allowed = {"parent": {"child", "child_reads"}, "inspector": {"student_number"}}.get(person, set())
    assert {name: code for name, code in answers.items() if code not in {403, 404, 405}}.keys() <= allowed
    assert not HistoryEntry.objects.filter(actor=user).exists()


@pytest.fixture
def own(cast, client, settings):
    """The clerk at work in the own school."""
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.clerk)
    return client


def refused_without_trace(response, cast) -> bool:
    return response.status_code in {404, 422} and not HistoryEntry.objects.filter(actor=cast.clerk).exists()


def test_student_of_another_school_is_not_enrolled(own, cast):
    Enrolment.objects.filter(student=cast.other_student).update(ends_on=timezone.localdate(), ending="THOI_HOC")
    data = {"students": [str(cast.other_student.public_id)], "starts_on": "01/10/2026"}
    response = own.post(reverse("class_enrol", args=[cast.class_7b.public_id]), data)
    assert refused_without_trace(response, cast)


def test_student_is_not_moved_to_a_class_of_another_school(own, cast):
    enrolment = Enrolment.objects.get(student=cast.student)
    data = {"to_class": str(cast.other_class.public_id), "on": "01/10/2026", "reason": "Lí do đủ dài để qua"}
    assert refused_without_trace(own.post(reverse("enrolment_move", args=[enrolment.public_id]), data), cast)


def test_student_is_not_received_before_the_other_school_lets_go(own, cast):
    data = {
        "student_code": cast.other_student.student_code, "personal_id": cast.other_student.personal_id,
        "on": timezone.localdate().strftime("%d/%m/%Y"), "note": "Lí do đủ dài để qua",
    }  # fmt: skip
    response = own.post(reverse("student_receive", args=[cast.class_7b.public_id]), data)
    assert refused_without_trace(response, cast)
    assert cast.other_student.full_name not in response.content.decode()


def test_teacher_of_another_school_is_not_planned(own, cast):
    url = reverse("class_plan", args=[cast.class_7a.public_id])
    fields = own.get(url).context["form"]
    data = dict.fromkeys(fields.fields, "") | {"on": timezone.localdate().strftime("%d/%m/%Y")}
    data |= {name: str(cast.intruder.pk) for name in fields.places}
    assert refused_without_trace(own.post(url, data), cast)


def test_class_is_not_made_in_another_school(own, cast):
    for school in (cast.other_school.pk, cast.other_school.public_id):
        own.post(reverse("class_new"), {"school": str(school), "name": "9Z", "grade_level": "9"})
    assert not SchoolClass.objects.filter(school=cast.other_school, name="9Z").exists()


def test_records_of_two_schools_are_not_merged_by_a_clerk(own, cast):
    url = reverse("merge_preview")
    data = {"kept": str(cast.student.public_id), "merged": str(cast.other_student.public_id)}
    for response in (own.get(url, data), own.post(url, data | {"reason": "Lí do đủ dài để qua", "digest": "x"})):
        assert cast.other_student.full_name not in response.content.decode()
    cast.other_student.refresh_from_db()
    assert cast.other_student.merged_into is None


def test_slips_go_to_nobody_of_another_school(own, cast):
    other = make_class(cast.other_school, cast.year, "8A", 8)
    enrol_again = cast.other_student
    Enrolment.objects.filter(student=enrol_again).update(ends_on=timezone.localdate(), ending="CHUYEN_LOP")
    enrol(enrol_again, other, starts_on=timezone.localdate())
    assert own.post(reverse("slips_of_class", args=[other.public_id])).status_code == 404
    assert own.post(reverse("slip_issue", args=[cast.intruder.public_id])).status_code == 404


def test_principal_writes_no_list(cast, client, settings):
    """The principal's role gives no right to write what the clerk keeps."""
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.principal)
    values = examples(cast)
    kept_by_clerk = (
        "student_edit", "class_enrol", "enrolment_move", "enrolment_leave", "student_receive", "parent_new",
        "student_photo_new", "subject_exemption", "class_electives", "class_plan", "staff_dismiss",
    )  # fmt: skip
    for name in kept_by_clerk:
        parameters = next(address.parameters for address in addresses() if address.name == name)
        url = reverse(name, kwargs={key: values[key] for key in parameters})
        assert client.post(url, EVERYTHING).status_code in {403, 404}, name
    assert not HistoryEntry.objects.filter(actor=cast.principal).exists()
