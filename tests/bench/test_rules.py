"""The measured rule book: what counts as right, and that it names every frame."""

import importlib.util
import sys
from pathlib import Path

import pytest

from legation import ontology
from legation.reading.page import parse
from legation.schema import Article

ROOT = Path(__file__).parents[2]
TEXT = "Chad expelled three Danish diplomats on Monday.\n\nChad closed the harbour. The envoy left, the minister said."


@pytest.fixture(scope="module")
def rules():
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        spec = importlib.util.spec_from_file_location("rules", ROOT / "bench" / "rules.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "bench"))
    return module


def gold(**changed):
    event = {
        "type": "expulsion",
        "status": "reported",
        "actor": {"state": "TCD"},
        "target": {"state": "DNK"},
        "date": "2024-05-13",
        "evidence": "expelled three Danish diplomats",
    } | changed
    return {"events": [event], "speakers": []}


def counted(rules, annotation):
    page = next(parse([Article(id="1", source="1", text=TEXT, published="2024-05-14")]))
    tally = rules.Tally()
    rules.tally(page, annotation, tally)
    return tally


def test_a_frame_is_right_where_gold_has_its_type(rules):
    tally = counted(rules, gold())
    [frame] = [name for name in tally.fired["frames"] if name.startswith("`expulsion`")]
    assert (tally.fired["frames"][frame], tally.right["frames"][frame]) == (1, 1)
    assert tally.right["status"].total() == tally.fired["status"].total() == 1
    assert tally.right["dates"].total() == 1


def test_it_is_wrong_where_gold_has_another_and_status_and_date_are_not_judged_then(rules):
    tally = counted(rules, gold(type="recall"))
    assert tally.fired["frames"].total() >= 1
    assert tally.right["frames"].total() == 0
    assert tally.fired["status"].total() == tally.fired["dates"].total() == 0


def test_a_wrong_status_and_a_wrong_date_count_against_their_rules(rules):
    tally = counted(rules, gold(status="announced", date="2024-05-12"))
    assert tally.right["frames"].total() == 1
    assert (tally.right["status"].total(), tally.right["dates"].total()) == (0, 0)


def test_more_wrong_than_right_needs_enough_cases(rules):
    tally = rules.Tally()
    for name, right, wrong in (("seldom", 0, 4), ("bad", 2, 3), ("good", 3, 3)):
        for _ in range(right):
            tally.count("stood", name, True)
        for _ in range(wrong):
            tally.count("stood", name, False)
    assert rules.wrong(tally) == ["bad"]


def test_the_book_names_every_frame(rules):
    book = rules.REPORT.read_text(encoding="utf-8")
    names = [rules.named(kind.id, frame) for kind in ontology.types().values() for frame in kind.frames]
    assert [name for name in names if f"| {name.replace('|', '/')} |" not in book] == []
