"""Forms of the Sở and of a school's office: schools, years, windows, people, delegations."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from schools.forms.fields import PersonalIdField, PhoneField, day_field, moment_field
from schools.models import Authority, Delegation, Level, Period, Role, School, TeachingAssignment, User

KNOWN_PHONE = "Đã có tài khoản với số này thì dùng lại tài khoản đó."


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
    opens_at = moment_field("Mở nhập từ", required=False)
    closes_at = moment_field("Đóng nhập lúc", required=False, ends=True)

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
                field = day_field(f"{period.name}, {words}", required=True)
                field.help_text = ""
                self.fields[f"{end}_{period.pk}"] = field
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
    opens_at = moment_field("Mở lúc")
    closes_at = moment_field("Đóng lúc", ends=True)
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
    starts_on = day_field("Từ ngày", required=True)

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
    starts_on = day_field("Từ ngày", required=True)

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
    ends_on = day_field("Thôi từ ngày", required=True)
    reason = forms.CharField(label="Lí do", min_length=10, max_length=255, help_text="Ít nhất 10 kí tự.")


class ChoicesByGroup(forms.CheckboxSelectMultiple):
    """Many choices in groups that open: a school has more classes and subjects than fit on a screen."""

    template_name = "schools/office/grouped_choices.html"


class DelegationForm(forms.Form):
    kind = forms.ChoiceField(label="Ủy quyền để")
    school = forms.ModelChoiceField(School.objects.none(), label="Trường", to_field_name="public_id", empty_label=None)
    grantee = forms.ModelChoiceField(
        User.objects.none(), label="Người nhận", to_field_name="public_id", empty_label="(chọn)"
    )
    assignments = forms.ModelMultipleChoiceField(
        TeachingAssignment.objects.none(), label="Lớp, môn dạy thay", to_field_name="public_id", required=False,
        help_text="Khi ủy quyền dạy thay: mở tên giáo viên vắng, đánh dấu các lớp, môn.",
        widget=ChoicesByGroup,
    )  # fmt: skip
    starts_at = moment_field("Từ lúc")
    ends_at = moment_field("Đến lúc", ends=True)
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
        self.fields["assignments"].choices = by_teacher(taught)  # type: ignore[attr-defined]


def by_teacher(taught: Iterable[TeachingAssignment]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The classes and subjects of each teacher, in the order given."""
    groups: dict[User, list[tuple[str, str]]] = {}
    for one in taught:
        groups.setdefault(one.teacher, []).append(
            (str(one.public_id), f"{one.part or one.subject}, {one.school_class}")
        )
    return [(teacher.full_name, choices) for teacher, choices in groups.items()]
