"""How many, and which city."""

import re
from functools import cache

import pytest

from legation.atlas import load
from legation.ontology import event_type
from legation.reading.events.counts import ceiling, count_of, event_count, number
from legation.reading.events.where import city_of, places
from legation.reading.page import Page, parse
from legation.reading.parties import find_parties
from legation.schema import Article

COUNTS = [
    # text with the [head], count
    ("Rome expelled three [diplomats].", 3),
    ("Rome expelled the 35 [diplomats].", 35),
    ("Rome expelled 35 of [them].", 35),
    ("Rome expelled some twenty [envoys].", 20),
    ("Rome expelled a dozen Danish [envoys].", 12),
    ("Rome expelled twenty-two [envoys].", 22),
    ("Rome expelled more than 40 [people].", 40),
    ("Rome expelled two hundred and ten [people].", 210),
    ("Rome expelled 1,200 [people].", 1200),
    ("Rome expelled four [diplomats] and two clerks.", 6),
    ("Rome expelled a [diplomat].", None),
    ("Rome expelled the [diplomats].", None),
    ("Rome paid $40 [million].", None),
    ("Rome gave him 48 [hours].", None),
    ("Police held both [envoys].", 2),
    ("Police held one of the [envoys].", 1),
    ("Police held some of the 50 [envoys].", None),
    ("On May 23 two [envoys] left.", 2),
    ("In 2020 two [envoys] left.", 2),
    ("Police held a 53-year-old [clerk].", None),
]

EVENTS = [
    # text with the [trigger], type, count
    ("Rome [expelled] three Danish diplomats on Monday.", "expulsion", 3),
    ("Three Danish diplomats were [expelled] on Monday.", "expulsion", 3),
    ("The [expulsion] of three Danish diplomats was announced.", "expulsion", 3),
    ("Nineteen people [left] the embassy on Monday.", "evacuation", 19),
    ("Two gunmen [killed] the consul.", "killing", None),
    ("Two gunmen [killed] three diplomats.", "killing", 3),
    ("Sixty Americans were [expelled].", "expulsion", 60),
    ("Rome [condemned] two attacks.", "condemnation", None),
    ("Rome [cut] the staff from 50 to 18.", "staff_cap", 18),
    ("Four of the envoys were [wounded] by three gunmen.", "assault", 4),
]

CITIES = [
    # text with the [trigger], host, type, city
    ("Gunmen [attacked] the Danish embassy in Ankara.", "TUR", "attack_on_premises", "Ankara"),
    ("Ankara [expelled] two Danish envoys.", "TUR", "expulsion", None),
    ("Ankara said that gunmen [attacked] the Danish embassy in Istanbul.", "TUR", "attack_on_premises", "Istanbul"),
    ("KYIV, May 3 (Wire) - A crowd [stoned] the Danish embassy here.", "UKR", "attack_on_premises", "Kyiv"),
    pytest.param(
        "LIMA, May 3 (Wire) - A CROWD [STONED] THE EMBASSY IN AREQUIPA.",
        "PER",
        "attack_on_premises",
        "Arequipa",
        marks=pytest.mark.xfail(strict=True, reason="in capitals the dateline outweighs the place named"),
    ),
    ("Denmark closed its embassies in Ankara and Baghdad after shots were [fired].", "DNK", "attack_on_premises", None),
    ("Shots were [fired] at the consulates in Lahore and Karachi.", "PAK", "attack_on_premises", None),
    ("The embassy in Ankara was quiet. A guard was [wounded].", "TUR", "assault", "Ankara"),
    ("The foreign ministry in New Delhi [summoned] the envoy.", "IND", "summons", "New Delhi"),
    ("A bomb [exploded] near the embassy.", "TUR", "attack_on_premises", None),
]


def plain(text: str) -> str:
    return re.sub(r"[\[\]]", "", text)


@cache
def page_of(text: str) -> Page:
    return next(iter(parse([Article(id="1", source="", text=plain(text))])))


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_number_of_a_noun(text, expected):
    page = page_of(text)
    assert count_of(page, page.token_at(text.index("["))) == expected


@pytest.mark.parametrize(("text", "kind", "expected"), EVENTS)
def test_count_of_an_event(text, kind, expected):
    page = page_of(text)
    trigger = page.token_at(text.index("["))
    assert event_count(page, trigger, trigger + 1, type=kind) == expected


def test_numbers_in_words():
    assert [
        number(w.split()) for w in ("forty two", "half a dozen", "three hundred and five", "two thousand", "many")
    ] == [42, 6, 305, 2000, None]
    assert ceiling("limited to 20 persons") == 20
    assert ceiling("reduced the staff from 35 diplomats to 17") == 17


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("Expelled: Poland (4); Chad (3); Peru (2)", "Chad", 3),
        ("Norway: 1", "Norway", 1),
        ("Norway: 12 envoys left.", "Norway", None),
        ("Closed: Norway (2018); Peru (1985)", "Norway", None),
        ("Czech Republic (3), Ivan Petrov (43)", "Czech", None),
        ("Ivan Petrov (43) and others", "Petrov", None),
        ("Norway (twelve years old) left.", "Norway", None),
    ],
)
def test_a_list_counts_by_state(text, state, expected):
    page = next(parse([Article(id="a", source="a", text=text)]))
    at = page.token_at(text.index(state))
    assert event_count(page, at, at + 1, type="expulsion") == expected


@pytest.mark.parametrize(("text", "host", "kind", "expected"), CITIES)
def test_city_of_an_act(text, host, kind, expected):
    page = page_of(text)
    trigger = page.token_at(text.index("["))
    found = places(page, load(), find_parties(page, load()))
    assert city_of(page, (trigger, trigger + 1), host, event_type(kind), found, frozenset()).state == expected
