"""Rendering, signing and verifying one page."""

import hashlib
import tempfile
import uuid
from pathlib import Path

from django.template.loader import get_template
from weasyprint import CSS, HTML

from records.documents.authority import LocalAuthority
from records.documents.book_file import page_file
from records.documents.fields import SLOTS
from records.documents.form import form_words
from records.documents.keys import make_key
from records.documents.render import STYLE
from records.documents.signing import SoftwareSigner, sign_page
from records.documents.snapshot import Snapshot
from records.documents.verify import VALID, verified
from records.management.bench.figures import Figure, cpu_figures, named
from records.management.bench.measure import cost_of, costs_of

ROUNDS = 11


def example_snapshot() -> Snapshot:
    """A page of twelve subjects with remarks of ordinary length."""
    names = {"TOAN": "Toán", "NGU_VAN": "Ngữ văn", "NGOAI_NGU_1": "Ngoại ngữ 1", "KHTN": "Khoa học tự nhiên"}
    kinds = [*names.items(), *((f"MON_{number}", f"Môn học thứ {number}") for number in range(8))]
    teacher = {"id": "1", "name": "Trần Quốc Bảo", "part": "", "confirmed_at": "2026-12-28T08:15:00+07:00"}
    learning = {"base": "KHA", "subject_responsible": None, "final": "KHA"}
    subjects = [
        {
            "code": code, "name": name, "kind": "DIEM", "choice": "BAT_BUOC", "counted": True, "reassessed": None,
            "results": {"HK1": "7.9", "HK2": None, "CN": None}, "exemption": None, "teachers": [teacher],
            "remark": "Nắm được kiến thức cơ bản, cần luyện tập thêm.",
        }
        for code, name in kinds
    ]  # fmt: skip
    return {
        "form": "THCS-TT22-2021", "rule_set": "TT22-2021", "kind": "TERM", "version": 1, "replaces": None,
        "version_id": str(uuid.UUID(int=1)), "subjects": subjects, "year": None, "certificates": "", "contests": "",
        "school": {"code": "1", "name": "Trường THCS Nguyễn Du", "commune": "Phường Hoa Sen", "province": "Tỉnh Mẫu"},
        "school_year": {"first_year": 2026, "label": "2026–2027"}, "awards": "",
        "corrections": {"count": 0, "subjects": []},
        "student": {"id": "1", "student_code": "1", "personal_id": None, "full_name": "Nguyễn Minh Anh",
                    "born_on": "2014-05-02", "gender": "Nữ"},
        "class": {"id": "1", "name": "7A", "grade_level": 7}, "homeroom_remark": "Chăm học, hòa đồng với bạn bè.",
        "terms": {"HK1": {"conduct": "TOT", "learning": learning, "remark": "Chăm học.",
                          "absences": {"excused": 1, "unexcused": 0}}, "HK2": None},
        "homeroom_teacher": {"id": "2", "name": "Lê Thị Hoa"}, "principal": {"id": "3", "name": "Phạm Văn Sơn"},
        "seal": {"name": "Trường THCS Nguyễn Du"}, "prepared_on": "2026-12-30",
    }  # fmt: skip


def page_figures() -> list[Figure]:
    snapshot = example_snapshot()
    return [*_rendering(snapshot), *_signing(page_file(snapshot))]


def _rendering(snapshot: Snapshot) -> list[Figure]:
    """The whole way from a snapshot to the file that is shown and signed, against bare WeasyPrint on the same HTML and
    style sheet, in turn."""
    html = get_template("documents/year.html").render(form_words(snapshot))

    def bare() -> object:
        return HTML(string=html).write_pdf(stylesheets=[CSS(string=STYLE)])

    ours, theirs = costs_of([lambda: page_file(snapshot), bare], ROUNDS)
    return [
        named("render_sheet_ratio_to_weasyprint", ours.times(theirs)),
        Figure("render_sheet_cpu", ours.cpu, "ms"),
        Figure("render_weasyprint_cpu", theirs.cpu, "ms"),
        Figure("render_sheet_reference_before", ours.reference_before, "ms"),
        Figure("render_sheet_reference_after", ours.reference_after, "ms"),
    ]


def _signing(page: bytes) -> list[Figure]:
    shown = frozenset([hashlib.sha256(page).hexdigest()])
    with tempfile.TemporaryDirectory() as folder:
        authority = LocalAuthority.make(Path(folder) / "ca", "CA đo", b"do")
    signers = {}
    for slot in SLOTS:
        key = make_key()
        certificate = authority.issue(
            key.public_key(), common_name="Đo", organisation="Đo", serial_number=slot, seal=slot == SLOTS[-1]
        )
        signers[slot] = SoftwareSigner(key, certificate, [authority.certificate], holder="x", ordered=shown)

    def sign_all() -> bytes:
        signed = page
        for slot in SLOTS:
            signed = sign_page(signed, original_size=len(page), slot=slot, signer=signers[slot], reason="Đo")
        return signed

    signing, signed = cost_of(sign_all, ROUNDS), sign_all()
    checking = cost_of(lambda: verified(signed, [authority.certificate]), ROUNDS)
    if verified(signed, [authority.certificate]).outcome != VALID:
        raise RuntimeError("the signed page is not valid")
    return [
        *cpu_figures("sign_rsa2048_cpu", signing, len(SLOTS)),
        *cpu_figures("verify_three_signatures_cpu", checking),
        Figure("signed_page_size", len(signed) / 1000, "kB"),
    ]
