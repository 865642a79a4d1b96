"""The weights of which paragraphs are read (``src/legation/reading/data/paragraphs.json``), learnt from where annotated events stand.

    python -m paragraphs FOLDER... > ../src/legation/reading/data/paragraphs.json

FOLDER holds annotated articles (NAME.txt, NAME.json). Only long texts are read in part, so theirs count for more and alone set the threshold:
the highest at which no more than LOST of their events are lost when each article is judged by a model that has not seen it.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from legation.cleaning.paragraphs import paragraphs
from legation.reading.page import LONG
from legation.reading.triage import FIRST, paragraph_facts
from scenes import gold_articles

LOST = 0.02
STRENGTH = 0.05
"""Inverse of the regularisation."""
COUNTED = 6.0
"""What a paragraph of a long text counts for."""
SELDOM = 12
"""Paragraphs that a word must stand in to have a weight."""
LEAST = 0.05
"""Least weight that is kept."""
SHORT = "# of a short text"
"""Takes up that most paragraphs of short texts, which were written for the corpus, tell of an event; not kept."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    facts: list[dict[str, float]] = []
    told, group, index, letters, long = [], [], [], [], []
    for number, (gold, article) in enumerate(gold_articles(given.folders)):
        spans = paragraphs(article.text, article.boilerplate)
        at = [article.text.find(event["evidence"]) for event in gold["events"]]
        short = sum(there - here for here, there in spans) <= LONG
        rows = paragraph_facts([article.text[here:there] for here, there in spans])
        facts += [row | {SHORT: 1.0} for row in rows] if short else rows
        told += [sum(here <= place < there for place in at) for here, there in spans]
        group += [number] * len(spans)
        index += range(len(spans))
        letters += [there - here for here, there in spans]
        long += [not short] * len(spans)
    shaped = DictVectorizer()
    table = shaped.fit_transform(facts)
    kept = np.asarray((table != 0).sum(0)).ravel() >= SELDOM
    table, names = table[:, kept], shaped.get_feature_names_out()[kept]
    events, size, is_long, first = np.array(told), np.array(letters), np.array(long), np.array(index) < FIRST
    model = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear")
    weights = np.where(is_long, COUNTED, 1.0)
    seen = cross_val_predict(
        model, table, events > 0, groups=group, cv=GroupKFold(4), method="decision_function",
        params={"sample_weight": weights},
    )  # fmt: skip
    seen[first] = np.inf
    order = np.argsort(seen[is_long])
    lost = np.cumsum(events[is_long][order]) / events[is_long].sum()
    threshold = float(seen[is_long][order][np.searchsorted(lost, LOST, "right")])
    read = is_long & (seen >= threshold)
    print(
        f"{len(set(np.array(group)[is_long]))} long texts: read {size[read].sum() / size[is_long].sum():.3f} of their letters, "
        f"with {events[read].sum()} of {events[is_long].sum()} events",
        file=sys.stderr,
    )
    model.fit(table, events > 0, weights)
    found = {
        n: round(float(w), 2) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) >= LEAST and n != SHORT
    }
    print(
        json.dumps(
            {"threshold": round(threshold - float(model.intercept_[0]), 3), "weights": found},
            indent=0,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
