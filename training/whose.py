"""Fits the weights of `legation.reading.parties.whose` on annotated articles, into src/legation/reading/data/whose.json.

usage: python training/whose.py GOLD_DIR [GOLD_DIR ...]

A mention is a case when its words name no state and an annotator says whose it is: it is a speaker (by name or role), or the
only mission or envoy in the evidence of an event whose sending state is known. One multinomial logistic model over the
candidate states and "nobody's"; weights of one sort of mention only have the stronger prior. What a mention can learn from
others depends on the model itself, so cases are gathered anew with the fitted weights until the second round. Prints the
share of right, wrong and missing answers, of the rules alone and cross-validated over articles. Deterministic.
"""

import argparse
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legation import ontology
from legation.atlas import load
from legation.reading.page import Page, parse
from legation.reading.parties import linker, mention, whose
from legation.reading.parties.whose import SURE, candidates
from legation.reading.weighing import NOBODY, Evidence, weigh
from roles import solve
from scenes import gold_articles

TARGET = Path(__file__).parents[1] / "src" / "legation" / "reading" / "data" / "whose.json"
PRIORS = 3.0, 6.0
"""On weights of all sorts of mention, and on those of one."""
FOLDS = 5


@dataclass(frozen=True)
class Case:
    """A mention without a state in its words: what speaks for each state, and whose it is."""

    article: str
    sort: str
    evidence: Evidence
    traits: list[str]
    gold: str
    words: str

    @property
    def ruled(self) -> str:
        return next((s for s, names in sorted(self.evidence.items()) if "ruled" in names), NOBODY)

    def candidates(self) -> dict[str, list[str]]:
        """Candidate → features."""
        return {name: list(told) for name, told in candidates(self.sort, self.evidence, self.traits).items()}


def name_key(name: str | None, role: str | None) -> str:
    """A speaker as gold/score.py compares it: surname, or role without its article."""
    words = re.sub(r"[^\w ]", "", name or "").casefold().split()
    return words[-1] if words else re.sub(r"^(an?|the) ", "", (role or "").casefold())


def told(gold: dict[str, Any], page: Page, asked: list[Any]) -> Iterator[tuple[int, str]]:
    """(index in `asked`, state or NOBODY) of the mentions whose owner the annotation tells."""
    who: dict[str, set[str]] = {}
    for speaker in gold["speakers"]:
        who.setdefault(name_key(speaker["name"], speaker["role"]), set()).add(speaker["state"] or NOBODY)
    inside: dict[int, set[str]] = {}
    for event in gold["events"]:
        at = page.article.text.find(event["evidence"])
        if at < 0:
            continue
        first, last = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1)
        side = ontology.event_type(event["type"]).sending_side
        sending = (event[side] or {}).get("state") if side else None
        posts = [i for i, (d, sort, _, _) in enumerate(asked) if first <= d.head <= last and d.of_mission]
        if side and len(posts) == 1:
            inside.setdefault(posts[0], set()).add(sending or NOBODY)
    for i, (draft, _, _, _) in enumerate(asked):
        m = mention(page, draft)
        words = page.text(m.start, m.end)
        keys = {name_key(m.name, m.role)} if m.name or m.role else {name_key(words, None), name_key(None, words)}
        states = set().union(*(who.get(k, set()) for k in keys)) or inside.get(i, set())
        if len(states) == 1:
            yield i, next(iter(states))


def cases(pages: Iterable[tuple[dict[str, Any], Page]]) -> list[Case]:
    """The cases of annotated pages, as the present weights link them."""
    found, atlas = [], load()
    for gold, page in pages:
        if not len(page.doc):
            continue
        link = linker(page, atlas)
        link.link()
        asked = [(d, sort, e, link.short.whose.traits(d)) for d, sort, e in link.short.whose.asked]
        for i, state in told(gold, page, asked):
            draft, sort, evidence, traits = asked[i]
            found.append(Case(page.article.id, sort, evidence, traits, state, page.text(draft.start, draft.end)))
    return found


@contextmanager
def weighing(model: dict[str, float]) -> Iterator[None]:
    """The reader goes by these weights meanwhile."""
    before, whose.weights = whose.weights, lambda: model
    try:
        yield
    finally:
        whose.weights = before


def fit(train: list[Any], priors: tuple[float, float] = PRIORS) -> dict[str, float]:
    """Weights by feature name, of cases with candidates and a gold one; narrow priors for names with "|"."""
    return solve([(c.candidates(), c.gold) for c in train], priors, steps=300)


def answer(case: Any, model: dict[str, float], sure: float = SURE) -> str:
    """The candidate that the model gives, or NOBODY."""
    odds = weigh(case.candidates(), model)
    best = max(odds, key=lambda s: odds[s])
    return best if odds[best] >= sure else NOBODY


def tally(answers: Iterable[tuple[Any, str]]) -> Counter[str]:
    """How many answers are right, wrong (a state that is not the gold one) and missing."""
    found: Counter[str] = Counter()
    for case, got in answers:
        found["right" if got == case.gold else "missing" if got == NOBODY else "wrong"] += 1
    return found


def crossed(found: list[Any], priors: tuple[float, float] = PRIORS, sure: float = SURE) -> list[tuple[Any, str]]:
    """Each case with the answer of a model that has not seen its article."""
    fold = {c.article: zlib.crc32(c.article.encode()) % FOLDS for c in found}
    models = [fit([c for c in found if fold[c.article] != k], priors) for k in range(FOLDS)]
    return [(c, answer(c, models[fold[c.article]], sure)) for c in found]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path, nargs="+")
    golds = list(gold_articles(parser.parse_args().gold))
    pages = list(zip((g for g, _ in golds), parse(a for _, a in golds), strict=True))
    model = {"ruled": 20.0}
    for _ in range(2):
        with weighing(model):
            found = cases(pages)
        model = fit(found)
    print(len(found), "cases; rules alone:", dict(tally((c, c.ruled) for c in found)))
    print("weighed, cross-validated:", dict(tally(crossed(found))))
    TARGET.write_text(json.dumps(model, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
