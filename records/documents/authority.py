"""A local certificate authority: the trust anchor of an installation that has no other, as the demo's.

Real schools get their certificates from the public or the government authority (law.md §6.1); nothing else changes
then.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from records.documents.keys import make_key

CERTIFICATE_FILE = "authority.pem"
KEY_FILE = "authority.key"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
SEAL_POLICY = ObjectIdentifier("0.4.0.194112.1.1")  # ETSI EN 319 411-2 QCP-l: a certificate of a legal person
PERSON_POLICY = ObjectIdentifier("0.4.0.194112.1.0")  # QCP-n: of a natural person
YEARS = 20
_UNPRINTABLE = re.compile(r"[^A-Za-z0-9 '()+,./:=?-]")  # what ASN.1's PrintableString cannot hold


@dataclass(frozen=True)
class LocalAuthority:
    """The authority's certificate and its key, which never leaves its folder unencrypted."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def make(cls, folder: Path, name: str, passphrase: bytes) -> "LocalAuthority":
        """A new authority in an empty folder; FileExistsError where there is one: it is never made twice."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = make_key()
        certificate = _root(name, key)
        sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
        descriptor = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
        (folder / CERTIFICATE_FILE).write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(certificate, key)

    @classmethod
    def load(cls, folder: Path, passphrase: bytes) -> "LocalAuthority":
        """The authority of a folder. FileNotFoundError without one, ValueError with a wrong passphrase."""
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), passphrase)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("not an RSA key")
        return cls(certificate, key)

    def issue(
        self,
        public_key: rsa.RSAPublicKey,
        *,
        common_name: str,
        organisation: str,
        serial_number: str,
        seal: bool,
        valid_from: datetime | None = None,
        valid_days: int = 3 * 365,
    ) -> x509.Certificate:
        """A certificate for signing documents: of a person, or with ``seal`` of an organisation (its own policy tells
        the two apart). ``serial_number`` is the holder's code, never a personal id number."""
        starts = valid_from or datetime.now(UTC) - timedelta(minutes=5)
        attributes = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, _UNPRINTABLE.sub("-", serial_number)[:64]),
        ]
        policy = x509.PolicyInformation(SEAL_POLICY if seal else PERSON_POLICY, None)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(attributes))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts)
            .not_valid_after(min(starts + timedelta(days=valid_days), self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
            )
            .add_extension(x509.CertificatePolicies([policy]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(_authority_id(self.key), critical=False)
        )
        return builder.sign(self.key, hashes.SHA256())


def is_seal(certificate: x509.Certificate) -> bool:
    """Whether the certificate is an organisation's, by its policy."""
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return False
    return any(policy.policy_identifier == SEAL_POLICY for policy in policies)


def _root(name: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_authority_id(key), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _authority_id(key: rsa.RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})
