"""An Atom feed (RFC 4287) of incidents, the last changed first: what happened, who says so, on which page of whose.

Entries keep their id when they change; `updated` is the time of the change on this record, so a feed, unlike the other exports, depends
on when articles came.
"""

from collections.abc import Iterator
from typing import IO

from legation.exports.feed import Feed
from legation.exports.formats.words import told
from legation.record import Record
from legation.record.nouns import Change, Detail, Filter

LONGEST = 200
"""Entries of a feed at most: the last changed."""


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    entries = record.last_changed(wanted, LONGEST)
    updated = entries[0][0].at if entries else "1970-01-01T00:00:00Z"
    feed = Feed("urn:legation:record", "Legation: incidents concerning diplomats and missions", updated)
    for change, detail in entries:
        one = detail.incident
        terms = (one.type, one.group, one.status, one.standing)
        feed.entry(f"urn:legation:incident:{one.id}", told(one), change.at, _said(change, detail), terms=terms)
    out.write(bytes(feed))


def _said(change: Change, detail: Detail) -> Iterator[str]:
    """What happened, who says so, what changed."""
    one = detail.incident
    yield f"{told(one)} {one.status}, {one.standing}; {one.sources} independent of {one.articles} articles."
    for claim in detail.claims[:20]:
        who = claim.name or claim.side or claim.outlet or claim.article
        yield f"{who} {claim.stance} ({claim.outlet or 'outlet not known'}): “{claim.quote}”"
    if change.kind == "changed":
        yield "Changed: " + ", ".join(sorted(change.fields)) + "."
