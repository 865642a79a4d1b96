"""From the mentions of one act to the incident: values with who gives them, status, standing, both sides, what it is called.

Nothing here depends on the order in which articles came.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from legation.ontology import event_type
from legation.record import days
from legation.record.identity import DATED, party_key
from legation.record.knowledge import group
from legation.record.nouns import Incident, Review, Standing, Value
from legation.record.rows import Row
from legation.record.score import city_name, plain
from legation.record.sources import Groups, independent, origins
from legation.schema import Event, Party, Post, Status

MEASURES = ("restriction", "sending", "relations")
"""Groups whose events states answer with others of theirs: what chains are made of."""

_LADDER: tuple[Status, ...] = ("reported", "claimed", "announced", "demanded", "threatened", "denied")
"""The furthest an act has got by any account, first."""


class Decided(NamedTuple):
    """A value a person set: of which mention and field, in which decision."""

    mention: str
    field: str
    value: Any
    seq: int


class Standings(NamedTuple):
    """Decisions on the mentions of an incident: corrections, and which mentions were confirmed or rejected."""

    corrections: tuple[Decided, ...] = ()
    confirmed: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()


FIELDS: dict[str, Callable[[Event], Any]] = {
    "type": lambda e: e.type,
    "status": lambda e: e.status,
    "actor.state": lambda e: e.actor and e.actor.state,
    "actor.kind": lambda e: e.actor and e.actor.kind,
    "actor.name": lambda e: e.actor and e.actor.name,
    "target.state": lambda e: e.target and e.target.state,
    "target.kind": lambda e: e.target and e.target.kind,
    "target.name": lambda e: e.target and e.target.name,
    "host": lambda e: e.host,
    "city": lambda e: e.city,
    "post": lambda e: _post(e),
    "date": lambda e: e.date,
    "count": lambda e: e.count,
}
"""The fields of an incident that mentions may differ on."""


def values(rows: Sequence[Row], decided: Standings, groups: Groups[str]) -> dict[str, tuple[Value, ...]]:
    """Of each field the values given, best first: decided by a person, then most independent sources, finer, published later."""
    latest: dict[tuple[str, str], Decided] = {
        (d.mention, d.field): d for d in sorted(decided.corrections, key=lambda d: d.seq)
    }
    result: dict[str, tuple[Value, ...]] = {}
    for field, of in FIELDS.items():
        given: dict[Any, list[Row]] = defaultdict(list)
        for row in rows:
            if (value := of(row.event)) is not None:
                given[_same(value)].append(row)
        ranked = []
        for told in given.values():
            told.sort(key=lambda r: r.order)
            value = of(told[0].event)
            seqs = [d.seq for row in told if (d := latest.get((row.id, field))) and d.value is not None]
            sources = independent(told, groups)
            ranked.append(
                (
                    (-max(seqs, default=0), -sources, -_fineness(field, value), -told[-1].order[0], str(_same(value))),
                    Value(
                        value=value,
                        mentions=tuple(row.id for row in told),
                        sources=sources,
                        says=tuple(dict.fromkeys(_who(row) for row in told)),
                        decided=max(seqs, default=None),
                    ),
                )
            )
        if ranked:
            result[field] = tuple(value for _, value in sorted(ranked, key=lambda r: r[0]))
    return result


def build(rows: Sequence[Row], decided: Standings) -> Incident:
    """The incident of some mentions (at least one); its open items are counted elsewhere."""
    rows = sorted(rows, key=lambda r: r.order)
    groups = origins(rows)
    given = values(rows, decided, groups)

    def best(field: str) -> Any:
        found = given.get(field)
        return found[0].value if found else None

    type = best("type")
    kind = event_type(type)
    actor = _party(best("actor.state"), best("actor.kind"), best("actor.name"))
    target = _party(best("target.state"), best("target.kind"), best("target.name"))
    host, city, post = best("host"), best("city"), best("post")
    receiving, sending = concerned(rows, sides(type, actor, target, host, post))
    status = best("status") if given["status"][0].decided else furthest(given["status"])
    counts = sorted(v.value for v in given.get("count", ()))
    date = best("date")
    day = next((s[0] for v in given.get("date", ()) if (s := days.span(v.value))), None) or rows[0].day
    aggregate = group(type) in MEASURES and host is None and (actor is None or target is None)
    incident = Incident(
        id=rows[0].id,
        type=type,
        group=kind.group,
        severity=kind.severity.level,
        headline="",
        status=status,
        standing=standing(rows, groups),
        review=review(rows, decided),
        actor=actor,
        target=target,
        host=host,
        city=city,
        post=post,
        receiving=receiving,
        sending=sending,
        date=date,
        day=days.iso(day),
        count=best("count"),
        count_low=counts[0] if counts else None,
        count_high=counts[-1] if counts else None,
        claimant=_claimant(rows) if status in ("claimed", "denied") else None,
        aggregate=aggregate,
        mentions=len(rows),
        articles=len({row.article for row in rows}),
        sources=independent(rows, groups),
        duties=tuple(sorted({duty.duty for row in rows for duty in row.event.duties if duty.relation != "none"})),
        open=0,
    )
    return msgspec.structs.replace(incident, headline=headline(incident))


def furthest(given: Iterable[Value]) -> Status:
    """The furthest status that any account gives; a denial stands only where nothing else does."""
    told = {value.value for value in given}
    return next(status for status in _LADDER if status in told)


def standing(rows: Sequence[Row], groups: Groups[str]) -> Standing:
    """What the accounts add up to, as docs/record.md defines it."""
    asserting, denying, plain_reports = set(), set(), []
    admitted = False
    for row in rows:
        event = row.event
        side = _side(event)
        if event.status == "denied":
            denying.add(side)
        elif event.status == "claimed":
            asserting.add(side)
            admitted |= side is not None and side == party_key(event.actor)
        else:
            plain_reports.append(row)
    if denying and (asserting or plain_reports):
        return "contested"
    if denying:
        return "denied"
    if independent(plain_reports, groups) > 1 or len(asserting - {None}) > 1 or admitted:
        return "corroborated"
    return "single-source" if plain_reports else "one-sided"


def review(rows: Sequence[Row], decided: Standings) -> Review:
    """Rejected when people rejected every mention; corrected, confirmed when they did so to any."""
    ids = {row.id for row in rows}
    if decided.rejected and ids <= decided.rejected:
        return "rejected"
    if any(d.mention in ids for d in decided.corrections):
        return "corrected"
    return "confirmed" if ids & decided.confirmed else "unreviewed"


def sides(
    type: str, actor: Party | None, target: Party | None, host: str | None, post: Post | None
) -> tuple[str | None, str | None]:
    """The receiving and the sending state: by the roles that the ontology gives them, else by host and post."""
    kind = event_type(type)
    by_role = {"actor": actor, "target": target, None: None}
    receiving = host or party_key(by_role[kind.host_side]) or (post.in_ if post else None)
    sending = party_key(by_role[kind.sending_side]) or (post.of if post else None)
    if kind.host_side is kind.sending_side is None:  # relations, condemnation: who acts towards whom
        receiving, sending = party_key(target) or host, party_key(actor)
    if receiving is not None and receiving == sending:  # the host speaks itself: the mission is the other's
        sending = next((one for one in (party_key(actor), party_key(target)) if one != receiving), None)
    return receiving, sending


def concerned(rows: Sequence[Row], known: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """The two states, one that is not known by itself taken from the act it answers: an arrest is about the killed."""
    for row in rows:
        if all(known):
            break
        if of := row.answered:
            there = sides(of.type, of.actor, of.target, of.host, _post(of))
            if known[0] in (None, there[0]) and known[1] in (None, there[1]):
                known = there
    return known


def side(incident: Incident) -> str | None:
    """Whose column of a ledger it stands in: the actor's if that is one of the two states; what others say or do about the
    matter in none; else the receiving state's."""
    actor = party_key(incident.actor)
    if actor in (incident.receiving, incident.sending):
        return actor
    return None if actor and incident.group in ("communication", "protection") else incident.receiving


def keys(incident: Incident) -> tuple[str, ...]:
    """What lists find it by: states, and as what, pairs of states, posts. See `legation.record.queries`."""
    actor, target = party_key(incident.actor), party_key(incident.target)
    states = [s for s in (incident.receiving, incident.sending, actor, target) if s]
    found = list(dict.fromkeys(states))
    roles = {"receiving": incident.receiving, "sending": incident.sending, "target": target}
    found += [role_key(role, state) for role, state in roles.items() if state]
    found += [pair_key(*pair) for pair in ((incident.receiving, incident.sending), (actor, target)) if all(pair)]
    if incident.sending and incident.group != "relations":
        of = incident.sending
        kind = incident.post.kind if incident.post else "embassy"
        if incident.receiving:
            found += [post_key(of, incident.receiving), post_key(of, incident.receiving, kind)]
        city = incident.city or (incident.post.city if incident.post else None)
        if city:
            place = str(city_name(city, incident.receiving))
            found += [post_key(of, place), post_key(of, place, kind)]
    return tuple(dict.fromkeys(found))


def role_key(role: str, state: str) -> str:
    """A state as what it is concerned: receiving, sending or target."""
    return f"{role} {state}"


def pair_key(one: str | None, two: str | None) -> str:
    """Two states, whichever is named first."""
    return "|".join(sorted((str(one), str(two))))


def post_key(of: str, place: str, kind: str | None = None) -> str:
    """A state's posts in a state or city, or those of a kind."""
    return f"post {of} {place}" + (f" {kind}" if kind else "")


def headline(incident: Incident) -> str:
    """What it is called: type, parties, place."""
    actor, target = (_named(p) for p in (incident.actor, incident.target))
    parties = " → ".join(p for p in (actor, target) if p)
    place = ", ".join(p for p in (incident.city, incident.host) if p)
    label = event_type(incident.type).label
    return label + (f": {parties}" if parties else "") + (f" ({place})" if place else "")


def words(rows: Iterable[Row]) -> str:
    """What the search looks in: headlines and the sentences that tell of it, each once."""
    parts: Mapping[str, None] = dict.fromkeys(part for row in rows for part in (row.title, row.words) if part)
    return "\n".join(list(parts)[:60])


def _named(party: Party | None) -> str | None:
    if party is None:
        return None
    return " ".join(p for p in (party.state, (party.kind or "").replace("_", " "), party.name) if p) or None


def _who(row: Row) -> str:
    claimant = row.event.claimant
    if claimant and (claimant.name or claimant.state):
        return f"{claimant.name or claimant.state} ({row.outlet or row.article_id})"
    return row.outlet or row.article_id


def _side(event: Event) -> str | None:
    return event.claimant.state or plain(event.claimant.name) if event.claimant else None


def _claimant(rows: Sequence[Row]) -> Any:
    return next((row.event.claimant for row in rows if row.event.claimant), None)


def _party(state: str | None, kind: Any, name: str | None) -> Party | None:
    return Party(state=state, kind=kind, name=name) if state or kind or name else None


def _post(event: Event) -> Post | None:
    return next((party.post for party in (event.target, event.actor) if party and party.post), None)


def _same(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value


def _fineness(field: str, value: Any) -> int:
    """Of dates the finer is better: days left open, as a negative number."""
    if field != "date":
        return 0
    stretch = days.span(value)
    return -(stretch[1] - stretch[0]) if stretch else -10 * DATED**3
