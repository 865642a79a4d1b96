"""The cue lexicon: every example sentence gives its statement, every counterexample none."""

from functools import cache

import pytest

from legation import atlas
from legation.reading.page import parse
from legation.reading.parties import find_parties
from legation.reading.statements import Voiced, find_statements
from legation.reading.statements.cues import IdiomCue, Lexicon, NounCue, VerbCue, load_lexicon, verb_forms
from legation.schema import Article

LEXICON: Lexicon = load_lexicon()
ENTRIES: tuple[VerbCue | NounCue | IdiomCue, ...] = (*LEXICON.verbs, *LEXICON.nouns, *LEXICON.idioms)


@cache
def _all() -> dict[str, list[tuple[str, Voiced]]]:
    """Statements of every sentence of the lexicon, with the cue word, in one parse."""
    texts = [t for e in ENTRIES for t in (*(x.text for x in e.examples), *e.counterexamples)]
    pages = parse([Article(id=str(i), source="test", text=text) for i, text in enumerate(texts)])
    return {
        text: [
            (page.doc[v.cue].lower_ if v.cue is not None else "", v)
            for v in find_statements(page, find_parties(page, atlas.load()))
        ]
        for text, page in zip(texts, pages, strict=True)
    }


def _forms(entry: VerbCue | NounCue | IdiomCue) -> set[str]:
    if isinstance(entry, VerbCue):
        return {form for lemma in entry.lemmas for form in verb_forms(lemma)} | set(entry.irregular)
    if isinstance(entry, IdiomCue):
        return {entry.words.split()[-1]}
    return {form for lemma in entry.lemmas for form in (lemma, lemma + "s")}


def test_every_entry_has_examples_and_counterexamples():
    assert [e for e in ENTRIES if not e.examples or not e.counterexamples] == []


def test_no_lemma_stands_twice():
    verbs = [lemma for entry in LEXICON.verbs for lemma in entry.lemmas]
    assert sorted(verbs) == sorted(set(verbs))


@pytest.mark.parametrize(("text", "speaker"), [(x.text, x.speaker) for e in ENTRIES for x in e.examples])
def test_an_example_gives_its_statement(text: str, speaker: str | None):
    heard = [
        (v.statement.speaker.name or v.statement.speaker.role or "").split()[-1] if v.statement.speaker else None
        for _, v in _all()[text]
    ]
    assert speaker in heard


@pytest.mark.parametrize(("text", "entry"), [(text, e) for e in ENTRIES for text in e.counterexamples])
def test_a_counterexample_gives_none(text: str, entry: VerbCue | NounCue | IdiomCue):
    heard = [cue for cue, v in _all()[text] if v.own and cue in _forms(entry)]
    assert heard == []
