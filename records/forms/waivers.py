"""Whose regular results the principal lets go, and why."""

from collections.abc import Sequence
from typing import Any

from django import forms


class WaiverForm(forms.Form):
    rows = forms.MultipleChoiceField(
        label="Học sinh, cột còn thiếu",
        error_messages={"required": "Hãy chọn học sinh."},
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="Lí do",
        help_text="Ít nhất 10 kí tự. Lí do được giữ cùng sổ và trong lịch sử.",
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, prefix="mien")
        self.fields["rows"].choices = choices  # type: ignore[attr-defined]
