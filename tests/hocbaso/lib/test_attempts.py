"""Work that breaks off each time is left alone after some tries; work that ends is never counted."""

from hocbaso.lib.attempts import MOST, begun_too_often, ended


def test_work_that_never_ends_is_left_alone():
    assert [begun_too_often("page:1") for _ in range(MOST + 2)] == [False] * MOST + [True, True]
    assert not begun_too_often("page:2")


def test_work_that_ends_begins_as_often_as_it_is_asked_for():
    for _ in range(MOST * 2):
        assert not begun_too_often("page:1")
        ended("page:1")
