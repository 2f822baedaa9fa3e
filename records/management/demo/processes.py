"""The demo's job in processes of its own: drawing and signing pages is all computing, and threads would not help.

A new process imports this module before Django is set up; everything that needs models is imported later.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import django

LOWER_SECONDARY = "990201"
PRIMARY = "990101"
UPPER_SECONDARY = "990301"
PROCESSES = 2


def bring_all(number_of_aims: int) -> None:
    """Bring every group of classes to its aim; what fails in a process fails here."""
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawning, initializer=django.setup) as pool:
        list(pool.map(bring_classes, range(number_of_aims)))


def bring_classes(number: int) -> None:
    from django.db import connections

    from records.management.demo.job import AIMS, bring
    from schools.models import SchoolYear

    first_years = SchoolYear.objects.order_by("-first_year").values_list("first_year", flat=True)
    this_year, last_year = first_years[:2]
    bring((this_year, last_year), AIMS[number])
    connections.close_all()
