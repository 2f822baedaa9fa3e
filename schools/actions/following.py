"""What follows a student from class to class: apps above this one add theirs, done in the move's own transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schools.models import Enrolment, SchoolClass, Student, User


@dataclass(frozen=True)
class ClassChange:
    """A student left one class (``left``, None: was in none) and came into another (``came``, None: is in none)."""

    by: User
    student: Student
    left: Enrolment | None
    came: Enrolment | None

    @property
    def from_class(self) -> SchoolClass | None:
        return self.left.school_class if self.left else None

    @property
    def to_class(self) -> SchoolClass | None:
        return self.came.school_class if self.came else None


@dataclass(frozen=True)
class Follower:
    """``chains``: the chains beyond those of both classes to which following a student into a class may write, asked
    before the transaction begins. ``follow``: what is done in it, after the enrolments."""

    chains: Callable[[Student, SchoolClass], Iterable[tuple[str, int]]]
    follow: Callable[[ClassChange], None]


FOLLOWERS: list[Follower] = []


def chains_of_followers(student: Student, to_class: SchoolClass) -> list[tuple[str, int]]:
    """All heads are locked first, in one order, so that two moves never wait for each other."""
    return [chain for follower in FOLLOWERS for chain in follower.chains(student, to_class)]


def follow(change: ClassChange) -> None:
    """Inside the caller's transaction, which holds the chains."""
    for follower in FOLLOWERS:
        follower.follow(change)
