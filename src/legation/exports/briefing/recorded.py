"""The briefing of what is on a record: its incidents, with people's corrections, its count of sources, its open items."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from legation.exports.briefing.dates import in_words
from legation.exports.briefing.group import Incident, Known, Mention
from legation.exports.briefing.make import arranged
from legation.exports.briefing.nouns import Briefing
from legation.schema import Event, Reading

if TYPE_CHECKING:
    from legation.record import Record
    from legation.record import nouns as recorded

WAITS = {
    "demand": "The demand has no answer on the record.",
    "inquiry": "The inquiry has no result on the record.",
    "assurance": "Whether the promise was kept is not on the record.",
    "breach": "The alleged breach has no answer on the record.",
    "deadline": "They have to leave by {due}; that they did is not on the record.",
    "threat": "What was threatened is not reported as done.",
}
"""What an open item of the record means, by its kind."""


def briefing_of(record: "Record", wanted: "recorded.Filter | None" = None) -> Briefing:
    """The briefing of the incidents that pass a filter, with the articles that tell of them as sources."""
    details = [record.incident(one.id) for one in record.every(wanted)]
    told = {mention.article: mention.published for detail in details for mention in detail.mentions}
    numbers = {id: n for n, id in enumerate(sorted(told, key=lambda id: (told[id] or "9999", id)))}
    readings = [record.article(id).reading for id in numbers]
    return replace(arranged([_incident(detail, numbers, readings) for detail in details], readings), recorded=True)


def _incident(detail: "recorded.Detail", numbers: dict[str, int], readings: list[Reading]) -> Incident:
    mentions = []
    for mention in detail.mentions:
        source = numbers[mention.article]
        index = _index(readings[source], mention.read or mention.event)
        mentions.append(Mention(source, index, readings[source], mention.event))
    mentions.sort(key=lambda m: (m.source, m.index))
    return Incident(mentions, Known(_sources(detail.incident), _waits(detail.items)))


def _index(reading: Reading, read: Event) -> int:
    """Where the reading has the event; -1 for one that only a decision keeps."""
    same = (n for n, event in enumerate(reading.events) if (event.type, event.evidence) == (read.type, read.evidence))
    return next(same, -1)


def _sources(incident: "recorded.Incident") -> str | None:
    if incident.articles == 1:
        return None
    independent = "one independent source" if incident.sources == 1 else f"{incident.sources} independent sources"
    return f"{incident.articles} articles, {independent}, {incident.standing}"


def _waits(items: "tuple[recorded.Item, ...]") -> str | None:
    return " ".join(WAITS[i.kind].format(due=in_words(i.due)) for i in items if i.state == "open") or None
