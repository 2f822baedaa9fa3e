"""Students: who they are, who their parents are, and that one person has one record."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from schools.models.authorities import School
from schools.models.base import Dated, DatedQuerySet, NameField, PersonName, PublicModel, dated_check
from schools.models.people import Role, User
from schools.rules.identity import masked

if TYPE_CHECKING:
    from schools.models.classes import Enrolment, SchoolClass


class StudentQuerySet(models.QuerySet["Student"]):
    def current(self) -> Self:
        """Without the records that were merged into another."""
        return self.filter(merged_into=None)

    def records_of(self, student_id: int) -> Self:
        """The record of a student and those that were merged into it."""
        return self.filter(models.Q(pk=student_id) | models.Q(merged_into=student_id))

    def in_order(self) -> Self:
        return self.order_by("given_name", "family_names", "id")

    def named_like(self, plain_text: str) -> Self:
        """Search in names, without diacritics (hocbaso.lib.vietnamese.plain); in codes as they are, the codes of
        records merged into this one included."""
        merged = self.model.objects.filter(student_code__iexact=plain_text, merged_into__isnull=False)
        return self.filter(
            models.Q(search_name__contains=plain_text)
            | models.Q(student_code__iexact=plain_text)
            | models.Q(id__in=merged.values("merged_into_id"))
        )

    def in_class(self, school_class: "SchoolClass") -> Self:
        return self.filter(enrolments__school_class=school_class, enrolments__ends_on=None)

    def on_list_of(self, school_class: "SchoolClass") -> Self:
        """Who is on a class's list: in it now; of a year gone by, in it to the end."""
        from schools.models.classes import Enrolment

        return self.filter(id__in=Enrolment.objects.order_by().on_list(school_class).values("student_id"))

    def without_personal_id(self) -> Self:
        return self.filter(personal_id=None)

    def without_class(self) -> Self:
        """Students who are in no class now."""
        from schools.models.classes import Enrolment

        return self.filter(~models.Exists(Enrolment.objects.open().filter(student=models.OuterRef("pk"))))

    def mergeable_by(self, user: User) -> Self:
        """Records of the schools in which the user may join two: a clerk's own, an administrator's province."""
        provinces = user.standing.authorities_as(Role.PROVINCE_ADMIN)
        return self.current().filter(
            models.Q(school__in=user.standing.schools_as(Role.CLERK))
            | models.Q(school__in=School.objects.under(provinces).values("id"))
        )

    def with_open_class(self) -> Self:
        """Each with ``open_enrolments``: the class the student is in now, or none."""
        from schools.models.classes import Enrolment

        enrolments = Enrolment.objects.open().select_related("school_class", "school_class__school_year")
        return self.select_related("school").prefetch_related(
            models.Prefetch("enrolments", enrolments, to_attr="open_enrolments")
        )

    def at_work(self, user: User) -> Self:
        """Whom one has to do with at work: students of the schools one keeps, directs or inspects, and of the classes
        one teaches."""
        standing = user.standing
        taught = _enrolled_with(user)
        if standing.province_ids or standing.commune_ids or standing.granted_school_ids:
            return self.filter(models.Q(school__in=_overseen(user)) | models.Q(id__in=taught.values("student_id")))
        # The office of one school among thousands: two short lists of ids, each from its index.
        kept = self.model.objects.order_by().filter(school__in=standing.office_school_ids).values("id")
        return self.filter(id__in=kept.union(taught.values("student_id"), all=True))

    def gone_from(self, user: User) -> Self:
        """Students who were once enrolled in a school one keeps, directs or inspects, and whose record is now kept
        by another: the old years stay with the old school."""
        return self.filter(id__in=_enrolled_at(_overseen(user)).values("student_id")).exclude(
            school__in=_overseen(user)
        )

    def visible_to(self, user: User) -> Self:
        """Students one has to do with at work, or had when they were enrolled there; one's own children; oneself.
        Written to answer quickly whether one student is among them."""
        this = models.OuterRef("pk")
        return self.filter(
            models.Q(school__in=_overseen(user))
            | models.Exists(_enrolled_with(user).filter(student=this))
            | models.Exists(_enrolled_at(_overseen(user)).filter(student=this))
            | models.Exists(ParentLink.objects.today().filter(parent=user, student=this))
            | models.Q(user=user)
        )

    def family_of(self, user: User) -> Self:
        """The user's own children, by ties that hold today, or the user as a student."""
        children = ParentLink.objects.order_by().today().filter(parent=user).values("student_id")
        oneself = self.model.objects.order_by().filter(user=user).values("id")
        return self.current().filter(id__in=children.union(oneself, all=True)).in_order()

    def suspected_twins(self) -> Self:
        """Records with the same name (without diacritics) and the same day of birth, of which at least one has no
        number: two different numbers are two different persons."""
        alike = [models.F("search_name"), models.F("born_on")]
        return (
            self.current()
            .annotate(
                records=models.Window(models.Count("id"), partition_by=alike),
                numbers=models.Window(models.Count("personal_id"), partition_by=alike),
            )
            .filter(records__gt=1, numbers__lt=models.F("records"))
            .order_by("search_name", "born_on", "id")
        )

    def namesakes_in(self, school_id: int, names: Iterable[str], days: Iterable[date]) -> Self:
        """Current records of a school with one of these names (without diacritics) and one of these days of birth."""
        return self.current().filter(school=school_id, search_name__in=names, born_on__in=days).in_order()

    def twins_of(self, student: "Student") -> Self:
        """Other current records with this student's name and day of birth."""
        same = self.current().filter(search_name=student.search_name, born_on=student.born_on)
        return same.exclude(pk=student.pk).in_order()


def _overseen(user: User) -> models.QuerySet:
    """The schools all of whose students the user sees: those where one only teaches are not among them."""
    own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
    return School.objects.visible_to(user).exclude(id__in=own_schools).values("id")


def _enrolled_at(schools: models.QuerySet) -> models.QuerySet:
    """Enrolments of all times in classes of these schools."""
    from schools.models.classes import Enrolment

    return Enrolment.objects.order_by().filter(school_class__school__in=schools)


def _enrolled_with(user: User) -> models.QuerySet:
    """Enrolments of today in the classes the user teaches."""
    from schools.models.classes import Enrolment, SchoolClass

    return Enrolment.objects.order_by().open().filter(school_class__in=SchoolClass.objects.taught_by(user))


class Gender(models.TextChoices):
    MALE = "NAM", "Nam"
    FEMALE = "NU", "Nữ"


class Student(PersonName, PublicModel):
    """A student with all that page 1 of the record book prints (law.md §4.1–4.3). ``school`` is the school that keeps
    the record now; the number is unique in the whole province and may be missing only with a reason."""

    school = models.ForeignKey(School, models.PROTECT, related_name="students", verbose_name="trường quản lí hồ sơ")
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="student", verbose_name="tài khoản"
    )
    student_code = models.CharField("mã học sinh", max_length=20, unique=True)
    personal_id = models.CharField("số định danh cá nhân", max_length=12, unique=True, null=True, blank=True)
    personal_id_missing = models.CharField("lí do chưa có số định danh", max_length=255, blank=True)
    gender = models.CharField("giới tính", max_length=3, choices=Gender)
    born_on = models.DateField("ngày sinh")
    birthplace = models.CharField("nơi sinh", max_length=255, blank=True)
    hometown = models.CharField("quê quán", max_length=255, blank=True)
    ethnicity = NameField("dân tộc", max_length=40, default="Kinh")
    nationality = NameField("quốc tịch", max_length=40, default="Việt Nam")
    address = models.CharField("chỗ ở hiện tại", max_length=255, blank=True)
    policy_family = models.CharField("con liệt sĩ, con thương binh", max_length=80, blank=True)
    father_name = NameField("họ và tên cha", max_length=120, blank=True)
    father_occupation = models.CharField("nghề nghiệp của cha", max_length=120, blank=True)
    mother_name = NameField("họ và tên mẹ", max_length=120, blank=True)
    mother_occupation = models.CharField("nghề nghiệp của mẹ", max_length=120, blank=True)
    guardian_name = NameField("họ và tên người giám hộ", max_length=120, blank=True)
    guardian_occupation = models.CharField("nghề nghiệp của người giám hộ", max_length=120, blank=True)
    registry_number = models.CharField("số sổ đăng bộ", max_length=40, blank=True)
    admitted_on = models.DateField("ngày nhập học, chuyển đến", null=True, blank=True)
    photo = models.CharField("ảnh 3×4", max_length=255, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", verbose_name="đã gộp vào"
    )

    open_enrolments: "list[Enrolment]"  # of with_open_class

    objects = StudentQuerySet.as_manager()

    # What a clerk writes, in the order of page 1.
    PAGE_ONE = (
        "full_name", "student_code", "personal_id", "personal_id_missing", "gender", "born_on", "ethnicity",
        "nationality", "policy_family", "registry_number", "admitted_on", "birthplace", "hometown", "address",
        "father_name", "father_occupation", "mother_name", "mother_occupation", "guardian_name",
        "guardian_occupation",
    )  # fmt: skip
    # What makes a person this person: changed only with a reason (peers.md H7).
    IDENTITY = ("full_name", "student_code", "personal_id", "born_on")

    class Meta:
        ordering = ["given_name", "family_names", "id"]
        indexes = [models.Index(fields=["school", "given_name", "family_names"], name="students_of_a_school")]
        constraints = [
            models.CheckConstraint(
                name="student_personal_id_form",
                condition=models.Q(personal_id=None) | models.Q(personal_id__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                name="student_personal_id_or_reason",
                condition=models.Q(personal_id__isnull=False)
                | ~models.Q(personal_id_missing="")
                | models.Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="student_not_merged_into_itself",
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
            ),
        ]

    @property
    def masked_personal_id(self) -> str:
        return masked(self.personal_id or "")


class Relation(models.TextChoices):
    FATHER = "CHA", "Cha"
    MOTHER = "ME", "Mẹ"
    GUARDIAN = "GIAM_HO", "Người giám hộ"


class ParentLinkQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(student__in=Student.objects.at_work(user).values("id"))

    def of(self, user: User) -> Self:
        """The ties of a parent that hold today, children in the order of names."""
        return (
            self.today()
            .filter(parent=user, student__merged_into=None)
            .select_related("student", "student__school")
            .order_by("student__given_name", "student__family_names")
        )


class ParentLink(PublicModel, Dated):
    """A parent or guardian is tied to a student; the tie ends, it is never deleted."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="parent_links", verbose_name="học sinh")
    parent = models.ForeignKey(User, models.PROTECT, related_name="parent_links", verbose_name="phụ huynh")
    relation = models.CharField("quan hệ", max_length=10, choices=Relation)

    objects = ParentLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            dated_check("parent_link_dates"),
            models.UniqueConstraint(
                fields=["student", "parent"], condition=models.Q(ends_on=None), name="parent_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent}, {self.get_relation_display()}"


class StudentMerge(PublicModel):
    """Two records of one student became one: which was kept, who found it, why, and what was moved."""

    kept = models.ForeignKey(Student, models.PROTECT, related_name="merges", verbose_name="hồ sơ giữ lại")
    merged = models.OneToOneField(Student, models.PROTECT, related_name="merge", verbose_name="hồ sơ gộp vào")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="trường")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người gộp")
    reason = models.CharField("lí do", max_length=255)
    moved = models.JSONField("đã chuyển", default=dict)

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"
