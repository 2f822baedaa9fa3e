"""Joining two records: choose, look, confirm exactly what was shown."""

import pytest
from django.test import Client
from django.urls import reverse

from schools.actions.enrolments import take_compulsory_subjects
from schools.actions.merge_plan import AddedPart
from schools.models import Student, StudentMerge, SubjectEnrolment
from tests.cast import enrol, make_student

CHOOSE, PREVIEW = "/ho-so/gop/", "/ho-so/gop/xem-truoc/"
REASON = "Nhập trùng khi chuyển trường"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def twin(cast):
    return make_student(cast.school, "0000000091", "NGUYỄN MINH ANH", personal_id=None, personal_id_missing="?")


@pytest.fixture
def abroad(cast):
    return make_student(cast.other_school, "0000000092", "Nguyễn Minh Anh", personal_id=None, personal_id_missing="?")


def preview(kept, merged):
    return f"{PREVIEW}?giu={kept.public_id}&gop={merged.public_id}"


def suggested(response):
    return [[student.student_code for student in group] for group in response.context["groups"]]


def test_records_that_look_like_one_student_are_suggested(cast, twin, abroad):
    make_student(
        cast.school, "0000000093", "Trần Bảo Oanh", personal_id=None, personal_id_missing="?", born_on="2014-03-03"
    )
    make_student(cast.school, "0000000094", "Trần Bảo Oanh")  # both have a number: two persons
    assert suggested(window(cast.clerk).get(CHOOSE)) == [["0000000001", "0000000091"]]
    assert suggested(window(cast.other_clerk).get(CHOOSE)) == []
    assert suggested(window(cast.province_admin).get(CHOOSE)) == [["0000000001", "0000000091", "0000000092"]]


def test_second_record_is_suggested_or_found(cast, twin):
    client = window(cast.clerk)
    response = client.get(CHOOSE, {"giu": cast.student.public_id})
    assert list(response.context["twins"]) == [twin]
    response = client.get(CHOOSE, {"giu": cast.student.public_id, "ten": "bao oanh"})
    assert list(response.context["found"]) == [cast.classmate]
    assert client.get(CHOOSE, {"ten": cast.student.personal_id})["Location"] == CHOOSE


def test_clerk_merges_as_previewed(cast, twin):
    client = window(cast.clerk)
    shown = client.get(preview(cast.student, twin))
    digest = shown.context["plan"].digest
    assert digest in shown.content.decode()
    response = client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON}, follow=True)
    assert response.redirect_chain == [(reverse("student", args=[cast.student.public_id]), 302)]
    assert "Mã 0000000091, Trường THCS Nguyễn Du: Võ Thùy Dung gộp ngày" in response.content.decode()


def test_preview_shows_what_of_the_marks_moves(cast, twin, monkeypatch):
    said = ["Học kì I, 2026–2027, lớp 7A: Toán (5 ô điểm)", "Trang học bạ năm học 2026–2027: bản 2"]
    part = AddedPart(said, [], set(), [], {}, lambda by: None)
    monkeypatch.setattr("schools.actions.merge_plan.ADDED_PARTS", [lambda kept, merged: part])
    shown = window(cast.clerk).get(preview(cast.student, twin)).content.decode()
    assert all(f"<li>{words}</li>" in shown for words in said)
    assert "Không có gì phải chuyển" not in shown


def test_merged_record_leads_to_the_kept_one(cast, twin):
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON})
    shown = client.get(reverse("student", args=[twin.public_id])).content.decode()
    assert "đã gộp vào hồ sơ mã 0000000001" in shown
    assert reverse("student", args=[cast.student.public_id]) in shown
    found = client.get("/ho-so/", {"ten": "0000000091"})
    assert [student.student_code for student in found.context["page"]] == ["0000000001"]
    for name in ("student_edit", "student_photo_new", "parent_new"):
        assert client.get(reverse(name, args=[twin.public_id])).status_code == 404


def test_subject_of_both_records_stands_once_on_the_page(cast, twin):
    take_compulsory_subjects(cast.class_7a, [cast.student])
    SubjectEnrolment.objects.bulk_create(
        SubjectEnrolment(
            student=twin, school=row.school, school_year=row.school_year, subject=row.subject, choice=row.choice
        )
        for row in cast.student.subject_enrolments.all()
    )
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON})
    maths = SubjectEnrolment.objects.filter(student=cast.student, subject=cast.maths)
    assert sorted(row.dropped_on is None for row in maths) == [False, True]
    shown = client.get(reverse("student", args=[cast.student.public_id])).context["page"].subjects
    assert [row.dropped_on for row in shown if row.subject_id == cast.maths.pk] == [None]


def test_change_in_between_is_previewed_again_with_the_reason_kept(cast, twin):
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    Student.objects.filter(pk=twin.pk).update(address="Chỗ mới")
    response = client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "đã thay đổi từ lúc bạn xem trước" in shown
    assert REASON in shown
    assert "Chỗ mới" in shown
    assert not StudentMerge.objects.exists()
    digest = response.context["plan"].digest
    assert f'name="digest" value="{digest}"' in shown
    assert client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON}).status_code == 302


def test_obstacle_is_explained_and_leaves_no_button(cast, twin):
    enrol(twin, cast.class_7b)
    client = window(cast.clerk)
    response = client.get(preview(cast.student, twin))
    shown = response.content.decode()
    assert "Cả hai hồ sơ đang học: lớp 7A" in shown
    assert "Gộp hai hồ sơ</button>" not in shown
    digest = response.context["plan"].digest
    assert client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON}).status_code == 422


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("clerk", 404),
        ("other_clerk", 404),
        ("principal", 403),
        ("inspector", 403),
        ("parent", 403),
        ("province_admin", 200),
    ],
)
def test_records_of_two_schools_are_the_administrators(cast, abroad, person, status):
    client = window(getattr(cast, person))
    assert client.get(preview(cast.student, abroad)).status_code == status
    if status != 200:
        assert client.post(preview(cast.student, abroad), {"digest": "x", "reason": REASON}).status_code == status


@pytest.mark.parametrize("query", ["", "?giu=x&gop=y", "?giu=00000000-0000-0000-0000-000000000000"])
def test_preview_of_nothing_goes_back_to_choosing(cast, query):
    assert window(cast.clerk).get(PREVIEW + query)["Location"] == CHOOSE


def test_choosing_an_unknown_record_is_not_found(cast):
    client = window(cast.clerk)
    for named in ("x", cast.other_student.public_id):
        assert client.get(CHOOSE, {"giu": named}).status_code == 404


@pytest.mark.parametrize("pairs", [1, 3])
def test_suggestions_cost_the_same_however_many(cast, django_assert_num_queries, pairs):
    for number in range(pairs):
        for side in range(2):
            make_student(
                cast.school, f"00000{number * 2 + side + 10:05d}", f"Lê Văn {'ABC'[number]}",
                personal_id=None, personal_id_missing="?",
            )  # fmt: skip
    client = window(cast.clerk)
    client.get(CHOOSE)
    with django_assert_num_queries(7):
        assert len(suggested(client.get(CHOOSE))) == pairs


def test_refused_form_says_that_the_preview_has_changed_meanwhile(cast, twin):
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    enrol(twin, cast.class_7b)
    refused = client.post(preview(cast.student, twin), {"digest": digest, "reason": ""})
    assert (refused.status_code, StudentMerge.objects.count()) == (422, 0)
    assert "đã thay đổi từ lúc bạn xem trước" in refused.content.decode()


def test_form_refused_for_its_reason_alone_says_nothing_of_a_change(cast, twin):
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    refused = client.post(preview(cast.student, twin), {"digest": digest, "reason": ""})
    assert refused.status_code == 422
    assert "đã thay đổi" not in refused.content.decode()


def test_merge_sent_again_says_that_it_is_done(cast, twin):
    client = window(cast.clerk)
    digest = client.get(preview(cast.student, twin)).context["plan"].digest
    for _ in range(2):
        answer = client.post(preview(cast.student, twin), {"digest": digest, "reason": REASON}, follow=True)
        assert answer.redirect_chain == [(reverse("student", args=[cast.student.public_id]), 302)]
    assert "đã gộp vào hồ sơ 0000000001 rồi" in answer.content.decode()
    assert StudentMerge.objects.count() == 1


def test_record_with_itself_is_told_as_one(cast):
    shown = window(cast.clerk).get(preview(cast.student, cast.student))
    assert shown.context["plan"].obstacles == ["Hai hồ sơ được chọn là một."]
