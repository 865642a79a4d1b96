"""From incidents to a briefing: sorted by pair of states and date, numbered, linked to each other and to their sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from legation import law
from legation.exports.briefing import wording
from legation.exports.briefing.dates import in_words
from legation.exports.briefing.facts import account_of, denials, open_words, outlet_of, stakes
from legation.exports.briefing.group import Incident, Mention, Pair, group, home, place_in_time, under
from legation.exports.briefing.nouns import Briefing, Chapter, Line, OpenItem, Source
from legation.ontology import event_type
from legation.schema import Event, Reading

TALLIED = ("harm", "premises", "restriction", "sending", "relations")


def briefing(readings: Iterable[Reading]) -> Briefing:
    """The briefing over readings, in any order of them but with sources numbered in that order."""
    read = list(readings)
    kept = [reading for reading in read if reading.events]
    return arranged(group(kept), kept, tuple(_title(reading) for reading in read if not reading.events))


def arranged(incidents: Iterable[Incident], kept: Sequence[Reading], left_out: tuple[str, ...] = ()) -> Briefing:
    """The briefing of incidents whose mentions number the readings in `kept`."""
    by_pair: dict[Pair, list[Incident]] = defaultdict(list)
    for incident in incidents:
        by_pair[home(incident.mentions[0])].append(incident)
    ordered = [
        (states, sorted(members, key=lambda i: (place_in_time(i, members), i.mentions[0].source, i.mentions[0].index)))
        for states, members in sorted(
            by_pair.items(), key=lambda c: (max(i.when for i in c[1]), str(c[0])), reverse=True
        )
    ]
    trees = [(states, under(members)) for states, members in ordered]
    numbered = [i for _, tree in trees for top, reactions in tree for i in (top, *reactions)]
    at = {(m.source, m.index): n for n, incident in enumerate(numbered, 1) for m in incident.mentions}
    answered_by = defaultdict(set)
    for number, incident in enumerate(numbered, 1):
        for mention in incident.mentions:
            if answered := at.get((mention.source, _answered(mention))):
                answered_by[answered].add(number)
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
            for states, tree in trees
        ),
        sources=tuple(_source(n, reading, lines.values()) for n, reading in enumerate(kept)),
        left_out=left_out,
        treaties=tuple((treaty.id, treaty.name) for treaty in law.treaties().values() if treaty.id in cited),
    )


def _line(
    number: int,
    incident: Incident,
    at: dict[tuple[int, int], int],
    answered_by: dict[int, set[int]],
    numbered: Sequence[Incident],
    chapter: Sequence[Incident],
) -> Line:
    event, kind = incident.event, event_type(incident.event.type)
    told = [(m, account_of(m)) for m in incident.mentions]
    asserted = tuple(account for m, account in told if m.event.status != "denied")
    denied = tuple(account for m, account in told if m.event.status == "denied")
    denied += tuple(account for m in incident.mentions for account in denials(m))
    answers = {n for m in incident.mentions if (n := at.get((m.source, _answered(m))))}
    counts = list(dict.fromkeys((m.event.count, outlet_of(m.reading)) for m in incident.mentions if m.event.count))
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
        sources=incident.known.sources if incident.known else None,
        outlets=tuple(dict.fromkeys(outlet_of(m.reading) for m in incident.mentions)),
        stakes=stakes(incident),
        answers=tuple(sorted(answers - {number})),
        followed_by=tuple(sorted(answered_by[number] - {number})),
        open=open_words(incident, chapter, [numbered[n - 1] for n in answered_by[number]]),
    )


def _answered(mention: Mention) -> int:
    """Index of the event of the same article that this one answers; -1, which is nobody's, when it answers none."""
    return (
        mention.event.in_response_to if mention.about is not None and mention.event.in_response_to is not None else -1
    )


def _told(top: Incident, reactions: Sequence[Incident], lines: dict[int, Line], number_of: dict[int, int]) -> Line:
    return replace(lines[number_of[id(top)]], reactions=tuple(lines[number_of[id(reaction)]] for reaction in reactions))


def _chapter(states: Pair, members: Sequence[Incident], own: Sequence[Line]) -> Chapter:
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
                of = (
                    "people"
                    if all(e.target and e.target.kind in ("diplomat", "staff") for e in events)
                    else "in number"
                )
                parts.append(f"{who} {len(events)}" + (f" ({people} {of})" if people else ""))
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
