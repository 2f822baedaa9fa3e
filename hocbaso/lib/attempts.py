"""How often a piece of work was begun and never ended: what kills its process each time is not given out for ever."""

from datetime import timedelta

from django.core.cache import cache

MOST = 5
REMEMBERED = timedelta(hours=1)


def begun_too_often(work: str) -> bool:
    """Note that the work is begun. True when it was begun ``MOST`` times within the hour before and ended none of
    them: whoever asks leaves it alone."""
    cache.add(_key(work), 0, REMEMBERED.total_seconds())
    try:
        return cache.incr(_key(work)) > MOST
    except ValueError:  # the hour was over between the two
        return False


def ended(work: str) -> None:
    """The work came to its end, whatever that was."""
    cache.delete(_key(work))


def _key(work: str) -> str:
    return f"attempts:{work}"
