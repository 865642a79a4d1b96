"""Whether a draft stands: the odds that a careful analyst would list it, from what is known of it.

A logistic model over few facts: which frame spoke (each frame's own record on annotated articles is its weight), how sure its states are,
where in the article it stands, what else the article tells of its kind, and how sure the encoder is of the type, of the actor and of the target.
So the two voices are joined by one readable sum; `reasons` names its largest terms. Weights: ``data/verdict.json``, from ``make train``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import exp, fsum, log

from legation.reading.events import Draft, agree
from legation.reading.events.predicates import apart
from legation.reading.page import Mention, Page, Parties, lemma, states
from legation.reading.weighing import fitted

Facts = dict[str, float]
"""What is known of a draft: name → 1, or how likely the encoder holds something, as a logit."""

RIVAL = 0.85
"""Odds from which a second type at the same trigger stands beside a likelier one."""
PARAGRAPH, IN_PARAGRAPH = 5, 0.4
"""Sentences up to which, with both voices, a text is a paragraph that somebody chose to have read, not an article that may be about something else: the
encoder need not be sure of one of its sentences, and the likeliest draft needs these odds only. Of such paragraphs of 600 articles not trained on,
0.50 of those with an act are read as having one, 0.40 if the article's bar held for them; of 321 without, 10 against 2."""
MEASURED = (
    "heard", "sentence heard", "another type heard", "actor heard", "target heard", "states sure",
    "heard elsewhere of these parties", "heard elsewhere of other parties",
)  # fmt: skip
"""Facts that are logits."""
TOGETHER = 6
"""How many of these, the draft's own, are also looked at in pairs."""
KNEES = -1, 1, 3
"""With knees and pairs the average precision of drafts of unheard articles is 0.909; 0.904 without, 0.911 by boosted trees, which give no reasons."""
UNHEARD = 0.003
"""What is added to both sides of a probability before its logit is taken, so that none is sure."""


def logit(probability: float) -> float:
    return log((probability + UNHEARD) / (1 - probability + UNHEARD))


def _heard(draft: Draft) -> float:
    """How likely the encoder holds the draft's sentence to tell of any event."""
    return max(draft.sentence, draft.rival)


def known(drafts: list[Draft], page: Page, parties: Parties) -> Iterator[Facts]:
    """The facts of each draft of an article."""
    missions = [m for m in parties.mentions if m.protected]
    for draft in drafts:
        near = f"missions in {_nearest(draft, page, missions)}"
        told = facts(draft, page) | {near: 1.0} | beside(draft, drafts, page)
        if draft.heard is None:
            told |= dict.fromkeys((f"{draft.type}: {near}", *worded(draft, page)), 1.0)
        yield told | dict(_bent(told))


def _bent(told: Facts) -> Iterator[tuple[str, float]]:
    """What no straight line says of measured facts: how much more they count from `KNEES` on, and two of them together."""
    measured = [(name, told[name]) for name in MEASURED if name in told]
    for name, value in measured:
        yield from ((f"{name} over {knee}", value - knee) for knee in KNEES if value > knee)
    for (one, value), (other, its) in combinations(measured[:TOGETHER], 2):
        yield f"{one} × {other}", value * its / 5


def _nearest(draft: Draft, page: Page, missions: Sequence[Mention]) -> str:
    """How far from the draft's words the nearest diplomat or mission is named: without one, an attack is any attack."""
    sentence = page.sentence(draft.trigger)
    before = page.sentence(sentence.start - 1).start if sentence.start else 0
    around = {
        "sentence": (sentence.start, sentence.end),
        "sentence before": (before, sentence.start),
        "paragraph": page.lines[page.line_of(draft.trigger)],
        "article": (0, len(page.doc)),
    }
    return next((w for w, (i, j) in around.items() if any(i <= m.start and m.end <= j for m in missions)), "none")


def beside(draft: Draft, drafts: Sequence[Draft], page: Page) -> Facts:
    """How a draft stands to the others of its article: most that is false is a dim echo of what is told clearly elsewhere."""
    same = [d for d in drafts if d.type == draft.type and d is not draft]
    like: list[Draft] = []
    unlike: list[Draft] = []
    for other in same:
        (like if all(map(agree, other.states, draft.states)) else unlike).append(other)
    named = _named(draft)
    here = page.sentence(draft.trigger)
    rivals = {d.type for d in drafts if d.type != draft.type and d.trigger == draft.trigger}
    near = {d.type for d in drafts if d.type != draft.type and here.start <= d.trigger < here.end}
    told = {
        f"{sum(len(same) >= step for step in (1, 2, 4, 8))} more of its type": True,
        "the same parties elsewhere": any(d.states == draft.states for d in same),
        "other parties elsewhere": unlike,
        f"other parties elsewhere, {named}": unlike,
        "other parties before": any(d.trigger < draft.trigger for d in unlike),
        "other parties named better": any(_named(d) > named for d in unlike),
        f"{min(len(rivals), 2)} other types at the word": True,
        f"{min(len(near), 3)} other types in the sentence": True,
    }
    found = {name: 1.0 for name, true in told.items() if true}
    if draft.heard is not None:
        found["heard elsewhere of these parties"] = logit(max((d.sentence for d in like), default=0.0))
        found["heard elsewhere of other parties"] = logit(max((d.sentence for d in unlike), default=0.0))
    return found


def _named(draft: Draft) -> int:
    """How many of the two states the frame itself names."""
    if draft.hit is None:
        return 0
    told = (draft.hit.actor, draft.hit.target)
    return sum(state in states(mention) for mention, state in zip(told, draft.states, strict=True))


def facts(draft: Draft, page: Page) -> Facts:
    """What is known of a draft by itself."""
    hit, voice, line = draft.hit, draft.voice, page.line_of(draft.trigger)
    told = {
        "any": True,
        f"type {draft.type}": True,
        f"frame {draft.type} {hit.frame.key}" if hit else "no frame": True,
        f"status {draft.status}": True,
        "first line" if line == 0 else "opening" if line < 4 else "late" if line > 15 else "middle": True,
        "spoken": voice is not None,
        "quoted": voice is not None and voice.quoted,
    }
    found = {name: 1.0 for name, true in told.items() if true} | {"states sure": logit(draft.score)}
    if draft.heard is not None:
        actor, target = draft.states
        heard = {
            "heard": draft.heard.p,
            "sentence heard": draft.sentence,
            "another type heard": draft.rival,
            "actor heard": draft.heard.actor.get(actor, 0.0),
            "target heard": draft.heard.target.get(target, 0.0),
        }
        for name, probability in heard.items():
            found[name] = logit(probability)
            if hit:
                found[f"{name}, a frame met"] = logit(probability)
    return found


def worded(draft: Draft, page: Page) -> Iterator[str]:
    """What the words add where no encoder listened, which would have known: each of them by type of event."""
    yield f"{draft.type}: {_named(draft)} states named"
    for role, state in zip(("actor", "target"), draft.states, strict=True):
        if state is None:
            yield f"{draft.type}: {role} state unknown"
    hit, token = draft.hit, page.doc[draft.trigger]
    if hit is not None:
        yield f"frame {draft.type} {hit.frame.key} from {hit.target_slot}"
        yield f"frame {draft.type} word {lemma(token)}"
        if hit.words:
            yield f"{draft.type}: {min(apart(token, page.doc[hit.words[0]]), 4)} links apart"
        for role, mention in (("actor", hit.actor), ("target", hit.target)):
            if mention:
                yield f"{draft.type}: {role} is {mention.kind}"


def weights(voices: str) -> Mapping[str, Mapping[str, float]]:
    """`bars` and `facts` (fact → weight), for the rules alone or for both voices."""
    found: Mapping[str, Mapping[str, float]] = fitted("verdict")[voices]
    return found


def odds(told: Facts, model: Mapping[str, float]) -> float:
    """Probability that the draft stands; the sum is exact, so that the order of facts changes nothing."""
    return 1 / (1 + exp(-fsum(model.get(name, 0.0) * value for name, value in told.items())))


def reasons(told: Facts, model: Mapping[str, float]) -> str:
    """The terms that weighed most."""
    terms = {name: model.get(name, 0.0) * value for name, value in told.items() if name != "any"}
    heavy = sorted((name for name in terms if terms[name]), key=lambda name: (-abs(terms[name]), name))[:3]
    return ", ".join(f"{name} {terms[name]:+.1f}" for name in heavy)


def standing(
    drafts: list[Draft],
    page: Page,
    parties: Parties,
    voices: str,
    model: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Draft]:
    """The drafts that stand, each with what decided in its `why`."""
    model = model or weights(voices)
    bars, counts = model["bars"], model["facts"]
    for draft, told in zip(drafts, known(drafts, page, parties), strict=True):
        draft.odds = odds(told, counts)
        draft.why.append(f"odds {draft.odds:.2f}: {reasons(told, counts)}")
    likeliest = max((d.odds for d in drafts), default=0.0)
    loudest = max((_heard(d) for d in drafts if d.heard is not None), default=1.0)
    gate, loud = bars["gate"], bars.get("heard", 0.0)
    if loud and len(page.sentences) <= PARAGRAPH:
        gate, loud = IN_PARAGRAPH, 0.0
    if likeliest < gate or loudest < loud:
        return []  # a story about something else: nothing in it is likely enough to stand alone
    strongest: dict[int, float] = {}
    for draft in drafts:
        strongest[draft.trigger] = max(strongest.get(draft.trigger, 0.0), draft.odds)
    # One word rarely tells of two kinds of event ("sent home" is an expulsion or a recall): the likelier type has it.
    return [d for d in drafts if d.odds >= max(bars["threshold"], strongest[d.trigger] if d.odds < RIVAL else 0.0)]
