"""From an event to the duties it touches: which article, in which relation, and who holds it.

No relation is ever read off an event alone beyond "engaged", "performed" or "exercised"; "breach" appears only as
somebody's allegation, in an accusation. The perpetrator holds nothing: the receiving state does.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from legation import schema
from legation.law.data import Duty, answer_tags, duties, regimes
from legation.ontology import Condition, Engagement, EventType, Standing, event_type
from legation.schema import ORGANS, Event, Party, Relation

ACTS = frozenset({"harm", "premises"})
_DONE_NOT = frozenset({"announced", "threatened", "demanded", "denied"})


class Engaged(NamedTuple):
    """A duty an event touches: the duty, its article under the regime, relation, holder (ISO alpha-3 or None)."""

    duty: Duty
    article: str
    relation: Relation
    holder: str | None
    further: bool = False
    because: str | None = None


def duties_of(event: Event, events: Sequence[Event] = ()) -> tuple[schema.Duty, ...]:
    """The duties first at stake in an event, as a reading gives them; `events` are those of its article, itself included."""
    return tuple(
        schema.Duty(duty=e.article, relation=e.relation, holder=e.holder)
        for e in engaged(event, events)
        if not e.further
    )


def engaged(event: Event, events: Sequence[Event] = ()) -> tuple[Engaged, ...]:
    """All duties an event touches, those first at stake before the `further` ones, each article and holder once."""
    found = sorted(_engaged(event, events, depth=0), key=lambda e: e.further)
    return tuple({(e.article, e.holder): e for e in reversed(found)}.values())[::-1]


def _engaged(event: Event, events: Sequence[Event], depth: int) -> Iterator[Engaged]:
    kind, case = event_type(event.type), _Case(event, events)
    about = case.about(kind) if depth < len(events) else None
    if about is not None and kind.inherits and case.holds(kind.inherits.only_if, about):
        for one in _engaged(about, events, depth + 1):
            right_only = one.relation == "right_exercised" and kind.inherits.relation != "same"  # nobody owes a right
            if not one.further and not right_only:
                relation = _inherited(kind, one, event)
                yield one._replace(relation=_by_status(relation, event.status))
    for entry in kind.duties:
        if not case.holds(entry.only_if, about):
            continue
        duty = duties()[entry.duty]
        article = duty.cite.get("any") or duty.cite.get(case.regime)
        if article is None:
            continue
        relation = _on_un_soil(entry.relation, duty, case.regime)
        for holder in case.holders(entry, duty):
            yield Engaged(duty, article, _by_status(relation, event.status), holder, entry.further, entry.because)


def _inherited(kind: EventType, one: Engaged, event: Event) -> Relation:
    assert kind.inherits is not None
    relation = kind.inherits.relation
    if relation == "same":  # an allegation stays with who made it, a performance with who did it
        return "duty_engaged" if one.relation in ("breach_alleged", "duty_performed") else one.relation
    if relation == "breach_alleged":  # alleged of the holder, not of anyone else who is blamed
        blamed = event.target.state if event.target else None
        return "breach_alleged" if blamed in (None, one.holder) else one.relation
    return relation


def _by_status(relation: Relation, status: schema.Status) -> Relation:
    """What is not done exercises and performs nothing; what is only denied engages nothing."""
    if status == "denied" and relation != "breach_alleged":
        return "none"
    if status in _DONE_NOT and relation == "duty_performed":
        return "duty_engaged"
    if status in ("threatened", "demanded") and relation == "right_exercised":
        return "none"
    return relation


def _on_un_soil(relation: Relation, duty: Duty, regime: str) -> Relation:
    """The Headquarters Agreement turns the host's rights over entry and stay into duties."""
    return "duty_engaged" if regime == "un_hq" and duty.un_hq else relation


class _Case:
    """One event among those of its article: who is host, who sends, under which regime."""

    def __init__(self, event: Event, events: Sequence[Event]) -> None:
        self.event, self.events = event, events
        kind = event_type(event.type)
        post = next((p.post for p in (event.target, event.actor) if p and p.post), None)
        self.host = event.host or (post.in_ if post else None) or _state(_side(event, kind.host_side))
        self.sending = _state(_side(event, kind.sending_side)) or (post.of if post else None)
        self.regime = self._regime(post)

    def _regime(self, post: schema.Post | None) -> str:
        table = regimes()
        words = (post.kind if post else "").casefold().replace("_", " ")
        for rule in table.posts:
            if words and rule.word in words and rule.only_in in (None, self.host):
                return rule.regime
        target = self.event.target
        if target and target.state is None and target.name in table.organisations:
            return "organisation"
        return "diplomatic"

    def standing(self, party: Party | None) -> Standing:
        state = _state(party)
        if state is None or self.host is None:
            return "unknown"
        return "host" if state == self.host else "sending" if state == self.sending else "third"

    @property
    def by_host_organ(self) -> bool:
        actor = self.event.actor
        return actor is not None and actor.kind in ORGANS and self.standing(actor) == "host"

    def holds(self, condition: Condition | None, about: Event | None) -> bool:
        """Whether everything a condition asks for is known to be so."""
        if condition is None:
            return True
        c, event = condition, self.event
        answered = _get(self.events, event.in_response_to)
        together = (e for e in self.events if e is not event and e.type in c.together_with and self._same_mission(e))
        return (
            (c.actor_is is None or self.by_host_organ == (c.actor_is == "host_organ"))
            and (not c.actor_side or self.standing(event.actor) in c.actor_side)
            and (not c.target_side or self.standing(event.target) in c.target_side)
            and (not c.target_kinds or (event.target.kind if event.target else None) in c.target_kinds)
            and (not c.together_with or any(True for _ in together))
            and (not c.answers or (answered is not None and answered.type in c.answers))
            and (c.about is None or about is None)
            and (c.count_at_least is None or (event.count or 0) >= c.count_at_least)
        )

    def _same_mission(self, other: Event) -> bool:
        states = {_state(other.actor), _state(other.target)}
        return other.host == self.event.host and (self.sending is None or self.sending in states)

    def about(self, kind: EventType) -> Event | None:
        """What words or an answer are about: the event they answer, else the only one of its host they can mean."""
        if kind.inherits is None:
            return None
        answered = _get(self.events, self.event.in_response_to)
        if answered is not None and answered is not self.event:
            return answered
        if self.event.type in ("summons", "retaliation_warning") or self._complains_of_itself(kind):
            return None  # what these answer mostly happened elsewhere
        possible = [e for e in self.events if event_type(e.type).group in ACTS and e.host and e.host == self.host]
        return possible[0] if len(possible) == 1 else None

    def _complains_of_itself(self, kind: EventType) -> bool:
        return kind.host_side == "target" and self.standing(self.event.actor) == "host"

    def holders(self, entry: Engagement, duty: Duty) -> tuple[str | None, ...]:
        role = entry.holder or duty.holder
        actor, target = _state(self.event.actor), _state(self.event.target)
        if role == "both":
            return (actor, target)
        by_role: dict[str, str | None] = {
            "host": self.host,
            "receiving": self.host,
            "every": self.host,
            "sending": self.sending,
        }
        by_role |= {"actor": actor, "third": actor, "target": target}
        return (by_role[role],)


def answer_kinds(answer: Event, answered: Event) -> tuple[str, ...]:
    """What an answer to a measure is in law: ids of `answer_tags`, e.g. ``("retorsion", "in_kind")``."""
    case = _Case(answer, (answer, answered))
    mirrored = answer.type == answered.type and _state(answer.actor) == _state(answered.target) != _state(answer.target)
    return tuple(
        tag.id
        for tag in answer_tags()
        if (mirrored if tag.types == "same" else answer.type in tag.types)
        and (tag.only_if is None or case.by_host_organ)
    )


def _side(event: Event, side: str | None) -> Party | None:
    return event.actor if side == "actor" else event.target if side == "target" else None


def _state(party: Party | None) -> str | None:
    return party.state if party else None


def _get(events: Sequence[Event], index: int | None) -> Event | None:
    return events[index] if index is not None and 0 <= index < len(events) else None
