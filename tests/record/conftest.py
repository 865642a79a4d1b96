"""A record on SQLite and on PostgreSQL: every test that takes `where` runs on both."""

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest

from legation.record import Record

sys.path.append(str(Path(__file__).parents[2] / "bench"))
server = import_module("server")
_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL 15 of our own."""
    if not server.installed():
        pytest.skip("PostgreSQL 15 is not installed; apt-get install postgresql-15")
    with server.postgres("max_connections=50") as address:
        yield address


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite record to copy."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with Record.open(path) as record:
        assert record.count() == 0
    return path


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """Name of a PostgreSQL database with an empty record, to copy."""
    _sql(postgres, "CREATE DATABASE empty")
    with Record.open(f"{postgres}/empty") as record:
        assert record.count() == 0
    return "empty"


@pytest.fixture
def sqlite_where(prepared: Path, tmp_path: Path) -> str:
    return str(shutil.copy(prepared, tmp_path / "record.db"))


@pytest.fixture(params=["sqlite", "postgres"])
def new_record(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes new, empty records and says where each is."""
    if request.param == "sqlite":
        empty = request.getfixturevalue("prepared")
        return lambda: str(shutil.copy(empty, tmp_path / f"record{next(_numbers)}.db"))
    address, template = request.getfixturevalue("postgres"), request.getfixturevalue("template")

    def new() -> str:
        name = f"record{next(_numbers)}"
        _sql(address, f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"{address}/{name}"

    return new


@pytest.fixture
def where(new_record: Callable[[], str]) -> str:
    """Where a new, empty record is."""
    return new_record()


def _sql(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(statement)
