"""The bench's own tools: the stopwatch, the stream it makes, the stages it looks into."""

import importlib.util
import sys
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import process_time

from legation.reading.triage import concerns_missions
from legation.schema import Article

BENCH = Path(__file__).parents[2] / "bench"
spec = importlib.util.spec_from_file_location("bench_run", BENCH / "run.py")
run = importlib.util.module_from_spec(spec)
sys.modules["bench_run"] = run
spec.loader.exec_module(run)


def burn(seconds):
    end = process_time() + seconds
    while process_time() < end:
        pass


def test_a_stage_inside_another_is_taken_off_it_and_what_is_yielded_counts():
    watch = run.Stopwatch()
    inner = watch.around(lambda: burn(0.04), "inner")

    def outer():
        burn(0.02)
        inner()
        yield 1

    assert list(watch.around(outer, "outer")()) == [1]
    assert 0.02 <= watch.spent["outer"] < 0.04 <= watch.spent["inner"]


def test_the_stages_are_there_and_are_put_back():
    places = {place: name for place, name in run.STAGES.items() if "encoder" not in place}
    module = import_module("legation.reading.parties")
    before = module.find_parties
    with run.watched(places, run.Stopwatch()):
        assert module.find_parties is not before
    assert module.find_parties is before


def test_of_the_stream_it_makes_one_article_in_so_many_is_in_scope():
    lines = "\n".join(["The embassy was stormed by a crowd.", *(f"Prices rose by {n} percent." for n in range(20))])
    made = list(islice(run.invented([Article(id="a", source="a", text=lines)], 50, in_scope=25), 50))
    assert len(made) == 50
    assert {i for i, one in enumerate(made) if concerns_missions(one.text)} <= {0, 25}
    assert made == list(run.invented([Article(id="a", source="a", text=lines)], 50, in_scope=25))


def test_a_section_of_the_report_has_a_table_and_says_what_is_missed():
    rows = [run.Row("one core", "5 articles/s", "≥ 4"), run.Row("end to end", "14 ×", "≥ 60 ×", False)]
    text = run.report("triage", rows, "0.1")
    assert "    python bench/run.py triage\n" in text
    assert text.endswith("| one core | 5 articles/s | ≥ 4 |\n| end to end | 14 × | ≥ 60 × missed |")
