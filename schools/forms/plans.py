"""The plan of one class: a choice of teacher for its homeroom, each subject and each part of a subject."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from schools.models import CurriculumSubject, User

Place = tuple[int, str]
HOMEROOM: Place = (0, "")


class PlanForm(forms.Form):
    """Beside each choice stands, hidden, whom the form showed when it was opened: a colleague's change in between is
    noticed, and what was not touched is not written."""

    on = forms.DateField(label="Áp dụng từ ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(
        self,
        *args: Any,
        rows: list[CurriculumSubject],
        now: dict[Place, list[User]],
        teachers: QuerySet[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = timezone.localdate()
        self.people = {person.pk: person for person in teachers}
        self.places: dict[str, Place] = {}
        self._add(HOMEROOM, "Chủ nhiệm", now)
        for row in rows:
            self._add((row.subject_id, ""), row.subject.name, now)
            for part in row.subject.parts:
                self._add((row.subject_id, part), f"{row.subject.name}: {part}", now)

    def _add(self, place: Place, label: str, now: dict[Place, list[User]]) -> None:
        name = f"place{len(self.places)}"
        held = now.get(place, [])
        choices = [("", "(chưa có ai)"), *((person.pk, self._named(person)) for person in self.people.values())]
        if held and held[0].pk not in self.people:
            choices.append((held[0].pk, f"{held[0].full_name} (không còn ở trường)"))
        self.places[name] = place
        self.fields[name] = forms.TypedChoiceField(
            label=label, choices=choices, required=False, coerce=int, empty_value=None
        )
        self.initial[name] = held[0].pk if held else ""
        self.fields[f"seen_{name}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.initial[f"seen_{name}"] = held[0].pk if held else ""

    @staticmethod
    def _named(person: User) -> str:
        return f"{person.full_name} ({person.username})"

    def choice_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.places]

    def plan(self) -> dict[str, Any]:
        """What the action wants to know: chosen teachers, what had been seen, from which day."""
        cleaned = self.cleaned_data
        day: date = cleaned["on"]
        return {
            "chosen": {place: self.people.get(cleaned[name] or 0) for name, place in self.places.items()},
            "seen": {place: cleaned[f"seen_{name}"] for name, place in self.places.items()},
            "on": day,
        }
