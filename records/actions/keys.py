"""Signing keys: given once, locked by the holder's PIN and by the installation's secret, opened for one order alone."""

import re
from base64 import b64decode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from records.documents.authority import LocalAuthority
from records.documents.keys import WrongPin, locked, make_key, unlocked
from records.models import SigningKey
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import Role, School, User
from schools.models.recording import recorded

MOST_WRONG_PINS = 5
PIN_FORM = re.compile(r"\d{6,12}", re.ASCII)


def secrets() -> list[bytes]:
    """The installation's secrets, the current one first: the half of every locked key that no person knows."""
    return [b64decode(key) for key in settings.SECRETS_KEYS]


def give_key(*, by: User | None, holder: User | School, pin: str, authority: LocalAuthority) -> SigningKey:
    """A new key with a certificate of the local authority for a person or, as its seal, for a school; the one before is
    revoked. The private key is never stored open. Refused for a PIN that is not 6–12 digits. Source: law.md §6.1."""
    _check_pin(pin)
    key = make_key()
    name, organisation, code = _names(holder)
    certificate = authority.issue(
        key.public_key(),
        common_name=name,
        organisation=organisation,
        serial_number=code,
        seal=isinstance(holder, School),
    )
    owner = {"school": holder} if isinstance(holder, School) else {"user": holder}
    with recorded(by, "give_key"):
        SigningKey.objects.usable().of_holder(holder).update(revoked_at=timezone.now())
        return SigningKey.objects.create(
            **owner,
            certificate=_pem(certificate),
            chain=_pem(authority.certificate),
            locked=locked(key, pin=pin, secret=secrets()[0]),
            valid_until=certificate.not_valid_after_utc,
        )


def opened(signing_key: SigningKey, pin: str) -> RSAPrivateKey:
    """The private key, for the length of one act. Refused with a wrong PIN; WrongState after five wrong ones, for a
    revoked key and after the certificate's end."""
    _check_usable(signing_key)
    for secret in secrets():
        try:
            key = unlocked(bytes(signing_key.locked), pin=pin, secret=secret)
        except WrongPin:
            continue
        _note_pins(signing_key, 0)
        return key
    _note_pins(signing_key, signing_key.wrong_pins + 1)
    left = MOST_WRONG_PINS - signing_key.wrong_pins
    if left <= 0:
        raise WrongState("Nhập sai mã PIN quá nhiều lần: khóa kí đã bị chặn. Hãy liên hệ người cấp khóa.")
    raise Refused(f"Mã PIN không đúng. Còn {left} lần thử.")


def change_pin(*, by: User, signing_key: SigningKey, pin: str, new_pin: str) -> SigningKey:
    """Lock the key anew under another PIN, known to its holder alone. NotAllowed for somebody else's key; Refused."""
    if not holds(by, signing_key):
        raise NotAllowed
    _check_pin(new_pin)
    key = opened(signing_key, pin)
    with recorded(by, "change_pin"):
        signing_key.locked = locked(key, pin=new_pin, secret=secrets()[0])
        signing_key.save(update_fields=["locked"])
    return signing_key


def holds(user: User, signing_key: SigningKey) -> bool:
    """A person's key is the person's own; the seal is in the hands of the school's clerks (law.md §6.1)."""
    if signing_key.user_id is not None:
        return signing_key.user_id == user.pk
    return signing_key.school_id in user.standing.schools_as(Role.CLERK)


def certificate_of(signing_key: SigningKey) -> x509.Certificate:
    return x509.load_pem_x509_certificate(signing_key.certificate.encode())


def chain_of(signing_key: SigningKey) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(signing_key.chain.encode()) if signing_key.chain else []


def _names(holder: User | School) -> tuple[str, str, str]:
    """What a certificate says of its holder: name, organisation, code (never a personal id number)."""
    if isinstance(holder, School):
        return holder.name, holder.name, holder.code
    return holder.full_name, holder.school.name if holder.school else settings.OWNER_LINE, holder.username


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _check_pin(pin: str) -> None:
    if PIN_FORM.fullmatch(pin) is None:
        raise Refused("Mã PIN gồm 6 đến 12 chữ số.")


def _check_usable(signing_key: SigningKey) -> None:
    if signing_key.revoked_at is not None:
        raise WrongState("Khóa kí này đã bị thu hồi.")
    if signing_key.wrong_pins >= MOST_WRONG_PINS:
        raise WrongState("Khóa kí đã bị chặn vì nhập sai mã PIN nhiều lần. Hãy liên hệ người cấp khóa.")
    if signing_key.valid_until <= timezone.now():
        raise WrongState(f"Chứng thư số hết hạn ngày {timezone.localtime(signing_key.valid_until):%d/%m/%Y}.")


def _note_pins(signing_key: SigningKey, wrong_pins: int) -> None:
    """Counted in a transaction of its own, so that a refusal does not undo it."""
    if wrong_pins == signing_key.wrong_pins:
        return
    with recorded(signing_key.user, "try_pin"):
        counted = F("wrong_pins") + 1 if wrong_pins else 0
        SigningKey.objects.filter(pk=signing_key.pk).update(wrong_pins=counted)
    signing_key.refresh_from_db(fields=["wrong_pins"])
