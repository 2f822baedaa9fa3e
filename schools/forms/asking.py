"""Forms that ask before something unusual is stored: what was typed stays, and whoever means it says so."""

from copy import deepcopy
from typing import Any, cast

from django import forms
from django.http import QueryDict


class AskingForm(forms.Form):
    """``seen`` carries the mark of the remarks that were shown; the box to confirm them appears only with remarks, and
    is empty again when they are others."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    confirmed = forms.BooleanField(
        label="Vẫn lưu: tôi đã kiểm tra các điều được nhắc, giấy tờ ghi đúng như vậy", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._box = self.fields.pop("confirmed")
        if self.is_bound and self.data.get("seen"):
            self.fields["confirmed"] = self._box

    def ask(self, remarks: dict[str, str], seen: str) -> None:
        """Show what is unusual at its fields, and the box."""
        typed = cast("QueryDict", self.data).copy()
        typed["seen"] = seen
        typed.pop("confirmed", None)
        self.data = typed
        self.fields["confirmed"] = deepcopy(self._box)
        for name, words in remarks.items():
            self.add_error(name if name in self.fields else None, words)

    @property
    def asks(self) -> bool:
        return "confirmed" in self.fields

    @property
    def confirmation(self) -> str:
        """The mark of what was confirmed; "" when nothing was."""
        return str(self.cleaned_data["seen"]) if self.cleaned_data.get("confirmed") else ""
