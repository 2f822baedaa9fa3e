"""Forms of classes, enrolments and subjects."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from hocbaso.lib.vietnamese import short_date
from schools.forms.fields import day_field
from schools.forms.students import mark_required_only
from schools.models import Enrolment, School, SchoolClass, Student
from schools.rules.class_names import grade_of_name, without_word
from schools.rules.exemptions import PERIODS, WITH_PRACTICE


class ReasonField(forms.CharField):
    """Why: at least ten characters, kept in the history."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Lí do")
        super().__init__(min_length=10, max_length=255, help_text="Ít nhất 10 kí tự.", **kwargs)


class StudentsField(forms.ModelMultipleChoiceField):
    """Some of many students, told apart by code and day of birth."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            Student.objects.none(),
            label=label,
            to_field_name="public_id",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Hãy chọn ít nhất một học sinh."},
        )

    def label_from_instance(self, student: Student) -> str:
        return f"{student.full_name}, {student.student_code}, sinh {short_date(student.born_on)}"


class ClassForm(forms.Form):
    school = forms.ModelChoiceField(School.objects.none(), label="Trường", to_field_name="public_id", empty_label=None)
    name = forms.CharField(
        label="Tên lớp", max_length=20, help_text="Bắt đầu bằng số khối, ví dụ 7A: khối của lớp theo tên."
    )

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The grade is what the name begins with, said once and never in two ways."""
        cleaned = super().clean() or {}
        if name := without_word(cleaned.get("name", "")):
            cleaned |= {"name": name, "grade_level": grade_of_name(name)}
            if cleaned["grade_level"] is None:
                self.add_error("name", f"Tên lớp “{name}” phải bắt đầu bằng số khối, ví dụ 7A.")
        return cleaned


class RenameForm(forms.Form):
    name = forms.CharField(label="Tên lớp mới", max_length=20)


class StudentSearchForm(forms.Form):
    tim = forms.CharField(label="Tìm theo tên hoặc mã học sinh", required=False, max_length=120)


class EnrolForm(forms.Form):
    starts_on = day_field("Vào lớp từ ngày", required=True)
    students = StudentsField(label="Học sinh chưa ở lớp nào")

    def __init__(self, *args: Any, students: QuerySet[Student], shown: QuerySet[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["students"]
        field.queryset = students
        field.choices = [(student.public_id, field.label_from_instance(student)) for student in shown]


class MoveForm(forms.Form):
    to_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Sang lớp", to_field_name="public_id", empty_label=None
    )
    on = day_field("Từ ngày", required=True)
    reason = ReasonField()

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_class"].queryset = classes  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    ending = forms.ChoiceField(
        label="Vì sao thôi",
        choices=[
            (Enrolment.Ending.MOVED_SCHOOL, "Chuyển sang trường khác"),
            (Enrolment.Ending.LEFT, "Thôi học"),
            (Enrolment.Ending.MISTAKE, "Ghi nhầm vào lớp này"),
        ],
    )
    on = day_field("Thôi từ ngày", required=True)
    note = ReasonField(label="Ghi rõ (nơi chuyển đến, số đơn)")


class ReceiveForm(forms.Form):
    student_code = forms.CharField(label="Mã học sinh", max_length=20)
    personal_id = forms.CharField(
        label="Số định danh cá nhân", required=False, max_length=12, help_text="12 chữ số, hoặc nhập ngày sinh."
    )
    born_on = day_field("Ngày sinh")
    on = day_field("Nhận từ ngày", required=True)
    note = ReasonField(label="Căn cứ (đơn, giấy giới thiệu)")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if not cleaned.get("personal_id") and not cleaned.get("born_on"):
            self.add_error("personal_id", "Hãy nhập số định danh cá nhân hoặc ngày sinh.")
        return cleaned


class ElectivesForm(forms.Form):
    chosen = forms.MultipleChoiceField(label="Bốn môn lựa chọn", widget=forms.CheckboxSelectMultiple)
    topics = forms.MultipleChoiceField(label="Ba cụm chuyên đề", required=False, widget=forms.CheckboxSelectMultiple)
    students = StudentsField(label="Cho những học sinh")

    def __init__(
        self,
        *args: Any,
        electives: list[tuple[str, str]],
        topics: list[tuple[str, str]],
        students: QuerySet[Student],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = electives  # type: ignore[attr-defined]
        self.fields["topics"].choices = topics  # type: ignore[attr-defined]
        self.fields["students"].queryset = students  # type: ignore[attr-defined]


class OptionalSubjectForm(forms.Form):
    code = forms.ChoiceField(label="Môn tự chọn")
    students = StudentsField(label="Cho những học sinh")

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], students: QuerySet[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = subjects  # type: ignore[attr-defined]
        self.fields["students"].queryset = students  # type: ignore[attr-defined]


class ExemptionForm(forms.Form):
    exempt_practice = forms.BooleanField(label="Miễn phần thực hành", required=False)
    exempt = forms.BooleanField(label="Miễn học cả môn", required=False)
    individual_plan = forms.BooleanField(label="Đánh giá theo kế hoạch giáo dục cá nhân", required=False)
    decision_number = forms.CharField(label="Số quyết định của hiệu trưởng", required=False, max_length=60)
    decision_on = day_field("Ngày quyết định")
    decision_period = forms.ChoiceField(label="Áp dụng cho", required=False, choices=[("", "(chọn)"), *PERIODS.items()])

    def __init__(self, *args: Any, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subject not in WITH_PRACTICE:
            del self.fields["exempt_practice"]
        mark_required_only(self)

    def clean(self) -> dict[str, Any]:
        return {"exempt_practice": False} | (super().clean() or {})
