"""Students: who they are, who their parents are, and that one person has one record."""

from typing import TYPE_CHECKING, Self

from django.db import models

from schools.models.authorities import School
from schools.models.base import Dated, DatedQuerySet, NameField, PersonName, PublicModel, dated_check
from schools.models.people import User
from schools.rules.identity import masked

if TYPE_CHECKING:
    from schools.models.classes import SchoolClass


class StudentQuerySet(models.QuerySet["Student"]):
    def current(self) -> Self:
        """Without the records that were merged into another."""
        return self.filter(merged_into=None)

    def in_order(self) -> Self:
        return self.order_by("given_name", "family_names", "id")

    def named_like(self, plain_text: str) -> Self:
        """Search in names, without diacritics (hocbaso.lib.vietnamese.plain); in codes as they are."""
        return self.filter(models.Q(search_name__contains=plain_text) | models.Q(student_code__iexact=plain_text))

    def in_class(self, school_class: "SchoolClass") -> Self:
        return self.filter(enrolments__school_class=school_class, enrolments__ends_on=None)

    def visible_to(self, user: User) -> Self:
        """Students of the schools one keeps, directs or inspects, now or formerly enrolled there; of the classes one
        teaches; one's own children; oneself."""
        from schools.models.classes import Enrolment, SchoolClass

        own_schools = user.standing.staff_school_ids - user.standing.office_school_ids
        overseen = School.objects.visible_to(user).exclude(id__in=own_schools).values("id")
        formerly = Enrolment.objects.filter(school_class__school__in=overseen).values("student_id")
        taught = Enrolment.objects.open().filter(school_class__in=SchoolClass.objects.taught_by(user))
        children = ParentLink.objects.today().filter(parent=user).values("student_id")
        return self.filter(
            models.Q(school__in=overseen)
            | models.Q(id__in=formerly)
            | models.Q(id__in=taught.values("student_id"))
            | models.Q(id__in=children)
            | models.Q(user=user)
        )


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

    objects = StudentQuerySet.as_manager()

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
