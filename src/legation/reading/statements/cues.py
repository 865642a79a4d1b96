"""The cue lexicon: which words announce somebody's words, and where in the clause those words stand."""

from functools import cache
from typing import Literal, TypeAlias

import msgspec

from legation.reading.data_files import load
from legation.schema import Noun, Stance

Place: TypeAlias = Literal[
    "that", "quote", "question", "to", "object", "predicate", "plea",
    "of", "for", "against", "on", "with", "at", "about",
]  # fmt: skip
"""Where the words stand: see the head of ``data/cues.yaml``."""


class Example(Noun, frozen=True, kw_only=True):
    """A sentence with one statement whose speaker's last word is `speaker` (None: a statement of nobody named)."""

    text: str
    speaker: str | None = None


class VerbCue(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Verbs of one behaviour. See the head of ``data/cues.yaml``."""

    lemmas: tuple[str, ...]
    irregular: tuple[str, ...] = ()
    stance: Stance
    takes: frozenset[Place]
    narrates: frozenset[Place] = frozenset()
    objects: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    transitive: bool = False
    listener: bool = False
    hedges: bool = False
    factive: bool = False
    inverts: bool = False
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[str, ...] = ()

    @property
    def reports(self) -> bool:
        """Whether its passive reports words too ("was announced by", "was described by … as")."""
        return self.stance in {"announces", "condemns"} or bool(self.takes & {"predicate", "object"}) or self.hedges


class NounCue(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nouns that name words ("claim", "denial"). `author` nouns can say something themselves ("the statement said")."""

    lemmas: tuple[str, ...]
    stance: Stance
    author: bool = False
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[str, ...] = ()


class IdiomCue(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words in a row that announce a "that" clause, `*` for any one word; its subject is the subject of the first."""

    words: str
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[str, ...] = ()


class Lexicon(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of ``data/cues.yaml``."""

    verbs: tuple[VerbCue, ...]
    nouns: tuple[NounCue, ...]
    idioms: tuple[IdiomCue, ...]


class Cues(Noun, frozen=True, kw_only=True):
    """The lexicon ready for use: surface form (lower case) to entry."""

    verbs: dict[str, VerbCue]
    nouns: dict[str, NounCue]
    idioms: dict[str, list[list[str]]]
    lemmas: dict[str, str]


def verb_forms(lemma: str) -> set[str]:
    """Every form a regular verb can have, and some that none has: a harmless superset, as only texts are looked up."""
    stem = lemma.removesuffix("e")
    forms = {lemma, lemma + "s", stem + "ed", stem + "ing"}
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        forms |= {lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"}
    if lemma[-1] in "sxzh":
        forms.add(lemma + "es")
    if lemma[-1] not in "aeiouwxy" and lemma[-2] in "aeiou":
        forms |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    return forms


class Words(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The word lists of ``data/speakers.yaml``."""

    titles: frozenset[str]
    bodies: frozenset[str]
    mute: frozenset[str]
    nobody: frozenset[str]
    links: frozenset[str]
    askers: frozenset[str]
    people: frozenset[str]
    personal: tuple[str, ...]
    times: frozenset[str]
    anybody: frozenset[str]
    described: frozenset[str]
    posts: frozenset[str]
    describable: frozenset[str]
    naming: frozenset[str]
    groups: frozenset[str]
    issues: frozenset[str]
    hedges: frozenset[str]
    aspect: frozenset[str]
    stops: frozenset[str]
    quoting: frozenset[str]
    papers: frozenset[str]
    pronouns: dict[str, frozenset[str]]
    titles_of: dict[str, frozenset[str]]
    like: dict[str, frozenset[str]]

    def pronoun(self, word: str) -> str | None:
        """What a pronoun stands for: "one" person, a "body", "many"; None for other words."""
        return next((what for what, words in self.pronouns.items() if word in words), None)


@cache
def load_lexicon() -> Lexicon:
    """The lexicon as written, checked against its schema (the types above)."""
    return msgspec.convert(load("cues"), Lexicon, strict=True)


@cache
def load_words() -> Words:
    """The word lists, once per process."""
    lists = {name: entry.get("words") or entry["of"] for name, entry in load("speakers").items()}
    return msgspec.convert(lists, Words, strict=True)


@cache
def load_cues() -> Cues:
    """The lexicon by surface form, once per process."""
    lexicon = load_lexicon()
    verbs: dict[str, VerbCue] = {}
    lemmas: dict[str, str] = {}
    for verb in lexicon.verbs:
        for lemma in verb.lemmas:
            for form in (*verb_forms(lemma), *verb.irregular):
                verbs.setdefault(form, verb)
                lemmas.setdefault(form, lemma)
    nouns = {form: noun for noun in lexicon.nouns for lemma in noun.lemmas for form in (lemma, lemma + "s")}
    idioms: dict[str, list[list[str]]] = {}
    for idiom in lexicon.idioms:
        words = idiom.words.split()
        idioms.setdefault(words[-1], []).append(words)
    return Cues(verbs=verbs, nouns=nouns, idioms=idioms, lemmas=lemmas)
