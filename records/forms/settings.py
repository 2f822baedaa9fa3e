"""What is asked when the Sở settles an open question: the answer, and why."""

from typing import Any

from django import forms

from records.rules.settings import Question


class AnswerForm(forms.Form):
    """The answers of one question; beginning with the one in force."""

    answer = forms.ChoiceField(label="Cách áp dụng")
    reason = forms.CharField(
        label="Lí do, căn cứ",
        help_text="Ít nhất 10 kí tự, ví dụ số và ngày của công văn",
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, question: Question, given: str) -> None:
        super().__init__(data, prefix=question.key.lower(), initial={"answer": given})
        self.fields["answer"].choices = list(question.answers.items())  # type: ignore[attr-defined]
