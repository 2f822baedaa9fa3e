"""The word for a stored code, without a query or an instance."""

from django.db.models import TextChoices


def label_of(choices: type[TextChoices], code: str) -> str:
    """The Vietnamese label of a code, or the code itself where it is unknown (old data, later edition)."""
    return str(dict(choices.choices).get(code, code))
