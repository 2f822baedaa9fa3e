"""A class about which something was written is not taken back, nor does it stay on the boards once it is."""

import pytest
from django.utils import timezone

from records.actions.preparing import prepare_class
from records.models import ClassPeriod, MarkSheet
from schools.actions.classes import void_class
from schools.actions.enrolments import leave_class
from schools.actions.refusals import Refused
from schools.models import Enrolment
from tests.cast import make_class
from tests.records.term import fill_sheet

WHY = "Tạo nhầm tên lớp"


def test_written_class_stays_even_when_everybody_was_there_by_mistake(term):
    fill_sheet(term.maths, term.teacher_of(term.maths))
    for enrolment in Enrolment.objects.open().filter(school_class=term.cast.class_7a):
        leave_class(
            by=term.cast.clerk, enrolment=enrolment, on=timezone.localdate(), ending="GHI_NHAM", note="Ghi nhầm cả lớp"
        )
    with pytest.raises(Refused, match="đã có người ghi"):
        void_class(by=term.cast.clerk, school_class=term.cast.class_7a, reason=WHY)


def test_class_taken_back_leaves_the_boards(term):
    wrong = make_class(term.cast.school, term.cast.year, "7C", 7)
    prepare_class(by=term.cast.principal, school_class=wrong, period=term.class_period.period)
    seen = ClassPeriod.objects.visible_to(term.cast.principal).filter(school_class=wrong)
    to_sign = ClassPeriod.objects.signed_by(term.cast.principal).filter(school_class=wrong)
    assert (seen.exists(), to_sign.exists()) == (True, True)
    sheets = MarkSheet.objects.filter(school_class=wrong)
    assert MarkSheet.objects.visible_to(term.cast.clerk).filter(school_class=wrong).count() == sheets.count() > 0
    void_class(by=term.cast.clerk, school_class=wrong, reason=WHY)
    assert not MarkSheet.objects.visible_to(term.cast.clerk).filter(school_class=wrong).exists()
    assert (seen.all().exists(), to_sign.all().exists()) == (False, False)
