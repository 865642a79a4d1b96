"""A typed client of the desk's HTTP API: the nouns of the record over the wire.

>>> with Client("http://127.0.0.1:8765") as desk:  # doctest: +SKIP
...     for one in desk.every(state="RUS", since="2024"):
...         print(one.date, one.headline)
"""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import msgspec

from legation.desk.signing import signed
from legation.record.nouns import (
    ArticleDetail,
    Change,
    Decision,
    Detail,
    Facets,
    Incident,
    Ingested,
    Item,
    Ledger,
    Page,
    PostHistory,
)
from legation.schema import Noun, Reading

__all__ = ["Client", "Refused", "signed"]

T = TypeVar("T")


class Refused(Exception):
    """What the desk answered instead: `status` and what to do (`detail`), from its problem details."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class _Changes(Noun, frozen=True, kw_only=True):
    items: tuple[Change, ...]
    next: int


class _Items(Noun, frozen=True, kw_only=True):
    items: tuple[Item, ...]


class _Total(Noun, frozen=True, kw_only=True):
    count: int
    more: bool


class Client:
    """A desk at an address. Filters are those of `legation.record.nouns.Filter`, by name; errors raise `Refused`.

    `token`: of an account, where the desk has any (``legation desk user token NAME``).
    """

    def __init__(self, address: str, *, token: str | None = None, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(timeout=60)
        if token:
            self._http.headers["Authorization"] = f"Bearer {token}"
        self._base = address.rstrip("/") + "/api/v1"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def incidents(self, *, cursor: str | None = None, limit: int = 50, **filter: Any) -> Page[Incident]:
        """A page of incidents, newest first."""
        return self._get(Page[Incident], "/incidents", **_query(filter), cursor=cursor, limit=limit)

    def every(self, **filter: Any) -> Iterator[Incident]:
        """All incidents that pass a filter, page by page."""
        cursor = None
        while True:
            page = self.incidents(cursor=cursor, limit=500, **filter)
            yield from page.items
            if (cursor := page.next) is None:
                return

    def count(self, **filter: Any) -> int:
        """How many pass a filter; 10,000 is 10,000 or more."""
        return self._get(_Total, "/incidents/count", **_query(filter)).count

    def facets(self, **filter: Any) -> Facets:
        """How many that pass a filter are of which type, group, status, standing and state."""
        return self._get(Facets, "/incidents/facets", **_query(filter))

    def incident(self, id: str) -> Detail:
        """All about one incident."""
        return self._get(Detail, f"/incidents/{id}")

    def decide(self, action: str, incident: str, *, reason: str, author: str | None = None, **given: Any) -> Decision:
        """Confirm, correct (field, value), reject, merge (other), split (mentions) or annotate (note)."""
        if isinstance(given.get("value"), int):
            given["value"] = str(given["value"])
        body = {"action": action, "reason": reason, "author": author} | given
        return self._post(Decision, f"/incidents/{incident}/decisions", body)

    def undo(self, decision: int, *, reason: str, author: str | None = None) -> Decision:
        """Take a decision back."""
        return self._post(Decision, f"/decisions/{decision}/undo", {"reason": reason, "author": author})

    def changes(self, updated_since: int = 0) -> Iterator[Change]:
        """All changes after one (its `seq`), in order; those that are gone are tombstones."""
        while True:
            found = self._get(_Changes, "/changes", updated_since=updated_since, limit=500)
            if not found.items:
                return
            yield from found.items
            updated_since = found.next

    def pair(self, first: str, second: str) -> Ledger:
        """Two states side by side."""
        return self._get(Ledger, f"/pairs/{first}/{second}")

    def post(self, spec: str, *, cursor: str | None = None) -> PostHistory:
        """One mission through time, like "embassy RUS ANKARA"."""
        return self._get(PostHistory, "/posts", post=spec, cursor=cursor)

    def open_items(self, *, holder: str | None = None, toward: str | None = None) -> tuple[Item, ...]:
        """What waits for an answer, the oldest first."""
        return self._get(_Items, "/items", holder=holder, toward=toward).items

    def article(self, id: str) -> ArticleDetail:
        """One article with its reading."""
        return self._get(ArticleDetail, f"/articles/{id}")

    def read(self, text: str, **said: str | None) -> Reading:
        """The reading of a text (title, outlet, published, url as far as known); nothing is stored."""
        return self._post(Reading, "/readings", {"text": text} | said)

    def read_link(self, link: str) -> Reading:
        """The reading of the page at an address; nothing is stored."""
        return self._post(Reading, "/readings", {"link": link})

    def keep(self, reading: str, *, author: str | None = None) -> Ingested:
        """Put a reading that was just made on the record."""
        return self._post(Ingested, f"/readings/{reading}/keep", {"author": author})

    def _get(self, kind: type[T], path: str, **query: Any) -> T:
        asked = {name: value for name, value in query.items() if value is not None}
        return _answer(self._http.get(self._base + path, params=asked), kind)

    def _post(self, kind: type[T], path: str, body: dict[str, Any]) -> T:
        return _answer(self._http.post(self._base + path, json=body), kind)


def _query(filter: dict[str, Any]) -> dict[str, Any]:
    pair = filter.get("pair")
    return filter | ({"pair": "-".join(pair)} if isinstance(pair, tuple | list) else {})


def _answer(got: httpx.Response, kind: type[T]) -> T:
    if got.is_error:
        problem = got.json() if got.headers.get("content-type") == "application/problem+json" else {}
        raise Refused(got.status_code, problem.get("detail", got.reason_phrase))
    return msgspec.json.decode(got.content, type=kind)
