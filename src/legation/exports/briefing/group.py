"""Which events of which articles are one act, between which two states it lies, and in which order acts are told.

The grouping is small and meant to be read: same type, no known party, place, name or number against it, a date that can
be the same, and of two different articles. The record (`legation.record`) does it thoroughly, and counts sources.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from msgspec.structs import replace

from legation.exports.briefing.dates import compatible, sort_key
from legation.ontology import event_type
from legation.schema import Event, Party, Reading, Status

Pair: TypeAlias = tuple[str | None, str | None]

STANDING: tuple[Status, ...] = ("reported", "claimed", "announced", "threatened", "demanded", "denied")
"""When accounts of one act differ in status, the first of these that occurs is that of the incident."""
SLACK = {"restriction": 3, "sending": 3, "relations": 3}
"""Days by which two accounts of a measure may differ: decided, announced and carried out. All else: one day."""
STORY = {"communication": 2}
"""Days between two articles within which an act that one of them leaves undated can be the same; of deeds: ten."""


@dataclass(frozen=True)
class Mention:
    """One event of one reading; `source` and `index` say which. `corrected`: the event as people on the record put it right."""

    source: int
    index: int
    reading: Reading
    corrected: Event | None = None

    @property
    def event(self) -> Event:
        return self.corrected or self.reading.events[self.index]

    @property
    def about(self) -> Event | None:
        at = self.event.in_response_to
        return self.reading.events[at] if at is not None and 0 <= at < len(self.reading.events) else None


@dataclass(frozen=True)
class Known:
    """What the record knows of an incident beyond its mentions: independent sources in words, what still waits."""

    sources: str | None
    open: str | None


@dataclass
class Incident:
    """The mentions of one act; all of them are in before anything else is asked of it."""

    mentions: list[Mention] = field(default_factory=list)
    known: Known | None = None

    @cached_property
    def event(self) -> Event:
        """The best account, with what it leaves open taken from the others."""
        ranked = sorted((m.event for m in self.mentions), key=lambda e: (STANDING.index(e.status), -_known(e)))
        best = ranked[0]
        for other in ranked[1:]:
            best = replace(
                best,
                actor=_fuller(best.actor, other.actor),
                target=_fuller(best.target, other.target),
                host=best.host or other.host,
                city=best.city or other.city,
                date=best.date or other.date,
                count=best.count or other.count,
            )
        return best

    @property
    def about(self) -> Event | None:
        return next((m.about for m in self.mentions if m.about), None)

    @property
    def published(self) -> str | None:
        return min((m.reading.published for m in self.mentions if m.reading.published), default=None)

    @cached_property
    def when(self) -> str:
        """The day it happened, or else was told."""
        return sort_key(self.event.date, self.published)

    def admits(self, mention: Mention) -> bool:
        """Whether a mention tells of the same act: it contradicts no account, and comes from another article."""
        return all(m.source != mention.source and same_act(m, mention) for m in self.mentions)


def group(readings: Sequence[Reading]) -> list[Incident]:
    """The acts that readings tell of, each once, in the order in which they are first told."""
    found: dict[str, list[Incident]] = defaultdict(list)
    for source, reading in enumerate(readings):
        for index, event in enumerate(reading.events):
            mention = Mention(source, index, reading)
            home = next((i for i in found[event.type] if i.admits(mention)), None)
            if home is None:
                found[event.type].append(home := Incident())
            home.mentions.append(mention)
    return [incident for incidents in found.values() for incident in incidents]


def same_act(one: Mention, other: Mention) -> bool:
    """Whether two events of one type can be one act. Two of actor's state, target's state and host must agree."""
    a, b = one.event, other.event
    kind = event_type(a.type)
    known = [(x, y) for x, y in zip(states_of(a), states_of(b), strict=True) if x and y]
    role = "actor" if kind.group == "communication" else "target"
    names = [(p.name or "").casefold().split()[-1:] for e in (a, b) if (p := getattr(e, role))]
    posts = [p.post for e in (a, b) if (p := e.target) and p.post]
    numbers = sorted(n for n in (a.count, b.count) if n)
    return (
        a.type == b.type
        and len(known) >= 2
        and all(x == y for x, y in known)
        and not (len(names) == 2 and all(names) and names[0] != names[1])
        and not (a.city and b.city and a.city.casefold() != b.city.casefold())
        and not (len(posts) == 2 and posts[0].kind != posts[1].kind)
        and not (len(numbers) == 2 and numbers[1] > 2 * numbers[0])
        and compatible(a.date, b.date, SLACK.get(kind.group, 1))
        and (
            bool(a.date and b.date)
            or compatible(a.date or one.reading.published, b.date or other.reading.published, STORY.get(kind.group, 10))
        )
    )


def pair(mention: Mention) -> Pair:
    """The two states an event lies between, in order of their codes; words and answers stand with the act they are about."""
    event, kind = mention.event, event_type(mention.event.type)
    if kind.inherits and mention.about is not None and mention.event.in_response_to is not None:
        about = Mention(mention.source, mention.event.in_response_to, mention.reading)
        if about.event.in_response_to != mention.index:
            return pair(about)
    actor, target, host = states_of(event)
    ends = (
        [s for s in (target, host, actor) if s]
        if kind.group in ("harm", "premises")
        else [s for s in (actor, target, host) if s]
    )
    states = list(dict.fromkeys(ends))[:2]
    first, second = (*sorted(states), None, None)[:2]
    return first, second


def home(mention: Mention) -> Pair:
    """The pair an incident is told under; one that names a single state goes to the only pair of its article with it."""
    own = pair(mention)
    if own[1] is not None:
        return own
    events = range(len(mention.reading.events))
    pairs = {pair(Mention(mention.source, index, mention.reading)) for index in events}
    whole = {p for p in pairs if p[1] is not None and own[0] in (None, *p)}
    return whole.pop() if len(whole) == 1 else own


def place_in_time(incident: Incident, members: Sequence[Incident]) -> tuple[str, int]:
    """Where a line stands: by its day; what is undated comes before the first dated line that answers it, else at its telling."""
    if incident.event.date is None:
        told = {(m.source, m.index) for m in incident.mentions}
        answers = (
            i for i in members if i.event.date and any((m.source, m.event.in_response_to) in told for m in i.mentions)
        )
        days = [i.when for i in answers]
        if days:
            return min(days), 0
    return incident.when, 1


def under(members: Sequence[Incident]) -> list[tuple[Incident, list[Incident]]]:
    """Acts in their order, each with the words and answers that are about it alone; these follow what they are about."""
    home = {(m.source, m.index): incident for incident in members for m in incident.mentions}
    acts: dict[int, tuple[Incident, list[Incident]]] = {}
    reactions: list[tuple[Incident, Incident]] = []
    for incident in members:
        told = [(m.source, m.event.in_response_to) for m in incident.mentions if m.event.in_response_to is not None]
        about = {id(home[key]): home[key] for key in told if key in home}
        first = next(iter(about.values()), None)
        if (
            event_type(incident.event.type).inherits
            and len(about) == 1
            and first
            and not event_type(first.event.type).inherits
        ):
            reactions.append((first, incident))
        else:
            acts[id(incident)] = (incident, [])
    for act, reaction in reactions:
        acts[id(act)][1].append(reaction)
    return list(acts.values())


def states_of(event: Event) -> tuple[str | None, str | None, str | None]:
    return (event.actor.state if event.actor else None, event.target.state if event.target else None, event.host)


def _known(event: Event) -> int:
    parties = [getattr(p, f) for p in (event.actor, event.target) if p for f in ("state", "name", "post")]
    return sum(value is not None for value in (event.date, event.city, event.count, event.host, *parties))


def _fuller(one: Party | None, other: Party | None) -> Party | None:
    if one is None or other is None:
        return one or other
    return replace(one, state=one.state or other.state, name=one.name or other.name, post=one.post or other.post)
