"""The two pages of a year as printed: everything the snapshot says is on them, in the official form's words, in Tinos;
the fields lie where people sign; no name can write HTML."""

import os
import re
import subprocess
import sys
from copy import deepcopy
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pikepdf
import pytest
from django.conf import settings
from hypothesis import Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from records.documents.data_element import ATTACHMENT, data_element
from records.documents.fields import SLOTS
from records.documents.render import Rendered, _letters, rendered
from records.rules.cells import is_printed

Snapshot = dict[str, Any]

A4 = (595.28, 841.89)
MARKED = {
    "NGU_VAN": "Ngữ văn",
    "TOAN": "Toán",
    "NGOAI_NGU_1": "Ngoại ngữ 1",
    "GDCD": "Giáo dục công dân",
    "LS_DL": "Lịch sử và Địa lí",
    "KHTN": "Khoa học tự nhiên",
    "CONG_NGHE": "Công nghệ",
    "TIN_HOC": "Tin học",
}
COMMENTED = {
    "GDTC": "Giáo dục thể chất",
    "NGHE_THUAT": "Nghệ thuật",
    "HDTN_HN": "Hoạt động trải nghiệm, hướng nghiệp",
    "GDDP": "Nội dung giáo dục của địa phương",
}
OPTIONAL = {"TIENG_DTTS": "Tiếng dân tộc thiểu số", "NGOAI_NGU_2": "Ngoại ngữ 2"}


def subject(code: str, name: str, number: int, *, year: bool) -> Snapshot:
    """A subject with results, remark and teacher of its own, so that none can stand in for another."""
    marked = code not in COMMENTED
    results = [f"{5 + number / 10:.1f}", f"{7 + number / 10:.1f}", f"{6 + number / 10:.1f}"] if marked else ["D"] * 3
    return {
        "code": code,
        "name": name,
        "kind": "DIEM" if marked else "NHAN_XET",
        "choice": "TU_CHON" if code in OPTIONAL else "BAT_BUOC",
        "counted": code not in OPTIONAL,
        "results": dict(zip(("HK1", "HK2", "CN"), results if year else [results[0], None, None], strict=True)),
        "reassessed": None,
        "remark": f"Nắm chắc kiến thức môn thứ {number}, cần mạnh dạn phát biểu hơn trong giờ học.",
        "exemption": None,
        "teachers": [
            {
                "id": f"{number:08d}-0000-4000-8000-000000000000",
                "name": f"Trần Quốc Bảo {'ABCDEFGHIJKLMN'[number - 1]}",
                "part": "",
                "confirmed_at": f"2026-12-{number + 10}T08:15:00+07:00",
            }
        ],
    }


def page(*, year: bool) -> Snapshot:
    """Nguyễn Minh Anh of 7A, at the end of the first term or of the year, with both tự chọn subjects."""
    names = {**MARKED, **COMMENTED, **OPTIONAL}
    term = {
        "conduct": "TOT",
        "learning": {"base": "KHA", "subject_responsible": None, "final": "KHA"},
        "absences": {"excused": 2, "unexcused": 1},
        "remark": "Ngoan, chăm học.",
    }
    last = {**term, "learning": {"base": "DAT", "subject_responsible": "TOAN", "final": "KHA"}}
    return {
        "form": "THCS-TT22-2021",
        "rule_set": "TT22-2021",
        "kind": "YEAR" if year else "TERM",
        "version": 2 if year else 1,
        "version_id": "0b6f4d3e-6a39-4b44-9e8f-0d6f6b0c7a11",
        "replaces": None,
        "school": {
            "code": "79760001",
            "name": "Trường THCS Bàn Cờ",
            "commune": "Phường Bàn Cờ",
            "province": "Thành phố Hồ Chí Minh",
        },
        "school_year": {"first_year": 2026, "label": "2026–2027"},
        "student": {
            "id": "5e1a7a52-1111-4222-8333-444455556666",
            "student_code": "7970000001",
            "personal_id": "079313000123",
            "full_name": "Nguyễn Minh Anh",
            "born_on": "2014-05-02",
            "gender": "Nữ",
        },
        "class": {"id": "6e1a7a52-1111-4222-8333-444455556666", "name": "7A", "grade_level": 7},
        "subjects": [subject(code, name, n, year=year) for n, (code, name) in enumerate(names.items(), 1)],
        "terms": {"HK1": term, "HK2": last if year else None},
        "year": {**last, "absences": 5, "promotion": "LEN_LOP", "award": "HSG"} if year else None,
        "certificates": "Chứng chỉ Tin học A",
        "contests": "Giải Ba chạy 800 m cấp phường",
        "awards": "Giấy khen của phường",
        "homeroom_remark": "Em chăm học, hòa đồng với bạn. Cần mạnh dạn phát biểu hơn.",
        "corrections": {"count": 1, "subjects": ["Toán"]},
        "homeroom_teacher": {"id": "7e1a7a52-1111-4222-8333-444455556666", "name": "Lê Thị Hoa"},
        "principal": {"id": "8e1a7a52-1111-4222-8333-444455556666", "name": "Phạm Văn Sơn"},
        "seal": {"name": "Trường THCS Bàn Cờ"},
        "prepared_on": "2027-05-28" if year else "2026-12-30",
    }


TERM, YEAR = page(year=False), page(year=True)


def with_name(name: str) -> Snapshot:
    """The page of a student of this name."""
    return {**TERM, "student": {**TERM["student"], "full_name": name}}


@cache
def made(kind: str) -> Rendered:
    """The ordinary pages, laid out once."""
    return rendered({"TERM": TERM, "YEAR": YEAR}[kind])


def text_of(pdf: bytes, *options: str) -> str:
    """What poppler reads on the pages."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def letters(text: str) -> str:
    """Without spaces and line breaks, which depend on where a cell's lines end."""
    return re.sub(r"\s+", "", text)


def missing(pdf: bytes, *words: str) -> list[str]:
    """The texts that cannot be found, read cell by cell in the order of the layout."""
    read = letters(text_of(pdf, "-raw"))
    return [word for word in words if letters(normalize("NFC", word)) not in read]


# -- What the pages say ------------------------------------------------------------------------------------------------
def of_subjects(snapshot: Snapshot) -> list[str]:
    """Name, remark, teacher and day of every subject."""
    shown = []
    for one in snapshot["subjects"]:
        teacher = one["teachers"][0]
        year, month, day = teacher["confirmed_at"][:10].split("-")
        shown += [one["name"], one["remark"], f"{teacher['name']}, đã xác nhận {day}/{month}/{year}"]
    return shown


def of_page(snapshot: Snapshot) -> list[str]:
    """Every text of the snapshot that the official form has a place for."""
    texts = [snapshot[name] for name in ("certificates", "contests", "awards", "homeroom_remark", "version_id")]
    names = [snapshot[who]["name"] for who in ("school", "class", "homeroom_teacher", "principal")]
    corrected = snapshot["corrections"]
    return [
        *of_subjects(snapshot),
        *texts,
        *names,
        snapshot["student"]["full_name"],
        snapshot["school_year"]["label"],
        snapshot["school"]["commune"],
        f"sửa chữa ở: {corrected['count']} chỗ, thuộc các môn học: {', '.join(corrected['subjects'])}.",
        f"Bản số {snapshot['version']}, mã {snapshot['version_id']}",
    ]


@pytest.mark.parametrize("kind", ["TERM", "YEAR"])
def test_every_text_of_the_snapshot_is_on_the_pages(kind: str) -> None:
    assert missing(made(kind).pdf, *of_page({"TERM": TERM, "YEAR": YEAR}[kind])) == []


def rows_of(pdf: bytes, names: dict[str, str]) -> dict[str, list[str]]:
    """What stands between a subject's name and its remark."""
    read = letters(text_of(pdf, "-raw"))
    found = {code: re.search(rf"{letters(name)}(?:\(tựchọn\))?(.*?)Nắmchắc", read) for code, name in names.items()}
    return {code: re.findall(r"\d,\d|Đạt", match[1]) if match else [] for code, match in found.items()}


def test_year_shows_all_results_with_a_comma_and_levels_in_words() -> None:
    marks = {
        code: [f"{start + n / 10:.1f}".replace(".", ",") for start in (5, 7, 6)] for n, code in enumerate(MARKED, 1)
    }
    assert rows_of(made("YEAR").pdf, {**MARKED, **COMMENTED}) == {**marks, **{code: ["Đạt"] * 3 for code in COMMENTED}}


def test_term_shows_the_first_term_and_nothing_of_the_rest() -> None:
    marks = {code: [f"5,{n}"] for n, code in enumerate(MARKED, 1)}
    assert rows_of(made("TERM").pdf, {**MARKED, **COMMENTED}) == {**marks, **{code: ["Đạt"] for code in COMMENTED}}
    assert missing(made("TERM").pdf, "Học sinh Giỏi", "theo Đ9.3") == ["Học sinh Giỏi", "theo Đ9.3"]
    outcomes = re.search(r"(ITốt.*?)Chứngchỉ\(", letters(text_of(made("TERM").pdf, "-raw")))
    assert outcomes is not None
    assert outcomes[1].startswith("ITốtKhá")
    assert outcomes[1].count("Tốt") == 1


def test_level_raised_because_of_one_subject_says_so() -> None:
    raised = "kết quả học tập điều chỉnh từ Đạt lên Khá theo Đ9.3, chỉ do môn Toán."
    assert missing(made("YEAR").pdf, f"Học kì II: {raised}", f"Cả năm: {raised}") == []
    assert missing(made("YEAR").pdf, f"Học kì I: {raised}") == [f"Học kì I: {raised}"]


def test_form_has_its_official_headings_and_no_district() -> None:
    heads = [
        "Môn học/Hoạt động giáo dục",
        "Điểm trung bình môn học hoặc mức đánh giá",
        "Điểm hoặc mức đánh giá sau đánh giá lại (nếu có)",
        "Xác nhận của Giáo viên chủ nhiệm",
        "Xác nhận của Hiệu trưởng",
        "Tổng số buổi nghỉ học cả năm",
        "Mức đánh giá lại sau khi kiểm tra lại môn học/rèn luyện trong kì nghỉ hè",
        "Nhận xét sự tiến bộ, ưu điểm nổi bật, hạn chế chủ yếu (nếu có) của giáo viên chủ nhiệm",
        "Nhận xét trong trường hợp phải rèn luyện trong kì nghỉ hè (nếu có)",
        "PHÊ DUYỆT CỦA HIỆU TRƯỞNG",
        "ngày 28 tháng 05 năm 2027",
    ]
    assert missing(made("YEAR").pdf, *heads) == []
    assert missing(made("YEAR").pdf, "Huyện", "Quận") == ["Huyện", "Quận"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("exempt", "miễn học"), ("exempt_practice", "miễn thực hành"), ("individual_plan", "kế hoạch giáo dục cá nhân")],
)
def test_exemption_stands_beside_the_subject(kind: str, words: str) -> None:
    snapshot = deepcopy(TERM)
    gym = snapshot["subjects"][8]
    gym["results"] = {"HK1": None, "HK2": None, "CN": None}
    gym["exemption"] = {"kind": kind, "decision_number": "12/QĐ-THCS", "decision_on": "2026-10-01"}
    shown = "Miễn Miễn Miễn" if kind == "exempt" else ""
    assert missing(rendered(snapshot).pdf, f"Giáo dục thể chất ({words}) {shown} Nắm chắc") == []


def test_last_year_confirms_completion() -> None:
    ninth = {**YEAR, "class": {**YEAR["class"], "name": "9A", "grade_level": 9}}
    assert missing(rendered(ninth).pdf, "Hoàn thành chương trình trung học cơ sở") == []
    assert missing(made("YEAR").pdf, "Hoàn thành chương trình") == ["Hoàn thành chương trình"]


# -- How they are laid out ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["TERM", "YEAR"])
def test_ordinary_page_has_two_leaves_and_names_itself_on_each(kind: str) -> None:
    pages = text_of(made(kind).pdf, "-raw").split("\f")[:-1]
    assert [len(pages), made(kind).pages] == [2, 2]
    for number, text in enumerate(pages, 1):
        foot = letters(f"Trường THCS Bàn Cờ · Nguyễn Minh Anh · Bản số {1 + (kind == 'YEAR')}, mã {YEAR['version_id']}")
        assert foot in letters(text)
        assert f"Trang {number}/2" in text


def words_with_places(pdf: bytes, page_number: int) -> list[tuple[float, float, float, float, str]]:
    """Left, bottom, right, top in points, and the word."""
    html = text_of(pdf, "-bbox").split("<page ")[page_number + 1]
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', html)
    return [(float(a), A4[1] - float(d), float(c), A4[1] - float(b), word) for a, b, c, d, word in found]


@pytest.mark.parametrize("kind", ["TERM", "YEAR"])
def test_fields_lie_on_empty_paper_inside_the_second_page(kind: str) -> None:
    page_made = made(kind)
    assert {slot: box.page for slot, box in page_made.boxes.items()} == dict.fromkeys(SLOTS, 1)
    for box in page_made.boxes.values():
        assert 28 < box.left < box.right < A4[0] - 28
        assert 28 < box.bottom < box.top < A4[1] - 28
        over = [
            word
            for left, bottom, right, top, word in words_with_places(page_made.pdf, 1)
            if left < box.right and right > box.left and bottom < box.top and top > box.bottom
        ]
        assert over == []


def test_seal_covers_a_third_of_the_principals_place_on_its_left() -> None:
    principal, seal = (made("YEAR").boxes[slot] for slot in ("HIEU_TRUONG", "CON_DAU"))
    assert seal.left < principal.left
    assert (seal.right - principal.left) / (principal.right - principal.left) == pytest.approx(1 / 3, abs=0.01)
    assert (seal.bottom, seal.top) == pytest.approx((principal.bottom, principal.top))
    homeroom = made("YEAR").boxes["GVCN"]
    assert homeroom.right < seal.left


def in_tinos_only(pdf: bytes) -> bool:
    """Whether every font in the file is a subset of the form's."""
    return {name.split("+")[1].split("-")[0] for name in re.findall(r"[A-Z]{6}\+[\w-]+", fonts_of(pdf))} == {"Tinos"}


def fonts_of(pdf: bytes) -> str:
    """The embedded fonts by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for leaf in document.pages for font in leaf.Resources.Font.values()]
        return " ".join(str(font.BaseFont) for font in fonts)


def test_everything_is_in_the_forms_font() -> None:
    assert in_tinos_only(made("YEAR").pdf)


# -- Hard students -----------------------------------------------------------------------------------------------------
REMARK = ("Em nắm chắc kiến thức, kĩ năng trình bày tốt, biết vận dụng vào thực tế. " * 9)[:590] + " hết nhé."


def long_page(*, remarks: int) -> Snapshot:
    """So many subjects with a remark of 600 letters, and long words everywhere else."""
    snapshot = deepcopy(YEAR)
    for number, one in enumerate(snapshot["subjects"][:remarks], 1):
        one["remark"] = f"{number}/ {REMARK}"
    snapshot["homeroom_remark"] = REMARK
    snapshot["student"]["full_name"] = "Công Tằng Tôn Nữ Hoàng Nguyễn Phúc Thị Mỹ Duyên Hằng Quỳnh Trâm Anh Thư Như Ý"
    snapshot["school"]["name"] = (
        "Trường Phổ thông dân tộc nội trú Trung học cơ sở và Trung học phổ thông " + "Sơn " * 20
    )
    return snapshot


@pytest.mark.parametrize(("remarks", "pages"), [(0, 2), (4, 2), (14, 3)])
def test_long_remarks_take_small_type_then_more_pages_and_lose_nothing(remarks: int, pages: int) -> None:
    snapshot = long_page(remarks=remarks)
    page_made = rendered(snapshot)
    assert missing(page_made.pdf, *of_page(snapshot)) == []
    assert page_made.pages == pages
    assert {box.page for box in page_made.boxes.values()} == {pages - 1}


def test_several_teachers_of_a_subject_fit_two_pages_in_small_type() -> None:
    snapshot = deepcopy(YEAR)
    for one in snapshot["subjects"]:
        one["teachers"] = [{**one["teachers"][0], "part": part} for part in ("Phần một", "Phần hai", "Phần ba")]
    page_made = rendered(snapshot)
    assert page_made.pages == 2
    assert letters(text_of(page_made.pdf)).count("(Phầnba),đãxácnhận") == 14


def outside(pdf: bytes) -> list[str]:
    """Words that reach over the paper's edge."""
    pages = range(text_of(pdf, "-bbox").count("<page "))
    placed = [found for number in pages for found in words_with_places(pdf, number)]
    return [word for left, bottom, right, top, word in placed if left < 28 or right > A4[0] - 28 or bottom < 12]


def test_word_without_end_stays_on_the_paper() -> None:
    word = "Aă" * 40
    snapshot = deepcopy(with_name(word))
    for text in ("certificates", "contests", "awards", "homeroom_remark"):
        snapshot[text] = word
    snapshot["subjects"][0] |= {"remark": word, "name": word}
    snapshot["school"]["name"] = snapshot["homeroom_teacher"]["name"] = snapshot["principal"]["name"] = word
    page_made = rendered(snapshot)
    assert outside(page_made.pdf) == []
    assert letters(text_of(page_made.pdf, "-raw")).count(word) == 12 + 2 * page_made.pages  # twice in each foot


@pytest.mark.parametrize(
    "name",
    [
        '<script>alert("1")</script>',
        "</td></table><h1>Xuất sắc</h1>",
        "<img src='http://127.0.0.1/x.png'>",
        '"><p data-slot="CON_DAU">',
        "{{ page.version_id }} {% now %}",
        "&lt;b&gt; &amp; ]]> <!--",
        "\u0338Anh",
    ],
)
def test_name_is_text_whatever_it_looks_like(name: str) -> None:
    page_made = rendered(with_name(name))
    assert missing(page_made.pdf, name) == []
    assert page_made.boxes == made("TERM").boxes
    assert page_made.pages == 2


@pytest.mark.parametrize(("letter", "shown"), [("漢", "[U+6F22]"), ("😀", "[U+1F600]"), ("\u202e", "[U+202E]")])
def test_letter_without_a_shape_is_printed_as_its_number(letter: str, shown: str) -> None:
    pdf = rendered(with_name(f"Anh {letter}")).pdf
    assert missing(pdf, f"Họ và tên: Anh {shown}") == []
    assert in_tinos_only(pdf)


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "\ud800", "\uffff"])
def test_text_that_xml_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        rendered(with_name(text))


VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxy" + "".join(
    normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in "\u0300\u0301\u0303\u0309\u0323"
)
NAMES = st.lists(st.text(VIETNAMESE + VIETNAMESE.upper(), min_size=1, max_size=30), min_size=1, max_size=8).map(
    " ".join
)


@effort(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking takes minutes
@given(name=NAMES, remark=NAMES, form=st.sampled_from(["NFC", "NFD", "NFKD"]), taken=st.integers(1, 14))
def test_any_vietnamese_student_is_printed_whole(name: str, remark: str, form: Any, taken: int) -> None:
    snapshot = deepcopy(with_name(normalize(form, name)))
    snapshot["subjects"] = snapshot["subjects"][:taken]
    snapshot["subjects"][0]["remark"] = snapshot["homeroom_remark"] = normalize(form, remark)
    page_made = rendered(snapshot)
    assert missing(page_made.pdf, *of_page(snapshot)) == []
    assert outside(page_made.pdf) == []
    assert in_tinos_only(page_made.pdf)
    assert page_made.pages == 2


def test_every_vietnamese_letter_has_a_shape() -> None:
    everything = VIETNAMESE + VIETNAMESE.upper()
    assert missing(rendered({**TERM, "homeroom_remark": everything}).pdf, everything) == []


# -- The file ----------------------------------------------------------------------------------------------------------
def test_same_snapshot_gives_the_same_bytes() -> None:
    assert rendered(deepcopy(YEAR)) == made("YEAR")


def test_file_is_an_archive_with_its_data_element() -> None:
    with pikepdf.open(BytesIO(made("YEAR").pdf)) as document:
        attached = document.attachments[ATTACHMENT]
        assert attached.get_file().read_bytes() == data_element(YEAR)
        assert attached.relationship == pikepdf.Name.Data
        assert [str(document.Root.Lang), str(document.trailer.ID[0])] == ["vi", YEAR["version_id"]]
        assert document.docinfo.Title == "Học bạ: Nguyễn Minh Anh, lớp 7A, 2026–2027"
        with document.open_metadata() as metadata:
            assert [metadata["pdfaid:part"], metadata["pdfaid:conformance"]] == ["3", "U"]


NO_FONT = """
import django
django.setup()
from records.documents.render import FontMissing, rendered
from tests.records.documents.test_form import TERM
try:
    rendered(TERM)
except FontMissing as error:
    print(error)
"""


def test_form_without_its_font_is_refused(tmp_path: Path) -> None:
    """A machine with another font only (one of the same package): strange letters, or none, would be signed."""
    found = subprocess.run(["fc-match", "-f", "%{file}", "Arimo"], capture_output=True, check=True).stdout.decode()
    (tmp_path / "font.ttf").symlink_to(found)
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", NO_FONT]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout == "Phông chữ Tinos chưa được cài (gói fonts-croscore).\n"


def test_everything_a_remark_may_hold_has_a_shape() -> None:
    unseen = {chr(number) for number in range(0x110000) if is_printed(chr(number))} - _letters()
    assert unseen == set()
