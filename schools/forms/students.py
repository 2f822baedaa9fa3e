"""Looking for students, and page 1 of the record book as a form."""

import re
from typing import Any

from django import forms

from schools.forms.asking import AskingForm
from schools.forms.fields import day_field
from schools.models import Gender, School, SchoolClass, Student

WHOLE_NUMBER = re.compile(r"\D*(\d\D*){12}")


def reason_field(help_text: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label="Lí do",
        required=required,
        max_length=255,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Phải ghi lí do."},
    )


def mark_required_only(form: forms.Form) -> None:
    """The few fields that must be filled are marked, not the many that need not."""
    fields: dict[str, Any] = form.fields
    for field in fields.values():
        field.template_name = "schools/students/field.html"


class StudentFilter(forms.Form):
    """What one looks for; the names in the address are Vietnamese. A number is never looked for here."""

    NAMES = {
        "text": "ten",
        "school": "truong",
        "school_class": "lop",
        "missing": "thieu",
        "unplaced": "chua-co-lop",
        "gone": "da-chuyen",
    }

    text = forms.CharField(label="Họ tên hoặc mã học sinh", required=False, max_length=120)
    school = forms.TypedChoiceField(label="Trường", required=False, empty_value=None)
    school_class = forms.TypedChoiceField(label="Lớp", required=False, empty_value=None)
    missing = forms.BooleanField(label="Thiếu số định danh", required=False)
    unplaced = forms.BooleanField(label="Chưa ở lớp nào", required=False)
    gone = forms.BooleanField(label="Đã chuyển đi", required=False)

    def __init__(self, data: Any, *, schools: list[School], classes: list[SchoolClass]) -> None:
        super().__init__(data)
        mark_required_only(self)
        self.order_fields(["text", "school", "school_class"])
        self._offer("school", "Mọi trường", schools, least=2)
        self._offer("school_class", "Mọi lớp", classes, least=1)

    def add_prefix(self, field_name: str) -> str:
        return self.NAMES.get(field_name, field_name)

    def _offer(self, name: str, everything: str, things: list[Any], *, least: int) -> None:
        """Choices by public id; a choice of one is none."""
        if len(things) < least:
            del self.fields[name]
            return
        by_id = {str(thing.public_id): thing for thing in things}
        field: Any = self.fields[name]
        field.choices = [("", everything), *((key, str(thing)) for key, thing in by_id.items())]
        field.coerce = by_id.get

    @property
    def carries_number(self) -> bool:
        """Whether twelve digits were typed where a name belongs: they must not stay in an address."""
        return WHOLE_NUMBER.fullmatch(self.data.get("ten", "")) is not None

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.NAMES.values())


class NumberForm(forms.Form):
    """Looking for one student by the whole number: sent by POST only, so that it stands in no address and no log."""

    personal_id = forms.CharField(
        label="Số định danh cá nhân",
        max_length=30,
        help_text="Đủ 12 chữ số.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_personal_id(self) -> str:
        digits = re.sub(r"[\s.]", "", self.cleaned_data["personal_id"])
        if not re.fullmatch(r"[0-9]{12}", digits):
            raise forms.ValidationError("Số định danh cá nhân gồm đúng 12 chữ số.")
        return digits


def text_field(name: str, *, required: bool = False, help_text: str = "", **attributes: str) -> forms.CharField:
    """A text of page 1, with the label and the room of the stored field."""
    stored: Any = Student._meta.get_field(name)
    label = stored.verbose_name[0].upper() + stored.verbose_name[1:]
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(
        label=label,
        required=required,
        max_length=stored.max_length,
        help_text=help_text,
        widget=widget,
        error_messages={"required": f"Chưa ghi {stored.verbose_name}."},
    )


class StudentForm(AskingForm):
    """Page 1 of the record book (law.md §4.1–4.3). Whether it may be stored is for the action to say."""

    GROUPS = (
        ("Học sinh", ("full_name", "student_code", "personal_id", "personal_id_missing", "remove_personal_id", "gender",
                      "born_on", "ethnicity", "nationality", "policy_family", "registry_number", "admitted_on")),
        ("Nơi sinh, quê quán, chỗ ở", ("birthplace", "hometown", "address")),
        ("Cha", ("father_name", "father_occupation")),
        ("Mẹ", ("mother_name", "mother_occupation")),
        ("Người giám hộ (nếu có)", ("guardian_name", "guardian_occupation")),
    )  # fmt: skip

    full_name = text_field("full_name", required=True, help_text="Như giấy khai sinh, có dấu.")
    student_code = text_field("student_code", required=True, help_text="Mã trên CSDL ngành, 4–20 chữ số hoặc chữ hoa.")
    personal_id = text_field("personal_id", help_text="Đủ 12 chữ số, giữ số 0 ở đầu.", inputmode="numeric")
    personal_id_missing = text_field("personal_id_missing", help_text="Bắt buộc khi để trống số định danh.")
    remove_personal_id = forms.BooleanField(label="Bỏ số định danh đang ghi vì ghi nhầm", required=False)
    gender = forms.ChoiceField(
        label="Giới tính",
        choices=[("", "Chọn"), *Gender.choices],
        error_messages={"required": "Chưa chọn giới tính."},
    )
    born_on = day_field("Ngày sinh", required=True)
    ethnicity = text_field("ethnicity", required=True, list="ethnicities")
    nationality = text_field("nationality", required=True)
    policy_family = text_field("policy_family", help_text="Để trống nếu không phải.", list="policy-families")
    registry_number = text_field("registry_number")
    admitted_on = day_field("Ngày nhập học, chuyển đến")
    birthplace = text_field("birthplace")
    hometown = text_field("hometown")
    address = text_field("address")
    father_name = text_field("father_name")
    father_occupation = text_field("father_occupation")
    mother_name = text_field("mother_name")
    mother_occupation = text_field("mother_occupation")
    guardian_name = text_field("guardian_name")
    guardian_occupation = text_field("guardian_occupation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark_required_only(self)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the names of Student.PAGE_ONE."""
        return {name: self.cleaned_data[name] for name in Student.PAGE_ONE if name in self.cleaned_data}


class NewStudentForm(StudentForm):
    school = forms.TypedChoiceField(label="Trường")

    def __init__(self, data: Any = None, *, schools: list[School]) -> None:
        super().__init__(data, initial={"ethnicity": "Kinh", "nationality": "Việt Nam"})
        del self.fields["remove_personal_id"]
        self._schools = {str(school.public_id): school for school in schools}
        field: Any = self.fields["school"]
        field.choices = [(key, str(school)) for key, school in self._schools.items()]
        field.coerce = self._schools.get
        if len(schools) == 1:
            del self.fields["school"]

    @property
    def chosen_school(self) -> School:
        """The clerk's one school, or the one chosen."""
        only: School = self.cleaned_data.get("school") or next(iter(self._schools.values()))
        return only


class EditStudentForm(StudentForm):
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = reason_field(
        "Bắt buộc khi sửa họ tên, mã học sinh, số định danh hoặc ngày sinh; ít nhất 10 kí tự.", required=False
    )

    def __init__(self, data: Any = None, *, student: Student, version: str) -> None:
        initial = {name: getattr(student, name) for name in Student.PAGE_ONE} | {"personal_id": "", "version": version}
        super().__init__(data, initial=initial)
        if student.personal_id:
            self.fields["personal_id"].help_text = f"Đang ghi {student.masked_personal_id}. Để trống nếu không đổi."
        else:
            del self.fields["remove_personal_id"]

    @property
    def values(self) -> dict[str, Any]:
        """The number is not shown, so an empty box means “as it was”, unless it is to be taken out."""
        values = super().values
        if not values.get("personal_id") and not self.cleaned_data.get("remove_personal_id"):
            values.pop("personal_id", None)
        return values


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label="Tệp ảnh",
        help_text="JPEG hoặc PNG, không quá 2 MB, khổ 3×4 đứng (rộng bằng 3/4 cao).",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": "Hãy chọn một tệp ảnh.", "empty": "Tệp này rỗng."},
    )

    def clean_photo(self) -> Any:
        file = self.cleaned_data["photo"]
        if file.size > 2 * 1024 * 1024:
            raise forms.ValidationError("Tệp ảnh lớn quá 2 MB. Hãy thu nhỏ ảnh rồi tải lại.")
        return file
