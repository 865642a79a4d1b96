"""How far two annotations of the same articles agree.

    python corpus/tools/agreement.py corpus/articles corpus/second

Compares each STEM.json of the second folder with that of the first. Events count as the same by F1 over multisets: `type`
alone; `core` is type and states of actor and target; `full` adds status, host, date and the claimant's state. Speakers count
by state and by name, else role.
"""

import argparse
import json
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def events(annotation: Json, fields: tuple[str, ...]) -> list[Hashable]:
    """What is compared of each event: parties and claimant by their state."""

    def value(of: Any) -> Hashable:
        return of["state"] if isinstance(of, dict) else of

    return [tuple(value(event[field]) for field in fields) for event in annotation["events"]]


def speakers(annotation: Json) -> list[Hashable]:
    return [(s["state"], (s["name"] or s["role"] or "").casefold()) for s in annotation["speakers"]]


def f1(pairs: Iterable[tuple[list[Hashable], list[Hashable]]]) -> float:
    """Twice what both have, over all that either has."""
    same = every = 0
    for one, other in pairs:
        same += 2 * (Counter(one) & Counter(other)).total()
        every += len(one) + len(other)
    return same / every


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args()
    paths = sorted(options.second.glob("*.json"))
    pairs = [
        [json.loads((folder / p.name).read_text(encoding="utf-8")) for folder in (options.first, p.parent)]
        for p in paths
    ]
    core = ("type", "actor", "target")
    print(
        f"{len(pairs)} articles, {sum(len(one['events']) for one, _ in pairs)} and {sum(len(other['events']) for _, other in pairs)} events"
    )
    print(f"in scope or not: {sum(one['relevant'] == other['relevant'] for one, other in pairs)} of {len(pairs)}")
    for name, fields in (("type", core[:1]), ("core", core), ("full", (*core, "status", "host", "date", "claimant"))):
        print(f"{name} F1: {f1((events(one, fields), events(other, fields)) for one, other in pairs):.3f}")
    print(f"speaker F1: {f1((speakers(one), speakers(other)) for one, other in pairs):.3f}")


if __name__ == "__main__":
    main()
