"""The feed of a watch: Atom (RFC 4287) and JSON Feed 1.1. An entry is a notice; what is told once keeps its id for good."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import msgspec

from legation.desk import telling
from legation.desk.words import moment
from legation.record.watches import Notice, Watch

_ATOM = "http://www.w3.org/2005/Atom"


def atom(watch: Watch, notices: Sequence[Notice], desk: str) -> bytes:
    """The last notices as Atom, the last first."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", f"urn:legation:watch:{watch.id}")
    _text(feed, "title", f"Legation: {watch.name}")
    _text(feed, "updated", notices[0].at if notices else moment(watch.made).replace(" ", "T") + ":00Z")
    _text(ElementTree.SubElement(feed, f"{{{_ATOM}}}author"), "name", "Legation")
    for notice in notices:
        entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", _id(watch, notice))
        _text(entry, "title", telling.headline(notice))
        _text(entry, "updated", notice.at)
        ElementTree.SubElement(entry, f"{{{_ATOM}}}link", href=telling.link(notice, desk))
        ElementTree.SubElement(entry, f"{{{_ATOM}}}category", term=notice.kind)
        if notice.incident:
            ElementTree.SubElement(entry, f"{{{_ATOM}}}category", term=notice.incident.type)
        _text(entry, "summary", "\n".join(telling.lines(notice, None)))
    ElementTree.indent(feed)
    told: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return told + b"\n"


def json(watch: Watch, notices: Sequence[Notice], desk: str) -> bytes:
    """The same as JSON Feed."""
    items: list[dict[str, Any]] = [
        {
            "id": _id(watch, notice),
            "url": telling.link(notice, desk),
            "title": telling.headline(notice),
            "content_text": "\n".join(telling.lines(notice, None)),
            "date_published": notice.at,
            "tags": [notice.kind, *([notice.incident.type] if notice.incident else [])],
        }
        for notice in notices
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": f"Legation: {watch.name}", "items": items}
    return msgspec.json.encode(feed)


def _id(watch: Watch, notice: Notice) -> str:
    return f"urn:legation:watch:{watch.id}:{notice.seq}"


def _text(parent: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(c for c in value if c >= " " or c in "\n\t")
