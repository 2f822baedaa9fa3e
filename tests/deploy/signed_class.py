"""A program for a plant: ``submit`` brings a class to where its pages wait, ``sign`` has its teacher sign them."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from records.actions.signing import sign_as_homeroom  # noqa: E402
from records.models import ClassPeriod, PageVersion, Signature  # noqa: E402
from schools.actions.history import anchor_history  # noqa: E402
from tests.cast import make_cast  # noqa: E402
from tests.records.term import PIN, give_keys, make_term, submitted  # noqa: E402


def submit() -> None:
    give_keys(submitted(make_term(make_cast())))


def sign() -> None:
    class_period = ClassPeriod.objects.in_words().get(state=ClassPeriod.State.SUBMITTED)
    shown = {str(one.public_id): one.original_digest for one in PageVersion.objects.of(class_period)}
    teacher = class_period.school_class.homeroom.get().teacher
    sign_as_homeroom(by=teacher, class_period=class_period, pin=PIN, shown=shown)
    assert Signature.objects.count() == 2
    anchor_history(on=timezone.localdate())


{"submit": submit, "sign": sign}[sys.argv[1]]()
