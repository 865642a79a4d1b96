"""Which states an act concerns: the evidence for each state, and a weighed choice that can say why.

Every event has up to four roles for a state: the `sending` state whose people or mission are concerned, the `host`
(receiving state), the `actor` and the `target`. What speaks for a state in a role (it stands in the object slot, its mission
is the nearest one, the article is mostly about its embassy ...) is named evidence; a linear model weighs the evidence, per
role and, where the corpus is large enough to tell, per event type. "No state named" is always a candidate, and wins when
nothing speaks clearly. Weights: ``data/weights.json``, made by ``make train`` (``training/roles.py``).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, fsum

from legation import ontology
from legation.reading.events.frames import Matcher
from legation.reading.events.predicates import Slots
from legation.reading.lexicon import words
from legation.reading.page import Mention, Page, Parties, states
from legation.reading.statements import Voiced, claimants_over
from legation.reading.weighing import NOBODY, Choice, Evidence, Model, chosen_by, fitted, shares, total

ROLES = ("sending", "host", "actor", "target")


class World:
    """What the article as a whole tells of its parties: whose missions stand where, and which states it is about."""

    def __init__(self, page: Page, parties: Parties) -> None:
        self.posts: dict[str, Counter[str]] = {}
        self.hosts: Counter[str] = Counter()
        self.protected: Counter[str] = Counter()
        self.weight: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.title: list[tuple[str, str]] = []
        first_line = page.lines[0][1] if page.lines else 0
        for m in parties.mentions:
            for s in states(m):
                self.weight[s] += 1
                if m.protected:
                    self.protected[s] += 1
                elif m.kind == "place":
                    self.places[s] += 1
                if m.end <= first_line:
                    self.title.append(("prot" if m.protected else "place" if m.kind == "place" else "other", s))
                if m.protected and m.post and m.post.in_ and m.post.in_ != s:
                    self.posts.setdefault(s, Counter())[m.post.in_] += 1
                    self.hosts[m.post.in_] += 1

    def host_of(self, sending: str) -> str | None:
        """Where the article mostly places a state's mission."""
        found = self.posts.get(sending, Counter()).most_common(2)
        if not found or (len(found) == 2 and found[0][1] < 2 * found[1][1]):
            return None
        return found[0][0]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is known around one trigger: its slots and, where a frame was met, the frame's own roles."""

    type: str
    trigger: int
    slots: Slots
    actor: Mention | None = None
    actor_slot: str | None = None
    target: Mention | None = None
    target_slot: str | None = None


def evidence(scene: Scene, matcher: Matcher, world: World, voiced: tuple[Voiced, ...]) -> Evidence:
    """What speaks for each state the article names, as the words around one trigger show it."""
    page, parties = matcher.page, matcher.parties
    found: Evidence = {s: set() for s, _ in world.weight.most_common(8)}

    def say(name: str, *of: str | None) -> None:
        for state in of:
            if state:
                found.setdefault(state, set()).add(name)

    for role, mention, slot in (("target", scene.target, scene.target_slot), ("actor", scene.actor, scene.actor_slot)):
        if mention is not None:
            say(f"{role}", *states(mention))
            say(f"{role}:{slot}", *states(mention))
            say(f"{role}.kind:{mention.kind}", *states(mention))
            if mention.post:
                say(f"{role}.post.in", mention.post.in_)
            if mention.protected and mention.plural and not (mention.post and mention.post.in_):
                say("missions nowhere in particular", NOBODY)
                if any(t.lower_ in words("many_places") for t in page.sentence(scene.trigger)):
                    say("missions in many places", NOBODY)
            for s in states(mention):
                say(f"{role}.mission_in", world.host_of(s))
            if not states(mention):
                say(f"{role} stateless", NOBODY)
                say(f"{role} stateless: {mention.kind}{' plural' if mention.plural else ''}", NOBODY)
                general = words("general") | words("general_in_role")
                if any(t.lower_ in general for t in page.doc[mention.start : mention.end]):
                    say(f"{role} in general", NOBODY)
    for slot, tokens in scene.slots.items():
        for token in tokens[:4]:
            here = parties.at(token.i)
            if here:
                say(f"slot:{slot}", *states(here))
                if here.kind == "place":
                    say(f"place:{slot}", *states(here))
                if here.post:
                    say("slot.post.in", here.post.in_)
    span = page.sentence(scene.trigger)
    for where, start, end in _windows(page, span.start, span.end):
        near: dict[str, tuple[int, Mention]] = {}
        for m in parties.within(start, end):
            group = (
                "prot"
                if m.protected
                else "place"
                if m.kind == "place"
                else "gov"
                if m.kind == "government"
                else "other"
            )
            say(f"{where}.{group}", *states(m))
            if m.post:
                say(f"{where}.post.in", m.post.in_)
            side = "left" if m.head < scene.trigger else "right"
            distance = abs(m.head - scene.trigger)
            if states(m):
                for key in (group, f"{group}.{side}"):
                    if key not in near or distance < near[key][0]:
                        near[key] = (distance, m)
        if where == "here":
            for key, (_, m) in near.items():
                say(f"nearest.{key}", *states(m))
    chain = [v for v in claimants_over(voiced, scene.trigger) if v.speaker]
    if chain:
        say("voice", *states(chain[0].speaker))
        say("voice.outer", *states(chain[-1].speaker))
        if chain[0].speaker and chain[0].speaker.kind in {"diplomat", "mission"}:
            say("voice.envoy", *states(chain[0].speaker))
    for group, state in world.title:
        say(f"title.{group}", state)
    for name, counter in (
        ("prot", world.protected),
        ("hosts", world.hosts),
        ("places", world.places),
        ("all", world.weight),
    ):
        for rank, (state, _) in enumerate(counter.most_common(2)):
            say(f"article.{name}.{rank + 1}", state)
    named = [s for s, names in found.items() if names & {"here.prot", "here.gov", "here.place", "here.other"}]
    if len(named) == 1:
        say("only_one_here", named[0])
    return found


def deed_evidence(found: Evidence, group: str, actor: str | None, target: str | None, host: str | None) -> None:
    """What the act that words are about says of the states: whose act it was, on whom, on whose soil."""
    for role, state in (("actor", actor), ("target", target), ("host", host)):
        if state:
            found.setdefault(state, set()).update((f"deed.{role}", f"deed.{group}.{role}"))


def _windows(page: Page, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The sentence itself and the one before it."""
    yield "here", start, end
    if start:
        before = page.sentence(start - 1)
        yield "before", before.start, before.end


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Role (also date, status, claimant, answers) → feature → weight."""
    return {role: Model(model) for role, model in fitted("weights").items()}


@cache
def _kin(type_id: str) -> tuple[str, ...]:
    """What shares weights with a type: itself, types of its group, types whose sides are played by the same roles."""
    kind = ontology.event_type(type_id)
    return type_id, f"{kind.group}", f"host={kind.host_side} sending={kind.sending_side}"


def _with_kin(type_id: str, told: Iterable[str]) -> Iterator[str]:
    """Features alone, and with the event type and its kin."""
    told = list(told)
    yield from told
    for kin in _kin(type_id):
        for name in told:
            yield f"{kin}|{name}"


def beside(chosen: Mapping[str, str | None], state: str) -> list[str]:
    """How a candidate stands to the roles that are already given."""
    if state == NOBODY:
        return [f"nobody, no {role}" for role, other in chosen.items() if other is None]
    return [f"is_{role}" for role, other in chosen.items() if other == state]


_GIVEN = (
    "target",
    "actor",
    "here.prot",
    "here.gov",
    "voice",
    "deed.actor",
    "here",
    "sentence before",
    "same paragraph",
    "ruled",
)
"""Evidence whose lack speaks for "none"."""


def told(found: Evidence) -> dict[str, list[str]]:
    """Nobody, by what is lacking, and each state with evidence → the names of what speaks for it, in order."""
    given: set[str] = set().union(*found.values()) if found else set()
    lacking = ["nobody", *found.get(NOBODY, ()), *(f"nobody, {n} given" for n in _GIVEN if n in given)]
    return {NOBODY: lacking} | {s: ["bias", *found[s]] for s in sorted(found.keys() - {NOBODY})}


def candidates(
    type_id: str, found: Evidence, chosen: Mapping[str, str | None] | None = None
) -> dict[str, Iterator[str]]:
    """Candidate → features, as a model is fitted to them; `chosen`: the roles given already."""
    return {s: _with_kin(type_id, [*names, *beside(chosen or {}, s)]) for s, names in told(found).items()}


def choose(
    type_id: str, found: Evidence, model: Mapping[str, float], discount: Mapping[str, float] | None = None
) -> Choice:
    """The likeliest candidate; ties go by name. `discount`: candidate → what its probability counts for, where that is less than whole."""
    odds = shares(Model.of(model).sums(told(found), _kin(type_id)), discount)
    best = max(odds, key=odds.__getitem__)
    return _choice(best, odds[best], type_id, found, model)


def _choice(best: str, probability: float, type_id: str, found: Evidence, model: Mapping[str, float]) -> Choice:
    if best == NOBODY:
        return Choice(None, probability, "no state speaks clearly")
    return Choice(best, probability, chosen_by(found[best], type_id, model))


@cache
def _bounds(type_id: str, role: str) -> tuple[tuple[str, bool], ...]:
    """The other roles that a type of event binds a role to: to be the same state, or another."""
    kind = ontology.event_type(type_id)
    return tuple(
        (pair[1 - pair.index(role)], same)
        for pairs, same in ((kind.apart, False), (kind.together, True))
        for pair in pairs
        if role in pair
    )


def _bound(type_id: str, role: str, given: Mapping[str, tuple[str, float]], state: str) -> bool:
    """Whether the type of event lets this state play the role beside the states of the others; nobody can always."""
    others = ((given[other][0], same) for other, same in _bounds(type_id, role) if other in given)
    return state == NOBODY or all(other == NOBODY or (other == state) == same for other, same in others)


WIDTH = 8
"""Assignments of the roles so far that are followed up."""


def assign(
    type_id: str,
    found: Evidence,
    models: Mapping[str, Mapping[str, float]],
    discounts: Mapping[str, Mapping[str, float] | None],
) -> dict[str, Choice]:
    """The states of all roles that are likeliest together, by the type's own bounds: one that fits two roles is given to the one where less
    else does.
    By role: `models` as `choose` takes them; `discounts`, candidate → what its probability counts for, where that is less than whole."""
    names = told(found)
    likeliest: list[tuple[float, dict[str, tuple[str, float]]]] = [
        (1.0, {})
    ]  # probability; role → candidate and its own
    for role in ROLES:
        weights = Model.of(models[role]).among(_kin(type_id))
        alone = shares({s: total(features, weights) for s, features in names.items()}, discounts[role])
        grown = []
        for together, given in likeliest:
            chosen = {other: None if s == NOBODY else s for other, (s, _) in given.items()}
            concerned = (NOBODY, *filter(None, chosen.values()))
            odds = alone | {s: alone[s] * exp(total(beside(chosen, s), weights)) for s in concerned}
            whole = fsum(odds.values())
            allowed = ((s, p / whole) for s, p in odds.items() if _bound(type_id, role, given, s))
            grown += [(together * p, given, s, p) for s, p in allowed]
        likeliest = [
            (together, given | {role: (s, p)})
            for together, given, s, p in sorted(grown, key=lambda one: -one[0])[:WIDTH]
        ]
    return {role: _choice(s, p, type_id, found, models[role]) for role, (s, p) in likeliest[0][1].items()}
