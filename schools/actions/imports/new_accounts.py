"""Accounts for many people at once, none with a password: a slip opens each."""

from collections.abc import Sequence
from itertools import count

from django.db.models import F, Func, TextField, Value

from hocbaso.lib.vietnamese import plain
from schools.models import User
from schools.rules.accounts import user_name_stem


def add_accounts(accounts: Sequence[User]) -> None:
    """Give each a free user name made from the name (as schools/actions/accounts.py does for one) and store them all.
    Two queries."""
    stems = [user_name_stem(plain(account.full_name)) for account in accounts]
    taken = _taken(set(stems))
    next_number: dict[str, int] = {}
    for account, stem in zip(accounts, stems, strict=True):
        numbers = count(next_number.get(stem, 1))
        number = next(number for number in numbers if _user_name(stem, number) not in taken)
        account.username = _user_name(stem, number)
        next_number[stem] = number + 1
    User.objects.bulk_create(accounts)


def _user_name(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}{number}"


def _taken(stems: set[str]) -> set[str]:
    stem = Func(F("username"), Value("[0-9]+$"), Value(""), function="regexp_replace", output_field=TextField())
    return set(User.objects.annotate(stem=stem).filter(stem__in=stems).values_list("username", flat=True))
