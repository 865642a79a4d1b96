"""What stands in docs/python.md and in the docstrings of the interface runs."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch):
    for needed in ("pandas", "polars", "pyarrow"):
        pytest.importorskip(needed)
    monkeypatch.chdir(ROOT)
    ran = doctest.testfile(str(ROOT / "docs/python.md"), module_relative=False, encoding="utf-8")
    assert (ran.failed, ran.attempted > 20) == (0, True)


@pytest.mark.parametrize("module", ["legation.api", "legation.record.record"])
def test_the_docstrings_run(module: str):
    ran = doctest.testmod(import_module(module))
    assert (ran.failed, ran.attempted > 0) == (0, True)
