"""The audit log: append-only, each entry hashed over the one before, so that nothing can be altered or taken out unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select

from legation.record.tables import audit

GENESIS = "0" * 64


class Entry(NamedTuple):
    """One entry. `detail` is JSON; `hash` covers all the rest and the hash before."""

    seq: int
    at: str
    author: str
    action: str
    detail: str
    prev: str
    hash: str


def append(tx: Connection, *, author: str, action: str, detail: Any) -> Entry:
    """Add an entry at the end (inside a `Store.write`, so that nobody else does)."""
    last = tx.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    text = msgspec.json.encode(detail, order="sorted").decode()
    at = now()
    entry = Entry(seq, at, author, action, text, prev, digest(seq, at, author, action, text, prev))
    tx.execute(insert(audit), entry._asdict())
    return entry


def entries(tx: Connection) -> Iterator[Entry]:
    """All entries in order."""
    for row in tx.execute(select(audit).order_by(audit.c.seq).execution_options(yield_per=1000)):
        yield Entry(*row)


def broken(tx: Connection) -> Iterator[str]:
    """What is wrong with the chain, in words."""
    prev, expected = GENESIS, 1
    for entry in entries(tx):
        if entry.seq != expected:
            yield f"audit log: entry {expected} is missing"
        if entry.prev != prev and entry.seq == expected:
            yield f"audit log: entry {entry.seq} does not follow the one before it"
        if entry.hash != digest(*entry[:6]):
            yield f"audit log: entry {entry.seq} was altered"
        prev, expected = entry.hash, entry.seq + 1


def digest(seq: int, at: str, author: str, action: str, detail: str, prev: str) -> str:
    """SHA-256 over an entry's fields as a JSON list."""
    return sha256(msgspec.json.encode([seq, at, author, action, detail, prev])).hexdigest()


def sha(text: str) -> str:
    """SHA-256 of a text; lone surrogates, which UTF-8 has no place for, as they are."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
