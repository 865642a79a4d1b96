"""How well the record puts articles' events together: B-cubed and CEAF-e over corpus/clusters.

    python bench/clusters.py [--errors]

Linking alone is scored on the annotations as if they were readings; then the same on Legation's own readings, once over the events
that reader and annotator both have, once over all (an event missed or invented counts as wrong). Singletons count; the last
column is B-cubed without them. The points that join accounts (record/incidents.yaml) were set on the series of `TUNED`;
the others were scored only.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus" / "clusters"
BAR = 0.90
TUNED = {
    "salisbury-2018",
    "tehran-2016",
    "quito-2024",
    "nijjar-2024",
    "tehran-2011",
    "vrbetice-2021",
    "lapaz-2019",
    "bishkek-2016",
    "belgrade-1999",
    "rotterdam-2017",
    "kabul-2008",
    "baghdad-2020",
}

Mention = tuple[str, int]
"""Stem of an article and index of an event in its annotation; events only the reader has go on below 0."""
Clusters = Mapping[Mention, Hashable]


class Figures(NamedTuple):
    """Shares from 0 to 1."""

    b_cubed: float
    precision: float
    recall: float
    ceaf_e: float
    joined: float  # B-cubed over what gold or system puts together with another mention


def figures(gold: Clusters, found: Clusters) -> Figures:
    """Agreement of two clusterings, each of its own mentions. Mentions that one lacks count as wrong in the other."""
    theirs, ours = _members(gold), _members(found)
    precision = _share(found, ours, gold, theirs)
    recall = _share(gold, theirs, found, ours)
    told = {m for m in gold if len(theirs[gold[m]]) > 1} | {m for m in found if len(ours[found[m]]) > 1}
    inner = _f1(_share(found, ours, gold, theirs, told), _share(gold, theirs, found, ours, told))
    return Figures(_f1(precision, recall), precision, recall, _ceaf_e(theirs, ours), inner)


def _share(
    own: Clusters,
    mine: Mapping[Hashable, set[Mention]],
    other: Clusters,
    others: Mapping[Hashable, set[Mention]],
    only: set[Mention] | None = None,
) -> float:
    """Mean over the mentions of one clustering of what share of its cluster the other one has with it too."""
    shares = [
        len(mine[own[m]] & others[other[m]]) / len(mine[own[m]]) if m in other else 0.0
        for m in own
        if only is None or m in only
    ]
    return sum(shares) / len(shares) if shares else 1.0


def _ceaf_e(gold: Mapping[Hashable, set[Mention]], found: Mapping[Hashable, set[Mention]]) -> float:
    """Luo's entity-based CEAF (phi 4) with the best one-to-one pairing of clusters."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    left, right = list(gold.values()), list(found.values())
    alike = np.array([[2 * len(a & b) / (len(a) + len(b)) for b in right] for a in left])
    total = float(alike[linear_sum_assignment(alike, maximize=True)].sum())
    return _f1(total / len(right), total / len(left))


def _members(clusters: Clusters) -> dict[Hashable, set[Mention]]:
    found: dict[Hashable, set[Mention]] = defaultdict(set)
    for mention, name in clusters.items():
        found[name].add(mention)
    return found


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class Gold(NamedTuple):
    """The annotations by stem, the texts, and the incident of each event."""

    annotations: dict[str, dict[str, Any]]
    texts: dict[str, str]
    clusters: dict[Mention, str]


def gold() -> Gold:
    """What annotators say."""
    named = yaml.safe_load((CORPUS / "incidents.yaml").read_text("utf-8"))
    annotations = {stem: json.loads((CORPUS / f"{stem}.json").read_text("utf-8")) for stem in named}
    texts = {stem: (CORPUS / f"{stem}.txt").read_text("utf-8") for stem in named}
    return Gold(annotations, texts, {(stem, n): name for stem, some in named.items() for n, name in enumerate(some)})


def as_readings(told: Gold) -> Iterable[Any]:
    """The annotations as a perfect reader would give them."""
    from legation.schema import Reading

    for stem, annotation in told.annotations.items():
        text = told.texts[stem]
        events = [
            event
            | {
                "evidence": {
                    "start": (at := text.index(event["evidence"])),
                    "end": at + len(event["evidence"]),
                    "text": event["evidence"],
                }
            }
            for event in annotation["events"]
        ]
        kept = {name: annotation[name] for name in ("id", "outlet", "published", "relevant")}
        yield msgspec.convert(
            kept | {"source": f"{stem}.txt", "text": text, "language": "en", "events": events}, Reading
        )


def own_readings() -> list[Any]:
    """What Legation reads in the texts."""
    from legation.api import Reader
    from legation.sources import articles

    return list(Reader().read_all(articles([str(path) for path in sorted(CORPUS.glob("*.txt"))])))


def incidents(readings: Iterable[Any]) -> dict[Mention, str]:
    """The incident of each event once all are on a record."""
    from legation.record import Record

    with Record.open(":memory:") as record:
        record.ingest(readings)
        return {
            (Path(one.row.source).stem, n): incident
            for one in record.every_article()
            for n, (_, incident) in enumerate(one.mentions)
        }


def paired(told: Gold, readings: Iterable[Any]) -> dict[Mention, Mention]:
    """Event of a reading → event of the annotation that it is: of its type, the likest first, each once."""
    pairs: dict[Mention, Mention] = {}
    for reading in readings:
        stem = Path(reading.source).stem
        wanted = told.annotations[stem]["events"]
        options = sorted(
            (-_alike(event, one, told.texts[stem]), n, m)
            for n, event in enumerate(wanted)
            for m, one in enumerate(reading.events)
            if event["type"] == one.type
        )
        used: set[int] = set()
        for _, n, m in options:
            if n not in used and (stem, m) not in pairs:
                used.add(n)
                pairs[stem, m] = (stem, n)
    return pairs


def _alike(event: dict[str, Any], one: Any, text: str) -> float:
    """Points for the same words, parties and host."""
    start = text.find(event["evidence"])
    words = one.evidence.start < start + len(event["evidence"]) and start < one.evidence.end
    parties = sum(
        (event[role] or {}).get("state") == (party.state if party else None)
        for role, party in (("actor", one.actor), ("target", one.target))
    )
    return 1.5 * words + parties + (event["host"] == one.host)


def measured() -> dict[str, Figures]:
    """All rows."""
    told = gold()
    linked = incidents(as_readings(told))
    readings = own_readings()
    pairs = paired(told, readings)
    read = {pairs.get(m, (m[0], -1 - m[1])): incident for m, incident in incidents(readings).items()}
    tuned = {stem for stem, annotation in told.annotations.items() if annotation["series"] in TUNED}
    both = told.clusters.keys() & read.keys()
    rows = {"annotations, all series": figures(told.clusters, linked)}
    for name, inside in (("annotations, series tuned on", True), ("annotations, the others", False)):
        kept = [m for m in told.clusters if (m[0] in tuned) is inside]
        rows[name] = figures({m: told.clusters[m] for m in kept}, {m: linked[m] for m in kept})
    rows["own readings, events both have"] = figures({m: told.clusters[m] for m in both}, {m: read[m] for m in both})
    rows["own readings, all events"] = figures(told.clusters, read)
    return rows


def table(rows: Mapping[str, Figures]) -> str:
    """The rows as Markdown."""
    lines = [
        "| readings | B-cubed F1 | precision | recall | CEAF-e F1 | B-cubed F1 without singletons |",
        "| --- |" + " --- |" * 5,
    ]
    lines += [f"| {name} | {' | '.join(f'{value:.3f}' for value in row)} |" for name, row in rows.items()]
    return "\n".join(lines)


def section(rows: Mapping[str, Figures]) -> str:
    """A section of docs/quality.md."""
    return f"""
## Incidents over many articles

`corpus/clusters`: {len(gold().annotations)} articles on 24 series of incidents, with the incident that each event tells of. Linking alone is
scored on the annotations as if Legation had read them; then on its own readings, over the events that it and the annotator
both have, and over all (an event missed or invented is wrong). Bar for linking: {BAR:.2f}. The last column leaves out what is told once.

{table(rows)}
"""


def under(rows: Mapping[str, Figures]) -> Iterable[str]:
    """A line for each figure of linking under the bar."""
    for name, row in rows.items():
        if name.startswith("annotations"):
            for figure in ("b_cubed", "ceaf_e"):
                if getattr(row, figure) < BAR:
                    yield f"clusters ({name}): {figure} is {getattr(row, figure):.3f}, its bar {BAR:.2f}"


def errors() -> None:
    """Print which gold incidents are parted and which are put together, on the annotations."""
    told = gold()
    linked = incidents(as_readings(told))
    for name, mentions in sorted(_members(told.clusters).items(), key=str):
        if len({linked[m] for m in mentions}) > 1:
            print(f"parted: {name}")
            for m in sorted(mentions):
                print(f"    {linked[m]}  {_told(told, m)}")
    for mentions in _members(linked).values():
        if len({told.clusters[m] for m in mentions}) > 1:
            print("put together:")
            for m in sorted(mentions):
                print(f"    {told.clusters[m]}  {_told(told, m)}")


def _told(told: Gold, mention: Mention) -> str:
    event = told.annotations[mention[0]]["events"][mention[1]]
    parties = " → ".join(str((event[role] or {}).get("state")) for role in ("actor", "target"))
    known = (event[name] for name in ("status", "host", "city", "date", "count"))
    return f"{mention[0]} {told.annotations[mention[0]]['published']}  {parties}  {'  '.join(map(str, known))}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list what is parted and what is put together wrongly")
    if parser.parse_args().errors:
        errors()
        return 0
    rows = measured()
    print(table(rows))
    fallen = list(under(rows))
    print(*fallen, sep="\n")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
