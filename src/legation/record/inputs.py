"""Inputs that were read already: a second run of the same command reads only what is new."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from legation.record import audit
from legation.record.tables import input_, page


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


def stamps(tx: Connection) -> dict[str, tuple[str | None, str | None]]:
    """What servers said of the state of pages fetched before: URL → ETag, Last-Modified."""
    return {row.url: (row.etag, row.modified) for row in tx.execute(select(page))}


def keep_stamps(tx: Connection, now: Mapping[str, tuple[str | None, str | None]]) -> None:
    """Put these in place of those there were."""
    tx.execute(delete(page).where(page.c.url.in_(list(now))))
    if now:
        tx.execute(
            insert(page), [{"url": url, "etag": etag, "modified": modified} for url, (etag, modified) in now.items()]
        )
