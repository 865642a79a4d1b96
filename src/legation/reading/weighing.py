"""Choices by weighed evidence: one mechanism for the states of an act, its date, city, status and claimant, and for whose an unnamed
mission is.

A candidate is described by the names of features that speak for it; a linear model sums their weights, and the candidates share the
probability by the softmax of the sums. "Nobody", that is none of them, is a candidate like others. The weights are files under ``data/``,
fitted by ``training/``.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from math import exp, fsum
from typing import Any

NOBODY = "-"
"""The candidate that stands for none."""

Evidence = dict[str, set[str]]
"""Candidate → names of what speaks for it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate (None: nobody), how likely by the model, and the evidence that weighed most."""

    state: str | None
    probability: float
    why: str


class _OfKind(dict[str, tuple[float, ...]]):
    """Name → its weights in a kind of case, where it has some of its own there; any other name has what it has alone."""

    def __init__(self, alone: Mapping[str, tuple[float, ...]]) -> None:
        super().__init__()
        self.alone = alone

    def __missing__(self, name: str) -> tuple[float, ...]:
        return self.alone.get(name, ())


class Model(dict[str, float]):
    """Weights by feature, which keeps what belongs to a kind of case."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__(weights)
        self._kinds: dict[tuple[str, ...], _OfKind] = {}

    @cached_property
    def _names(self) -> tuple[dict[str, tuple[float, ...]], dict[str, dict[str, float]]]:
        """Name → its weight alone; kin → name → its weight there."""
        alone: dict[str, tuple[float, ...]] = {}
        kins: dict[str, dict[str, float]] = {}
        for feature, weight in self.items():
            kin, _, name = feature.rpartition("|")
            if kin:
                kins.setdefault(kin, {})[name] = weight
            else:
                alone[name] = (weight,)
        return alone, kins

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> "Model":
        """The weights as a model, which they may be already."""
        return weights if isinstance(weights, cls) else cls(weights)

    def among(self, kin: tuple[str, ...]) -> Mapping[str, tuple[float, ...]]:
        """Name → its weights in a kind of case: alone, and with each of the kind's kin (``kin|name``)."""
        if kin not in self._kinds:
            alone, kins = self._names
            found = self._kinds[kin] = _OfKind(alone)
            for one in kin:
                for name, weight in kins.get(one, {}).items():
                    found[name] = (*found[name], weight)
        return self._kinds[kin]

    def sums(self, candidates: Mapping[str, Iterable[str]], kin: tuple[str, ...]) -> dict[str, float]:
        """Candidate → sum of what its names weigh in a kind of case."""
        weights = self.among(kin)
        return {candidate: total(names, weights) for candidate, names in candidates.items()}


def total(names: Iterable[str], weights: Mapping[str, tuple[float, ...]]) -> float:
    """Sum of what names weigh, exact, so that the order of a set changes nothing."""
    return fsum(chain.from_iterable(map(weights.__getitem__, names)))


def weigh(candidates: Mapping[str, Iterable[str]], model: Mapping[str, float]) -> dict[str, float]:
    """Candidate → probability, from the features of each."""
    return shares({name: fsum(model.get(f, 0.0) for f in features) for name, features in candidates.items()})


def shares(scores: Mapping[str, float], discount: Mapping[str, float] | None = None) -> dict[str, float]:
    """Candidate → probability, from its sum; `discount`: what its probability counts for, where that is less than whole."""
    best = max(scores.values())
    counted = {name: exp(score - best) * (discount or {}).get(name, 1.0) for name, score in scores.items()}
    total = fsum(counted.values())
    return {name: value / total for name, value in counted.items()}


def chosen_by(names: Iterable[str], kind: str, model: Mapping[str, float]) -> str:
    """The two pieces of evidence that weighed most, alone and with the kind of case."""
    heavy = sorted(names, key=lambda n: (-(model.get(n, 0.0) + model.get(f"{kind}|{n}", 0.0)), n))
    return ", ".join(heavy[:2])


@cache
def fitted(name: str) -> Any:
    """What ``data/NAME.json`` holds: weights that ``training/`` made."""
    return json.loads(files("legation.reading").joinpath(f"data/{name}.json").read_text(encoding="utf-8"))
