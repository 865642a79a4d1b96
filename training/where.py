"""Fits the weights of cities (`legation.reading.events.where`) on annotated articles, into src/legation/reading/data/where.json.

usage: python training/where.py GOLD_DIR [GOLD_DIR ...]

A case is an annotated event with a receiving state, of a type that can have a city. Prints the share of right, wrong and
missing answers, cross-validated over articles. Deterministic.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legation import ontology
from legation.atlas import load
from legation.reading.events.roles import candidates
from legation.reading.events.where import city_evidence, has_city, places
from legation.reading.page import Page, parse
from legation.reading.parties import find_parties
from legation.reading.weighing import NOBODY, Evidence
from scenes import gold_articles
from whose import crossed, fit, tally

PRIORS = 5.0, 12.0
TARGET = Path(__file__).parents[1] / "src" / "legation" / "reading" / "data" / "where.json"


@dataclass(frozen=True)
class Case:
    """An event: what speaks for each city, and the annotated one."""

    article: str
    type: str
    evidence: Evidence
    gold: str

    def candidates(self) -> dict[str, list[str]]:
        """Candidate → features."""
        return {name: list(told) for name, told in candidates(self.type, self.evidence, {}).items()}


def cases(pages: Iterable[tuple[dict[str, Any], Page]]) -> list[Case]:
    """The cases of annotated pages."""
    found, atlas = [], load()
    for gold, page in pages:
        if not len(page.doc):
            continue
        cities = places(page, atlas, find_parties(page, atlas))
        for event in gold["events"]:
            at, kind = page.article.text.find(event["evidence"]), ontology.event_type(event["type"])
            if at < 0 or event["host"] is None or not has_city(kind):
                continue
            span = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1) + 1
            of = frozenset(
                s for k in ("actor", "target") if (s := (event[k] or {}).get("state")) not in {None, event["host"]}
            )
            evidence = city_evidence(page, span, event["host"], cities, of)
            names = {name.casefold(): name for name in evidence.keys() - {NOBODY}}
            want = event["city"]
            found.append(
                Case(page.article.id, event["type"], evidence, names.get(want.casefold(), want) if want else NOBODY)
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path, nargs="+")
    golds = list(gold_articles(parser.parse_args().gold))
    found = cases(zip((g for g, _ in golds), parse(a for _, a in golds), strict=True))
    print(len(found), "cases, cross-validated:", dict(tally(crossed(found, PRIORS, sure=0.0))))
    TARGET.write_text(json.dumps(fit(found, PRIORS), indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
