"""Keys of those who sign, the orders by which they sign, and the signatures made."""

from collections.abc import Iterable
from typing import Self

from django.db import models

from records.models.class_periods import ClassPeriod
from records.models.pages import PageVersion
from records.rules import signoff
from schools.models import Delegation, Role, School, User
from schools.models.base import PublicModel


class Slot(models.TextChoices):
    """The three places of a page (law.md §5.4), in their order."""

    HOMEROOM = signoff.HOMEROOM, "Giáo viên chủ nhiệm"
    PRINCIPAL = signoff.PRINCIPAL, "Hiệu trưởng"
    SEAL = signoff.SEAL_SLOT, "Con dấu của trường"


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None)

    def visible_to(self, user: User) -> Self:
        """The own key, and the seal of the school whose clerk one is."""
        mine = models.Q(user=user) | models.Q(school__in=user.standing.schools_as(Role.CLERK))
        return self.usable().filter(mine)

    def of_holder(self, holder: User | School) -> Self:
        return self.filter(school=holder) if isinstance(holder, School) else self.filter(user=holder)


class SigningKey(PublicModel):
    """A private key locked by its holder's PIN and a key of the installation, with its certificate: a person's, or the
    seal of a school (law.md §6.1)."""

    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="signing_keys", verbose_name="người giữ")
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="seals", verbose_name="con dấu của")
    certificate = models.TextField("chứng thư số")
    chain = models.TextField("chuỗi chứng thư", blank=True)
    locked = models.BinaryField("khóa đã khóa bằng PIN")
    valid_until = models.DateTimeField("có giá trị đến")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    wrong_pins = models.PositiveSmallIntegerField("số lần nhập sai PIN", default=0)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_key_of_person_or_school",
                condition=models.Q(user__isnull=False, school=None) | models.Q(user=None, school__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at=None, school=None), name="one_signing_key_per_person"
            ),
            models.UniqueConstraint(
                fields=["school"], condition=models.Q(revoked_at=None, user=None), name="one_seal_per_school"
            ),
        ]

    def __str__(self) -> str:
        return f"Chữ kí số của {self.user or self.school}"


class SigningOrderQuerySet(models.QuerySet["SigningOrder"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(class_period__in=ClassPeriod.objects.visible_to(user).values("id"))

    def under_way(self, pages: Iterable[PageVersion], slot: str) -> Self:
        """Orders of this slot with some of these pages that no worker has come to yet, and that still wait for it."""
        waiting = SigningItem.objects.filter(
            version__in=list(pages), state=SigningItem.State.WAITING, version__state=signoff.state_before(slot)
        )
        return self.filter(pk__in=waiting.values("order"), slot=slot)


class SigningOrder(PublicModel):
    """One person's act of signing: who, when, in which slot, and which pages were shown. The key is unlocked for this
    order alone; ``salt`` is one half of what opens it, the other never enters the database. ``delegation`` is the one
    by which the person signs for the principal (kí thay, law.md §6.1)."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người kí")
    slot = models.CharField("vị trí", max_length=12, choices=Slot)
    class_period = models.ForeignKey(ClassPeriod, models.PROTECT, related_name="orders", verbose_name="lớp và kì")
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+", verbose_name="khóa")
    salt = models.BinaryField("muối")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+", verbose_name="ủy quyền")

    objects = SigningOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.class_period}"


class SigningItemQuerySet(models.QuerySet["SigningItem"]):
    def unsigned(self) -> Self:
        """What could not be signed and still is not, by whatever order."""
        signed = Signature.objects.filter(version=models.OuterRef("version"), slot=models.OuterRef("order__slot"))
        return self.filter(~models.Exists(signed), state=SigningItem.State.FAILED)


class SigningItem(models.Model):
    """One page of an order: the digest that was shown, and what became of it."""

    class State(models.TextChoices):
        WAITING = "CHO", "Đang chờ"
        DONE = "XONG", "Đã kí"
        FAILED = "LOI", "Chưa kí được"

    order = models.ForeignKey(SigningOrder, models.PROTECT, related_name="items", verbose_name="lệnh kí")
    version = models.ForeignKey(PageVersion, models.PROTECT, related_name="items", verbose_name="bản")
    shown_digest = models.CharField("mã băm đã xem", max_length=64)
    state = models.CharField("trạng thái", max_length=5, choices=State, default=State.WAITING)
    failure = models.TextField("vì sao", blank=True)

    objects = SigningItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="signing_item_once")]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_state_display()}"


class Signature(models.Model):
    """A signature that stands in a file: added, never changed."""

    version = models.ForeignKey(PageVersion, models.PROTECT, related_name="signatures", verbose_name="bản")
    slot = models.CharField("vị trí", max_length=12, choices=Slot)
    order = models.ForeignKey(SigningOrder, models.PROTECT, related_name="+", verbose_name="lệnh kí")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người kí")
    signed_at = models.DateTimeField("kí lúc", auto_now_add=True)
    file_digest = models.CharField("mã băm tệp sau khi kí", max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "slot"], name="signature_slot_once")]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.version}"
