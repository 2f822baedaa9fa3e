"""The hash chain of the history, computed a second time: the independent oracle of what the database's triggers wrote.

Source: QCVN 12:2026/BCA (unalterable logs with integrity check; law.md §6.4); the format is in docs/decisions/.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

Json = str | int | None
Days = Mapping[str, tuple[int, str]]

MASK: Final = "***"


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def genesis(kind: str, key: int) -> bytes:
    """The head of a chain before its first entry: it names the chain, so that no chain can pose as another
    (QCVN 12:2026/BCA; law.md §6.4)."""
    return sha256(f"{kind}:{key}".encode())


def payload_digest(salt: bytes, payload: str) -> bytes:
    """The digest of one changed row: ``sha256(salt ‖ canonical payload)`` (QCVN 12:2026/BCA; law.md §6.4)."""
    return sha256(salt, payload.encode())


def entry_hash(previous: bytes, header: Iterable[Json], digests: Iterable[bytes]) -> bytes:
    """``sha256(previous ‖ sha256(header) ‖ sha256(digest₁ ‖ digest₂ ‖ …))`` (QCVN 12:2026/BCA; law.md §6.4).

    ``header`` is chain kind and key, number, microseconds since 1970 UTC, table, operation, actor, action, method,
    reason, request, database user, address: in this order, as PostgreSQL prints the jsonb array.
    """
    text = json.dumps(list(header), ensure_ascii=False)
    return sha256(previous, sha256(text.encode()), sha256(*digests))


def root_hash(previous: bytes, heads: Mapping[str, tuple[int, str]], reads: tuple[str, Days] | None = None) -> bytes:
    """A day's root over the heads that moved since the root before: ``chain id → (number, hash in hex)``; the previous
    root is part of it, so that the last root vouches for all (QCVN 12:2026/BCA; law.md §6.4).

    ``reads`` is the last day up to which looks at records are told, and the days since the root before:
    ``day → (looks, digest in hex)``; None in roots from before the looks were rooted.
    """
    leaves = [f"{chain}:{seq}:{head}\n".encode() for chain, (seq, head) in sorted(heads.items(), key=_by_number)]
    if reads is not None:
        until, days = reads
        leaves += [f"reads:{until}\n".encode(), _leaves_of_days(days)]
    return sha256(previous, *leaves)


def month_digest(days: Days) -> str:
    """One digest, in hex, over the digests of a month's days (QCVN 12:2026/BCA; law.md §6.4)."""
    return sha256(_leaves_of_days(days)).hex()


def _leaves_of_days(days: Days) -> bytes:
    return "".join(f"{day}:{looks}:{digest}\n" for day, (looks, digest) in sorted(days.items())).encode()


def _by_number(item: tuple[str, tuple[int, str]]) -> int:
    return int(item[0])
