"""A Frictionless data package (v1) in a zip archive: incidents, mentions, links and items as Parquet, described in datapackage.json."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import IO, Any, get_args, get_type_hints

import msgspec

from legation import __version__
from legation.exports.formats.flat import COLUMNS, Flat, flat
from legation.exports.formats.parquet import write_table
from legation.record import Record
from legation.record.nouns import Detail, Filter
from legation.schema import Noun


class MentionRow(Noun, frozen=True, kw_only=True):
    """One article's account."""

    mention_id: str
    event_id: str
    article_id: str
    outlet: str | None
    published: str | None
    status: str
    claimant: str | None
    claimant_state: str | None
    date_edtf: str | None
    count: int | None
    start: int
    end: int
    quote: str


class LinkRow(Noun, frozen=True, kw_only=True):
    """What answers what."""

    event_id: str
    answers: str
    explicit: bool
    in_kind: bool
    delay_low: int | None
    delay_high: int | None


class ItemRow(Noun, frozen=True, kw_only=True):
    """What waits for an answer."""

    event_id: str
    kind: str
    holder: str | None
    toward: str | None
    opened: str | None
    due: str | None
    state: str
    closer: str | None


TABLES: dict[str, tuple[type[Noun], dict[str, str]]] = {
    "incidents": (Flat, COLUMNS),
    "mentions": (
        MentionRow,
        {
            "mention_id": "The mention.",
            "event_id": "The incident it tells of.",
            "article_id": "The article it is in.",
            "outlet": "Its outlet.",
            "published": "Its date of publication, EDTF.",
            "status": "As this article tells it.",
            "claimant": "On whose word.",
            "claimant_state": "Their state.",
            "date_edtf": "The date this article gives.",
            "count": "The number this article gives.",
            "start": "Where the quote begins in the article's text, in code points.",
            "end": "Where it ends, exclusive.",
            "quote": "The exact words it was read from.",
        },
    ),
    "links": (
        LinkRow,
        {
            "event_id": "The answer.",
            "answers": "The incident it answers.",
            "explicit": "Whether an article says so.",
            "in_kind": "The same type with the two states exchanged.",
            "delay_low": "Least days between.",
            "delay_high": "Most days between.",
        },
    ),
    "items": (
        ItemRow,
        {
            "event_id": "The incident that waits.",
            "kind": "demand, inquiry, assurance, breach, deadline, threat.",
            "holder": "Who owes the answer.",
            "toward": "To whom.",
            "opened": "Since when.",
            "due": "Until when, where a term is told.",
            "state": "open, answered, overtaken.",
            "closer": "The incident that closed it.",
        },
    ),
}
_KEYS = {"incidents": "event_id", "mentions": "mention_id"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first date a zip archive can hold: the same record gives the same bytes at any time."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    files = {f"{name}.parquet": _parquet(record, wanted, name) for name in TABLES}
    descriptor = msgspec.json.format(msgspec.json.encode(describe(files)), indent=1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"datapackage.json": descriptor, **files}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def describe(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The descriptor of the package."""
    return {
        "profile": "data-package",
        "name": "legation-record",
        "title": "Incidents concerning diplomats and missions, with who says so",
        "description": f"Made by Legation {__version__} from the articles of a record. Facts and short quotes only.",
        "resources": [_resource(name, files[f"{name}.parquet"]) for name in TABLES],
    }


def _resource(name: str, data: bytes) -> dict[str, Any]:
    shape, columns = TABLES[name]
    schema: dict[str, Any] = {"fields": [_field(shape, column, about) for column, about in columns.items()]}
    if key := _KEYS.get(name):
        schema["primaryKey"] = [key]
    if name != "incidents":
        schema["foreignKeys"] = [
            {"fields": ["event_id"], "reference": {"resource": "incidents", "fields": ["event_id"]}},
        ]
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }


def _field(shape: type[Noun], name: str, about: str) -> dict[str, Any]:
    hint = get_type_hints(shape)[name]
    parts = set(get_args(hint)) or {hint}
    (kind,) = parts - {type(None)}
    field: dict[str, Any] = {"name": name, "description": about}
    field["type"] = {str: "string", int: "integer", float: "number", bool: "boolean"}[kind]
    if type(None) not in parts:
        field["constraints"] = {"required": True}
    return field


def _parquet(record: Record, wanted: Filter, name: str) -> bytes:
    buffer = BytesIO()
    shape, columns = TABLES[name]
    write_table((row for detail in record.details(wanted) for row in _rows(detail, name)), shape, columns, buffer)
    return buffer.getvalue()


def _rows(detail: Detail, name: str) -> Iterable[Noun]:
    if name == "incidents":
        return [flat(detail)]
    return {"mentions": _mentions, "links": _links, "items": _items}[name](detail)


def _mentions(detail: Detail) -> Iterator[Noun]:
    for mention in detail.mentions:
        event, claimant = mention.event, mention.event.claimant
        yield MentionRow(
            mention_id=mention.id,
            event_id=detail.incident.id,
            article_id=mention.article,
            outlet=mention.outlet,
            published=mention.published,
            status=event.status,
            claimant=claimant.name if claimant else None,
            claimant_state=claimant.state if claimant else None,
            date_edtf=event.date,
            count=event.count,
            start=event.evidence.start,
            end=event.evidence.end,
            quote=event.evidence.text,
        )


def _links(detail: Detail) -> Iterator[Noun]:
    for link in detail.answers:
        low, high = link.delay or (None, None)
        yield LinkRow(
            event_id=link.answer.id,
            answers=link.answered.id,
            explicit=link.explicit,
            in_kind=link.in_kind,
            delay_low=low,
            delay_high=high,
        )


def _items(detail: Detail) -> Iterator[Noun]:
    for one in detail.items:
        same = {name: getattr(one, name) for name in ("kind", "holder", "toward", "opened", "due", "state", "closer")}
        yield ItemRow(event_id=detail.incident.id, **same)
