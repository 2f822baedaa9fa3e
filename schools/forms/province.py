"""Forms of the Sở and of a school's office: schools, years, windows, people, delegations."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from schools.models import Authority, Delegation, Level, Period, Role, School, TeachingAssignment, User
from schools.rules.identity import is_personal_id, phone_number

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

KNOWN_PHONE = "Đã có tài khoản với số này thì dùng lại tài khoản đó."


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


class SchoolForm(forms.Form):
    """What is known and printed about a school."""

    code = forms.CharField(label="Mã trường", max_length=20)
    name = forms.CharField(label="Tên trường như in trên học bạ", max_length=160)
    authority = forms.ModelChoiceField(
        Authority.objects.none(), label="Phường, xã", to_field_name="public_id", empty_label="(chọn)"
    )
    levels = forms.MultipleChoiceField(label="Cấp học", choices=Level.choices, widget=forms.CheckboxSelectMultiple)
    is_public = forms.BooleanField(label="Trường công lập", required=False, initial=True)
    address = forms.CharField(label="Địa chỉ", max_length=255, required=False)

    def __init__(self, *args: Any, communes: QuerySet[Authority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = communes  # type: ignore[attr-defined]


class NewSchoolForm(SchoolForm):
    """The guided page: the school, its people, when they may enter."""

    principal_name = forms.CharField(label="Họ và tên hiệu trưởng", max_length=120)
    principal_phone = PhoneField(label="Số điện thoại hiệu trưởng")
    principal_personal_id = PersonalIdField(label="Số định danh hiệu trưởng", help_text="")
    clerk_name = forms.CharField(label="Họ và tên văn thư", max_length=120)
    clerk_phone = PhoneField(label="Số điện thoại văn thư")
    clerk_personal_id = PersonalIdField(label="Số định danh văn thư", help_text="")
    opens_at = forms.DateTimeField(label="Mở nhập từ", widget=MOMENT, required=False)
    closes_at = forms.DateTimeField(label="Đóng nhập lúc", widget=MOMENT, required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if bool(opens_at) != bool(closes_at):
            self.add_error("closes_at", "Hãy nhập cả lúc mở và lúc đóng, hoặc để trống cả hai.")
        elif opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", "Lúc đóng phải sau lúc mở.")
        return cleaned


class YearForm(forms.Form):
    first_year = forms.IntegerField(
        label="Năm bắt đầu", min_value=2024, max_value=2100, help_text="2026 là năm học 2026–2027"
    )


class PeriodDatesForm(forms.Form):
    """First and last day of every period of a year."""

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = periods
        for period in periods:
            for end, words in (("starts_on", "từ ngày"), ("ends_on", "đến hết")):
                self.fields[f"{end}_{period.pk}"] = forms.DateField(label=f"{period.name}, {words}", widget=DATE)
                self.initial[f"{end}_{period.pk}"] = getattr(period, end)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields level by level, for fieldsets."""
        return [
            (level, [self[f"{end}_{period.pk}"] for period in periods for end in ("starts_on", "ends_on")])
            for level, periods in self.periods_by_level()
        ]

    def periods_by_level(self) -> list[tuple[str, list[Period]]]:
        """The periods themselves, in the order of the levels of schooling."""
        levels = [(level.value, str(level.label)) for level in Level]
        return [(label, [one for one in self.periods if one.level == level]) for level, label in levels]

    def dates(self) -> dict[Period, tuple[Any, Any]]:
        return {
            period: (self.cleaned_data[f"starts_on_{period.pk}"], self.cleaned_data[f"ends_on_{period.pk}"])
            for period in self.periods
        }


class WindowForm(forms.Form):
    """One window for one school, for several, or for every school that has the period's level."""

    period = forms.ModelChoiceField(Period.objects.none(), label="Kì", to_field_name="public_id", empty_label="(chọn)")
    every_school = forms.BooleanField(label="Mọi trường có cấp học của kì này", required=False)
    schools = forms.ModelMultipleChoiceField(
        School.objects.none(), label="Trường", to_field_name="public_id", widget=forms.CheckboxSelectMultiple,
        required=False, error_messages={"required": "Hãy chọn ít nhất một trường."},
    )  # fmt: skip
    opens_at = forms.DateTimeField(label="Mở lúc", widget=MOMENT)
    closes_at = forms.DateTimeField(label="Đóng lúc", widget=MOMENT)
    reason = forms.CharField(
        label="Lí do", required=False, max_length=255, help_text="Bắt buộc khi gia hạn một kì đã có hạn nhập."
    )

    def __init__(self, *args: Any, schools: QuerySet[School], periods: QuerySet[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schools"].queryset = schools  # type: ignore[attr-defined]
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]
        self.fields["period"].label_from_instance = (  # type: ignore[attr-defined]
            lambda period: f"{period.get_level_display()}: {period.name}"
        )
        if len(schools) == 1:
            self.initial["schools"] = [schools[0].public_id]
            self.fields["schools"].required = True
            del self.fields["every_school"]

    def clean(self) -> dict[str, Any] | None:
        """``schools`` in the end holds what was meant, by name or by “every”."""
        cleaned = super().clean() or {}
        period = cleaned.get("period")
        if cleaned.pop("every_school", False) and period:
            cleaned["schools"] = self.fields["schools"].queryset.filter(levels__contains=[period.level])  # type: ignore[attr-defined]
        if not cleaned.get("schools") and "schools" not in self.errors:
            self.add_error("schools", "Hãy chọn ít nhất một trường.")
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", "Lúc đóng phải sau lúc mở.")
        return cleaned


class NewStaffForm(forms.Form):
    school = forms.ModelChoiceField(School.objects.none(), label="Trường", to_field_name="public_id", empty_label=None)
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    phone = PhoneField(required=False, help_text=KNOWN_PHONE)
    personal_id = PersonalIdField()
    role = forms.ChoiceField(label="Vai trò")
    starts_on = forms.DateField(label="Từ ngày", widget=DATE)

    def __init__(self, *args: Any, schools: QuerySet[School], roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", timezone.localdate())


class NewOfficialForm(forms.Form):
    authority = forms.ModelChoiceField(
        Authority.objects.none(), label="Cơ quan", to_field_name="public_id", empty_label=None
    )
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    phone = PhoneField(required=False, help_text=KNOWN_PHONE)
    personal_id = PersonalIdField()
    role = forms.ChoiceField(label="Vai trò")
    starts_on = forms.DateField(label="Từ ngày", widget=DATE)

    def __init__(self, *args: Any, authorities: QuerySet[Authority], roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        authority, role = cleaned.get("authority"), cleaned.get("role")
        if authority and role and (authority.kind == "XA") != (role == Role.COMMUNE_OFFICER):
            self.add_error("authority", "Cán bộ phường, xã thuộc phường, xã; các vai trò khác thuộc Sở.")
        return cleaned


class DismissForm(forms.Form):
    ends_on = forms.DateField(label="Thôi từ ngày", widget=DATE)
    reason = forms.CharField(label="Lí do", min_length=10, max_length=255, help_text="Ít nhất 10 kí tự.")


class DelegationForm(forms.Form):
    kind = forms.ChoiceField(label="Ủy quyền để")
    school = forms.ModelChoiceField(School.objects.none(), label="Trường", to_field_name="public_id", empty_label=None)
    grantee = forms.ModelChoiceField(
        User.objects.none(), label="Người nhận", to_field_name="public_id", empty_label="(chọn)"
    )
    assignments = forms.ModelMultipleChoiceField(
        TeachingAssignment.objects.none(), label="Lớp, môn dạy thay", to_field_name="public_id", required=False,
        help_text="Chỉ cần khi ủy quyền dạy thay. Giữ Ctrl (hoặc ⌘) để chọn nhiều dòng.",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    starts_at = forms.DateTimeField(label="Từ lúc", widget=MOMENT)
    ends_at = forms.DateTimeField(label="Đến lúc", widget=MOMENT)
    reason = forms.CharField(label="Lí do", min_length=10, max_length=255, help_text="Ít nhất 10 kí tự.")

    def __init__(
        self,
        *args: Any,
        kinds: list[Delegation.Kind],
        schools: QuerySet[School],
        people: QuerySet[User],
        taught: QuerySet[TeachingAssignment],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["grantee"].queryset = people  # type: ignore[attr-defined]
        if Delegation.Kind.SUBSTITUTE not in kinds:
            del self.fields["assignments"]
            return
        self.fields["assignments"].queryset = taught  # type: ignore[attr-defined]
        self.fields["assignments"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.teacher.full_name}: {one.subject}, {one.school_class}"
        )
