"""What waits: demands, promises, alleged breaches, threats, deadlines; and the later incident that answered or overtook each.

The rules are `items.yaml`. A closer is a later incident that a rule names: one that says it answers this very incident before any
other, then the first between the same two states.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import yaml
from sqlalchemy import Connection, delete, func, insert, or_, select

from legation.record import days
from legation.record.batch import Questions, chunks, then, update_rows
from legation.record.build import side
from legation.record.identity import party_key
from legation.record.nouns import Incident
from legation.record.tables import article, event, facet, incident, item
from legation.schema import Noun, Status

DONE: tuple[Status, ...] = ("reported", "claimed")
"""Only what has happened, by some account, closes an item."""


class Opens(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Types (none: any) and statuses of incidents that wait."""

    types: tuple[str, ...]
    status: tuple[Status, ...]


class Rule(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of open item; `items.yaml` says what each field means."""

    kind: Literal["demand", "inquiry", "assurance", "breach", "deadline", "threat"]
    opens: Opens
    holder: Literal["actor", "target"]
    answered: tuple[str, ...] | Literal["same"]
    overtaken: tuple[str, ...]
    days: int
    due: bool = False
    reason: str

    def closers(self, type: str) -> tuple[str, ...]:
        """Types that can close an item of an incident of a type."""
        return (*self.answers(type), *self.overtaken)

    def answers(self, type: str) -> tuple[str, ...]:
        """Types that answer an item of an incident of a type."""
        return (type,) if self.answered == "same" else self.answered


@cache
def rules() -> dict[str, Rule]:
    """The rules by name, once."""
    return msgspec.convert(yaml.safe_load((Path(__file__).parent / "items.yaml").read_bytes()), dict[str, Rule])


class Changed(NamedTuple):
    """An incident that changed: as it was, as it is, and the sentences that tell of it."""

    before: Incident | None
    after: Incident | None
    words: Sequence[str]


def refresh(tx: Connection, changed: Mapping[int, Changed]) -> set[int]:
    """Items of changed incidents (pk) made anew, and closers of all that they can touch; gives the others whose open items changed."""
    waiting = _answered_by(tx, changed) | _closed_by(tx, changed) | _between(tx, changed)
    for some in chunks(sorted(changed), 500):
        tx.execute(delete(item).where(item.c.incident.in_(some)))
    rows = [row for pk, one in changed.items() if one.after for row in _opened(pk, one.after, one.words)]
    if rows:
        tx.execute(insert(item), rows)
    told = tx.execute(select(func.max(article.c.day))).scalar() or 0
    waiting |= {row["incident"] for row in rows}
    waiting |= set(tx.execute(select(item.c.incident).where(item.c.state == "open", item.c.due < told)).scalars())
    _close(tx, waiting, told)
    return _recount(tx, waiting | changed.keys()) - changed.keys()


def waits(one: Incident) -> Iterator[str]:
    """Names of the rules by which an incident waits for something."""
    for name, rule in rules().items():
        if one.status in rule.opens.status and (not rule.opens.types or one.type in rule.opens.types):
            yield name


def term(day: int, words: Iterable[str]) -> int | None:
    """The last day of a term to leave ("72 hours to leave", "leave within a week"), the shortest of those told."""
    ends = []
    for match in (m for sentence in words for m in _TERM.finditer(sentence)):
        number, unit = (match["n"] or match["n2"]).casefold(), (match["u"] or match["u2"]).casefold().rstrip("s")
        count = int(number) if number.isdigit() else _NUMBERS[number]
        ends.append(-(-count // 24) if unit == "hour" else count * _DAYS[unit])
    return day + min(ends) if ends and day else None


def _opened(pk: int, one: Incident, words: Sequence[str]) -> Iterator[dict[str, Any]]:
    stretch = days.span(one.day)
    day = stretch[0] if stretch else 0
    for name in waits(one) if one.review != "rejected" else ():
        rule = rules()[name]
        due = term(day, words) if rule.due and one.date and len(one.date) == 10 else None
        if rule.due and due is None:
            continue
        actor, target = party_key(one.actor), party_key(one.target)
        sides = [side for side in (one.receiving, one.sending) if side]
        holder, toward = (actor, target) if rule.holder == "actor" else (target, actor)
        holder = holder or next((side for side in sides if side != toward), None)
        toward = toward if toward != holder else None
        yield {
            "incident": pk,
            "rule": name,
            "type": one.type,
            "state": "open",
            "opened": day,
            "due": due,
            "holder": holder,
            "toward": toward or next((side for side in sides if side != holder), None),
            "receiving": one.receiving,
            "sending": one.sending,
            "closer": None,
            "closed": None,
        }


def _answered_by(tx: Connection, changed: Iterable[int]) -> set[int]:
    """Waiting incidents that changed ones say they answer."""
    found: set[int] = set()
    answered = event.alias()
    for some in chunks(sorted(changed), 500):
        query = select(item.c.incident).join_from(event, answered, event.c.answers == answered.c.pk)
        query = query.join(item, item.c.incident == answered.c.incident).where(event.c.incident.in_(some))
        found |= set(tx.execute(query).scalars())
    return found


def _closed_by(tx: Connection, changed: Iterable[int]) -> set[int]:
    """Waiting incidents that changed ones had closed."""
    found: set[int] = set()
    for some in chunks(sorted(changed), 500):
        found |= set(tx.execute(select(item.c.incident).where(item.c.closer.in_(some))).scalars())
    return found


def _between(tx: Connection, changed: Mapping[int, Changed]) -> set[int]:
    """Waiting incidents between the same two states that one that is new or differs may close now."""
    asked: set[tuple[str, str, str, str, str, int, int]] = set()
    for one in changed.values():
        now = one.after
        day = days.span(now.day) if now else None
        if (
            now is None
            or day is None
            or not (now.receiving and now.sending)
            or now.status not in DONE
            or now == one.before
        ):
            continue
        by = side(now) or "neither"
        for name, rule in rules().items():
            if now.type in rule.closers(now.type):
                overtakes = now.type in rule.overtaken
                same = now.type if rule.answered == "same" and not overtakes else ""
                for receiving, sending in ((now.receiving, now.sending), (now.sending, now.receiving)):
                    asked.add((receiving, sending, name, same, "" if overtakes else by, day[0] - rule.days, day[0]))
    c, q = item.c, Questions(tx, one=str, other=str, rule=str, type=str, by=str, low=int, day=int)
    query = (
        select(c.incident)
        .distinct()
        .select_from(then(q.table, item))
        .where(
            *(c.receiving == q.c.one, c.sending == q.c.other, c.rule == q.c.rule, c.opened.between(q.c.low, q.c.day)),
            or_(c.state == "open", c.closed >= q.c.day),
            or_(q.c.type == "", c.type == q.c.type),
            or_(q.c.by == "", c.holder.is_(None), c.holder == q.c.by),
        )
    )
    return {pk for some in chunks(sorted(asked), 500) for pk in tx.execute(query, q.ask(some)).scalars()}


def _close(tx: Connection, waiting: set[int], told: int) -> None:
    """Find the closer of each item anew; `told`: the day of the newest article, after which terms have run out."""
    moves = []
    for some in chunks(sorted(waiting), 500):
        stated: dict[int, list[Any]] = defaultdict(list)
        answered = event.alias()
        q = Questions(tx, pk=int)
        query = select(answered.c.incident, incident.c.pk, incident.c.day, incident.c.id, incident.c.type).distinct()
        query = query.select_from(then(then(then(q.table, answered), event), incident)).where(
            *(answered.c.incident == q.c.pk, event.c.answers == answered.c.pk, incident.c.pk == event.c.incident),
            *(incident.c.status.in_(DONE), incident.c.review != "rejected"),
        )
        for pk, *closer in tx.execute(query, q.ask([pk] for pk in some)):
            stated[pk].append(closer)
        rows = tx.execute(select(item).where(item.c.incident.in_(some))).mappings().all()
        first = _first(tx, rows)
        for n, row in enumerate(rows):
            found = _stated(row, stated[row["incident"]]) or first.get(n)
            state, by, day = "open", None, None
            if found:
                by, day, _, type = found
                state = "answered" if type in rules()[row["rule"]].answers(row["type"]) else "overtaken"
            elif row["due"] and row["due"] < told:
                state, day = "overtaken", row["due"] + 1
            if (state, by, day) != (row["state"], row["closer"], row["closed"]):
                moves.append(
                    {"incident": row["incident"], "rule": row["rule"], "state": state, "closer": by, "closed": day}
                )
    update_rows(tx, item, ["incident", "rule"], moves)


def _stated(row: Mapping[Any, Any], closers: Sequence[Any]) -> Any:
    """The first closer that says it answers this incident."""
    types = rules()[row["rule"]].closers(row["type"])
    fits = [closer for closer in closers if closer[3] in types and closer[0] != row["incident"]]
    return min(fits, key=lambda closer: (closer[1], closer[2]), default=None)


def _first(tx: Connection, rows: Sequence[Mapping[Any, Any]]) -> dict[int, Any]:
    """For items by their index the first later incident between the same two states that closes each."""
    asked = []
    for n, row in enumerate(rows):
        if row["receiving"] and row["sending"] and row["opened"]:
            rule = rules()[row["rule"]]
            types = [f"|{'|'.join(some)}|" for some in (rule.answers(row["type"]), rule.overtaken)]
            same = (row["holder"] or "", row["opened"], row["opened"] + rule.days, *types, row["incident"])
            asked += [(n, row["receiving"], row["sending"], *same), (n, row["sending"], row["receiving"], *same)]
    c = incident.c
    q = Questions(tx, n=int, one=str, other=str, holder=str, low=int, high=int, answers=str, overtakes=str, own=int)
    within = func.instr if tx.dialect.name == "sqlite" else func.strpos
    answers = (within(q.c.answers, "|" + c.type + "|") > 0) & ((q.c.holder == "") | (c.side == q.c.holder))
    overtakes = (within(q.c.overtakes, "|" + c.type + "|") > 0) & (c.day > q.c.low)
    query = select(q.c.n, func.min(c.day)).group_by(q.c.n).select_from(then(q.table, incident))
    closes = (
        *(c.receiving == q.c.one, c.sending == q.c.other, c.day.between(q.c.low, q.c.high), c.pk != q.c.own),
        *(or_(answers, overtakes), c.status.in_(DONE), c.review != "rejected"),
    )
    first = {n: day for some in chunks(asked, 500) for n, day in tx.execute(query.where(*closes), q.ask(some))}
    asked = [(n, *row[:4], first[n], *row[5:]) for n, *row in asked if n in first]
    found: dict[int, Any] = {}
    query = select(q.c.n, c.pk, c.day, c.id, c.type).select_from(then(q.table, incident))
    for some in chunks(asked, 500):
        for n, *closer in tx.execute(query.where(*closes, c.day == q.c.high), q.ask(some)):
            if n not in found or closer[2] < found[n][2]:
                found[n] = closer
    return found


def _recount(tx: Connection, pks: set[int]) -> set[int]:
    """Bring the counts of open items in the lists up to date; gives the incidents whose count changed."""
    differ: dict[int, int] = {}
    for some in chunks(sorted(pks), 500):
        states = tx.execute(select(item.c.incident, item.c.state).where(item.c.incident.in_(some)))
        counts = Counter(pk for pk, state in states if state == "open")
        for pk, before in tx.execute(select(incident.c.pk, incident.c.open).where(incident.c.pk.in_(some))):
            if before != counts.get(pk, 0):
                differ[pk] = counts.get(pk, 0)
    update_rows(tx, incident, ["pk"], [{"pk": pk, "open": n} for pk, n in differ.items()])
    update_rows(tx, facet, ["incident"], [{"incident": pk, "open": n} for pk, n in differ.items()])
    return set(differ)


_TERM = re.compile(
    r"\b(?P<n>\d+|two|three|four|five|six|seven|ten|a|one)[ -](?P<u>hours?|days?|weeks?|months?)\b"
    r"(?=[^.]{0,40}\b(?:leave|depart|go|vacate|close|quit)\b)"
    r"|\b(?:leave|depart|vacate|close|quit|gone|closed)\b[^.]{0,40}\b(?:with)?in "
    r"(?P<n2>\d+|two|three|four|five|six|seven|ten|a|one)[ -](?P<u2>hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_DAYS = {"day": 1, "week": 7, "month": 30}
