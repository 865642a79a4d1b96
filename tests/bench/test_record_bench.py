"""The bench of the record, from the first reading to the report, with little of everything."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.mark.slow
def test_the_report_has_every_question_and_page_on_each_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    spec = importlib.util.spec_from_file_location("bench_record", BENCH / "record.py")
    assert spec
    assert spec.loader
    bench = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench_record", bench)
    spec.loader.exec_module(bench)
    report = tmp_path / "performance.md"
    report.write_text("# How fast\n\n## The record and the desk\n\nold\n\n## After\n\nstays\n")
    monkeypatch.setattr(bench.figures, "REPORT", report)
    for name, value in {"STEP": 60, "EARLY": 120, "SPAN": 30}.items():
        monkeypatch.setattr(bench, name, value)
    bench.report(articles=960, events=5000, rounds=2)
    told = report.read_text("utf-8")
    assert told.startswith(bench.figures.HEAD + "\n## The record and the desk\n\n    python bench/record.py report\n")
    assert told.endswith("\n## After\n\nstays\n")
    assert "old" not in told
    for question in ("first page", "articles with words", "changes"):
        lines = [line for line in told.splitlines() if line.startswith(f"| {question} |")]
        assert len(lines) == 1 + bench.server.installed()
        assert all(float(cell) > 0 for line in lines for cell in line.split("|")[2:5])
    assert "| timeline |" in told
