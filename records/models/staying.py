"""A student's rows of the year that lie in other classes than the present one, and what keeps each there."""

from dataclasses import dataclass

from records.models.class_periods import ClassPeriod
from records.models.newcomers import confirmed_by
from records.models.sheets import MarkRow, MarkRowQuerySet, MarkSheet
from schools.models import SchoolClass, Student


def staying_of(student: Student, to_class: SchoolClass) -> list[str]:
    """The rows of this year that lie in other classes as things are now, a whole closed period in one line."""
    rows = MarkRow.objects.filter(student=student, school_year=to_class.school_year_id).exclude(
        sheet__school_class=to_class
    )
    around = _Around.of(rows, to_class)
    ordered = rows.select_related("sheet__school_class__school", "period", "subject").order_by("period__position", "id")
    return list(dict.fromkeys(around.words(row) for row in ordered))


@dataclass(frozen=True)
class _Around:
    """What decides about the rows: which classes are still open in which period, the sheets of the present class, and
    who has confirmed them."""

    to_class: SchoolClass
    writable: dict[tuple[int, int], bool]
    sheets: dict[tuple[int, int], MarkSheet]
    confirmed: dict[int, str]

    @classmethod
    def of(cls, rows: MarkRowQuerySet, to_class: SchoolClass) -> "_Around":
        classes = {to_class.pk, *rows.values_list("sheet__school_class", flat=True)}
        writable = {
            (one.school_class_id, one.period_id): one.is_writable
            for one in ClassPeriod.objects.filter(school_class__in=classes)
        }
        sheets = {
            (one.subject_id, one.period_id): one
            for one in MarkSheet.objects.filter(school_class=to_class).select_related("subject")
        }
        return cls(to_class, writable, sheets, confirmed_by(sheets.values()))

    def words(self, row: MarkRow) -> str:
        here, period = row.sheet.school_class, row.period.name
        if not self.writable[here.pk, row.period_id]:
            return f"{period}: ở lớp {here} ({here.school}), đã nộp và kí ở đó"
        if row.sheet.state != MarkSheet.State.OPEN:
            return f"{row.subject}, {period}: ở sổ lớp {here}, đã xác nhận"
        if (self.to_class.pk, row.period_id) not in self.writable:
            return f"{period}: lớp {self.to_class} chưa lập sổ kì này, điểm sang khi sổ được lập"
        return f"{row.subject}, {period}: còn ở sổ lớp {here}{self._why_not_here(row)}"

    def _why_not_here(self, row: MarkRow) -> str:
        sheet = self.sheets.get((row.subject_id, row.period_id))
        if not self.writable[self.to_class.pk, row.period_id]:
            return f"; lớp {self.to_class} đã nộp kì này"
        if sheet is None or sheet.state == MarkSheet.State.OPEN:
            return ""
        return f"; {taking_back(sheet, self.to_class, self.confirmed)} thì điểm sang"


def taking_back(sheet: MarkSheet, school_class: SchoolClass, confirmed: dict[int, str]) -> str:
    """“sổ Ngữ văn lớp 7B đã xác nhận: thầy/cô Lê Văn Tuấn rút xác nhận”, to be ended by what comes of it."""
    who = confirmed.get(sheet.pk, "dạy môn này")
    return f"sổ {sheet.subject} lớp {school_class} đã xác nhận: thầy/cô {who} rút xác nhận"
