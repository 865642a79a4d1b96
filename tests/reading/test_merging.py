"""Which mentions in one article are one act, and whose values it keeps."""

import pytest

from legation.reading.events import Draft, merge
from legation.schema import Party


def draft(kind: str, actor: str | None, target: str | None, host: str | None, date: str | None, odds: float) -> Draft:
    parties = [Party(state=state, kind="government") if state else None for state in (actor, target)]
    return Draft(kind, 1, (0, 2), actor=parties[0], target=parties[1], host=host, date=date, odds=odds)


@pytest.mark.parametrize(
    ("kind", "first", "second", "acts"),
    [
        ("condemnation", ("ISR", "ZAF", "ISR", None), ("ISR", "ZAF", "ZAF", "2024-01-12"), 1),
        ("condemnation", ("ISR", "ZAF", "ISR", "2024-01-02"), ("ISR", "ZAF", "ZAF", "2024-01-12"), 1),
        ("condemnation", ("ISR", "ZAF", "ISR", "2023-11-20"), ("ISR", "ZAF", "ZAF", "2024-01-12"), 2),
        ("condemnation", (None, "ZAF", "ISR", None), (None, "ZAF", "ZAF", None), 2),
        ("relations_severed", ("USA", None, None, "2018-03-26"), ("USA", "RUS", None, "2016-12-29"), 2),
        ("expulsion", ("USA", "RUS", "USA", "2018-03-26"), ("USA", "RUS", None, "2018-03-28"), 1),
        ("recall", ("USA", "USA", "RUS", None), ("USA", "USA", "CUB", None), 2),
        ("demonstration", (None, "USA", "EGY", None), (None, "USA", "YEM", None), 2),
    ],
)
def test_one_act_or_two(kind: str, first: tuple, second: tuple, acts: int) -> None:
    assert len(merge([draft(kind, *first, 0.6), draft(kind, *second, 0.9)])) == acts


def test_the_likelier_mention_gives_the_host() -> None:
    said = [draft("condemnation", "ISR", "ZAF", host, None, odds) for host, odds in (("ISR", 0.6), ("ZAF", 0.9))]
    assert [act.host for act in merge(said)] == ["ZAF"]
