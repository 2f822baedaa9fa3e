"""The Sở answers what the law leaves open, for a rule set in a school year.

Source: law.md §8 (each a setting, changed only with a record of who, when and why).
"""

from hocbaso.lib.vietnamese import normal
from records.models import ClassPeriod, RuleSetting
from records.permissions import may_settle_rules
from records.rules import signoff
from records.rules.settings import Question
from schools.actions.refusals import FaultyFields, NotAllowed, WrongState
from schools.models import SchoolYear, User
from schools.models.recording import recorded

LEAST_REASON = 10
MOST_REASON = 255


def settle(*, by: User, year: SchoolYear, question: Question, answer: str, reason: str, seen: str) -> RuleSetting:
    """Answer a question for a year that is not closed: from now on results of its classes are made that way; those of
    classes submitted before, and sheets made before, stay. ``seen`` is the answer the person was shown. NotAllowed;
    FaultyFields without a reason or for no answer; WrongState for a closed year or when somebody was faster."""
    if not may_settle_rules(by, year):
        raise NotAllowed
    words = normal(reason)
    if answer not in question.answers:
        raise FaultyFields({"answer": "Hãy chọn một cách áp dụng."})
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise FaultyFields({"reason": f"Hãy ghi lí do và căn cứ ({LEAST_REASON} đến {MOST_REASON} kí tự)."})
    with recorded(by, "settle_rule", reason=words):
        current = SchoolYear.objects.select_for_update().get(pk=year.pk)
        if current.closed_at is not None:
            raise WrongState(f"Năm học {current} đã đóng: cách áp dụng không đổi được nữa.")
        given = answer_to(current, question)
        if given != seen:
            raise WrongState("Câu này vừa được đổi ở nơi khác. Hãy tải lại trang rồi xem lại.")
        if given == answer:
            raise FaultyFields({"answer": "Cách áp dụng này đang có hiệu lực."})
        return RuleSetting.objects.create(
            school_year=current, rule_set=question.rule_set, key=question.key, value=answer, reason=words, by=by
        )


def answer_to(year: SchoolYear, question: Question) -> str:
    """The answer in force: the newest, or the default (law.md §8)."""
    return RuleSetting.objects.answers(year.pk, question.rule_set).get(question.key, question.default)


def made_before(year: SchoolYear, rule_set: str) -> int:
    """How many classes of the year have submitted a period under a rule set: their results stay as they were made."""
    closed = ClassPeriod.objects.in_use().filter(school_year=year, school_class__rule_set=rule_set)
    return closed.exclude(state__in=signoff.WRITABLE).order_by().values("school_class").distinct().count()
