"""The rows of `csv`, typed, in one Parquet file."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, get_args, get_type_hints

from legation.exports.formats.flat import COLUMNS, Flat, rows
from legation.record import Record
from legation.record.nouns import Filter
from legation.schema import Noun

if TYPE_CHECKING:
    import pyarrow

_ROWS = 5000
"""Rows held in memory at a time, and in a row group."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    write_table(rows(record, wanted), Flat, COLUMNS, out)


def write_table(things: Iterable[Noun], shape: type[Noun], columns: Mapping[str, str], out: IO[bytes]) -> None:
    """Nouns of plain fields as a Parquet file with their descriptions."""
    import pyarrow.parquet

    made = arrow_schema(shape, columns)
    with pyarrow.parquet.ParquetWriter(out, made, compression="zstd") as writer:
        for some in _chunks(iter(things)):
            data = {name: [getattr(thing, name) for thing in some] for name in columns}
            writer.write_table(pyarrow.Table.from_pydict(data, schema=made))


def arrow_schema(shape: type[Noun], columns: Mapping[str, str]) -> "pyarrow.Schema":
    """The Arrow schema of a noun with plain fields."""
    import pyarrow

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    hints = get_type_hints(shape)
    fields = []
    for name, about in columns.items():
        parts = set(get_args(hints[name])) or {hints[name]}
        (kind,) = parts - {type(None)}
        fields.append(pyarrow.field(name, kinds[kind], nullable=type(None) in parts, metadata={"description": about}))
    return pyarrow.schema(fields)


def _chunks(things: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(things, _ROWS)):
        yield some
