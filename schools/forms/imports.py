"""Uploading a list, and confirming what was previewed."""

from collections.abc import Collection
from typing import Any

from django import forms

from schools.forms.workbooks import UnreadableFile, read_table
from schools.models import ListImport, School, SchoolYear
from schools.rules.tables import MOST_ROWS

# Kinds of lists in addresses.
SLUGS = {
    "hoc-sinh": ListImport.Kind.STUDENTS,
    "nhan-su": ListImport.Kind.STAFF,
    "phan-cong": ListImport.Kind.ASSIGNMENTS,
}


class UploadForm(forms.Form):
    """Which list, of which school and year. The file is read here: whether it can be read is a question of form."""

    kind = forms.ChoiceField(label="Loại danh sách")
    school = forms.TypedChoiceField(label="Trường")
    school_year = forms.TypedChoiceField(label="Năm học")
    file = forms.FileField(
        label="Tệp Excel",
        help_text=f"Tệp .xlsx, không quá 5 MB và {MOST_ROWS:,} dòng.".replace(",", "."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,
        error_messages={"required": "Hãy chọn tệp Excel."},
    )
    makes_classes = forms.BooleanField(
        label="Tạo lớp mới nếu trong trường chưa có",
        required=False,
        help_text="Chỉ dùng cho danh sách học sinh. Khối lấy theo số đứng đầu tên lớp.",
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, kinds: list[str], schools: list[School], years: list[SchoolYear],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, files, **kwargs)
        self.kinds = kinds
        self.fields["kind"].choices = [(str(kind), label) for kind, label in ListImport.Kind.choices if kind in kinds]  # type: ignore[attr-defined]
        self._offer("school", schools)
        self._offer("school_year", years)
        if ListImport.Kind.STUDENTS not in kinds:
            del self.fields["makes_classes"]

    def _offer(self, name: str, things: list[Any]) -> None:
        by_id = {str(thing.public_id): thing for thing in things}
        field: Any = self.fields[name]
        field.choices = [(key, str(thing)) for key, thing in by_id.items()]
        field.coerce = by_id.get
        if len(things) == 1:
            field.widget, field.required, field.empty_value = forms.HiddenInput(), False, things[0]
            field.initial = things[0].public_id

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("file") is not None and cleaned.get("kind"):
            try:
                cleaned["table"] = read_table(cleaned["file"], cleaned["kind"])
            except UnreadableFile as why:
                self.add_error("file", str(why))
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        """What the action needs."""
        found = self.cleaned_data
        return {
            "school": found["school"],
            "year": found["school_year"],
            "kind": found["kind"],
            "table": found["table"],
            "file_name": found["file"].name,
            "makes_classes": found.get("makes_classes", False),
        }


class ConfirmForm(forms.Form):
    """Confirms the plan with this digest; a reason only where somebody's identity changes, a look at what is
    unusual only where something is."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label="Lí do sửa họ tên, mã, số định danh hoặc ngày sinh",
        required=False,
        max_length=255,
        help_text="Ít nhất 10 kí tự, ví dụ số quyết định cải chính hộ tịch. Ghi vào lịch sử của từng hồ sơ.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    checked = forms.BooleanField(label="Tôi đã xem các dòng cần kiểm tra")

    def __init__(self, data: Any = None, *, needs: Collection[str] = ("reason", "checked"), digest: str = "") -> None:
        super().__init__(data, initial={"digest": digest})
        for name in ("reason", "checked"):
            self.fields[name].required = not self.is_bound  # whether it was needed is for the action to say
            if name not in needs:
                del self.fields[name]

    def refuse(self, name: str, why: str) -> None:
        """The action asked for a reason or a look, or refused for another one."""
        self.add_error(name, why)
        self.fields[name].required = True
