"""What a line says beside its sentence: on whose word it stands, which duty is at stake, what about it still waits."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from legation import law
from legation.exports.briefing import wording
from legation.exports.briefing.group import Incident, Mention, states_of
from legation.exports.briefing.nouns import Account, Quote, Stake
from legation.ontology import event_type
from legation.schema import Duty, Reading, Statement, Status

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
_AROUND, _REACH = 18, 400
"""Words shown on either side of quoted ones, and characters within which they are looked for."""
_TOKEN = re.compile(r"\S+\s*|\s+")
_SENTENCE = re.compile(r"(?<=[a-z\d)][.!?])[\"”’)]*\s+(?=[\"“‘A-Z])|\s*\n\s*\n\s*|(?<![^\n]{50})\n")
"""Between two sentences, paragraphs, or after a short line (one that was not broken to fit)."""
MEASURES = frozenset({"restriction", "sending", "relations"})


def account_of(mention: Mention) -> Account:
    """Who gives the event; for the spoken word itself, that is whoever tells of it."""
    event, reading = mention.event, mention.reading
    said = reading.statements[event.statement] if event.statement is not None else None
    who = wording.claimant_words(event.claimant)
    if event.status in ("claimed", "denied") and said is not None and said.speaker is not None:
        who = wording.speaker(said.speaker.name, said.speaker.role, said.speaker.state) or who
    quote = quoted(mention, event.evidence.start, event.evidence.end)
    return Account(
        who=who, stance="denies" if event.status == "denied" else "says", outlet=outlet_of(reading), quote=quote
    )


def quoted(mention: Mention, start: int, end: int) -> Quote:
    """Words of an article with the sentence they stand in, at most `_AROUND` words of it on either side."""
    text = mention.reading.text
    breaks = [found.span() for found in _SENTENCE.finditer(text, max(0, start - _REACH), end + _REACH)]
    before = text[max((e for _, e in breaks if e <= start), default=max(0, start - _REACH)) : start]
    after = text[end : min((s for s, _ in breaks if s >= end), default=end + _REACH)]
    head, tail = _TOKEN.findall(before), _TOKEN.findall(after)
    return Quote(
        source=mention.source,
        start=start,
        end=end,
        text=text[start:end],
        before="…" * (len(head) > _AROUND) + "".join(head[-_AROUND:]),
        after="".join(tail[:_AROUND]) + "…" * (len(tail) > _AROUND),
    )


def denials(mention: Mention) -> list[Account]:
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
            quote = quoted(mention, start, end)
            who = wording.speaker(speaker.name, speaker.role, speaker.state) if speaker else None
            found.append(
                Account(
                    who=who or "somebody not named", stance="denies", outlet=outlet_of(mention.reading), quote=quote
                )
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
        if event.evidence.start < start and event.status == "claimed" and state and state in states_of(event)
    ]
    return max(before)[1] if before else None


def stakes(incident: Incident) -> tuple[Stake, ...]:
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
    others = [s for s in states_of(incident.event) if s and s != duty.holder]
    basis = law.basis(duty.duty, [duty.holder, *others[:1]], incident.event.date)
    words = {"treaty": "by treaty", "custom": "by customary law", "none": "not by treaty"}
    return Stake(article=duty.duty, says=wording.capital(says), basis=words.get(basis or ""))


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def open_words(incident: Incident, chapter: Sequence[Incident], followers: Sequence[Incident]) -> str | None:
    """What about an incident still waits, if anything: as the record says, or else by these rules.

    A demand or warning is answered by what says that it answers it, or by a fitting act of the right state on a later
    day; an inquiry by an arrest or trial on a later day. What is only announced, threatened or asked for waits.
    """
    if incident.known is not None:
        return incident.known.open
    event = incident.event
    actor, target, _ = states_of(event)
    later = [i for i in chapter if i.when > incident.when and i.event.status in ("reported", "claimed")]
    if event.status == "reported" and event.type == "demand":
        fitting = (i for i in later if i.event.type in ANSWERS_TO_DEMANDS and target in states_of(i.event)[:1])
        return None if followers or any(_one_story(incident, i) for i in fitting) else "The demand has no answer here."
    if event.status in ("reported", "claimed") and event.type == "investigation":
        results = (i for i in later if i.event.type in ("arrest_of_suspect", "prosecution"))
        return None if any(_one_story(incident, i) for i in results) else "The inquiry has no result here."
    if event.status == "reported" and event.type == "retaliation_warning":
        done = (states_of(i.event) for i in later if event_type(i.event.type).group in MEASURES and i.about is not None)
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
    return len(acts) < 2 or (acts[0].type, states_of(acts[0])) == (acts[1].type, states_of(acts[1]))


def outlet_of(reading: Reading) -> str:
    """Its outlet, never in capitals only; else its file."""
    outlet = reading.outlet or PurePath(reading.source).name
    return outlet.title() if outlet.isupper() and " " in outlet else outlet
