"""One word as long as a field allows stays inside its card, on a wide screen and on a telephone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from schools.models import ListImport
from tests.cast import enrol, make_student
from tests.journeys.conftest import no_sideways_scroll, sign_in

LONG_NAME = "Nguyễn" + "a" * 112
LONG_FILE = "danhsach" + "x" * 200 + ".xlsx"
STICKING_OUT = """() => [...document.querySelectorAll("main .card *")].filter((one) => {
  const card = one.closest(".card").getBoundingClientRect();
  return one.checkVisibility() && !one.closest(".visually-hidden, thead, .table-scroll")
    && one.getBoundingClientRect().right > card.right + 1;
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [1366, 360])
def test_long_words_stay_inside(open_page, live_cast, width):
    student = make_student(live_cast.school, "0000000099", LONG_NAME)
    enrol(student, live_cast.class_7a)
    ListImport.objects.update(file_name=LONG_FILE)
    page: Page = open_page(width=width, height=768)
    sign_in(page, live_cast.clerk)
    for url in (
        reverse("student_list"),
        reverse("student", args=[student.public_id]),
        reverse("school_class", args=[live_cast.class_7a.public_id]),
        reverse("import_list"),
        reverse("import_preview", args=[live_cast.list_import.public_id]),
        reverse("merge_choose"),
    ):
        page.goto(url)
        assert page.evaluate(STICKING_OUT) == [], url
        no_sideways_scroll(page, width)


def test_long_name_of_a_chosen_file_stays_inside(open_page, live_cast):
    page: Page = open_page(width=360, height=740)
    sign_in(page, live_cast.clerk)
    page.goto(reverse("import_new"))
    chosen = {"name": LONG_FILE, "mimeType": "application/octet-stream", "buffer": b"x"}
    page.get_by_label("Tệp Excel").set_input_files(chosen)
    assert page.evaluate(STICKING_OUT) == []
    no_sideways_scroll(page)
