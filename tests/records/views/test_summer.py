"""The room of the summer: what everybody sees and does of it, and what is refused stays typed."""

import pytest
from django.test import Client
from django.urls import reverse

from records.actions.pages import render_page
from records.actions.signing import carry_out
from records.actions.signoff import issue_class
from records.models import PageVersion, SigningItem, SummerEntry
from tests.records.actions.test_primary_summer import approved, closed_year
from tests.records.primary import make_primary
from tests.records.summer import make_summer, open_summer, signed
from tests.records.term import PIN
from tests.records.views.looking import at_door, signed_in


@pytest.fixture
def summer(term):
    made = make_summer(term)
    open_summer(term.cast.class_7a)
    return made


def address(summer, student, name="summer_student"):
    return reverse(name, args=[summer.last.public_id, student.public_id])


def posted(summer, student, person, item, seen=None, **fields):
    kind, code = item
    prefix = "-".join(item).lower()
    form = {"viec": kind, "ma": code, "buoc": summer.case(student).last_entry if seen is None else seen}
    form |= {f"{prefix}-{name}": value for name, value in fields.items()}
    return signed_in(summer.term, person).post(address(summer, student, "summer_write"), form)


def conclude(summer, student, person="homeroom_teacher"):
    form = {"buoc": summer.case(student).last_entry, "khong_lam": "1"}
    return signed_in(summer.term, person).post(address(summer, student, "summer_conclude"), form)


# -- Who sees ----------------------------------------------------------------------------------------------------------
def test_list_tells_everybody_theirs(summer):
    url = reverse("summer_list")
    of_homeroom = signed_in(summer.term, "homeroom_teacher").get(url).content.decode()
    assert all(student.full_name in of_homeroom for student in (summer.low, summer.unruly, summer.both))
    assert summer.fine.full_name not in of_homeroom
    of_maths = signed_in(summer.term, "maths_teacher").get(url).content.decode()
    assert summer.low.full_name in of_maths
    assert summer.unruly.full_name not in of_maths
    of_other = signed_in(summer.term, "other_principal").get(url).content.decode()
    assert "Không có học sinh nào chờ kết quả trong hè." in of_other


def test_who_sees_a_student(summer):
    seen = {person: code for person, code in at_door(summer.term, address(summer, summer.low)).items() if code == 200}
    assert set(seen) == {
        "maths_teacher", "homeroom_teacher", "principal", "vice_principal", "clerk", "commune_officer", "inspector",
        "province_admin",
    }  # fmt: skip
    assert at_door(summer.term, address(summer, summer.unruly))["maths_teacher"] == 404
    assert at_door(summer.term, address(summer, summer.fine))["homeroom_teacher"] == 404


def test_subject_teacher_sees_the_own_subject_alone(summer):
    page = signed_in(summer.term, "maths_teacher").get(address(summer, summer.both)).content.decode()
    assert "Ghi Toán" in page
    for word in ("Khoa học tự nhiên", "Rèn luyện trong hè", "Với những gì đã ghi", "Đã ghi những gì"):
        assert word not in page


# -- Writing -----------------------------------------------------------------------------------------------------------
def test_result_is_written_and_told(summer):
    answer = posted(summer, summer.low, "maths_teacher", ("MON", "TOAN"), typed="6,5")
    assert answer.status_code == 302
    page = signed_in(summer.term, "homeroom_teacher").get(address(summer, summer.low)).content.decode()
    assert "6,5" in page
    assert "Được lên lớp" in page
    assert "Em không đánh giá lại: Khoa học tự nhiên." in page
    assert "sau kì nghỉ hè Đạt" in page  # behind “Vì sao?”
    assert "TT 22/2021/TT-BGDĐT Đ9.3" in page


def test_refused_result_stays_typed_with_the_rule(summer):
    answer = posted(summer, summer.low, "maths_teacher", ("MON", "TOAN"), typed="6,55")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="6,55"' in page
    assert "Nguyễn Minh Anh, Đánh giá lại môn học Toán: điểm lấy đến một chữ số thập phân" in page
    assert not SummerEntry.objects.exists()


def test_refused_decision_keeps_its_words(summer):
    answer = posted(summer, summer.both, "principal", ("QD", ""), typed="LEN_LOP", note="họp xét")
    assert answer.status_code == 422
    assert "họp xét</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    "item", [("MON", "NGU_VAN"), ("XX", ""), ("", ""), ("RL", "TOAN"), ("LAP_TRANG", ""), ("TRA_LAI", "")]
)
def test_forged_item_is_not_found(summer, item):
    assert posted(summer, summer.low, "homeroom_teacher", item, typed="9").status_code == 404
    assert not SummerEntry.objects.exists()


def test_stale_window_is_told(summer):
    posted(summer, summer.low, "maths_teacher", ("MON", "TOAN"), typed="6")
    answer = posted(summer, summer.low, "maths_teacher", ("MON", "TOAN"), seen=0, typed="7")
    assert answer.status_code == 422
    assert "vừa được ghi ở nơi khác" in answer.content.decode()
    assert [one.value for one in SummerEntry.objects.all()] == ["6.0"]


# -- The page ----------------------------------------------------------------------------------------------------------
def act(summer, student, person):
    version = render_page(summer.case(student).page)
    form = {"pin": PIN, f"trang:{version.public_id}": version.original_digest}
    answer = signed_in(summer.term, person).post(address(summer, student, "summer_sign"), form)
    for item in SigningItem.objects.filter(version=version, state="CHO"):
        carry_out(item)
    return answer.status_code


def test_page_from_hand_to_hand_until_the_family_reads_it(term, summer):
    signed(term, issue_class)
    student = summer.low
    posted(summer, student, "maths_teacher", ("MON", "TOAN"), typed="6,5")
    assert conclude(summer, student, "maths_teacher").status_code == 403
    assert conclude(summer, student).status_code == 302
    assert act(summer, student, "principal") == 422
    assert [act(summer, student, person) for person in ("homeroom_teacher", "principal", "clerk")] == [302, 302, 302]
    assert PageVersion.objects.get(kind="HE").state == "DA_CAP"
    book = signed_in(summer.term, "parent").get(reverse("book", args=[student.public_id])).content.decode()
    assert "Cả năm, sau kì nghỉ hè" in book
    assert "Đánh giá lại" in book
    assert "Kết luận sau kì nghỉ hè" in book
    assert "Sau kì nghỉ hè: vì sao Được lên lớp?" in book
    done = signed_in(summer.term, "homeroom_teacher").get(address(summer, student)).content.decode()
    assert "Đã đóng dấu, phát hành" in done


def test_wrong_pin_and_wrong_digest_sign_nothing(summer):
    conclude(summer, summer.low)
    version = render_page(summer.case(summer.low).page)
    for form in ({"pin": "000000", f"trang:{version.public_id}": version.original_digest}, {"pin": PIN}):
        answer = signed_in(summer.term, "homeroom_teacher").post(address(summer, summer.low, "summer_sign"), form)
        assert answer.status_code == 422
    assert not SigningItem.objects.filter(version=version).exists()


def test_principal_gives_it_back_with_a_reason(summer):
    conclude(summer, summer.low)
    url = address(summer, summer.low, "summer_return")
    short = signed_in(summer.term, "principal").post(url, {"reason": "sai"})
    assert short.status_code == 422
    assert "sai</textarea>" in short.content.decode()
    assert signed_in(summer.term, "principal").post(url, {"reason": "Chưa ghi điểm Toán"}).status_code == 302
    page = signed_in(summer.term, "homeroom_teacher").get(address(summer, summer.low)).content.decode()
    assert "Hiệu trưởng trả lại" in page
    assert "Chưa ghi điểm Toán" in page
    assert "Chốt kết quả, lập trang" in page


def test_homeroom_page_of_the_class_does_not_mix_in_the_page_of_the_summer(summer):
    conclude(summer, summer.low)
    act(summer, summer.low, "homeroom_teacher")
    page = signed_in(summer.term, "principal").get(reverse("review", args=[summer.last.public_id])).content.decode()
    assert "1 trang học bạ" in page
    assert summer.low.full_name not in page


def test_family_hears_what_is_due_and_nothing_once_it_is_issued(term, summer):
    signed(term, issue_class)
    url = reverse("book", args=[summer.low.public_id])
    book = signed_in(summer.term, "parent").get(url).content.decode()
    assert "Kiểm tra, đánh giá lại trong kì nghỉ hè. Trang học bạ cả năm có ở đây sau khi" in book
    conclude(summer, summer.low)
    for person in ("homeroom_teacher", "principal", "clerk"):
        act(summer, summer.low, person)
    book = signed_in(summer.term, "parent").get(url).content.decode()
    assert "Trang học bạ cả năm có ở đây sau khi" not in book
    assert "Không được lên lớp" in book


# -- What people have to do --------------------------------------------------------------------------------------------
def test_home_tells_each_their_step(summer):
    def home(person):
        return signed_in(summer.term, person).get("/").content.decode()

    assert "3 học sinh lớp bạn chủ nhiệm chờ kết quả trong hè" in home("homeroom_teacher")
    assert "2 học sinh chờ bạn đánh giá lại môn học trong hè" in home("maths_teacher")
    conclude(summer, summer.low)
    assert "1 trang sau kì nghỉ hè chờ bạn kí" in home("homeroom_teacher")
    act(summer, summer.low, "homeroom_teacher")
    assert "1 trang sau kì nghỉ hè chờ bạn duyệt và kí" in home("principal")


# -- Tiểu học ----------------------------------------------------------------------------------------------------------
def test_pupil_of_tieu_hoc_has_level_and_test_apart(cast):
    primary = make_primary(cast)
    held = primary.pupils[0]
    last = closed_year(primary, [held])
    approved(primary, last)
    client = Client()
    client.force_login(primary.teacher)
    url = reverse("summer_student", args=[last.public_id, held.public_id])
    page = client.get(url).content.decode()
    for word in ("Toán, bài kiểm tra", "Chưa hoàn thành", "Chờ hiệu trưởng quyết định", "Chưa ghi (hiệu trưởng)"):
        assert word in page
    form = {"viec": "KT", "ma": "TOAN", "buoc": 0, "kt-toan-typed": "0"}
    refused = client.post(reverse("summer_write", args=[last.public_id, held.public_id]), form)
    assert refused.status_code == 422
    assert "số nguyên từ 1 đến 10" in refused.content.decode()
    for kind, typed in (("mon", "H"), ("kt", "6")):
        form = {"viec": kind.upper(), "ma": "TOAN", "buoc": 10**9, f"{kind}-toan-typed": typed}
        assert client.post(reverse("summer_write", args=[last.public_id, held.public_id]), form).status_code == 302
    page = client.get(url).content.decode()
    assert "sau đánh giá bổ sung Hoàn thành: hoàn thành chương trình lớp học" in page
    assert "Hiệu trưởng quyết định" not in page
