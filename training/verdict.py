"""Fits all that the reader weighs (roles, dates, status, claimant, verdict), and says what it is worth on articles it has not seen.

usage: python training/verdict.py CORPUS_DIR... [--encoder MODEL_DIR] [--folds N --readings FILE] [--dry]

The verdict is fitted twice: with the frames alone, and with the encoder of MODEL_DIR on the articles that were kept from it
(`scenes.kept_back`). With --folds everything is fitted on the other folds and each article is read by models that never
saw it; the readings go to FILE, to be scored by ../shared/gold/score.py. Unless --dry, all is fitted on everything and kept.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from legation import atlas
from legation.reading import Voices, conclude
from legation.reading.encoder import Encoder, Hearing
from legation.reading.events import Draft, Reader, merge
from legation.reading.events.answers import answer_evidence
from legation.reading.events.attribution import HEARSAY, claimant_evidence, status_evidence
from legation.reading.events.roles import ROLES
from legation.reading.events.verdict import Facts, known, standing
from legation.reading.page import Page, Parties, parse
from legation.reading.parties import find_parties
from legation.reading.statements import Voiced, find_statements
from legation.reading.weighing import NOBODY, Evidence, Model
from roles import Choosing, solve, table
from roles import fit as fit_roles
from scenes import Case, cases_on, gold_articles, kept_back, weight

OUT = Path("src/legation/reading/data")
PRIORS = {"measured": 1.0, "frame": 16.0, "other": 8.0}
"""Of the verdict's weights: of what is measured, of a frame's own record, and of all else."""
BARS = {"rules": {"threshold": 0.3, "gate": 0.8}, "hybrid": {"threshold": 0.38, "gate": 0.5, "heard": 0.93}}
"""Least odds of a draft, and of an article's likeliest draft, that stand; and how likely the encoder must hold one of its sentences to
tell of an event, which tells articles about something else apart better than the odds do, in oblique prose far better."""
INNER = 3
"""Folds for what is fitted on the output of an earlier model."""

Models: TypeAlias = Mapping[str, Mapping[str, float]]
Verdicts: TypeAlias = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass
class Prepared:
    """An annotated article with all stages before the roles done."""

    gold: dict[str, Any]
    page: Page
    parties: Parties
    voiced: tuple[Voiced, ...]
    hearing: Hearing | None
    cases: list[Case]


def prepare(folders: Iterable[Path], encoder: Encoder | None) -> list[Prepared]:
    """The annotated articles of the folders; the encoder listens to those that were kept from it."""
    found = []
    for gold, article in gold_articles(folders):
        page = next(parse([article]))
        if len(page.doc):
            parties = find_parties(page, atlas.load())
            voiced = tuple(find_statements(page, parties))
            hearing = encoder.listen(page, parties) if encoder and kept_back(article.id) else None
            cases = list(cases_on(gold, page, parties, voiced))
            found.append(Prepared(gold, page, parties, voiced, hearing, cases))
    return found


def drafts_of(p: Prepared, models: Models, voices: Voices) -> list[Draft]:
    return Reader(p.page, p.parties, p.voiced, hearing=p.hearing if voices == "hybrid" else None, roles=models).drafts()


def state(party: dict[str, Any] | None) -> str | None:
    return (party or {}).get("state")


def right(draft: Draft, prepared: Prepared) -> bool:
    """Whether a gold event of this type has these two states, or stands here and has no other states: a wrong state is worse than a miss."""
    text = prepared.page.article.text
    start, end = prepared.page.span(*draft.span)
    mine = draft.states
    for event in prepared.gold["events"]:
        gold = (state(event["actor"]), state(event["target"]))
        at = text.find(event["evidence"])
        here = at < end and start < at + len(event["evidence"])
        agree = all(a is None or a == b for a, b in zip(mine, gold, strict=True))
        if event["type"] == draft.type and (mine == gold or (here and agree)):
            return True
    return False


def fit(rows: Sequence[tuple[Facts, bool]]) -> dict[str, float]:
    """Fact → weight."""
    names = sorted({n for facts, _ in rows for n in facts})
    index = {n: i for i, n in enumerate(names)}
    cols = [index[n] for facts, _ in rows for n in facts]
    starts = np.r_[0, np.cumsum([len(facts) for facts, _ in rows])]
    values = [v for facts, _ in rows for v in facts.values()]
    x = csr_matrix((values, cols, starts), shape=(len(rows), len(names)))
    y = np.array([hit for _, hit in rows], float)
    measured = {n for facts, _ in rows for n, v in facts.items() if v != 1.0}
    prior = np.array(
        [PRIORS["measured" if n in measured else "frame" if n.startswith("frame") else "other"] for n in names]
    )

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ w
        p = 1 / (1 + np.exp(-s))
        return float(np.sum(np.logaddexp(0, s) - y * s) + 0.5 * np.sum(prior * w * w)), x.T @ (p - y) + prior * w

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {n: round(float(w), 3) for n, w in zip(names, best.x, strict=True) if abs(w) >= 0.02}


def matched(drafts: Sequence[Draft], p: Prepared) -> Iterator[tuple[Draft, dict[str, Any]]]:
    """(draft, gold event of the same type) pairs, one to one: by place in the text first, then by states."""
    text, free = p.page.article.text, list(p.gold["events"])

    def likeness(draft: Draft, event: dict[str, Any]) -> float:
        at = text.find(event["evidence"])
        spans = [p.page.span(*m.span) for m in draft.members]
        touch = any(start < at + len(event["evidence"]) and at < end for start, end in spans)
        same = sum(a == b for a, b in zip(draft.states, (state(event["actor"]), state(event["target"])), strict=True))
        return 2 * touch + same

    pairs = [(likeness(d, e), -n, d, e) for n, d in enumerate(drafts) for e in free if e["type"] == d.type]
    taken: set[int] = set()
    for like, _, draft, event in sorted(pairs, key=lambda x: x[:2], reverse=True):
        if like >= 2 and id(draft) not in taken and id(event) not in taken:
            taken |= {id(draft), id(event)}
            yield draft, event


def tellings(acts: Sequence[Draft], p: Prepared) -> Iterator[tuple[str, Draft, Evidence, str]]:
    """(what is chosen, act, evidence, gold choice) for status, claimant and answered act of the acts that are gold events; gives them
    their gold status on the way."""
    pairs = list(matched(acts, p))
    for draft, event in pairs:
        yield "status", draft, status_evidence(draft, p.page, p.voiced), event["status"]
        draft.status = event["status"]
        if draft.status in HEARSAY:
            yield "claimant", draft, claimant_evidence(draft, p.page, p.voiced), state(event["claimant"]) or NOBODY
    number = {id(act): str(n) for n, act in enumerate(acts)}
    drafted = {id(event): number[id(draft)] for draft, event in pairs}
    for draft, event in pairs:
        answered = event["in_response_to"]
        want = NOBODY if answered is None else drafted.get(id(p.gold["events"][answered]))
        if want is not None:
            yield "answers", draft, answer_evidence(draft, acts, p.page), want


def models(train: list[Prepared], bars: Mapping[str, Mapping[str, float]]) -> tuple[Models, Verdicts]:
    """(models of roles, dates, status, claimant and answers; verdict of each voice). What comes later is fitted on what models that have not
    seen the article made of it."""
    drafted: dict[Voices, list[tuple[Prepared, list[Draft]]]] = {"rules": [], "hybrid": []}
    for k in range(INNER):
        cases = [c for n, p in enumerate(train) if n % INNER != k for c in p.cases]
        found = {r: Model(fit_roles(cases, r)) for r in (*ROLES, "date")}
        for p in train[k::INNER]:
            drafted["rules"].append((p, drafts_of(p, found, "rules")))
            if p.hearing:
                drafted["hybrid"].append((p, drafts_of(p, found, "hybrid")))
    verdicts: dict[str, Mapping[str, Mapping[str, float]]] = {}
    for voices, articles in drafted.items():
        rows = []
        for p, drafts in articles:
            for draft, facts in zip(drafts, known(drafts, p.page, p.parties), strict=True):
                rows.append((facts, right(draft, p)))
        if rows:
            verdicts[voices] = {"bars": bars[voices], "facts": fit(rows)}
    told: dict[str, list[tuple[Choosing, float]]] = {"status": [], "claimant": [], "answers": []}
    for p, drafts in drafted["rules"]:
        acts = merge(standing(drafts, p.page, p.parties, "", verdicts["rules"]))
        for name, draft, evidence, want in tellings(acts, p):
            # Claims and answers are too few to spare any.
            counts = weight(p.page.article.id) if name == "status" else 1.0
            told[name].append((table(draft.type, evidence, want), counts))
    cases = [c for p in train for c in p.cases]
    found = {r: fit_roles(cases, r) for r in (*ROLES, "date")}
    for name, choices in told.items():
        found[name] = solve([choice for choice, _ in choices], weights=[counts for _, counts in choices])
    return found, verdicts


def read(p: Prepared, models: Models, verdict: Mapping[str, Mapping[str, float]], voices: Voices) -> bytes:
    return msgspec.json.encode(
        conclude(p.page, p.parties, p.voiced, drafts_of(p, models, voices), voices, models, verdict)
    )


def keep(name: str, weights: Mapping[str, Any]) -> None:
    (OUT / name).write_text(json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--readings", type=Path, default=Path("readings.jsonl"))
    parser.add_argument("--dry", action="store_true")
    args = parser.parse_args()
    prepared = prepare(args.corpus, Encoder.load(args.encoder) if args.encoder else None)
    print(f"{len(prepared)} articles, {sum(len(p.cases) for p in prepared)} events", flush=True)
    voices: Voices = "hybrid" if args.encoder else "rules"
    if args.folds:
        if args.encoder:  # only what the encoder has not seen can be judged with it
            prepared = [p for p in prepared if p.hearing]
        order = {a: i % args.folds for i, a in enumerate(sorted(p.page.article.id for p in prepared))}
        lines: dict[str, bytes] = {}
        for k in range(args.folds):
            found, verdicts = models([p for p in prepared if order[p.page.article.id] != k], BARS)
            for p in prepared:
                if order[p.page.article.id] == k:
                    lines[p.page.article.id] = read(p, found, verdicts[voices], voices)
        args.readings.write_bytes(b"\n".join(lines[k] for k in sorted(lines)) + b"\n")
    if not args.dry:
        found, verdicts = models(prepared, BARS)
        keep("weights.json", found)
        kept = json.loads((OUT / "verdict.json").read_text(encoding="utf-8"))
        keep("verdict.json", kept | verdicts)


if __name__ == "__main__":
    main()
