"""Readings as Parquet: a row an article, the whole reading as JSON beside the columns that one filters by."""

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pyarrow

ROWS = 1000
"""Rows held in memory at a time, and in a row group."""


class _Shown(msgspec.Struct):
    id: str
    source: str
    outlet: str | None
    title: str | None
    published: str | None
    relevant: bool
    events: list[msgspec.Raw]


def schema() -> "pyarrow.Schema":
    """The columns: those of a reading that say what it is of, how many events it has, and `reading`, the line of JSON."""
    import pyarrow

    text = pyarrow.string()
    kinds = {"id": text, "source": text, "outlet": text, "title": text, "published": text}
    return pyarrow.schema(
        [*kinds.items(), ("relevant", pyarrow.bool_()), ("events", pyarrow.int32()), ("reading", text)]
    )


def table(lines: Iterable[bytes]) -> "pyarrow.Table":
    """A table of readings given as lines of JSON."""
    import pyarrow

    decoder = msgspec.json.Decoder(_Shown)
    rows: list[dict[str, Any]] = []
    for line in lines:
        shown = decoder.decode(line)
        rows.append({**msgspec.structs.asdict(shown), "events": len(shown.events), "reading": line.decode()})
    return pyarrow.Table.from_pylist(rows, schema=schema())


class Writer:
    """Writes lines of JSON as rows of one Parquet file, `ROWS` at a time. Close it, or the file has no end."""

    def __init__(self, stream: IO[bytes]) -> None:
        import pyarrow.parquet

        self._file = pyarrow.parquet.ParquetWriter(stream, schema(), compression="zstd")
        self._lines: list[bytes] = []

    def write(self, line: bytes) -> None:
        self._lines.append(line)
        if len(self._lines) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        self._file.write_table(table(self._lines))
        self._lines.clear()

    def close(self) -> None:
        if self._lines:
            self._flush()
        self._file.close()
