"""Two states side by side, and one mission through time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select, tuple_, union_all

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
    pks = [pk for column in found.values() for _, pk in column[:limit]]
    loaded = load(tx, pks)
    shown = {pk: loaded[pk] for pk in pks}
    columns = {
        side: Page(
            items=tuple(shown[pk] for _, pk in column[:limit]),
            next=encode_cursor(*column[limit - 1]) if len(column) > limit else None,
        )
        for side, column in found.items()
    }
    tallies = _tallies(tx, first, second)
    answers, answered_by = links_of(tx, shown)
    ids = {one.id for one in shown.values()}
    settled = {link.answered.id for link in answered_by}
    settled |= {link.answer.id for link in answers if link.answered.group in MEASURES and link.answered.id in ids}
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
            one for one in shown.values() if one.group == "restriction" and one.id not in settled and _done(one)
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


def _between(side: str, *columns: Any) -> Iterator[Select[Any]]:
    """What a side ("first" or "second") did, for each of the two in the part of the receiving state: each is a stretch of one index."""
    for receiving, sending in (("first", "second"), ("second", "first")):
        yield select(*columns).where(
            _c.receiving == bindparam(receiving),
            _c.sending == bindparam(sending),
            _c.side == bindparam(side),
            _c.review != "rejected",
        )


_SIDES = ("first", "second")
_NEWEST = union_all(
    *(
        select(
            query.where(tuple_(_c.day, _c.pk) < tuple_(bindparam(f"{side}_day"), bindparam(f"{side}_pk")))
            .order_by(_c.day.desc(), _c.pk.desc())
            .limit(bindparam("most"))
            .subquery()
        )
        for side in _SIDES
        for query in _between(side, _c.side, _c.day, _c.pk)
    )
)
_SUMS = union_all(
    *(
        query.where(_c.status.in_(("reported", "claimed")), ~_c.aggregate).group_by(_c.side, _c.type)
        for side in _SIDES
        for query in _between(
            side, _c.side, _c.type, func.count(), func.sum(_c.count), func.sum(_c.count_low), func.sum(_c.count_high)
        )
    )
)
"""Put together once: that takes longer than the answers."""
_LAST = (2**31 - 1, 2**31 - 1)


def _columns(
    tx: Connection, first: str, second: str, before: tuple[str | None, str | None], limit: int
) -> dict[str, list[tuple[int, int]]]:
    """Day and pk of what each side did, newest first from its cursor on, one more than fit."""
    given: dict[str, Any] = {"first": first, "second": second, "most": limit + 1}
    for side, cursor in zip(_SIDES, before, strict=True):
        given[f"{side}_day"], given[f"{side}_pk"] = decode_cursor(cursor) or _LAST
    found: dict[str, list[tuple[int, int]]] = {first: [], second: []}
    for side, day, pk in tx.execute(_NEWEST, given):
        found[side].append((day, pk))
    return {side: sorted(column, reverse=True)[: limit + 1] for side, column in found.items()}


def _tallies(tx: Connection, first: str, second: str) -> dict[str, tuple[Tally, ...]]:
    """How much of what each side did."""
    sums: dict[str, dict[str, list[int]]] = {first: {}, second: {}}
    for side, type, *numbers in tx.execute(_SUMS, {"first": first, "second": second}):
        sums[side][type] = [a + (b or 0) for a, b in zip(sums[side].get(type, [0, 0, 0, 0]), numbers, strict=True)]
    return {
        side: tuple(
            Tally(type=type, incidents=n, count=count, count_low=low, count_high=high)
            for type, (n, count, low, high) in sorted(of.items())
        )
        for side, of in sums.items()
    }


def _done(one: Incident) -> bool:
    return one.status in ("reported", "claimed")


def _pks(tx: Connection, shown: Page[Incident]) -> list[int]:
    return list(tx.execute(select(_c.pk).where(_c.id.in_([one.id for one in shown.items]))).scalars())
