"""Does more annotation still help? The encoder trained on growing shares of the articles, judged on those held out.

usage: python -m encoder.curve FOLDER... [--sizes 25 50 75 100] [--passes 6] [--out curve.json]     (from training/)

A fifth of the articles is held out (by --seed; articles of one series together); each share holds the smaller ones. Written: for each
share the number of articles and the F1 of (article, event type) on the held-out ones. bench/quality.py puts that into docs/quality.md.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from encoder.data import load
from encoder.measure import as_encoder, readings, type_figures
from encoder.model import minilm, pretrained, vocabulary
from encoder.train import ROUNDS, train
from legation.reading.encoder import Settings, WordPieces

OUT = Path(__file__).with_name("curve.json")
THRESHOLDS = (0.3, 0.4, 0.5)
"""How sure the encoder must be; the best of them counts, for each share alike."""


def split(paths: dict[str, Path], seed: int) -> tuple[list[str], list[str]]:
    """Names of the articles to train on, in the order in which they join, and of those held out."""
    series = defaultdict(list)
    for name, path in sorted(paths.items()):
        series[json.loads(path.read_text(encoding="utf-8")).get("series") or name].append(name)
    groups = list(series.values())
    random.Random(seed).shuffle(groups)
    inside = [name for number, group in enumerate(groups) if number % 5 for name in group]
    return inside, [name for group in groups[::5] for name in group]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="gold format: NAME.json beside NAME.txt")
    parser.add_argument("--sizes", type=int, nargs="+", default=[25, 50, 75, 100], help="per cent")
    parser.add_argument("--start", type=Path, help="BERT checkpoint (default: as encoder.train)")
    parser.add_argument("--passes", type=int, default=ROUNDS[0][0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    start = args.start or minilm()
    pieces = vocabulary(start)
    examples = {example.name: example for example in load(args.folders)}
    types = sorted({kind for example in examples.values() for kind in example.types})
    paths = {f"{p.parent.name}/{p.stem}": p for folder in args.folders for p in folder.glob("*.json")}
    order, held = split({name: path for name, path in paths.items() if name in examples}, args.seed)
    rows = []
    for size in args.sizes:
        inside = [examples[name] for name in order[: round(len(order) * size / 100)]]
        network = train(
            pretrained(start, len(types)), inside, types, WordPieces(pieces), passes=args.passes, seed=args.seed
        )
        heard = readings(as_encoder(network, Settings(tuple(types)), pieces), [paths[name] for name in held])
        best = max(type_figures(heard, args.folders, threshold)["article type F1"] for threshold in THRESHOLDS)
        rows.append({"share": size, "articles": len(inside), "types": round(best, 3)})
        print(rows[-1], flush=True)
        args.out.write_text(json.dumps({"held_out": len(held), "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
