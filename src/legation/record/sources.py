"""How many independent sources an incident has: which articles count once, and why.

Articles count once that are copies of one another, that credit the same agency, or whose outlets have one owner. A report that
an outlet relays ("Reuters, citing Radio Nova") is that of whoever is relayed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Generic, TypeVar

from legation import atlas
from legation.record.rows import Row
from legation.record.score import plain

T = TypeVar("T", int, str)


class Groups(Generic[T]):
    """Things united one by one; `root` is the least of those united."""

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}

    def root(self, thing: T) -> T:
        parent = self._parent.setdefault(thing, thing)
        if parent != thing:
            parent = self._parent[thing] = self.root(parent)
        return parent

    def unite(self, one: T, two: T) -> None:
        low, high = sorted((self.root(one), self.root(two)))
        self._parent[high] = low


@cache
def owner(outlet: str) -> str:
    """Who owns an outlet in the end, by the atlas; the outlet itself where that is not known."""
    known = atlas.load().outlet(outlet)
    seen = set()
    while known and known.owner and known.name not in seen:
        seen.add(known.name)
        above = atlas.load().outlet(known.owner)
        if above is None:
            return known.owner
        known = above
    return known.name if known else plain(outlet) or outlet


def origins(rows: Iterable[Row]) -> Groups[str]:
    """The articles (`a<pk>`) of mentions united by what makes them one source."""
    groups = Groups[str]()
    for row in rows:
        article = f"a{row.article}"
        groups.unite(article, f"copies {row.copies}")
        agency = row.relay or row.credit
        if agency:
            groups.unite(article, f"owner {owner(agency)}")
        elif row.outlet:
            groups.unite(article, f"owner {owner(row.outlet)}")
    return groups


def independent(rows: Sequence[Row], groups: Groups[str] | None = None) -> int:
    """The number of independent sources."""
    groups = groups or origins(rows)
    return len({groups.root(f"a{row.article}") for row in rows})


def by_source(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by source, the source that published first first."""
    groups = origins(rows)
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: r.order):
        found[groups.root(f"a{row.article}")].append(row)
    return list(found.values())
