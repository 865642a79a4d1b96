"""The feed of a watch: Atom (RFC 4287) and JSON Feed 1.1. An entry is a notice; what is told once keeps its id for good."""

from collections.abc import Sequence

import msgspec

from legation.desk import telling
from legation.desk.words import moment
from legation.exports.feed import Feed
from legation.record.watches import Notice, Watch


def atom(watch: Watch, notices: Sequence[Notice], desk: str) -> bytes:
    """The last notices as Atom, the last first."""
    updated = notices[0].at if notices else moment(watch.made).replace(" ", "T") + ":00Z"
    feed = Feed(f"urn:legation:watch:{watch.id}", f"Legation: {watch.name}", updated)
    for notice in notices:
        feed.entry(
            _id(watch, notice),
            telling.headline(notice),
            notice.at,
            telling.lines(notice, None),
            terms=_terms(notice),
            link=telling.link(notice, desk),
        )
    return bytes(feed)


def json(watch: Watch, notices: Sequence[Notice], desk: str) -> bytes:
    """The same as JSON Feed."""
    items = [
        {
            "id": _id(watch, notice),
            "url": telling.link(notice, desk),
            "title": telling.headline(notice),
            "content_text": "\n".join(telling.lines(notice, None)),
            "date_published": notice.at,
            "tags": _terms(notice),
        }
        for notice in notices
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": f"Legation: {watch.name}", "items": items}
    return msgspec.json.encode(feed)


def _id(watch: Watch, notice: Notice) -> str:
    return f"urn:legation:watch:{watch.id}:{notice.seq}"


def _terms(notice: Notice) -> list[str]:
    return [notice.kind, *([notice.incident.type] if notice.incident else [])]
