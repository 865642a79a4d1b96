"""Fits the weights of `legation.reading.events.roles` to annotated scenes; run through ``training/verdict.py``.

One multinomial logistic model a role over the candidate states of each scene, with a stronger prior on weights that belong
to one event type or its kin only. Deterministic: no random numbers.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from legation.reading.events.roles import ROLES, candidates
from legation.reading.weighing import NOBODY, Evidence
from scenes import Case, by_corpus_hands, gold_roles, weight

PRIORS = {"states": (2.0, 6.0), "else": (4.0, 16.0)}
"""Of weights shared by all types, and of those of one type or its kin: for the states of the roles, and for dates, status and claimant."""
KEEP = 0.02
"""Weights smaller than this are left out of the file."""


Choosing: TypeAlias = tuple[Mapping[str, Sequence[str]], str]
"""A choice as the solver takes it: candidate → features, and which candidate is gold."""


def table(type_id: str, found: Evidence, want: str, chosen: Mapping[str, str | None] | None = None) -> Choosing:
    """The candidates of a choice."""
    return {name: list(told) for name, told in candidates(type_id, found, chosen).items()}, want


def rows(case: Case, role: str) -> Choosing:
    """The candidates for a role of a case."""
    if role == "date":
        return table(case.scene.type, case.dates, case.event["date"] or NOBODY)
    gold = gold_roles(case.event, case.scene.type)
    return table(case.scene.type, case.evidence, gold[role] or NOBODY, {r: gold[r] for r in ROLES[: ROLES.index(role)]})


OWN = "own "
"""Prefix of the features that only the hands of corpus/articles have."""


def with_own(choice: Choosing) -> Choosing:
    """The choice with a copy of each feature that all types share, for the habits of the hands that annotated it (Daumé III 2007)."""
    found, want = choice
    return {name: [*told, *(OWN + f for f in told if "|" not in f)] for name, told in found.items()}, want


def fit(train: list[Case], role: str) -> dict[str, float]:
    """Weights by feature name. What only the hands of corpus/articles do is learnt apart and left out: of 825 events of news not fitted on, 0.811
    have both states right (0.799 without), of 786 dates 0.785 (0.775)."""
    choices = [with_own(rows(c, role)) if by_corpus_hands(c.article) else rows(c, role) for c in train]
    found = solve(choices, PRIORS["states" if role in ROLES else "else"], weights=[weight(c.article) for c in train])
    return {name: counts for name, counts in found.items() if not name.startswith(OWN)}


def solve(
    cases: Sequence[Choosing],
    priors: tuple[float, float] = PRIORS["else"],
    steps: int = 200,
    weights: Sequence[float] | None = None,
) -> dict[str, float]:
    """Weights of the model under which the golds are likeliest; cases whose gold is no candidate teach nothing. `weights`: what each counts for."""
    taught = [n for n, (found, want) in enumerate(cases) if want in found]
    tables = [[(told, name == cases[n][1]) for name, told in cases[n][0].items()] for n in taught]
    counts = np.array([weights[n] if weights else 1.0 for n in taught])
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
    prior = np.array([priors["|" in n] for n in names])
    y = np.zeros(len(group))
    y[gold] = 1

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        s = x @ w
        e = np.exp(s - np.maximum.reduceat(s, firsts)[group])
        p = e / np.add.reduceat(e, firsts)[group]
        slope = x.T @ (counts[group] * (p - y)) + prior * w
        return -np.sum(counts * np.log(p[gold] + 1e-12)) + 0.5 * np.sum(prior * w * w), slope

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return {n: round(float(w), 3) for n, w in zip(names, best.x, strict=True) if abs(w) >= KEEP}
