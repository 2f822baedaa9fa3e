"""The data element: every fact of the snapshot in the exchange's names, the same bytes always, read without trust."""

from collections import Counter
from copy import deepcopy
from hashlib import sha256
from typing import Any
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from records.documents.data_element import LARGEST, data_digest, data_element, read_data_element
from tests.records.documents.test_form import TERM, YEAR, Snapshot, with_name

READ = {
    "HO_TEN": "Nguyễn Minh Anh",
    "NGAY_SINH": "2014-05-02",
    "TEN_TRUONG": "Trường THCS Bàn Cờ",
    "NAM_HOC": "2026–2027",
    "LOP": "7A",
    "LOAI_BAN": "YEAR",
    "SO_BAN": "2",
    "MA_BAN": "0b6f4d3e-6a39-4b44-9e8f-0d6f6b0c7a11",
    "NGAY_LAP": "2027-05-28",
}


def tree_of(snapshot: Snapshot) -> etree._Element:
    """The element as a tree."""
    return etree.fromstring(data_element(snapshot))


def texts(element: etree._Element) -> dict[str, str]:
    """The element's own fields, by name."""
    return {child.tag: child.text or "" for child in element if not len(child) and not child.attrib}


def test_verifier_reads_what_the_page_is() -> None:
    assert read_data_element(data_element(YEAR)) == READ


def test_element_has_the_exchanges_names_and_ids() -> None:
    root = tree_of(YEAR)
    ids = {element.get("Id"): element.tag for element in root.iter() if element.get("Id")}
    subjects = {f"mon-{one['code']}": "DIEM_TONG_KET" for one in YEAR["subjects"]}
    teachers = {f"{one['code']}-1-{one['teachers'][0]['id']}": "GVBM" for one in YEAR["subjects"]}
    outcomes = {"hocki-HK1": "TONG_KET_HOC_KI", "hocki-HK2": "TONG_KET_HOC_KI", "canam": "TONG_KET_CA_NAM"}
    page = {"data": "DU_LIEU_HOC_BA", "thongtinhocba": "THONG_TIN_HOC_BA"}
    assert ids == {**page, **subjects, **teachers, **outcomes}


def test_subject_has_its_results_and_remark_as_stored() -> None:
    maths = tree_of(YEAR).find(".//DIEM_TONG_KET[@Id='mon-TOAN']")
    assert texts(maths) == {
        "MA_MON": "TOAN",
        "TEN_MON": "Toán",
        "CACH_DANH_GIA": "DIEM",
        "LUA_CHON": "BAT_BUOC",
        "TINH_KET_QUA": "1",
        "HOC_KI_1": "5.2",
        "HOC_KI_2": "7.2",
        "CA_NAM": "6.2",
        "DANH_GIA_LAI": "",
        "NHAN_XET": "Nắm chắc kiến thức môn thứ 2, cần mạnh dạn phát biểu hơn trong giờ học.",
    }
    assert texts(maths.find("GVBM")) == {
        "HO_TEN": "Trần Quốc Bảo B",
        "PHAN_MON": "",
        "XAC_NHAN_LUC": "2026-12-12T08:15:00+07:00",
    }


def test_year_has_its_outcome_and_what_raised_it() -> None:
    assert texts(tree_of(YEAR).find(".//TONG_KET_CA_NAM")) == {
        "REN_LUYEN": "TOT",
        "HOC_TAP": "KHA",
        "HOC_TAP_TRUOC_DIEU_CHINH": "DAT",
        "MON_DIEU_CHINH": "TOAN",
        "SO_BUOI_NGHI": "5",
        "LEN_LOP": "LEN_LOP",
        "KHEN_THUONG": "HSG",
    }


def test_term_says_nothing_of_what_is_not_closed() -> None:
    root = tree_of(TERM)
    assert root.find(".//TONG_KET_CA_NAM") is None
    assert [element.get("Id") for element in root.iter("TONG_KET_HOC_KI")] == ["hocki-HK1"]
    assert {element.text for name in ("HOC_KI_2", "CA_NAM") for element in root.iter(name)} == {None}


def leaves(value: Any) -> list[str]:
    """Every text and number of the snapshot."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [] if value in (None, "") or isinstance(value, bool) else [str(value)]


# Keys of this installation's database; the exchange knows students and people by their codes and names.
INNER = {YEAR["student"]["id"], YEAR["class"]["id"], YEAR["homeroom_teacher"]["id"], YEAR["principal"]["id"], "2026"}


def test_nothing_of_the_snapshot_is_missing() -> None:
    snapshot = deepcopy(YEAR)
    snapshot["replaces"] = "11111111-2222-4333-8444-555555555555"
    snapshot["subjects"][1]["reassessed"] = "9.9"
    snapshot["corrections"] = {"count": 77, "subjects": ["Môn đã sửa"]}
    decision = {"kind": "exempt", "decision_number": "12/QĐ-THCS", "decision_on": "2026-10-01"}
    snapshot["subjects"][8]["exemption"] = decision
    root = tree_of(snapshot)
    said = {text for element in root.iter() for text in (element.text, *element.attrib.values()) if text}
    teachers = {one["id"] for subject in snapshot["subjects"] for one in subject["teachers"]}
    said |= {key for key in teachers if any(text.endswith(key) for text in said)}
    assert set(leaves(snapshot)) - said - INNER == set()


def test_one_teacher_of_two_parts_gives_two_ids() -> None:
    snapshot = deepcopy(TERM)
    arts = snapshot["subjects"][9]
    arts["teachers"] = [{**arts["teachers"][0], "part": part} for part in ("Âm nhạc", "Mĩ thuật")]
    root = tree_of(snapshot)
    ids = Counter(element.get("Id") for element in root.iter() if element.get("Id"))
    assert set(ids.values()) == {1}
    assert [element.text for element in root.iterfind(".//DIEM_TONG_KET[@Id='mon-NGHE_THUAT']/GVBM/PHAN_MON")] == [
        "Âm nhạc",
        "Mĩ thuật",
    ]


# -- The same bytes ----------------------------------------------------------------------------------------------------
@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=80))
def test_element_is_canonical_and_in_nfc_whatever_the_name(name: str) -> None:
    xml = data_element(with_name(name))
    assert etree.tostring(etree.fromstring(xml), method="c14n", exclusive=True) == xml
    assert is_normalized("NFC", tree_of(with_name(name)).findtext(".//HO_TEN") or "")
    assert read_data_element(xml)["HO_TEN"] == normalize("NFC", name)


def decomposed(value: Any) -> Any:
    """The snapshot as macOS would write it."""
    if isinstance(value, dict):
        return {key: decomposed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [decomposed(part) for part in value]
    return normalize("NFD", value) if isinstance(value, str) else value


def test_same_facts_give_the_same_bytes_however_they_were_typed() -> None:
    snapshot = deepcopy(YEAR)
    decision = {"kind": "exempt", "decision_number": "12/QĐ-Sở", "decision_on": "2026-10-01"}
    snapshot["subjects"][8]["exemption"] = decision
    assert data_element(decomposed(snapshot)) == data_element(deepcopy(snapshot))
    assert decomposed(snapshot) != snapshot


def test_digest_is_of_the_bytes() -> None:
    assert data_digest(data_element(YEAR)) == sha256(data_element(YEAR)).hexdigest()
    assert data_digest(data_element(YEAR)) != data_digest(data_element(TERM))


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("place", ["name", "decision"])
def test_character_xml_cannot_hold_is_refused(text: str, place: str) -> None:
    snapshot = deepcopy(with_name(text if place == "name" else "Anh"))
    if place == "decision":
        snapshot["subjects"][0]["exemption"] = {"kind": "exempt", "decision_number": text, "decision_on": None}
    with pytest.raises(ValueError):
        data_element(snapshot)


@pytest.mark.parametrize("name", ["</HO_TEN><LOP>9A</LOP>", "<!-- -->", "]]>", "&amp;", "\"'<?x?>"])
def test_name_is_text_whatever_it_looks_like(name: str) -> None:
    assert read_data_element(data_element(with_name(name))) == {
        **read_data_element(data_element(TERM)),
        "HO_TEN": name,
    }


# -- Read without trust ------------------------------------------------------------------------------------------------
GOOD = data_element(YEAR)
DOCTYPE = b'<!DOCTYPE DU_LIEU_HOC_BA [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"%PDF-1.7",
        GOOD[:-1],
        b"<OTHER></OTHER>",
        b'<DU_LIEU_HOC_BA xmlns="urn:x"></DU_LIEU_HOC_BA>',
        b'<?xml version="1.0"?>' + GOOD,
        DOCTYPE + GOOD,
        DOCTYPE + GOOD.replace("Nguyễn Minh Anh".encode(), b"&a;&b;"),
        GOOD.replace(b"Minh Anh", b"Minh<!-- --> Anh"),
        GOOD.replace(b"Minh Anh", b"Minh<![CDATA[ Anh]]>"),
        GOOD + b"<!-- -->",
        GOOD + b"\n",
        GOOD.replace(b"7A", b"7A" + b" " * LARGEST),
        b"\xff\xfe" + GOOD.decode().encode("utf-16-le"),
    ],
    ids=range(15),
)
def test_what_is_no_data_element_is_refused(xml: bytes) -> None:
    with pytest.raises(ValueError):
        read_data_element(xml)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    with pytest.raises(ValueError):
        read_data_element(noise)
