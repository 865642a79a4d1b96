"""Deep slots come out alike, whatever construction states the act."""

import pytest

from legation.reading.events.predicates import apart, ordered_by, slots
from legation.reading.page import lemma, parse
from legation.schema import Article

CASES = [
    # text, trigger lemma, {slot: words}
    ("Poland expelled three Russian diplomats.", "expel", {"subj": "Poland", "obj": "diplomats"}),
    ("Three Russian diplomats were expelled by Poland.", "expel", {"subj": "Poland", "obj": "diplomats"}),
    ("Diplomats expelled by Poland left on Sunday.", "expel", {"subj": "Poland", "obj": "Diplomats"}),
    ("Protesters stormed and ransacked the embassy.", "storm", {"subj": "Protesters", "obj": "embassy"}),
    ("Protesters stormed and ransacked the embassy.", "ransack", {"subj": "Protesters", "obj": "embassy"}),
    ("Moscow vowed to expel British diplomats.", "expel", {"subj": "Moscow", "obj": "diplomats"}),
    ("London's decision to expel an attaché was denounced.", "expel", {"subj": "London"}),
    ("Gunmen carried out an attack on the consulate.", "attack", {"light": "Gunmen", "on": "consulate"}),
    ("Russia accused Kiev of failing to protect its embassy.", "protect", {"subj": "Kiev", "obj": "embassy"}),
    ("The expulsion of three attachés was condemned.", "expulsion", {"of": "attachés"}),
]


@pytest.mark.parametrize(("text", "word", "wanted"), CASES)
def test_slots(text, word, wanted):
    doc = next(parse([Article(id="x", source="x", text=text)])).doc
    found = slots(next(t for t in doc if lemma(t) == word))
    assert {name: found[name][0].text for name in wanted} == wanted


ORDERS = [
    ("China ordered Vietnam to close its consulate.", "close", "order"),
    ("Moscow was told to shut the cultural centre.", "shut", "tell"),
    ("Paris demanded the closure of the consulate.", "closure", "demand"),
    ("Oslo closed its embassy.", "close", None),
    ("The order came late, and Oslo closed its embassy.", "close", None),
]


@pytest.mark.parametrize(("text", "word", "verb"), ORDERS)
def test_orders_are_seen_over_an_act(text, word, verb):
    doc = next(parse([Article(id="x", source="x", text=text)])).doc
    found = ordered_by(next(t for t in doc if lemma(t) == word))
    assert (found and lemma(found)) == verb


def test_links_between_words():
    doc = next(parse([Article(id="x", source="x", text="Riga gave him a week to leave. He left.")])).doc
    gave, week, leave, left = (next(t for t in doc if t.text == w) for w in ("gave", "week", "leave", "left"))
    assert (apart(gave, gave), apart(gave, week), apart(week, gave)) == (0, 1, 1)
    assert apart(gave, leave) >= 1
    assert apart(gave, left) == 99
