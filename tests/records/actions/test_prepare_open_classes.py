"""Classes of an open window have their sheets before anybody looks."""

from records.actions.preparing import prepare_open_classes
from records.models import ClassPeriod, MarkSheet
from tests.records.term import close_windows
from tests.records.views.looking import signed_in


def test_every_class_of_an_open_window_is_begun_once(term):
    assert prepare_open_classes() == 1
    begun = ClassPeriod.objects.filter(period=term.class_period.period, school=term.cast.school)
    assert {one.school_class for one in begun} == {term.cast.class_7a, term.cast.class_7b}
    assert prepare_open_classes() == 0


def test_class_of_another_level_is_left_alone(term):
    prepare_open_classes()
    assert {sheet.school_class.level for sheet in MarkSheet.objects.all()} == {"THCS"}


def test_nothing_is_begun_outside_the_window(term):
    close_windows()
    assert prepare_open_classes() == 0


def test_principal_reads_of_a_class_nobody_has_opened(term):
    prepare_open_classes()
    page = signed_in(term, "principal").get("/duyet/").content.decode()
    assert ">7B</a>" in page
