"""What cannot be answered is said in Vietnamese, on a page for people and as JSON for scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from schools.models import Student


@pytest.fixture
def clerk(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client = Client(raise_request_exception=False)
    client.force_login(cast.clerk)
    return client


def test_method_an_address_does_not_take_is_a_page(clerk):
    response = clerk.post(reverse("class_list"))
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "Không mở được trang theo cách này" in response.content.decode()
    assert "Content-Security-Policy" in response


def test_script_gets_json_for_a_method(clerk):
    response = clerk.post(reverse("class_list"), headers={"accept": "application/json"})
    assert (response.status_code, response.json()) == (405, {"error": "method-not-allowed"})


def test_view_of_the_login_answers_alike(client):
    assert "Không mở được trang" in client.post(reverse("account_inactive")).content.decode()


def test_too_many_fields_are_said(clerk):
    response = clerk.post(reverse("student_new"), {f"o{number}": "1" for number in range(2100)})
    assert response.status_code == 400
    assert "quá nhiều ô" in response.content.decode()


def test_too_much_data_is_said(clerk):
    response = clerk.post(reverse("student_new"), {"full_name": "a" * 6_000_000})
    assert response.status_code == 400
    assert "quá lớn" in response.content.decode()


def test_script_gets_json_for_what_cannot_be_read(clerk):
    fields = {f"o{number}": "1" for number in range(2100)}
    response = clerk.post(reverse("student_new"), fields, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["error"]) == (400, "bad-request")


def test_unknown_host_is_refused_in_vietnamese(clerk):
    response = clerk.get("/", headers={"host": "khac.example"})
    assert response.status_code == 400
    assert "Yêu cầu không hợp lệ" in response.content.decode()


def test_foreign_form_is_refused_in_vietnamese(cast):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in response.content.decode()


@pytest.mark.parametrize("where", ["?ten=a%00b", "?%00=1", "a%00b/"])
def test_nul_in_an_address_is_refused(clerk, where):
    response = clerk.get(reverse("student_list") + where)
    assert response.status_code == 400
    assert "Yêu cầu không hợp lệ" in response.content.decode()


def test_nul_in_a_field_is_said_beside_it(clerk, cast):
    response = clerk.post(reverse("student_new"), {"full_name": "Nguyễn\x00Văn A", "student_code": "7900000001"})
    assert response.status_code == 422
    assert "Có kí tự điều khiển không hiện ra được" in str(response.context["form"].errors["full_name"])
    assert not Student.objects.filter(student_code="7900000001").exists()
