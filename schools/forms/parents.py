"""Tying parents to a student."""

from django import forms

from schools.forms.asking import AskingForm
from schools.forms.students import reason_field
from schools.models import Relation


class ParentForm(AskingForm):
    relation = forms.ChoiceField(label="Quan hệ", choices=[("", "Chọn"), *Relation.choices])
    full_name = forms.CharField(label="Họ và tên phụ huynh", max_length=120)
    phone = forms.CharField(
        label="Số điện thoại",
        max_length=20,
        help_text="Phụ huynh đăng nhập bằng số này.",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("relation", "full_name", "phone")}


class EndTieForm(forms.Form):
    reason = reason_field("Ít nhất 10 kí tự. Lí do được ghi vào lịch sử.")
