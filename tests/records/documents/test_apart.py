"""Signing and verifying work where an event loop is running, too."""

import asyncio

import pytest

from records.documents.apart import apart


async def answer() -> str:
    return "xong"


def test_work_with_a_loop_of_its_own_runs_inside_another():
    async def inside() -> str:
        return apart(lambda: asyncio.run(answer()))

    assert apart(lambda: asyncio.run(inside())) == "xong"


def test_what_it_raises_is_raised():
    async def inside() -> None:
        apart(lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        apart(lambda: asyncio.run(inside()))
