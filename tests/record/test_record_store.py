"""What goes into a record comes out of it; records of other versions; errors that say what to do."""

import sqlite3
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import text
from telling import article, expulsion
from test_record_incidents import state, world

from legation.record import Record, RecordError
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


@pytest.mark.parametrize("tables", ["tables", "desk_tables"])
def test_the_migrations_make_the_tables_of_the_code(where: str, tables: str):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    metadata = import_module(f"legation.record.{tables}").metadata
    store = Store(where)
    with store.read() as tx:
        ours = set(metadata.tables)
        options = {
            "include_object": lambda thing, name, *_: (
                name in ours or name not in ("incident_text", "article_text", "facet_list")
            )
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
        found = record.articles(text="event").items
        assert found
    old = [
        "DROP TABLE derivation",
        "DROP TABLE counted",
        "DROP INDEX event_vague",
        "CREATE INDEX event_vague ON event (core, series, lo)",
        "UPDATE alembic_version SET version_num = '0002'",
        "UPDATE facet SET key = 'x' || key",
        "UPDATE event SET series = 'old', cluster = pk, incident = pk",
    ]
    store = Store(where)
    if store.postgres:
        words = "to_tsvector('english', coalesce(title, '') || ' ' || text)"
        old += [
            "DROP INDEX facet_list",
            "DROP TABLE article_text",
            f"CREATE INDEX article_text ON article USING gin ({words})",
        ]
    with store.write() as tx:
        for statement in old:
            tx.exec_driver_sql(statement)
    store.close()
    caplog.clear()
    with Record.open(where) as record:
        assert "deriving 12 articles anew" in caplog.text
        assert state(record) == was
        assert [one.id for one in record.incidents(Filter(state="GBR")).items]
        assert record.articles(text="event").items == found
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


def test_facets_of_an_older_record_are_those_of_a_new_one(where: str):
    with Record.open(where) as record:
        record.ingest(world(8, 30))
        was, every = record.facets(), record.incidents(limit=500).items
    for field in ("type", "group", "status", "standing", "receiving", "sending"):
        assert getattr(was, field) == Counter(str(value) for one in every if (value := getattr(one, field)))
    targets = Counter(state for one in every if one.target and (state := one.target.state))
    assert was.target == targets
    store = Store(where)
    with store.write() as tx:
        for statement in ("DROP TABLE counted", "UPDATE alembic_version SET version_num = '0007'"):
            tx.exec_driver_sql(statement)
    store.close()
    with Record.open(where) as record:
        assert record.facets() == was
        record.review("correct", every[0].id, field="status", value="denied", author="Ana", reason="seen")
        record.review("reject", every[1].id, author="Ana", reason="another")
        now = record.incidents(limit=500).items
        assert record.facets().status == Counter(one.status for one in now)
        assert len(now) == len(every) - 1
