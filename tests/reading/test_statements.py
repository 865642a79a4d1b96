"""Who says what: one row per construction."""

from functools import cache

import pytest

from legation.reading.page import Page, Parties, parse
from legation.reading.statements import Voiced, claimants_over, find_statements
from legation.schema import Article


@cache
def read(text: str) -> tuple[Page, tuple[Voiced, ...]]:
    page = next(parse([Article(id="test", source="test", text=text)]))
    return page, find_statements(page, Parties.of(()))


def who(voiced: Voiced) -> str | None:
    """Name, else role, of a statement's speaker."""
    speaker = voiced.statement.speaker
    return speaker and (speaker.name or speaker.role)


def content(page: Page, voiced: Voiced) -> str:
    return " / ".join(page.text(start, end) for start, end in voiced.content)


SAID = [
    # text, speaker, words inside the content
    ("The ministry said the envoy would leave on Friday.", "ministry", "would leave"),
    ("The envoy will leave on Friday, the Foreign Ministry said.", "Foreign Ministry", "will leave"),
    ("The envoy will leave, said Dmitry Peskov.", "Dmitry Peskov", "will leave"),
    ("According to the embassy, the envoy left on Monday.", "embassy", "left on Monday"),
    ('"We will respond," Maria Zakharova told reporters.', "Maria Zakharova", "will respond"),
    ("Moscow denies any involvement.", "Moscow", "involvement"),
    ("The Foreign Ministry accused Britain of spying.", "Foreign Ministry", "spying"),
]


@pytest.mark.parametrize(("text", "speaker", "words"), SAID)
def test_a_speaker_is_found_with_the_words(text: str, speaker: str, words: str):
    page, voiced = read(text)
    assert [who(v) for v in voiced if v.own] == [speaker]
    assert words in content(page, voiced[0])


def test_claimants_stand_innermost_first():
    page, voiced = read("The Foreign Ministry said that the envoy had claimed that soldiers beat him.")
    beat = next(t.i for t in page.doc if t.text == "beat")
    assert [who(v) for v in claimants_over(voiced, beat)] == ["envoy", "Foreign Ministry"]
