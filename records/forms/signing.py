"""What is asked when somebody signs, or returns a class."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from records.models import MarkSheet


class PinForm(forms.Form):
    """The PIN of the signing key. The pages that were shown come along as hidden fields, read by ``shown_in``."""

    pin = forms.CharField(
        label="Mã PIN của khóa kí",
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ChangePinForm(PinForm):
    new_pin = forms.CharField(
        label="Mã PIN mới",
        help_text="6 đến 12 chữ số",
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label="Nhập lại mã PIN mới",
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new_pin") != cleaned.get("again"):
            self.add_error("again", "Hai lần nhập mã PIN mới không giống nhau.")
        return cleaned


class ReturnForm(forms.Form):
    """Why a class is returned, and which sheets its teachers get back."""

    reason = forms.CharField(
        label="Lí do trả lại",
        help_text="Ít nhất 10 kí tự; giáo viên thấy lí do này trong “Việc cần làm”.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sheets: Any = forms.ModelMultipleChoiceField(
        label="Sổ mở lại cho giáo viên sửa",
        help_text="Không chọn sổ nào: chỉ phần của giáo viên chủ nhiệm mở lại.",
        queryset=None,
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, sheets: "QuerySet[MarkSheet]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheets"]
        field.queryset = sheets  # type: ignore[attr-defined]
        field.label_from_instance = lambda sheet: sheet.subject.name  # type: ignore[attr-defined]
