"""The nouns and closed word lists of `data/nouns.yaml` and `data/words.yaml`, loaded and validated once."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from legation.reading.data_files import load
from legation.schema import PartyKind


@dataclass(frozen=True, slots=True)
class Group:
    """Nouns of one sort: how they build phrases (`form`), what they stand for alone (`kind`), and at a mission (`member`)."""

    id: str
    form: str
    kind: PartyKind | None
    member: PartyKind | None = None
    protected: bool = False
    named: bool = False
    needs_state: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One noun in one number; `groups` in order of preference; `post` the kind of post; `state` if only one has it, `usual` if mostly."""

    groups: tuple[Group, ...]
    plural: bool
    post: str | None = None
    state: str | None = None
    usual: str | None = None


@dataclass(slots=True)
class _Node:
    term: Term | None = None
    after: dict[str, "_Node"] = field(default_factory=dict)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def split(words: str) -> list[str]:
    """The tokens of a noun as the page has them, without hyphens."""
    return fold(words).replace("-", " ").replace("'s ", " 's ").replace("s' ", "s ' ").split()


def plural(words: str) -> str:
    """Plural of a regular noun, or of its head before "of" ("member of staff")."""
    head, of, rest = words.partition(" of ")
    if head.startswith("charge d"):
        head = head.replace("charge", "charges", 1)
    elif head.endswith(("s", "x", "ch", "sh")):
        head += "es"
    elif head.endswith("y") and head[-2:-1] not in "aeou":
        head = head[:-1] + "ies"
    elif head.endswith(("man", "woman")):
        head = head[:-2] + "en"
    else:
        head += "s"
    return head + of + rest


class Lexicon:
    """Nouns findable by their first word."""

    def __init__(self, groups: Sequence[dict[str, Any]]) -> None:
        self.root: dict[str, _Node] = {}
        self.groups: dict[str, Group] = {}
        found: dict[tuple[str, ...], Term] = {}
        for entry in groups:
            group = Group(
                entry["id"], entry["form"], entry["kind"], entry.get("member"), entry.get("protected", False),
                entry.get("name", False), entry.get("needs_state", False),
            )  # fmt: skip
            self.groups[group.id] = group
            many = {fold(noun) for noun in entry.get("many", ())}
            usual = {fold(noun): state for state, nouns in entry.get("usual", {}).items() for noun in nouns}
            for noun, post in _nouns(entry):
                forms = {tuple(split(noun)): noun in many}
                if noun not in many:
                    forms.setdefault(tuple(split(plural(noun))), True)
                for form, is_plural in forms.items():
                    known = found.get(form)
                    found[form] = Term(
                        (*known.groups, group)
                        if known and group not in known.groups
                        else known.groups
                        if known
                        else (group,),
                        known.plural if known else is_plural,
                        known.post if known and known.post else post,
                        (known and known.state) or entry.get("state"),
                        usual.get(" ".join(form)) or usual.get(noun),
                    )
        for form, term in found.items():
            node = self.root.setdefault(form[0], _Node())
            for word in form[1:]:
                node = node.after.setdefault(word, _Node())
            node.term = term

    def match(self, words: Sequence[str], at: int) -> tuple[int, Term] | None:
        """The longest noun that starts at a token: (end token, term). Hyphens inside are passed over."""
        node = self.root.get(words[at])
        best = None
        while node is not None:
            at += 1
            if node.term is not None:
                best = at, node.term
            if not node.after or at >= len(words):
                break
            if words[at] == "-" and at + 1 < len(words):
                at += 1
            node = node.after.get(words[at])
        return best


def _nouns(entry: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for noun in entry.get("nouns", ()):
        yield fold(noun), None
    for noun in entry.get("many", ()):
        yield fold(noun), None
    for post, nouns in entry.get("posts", {}).items():
        for noun in nouns:
            yield fold(noun), post


@cache
def nouns() -> list[dict[str, Any]]:
    """The entries of nouns.yaml, validated."""
    entries: list[dict[str, Any]] = load("nouns")
    return entries


@cache
def lexicon() -> Lexicon:
    """All nouns that stand for parties."""
    return Lexicon(nouns())


@cache
def words(name: str) -> frozenset[str]:
    """One closed list of words.yaml, folded."""
    return frozenset(fold(word) for word in load("words")[name]["words"])


@cache
def titles_of() -> dict[str, str]:
    """Titles that one state's officials mostly have ("Sen.")."""
    return {fold(title): state for state, titles in load("words")["titles_of"]["states"].items() for title in titles}


@cache
def place_after() -> dict[str, dict[str, str]]:
    """What a place after a preposition says, by the form of the noun before."""
    found: dict[str, dict[str, str]] = load("words")["place_after"]["says"]
    return found


@cache
def portfolios() -> dict[str, str]:
    """Words in the names of ministries and services → the portfolio they tell."""
    return {fold(word): name for name, found in load("words")["portfolios"]["of"].items() for word in found}


@cache
def false_friends() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Words before, and words after, a noun that show it to be something else."""
    entry = load("words")["false_friends"]
    before, after = (
        {noun: frozenset(map(fold, ws)) for noun, ws in entry[side].items()} for side in ("before", "after")
    )
    return before, after


class OfficeHolders:
    """Heads of state and government, ministers and spokespersons, by name; see `data/office_holders.yaml`."""

    def __init__(self) -> None:
        self._full: dict[str, set[str]] = {}
        self._surname: dict[str, set[str]] = {}
        self._alone: dict[str, str] = {}
        for state, entry in load("office_holders").items():
            for name in entry["names"]:
                words = name_key(name)
                self._full.setdefault(" ".join(words), set()).add(state)
                self._surname.setdefault(words[-1], set()).add(state)
            for name in entry.get("alone", ()):
                self._alone[" ".join(name_key(name))] = state

    def state(self, name: str, official: bool) -> str | None:
        """State of a name: given in full, or a famous surname, or any surname of the list beside an office (`official`)."""
        words = name_key(name)
        if not words:
            return None
        key = " ".join(words)
        found = self._full.get(key)
        if found is None and key in self._alone:
            return self._alone[key]
        if found is None and official and len(words) == 1:
            found = self._surname.get(words[0])
        return next(iter(found)) if found is not None and len(found) == 1 else None


def name_key(name: str) -> list[str]:
    """The words of a name without accents, hyphens, dots and articles ("Walid al-Moallem" gives walid, moallem)."""
    words = fold(name).replace("-", " ").replace(".", " ").replace("'", "").replace("’", "").split()
    words = [word for word in words if word not in {"al", "el", "jr", "sr"}]
    return words if len(words) < 3 else [word for word in words if len(word) > 1] or words


@cache
def office_holders() -> OfficeHolders:
    """The list of office holders."""
    return OfficeHolders()
