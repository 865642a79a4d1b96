"""Two states side by side, and one mission through time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, union_all

from legation.record import days
from legation.record.build import MEASURES, post_key
from legation.record.detail import items_of, links_of
from legation.record.nouns import Filter, Incident, Ledger, Page, PostHistory, Tally
from legation.record.queries import decode_cursor, encode_cursor, load, page, post_spec
from legation.record.store import WrongUsage
from legation.record.tables import facet, incident, item
from legation.schema import Post

_c = incident.c


def ledger(tx: Connection, first: str, second: str, *, limit: int, before: tuple[str | None, str | None]) -> Ledger:
    """The ledger of two states, each column newest first from a cursor on."""
    if first == second:
        raise WrongUsage(f"pair {first} {second}: name two different states, by their ISO 3166 alpha-3 codes")
    found = _columns(tx, first, second, before, limit)
    shown = load(tx, [pk for column in found.values() for _, pk in column[:limit]])
    columns = {
        side: Page(
            items=tuple(shown[pk] for _, pk in column[:limit]),
            next=encode_cursor(*column[limit - 1]) if len(column) > limit else None,
        )
        for side, column in found.items()
    }
    tallies = _tallies(tx, first, second)
    answers, answered_by = links_of(tx, shown)
    repaid = {link.answered.id for link in answered_by}
    answering = {
        link.answer.id for link in answers if link.answered.group in MEASURES and link.answered in shown.values()
    }
    pairs = [(item.c.receiving == a) & (item.c.sending == b) for a, b in ((first, second), (second, first))]
    waiting = items_of(tx, or_(*pairs), item.c.state == "open", limit=2 * limit)
    return Ledger(
        first=first,
        second=second,
        by_first=columns[first],
        by_second=columns[second],
        tally_first=tallies[first],
        tally_second=tallies[second],
        links=tuple({(one.answer.id, one.answered.id): one for one in (*answers, *answered_by)}.values()),
        unanswered=tuple(
            one
            for one in shown.values()
            if one.group == "restriction" and one.id not in repaid | answering and _done(one)
        ),
        items=tuple(sorted(waiting, key=lambda one: (one.opened or "", one.incident, one.kind))),
    )


def post(tx: Connection, words: str, cursor: str | None, limit: int) -> PostHistory:
    """The history of the posts that "embassy RUS ANKARA" names."""
    spec = post_spec(words)
    key = post_key(*spec)
    kept = (facet.c.key == key, facet.c.review != "rejected")
    groups = tx.execute(select(facet.c.grp, func.count()).where(*kept).group_by(facet.c.grp)).all()
    latest = {}
    for type in ("post_closed", "post_opened"):
        newest = select(facet.c.day).where(*kept, facet.c.type == type).order_by(facet.c.day.desc()).limit(1)
        latest[type] = days.iso(tx.execute(newest).scalar())
    incidents = page(tx, Filter(post=words), cursor, limit)
    in_ = spec.place if spec.place.isupper() else None
    return PostHistory(
        post=Post(kind=spec.kind or "mission", of=spec.of, in_=in_, city=None if in_ else spec.place),
        incidents=incidents,
        by_group=dict(sorted(groups)),
        last_closed=latest["post_closed"],
        last_opened=latest["post_opened"],
        items=items_of(tx, item.c.incident.in_(_pks(tx, incidents)), item.c.state == "open"),
    )


def _columns(
    tx: Connection, first: str, second: str, before: tuple[str | None, str | None], limit: int
) -> dict[str, list[tuple[int, int]]]:
    """Day and pk of what each side did, newest first from its cursor on, one more than fit."""
    parts = []
    for side, cursor in zip((first, second), before, strict=True):
        after = decode_cursor(cursor)
        for query in _between(first, second, side, _c.side, _c.day, _c.pk):
            query = query.order_by(_c.day.desc(), _c.pk.desc()).limit(limit + 1)
            if after:
                query = query.where((_c.day < after[0]) | (_c.day == after[0]) & (_c.pk < after[1]))
            parts.append(select(query.subquery()))
    found: dict[str, list[tuple[int, int]]] = {first: [], second: []}
    for side, day, pk in tx.execute(union_all(*parts)):
        found[side].append((day, pk))
    return {side: sorted(column, reverse=True)[: limit + 1] for side, column in found.items()}


def _tallies(tx: Connection, first: str, second: str) -> dict[str, tuple[Tally, ...]]:
    """How much of what each side did."""
    columns: tuple[Any, ...] = (func.count(), func.sum(_c.count), func.sum(_c.count_low), func.sum(_c.count_high))
    parts = [
        query.where(_c.status.in_(("reported", "claimed")), ~_c.aggregate).group_by(_c.side, _c.type)
        for side in (first, second)
        for query in _between(first, second, side, _c.side, _c.type, *columns)
    ]
    sums: dict[str, dict[str, list[int]]] = {first: {}, second: {}}
    for side, type, *numbers in tx.execute(union_all(*parts)):
        sums[side][type] = [a + (b or 0) for a, b in zip(sums[side].get(type, [0, 0, 0, 0]), numbers, strict=True)]
    return {
        side: tuple(
            Tally(type=type, incidents=n, count=count, count_low=low, count_high=high)
            for type, (n, count, low, high) in sorted(of.items())
        )
        for side, of in sums.items()
    }


def _between(first: str, second: str, side: str, *columns: Any) -> Iterator[Select[Any]]:
    """What a side did, for each of the two in the part of the receiving state: each is a stretch of one index."""
    for receiving, sending in ((first, second), (second, first)):
        yield select(*columns).where(
            _c.receiving == receiving, _c.sending == sending, _c.side == side, _c.review != "rejected"
        )


def _done(one: Incident) -> bool:
    return one.status in ("reported", "claimed")


def _pks(tx: Connection, shown: Page[Incident]) -> list[int]:
    return list(tx.execute(select(_c.pk).where(_c.id.in_([one.id for one in shown.items]))).scalars())
