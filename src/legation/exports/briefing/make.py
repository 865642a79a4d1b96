"""From readings to a briefing: the same act in several articles once, sorted by pair of states and date.

The grouping here is small and meant to be read: same type, no known party, place, name or number against it, a date that
can be the same, and of two different articles. The record (`legation.record`) does it thoroughly, and counts sources.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

from msgspec.structs import replace

from legation import law
from legation.exports.briefing import wording
from legation.exports.briefing.dates import compatible, in_words, sort_key
from legation.exports.briefing.nouns import Account, Briefing, Chapter, Line, OpenItem, Quote, Source, Stake
from legation.ontology import event_type
from legation.schema import Duty, Event, Party, Reading, Statement, Status

STANDING: tuple[Status, ...] = ("reported", "claimed", "announced", "threatened", "demanded", "denied")
"""When accounts of one act differ in status, the first of these that occurs is that of the incident."""
SLACK = {"restriction": 3, "sending": 3, "relations": 3}
"""Days by which two accounts of a measure may differ: decided, announced and carried out. All else: one day."""
STORY = {"communication": 2}
"""Days between two articles within which an act that one of them leaves undated can be the same; of deeds: ten."""
ANSWERS_TO_DEMANDS = frozenset(
    {
        "protection_reinforced",
        "assurance",
        "investigation",
        "arrest_of_suspect",
        "prosecution",
        "compensation",
        "apology",
    }
)
MEASURES = frozenset({"restriction", "sending", "relations"})
TALLIED = ("harm", "premises", "restriction", "sending", "relations")


@dataclass(frozen=True)
class Mention:
    """One event of one reading; `source` and `index` say which."""

    source: int
    index: int
    reading: Reading

    @property
    def event(self) -> Event:
        return self.reading.events[self.index]

    @property
    def about(self) -> Event | None:
        at = self.event.in_response_to
        return self.reading.events[at] if at is not None and 0 <= at < len(self.reading.events) else None


@dataclass
class Incident:
    """The mentions of one act; all of them are in before anything else is asked of it."""

    mentions: list[Mention] = field(default_factory=list)

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


def briefing(readings: Iterable[Reading]) -> Briefing:
    """The briefing over readings, in any order of them but with sources numbered in that order."""
    read = list(readings)
    kept = [reading for reading in read if reading.events]
    incidents = group(kept)
    by_pair: dict[tuple[str | None, str | None], list[Incident]] = defaultdict(list)
    for incident in incidents:
        by_pair[_home(incident.mentions[0])].append(incident)
    ordered = [
        (states, sorted(members, key=lambda i: (_place_in_time(i, members), i.mentions[0].source, i.mentions[0].index)))
        for states, members in sorted(
            by_pair.items(), key=lambda c: (max(i.when for i in c[1]), str(c[0])), reverse=True
        )
    ]
    arranged = [(states, _under(members)) for states, members in ordered]
    numbered = [i for _, tree in arranged for top, reactions in tree for i in (top, *reactions)]
    at = {(m.source, m.index): n for n, incident in enumerate(numbered, 1) for m in incident.mentions}
    answered_by = defaultdict(set)
    for number, incident in enumerate(numbered, 1):
        for mention in incident.mentions:
            if mention.about is not None and mention.event.in_response_to is not None:
                answered_by[at[mention.source, mention.event.in_response_to]].add(number)
    number_of = {id(incident): number for number, incident in enumerate(numbered, 1)}
    told = {id(i): members for _, members in ordered for i in members}
    lines = {n: _line(n, i, at, answered_by, numbered, told[id(i)]) for n, i in enumerate(numbered, 1)}
    cited = {stake.article.partition("-")[0] for line in lines.values() for stake in line.stakes}
    days = sorted(d for i in numbered if (d := i.event.date) and d[:4].isdigit())
    return Briefing(
        period=" to ".join(dict.fromkeys((in_words(days[0]), in_words(days[-1])))) if days else None,
        chapters=tuple(
            _chapter(
                states, [top for top, _ in tree], [_told(top, reactions, lines, number_of) for top, reactions in tree]
            )
            for states, tree in arranged
        ),
        sources=tuple(_source(n, reading, lines.values()) for n, reading in enumerate(kept)),
        left_out=tuple(_title(reading) for reading in read if not reading.events),
        treaties=tuple((treaty.id, treaty.name) for treaty in law.treaties().values() if treaty.id in cited),
    )


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
    known = [(x, y) for x, y in zip(_states(a), _states(b), strict=True) if x and y]
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


def pair(mention: Mention) -> tuple[str | None, str | None]:
    """The two states an event lies between, in order of their codes; words and answers stand with the act they are about."""
    event, kind = mention.event, event_type(mention.event.type)
    if kind.inherits and mention.about is not None and mention.event.in_response_to is not None:
        about = Mention(mention.source, mention.event.in_response_to, mention.reading)
        if about.event.in_response_to != mention.index:
            return pair(about)
    actor, target, host = _states(event)
    ends = (
        [s for s in (target, host, actor) if s]
        if kind.group in ("harm", "premises")
        else [s for s in (actor, target, host) if s]
    )
    states = list(dict.fromkeys(ends))[:2]
    first, second = (*sorted(states), None, None)[:2]
    return first, second


def _home(mention: Mention) -> tuple[str | None, str | None]:
    """The pair an incident is told under; one that names a single state goes to the only pair of its article with it."""
    own = pair(mention)
    if own[1] is not None:
        return own
    events = range(len(mention.reading.events))
    pairs = {pair(Mention(mention.source, index, mention.reading)) for index in events}
    whole = {p for p in pairs if p[1] is not None and own[0] in (None, *p)}
    return whole.pop() if len(whole) == 1 else own


def _place_in_time(incident: Incident, members: Sequence[Incident]) -> tuple[str, int]:
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


def _states(event: Event) -> tuple[str | None, str | None, str | None]:
    return (event.actor.state if event.actor else None, event.target.state if event.target else None, event.host)


def _known(event: Event) -> int:
    parties = [getattr(p, f) for p in (event.actor, event.target) if p for f in ("state", "name", "post")]
    return sum(value is not None for value in (event.date, event.city, event.count, event.host, *parties))


def _fuller(one: Party | None, other: Party | None) -> Party | None:
    if one is None or other is None:
        return one or other
    return replace(one, state=one.state or other.state, name=one.name or other.name, post=one.post or other.post)


def _title(reading: Reading) -> str:
    """Its title, else the first line that is no clutter."""
    if reading.title:
        return reading.title
    at = 0
    for line in reading.text.split("\n"):
        if line.strip() and not any(start <= at < end for start, end in reading.boilerplate):
            return line.strip()
        at += len(line) + 1
    return PurePath(reading.source).name


def _outlet(reading: Reading) -> str:
    """Its outlet, never in capitals only; else its file."""
    outlet = reading.outlet or PurePath(reading.source).name
    return outlet.title() if outlet.isupper() and " " in outlet else outlet


def _line(
    number: int,
    incident: Incident,
    at: dict[tuple[int, int], int],
    answered_by: dict[int, set[int]],
    numbered: Sequence[Incident],
    chapter: Sequence[Incident],
) -> Line:
    event, kind = incident.event, event_type(incident.event.type)
    told = [(m, _account(m)) for m in incident.mentions]
    asserted = tuple(account for m, account in told if m.event.status != "denied")
    denied = tuple(account for m, account in told if m.event.status == "denied")
    denied += tuple(account for m in incident.mentions for account in _denials(m))
    answers = {
        at[m.source, m.event.in_response_to]
        for m in incident.mentions
        if m.about and m.event.in_response_to is not None
    }
    counts = list(dict.fromkeys((m.event.count, _outlet(m.reading)) for m in incident.mentions if m.event.count))
    first = next((a for a in (*asserted, *denied) if a.who), None)
    return Line(
        number=number,
        type=event.type,
        label=kind.label,
        severity=kind.severity.level,
        status=event.status,
        disputed=bool(asserted and denied),
        when=in_words(event.date),
        told=None if event.date or incident.published is None else in_words(incident.published),
        sentence=wording.sentence(event, event.status, first.who if first else None, incident.about),
        place=", ".join(dict.fromkeys(filter(None, (event.city, wording.state_name(event.host))))) or None,
        count="; ".join(f"{n}, says {who}" for n, who in counts) if len({n for n, _ in counts}) > 1 else None,
        asserted=asserted,
        denied=denied,
        outlets=tuple(dict.fromkeys(_outlet(m.reading) for m in incident.mentions)),
        stakes=_stakes(incident),
        answers=tuple(sorted(answers - {number})),
        followed_by=tuple(sorted(answered_by[number] - {number})),
        open=_open(incident, chapter, [numbered[n - 1] for n in answered_by[number]]),
    )


def _account(mention: Mention) -> Account:
    """Who gives the event; for the spoken word itself, that is whoever tells of it."""
    event, reading = mention.event, mention.reading
    said = reading.statements[event.statement] if event.statement is not None else None
    who = wording.claimant_words(event.claimant)
    if event.status in ("claimed", "denied") and said is not None and said.speaker is not None:
        who = wording.speaker(said.speaker.name, said.speaker.role, said.speaker.state) or who
    quote = Quote(source=mention.source, start=event.evidence.start, end=event.evidence.end, text=event.evidence.text)
    return Account(
        who=who, stance="denies" if event.status == "denied" else "says", outlet=_outlet(reading), quote=quote
    )


def _denials(mention: Mention) -> list[Account]:
    """Statements of the article that deny this event: their words hold one of its mentions, or they come next, by a party to it."""
    found = []
    for statement in mention.reading.statements:
        if (
            statement.stance == "denies"
            and mention.event.status != "denied"
            and _denied_event(mention.reading, statement) == mention.index
        ):
            speaker = statement.speaker
            start, end = statement.content
            quote = Quote(source=mention.source, start=start, end=end, text=mention.reading.text[start:end])
            who = wording.speaker(speaker.name, speaker.role, speaker.state) if speaker else None
            found.append(
                Account(who=who or "somebody not named", stance="denies", outlet=_outlet(mention.reading), quote=quote)
            )
    return found


def _denied_event(reading: Reading, statement: Statement) -> int | None:
    start, end = statement.content
    for index, event in enumerate(reading.events):
        spans = ((event.evidence.start, event.evidence.end), *event.mentions)
        if event.status != "denied" and any(start < e and s < end for s, e in spans):
            return index
    state = statement.speaker.state if statement.speaker else None
    before = [
        (event.evidence.start, index)
        for index, event in enumerate(reading.events)
        if event.evidence.start < start and event.status == "claimed" and state and state in _states(event)
    ]
    return max(before)[1] if before else None


def _stakes(incident: Incident) -> tuple[Stake, ...]:
    found: dict[tuple[str, str], Stake] = {}
    inherited = event_type(incident.event.type).inherits is not None and incident.about is not None  # said at that line
    for mention in incident.mentions:
        event = mention.event
        for duty in event.duties or law.duties_of(event, mention.reading.events):
            if duty.relation != "none" and not (inherited and duty.relation in ("right_exercised", "duty_engaged")):
                found.setdefault((duty.duty, duty.relation), _stake(duty, incident, mention))
    return tuple(found.values())


def _stake(duty: Duty, incident: Incident, mention: Mention) -> Stake:
    about = mention.about.type if mention.about else None
    standing = [d for d in law.duties().values() if duty.duty in d.cite.values()]
    entry = next(
        (d for t in (incident.event.type, about) for d in standing if t in d.types), standing[0] if standing else None
    )
    title = (entry.title if entry else law.articles()[duty.duty].about).casefold()
    holder = wording.state_name(duty.holder) or "the receiving state"
    alleged = (
        wording.sentence(incident.event, "reported", None, None).split(" accused ")[0]
        if duty.relation == "breach_alleged"
        else ""
    )
    says = {
        "right_exercised": f"{holder} used a right: {title}",
        "duty_engaged": f"{_possessive(holder)} duty is at stake: {title}",
        "duty_performed": f"{holder} acted on its duty: {title}",
        "breach_alleged": f"{alleged} alleges that {holder} broke its duty: {title}",
        "breach_admitted": f"{holder} admits that it broke its duty: {title}",
        "breach_found": f"a court found that {holder} broke its duty: {title}",
    }[duty.relation]
    others = [s for s in _states(incident.event) if s and s != duty.holder]
    basis = law.basis(duty.duty, [duty.holder, *others[:1]], incident.event.date)
    words = {"treaty": "by treaty", "custom": "by customary law", "none": "not by treaty"}
    return Stake(article=duty.duty, says=says[:1].upper() + says[1:], basis=words.get(basis or ""))


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _open(incident: Incident, chapter: Sequence[Incident], followers: Sequence[Incident]) -> str | None:
    """What about an incident still waits, if anything.

    A demand or warning is answered by what says that it answers it, or by a fitting act of the right state on a later
    day; an inquiry by an arrest or trial on a later day. What is only announced, threatened or asked for waits.
    """
    event = incident.event
    actor, target, _ = _states(event)
    later = [i for i in chapter if i.when > incident.when and i.event.status in ("reported", "claimed")]
    if event.status == "reported" and event.type == "demand":
        fitting = (i for i in later if i.event.type in ANSWERS_TO_DEMANDS and target in _states(i.event)[:1])
        return None if followers or any(_one_story(incident, i) for i in fitting) else "The demand has no answer here."
    if event.status in ("reported", "claimed") and event.type == "investigation":
        results = (i for i in later if i.event.type in ("arrest_of_suspect", "prosecution"))
        return None if any(_one_story(incident, i) for i in results) else "The inquiry has no result here."
    if event.status == "reported" and event.type == "retaliation_warning":
        done = (_states(i.event) for i in later if event_type(i.event.type).group in MEASURES and i.about is not None)
        carried_out = actor is not None and any(states[0] == actor and target in states for states in done)
        return None if carried_out else "The answer that was warned of has not come here."
    waits: dict[Status, str] = {
        "announced": "Announced; not reported as done here.",
        "threatened": "Threatened; not reported as done here.",
        "demanded": "Asked for; not reported as done here.",
    }
    return waits.get(event.status)


def _one_story(one: Incident, other: Incident) -> bool:
    """Whether two lines of one chapter are, where both say so, about the same act."""
    acts = [i.about for i in (one, other) if i.about]
    return len(acts) < 2 or (acts[0].type, _states(acts[0])) == (acts[1].type, _states(acts[1]))


def _under(members: Sequence[Incident]) -> list[tuple[Incident, list[Incident]]]:
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


def _told(top: Incident, reactions: Sequence[Incident], lines: dict[int, Line], number_of: dict[int, int]) -> Line:
    return replace(lines[number_of[id(top)]], reactions=tuple(lines[number_of[id(reaction)]] for reaction in reactions))


def _chapter(states: tuple[str | None, str | None], members: Sequence[Incident], own: Sequence[Line]) -> Chapter:
    names = sorted(name.removeprefix("the ") for state in states if (name := wording.state_name(state)))
    title = (
        " and ".join(names) if len(names) == 2 else f"{names[0]}, other side not named" if names else "States not named"
    )
    every = sorted((line for top in own for line in (top, *top.reactions)), key=lambda line: line.number)
    return Chapter(
        title=title,
        anchor="-".join(s or "none" for s in states),
        lines=tuple(own),
        tallies=_tallies(members),
        open=tuple(OpenItem(line=line.number, says=f"{line.sentence} {line.open}") for line in every if line.open),
    )


def _tallies(members: Sequence[Incident]) -> tuple[str, ...]:
    """ "Expulsion: by Canada 1 (6 people), by India 1 (6 people)", for what was done at least twice or to counted people."""
    by_type: dict[str, dict[str | None, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in (i.event for i in members if i.event.status == "reported"):
        if event_type(event.type).group in TALLIED:
            by_type[event.type][event.actor.state if event.actor else None].append(event)
    said = []
    for id, by_actor in by_type.items():
        if sum(map(len, by_actor.values())) > 1:
            parts = []
            for state, events in by_actor.items():
                people = sum(e.count or 0 for e in events)
                who = f"by {wording.state_name(state)}" if state else "by others"
                parts.append(f"{who} {len(events)}" + (f" ({people} counted)" if people else ""))
            said.append(f"{event_type(id).label}: {', '.join(parts)}")
    return tuple(said)


def _source(number: int, reading: Reading, lines: Iterable[Line]) -> Source:
    marks = {
        (q.start, q.end, line.number)
        for line in lines
        for q in (account.quote for account in (*line.asserted, *line.denied))
        if q.source == number
    }
    return Source(
        title=_title(reading),
        outlet=reading.outlet,
        published=in_words(reading.published) if reading.published else None,
        path=reading.source,
        text=reading.text,
        boilerplate=reading.boilerplate,
        marks=tuple(sorted(marks)),
    )
