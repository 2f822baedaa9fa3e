"""Frozen pages, orders to sign and signatures, attacked with plain SQL."""

import pytest
from django.db import IntegrityError

from records.actions.preparing import prepare_class
from records.actions.signoff import return_class
from records.models import PageVersion, SigningItem, SigningKey, SigningOrder
from schools.models import HomeroomAssignment
from tests.records.models.attack import attack, run
from tests.records.term import Term, fresh

FROZEN = "a frozen page is never changed"
NOT_ORDERED = "nobody ordered this signature, or it is not its turn"
UNSIGNED = "a page moves on only with its signature"
BEGINS = "a page begins prepared, when its class is submitted"
SHOWN = "a" * 64
NEW_VERSION = (
    "INSERT INTO records_pageversion (public_id, number, kind, rule_set, snapshot, snapshot_digest, state, "
    "original_digest, original_size, file, issued_at, class_period_id, page_id, school_class_id) "
    "SELECT gen_random_uuid(), 9, kind, rule_set, snapshot, snapshot_digest, {state}, {digest}, {size}, {file}, NULL, "
    "class_period_id, {page}, school_class_id FROM records_pageversion WHERE id = %s"
)
SIGN = (
    "INSERT INTO records_signature (version_id, slot, order_id, by_id, signed_at, file_digest) "
    "VALUES (%s, %s, %s, %s, now(), 'x')"
)
SEAL = "UPDATE records_pageversion SET state = 'DA_CAP', issued_at = now() WHERE id = %s"
OUT_OF_ORDER = "a page is ordered in its class and its turn, as it was rendered"
SET_STATE = "UPDATE records_pageversion SET state = %s WHERE id = %s"


def new_version(**values: str) -> str:
    usual = {"state": "'CHUAN_BI'", "digest": "''", "size": "NULL", "file": "''", "page": "page_id"}
    return NEW_VERSION.format(**usual | values)


@pytest.fixture
def version(term: Term, handed_in: Term) -> PageVersion:
    """A page of the submitted class with its file, as the worker leaves it."""
    run("UPDATE records_pageversion SET file = 'pages/x.pdf', original_digest = %s, original_size = 100", SHOWN)
    return PageVersion.objects.get(page__student=term.cast.student)


def ordered(term: Term, slot: str, person: str, *versions: PageVersion, digest: str = SHOWN) -> SigningOrder:
    """An order of a person in a slot for the given pages."""
    by = getattr(term.cast, person)
    key, _ = SigningKey.objects.get_or_create(user=by, defaults={"certificate": "", "valid_until": "2030-01-01T00:00Z"})
    order = SigningOrder.objects.create(by=by, slot=slot, class_period=term.class_period, key=key, salt=b"")
    for one in versions:
        SigningItem.objects.create(order=order, version=one, shown_digest=digest)
    return order


def sign(term: Term, version: PageVersion, slot: str, person: str, order: SigningOrder) -> str:
    return attack(SIGN, version.pk, slot, order.pk, getattr(term.cast, person).pk)


def signed(term: Term, version: PageVersion, slot: str, person: str) -> None:
    order = ordered(term, slot, person, version)
    run(SIGN, version.pk, slot, order.pk, getattr(term.cast, person).pk)


# -- Pages ------------------------------------------------------------------------------------------------------------
def test_page_begins_prepared_and_without_a_file(term, version):
    assert attack(new_version(), version.pk) == ""
    for state in PageVersion.State.values:
        if state != "CHUAN_BI":
            assert attack(new_version(state=f"'{state}'"), version.pk) == BEGINS
    rendered = new_version(file="'pages/y.pdf'", digest="'x'", size="9")
    assert attack(rendered, version.pk) == BEGINS
    assert attack(new_version(digest="'x'"), version.pk).endswith('violates check constraint "page_rendered_whole"')


def test_page_begins_only_while_its_class_is_submitted(term, version):
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason="Điểm Toán chưa đúng", sheets=[])
    assert attack(new_version(), version.pk) == BEGINS


@pytest.mark.parametrize(
    "change",
    ["snapshot = '{}'", "snapshot = jsonb_set(snapshot, '{homeroom_remark}', '\"x\"')", "snapshot_digest = 'x'",
     "number = 9", "kind = 'YEAR'", "rule_set = 'X'", "public_id = gen_random_uuid()", "page_id = 0",
     "class_period_id = 0", "school_class_id = 0", "original_digest = 'x'", "original_size = 101"],
)  # fmt: skip
def test_page_is_frozen(version, change):
    assert attack(f"UPDATE records_pageversion SET {change} WHERE id = %s", version.pk) == FROZEN


@pytest.mark.parametrize("change", ["snapshot = '{}'", "original_digest = 'x'", "file = 'pages/y.pdf', number = 9"])
def test_page_is_frozen_while_it_is_signed_as_well(term, version, change):
    signed(term, version, "GVCN", "homeroom_teacher")
    attempt = f"UPDATE records_pageversion SET state = 'GVCN_DA_KI', {change} WHERE id = %s"
    assert attack(attempt, version.pk) == FROZEN


def test_size_that_was_shown_is_not_taken_away(version):
    assert attack("UPDATE records_pageversion SET original_size = NULL WHERE id = %s", version.pk) != ""


def test_file_changes_only_by_a_signature(term, version):
    change = "UPDATE records_pageversion SET file = 'pages/y.pdf' WHERE id = %s"
    assert attack(change, version.pk) == "the file of a page changes only by a signature"
    signed(term, version, "GVCN", "homeroom_teacher")
    assert attack(change, version.pk) == "the file of a page changes only by a signature"
    assert attack("UPDATE records_pageversion SET state = 'GVCN_DA_KI', file = 'y' WHERE id = %s", version.pk) == ""


def test_page_is_not_said_to_be_issued_before_the_seal(version):
    assert attack("UPDATE records_pageversion SET issued_at = now() WHERE id = %s", version.pk) != ""


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("GVCN_DA_KI", UNSIGNED),
        ("HT_DA_KI", "there is no such move of a page"),
        ("DA_CAP", "there is no such move of a page"),
        ("DA_THAY", "there is no such move of a page"),
        ("XX", "there is no such move of a page"),
        ("DA_RUT", "a page is withdrawn only when its class is returned"),
    ],
)
def test_page_does_not_move_by_itself(version, state, said):
    assert attack(SET_STATE, state, version.pk) == said


def test_page_moves_with_the_signature_of_the_slot_and_no_other(term, version):
    signed(term, version, "GVCN", "homeroom_teacher")
    run(SET_STATE, "GVCN_DA_KI", version.pk)
    assert attack(SET_STATE, "HT_DA_KI", version.pk) == UNSIGNED
    assert attack(SET_STATE, "CHUAN_BI", version.pk) == "there is no such move of a page"
    signed(term, version, "HIEU_TRUONG", "principal")
    run(SET_STATE, "HT_DA_KI", version.pk)
    signed(term, version, "CON_DAU", "clerk")
    unsealed = "a page is issued by the seal of the school alone"
    assert attack(SET_STATE, "DA_CAP", version.pk) == unsealed
    seal = "UPDATE records_pageversion SET state = 'DA_CAP', issued_at = now() WHERE id = %s"
    assert attack(seal, version.pk) == ""
    run(seal, version.pk)
    assert attack("UPDATE records_pageversion SET issued_at = '2026-01-01' WHERE id = %s", version.pk) == FROZEN
    assert attack("UPDATE records_pageversion SET issued_at = NULL WHERE id = %s", version.pk) == FROZEN
    for state in ("CHUAN_BI", "GVCN_DA_KI", "HT_DA_KI", "DA_RUT"):
        assert attack(SET_STATE, state, version.pk) == "there is no such move of a page"
    swapped = "UPDATE records_pageversion SET state = 'DA_THAY', file = 'pages/y.pdf' WHERE id = %s"
    assert attack(swapped, version.pk) == unsealed


def test_withdrawn_page_never_comes_back(term, version):
    return_class(by=fresh(term.cast.principal), class_period=term.now(), reason="Điểm Toán chưa đúng", sheets=[])
    for state in PageVersion.State.values:
        if state != "DA_RUT":
            assert attack(SET_STATE, state, version.pk) == "there is no such move of a page"


# -- Signatures -------------------------------------------------------------------------------------------------------
def test_signature_is_the_one_that_was_ordered(term, version):
    order = ordered(term, "GVCN", "homeroom_teacher", version)
    assert sign(term, version, "GVCN", "homeroom_teacher", order) == ""
    assert sign(term, version, "GVCN", "principal", order) == NOT_ORDERED
    assert sign(term, version, "HIEU_TRUONG", "homeroom_teacher", order) == NOT_ORDERED
    other = PageVersion.objects.exclude(pk=version.pk).get()
    assert sign(term, other, "GVCN", "homeroom_teacher", order) == NOT_ORDERED
    order.pk = 0
    assert sign(term, version, "GVCN", "homeroom_teacher", order) == NOT_ORDERED


@pytest.mark.parametrize("digest", ["b" * 64, "", SHOWN.upper()])
def test_another_digest_than_was_shown_is_not_ordered(term, version, digest):
    with pytest.raises(IntegrityError, match=OUT_OF_ORDER):
        ordered(term, "GVCN", "homeroom_teacher", version, digest=digest)


@pytest.mark.parametrize(("slot", "person"), [("HIEU_TRUONG", "principal"), ("CON_DAU", "clerk")])
def test_page_out_of_turn_is_not_ordered(term, version, slot, person):
    with pytest.raises(IntegrityError, match=OUT_OF_ORDER):
        ordered(term, slot, person, version)


def test_page_of_another_class_is_not_ordered(term, version):
    there = prepare_class(by=None, school_class=term.cast.class_7b, period=term.class_period.period)
    HomeroomAssignment.objects.create(
        school_class=term.cast.class_7b, teacher=term.cast.intruder, starts_on=term.cast.year.starts_on
    )
    key = SigningKey.objects.create(user=term.cast.intruder, certificate="", valid_until="2030-01-01T00:00Z")
    order = SigningOrder.objects.create(by=term.cast.intruder, slot="GVCN", class_period=there, key=key, salt=b"")
    item = (
        "INSERT INTO records_signingitem (order_id, version_id, shown_digest, state, failure) "
        "VALUES (%s, %s, %s, 'CHO', '')"
    )
    assert attack(item, order.pk, version.pk, SHOWN) == OUT_OF_ORDER


def test_signature_out_of_turn_is_refused_though_it_was_ordered(term, version):
    order = ordered(term, "GVCN", "homeroom_teacher", version)
    signed(term, version, "GVCN", "homeroom_teacher")
    run(SET_STATE, "GVCN_DA_KI", version.pk)
    assert sign(term, version, "GVCN", "homeroom_teacher", order) == NOT_ORDERED


def test_slot_is_signed_once(term, version):
    signed(term, version, "GVCN", "homeroom_teacher")
    said = sign(term, version, "GVCN", "homeroom_teacher", ordered(term, "GVCN", "homeroom_teacher", version))
    assert said == 'duplicate key value violates unique constraint "signature_slot_once"'


def test_page_without_a_file_is_not_ordered(term, handed_in):
    page = PageVersion.objects.get(page__student=term.cast.student)
    with pytest.raises(IntegrityError, match=OUT_OF_ORDER):
        ordered(term, "GVCN", "homeroom_teacher", page, digest="")


# -- Versions in their order ------------------------------------------------------------------------------------------
def sealed(term: Term, version: PageVersion) -> None:
    for slot, person, state in (
        ("GVCN", "homeroom_teacher", "GVCN_DA_KI"), ("HIEU_TRUONG", "principal", "HT_DA_KI"), ("CON_DAU", "clerk", "")
    ):  # fmt: skip
        signed(term, version, slot, person)
        if state:
            run(SET_STATE, state, version.pk)


def test_version_is_not_issued_while_an_earlier_one_is_on_its_way(term, version):
    run(new_version(), version.pk)
    later = PageVersion.objects.get(page=version.page, number=9)
    run(
        "UPDATE records_pageversion SET file = 'pages/z.pdf', original_digest = %s, original_size = 100 WHERE id = %s",
        SHOWN,
        later.pk,
    )
    sealed(term, later)
    assert attack(SEAL, later.pk) == "versions of a page are issued in their order"
    sealed(term, version)
    run(SEAL, version.pk)
    assert attack(SEAL, later.pk) == 'duplicate key value violates unique constraint "one_valid_version_of_a_page"'
    run("UPDATE records_pageversion SET state = 'DA_THAY' WHERE id = %s", version.pk)
    assert attack(SEAL, later.pk) == ""


@pytest.mark.parametrize(
    ("slot", "person"),
    [("GVCN", person) for person in ("maths_teacher", "principal", "parent", "intruder")]
    + [("HIEU_TRUONG", person) for person in ("homeroom_teacher", "vice_principal", "clerk", "other_principal")]
    + [("CON_DAU", person) for person in ("principal", "homeroom_teacher", "other_clerk")],
)
def test_signature_is_not_ordered_by_somebody_without_the_role_of_the_slot(term, version, slot, person):
    with pytest.raises(IntegrityError, match="the person does not hold the role this signature needs"):
        ordered(term, slot, person, version)


def test_order_is_never_changed(term, version):
    ordered(term, "GVCN", "homeroom_teacher", version)
    for change in ("by_id = by_id + 1", "slot = 'CON_DAU'", "salt = 'x'", "key_id = 0", "class_period_id = 0"):
        assert attack(f"UPDATE records_signingorder SET {change}") == "an order to sign is never changed"


def test_item_tells_only_what_became_of_it(term, version):
    ordered(term, "GVCN", "homeroom_teacher", version)
    for change in ("shown_digest = 'x'", "version_id = 0", "order_id = 0", "state = 'XONG', shown_digest = 'x'"):
        assert attack(f"UPDATE records_signingitem SET {change}") == "an order to sign is never changed"
    run("UPDATE records_signingitem SET state = 'LOI', failure = 'Mất điện'")
    run("UPDATE records_signingitem SET state = 'XONG', failure = ''")
    assert attack("UPDATE records_signingitem SET state = 'CHO'") == "an order to sign is never changed"


# -- Keys -------------------------------------------------------------------------------------------------------------
def test_key_stays_its_holders_and_a_revoked_one_stays_revoked(term, version):
    order = ordered(term, "GVCN", "homeroom_teacher", version)
    kept, key = "a key stays its holder's, and a revoked one stays revoked", order.key_id
    for change in (f"user_id = {term.cast.principal.pk}", "certificate = 'x'", "chain = 'x'",
                   "valid_until = valid_until + interval '1 year'", "public_id = gen_random_uuid()"):  # fmt: skip
        assert attack(f"UPDATE records_signingkey SET {change} WHERE id = %s", key) == kept
    assert attack("UPDATE records_signingkey SET locked = 'x', wrong_pins = 1 WHERE id = %s", key) == ""
    run("UPDATE records_signingkey SET revoked_at = now() WHERE id = %s", key)
    assert attack("UPDATE records_signingkey SET revoked_at = NULL WHERE id = %s", key) == kept
