"""What is on a record, in the formats others work with; `docs/exports.md` says what each keeps and loses.

Each file here is a format: ``write(record, wanted, out)`` writes the incidents that pass a filter, the oldest first, the same bytes for
the same articles and decisions. `package` writes a zip archive; the others are one stream.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import IO, NamedTuple, cast

from legation.record import Record
from legation.record.nouns import Filter


class Format(NamedTuple):
    """A format: its file here, file suffix, media type, what it is."""

    module: str
    suffix: str
    media_type: str
    about: str


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(
        "jsonl", ".jsonl", "application/x-ndjson", "everything, one JSON object a line; the only one that loses nothing"
    ),
    "csv": Format(
        "csv_table", ".csv", "text/csv", "one row an incident, columns like ACLED's with statuses and sources"
    ),
    "parquet": Format("parquet", ".parquet", "application/vnd.apache.parquet", "the same rows, typed"),
    "package": Format(
        "package", ".zip", "application/zip", "Frictionless data package: incidents, mentions, links, items as Parquet"
    ),
    "geojson": Format(
        "geojson",
        ".geojson",
        "application/geo+json",
        "points where the city is known, no geometry where only the country is",
    ),
    "plover": Format("plover", ".tsv", "text/tab-separated-values", "PLOVER events in the columns of POLECAT"),
    "cameo": Format("cameo", ".tsv", "text/tab-separated-values", "CAMEO dyads in the columns of Phoenix"),
    "ftm": Format("ftm", ".ftm.json", "application/x-ndjson", "FollowTheMoney entities for Aleph and its kin"),
    "atom": Format("atom", ".atom", "application/atom+xml", "a feed, the last changed first"),
    "annotations": Format(
        "annotations", ".jsonld", "application/ld+json", "W3C web annotations: the words each mention was read from"
    ),
    "ics": Format("calendar", ".ics", "text/calendar", "deadlines to leave, as a calendar"),
}


def write(record: Record, form: str, out: IO[bytes], wanted: Filter | None = None) -> None:
    """Write a format to a binary stream. An unknown one raises KeyError naming those there are."""
    if form not in FORMATS:
        raise KeyError(f"no format {form!r}; there are {', '.join(FORMATS)}")
    module = cast(_Module, import_module(f"{__name__}.{FORMATS[form].module}"))
    module.write(record, wanted or Filter(), out)


class _Module:
    def write(self, record: Record, wanted: Filter, out: IO[bytes]) -> None:
        raise NotImplementedError
