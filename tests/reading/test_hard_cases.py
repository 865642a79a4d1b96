"""Ten constructions that trip readers of news, five sentences or more each: how many are read right must not fall."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from legation import reading
from legation.schema import Article, Event

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "hard_cases.yaml").read_text(encoding="utf-8"))
FLOOR = 25
"""How many of them the rules read right; raise it when they read more."""


def value(event: Event, field: str) -> Any:
    held = getattr(event, field)
    return held.state if field in {"actor", "target"} and held is not None else held


def right(events: tuple[Event, ...], case: dict[str, Any]) -> bool:
    """Whether each wanted event is among those read, each read one taken once, and no unwanted type is."""
    left = list(events)
    for wanted in case.get("want", ()):
        found = next((e for e in left if all(value(e, k) == v for k, v in wanted.items())), None)
        if found is None:
            return False
        left.remove(found)
    return not {e.type for e in events} & set(case.get("none", ()))


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[Event, ...]]:
    texts = [t["text"] for case in CASES for t in case["texts"]]
    articles = [
        Article(id=str(i), source=str(i), text=text, language="en", published="2024-05-14")
        for i, text in enumerate(texts)
    ]
    return {r.text: r.events for r in reading.read_all(articles, triage=False, voices="rules")}


def test_eleven_cases_of_five_or_more():
    assert len(CASES) == 11
    assert [case["case"] for case in CASES if len(case["texts"]) < 5] == []


def test_hard_cases_read_right(read):
    wrong = [t["text"] for case in CASES for t in case["texts"] if not right(read[t["text"]], t)]
    assert sum(len(case["texts"]) for case in CASES) - len(wrong) >= FLOOR, "\n".join(wrong)


def test_names_that_look_alike_are_no_missions(read):
    wrong = [t["text"] for t in CASES[-1]["texts"] if "none" in t and not right(read[t["text"]], t)]
    assert not wrong
