"""Drafts to events: evidence in the article's own characters, duties, codes, and the trace of why."""

from collections.abc import Sequence

from msgspec.structs import replace

from legation import law, ontology
from legation.reading.events import Draft
from legation.reading.page import Page
from legation.reading.statements import Voiced, place_of
from legation.schema import Event, Evidence


def finish(page: Page, drafts: Sequence[Draft], voiced: tuple[Voiced, ...]) -> tuple[Event, ...]:
    """Events in the order the article shows them; links become indices; duties come last, they look at all events."""
    order = {id(draft): index for index, draft in enumerate(drafts)}
    events = []
    for draft in drafts:
        start, end = page.span(*draft.span)
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
