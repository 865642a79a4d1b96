"""Fit the weights of `legation.reading.roles` to annotated articles.

usage: python training/roles.py CORPUS_DIR [CORPUS_DIR ...] [--out FILE] [--folds N]

One multinomial logistic model a role over the candidate states of each scene, with a stronger prior on weights that belong
to one event type only. Prints cross-validated accuracy by article. Deterministic: no random numbers.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from legation.reading.roles import NOBODY, ROLES, choose, features, nobody
from scenes import Case, cases, gold_roles

SHARED_PRIOR, TYPE_PRIOR = 2.0, 4.0
KEEP = 0.03
"""Weights smaller than this are left out of the file."""


def rows(case: Case, role: str) -> list[tuple[list[str], bool]] | None:
    """(feature names, is gold) for each candidate of a case; None when gold is not among them."""
    gold = gold_roles(case.event, case.scene.type)
    want = gold[role] or NOBODY
    chosen = {r: gold[r] for r in ROLES[: ROLES.index(role)]}
    table = [(list(nobody(case.scene.type, case.evidence, chosen)), want == NOBODY)]
    table += [(list(features(case.scene.type, case.evidence[s], chosen, s)), s == want) for s in sorted(case.evidence)]
    return table if any(hit for _, hit in table) else None


def fit(train: list[Case], role: str) -> dict[str, float]:
    """Weights by feature name."""
    tables = [t for c in train if (t := rows(c, role))]
    names = sorted({f for t in tables for fs, _ in t for f in fs})
    index = {name: i for i, name in enumerate(names)}
    cols: list[int] = []
    starts, golds, groups = [0], [], []
    for g, table in enumerate(tables):
        for fs, hit in table:
            cols += [index[f] for f in fs]
            if hit:
                golds.append(len(groups))
            starts.append(len(cols))
            groups.append(g)
    x = csr_matrix((np.ones(len(cols)), cols, starts), shape=(len(groups), len(names)))
    group, gold = np.array(groups), np.array(golds)
    firsts = np.r_[0, np.flatnonzero(np.diff(group)) + 1]
    prior = np.array([TYPE_PRIOR if "|" in n else SHARED_PRIOR for n in names])
    y = np.zeros(len(group))
    y[gold] = 1

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ w
        e = np.exp(s - np.maximum.reduceat(s, firsts)[group])
        p = e / np.add.reduceat(e, firsts)[group]
        return -np.sum(np.log(p[gold] + 1e-12)) + 0.5 * np.sum(prior * w * w), x.T @ (p - y) + prior * w

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return {n: round(float(w), 3) for n, w in zip(names, best.x, strict=True) if abs(w) >= KEEP}


def accuracy(test: list[Case], models: dict[str, dict[str, float]]) -> dict[str, float]:
    """Share of scenes whose role is right, no state counting as a value."""
    right = dict.fromkeys(ROLES, 0)
    for case in test:
        gold = gold_roles(case.event, case.scene.type)
        chosen: dict[str, str | None] = {}
        for role in ROLES:
            chosen[role] = choose(role, case.scene.type, case.evidence, chosen, models[role]).state
            right[role] += chosen[role] == gold[role]
    return {r: right[r] / max(1, len(test)) for r in ROLES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("src/legation/reading/data/roles.json"))
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    found = list(cases(args.corpus))
    print(f"{len(found)} scenes")
    if args.folds:
        fold = {a: i % args.folds for i, a in enumerate(sorted({c.article for c in found}))}
        scores = []
        for k in range(args.folds):
            models = {r: fit([c for c in found if fold[c.article] != k], r) for r in ROLES}
            scores.append(accuracy([c for c in found if fold[c.article] == k], models))
        print("cross-validated:", {r: round(float(np.mean([s[r] for s in scores])), 3) for r in ROLES})
    models = {r: fit(found, r) for r in ROLES}
    args.out.write_text(json.dumps(models, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
