"""The parties of a page: a readable table of cases, the examples in the data files, and what must hold for any text."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from legation.atlas import load
from legation.reading.lexicon import fold, lexicon, nouns, plural, words
from legation.reading.page import Mention, Page, Parties, parse
from legation.reading.parties import find_parties
from legation.schema import Article

CASES = yaml.safe_load((Path(__file__).parent / "parties_cases.yaml").read_text(encoding="utf-8"))


@cache
def read(text: str) -> tuple[Page, Parties]:
    (page,) = parse([Article(id="case", source="case", text=text)])
    return page, find_parties(page, load())


def told(page: Page, mention: Mention) -> dict[str, Any]:
    """A mention in the words of the case table."""
    post = mention.post
    return {
        "kind": mention.kind, "state": mention.state, "states": list(mention.states), "name": mention.name, "role": mention.role,
        "of": post and post.of, "in": post and post.in_, "city": post and post.city, "place": mention.place,
        "plural": mention.plural, "protected": mention.protected, "words": page.text(mention.start, mention.end),
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].strip()[:60])
def test_case(case: dict[str, Any]) -> None:
    page, parties = read(case["text"])
    have = [told(page, m) for m in parties.mentions]
    for want in case["expect"]:
        want = dict(want)
        nth = want.pop("nth", 0)
        same = [m for m in have if m["words"] == want["words"]]
        if want.pop("none", False):
            assert [m for m in same if m["kind"] != "place"] == [], have
            continue
        assert len(same) > nth, f"no mention {want['words']!r} among {[m['words'] for m in have]}"
        assert {key: same[nth][key] for key in want} == want


@pytest.mark.parametrize("example", [e for entry in nouns() for e in entry["examples"]], ids=lambda e: e["text"])
def test_example_of_the_noun_list(example: dict[str, Any]) -> None:
    page, parties = read(example["text"])
    have = [told(page, m) for m in parties.mentions]
    assert any(all(m[key] == example[key] for key in example if key != "text") for m in have), have


def test_the_longest_noun_wins_and_hyphens_do_not_matter() -> None:
    lex = lexicon()
    end, term = lex.match(["vice", "-", "consul", "left"], 0) or pytest.fail("not found")
    assert end == 3
    assert term.groups[0].id == "envoy"
    assert lex.match(["embassies"], 0)[1].plural  # type: ignore[index]
    assert lex.match(["table"], 0) is None


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("embassy", "embassies"),
        ("attaché", "attachés"),
        ("member of staff", "members of staff"),
        ("policeman", "policemen"),
        ("chargé d'affaires", "chargés d'affaires"),
    ],
)
def test_plural(one: str, many: str) -> None:
    assert plural(fold(one)) == fold(many)


def test_word_lists_hold_words() -> None:
    assert "in" in words("locative")
    assert all(isinstance(word, str) and word for word in words("cue_verbs"))


def test_offsets_are_those_of_the_text() -> None:
    text = "\ufeff“Moscow’s envoy”  spoke.\n\nThe Danish\u00a0embassy burned."
    page, parties = read(text)
    assert "The Danish\u00a0embassy" in {text[slice(*page.span(m.start, m.end))] for m in parties.mentions}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "...",
        "12 34",
        '"',
        "of the in to",
        "Its",
        "'s",
        "EMBASSY",
        "the the the",
        "embassy of of of",
        "and, and, Ankara, and",
    ],
)
def test_odd_texts_do_no_harm(text: str) -> None:
    page, parties = read(text)
    assert all(0 <= m.start < m.end <= len(page.doc) and m.start <= m.head < m.end for m in parties.mentions)


@pytest.mark.parametrize(("one", "other"), [("Danish", "Norwegian"), ("Denmark", "Norway"), ("Copenhagen", "Oslo")])
def test_another_state_changes_the_state_and_nothing_else(one: str, other: str) -> None:
    text = f"{one} news. The {one} embassy in Damascus closed. It said its envoy had left."
    here, there = read(text)[1].mentions, read(text.replace(one, other))[1].mentions
    assert [(m.start, m.end, m.kind) for m in here] == [(m.start, m.end, m.kind) for m in there]
    assert [{"DNK": "NOR"}.get(m.state or "", m.state) for m in here] == [m.state for m in there]


def test_its_is_the_subject_that_goes_by_its_official_name() -> None:
    page, parties = read(
        "The Kingdom of Saudi Arabia has severed relations with Iran over the attacks on its missions there."
    )
    assert {m.state for m in parties.mentions if page.text(m.start, m.end) == "its"} == {"SAU"}
