"""Noun phrases of a page: its words as units (states, nouns of the lexicon, names), joined into base phrases.

Built from tags and word windows, so that one wrong dependency does not cost a party.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.attrs import DEP, HEAD, ORTH, SENT_START, TAG

from legation.reading.nouns import Group, Term, false_friends, fold, lexicon, words
from legation.reading.page import Page

GEO = frozenset({"state", "demonym", "people", "city"})
_OPEN = frozenset({"noun", "name", "term", "body", "group", "outlet"}) | GEO
_NAME_TAGS = frozenset({"NNP", "NNPS"})


@dataclass(frozen=True, slots=True)
class Named:
    """A gazetteer entry on the page: tokens [start, end), what sort of name, and of which state(s)."""

    start: int
    end: int
    sort: str  # state, demonym, people, city, body, group, outlet
    states: tuple[str, ...] = ()
    kind: str | None = None  # party kind of a body
    name: str | None = None  # as the text has it
    capital: bool = False
    region: bool = False
    doubtful: bool = False  # several states have a body of this name

    @property
    def city(self) -> str | None:
        """The city that is named, if it is one."""
        return self.name if self.sort == "city" and not self.region else None


@dataclass(slots=True)
class Words:
    """The columns of a page that the stage reads, as plain lists."""

    text: list[str]
    low: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    sentence: list[int]  # number of the token's sentence
    line: list[int]  # number of the token's line
    shouted: list[bool]  # the token's line has capitals only
    titled: list[bool]  # the token's line has Capitals Like This

    @classmethod
    def of(cls, page: Page) -> "Words":
        doc = page.doc
        strings = doc.vocab.strings
        known: dict[int, str] = {}
        columns = doc.to_array([ORTH, TAG, DEP, HEAD, SENT_START]).tolist() if len(doc) else []
        text, tags, deps, heads, sentence = [], [], [], [], []
        number = -1
        for at, (orth, tag, dep, head, start) in enumerate(columns):
            text.append(known.get(orth) or known.setdefault(orth, strings[orth]))
            tags.append(known.get(tag) or known.setdefault(tag, strings[tag]))
            deps.append(known.get(dep) or known.setdefault(dep, strings[dep]))
            heads.append(at + (head if head < 1 << 63 else head - (1 << 64)))
            number += start == 1
            sentence.append(number)
        line = [number for number, (start, end) in enumerate(page.lines) for _ in range(start, end)]
        shouted, titled = [False] * len(text), [False] * len(text)
        for start, end in page.lines:
            letters = [t for t in text[start:end] if t[0].isalpha()]
            if not letters:
                continue
            if all(t.isupper() for t in letters):
                shouted[start:end] = [True] * (end - start)
            elif len(letters) > 3 and sum(t[0].isupper() for t in letters if len(t) > 3) >= 0.85 * max(
                1, sum(len(t) > 3 for t in letters)
            ):
                titled[start:end] = [True] * (end - start)
        return cls(text, [fold(t) for t in text], tags, deps, heads, sentence, line, shouted, titled)


@dataclass(slots=True)
class Unit:
    """One or more tokens that act as one word of a noun phrase."""

    start: int
    end: int
    sort: str  # det, own, num, adj, noun, name, title, term, based, 's, or a gazetteer sort
    term: Term | None = None
    named: Named | None = None
    group: Group | None = None

    def __post_init__(self) -> None:
        if self.term is not None:
            self.group = self.term.groups[0]


@dataclass(slots=True)
class Phrase:
    """A base noun phrase: no prepositions, no possessor inside. `owner` is the phrase or pronoun before its 's."""

    units: list[Unit]
    owner: "Phrase | None" = None
    owns: bool = False  # followed by 's
    flags: set[str] = field(default_factory=set)

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end

    @property
    def first(self) -> int:
        """Start with its possessors."""
        return self.owner.first if self.owner else self.start


def units(text: Words, named: dict[int, Named]) -> list[Unit | None]:
    """The page as units; None where a phrase must end."""
    found: list[Unit | None] = []
    lex = lexicon()
    verb_like, particles, times = words("verb_like"), words("particles"), words("time")
    titles = words("titles")
    before, after = false_friends()
    low, tags, raw = text.low, text.tag, text.text
    at, size = 0, len(low)
    while at < size:
        tag = tags[at]
        word = low[at]
        hit = named.get(at)
        match = lex.match(low, at) if word in lex.root else None
        if match and hit and (match[0] < hit.end or (match[0] == hit.end and not hit.doubtful)):
            match = None
        if match and word in {"charge", "charges"} and match[0] == at + 1 and raw[at].isascii():
            match = None  # "charges" of a court, not "chargés"
        if match:
            end, term = match
            last = tags[end - 1]
            fits = (
                last[0] == "N"
                or (end - at > 1 and last[0] in "NJV")
                or (last[0] != "I" and term.groups[0].form == "post")
            )
            if not fits and (last[0] in "VFJ" or text.shouted[at]):
                fits = (
                    low[end - 1] not in verb_like
                    and (at == 0 or tags[at - 1] not in {"MD", "TO"})
                    and (last[0] != "J" or term.groups[0].protected)
                )
            if fits and _false_friend(low, at, end, before, after):
                found.append(Unit(at, end, "noun"))
                at = end
                continue
            if fits:
                found.append(Unit(at, end, "term", term=term, named=hit if hit and hit.end == end else None))
                at = end
                continue
        if hit and not _opens_name(text, hit, found[-1] if found else None):
            at = _hyphened(text, found, hit)
            continue
        if tag in {"DT", "PDT", "WDT"} and word not in {"that", "which", "what", "whatever", "whichever"}:
            found.append(Unit(at, at + 1, "det"))
        elif tag in {"PRP$", "WP$"}:
            found.append(Unit(at, at + 1, "own"))
        elif tag == "POS" or word == "'s":
            found.append(Unit(at, at + 1, "'s"))
        elif tag == "CD" or (word in words("plural_determiners") and tag[0] in "JCD"):
            found.append(Unit(at, at + 1, "num"))
        elif word in times and (tag in _NAME_TAGS or tag[0] == "N"):
            found.append(None)
        elif tag in _NAME_TAGS and (raw[at][0].isupper() or raw[at][0].isdigit()):
            if word in titles and at + 1 < size and (tags[at + 1] in _NAME_TAGS or raw[at + 1][:1].isupper()):
                found.append(Unit(at, at + 1, "title"))
                at += 1
                if at < size and low[at] == ".":
                    at += 1
                continue
            end = at + 1
            while end < size:
                if tags[end] in _NAME_TAGS and raw[end][0].isalnum() and end not in named and low[end] not in times:
                    if (
                        raw[end][0].isupper()
                        and low[end] in lex.root
                        and lex.match(low, end)
                        and not _ends_name(text, at, end)
                    ):
                        break
                    end += 1
                elif (
                    (low[end] in particles or (low[end] == "-" and tags[end] in {"HYPH", "NNP", ":"}))
                    and end + 1 < size
                    and raw[end + 1][:1].isalpha()
                    and (tags[end + 1] in _NAME_TAGS or low[end] == "-" or low[end + 1] in particles)
                ):
                    if end + 1 in named and low[end] != "-":
                        break
                    end += 2 if low[end] == "-" else 1
                else:
                    break
            found.append(Unit(at, end, "name"))
            at = end
            continue
        elif tag[0] == "N":
            found.append(Unit(at, at + 1, "noun"))
        elif tag == "VBG" and word in words("prepositions"):
            found.append(None)
        elif tag[0] == "J" or tag in {"VBN", "VBG", "AFX"}:
            found.append(Unit(at, at + 1, "adj" if tag[0] in "JA" else "part"))
        elif tag == "HYPH" or (word == "-" and tag[0] in "NJA"):
            found.append(Unit(at, at + 1, "-"))
        elif tag == "RB":
            found.append(Unit(at, at + 1, "adv"))
        else:
            found.append(None)
        at += 1
    return found


def _opens_name(text: Words, hit: Named, before: Unit | None) -> bool:
    """A state or city that is a given name here: "Riyad al-Maliki", "Defence Minister Israel Katz"."""
    low, end = text.low, hit.end
    if (
        hit.sort in {"state", "city"}
        and end == hit.start + 1
        and end < len(low)
        and before is not None
        and before.end == hit.start
    ):
        office = (
            before.term is not None
            and not before.term.plural
            and before.group is not None
            and before.group.form == "person"
        )
        if office and text.tag[end] in _NAME_TAGS and low[end] not in lexicon().root and not text.shouted[end]:
            return True
    return (
        hit.sort == "city"
        and end + 1 < len(low)
        and (low[end] in {"al", "bin", "ibn", "el", "ben", "van", "de"})
        and (text.tag[end + 1] in _NAME_TAGS or low[end + 1] == "-")
    )


def _ends_name(text: Words, start: int, at: int) -> bool:
    """A surname that is also a noun of the lexicon ("John Major"): one word, after a given name, no name behind it."""
    following = text.tag[at + 1] if at + 1 < len(text.tag) else ""
    return (
        at - start == 1
        and text.low[at] in words("noun_surnames")
        and following not in _NAME_TAGS
        and not (text.shouted[at] or text.titled[at])
    )


def _false_friend(
    low: Sequence[str], at: int, end: int, before: dict[str, frozenset[str]], after: dict[str, frozenset[str]]
) -> bool:
    noun = low[end - 1]
    key = noun if noun in before or noun in after else noun.rstrip("s")
    if at and low[at - 1] in before.get(key, ()):
        return True
    if at > 1 and f"{low[at - 2]} {low[at - 1]}" in before.get(key, ()):
        return True
    return end < len(low) and low[end] in after.get(key, ())


def _hyphened(text: Words, found: list[Unit | None], hit: Named) -> int:
    """Adds a gazetteer name with what hyphens tie to it; gives the next token.

    "Ankara-based" says where, "anti-Iran" and "US-backed" say nothing of nationality.
    """
    low, end = text.low, hit.end
    if end + 1 < len(low) and low[end] == "-" and text.tag[end] not in {":", ","}:
        if low[end + 1] == "based":
            found.append(Unit(hit.start, end + 2, "based", named=hit))
            return end + 2
        if low[end + 1][0].isalpha() and hit.sort in GEO and text.text[end + 1][0].islower():
            if low[end + 1] == "born":
                found.append(Unit(hit.start, end + 2, "demonym", named=hit))
            else:
                found.append(Unit(hit.start, end + 2, "adj"))
            return end + 2
    if (
        hit.start > 1
        and low[hit.start - 1] == "-"
        and low[hit.start - 2] in {"anti", "pro", "non", "pan", "post", "trans"}
    ):
        found.append(Unit(hit.start, end, "adj"))
        return end
    found.append(Unit(hit.start, end, hit.sort, named=hit))
    return end


def phrases(text: Words, named: dict[int, Named]) -> list[Phrase]:
    """All base noun phrases in text order."""
    done: list[Phrase] = []
    open_: list[Unit] = []
    owner: Phrase | None = None

    def close(owns: bool = False) -> Phrase | None:
        nonlocal open_, owner
        while open_ and open_[-1].sort in {"part", "adv", "-"}:
            open_.pop()
        phrase = (
            Phrase(open_, owner, owns)
            if open_ and (owner or any(u.sort not in {"det", "adj", "num"} for u in open_) or open_[-1].sort == "num")
            else None
        )
        if phrase:
            done.append(phrase)
        open_, owner = [], None
        return phrase

    all_units = units(text, named)
    line = -1
    for index, unit in enumerate(all_units):
        if unit is None:
            close()
            continue
        sort = unit.sort
        if text.line[unit.start] != line:
            close()
            line = text.line[unit.start]
        if open_ and unit.start != open_[-1].end and not _dot(text, open_[-1].end, unit.start):
            close()
        if sort == "'s":
            if open_:
                owner = close(owns=True)
            continue
        if owner and not open_ and unit.start - owner.end > 1:
            owner = None
        if open_ and (
            _breaks(text, open_, unit, all_units, index) or _name_after_place(text, open_, unit, all_units, index)
        ):
            close()
        if not open_ and owner is None and sort in {"adv", "-"}:
            continue
        if not open_ and sort == "part" and owner is None and not _premodifier(all_units, index):
            continue
        open_.append(unit)
    close()
    return done


def _dot(text: Words, start: int, end: int) -> bool:
    """Only the stop of an abbreviation lies between ("Gen. Aoun")."""
    return end - start == 1 and text.low[start] == "." and text.low[start - 1] in words("titles")


def _premodifier(all_units: Sequence[Unit | None], index: int) -> bool:
    following = all_units[index + 1] if index + 1 < len(all_units) else None
    return following is not None and following.sort in {"noun", "term", "adj", "demonym", "state"}


def _name_after_place(text: Words, open_: list[Unit], unit: Unit, all_units: Sequence[Unit | None], index: int) -> bool:
    """ "ambassador to Libya Chris Stevens": after "to" the place ends and a new phrase begins."""
    before = index - len(open_) - 1  # the preposition
    if (
        unit.sort != "name"
        or open_[-1].sort not in {"state", "city", "body"}
        or before < 1
        or text.low[open_[0].start - 1] not in {"to", "of", "in", "for"}
    ):
        return False
    person = next(
        (
            u
            for u in reversed(all_units[max(0, before - 8) : before])
            if u is not None and u.group is not None and u.group.form == "person"
        ),
        None,
    )
    return person is not None and person.term is not None and not person.term.plural


def _breaks(text: Words, open_: list[Unit], unit: Unit, all_units: Sequence[Unit | None], index: int) -> bool:
    """Whether a new phrase starts at `unit` although nothing stands between."""
    last, sort = open_[-1], unit.sort
    if sort in {"det", "own"}:
        return last.sort not in {"det"} or text.low[last.start] not in {"all", "both", "half", "such"}
    if sort == "part":
        return last.sort in _OPEN - {"state", "demonym", "city"} or not _premodifier(all_units, index)
    if sort == "adv":
        return last.sort in _OPEN
    if last.sort in {"det", "own", "num", "adj", "part", "adv", "-", "title", "based"}:
        return False
    if sort == "num":
        return last.sort in _OPEN
    if sort == "adj":
        following = all_units[index + 1] if index + 1 < len(all_units) else None
        if following is None or following.sort not in {"noun", "term", "adj", "name"}:
            return True
        return last.sort in {"name", "noun"} or (
            last.sort == "term" and last.term is not None and (last.term.plural or last.term.groups[0].form == "person")
        )
    if sort in GEO:
        if last.sort in {"noun", "name", "group", "outlet"} or (last.sort == "term"):
            return True
        return last.sort in GEO and sort in {"state", "people"} and last.sort not in {"city", "state"}
    if sort in {"body", "group", "outlet"}:
        return last.sort in {"noun", "name", "term", "group", "outlet"}
    if sort == "title":
        return last.sort in {"noun", "name"}
    if (
        last.sort == "term"
        and last.term is not None
        and last.term.plural
        and last.term.groups[0].form == "person"
        and sort in {"noun", "term"}
    ):
        return True
    return sort == "name" and last.sort == "noun" and text.tag[last.start] == "NNS"
