"""What is asked of a student in the summer: one result, a decision with its basis, a return with its reason."""

from typing import Any

from django import forms

from records.documents.words import PROMOTIONS
from records.rules.cells import CONDUCT_WORDS
from records.rules.columns import CONDUCT
from records.rules.summer import DECISION, DECISIONS, SUBJECT, TRAINING, Item, scale_of
from records.rules.tt27 import SUBJECT_WORDS, TRAIT_WORDS

_CHOICES: dict[str, dict[str, str]] = {
    "DAT": {"Đ": "Đạt", "CĐ": "Chưa đạt"},
    "MUC": SUBJECT_WORDS,
    "PHAM_CHAT": TRAIT_WORDS,
    CONDUCT: CONDUCT_WORDS,
}
_NOTES = {TRAINING: "Nhận xét sau khi rèn luyện", DECISION: "Căn cứ của quyết định (biên bản, ngày, nội dung)"}


class ItemForm(forms.Form):
    """One item of the summer: typed where it is a number, else chosen; the action reads it and says the rule."""

    typed = forms.CharField(required=False, max_length=20)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, item: Item, subject_kind: str, label: str, began: str, note: str) -> None:
        super().__init__(data, prefix="-".join(item).lower(), initial={"typed": began, "note": note})
        self.item, (kind, _) = item, item
        # Nothing typed takes back what is written; where nothing is, something is asked for.
        self.fields["typed"].label, self.fields["typed"].required = label, not began
        self.fields["note"].required = kind == DECISION and not began
        choices = {code: PROMOTIONS[code] for code in DECISIONS} if kind == DECISION else _choices(item, subject_kind)
        if choices:
            self.fields["typed"].widget = forms.Select(choices=[("", "Chưa ghi"), *choices.items()])
        else:
            self.fields["typed"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "size": 5}
            self.fields["typed"].help_text = "từ 0 đến 10, ví dụ 5,5" if kind == SUBJECT else "số nguyên, ví dụ 6"
        if kind in _NOTES:
            self.fields["note"].label = _NOTES[kind]
        else:
            del self.fields["note"]


class SummerReturnForm(forms.Form):
    reason = forms.CharField(
        label="Lí do trả lại",
        help_text="Ít nhất 10 kí tự",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _choices(item: Item, subject_kind: str) -> dict[str, str]:
    return _CHOICES.get(scale_of(item, subject_kind), {})
