"""Lines and capitals as a reader takes them: lines broken by a typewriter joined, lines of capitals read in normal case."""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import pairwise

from legation.atlas import load
from legation.cleaning.boilerplate import lines
from legation.cleaning.dates import MONTHS
from legation.schema import Offsets

_WRAPPED = range(45, 91)
"""Lengths of lines that were broken to fit a page or a teleprinter."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CLITIC = re.compile(r"^[dl]['’]|['’]s$")
_SENTENCE_START = re.compile(r"(?:^|(?<!\b[A-Z])[.!?:]['\"”’)]*\s|--\s|\]\s)\W*$")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CAPITAL = frozenset((*_DAYS, "mr", "mrs", "ms", "dr", "gen", "col", "lt", "capt", "sgt", "st")) | (
    MONTHS.keys() - {"may", "march", "mar"}
)
_TITLES = frozenset(
    [
        "president",
        "minister",
        "premier",
        "general",
        "colonel",
        "ambassador",
        "consul",
        "secretary",
        "spokesman",
        "spokeswoman",
        "mr",
        "mrs",
        "ms",
        "dr",
    ]
)
_NO_NAME = frozenset(
    ["today", "yesterday", "tonight", "tomorrow", "dead", "alive", "wounded", "free", "here", "there", "later", "again"]
)
_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


def paragraphs(text: str, boilerplate: tuple[Offsets, ...] = ()) -> list[Offsets]:
    """Spans of the article's paragraphs: its lines, and lines joined where a sentence was broken to fit a page.

    Joined are neighbours without a blank line between them, and only in texts whose lines mostly end in mid-sentence at
    a like length.
    """
    kept = [
        (start, end)
        for start, end in lines(text)
        if not any(s <= start and start + len(text[start:end].rstrip()) <= e for s, e in boilerplate)
    ]
    joints = [_continues(text, one, other) for one, other in pairwise(kept)]
    if sum(joints) < max(3, 0.4 * len(kept)):
        return kept
    found: list[Offsets] = []
    for index, span in enumerate(kept):
        if index and joints[index - 1]:
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def _continues(text: str, one: Offsets, other: Offsets) -> bool:
    """Whether a line was broken off at a width and goes on in the next."""
    line = text[slice(*one)].rstrip()
    return other[0] - one[1] == 1 and len(line) in _WRAPPED and not text[other[0]].isspace()


def is_shouted(line: str) -> bool:
    """Whether a line is in capitals throughout: four words or more, no small letter beyond a stray one."""
    words = _WORD.findall(line)
    return (
        len(words) >= 4
        and sum(map(str.islower, line)) <= 0.02 * len(line)
        and sum(len(word) > 4 for word in words) >= 2
    )


def true_case(line: str, is_word: Callable[[str], bool]) -> str:
    """A line of capitals in normal case, of the same length character by character.

    Names that the atlas knows are spelt as there, other words that `is_word` (of a lower-case word) does not know are
    taken for names, and a sentence begins with a capital.
    """
    small = [low if len(low := c.lower()) == 1 and low.upper() == c else c for c in line]
    shaped = small.copy()
    named: set[int] = set()
    for hit in load().scan(line):
        spelt = load().spelling(hit.surface) or _titled(hit.surface)
        named.update(range(hit.start, hit.end))
        for at, like in zip(range(hit.start, hit.end), spelt, strict=False):
            shaped[at] = line[at] if like.isupper() else small[at]
    words = list(_WORD.finditer(line))
    unknown = [
        word.start() not in named and not (stem in _SMALL or stem in _CAPITAL or is_word(stem))
        for word in words
        for stem in [_CLITIC.sub("", word[0].lower())]
    ]
    for index, word in enumerate(words):
        start, end = word.span()
        if start in named:
            continue
        if _is_initials(line, start, end):
            shaped[start:end] = line[start:end]
            continue
        low = word[0].lower()
        dated = low in MONTHS and (
            line[end : end + 2].strip().isdigit() or line[max(0, start - 2) : start].strip().isdigit()
        )
        before = words[index - 1] if index and line[words[index - 1].end() : start] == " " else None
        after = words[index + 1] if index + 1 < len(words) and line[end : words[index + 1].start()] == " " else None
        by_name = (before and (unknown[index - 1] or _is_name(before[0]))) or (
            after and (unknown[index + 1] or _is_name(after[0]))
        )
        surname = before and unknown[index - 1] and low not in _SMALL and line[end : end + 1] in (",", ";", "")
        if (
            unknown[index]
            or low in _CAPITAL
            or dated
            or (_is_name(low) and by_name)
            or (surname and low not in _NO_NAME)
            or _SENTENCE_START.search(line[max(0, start - 12) : start])
        ):
            shaped[start] = line[start]
    return "".join(shaped)


@cache
def _names() -> frozenset[str]:
    text = files(__package__).joinpath("names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _is_name(word: str) -> bool:
    """Whether a dictionary word is a given name or a surname too, or a title that stands before one."""
    return _CLITIC.sub("", word.lower()) in _names() or word.lower() in _TITLES


def _titled(name: str) -> str:
    """A name in capitals With Capitals Like This, its small words small."""
    return _WORD.sub(
        lambda word: word[0].lower() if word.start() and word[0].lower() in _SMALL else word[0].capitalize(), name
    )


def _is_initials(line: str, start: int, end: int) -> bool:
    """A letter with a full stop (U.S., J. Smith), or letters and digits together (TU-154, M19)."""
    return (
        (end - start == 1 and line[end : end + 1] == ".")
        or line[end : end + 1].isdigit()
        or line[start - 1 : start].isdigit()
    )
