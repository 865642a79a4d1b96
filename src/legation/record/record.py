"""`Record`: the whole interface to what is known."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from legation import __version__
from legation.record import queries
from legation.record.nouns import Filter, Incident, Ingested, Page
from legation.record.store import Store
from legation.schema import Reading

BATCH = 500
"""Readings a transaction: what a killed ingest has to read again at most."""


class Record:
    """A record: an SQLite file or a PostgreSQL database.

    Every method is one transaction; several processes may use one record. Errors are `RecordError`, with their remedy.

    >>> with Record.open(":memory:") as record:
    ...     record.incidents().items
    ()
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, where: str | Path = "legation.db", *, create: bool = True) -> Self:
        """The record in a file or at a ``postgresql://`` address, made if there is none (unless `create` is false)."""
        store = Store(where)
        store.prepare(create=create)
        return cls(store)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # what comes in

    def ingest(
        self, readings: Iterable[Reading], *, versions: Mapping[str, str] | None = None, author: str = "legation"
    ) -> Ingested:
        """Add readings, `BATCH` at a time; articles already on the record are left as they are."""
        from legation.record import keep, publish  # NumPy and rensa are needed here only
        from legation.record.derive import settle

        read = new = events = touched = 0
        iterator = iter(readings)
        while batch := list(islice(iterator, BATCH)):
            with self._store.write() as tx:
                kept = keep.keep(tx, batch, versions or {"legation": __version__}, author)
                touched += publish.publish(tx, settle(tx, kept.touched, {}), {})
            read, new, events = read + len(batch), new + kept.new, events + kept.events
        return Ingested(read=read, new=new, known=read - new, events=events, incidents_touched=touched)

    # what is known

    def incidents(self, filter: Filter | None = None, cursor: str | None = None, limit: int = 50) -> Page[Incident]:
        """A page of the incidents that pass a filter, newest first."""
        with self._store.read() as tx:
            return queries.page(tx, filter or Filter(), cursor, limit)

    def every(self, filter: Filter | None = None) -> Iterator[Incident]:
        """All incidents that pass a filter, newest first, page by page."""
        cursor = None
        while True:
            page = self.incidents(filter, cursor, 500)
            yield from page.items
            if (cursor := page.next) is None:
                return

    def count(self, filter: Filter | None = None) -> int:
        """How many incidents pass a filter; 10,001 stands for more than 10,000."""
        with self._store.read() as tx:
            return queries.count(tx, filter or Filter())
