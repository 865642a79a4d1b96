"""The words of a page as units of noun phrases: states and other names of the atlas, nouns of the lexicon, persons' names.

Built from tags and word windows, so that one wrong dependency does not cost a party.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from spacy.attrs import DEP, HEAD, ORTH, SENT_START, SPACY, TAG

from legation.reading.lexicon import Group, Lexicon, Term, false_friends, fold, lexicon, words
from legation.reading.page import Page

GEO = frozenset({"state", "demonym", "people", "city"})
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
    flat: str  # the page as the parser saw it
    offset: list[int]  # where each token begins in `flat`
    line: list[int]  # number of the token's line
    lines: list[tuple[int, int]]
    shouted: list[bool]  # the token's line has capitals only
    titled: list[bool]  # the token's line has Capitals Like This

    @classmethod
    def of(cls, page: Page) -> "Words":
        doc, strings = page.doc, page.doc.vocab.strings
        table = doc.to_array([ORTH, TAG, DEP, HEAD, SENT_START, SPACY])
        names = {key: strings[key] for key in {*table[:, :3].ravel().tolist()}}
        text, tags, deps = ([names[key] for key in column] for column in table[:, :3].T.tolist())
        steps, firsts, spaces = table[:, 3:].astype("int64").T.tolist()
        heads = [at + step for at, step in enumerate(steps)]
        sentence = [number - 1 for number in accumulate(first == 1 for first in firsts)]
        flat = "".join(word + " " * space for word, space in zip(text, spaces, strict=True))
        offset = [0, *accumulate(len(word) + space for word, space in zip(text, spaces, strict=True))]
        line = [number for number, (start, end) in enumerate(page.lines) for _ in range(start, end)]
        shouted, titled = [False] * len(text), [False] * len(text)
        for start, end in page.lines:
            letters = [word for word in text[start:end] if word[0].isalpha()]
            long = [word for word in letters if len(word) > 3]
            if letters and all(map(str.isupper, letters)):
                shouted[start:end] = [True] * (end - start)
            elif len(letters) > 3 and sum(word[0].isupper() for word in long) >= 0.85 * max(1, len(long)):
                titled[start:end] = [True] * (end - start)
        return cls(
            text, [fold(t) for t in text], tags, deps, heads, sentence, flat, offset, line, page.lines, shouted, titled
        )


@dataclass(slots=True)
class Unit:
    """One or more tokens that act as one word of a noun phrase."""

    start: int
    end: int
    sort: str  # det, own, num, adj, noun, name, title, term, based, 's, or a gazetteer sort
    term: Term | None = None
    named: Named | None = None
    group: Group | None = None

    @property
    def form(self) -> str | None:
        """Form of the noun's first group."""
        return self.group.form if self.group is not None else None

    @property
    def person(self) -> bool:
        """A noun for people."""
        return self.term is not None and any(group.form == "person" for group in self.term.groups)

    @property
    def plural(self) -> bool:
        return self.term is not None and self.term.plural


class UnitReader:
    """Reads the units of a page, line by line; each method gives the unit that starts at a token, if it is of its sort."""

    def __init__(self, text: Words, named: dict[int, Named]) -> None:
        self.text, self.named = text, named
        self.lexicon: Lexicon = lexicon()
        self.before, self.after = false_friends()
        self.houses = {at for at, low in enumerate(text.low) if low in words("venues") and self._capital(at)}
        beside = {near for at in self.houses for near in (at - 1, at + 1) if 0 <= near < len(text.low)}
        self.venues = {text.low[at] for at in beside if self._venue(at, at + 1)}
        self.verb_like, self.particles, self.times = words("verb_like"), words("particles"), words("time")
        self.titles, self.surnames = words("titles"), words("noun_surnames")
        self.proper = {low for low, tag in zip(text.low, text.tag, strict=True) if tag == "NNP"}

    def units(self) -> list[Unit | None]:
        """The page as units; None where a phrase must end."""
        low, tags, nouns = self.text.low, self.text.tag, self.lexicon.root
        found: list[Unit | None] = []
        for start, end in self.text.lines:
            at, last = start, None
            while at < end:
                unit = self._noun(at, end) if low[at] in nouns else None
                if unit is None and at in self.named:
                    unit = self._atlas(at, end, last)
                if unit is None and (tags[at] in _NAME_TAGS or self._mistagged(at)):
                    unit = self._name(at, end, last)
                unit = unit or self._plain(at)
                found.append(unit)
                at = unit.end if unit is not None else at + 1
                if unit is not None and unit.sort == "title" and at < end and self.text.low[at] == ".":
                    at += 1
                last = unit
            found.append(None)
        return found

    def _noun(self, at: int, end: int) -> Unit | None:
        """A noun of the lexicon, unless the atlas has a longer name here or the tag says that it is no noun."""
        low, tags = self.text.low, self.text.tag
        match = self.lexicon.match(low, at)
        hit = self.named.get(at)
        if (
            match is None
            or match[0] > end
            or (hit and (match[0] < hit.end or (match[0] == hit.end and not hit.doubtful)))
        ):
            return None
        stop, term = match
        if stop == at + 1 and low[at] in {"charge", "charges"} and self.text.text[at].isascii():
            return None  # of a court, not "chargés"
        last = tags[stop - 1][0]
        form, protected = term.groups[0].form, term.groups[0].protected
        fits = last == "N" or (stop - at > 1 and last in "JV") or (last != "I" and form == "post")
        following = self.named.get(stop)
        if last == "J" and following is not None and following.sort == "outlet":
            fits = True  # "the Greek daily Kathimerini"
        if not fits and (last in "VFJ" or self.text.shouted[at]):
            fits = (
                low[stop - 1] not in self.verb_like
                and (at == 0 or tags[at - 1] not in {"MD", "TO"})
                and (last != "J" or protected)
            )
        if not fits:
            return None
        if self._false_friend(at, stop):
            return Unit(at, stop, "noun")
        return Unit(at, stop, "term", term, hit if hit and hit.end == stop else None, term.groups[0])

    def _false_friend(self, at: int, end: int) -> bool:
        low = self.text.low
        noun = low[end - 1]
        key = noun if noun in self.before or noun in self.after else noun.rstrip("s")
        before = self.before.get(key, frozenset())
        if (at and low[at - 1] in before) or (at > 1 and f"{low[at - 2]} {low[at - 1]}" in before):
            return True
        if self._venue(at, end) or (low[end - 1] in self.venues and at and low[at - 1] == "the" and self._capital(at)):
            return True
        return end < len(low) and low[end] in self.after.get(key, ())

    def _venue(self, at: int, end: int) -> bool:
        """Whether a capitalised noun is part of a house's name: "the Ambassador Hotel", "Hotel Ambassador"."""
        beside = at - 1 in self.houses or end in self.houses
        return beside and self._capital(at) and not self.text.shouted[at]

    def _capital(self, at: int) -> bool:
        return self.text.text[at][:1].isupper()

    def _atlas(self, at: int, end: int, last: Unit | None) -> Unit | None:
        """A name of the atlas with what hyphens tie to it.

        "Ankara-based" says where; "anti-Iran" and "US-backed" say nothing of nationality.
        """
        hit = self.named[at]
        if self._is_given_name(hit, end, last):
            return None
        low, stop = self.text.low, hit.end
        if stop + 1 < end and low[stop] == "-" and self.text.tag[stop] not in {":", ","}:
            tied = self.text.text[stop + 1]
            if tied == "based":
                return Unit(at, stop + 2, "based", named=hit)
            if tied == "born":
                return Unit(at, stop + 2, "demonym", named=hit)
            if hit.sort in GEO and tied[0].islower():
                return Unit(at, stop + 2, "adj")
        if at > 1 and low[at - 1] == "-" and low[at - 2] in words("tied_prefixes"):
            return Unit(at, stop, "adj")
        return Unit(at, stop, hit.sort, named=hit)

    def _is_given_name(self, hit: Named, end: int, last: Unit | None) -> bool:
        """A state or city that is a given name here: "Riyad al-Maliki", "Defence Minister Israel Katz"."""
        text, low, stop = self.text, self.text.low, hit.end
        if hit.sort not in {"state", "city"} or stop >= end:
            return False
        if hit.sort == "city" and low[stop] in words("name_particles") and stop + 1 < end:
            return text.tag[stop + 1] in _NAME_TAGS or low[stop + 1] == "-"
        return (
            last is not None
            and last.person
            and not last.plural
            and stop == hit.start + 1
            and text.tag[stop] in _NAME_TAGS
            and low[stop] not in self.lexicon.root
            and stop not in self.named
            and not text.shouted[stop]
        )

    def _name(self, at: int, end: int, last: Unit | None) -> Unit | None:
        """A title, or a run of capitalised words and the particles among them."""
        text, low, tags = self.text.text, self.text.low, self.text.tag
        named = last is not None and (last.sort == "title" or last.person) and self._month_surname(at)
        if (low[at] in self.times and not named) or not (text[at][0].isupper() or text[at][0].isdigit()):
            return None
        if low[at] in self.titles and at + 1 < end and (tags[at + 1] in _NAME_TAGS or text[at + 1][0].isupper()):
            return Unit(at, at + 1, "title")
        stop = at + 1
        while stop < end:
            if tags[stop] in _NAME_TAGS and text[stop][0].isalnum():
                if stop in self.named or (low[stop] in self.times and not self._month_surname(stop)):
                    break
                if text[stop][0].isupper() and self.lexicon.match(low, stop) and not self._ends_name(at, stop):
                    break
                stop += 1
                continue
            hyphen = low[stop] == "-" and tags[stop] in {"HYPH", "NNP", ":"}
            if not (hyphen or low[stop] in self.particles) or stop + 1 >= end or not text[stop + 1][0].isalpha():
                break
            if not (hyphen or tags[stop + 1] in _NAME_TAGS or low[stop + 1] in self.particles):
                break
            if stop + 1 in self.named and not hyphen:
                break
            stop += 2 if hyphen else 1
        return Unit(at, stop, "name")

    def _month_surname(self, at: int) -> bool:
        """ "Theresa May": a month after a name or title, and no day behind it."""
        following = self.text.tag[at + 1] if at + 1 < len(self.text.tag) else ""
        return self.text.low[at] in words("month_surnames") and following != "CD"

    def _mistagged(self, at: int) -> bool:
        """A capitalised noun that is a proper noun elsewhere on the page ("Timmermans summoned")."""
        text = self.text
        return (
            text.tag[at] in {"NN", "NNS", "FW"}
            and text.text[at][0].isupper()
            and text.low[at] in self.proper
            and not (text.shouted[at] or text.titled[at])
        )

    def _ends_name(self, start: int, at: int) -> bool:
        """A surname that is also a noun of the lexicon ("John Major"): one word, after a given name, no name behind it."""
        text = self.text
        following = text.tag[at + 1] if at + 1 < len(text.tag) else ""
        return (
            at - start == 1
            and text.low[at] in self.surnames
            and following not in _NAME_TAGS
            and not (text.shouted[at] or text.titled[at])
        )

    def _plain(self, at: int) -> Unit | None:
        """Any other word by its tag; None when no phrase can hold it."""
        sort = _plain_sort(self.text.low[at], self.text.tag[at])
        return Unit(at, at + 1, sort) if sort is not None else None


@lru_cache(maxsize=1 << 16)
def _plain_sort(word: str, tag: str) -> str | None:
    """Sort of a word that is neither noun of the lexicon nor name; None when no phrase can hold it."""
    first = tag[0]
    if tag in {"DT", "PDT", "WDT"}:
        return None if word in words("pronouns_tagged_determiner") else "det"
    if tag in {"PRP$", "WP$"}:
        return "own"
    if tag == "POS" or word == "'s":
        return "'s"
    if tag == "CD" or (first in "JCD" and word in words("plural_determiners")):
        return "num"
    if first == "N":
        return None if word in words("time") else "noun"
    if first in "JA":
        return "adj"
    if tag == "VBN" or (tag == "VBG" and word not in words("prepositions")):
        return "part"
    return {"HYPH": "-", "RB": "adv"}.get(tag)
