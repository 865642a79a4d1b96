"""Drafts to events: evidence in the article's own characters, duties, codes, and the trace of why."""

from collections.abc import Sequence

from msgspec.structs import replace

from legation import law, ontology
from legation.reading.events import Draft
from legation.reading.page import Page, Parties, states
from legation.reading.statements import Voiced, place_of
from legation.schema import Event, Evidence


def quoted(draft: Draft, page: Page, parties: Parties) -> tuple[int, int]:
    """The tokens that are quoted for an event: of its mentions that whose sentence names most of its states, and which itself gives most of
    states, date and number; of equals one that a frame met, and the first."""

    def bears_out(mention: Draft) -> tuple[int, int, bool]:
        sentence = page.sentence(mention.trigger)
        named = {state for m in parties.within(sentence.start, sentence.end) for state in states(m)}
        own, whole = (*mention.states, mention.date, mention.count), (*draft.states, draft.date, draft.count)
        given = sum(one == other is not None for one, other in zip(own, whole, strict=True))
        return len(named.intersection(draft.states)), given, mention.hit is not None

    return max(draft.members, key=bears_out).span


def finish(page: Page, parties: Parties, drafts: Sequence[Draft], voiced: tuple[Voiced, ...]) -> tuple[Event, ...]:
    """Events in the order the article shows them; links become indices; duties come last, they look at all events."""
    order = {id(draft): index for index, draft in enumerate(drafts)}
    events = []
    for draft in drafts:
        start, end = page.span(*quoted(draft, page, parties))
        kind = ontology.event_type(draft.type)
        events.append(
            Event(
                type=draft.type,
                status=draft.status,
                actor=draft.actor,
                target=draft.target,
                host=draft.host,
                city=draft.city,
                date=draft.date,
                count=draft.count,
                claimant=draft.claimant,
                in_response_to=order.get(id(draft.answers)) if draft.answers is not None else None,
                statement=place_of(voiced, draft.voice) if draft.voice is not None else None,
                evidence=Evidence(start=start, end=end, text=page.article.text[start:end]),
                mentions=tuple(page.span(*member.span) for member in draft.members),
                plover={"event": kind.plover.event, "mode": kind.plover.mode},
                cameo=kind.cameo,
                why="; ".join(draft.why),
            )
        )
    return tuple(replace(event, duties=law.duties_of(event, events)) for event in events)
