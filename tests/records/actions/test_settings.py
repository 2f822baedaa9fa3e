"""What the Sở settles: who may, what changes with it, what stays, and that the database asks the same."""

import pytest
from django.urls import reverse
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.results import store_results
from records.actions.settings import answer_to, made_before, settle
from records.models import MarkSheet, RuleSetting
from records.rules.settings import QUESTIONS
from schools.actions.refusals import FaultyFields, NotAllowed, WrongState
from schools.models import CurriculumSubject, HistoryEntry, Period, SchoolYear, SubjectEnrolment
from tests.records.models.attack import attack
from tests.records.primary import make_primary
from tests.records.term import fresh, submitted
from tests.records.views.looking import at_door, signed_in

KEYS = {one.key: one for one in QUESTIONS}
REASON = "Công văn số 12 ngày 01/09"


def change(cast, key, answer, by=None, reason=REASON, seen=None):
    question = KEYS[key]
    return settle(
        by=fresh(by or cast.province_admin), year=cast.year, question=question, answer=answer, reason=reason,
        seen=answer_to(cast.year, question) if seen is None else seen,
    )  # fmt: skip


# -- Who and what ------------------------------------------------------------------------------------------------------
def test_default_holds_until_the_province_says_otherwise(cast):
    assert answer_to(cast.year, KEYS["TU_CHON"]) == "KHONG_TINH"
    change(cast, "TU_CHON", "TINH")
    assert answer_to(cast.year, KEYS["TU_CHON"]) == "TINH"
    change(cast, "TU_CHON", "KHONG_TINH")
    assert [one.value for one in RuleSetting.objects.order_by("id")] == ["TINH", "KHONG_TINH"]
    entry = HistoryEntry.objects.filter(table="records_rulesetting").order_by("id")[0]
    assert (entry.actor, entry.reason, entry.action) == (cast.province_admin, REASON, "settle_rule")


@pytest.mark.parametrize("person", ["principal", "clerk", "inspector", "commune_officer", "operator", "parent"])
def test_nobody_else_settles(cast, person):
    with pytest.raises(NotAllowed):
        change(cast, "TU_CHON", "TINH", by=getattr(cast, person))


def test_a_reason_an_answer_and_the_newest_are_asked_for(cast):
    with pytest.raises(FaultyFields, match="lí do"):
        change(cast, "TU_CHON", "TINH", reason="vì")
    with pytest.raises(FaultyFields, match="chọn một cách"):
        change(cast, "TU_CHON", "CO")
    with pytest.raises(FaultyFields, match="đang có hiệu lực"):
        change(cast, "TU_CHON", "KHONG_TINH")
    with pytest.raises(WrongState, match="vừa được đổi"):
        change(cast, "TU_CHON", "TINH", seen="TINH")


def test_closed_year_keeps_its_answers(cast):
    SchoolYear.objects.filter(pk=cast.year.pk).update(closed_at=timezone.now())
    with pytest.raises(WrongState, match="đã đóng"):
        change(cast, "TU_CHON", "TINH")
    assert (
        attack(INSERT, cast.year.pk, "TU_CHON", "TINH", REASON, cast.province_admin.pk) == "the school year is closed"
    )


# -- What changes ------------------------------------------------------------------------------------------------------
def test_optional_subject_counts_once_it_is_said(term, handed_in):
    cast, class_period = term.cast, term.now()
    taken = SubjectEnrolment.objects.filter(subject__code="TOAN", school_year=cast.year)
    taken.update(choice=CurriculumSubject.Choice.OPTIONAL)
    year = store_results(class_period)[0]
    assert year.counts("TOAN") is False
    change(cast, "TU_CHON", "TINH")
    assert store_results(class_period)[0].counts("TOAN") is True


def test_results_of_submitted_classes_stay(term):
    submitted(term)
    before = list(term.now().rows.values_list("pk", "learning"))
    change(term.cast, "DIEU_CHINH_MON", "MON_DIEM")
    assert list(term.now().rows.values_list("pk", "learning")) == before
    assert made_before(term.cast.year, "TT22-2021") == 1
    assert made_before(term.cast.year, "TT27-2020") == 0


def test_lowest_score_is_of_the_sheets_made_after(cast):
    primary = make_primary(cast)
    first = primary.sheets(primary.begin("GK1"))["TOAN"]
    change(cast, "DIEM_THAP_NHAT", "0")
    then = primary.sheets(primary.begin("CK1"))["TOAN"]
    scales = [next(one.scale for one in sheet.scheme if one.code == "KT") for sheet in (first, then)]
    assert scales == ["DIEM_NGUYEN", "DIEM_NGUYEN_0"]
    first.refresh_from_db()
    assert next(one.scale for one in first.scheme if one.code == "KT") == "DIEM_NGUYEN"


def test_topics_have_no_column_where_the_province_says_so(cast):
    school_class = cast.class_7a.__class__.objects.create(
        school=cast.high_school, school_year=cast.year, grade_level=10, name="10A", rule_set="TT22-2021"
    )
    change(cast, "CHUYEN_DE", "KHONG")
    period = Period.objects.get(school_year=cast.year, level="THPT", code="HK1")
    prepare_class(by=None, school_class=school_class, period=period)
    codes = {
        column["code"] for sheet in MarkSheet.objects.filter(school_class=school_class) for column in sheet.columns
    }
    assert "CD" not in codes


# -- The screen --------------------------------------------------------------------------------------------------------
def test_those_who_oversee_schools_read_and_the_province_settles(term):
    url = reverse("rule_settings", args=[term.cast.year.public_id])
    readers = {person for person, code in at_door(term, url).items() if code == 200}
    assert readers == {"commune_officer", "inspector", "province_admin"}
    assert "Đổi cách áp dụng" not in signed_in(term, "inspector").get(url).content.decode()
    client = signed_in(term, "province_admin")
    assert "Đổi cách áp dụng" in client.get(url).content.decode()
    post = reverse("rule_settle", args=[term.cast.year.public_id])
    form = {"cau": "TU_CHON", "dang": "KHONG_TINH", "tu_chon-answer": "TINH", "tu_chon-reason": "vì thế"}
    refused = client.post(post, form)
    assert refused.status_code == 422
    assert "vì thế</textarea>" in refused.content.decode()
    assert client.post(post, form | {"tu_chon-reason": REASON}).status_code == 302
    told = client.get(url).content.decode()
    assert f"Có, như mọi môn. Lí do: {REASON}" in told
    assert client.post(post, form | {"cau": "KHAC"}).status_code == 404


# -- By SQL ------------------------------------------------------------------------------------------------------------
INSERT = (
    "INSERT INTO records_rulesetting (school_year_id, rule_set, key, value, reason, by_id) "
    "VALUES (%s, 'TT22-2021', %s, %s, %s, %s)"
)


def test_database_takes_answers_from_the_province_alone(cast):
    year, admin = cast.year.pk, cast.province_admin.pk
    other = "the province settles what the law leaves open"
    assert attack(INSERT, year, "TU_CHON", "TINH", REASON, cast.principal.pk) == other
    assert "rule_setting_is_an_answer" in attack(INSERT, year, "TU_CHON", "CO", REASON, admin)
    assert "rule_setting_is_an_answer" in attack(INSERT, year, "DIEM_THAP_NHAT", "0", REASON, admin)
    assert "rule_setting_says_why" in attack(INSERT, year, "TU_CHON", "TINH", "vì", admin)
    assert attack(INSERT, year, "TU_CHON", "TINH", REASON, admin) == ""
    assert attack("UPDATE records_rulesetting SET value = 'TINH'") == "permission denied for table records_rulesetting"
