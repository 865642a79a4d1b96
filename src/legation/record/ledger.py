"""Two states side by side, and one mission through time."""

from typing import Any

from sqlalchemy import Connection, func, select

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
    columns, tallies = [], []
    for side, cursor in zip((first, second), before, strict=True):
        columns.append(_column(tx, first, second, side, cursor, limit))
        tallies.append(_tally(tx, first, second, side))
    shown = {pk: one for pks, _ in columns for pk, one in pks.items()}
    answers, answered_by = links_of(tx, shown)
    repaid = {link.answered.id for link in answered_by}
    answering = {
        link.answer.id for link in answers if link.answered.group in MEASURES and link.answered in shown.values()
    }
    pair = (item.c.receiving == first) & (item.c.sending == second)
    back = (item.c.receiving == second) & (item.c.sending == first)
    waiting = [one for side in (pair, back) for one in items_of(tx, side, item.c.state == "open", limit=limit)]
    return Ledger(
        first=first,
        second=second,
        by_first=columns[0][1],
        by_second=columns[1][1],
        tally_first=tallies[0],
        tally_second=tallies[1],
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


def _column(
    tx: Connection, first: str, second: str, side: str, cursor: str | None, limit: int
) -> tuple[dict[int, Incident], Page[Incident]]:
    after = decode_cursor(cursor)
    found: list[tuple[int, int]] = []
    for receiving, sending in ((first, second), (second, first)):
        query = select(_c.day, _c.pk).where(_c.receiving == receiving, _c.sending == sending, _c.side == side)
        query = query.where(_c.review != "rejected").order_by(_c.day.desc(), _c.pk.desc()).limit(limit + 1)
        if after:
            query = query.where((_c.day < after[0]) | (_c.day == after[0]) & (_c.pk < after[1]))
        found += [(row.day, row.pk) for row in tx.execute(query)]
    found.sort(reverse=True)
    more, found = len(found) > limit, found[:limit]
    loaded = load(tx, [pk for _, pk in found])
    shown = {pk: loaded[pk] for _, pk in found}
    return shown, Page(items=tuple(shown.values()), next=encode_cursor(*found[-1]) if more else None)


def _tally(tx: Connection, first: str, second: str, side: str) -> tuple[Tally, ...]:
    sums: dict[str, list[int]] = {}
    columns: tuple[Any, ...] = (func.count(), func.sum(_c.count), func.sum(_c.count_low), func.sum(_c.count_high))
    for receiving, sending in ((first, second), (second, first)):
        query = select(_c.type, *columns).where(_c.receiving == receiving, _c.sending == sending, _c.side == side)
        query = query.where(_c.status.in_(("reported", "claimed")), _c.review != "rejected", ~_c.aggregate)
        for type, *numbers in tx.execute(query.group_by(_c.type)):
            sums[type] = [a + (b or 0) for a, b in zip(sums.get(type, [0, 0, 0, 0]), numbers, strict=True)]
    return tuple(
        Tally(type=type, incidents=n, count=count, count_low=low, count_high=high)
        for type, (n, count, low, high) in sorted(sums.items())
    )


def _done(one: Incident) -> bool:
    return one.status in ("reported", "claimed")


def _pks(tx: Connection, shown: Page[Incident]) -> list[int]:
    return list(tx.execute(select(_c.pk).where(_c.id.in_([one.id for one in shown.items]))).scalars())
