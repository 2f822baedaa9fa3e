"""Choosing two records of one student, and confirming what was previewed."""

from typing import Any

from django import forms

from schools.forms.students import WHOLE_NUMBER, mark_required_only, reason_field


class MergeSearch(forms.Form):
    text = forms.CharField(label="Họ tên hoặc mã học sinh", required=False, max_length=120)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        mark_required_only(self)

    def add_prefix(self, field_name: str) -> str:
        return "ten"

    @property
    def carries_number(self) -> bool:
        return WHOLE_NUMBER.fullmatch(self.data.get("ten", "")) is not None


class MergePair(forms.Form):
    """The two records, in the address of the preview: which is kept (giu), which is joined into it (gop)."""

    giu = forms.UUIDField()
    gop = forms.UUIDField()


class MergeForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field("Ít nhất 10 kí tự. Lí do được ghi vào lịch sử của cả hai hồ sơ.")
