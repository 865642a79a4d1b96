"""Which drafts stand: few facts, one sum that can be read, and the bars."""

from dataclasses import replace

import pytest

from legation import atlas
from legation.reading.encoder import Heard
from legation.reading.events import Draft, Reader
from legation.reading.events.verdict import beside, known, logit, odds, reasons, standing
from legation.reading.page import Page, Parties, load_pipeline, parse
from legation.reading.parties import find_parties
from legation.reading.statements import find_statements
from legation.reading.weighing import fitted
from legation.schema import Article

TEXT = "France expelled two diplomats of Chad.\n\nChad then expelled the French consul. Prices rose.\n\nFrance expelled two more diplomats of Chad."


@pytest.fixture(scope="module")
def drafted() -> tuple[list[Draft], Page, Parties]:
    page = next(parse([Article(id="x", source="x", text=TEXT)], load_pipeline()))
    parties = find_parties(page, atlas.load())
    voiced = tuple(find_statements(page, parties))
    return Reader(page, parties, voiced, roles=fitted("weights")).drafts(), page, parties


def model(threshold: float, gate: float, **facts: float) -> dict[str, dict[str, float]]:
    return {"bars": {"threshold": threshold, "gate": gate}, "facts": facts}


def test_facts_of_a_draft_that_only_a_frame_met(drafted) -> None:
    drafts, page, parties = drafted
    first, second, third = known(drafts, page, parties)
    assert {"any", "type expulsion", "status reported", "first line", "missions in sentence"} <= first.keys()
    assert {"the same parties elsewhere", "other parties elsewhere"} <= first.keys()
    assert "the same parties elsewhere" not in second
    assert "other parties before" in third
    assert not any("heard" in name for name in first)


def test_what_the_encoder_holds_is_measured(drafted) -> None:
    drafts, page, parties = drafted
    says = Heard(0, 1, "expulsion", 0.9, {"reported": 1.0}, {"FRA": 0.7}, {"TCD": 0.2}, {}, {})
    heard = [replace(d, heard=says, sentence=0.8, rival=0.1) for d in drafts]
    told = next(known(heard, page, parties))
    assert told["sentence heard"] == told["sentence heard, a frame met"] == pytest.approx(logit(0.8))
    assert told["target heard"] < 0 < told["actor heard"]
    assert beside(heard[1], heard, page)["heard elsewhere of other parties"] == pytest.approx(logit(0.8))
    assert beside(heard[1], heard, page)["heard elsewhere of these parties"] < -5


def test_odds_are_one_sum_that_can_be_read() -> None:
    told = {"any": 1.0, "heard": 2.0, "spoken": 1.0, "quoted": 1.0}
    weights = {"heard": 0.5, "spoken": -2.0}
    assert odds(told, weights) == pytest.approx(1 / (1 + 2.718281828**1.0))
    assert reasons(told, weights) == "spoken -2.0, heard +1.0"


def test_the_bars(drafted) -> None:
    drafts, page, parties = drafted
    kept = standing(drafts, page, parties, "rules", model(0.4, 0.4, any=0.0))
    assert [d.odds for d in kept] == [0.5] * 3
    assert standing(drafts, page, parties, "rules", model(0.6, 0.4, any=0.0)) == []
    assert standing(drafts, page, parties, "rules", model(0.4, 0.6, any=0.0)) == []
    before = {"other parties before": 1.0}
    assert len(standing(drafts, page, parties, "rules", model(0.6, 0.6, **before))) == 2
