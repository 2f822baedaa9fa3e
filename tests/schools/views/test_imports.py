"""Upload, preview, confirm: as the browser sends it."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from schools.actions.imports.forgetting import forget_previews
from schools.models import ListImport, Student
from tests.workbooks import ASSIGNMENTS, STAFF, STUDENTS, a_student, list_of

HAN, AN = "7000000001", "7000000002"


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def clerk(cast):
    return signed_in(cast.clerk)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def upload(client, cast, *people, kind=STUDENTS, content=None, **options):
    file = SimpleUploadedFile("danh-sach.xlsx", content if content is not None else list_of(kind, *people))
    data = {"kind": kind, "school_year": cast.year.public_id, "file": file, **options}
    return client.post(reverse("import_new"), data)


def page_of(made):
    return reverse("import_preview", args=[made.public_id])


def newest():
    return ListImport.objects.order_by("-id").first()


def test_list_goes_from_upload_to_result(cast, clerk):
    response = upload(clerk, cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    made = newest()
    assert (response.status_code, response["Location"]) == (302, page_of(made))
    page = clerk.get(page_of(made)).content.decode()
    for words in ("Nhập 1 dòng", "Phạm Gia Hân", "Lê Vy", "Giới tính “x”", "1 dòng bị từ chối", "không có gì bị xóa"):
        assert words in page
    confirmed = clerk.post(page_of(made), {"digest": made.digest}, follow=True)
    assert "Đã nhập 1 dòng từ “danh-sach.xlsx”." in confirmed.content.decode()
    assert Student.objects.filter(student_code=HAN).exists()


def test_new_class_is_made_where_ticked(cast, clerk):
    upload(clerk, cast, a_student(HAN, class_name="7C"), makes_classes="on")
    assert "Lớp mới sẽ được tạo: 7C." in clerk.get(page_of(newest())).content.decode()


def test_preview_shows_old_and_new_and_masks_the_number(cast, clerk):
    row = {"student_code": cast.student.student_code, "personal_id": "001214999888", "address": "5 phố Khác"}
    upload(clerk, cast, row)
    page = clerk.get(page_of(newest())).content.decode()
    assert "•••••••••888" in page
    assert "001214999888" not in page
    assert "Lí do sửa họ tên" in page


def test_missing_reason_is_asked_for_and_nothing_typed_is_lost(cast, clerk):
    upload(clerk, cast, {"student_code": cast.student.student_code, "full_name": "Nguyễn Minh Ánh"})
    made = newest()
    response = clerk.post(page_of(made), {"digest": made.digest, "reason": "ngắn"})
    assert response.status_code == 422
    assert "ngắn</textarea>" in response.content.decode()
    assert "phải ghi lí do" in response.content.decode()
    clerk.post(page_of(made), {"digest": made.digest, "reason": "Quyết định cải chính số 12"})
    assert Student.objects.get(pk=cast.student.pk).full_name == "Nguyễn Minh Ánh"


def test_unusual_rows_are_shown_with_student_column_and_rule_and_confirmed_by_a_tick(cast, clerk):
    upload(clerk, cast, a_student(HAN, "PHẠM GIA HÂN", born_on="05/09/1950"), a_student(AN, "Lê Vy"))
    made = newest()
    page = clerk.get(page_of(made)).content.decode()
    for words in (
        "Cần kiểm tra", "Tôi đã xem các dòng cần kiểm tra", "1 dòng có điều khác thường", "Nhập 2 dòng",
        "Họ và tên: “PHẠM GIA HÂN” viết hoa khác thường", "Ngày sinh: Sinh năm 1950 là khác thường",
    ):  # fmt: skip
        assert words in page
    refused = clerk.post(page_of(made), {"digest": made.digest})
    assert (refused.status_code, "hãy xem rồi chọn" in refused.content.decode()) == (422, True)
    assert not Student.objects.filter(student_code=HAN).exists()
    clerk.post(page_of(made), {"digest": made.digest, "checked": "on"})
    assert Student.objects.filter(student_code__in=[HAN, AN]).count() == 2


def test_ordinary_list_asks_for_no_tick(cast, clerk):
    upload(clerk, cast, a_student(HAN))
    assert "Cần kiểm tra" not in clerk.get(page_of(newest())).content.decode()


@pytest.mark.parametrize("digest", ["0" * 64, "", "x"])
def test_outdated_preview_is_shown_again(cast, clerk, digest):
    upload(clerk, cast, a_student(HAN))
    response = clerk.post(page_of(newest()), {"digest": digest}, follow=True)
    assert "Hãy xem lại bản mới" in response.content.decode()
    assert newest().digest in response.content.decode()
    assert not Student.objects.filter(student_code=HAN).exists()


def test_confirming_twice_says_so(cast, clerk):
    upload(clerk, cast, a_student(HAN))
    made = newest()
    clerk.post(page_of(made), {"digest": made.digest})
    again = clerk.post(page_of(made), {"digest": made.digest}, follow=True)
    assert "đã nhập rồi" in again.content.decode()
    assert Student.objects.filter(student_code=HAN).count() == 1


def test_cancelled_list_is_dropped(cast, clerk):
    upload(clerk, cast, a_student(HAN))
    made = newest()
    assert clerk.post(page_of(made), {"huy": "1"}, follow=True).status_code == 200
    assert newest().state == "DA_HUY"
    assert "Không có gì được nhập" in clerk.get(page_of(made)).content.decode()


def test_emptied_preview_says_when_and_why_instead_of_failing(cast, clerk):
    upload(clerk, cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    made = newest()
    until = timezone.localdate() + timedelta(days=30)
    assert f"Bản xem trước được giữ đến ngày {until:%d/%m/%Y}." in clerk.get(page_of(made)).content.decode()
    forget_previews(now=timezone.now() + timedelta(days=31))
    page = clerk.get(page_of(made)).content.decode()
    assert "Đã xóa nội dung xem trước sau 31 ngày" in page
    assert "vì không ai xác nhận" in page
    assert "Lê Vy" not in page
    assert clerk.get(reverse("import_refused", args=[made.public_id])).status_code == 404
    answer = clerk.post(page_of(made), {"digest": made.digest}, follow=True).content.decode()
    assert "nội dung đã xóa. Hãy tải tệp lên lại." in answer
    assert "Hết hạn xem trước" in clerk.get(reverse("import_list")).content.decode()


def test_emptied_refused_rows_are_no_longer_offered(cast, clerk):
    upload(clerk, cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    made = newest()
    clerk.post(page_of(made), {"digest": made.digest})
    download = reverse("import_refused", args=[made.public_id])
    page = clerk.get(page_of(made)).content.decode()
    assert f"được giữ đến ngày {timezone.localdate() + timedelta(days=30):%d/%m/%Y}" in page
    assert download in page
    forget_previews(now=timezone.now() + timedelta(days=31))
    page = clerk.get(page_of(made)).content.decode()
    assert "Đã xóa nội dung các dòng bị từ chối" in page
    assert download not in page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Tệp rỗng"),
        (b"<html></html>", "trang web đổi tên"),
        (list_of(STAFF, {"full_name": "An", "phone": "0900000009"}), "Không thấy dòng tiêu đề"),
    ],
)
def test_unreadable_file_is_refused_and_the_rest_of_the_form_stays(cast, clerk, content, told):
    response = upload(clerk, cast, content=content, makes_classes="on")
    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert "checked" in page
    assert newest() == cast.list_import


def test_form_without_a_file_is_refused(cast, clerk):
    response = clerk.post(reverse("import_new"), {"kind": STUDENTS})
    assert response.status_code == 422
    assert "Hãy chọn tệp Excel." in response.content.decode()


def test_refused_rows_are_downloaded_before_and_after(cast, clerk):
    upload(clerk, cast, a_student(HAN), a_student(AN, "Lê Vy", gender="x"))
    made = newest()
    url = reverse("import_refused", args=[made.public_id])
    before = load_workbook(BytesIO(clerk.get(url).content)).active
    clerk.post(page_of(made), {"digest": made.digest})
    response = clerk.get(url)
    after = load_workbook(BytesIO(response.content)).active
    rows = [[[cell.value for cell in row] for row in sheet] for sheet in (before, after)]
    assert rows[0] == rows[1]
    assert rows[0][1][-1].startswith("Dòng 3, Lê Vy: Giới tính “x”")
    assert response["Content-Disposition"] == 'attachment; filename="dong-bi-tu-choi.xlsx"'


def test_import_without_refused_rows_has_no_file_of_them(cast, clerk):
    upload(clerk, cast, a_student(HAN))
    assert clerk.get(reverse("import_refused", args=[newest().public_id])).status_code == 404


@pytest.mark.parametrize("kind", ["hoc-sinh", "nhan-su", "phan-cong"])
def test_template_is_downloaded(cast, clerk, kind):
    response = clerk.get(reverse("import_template", args=[kind]))
    book = load_workbook(BytesIO(response.content))
    assert response["Content-Disposition"] == f'attachment; filename="mau-{kind}.xlsx"'
    assert book.sheetnames[1] == "Hướng dẫn"
    assert clerk.get(reverse("import_template", args=["khac"])).status_code == 404


def test_template_offers_only_the_own_schools_classes(cast, clerk):
    cast.other_class.name = "9Z"
    cast.other_class.save()
    found = load_workbook(BytesIO(clerk.get(reverse("import_template", args=["hoc-sinh"])).content))["Danh mục"]
    assert [cell.value for cell in found["A"]] == ["Lớp", "7A", "7B"] + [None] * (found.max_row - 3)


@pytest.mark.parametrize(
    "person", ["other_clerk", "intruder", "principal", "homeroom_teacher", "province_admin", "parent"]
)
def test_others_see_nothing_of_an_import(cast, person):
    client = signed_in(getattr(cast, person))
    for url in (page_of(cast.list_import), reverse("import_refused", args=[cast.list_import.public_id])):
        assert client.get(url).status_code in {403, 404}
        assert client.post(url, {"digest": "x"}).status_code in {403, 404, 405}
    assert ListImport.objects.get(pk=cast.list_import.pk).is_waiting


def test_other_clerk_gets_404(cast):
    client = signed_in(cast.other_clerk)
    assert client.get(page_of(cast.list_import)).status_code == 404
    assert client.post(page_of(cast.list_import), {"huy": "1"}).status_code == 404
    assert client.get(reverse("import_preview", args=[uuid4()])).status_code == 404


def test_vice_principal_brings_assignments_and_nothing_else(cast):
    client = signed_in(cast.vice_principal)
    row = {"class_name": "7A", "subject": "Ngữ văn", "teacher_name": "Lê Thu Hà"}
    assert upload(client, cast, row, kind=ASSIGNMENTS).status_code == 302
    assert client.get(page_of(newest())).status_code == 200
    assert upload(client, cast, a_student(HAN)).status_code == 422
    assert client.get(page_of(cast.list_import)).status_code == 404
    assert client.get(reverse("import_template", args=["hoc-sinh"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_imports_has_a_constant_number_of_queries(cast, clerk, count):
    for _ in range(count):
        upload(clerk, cast, a_student(HAN))
    clerk.get(reverse("import_list"))
    with CaptureQueriesContext(connection) as queries:
        page = clerk.get(reverse("import_list"))
    assert page.content.decode().count("danh-sach.xlsx") == count
    assert len(queries) == 7


def test_pages_with_children_stay_in_no_cache(cast, clerk):
    assert "no-store" in clerk.get(page_of(cast.list_import))["Cache-Control"]
