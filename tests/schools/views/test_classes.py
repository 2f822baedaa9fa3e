"""The rooms of classes: lists, enrolling, moving, receiving, planning, subjects, as people meet them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from schools.actions.enrolments import enrol
from schools.models import CurriculumSubject, Enrolment, Role, SchoolClass, SubjectEnrolment, TeachingAssignment
from schools.models.assignments import HOMEROOM, planned
from tests.cast import appoint, make_class, make_student, make_year
from tests.cast import enrol as put_into

DAY = timezone.localdate().isoformat()
REASON = "Gia đình xin đổi buổi học"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name, thing=None):
    return reverse(name, args=[thing.public_id] if thing else [])


def open_enrolment(student):
    return Enrolment.objects.open().get(student=student)


def class_names(response) -> list[str]:
    return [one.name for _, grades in response.context["schools"] for _, classes in grades for one in classes]


# -- The list ---------------------------------------------------------------------------------------------------------
def test_classes_stand_in_the_order_people_count(cast):
    for name, grade in (("7A10", 7), ("7A2", 7), ("6B", 6)):
        make_class(cast.school, cast.year, name, grade)
    assert class_names(window(cast.clerk).get(at("class_list"))) == ["6B", "7A", "7A2", "7A10", "7B"]


def test_each_sees_the_own_classes(cast):
    seen = {
        person: class_names(window(getattr(cast, person)).get(at("class_list")))
        for person in ("homeroom_teacher", "maths_teacher", "principal", "intruder", "commune_officer")
    }
    assert seen == {
        "homeroom_teacher": ["7A"],
        "maths_teacher": ["7A"],
        "principal": ["7A", "7B"],
        "intruder": ["7A"],
        "commune_officer": ["7A", "7B"],
    }


def test_list_tells_size_homeroom_teacher_and_gaps(cast):
    [[_, [[_, [first, second]]]]] = window(cast.clerk).get(at("class_list")).context["schools"]
    assert (first.size, first.homeroom_name, len(first.gaps)) == (2, "Nguyễn Thị Phương Lan", 11)
    assert (second.size, second.homeroom_name, len(second.gaps)) == (0, None, 12)


def test_other_year_is_chosen_and_nonsense_is_not(cast):
    later = make_year(cast.province, cast.year.first_year + 1)
    make_class(cast.school, later, "8A", 8)
    client = window(cast.clerk)
    assert class_names(client.get(at("class_list"), {"nam": later.first_year})) == ["8A"]
    for nonsense in ("٢٠٢٦", "99999999999999", "x", "-1"):
        assert class_names(client.get(at("class_list"), {"nam": nonsense})) == ["7A", "7B"]


@pytest.mark.parametrize(("address", "queries"), [("class_list", 9), ("assignment_board", 9)])
def test_lists_take_as_many_queries_for_many_classes(cast, django_assert_num_queries, address, queries):
    client = window(cast.clerk)
    client.get(at(address))
    with django_assert_num_queries(queries):
        client.get(at(address))
    for number in range(3):
        put_into(
            make_student(cast.school, f"000000055{number}", "Lý An"),
            make_class(cast.school, cast.year, f"8{number}", 8),
        )
    with django_assert_num_queries(queries):
        client.get(at(address))


# -- One class --------------------------------------------------------------------------------------------------------
def test_class_is_listed_in_vietnamese_order(cast):
    for number, name in enumerate(("Lê Thị Ánh", "Võ An", "Đỗ Văn Đạt", "Bùi Dũng"), start=10):
        put_into(make_student(cast.school, f"{number:010d}", name), cast.class_7a)
    response = window(cast.homeroom_teacher).get(at("school_class", cast.class_7a))
    assert [enrolment.student.full_name for enrolment in response.context["enrolments"]] == [
        "Võ An", "Nguyễn Minh Anh", "Lê Thị Ánh", "Bùi Dũng", "Đỗ Văn Đạt", "Trần Bảo Oanh",
    ]  # fmt: skip
    page = response.content.decode()
    assert "Lê Thu Hà" in page
    assert at("enrolment_move", open_enrolment(cast.student)) not in page


def test_class_of_a_year_gone_by_keeps_its_list(cast):
    Enrolment.objects.filter(student=cast.student).update(ends_on=timezone.localdate(), ending="HOAN_THANH")
    Enrolment.objects.filter(student=cast.classmate).update(ends_on=timezone.localdate(), ending="THOI_HOC")
    response = window(cast.clerk).get(at("school_class", cast.class_7a))
    assert [enrolment.student for enrolment in response.context["enrolments"]] == [cast.student]
    [[_, [[_, [first, _]]]]] = window(cast.clerk).get(at("class_list")).context["schools"]
    assert first.size == 1


@pytest.mark.parametrize("address", ["school_class", "class_subjects", "class_plan", "class_enrol"])
def test_pages_of_a_class_take_as_many_queries_for_many_students(cast, address):
    client, url = window(cast.clerk), at(address, cast.class_7a)
    client.get(url)
    before = count_queries(client, url)
    enrol(cast.class_7a, [make_student(cast.school, f"000000044{n}", "Lý An") for n in range(3)], timezone.localdate())
    make_student(cast.school, "0000000451", "Lý Bình")
    make_student(cast.school, "0000000452", "Lý Châu")
    assert count_queries(client, url) == before


def count_queries(client, url) -> int:

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# -- Made and named ---------------------------------------------------------------------------------------------------
def test_clerk_makes_a_class(cast):
    values = {"school": cast.school.public_id, "name": "8A"}
    response = window(cast.clerk).post(at("class_new"), values)
    made = SchoolClass.objects.get(name="8A")
    assert (response.status_code, response["Location"]) == (302, at("school_class", made))
    assert (made.grade_level, made.rule_set) == (8, "TT22-2021")


def test_refused_class_loses_nothing_typed(cast):
    values = {"school": cast.school.public_id, "name": "7A"}
    response = window(cast.clerk).post(at("class_new"), values)
    assert response.status_code == 422
    assert "đã có lớp 7A" in response.content.decode()
    assert response.context["form"]["name"].value() == "7A"


@pytest.mark.parametrize(
    ("name", "told"),
    [("Chuyên Toán", "phải bắt đầu bằng số khối, ví dụ 7A"), ("12A", "không có khối 12"), ("07A", "đã có lớp 7A")],
)
def test_class_whose_grade_is_not_in_its_name_is_refused_in_words(cast, name, told):
    response = window(cast.clerk).post(at("class_new"), {"school": cast.school.public_id, "name": name})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert told in response.context["form"].errors["name"][0]


def test_word_before_the_name_of_a_class_is_left_out(cast):
    window(cast.clerk).post(at("class_new"), {"school": cast.school.public_id, "name": "Lớp  8A"})
    assert SchoolClass.objects.filter(name="8A", grade_level=8).exists()


def test_class_of_another_school_cannot_be_made(cast):
    values = {"school": cast.other_school.public_id, "name": "8A"}
    assert window(cast.clerk).post(at("class_new"), values).status_code == 422
    assert not SchoolClass.objects.filter(name="8A").exists()


def test_clerk_gives_another_name(cast):
    client = window(cast.clerk)
    assert client.post(at("class_rename", cast.class_7b), {"name": "7a"}).status_code == 422
    assert client.post(at("class_rename", cast.class_7b), {"name": "7C"}).status_code == 302
    cast.class_7b.refresh_from_db()
    assert cast.class_7b.name == "7C"


# -- Into, between, out -----------------------------------------------------------------------------------------------
def test_students_without_class_are_enrolled(cast):
    students = [make_student(cast.school, f"000000003{n}", name) for n, name in enumerate(("Lê Ân", "Võ An"))]
    client, url = window(cast.clerk), at("class_enrol", cast.class_7b)
    form = client.get(url).context["form"]
    assert [label.partition(",")[0] for _, label in form.fields["students"].choices] == ["Võ An", "Lê Ân"]
    response = client.post(url, {"students": [one.public_id for one in students], "starts_on": DAY})
    assert response.status_code == 302
    assert {open_enrolment(one).school_class for one in students} == {cast.class_7b}


def test_student_without_class_is_found_by_name_without_diacritics(cast):
    for number, name in enumerate(("Lê Ân", "Võ An", "Đỗ Dũng")):
        make_student(cast.school, f"000000003{number}", name)
    form = window(cast.clerk).get(at("class_enrol", cast.class_7b), {"tim": "do dung"}).context["form"]
    assert [label.partition(",")[0] for _, label in form.fields["students"].choices] == ["Đỗ Dũng"]


@pytest.mark.parametrize("person", ["student", "other_student"])
def test_student_who_is_not_offered_is_not_enrolled(cast, person):
    values = {"students": [getattr(cast, person).public_id], "starts_on": DAY}
    assert window(cast.clerk).post(at("class_enrol", cast.class_7b), values).status_code == 422


def test_student_moves_to_a_class_beside(cast):
    make_class(cast.school, cast.year, "8A", 8)
    url = at("enrolment_move", open_enrolment(cast.student))
    client = window(cast.clerk)
    assert [str(one) for one in client.get(url).context["form"].fields["to_class"].queryset] == ["7B"]
    assert client.post(url, {"to_class": cast.class_7b.public_id, "on": DAY, "reason": "x"}).status_code == 422
    assert client.post(url, {"to_class": cast.class_7b.public_id, "on": DAY, "reason": REASON}).status_code == 302
    assert open_enrolment(cast.student).school_class == cast.class_7b


def test_student_leaves_and_another_school_receives(cast):
    url = at("enrolment_leave", open_enrolment(cast.student))
    values = {"ending": "CHUYEN_TRUONG", "on": DAY, "note": "Chuyển về quê, đơn số 12"}
    assert window(cast.clerk).post(url, values).status_code == 302
    receive = {"student_code": "0000000001", "born_on": "2014-03-02", "on": DAY, "note": "Giấy giới thiệu số 7"}
    other, there = window(cast.other_clerk), at("student_receive", cast.other_class)
    refused = other.post(there, receive | {"born_on": "2014-03-03"})
    assert refused.status_code == 422
    assert "Nguyễn Minh Anh" not in refused.content.decode()
    assert other.post(there, receive).status_code == 302
    assert open_enrolment(cast.student).school_class == cast.other_class


# -- The address of an enrolment that is over -------------------------------------------------------------------------
PAST = ("enrolment_move", "enrolment_leave")


@pytest.fixture
def moved(cast) -> Enrolment:
    """The student has gone from 7A to 7B; this is the enrolment in 7A."""
    old = open_enrolment(cast.student)
    old.ends_on, old.ending, old.note = timezone.localdate(), "CHUYEN_LOP", REASON
    old.save()
    put_into(cast.student, cast.class_7b, starts_on=timezone.localdate())
    return old


@pytest.mark.parametrize("address", PAST)
@pytest.mark.parametrize("method", ["get", "post"])
def test_used_address_tells_what_happened_and_leads_to_the_student(cast, moved, address, method):
    response = getattr(window(cast.clerk), method)(at(address, moved))
    page = response.content.decode()
    assert response.status_code == 410
    assert f"Đã rời lớp 7A từ {timezone.localdate():%d/%m/%Y}: chuyển lớp ({REASON})." in page
    assert "Hiện ở lớp 7B" in page
    assert at("student", cast.student) in page


@pytest.mark.parametrize("address", PAST)
def test_used_address_writes_nothing(cast, moved, address):
    values = {"to_class": cast.class_7b.public_id, "ending": "THOI_HOC", "on": DAY, "reason": REASON, "note": REASON}
    before = list(Enrolment.objects.order_by("id").values())
    assert window(cast.clerk).post(at(address, moved), values).status_code == 410
    assert list(Enrolment.objects.order_by("id").values()) == before


@pytest.mark.parametrize("address", PAST)
@pytest.mark.parametrize(
    ("person", "code"), [("other_clerk", 404), ("principal", 403), ("homeroom_teacher", 403), ("intruder", 403)]
)
def test_used_address_tells_nobody_else(cast, moved, address, person, code):
    response = window(getattr(cast, person)).get(at(address, moved))
    assert (response.status_code, cast.student.full_name in response.content.decode()) == (code, False)


def test_used_address_tells_of_a_mistake(cast, moved):
    Enrolment.objects.filter(pk=moved.pk).update(ending="GHI_NHAM")
    page = window(cast.clerk).get(at("enrolment_leave", moved)).content.decode()
    assert f"Việc vào lớp 7A đã được ghi là nhầm: {REASON}." in page


def test_address_in_a_closed_year_says_so(cast):
    cast.year.closed_at = timezone.now()
    cast.year.save()
    response = window(cast.clerk).get(at("enrolment_move", open_enrolment(cast.student)))
    assert (response.status_code, "đã đóng" in response.content.decode()) == (410, True)


def test_used_address_of_a_merged_record_leads_to_the_kept_one(cast, moved):
    cast.student.merged_into = cast.classmate
    cast.student.save()
    page = window(cast.clerk).get(at("enrolment_move", moved)).content.decode()
    assert at("student", cast.classmate) in page
    assert at("student", cast.student) not in page


def test_receiving_needs_number_or_day_of_birth(cast):
    response = window(cast.other_clerk).post(
        at("student_receive", cast.other_class), {"student_code": "0000000001", "on": DAY, "note": REASON}
    )
    assert response.context["form"].errors["personal_id"] == ["Hãy nhập số định danh cá nhân hoặc ngày sinh."]


def test_class_made_by_mistake_is_taken_back(cast):
    client, wrong = window(cast.clerk), make_class(cast.school, cast.year, "7C", 7)
    assert "Bỏ lớp" in client.get(at("school_class", wrong)).content.decode()
    assert client.post(at("class_void", wrong), {"reason": "nhầm"}).status_code == 422
    assert client.post(at("class_void", wrong), {"reason": "Tạo nhầm tên lớp"}).status_code == 302
    assert "7C" not in class_names(client.get(at("class_list")))
    assert client.get(at("school_class", wrong)).status_code == 404


def test_class_with_students_offers_no_taking_back(cast):
    client = window(cast.clerk)
    assert "Bỏ lớp" not in client.get(at("school_class", cast.class_7a)).content.decode()
    page = client.get(at("class_void", cast.class_7a)).content.decode()
    assert ("chuyển lớp hoặc ghi" in page, '<form class="card"' in page) == (True, False)
    assert client.post(at("class_void", cast.class_7a), {"reason": "Tạo nhầm tên lớp"}).status_code == 422


@pytest.mark.parametrize("address", ["class_rename", "class_void", "class_enrol", "student_receive", "class_optional"])
@pytest.mark.parametrize(("person", "code"), [("other_clerk", 404), ("principal", 403), ("homeroom_teacher", 403)])
def test_only_the_clerk_of_the_school_comes_in(cast, address, person, code):
    assert window(getattr(cast, person)).get(at(address, cast.class_7a)).status_code == code


# -- The plan of teaching ---------------------------------------------------------------------------------------------
def shown_plan(client, school_class) -> dict[str, str]:
    form = client.get(at("class_plan", school_class)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return values | {"on": DAY}


def test_plan_changes_only_what_was_touched(cast):
    client = window(cast.vice_principal)
    values = shown_plan(client, cast.class_7a) | {"NGOAI_NGU_1": cast.homeroom_teacher.public_id}
    assert client.post(at("class_plan", cast.class_7a), values).status_code == 302
    assert TeachingAssignment.objects.filter(school_class=cast.class_7a).count() == 2
    assert cast.homeroom in planned(cast.class_7a)[HOMEROOM]


def test_colleague_meanwhile_is_told_and_the_second_try_succeeds(cast):
    client, url = window(cast.vice_principal), at("class_plan", cast.class_7a)
    mine = shown_plan(client, cast.class_7a)
    theirs = mine | {"TOAN": cast.principal.public_id, "GDCD": cast.principal.public_id}
    assert window(cast.clerk).post(url, theirs).status_code == 302
    response = client.post(url, mine | {"TOAN": cast.homeroom_teacher.public_id})
    assert response.status_code == 422
    assert "Toán: Trần Quốc Hùng" in response.content.decode()
    form = response.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert (again["TOAN"], again["GDCD"]) == (str(cast.homeroom_teacher.public_id), str(cast.principal.public_id))
    assert client.post(url, again).status_code == 302
    held = {place[0]: ties[0].teacher for place, ties in planned(cast.class_7a).items()}
    assert {cast.homeroom_teacher, cast.principal} == set(held.values())


def test_shared_subject_stays_shared_unless_touched(cast):
    TeachingAssignment.objects.create(
        school_class=cast.class_7a, subject=cast.teaching.subject, teacher=cast.principal,
        starts_on=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    client, url = window(cast.clerk), at("class_plan", cast.class_7a)
    values = shown_plan(client, cast.class_7a)
    assert values["TOAN"] == "chung"
    assert client.post(url, values | {"GDCD": cast.principal.public_id}).status_code == 302
    assert TeachingAssignment.objects.open().filter(subject=cast.teaching.subject).count() == 3  # with the other 7A


def test_plan_that_cannot_be_loses_nothing_chosen(cast):
    client, url = window(cast.clerk), at("class_plan", cast.class_7a)
    lan = str(cast.homeroom_teacher.public_id)
    response = client.post(url, shown_plan(client, cast.class_7a) | {"KHTN": lan, "KHTN.1": lan})
    assert response.status_code == 422
    assert "không vừa cả môn vừa phân môn" in response.content.decode()
    assert (response.context["form"]["KHTN"].value(), response.context["form"]["KHTN.1"].value()) == (lan, lan)


PARTS = {"LS_DL.1": ["TX1", "TX2", "GK"], "LS_DL.2": ["TX3", "TX4", "CK", "NX"]}


def with_parts(cast, values, columns=PARTS):
    """Both parts of Lịch sử và Địa lí with a teacher and columns, as the form sends them."""
    teachers = {"LS_DL.1": str(cast.homeroom_teacher.public_id), "LS_DL.2": str(cast.maths_teacher.public_id)}
    return values | teachers | {f"{part}.cot": codes for part, codes in columns.items()}


def test_parts_get_teacher_and_columns_on_one_page(cast):
    client, url = window(cast.clerk), at("class_plan", cast.class_7a)
    response = client.post(url, with_parts(cast, shown_plan(client, cast.class_7a)), follow=True)
    assert "Đã đổi 2 phân công" in response.content.decode()
    assert "Lê Thu Hà (Địa lí: TX3, TX4, CK, NX)" in response.content.decode()
    again = shown_plan(client, cast.class_7a)
    assert (again["LS_DL.1.cot"], again["LS_DL.1.cot.seen"]) == (PARTS["LS_DL.1"], "TX1,TX2,GK")
    assert "Đã đổi 0 phân công" in client.post(url, again, follow=True).content.decode()


def test_only_parts_with_a_mark_sheet_have_columns(cast):
    fields = window(cast.clerk).get(at("class_plan", cast.class_7a)).context["form"].fields
    assert {name for name in fields if name.endswith(".cot")} == {
        f"{subject}.{part}.cot" for subject, parts in (("LS_DL", 2), ("KHTN", 3), ("NGHE_THUAT", 2))
        for part in range(1, parts + 1)
    }  # fmt: skip
    page = window(cast.clerk).get(at("class_plan", cast.class_7a)).content.decode()
    assert '<legend class="field__label">Cột điểm phân môn Lịch sử</legend>' in page
    assert [code for code, _ in fields["NGHE_THUAT.1.cot"].choices] == ["TX1", "TX2", "GK", "CK", "NX"]


SCIENCE = {"KHTN.1.cot": ["TX1", "GK"], "KHTN.2.cot": ["TX2"]}
LEFT = "Khoa học tự nhiên lớp 7A: cột TX3, TX4, CK chưa giao cho ai"


def test_columns_left_to_nobody_are_told_wherever_the_plan_is_shown(cast):
    """Sinh học still waits for its teacher: the plan is taken, and its gap stays in sight."""
    client, url = window(cast.clerk), at("class_plan", cast.class_7a)
    teachers = {"KHTN.1": str(cast.homeroom_teacher.public_id), "KHTN.2": str(cast.maths_teacher.public_id)}
    saved = client.post(url, shown_plan(client, cast.class_7a) | teachers | SCIENCE, follow=True).content.decode()
    assert f"{LEFT}." in saved
    assert "phân môn Sinh học chưa có giáo viên" in saved
    assert LEFT in client.get(url).content.decode()
    teach_all_others(cast)
    gap = "Khoa học tự nhiên: phân môn Sinh học chưa có giáo viên, cột TX3, TX4, CK chưa giao cho ai"
    for address in ("assignment_board", "class_list"):
        page = client.get(at(address)).content.decode()
        assert gap in page
        assert "1 môn còn thiếu" in page


def teach_all_others(cast):
    for row in CurriculumSubject.objects.of_class(cast.class_7a, CurriculumSubject.Choice.COMPULSORY):
        if not TeachingAssignment.objects.filter(school_class=cast.class_7a, subject=row.subject).exists():
            TeachingAssignment.objects.create(
                school_class=cast.class_7a, subject=row.subject, teacher=cast.homeroom_teacher,
                starts_on=cast.year.starts_on,
            )  # fmt: skip


def test_columns_shared_badly_lose_nothing_chosen(cast):
    client, url = window(cast.clerk), at("class_plan", cast.class_7a)
    twice = PARTS | {"LS_DL.2": ["TX3", "TX4", "GK", "CK"]}
    response = client.post(url, with_parts(cast, shown_plan(client, cast.class_7a), twice))
    assert response.status_code == 422
    assert "cột GK chỉ giao cho một phân môn" in response.content.decode()
    assert response.context["form"]["LS_DL.2.cot"].value() == twice["LS_DL.2"]
    assert not TeachingAssignment.objects.filter(subject__code="LS_DL").exists()


def test_columns_a_colleague_changed_are_shown_and_own_ones_stay_chosen(cast):
    client, url = window(cast.vice_principal), at("class_plan", cast.class_7a)
    client.post(url, with_parts(cast, shown_plan(client, cast.class_7a)))
    mine = shown_plan(client, cast.class_7a)
    theirs = mine | {"LS_DL.1.cot": ["TX1", "TX2", "CK"], "LS_DL.2.cot": ["TX3", "TX4", "GK"]}
    assert window(cast.clerk).post(url, theirs).status_code == 302
    response = client.post(url, mine | {"LS_DL.1.cot": ["TX1", "GK"]})
    assert "Lịch sử và Địa lí (Lịch sử): TX1, TX2, CK" in response.content.decode()
    shown = response.context["form"]
    assert [shown[name].value() for name in ("LS_DL.1.cot", "LS_DL.2.cot", "LS_DL.1.cot.seen")] == [
        ["TX1", "GK"], ["TX3", "TX4", "GK"], "TX1,TX2,CK",
    ]  # fmt: skip


def test_teacher_of_another_school_cannot_be_chosen(cast):
    client = window(cast.clerk)
    values = shown_plan(client, cast.class_7a) | {"GDCD": cast.intruder.public_id}
    assert client.post(at("class_plan", cast.class_7a), values).status_code == 422


# -- Subjects ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def class_10(cast):
    appoint(cast.clerk, Role.CLERK, cast.high_school)
    made = make_class(cast.high_school, cast.year, "10A1", 10)
    enrol(made, [make_student(cast.high_school, "0000000021", "Lý An")], timezone.localdate())
    return made


def test_electives_are_chosen_on_the_page(cast, class_10):
    client, url = window(cast.clerk), at("class_electives", class_10)
    [(student, _)] = client.get(url).context["form"].fields["students"].choices
    values = {"students": [str(student)], "chosen": ["DIA_LI", "VAT_LI", "TIN_HOC"], "topics": []}
    refused = client.post(url, values)
    assert refused.status_code == 422
    assert "đang chọn 3" in refused.content.decode()
    assert client.post(url, values | {"chosen": [*values["chosen"], "AM_NHAC"]}).status_code == 302
    assert SubjectEnrolment.objects.filter(choice="LUA_CHON").count() == 4


def test_optional_subject_is_taken_and_dropped_on_the_page(cast):
    client = window(cast.clerk)
    values = {"code": "NGOAI_NGU_2", "students": [cast.student.public_id]}
    assert client.post(at("class_optional", cast.class_7a), values).status_code == 302
    taken = SubjectEnrolment.objects.get(choice="TU_CHON")
    assert "Thôi học môn" in client.get(at("subject_exemption", taken)).content.decode()
    assert client.post(at("subject_drop", taken))["Location"] == at("class_subjects", cast.class_7a)
    assert client.post(at("subject_drop", taken)).status_code == 404


def test_exemption_is_noted_and_shown(cast):
    client, url = window(cast.clerk), at("subject_exemption", cast.taken)
    values = {"exempt": "on", "decision_number": "", "decision_on": DAY, "decision_period": "CN"}
    assert client.post(url, values).status_code == 422
    assert client.post(url, values | {"decision_number": "12/QĐ"})["Location"] == at("class_subjects", cast.class_7a)
    assert "(miễn)" in window(cast.homeroom_teacher).get(at("class_subjects", cast.class_7a)).content.decode()


@pytest.mark.parametrize("address", ["subject_exemption", "subject_drop"])
def test_subject_of_another_school_is_not_there(cast, address):
    client = window(cast.other_clerk)
    assert client.post(at(address, cast.taken)).status_code == 404
