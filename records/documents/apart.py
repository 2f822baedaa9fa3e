"""pyHanko's plain functions start an event loop of their own and refuse to where one is running already, as in an ASGI
server: there they run in a thread apart."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def apart(work: Callable[[], Result]) -> Result:
    """What ``work`` returns or raises, done outside any running event loop (documents.md §3)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()
