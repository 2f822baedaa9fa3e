"""What every stored thing has: a public id, names in one form, ties with dates."""

import uuid
from datetime import date
from typing import Any, Self

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from hocbaso.lib.vietnamese import COLLATION, normal, plain


class NameField(models.CharField):
    """A name in NFC with single spaces, whatever was typed or pasted (macOS writes NFD), in Vietnamese order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_collation", COLLATION)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return normal(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class PlainText(models.Func):
    """Lower case without diacritics, in the database: what the search compares (see hocbaso.lib.vietnamese.plain)."""

    template = (
        "replace(regexp_replace(lower(normalize(%(expressions)s, NFD)), '[' || chr(768) || '-' || chr(879) || ']', "
        "'', 'g'), 'đ', 'd')"
    )
    output_field = models.TextField()


class GivenName(models.Func):
    """The last word of a name, by which Vietnamese lists are ordered first."""

    template = "regexp_replace(%(expressions)s, '^.* ', '')"


class FamilyNames(models.Func):
    """The words before the given name, by which Vietnamese lists are ordered next."""

    template = "regexp_replace(%(expressions)s, ' ?[^ ]+$', '')"


def name_part(part: type[models.Func]) -> models.GeneratedField:
    return models.GeneratedField(
        expression=part("full_name"),
        output_field=models.CharField(max_length=120, db_collation=COLLATION),
        db_persist=True,
    )


class PersonName(models.Model):
    """A person's name with what its order and its search need, kept by the database itself."""

    full_name = NameField("họ và tên", max_length=120)
    given_name = name_part(GivenName)
    family_names = name_part(FamilyNames)
    search_name = models.GeneratedField(
        expression=PlainText("full_name"), output_field=models.CharField(max_length=120), db_persist=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def plain_name(self) -> str:
        """What ``search_name`` is in the database, before the row is there."""
        return plain(self.full_name)


class PublicModel(models.Model):
    """A thing that has an address: pages and links carry ``public_id``, never a name, a code or a counter."""

    public_id = models.UUIDField(
        "mã công khai", default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    created_at = models.DateTimeField("lúc tạo", default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet):
    """Ties that hold from ``starts_on`` until the day before ``ends_on`` (empty: until further notice)."""

    def open(self) -> Self:
        return self.filter(ends_on=None)

    def on(self, day: date) -> Self:
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on=None) | models.Q(ends_on__gt=day))

    def not_over(self) -> Self:
        """Those that hold today or later."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=timezone.localdate()))

    def today(self) -> Self:
        return self.on(timezone.localdate())


class Dated(models.Model):
    """A tie with its days. ``ends_on`` is the first day on which it no longer holds, so that a move on the very day
    of arrival leaves no overlap and no gap."""

    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("thôi từ ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def end_by(self, day: date) -> None:
        """It no longer holds from that day on, nor from its first day if that is later; what ends sooner stays as it
        is. Inside the caller's transaction."""
        if self.ends_on is None or self.ends_on > day:
            self.ends_on = max(day, self.starts_on)
            self.save(update_fields=["ends_on"])


def dated_check(name: str) -> models.CheckConstraint:
    """A tie never ends before it begins."""
    return models.CheckConstraint(
        name=name, condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on"))
    )
