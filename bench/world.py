"""A made-up world of diplomatic incidents and the articles that tell of them, as readings: for measuring the record, not the reader.

Overlap is as in real news: few states have most incidents, most incidents have one article and few have hundreds, a third of the articles
are copies that drop or add a sentence, later stories mention earlier acts undated or by month, and measures are answered in kind. The
same seed gives the same readings; memory does not grow.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import msgspec

from legation.atlas import records
from legation.law import duties_of
from legation.ontology import event_type, types
from legation.schema import Claimant, Event, Evidence, Party, Reading

FIRST_DAY = date(1990, 1, 1)
PER_DAY = 7.5
"""New incidents a day: some three articles each make 100,000 articles in twelve years."""


REMEMBERED = 200
"""Days that later stories mention an act for."""


class World:
    """`readings` gives its articles in order of publication, without end."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        places: dict[str, list[str]] = {}
        for city in records.cities():
            places.setdefault(city.state, []).append(city.name)
        self.places = {state: cities[:4] for state, cities in sorted(places.items()) if len(cities) >= 3}
        self.states = sorted(self.places, key=lambda code: blake2b(code.encode()).digest())
        self.weights = [1 / (rank + 3) for rank in range(len(self.states))]
        self.types = [kind for kind in types().values() if kind.group not in ("communication", "protection")]
        self.reactions = [kind for kind in types().values() if kind.group in ("communication", "protection")]
        self.outlets = [outlet.name for outlet in records.read("outlets", tuple[records.Outlet, ...])]
        self.words = [f"{a}{b}{c}" for a in _ONSETS for b in _VOWELS for c in _CODAS]
        self.word_weights = list(accumulate(1 / (rank + 20) for rank in range(len(self.words))))
        self.recent: dict[tuple[str, str], deque[Event]] = {}

    def readings(self) -> Iterator[Reading]:
        """Articles, a day's at a time, without end."""
        day = FIRST_DAY
        later: dict[date, list[tuple[list[Event], str]]] = {}
        while True:
            for _ in range(_poisson(self.rng, PER_DAY)):
                acts, lead = self._acts(day), self._sentences(12)
                for _ in range(self._size()):
                    delay = min(int(self.rng.expovariate(0.8)), 20)
                    later.setdefault(day + timedelta(days=delay), []).append((acts, lead))
            for acts, lead in later.pop(day, []):
                yield self._article(acts, lead, day)
            if day.toordinal() % REMEMBERED == 0:
                self._forget((day - timedelta(days=REMEMBERED)).isoformat())
            day += timedelta(days=1)

    def _forget(self, since: str) -> None:
        """Drop the pairs of states that nothing has happened between since a day."""
        self.recent = {pair: acts for pair, acts in self.recent.items() if acts and (acts[-1].date or "") >= since}

    def _size(self) -> int:
        """Articles on an incident: most have one, one in a thousand has over a hundred."""
        return min(int(self.rng.paretovariate(1.25)), 400)

    def _acts(self, day: date) -> list[Event]:
        """An act and what is said and done about it in the days after: up to four of them."""
        act = self._act(day)
        acts = [act]
        for kind in self.rng.sample(self.reactions, self.rng.choice((0, 1, 2, 3, 4))):
            receiving, sending = (
                (act.target, act.actor) if kind.host_side != event_type(act.type).host_side else (act.actor, act.target)
            )
            roles = {kind.host_side: receiving, kind.sending_side: sending}
            on = day + timedelta(days=self.rng.randint(0, 2))
            parties = {"actor": roles.get("actor") or sending, "target": roles.get("target") or receiving}
            acts.append(
                msgspec.structs.replace(
                    act, type=kind.id, city=None, date=on.isoformat(), count=None, in_response_to=0, **parties
                )
            )
        return acts

    def _act(self, day: date) -> Event:
        receiving, sending = self.rng.choices(self.states, self.weights, k=2)
        while sending == receiving:
            sending = self.rng.choice(self.states)
        pair = (min(receiving, sending), max(receiving, sending))
        before = self.recent.setdefault(pair, deque(maxlen=3))
        while before and date.fromisoformat(before[0].date or "") < day - timedelta(days=REMEMBERED):
            before.popleft()
        kind = self.rng.choice(self.types)
        if before and self.rng.random() < 0.3:  # paid back in kind
            kind = event_type(before[-1].type)
            receiving, sending = sending, receiving
        roles = {kind.host_side: receiving, kind.sending_side: sending}
        actor = roles.get("actor") or (receiving if kind.group != "relations" else sending)
        target = roles.get("target") or (sending if actor == receiving else receiving)
        act = Event(
            type=kind.id,
            status=self.rng.choices(("reported", "announced", "threatened", "demanded"), (90, 5, 3, 2))[0],
            actor=Party(state=actor, kind=kind.roles.actor.default or "government"),
            target=Party(state=target, kind=kind.roles.target.default or "government"),
            host=None if kind.group == "relations" else receiving,
            city=self.rng.choice(self.places[receiving]) if kind.group in ("harm", "premises") else None,
            date=day.isoformat(),
            count=self.rng.choice((None, None, 1, 2, 3, 5, 8, 23)),
            evidence=Evidence(start=0, end=0, text=""),
        )
        before.append(act)
        return act

    def _article(self, acts: list[Event], lead: str, day: date) -> Reading:
        act = acts[0]
        told = [self._told(act, day)]
        told += [self._told(one, day) for one in acts[1:] if self.rng.random() < 0.6]
        since = (day - timedelta(days=REMEMBERED)).isoformat()
        others = [one for one in self.recent[self._pair(act)] if one is not act and (one.date or "") >= since]
        if others and self.rng.random() < 0.4:
            told[0] = msgspec.structs.replace(told[0], in_response_to=len(told))
        told += [
            self._mentioned(one) for one in others if self.rng.random() < 0.6 or told[0].in_response_to == len(told)
        ]
        if self.rng.random() < 0.33:
            sentences = lead.split("\n")
            body = "\n".join(sentences[: self.rng.randint(8, 12)])
        else:
            body = self._sentences(12)
        parts, events = [], []
        position = 0
        for event in told:
            words = f"{event_type(event.type).label} by {event.actor.state if event.actor else 'somebody'} {self._sentences(1)}"
            parts.append(words)
            start = position
            position += len(words) + 1
            evidence = Evidence(start=start, end=start + len(words), text=words)
            events.append(msgspec.structs.replace(event, evidence=evidence))
        text = "\n".join([*parts, body])
        outlet = self.rng.choice(self.outlets)
        return Reading(
            id=blake2b(text.encode(), digest_size=12).hexdigest(),
            source=f"world/{outlet}/{day}",
            outlet=outlet,
            title=parts[0][:80],
            published=day.isoformat(),
            language="en",
            text=text,
            relevant=True,
            events=tuple(msgspec.structs.replace(event, duties=duties_of(event, events)) for event in events),
        )

    def _told(self, act: Event, day: date) -> Event:
        """The act as one article tells it: some do not name an actor, count otherwise, date it a day off, or only claim it."""
        rng = self.rng
        changes: dict[str, Any] = {}
        if rng.random() < 0.1 and event_type(act.type).group in ("harm", "premises"):
            changes["actor"] = None
        if act.count and rng.random() < 0.1:
            changes["count"] = act.count + rng.choice((-1, 1, 2))
        if act.date and rng.random() < 0.15:
            moved = date.fromisoformat(act.date) + timedelta(days=rng.choice((0, 1)))
            changes["date"] = rng.choice((None, act.date[:7], moved.isoformat()))
        if act.status == "reported" and rng.random() < 0.15:
            side = rng.choice((act.actor, act.target))
            changes["status"] = rng.choice(("claimed", "claimed", "denied"))
            changes["claimant"] = Claimant(state=side.state if side else None)
        return msgspec.structs.replace(act, **changes)

    def _mentioned(self, act: Event) -> Event:
        """The act as background of a later story."""
        date = self.rng.choice((None, None, act.date and act.date[:7], act.date))
        return msgspec.structs.replace(act, date=date, city=None, count=self.rng.choice((None, act.count)))

    def _pair(self, act: Event) -> tuple[str, str]:
        states = sorted(party.state for party in (act.actor, act.target) if party and party.state)
        return states[0], states[1]

    def _sentences(self, count: int) -> str:
        made = (" ".join(self.rng.choices(self.words, cum_weights=self.word_weights, k=14)) for _ in range(count))
        return "\n".join(f"{sentence.capitalize()}." for sentence in made)


def _poisson(rng: random.Random, mean: float) -> int:
    count, total = 0, rng.expovariate(1.0)
    while total < mean:
        count, total = count + 1, total + rng.expovariate(1.0)
    return count


_ONSETS = ("b", "br", "d", "f", "gr", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("ck", "d", "l", "lt", "m", "n", "nd", "r", "rn", "s", "st", "t", "x", "mber", "sion", "ter")
