"""Lists that come in from Excel files: what was read, what was previewed, what became of it."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate

from schools.models.authorities import School
from schools.models.base import PublicModel
from schools.models.people import Role, User
from schools.models.years import SchoolYear
from schools.rules import headings
from schools.rules.tables import Table, TableRow


class ListImportQuerySet(models.QuerySet["ListImport"]):
    def visible_to(self, user: User) -> Self:
        """A clerk sees the imports of the own school, a vice-principal those of assignments."""
        return self.filter(
            models.Q(school__in=user.standing.schools_as(Role.CLERK))
            | models.Q(school__in=user.standing.schools_as(Role.VICE_PRINCIPAL), kind=ListImport.Kind.ASSIGNMENTS)
        )

    def newest(self) -> Self:
        return self.select_related("uploaded_by", "school_year").defer("rows", "refused").order_by("-created_at", "-id")

    def waiting(self) -> Self:
        return self.filter(state=ListImport.State.PREVIEWED)

    def left_waiting_since(self, moment: datetime) -> Self:
        """Previews that nobody confirmed or dropped."""
        return self.waiting().filter(created_at__lt=moment)

    def with_refused_rows_since(self, moment: datetime) -> Self:
        """Lists that were brought in by then, with refused rows still to be downloaded."""
        return self.filter(state=ListImport.State.APPLIED, applied_at__lt=moment).exclude(refused=[])


class ListImport(PublicModel):
    """One uploaded list. Its rows are kept only until it is confirmed or dropped; then only the refused ones, so that
    they can be downloaded and put right. Neither is kept longer than PREVIEW_DAYS; the file itself never is. What was
    written stands in the history, without the rows."""

    class Kind(models.TextChoices):
        STUDENTS = headings.STUDENTS, "Học sinh, lớp và phụ huynh"
        STAFF = headings.STAFF, "Nhân sự"
        ASSIGNMENTS = headings.ASSIGNMENTS, "Phân công giảng dạy, chủ nhiệm"

    class State(models.TextChoices):
        PREVIEWED = "XEM_TRUOC", "Chờ xác nhận"
        APPLIED = "DA_NHAP", "Đã nhập"
        CANCELLED = "DA_HUY", "Đã hủy"
        EXPIRED = "HET_HAN", "Hết hạn xem trước"

    kind = models.CharField("loại danh sách", max_length=10, choices=Kind)
    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người tải lên")
    file_name = models.CharField("tên tệp", max_length=255)
    sheet_name = models.CharField("trang tính", max_length=60)
    makes_classes = models.BooleanField("tạo lớp chưa có", default=False)
    columns = models.JSONField("cột đã nhận ra", default=list)
    ignored = models.JSONField("cột bỏ qua", default=list)
    rows = models.JSONField("các dòng", default=list)
    digest = models.CharField("mã băm bản xem trước", max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.PREVIEWED)
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)
    counts = models.JSONField("số dòng", default=dict)
    refused = models.JSONField("dòng bị từ chối", default=list)
    emptied_at = models.DateTimeField("xóa nội dung lúc", null=True, blank=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["school", "-created_at"], name="imports_of_a_school")]
        constraints = [
            models.CheckConstraint(
                name="list_import_state_whole",
                condition=models.Q(state="DA_NHAP", applied_at__isnull=False, rows=[])
                | models.Q(state="XEM_TRUOC", applied_at=None, emptied_at=None)
                | models.Q(state="DA_HUY", applied_at=None, rows=[], emptied_at=None)
                | models.Q(state="HET_HAN", applied_at=None, emptied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_import_emptied_whole", condition=models.Q(emptied_at=None) | models.Q(rows=[], refused=[])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def table(self) -> Table:
        rows = tuple(TableRow(number, cells) for number, cells in self.rows)
        return Table(self.sheet_name, tuple(self.columns), tuple(self.ignored), rows)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PREVIEWED

    @property
    def kept_until(self) -> date:
        """The day on which rows that nobody confirmed, or the refused ones, are emptied."""
        return localdate(self.applied_at or self.created_at) + timedelta(days=settings.PREVIEW_DAYS)

    @property
    def days_kept(self) -> int | None:
        """For how many days the rows were there that are gone; None while nothing was emptied."""
        if self.emptied_at is None:
            return None
        return (self.emptied_at - (self.applied_at or self.created_at)).days

    @property
    def written(self) -> int:
        """How many rows were new or changed something."""
        return int(self.counts.get("new", 0)) + int(self.counts.get("changed", 0))
