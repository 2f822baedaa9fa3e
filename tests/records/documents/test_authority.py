"""The local authority: made once, loaded with its passphrase, and what it says in the certificates it issues."""

import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from records.documents.authority import CERTIFICATE_FILE, DOCUMENT_SIGNING, KEY_FILE, LocalAuthority, is_seal
from tests.records.documents.conftest import SCHOOL

PASSPHRASE = b"bi mat"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "authority"
    LocalAuthority.make(path, "CA của Sở Giáo dục", PASSPHRASE)
    return path


@pytest.fixture(scope="module")
def authority(folder):
    return LocalAuthority.load(folder, PASSPHRASE)


@pytest.fixture
def issue(authority, office):
    def issued(**terms):
        words = {"common_name": "Lê Thị Hoa", "organisation": SCHOOL, "serial_number": "GV-1", "seal": False}
        return authority.issue(office.keys["GVCN"].public_key(), **{**words, **terms})

    return issued


def extension(certificate, oid):
    return certificate.extensions.get_extension_for_oid(oid)


def test_files_are_the_owners_alone(folder):
    assert sorted(path.name for path in folder.iterdir()) == [KEY_FILE, CERTIFICATE_FILE]
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / KEY_FILE).read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_a_second_authority_is_not_made_over_the_first(folder, authority):
    with pytest.raises(FileExistsError):
        LocalAuthority.make(folder, "CA khác", PASSPHRASE)
    assert LocalAuthority.load(folder, PASSPHRASE).certificate == authority.certificate


def test_a_wrong_passphrase_loads_nothing(folder):
    with pytest.raises(ValueError, match="password"):
        LocalAuthority.load(folder, b"sai")


def test_no_folder_has_no_authority(tmp_path):
    with pytest.raises(FileNotFoundError):
        LocalAuthority.load(tmp_path, PASSPHRASE)


def test_the_anchor_signs_certificates_and_no_documents(authority):
    certificate = authority.certificate
    usage = extension(certificate, ExtensionOID.KEY_USAGE).value
    assert extension(certificate, ExtensionOID.BASIC_CONSTRAINTS).value == x509.BasicConstraints(True, 0)
    assert (usage.key_cert_sign, usage.crl_sign) == (True, True)
    assert (usage.digital_signature, usage.content_commitment) == (False, False)
    certificate.verify_directly_issued_by(certificate)


def test_a_certificate_names_its_holder_in_vietnamese(issue):
    subject = {attribute.oid: attribute.value for attribute in issue().subject}
    assert subject == {
        NameOID.COUNTRY_NAME: "VN",
        NameOID.ORGANIZATION_NAME: "Trường THCS Bàn Cờ",
        NameOID.COMMON_NAME: "Lê Thị Hoa",
        NameOID.SERIAL_NUMBER: "GV-1",
    }


def test_names_are_utf8(issue):
    assert "Lê Thị Hoa".encode() in issue().public_bytes(Encoding.DER)


def test_a_long_name_is_cut_at_what_a_certificate_holds(issue):
    certificate = issue(organisation="Trường " + "rất dài " * 20)
    (organisation,) = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert len(organisation.value) == 64


def test_a_certificate_is_for_signing_documents(issue, authority):
    certificate = issue()
    usage = extension(certificate, ExtensionOID.KEY_USAGE)
    assert (usage.critical, usage.value.digital_signature, usage.value.content_commitment) == (True, True, True)
    assert (usage.value.key_cert_sign, usage.value.key_encipherment) == (False, False)
    assert DOCUMENT_SIGNING in extension(certificate, ExtensionOID.EXTENDED_KEY_USAGE).value
    assert extension(certificate, ExtensionOID.BASIC_CONSTRAINTS).value == x509.BasicConstraints(False, None)
    certificate.verify_directly_issued_by(authority.certificate)


def test_key_identifiers_lead_to_the_anchor(issue, authority, office):
    certificate = issue()
    anchor = extension(authority.certificate, ExtensionOID.SUBJECT_KEY_IDENTIFIER).value
    assert extension(certificate, ExtensionOID.AUTHORITY_KEY_IDENTIFIER).value.key_identifier == anchor.digest
    own = x509.SubjectKeyIdentifier.from_public_key(office.keys["GVCN"].public_key())
    assert extension(certificate, ExtensionOID.SUBJECT_KEY_IDENTIFIER).value == own


def test_a_seal_is_told_from_a_person(issue, authority):
    assert [is_seal(issue(seal=seal)) for seal in (True, False)] == [True, False]
    assert not is_seal(authority.certificate)


def test_a_certificate_lasts_three_years(issue):
    certificate = issue()
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lasts == timedelta(days=3 * 365)
    assert certificate.not_valid_before_utc < datetime.now(UTC)


def test_a_certificate_does_not_outlive_its_authority(issue, authority):
    assert issue(valid_days=50 * 365).not_valid_after_utc == authority.certificate.not_valid_after_utc


def test_openssl_follows_the_chain(issue, folder, tmp_path):
    (tmp_path / "one.pem").write_bytes(issue().public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", folder / CERTIFICATE_FILE, tmp_path / "one.pem"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout.strip()[-2:]) == (0, "OK")
