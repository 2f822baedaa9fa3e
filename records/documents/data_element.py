"""The record's canonical data element: the content of a page as XML in the exchange's own names (law.md §5.5).

It is attached to the PDF before anybody signs, so that what a machine reads and what a person reads are signed
together. Names in the reference are confirmed; the rest belongs to the format profile ``PROFILE`` (law.md §8, no. 15).
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from lxml import etree

PROFILE = "HBS-1"
ATTACHMENT = "du-lieu-hoc-ba.xml"
LARGEST = 1_000_000

Snapshot = Mapping[str, Any]


def data_element(snapshot: Snapshot) -> bytes:
    """``<DU_LIEU_HOC_BA Id="data">`` in exclusive canonical form, UTF-8, NFC; the same snapshot gives the same bytes.
    ValueError for a character XML cannot hold."""
    root = etree.Element("DU_LIEU_HOC_BA", Id="data", PHIEN_BAN=PROFILE)
    head = etree.SubElement(root, "THONG_TIN_HOC_BA", Id="thongtinhocba")
    _texts(head, _head(snapshot))
    for subject in snapshot["subjects"]:
        _subject(head, subject)
    if "traits" in snapshot:
        _primary(head, snapshot)
    else:
        _secondary(head, snapshot)
    if snapshot.get("summer"):
        _summer(head, snapshot["summer"])
    _texts(head, _rest(snapshot))
    return etree.tostring(root, method="c14n", exclusive=True)


def data_digest(xml: bytes) -> str:
    """sha256 (hex) of a canonical data element."""
    return hashlib.sha256(xml).hexdigest()


def read_data_element(xml: bytes) -> dict[str, str]:
    """What the element says the page is: student, birth day, school, year, class, kind and number of the version.
    ValueError when it is not one, or not in canonical form: so it has no document type, no entity and no comment that
    another reader would take otherwise; nothing is fetched."""
    if len(xml) > LARGEST:
        raise ValueError("Tệp dữ liệu quá lớn.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
        canonical = etree.tostring(root, method="c14n", exclusive=True, with_comments=False)
    except etree.LxmlError as error:  # no XML, or an entity that was not resolved
        raise ValueError("Tệp dữ liệu không phải XML.") from error
    if root.tag != "DU_LIEU_HOC_BA" or canonical != xml:
        raise ValueError("Tệp dữ liệu không phải dữ liệu học bạ.")
    wanted = ("HO_TEN", "NGAY_SINH", "TEN_TRUONG", "NAM_HOC", "LOP", "LOAI_BAN", "SO_BAN", "MA_BAN", "NGAY_LAP")
    return {name: root.findtext(f"THONG_TIN_HOC_BA/{name}") or "" for name in wanted}


def _head(snapshot: Snapshot) -> dict[str, Any]:
    school, student, school_class = snapshot["school"], snapshot["student"], snapshot["class"]
    return {
        "MA_BAN": snapshot["version_id"],
        "LOAI_BAN": snapshot["kind"],
        "SO_BAN": snapshot["version"],
        "THAY_BAN": snapshot["replaces"],
        "MAU": snapshot["form"],
        "BO_QUY_DINH": snapshot["rule_set"],
        "MA_TRUONG": school["code"],
        "TEN_TRUONG": school["name"],
        "XA": school["commune"],
        "TINH": school["province"],
        "NAM_HOC": snapshot["school_year"]["label"],
        "LOP": school_class["name"],
        "KHOI": school_class["grade_level"],
        "MA_HOC_SINH": student["student_code"],
        "SO_DINH_DANH": student["personal_id"] or "",
        "HO_TEN": student["full_name"],
        "NGAY_SINH": student["born_on"],
        "GIOI_TINH": student["gender"],
    }


def _secondary(head: etree._Element, snapshot: Snapshot) -> None:
    """Terms, what another school assessed, and the year (TT 22/2021 Đ8, Đ9, Đ12, Đ15)."""
    for code, term in snapshot["terms"].items():
        if term:
            element = etree.SubElement(head, "TONG_KET_HOC_KI", Id=f"hocki-{code}")
            _texts(element, {"HOC_KI": code, **_outcome(term), **_absences(term["absences"])})
            _texts(element, {"NHAN_XET": term["remark"]})
    for source in snapshot.get("brought", []):
        _texts(etree.SubElement(head, "KET_QUA_MANG_THEO", Id=f"mangtheo-{source['term']}"), _source(source))
    if snapshot["year"]:
        year = snapshot["year"]
        element = etree.SubElement(head, "TONG_KET_CA_NAM", Id="canam")
        _texts(element, {**_outcome(year), "SO_BUOI_NGHI": year["absences"], "LEN_LOP": year["promotion"]})
        _texts(element, {"KHEN_THUONG": year["award"]})


def _primary(head: etree._Element, snapshot: Snapshot) -> None:
    """Phẩm chất and năng lực, days missed of both halves of the year, and the year (TT 27/2020 Đ7.2, Đ9, Đ11, Đ13)."""
    for group in snapshot["traits"]:
        element = etree.SubElement(head, "PHAM_CHAT_NANG_LUC", Id=f"nhom-{group['group']}")
        for row in group["rows"]:
            made = etree.SubElement(element, "BIEU_HIEN", Id=f"bieuhien-{row['code']}")
            levels = {"CUOI_HOC_KI_1": row["results"].get("CK1"), "CA_NAM": row["results"].get("CN")}
            _texts(made, {"MA": row["code"], "TEN": row["name"], **levels})
        _texts(element, {"NHAN_XET": group["remark"]})
    for code, half in snapshot["terms"].items():
        if half:
            element = etree.SubElement(head, "SO_NGAY_NGHI", Id=f"nghi-{code}")
            _texts(element, {"LAN": code, **_absences(half["absences"])})
    if snapshot["year"]:
        year = snapshot["year"]
        element = etree.SubElement(head, "TONG_KET_CA_NAM", Id="canam")
        outcome = {"KET_QUA": year["learning"]["final"], "SO_NGAY_NGHI": year["absences"]}
        _texts(element, {**outcome, "HOAN_THANH": year["promotion"], "KHEN_THUONG": year["award"]})


def _summer(head: etree._Element, summer: Snapshot) -> None:
    """What was assessed again in the summer, what it came to and who decided (TT 22/2021 Đ13, Đ14; TT 27/2020 Đ11)."""
    element = etree.SubElement(head, "KET_QUA_TRONG_HE", Id="tronghe")
    learning, decision = summer["learning"] or {}, summer["decision"] or {}
    _texts(element, {"REN_LUYEN": summer["conduct"], "HOC_TAP": learning.get("final"), "LEN_LOP": summer["promotion"]})
    _texts(
        element, {"NHAN_XET": summer["remark"], "CAN_CU": decision.get("basis"), "NGUOI_QUYET_DINH": decision.get("by")}
    )
    for name, values in (("KIEM_TRA_LAI", summer["tests"]), ("DANH_GIA_LAI_PHAM_CHAT_NANG_LUC", summer["traits"])):
        for code, value in values.items():
            _texts(etree.SubElement(element, name, Id=f"tronghe-{code}"), {"MA": code, "GIA_TRI": value})


def _results(subject: Snapshot) -> dict[str, Any]:
    results = subject["results"]
    if "tests" not in subject:
        return {"HOC_KI_1": results.get("HK1"), "HOC_KI_2": results.get("HK2"), "CA_NAM": results.get("CN")}
    return {
        "MUC_CUOI_HOC_KI_1": results.get("CK1"),
        "DIEM_KTDK_CUOI_HOC_KI_1": subject["tests"].get("CK1"),
        "MUC_CA_NAM": results.get("CN"),
        "DIEM_KTDK_CUOI_NAM": subject["tests"].get("CN"),
    }


def _subject(parent: etree._Element, subject: Snapshot) -> None:
    element = etree.SubElement(parent, "DIEM_TONG_KET", Id=f"mon-{subject['code']}")
    _texts(
        element,
        {
            "MA_MON": subject["code"],
            "TEN_MON": subject["name"],
            "CACH_DANH_GIA": subject["kind"],
            "LUA_CHON": subject["choice"],
            "TINH_KET_QUA": "1" if subject["counted"] else "0",
            **_results(subject),
            "DANH_GIA_LAI": subject["reassessed"],
            "NHAN_XET": subject["remark"],
        },
    )
    if subject["exemption"]:
        exemption = subject["exemption"]
        decision = {"SO": normalize("NFC", exemption["decision_number"]), "NGAY": exemption["decision_on"] or ""}
        etree.SubElement(element, "MIEN_GIAM", LOAI=exemption["kind"], **decision)
    for number, teacher in enumerate(subject["teachers"], start=1):  # one teacher may hold two parts of a subject
        made = etree.SubElement(element, "GVBM", Id=f"{subject['code']}-{number}-{teacher['id']}")
        _texts(made, {"HO_TEN": teacher["name"], "PHAN_MON": teacher["part"], "XAC_NHAN_LUC": teacher["confirmed_at"]})


def _outcome(result: Snapshot) -> dict[str, Any]:
    learning = result["learning"]
    return {
        "REN_LUYEN": result["conduct"],
        "HOC_TAP": learning["final"],
        "HOC_TAP_TRUOC_DIEU_CHINH": learning["base"],
        "MON_DIEU_CHINH": learning["subject_responsible"],
    }


def _source(source: Snapshot) -> dict[str, Any]:
    """Which school assessed a term that this one did not (law.md §1.4)."""
    return {
        "HOC_KI": source["term"],
        "TEN_TRUONG_CU": source["school"],
        "NOI_TRUONG_CU": source["place"],
        "SO_GIAY": source["document_number"],
        "NGAY_GIAY": source["document_on"],
        "LI_DO": source["reason"],
    }


def _absences(absences: Snapshot) -> dict[str, Any]:
    return {"NGHI_CO_PHEP": absences["excused"], "NGHI_KHONG_PHEP": absences["unexcused"]}


def _rest(snapshot: Snapshot) -> dict[str, Any]:
    people = {"GVCN": snapshot["homeroom_teacher"], "HIEU_TRUONG": snapshot["principal"]}
    return {
        "CHUNG_CHI": snapshot["certificates"],
        "CUOC_THI": snapshot["contests"],
        "KHEN_THUONG_KHAC": snapshot["awards"],
        "NHAN_XET_GVCN": snapshot["homeroom_remark"],
        "SO_CHO_SUA": snapshot["corrections"]["count"],
        "MON_SUA": ", ".join(snapshot["corrections"]["subjects"]),
        **{f"TEN_{role}": person["name"] if person else "" for role, person in people.items()},
        "NGAY_LAP": snapshot["prepared_on"],
    }


def _texts(parent: etree._Element, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        etree.SubElement(parent, name).text = normalize("NFC", str(value)) if value not in (None, "") else None
