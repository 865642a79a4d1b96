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


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """Passwords hashed with as little work as Argon2 allows: the work is for guessers, not for tests."""
    from argon2 import PasswordHasher

    from legation.record import accounts

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._hasher = lambda: cheap  # type: ignore[assignment]
