"""The one history. Rows are written by the database's own triggers (schools/models/history_sql.py), never by Django:
the application's database role can only read these tables."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from schools.models.authorities import School
from schools.models.classes import SchoolClass
from schools.models.people import Role, User
from schools.models.students import Student
from schools.rules.kept_months import LEAST_MONTHS

ROWS_SHOWN = 12


class HistoryChain(models.Model):
    """A chain of entries and its head: one per class, one per school for the rest, one for the province."""

    class Kind(models.TextChoices):
        CLASS = "CLASS", "Lớp"
        SCHOOL = "SCHOOL", "Trường"
        PROVINCE = "PROVINCE", "Sở"

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.BigIntegerField()
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="history_chain_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class HistoryEntryQuerySet(models.QuerySet["HistoryEntry"]):
    def visible_to(self, user: User) -> Self:
        """The Sở reads all; principal and vice-principal read the chains of their own school and its classes."""
        directed = user.standing.schools_as(Role.PRINCIPAL, Role.VICE_PRINCIPAL)
        schools = School.objects.filter(id__in=directed) | School.objects.under(user.standing.province_ids)
        chains = models.Q(kind="SCHOOL", key__in=schools.values("id"))
        chains |= models.Q(
            kind="CLASS", key__in=SchoolClass.objects.filter(school__in=schools.values("id")).values("id")
        )
        if user.standing.province_ids:
            chains |= models.Q(kind="PROVINCE")
        return self.filter(chain__in=HistoryChain.objects.filter(chains).values("id"))

    def of_school(self, school: School) -> Self:
        classes = SchoolClass.objects.filter(school=school).values("id")
        return self.filter(
            models.Q(chain__kind="SCHOOL", chain__key=school.pk) | models.Q(chain__kind="CLASS", chain__key__in=classes)
        )

    def about(self, student: Student) -> Self:
        """All that was ever done to a student's record, and to those that were merged into it."""
        records = Student.objects.order_by().records_of(student.pk).values("id")
        return self.filter(id__in=HistoryPayload.objects.filter(student__in=records).values("entry_id"))

    def by_person_named(self, plain_name: str) -> Self:
        return self.filter(actor__search_name__contains=plain_name) if plain_name else self

    def between(self, since: date | None, until: date | None) -> Self:
        """Entries of these days, both included, by the clock of Việt Nam."""
        entries = self.filter(at__date__gte=since) if since else self
        return entries.filter(at__date__lte=until) if until else entries

    def newest(self) -> Self:
        """The newest first, each with its first rows: a list of a thousand students came in as one entry."""
        first = HistoryPayload.objects.filter(ordinal__lte=ROWS_SHOWN)
        return (
            self.select_related("actor", "chain").prefetch_related(models.Prefetch("payloads", first)).order_by("-id")
        )


class HistoryEntry(models.Model):
    """One statement's changes in one chain: who, what for, how, from where, and the hash that ties it to the entry
    before: ``sha256(previous ‖ sha256(header) ‖ sha256(digest₁ ‖ digest₂ ‖ …))`` (schools/rules/chain.py)."""

    id = models.BigAutoField(primary_key=True)
    chain = models.ForeignKey(HistoryChain, models.PROTECT, related_name="entries")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    table = models.CharField(max_length=63)
    operation = models.CharField(max_length=1)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    method = models.CharField(max_length=20)
    reason = models.TextField()
    request_id = models.CharField(max_length=36)
    database_user = models.CharField(max_length=63)
    address = models.CharField(max_length=45)
    digests = ArrayField(models.BinaryField())
    hash = models.BinaryField()

    objects = HistoryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="history_entry_seq_once")]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"


class HistoryPayload(models.Model):
    """What changed in one row, with the salt of its digest. Apart from the entry, so that contact data outside the book
    can be erased by law while the chain still verifies."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(HistoryEntry, models.PROTECT, related_name="payloads")
    ordinal = models.IntegerField()
    row_id = models.BigIntegerField()
    student = models.ForeignKey(Student, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    salt = models.BinaryField()
    payload = models.JSONField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["entry", "ordinal"], name="history_payload_once")]

    def __str__(self) -> str:
        return f"{self.entry}.{self.ordinal}"


class HistoryRoot(models.Model):
    """A day's anchor over the heads that moved and the days of looks that ended since the anchor before, signed
    (Ed25519), to be kept elsewhere too."""

    on = models.DateField(unique=True)
    at = models.DateTimeField()
    heads = models.JSONField()
    # {"until": day, "days": {day: [looks, digest]}}; none in roots from before the looks were rooted
    reads = models.JSONField(null=True)
    root = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on}"


class Look(models.TextChoices):
    """What somebody looked at."""

    RECORD = "HO_SO", "Xem hồ sơ"
    NUMBER = "SO_DINH_DANH", "Xem số định danh"


class ReadEntryQuerySet(models.QuerySet["ReadEntry"]):
    def of_student(self, student: Student) -> Self:
        return self.filter(student=student).select_related("user")

    def since(self, moment: datetime) -> Self:
        return self.filter(at__gte=moment)


class ReadEntry(models.Model):
    """Somebody other than a child's teachers looked at its record or uncovered its number (Look). Append-only, at the
    moment of the database's clock; a partition a month (schools/models/reads_sql.py), the key there is (at, id)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=40)
    request_id = models.CharField(max_length=36)
    address = models.CharField(max_length=45)

    objects = ReadEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["student", "-id"], name="reads_of_a_student")]

    def __str__(self) -> str:
        return f"{self.user}: {self.what}"


class DroppedReads(models.Model):
    """A month of looks whose time was over and that was dropped: how many, and the digest over the digests of its
    days, which stay in the signed roots. Written by the tables' owner only; never changed."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField("tháng", unique=True)
    looks = models.BigIntegerField("số lượt xem")
    digest = models.CharField("mã băm", max_length=64)
    kept_months = models.PositiveSmallIntegerField("thời hạn giữ, tháng")
    dropped_on = models.DateField("xóa ngày")

    class Meta:
        ordering = ["month"]
        constraints = [
            models.CheckConstraint(name="dropped_reads_kept_a_year", condition=models.Q(kept_months__gte=LEAST_MONTHS))
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"
