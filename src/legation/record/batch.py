"""Many questions in one query, on SQLite and PostgreSQL alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Join,
    Table,
    Text,
    any_,
    bindparam,
    literal,
    text,
    true,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive parts of at most so many."""
    return (items[i : i + size] for i in range(0, len(items), size))


def among(tx: Connection, column: ColumnElement[Any], pks: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column is one of some numbers; for PostgreSQL they are one parameter, since hundreds take longer to write than to look up."""
    some = list(pks)
    return column == any_(literal(some, ARRAY(Integer))) if tx.dialect.name == "postgresql" else column.in_(some)


class Questions:
    """A table to join to, whose rows are a parameter: `ask` makes it of them. `c` has its columns."""

    def __init__(self, tx: Connection, **columns: type[str] | type[int]) -> None:
        if tx.dialect.name == "sqlite":
            parts = [f"json_extract(value, '$[{i}]') AS {name}" for i, name in enumerate(columns)]
            source = "json_each(:want)"
        else:
            casts = {str: "text", int: "integer"}
            parts = [f"(value ->> {i})::{casts[kind]} AS {name}" for i, (name, kind) in enumerate(columns.items())]
            source = "jsonb_array_elements(CAST(:want AS jsonb)) AS value"
        kinds = {str: Text, int: Integer}
        query = text(f"SELECT {', '.join(parts)} FROM {source}").columns(**{n: kinds[k] for n, k in columns.items()})
        self.table = query.subquery("want")
        self.c = self.table.c

    def ask(self, rows: Iterable[Sequence[Any]]) -> dict[str, str]:
        """The parameter that makes these the rows."""
        return {"want": msgspec.json.encode(list(rows)).decode()}


class _Then(Join):
    inherit_cache = True


def then(first: FromClause, second: FromClause) -> Join:
    """A cross join that SQLite takes in the order written: for each row of the first, an index of the second."""
    return _Then(first, second, true())


@compiles(_Then)
def _cross(join: _Then, compiler: SQLCompiler, **options: Any) -> str:
    left, right = (compiler.process(side, **(options | {"asfrom": True})) for side in (join.left, join.right))
    return f"{left} CROSS JOIN {right}"


def update_rows(tx: Connection, table: Table, keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Update many rows, each a mapping of the `keys` that find it and of the columns to set."""
    if not rows:
        return
    named = [{f"b_{name}": value for name, value in row.items()} for row in rows]
    change = update(table).where(*(table.c[name] == bindparam(f"b_{name}") for name in keys))
    tx.execute(change.values({name: bindparam(f"b_{name}") for name in rows[0] if name not in keys}), named)
