"""The shapes in which a page of the book is told on the screen, whatever its form."""

from dataclasses import dataclass, field

from records.documents.explained import Why


@dataclass(frozen=True)
class ToldSubject:
    name: str
    results: list[tuple[str, str]]
    remark: str
    note: str


@dataclass(frozen=True)
class ToldGroup:
    """A group of phẩm chất, năng lực: its name, each of its rows with a level under each head, the teacher's remark."""

    name: str
    rows: list[tuple[str, list[tuple[str, str]]]]
    remark: str


@dataclass(frozen=True)
class ToldPage:
    """What a page says: heads of the result columns, the subjects with a result under each, the terms and the year in
    words."""

    heads: list[str]
    subjects: list[ToldSubject]
    facts: list[tuple[str, str]]
    remark: str
    sources: list[str]
    why: list[Why]
    traits: list[ToldGroup] = field(default_factory=list)
