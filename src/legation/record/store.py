"""The database under a record: where it is, its transactions, and errors a person can act on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

HEAD = "0008"
"""The migration this code expects; `migrations/versions` holds it."""

_WRITER = 0x1E6A7104
"""Key of the PostgreSQL advisory lock that one writer of a record holds at a time."""


class RecordError(Exception):
    """A record could not be used; the message names it, the reason and the remedy."""


class WrongUsage(RecordError):
    """What was asked for cannot be: a filter, a date, a post, a cursor that is none."""


def address(where: str | Path) -> URL:
    """The database of ``postgresql://…`` or of a file name."""
    if str(where).startswith(("postgresql:", "postgresql+", "postgres:")):
        return make_url(str(where)).set(drivername="postgresql+psycopg")
    return URL.create("sqlite", database=str(where))


class Store:
    """One database; `read` and `write` give transactions. One writer at a time, over all processes."""

    def __init__(self, where: str | Path) -> None:
        try:
            self.url = address(where)
            self.engine: Engine = create_engine(self.url, **({"pool_pre_ping": True} if self.postgres else {}))
        except (ArgumentError, ValueError):
            shown = re.sub(r"//.*@", "//…@", str(where))  # it may hold a password
            raise RecordError(f"{shown}: is no address; give a file, or postgresql://USER@HOST/NAME") from None
        except ModuleNotFoundError as missing:
            raise RecordError(f"PostgreSQL needs {missing.name}; pip install 'legation[postgres]'") from None
        self.name = (
            self.url.set(drivername="postgresql").render_as_string(hide_password=True) if self.postgres else str(where)
        )
        (_tune_postgres if self.postgres else _tune)(self.engine)

    @property
    def postgres(self) -> bool:
        return self.url.get_backend_name() == "postgresql"

    def prepare(self, *, create: bool = True) -> None:
        """Make or migrate the tables. With `create` false, a missing record is an error."""
        file = Path(str(self.url.database))
        if not self.postgres and file.is_dir():
            raise RecordError(f"{self.name}: is a folder; name a file in it")
        if not create and not self.postgres and not file.exists():
            raise RecordError(f"{self.name}: there is no record; `legation ingest … --record {self.name}` makes one")
        with self._named():
            with self.engine.connect() as connection:
                found = _version(connection)
            if found == HEAD:
                return
            if found is None and not create:
                raise RecordError(f"{self.name}: holds no record; `legation ingest … --record {self.name}` makes one")
            _migrate(self, found)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the record."""
        with self._named(), self.engine.connect() as connection:
            if self.postgres:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction as the only writer; waits for its turn (SQLite: at most a minute)."""
        with self._named(), self.engine.connect() as connection:
            connection = connection.execution_options(writer=True)
            with connection.begin():
                if self.postgres:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER})
                yield connection

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Database errors as RecordError, with what to do about them."""
        try:
            yield
        except DBAPIError as error:
            raise RecordError(f"{self.name}: {_reason(error)}; {_remedy(error)}") from error
        except SQLAlchemyError as error:
            raise RecordError(f"{self.name}: {error}") from error

    def close(self) -> None:
        self.engine.dispose()


def _tune(engine: Engine) -> None:
    """SQLite as a record wants it: write-ahead log, our own BEGIN so that a writer takes its lock first."""

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, _: Any) -> None:
        dbapi.isolation_level = None
        for pragma in (
            "busy_timeout = 60000",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "cache_size = -65536",
            "temp_store = MEMORY",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writer") else "BEGIN")


def _tune_postgres(engine: Engine) -> None:
    """PostgreSQL for questions of a page: starting workers or compiling takes longer than most of them."""

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, _: Any) -> None:
        with dbapi.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            cursor.execute("SET jit = off")
        dbapi.commit()


def _version(connection: Connection) -> str | None:
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(store: Store, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        if found:
            ScriptDirectory.from_config(config).get_revision(found)
    except CommandError:
        raise RecordError(
            f"{store.name}: was made by a newer Legation (schema {found}, this one knows {HEAD}); upgrade Legation"
        ) from None
    with store.write() as connection:
        if _version(connection) != HEAD:  # another process may have been faster
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def _remedy(error: DBAPIError) -> str:
    said = str(error.orig).lower()
    remedies = {
        "full": "make room on the disk and run the same command again; what was added so far is kept",
        "could not extend": "make room on the disk and run the same command again; what was added so far is kept",
        "no space": "make room on the disk and run the same command again; what was added so far is kept",
        "disk i/o error": "the file could not be written; check room, quota and disk, then run the same command again; what was added so far is kept",
        "locked": "another process is writing; run the same command again when it is done",
        "readonly": "the file or its folder cannot be written to; check permissions",
        "unable to open": "check that the folder exists and can be written to",
        "not a database": "give another file; this one is no SQLite database",
        "malformed": "the file is damaged; restore a copy, or ingest the articles into a new record",
        "connection refused": "check that the server runs at this address",
        "could not translate host name": "check the host name",
        "failed to resolve host": "check the host name",
        "password authentication": "check user and password",
        "does not exist": "create the database first (createdb)",
    }
    for sign, remedy in remedies.items():
        if sign in said:
            return remedy
    if error.connection_invalidated or "connection" in said:
        return "the connection was lost; run the same command again, what was added so far is kept"
    return "the record is as it was before this step"
