"""The names of the classes into which those of a class that ends come, and whether empty ones are made."""

from collections.abc import Mapping
from typing import Any

from django import forms

from records.rules.new_year import AGAIN, UP, Going
from schools.models import SchoolClass

_LABELS = {UP: "Lớp {} lên lớp vào", AGAIN: "Lớp {} ở lại vào"}


class NewYearForm(forms.Form):
    """A name for each class that ends and each way somebody goes, ``proposed``; nothing typed leaves them there."""

    makes_intake = forms.BooleanField(
        label="Lập sẵn lớp đầu cấp (trống)",
        help_text="Để nhập học sinh mới tuyển vào; tên như lớp đầu cấp năm trước.",
        required=False,
        initial=True,
    )

    def __init__(self, data: Any = None, *, proposed: Mapping[tuple[SchoolClass, str], str]) -> None:
        super().__init__(data)
        self.asked = {(ending.name, way): _field(ending, way) for ending, way in proposed}
        for (ending, way), name in proposed.items():
            self.fields[_field(ending, way)] = forms.CharField(
                label=_LABELS[way].format(ending.name),
                required=False,
                max_length=20,
                initial=name,
                widget=forms.TextInput(attrs={"size": 6, "autocomplete": "off"}),
            )

    def bound(self, ending: SchoolClass, way: str) -> forms.BoundField | None:
        """The field of a class and way; None where nobody goes."""
        name = _field(ending, way)
        return self[name] if name in self.fields else None

    def names(self) -> dict[Going, str]:
        """The names as they were typed."""
        return {going: self.cleaned_data[name] for going, name in self.asked.items()}

    def refuse(self, faults: Mapping[Going, str]) -> None:
        """What is wrong with a name, put to its field."""
        for going, fault in faults.items():
            self.add_error(self.asked.get(going), fault)


def _field(ending: SchoolClass, way: str) -> str:
    return f"{way.lower()}-{ending.public_id}"
