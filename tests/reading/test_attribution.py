"""Status and claimant of events over all their mentions, on sentences written for this test."""

import pytest

from legation.reading import read
from legation.schema import Article

CASES = [
    ("Gunmen attacked the Dutch embassy in Nairobi on Friday.", "attack_on_premises", "reported", None),
    (
        "Shots in Nairobi\n\nThe Dutch foreign ministry said in a statement that a group of gunmen had fired at its embassy in Nairobi.",
        "attack_on_premises",
        "claimed",
        "NLD",
    ),
    (
        "The Norwegian embassy in Lima was stormed, police said. After the attack on the Norwegian embassy, two men were held.",
        "attack_on_premises",
        "reported",
        None,
    ),
    ("Hungary expelled two Russian diplomats, the foreign ministry in Budapest said.", "expulsion", "reported", None),
    ("Portugal will expel five Russian diplomats next week.", "expulsion", "announced", None),
    ("Chile is considering whether to expel the Bolivian ambassador.", "expulsion", "threatened", None),
]


@pytest.mark.parametrize(("text", "kind", "status", "claimant"), CASES, ids=[c[0][:40] for c in CASES])
def test_status(text: str, kind: str, status: str, claimant: str | None) -> None:
    reading = read(Article(id="a", source="a.txt", text=text, language="en", published="2024-05-03"))
    events = [e for e in reading.events if e.type == kind]
    assert [e.status for e in events] == [status]
    assert [e.claimant.state if e.claimant else None for e in events] == [claimant]


def test_who_denies_is_told_apart() -> None:
    text = (
        "Row over a consulate\n\nTurkey's foreign ministry claimed that Georgian police had searched its consulate in Batumi.\n\n"
        "Tbilisi denied that its police had entered the consulate."
    )
    reading = read(Article(id="a", source="a.txt", text=text, language="en", published="2024-05-03"))
    assert {e.status for e in reading.events} <= {"claimed", "denied"}
    assert {s.stance for s in reading.statements} >= {"denies"}


def test_a_verdict_is_not_passed_by_those_it_is_passed_on() -> None:
    text = (
        "Russia expels British attaché\n\nMOSCOW, May 16, 2024. Russia has declared the British defence attaché persona non grata, the Foreign "
        'Ministry said on Thursday.\n\n"London\'s step was unfriendly, groundless and purely political," the statement says.'
    )
    acts = read(Article(id="a", source="a", text=text, published="2024-05-16")).events
    assert "GBR" not in {act.actor.state for act in acts if act.type == "condemnation" and act.actor}
