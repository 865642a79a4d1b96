"""Changes to a text that must change the reading in one known way, or not at all. All sentences were written for these tests.

The rules read alone: what the frames, the statuses and the dates do must not hang on the encoder's word.
"""

from datetime import date, timedelta
from typing import NamedTuple

import pytest

from legation import reading
from legation.reading.events import verdict
from legation.schema import Article

DAY = date(2024, 5, 14)  # a Tuesday


@pytest.fixture(autouse=True, scope="module")
def no_bar_for_articles():
    """Texts of a line or two seldom pass the bar that keeps stories about something else out; it is not what is tested here."""
    known = verdict.weights
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            verdict, "weights", lambda voices: {**known(voices), "bars": {**known(voices)["bars"], "gate": 0.0}}
        )
        yield


class State(NamedTuple):
    code: str
    name: str
    people: str
    capital: str


STATES = {
    s.code: s
    for s in (
        State("POL", "Poland", "Polish", "Warsaw"),
        State("LVA", "Latvia", "Latvian", "Riga"),
        State("BRA", "Brazil", "Brazilian", "Brasilia"),
        State("IRN", "Iran", "Iranian", "Tehran"),
        State("KEN", "Kenya", "Kenyan", "Nairobi"),
    )
}


class Told(NamedTuple):
    """What one event says, without where it was read."""

    type: str
    status: str
    actor: str | None
    target: str | None
    host: str | None
    date: str | None
    count: int | None


def read(*texts: str, published: date = DAY) -> list[frozenset[Told]]:
    """The events of each text."""
    articles = [
        Article(id=str(i), source=str(i), text=text, language="en", published=published.isoformat())
        for i, text in enumerate(texts)
    ]
    return [
        frozenset(
            Told(
                e.type,
                e.status,
                e.actor.state if e.actor else None,
                e.target.state if e.target else None,
                e.host,
                e.date,
                e.count,
            )
            for e in found.events
        )
        for found in reading.read_all(articles, triage=False, voices="rules")
    ]


def same(told: frozenset[Told], *, but: tuple[str, ...] = ()) -> frozenset[Told]:
    """The events with some fields blanked."""
    return frozenset(t._replace(**dict.fromkeys(but)) for t in told)


TEMPLATES = [
    "{a.name} expelled three {b.people} diplomats on Friday.\n\n{b.capital} said it would respond.",
    "{a.name} has summoned the {b.people} ambassador over the attack on its embassy in {b.capital}.",
    "A mob stormed the {a.people} embassy in {b.capital} on Friday. {a.name} condemned the attack.",
    "{a.name} recalled its ambassador from {b.capital} on Friday after the expulsion of two of its diplomats.",
    "{a.name} broke off diplomatic relations with {b.name} on Friday and closed its embassy in {b.capital}.",
]
PAIRS = [("POL", "LVA"), ("BRA", "IRN"), ("KEN", "POL")]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_swapping_two_states_swaps_their_codes_and_nothing_else(template, one, other):
    a, b = STATES[one], STATES[other]
    forth, back = read(template.format(a=a, b=b), template.format(a=b, b=a))
    codes = {one: other, other: one}
    assert forth
    assert back == frozenset(
        t._replace(**{k: codes.get(v, v) for k in ("actor", "target", "host") if (v := getattr(t, k))}) for t in forth
    )


SAME_ACT = [
    (
        "Prague expelled three Belarusian diplomats on Friday.",
        "Three Belarusian diplomats were expelled by Prague on Friday.",
        "On Friday three Belarusian diplomats were expelled by Prague.",
        "By Prague three Belarusian diplomats were expelled on Friday.",
    ),
    (
        "Gunmen attacked the Danish embassy in Beirut on Friday.",
        "The Danish embassy in Beirut was attacked by gunmen on Friday.",
        "On Friday the Danish embassy in Beirut was attacked by gunmen.",
    ),
    (
        "Oslo declared two Iranian diplomats persona non grata on Friday.",
        "Two Iranian diplomats were declared persona non grata by Oslo on Friday.",
    ),
    (
        "Peru recalled its ambassador to Bolivia for consultations on Friday.",
        "The Peruvian ambassador to Bolivia was recalled by Peru for consultations on Friday.",
    ),
]


@pytest.mark.parametrize("texts", SAME_ACT, ids=[t[0][:30] for t in SAME_ACT])
def test_active_passive_and_a_moved_agent_tell_the_same(texts):
    first, *others = read(*texts)
    assert first
    for text, other in zip(texts[1:], others, strict=True):
        assert other == first, text


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Prague expelled three Belarusian diplomats on 3 May.",
            "Gunmen attacked the Danish embassy in Beirut on 9 May.",
        ),
        (
            "Kenya summoned the Somali ambassador on 2 May.",
            "Chile reopened its embassy in Damascus on 10 May.",
            "Oslo recalled its ambassador from Minsk on 6 May.",
        ),
    ],
)
def test_acts_that_have_nothing_to_do_with_each_other_may_come_in_any_order(lines):
    forth, back = read("\n\n".join(lines), "\n\n".join(reversed(lines)))
    assert len(forth) == len(lines)
    assert forth == back


@pytest.mark.parametrize("days", [1, 10, 40, 300])
def test_relative_dates_move_with_the_day_of_publication(days):
    text = "Prague expelled three Belarusian diplomats yesterday.\n\nToday Minsk summoned the Czech ambassador."
    [before] = read(text)
    [after] = read(text, published=DAY + timedelta(days))
    assert {t.date for t in before} == {"2024-05-13", "2024-05-14"}
    assert after == frozenset(
        t._replace(date=(date.fromisoformat(t.date) + timedelta(days)).isoformat()) for t in before if t.date
    )


BASE = (
    "Prague expelled three Belarusian diplomats on Friday.\n\n"
    "“This is an unfriendly step,” the Belarusian foreign ministry said.\n\n"
    "The Belarusian embassy in Prague was attacked on Thursday, and the Czech government apologised to Minsk for the attack."
)


@pytest.mark.parametrize(
    "changed",
    [
        BASE.replace("“", '"').replace("”", '"'),
        BASE.replace("apologised", "apologized"),
        BASE + "\n\nShares in Frankfurt closed higher, led by makers of cars.",
        BASE.replace(" on Friday", " on  Friday"),
        BASE.replace("\n\n", "\n"),
    ],
    ids=["straight quotes", "American spelling", "an unrelated paragraph", "two spaces", "single line breaks"],
)
def test_what_does_not_matter_changes_nothing(changed):
    before, after = read(BASE, changed)
    assert before
    assert after == before


@pytest.mark.parametrize(
    ("plain", "changed", "status"),
    [
        ("Prague expelled three Belarusian diplomats.", "Prague denied that it had expelled three Belarusian diplomats.", "denied"),
        ("Prague expelled three Belarusian diplomats.", "Prague threatened to expel three Belarusian diplomats.", "threatened"),
        ("Prague expelled three Belarusian diplomats.", "Prague will expel three Belarusian diplomats.", "announced"),
        ("Prague expelled three Belarusian diplomats.", "Prague may expel three Belarusian diplomats.", "threatened"),
        ("Iran broke off diplomatic relations with Chad.", "Iran threatened to break off diplomatic relations with Chad.", "threatened"),
        ("Iran broke off diplomatic relations with Chad.", "Iran could break off diplomatic relations with Chad.", "threatened"),
    ],
)  # fmt: skip
def test_a_word_over_the_act_changes_its_status_and_only_that(plain, changed, status):
    before, after = read(plain, changed)
    assert {t.status for t in before} == {"reported"}
    assert {t.status for t in after} == {status}
    assert same(after, but=("status", "date")) == same(before, but=("status", "date"))
