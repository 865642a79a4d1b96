"""Fits the weights of `legation.reading.roles` to annotated scenes; run through ``training/verdict.py``.

One multinomial logistic model a role over the candidate states of each scene, with a stronger prior on weights that belong
to one event type or its kin only. Deterministic: no random numbers.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from legation.reading.roles import NOBODY, ROLES, features, nobody
from scenes import Case, gold_roles

SHARED_PRIOR, TYPE_PRIOR = 2.0, 4.0
KEEP = 0.02
"""Weights smaller than this are left out of the file."""


def rows(case: Case, role: str) -> list[tuple[list[str], bool]] | None:
    """(feature names, is gold) for each candidate of a case; None when gold is not among them."""
    found, chosen = (case.dates, {}) if role == "date" else (case.evidence, {})
    if role == "date":
        want = case.event["date"] or NOBODY
    else:
        gold = gold_roles(case.event, case.scene.type)
        want = gold[role] or NOBODY
        chosen = {r: gold[r] for r in ROLES[: ROLES.index(role)]}
    table = [(list(nobody(case.scene.type, found, chosen)), want == NOBODY)]
    table += [
        (list(features(case.scene.type, found[s], chosen, s)), s == want) for s in sorted(found.keys() - {NOBODY})
    ]
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
