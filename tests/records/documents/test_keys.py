"""A key opens with its holder's PIN and the installation's secret together, and for one order only."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from records.documents.keys import (
    NotOrdered,
    WrongPin,
    locked,
    make_key,
    unlocked,
    unwrapped_for_order,
    wrapped_for_order,
)

PIN = "246810"
SECRET = b"s" * 32
SALT = b"n" * 32


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return make_key()


@pytest.fixture(scope="module")
def blob(key: RSAPrivateKey) -> bytes:
    return locked(key, pin=PIN, secret=SECRET)


@pytest.fixture(scope="module")
def wrapped(key: RSAPrivateKey) -> bytes:
    return wrapped_for_order(key, order_id="order-1", salt=SALT, secret=SECRET)


def test_a_key_has_2048_bits(key):
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)


def test_pin_and_secret_open_the_key(key, blob):
    assert unlocked(blob, pin=PIN, secret=SECRET).private_numbers() == key.private_numbers()


def test_each_locking_is_another(key, blob):
    again = locked(key, pin=PIN, secret=SECRET)
    assert blob[0] == again[0] == 1
    assert blob[1:17] != again[1:17]
    assert blob[17:29] != again[17:29]


def test_the_key_is_nowhere_in_its_blob(key, blob):
    prime = key.private_numbers().p.to_bytes(128, "big")
    assert prime not in blob


@pytest.mark.parametrize(
    ("pin", "secret"), [("246811", SECRET), ("", SECRET), (PIN, b"t" * 32), (PIN, b""), ("246811", b"t" * 32)]
)
def test_wrong_pin_and_wrong_secret_are_told_alike(blob, pin, secret):
    with pytest.raises(WrongPin) as told:
        unlocked(blob, pin=pin, secret=secret)
    assert str(told.value) == "Mã PIN không đúng."


@pytest.mark.parametrize("place", [0, 1, 17, 29, -1])
def test_a_changed_blob_does_not_open(blob, place):
    changed = bytearray(blob)
    changed[place] ^= 1
    with pytest.raises(WrongPin):
        unlocked(bytes(changed), pin=PIN, secret=SECRET)


@pytest.mark.parametrize("length", [0, 1, 17, 29, 200])
def test_a_torn_blob_does_not_open(blob, length):
    with pytest.raises(WrongPin):
        unlocked(blob[:length], pin=PIN, secret=SECRET)


def test_an_order_opens_its_key(key, wrapped):
    opened = unwrapped_for_order(wrapped, order_id="order-1", salt=SALT, secret=SECRET)
    assert opened.private_numbers() == key.private_numbers()


@pytest.mark.parametrize(
    "other", [{"order_id": "order-2"}, {"order_id": ""}, {"salt": b"m" * 32}, {"secret": b"t" * 32}]
)
def test_another_order_opens_nothing(wrapped, other):
    with pytest.raises(NotOrdered):
        unwrapped_for_order(wrapped, **{"order_id": "order-1", "salt": SALT, "secret": SECRET, **other})


@pytest.mark.parametrize("length", [0, 11, 12, 40])
def test_a_torn_wrapping_opens_nothing(wrapped, length):
    with pytest.raises(NotOrdered):
        unwrapped_for_order(wrapped[:length], order_id="order-1", salt=SALT, secret=SECRET)


def test_a_locked_key_is_no_wrapped_one(blob):
    with pytest.raises(NotOrdered):
        unwrapped_for_order(blob, order_id="order-1", salt=SALT, secret=SECRET)
