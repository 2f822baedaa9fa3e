"""Forms of the Sở and of a school's office: schools, years, windows, people, delegations."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from schools.models import Authority, Delegation, Level, Period, Role, School, TeachingAssignment, User
from schools.rules.identity import phone_number

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


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


class SchoolForm(forms.Form):
    """What is known and printed about a school."""

    code = forms.CharField(label="Mã trường", max_length=20)
    name = forms.CharField(
        label="Tên trường", max_length=160, help_text="Như in trên học bạ, ví dụ Trường THCS Nguyễn Du"
    )
    authority = forms.ModelChoiceField(Authority.objects.none(), label="Phường, xã", empty_label="(chọn)")
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
    clerk_name = forms.CharField(label="Họ và tên văn thư", max_length=120)
    clerk_phone = PhoneField(label="Số điện thoại văn thư")
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
            name = f"{period.get_level_display()}, {period.name}"
            for end, words in (("starts_on", "từ ngày"), ("ends_on", "đến hết ngày")):
                self.fields[f"{end}_{period.pk}"] = forms.DateField(label=f"{name}, {words}", widget=DATE)
                self.initial[f"{end}_{period.pk}"] = getattr(period, end)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields level by level, for fieldsets."""
        groups: dict[str, list[forms.BoundField]] = {}
        for period in self.periods:
            fields = [self[f"starts_on_{period.pk}"], self[f"ends_on_{period.pk}"]]
            groups.setdefault(str(period.get_level_display()), []).extend(fields)
        return list(groups.items())

    def dates(self) -> dict[Period, tuple[Any, Any]]:
        return {
            period: (self.cleaned_data[f"starts_on_{period.pk}"], self.cleaned_data[f"ends_on_{period.pk}"])
            for period in self.periods
        }


class WindowForm(forms.Form):
    schools = forms.ModelMultipleChoiceField(
        School.objects.none(), label="Trường", to_field_name="public_id", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một trường."},
    )  # fmt: skip
    period = forms.ModelChoiceField(Period.objects.none(), label="Kì", to_field_name="public_id", empty_label="(chọn)")
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


class NewStaffForm(forms.Form):
    school = forms.ModelChoiceField(School.objects.none(), label="Trường", to_field_name="public_id", empty_label=None)
    full_name = forms.CharField(label="Họ và tên", max_length=120)
    phone = PhoneField(required=False, help_text="Đã có tài khoản với số này thì dùng lại tài khoản đó.")
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
    phone = PhoneField(required=False, help_text="Đã có tài khoản với số này thì dùng lại tài khoản đó.")
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
        help_text="Chỉ cần khi ủy quyền dạy thay.",
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
        self.fields["assignments"].queryset = taught  # type: ignore[attr-defined]
        self.fields["assignments"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.school_class}, {one.subject}: {one.teacher.full_name}"
        )
