"""Taking in: a text is read at once and shown; only what a person then keeps goes on the record."""

from collections import OrderedDict
from pathlib import PurePath
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from legation.desk.problems import Problem
from legation.schema import Article, Reading
from legation.sources import KINDS, MAX_BYTES, Raw, Unreadable, article, from_text

if TYPE_CHECKING:
    from legation.record import Record
    from legation.record.nouns import Ingested

SHELF = 32
"""Readings that wait to be kept; the oldest makes room."""
FETCHED = 3
"""Links fetched at one time."""


class Intake:
    """Reads one text at a time (the parser is one), and remembers readings until they are kept."""

    def __init__(self, record: "Record", *, private: bool = False) -> None:
        """`private`: links may lead to machines that are not on the public internet."""
        self._record, self._lock, self._private = record, Lock(), private
        self._fetching = BoundedSemaphore(FETCHED)
        self._shelf: OrderedDict[str, Reading] = OrderedDict()

    def read_text(self, text: str, **said: str | None) -> Reading:
        """The reading of a pasted text; `said`: title, outlet, published (EDTF), url. Raises Problem 422."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text.encode("utf-8", "replace")) > MAX_BYTES:
            raise Problem(422, f"the text is over the limit of {MAX_BYTES:,} bytes; give it in parts")
        try:
            return self._read(from_text(text, said.get("url") or "pasted", **said))
        except Unreadable as error:
            raise Problem(422, str(error)) from None

    def read_file(self, name: str, data: bytes) -> Reading:
        """The reading of a dropped file (.txt, .html, .eml, .pdf). Raises Problem 422."""
        kind = KINDS.get(PurePath(name.casefold()).suffix)
        if kind in (None, "line"):
            raise Problem(
                422,
                f"{name}: give one article as .txt, .html, .eml or .pdf; `legation ingest` takes folders and .jsonl",
            )
        if data[:300].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            kind = "html"
        try:
            return self._read(article(Raw(name, kind, data)))
        except Unreadable as error:
            raise Problem(422, str(error)) from None

    def read_link(self, url: str) -> Reading:
        """The reading of the page at an address, fetched as `legation ingest` does: politely, from public addresses alone. Raises Problem 422, 503."""
        from legation.sources import feeds
        from legation.sources.web import Web, raw

        if not self._fetching.acquire(blocking=False):
            raise Problem(503, f"{FETCHED} links are being fetched; try again in a moment")
        try:
            page = Web(private=self._private).fetch(url)
            if page is None or feeds.entries(page) is not None:
                raise Problem(
                    422,
                    f"{url}: is a feed of many articles; `legation ingest {url}` takes them, a link to one is read here",
                )
            found = article(raw(url, page))
        except Unreadable as error:
            raise Problem(
                422,
                f"{error.source}: {error.reason}; save the page in your browser and give it as a file, or paste its text",
            ) from None
        finally:
            self._fetching.release()
        return self._read(found)

    def waiting(self, id: str) -> Reading:
        """A reading that was shown and not yet kept. Raises Problem 404."""
        with self._lock:
            found = self._shelf.get(id)
        if found is None:
            raise Problem(404, f"reading {id}: no longer waits; read the text again")
        return found

    def keep(self, id: str, author: str) -> "Ingested":
        """Put a reading on the record."""
        from legation.record.versions import current

        reading = self.waiting(id)
        done = self._record.ingest([reading], versions=current(), author=author)
        with self._lock:
            self._shelf.pop(id, None)
        return done

    def _read(self, found: Article) -> Reading:
        from legation.cleaning import clean
        from legation.reading import read

        with self._lock:
            reading = read(clean(found), triage=False)
            self._shelf[reading.id] = reading
            while len(self._shelf) > SHELF:
                self._shelf.popitem(last=False)
        return reading
