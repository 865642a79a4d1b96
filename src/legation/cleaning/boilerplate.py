"""Which lines of a text are not the article: navigation, appeals, related headlines, advertising, share bars.

A linear-chain model over the lines. What a line shows (a rule of ``boilerplate.yaml`` that it matches, its shape, its place,
its words, its neighbours) adds up to a score; so does how its neighbours are judged, as clutter comes in runs; the best
sequence wins (Viterbi). The weights are in ``boilerplate.json``, made by ``training/boilerplate.py``; there is no other
state, and the weights can be read.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import ahocorasick_rs
import msgspec
import yaml

from legation.schema import Offsets

_LONG, _TELLING = 140, 80
"""Characters from which on a line that ends like a sentence is a paragraph, and from which on it is part of the story."""
_HEAD, _TAIL = 2, 8
"""Lines at the top and the end where even a paragraph may be an appeal to the reader."""
_APPEAL = 5
"""Lines from one sentence of an appeal to the next."""
_LEAD = 6
"""Paragraphs whose words are known to be the story's."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")
_DATE = re.compile(
    r"\b(1[89]|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d", re.I
)
_BYLINE = re.compile(r"\W*(by|from|text|words|reporting|additional reporting|posted by|editor|source)\b", re.IGNORECASE)
_READER = re.compile(r"\b(you|your|our|us|we|click)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]?")
_DATELINE = re.compile(r"[A-Z][A-Z .'’/-]{2,40}(,[^—–-]{2,40})?(\([A-Za-z /]+\)|\s[—–-]{1,2}\s|\. /)")
_NO_MARKS = str.maketrans(dict.fromkeys('.,;:!?"“”()[]—–', " ") | {"’": "'"})
_SEPARATOR = re.compile(r"[|•·›»>/●★]|\s{2,}")
_FOREIGN = re.compile(r"[^\W\d_\x00-\xff]")
_GLUED = re.compile(r"[a-z’']:[A-Z“‘\"']")
_PERSON = r"[A-Z][\w.'’-]*( [A-Z][\w.'’-]*){1,3}"
_PEOPLE = re.compile(rf"{_PERSON}((,|,? and|,? &) {_PERSON})*")
_CLOCK = re.compile(r"\d:\d\d\W*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")


class Weights(msgspec.Struct, frozen=True):
    """How much each feature says for clutter (positive) or article (negative), and each change from line to line.

    `follows` holds the scores of article→article, article→clutter, clutter→article, clutter→clutter.
    """

    features: dict[str, float]
    follows: tuple[float, float, float, float]


class Rule(NamedTuple):
    """A kind of line (boilerplate.yaml)."""

    id: str
    reason: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules, in order."""
    entries = yaml.safe_load(files(__package__).joinpath("boilerplate.yaml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            e["id"],
            e["reason"],
            tuple(e.get("cues", ())),
            re.compile(e["pattern"], re.IGNORECASE),
            tuple(e["examples"]),
            tuple(e["counterexamples"]),
        )
        for e in entries
    )


@cache
def _cues() -> tuple[ahocorasick_rs.AhoCorasick, list[int], list[int]]:
    """An automaton over all cues, which rule each is of, and the rules that have none."""
    cued = [(cue, number) for number, rule in enumerate(rules()) for cue in rule.cues]
    automaton = ahocorasick_rs.AhoCorasick([cue for cue, _ in cued], matchkind=ahocorasick_rs.MatchKind.Standard)
    return automaton, [number for _, number in cued], [number for number, rule in enumerate(rules()) if not rule.cues]


def rule_of(line: str) -> str:
    """The id of the first rule that the line matches, empty if none does."""
    automaton, owners, always = _cues()
    hits = automaton.find_matches_as_indexes(line.lower(), overlapping=True)
    tried = (rules()[number] for number in sorted({*always, *(owners[hit[0]] for hit in hits)}))
    return next((rule.id for rule in tried if rule.pattern.fullmatch(line)), "")


@cache
def _weights() -> Weights:
    return msgspec.json.decode(files(__package__).joinpath("boilerplate.json").read_bytes(), type=Weights)


def boilerplate(text: str) -> tuple[Offsets, ...]:
    """Spans of the lines that are not the article; neighbouring ones are one span, which ends before the line's end mark."""
    spans: list[Offsets] = []
    for (start, end), junk in zip(lines(text), judge(text, _weights()), strict=True):
        if junk and spans and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        elif junk:
            spans.append((start, end))
    return tuple(spans)


def judge(text: str, weights: Weights) -> list[bool]:
    """For each line with something on it, whether it is clutter."""
    weigh = weights.features.get
    shown = list(features(text))
    labels = _best_sequence([sum(weigh(name, 0.0) for name in names) for names in shown], weights.follows)
    appeals = [index for index, names in enumerate(shown) if labels[index] and "rule:appeal" in names]
    for one, next_one in pairwise(appeals):
        if (
            next_one - one <= _APPEAL
        ):  # what stands between two appeals is an appeal, however much it reads like a story
            labels[one:next_one] = [True] * (next_one - one)
    return labels


@lru_cache(maxsize=4)
def lines(text: str) -> list[Offsets]:
    """Where each line stands that is not blank."""
    found, position = [], 0
    for line in text.split("\n"):
        if line and not line.isspace():
            found.append((position, position + len(line)))
        position += len(line) + 1
    return found


def features(text: str) -> Iterator[list[str]]:
    """What each line that is not blank shows, by name."""
    spans = lines(text)
    found = [text[start:end].strip() for start, end in spans]
    capitals = sum(line.isupper() for line in found) > 0.3 * len(found)
    inside = range(_HEAD, len(found) - _TAIL)
    shapes = [_PROSE if i in inside and _is_prose(line) else _shape(line, capitals) for i, line in enumerate(found)]
    story = [index for index, shape in enumerate(shapes) if shape.story]
    first, last = (story[0], story[-1]) if story else (len(shapes), -1)
    lead = " ".join(found[index] for index in story[:_LEAD] if index <= len(found) // 2 + 1)
    body = _words(lead)
    title = _words(found[0]) if found else frozenset()
    seen: dict[str, int] = {}
    for shape in shapes:
        seen[shape.folded] = seen.get(shape.folded, 0) + 1
    edge = _Shape("edge", False, False, ["edge"], [], "")
    for index, shape in enumerate(shapes):
        before, after = shapes[index - 1] if index else edge, shapes[index + 1] if index + 1 < len(shapes) else edge
        if shape.prose and len(shapes) - index > _TAIL:
            yield ["prose"]
            continue
        words = shape.words if not shape.prose else _WORD.findall(found[index].lower())
        known = _shared(words, body)
        asked = any(earlier.rule == "appeal" for earlier in shapes[max(0, index - _TAIL) : index])
        if shape.prose:
            near = f"prose:before:{before.shows[0]}", f"prose:after:{after.shows[0]}"
            yield ["prose", *near, f"prose:known{known}", *([f"prose:asked{known}"] if asked else [])]
            continue
        zone = "head" if index < first else "tail" if index > last else "body"
        place = min(index, 4) if zone == "head" else min(len(shapes) - 1 - index, 4) if zone == "tail" else ""
        close = [spans[index][0] - spans[index - 1][1] == 1 if index else False]
        close.append(index + 1 < len(spans) and spans[index + 1][0] - spans[index][1] == 1)
        told = _shared(words, _words(" ".join(found[index + 1 : index + 3])))
        yield [
            *shape.shows,
            zone,
            f"{zone}:told{told}",
            f"told{told}:{shape.shows[1]}",
            *([f"top:known{known}"] if not index else [f"title{_shared(words, title)}"]),
            *(
                [f"{zone}:again"]
                if index and any(shape.folded in earlier.folded for earlier in shapes[: min(index, _HEAD)])
                else []
            ),
            *([f"{zone}:titled"] if index and shape.folded == shapes[0].folded else []),
            *([f"cut:{shape.shows[3]}", f"cut:{shape.shows[2]}"] if index + 1 == len(shapes) else []),
            f"{zone}{place}",
            *(f"{zone}:{show}" for show in shape.shows),
            f"{zone}:known{known}",
            *([f"{zone}:asked", f"asked{known}"] if asked else []),
            *(["repeated"] if seen[shape.folded] > 1 and shape.folded != shapes[0].folded else []),
            *(f"before:{show}" for show in before.shows),
            *(f"after:{show}" for show in after.shows),
            f"{zone}:close{close[0]:d}{close[1]:d}",
            *(f"w:{word}" for word in shape.words),
            *([f"first:{shape.words[0]}", f"last:{shape.words[-1]}"] if shape.words else []),
        ]


class _Shape(NamedTuple):
    """What a line shows by itself: `rule` it matches, whether it is plain `prose` or else a sentence of the story, its traits, its words."""

    rule: str
    prose: bool
    story: bool
    shows: list[str]
    words: list[str]
    folded: str


def _shape(line: str, capitals_only: bool) -> _Shape:
    matched = rule_of(line)
    reader = bool(_READER.search(_QUOTED.sub("", line)))
    if (not matched or matched == "caption") and not reader and _is_prose(line):
        return _PROSE
    cased = _WORD.findall(line)
    words = [word.lower().replace("’", "'") for word in cased]
    capitals = sum(word[0].isupper() for word in cased)
    if not cased:
        case = "none"
    elif line.isupper():
        case = "any" if capitals_only else "upper"
    elif capitals >= 0.7 * len(cased):
        case = "title"
    else:
        case = "sentence" if cased[0][0].isupper() else "lower"
    size = next(size for size in (0, 1, 2, 4, 8, 15, 30, 9999) if len(words) <= size)
    end = _end(line)
    parts = len(_SEPARATOR.findall(line))
    shows = [f"rule:{matched}", f"case:{case}", f"size:{size}", f"end:{end}", f"case:{case}{end}", f"size:{size}{case}"]
    if parts:
        shows.append(f"parts:{min(parts, 3)}")
    if _DATE.search(line):
        shows += ["date", f"date{size}", f"date:{matched}"]
    if _BYLINE.match(line):
        shows.append("byline")
    if _DATELINE.match(line):
        shows.append("dateline")
    if reader:
        shows += ["reader", f"reader{size}", f"reader{end}"]
    if ":" in line[:40]:
        shows.append("glued" if _GLUED.search(line) else "colon")
    if not line[0].isalnum():
        shows += [f"mark:{line[0]}", f"mark:{line[0]}{end}"]
    if _CLOCK.search(line):
        shows += ["clock", f"clock{size}"]
    if case == "title" and _PEOPLE.fullmatch(line):
        shows += ["people", f"people{size}"]
    if _says_twice(words):
        shows.append("twice")
    if not line.isascii() and _FOREIGN.search(line):
        shows.append("foreign")
    story = not matched and not reader and _is_prose(line, _TELLING)
    return _Shape(matched, False, story, shows, words[:60], line.casefold())


def _end(line: str) -> str:
    """How a line ends: like a sentence, a question, a text cut off, with another mark, a number or a word."""
    if line.endswith(("...", "…")):
        return "…"
    if found := _SENTENCE_END.search(line):
        return "?" if "?" in found[0] else "."
    return line[-1] if line[-1] in ":,;-" else "9" if line[-1].isdigit() else "a"


def _says_twice(words: list[str]) -> bool:
    """Whether two words in a row come again, as in credits and titles of players that are written out for each view."""
    pairs = list(pairwise(words))
    return len(set(pairs)) < len(pairs)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().translate(_NO_MARKS).split())


def _shared(words: Collection[str], known: Collection[str]) -> str:
    """How many of the longer words of a line are known, in thirds; a dash if it has none."""
    long_words = [word for word in words if len(word) > 4]
    return str(int(3 * sum(map(known.__contains__, long_words)) / len(long_words))) if long_words else "-"


def _is_prose(line: str, least: int = _LONG) -> bool:
    """A paragraph: long, and ends like a sentence."""
    return len(line) >= least and bool(_SENTENCE_END.search(line[-5:]))


_PROSE = _Shape("", True, True, ["prose"], [], "")


def _best_sequence(scores: list[float], follows: tuple[float, float, float, float]) -> list[bool]:
    """Viterbi over two labels, of which article scores 0 and clutter `scores`."""
    stay, into, out_of, within = follows
    article = clutter = 0.0
    back: list[tuple[bool, bool]] = []
    for index, score in enumerate(scores):
        if index == 0:
            article, clutter = 0.0, score
            continue
        back.append((clutter + out_of > article + stay, clutter + within > article + into))
        article, clutter = max(article + stay, clutter + out_of), max(article + into, clutter + within) + score
    if not scores:
        return []
    labels = [clutter > article]
    for from_clutter in reversed(back):
        labels.append(from_clutter[labels[-1]])
    return labels[::-1]
