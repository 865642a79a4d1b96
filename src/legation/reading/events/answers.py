"""Which event of the article an event answers: the attack that is condemned, the expulsion that another expulsion replies to.

The guidelines ask for what the text says ("in reply", "over", "because of"), and for what words, inquiries and trials are about; mere
sequence does not count. What speaks for an event being the one that is answered is named evidence, weighed like a role
(`legation.reading.events.roles.choose`), when all events of the article are known.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import inf

from legation.reading.events import HARMS, Draft
from legation.reading.events.roles import choose
from legation.reading.events.when import AHEAD, days_apart
from legation.reading.lexicon import words
from legation.reading.page import Page, lemma
from legation.reading.weighing import NOBODY, Evidence

_FAR = (0, 1, 2, 3, 6)
"""Bounds of the bands of distance, in sentences."""

UNANSWERING = 0.8
"""What the probability that an event answers none counts for: with it 0.58 of the links of real news are right, 0.52 without."""


def link_answers(drafts: Sequence[Draft], page: Page, model: Mapping[str, float]) -> None:
    """Sets what each draft answers; of two that would answer each other, only the likelier does."""
    chosen: dict[int, tuple[Draft, float]] = {}
    for draft in drafts:
        choice = choose(draft.type, answer_evidence(draft, drafts, page), model, {NOBODY: UNANSWERING})
        if choice.state is not None:
            chosen[id(draft)] = drafts[int(choice.state)], choice.probability
            draft.why.append(f"answers event {choice.state}: {choice.why}")
    for draft in drafts:
        answered, sure = chosen.get(id(draft), (None, 0.0))
        back, surer = chosen.get(id(answered), (None, 0.0))
        draft.answers = None if back is draft and surer > sure else answered


def answer_evidence(draft: Draft, drafts: Sequence[Draft], page: Page) -> Evidence:
    """Number of another draft → what speaks for its being the one that is answered."""
    own = [page.sentence_of(a.trigger) for a in draft.members]
    cues = {lemma(t) for number in set(own) for t in page.sentences[number]} & words("answering")
    cued = "cued" if cues else "not cued"
    ruled = "a deed rules" if draft.answers is not None else "no deed rules"
    found: Evidence = {NOBODY: {draft.status, cued, ruled, f"{ruled}, {cued}", f"{min(len(drafts), 6)} events"}}
    found[NOBODY] |= {f"cue {cue}" for cue in cues} | ({"opens the article"} if draft is drafts[0] else set())
    away = {
        n: min(abs(page.sentence_of(b.trigger) - number) for b in other.members for number in own)
        for n, other in enumerate(drafts)
        if other is not draft and not _to_come(draft, other)
    }
    before = [n for n in away if drafts[n].trigger < draft.trigger]
    marked = {
        "nearest before": before[-1:],
        "first of the article": [*away][:1],
        "first harm": [n for n in away if drafts[n].group in HARMS][:1],
        "nearest harm before": [n for n in before if drafts[n].group in HARMS][-1:],
        "nearest of its type before": [n for n in before if drafts[n].type == draft.type][-1:],
    }
    for n, far in away.items():
        other = drafts[n]
        order = "before" if n in before else "after"
        distance = f"{_FAR[bisect_right(_FAR, far) - 1]} sentences {order}"
        stands = set(_stands(draft, other))
        names = {f"a {other.type}", f"a {other.group}", f"is {other.status}", distance, f"{distance}, {cued}"} | stands
        names |= {f"a {other.group}, {name}" for name in stands} | {f"a {other.group}, {distance}"}
        names |= {name for name, those in marked.items() if n in those}
        if far == 0:
            pairs = [
                (a.trigger, b.trigger)
                for a, number in zip(draft.members, own, strict=True)
                for b in other.members
                if page.sentence_of(b.trigger) == number
            ]
            nearest = min(pairs, key=lambda pair: abs(pair[0] - pair[1]))
            first, last = sorted(nearest)
            between = {lemma(t) for t in page.doc[first + 1 : last]} & cues
            names |= {f"{cue} between, {order}" for cue in between} | ({"nothing between"} if not between else set())
        if draft.answers is other:
            names |= {"ruled", f"ruled, {distance}"}
        names.add(f"told {min(len(other.members), 4)} times")
        found[str(n)] = names
    return found


def _to_come(draft: Draft, other: Draft) -> bool:
    """Whether the other is told as done on a later day: nothing answers what has not happened yet."""
    day, later = draft.date or "", other.date or ""
    return day < later and days_apart(day, later) < inf and other.status not in AHEAD


def _stands(draft: Draft, other: Draft) -> Iterator[str]:
    """How the parties and days of two events stand to each other."""
    (actor, target), (doer, victim) = draft.states, other.states
    if actor and target and (actor, target) == (victim, doer):
        yield "in turn"
    if actor and actor == victim:
        yield "by its victim"
    if target and target == doer:
        yield "against its doer"
    if actor and actor == doer:
        yield "by its doer"
    if target and target == victim:
        yield "against its victim"
    if draft.host and draft.host == other.host:
        yield "same host"
    if draft.date and other.date:
        yield "same day" if draft.date == other.date else "earlier" if other.date < draft.date else "later"
