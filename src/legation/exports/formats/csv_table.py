"""One row an incident, UTF-8, comma-separated, with a header (RFC 4180); `flat.COLUMNS` says what each column is."""

import csv
import io
from typing import IO

from legation.exports.formats.flat import COLUMNS, rows
from legation.record import Record
from legation.record.nouns import Filter

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula by a spreadsheet; it gets an apostrophe before it."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows(record, wanted):
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    text.flush()
    text.detach()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
