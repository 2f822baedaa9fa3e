"""What part of the history one wants to read."""

from django import forms

from schools.forms.fields import day_field


class HistoryFilter(forms.Form):
    person = forms.CharField(label="Người làm", required=False, max_length=120, help_text="Một phần của họ tên")
    since = day_field("Từ ngày")
    until = day_field("Đến hết ngày")

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "“Đến hết ngày” phải không trước “Từ ngày”.")
        return cleaned
