"""How many people, missions or things: numbers in digits or words before a noun, never sums of money, ages or times."""

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Token

from legation import atlas
from legation.reading.data_files import load
from legation.reading.lexicon import fold, lexicon
from legation.reading.page import Page

_INSIDE = (
    "JJ",
    "JJR",
    "JJS",
    "NN",
    "NNP",
    "NNPS",
    "NNS",
    "CD",
    "POS",
    "HYPH",
    "VBN",
    "VBG",
    "PRP$",
    "RB",
    ",",
    "``",
    "''",
)


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in load("counts").items() if isinstance(words, list)}


@cache
def _numbers() -> dict[str, int]:
    """Number words and their values; "both" and "a pair" are two."""
    data = load("counts")
    return {**data["numbers"], **data["pairs"]}


def _multiples() -> dict[str, int]:
    """Words that multiply the number before them."""
    found: dict[str, int] = load("counts")["multiples"]
    return found


def number(words: list[str]) -> int | None:
    """The value of a number in digits and words: ``["twenty", "-", "two"]`` is 22, ``["half", "a", "dozen"]`` 6."""
    words = [w for w in (w.lower().replace(",", "") for w in words) if w not in ("-", "and", "a", "of")]
    if not words:
        return None
    total, part, half = 0, 0, False
    for word in words:
        if re.fullmatch(r"\d+", word):
            part += int(word)
        elif re.fullmatch(r"[a-z]+-[a-z]+", word):
            inner = number(word.split("-"))
            if inner is None:
                return None
            part += inner
        elif word == "half":
            half = True
        elif word in _numbers():
            part += _numbers()[word]
        elif word in _multiples():
            part = (part or 1) * _multiples()[word] // (2 if half else 1)
            if _multiples()[word] >= 1000:
                total, part = total + part, 0
        else:
            return None
    return total + part


def _is_number(token: Token) -> bool:
    word = token.lower_
    return (
        bool(re.fullmatch(r"\d{1,3}(,\d{3})+|\d{1,6}", word))
        or word in _numbers()
        or word in _multiples()
        or (token.tag_ == "CD" and number([word]) is not None)
    )


def _lemma(token: Token) -> str:
    word: str = token.lower_
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") if not word.endswith("ss") else word


def _run(page: Page, last: int) -> tuple[int | None, int]:
    """The number whose last word is at a token, and where it starts."""
    doc, first = page.doc, last
    while first > 0 and doc[first].sent_start != 1:
        word, before = doc[first].lower_, doc[first - 1].lower_
        two_before = doc[first - 2].lower_ if first > 1 else ""
        if word in _numbers() and (
            (before == "-" and two_before in _numbers()) or (before == "and" and two_before in _multiples())
        ):
            first -= 2
        elif (
            (word in _multiples() and (_is_number(doc[first - 1]) or before in ("half", "a")))
            or (word == "a" and before == "half")
            or (word in _numbers() and before in _multiples())
        ):
            first -= 1
        else:
            break
    before = doc[first - 1] if first else None
    if before is not None and before.text in _lists()["reference"]:
        return None, first
    return number([doc[i].text for i in range(first, last + 1)]), first


def _own(page: Page, head: int) -> int | None:
    """The number before a noun, or that the word itself is."""
    doc, noun = page.doc, page.doc[head]
    if _is_number(noun) and noun.lower_ not in ("both",) and not noun.tag_.startswith("NNP"):
        follows = doc[head + 1] if head + 1 < len(doc) else None
        if follows is not None and (follows.text in ("%", "-") or _lemma(follows) in _lists()["units"]):
            return None
        return None if re.fullmatch(r"(1[6-9]|20)\d\d", noun.text) else _run(page, head)[0]
    if _lemma(noun) in _lists()["units"]:
        return None
    at = head - 1
    while at >= page.sentence(head).start and head - at <= 8:
        token = doc[at]
        if _is_number(token):
            following = doc[at + 1]
            if (following.text in ("-", "%", "th", "st") and at + 1 != head) or _lemma(following) in _lists()["units"]:
                return None
            if re.fullmatch(r"(1[6-9]|20)\d\d", token.text):
                return None
            value, first = _run(page, at)
            before = doc[first - 1].lower_ if first > page.sentence(head).start else ""
            return None if before in _lists()["not_counted_after"] else value
        if token.tag_ not in _INSIDE or token.text in (";", ":"):
            break
        at -= 1
    return None


def _partitive(page: Page, noun: Token) -> int | None:
    """ "35 of them", "one of the diplomats", "36 of the 55 people": the number before "of"."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "of":
        return None
    whole = noun.head.i - 1
    return _run(page, whole)[0] if whole >= 0 and _is_number(page.doc[whole]) else None


def count_of(page: Page, head: int) -> int | None:
    """How many the noun at a token stands for, when the text gives a number; parts given as numbers are added.

    "the 35 diplomats", "35 of them", "some twenty envoys", "both", "more than 40" (40); "a" and "the" are no numbers.
    """
    noun = page.doc[head]
    part = _partitive(page, noun)
    if part is not None:
        return part
    if (
        noun.dep_ == "pobj"
        and noun.head.lower_ == "of"
        and noun.head.i
        and page.doc[noun.head.i - 1].lower_ in _lists()["of_whom"]
    ):
        return None
    total = _own(page, head)
    if total is None:
        return None
    last = noun
    while True:
        joined = next((c for c in last.children if c.dep_ == "conj" and c.i > last.i), None)
        if joined is None or not joined.tag_.startswith(("NN", "CD")):
            return total
        more = _own(page, joined.i)
        if more is None or not any(c.dep_ == "cc" and c.lower_ == "and" for t in (noun, last) for c in t.children):
            return total
        total, last = total + more, joined


_CUT = re.compile(
    r"\bfrom (?P<old>[\w,-]+)(?: \w+)? to (?P<new>[\w,-]+)|\b(?:limit|limited|cap|capped|ceiling|maximum|no more than|down|reduced?|cut)\b[^.;]{0,30}?\b(?:to|at|of|than) (?P<cap>\d[\d,]*|[a-z]+(?:-[a-z]+)?)\b",
    re.I,
)


def ceiling(text: str) -> int | None:
    """The size that a mission is cut or capped to in a sentence: "from 50 to 18" is 18."""
    for match in _CUT.finditer(text):
        value = number([match["new"] or match["cap"]])
        if value is not None and value > 0:
            return value
    return None


def _counted(page: Page, token: Token) -> bool:
    """Whether a noun is of those that an event counts, or a number that stands for them ("two were hurt")."""
    if _is_number(token):
        after = page.doc[token.i + 1].lower_ if token.i + 1 < len(page.doc) else ""
        before = page.doc[token.i - 1].lower_ if token.i else ""
        return (
            after not in _lists()["units"]
            and before not in _lists()["units"]
            and before not in ("at", "in", "on", "by")
        )
    word = fold(token.text)
    plural_name = (
        token.text[:1].isupper()
        and not token.is_sent_start
        and token.tag_ in ("NNPS", "NNS", "NNP")
        and word.endswith(("s", "ese", "men"))
    )
    return plural_name or bool({word, _lemma(token)} & _lists()["nouns"]) or lexicon().match([word], 0) is not None


_ARGUMENTS = frozenset({"nsubjpass", "dobj", "attr", "dative", "oprd"})


def event_count(page: Page, start: int, end: int, target: int | None = None, *, type: str = "") -> int | None:
    """How many an act of a type hit, whose trigger is the tokens [start, end) and whose target's head, if known, is `target`.

    Asked in this order: the target; what the trigger does it to (object, passive subject, a noun's "of" phrase, the subject
    of those who leave or die). A staff cap counts those who must go, else the ceiling.
    """
    if type and type not in _lists()["types"]:
        return None
    if (listed := _listed(page, start, end)) is not None:
        return listed
    root = page.doc[start:end].root
    if type == "staff_cap" and (size := ceiling(root.sent.text)) is not None:
        return size
    if target is not None and (known := count_of(page, target)) is not None:
        return known
    for token in _arguments(page, start, end, root):
        if _counted(page, token) and (value := count_of(page, token.i)) is not None:
            return value
    return None


_YEAR = re.compile(r"1[6-9]\d\d|20[0-4]\d")


def _listed(page: Page, start: int, end: int) -> int | None:
    """The number that an entry of a list of states gives ("Poland (4);", "Norway: 1"), of the tokens [start, end)."""
    doc, (first, last) = page.doc, page.lines[page.line_of(start)]
    for at in range(max(start, first + 2), min(end + 2, last)):
        after = doc[at + 1].text if at + 1 < last else "."
        closed = {"(": ")", ":": after if after in ".;," else None}.get(doc[at - 1].text)
        if closed == after and start <= at - 2 < end and _is_number(doc[at]) and not _YEAR.fullmatch(doc[at].text):
            name = page.text(max(first, at - 6), at - 1)
            if any(found.code and found.end == len(name) for found in atlas.load().scan(name)):
                return number([doc[at].text])
    return None


def _arguments(page: Page, start: int, end: int, root: Token) -> Iterator[Token]:
    """The nouns that an act may be done to, the closest to its trigger first."""
    if not root.tag_.startswith(("VB", "MD")):
        yield root
    going = root.lower_ in _lists()["going"]
    verbs = [root, *(c for c in root.children if c.dep_ in ("xcomp", "ccomp") and start <= c.i < end)]
    for verb in verbs:
        for child in verb.children:
            if child.dep_ in _ARGUMENTS or (child.dep_ == "nsubj" and (going or verb.dep_ in ("xcomp", "ccomp"))):
                yield child
            elif child.dep_ in ("prep", "agent") and child.lower_ in _lists()["of_act"]:
                yield from (c for c in child.children if c.dep_ == "pobj")
    if (
        root.dep_ in ("relcl", "acl")
        and root.head.i < root.i
        and not any(c.dep_ == "nsubj" and c.tag_ != "WP" for c in root.children)
    ):
        passive = root.tag_ == "VBN"
        if passive or going:
            yield root.head
    if root.dep_ == "conj" and root.head.tag_.startswith("VB") and not any(c.dep_ in _ARGUMENTS for c in root.children):
        yield from (c for c in root.head.children if c.dep_ == "nsubjpass")
