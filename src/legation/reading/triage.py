"""Whether an article can matter, and which of its paragraphs: one pass of a multi-pattern scan, before anything is parsed.

Three answers, each cheaper to come by than what follows it: no word about missions at all (`speaks_of_missions`, then the
text is not even cleaned), words about them but hardly an event (`concerns_missions`, a logistic model over how many such
words stand where), and which paragraphs of a long one may tell of an event (`telling`, another, over their words).
"""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import exp, log, log1p
from typing import Any, NamedTuple

from legation.cleaning.characters import visible
from legation.reading.data_files import load

SHORT = 2500
"""Bytes up to which a text is read whole where it has words enough: there is little to save, and little to judge it by."""
OPENING = 600
"""Bytes that are looked at as a text's beginning: its headline and lead."""
STRETCH = 1000
"""Bytes of a stretch: a few paragraphs."""
FIRST = 2
"""Paragraphs that are always read: what they say of who, where and when holds for the others."""


class Cue(NamedTuple):
    """A word about missions: which, whether it is enough alone, and at which byte of the lower-cased text."""

    word: str
    strong: bool
    at: int


@cache
def _scanner() -> tuple[Any, list[str], int]:
    """Automaton over UTF-8 bytes in lower case; its words, strong ones first; how many are strong."""
    import ahocorasick_rs

    data = load("triage")
    words = [*data["strong"], *data["weak"]]
    automaton = ahocorasick_rs.BytesAhoCorasick(
        [word.encode() for word in words],
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.DFA,
    )
    return automaton, words, len(data["strong"])


@cache
def _weights(name: str) -> tuple[Mapping[str, float], float]:
    """Weight of each fact and the threshold from which an article ("triage") or paragraph ("paragraphs") is read; made by the script of that
    name in ``training/``."""
    data = json.loads(files("legation.reading").joinpath(f"data/{name}.json").read_text(encoding="utf-8"))
    return data["weights"], data["threshold"]


def _letter(byte: int) -> bool:
    return 97 <= byte <= 122 or byte >= 0xC3


def _folded(text: str) -> bytes:
    return visible(text).encode("utf-8", "surrogatepass").lower()


def cues(folded: bytes) -> Iterator[Cue]:
    """The words about missions in a text in lower case."""
    automaton, words, strong = _scanner()
    for pattern, start, end in automaton.find_matches_as_indexes(folded):
        if not ((start and _letter(folded[start - 1])) or (end < len(folded) and _letter(folded[end]))):
            yield Cue(words[pattern], pattern < strong, start)


def _enough(found: Sequence[Cue]) -> bool:
    """A strong word, two different weak ones, or one of them said thrice."""
    weak = Counter(cue.word for cue in found)
    return any(cue.strong for cue in found) or len(weak) > 1 or max(weak.values(), default=0) > 2


def facts(found: Sequence[Cue], size: int) -> dict[str, float]:
    """What the odds are reckoned from, by name: how many words, how different, how close together, how early in `size` bytes.

    Not which words: a weight for each would be learnt from the stories of a few years, and miss the next.
    """
    strong = [cue for cue in found if cue.strong]
    weak = [cue for cue in found if not cue.strong]
    places = [cue.at for cue in found]
    densest = max((bisect_left(places, at + STRETCH) - index for index, at in enumerate(places)), default=0)
    return {
        "any": 1.0,
        "length": log(size + 1),
        "strong words": log1p(len(strong)),
        "weak words": log1p(len(weak)),
        "strong words to a thousand letters": log1p(1000 * len(strong) / (size + 500)),
        "weak words to a thousand letters": log1p(1000 * len(weak) / (size + 500)),
        "different strong words": float(len({cue.word for cue in strong})),
        "different weak words": float(len({cue.word for cue in weak})),
        "first word": min(1.0, (strong or found)[0].at / 2000) if found else 1.0,
        "strong words in the opening": log1p(sum(cue.at < OPENING for cue in strong)),
        "words in the densest stretch": log1p(densest),
    }


def odds(found: Sequence[Cue], size: int) -> float:
    """Probability that an article with these words tells of an event."""
    weights, _ = _weights("triage")
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) * value for name, value in facts(found, size).items())))


def speaks_of_missions(text: str) -> bool:
    """Whether there is any word about diplomats or missions in the text."""
    return next(cues(_folded(text)), None) is not None


def concerns_missions(text: str) -> bool:
    """Whether the text may tell of something that happened to diplomats or missions (case does not matter)."""
    folded = _folded(text)
    found = list(cues(folded))
    return _enough(found) and (len(folded) < SHORT or odds(found, len(folded)) >= _weights("triage")[1])


_WORD = re.compile(r"\b[a-z]{3,}\b")
"""Words in small letters: names are those of the stories that the weights were learnt from."""


def paragraph_facts(paragraphs: Sequence[str]) -> list[dict[str, float]]:
    """What each paragraph of an article is judged by, by name: its words, words about missions in it and around it, and where it stands."""
    found = [list(cues(_folded(text))) for text in paragraphs]
    strong = [sum(cue.strong for cue in those) for those in found]
    weak = [len(those) - count for those, count in zip(found, strong, strict=True)]
    letters = sum(map(len, paragraphs))
    whole = {
        "# strong to a thousand letters": log1p(1000 * sum(strong) / (letters + 500)),
        "# weak to a thousand letters": log1p(1000 * sum(weak) / (letters + 500)),
    }
    rows = []
    for index, text in enumerate(paragraphs):
        row = dict.fromkeys(_WORD.findall(text), 1.0) | whole
        for name, counts in (("strong", strong), ("weak", weak)):
            for away in (-2, -1, 0, 1, 2):
                if 0 <= index + away < len(counts) and counts[index + away]:
                    row[f"# {name} {away:+d}"] = log1p(counts[index + away])
        if not any(map(len, found[max(0, index - 2) : index + 3])):
            row |= {"# far from any": 1.0, "# far from any, length": log1p(len(text) / 100)}
        row["# strong before"] = log1p(sum(strong[:index])) / 2
        row["# length"] = log1p(len(text) / 100)
        row["# place"] = log1p(index) / 3
        row[f"# place {index}" if index < 4 else "# further on"] = 1.0
        rows.append(row)
    return rows


def telling(paragraphs: Sequence[str]) -> list[bool]:
    """Which paragraphs of an article to read: those that may tell of an event, and the first; of a short article all."""
    if sum(map(len, paragraphs)) < SHORT:
        return [True] * len(paragraphs)
    weights, threshold = _weights("paragraphs")
    scores = (sum(weights.get(f, 0.0) * value for f, value in row.items()) for row in paragraph_facts(paragraphs))
    return [index < FIRST or score >= threshold for index, score in enumerate(scores)]
