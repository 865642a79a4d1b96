"""Whether a draft stands: the odds that a careful analyst would list it, from what is known of it.

A logistic model over named facts: which frame spoke (each frame's own record on annotated articles is its weight), how its
roles were filled, where in the article it stands, and how sure the encoder is that the sentence holds this type. So the two
voices are joined by one readable sum; `reasons` names its largest terms. Weights: ``data/verdict.json``, from ``make train``.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import exp

from legation.reading.events import Draft, agree
from legation.reading.events.dating import tense
from legation.reading.events.predicates import apart, is_verb
from legation.reading.events.status import negations
from legation.reading.page import Mention, Page, Parties, lemma, states
from legation.reading.weighing import fitted

STEPS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
"""Bounds of the bands into which the encoder's probability is put."""


UNMET = 0.4
"""Least odds of what no frame met and only the encoder heard: nothing explains it, so more is asked of it."""
RIVAL = 0.85
"""Odds from which a second type at the same trigger stands beside a likelier one."""
PARAGRAPH, IN_PARAGRAPH = 5, 0.4
"""Sentences up to which, with both voices, a text is a paragraph that somebody chose to have read, not an article that may be about something else: the
encoder need not be sure of one of its sentences, and the likeliest draft needs these odds only. Of such paragraphs of 600 articles not trained on,
0.50 of those with an act are read as having one, 0.40 if the article's bar held for them; of 321 without, 10 against 2."""


def band(probability: float) -> int:
    return sum(probability >= step for step in STEPS)


def company(drafts: list[Draft], page: Page, parties: Parties) -> list[str]:
    """What is known of the whole article: one stray hit in a story about something else seldom stands."""
    protected = sum(m.protected for m in parties.mentions)
    title = page.lines[0][1] if page.lines else 0
    found = [
        f"article: {sum(protected > step for step in (0, 2, 5, 10))} of missions",
        f"article: {sum(len(drafts) > step for step in (1, 3, 7))} of drafts",
    ]
    if any(m.protected and m.end <= title for m in parties.mentions):
        found.append("article: missions in the title")
    share = protected / max(1, len(page.doc))
    found.append(f"article: {sum(share > step for step in (0.005, 0.01, 0.02, 0.03))} of density")
    told = {page.doc[d.trigger].sent.start: _heard(d) for d in drafts if d.heard is not None}
    found += [f"article: heard {step}" for step in range(1, band(max(told.values(), default=0.0)) + 1)]
    found += [f"article: heard in sum {step}" for step in (0.5, 1, 2, 4, 8) if sum(told.values()) > step]
    return found


def _heard(draft: Draft) -> float:
    """How likely the encoder holds the draft's sentence to tell of any event."""
    return max(draft.sentence, draft.rival)


def known(drafts: list[Draft], page: Page, parties: Parties) -> Iterator[list[str]]:
    """The facts of each draft of an article."""
    around = company(drafts, page, parties)
    missions = [m for m in parties.mentions if m.protected]
    for draft in drafts:
        yield [*around, *facts(draft, page), *_beside(draft, drafts, page), *_near_missions(draft, page, missions)]


def _near_missions(draft: Draft, page: Page, missions: Sequence[Mention]) -> Iterator[str]:
    """How far from the draft's words the nearest diplomat or mission is named: without one, an attack is any attack."""
    sentence = page.doc[draft.trigger].sent
    before = page.doc[sentence.start - 1].sent.start if sentence.start else 0
    around = {
        "sentence": (sentence.start, sentence.end),
        "sentence before": (before, sentence.start),
        "paragraph": page.lines[page.line_of(draft.trigger)],
        "article": (0, len(page.doc)),
    }
    where = next((w for w, (i, j) in around.items() if any(i <= m.start and m.end <= j for m in missions)), "none")
    yield f"missions in {where}"
    yield f"{'frame' if draft.hit else 'no frame'}: missions in {where}"
    yield f"{draft.type}: missions in {where}"


def _beside(draft: Draft, drafts: Sequence[Draft], page: Page) -> Iterator[str]:
    """How a draft stands to the others of its article: most that is false is a dim echo of what is told clearly elsewhere."""
    same = [d for d in drafts if d.type == draft.type and d is not draft]
    yield f"{sum(len(same) >= step for step in (1, 2, 4, 8))} more of its type"
    if any(d.states == draft.states for d in same):
        yield "the same parties elsewhere"
    if others := [d for d in same if not all(map(agree, d.states, draft.states))]:
        named = _named(draft)
        yield "other parties elsewhere"
        yield f"other parties elsewhere, {named}"
        if any(d.trigger < draft.trigger for d in others):
            yield "other parties before"
        if any(_named(d) > named for d in others):
            yield "other parties named better"
    here = page.doc[draft.trigger].sent
    rivals = {d.type for d in drafts if d.type != draft.type and d.trigger == draft.trigger}
    yield f"{min(len(rivals), 2)} other types at the word"
    near = {d.type for d in drafts if d.type != draft.type and here.start <= d.trigger < here.end}
    yield f"{min(len(near), 3)} other types in the sentence"
    for rival in sorted(rivals):
        yield f"{draft.type}, not {rival}"


def _named(draft: Draft) -> int:
    """How many of the two states the frame itself names."""
    if draft.hit is None:
        return 0
    told = (draft.hit.actor, draft.hit.target)
    return sum(state in states(mention) for mention, state in zip(told, draft.states, strict=True))


def facts(draft: Draft, page: Page) -> Iterator[str]:
    """Names of what is known of a draft by itself."""
    yield "any"
    token = page.doc[draft.trigger]
    time = tense(token)
    yield f"told in {time}"
    yield f"told in {time}, {draft.status}"
    named = _named(draft)
    yield f"{named} states named"
    yield f"{draft.type}: {named} states named"
    if not is_verb(token):
        article = next((t.lower_ for t in token.children if t.dep_ in {"det", "poss"}), "no article")
        yield f"noun after {article if article in {'the', 'a', 'an', 'this', 'that', 'no', 'any', 'no article'} else 'another'}"
    if any(t.lower_ in negations() for t in token.sent):
        yield "a negation in the sentence"
    yield "dated" if draft.date else "undated"
    heard = draft.heard
    yield f"type {draft.type}"
    yield f"group {draft.group}"
    hit = draft.hit
    if hit is not None:
        yield f"frame {draft.type} {hit.frame.key}"
        yield f"frame {draft.type} {hit.frame.key} from {hit.target_slot}"
        yield f"frame {draft.type} word {lemma(token)}"
        if hit.words:
            yield f"{draft.type}: {min(apart(token, page.doc[hit.words[0]]), 4)} links apart"
        yield f"target from {hit.target_slot}"
        yield f"actor from {hit.actor_slot}"
        if hit.target:
            yield f"target is {hit.target.kind}"
            yield f"{draft.type}: target is {hit.target.kind}"
        if hit.actor:
            yield f"actor is {hit.actor.kind}"
            yield f"{draft.type}: actor is {hit.actor.kind}"
    else:
        yield "no frame"
        yield f"{draft.type}: no frame"
    yield f"status {draft.status}"
    for role, state in zip(("actor", "target"), draft.states, strict=True):
        if state is None:
            yield f"{role} state unknown"
            yield f"{draft.type}: {role} state unknown"
    if draft.host is None:
        yield "host unknown"
    line = page.line_of(draft.trigger)
    yield "first line" if line == 0 else "opening" if line < 4 else "late" if line > 15 else "middle"
    for step in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        if draft.score >= step:
            yield f"roles {step}"
    if draft.voice is not None:
        yield "spoken"
        if draft.voice.quoted:
            yield "quoted"
    if heard is not None:
        here = band(heard)
        for name, probability in (("heard", heard), ("sentence heard", draft.sentence), ("rival heard", draft.rival)):
            yield from (f"{name} {step}" for step in range(1, band(probability) + 1))
        yield "heard best" if draft.sentence >= draft.rival else "another heard better"
        yield f"{draft.type}: {'heard best' if draft.sentence >= draft.rival else 'another heard better'}"
        yield f"{draft.type}: heard {'well' if heard >= 0.5 else 'half' if heard >= 0.1 else 'not'}"
        yield f"{'frame' if hit else 'no frame'}: heard {here}"


def weights(voices: str) -> Mapping[str, float]:
    """Fact → weight, for the rules alone or for both voices."""
    found: Mapping[str, float] = fitted("verdict")[voices]
    return found


def odds(names: list[str], model: Mapping[str, float]) -> float:
    """Probability that the draft stands."""
    return 1 / (1 + exp(-sum(model.get(name, 0.0) for name in names)))


def reasons(names: list[str], model: Mapping[str, float]) -> str:
    """The terms that weighed most."""
    heavy = sorted((n for n in names if n in model and n != "any"), key=lambda n: -abs(model[n]))[:3]
    return ", ".join(f"{n} {model[n]:+.1f}" for n in heavy)


def standing(
    drafts: list[Draft], page: Page, parties: Parties, voices: str, model: Mapping[str, float] | None = None
) -> list[Draft]:
    """The drafts that stand, each with what decided in its `why`."""
    model = model or weights(voices)
    for draft, names in zip(drafts, known(drafts, page, parties), strict=True):
        draft.odds = odds(names, model)
        draft.why.append(f"odds {draft.odds:.2f}: {reasons(names, model)}")
    likeliest = max((d.odds for d in drafts), default=0.0)
    loudest = max((_heard(d) for d in drafts if d.heard is not None), default=1.0)
    gate, loud = model["gate"], model.get("heard", 0.0)
    if loud and sum(1 for _ in page.doc.sents) <= PARAGRAPH:
        gate, loud = IN_PARAGRAPH, 0.0
    if likeliest < gate or loudest < loud:
        return []  # a story about something else: nothing in it is likely enough to stand alone
    strongest: dict[int, float] = {}
    for draft in drafts:
        strongest[draft.trigger] = max(strongest.get(draft.trigger, 0.0), draft.odds)
    # One word rarely tells of two kinds of event ("sent home" is an expulsion or a recall): the likelier type has it.
    least = {True: model["threshold"], False: max(model["threshold"], UNMET)}
    return [
        d for d in drafts if d.odds >= max(least[d.hit is not None], strongest[d.trigger] if d.odds < RIVAL else 0.0)
    ]
