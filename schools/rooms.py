"""The rooms of the navigation and the lines of “Việc cần làm”: apps above this one add theirs when they are ready."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schools.models import Role, User

Decision = Callable[[User], bool]


@dataclass(frozen=True)
class Place:
    """A link of the navigation: the name of its URL, words, icon, and who sees it. The view decides again."""

    url_name: str
    label: str
    icon: str
    seen_by: Decision


@dataclass(frozen=True)
class ToDo:
    """One line of the list: words with the number in them, and where to go."""

    words: str
    url: str
    urgent: bool = False


Items = Callable[[User], Iterator[ToDo]]
Part = tuple[tuple[Role, ...], Items]

ADDED_PLACES: list[Place] = []
ADDED_PARTS: list[Part] = []


def add(places: Sequence[Place], parts: Sequence[Part]) -> None:
    """Once, when an app is ready."""
    ADDED_PLACES.extend(places)
    ADDED_PARTS.extend(parts)
