"""The clerk's form of the old school's results, and who sees what of them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.actions.sheets import enter_marks
from records.models import TransferredTerm
from schools.models import ParentLink
from tests.cast import make_user
from tests.records.outside import OUTCOME, SOURCE, brought, first_term_is_over, newcomer, paper
from tests.records.term import Term, operation
from tests.records.views.looking import at_door


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def first(term: Term):
    return first_term_is_over(term)


@pytest.fixture
def student(term: Term, first):
    return newcomer(term)


def window(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_url(student, first) -> str:
    return reverse("transferred_term", args=[student.public_id, first.public_id])


def sent(term: Term, **changes) -> dict:
    results = {f"mon_{code}": value for code, value in paper(term.cast.class_7a).subjects.items()}
    return {**SOURCE, "document_on": "20/01/2026", **OUTCOME, **results, **changes}


def test_clerk_comes_from_the_class_list_and_writes_it_down(term, first, student):
    client = window(term.cast.clerk)
    listed = client.get(reverse("school_class", args=[term.cast.class_7a.public_id])).content.decode()
    url = reverse("transferred_terms", args=[student.public_id])
    assert listed.count(f'href="{url}"') == 1
    assert reverse("transferred_terms", args=[term.cast.student.public_id]) not in listed
    assert f'href="{form_url(student, first)}">Nhập kết quả Học kì I</a>' in client.get(url).content.decode()
    answer = client.post(form_url(student, first), sent(term, mon_TOAN="7,9", khong_TIN_HOC="on", mon_TIN_HOC=""))
    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    made = TransferredTerm.objects.get(student=student)
    assert (made.subjects["TOAN"], made.subjects["TIN_HOC"]) == ("7.9", "KHONG_HOC")
    page = client.get(url).content.decode()
    assert "Đang được tính" in page
    assert "Trường THCS Trần Phú, Phường Hải Châu, Đà Nẵng" in page


def test_unusual_result_is_asked_about_and_written_when_that_was_confirmed(term, first, student):
    client = window(term.cast.clerk)
    answer = client.post(form_url(student, first), sent(term, learning="TOT"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert (form.asks, form["mon_TOAN"].value()) == (True, "5,0")
    assert "còn ở đây ghi Tốt" in answer.content.decode()
    seen = form["seen"].value()
    answer = client.post(form_url(student, first), sent(term, learning="TOT", seen=seen, confirmed="on"))
    assert answer.status_code == 302
    assert TransferredTerm.objects.get(student=student).learning == "TOT"


def test_paper_without_any_result_is_told_with_its_other_faults(term, first, student):
    nothing = dict.fromkeys([name.replace("mon_", "khong_") for name in sent(term) if name[:4] == "mon_"], "on")
    wanted = {name: "" if name[:4] == "mon_" else value for name, value in sent(term).items()}
    answer = window(term.cast.clerk).post(form_url(student, first), {**wanted, **nothing, "from_school": ""})
    assert answer.context["form"].errors.keys() == {"from_school", "__all__"}
    assert "ít nhất một môn" in answer.content.decode()


def test_refused_form_keeps_what_was_typed_and_names_every_fault(term, first, student):
    answer = window(term.cast.clerk).post(
        form_url(student, first), sent(term, mon_TOAN="7,95", mon_GDTC="8", conduct="KHA")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_mon_TOAN"' in page
    rule = "Điểm lấy đến một chữ số thập phân"
    assert f"Phan Thu Hằng, môn Toán: {rule}" in page
    assert (page.count(rule), page.count("Phan Thu Hằng, môn Toán")) == (2, 1)  # beside the field the rule alone
    assert "ôn này đánh giá bằng nhận xét" in page
    assert 'value="7,95"' in page
    assert not TransferredTerm.objects.exists()


def test_all_faults_are_told_in_one_answer(term, first, student):
    wrong = {"document_on": "31/02/2026", "excused": "x", "unexcused": "-1", "mon_TOAN": "11", "mon_NGU_VAN": "-1",
             "mon_TIN_HOC": "chín", "mon_KHTN": "Đ", "mon_LS_DL": "8,55", "mon_GDTC": ""}  # fmt: skip
    answer = window(term.cast.clerk).post(form_url(student, first), sent(term, **wrong))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == wrong.keys()


def test_day_to_come_is_refused_at_its_field(term, first, student):
    answer = window(term.cast.clerk).post(form_url(student, first), sent(term, document_on="20/12/2099"))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "document_on": ["Ngày 20/12/2099 chưa đến: ghi ngày in trên giấy chuyển trường."]
    }


def test_value_and_not_taken_together_are_refused(term, first, student):
    answer = window(term.cast.clerk).post(form_url(student, first), sent(term, khong_TOAN="on"))
    assert answer.status_code == 422
    assert "chỉ giữ một" in answer.content.decode()


def test_correction_begins_with_what_was_written_and_needs_a_reason(term, first, student):
    brought(term, student, TOAN="7,9")
    client = window(term.cast.clerk)
    page = client.get(form_url(student, first)).content.decode()
    assert 'value="7,9"' in page
    assert client.post(form_url(student, first), sent(term, edition="1")).status_code == 422
    form = sent(term, edition="1", mon_TOAN="7,4", correction="Đọc nhầm dòng trên giấy")
    assert client.post(form_url(student, first), form).status_code == 302
    shown = client.get(reverse("transferred_terms", args=[student.public_id])).content.decode()
    assert shown.index("Đang được tính") < shown.index("Đã thay bằng lần ghi sau")


def test_term_that_cannot_be_brought_says_why_instead_of_a_form(term, first):
    page = window(term.cast.clerk).get(form_url(term.cast.student, first)).content.decode()
    assert "học lớp 7A của trường: kết quả kì này là của trường." in page
    assert "Ghi kết quả" not in page


def test_marks_in_the_way_lead_to_their_sheet(term, first, student):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    row = term.maths.rows.get(student=student)
    enter_marks(by=term.cast.maths_teacher, sheet=term.maths, operations=[operation(row, "TX1", "8")])
    client, link = window(term.cast.clerk), f'href="{reverse("sheet", args=[term.maths.public_id])}"'
    for url in (form_url(student, first), reverse("transferred_terms", args=[student.public_id])):
        page = client.get(url).content.decode()
        assert "Toán: ô TX1 (Lê Thu Hà)" in page
        assert page.count(link) == 1
    answer = client.post(form_url(student, first), sent(term))
    assert (answer.status_code, answer.content.decode().count(link)) == (422, 1)


def test_who_sees_it(term, student):
    brought(term, student)
    assert at_door(term, reverse("transferred_terms", args=[student.public_id])) == {
        "maths_teacher": 200, "homeroom_teacher": 200, "principal": 200, "vice_principal": 200, "clerk": 200,
        "intruder": 404, "other_clerk": 404, "other_principal": 404, "pupil": 404, "parent": 404,
        "commune_officer": 200, "inspector": 200, "province_admin": 200, "operator": 404, None: 302,
    }  # fmt: skip


def test_only_the_clerk_of_the_school_gets_the_form(term, first, student):
    assert {person: code for person, code in at_door(term, form_url(student, first)).items() if code == 200} == {
        "clerk": 200
    }


def test_subject_teacher_sees_the_own_subject_alone(term, student):
    brought(term, student, TOAN="7,9", NGU_VAN="6,4")
    url = reverse("transferred_terms", args=[student.public_id])
    of_maths = window(term.cast.maths_teacher).get(url).content.decode()
    assert "7,9" in of_maths
    assert "6,4" not in of_maths
    assert "Rèn luyện" not in of_maths
    of_homeroom = window(term.cast.homeroom_teacher).get(url).content.decode()
    assert "6,4" in of_homeroom
    assert "Rèn luyện" in of_homeroom


def test_family_sees_it_and_no_other_family_does(term, student):
    brought(term, student, NGU_VAN="6,4")
    url = reverse("transferred_terms", args=[student.public_id])
    mother = make_user("ph0900000077", "Phan Thị Mai", term.cast.school)
    ParentLink.objects.create(student=student, parent=mother, relation="ME", starts_on=timezone.localdate())
    assert "6,4" in window(mother).get(url).content.decode()
    assert window(term.cast.parent).get(url).status_code == 404


def test_family_reads_the_old_schools_results_in_the_book(term, student):
    """This school issues no page of that term: it is not said to be still to come."""
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    mother = make_user("ph0900000077", "Phan Thị Mai", term.cast.school)
    ParentLink.objects.create(student=student, parent=mother, relation="ME", starts_on=timezone.localdate())
    url = reverse("book", args=[student.public_id])
    assert "Học kì I: nhà trường chưa kí, chưa phát hành" in window(mother).get(url).content.decode()
    brought(term, student, NGU_VAN="6,4", TIN_HOC="KHONG_HOC")
    page = window(mother).get(url).content.decode()
    assert "chưa phát hành" not in page
    assert "Học kì I: kết quả của trường cũ" in page
    assert (
        "Học kì I: kết quả của Trường THCS Trần Phú, Phường Hải Châu, Đà Nẵng, theo giấy chuyển trường số 12/GCT ngày "
        "20/01/2026."
    ) in page
    assert "không phát hành trang học bạ riêng của Học kì I" in page
    assert '<td data-label="Trường cũ">6,4</td>' in page
    assert "22 buổi (2 không phép)" in page
    assert window(term.cast.parent).get(url).status_code == 404


def test_sheet_and_homeroom_page_show_it_instead_of_fields(term, student):
    prepare_class(by=None, school_class=term.cast.class_7a, period=term.class_period.period)
    brought(term, student, TOAN="7,9")
    sheet = window(term.cast.maths_teacher).get(reverse("sheet", args=[term.maths.public_id])).content.decode()
    assert "Trường cũ: 7,9" in sheet
    assert 'aria-label="Phan Thu Hằng' not in sheet
    leader = window(term.cast.homeroom_teacher)
    page = leader.get(reverse("homeroom", args=[term.class_period.public_id])).content.decode()
    assert "Phan Thu Hằng: kết quả Học kì I ở Trường THCS Trần Phú" in page
    assert 'aria-label="Phan Thu Hằng' not in page
