"""RSS, Atom and JSON feeds: what each entry says of itself, its text where the feed has the whole of it.

Of an aggregator's entry the outlet is the one its ``<source>`` names, not the aggregator.
"""

from typing import Any, NamedTuple

import msgspec

from legation.sources import Raw
from legation.sources.web import Page

WHOLE = 600
"""Characters from which a feed's text counts as the article; shorter ones are teasers, and the page is fetched."""


class Entry(NamedTuple):
    """An article of a feed."""

    url: str | None
    title: str | None
    outlet: str | None
    published: str | None
    text: str | None

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What the feed says of the article, for a page that does not say it itself."""
        known = {"title": self.title, "outlet": self.outlet, "published": self.published, "url": self.url}
        return tuple((name, value) for name, value in known.items() if value)

    def raw(self, feed: str) -> Raw:
        """The entry's own text as an input."""
        line = {"text": self.text, "source": self.url or feed, **dict(self.said)}
        return Raw(self.url or feed, "line", msgspec.json.encode(line))


def entries(page: Page) -> list[Entry] | None:
    """The entries of a feed, None if the page is none."""
    head = page.data[:2000].lstrip()
    if page.media_type in ("application/feed+json", "application/json") or head.startswith(b"{"):
        return _json(page)
    marks = (b"<rss", b"<feed", b"<rdf:RDF", b"<channel")
    return _xml(page) if any(mark in head for mark in marks) else None


def _xml(page: Page) -> list[Entry]:
    import feedparser

    about = {"content-location": page.url}
    found = feedparser.parse(
        page.data, response_headers=about, sanitize_html=False
    )  # made into text below, never shown
    outlet = found.feed.get("title")
    made = []
    for entry in found.entries:
        texts = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
        stamp = entry.get("published") or entry.get("updated")
        made.append(
            Entry(
                url=entry.get("link"),
                title=_plain(entry.get("title")),
                outlet=_plain((entry.get("source") or {}).get("title") or outlet),
                published=_day(stamp, entry.get("published_parsed") or entry.get("updated_parsed")),
                text=_whole(max(texts, key=len, default="")),
            )
        )
    return made


def _json(page: Page) -> list[Entry] | None:
    """JSON Feed 1.1 (jsonfeed.org)."""
    try:
        feed: Any = msgspec.json.decode(page.data)
    except msgspec.DecodeError:
        return None
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        return None
    return [
        Entry(
            url=item.get("url") or item.get("external_url"),
            title=_plain(item.get("title")),
            outlet=_plain(feed.get("title")),
            published=_day(item.get("date_published"), None),
            text=_whole(item.get("content_html") or item.get("content_text") or ""),
        )
        for item in feed.get("items", [])
        if isinstance(item, dict)
    ]


def _whole(markup: str) -> str | None:
    """The text of an entry's markup, paragraph by line, if it is long enough to be the article."""
    text = _text(markup)
    return text if len(text) >= WHOLE else None


def _text(markup: str) -> str:
    if "<" not in markup:
        return markup.strip()
    from lxml import html

    tree = html.fragment_fromstring(markup, create_parent="div")
    for gone in tree.xpath("//script|//style|//figure|//iframe"):
        gone.drop_tree()
    for end in tree.xpath("//p|//br|//div|//li|//h1|//h2|//h3|//h4|//blockquote|//tr"):
        end.tail = "\n" + (end.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _plain(text: str | None) -> str | None:
    return " ".join(_text(text).split()) or None if text else None


def _day(stamp: str | None, parsed: Any) -> str | None:
    """The day of a date of a feed, as written there (not moved to another time zone)."""
    from email.utils import parsedate_to_datetime

    if not stamp:
        return None
    if stamp[:4].isdigit() and stamp[4:5] == "-":
        return stamp[:10]
    try:
        return parsedate_to_datetime(stamp).date().isoformat()
    except (ValueError, TypeError):
        return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}" if parsed else None
