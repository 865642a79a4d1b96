"""Train the line model of `legation.cleaning.boilerplate` and say how well it does on lines it has not seen.

    python training/boilerplate.py GOLD_DIR... [--stream scope.jsonl.gz] [--folds [--misses]] [--out boilerplate.json]

A gold directory has ``*.json`` with a ``boilerplate`` list beside ``*.txt``. Figures are line F1 as gold/score.py counts it,
in cross-validation over houses (the outlet, or the part of a file's name before ``-``: one style and region), so that no
house's clutter is scored by a model that has seen that house. Besides the gold it trains on copies of the articles with clutter of
our own put in (clutter.yaml). Needs python-crfsuite; the package itself does not.
"""

import argparse
import calendar
import gzip
import json
import random
import re
import tempfile
import zlib
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path

import pycrfsuite
import yaml

from legation.cleaning.boilerplate import Weights, features, judge, lines

_CUT = 3500
"""Characters after which the articles of a stream are cut, as those of gold/real are: a line cut off is still the article."""
_FOLDS = 6
_WORDS = ("w:", "fi", "la")
"""How the names of features that are words begin."""
_INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z]\w+")
_HOUSE = re.compile(r"(.+), (?:\d{4}(?:-\d\d){0,2}|None)$")
"""The second line of gold/real and of a stream: outlet and date."""
_PLACES = ("head", "body", "tail", "top", "inside")
_MONTHS = calendar.month_name[1:]
Doc = tuple[str, str, list[bool]]
"""Group, text, and whether each line that is not blank is clutter."""


def load(folder: Path, texts: Path | None) -> list[Doc]:
    """The annotated texts of a gold directory."""
    docs = []
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = ((texts or folder) / f"{path.stem}.txt").read_text(encoding="utf-8")
        docs.append(
            (
                house(text) or path.stem.rpartition("-")[0],
                text,
                [text[s:e] in gold["boilerplate"] for s, e in lines(text)],
            )
        )
    return docs


def house(text: str) -> str | None:
    """The outlet of a text that names it in its second line, its editions taken together."""
    named = _HOUSE.match(text.split("\n")[1] if "\n" in text else "")
    return named and re.sub(r" Online News$| \(Web News\)$| - .*", "", named[1]).removesuffix(" News")


def _fold(key: str) -> int:
    """The fold in which a house, or an article by its text, is held out."""
    return zlib.crc32(key.encode()) % _FOLDS


def load_stream(path: Path) -> list[Doc]:
    """Articles of a JSONL file whose clutter is listed by id and number of line (real_lines.json; their texts are not ours).

    The numbers count the lines that are not blank, after a headline and a line with outlet and date, as in gold/real.
    """
    numbers = json.loads(Path(__file__).with_name("real_lines.json").read_text(encoding="utf-8"))
    docs = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for one in map(json.loads, stream):
            if one["id"] in numbers:
                text = f"{one['title']}\n{one['outlet']}, {one['published']}\n\n{one['text']}"[:_CUT].rstrip(" ")
                docs.append(
                    (house(text) or path.name, text, [index in numbers[one["id"]] for index in range(len(lines(text)))])
                )
    return docs


def apart(docs: list[Doc], held_out: list[Doc]) -> list[Doc]:
    """The articles that share no paragraph with one held out."""
    seen = {line for _, text, _ in held_out for line in text.split("\n") if len(line) > 140}
    return [doc for doc in docs if seen.isdisjoint(doc[1].split("\n"))]


def cluttered(docs: list[Doc], share: float, seed: int = 20240607) -> list[Doc]:
    """Copies of a share of the articles, their own clutter taken out, other clutter and short lines that are none put in.

    Both are of clutter.yaml; the headlines in them are of its list or of other articles.
    """
    draw = random.Random(seed)
    data = yaml.safe_load(Path(__file__).with_name("clutter.yaml").read_text(encoding="utf-8"))
    titles = [text[s:e] for _, text, labels in docs for (s, e), junk in [(lines(text)[0], labels[0])] if not junk]
    data["headline"] += [title for title in titles if 20 < len(title) < 90 and not title.isupper()]
    made = []
    for group, text, labels in draw.sample(docs, round(share * len(docs))):
        article = [text[s:e] for (s, e), junk in zip(lines(text), labels, strict=True) if not junk]
        own = _HOUSE.match(article[1]) if len(article) > 1 else None
        plain = draw.random() < 0.5
        if plain and draw.random() < 0.3:
            article[0] = draw.choice((article[0].upper(), f"{draw.choice(data['kicker'])}: {article[0]}"))
        marked = [(line, False) for line in article]
        if draw.random() < 0.5:
            place = 2 if own else 1
            marked[place:place] = _block(draw, data | ({"outlet": [own[1]]} if own else {}), "top", junk=False)
        for _ in range(draw.choice((0, 1, 1, 2, 4))):
            place = draw.randrange(min(3, len(marked)), len(marked) + 1)
            marked[place:place] = _block(draw, data, *draw.choice((("body", True), ("inside", False))))
        head = [
            line for _ in range(0 if plain else draw.choice((0, 1, 1, 2, 3))) for line in _block(draw, data, "head")
        ]
        tail = [
            line for _ in range(0 if plain else draw.choice((0, 1, 2, 3, 4))) for line in _block(draw, data, "tail")
        ]
        marked = head + marked + tail
        made.append((group, draw.choice(("\n", "\n\n")).join(line for line, _ in marked), [junk for _, junk in marked]))
    return made


def _block(draw: random.Random, data: dict[str, list], place: str, junk: bool = True) -> list[tuple[str, bool]]:
    """A block of lines with its names filled in."""
    fill: dict[str, str] = {key: str(draw.choice(data[key])) for key in data if key not in _PLACES}
    fill |= {f"headline{n}": draw.choice(data["headline"]) for n in (2, 3)} | {"outlet2": draw.choice(data["outlet"])}
    fill |= {key.upper(): value.upper() for key, value in fill.items()}
    fill |= {"n": str(draw.randint(2, 59)), "year": str(draw.randint(1998, 2025))}
    fill["month"] = draw.choice(_MONTHS)
    return [(line.format(**fill), junk) for line in draw.choice(data[place])]


def train(docs: list[Doc], c1: float, c2: float, minimum: int) -> Weights:
    """Fit a linear-chain CRF (L-BFGS, elastic net) and take its weights as differences clutter - article."""
    trainer = pycrfsuite.Trainer(verbose=False)
    shown = [list(features(text)) for _, text, _ in docs]
    silent = names(docs) | of_one_house(docs, shown)
    for (_, _, labels), rows in zip(docs, shown, strict=True):
        rows = [
            [name for name in row if name.rpartition(":")[2] not in silent or name[:2] not in _WORDS] for row in rows
        ]
        trainer.append(rows, ["J" if label else "A" for label in labels])
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


def names(docs: list[Doc]) -> set[str]:
    """Words that the stories write with a capital within a sentence: who the news is about says nothing of clutter."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for _, text, _ in docs:
        for line in text.split("\n"):
            for word in _INSIDE.findall(line) if len(line) > 140 else ():
                (large if word[0].isupper() else small)[word.lower()] += 1
    return {word for word, count in large.items() if count > 3 * small[word]}


def of_one_house(docs: list[Doc], shown: list[list[list[str]]]) -> set[str]:
    """Words on short lines of one outlet only, or of one article where the outlet is not told."""
    houses = defaultdict(set)
    for (_, text, _), rows in zip(docs, shown, strict=True):
        for name in chain.from_iterable(rows):
            if name.startswith("w:"):
                houses[name[2:]].add(house(text) or text)
    return {word for word, found in houses.items() if len(found) < 2}


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
    parser.add_argument(
        "--stream", type=Path, help="real/scope.jsonl.gz, to train on those of its articles that are labelled"
    )
    parser.add_argument("--folds", action="store_true", help="cross-validate over houses")
    parser.add_argument(
        "--known", action="store_true", help="... over articles instead: how well it does on houses it knows"
    )
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument(
        "--share",
        type=float,
        default=0.5,
        help="share of the articles that are trained on once more with other clutter",
    )
    parser.add_argument("--c1", type=float, default=0.02)
    parser.add_argument("--c2", type=float, default=0.1)
    parser.add_argument("--minimum", type=int, default=1)
    args = parser.parse_args()
    sets = {folder.name: load(folder, args.texts) for folder in args.gold}
    docs = [doc for group in sets.values() for doc in group]
    settings = (args.c1, args.c2, args.minimum)
    if args.stream:
        sets["stream"] = apart(load_stream(args.stream), docs)
        docs += sets["stream"]
    found = {name: [0, 0, 0] for name in sets}
    for fold in range(_FOLDS if args.folds else 0):
        seen = [doc for doc in docs if _fold(doc[args.known]) != fold]
        weights = train(seen + cluttered(seen, args.share), *settings)
        for name, own in sets.items():
            held_out = [doc for doc in own if _fold(doc[args.known]) == fold]
            found[name] = [a + b for a, b in zip(found[name], counts(held_out, weights, args.misses), strict=True)]
    for name, (gold, said, hit) in found.items() if args.folds else ():
        print(
            f"{name}: F1 {2 * hit / (gold + said):.3f}  precision {hit / said:.3f}  recall {hit / gold:.3f}  ({gold} lines)"
        )
    if args.out:
        args.out.write_text(json.dumps(
            {"features": (w := train(docs + cluttered(docs, args.share), *settings)).features, "follows": w.follows}, ensure_ascii=False, indent=0
        ) + "\n", encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main()
