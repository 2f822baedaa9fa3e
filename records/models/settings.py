"""How the Sở answers what the law leaves open, for each rule set and school year: added, never changed."""

from functools import reduce
from operator import or_
from typing import Self

from django.db import models

from records.rules.settings import QUESTIONS, RuleSettings, settings_of
from schools.models import SchoolYear, User
from schools.models.base import PublicModel

_ANSWERS = reduce(
    or_, (models.Q(rule_set=one.rule_set, key=one.key, value__in=list(one.answers)) for one in QUESTIONS)
)  # fmt: skip


class RuleSettingQuerySet(models.QuerySet["RuleSetting"]):
    def visible_to(self, user: User) -> Self:
        """How results are made is no secret: everybody with an account may see it."""
        return self.all()

    def answers(self, year_id: int, rule_set: str) -> dict[str, str]:
        """The newest answer to each question that was answered, by key."""
        given = self.filter(school_year=year_id, rule_set=rule_set).order_by("id")
        return dict(given.values_list("key", "value"))

    def in_words(self) -> Self:
        return self.select_related("by").order_by("-id")


class RuleSetting(PublicModel):
    """One answer to an open question of law.md §8, with who gave it, when (``created_at``) and why. What counts is the
    newest one; results that are stored already stay as they were made."""

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="năm học")
    rule_set = models.CharField("bộ quy định", max_length=20)
    key = models.CharField("câu hỏi", max_length=20)
    value = models.CharField("cách áp dụng", max_length=20)
    reason = models.CharField("lí do", max_length=255)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người đổi")

    objects = RuleSettingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rule_setting_is_an_answer", condition=_ANSWERS),
            models.CheckConstraint(name="rule_setting_says_why", condition=models.Q(reason__regex=r"\S.{8,}\S")),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


def settings_for(year_id: int, rule_set: str) -> RuleSettings:
    """How results of a school year are made by a rule set (law.md §8)."""
    return settings_of(RuleSetting.objects.answers(year_id, rule_set))
