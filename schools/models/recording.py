"""Who is acting, what for and how: told to the database for the length of one transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from schools.models.people import User


@dataclass(frozen=True)
class RequestContext:
    """The request an action belongs to; both empty in a task or a command."""

    request_id: str = ""
    address: str = ""


current_request: ContextVar[RequestContext] = ContextVar("current_request")


@contextmanager
def recorded(
    actor: User | None,
    action: str,
    *,
    method: str = "typed",
    reason: str = "",
    chains: Iterable[tuple[str, int]] = (),
) -> Iterator[None]:
    """One transaction of one action: everything written inside is recorded in the history as done by ``actor``.

    ``method`` says how it came in: typed, pasted, imported, recalculated, corrected, merged, demo. ``chains`` names the
    chains (kind, key) the action will write to if there are several: their heads are locked first, in one order.
    Actions do not nest: the outermost transaction is the action's.
    """
    request = current_request.get(RequestContext())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hocbaso.actor', %s, true), set_config('hocbaso.action', %s, true), "
            "set_config('hocbaso.method', %s, true), set_config('hocbaso.reason', %s, true), "
            "set_config('hocbaso.request', %s, true), set_config('hocbaso.address', %s, true)",
            [str(actor.pk) if actor else "", action, method, reason, request.request_id, request.address],
        )
        lock_chains(chains)
        yield


def lock_chains(chains: Iterable[tuple[str, int]]) -> None:
    """Hold the heads of these chains until the end of the transaction, one after the other in the order of all."""
    wanted = list(chains)
    if wanted:
        kinds, keys = zip(*wanted, strict=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT hocbaso_lock_chains(%s::text[], %s::bigint[])", [list(kinds), list(keys)])
