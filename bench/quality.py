"""How good the reading is: score it on the gold sets, write docs/quality.md, hold the floors.

    python bench/quality.py                 score, write docs/quality.md
    python bench/quality.py --gate          score, exit 1 where a figure is under its floor (bench/floors.yaml)
    python bench/quality.py --pin           raise the floors to today's figures; a lower one needs --allow-lower

The gold sets and their scorer are not part of the repository: they lie in ../shared (or $LEGATION_SHARED). Where they are
absent this says so and scores only how articles' events are put together (`clusters.py`). Every figure is a share from 0 to 1, and higher is better.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from math import floor
from pathlib import Path
from typing import NamedTuple

import yaml

HERE = Path(__file__).parent
FLOORS = HERE / "floors.yaml"
REPORT = HERE.parent / "docs" / "quality.md"
CURVE = HERE.parent / "training" / "encoder" / "curve.json"
"""What training/encoder/curve.py found; its section is left out where that was not run."""
JUDGED = HERE / "judged.yaml"
FIGURES = {
    "core": "core (type, actor state, target state) F1",
    "full": "full (core, status, host, date, claimant) F1",
    "status": "status right, of matched events that have one",
    "date": "date right, of matched events that have one",
    "speaker": "speaker F1",
    "boilerplate": "boilerplate line F1",
    "evidence": "evidence offsets true to the text",
    "relevant": "relevant articles with an event",
    "quiet": "irrelevant articles with a false event",
}
"""Our short names, and what gold/score.py calls them; `quiet` is the share of irrelevant articles without a false event."""
MARGIN = 0.02
"""A floor stands this far under the figure it is pinned from: processors differ in the last bits of the networks' sums, and a change that
moves one event in a small set is not a fall. Except for `evidence`, which is a promise. Floors of small sets are set lower by hand."""

Figures = dict[str, float | None]


class GoldSet(NamedTuple):
    """A set of annotated articles: annotations in `gold`, texts in `texts`."""

    name: str
    gold: Path
    texts: Path


class Score(NamedTuple):
    """Figures of one set, and per event type how many are in gold, found, and both."""

    figures: Figures
    articles: int
    gold: Counter[str]
    found: Counter[str]
    hit: Counter[str]


def gold_sets(shared: Path) -> list[GoldSet]:
    """The sets below ``shared/gold``, whose texts are beside the annotations or in ``shared/NAME``."""
    found = []
    for folder in sorted(path for path in (shared / "gold").glob("*") if any(path.glob("*.json"))):
        found.append(GoldSet(folder.name, folder, folder if any(folder.glob("*.txt")) else shared / folder.name))
    return found


def score(gold_set: GoldSet, reader: str, scorer: Path) -> Score:
    """Read the set's texts with `legation read` and score the readings."""
    with tempfile.TemporaryDirectory() as temporary:
        readings = Path(temporary) / "readings.jsonl"
        texts = sorted(str(path) for path in gold_set.texts.glob("*.txt"))
        command = [sys.executable, "-m", "legation.cli", "read", *texts, "--reader", reader, "--out", str(readings)]
        subprocess.run(command, check=True)
        return scored(gold_set, readings, scorer)


def scored(gold_set: GoldSet, readings: Path, scorer: Path) -> Score:
    """What the scorer says of readings, with the count of each type from its list of misses."""
    command = [sys.executable, scorer, readings, gold_set.gold, "--texts", gold_set.texts, "--misses"]
    said = json.loads(
        subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout.partition("\n}")[0]
        + "}"
    )
    misses = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    missed = Counter(re.findall(r": missed \{'type': '(\w+)'", misses))
    invented = Counter(re.findall(r": invented \{'type': '(\w+)'", misses))
    gold = Counter(
        event["type"]
        for path in gold_set.gold.glob("*.json")
        for event in json.loads(path.read_text("utf-8"))["events"]
    )
    hit = gold - missed
    figures: Figures = {short: said[name] for short, name in FIGURES.items() if short != "quiet"}
    loud, irrelevant = map(int, said[FIGURES["quiet"]].split("/"))
    figures["quiet"] = 1 - loud / irrelevant if irrelevant else None
    return Score(figures, said["articles"], gold, hit + invented, hit)


def report(scores: dict[str, Score], reader: str) -> str:
    """docs/quality.md: a row per set, and the types that are weak over all sets together."""
    lines = [
        "# How good the reading is",
        "",
        f"Written by `make quality` (reader `{reader}`). The gold sets and their scorer, `gold/score.py`, are not in this repository (of the",
        "sets, `train` is, as `corpus/train`). Shares from 0 to 1, higher is better: `core` and `full` are F1 of events, by type and the two states,",
        "and with status, host, date and claimant too. `train` and `real` were read by those who wrote the rules, and models were fitted on them; `dev` was scored only,",
        "and nobody who writes rules has read it. `quiet` is the share of irrelevant articles without a false event, `relevant` the",
        "share of relevant articles with an event; `evidence` says that each quoted span is the text's own.",
        "",
        f"| set | articles | {' | '.join(FIGURES)} |",
        f"| --- | --- |{' --- |' * len(FIGURES)}",
    ]
    for name, one in scores.items():
        lines.append(f"| {name} | {one.articles} | {' | '.join(_shown(one.figures[figure]) for figure in FIGURES)} |")
    gold, found, hit = (
        sum((getattr(one, part) for one in scores.values()), Counter()) for part in ("gold", "found", "hit")
    )
    lines += [
        "",
        "## By type",
        "",
        "All sets together, the weakest first: how many events annotators found, how many the reader found, and how many of",
        "those are the same (type and article; the scorer pairs them). Trust a type as far as its row allows.",
        "",
        "| type | in gold | found | precision | recall | F1 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = []
    for kind in gold | found:
        f1 = 2 * hit[kind] / (gold[kind] + found[kind])
        precision = hit[kind] / found[kind] if found[kind] else None
        recall = hit[kind] / gold[kind] if gold[kind] else None
        rows.append(
            (
                f1,
                kind,
                f"| `{kind}` | {gold[kind]} | {found[kind]} | {_shown(precision)} | {_shown(recall)} | {f1:.2f} |",
            )
        )
    return "\n".join([*lines, *(row for _, _, row in sorted(rows))]) + "\n"


def learning_curve(path: Path = CURVE) -> str:
    """Whether more annotated articles would still help: a section of docs/quality.md, empty if it was not measured."""
    if not path.exists():
        return ""
    found = json.loads(path.read_text("utf-8"))
    lines = [
        "",
        "## Learning curve",
        "",
        f"The encoder alone, trained on growing shares of the articles and judged on {found['held_out']} held out (F1 of article and",
        "event type): `cd training && python -m encoder.curve FOLDER...`.",
        "",
        "| share | articles | F1 |",
        "| --- | --- | --- |",
        *(f"| {row['share']} % | {row['articles']} | {row['types']:.3f} |" for row in found["rows"]),
    ]
    return "\n".join(lines) + "\n"


def judged(path: Path = JUDGED) -> str:
    """What readers of single events found: a section of docs/quality.md."""
    lines = ["", "## Events judged one by one", ""]
    for entry in yaml.safe_load(path.read_text("utf-8")):
        wrong = ", ".join(f"{count} {reason}" for reason, count in entry["wrong"].items())
        whole = entry["right in status, host, date and claimant too"]
        lines += [
            f"{entry['day']}, {entry['texts']}: {entry['right']} of {entry['events']} events right ({entry['right'] / entry['events']:.2f}),",
            f"{whole} of them in status, host, date and claimant too; wrong: {wrong}. {entry['remark'].strip()} (`bench/judged.yaml`)",
        ]
    return "\n".join(lines) + "\n"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def under(scores: dict[str, Score], floors: dict[str, dict[str, float]]) -> Iterable[str]:
    """A line for each figure under its floor, or no longer measured."""
    for name, pinned in floors.items():
        if name not in scores:
            yield f"{name}: the set is gone, its floors cannot be held"
            continue
        for figure, least in pinned.items():
            value = scores[name].figures[figure]
            if value is None or value < least:
                yield f"{name}: {figure} is {_shown(value)}, its floor {least:.3f}"


def pinned(
    scores: dict[str, Score], floors: dict[str, dict[str, float]], *, allow_lower: bool
) -> dict[str, dict[str, float]]:
    """New floors: today's figures less the margin, never under the old ones unless that is asked for."""
    new = {name: dict(old) for name, old in floors.items()}
    for name, one in scores.items():
        for figure, value in one.figures.items():
            if value is not None:
                least = value if figure == "evidence" else max(0.0, floor((value - MARGIN) * 1000) / 1000)
                old = new.setdefault(name, {}).get(figure, 0.0)
                new[name][figure] = least if allow_lower else max(old, least)
    return new


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--allow-lower", action="store_true")
    parser.add_argument("--reader", choices=["hybrid", "rules"], default="hybrid")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("LEGATION_SHARED") or HERE.parent.parent / "shared")
    import clusters

    linking = clusters.measured()
    print(clusters.table(linking))
    sets = gold_sets(shared)
    if not sets:
        print(f"no gold sets in {shared}: the quality of reading is not measured here")
        fallen = list(clusters.under(linking))
        print(*fallen, sep="\n")
        return 1 if arguments.gate and fallen else 0
    scores = {one.name: score(one, arguments.reader, shared / "gold" / "score.py") for one in sets}
    text = report(scores, arguments.reader) + learning_curve() + judged() + clusters.section(linking)
    floors = yaml.safe_load(FLOORS.read_text("utf-8")) or {} if FLOORS.exists() else {}
    print(text.partition("\n## ")[0])
    if arguments.pin:
        head = "# The least that each figure may be (bench/quality.py). Raised by --pin; lowering one needs --allow-lower and a reason\n# in the commit.\n"
        FLOORS.write_text(
            head + yaml.safe_dump(pinned(scores, floors, allow_lower=arguments.allow_lower), sort_keys=True), "utf-8"
        )
    elif arguments.gate:
        fallen = [*under(scores, floors), *clusters.under(linking)]
        print(*fallen or ["all figures hold their floors"], sep="\n")
        return 1 if fallen else 0
    REPORT.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
