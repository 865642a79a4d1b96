"""Whether an article can matter: one pass of a multi-pattern scan, before anything is parsed."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from legation.cleaning.characters import visible


@cache
def _scanner() -> tuple[Any, int]:
    """Automaton over UTF-8 bytes in lower case, strong words first, and how many are strong."""
    import ahocorasick_rs

    words = yaml.safe_load(files("legation.reading").joinpath("data/triage.yaml").read_text(encoding="utf-8"))
    patterns = [str(w).encode() for w in (*words["strong"], *words["weak"])]
    automaton = ahocorasick_rs.BytesAhoCorasick(
        patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA
    )
    return automaton, len(words["strong"])


def _letter(byte: int) -> bool:
    return 97 <= byte <= 122 or byte >= 0xC3


def concerns_missions(text: str) -> bool:
    """Whether the text speaks of diplomats or missions at all (case does not matter)."""
    automaton, strong = _scanner()
    lowered = visible(text).encode("utf-8", "surrogatepass").lower()
    weak: dict[int, int] = {}
    for pattern, start, end in automaton.find_matches_as_indexes(lowered):
        if (start and _letter(lowered[start - 1])) or (end < len(lowered) and _letter(lowered[end])):
            continue
        if pattern < strong:
            return True
        weak[pattern] = weak.get(pattern, 0) + 1
    return len(weak) > 1 or max(weak.values(), default=0) > 2
