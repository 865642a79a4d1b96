"""The weights of triage (``src/legation/reading/data/triage.json``): which articles with words about missions tell of an event.

    python -m triage FOLDER... [--stream FILE] > ../src/legation/reading/data/triage.json

FOLDER holds annotated articles (NAME.txt, NAME.json), or NAME.json alone with the texts in --texts. Articles of the stream,
ordinary news, count as holding none. The threshold is the highest at which no folder loses more than LOST of its events
when each article is judged by a model that has not seen it.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from legation.reading.triage import SHORT, _enough, _folded, cues, facts

LOST = 0.003
STRENGTH = 1.0
"""Inverse of the regularisation."""


def examples(folder: Path, texts: Path | None) -> list[tuple[str, int]]:
    """Texts and how many events each holds."""
    found = []
    for annotation in sorted(folder.glob("*.json")):
        text = next(
            (p for p in (annotation.with_suffix(".txt"), (texts or folder) / f"{annotation.stem}.txt") if p.exists()),
            None,
        )
        if text:
            found.append((text.read_text("utf-8"), len(json.loads(annotation.read_text("utf-8"))["events"])))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--stream", type=Path)
    given = parser.parse_args()
    rows: list[tuple[str, str, int]] = [
        (str(f), text, n) for f in given.folders for text, n in examples(f, given.texts)
    ]
    if given.stream:
        rows += [
            ("stream", json.loads(line)["text"], 0) for line in gzip.decompress(given.stream.read_bytes()).splitlines()
        ]
    described = [(where, folded, list(cues(folded)), n) for where, text, n in rows for folded in [_folded(text)]]
    described = [row for row in described if _enough(row[2])]
    shaped = DictVectorizer()
    table = shaped.fit_transform([facts(found, len(folded)) for _, folded, found, _ in described])
    told = np.array([n for *_, n in described])
    where = np.array([row[0] for row in described])
    short = np.array([len(folded) < SHORT for _, folded, _, _ in described])
    model = LogisticRegression(C=STRENGTH, max_iter=1000, fit_intercept=False)
    seen = cross_val_predict(
        model, table, told > 0, cv=KFold(10, shuffle=True, random_state=0), method="predict_proba"
    )[:, 1]
    threshold = 1.0
    for folder in sorted(set(where) - {"stream"}):
        here = (where == folder) & (told > 0)
        likely = np.where(short[here], 1.0, seen[here])  # short ones are read whatever their odds
        order = np.argsort(likely)
        lost = np.cumsum(told[here][order]) / told[here].sum()
        threshold = min(threshold, float(likely[order][np.searchsorted(lost, LOST, "right")]))
    for folder in sorted(set(where)):
        here = where == folder
        passed = here & (short | (seen >= threshold))
        print(
            f"{folder}: {passed.sum()} of {here.sum()} pass, events {told[passed].sum()} of {told[here].sum()}",
            file=sys.stderr,
        )
    model.fit(table, told > 0)
    weights = {name: round(float(w), 3) for name, w in zip(shaped.get_feature_names_out(), model.coef_[0], strict=True)}
    print(json.dumps({"threshold": round(threshold, 4), "weights": weights}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
