"""What answers what: links that articles state, and those that direction, kind and time suggest.

An incident answers another when a mention of it says so. A measure (restriction, sending, relations) that states no link is taken
to answer the other state's last measure of the `WINDOW` days before, one of its own type first; such a link is marked inferred.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from legation.record import days
from legation.record.batch import Questions, among, chunks, then, update_rows
from legation.record.nouns import Incident
from legation.record.tables import event, incident

WINDOW = 30
"""Days in which an unlinked measure is taken for an answer. No source gives a number: it is a month, as news counts."""

_DONE = ("reported", "claimed", "announced")
_c = incident.c
_MEASURE = _c.measure & ~_c.aggregate & _c.status.in_(_DONE) & (_c.review != "rejected")
_answered = event.alias()


def infer(tx: Connection, changed: Iterable[Incident]) -> None:
    """Set the inferred answer of every measure that changed incidents (as they were, as they are) can touch."""
    asked: set[tuple[str, str, int, int]] = set()
    for one in changed:
        day = days.span(one.day)
        if one.receiving and one.sending and day:
            asked |= _both(one.receiving, one.sending, day[0], day[0] + WINDOW)
    dirty = {row.pk: row for row in _measures(tx, asked)}
    stated = {pk for pk, _ in stated_links(tx, dirty)}
    before: dict[tuple[str, str], list[Any]] = defaultdict(list)
    asked = set()
    for row in dirty.values():
        asked |= _both(row.receiving, row.sending, row.day - WINDOW, row.day - 1)
    for row in {row.pk: row for row in _measures(tx, asked)}.values():
        if row.valid:
            before[_pair(row)].append(row)
    moves = []
    for row in dirty.values():
        best = None
        if row.valid and row.pk not in stated:
            other = row.sending if row.side == row.receiving else row.receiving
            possible = (b for b in before[_pair(row)] if b.side == other and 0 < row.day - b.day <= WINDOW)
            best = max(possible, key=lambda b: (b.type == row.type, b.day, b.id), default=None)
        if (best.pk if best else None) != row.answers:
            moves.append({"pk": row.pk, "answers": best.pk if best else None})
    update_rows(tx, incident, ["pk"], moves)


def stated_links(tx: Connection, answers: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """(Answer, answered) → the mentions that say so, for answers (pk) in other incidents."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    columns = (event.c.incident, _answered.c.incident, event.c.id)
    for some in chunks(sorted(answers), 500):
        query = select(*columns).join_from(event, _answered, event.c.answers == _answered.c.pk)
        query = query.where(among(tx, event.c.incident, some), event.c.answers.is_not(None))
        query = query.where(event.c.incident != _answered.c.incident)
        for one, other, id in tx.execute(query.order_by(event.c.id)).all():
            found[one, other].append(id)
    return found


def stated_answers(tx: Connection, answered: Iterable[int]) -> dict[tuple[int, int], list[str]]:
    """(Answer, answered) → the mentions that say so, for what was answered (pk)."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for some in chunks(sorted(answered), 500):
        query = select(event.c.incident, _answered.c.incident, event.c.id).join_from(
            _answered, event, event.c.answers == _answered.c.pk
        )
        query = query.where(among(tx, _answered.c.incident, some), event.c.incident != _answered.c.incident)
        for one, other, id in tx.execute(query.order_by(event.c.id)).all():
            found[one, other].append(id)
    return found


def _measures(tx: Connection, asked: set[tuple[str, str, int, int]]) -> list[Any]:
    """Measures between pairs of states, of a span of days each; `valid` ones can answer and be answered."""
    q = Questions(tx, receiving=str, sending=str, low=int, high=int)
    near = (
        (_c.receiving == q.c.receiving) & (_c.sending == q.c.sending) & _c.day.between(q.c.low, q.c.high) & _c.measure
    )
    columns = (_c.pk, _c.id, _c.receiving, _c.sending, _c.side, _c.day, _c.type, _c.answers, _MEASURE.label("valid"))
    query = select(*columns).select_from(then(q.table, incident)).where(near)
    return [row for some in chunks(sorted(asked), 200) for row in tx.execute(query, q.ask(some))]


def _both(one: str, other: str, low: int, high: int) -> set[tuple[str, str, int, int]]:
    return {(one, other, low, high), (other, one, low, high)}


def _pair(row: Any) -> tuple[str, str]:
    low, high = sorted((row.receiving, row.sending))
    return low, high
