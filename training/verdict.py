"""Fits the roles and the verdict of the reader, and says what they are worth on articles they have not seen.

usage: python training/verdict.py CORPUS_DIR... [--voices rules|hybrid] [--encoder MODEL_DIR] [--only LIST]
       [--folds N --readings FILE] [--dry]

With ``--voices hybrid`` the encoder of MODEL_DIR is asked too; it must not have been trained on the articles used here, so
MODEL_DIR is the encoder of one fold and ``--only`` names the file that lists the articles it has not seen (stems, one a line).
With --folds, roles and verdict are fitted on the other folds and each article is read by models that never saw it; the
readings go to --readings, to be scored by ../shared/gold/score.py. Unless --dry, both are fitted on everything and kept.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

import roles as role_training
from legation import atlas
from legation.reading import _bare
from legation.reading.encoder import Encoder, Hearing
from legation.reading.events import Draft, Reader, merge
from legation.reading.finish import finish
from legation.reading.page import Page, Parties, parse
from legation.reading.parties import find_parties
from legation.reading.roles import ROLES
from legation.reading.statements import Voiced, find_statements
from legation.reading.verdict import company, facts, standing
from scenes import Case, cases_on, gold_articles

OUT = Path("src/legation/reading/data")
PRIOR, NARROW_PRIOR = 0.3, 0.8


@dataclass
class Prepared:
    """An annotated article with all stages before the roles done."""

    gold: dict[str, Any]
    page: Page
    parties: Parties
    voiced: tuple[Voiced, ...]
    hearing: Hearing | None
    cases: list[Case]


def prepare(folders: Iterable[Path], encoder: Encoder | None, only: frozenset[str] | None) -> list[Prepared]:
    """The annotated articles of the folders, those named in `only` if it is given."""
    found = []
    for gold, article in gold_articles(folders):
        if only is not None and article.id not in only:
            continue
        page = next(parse([article]))
        if len(page.doc):
            parties = find_parties(page, atlas.load())
            voiced = tuple(find_statements(page, parties))
            hearing = encoder.listen(page, parties) if encoder else None
            cases = list(cases_on(gold, page, parties, voiced, hearing))
            found.append(Prepared(gold, page, parties, voiced, hearing, cases))
    return found


def drafts_of(p: Prepared, roles: Mapping[str, Mapping[str, float]]) -> list[Draft]:
    return Reader(p.page, p.parties, p.voiced, hearing=p.hearing, roles=roles).drafts()


def state(party: dict[str, Any] | None) -> str | None:
    return (party or {}).get("state")


def right(draft: Draft, prepared: Prepared) -> bool:
    """Whether a gold event of this type and these two states, or of this type at this place in the text, is annotated."""
    text = prepared.page.article.text
    start, end = prepared.page.span(*draft.span)
    mine = (draft.actor.state if draft.actor else None, draft.target.state if draft.target else None)
    for event in prepared.gold["events"]:
        if event["type"] != draft.type:
            continue
        at = text.find(event["evidence"])
        if mine == (state(event["actor"]), state(event["target"])) or (
            at < end and start < at + len(event["evidence"])
        ):
            return True
    return False


def fit(rows: list[tuple[list[str], bool]]) -> dict[str, float]:
    names = sorted({n for ns, _ in rows for n in ns})
    index = {n: i for i, n in enumerate(names)}
    cols = [index[n] for ns, _ in rows for n in ns]
    starts = np.r_[0, np.cumsum([len(ns) for ns, _ in rows])]
    x = csr_matrix((np.ones(len(cols)), cols, starts), shape=(len(rows), len(names)))
    y = np.array([hit for _, hit in rows], float)
    prior = np.array([NARROW_PRIOR if ":" in n or n.startswith("frame") else PRIOR for n in names])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ w
        p = 1 / (1 + np.exp(-s))
        return float(np.sum(np.logaddexp(0, s) - y * s) + 0.5 * np.sum(prior * w * w)), x.T @ (p - y) + prior * w

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {n: round(float(w), 3) for n, w in zip(names, best.x, strict=True) if abs(w) >= 0.02}


def models(train: list[Prepared]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    roles = {r: role_training.fit([c for p in train for c in p.cases], r) for r in (*ROLES, "date")}
    rows = []
    for p in train:
        drafts = drafts_of(p, roles)
        around = company(drafts, p.page, p.parties)
        rows += [(list(facts(d, p.page, around)), right(d, p)) for d in drafts]
    return roles, fit(rows)


def read(
    p: Prepared, roles: Mapping[str, Mapping[str, float]], verdict: Mapping[str, float], threshold: float
) -> bytes:
    drafts = drafts_of(p, roles)
    drafts = standing(drafts, p.page, p.parties, "", verdict)
    events = finish(p.page, merge(drafts), p.voiced)
    reading = msgspec.structs.replace(
        _bare(p.page.article), statements=tuple(v.statement for v in p.voiced), events=events
    )
    return msgspec.json.encode(reading)


def keep(name: str, voices: str, weights: Mapping[str, Any]) -> None:
    """Writes one voice's weights and leaves the other's as they are."""
    path = OUT / name
    both = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    both = {k: v for k, v in both.items() if k in {"rules", "hybrid"}} | {voices: weights}
    path.write_text(json.dumps(both, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--voices", choices=("rules", "hybrid"), default="rules")
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--only", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--threshold", type=float, default=0.38)
    parser.add_argument("--gate", type=float, default=0.75)
    parser.add_argument("--readings", type=Path, default=Path("readings.jsonl"))
    parser.add_argument("--dry", action="store_true")
    args = parser.parse_args()
    only = frozenset(Path(line).name for line in args.only.read_text().split()) if args.only else None
    prepared = prepare(args.corpus, Encoder.load(args.encoder) if args.encoder else None, only)
    print(f"{len(prepared)} articles, {sum(len(p.cases) for p in prepared)} events", flush=True)
    bars = {"threshold": args.threshold, "gate": args.gate}
    if args.folds:
        order = {a: i % args.folds for i, a in enumerate(sorted(p.page.article.id for p in prepared))}
        lines: dict[str, bytes] = {}
        for k in range(args.folds):
            roles, verdict = models([p for p in prepared if order[p.page.article.id] != k])
            for p in prepared:
                if order[p.page.article.id] == k:
                    lines[p.page.article.id] = read(p, roles, verdict | bars)
        args.readings.write_bytes(b"\n".join(lines[k] for k in sorted(lines)) + b"\n")
    if not args.dry:
        roles, verdict = models(prepared)
        keep("roles.json", args.voices, roles)
        keep("verdict.json", args.voices, verdict | bars)


if __name__ == "__main__":
    main()
