"""The history in words: which thing, which field, old → new, as people read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.timezone import localtime

from schools.models.history import HistoryEntry, HistoryPayload
from schools.rules.identity import masked

# What a person did, by the name given to ``recorded`` (schools/models/recording.py).
ACTIONS = {
    "": "Ghi ngoài chương trình",
    "open_window": "Mở hạn nhập",
    "register_student": "Lập hồ sơ học sinh",
    "edit_student": "Sửa hồ sơ học sinh",
    "set_photo": "Thay ảnh 3×4",
    "tie_parent": "Liên kết phụ huynh",
    "end_parent_tie": "Thôi liên kết phụ huynh",
    "merge_students": "Gộp hai hồ sơ",
    "demo": "Nạp dữ liệu mẫu",
    "drop_old_reads": "Xóa lượt xem hết thời hạn giữ",
    "open_province": "Thiết lập Sở",
    "add_commune": "Thêm phường, xã",
    "appoint": "Bổ nhiệm, giao vai trò",
    "dismiss": "Thôi vai trò",
    "open_school": "Mở trường mới",
    "edit_school": "Sửa thông tin trường",
    "open_year": "Mở năm học",
    "close_year": "Đóng năm học",
    "set_period_dates": "Đặt ngày các kì",
    "close_window": "Đóng hạn nhập sớm",
    "delegate": "Ủy quyền",
    "revoke_delegation": "Thu hồi ủy quyền",
    "make_class": "Tạo lớp",
    "rename_class": "Đổi tên lớp",
    "void_class": "Bỏ lớp tạo nhầm",
    "enrol_students": "Xếp vào lớp",
    "move_class": "Chuyển lớp",
    "leave_class": "Rời lớp",
    "receive_student": "Nhận học sinh chuyển đến",
    "share_columns": "Chia cột điểm cho phân môn",
    "plan_class": "Phân công giảng dạy",
    "assign_teacher": "Phân công giáo viên",
    "assign_homeroom": "Phân công chủ nhiệm",
    "end_assignment": "Thôi phân công",
    "choose_electives": "Chọn môn lựa chọn",
    "add_optional_subject": "Thêm môn tự chọn",
    "drop_subject": "Thôi học môn",
    "set_exemption": "Ghi miễn, giảm",
    "make_account": "Tạo tài khoản",
    "deactivate_account": "Khóa tài khoản",
    "reactivate_account": "Mở lại tài khoản",
    "change_contact": "Sửa thông tin liên lạc",
    "change_password": "Đổi mật khẩu",
    "issue_slips": "Cấp phiếu kích hoạt",
    "use_slip": "Dùng phiếu, đặt mật khẩu",
    "request_second_factor_reset": "Đề nghị đặt lại bảo vệ hai lớp",
    "approve_second_factor_reset": "Đồng ý đặt lại bảo vệ hai lớp",
    "refuse_second_factor_reset": "Từ chối đặt lại bảo vệ hai lớp",
    "preview_import": "Tải lên danh sách",
    "cancel_import": "Hủy danh sách đã tải lên",
    "forget_previews": "Xóa nội dung danh sách quá hạn",
    "import_students": "Nhập danh sách học sinh",
    "import_staff": "Nhập danh sách nhân sự",
    "import_assignments": "Nhập danh sách phân công",
    "prepare_class": "Lập sổ điểm",
    "enter_marks": "Nhập điểm",
    "confirm_sheet": "Xác nhận sổ",
    "take_back_confirmation": "Rút xác nhận sổ",
    "enter_records": "Ghi rèn luyện, nghỉ học, nhận xét",
    "no_absences": "Ghi không nghỉ học",
    "bring_term": "Ghi kết quả ở trường cũ",
    "waive_regular": "Cho phép thiếu điểm thường xuyên",
    "settle_rule": "Đổi cách áp dụng quy định",
    "place_new_year": "Xếp lớp năm học mới",
    "take_back_placing": "Bỏ lượt xếp lớp năm học mới",
    "write_summer": "Ghi kết quả trong hè",
    "conclude_summer": "Chốt kết quả trong hè, lập trang",
    "return_summer": "Trả lại trang sau kì nghỉ hè",
    "correct_term": "Sửa kết quả ở trường cũ",
    "submit_class": "Nộp lớp",
    "return_class": "Trả lại lớp",
    "sign_off_class": "Duyệt lớp",
    "approve_summary": "Duyệt bảng tổng hợp của lớp",
    "issue_class": "Đóng dấu, phát hành",
    "render_page": "Dựng trang học bạ",
    "order_signatures": "Ra lệnh kí",
    "sign_page": "Kí trang học bạ",
    "give_key": "Cấp khóa kí",
    "change_pin": "Đổi mã PIN khóa kí",
    "seed": "Nạp dữ liệu ban đầu",
    "try_pin": "Thử mã PIN khóa kí",
}
# Tables by what people call a row of them.
THINGS = {
    "schools_authority": "cơ quan",
    "schools_school": "trường",
    "schools_schoolyear": "năm học",
    "schools_period": "kì",
    "schools_entrywindow": "hạn nhập",
    "schools_subject": "môn học",
    "schools_curriculumsubject": "môn của khối",
    "schools_user": "tài khoản",
    "schools_roleassignment": "vai trò",
    "schools_student": "học sinh",
    "schools_parentlink": "phụ huynh",
    "schools_studentmerge": "gộp hồ sơ",
    "schools_schoolclass": "lớp",
    "schools_enrolment": "ghi danh",
    "schools_subjectenrolment": "học môn",
    "schools_teachingassignment": "phân công giảng dạy",
    "schools_homeroomassignment": "phân công chủ nhiệm",
    "schools_delegation": "ủy quyền",
    "schools_schoolgrant": "quyền theo ủy quyền",
    "schools_assignmentgrant": "quyền theo ủy quyền",
    "schools_slip": "phiếu kích hoạt",
    "schools_secondfactorreset": "đặt lại bảo vệ hai lớp",
    "schools_droppedreads": "tháng lượt xem đã xóa",
    "schools_listimport": "danh sách nhập từ tệp",
    "records_marksheet": "sổ điểm",
    "records_markrow": "điểm",
    "records_sheetconfirmation": "xác nhận sổ",
    "records_classperiod": "lớp trong kì",
    "records_periodrecord": "kết quả kì",
    "records_yearrecord": "kết quả năm",
    "records_signoff": "bước duyệt",
    "records_bookpage": "trang học bạ",
    "records_pageversion": "bản của trang học bạ",
    "records_transferredterm": "kết quả mang theo",
    "records_regularwaiver": "cho phép thiếu điểm thường xuyên",
    "records_rulesetting": "cách áp dụng quy định",
    "records_newyearplacing": "lượt xếp lớp năm học mới",
    "records_summerentry": "kết quả trong hè",
    "records_studentmove": "điểm theo học sinh chuyển lớp",
    "records_signingkey": "khóa kí",
    "records_signingorder": "lệnh kí",
    "records_signingitem": "trang trong lệnh kí",
    "records_signature": "chữ kí",
    "opening": "dữ liệu ban đầu",
    "mfa_authenticator": "lớp bảo vệ thứ hai",
    "account_emailaddress": "thư điện tử",
}
METHODS = {
    "typed": "gõ tay",
    "pasted": "dán",
    "imported": "nhập từ tệp",
    "recalculated": "tính lại",
    "corrected": "đính chính",
    "merged": "gộp hồ sơ",
    "demo": "dữ liệu mẫu",
    "command": "lệnh quản trị",
    "prepared": "tự động",
    "signed": "kí số",
    "sql": "lệnh SQL",
}
OPERATIONS = {"I": "Thêm", "U": "Sửa", "D": "Xóa"}
UNTOLD = {"id", "public_id", "created_at", "given_name", "family_names", "search_name", "last_ops"}


@dataclass(frozen=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedRow:
    thing: str
    operation: str
    changes: list[Change]


@dataclass(frozen=True)
class ToldEntry:
    entry: HistoryEntry
    action: str
    method: str
    rows: list[ChangedRow]
    more: int


Names = dict[tuple[type[models.Model], int], str]


def told(entries: Iterable[HistoryEntry]) -> list[ToldEntry]:
    """The entries in words. Names of what keys point to are fetched once per kind, however many entries there are."""
    entries = list(entries)
    names = _names_of([payload for entry in entries for payload in entry.payloads.all()])
    return [
        ToldEntry(
            entry,
            ACTIONS.get(entry.action, entry.action),
            METHODS.get(entry.method, entry.method),
            [_row(payload, names) for payload in entry.payloads.all()],
            len(entry.digests) - len(entry.payloads.all()),
        )
        for entry in entries
    ]


def _model_of(table: str) -> type[models.Model] | None:
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def _field_of(model: type[models.Model] | None, column: str) -> Any:
    fields = model._meta.get_fields() if model else []
    return next((field for field in fields if getattr(field, "attname", None) == column.partition(".")[0]), None)


def _pairs(payload: HistoryPayload) -> list[tuple[str, Any, Any]]:
    """(column, old, new) of one changed row; a new row has no old values, a deleted one no new values."""
    changes = payload.payload["changes"]
    if payload.payload["op"] == "U":
        return [(column, *change) for column, change in changes.items()]
    told_values = {column: value for column, value in changes.items() if value not in (None, "", [], {})}
    if payload.payload["op"] == "I":
        return [(column, None, value) for column, value in told_values.items()]
    return [(column, value, None) for column, value in told_values.items()]


def _names_of(payloads: list[HistoryPayload]) -> Names:
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for payload in payloads:
        model = _model_of(payload.payload["table"])
        if model is not None:
            wanted[model].add(payload.row_id)
        for column, old, new in _pairs(payload):
            field = _field_of(model, column)
            if field is not None and field.is_relation:
                wanted[field.related_model] |= {key for key in (old, new) if isinstance(key, int)}
    return {
        (model, key): str(found)
        for model, keys in wanted.items()
        for key, found in model._base_manager.select_related(*_shown_through(model)).in_bulk(keys).items()
    }


def _shown_through(model: type[models.Model]) -> list[str]:
    """The keys that a thing's own name is made of, so that naming fifty things is one query."""
    return [field.name for field in model._meta.fields if field.is_relation and not field.null][:4]


def _row(payload: HistoryPayload, names: Names) -> ChangedRow:
    model = _model_of(payload.payload["table"])
    kind = THINGS.get(payload.payload["table"], payload.payload["table"])
    name = names.get((model, payload.row_id), "") if model else ""
    changes = [
        Change(_label(model, column), _value(model, column, old, names), _value(model, column, new, names))
        for column, old, new in _pairs(payload)
        if column.partition(".")[0] not in UNTOLD
    ]
    return ChangedRow(f"{kind}: {name}" if name else kind, OPERATIONS[payload.payload["op"]], changes)


def _label(model: type[models.Model] | None, column: str) -> str:
    field = _field_of(model, column)
    label = str(field.verbose_name) if field is not None else column
    return f"{label} {column.partition('.')[2]}".strip()


def _value(model: type[models.Model] | None, column: str, value: Any, names: Names) -> str:
    field = _field_of(model, column)
    if value is None or value == "":
        return "(trống)"
    if column == "personal_id":
        return masked(str(value))
    if field is not None and field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    return _plain_value(field, value)


def _part_in_words(part: Any) -> Any:
    """A thing kept as data bears a label of its own (a column of a sheet)."""
    return part.get("label", "…") if isinstance(part, dict) else part


def _plain_value(field: Any, value: Any) -> str:
    choices = dict(getattr(getattr(field, "base_field", field), "flatchoices", None) or ())
    match field, value:
        case _, bool():
            return "có" if value else "không"
        case _, dict():
            return ", ".join(f"{key}: {part}" for key, part in value.items())
        case _, list():
            return ", ".join(str(choices.get(str(part), _part_in_words(part))) for part in value)
        case models.DateTimeField(), _:
            return f"{localtime(datetime.fromisoformat(value)):%H:%M:%S %d/%m/%Y}"
        case models.DateField(), _:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
    return str(choices.get(value, value))
