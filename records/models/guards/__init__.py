"""The SQL that keeps the record closed: triggers that hold the states, the moves, the entry windows and the columns,
whoever writes and by whatever program. The tables of moves are those of records/rules/signoff.py."""

import re

from records.models.guards.grids import GRIDS
from records.models.guards.keys import KEYS
from records.models.guards.new_year import DROP_NEW_YEAR, NEW_YEAR
from records.models.guards.pages import PAGES
from records.models.guards.rows import CELLS, ROWS
from records.models.guards.settings import DROP_SETTINGS, SETTINGS
from records.models.guards.summer import DROP_SUMMER, SUMMER
from records.models.guards.transferred import DROP_TRANSFERRED, TRANSFERRED
from records.models.guards.waivers import DROP_WAIVERS, WAIVERS

__all__ = [
    "DROP_GUARDS",
    "DROP_NEW_YEAR",
    "DROP_SETTINGS",
    "DROP_SUMMER",
    "DROP_TRANSFERRED",
    "DROP_WAIVERS",
    "GUARDS",
    "NEW_YEAR",
    "SETTINGS",
    "SUMMER",
    "TRANSFERRED",
    "WAIVERS",
]

GUARDS = CELLS + ROWS + GRIDS + PAGES + KEYS
"""All of it but what needs a later table (``TRANSFERRED``, ``SUMMER``, ``SETTINGS``, ``NEW_YEAR``, ``WAIVERS``); run
again, it takes the place of an earlier edition."""

DROP_GUARDS = "\n".join(
    [
        f"DROP TRIGGER IF EXISTS guard ON {table};"
        for table in re.findall(r"TRIGGER guard BEFORE [A-Z ]+ ON (\w+)", GUARDS)
    ]
    + [f"DROP FUNCTION IF EXISTS {name};" for name in re.findall(r"CREATE OR REPLACE FUNCTION (\w+)", GUARDS)]
)
