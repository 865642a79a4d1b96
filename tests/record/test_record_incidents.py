"""Mentions in many articles become incidents, the same in whatever order they come."""

import random
from typing import Any

import pytest
from telling import article, attack, expulsion

from legation.record import Record
from legation.record.nouns import Filter, Incident

CASES: list[tuple[str, int, list[Any]]] = [
    ("the same act on the same day is one", 1, [[expulsion(count=23)], [expulsion(count=23)]]),
    ("a count that another source gives otherwise does not part them", 1, [[expulsion(count=4)], [expulsion(count=5)]]),
    ("other states are another act", 2, [[expulsion()], [expulsion(of="IRN")]]),
    ("an act and its mirror are two", 2, [[expulsion()], [expulsion(by="RUS", of="GBR")]]),
    ("a measure dated by its notice two days later is the same", 1, [[expulsion()], [expulsion(date="2018-03-16")]]),
    ("six years later it is another", 2, [[expulsion()], [expulsion(date="2024-05-08")]]),
    ("a harm in another city is another", 2, [[attack(city="Baghdad")], [attack(city="Basra")]]),
    ("one article never tells of one act twice", 2, [[attack(words="one fire"), attack(words="another fire")]]),
    ("an undated mention tells of the act its article follows", 1, [[expulsion()], [expulsion(date=None)]]),
    ("a background mention by month and number", 1, [[expulsion(count=23)], [expulsion(date="2018-03", count=23)]]),
    ("one side not named", 1, [[expulsion()], [expulsion(of="RUS", actor=None, host="GBR", count=23)]]),
    ("a threat is not yet the act", 2, [[expulsion(status="threatened")], [expulsion()]]),
    ("a denial is about the act that others claim", 1, [[expulsion(status="claimed")], [expulsion(status="denied")]]),
    ("a total over many states stays apart", 2, [[expulsion()], [expulsion(actor=None, host=None, count=342)]]),
    (
        "other victims on one day are other killings",
        2,
        [
            [attack(type="killing", target={"state": "USA", "kind": "diplomat", "name": "Ann Lee"})],
            [attack(type="killing", target={"state": "USA", "kind": "diplomat", "name": "Bob Ray"})],
        ],
    ),
]


@pytest.mark.parametrize(("expected", "articles"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_one_incident(sqlite_where: str, expected: int, articles: list[Any]):
    with Record.open(sqlite_where) as record:
        record.ingest(article(*events, outlet=f"Paper {n}") for n, events in enumerate(articles))
        assert record.count() == expected


def world(seed: int, size: int = 60) -> list[Any]:
    """Articles of an invented year in which the same acts are told well and badly, near each other in time."""
    rng = random.Random(seed)
    states = ["GBR", "RUS", "FRA", "IRN"]
    articles = []
    for n in range(size):
        events = []
        for m in range(rng.randint(1, 3)):
            by, of = rng.sample(states, 2)
            told = expulsion(by=by, of=of) if rng.random() < 0.6 else attack(on=of, host=by)
            month, day = rng.randint(3, 4), rng.randint(1, 9)
            told["date"] = rng.choice([f"2018-{month:02}-{day:02}"] * 4 + [None, f"2018-{month:02}", "2018"])
            told["count"] = rng.choice([None, 2, 3, 12])
            told["city"] = rng.choice([None, "London", "Leeds"])
            told["status"] = rng.choice(["reported"] * 4 + ["claimed", "denied", "announced", "threatened"])
            told["words"] = f"event {n} {m}"
            if rng.random() < 0.15:
                told["actor" if "actor" in told else "host"] = None
            if rng.random() < 0.3 and m:
                told["in_response_to"] = 0
            events.append(told)
        published = rng.choice([None, f"2018-{rng.randint(3, 5):02}-{rng.randint(10, 28)}"])
        articles.append(article(*events, outlet=rng.choice(["A", "B", "C", None]), published=published))
    return articles


def state(record: Record) -> list[Any]:
    """All that is derived, without numbers that depend on history."""
    details = record.details(Filter(review=("unreviewed", "confirmed", "corrected", "rejected")))
    return sorted(
        (d.incident.id, str(d.incident), str(d.values), str(d.answers), str(d.items), str(d.mentions)) for d in details
    )


@pytest.mark.parametrize(
    ("seed", "size"), [(0, 24), (1, 24), *(pytest.param(seed, 80, marks=pytest.mark.slow) for seed in range(20))]
)
def test_the_order_of_articles_does_not_matter(prepared: Any, tmp_path: Any, seed: int, size: int):
    articles = world(seed, size)
    states = []
    for run, step in enumerate((len(articles), max(1, len(articles) // 20), 7)):
        shuffled = articles[:]
        random.Random(run).shuffle(shuffled)
        with Record.open(tmp_path / f"{run}.db") as record:
            for start in range(0, len(shuffled), step):
                record.ingest(shuffled[start : start + step])
            states.append(state(record))
            assert record.verify() == ()
    assert states[0] == states[1] == states[2]


def test_every_join_has_reasons(where: str):
    with Record.open(where) as record:
        record.ingest([article(expulsion(count=23), outlet="A"), article(expulsion(count=21), outlet="B")])
        found = record.incident(record.incidents().items[0].id)
    first, second = (mention.reasons for mention in found.mentions)
    joined = first or second
    assert {reason.feature for reason in joined} == {"parties", "date", "count"}
    assert [value.value for value in found.values["count"]] == [21, 23] or [v.value for v in found.values["count"]] == [
        23,
        21,
    ]
    assert {value.says for value in found.values["count"]} == {("A",), ("B",)}


def test_values_stay_side_by_side_with_who_gives_them(where: str):
    said = {"name": "Maria Zakharova", "state": "RUS"}
    with Record.open(where) as record:
        record.ingest(
            [
                article(expulsion(count=12, status="claimed", claimant=said), outlet="TASS"),
                article(expulsion(count=9), outlet="Reuters"),
            ]
        )
        (one,) = record.incidents().items
        found = record.incident(one.id)
    assert (one.count_low, one.count_high) == (9, 12)
    assert {value.value: value.says for value in found.values["count"]} == {
        12: ("Maria Zakharova (TASS)",),
        9: ("Reuters",),
    }


STANDINGS = [
    ("corroborated", [("A", "reported", None), ("B", "reported", None)]),
    ("single-source", [("A", "reported", None)]),
    ("one-sided", [("A", "claimed", "GBR"), ("B", "claimed", "GBR")]),
    ("contested", [("A", "claimed", "GBR"), ("B", "denied", "RUS")]),
    ("contested", [("A", "reported", None), ("B", "denied", "RUS")]),
    ("denied", [("A", "denied", "RUS")]),
    ("corroborated", [("A", "claimed", "GBR"), ("B", "claimed", "USA")]),
]


@pytest.mark.parametrize(("standing", "accounts"), STANDINGS)
def test_standing(sqlite_where: str, standing: str, accounts: list[Any]):
    with Record.open(sqlite_where) as record:
        record.ingest(
            article(attack(status=status, claimant=side and {"state": side}), outlet=outlet)
            for outlet, status, side in accounts
        )
        found: Incident = record.incidents().items[0]
    assert found.standing == standing
