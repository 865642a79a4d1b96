"""Cross-validation by article: figures, and the calibration that the trained model is shipped with.

usage: python -m encoder.cross FOLDER... --start MODEL_DIR --scorer score.py [--folds 5] [--only N]
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch

from encoder.data import load
from encoder.measure import as_encoder, calibration, readings, score, type_figures
from encoder.model import pretrained, vocabulary
from encoder.train import train
from legation.reading.encoder import Settings, WordPieces


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument(
        "--judge", type=Path, nargs="*", help="held-out articles are judged only in these folders (default: all)"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, help="number of folds to run")
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--lexical", action="store_true", help="keep the names of states")
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the networks of the folds")
    args = parser.parse_args()
    torch.set_num_threads(2)
    pieces = vocabulary(args.start)
    cut = WordPieces(pieces)
    examples = load(args.folders)
    types = sorted({kind for example in examples for kind in example.types})
    order = list(range(len(examples)))
    random.Random(args.seed).shuffle(order)
    by_name = {f"{path.parent.name}/{path.stem}": path for folder in args.folders for path in folder.glob("*.json")}
    judged = {folder.resolve() for folder in (args.judge or args.folders)}
    parts, heard = [], {}
    for fold in range(args.only or args.folds):
        held = [examples[i] for i in order[fold :: args.folds]]
        inside = [examples[i] for n, i in enumerate(order) if n % args.folds != fold]
        begun = time.time()
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            (args.keep / f"fold{fold}.txt").write_text("\n".join(e.name for e in held))
        network = train(
            pretrained(args.start, len(types)),
            inside,
            types,
            cut,
            passes=args.passes,
            seed=args.seed,
            rate=args.rate,
            masked=not args.lexical,
            keep=args.keep and args.keep / f"fold{fold}.pt",
        )
        parts.append((network, held))
        settings = Settings(tuple(types), masked=not args.lexical)
        readings(
            as_encoder(network, settings, pieces),
            [by_name[e.name] for e in held if by_name[e.name].parent.resolve() in judged],
            heard,
        )
        for threshold in (0.2, 0.3, 0.4, 0.5, 0.6):
            figures = score(heard, args.folders, args.scorer, threshold)
            short = {
                name.split(" (")[0]: round(figures[name], 3)
                for name in figures
                if " F1" in name and "speaker" not in name and "boiler" not in name
            }
            print(
                f"fold {fold} ({time.time() - begun:.0f} s) at {threshold}:",
                short,
                type_figures(heard, args.folders, threshold),
                flush=True,
            )
    found = calibration(parts, types, pieces, cut, not args.lexical)
    print(json.dumps(found, indent=1))
    if args.calibration:
        args.calibration.write_text(
            json.dumps({k: found[k] for k in ("stretch", "temperature")}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
