"""Keeping the history honest: the daily signed root, and the check of every chain."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from schools.actions.history_rows import row_faults
from schools.actions.rooted_reads import check_reads, reads_to_root, rooted
from schools.models import HistoryChain, HistoryRoot
from schools.rules import chain as rules

ENTRIES = """
SELECT c.id, c.kind, c.key, c.seq, c.head, e.seq, (extract(epoch FROM e.at) * 1000000)::bigint,
       e."table", e.operation, e.actor_id, e.action, e.method,
       e.reason, e.request_id, e.database_user, e.address, e.digests, e.hash,
       (SELECT array_agg(p.salt ORDER BY p.ordinal) FROM schools_historypayload p WHERE p.entry_id = e.id),
       (SELECT array_agg(p.payload::text ORDER BY p.ordinal) FROM schools_historypayload p WHERE p.entry_id = e.id)
FROM schools_historychain c LEFT JOIN schools_historyentry e ON e.chain_id = c.id
ORDER BY c.id, e.seq
"""


@dataclass
class Report:
    """What a check found: how much was read, every fault in words, and what is gone because its time was over. No fault
    means the history is whole."""

    chains: int = 0
    entries: int = 0
    rows: int = 0
    roots: int = 0
    looks: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def signing_key() -> Ed25519PrivateKey:
    """The key of the daily roots, from the environment (HOCBASO_HISTORY_KEY: base64 of 32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.HISTORY_KEY))


def public_key() -> str:
    """The key with which anybody checks the daily roots, in hex: to be published, and kept when the key changes."""
    return signing_key().public_key().public_bytes_raw().hex()


def _is_signed(root: HistoryRoot) -> bool:
    """By the key of today, or by one that was published before (HOCBASO_HISTORY_PUBLIC_KEYS)."""
    for known in (public_key(), *settings.HISTORY_PUBLIC_KEYS):
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(known)).verify(bytes(root.signature), bytes(root.root))
        except InvalidSignature:
            continue
        return True
    return False


def anchor_history(*, on: date) -> HistoryRoot | None:
    """Sign the day's root over all heads that moved and all days of looks that ended since the last one, and lay it
    beside the files as JSON, to be carried elsewhere. Once a day; None when the day has its root already. Source:
    QCVN 12:2026/BCA (law.md §6.4)."""
    with transaction.atomic():
        last = HistoryRoot.objects.order_by("-on").first()
        if last is not None and last.on >= on:
            return None
        anchored = HistoryRoot(on=on, at=timezone.now(), heads=_moved_heads(), reads=reads_to_root(on))
        anchored.root = _hash_of(bytes(last.root) if last else b"", anchored)
        anchored.signature = signing_key().sign(anchored.root)
        anchored.save()
    _lay_beside_files(anchored)
    return anchored


def _moved_heads() -> dict[str, tuple[int, str]]:
    known = _anchored_heads()
    return {
        str(chain.pk): (chain.seq, bytes(chain.head).hex())
        for chain in HistoryChain.objects.all()
        if known.get(str(chain.pk), (0, ""))[0] != chain.seq
    }


def _hash_of(previous: bytes, root: HistoryRoot) -> bytes:
    heads = {chain: (seq, head) for chain, (seq, head) in root.heads.items()}
    return rules.root_hash(previous, heads, rooted(root))


def _anchored_heads() -> dict[str, tuple[int, str]]:
    known: dict[str, tuple[int, str]] = {}
    for heads in HistoryRoot.objects.order_by("on").values_list("heads", flat=True):
        known |= {chain: (seq, head) for chain, (seq, head) in heads.items()}
    return known


def _lay_beside_files(root: HistoryRoot) -> None:
    folder = Path(settings.FILES_ROOT) / "history-roots"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "on": root.on.isoformat(),
        "at": root.at.isoformat(),
        "root": bytes(root.root).hex(),
        "signature": bytes(root.signature).hex(),
        "public_key": public_key(),
    }
    (folder / f"{root.on.isoformat()}.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def verify_history() -> Report:
    """Read every chain from its beginning and compute it anew: numbers without a gap, every payload's digest, every
    hash, every head, every signed root; then every row against its entries, and every rooted day of looks against the
    looks. Returns a Report. Source: QCVN 12:2026/BCA (law.md §6.4)."""
    report = Report()
    anchored = _checked_roots(report)
    previous, chain_id, expected = b"", None, 0
    for row in _entries():
        if row[0] != chain_id:
            chain_id, expected, previous = row[0], 1, rules.genesis(row[1], row[2])
            report.chains += 1
        if row[5] is None:
            continue
        _check_entry(row, previous, expected, report)
        _check_anchor(row, anchored, report)
        previous, expected = bytes(row[17]), row[5] + 1
        report.entries += 1
    _check_heads(report)
    report.faults += [f"Chuỗi {chain}: mất mục {seq} đã neo." for chain, seq in anchored]
    report.faults += row_faults()
    reads = check_reads()
    report.looks, report.notes = reads.looks, reads.notes
    report.faults += reads.faults
    return report


def _entries() -> Iterator[tuple[Any, ...]]:
    """All entries, chain by chain, through a cursor of the server: the history is larger than the memory."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(ENTRIES)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _check_entry(row: tuple[Any, ...], previous: bytes, expected: int, report: Report) -> None:
    (_, kind, key, _, _, seq, at, *context, digests, stored, salts, payloads) = row
    name = f"{kind} {key} #{seq}"
    if seq != expected:
        report.faults.append(f"{name}: thiếu mục {expected}.")
    found = [
        rules.payload_digest(bytes(salt), payload) for salt, payload in zip(salts or [], payloads or [], strict=True)
    ]
    report.rows += len(found)
    if found != [bytes(digest) for digest in digests]:
        report.faults.append(f"{name}: nội dung đã bị thay đổi.")
    header = [kind, key, seq, at, *context]
    if rules.entry_hash(previous, header, map(bytes, digests)) != bytes(stored):
        report.faults.append(f"{name}: mã băm không khớp.")


def _check_anchor(row: tuple[Any, ...], anchored: dict[tuple[int, int], str], report: Report) -> None:
    head = anchored.pop((row[0], row[5]), None)
    if head is not None and head != bytes(row[17]).hex():
        report.faults.append(f"{row[1]} {row[2]} #{row[5]}: khác với mã đã neo.")


def _check_heads(report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.kind, c.key FROM schools_historychain c LEFT JOIN LATERAL (SELECT seq, hash FROM "
            "schools_historyentry e WHERE e.chain_id = c.id ORDER BY seq DESC LIMIT 1) e ON true "
            "WHERE coalesce(e.seq, 0) <> c.seq OR (e.hash IS NOT NULL AND e.hash <> c.head)"
        )
        report.faults += [f"{kind} {key}: đầu chuỗi không khớp mục cuối." for kind, key in cursor.fetchall()]


def _checked_roots(report: Report) -> dict[tuple[int, int], str]:
    """The heads that all roots vouch for, by (chain, number); faults where a root or its signature is wrong."""
    anchored: dict[tuple[int, int], str] = {}
    previous = b""
    for root in HistoryRoot.objects.order_by("on"):
        report.roots += 1
        if _hash_of(previous, root) != bytes(root.root):
            report.faults.append(f"Mốc neo {root.on}: mã gốc không khớp.")
        if not _is_signed(root):
            report.faults.append(f"Mốc neo {root.on}: chữ kí không hợp lệ.")
        previous = bytes(root.root)
        anchored |= {(int(chain), seq): head for chain, (seq, head) in root.heads.items()}
    return anchored
