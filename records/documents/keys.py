"""Private keys: made here, locked by a PIN and by the installation's secret, wrapped again for one order alone.

Neither half opens a key: who has the database lacks the secret and the PIN, who has the secret lacks the PIN. Source:
law.md §6.1–6.2 (RSA ≥ 2048; a certificate is its holder's own).
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

VERSION = b"\x01"
_SALT = 16
_NONCE = 12
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "length": 32}


class WrongPin(ValueError):
    """The PIN, or the installation's secret, does not open this key; which of the two is not said."""


class NotOrdered(ValueError):
    """The key is not open for this order, or the signer was not ordered to sign this page."""


def make_key() -> rsa.RSAPrivateKey:
    """A new RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def locked(key: rsa.RSAPrivateKey, *, pin: str, secret: bytes) -> bytes:
    """The key as it is stored: version, salt, nonce, AES-256-GCM under scrypt(PIN) mixed with the secret."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return VERSION + salt + nonce + AESGCM(_lock_key(pin, secret, salt)).encrypt(nonce, _der(key), VERSION)


def unlocked(blob: bytes, *, pin: str, secret: bytes) -> rsa.RSAPrivateKey:
    """The key, with its holder's PIN. WrongPin for a wrong PIN or secret, or a blob that was changed."""
    salt, nonce, box = blob[1 : 1 + _SALT], blob[1 + _SALT : 1 + _SALT + _NONCE], blob[1 + _SALT + _NONCE :]
    try:
        return _key(AESGCM(_lock_key(pin, secret, salt)).decrypt(nonce, box, blob[:1]))
    except (InvalidTag, ValueError) as error:
        raise WrongPin("Mã PIN không đúng.") from error


def wrapped_for_order(key: rsa.RSAPrivateKey, *, order_id: str, salt: bytes, secret: bytes) -> bytes:
    """The key, open for one order: useless for another order, and without the order's salt and the secret."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_order_key(order_id, salt, secret)).encrypt(nonce, _der(key), order_id.encode())


def unwrapped_for_order(blob: bytes, *, order_id: str, salt: bytes, secret: bytes) -> rsa.RSAPrivateKey:
    """The key of the order it was wrapped for. NotOrdered for any other order, salt or secret."""
    try:
        opened = AESGCM(_order_key(order_id, salt, secret)).decrypt(blob[:_NONCE], blob[_NONCE:], order_id.encode())
        return _key(opened)
    except (InvalidTag, ValueError) as error:
        raise NotOrdered("Khóa không mở cho lệnh kí này.") from error


def _lock_key(pin: str, secret: bytes, salt: bytes) -> bytes:
    stretched = Scrypt(salt=salt, **_SCRYPT).derive(pin.encode())
    return HKDF(hashes.SHA256(), 32, salt, b"hocbaso signing key").derive(stretched + secret)


def _order_key(order_id: str, salt: bytes, secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, b"hocbaso signing order " + order_id.encode()).derive(secret)


def _der(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _key(der: bytes) -> rsa.RSAPrivateKey:
    # The key was made here and came out of an authenticated box: its primes need no second proof (90 ms each time).
    key = load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key
