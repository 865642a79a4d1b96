"""Train the line model of `legation.cleaning.boilerplate` and say how well it does on lines it has not seen.

    python training/boilerplate.py GOLD_DIR... [--texts DIR] [--out src/legation/cleaning/boilerplate.json]

A gold directory has ``*.json`` with a ``boilerplate`` list beside ``*.txt``. Figures are line F1 as gold/score.py counts it,
in cross-validation over groups of files (the part of a name before ``-``: one style and region), so that no house's
clutter is scored by a model that has seen that house. Needs python-crfsuite; the package itself does not.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path

import pycrfsuite

from legation.cleaning.boilerplate import Weights, features, judge, lines

Doc = tuple[str, str, list[bool]]
"""Group, text, and whether each line that is not blank is clutter."""


def load(folder: Path, texts: Path | None) -> list[Doc]:
    """The annotated texts of a gold directory."""
    docs = []
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = ((texts or folder) / f"{path.stem}.txt").read_text(encoding="utf-8")
        docs.append((path.stem.rpartition("-")[0], text, [text[s:e] in gold["boilerplate"] for s, e in lines(text)]))
    return docs


def train(docs: list[Doc], c1: float, c2: float, minimum: int) -> Weights:
    """Fit a linear-chain CRF (L-BFGS, elastic net) and take its weights as differences clutter - article."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for _, text, labels in docs:
        trainer.append(list(features(text)), ["J" if label else "A" for label in labels])
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": 400, "feature.minfreq": minimum})
    with tempfile.NamedTemporaryFile(suffix=".crf") as file:
        trainer.train(file.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
        info = tagger.info()
    states: dict[str, float] = defaultdict(float)
    for (name, label), weight in info.state_features.items():
        states[name] += weight if label == "J" else -weight
    moves = tuple(
        round(info.transitions.get(pair, 0.0), 3) for pair in (("A", "A"), ("A", "J"), ("J", "A"), ("J", "J"))
    )
    return Weights({name: round(w, 3) for name, w in sorted(states.items()) if abs(w) >= 0.005}, moves)


def counts(docs: list[Doc], weights: Weights, misses: bool = False) -> tuple[int, int, int]:
    """Clutter lines in gold, found, and both."""
    gold = found = hit = 0
    for group, text, labels in docs:
        judged = judge(text, weights)
        gold, found, hit = gold + sum(labels), found + sum(judged), hit + sum(map(bool.__and__, judged, labels))
        if misses:
            for (s, e), want, got in zip(lines(text), labels, judged, strict=True):
                if want != got:
                    print("   ", group, "missed " if want else "LOST   ", text[s:e][:110])
    return gold, found, hit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--c1", type=float, default=0.05)
    parser.add_argument("--c2", type=float, default=0.05)
    parser.add_argument("--minimum", type=int, default=2)
    args = parser.parse_args()
    sets = {folder.name: load(folder, args.texts) for folder in args.gold}
    docs = [doc for group in sets.values() for doc in group]
    settings = (args.c1, args.c2, args.minimum)
    for name, own in sets.items():
        total = [0, 0, 0]
        for group in sorted({doc[0] for doc in own}):
            weights = train([doc for doc in docs if doc[0] != group], *settings)
            held_out = [doc for doc in own if doc[0] == group]
            total = [a + b for a, b in zip(total, counts(held_out, weights, args.misses), strict=True)]
        gold, found, hit = total
        print(
            f"{name}: F1 {2 * hit / (gold + found):.3f}  precision {hit / found:.3f}  recall {hit / gold:.3f}  ({gold} lines)"
        )
    if args.out:
        args.out.write_text(json.dumps(
            {"features": (w := train(docs, *settings)).features, "follows": w.follows}, ensure_ascii=False, indent=0
        ) + "\n", encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main()
