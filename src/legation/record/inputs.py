"""Inputs that were read already: a second run of the same command reads only what is new."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from legation.record import audit
from legation.record.tables import input_


def known(tx: Connection, digest: str, source: str) -> bool:
    """Whether an input was read before, from the same place."""
    found = select(input_.c.digest).where(input_.c.digest == digest, input_.c.source == source)
    return tx.execute(found).first() is not None


def note(tx: Connection, inputs: Iterable[tuple[str, str]]) -> None:
    """Remember inputs."""
    at = audit.now()
    new = {(digest, source) for digest, source in inputs if not known(tx, digest, source)}
    if new:
        rows = [{"digest": digest, "source": source, "noted_at": at} for digest, source in sorted(new)]
        tx.execute(insert(input_), rows)
