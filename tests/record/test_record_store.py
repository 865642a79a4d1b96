"""Nothing is lost or doubled: the same article twice, two writers at once, a full disk, a lost connection, a killed process."""

import os
import random
import signal
import sqlite3
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as events
from sqlalchemy import text
from telling import article, expulsion
from test_record_incidents import state, world

from legation.record import Record, RecordError
from legation.record import record as module
from legation.record.nouns import Filter
from legation.record.store import HEAD, Store


def test_the_same_article_twice_is_one(where: str):
    one = article(expulsion())
    with Record.open(where) as record:
        assert record.ingest([one, one]).new == 1
        assert record.ingest([one]).known == 1
        assert record.count() == 1
        assert record.incidents().items[0].articles == 1


def test_where_it_was_found_is_kept_for_every_place(where: str):
    with Record.open(where) as record:
        record.ingest([article(expulsion(), source="a.txt")])
        record.ingest([article(expulsion(), source="b.txt")])
        (row,) = record.articles().items
        assert record.article(row.id).origins == ("a.txt", "b.txt")


def test_the_same_text_of_two_outlets_is_two_articles_and_one_source(where: str):
    text = "Britain expelled 23 Russian diplomats on Wednesday, the prime minister told parliament. Words " * 4
    told = expulsion(words="Britain expelled 23 Russian diplomats")
    with Record.open(where) as record:
        record.ingest(article(told, outlet=outlet, text=text) for outlet in ("A", "B"))
        (one,) = record.incidents().items
    assert (one.articles, one.sources) == (2, 1)


def test_nul_characters_are_kept_as_their_picture(where: str):
    with Record.open(where) as record:
        record.ingest([article(expulsion(words="a \0 b"), text="x a \0 b y")])
        assert record.verify() == ()
        assert record.incident(record.incidents().items[0].id).mentions[0].event.evidence.text == "a ␀ b"


def test_two_ingests_at_once(where: str, sqlite_where: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BATCH", 5)
    articles = world(1, 24)
    errors: list[Exception] = []

    def ingest(some: list[Any]) -> None:
        try:
            with Record.open(where) as record:
                record.ingest(some)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ingest, args=(some,)) for some in (articles[:16], articles[8:][::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with Record.open(where) as record, Record.open(f"{sqlite_where}.once") as once:
        once.ingest(articles)
        assert state(record) == state(once)
        assert record.verify() == ()


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


def kill_and_resume(where: str, articles: list[Any], kills: int, seed: int) -> int:
    """Ingest in forked processes killed at random points, then in one that comes to its end; gives how many were killed at it."""
    rng = random.Random(seed)
    done = 0
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            with Record.open(where) as record:
                record.ingest(articles)
            os._exit(0)
        time.sleep(rng.random() * rng.choice([0.02, 0.2, 0.5]))
        os.kill(child, signal.SIGKILL)
        done += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    with Record.open(where) as record:
        record.ingest(articles)
    return done


@pytest.mark.parametrize(
    ("kills", "size"), [(4, 30), pytest.param(200, 400, marks=pytest.mark.slow)], ids=["4 kills", "200 kills"]
)
def test_killed_at_any_point_and_run_again_it_is_the_same_record(
    where: str, sqlite_where: str, monkeypatch: pytest.MonkeyPatch, kills: int, size: int
):
    monkeypatch.setattr(module, "BATCH", 3)
    articles = world(5, size)
    assert kill_and_resume(where, articles, kills, seed=1) > 0
    monkeypatch.setattr(module, "BATCH", 500)
    with Record.open(where) as record, Record.open(f"{sqlite_where}.once") as once:
        once.ingest(articles)
        assert state(record) == state(once)
        assert record.verify() == ()


@pytest.mark.parametrize("tables", ["tables", "desk_tables"])
def test_the_migrations_make_the_tables_of_the_code(where: str, tables: str):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    metadata = import_module(f"legation.record.{tables}").metadata
    store = Store(where)
    with store.read() as tx:
        ours = set(metadata.tables)
        options = {
            "include_object": lambda thing, name, *_: name in ours or name not in ("incident_text", "article_text")
        }
        options["include_name"] = lambda name, kind, _: kind != "table" or name in ours
        assert compare_metadata(MigrationContext.configure(tx, opts=options), metadata) == []
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    store.close()


WRONG = [
    ("/nowhere/at/all.db", True, "unable to open database file; check that the folder exists"),
    ("absent.db", False, "there is no record; `legation ingest"),
    ("postgresql://127.0.0.1:1/none", True, "check that the server runs"),
]


@pytest.mark.parametrize(("where", "create", "says"), WRONG)
def test_what_cannot_be_opened_says_why(where: str, create: bool, says: str):
    with pytest.raises(RecordError, match=says):
        Record.open(where, create=create)


def test_what_is_no_record_says_so(tmp_path: Path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir, " * 1000)
    with pytest.raises(RecordError, match="no SQLite database"):
        Record.open(path)


def test_a_record_of_a_newer_legation_is_refused(sqlite_where: str):
    with sqlite3.connect(sqlite_where) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RecordError, match="newer Legation"):
        Record.open(sqlite_where)


def test_a_record_derived_by_older_rules_is_derived_anew_when_opened(where: str, caplog: pytest.LogCaptureFixture):
    with Record.open(where) as record:
        record.ingest(world(6, 12))
        record.review("confirm", record.incidents().items[0].id, author="Ana", reason="seen")
        was, last = state(record), record.last_change()
    old = (
        "DROP TABLE derivation",
        "DROP INDEX event_vague",
        "CREATE INDEX event_vague ON event (core, series, lo)",
        "UPDATE alembic_version SET version_num = '0002'",
        "UPDATE facet SET key = 'x' || key",
        "UPDATE event SET series = 'old', cluster = pk, incident = pk",
    )
    store = Store(where)
    with store.write() as tx:
        for statement in old:
            tx.exec_driver_sql(statement)
    store.close()
    caplog.clear()
    with Record.open(where) as record:
        assert "deriving 12 articles anew" in caplog.text
        assert state(record) == was
        assert [one.id for one in record.incidents(Filter(state="GBR")).items]
        assert record.last_change() >= last
        assert record.verify() == ()
    caplog.clear()
    Record.open(where).close()
    assert caplog.text == ""


def test_deriving_anew_by_the_same_rules_changes_nothing(where: str):
    with Record.open(where) as record:
        record.ingest(world(7, 12))
        was, last = state(record), record.last_change()
    store = Store(where)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE derivation SET rules = 'older'")
    store.close()
    with Record.open(where) as record:
        assert (state(record), record.last_change()) == (was, last)
