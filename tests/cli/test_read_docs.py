"""docs/reading.md tells all that ``legation read`` takes."""

from pathlib import Path

import pytest

from legation.cli.read import command
from legation.sources import ARCHIVES, KINDS

DOC = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", [o for parameter in command.params for o in parameter.opts if o.startswith("--")])
def test_every_option_is_told(option):
    assert option in DOC


@pytest.mark.parametrize("suffix", [suffix for suffix in (*KINDS, *ARCHIVES) if suffix])
def test_every_suffix_is_told(suffix):
    assert f"`{suffix}`" in DOC or suffix == ".text"
