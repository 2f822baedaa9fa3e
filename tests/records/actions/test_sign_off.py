"""Submitting, signing, returning, sealing: each by whose it is, in its state, for what was shown; a worker alone signs
nothing."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from records.actions.homeroom import no_absences, submit_class
from records.actions.keys import change_pin, opened
from records.actions.page_files import read_page
from records.actions.pages import render_page
from records.actions.preparing import prepare_class
from records.actions.sheets import confirm_sheet
from records.actions.signing import carry_out, sign_again, sign_as_homeroom
from records.actions.signoff import issue_class, return_class, sign_off_class
from records.documents.keys import NotOrdered
from records.models import (
    MarkRow,
    MarkSheet,
    PageVersion,
    SheetConfirmation,
    Signature,
    SigningItem,
    SigningKey,
    SignOff,
    Slot,
)
from schools.actions.enrolments import move_class
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Enrolment, HistoryEntry, RoleAssignment, TeachingAssignment
from tests.records.term import (
    PIN,
    Term,
    confirm_all,
    fill_records,
    fill_sheet,
    fresh,
    give_keys,
    operation,
)

REASON = "Điểm giữa kì môn Toán chưa đúng"


@pytest.fixture
def rendered(term: Term, handed_in: Term) -> Term:
    """Submitted, with the pages rendered and keys given."""
    give_keys(term)
    for version in PageVersion.objects.all():
        render_page(version)
    return term


def sign(term: Term, act=sign_as_homeroom, person: str = "homeroom_teacher", **changes):
    given = {"class_period": term.now(), "pin": PIN, "shown": term.shown()} | changes
    return act(by=fresh(getattr(term.cast, person)), **given)


def carried_out(order) -> list[str]:
    return [carry_out(item).state for item in order.items.select_related("order__by", "order__key", "version")]


def states() -> set[str]:
    return set(PageVersion.objects.values_list("state", flat=True))


# -- Submitting -------------------------------------------------------------------------------------------------------
def test_class_is_submitted_with_results_and_a_frozen_page_each(term, handed_in):
    assert term.now().state == "DA_NOP"
    record = term.class_period.rows.get(student=term.cast.student)
    assert record.learning == {"base": "TOT", "subject_responsible": None, "final": "TOT"}
    versions = PageVersion.objects.all()
    assert {(one.kind, one.number, one.state) for one in versions} == {("TERM", 1, "CHUAN_BI")}
    snapshot = versions.get(page__student=term.cast.student).snapshot
    maths = next(one for one in snapshot["subjects"] if one["code"] == "TOAN")
    assert maths["results"] == {"HK1": "8.0", "HK2": None, "CN": None}
    assert [one["name"] for one in maths["teachers"]] == ["Lê Thu Hà"]
    assert HistoryEntry.objects.filter(action="submit_class", actor=term.cast.homeroom_teacher).exists()


def test_unready_class_is_not_submitted_and_the_blocker_is_named(term):
    with pytest.raises(WrongState, match=r"chưa xác nhận \(Nguyễn Thị Phương Lan\)"):
        submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period)
    confirm_all(term)
    with pytest.raises(WrongState, match="phần chủ nhiệm còn 8 ô trống"):
        submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period)
    assert not PageVersion.objects.exists()


@pytest.mark.parametrize("person", ["maths_teacher", "principal", "clerk", "intruder", "other_principal"])
def test_only_the_homeroom_teacher_submits(term, person):
    confirm_all(term)
    fill_records(term)
    with pytest.raises(NotAllowed):
        submit_class(by=fresh(getattr(term.cast, person)), class_period=term.class_period)


def test_class_is_submitted_once(term, handed_in):
    with pytest.raises(WrongState, match="đã nộp"):
        submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period)


def test_zero_absences_are_said_in_one_act(term):
    assert no_absences(by=fresh(term.cast.homeroom_teacher), class_period=term.class_period) == 4
    assert {row.cells["KP"] for row in term.class_period.rows.all()} == {"0"}
    with pytest.raises(NotAllowed):
        no_absences(by=fresh(term.cast.principal), class_period=term.class_period)


# -- Signing ----------------------------------------------------------------------------------------------------------
def test_pages_move_hand_to_hand(rendered):
    assert set(carried_out(sign(rendered))) == {"XONG"}
    assert states() == {"GVCN_DA_KI"}
    assert set(carried_out(sign(rendered, sign_off_class, "principal"))) == {"XONG"}
    assert set(carried_out(sign(rendered, issue_class, "clerk"))) == {"XONG"}
    assert (states(), rendered.now().state) == ({"DA_CAP"}, "DA_CAP")
    assert list(SignOff.objects.values_list("after", flat=True)) == ["DA_NOP", "DA_DUYET", "DA_CAP"]
    assert Signature.objects.count() == 6


def test_signing_changes_no_byte_that_was_shown(rendered):
    before = {one.pk: read_page(one) for one in PageVersion.objects.all()}
    carried_out(sign(rendered))
    for version in PageVersion.objects.all():
        assert read_page(version).startswith(before[version.pk])


def test_item_carried_out_twice_signs_once(rendered):
    order = sign(rendered)
    carried_out(order)
    carried_out(order)
    assert Signature.objects.count() == 2


def test_worker_without_an_open_order_signs_nothing(rendered):
    order = sign(rendered)
    cache.clear()
    assert set(carried_out(order)) == {"LOI"}
    assert "không còn mở" in order.items.first().failure
    assert not Signature.objects.exists()
    assert set(carried_out(sign(rendered))) == {"XONG"}  # the person signs again what is not done


def test_wrapped_key_of_one_order_is_no_use_to_another(rendered):
    order = sign(rendered)
    stolen = cache.get(f"signing-order:{order.public_id}")
    carried_out(order)
    other = sign(rendered, sign_off_class, "principal")
    cache.set(f"signing-order:{other.public_id}", stolen)
    assert set(carried_out(other)) == {"LOI"}


def test_page_that_was_not_shown_is_not_signed(rendered):
    shown = rendered.shown()
    first = next(iter(shown))
    for changed in ({**shown, first: "0" * 64}, {key: value for key, value in shown.items() if key != first}):
        with pytest.raises(WrongState, match="đã khác trang bạn xem"):
            sign(rendered, shown=changed)


def test_page_not_rendered_yet_is_not_signed(term, handed_in):
    give_keys(term)
    with pytest.raises(WrongState, match="đang được dựng"):
        sign(term)


@pytest.mark.parametrize("person", ["maths_teacher", "principal", "clerk", "intruder"])
def test_only_the_homeroom_teacher_signs_first(rendered, person):
    with pytest.raises(NotAllowed):
        sign(rendered, person=person)


def test_principal_signs_only_what_the_homeroom_teacher_has_signed(rendered):
    with pytest.raises(WrongState, match="chưa được giáo viên chủ nhiệm kí"):
        sign(rendered, sign_off_class, "principal")
    with pytest.raises(WrongState):
        sign(rendered, sign_again, "principal", slot=Slot.PRINCIPAL)
    assert rendered.now().state == "DA_NOP"


@pytest.mark.parametrize("person", ["vice_principal", "clerk", "homeroom_teacher", "other_principal", "province_admin"])
def test_nobody_else_signs_off(rendered, person):
    carried_out(sign(rendered))
    with pytest.raises(NotAllowed):
        sign(rendered, sign_off_class, person)


def test_seal_waits_for_the_principal_and_is_the_clerks(rendered):
    carried_out(sign(rendered))
    with pytest.raises(NotAllowed):
        sign(rendered, issue_class, "clerk")
    sign(rendered, sign_off_class, "principal")
    with pytest.raises(WrongState, match="chưa được hiệu trưởng kí"):
        sign(rendered, issue_class, "clerk")
    with pytest.raises(NotAllowed):
        sign(rendered, issue_class, "principal")


def test_only_what_failed_is_signed_again(rendered):
    carried_out(sign(rendered))
    order = sign(rendered, sign_off_class, "principal")
    first, second = order.items.select_related("order__by", "order__key", "version")
    carry_out(first)
    cache.clear()
    carry_out(second)
    again = sign(rendered, sign_again, "principal", slot=Slot.PRINCIPAL)
    assert [item.version_id for item in again.items.all()] == [second.version_id]
    assert carried_out(again) == ["XONG"]


# -- Keys -------------------------------------------------------------------------------------------------------------
def test_wrong_pin_is_counted_and_blocks_after_five(rendered):
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused, match=f"Còn {left} lần"):
            sign(rendered, pin="000000")
    for pin in ("000000", PIN):
        with pytest.raises(WrongState, match="chặn"):
            sign(rendered, pin=pin)
    assert not SigningItem.objects.exists()


def test_right_pin_forgets_the_wrong_ones(rendered):
    with pytest.raises(Refused):
        sign(rendered, pin="000000")
    sign(rendered)
    assert SigningKey.objects.get(user=rendered.cast.homeroom_teacher).wrong_pins == 0


def test_pin_is_changed_by_its_holder_alone(rendered):
    key = SigningKey.objects.get(user=rendered.cast.homeroom_teacher)
    with pytest.raises(NotAllowed):
        change_pin(by=fresh(rendered.cast.principal), signing_key=key, pin=PIN, new_pin="135791")
    change_pin(by=fresh(rendered.cast.homeroom_teacher), signing_key=key, pin=PIN, new_pin="135791")
    assert opened(key, "135791").key_size == 2048
    with pytest.raises(Refused):
        opened(key, PIN)


@pytest.mark.parametrize(("field", "words"), [("revoked_at", "chưa được cấp"), ("valid_until", "hết hạn")])
def test_key_that_is_over_signs_nothing(rendered, field, words):
    SigningKey.objects.filter(user=rendered.cast.homeroom_teacher).update(**{field: timezone.now()})
    with pytest.raises(Refused, match=words):
        sign(rendered)


def test_no_secret_is_in_the_history(rendered):
    sign(rendered)
    entries = HistoryEntry.objects.filter(table__in=["records_signingkey", "records_signingorder"])
    payloads = [payload.payload["changes"] for entry in entries for payload in entry.payloads.all()]
    assert {changes[name] for changes in payloads for name in ("locked", "salt") if name in changes} == {"***"}


def test_order_unwraps_for_nobody_else(rendered):
    from records.actions.signing import order_signer

    order = sign(rendered)
    order.public_id = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(NotOrdered):
        order_signer(order)


def test_item_added_to_a_live_order_leaves_the_key_shut(rendered):
    order = sign(rendered)
    shown = PageVersion.objects.first()
    never_shown = PageVersion.objects.create(
        page=shown.page, number=9, kind=shown.kind, class_period=shown.class_period, school_class=shown.school_class,
        rule_set=shown.rule_set, snapshot=shown.snapshot | {"version": 9}, snapshot_digest=shown.snapshot_digest,
    )  # fmt: skip
    digest = render_page(never_shown).original_digest
    SigningItem.objects.create(order=order, version=never_shown, shown_digest=digest)
    assert set(carried_out(order)) == {"LOI"}
    assert not Signature.objects.exists()


def test_sheet_with_a_result_that_does_not_follow_is_not_submitted(term):
    confirm_all(term)
    fill_records(term)
    SheetConfirmation.objects.filter(sheet=term.maths).update(withdrawn_at=timezone.now())
    MarkSheet.objects.filter(pk=term.maths.pk).update(state="MO")
    row = term.maths.rows.first()
    MarkRow.objects.filter(pk=row.pk).update(cells=row.cells | {"CK": "9"})  # past the program: the average stays
    mine = TeachingAssignment.objects.get(school_class=term.cast.class_7a, subject=term.cast.maths)
    SheetConfirmation.objects.create(sheet=term.maths, assignment=mine, by=term.cast.maths_teacher, digest="x")
    MarkSheet.objects.filter(pk=term.maths.pk).update(state="DA_XAC_NHAN")
    with pytest.raises(WrongState, match=r"sổ Toán kết quả của .* không đúng với các điểm đã ghi"):
        submit_class(by=fresh(term.cast.homeroom_teacher), class_period=term.now())
    assert not PageVersion.objects.exists()


# -- Returning --------------------------------------------------------------------------------------------------------
def test_returned_class_is_written_submitted_and_numbered_anew(rendered):
    carried_out(sign(rendered))
    principal = fresh(rendered.cast.principal)
    return_class(by=principal, class_period=rendered.now(), reason=REASON, sheets=[rendered.maths])
    assert (rendered.now().state, states()) == ("TRA_LAI", {"DA_RUT"})
    assert [one.subject.code for one in rendered.sheets.values() if one.state == MarkSheet.State.OPEN] == ["TOAN"]
    sheet = fill_sheet(rendered.maths, rendered.cast.maths_teacher, "9")
    confirm_sheet(by=fresh(rendered.cast.maths_teacher), sheet=sheet, change_no=sheet.change_no)
    submit_class(by=fresh(rendered.cast.homeroom_teacher), class_period=rendered.now())
    assert {one.number for one in PageVersion.objects.of(rendered.class_period)} == {2}
    assert SignOff.objects.get(after="TRA_LAI").reason == REASON


def test_return_needs_a_reason_and_its_principal(rendered):
    with pytest.raises(Refused, match="lí do"):
        return_class(by=fresh(rendered.cast.principal), class_period=rendered.now(), reason="ngắn", sheets=[])
    for person in (rendered.cast.vice_principal, rendered.cast.homeroom_teacher, rendered.cast.other_principal):
        with pytest.raises(NotAllowed):
            return_class(by=fresh(person), class_period=rendered.now(), reason=REASON, sheets=[])


def test_signed_off_class_is_not_returned(rendered):
    carried_out(sign(rendered))
    sign(rendered, sign_off_class, "principal")
    with pytest.raises(WrongState):
        return_class(by=fresh(rendered.cast.principal), class_period=rendered.now(), reason=REASON, sheets=[])


def test_principal_of_yesterday_signs_nothing(rendered):
    carried_out(sign(rendered))
    RoleAssignment.objects.filter(user=rendered.cast.principal).update(ends_on=timezone.localdate())
    with pytest.raises(NotAllowed):
        sign(rendered, sign_off_class, "principal")


# -- Moving -----------------------------------------------------------------------------------------------------------
def test_open_rows_follow_a_student_to_the_other_class(term):
    from records.actions.sheets import enter_marks

    row = term.maths.rows.get(student=term.cast.student)
    enter_marks(by=term.cast.maths_teacher, sheet=term.maths, operations=[operation(row, "TX1", "8")])
    enrolment = Enrolment.objects.open().get(student=term.cast.student)
    move_class(
        by=fresh(term.cast.clerk), enrolment=enrolment, to_class=term.cast.class_7b, on=timezone.localdate(),
        reason="Gia đình xin chuyển lớp",
    )  # fmt: skip
    prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    moved = MarkRow.objects.get(pk=row.pk)
    assert (moved.sheet.school_class, moved.cells) == (term.cast.class_7b, {"TX1": "8"})
    entry = HistoryEntry.objects.filter(table="records_markrow", operation="U", action="prepare_class")
    assert {one.chain.key for one in entry} >= {term.cast.class_7a.pk, term.cast.class_7b.pk}
