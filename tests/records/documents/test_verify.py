"""What a file is: the page as issued, a page somebody has touched, or no page of ours; said in sentences."""

import random
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from records.documents.fields import SLOTS
from records.documents.verify import verified
from tests.records.documents.conftest import (
    HOLDERS,
    NOT_SHOWN,
    SCHOOL,
    XML,
    add_field,
    appended,
    other_catalogue,
    painted,
    pdf_a,
    remove_attachment,
    signed_by,
    untimed,
)


def revisions(pdf):
    """Where each revision begins, and where the last one ends."""
    return [0, *(found.end() for found in re.finditer(rb"%%EOF\n", pdf))]


# -- As issued ---------------------------------------------------------------------------------------------------------
def test_a_page_signed_by_all_three_is_valid(judge, issued):
    verdict = judge(issued)
    assert (verdict.outcome, verdict.whole, verdict.reasons) == ("VALID", True, [])
    assert verdict.attachment == XML.encode()
    told = [(fact.slot, fact.signer, fact.organisation, fact.holds) for fact in verdict.signatures]
    assert told == [(slot, HOLDERS[slot], SCHOOL, True) for slot in SLOTS]
    assert all(abs(datetime.now(UTC) - fact.signed_at) < timedelta(hours=1) for fact in verdict.signatures)


def test_pdfsig_agrees_with_a_good_page(issued, tmp_path):
    (tmp_path / "page.pdf").write_bytes(issued)
    told = subprocess.run(["pdfsig", tmp_path / "page.pdf"], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid.") == 3
    assert told.count("ETSI.CAdES.detached") == 3
    assert re.findall(r"Signature Field Name: (\w+)", told) == list(SLOTS)
    assert re.findall(r"(Not total|Total) document signed", told) == ["Not total", "Not total", "Total"]


@pytest.mark.parametrize(
    ("signed", "reasons"),
    [
        (
            (),
            ["Chưa có chữ kí của giáo viên chủ nhiệm.", "Chưa có chữ kí của hiệu trưởng.", "Chưa đóng dấu phát hành."],
        ),
        (("GVCN",), ["Chưa có chữ kí của hiệu trưởng.", "Chưa đóng dấu phát hành."]),
        (("GVCN", "HIEU_TRUONG"), ["Chưa đóng dấu phát hành."]),
    ],
    ids=["nobody", "homeroom", "principal"],
)
def test_a_page_is_issued_with_its_seal_only(judge, office, shown, signed, reasons):
    verdict = judge(signed_by(office, shown, *signed))
    assert (verdict.outcome, verdict.reasons, verdict.whole) == ("INVALID", reasons, bool(signed))
    assert [fact.holds for fact in verdict.signatures] == [True] * len(signed)


# -- Changed after signing ---------------------------------------------------------------------------------------------
def test_a_page_painted_over_says_since_whom(judge, issued):
    verdict = judge(painted(issued))
    assert (verdict.outcome, verdict.whole) == ("INVALID", False)
    assert untimed(verdict.reasons) == [
        "Giáo viên chủ nhiệm (Lê Thị Hoa): trang đã bị thay đổi sau chữ kí này.",
        "Hiệu trưởng (Phạm Văn Sơn): trang đã bị thay đổi sau chữ kí này.",
        "Con dấu của trường (Trường THCS Bàn Cờ): trang đã bị thay đổi sau chữ kí này.",
        "Tệp bị thêm nội dung sau chữ kí cuối cùng: Con dấu của trường (Trường THCS Bàn Cờ).",
        NOT_SHOWN,
    ]
    assert re.search(r"Lê Thị Hoa, kí lúc \d\d:\d\d \d\d/\d\d/\d{4}\)", verdict.reasons[0])


def replace_attachment(writer: IncrementalPdfFileWriter) -> None:
    file = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"].raw_get("/F")
    old = file.get_object()
    forged = StreamObject(dict(old.items()), stream_data=XML.replace("7.9", "9.9").encode())
    writer.objects[(file.generation, file.idnum)] = forged


def test_a_swapped_attachment_is_found_and_the_first_one_is_told(judge, issued):
    verdict = judge(appended(issued, replace_attachment))
    assert (verdict.outcome, verdict.attachment) == ("INVALID", XML.encode())
    assert NOT_SHOWN in verdict.reasons


def remove_fields(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/AcroForm"] = DictionaryObject({NameObject("/Fields"): ArrayObject()})
    writer.update_root()


@pytest.mark.parametrize(
    "change", [remove_attachment, remove_fields, add_field, other_catalogue], ids=lambda change: change.__name__
)
def test_a_revision_behind_the_seal_makes_a_page_invalid(judge, issued, change):
    verdict = judge(appended(issued, change))
    assert (verdict.outcome, verdict.whole, verdict.attachment) == ("INVALID", False, XML.encode())
    assert verdict.reasons[-1] == NOT_SHOWN


@pytest.mark.parametrize("more", [b"\n", b" ", b"%%EOF\n", b"%" + b"x" * 2000 + b"\n", b"PK\x03\x04"])
def test_bytes_behind_the_seal_make_a_page_invalid(judge, issued, more):
    assert judge(issued + more).outcome == "INVALID"


# -- Broken ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("part", [0.05, 0.5, 0.97])
def test_a_flipped_byte_in_any_revision_makes_a_page_invalid(judge, issued, number, part):
    begin, end = revisions(issued)[number : number + 2]
    place = begin + int((end - begin) * part)
    changed = issued[:place] + bytes([issued[place] ^ 1]) + issued[place + 1 :]
    assert judge(changed).outcome == "INVALID"


def test_a_byte_of_the_page_flipped_breaks_every_signature(judge, issued):
    place = issued.index(b"WeasyPrint")
    verdict = judge(issued[:place] + b"w" + issued[place + 1 :])
    assert [fact.intact for fact in verdict.signatures] == [False] * 3
    assert untimed(verdict.reasons)[0] == "Giáo viên chủ nhiệm (Lê Thị Hoa): nội dung đã kí bị sửa, chữ kí không khớp."


def test_no_flipped_byte_is_overlooked(judge, issued):
    chance = random.Random(20261124)
    envelope = range(issued.rindex(b"/Contents <"), issued.rindex(b"000>"))
    good = judge(issued)
    for place in chance.sample(range(len(issued)), 80):
        verdict = judge(issued[:place] + bytes([issued[place] ^ 1]) + issued[place + 1 :])
        # The last envelope holds certificates that nobody signed again; without them, or with, the page is the same.
        assert verdict.outcome != "VALID" or (place in envelope and verdict == good), place


def test_something_hidden_behind_the_last_signature_is_seen(judge, issued):
    place = issued.rindex(b"000>") + 1
    verdict = judge(issued[:place] + b"1" + issued[place + 1 :])
    assert untimed(verdict.reasons) == [
        "Con dấu của trường (Trường THCS Bàn Cờ): nội dung đã kí bị sửa, chữ kí không khớp."
    ]


def test_a_truncated_page_is_never_valid(judge, issued):
    lengths = [*range(0, len(issued), 1500), *revisions(issued)[:-1], len(issued) - 1]
    assert {judge(issued[:length]).outcome for length in lengths} == {"INVALID", "NOT_OURS"}


def test_a_page_torn_in_two_is_told_as_broken(judge, issued):
    verdict = judge(issued[: len(issued) // 2])
    assert (verdict.outcome, verdict.reasons) == (
        "INVALID",
        ["Tệp PDF bị hỏng hoặc bị cắt mất một phần, không đọc được."],
    )


def test_whatever_comes_there_is_a_verdict(judge, issued):
    chance = random.Random(20261125)
    for _ in range(40):
        torn = bytearray(issued)
        for _ in range(chance.randrange(1, 30)):
            place = chance.randrange(len(torn))
            torn[place : place + chance.randrange(20)] = chance.randbytes(chance.randrange(20))
        assert judge(bytes(torn)).outcome in {"INVALID", "NOT_OURS"}


# -- By others ---------------------------------------------------------------------------------------------------------
def test_without_any_authority_nobody_is_trusted(issued):
    assert verified(issued, []).outcome == "INVALID"


# -- Not ours ----------------------------------------------------------------------------------------------------------
def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hoc-ba.txt", "7,9")
    return out.getvalue()


@pytest.mark.parametrize(
    "file", [b"", b"\0" * 4000, zipped(), b"<html>GVCN</html>", b"GVCN HIEU_TRUONG CON_DAU"],
    ids=["empty", "zeros", "zip", "html", "words"],
)  # fmt: skip
def test_what_is_no_pdf_is_not_ours(judge, file):
    verdict = judge(file)
    assert (verdict.outcome, verdict.reasons) == ("NOT_OURS", ["Tệp này không phải PDF."])


def test_another_pdf_is_not_ours(judge):
    verdict = judge(pdf_a())
    assert (verdict.outcome, verdict.reasons) == ("NOT_OURS", ["Tệp PDF này không phải trang học bạ số."])


@pytest.mark.parametrize("file", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 3000, b"%PDF-1.7\nstartxref\n0\n%%EOF\n"])
def test_what_only_begins_as_pdf_is_not_ours(judge, file):
    assert judge(file).outcome == "NOT_OURS"
