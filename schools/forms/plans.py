"""The plan of one class: a choice of teacher for its homeroom, each subject and each part of a subject, and the columns
of the mark sheet that each part writes."""

from collections import Counter
from typing import Any

from django import forms
from django.utils import timezone

from schools.forms.fields import day_field
from schools.forms.students import mark_required_only
from schools.models import CurriculumSubject, HomeroomAssignment, SchoolClass, TeachingAssignment, User
from schools.models.assignments import HOMEROOM, Place, columns_of
from schools.rules.column_codes import NAMES, REMARK, codes_of

Planned = dict[Place, list[TeachingAssignment | HomeroomAssignment]]
SHARED = "chung"  # several teachers share the place, and it stays so


class PlanForm(forms.Form):
    """Beside each choice stands, hidden, whom the form showed when it was opened: a colleague's change in between is
    noticed, and what was not touched is not written."""

    on = day_field("Áp dụng từ ngày", required=True)

    def __init__(
        self,
        *args: Any,
        school_class: SchoolClass,
        rows: list[CurriculumSubject],
        now: Planned,
        teachers: list[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = max(timezone.localdate(), school_class.school_year.starts_on)
        self.teachers = teachers
        self.names = Counter(person.full_name for person in teachers)
        self.known = {str(tie.teacher.public_id): tie.teacher for ties in now.values() for tie in ties}
        self.known |= {str(person.public_id): person for person in teachers}
        self.places: dict[str, Place] = {}
        self.shared: dict[str, Place] = {}
        self._add("chu_nhiem", HOMEROOM, "Chủ nhiệm", now)
        for row in rows:
            self._add(row.subject.code, (row.subject_id, ""), row.subject.name, now)
            for number, part in enumerate(row.subject.parts, start=1):
                name, place = f"{row.subject.code}.{number}", (row.subject_id, part)
                self._add(name, place, f"{row.subject.name}: {part}", now)
                self._add_columns(name, place, f"Cột điểm phân môn {part}", now, row)
        mark_required_only(self)

    def _add(self, name: str, place: Place, label: str, now: Planned) -> None:
        held = [tie.teacher for tie in now.get(place, [])]
        choices = [("", "(chưa có ai)")]
        choices += [(str(person.public_id), self._named(person)) for person in self.teachers]
        if len(held) > 1:
            choices.insert(1, (SHARED, f"{', '.join(person.full_name for person in held)} (cùng dạy)"))
        choices += [
            (str(person.public_id), f"{person.full_name} (không còn trong danh sách)")
            for person in held
            if person not in self.teachers
        ]
        self.places[name] = place
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields[_seen(name)] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[name], self.initial[_seen(name)] = _chosen(held), _ids(held)

    def _add_columns(self, name: str, place: Place, label: str, now: Planned, row: CurriculumSubject) -> None:
        """Only where there is a mark sheet to share out."""
        codes = codes_of(row.rule_set, row.kind, row.annual_periods)
        if not codes:
            return
        own, field = columns_of(now.get(place, [])), _columns(name)
        self.shared[field] = place
        self.fields[field] = forms.MultipleChoiceField(
            label=label,
            choices=[(code, NAMES[code] if code == REMARK else code) for code in codes],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields[_seen(field)] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[field], self.initial[_seen(field)] = own, ",".join(own)

    def _named(self, person: User) -> str:
        """The user name only where two have the same name."""
        return person.full_name if self.names[person.full_name] == 1 else f"{person.full_name} ({person.username})"

    def choice_fields(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """The choice of each place, and with it the columns of a part."""
        return [(self[name], self[_columns(name)] if _columns(name) in self.shared else None) for name in self.places]

    def plan(self) -> dict[str, Any]:
        """What the action wants to know: chosen teachers, whom the form had shown, from which day."""
        cleaned = self.cleaned_data
        return {
            "chosen": {
                place: self.known.get(cleaned[name]) for name, place in self.places.items() if cleaned[name] != SHARED
            },
            "seen": {place: self._people(cleaned[_seen(name)]) for name, place in self.places.items()},
            "on": cleaned["on"],
            "columns": {place: cleaned[field] for field, place in self.shared.items()},
            "columns_seen": {place: _codes(cleaned[_seen(field)]) for field, place in self.shared.items()},
        }

    def look_again(self) -> None:
        """After a colleague's change: what is shown as seen is what is there now; own changes stay chosen, and what
        had not been touched follows the colleague."""
        data: dict[str, Any] = dict(self.data.items())
        for name in self.places:
            before = self.cleaned_data[_seen(name)]
            touched = self.cleaned_data[name] != (SHARED if "," in before else before)
            if not touched:
                data[name] = self.initial[name]
            data[_seen(name)] = self.initial[_seen(name)]
        for field in self.shared:
            chosen, before = self.cleaned_data[field], _codes(self.cleaned_data[_seen(field)])
            data[field] = chosen if set(chosen) != set(before) else self.initial[field]
            data[_seen(field)] = self.initial[_seen(field)]
        self.data = data

    def _people(self, ids: str) -> set[int]:
        """Somebody who is not known here is nobody who holds the place now: then it differs, as it should."""
        return {self.known[one].pk if one in self.known else 0 for one in ids.split(",") if one}


def _seen(name: str) -> str:
    return f"{name}.seen"


def _columns(name: str) -> str:
    return f"{name}.cot"


def _codes(seen: str) -> list[str]:
    return [code for code in seen.split(",") if code]


def _ids(people: list[User]) -> str:
    return ",".join(sorted(str(person.public_id) for person in people))


def _chosen(people: list[User]) -> str:
    return SHARED if len(people) > 1 else _ids(people)
