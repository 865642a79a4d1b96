"""What several rooms' tests need."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of gold sets and real news beside the checkout; tests that ask for it are skipped where it is absent."""
    folder = Path(os.environ.get("LEGATION_SHARED") or Path(__file__).parents[1].parent / "shared")
    if not (folder / "gold").is_dir():
        pytest.skip(f"no gold sets in {folder}")
    return folder
