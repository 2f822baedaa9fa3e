"""What the transfer paper of a student says, subject by subject."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from records.rules.cells import InvalidCell
from records.rules.results import SCORED
from records.rules.transferred import MOST_ABSENCES, NOT_TAKEN, NOTHING_TAKEN, read_result, why_not_dated
from records.rules.tt22 import LEVEL_WORDS
from schools.forms.asking import AskingForm
from schools.forms.fields import day_field
from schools.forms.students import mark_required_only
from schools.models import CurriculumSubject, Student

LEVELS = [("", "(chọn)"), *((code, LEVEL_WORDS[code]) for code in ("TOT", "KHA", "DAT", "CHUA_DAT"))]
SOURCE = ("from_school", "from_place", "document_number", "document_on", "reason")
OUTCOME = ("conduct", "learning", "excused", "unexcused")
NOT_HERE = "Không học môn này ở trường cũ"


class ResultField(forms.CharField):
    """The result of one subject. Above the form its faults are told by student and subject (``told_as``); beside the
    field stands the rule alone."""

    def __init__(self, *, told_as: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.told_as = told_as


class TransferredTermForm(AskingForm):
    """The source, the subjects the student takes, the outcome of the term. ``values``: as the action takes them."""

    from_school = forms.CharField(label="Tên trường cũ", max_length=120)
    from_place = forms.CharField(label="Nơi có trường cũ", max_length=120, help_text="Xã, tỉnh; hoặc nước.")
    document_number = forms.CharField(label="Số giấy chuyển trường hoặc bảng kết quả", max_length=60)
    document_on = day_field("Ngày của giấy", required=True)
    reason = forms.CharField(
        label="Lí do chuyển đến", max_length=255, help_text="Môn chỉ học ở trường cũ thì ghi tên môn ở đây."
    )
    conduct = forms.ChoiceField(label="Kết quả rèn luyện", choices=LEVELS)
    learning = forms.ChoiceField(label="Kết quả học tập", choices=LEVELS)
    excused = forms.IntegerField(label="Số buổi nghỉ có phép", min_value=0, max_value=MOST_ABSENCES)
    unexcused = forms.IntegerField(label="Số buổi nghỉ không phép", min_value=0, max_value=MOST_ABSENCES)

    def __init__(
        self, *args: Any, student: Student, subjects: list[CurriculumSubject], corrects: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.student, self.asked = student, subjects
        for name in ("excused", "unexcused"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        for subject in subjects:
            self._add(subject)
        if corrects:
            self.fields["withdrawn"] = forms.BooleanField(label="Bỏ: kết quả này ghi nhầm cho học sinh", required=False)
            self.fields["correction"] = forms.CharField(
                label="Lí do sửa", max_length=255, min_length=10, help_text="Ít nhất 10 kí tự. Bản cũ vẫn được giữ."
            )
        mark_required_only(self)

    def _add(self, subject: CurriculumSubject) -> None:
        code, scored = subject.subject.code, subject.kind == SCORED
        self.fields[f"mon_{code}"] = ResultField(
            told_as=f"{self.student.full_name}, môn {subject.subject.name}",
            label="Điểm trung bình học kì" if scored else "Mức (Đ hoặc CĐ)",
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal" if scored else "text", "autocomplete": "off"}),
        )
        self.fields[f"khong_{code}"] = forms.BooleanField(label=NOT_HERE, required=False)

    @property
    def subjects(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(name, the result, whether it was not taken) of every subject asked."""
        codes = [(one.subject.name, one.subject.code) for one in self.asked]
        return [(name, self[f"mon_{code}"], self[f"khong_{code}"]) for name, code in codes]

    @property
    def source(self) -> list[forms.BoundField]:
        return [self[name] for name in SOURCE]

    @property
    def outcome(self) -> list[forms.BoundField]:
        return [self[name] for name in OUTCOME]

    @property
    def why(self) -> list[forms.BoundField]:
        return [self[name] for name in ("withdrawn", "correction") if name in self.fields]

    def clean_document_on(self) -> date:
        day: date = self.cleaned_data["document_on"]
        if why := why_not_dated(day, timezone.localdate()):
            raise forms.ValidationError(why)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.asked:
            code = one.subject.code
            if cleaned.get(f"khong_{code}") and cleaned.get(f"mon_{code}"):
                fault = f"Môn {one.subject.name} đã ghi kết quả mà vẫn đánh dấu “{NOT_HERE}”: chỉ giữ một."
                self.add_error(f"mon_{code}", fault)
            elif not cleaned.get(f"khong_{code}"):
                self._read(f"mon_{code}", one.kind)
        if self.asked and all(cleaned.get(f"khong_{one.subject.code}") for one in self.asked):
            self.add_error(None, NOTHING_TAKEN)
        return cleaned

    def _read(self, name: str, kind: str) -> None:
        """The rule at the field, as the action tells it: all faults of the paper in one answer."""
        if name not in self.cleaned_data:
            return
        try:
            read_result(self.cleaned_data[name], kind)
        except InvalidCell as rule:
            words = str(rule)
            self.add_error(name, f"{words[:1].upper()}{words[1:]}.")

    @property
    def values(self) -> dict[str, Any]:
        """What the paper says, by the names of the action's ``Paper``."""
        cleaned = self.cleaned_data
        codes = [one.subject.code for one in self.asked]
        subjects = {code: NOT_TAKEN if cleaned[f"khong_{code}"] else cleaned[f"mon_{code}"] for code in codes}
        return {"subjects": subjects, **{name: cleaned[name] for name in (*SOURCE, *OUTCOME)}}
