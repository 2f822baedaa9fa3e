"""The screens of a class of tiểu học: sheets, the homeroom teacher's table, the class's summary, its approval."""

import pytest
from django.test import Client
from django.urls import reverse

from records.actions.homeroom import enter_records
from records.models import ClassPeriod
from tests.records.primary import make_primary
from tests.records.term import operation


@pytest.fixture
def primary(cast):
    return make_primary(cast)


def window(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, name, thing):
    answer = window(user).get(reverse(name, args=[thing.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_sheet_shows_level_score_and_the_level_in_words(primary):
    class_period = primary.begin("CK1")
    primary.write(class_period, level="H", score="8")
    shown = page(primary.teacher, "sheet", primary.sheets(class_period)["TOAN"])
    assert shown.count(">Hoàn thành</td>") == 3
    assert "Mức đạt được" in shown
    assert "hệ số" not in shown


def test_homeroom_table_is_of_traits_and_asks_for_days_missed_with_a_page_alone(primary):
    middle = page(primary.teacher, "homeroom", primary.begin("GK1"))
    assert "Phẩm chất, năng lực, nghỉ học, nhận xét" in middle
    assert "Giải quyết vấn đề và sáng tạo" in middle
    assert "no_absences" not in middle
    end = page(primary.teacher, "homeroom", primary.begin("CK1"))
    assert "no_absences" in end


def test_summary_shows_what_stands_in_the_sheets_and_approving_closes_it(primary):
    class_period = primary.closed("GK1", level="H", score="6", trait="Đ")
    principal = primary.cast.principal
    shown = page(principal, "review", class_period)
    assert shown.count("<td>H · 6</td>") == 6  # Tiếng Việt and Toán of three pupils
    assert shown.count("<td>Đ</td>") == 45
    assert "Duyệt bảng tổng hợp" in shown
    url, form = reverse("review_approve", args=[class_period.public_id]), {"buoc": class_period.last_move_id}
    assert f'name="buoc" value="{class_period.last_move_id}"' in shown
    window(principal).post(url, {})
    assert ClassPeriod.objects.get(pk=class_period.pk).state == "DA_NOP"  # nobody says what was shown
    assert window(principal).post(url, form).status_code == 302
    assert ClassPeriod.objects.get(pk=class_period.pk).state == "DA_DUYET"
    assert "Duyệt bảng tổng hợp</button>" not in page(principal, "review", class_period)


@pytest.mark.parametrize(
    ("person", "status"), [("clerk", 404), ("vice_principal", 404), ("inspector", 404), ("intruder", 403)]
)
def test_others_do_not_approve(primary, person, status):
    class_period = primary.closed("GK1")
    url = reverse("review_approve", args=[class_period.public_id])
    form = {"buoc": class_period.last_move_id}
    assert window(getattr(primary.cast, person)).post(url, form).status_code == status
    assert ClassPeriod.objects.get(pk=class_period.pk).state == "DA_NOP"


def test_year_is_told_live_with_why_and_nothing_before_its_end(primary):
    assert "Kết quả đến lúc này" not in page(primary.teacher, "homeroom", primary.begin("GK2"))
    class_period = primary.begin("CN")
    assert "Còn thiếu: 11 môn" in page(primary.teacher, "homeroom", class_period)
    primary.write(class_period, score="8")
    row = class_period.rows.get(student=primary.pupils[0])
    enter_records(by=primary.teacher, class_period=class_period, operations=[operation(row, "TB", "x")])
    shown = page(primary.teacher, "homeroom", class_period)
    assert "Chưa được mức Hoàn thành xuất sắc" in shown
    assert shown.count("Học sinh Tiêu biểu hoàn thành tốt") == 1


def test_whole_table_of_more_than_five_hundred_cells_is_saved(primary, monkeypatch):
    """3 pupils have no so many: the batches are cut smaller for once."""
    class_period = primary.begin("GK1")
    seen = window(primary.teacher).get(reverse("homeroom", args=[class_period.public_id])).context
    rows = list(class_period.rows.all())
    traits = [column.code for column in class_period.scheme if column.scale == "PHAM_CHAT"]
    fields = {f"o:{row.public_id}:{code}": "Đ" for row in rows for code in traits}
    form = {"trang": str(seen["page_id"]), "moc": seen["base"], **fields}
    monkeypatch.setattr("records.views.cells.MOST_OPERATIONS", 7)
    window(primary.teacher).post(reverse("homeroom_save", args=[class_period.public_id]), form)
    assert {code for row in class_period.rows.all() for code in row.cells.values()} == {"D"}
    assert ClassPeriod.objects.get(pk=class_period.pk).missing == 0


def test_pages_name_what_they_come_to(primary):
    shown = page(primary.cast.principal, "review", primary.closed("CK1", level="C"))
    assert "10 môn chưa hoàn thành" in shown
    assert 'data-label="Phẩm chất, năng lực"' in shown
