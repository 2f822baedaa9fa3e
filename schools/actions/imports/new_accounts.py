"""Accounts for many people at once, none with a password: a slip opens each."""

from collections.abc import Sequence

from django.db.models import F, Func, TextField, Value

from hocbaso.lib.vietnamese import plain
from schools.models import User
from schools.rules.accounts import user_name_stem


def add_accounts(accounts: Sequence[User]) -> None:
    """Give each a free user name made from the name (as schools/actions/accounts.py does for one) and store them all.
    Two queries."""
    stems = [user_name_stem(plain(account.full_name)) for account in accounts]
    taken = _taken(set(stems))
    for account, stem in zip(accounts, stems, strict=True):
        number = 1
        while (name := stem if number == 1 else f"{stem}{number}") in taken:
            number += 1
        account.username = name
        taken.add(name)
    User.objects.bulk_create(accounts)


def _taken(stems: set[str]) -> set[str]:
    stem = Func(F("username"), Value("[0-9]+$"), Value(""), function="regexp_replace", output_field=TextField())
    return set(User.objects.annotate(stem=stem).filter(stem__in=stems).values_list("username", flat=True))
