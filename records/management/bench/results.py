"""What the results of a term and a year cost without their steps: a class of 45 with the twelve subjects of THCS, and a
school of 2,000, straight from the cells, through the rules alone."""

from collections.abc import Mapping
from random import Random

from records.management.bench.figures import Figure, cpu_figures
from records.management.bench.measure import cost_of
from records.rules import tt22
from records.rules.columns import Column, sheet_columns
from records.rules.curriculum import subjects
from records.rules.results import SCORED, SubjectResult, counted_mappings, learning, row_result, year_result

CLASS, SCHOOL = 45, 2_000
ROUNDS = 11
RULE_SET, GRADE = "TT22-2021", 7
TERMS = ("HK1", "HK2")

Subject = tuple[str, str, list[Column]]
Cells = Mapping[str, str]
Student = dict[tuple[str, str], Cells]


def result_figures() -> list[Figure]:
    offered = [one for one in subjects(RULE_SET, GRADE) if one.choice == "BAT_BUOC"]
    taught: list[Subject] = [
        (one.subject, one.kind, sheet_columns(RULE_SET, one.kind, one.annual_periods)) for one in offered
    ]
    random = Random(22)  # noqa: S311 – marks, no secret
    school = [student_cells(taught, random) for _ in range(SCHOOL)]
    of_class = cost_of(lambda: [whole_year(taught, one) for one in school[:CLASS]], ROUNDS)
    of_school = cost_of(lambda: [whole_year(taught, one) for one in school], ROUNDS)
    return [*cpu_figures("results_of_a_class_cpu", of_class), *cpu_figures("results_of_a_school_cpu", of_school)]


def student_cells(taught: list[Subject], random: Random) -> Student:
    """The marks of a year of one student of the demo's kind: about a strength of the own, and seldom a Chưa đạt."""
    strength = random.gauss(7.2, 1.2)
    return {
        (term, subject): {column.code: _cell(kind, strength, random) for column in columns}
        for term in TERMS
        for subject, kind, columns in taught
    }


def _cell(kind: str, strength: float, random: Random) -> str:
    if kind != SCORED:
        return "CD" if random.random() < 0.005 else "D"
    tenths = min(100, max(0, int(random.gauss(strength, 0.9) * 10)))
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def whole_year(taught: list[Subject], student: Student) -> tuple[str, str]:
    """Every result of a student: both terms and the year, lên lớp and the award."""
    terms = [
        [_subject_result(subject, kind, columns, student[term, subject]) for subject, kind, columns in taught]
        for term in TERMS
    ]
    for term in terms:
        learning(term)
    year = [year_result(first, second) for first, second in zip(*terms, strict=True)]
    outcome = learning(year).final
    return tt22.promotion("TOT", outcome, 3), tt22.award("TOT", outcome, counted_mappings(year)[0])


def _subject_result(subject: str, kind: str, columns: list[Column], cells: Cells) -> SubjectResult:
    average, level = row_result(kind, columns, cells)
    return SubjectResult(subject, kind, level if average is None else str(average))
