"""The student's page of a school year, its frozen versions, and the signatures on them."""

from typing import Self

from django.db import models

from records.models.class_periods import ClassPeriod
from records.rules import signoff
from schools.models import School, SchoolClass, SchoolYear, Student, User
from schools.models.base import PublicModel


class BookPage(PublicModel):
    """One student × school year; ``current`` is the newest version that has been issued."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="pages", verbose_name="học sinh")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="năm học")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường lập trang")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "school_year"], name="book_page_once")]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_year}"


class PageVersionQuerySet(models.QuerySet["PageVersion"]):
    def visible_to(self, user: User) -> Self:
        """A family sees what has been issued; homeroom teacher, office and those who oversee the school see all."""
        family = models.Q(page__student__in=Student.objects.family_of(user).values("id"), state__in=PUBLISHED)
        periods = ClassPeriod.objects.visible_to(user)
        return self.filter(family | models.Q(class_period__in=periods.values("id")))

    def of_family(self, student: Student) -> Self:
        """What has been issued of a student, the newest first: versions are numbered within a school year."""
        issued = self.filter(page__student=student, state__in=PUBLISHED)
        newest_first = issued.order_by("-page__school_year__first_year", "-number", "-id")
        return newest_first.select_related("page__school_year", "class_period__period")

    def newest_of_family(self, user: User, year: SchoolYear | None) -> Self:
        """The valid issued versions of this year's pages of one's children."""
        family = Student.objects.family_of(user).values("id")
        issued = self.filter(page__student__in=family, page__school_year=year, state=PageVersion.State.SEALED)
        return issued.select_related("page__student", "class_period__period")

    def before(self, versions: "models.QuerySet[PageVersion]") -> Self:
        """Earlier versions of the same pages that are still on their way to the seal."""
        later = versions.filter(page=models.OuterRef("page"), number__gt=models.OuterRef("number"))
        return self.filter(models.Exists(later), state__in=signoff.ON_THE_WAY)

    def alive(self) -> Self:
        return self.exclude(state=PageVersion.State.WITHDRAWN)

    def of_classes(self) -> Self:
        """Those a class's submission made and that were not withdrawn; not those made one by one after the summer."""
        return self.alive().exclude(kind=PageVersion.Kind.SUMMER)

    def of(self, class_period: ClassPeriod) -> Self:
        """The versions a class's submission made and that were not withdrawn, in the order of the class list."""
        return (
            self.of_classes()
            .filter(class_period=class_period)
            .select_related("page__student")
            .order_by("page__student__given_name", "page__student__family_names", "page__student_id")
        )


class PageVersion(PublicModel):
    """A frozen page: the snapshot is written once, everything shown, printed and signed is made from it.

    ``original_digest`` (sha256) and ``original_size`` (bytes) are of the file as it was rendered: signatures are added
    behind it and leave these bytes untouched, so that what was shown is what was signed.
    """

    class Kind(models.TextChoices):
        TERM = "TERM", "Kết thúc học kì"
        YEAR = "YEAR", "Kết thúc năm học"
        SUMMER = "HE", "Sau kì nghỉ hè"

    class State(models.TextChoices):
        PREPARED = signoff.PREPARED, "Chờ giáo viên chủ nhiệm kí"
        BY_HOMEROOM = signoff.BY_HOMEROOM, "Giáo viên chủ nhiệm đã kí"
        BY_PRINCIPAL = signoff.BY_PRINCIPAL, "Hiệu trưởng đã kí"
        SEALED = signoff.SEALED, "Đã đóng dấu, phát hành"
        WITHDRAWN = signoff.WITHDRAWN, "Đã rút, chưa phát hành"
        REPLACED = signoff.REPLACED, "Đã thay bằng bản mới"

    page = models.ForeignKey(BookPage, models.PROTECT, related_name="versions", verbose_name="trang")
    number = models.PositiveSmallIntegerField("bản số")
    kind = models.CharField("loại", max_length=5, choices=Kind)
    class_period = models.ForeignKey(ClassPeriod, models.PROTECT, related_name="versions", verbose_name="lớp và kì")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="+", verbose_name="lớp")
    rule_set = models.CharField("bộ quy định", max_length=20)
    snapshot = models.JSONField("nội dung")
    snapshot_digest = models.CharField("mã băm nội dung", max_length=64)
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.PREPARED)
    original_digest = models.CharField("mã băm bản trình kí", max_length=64, blank=True)
    original_size = models.PositiveIntegerField("số byte bản trình kí", null=True, blank=True)
    file = models.CharField("tệp", max_length=120, blank=True)
    issued_at = models.DateTimeField("phát hành lúc", null=True, blank=True)

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_once"),
            models.UniqueConstraint(
                fields=["page"], condition=models.Q(state=signoff.SEALED), name="one_valid_version_of_a_page"
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=models.Q(kind="HE") & ~models.Q(state__in=[signoff.WITHDRAWN, signoff.REPLACED]),
                name="one_summer_version_of_a_page",
            ),
            models.CheckConstraint(
                name="page_rendered_whole",
                condition=models.Q(original_digest="", original_size=None, file="")
                | ~models.Q(original_digest="") & models.Q(original_size__gt=0) & ~models.Q(file=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page.student}, bản {self.number}"

    @property
    def is_rendered(self) -> bool:
        return bool(self.file)


PUBLISHED = (PageVersion.State.SEALED, PageVersion.State.REPLACED)
