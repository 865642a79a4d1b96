"""The mentions of an article: what its reading says, with people's decisions laid over it.

After a re-reading a mention that a decision names is the one with its id, else the one of its type (else group) whose words
overlap; what the reader no longer finds is kept as it was, unless the decision was to reject it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from legation.record.identity import event_id
from legation.record.knowledge import group
from legation.record.rows import decode_event
from legation.record.store import RecordError
from legation.schema import Event, Reading


class Anchor(NamedTuple):
    """A mention in a decision."""

    decision: int
    action: str
    detail: Mapping[str, Any]
    event: str
    body: str


class Present(NamedTuple):
    """A mention as it is on the record: index in the reading (below 0: kept by a decision), id, event as corrected."""

    n: int
    id: str
    event: Event


def present(
    article_id: str, one: Reading, anchors: Sequence[Anchor] = ()
) -> tuple[list[Present], dict[tuple[int, str], str]]:
    """The mentions of an article by its reading and the decisions on it; and which mention each anchor is now."""
    events = dict(enumerate(one.events))
    ids = _ids(article_id, one)
    where = {id: n for n, id in ids.items()}
    now: dict[tuple[int, str], str] = {}
    for a in sorted(anchors, key=lambda a: (a.decision, a.event)):
        n = where.get(a.event)
        if n is None and (n := same_words(decode_event(a.body), one.events)) is not None:
            where[a.event] = n
        if n is None and a.action != "reject":
            n = where[a.event] = min(0, *events) - 1 if events else -1
            ids[n] = a.event
            events[n] = msgspec.structs.replace(decode_event(a.body), in_response_to=None, statement=None)
        if n is None:
            continue
        now[a.decision, a.event] = ids[n]
        if a.action == "correct":
            events[n] = corrected(events[n], a.detail["field"], a.detail["value"])
    return [Present(n, ids[n], events[n]) for n in events], now


def corrected(read: Event, field: str, value: Any) -> Event:
    """An event with one field set. A field or value that cannot be raises RecordError."""
    data = msgspec.to_builtins(read)
    role, _, part = field.partition(".")
    if part:
        data[role] = (data[role] or {}) | {part: value}
    else:
        data[role] = value
    try:
        return msgspec.convert(data, Event)
    except msgspec.ValidationError as error:
        raise RecordError(
            f"{field} = {value!r}: {error}; see `legation ontology` and docs/reading.md for values"
        ) from None


def _ids(article_id: str, one: Reading) -> dict[int, str]:
    """Index → id, by type and words; equal ones are numbered."""
    seen: dict[tuple[str, int, int], int] = defaultdict(int)
    found = {}
    for n, read in enumerate(one.events):
        key = (read.type, read.evidence.start, read.evidence.end)
        found[n] = event_id(article_id, read, seen[key])
        seen[key] += 1
    return found


def same_words(was: Event, events: Sequence[Event]) -> int | None:
    """The event whose words overlap with those of one that is gone, of its type if there is one, else of its group."""
    best: tuple[int, int] | None = None
    for n, now in enumerate(events):
        overlap = min(was.evidence.end, now.evidence.end) - max(was.evidence.start, now.evidence.start)
        like = 2 * (was.type == now.type) + (group(was.type) == group(now.type))
        if overlap > 0 and like and (best is None or like > best[0]):
            best = (like, n)
    return best[1] if best else None
