"""The gate of quality: figures, floors, and what lowering them takes."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
spec = importlib.util.spec_from_file_location("quality", BENCH / "quality.py")
quality = importlib.util.module_from_spec(spec)
spec.loader.exec_module(quality)


def of(**figures):
    counts = Counter(expulsion=2)
    return quality.Score(dict.fromkeys(quality.FIGURES) | figures, 3, counts, counts, counts)


def test_a_figure_under_its_floor_fails_and_so_does_one_no_longer_measured():
    scores = {"train": of(core=0.70, full=None)}
    floors = {"train": {"core": 0.71, "full": 0.5}, "gone": {"core": 0.1}}
    assert list(quality.under(scores, floors)) == [
        "train: core is 0.700, its floor 0.710",
        "train: full is –, its floor 0.500",
        "gone: the set is gone, its floors cannot be held",
    ]
    assert list(quality.under(scores, {"train": {"core": 0.70}})) == []


def test_pinning_raises_and_lowers_only_when_asked():
    floors = {"train": {"core": 0.9, "full": 0.1}}
    scores = {"train": of(core=0.8, full=0.8, evidence=1.0)}
    assert quality.pinned(scores, floors, allow_lower=False)["train"] == {"core": 0.9, "full": 0.78, "evidence": 1.0}
    assert quality.pinned(scores, floors, allow_lower=True)["train"]["core"] == 0.78


def test_report_has_each_set_and_type():
    text = quality.report({"train": of(core=0.8), "dev": of(core=0.7)}, "hybrid")
    assert "| train | 3 | 0.800 |" in text
    assert "| `expulsion` | 4 | 4 | 1.000 | 1.000 | 1.00 |" in text


@pytest.mark.shared
def test_scoring_counts_as_the_scorer_does(shared, tmp_path):
    """Readings made from the gold itself score 1 throughout, and an invented event is seen."""
    (one,) = [one for one in quality.gold_sets(shared) if one.name == "train"]
    readings = []
    for path in sorted(one.gold.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        readings.append(
            {"source": f"{path.stem}.txt", "text": text, "events": gold["events"], "statements": [], "boilerplate": []}
        )
    invented = dict(readings[0]["events"][0], type="apology", evidence="")
    readings[0]["events"] = [*readings[0]["events"], invented]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, readings)), encoding="utf-8")
    got = quality.scored(one, tmp_path / "r.jsonl", shared / "gold" / "score.py")
    assert got.gold == got.hit
    assert got.found - got.gold == Counter(apology=1)
    assert got.figures["core"] == pytest.approx(1, abs=0.001)
    assert got.figures["quiet"] == 1.0


def test_the_learning_curve_stands_in_the_report_once_it_is_measured(tmp_path):
    path = tmp_path / "curve.json"
    assert quality.learning_curve(path) == ""
    path.write_text('{"held_out": 90, "rows": [{"share": 25, "articles": 95, "types": 0.5}]}', encoding="utf-8")
    section = quality.learning_curve(path)
    assert "judged on 90 held out" in section
    assert "| 25 % | 95 | 0.500 |" in section
