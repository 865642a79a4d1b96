"""Which event answers which, as the whole reader gives it."""

from functools import cache

import pytest

from legation.reading import read
from legation.schema import Article, Event

TEXTS = {
    "tit for tat": (
        "Russia expels two Norwegian diplomats\n\nMOSCOW, 14 May 2024 - Russia on Tuesday expelled two Norwegian diplomats in response to the expulsion "
        "of two Russian diplomats by Norway last week, the Foreign Ministry said.",
        [("expulsion", "RUS", "expulsion", "NOR")],
    ),
    "what a condemnation is about": (
        "Crowd storms Danish embassy in Beirut\n\nBEIRUT, 14 May 2024 - A crowd stormed the Danish embassy in Beirut on Monday and burned cars.\n\n"
        "Denmark summoned the Lebanese ambassador on Tuesday. Its foreign minister condemned the attack on the embassy.",
        [("condemnation", "DNK", "attack_on_premises", None)],
    ),
    "an arrest over a killing": (
        "Kenyan consul shot dead in Lima\n\nLIMA, 14 May 2024 - The Kenyan consul in Lima was shot dead outside his house on Sunday.\n\n"
        "Peruvian police arrested two men over the killing of the consul on Monday.",
        [("arrest_of_suspect", "PER", "killing", None)],
    ),
    "two steps and what they reply to": (
        "France answers Algeria: twelve agents out, ambassador called home\n\nPARIS, 14 May 2024 - France on Tuesday ordered twelve members of Algeria's "
        "consular network out and recalled its ambassador in Algiers for consultations, the president's office said.\n\nBoth steps reply to Algeria, which "
        "on Monday ordered twelve employees of the French embassy in Algiers to leave within 48 hours.",
        [],
    ),
}  # fmt: skip


@cache
def events_of(name: str) -> tuple[Event, ...]:
    text, _ = TEXTS[name]
    return read(Article(id=name, source=name, text=text, language="en", published="2024-05-14")).events


@pytest.mark.parametrize("name", TEXTS)
def test_answers(name: str) -> None:
    events, (_, want) = events_of(name), TEXTS[name]
    told = [(e.type, e.actor and e.actor.state, events[n]) for e in events if (n := e.in_response_to) is not None]
    answers = [(kind, by, other.type, other.actor and other.actor.state) for kind, by, other in told]
    assert [answer for answer in want if answer not in answers] == [], [e.why for e in events]


def test_nothing_answers_what_has_not_happened_yet() -> None:
    for name in TEXTS:
        events = events_of(name)
        linked = [(e.date, events[e.in_response_to].date) for e in events if e.in_response_to is not None]
        assert [(day, answered) for day, answered in linked if day and answered and day < answered] == []


def test_no_two_events_answer_each_other() -> None:
    for name in TEXTS:
        pairs = {(n, e.in_response_to) for n, e in enumerate(events_of(name)) if e.in_response_to is not None}
        assert not pairs & {(b, a) for a, b in pairs}
