"""What ``import legation`` gives: `read`, `Reader`, `Record`. Nothing is loaded before it is used.

>>> import legation
>>> text = "Britain expelled 23 Russian diplomats on Wednesday, the prime minister told parliament."
>>> reading = legation.read(text, published="2018-03-15")
>>> [(event.type, event.actor.state, event.target.state, event.count, event.date) for event in reading.events]
[('expulsion', 'GBR', 'RUS', 23, '2018-03-14')]
>>> with legation.Record.open(":memory:") as record:
...     done = record.ingest([reading])
...     [(row.sub_event_type, row.notes) for row in record.rows()]
[('expulsion', 'The United Kingdom expelled 23 Russian diplomats.')]
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from legation.record import Record as _Record
from legation.record.nouns import Filter
from legation.schema import Article, Reading

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from legation.exports.formats.flat import Flat


class Reader:
    """Reads texts and articles; keep one to read many. `voices`: "hybrid" listens to the encoder too, "rules" does not.

    `triage=False` reads every article in full, in scope or not.
    """

    def __init__(self, *, triage: bool = True, voices: Literal["hybrid", "rules"] = "hybrid") -> None:
        self._options: dict[str, Any] = {"triage": triage, "voices": voices}

    def read(
        self,
        text: str,
        *,
        published: str | None = None,
        outlet: str | None = None,
        title: str | None = None,
        url: str | None = None,
        source: str = "text",
    ) -> Reading:
        """The reading of a text, with what is known about it (`published`: EDTF). Raises `legation.sources.Unreadable` for an
        empty text and for one that is not English."""
        from legation.sources import from_text

        article = from_text(text, source, published=published, outlet=outlet, title=title, url=url)
        return next(self.read_all([article], published=published))

    def read_all(self, articles: Iterable[Article], *, published: str | None = None) -> Iterator[Reading]:
        """A reading per article (`legation.sources.articles` makes them of files, folders and URLs), in order."""
        from legation.reading import cleaned, read_all

        given = (cleaned(article, published, triage=self._options["triage"]) for article in articles)
        return read_all(given, **self._options)


def read(text: str, **known: Any) -> Reading:
    """The reading of one text; see `Reader.read`."""
    return Reader().read(text, **known)


class Record(_Record):
    """A record (docs/record.md), with its incidents as rows and tables too."""

    def rows(self, filter: Filter | None = None) -> "Iterator[Flat]":
        """Incidents as typed rows of plain values, the oldest first; `legation.exports.formats.flat.COLUMNS` tells the columns."""
        from legation.exports.formats.flat import rows

        return rows(self, filter or Filter())

    def to_arrow(self, filter: Filter | None = None) -> "pyarrow.Table":
        """The rows as an Arrow table (``pip install 'legation[exports]'``)."""
        import pyarrow

        from legation.exports.formats.flat import COLUMNS, Flat
        from legation.exports.formats.parquet import arrow_schema

        rows = [msgspec.structs.asdict(row) for row in self.rows(filter)]
        return pyarrow.Table.from_pylist(rows, schema=arrow_schema(Flat, COLUMNS))

    def to_pandas(self, filter: Filter | None = None) -> "pandas.DataFrame":
        """The rows as a pandas frame, whole numbers with gaps as nullable integers."""
        import pandas

        nullable = {"int64": pandas.Int64Dtype(), "bool": pandas.BooleanDtype()}
        return self.to_arrow(filter).to_pandas(types_mapper=lambda kind: nullable.get(str(kind)))

    def to_polars(self, filter: Filter | None = None) -> "polars.DataFrame":
        """The rows as a Polars frame."""
        import polars

        frame = polars.from_arrow(self.to_arrow(filter))
        assert isinstance(frame, polars.DataFrame)
        return frame
