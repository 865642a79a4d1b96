"""Nothing is lost or doubled, whatever happens: kills, two writers at once, a full disk, a lost connection.

`make crash` runs all of it, with 200 kills on each database.
"""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as events
from test_record_incidents import world

from legation.exports.formats import write
from legation.record import Record, RecordError
from legation.record import record as module
from legation.record.nouns import Filter

ROOT = Path(__file__).parents[2]


def exported(where: str | Path) -> bytes:
    """What ``legation export --to jsonl`` gives of a sound record."""
    out = BytesIO()
    with Record.open(where, create=False) as record:
        assert record.verify() == ()
        write(record, "jsonl", out, Filter())
    return out.getvalue()


def clean(folder: Path, articles: list[Any]) -> bytes:
    """The export of one clean run in one transaction."""
    with Record.open(folder / "clean.db") as record:
        record.ingest(articles)
    return exported(folder / "clean.db")


def forked(work: Callable[[], None]) -> int:
    """A child process that does some work and ends with status 0, or 1 if it fails; gives its id."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def ended(child: int) -> int:
    """Exit status of a child, negative the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def ingest(where: str, articles: list[Any]) -> None:
    with Record.open(where) as record:
        record.ingest(articles)


def kill_and_resume(new: Callable[[], str], articles: list[Any], kills: int, seed: int) -> Iterator[str]:
    """Ingest in processes killed at random points until so many were killed at it; gives each record that one brought to its end.

    A process lives as long as it takes to add a few batches, so that the kills spread over the ingest.
    """
    rng = random.Random(seed)
    where, span, done = new(), 0.3, 0
    while done < kills:
        child = forked(partial(ingest, where, articles))
        time.sleep(rng.uniform(0, span))
        os.kill(child, signal.SIGKILL)
        match ended(child):
            case 0:  # it was faster
                yield where
                where, span = new(), span / 2
            case status:
                assert status == -signal.SIGKILL
                done += 1
    ingest(where, articles)
    yield where


@pytest.mark.parametrize(
    ("kills", "size"), [(4, 30), pytest.param(200, 300, marks=pytest.mark.slow)], ids=["4 kills", "200 kills"]
)
def test_killed_at_any_point_and_run_again_it_is_the_same_record(
    new_record: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int, size: int
):
    articles = world(5, size)
    once = clean(tmp_path, articles)
    monkeypatch.setattr(module, "BATCH", 3)
    for where in kill_and_resume(new_record, articles, kills, seed=1):
        assert exported(where) == once


COMMAND = """
import sys
from legation.cli import ingest
from legation.record import Record
add, ingest.BATCH = Record.ingest, 4
def said(*given, **more):
    print("a batch", flush=True)
    return add(*given, **more)
Record.ingest = said
ingest.command(sys.argv[1:])
"""
"""`legation ingest` with small batches, which says when it begins to add one."""


@pytest.mark.slow
def test_the_command_killed_and_run_again_leaves_the_same_record(where: str, tmp_path: Path):
    texts = tmp_path / "articles"
    texts.mkdir()
    for path in sorted((ROOT / "corpus" / "clusters").glob("*.txt"))[:60]:
        shutil.copy(path, texts)
    command = [sys.executable, "-c", COMMAND, str(texts), "--workers", "1", "--record"]
    subprocess.run([*command, str(tmp_path / "once.db")], check=True, stdout=subprocess.DEVNULL)
    rng = random.Random(2)
    for _ in range(6):
        process = subprocess.Popen([*command, where], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout
        for _ in range(rng.randint(1, 3)):
            assert process.stdout.readline() == b"a batch\n"
        time.sleep(rng.uniform(0, 0.1))
        process.kill()
        assert process.wait() == -signal.SIGKILL
    subprocess.run([*command, where], check=True, stdout=subprocess.DEVNULL)
    assert exported(where) == exported(tmp_path / "once.db")


def test_two_processes_ingest_at_once(new_record: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    articles = world(1, 24)
    once = clean(tmp_path, articles)
    monkeypatch.setattr(module, "BATCH", 5)
    where = new_record()
    parts = articles[:16], articles[8:][::-1]
    children = [forked(partial(ingest, where, part)) for part in parts]
    assert [ended(child) for child in children] == [0, 0]
    assert exported(where) == once


def test_a_full_disk_is_said_and_the_record_stays_usable(sqlite_where: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BATCH", 10)
    articles = world(2, 40)
    with Record.open(sqlite_where) as record:
        record.ingest(articles[:10])

        @events.listens_for(record._store.engine, "connect")
        def small(dbapi: sqlite3.Connection, _: object) -> None:
            dbapi.execute(f"PRAGMA max_page_count = {dbapi.execute('PRAGMA page_count').fetchone()[0] + 20}")

        record.close()
        with pytest.raises(RecordError, match="full; make room"):
            record.ingest(articles)
        kept = record.articles(limit=100).items
        assert 0 < len(kept) < len(articles)
        assert record.verify() == ()
    with Record.open(sqlite_where) as record:
        record.ingest(articles)
        assert len(record.articles(limit=100).items) == len(articles)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 2 MB."""
    place = Path(tempfile.mkdtemp(prefix="legation-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=777", "legation-test", str(place)]
    if os.getuid() or subprocess.run(mount, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("needs the right to mount a small file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


def test_a_full_file_system_is_said_and_once_there_is_room_the_rest_is_added(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    articles = world(2, 80)
    once = clean(tmp_path, articles)
    monkeypatch.setattr(module, "BATCH", 10)
    where = small_disk / "record.db"
    with Record.open(where) as record:
        with pytest.raises(RecordError, match=r"record\.db: .*; make room on the disk and run the same command again"):
            record.ingest(articles)
        assert record.verify() == ()
        assert 0 < len(record.articles(limit=500).items) < len(articles)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    ingest(str(where), articles)
    assert exported(where) == once


def test_a_file_that_may_not_grow_is_said(sqlite_where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    articles = world(2, 40)
    once = clean(tmp_path, articles)
    monkeypatch.setattr(module, "BATCH", 5)
    said = tmp_path / "said"

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Path(sqlite_where).stat().st_size + 100_000,) * 2)
        try:
            ingest(sqlite_where, articles)
        except RecordError as error:
            said.write_text(str(error))

    assert ended(forked(limited)) == 0
    assert "run the same command again" in said.read_text()
    ingest(sqlite_where, articles)
    assert exported(sqlite_where) == once


def test_a_full_server_is_said_and_once_there_is_room_the_rest_is_added(
    postgres: str, template: str, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import psycopg

    articles = world(2, 80)
    once = clean(tmp_path, articles)
    monkeypatch.setattr(module, "BATCH", 10)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    shutil.chown(small_disk, "postgres")
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
        connection.execute(f"CREATE DATABASE full_ TEMPLATE {template} TABLESPACE small STRATEGY file_copy")
        try:
            room = shutil.disk_usage(small_disk).used + 400_000
            subprocess.run(["mount", "-o", f"remount,size={room}", small_disk], check=True)
            with Record.open(f"{postgres}/full_") as record:
                with pytest.raises(RecordError, match="make room on the disk and run the same command again"):
                    record.ingest(articles)
                assert record.verify() == ()
            subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
            ingest(f"{postgres}/full_", articles)
            assert exported(f"{postgres}/full_") == once
        finally:
            connection.execute("DROP DATABASE full_ WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")


def test_a_lost_connection_is_said_and_what_was_added_is_kept(
    postgres: str, template: str, monkeypatch: pytest.MonkeyPatch
):
    import psycopg

    monkeypatch.setattr(module, "BATCH", 10)
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE lost TEMPLATE {template}")

        def cut(articles: list[Any]) -> Any:
            for number, one in enumerate(articles):
                if number == 25:
                    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost'")
                    broken.append(number)
                yield one

        broken: list[int] = []
        articles = world(3, 40)
        with Record.open(f"{postgres}/lost") as record:
            record.ingest(cut(articles))  # between two transactions: the pool finds a new connection

            @events.listens_for(record._store.engine, "commit")
            def interrupt(_: object) -> None:
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lost'")

            with pytest.raises(RecordError, match="connection was lost; run the same command again"):
                record.ingest(world(4, 25))
            events.remove(record._store.engine, "commit", interrupt)
            assert broken
            assert len(record.articles(limit=100).items) == len(articles)
            assert record.verify() == ()
