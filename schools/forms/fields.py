"""Fields that several forms ask for: days and moments as people here write them, phone numbers, personal numbers.

A day is text, day first: a browser's own date box shows 03/12 or 12/03 by its language, and lets a half-typed year
pass.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from schools.rules.identity import is_personal_id, phone_number
from schools.rules.vietnamese_dates import NotADay, day_of, moment_of

YEARS = range(1900, 2101)


class DayField(forms.DateField):
    """``5/9/2014``, ``05-09-2014``, ``05.09.2014`` or ``2014-09-05``."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return plausible(day_of(str(value)))
        except NotADay as error:
            raise forms.ValidationError(str(error), code="invalid") from None


class MomentField(forms.DateTimeField):
    """``30/12/2026 17:00`` or ``17:00 30/12/2026``, in Vietnam's time. A day alone is meant from its beginning, or,
    where something ends, to its end."""

    widget = forms.DateTimeInput(format="%d/%m/%Y %H:%M", attrs={"autocomplete": "off"})

    def __init__(self, *, ends: bool = False, **kwargs: Any) -> None:
        self.ends = ends
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            day, clock = moment_of(str(value))
            plausible(day)
        except NotADay as error:
            raise forms.ValidationError(str(error), code="invalid") from None
        if clock is None and self.ends:
            day += timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, clock or time()))


def plausible(day: date) -> date:
    """The day itself; NotADay when its year can only be a slip of the finger."""
    if day.year not in YEARS:
        raise NotADay(f"Năm {day.year:04d} không hợp lí. Ghi ngày/tháng/năm đủ bốn chữ số năm, ví dụ 05/09/2014.")
    return day


def day_field(label: str, *, required: bool = False) -> DayField:
    return DayField(
        label=label,
        required=required,
        help_text="Ngày/tháng/năm, ví dụ 05/09/2014.",
        error_messages={"required": "Chưa ghi ngày."},
    )


def moment_field(label: str, *, required: bool = True, ends: bool = False) -> MomentField:
    alone = "hết ngày" if ends else "từ đầu ngày"
    return MomentField(
        label=label,
        required=required,
        ends=ends,
        help_text=f"Ngày và giờ, ví dụ 30/12/2026 17:00; chỉ ghi ngày là {alone} đó.",
        error_messages={"required": "Chưa ghi ngày, giờ."},
    )


class PhoneField(forms.CharField):
    """A Vietnamese phone number in any usual spelling."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Số điện thoại")
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if text and phone_number(text) is None:
            raise forms.ValidationError(f"“{text}” không phải số điện thoại Việt Nam 10 chữ số.")
        return phone_number(text) or ""


class PersonalIdField(forms.CharField):
    """A số định danh cá nhân, empty or whole."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Số định danh cá nhân")
        kwargs.setdefault("help_text", "Đủ 12 chữ số, giữ số 0 ở đầu.")
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=20, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        digits = "".join(str(super().clean(value) or "").replace(".", " ").split())
        if digits and not is_personal_id(digits):
            raise forms.ValidationError("Số định danh cá nhân gồm đúng 12 chữ số.")
        return digits
