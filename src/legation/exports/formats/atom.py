"""An Atom feed (RFC 4287) of incidents, the last changed first: what happened, who says so, on which page of whose.

Entries keep their id when they change; `updated` is the time of the change on this record, so a feed, unlike the other exports, depends
on when articles came.
"""

from typing import IO
from xml.etree import ElementTree

from legation.exports.formats.words import told
from legation.record import Record
from legation.record.nouns import Change, Detail, Filter

_ATOM = "http://www.w3.org/2005/Atom"
LONGEST = 200
"""Entries of a feed at most: the last changed."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    entries = record.last_changed(wanted, LONGEST)
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", "urn:legation:record")
    _text(feed, "title", "Legation: incidents concerning diplomats and missions")
    _text(feed, "updated", entries[0][0].at if entries else "1970-01-01T00:00:00Z")
    _text(ElementTree.SubElement(feed, f"{{{_ATOM}}}author"), "name", "Legation")
    for change, detail in entries:
        _entry(feed, change, detail)
    ElementTree.indent(feed)
    out.write(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n")


def _entry(feed: ElementTree.Element, change: Change, detail: Detail) -> None:
    one = detail.incident
    entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
    _text(entry, "id", f"urn:legation:incident:{one.id}")
    _text(entry, "title", told(one))
    _text(entry, "updated", change.at)
    for value in (one.type, one.group, one.status, one.standing):
        ElementTree.SubElement(entry, f"{{{_ATOM}}}category", term=value)
    said = [f"{told(one)} {one.status}, {one.standing}; {one.sources} independent of {one.articles} articles."]
    for claim in detail.claims[:20]:
        who = claim.name or claim.side or claim.outlet or claim.article
        said.append(f"{who} {claim.stance} ({claim.outlet or 'outlet not known'}): “{claim.quote}”")
    if change.kind == "changed":
        said.append("Changed: " + ", ".join(sorted(change.fields)) + ".")
    _text(entry, "summary", "\n".join(said))


def _text(parent: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(c for c in value if c >= " " or c in "\n\t")
