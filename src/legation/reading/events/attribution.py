"""Status and claimant of an event, from all its mentions: is it told as fact, or only on somebody's word, and on whose.

The guidelines ask for the whole article ("claimed when *every* mention is attributed to somebody"), so this is decided after the
mentions are merged. What speaks for a status or a claimant is named evidence (what the grammar says of the act, who speaks over
it, how the speaker stands to the parties); a linear model weighs it (`legation.reading.events.roles.choose`).
"""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import Any, Literal, get_args

from legation.reading.events import Draft, tempered
from legation.reading.events.predicates import is_passive, is_verb
from legation.reading.events.roles import choose
from legation.reading.page import Page, states
from legation.reading.statements import Voiced, claimant_over, claimants_over
from legation.reading.weighing import NOBODY, Evidence
from legation.schema import Claimant, Stance, Status

STATUSES: tuple[Status, ...] = get_args(Status)
DOUBTED: tuple[Stance, ...] = ("alleges", "accuses")
HEARSAY: tuple[Status, ...] = ("claimed", "denied")
NEARLY = 0.38
"""What the probability of a fact counts for: a claim coded as a fact is worse than a fact coded as a claim."""


def attribute(draft: Draft, page: Page, voiced: tuple[Voiced, ...], models: Mapping[str, Mapping[str, float]]) -> None:
    """Sets status and claimant of a merged draft."""
    found = status_evidence(draft, page, voiced)
    if all(m.mood == "threatened" for m in draft.told):
        found = {"threatened": found["threatened"]}  # too rare to be weighed well, and the grammar of it is plain
    elif contested(draft, voiced):
        del found["reported"]
        draft.why.append("told only on a word that is doubted or denied")
    heard = _heard(draft, {s: s for s in STATUSES}, "status")
    choice = choose(draft.type, found, models["status"], heard | {"reported": NEARLY * heard["reported"]})
    if choice.state is not None:
        draft.status = next(s for s in STATUSES if s == choice.state)
        draft.why.append(f"status {choice.state}: {choice.why}")
    draft.claimant = None
    if draft.status in HEARSAY:
        words = claimant_evidence(draft, page, voiced)
        heard = _heard(draft, {s: None if s == NOBODY else s for s in words}, "claimant")
        choice = choose(draft.type, words, models["claimant"], heard)
        draft.why.append(f"claimant {choice.state or 'without a state'}: {choice.why}")
        draft.claimant = Claimant(name=_name(draft, page, voiced, choice.state), state=choice.state)


def _heard(draft: Draft, candidates: Mapping[str, str | None], of: Literal["status", "claimant"]) -> dict[str, float]:
    """What the encoder leaves of each candidate's probability, on the average of the mentions; `candidates`: by what it calls them."""
    told: list[Mapping[Any, float]] = [getattr(m.heard, of) for m in draft.told if m.heard is not None]
    if not told:
        return dict.fromkeys(candidates, 1.0)
    return tempered({name: fsum(t.get(its, 0.0) for t in told) / len(told) for name, its in candidates.items()}, of)


def contested(draft: Draft, voiced: tuple[Voiced, ...]) -> bool:
    """Whether every mention hangs on somebody's word that the article marks as doubtful ("claims that"), or that the actor's state denies.

    The guidelines settle this case, so it is no matter of odds: such an act is not told as fact.
    """
    actor, _ = draft.states
    denied = actor is not None and any(v.denial and actor in states(v.speaker) for v in voiced)
    for mention in draft.told:
        over = [v for v in claimants_over(voiced, mention.trigger) if v.speaker and not v.factive]
        if not over or mention.mood != "reported":
            return False
        foreign = actor is None or actor not in states(over[-1].speaker)
        if not (over[0].stance in DOUBTED or (denied and foreign)):
            return False
    return True


def status_evidence(draft: Draft, page: Page, voiced: tuple[Voiced, ...]) -> Evidence:
    """Status → what speaks for or against it: what the first mention shows, and what any does."""
    shown = [set(_shown(draft, mention, page, voiced)) for mention in draft.told]
    first, some, every = shown[0], set[str]().union(*shown), set.intersection(*shown)
    names = {f"first {n}" for n in first} | {f"some {n}" for n in some - every} | {f"every {n}" for n in every}
    names.add(f"{min(len(shown), 4)} mentions")
    return {status: {f"{status}, {n}" for n in names} for status in STATUSES}


def claimant_evidence(draft: Draft, page: Page, voiced: tuple[Voiced, ...]) -> Evidence:
    """State of a speaker → what speaks for it being the claimant; the evidence of speakers without a state goes to nobody."""
    found: Evidence = {NOBODY: set()}
    for number, mention in enumerate(draft.told):
        chain = [v for v in claimants_over(voiced, mention.trigger) if not v.factive]
        best = claimant_over(voiced, mention.trigger)
        for depth, voice in enumerate(chain):
            names = {"over", f"depth {depth}", f"stance {voice.stance}", *_speaker(draft, voice)}
            names |= {n for n, so in (("outermost", voice is chain[-1]), ("on whose word", voice is best)) if so}
            names |= {n for n, so in (("own", voice.own), ("quoted", voice.quoted), ("hedge", voice.hedge)) if so}
            if number == 0:
                names |= {f"first {n}" for n in names}
            for state in states(voice.speaker) or (NOBODY,):
                found.setdefault(state, set()).update(names)
        sentence = page.sentence(mention.trigger)
        earlier = [v for v in voiced if v.own and v.cue is not None and v.cue < sentence.start]
        later = [v for v in voiced if v.own and v.cue is not None and v.cue >= sentence.end]
        for name, beside in (("spoke before", earlier[-1:]), ("speaks next", later[:1])):
            for v in beside:
                for state in states(v.speaker) or (NOBODY,):
                    found.setdefault(state, set()).update({name, *(f"{name}, {n}" for n in _speaker(draft, v))})
    for voice in voiced:
        if voice.denial:
            for state in states(voice.speaker) or (NOBODY,):
                found.setdefault(state, set()).add("denies something")
    return {state: {f"{draft.status}: {n}" for n in names} for state, names in found.items()}


def _speaker(draft: Draft, voice: Voiced) -> Iterator[str]:
    """Who speaks, and how the speaker stands to the event's parties."""
    if voice.speaker is None:
        yield "speaker unnamed"
        return
    yield f"speaker is {voice.speaker.kind}"
    speaking = set(states(voice.speaker))
    if not speaking:
        yield "speaker of no state"
    parties = dict(zip(("actor", "target", "host"), (*draft.states, draft.host), strict=True))
    for role, state in parties.items():
        if state and state in speaking:
            yield f"speaker of the {role}'s state"
    if speaking and not speaking & set(parties.values()):
        yield "speaker of a third state"


def _shown(draft: Draft, mention: Draft, page: Page, voiced: tuple[Voiced, ...]) -> Iterator[str]:
    """What one mention shows of how the event is told."""
    token = page.doc[mention.trigger]
    line = page.line_of(mention.trigger)
    yield f"grammar: {mention.mood}"
    yield f"grammar: {mention.mood}, {mention.mood_why}"
    yield f"form {token.tag_}{' passive' if is_verb(token) and is_passive(token) else ''}"
    yield "title" if line == 0 else "opening" if line < 4 else "body"
    if mention.hit is not None:
        yield f"frame {mention.hit.frame.key}"
    chain: Sequence[Voiced] = claimants_over(voiced, mention.trigger)
    if not chain:
        yield "the article's voice"
        yield f"the article's voice, {mention.mood}"
    for place, voice in (("inner", chain[0]), ("outer", chain[-1])) if chain else ():
        told = {f"stance {voice.stance}", *_speaker(draft, voice)}
        told |= {n for n in ("quoted", "denial", "factive", "hedge", "own") if getattr(voice, n)}
        for name in told:
            yield f"{place} {name}"
        if place == "inner":
            yield f"spoken, {mention.mood}"
            yield from (f"{mention.mood}, {n}" for n in told)
    if any(v.denial for v in chain):
        yield "a denial over it"
    if len(chain) > 1:
        yield "words in words"


def _name(draft: Draft, page: Page, voiced: tuple[Voiced, ...], state: str | None) -> str | None:
    """The name of the speaker of that state nearest over the event, if there is one."""
    over = [v for m in draft.told for v in reversed(claimants_over(voiced, m.trigger)) if v.statement.speaker]
    for voice in (*over, *(v for v in voiced if v.denial and v.statement.speaker)):
        speaker = voice.statement.speaker
        if speaker is not None and state in (states(voice.speaker) or (None,)):
            return speaker.name
    return None
