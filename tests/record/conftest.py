"""A record on SQLite and on PostgreSQL: every test that takes `where` runs on both."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from pwd import getpwnam

import pytest

from legation.record import Record

BIN = Path("/usr/lib/postgresql/15/bin")
_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL 15 of our own, on a free port, with its data in a folder that is removed afterwards."""
    if not (BIN / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not installed; apt-get install postgresql-15")
    as_root = os.getuid() == 0  # postgres refuses to run as root
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if as_root else {}
    folder = Path(tempfile.mkdtemp(prefix="legation-postgres-"))
    if as_root:
        os.chown(folder, getpwnam("postgres").pw_uid, getpwnam("postgres").pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **user}
    try:
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([BIN / "initdb", "-D", folder / "data", *options], **run)
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50"
        start = [BIN / "pg_ctl", "-D", folder / "data", "-o", settings, "-l", folder / "log", "-w", "start"]
        subprocess.run(start, **run)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run([BIN / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], **run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
