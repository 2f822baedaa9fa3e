"""The list of students, a student's page, a new record and a change, as people meet them."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from schools.actions.students import edit_student, version_of
from schools.models import HistoryEntry, Look, ParentLink, ReadEntry, Role, Student
from tests.cast import appoint, enrol, long_ago, make_student, make_user
from tests.schools.actions.test_students import PAGE_ONE

LIST = "/ho-so/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(response) -> list[str]:
    return [student.full_name for student in response.context["page"]]


def page_of(student, name="student"):
    return reverse(name, args=[student.public_id])


def form_values(**changed):
    values = PAGE_ONE | {"born_on": PAGE_ONE["born_on"].strftime("%d/%m/%Y"), "admitted_on": "05/09/2026"} | changed
    return {name: value for name, value in values.items() if value is not None}


def edit_values(client, student, **changed):
    """What a browser would send back: all fields of the form as shown, with some changed."""
    form = client.get(page_of(student, "student_edit")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: value.strftime("%d/%m/%Y") if isinstance(value, date) else value for name, value in values.items()}
    return {name: value for name, value in (shown | changed).items() if value not in (None, False)}


# -- The list ---------------------------------------------------------------------------------------------------------
def test_list_is_in_vietnamese_order_by_given_name(cast):
    for number, name in enumerate(("Lê Thị Ánh", "Võ An", "Đỗ Văn Đạt", "Bùi Dũng", "An Minh Anh", "Lê Ân"), start=10):
        make_student(cast.school, f"{number:010d}", name)
    assert names(window(cast.clerk).get(LIST)) == [
        "Võ An", "An Minh Anh", "Nguyễn Minh Anh", "Lê Thị Ánh", "Lê Ân", "Bùi Dũng", "Đỗ Văn Đạt", "Trần Bảo Oanh",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["tran bao oanh", "BẢO OANH", "bao  oanh", "0000000002"])
def test_student_is_found_without_diacritics_or_by_code(cast, text):
    assert names(window(cast.clerk).get(LIST, {"ten": text})) == ["Trần Bảo Oanh"]


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE", "000000000"])
def test_signs_of_a_search_mean_themselves(cast, text):
    assert names(window(cast.clerk).get(LIST, {"ten": text})) == []


def test_list_is_filtered_by_class_and_missing_number(cast):
    third = make_student(cast.school, "0000000010", "Lê Văn Tám", personal_id=None, personal_id_missing="?")
    enrol(third, cast.class_7b)
    loose = make_student(cast.school, "0000000011", "Lê Văn Chín")
    client = window(cast.clerk)
    assert names(client.get(LIST, {"lop": cast.class_7b.public_id})) == ["Lê Văn Tám"]
    assert names(client.get(LIST, {"thieu": "1"})) == ["Lê Văn Tám"]
    assert names(client.get(LIST, {"chua-co-lop": "1"})) == [loose.full_name]
    assert names(client.get(LIST, {"lop": cast.class_7a.public_id, "thieu": "1"})) == []


def test_class_of_another_school_is_no_filter(cast):
    assert window(cast.clerk).get(LIST, {"lop": cast.other_class.public_id}).status_code == 422
    assert window(cast.clerk).get(LIST, {"lop": "x", "truong": "'"}).status_code == 422


def test_inspector_filters_by_school_then_by_class(cast):
    client = window(cast.inspector)
    assert len(names(client.get(LIST))) == 3
    response = client.get(LIST, {"truong": cast.other_school.public_id})
    assert names(response) == ["Đặng Gia Khánh"]
    assert [label for _, label in response.context["form"].fields["school_class"].choices] == ["Mọi lớp", "7A"]


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("homeroom_teacher", ["Nguyễn Minh Anh", "Trần Bảo Oanh"]),
        ("maths_teacher", ["Nguyễn Minh Anh", "Trần Bảo Oanh"]),
        ("intruder", ["Đặng Gia Khánh"]),
        ("other_clerk", ["Đặng Gia Khánh"]),
        ("clerk", ["Nguyễn Minh Anh", "Trần Bảo Oanh", "Lê Văn Tám"]),
        ("commune_officer", ["Nguyễn Minh Anh", "Trần Bảo Oanh", "Lê Văn Tám"]),
    ],
)
def test_everybody_sees_only_their_students(cast, person, seen):
    enrol(make_student(cast.school, "0000000010", "Lê Văn Tám"), cast.class_7b)
    assert names(window(getattr(cast, person)).get(LIST)) == seen


@pytest.mark.parametrize("person", ["parent", "pupil", "operator"])
def test_list_is_closed_to_those_without_students(cast, person):
    assert window(getattr(cast, person)).get(LIST).status_code == 403


def test_teacher_does_not_find_her_own_child_among_the_students_at_work(cast):
    ParentLink.objects.create(
        student=cast.other_student, parent=cast.maths_teacher, relation="ME", starts_on=long_ago()
    )
    assert "Đặng Gia Khánh" not in names(window(cast.maths_teacher).get(LIST))


def test_student_who_left_is_found_among_those_gone(cast):
    cast.student.enrolments.update(ends_on=cast.year.starts_on, ending="CHUYEN_TRUONG")
    Student.objects.filter(pk=cast.student.pk).update(school=cast.other_school)
    client = window(cast.clerk)
    assert names(client.get(LIST)) == ["Trần Bảo Oanh"]
    assert names(client.get(LIST, {"da-chuyen": "1"})) == ["Nguyễn Minh Anh"]
    assert client.get(page_of(cast.student)).status_code == 200
    assert client.get(page_of(cast.student, "student_edit")).status_code == 404


def test_list_is_cut_at_fifty(cast):
    for number in range(60):
        make_student(cast.school, f"99{number + 100:08d}", "Lê Văn Tám")
    client = window(cast.clerk)
    assert len(names(client.get(LIST))) == 50
    assert len(names(client.get(LIST, {"trang": 2}))) == 12


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("person", "queries"), [("clerk", 10), ("maths_teacher", 10), ("inspector", 8)])
def test_list_costs_the_same_however_many(cast, django_assert_num_queries, rows, person, queries):
    Student.objects.filter(pk=cast.other_student.pk).update(merged_into=cast.student)
    Student.objects.filter(pk=cast.classmate.pk).update(merged_into=cast.student)
    for number in range(rows - 1):
        enrol(make_student(cast.school, f"99{number + 100:08d}", "Lê Văn Tám"), cast.class_7a)
    client = window(getattr(cast, person))
    client.get(LIST)
    with django_assert_num_queries(queries):
        assert len(names(client.get(LIST))) == rows


# -- The number -------------------------------------------------------------------------------------------------------
def test_number_in_the_search_box_does_not_stay_in_the_address(cast):
    response = window(cast.clerk).get(LIST, {"ten": f" {cast.student.personal_id} "})
    assert (response.status_code, response["Location"]) == (302, LIST)


def test_student_is_found_by_number_without_it_in_any_address(cast):
    response = window(cast.clerk).post("/ho-so/tim-so-dinh-danh/", {"personal_id": cast.student.personal_id})
    assert (response.status_code, response["Location"]) == (302, page_of(cast.student))


def test_number_of_another_schools_student_is_as_unknown_as_none(cast):
    client = window(cast.clerk)
    told = [
        client.post("/ho-so/tim-so-dinh-danh/", {"personal_id": number})
        for number in (cast.other_student.personal_id, "999999999999")
    ]
    assert [response.status_code for response in told] == [422, 422]
    errors = [response.context["number_form"].errors for response in told]
    assert errors[0] == errors[1]


def test_malformed_number_is_refused(cast):
    response = window(cast.clerk).post("/ho-so/tim-so-dinh-danh/", {"personal_id": "12345"})
    assert response.status_code == 422
    assert "đúng 12 chữ số" in response.content.decode()


def test_number_is_masked_everywhere_until_uncovered(cast):
    client = window(cast.clerk)
    number = cast.student.personal_id
    for url in (LIST, page_of(cast.student), page_of(cast.student, "student_edit")):
        assert number not in client.get(url).content.decode()
    shown = client.post(page_of(cast.student, "student_number"))
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert ReadEntry.objects.get().what == Look.NUMBER
    assert number not in client.get(page_of(cast.student)).content.decode()


@pytest.mark.parametrize(("person", "status"), [("homeroom_teacher", 404), ("other_clerk", 404), ("parent", 403)])
def test_number_is_not_uncovered_by_others(cast, person, status):
    assert window(getattr(cast, person)).post(page_of(cast.student, "student_number")).status_code == status
    assert not ReadEntry.objects.exists()


def test_number_is_uncovered_by_post_only(cast):
    response = window(cast.clerk).get(page_of(cast.student, "student_number"))
    assert (response.status_code, response["Location"]) == (302, page_of(cast.student))
    assert window(cast.clerk).get("/ho-so/tim-so-dinh-danh/")["Location"] == LIST
    assert not ReadEntry.objects.exists()


def test_missing_number_has_nothing_to_uncover(cast):
    Student.objects.filter(pk=cast.student.pk).update(personal_id=None, personal_id_missing="Đang chờ cấp")
    client = window(cast.clerk)
    assert client.post(page_of(cast.student, "student_number")).status_code == 302
    assert "Đang chờ cấp" in client.get(page_of(cast.student)).content.decode()


# -- The page ---------------------------------------------------------------------------------------------------------
def test_page_shows_all_of_page_one(cast):
    for name, value in PAGE_ONE.items():
        setattr(cast.student, name, value)
    cast.student.guardian_name, cast.student.guardian_occupation = "Lò Văn Núi", "Nông dân"
    cast.student.save()
    shown = window(cast.clerk).get(page_of(cast.student)).content.decode()
    for name in set(Student.PAGE_ONE) - {"personal_id", "personal_id_missing", "gender", "born_on", "admitted_on"}:
        assert getattr(cast.student, name) in shown
    for words in ("Nam", "•••••••••001", f"{PAGE_ONE['born_on']:%d/%m/%Y}", f"{PAGE_ONE['admitted_on']:%d/%m/%Y}"):
        assert words in shown
    for words in ("7A", "Trường THCS Nguyễn Du", "Nguyễn Thị Phương Lan", "Nguyễn Văn Đức", "0900000009"):
        assert words in shown


def test_page_is_kept_in_no_cache(cast):
    client = window(cast.clerk)
    for url in (LIST, page_of(cast.student), page_of(cast.student, "student_edit"), "/ho-so/moi/", "/ho-so/gop/"):
        assert client.get(url)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("intruder", 404), ("other_clerk", 404), ("other_principal", 404), ("parent", 403), ("pupil", 403),
        ("operator", 403), ("homeroom_teacher", 200), ("principal", 200), ("inspector", 200), ("commune_officer", 200),
    ],
)  # fmt: skip
def test_page_is_seen_by_those_who_may(cast, person, status):
    assert window(getattr(cast, person)).get(page_of(cast.student)).status_code == status


@pytest.mark.parametrize(
    ("person", "looks"), [("inspector", 1), ("principal", 1), ("homeroom_teacher", 0), ("clerk", 0)]
)
def test_looks_at_the_page_are_noted(cast, person, looks):
    client = window(getattr(cast, person))
    for _ in range(2):
        client.get(page_of(cast.student))
    assert ReadEntry.objects.filter(student=cast.student, user=getattr(cast, person)).count() == looks


def test_phone_of_parents_is_shown_to_the_school_only(cast):
    for person, seen in (("clerk", True), ("maths_teacher", True), ("inspector", False), ("commune_officer", False)):
        shown = window(getattr(cast, person)).get(page_of(cast.student)).content.decode()
        assert ("0900000009" in shown) is seen


def test_identity_changes_are_told_to_the_office_with_the_number_masked(cast):
    edit_student(
        by=cast.clerk,
        student=cast.student,
        values={"full_name": "Nguyễn Minh Ánh", "personal_id": "079214000123"},
        version=version_of(cast.student),
        reason="Quyết định cải chính số 7",
    )
    shown = window(cast.principal).get(page_of(cast.student)).content.decode()
    for words in (
        "Nguyễn Minh Anh</span>",
        "Nguyễn Minh Ánh</span>",
        "Quyết định cải chính số 7",
        "•••••••••123</span>",
    ):
        assert words in shown
    assert "079214000123" not in shown
    assert "cải chính" not in window(cast.homeroom_teacher).get(page_of(cast.student)).content.decode()


def test_unusual_age_is_remarked_not_refused(cast):
    Student.objects.filter(pk=cast.student.pk).update(born_on=date(cast.year.first_year - 7, 3, 2))
    shown = window(cast.clerk).get(page_of(cast.student)).content.decode()
    assert f"Sinh năm {cast.year.first_year - 7} là khác thường với khối 7" in shown
    Student.objects.filter(pk=cast.student.pk).update(born_on=date(cast.year.first_year - 12, 3, 2))
    assert "khác thường" not in window(cast.clerk).get(page_of(cast.student)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_however_much_is_on_it(cast, django_assert_num_queries, rows):
    for number in range(rows - 1):
        parent = make_user(f"ph{number}", "Lê Thị Hoa", cast.school)
        ParentLink.objects.create(student=cast.student, parent=parent, relation="ME", starts_on=long_ago())
        enrol(
            cast.student,
            cast.class_7b,
            starts_on=date(2020 + number, 1, 1),
            ends_on=date(2020 + number, 5, 1),
            ending="HOAN_THANH",
        )
    client = window(cast.clerk)
    client.get(page_of(cast.student))
    with django_assert_num_queries(12):
        client.get(page_of(cast.student))


# -- A new record -----------------------------------------------------------------------------------------------------
def test_clerk_registers_a_student(cast):
    client = window(cast.clerk)
    assert client.get("/ho-so/moi/").status_code == 200
    response = client.post("/ho-so/moi/", form_values(), follow=True)
    made = Student.objects.get(student_code=PAGE_ONE["student_code"])
    assert response.redirect_chain == [(page_of(made), 302)]
    assert "Đã lập hồ sơ của Phạm Gia Bảo." in response.content.decode()


def test_refused_form_loses_nothing(cast):
    values = form_values(personal_id=cast.other_student.personal_id, born_on="31/02/2014", address="12 Nguyễn Trãi")
    response = window(cast.clerk).post("/ho-so/moi/", values)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "“31/02/2014” không phải một ngày có thật." in shown
    for words in ("31/02/2014", "12 Nguyễn Trãi", "Thợ điện"):
        assert words in shown
    response = window(cast.clerk).post("/ho-so/moi/", form_values(personal_id=cast.other_student.personal_id))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["personal_id"]
    assert "mã trường THCS2" in response.content.decode()
    assert "Khánh" not in response.content.decode()


ODD = {"full_name": "nguyễn minh anh", "born_on": "01/01/1900", "ethnicity": "Klingon"}


def test_what_is_odd_is_asked_about_and_nothing_typed_is_lost(cast):
    client = window(cast.clerk)
    asked = client.post("/ho-so/moi/", form_values(**ODD, address="12 Nguyễn Trãi"))
    form, page = asked.context["form"], asked.content.decode()
    assert (asked.status_code, sorted(form.errors)) == (422, ["born_on", "ethnicity", "full_name"])
    for words in (
        "Chưa lưu: có điều khác thường",
        "Vẫn lưu:",
        "Có phải “Nguyễn Minh Anh”?",
        "Sinh năm 1900 là khác thường",
        "54 dân tộc",
    ):
        assert words in page
    assert (form["address"].value(), form["full_name"].value()) == ("12 Nguyễn Trãi", "nguyễn minh anh")
    assert "checked" not in page
    seen = {"seen": form["seen"].value()}
    assert client.post("/ho-so/moi/", form_values(**ODD) | seen).status_code == 422
    saved = client.post("/ho-so/moi/", form_values(**ODD) | seen | {"confirmed": "on"})
    assert saved.status_code == 302
    assert Student.objects.get(full_name="nguyễn minh anh").ethnicity == "Klingon"


def test_confirmation_is_of_what_was_shown_only(cast):
    client = window(cast.clerk)
    seen = client.post("/ho-so/moi/", form_values(ethnicity="Klingon")).context["form"]["seen"].value()
    again = client.post("/ho-so/moi/", form_values(**ODD) | {"seen": seen, "confirmed": "on"})
    assert (again.status_code, "Sinh năm 1900" in again.content.decode()) == (422, True)
    assert "checked" not in again.content.decode()


def test_namesake_of_the_school_is_asked_about(cast):
    same = {"full_name": cast.student.full_name, "born_on": "02/03/2014"}
    asked = window(cast.clerk).post("/ho-so/moi/", form_values(**same)).content.decode()
    assert "Cùng họ tên và ngày sinh 02/03/2014 với: mã 0000000001, lớp 7A." in asked
    of_other_school = form_values(full_name=cast.other_student.full_name, born_on="02/03/2014")
    assert window(cast.clerk).post("/ho-so/moi/", of_other_school).status_code == 302


def test_ordinary_record_is_asked_nothing(cast):
    assert "Vẫn lưu" not in window(cast.clerk).get("/ho-so/moi/").content.decode()
    assert window(cast.clerk).post("/ho-so/moi/", form_values(ethnicity="Người nước ngoài")).status_code == 302


def test_list_of_peoples_is_offered(cast):
    page = window(cast.clerk).get("/ho-so/moi/").content.decode()
    assert page.count("<option value=") - page.count("<select") >= 55
    assert '<option value="Người nước ngoài">' in page


@pytest.mark.parametrize("person", ["principal", "homeroom_teacher", "province_admin", "parent"])
def test_new_record_is_the_clerks(cast, person):
    assert window(getattr(cast, person)).post("/ho-so/moi/", form_values()).status_code == 403


def test_clerk_of_two_schools_chooses(cast):
    appoint(cast.clerk, Role.CLERK, cast.high_school)
    client = window(cast.clerk)
    assert client.post("/ho-so/moi/", form_values()).status_code == 422
    client.post("/ho-so/moi/", form_values(school=str(cast.high_school.public_id), born_on="02/03/2010"))
    assert Student.objects.get(student_code=PAGE_ONE["student_code"]).school == cast.high_school
    response = client.post("/ho-so/moi/", form_values(school=str(cast.other_school.public_id)))
    assert response.status_code == 422


# -- A change ---------------------------------------------------------------------------------------------------------
def test_clerk_edits_a_student_and_the_number_stays(cast):
    client = window(cast.clerk)
    response = client.post(
        page_of(cast.student, "student_edit"), edit_values(client, cast.student, address="34 Lê Lợi")
    )
    assert response.status_code == 302
    stored = Student.objects.get(pk=cast.student.pk)
    assert (stored.address, stored.personal_id) == ("34 Lê Lợi", cast.student.personal_id)


def test_untouched_form_changes_nothing(cast):
    client = window(cast.clerk)
    before = HistoryEntry.objects.count()
    client.post(page_of(cast.student, "student_edit"), edit_values(client, cast.student))
    assert HistoryEntry.objects.count() == before


def test_number_is_taken_out_with_both_reasons(cast):
    client = window(cast.clerk)
    url = page_of(cast.student, "student_edit")
    values = edit_values(client, cast.student, remove_personal_id="on")
    assert set(client.post(url, values).context["form"].errors) == {"personal_id_missing", "reason"}
    values |= {"personal_id_missing": "Ghi nhầm số của em", "reason": "Đối chiếu lại giấy khai sinh"}
    assert client.post(url, values).status_code == 302
    assert Student.objects.get(pk=cast.student.pk).personal_id is None


def test_changed_day_of_birth_is_asked_about_and_what_was_odd_before_is_not(cast):
    Student.objects.filter(pk=cast.student.pk).update(ethnicity="Klingon")
    client, url = window(cast.clerk), page_of(cast.student, "student_edit")
    assert client.post(url, edit_values(client, cast.student, address="34 Lê Lợi")).status_code == 302
    values = edit_values(client, cast.student, born_on="02/03/1950", reason="Quyết định cải chính số 12")
    asked = client.post(url, values)
    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["born_on"])
    seen = {"seen": asked.context["form"]["seen"].value(), "confirmed": "on"}
    assert client.post(url, values | seen).status_code == 302
    assert Student.objects.get(pk=cast.student.pk).born_on == date(1950, 3, 2)


def test_name_without_reason_is_refused_at_the_reason(cast):
    client = window(cast.clerk)
    values = edit_values(client, cast.student, full_name="Nguyễn Minh Ánh")
    response = client.post(page_of(cast.student, "student_edit"), values)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert "Nguyễn Minh Ánh" in response.content.decode()


def test_conflict_shows_both_values_and_writes_neither(cast):
    client = window(cast.clerk)
    url = page_of(cast.student, "student_edit")
    values = edit_values(client, cast.student, address="Của tôi")
    edit_student(
        by=cast.clerk, student=cast.student, values={"address": "Của người kia", "hometown": "Huế"},
        version=version_of(cast.student),
    )  # fmt: skip
    response = client.post(url, values)
    shown = response.content.decode()
    assert response.status_code == 422
    assert all(words in shown for words in ("Của tôi", "Của người kia", "Võ Thùy Dung vừa sửa"))
    assert Student.objects.get(pk=cast.student.pk).address == "Của người kia"
    version = re.search(r'name="version" value="([^"]+)"', shown).group(1)
    assert client.post(url, values | {"version": version}).status_code == 302
    stored = Student.objects.get(pk=cast.student.pk)
    assert (stored.address, stored.hometown) == ("Của tôi", "Huế")


@pytest.mark.parametrize(("person", "status"), [("other_clerk", 404), ("principal", 403), ("homeroom_teacher", 403)])
def test_edit_page_is_the_clerks(cast, person, status):
    client = window(getattr(cast, person))
    assert client.get(page_of(cast.student, "student_edit")).status_code == status
    assert client.post(page_of(cast.student, "student_edit"), {"address": "x"}).status_code == status
