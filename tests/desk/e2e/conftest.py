"""A real browser on a real desk: Debian's Chromium, driven by Playwright, over the record of the examples."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from stories import WORDS

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
EXAMPLES = Path(__file__).parents[3] / "examples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in Path(item.path).parts:
            item.add_marker(pytest.mark.slow)


@contextmanager
def serving(where: Path, **given: Any) -> Iterator[str]:
    """The desk over a record, on a free port of this machine; gives its address without a slash at the end."""
    import uvicorn

    from legation.desk import app

    server = uvicorn.Server(uvicorn.Config(app(where, **given), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the desk did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; without it, or without Playwright, these tests are skipped."""
    sync = pytest.importorskip("playwright.sync_api", reason="no Playwright here: `make e2e` installs it")
    path = os.environ.get("LEGATION_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium here: `apt-get install chromium`, or name one in LEGATION_CHROMIUM")
    with sync.sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        yield made
        made.close()


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the examples."""
    from click.testing import CliRunner

    from legation.cli.ingest import command

    path = tmp_path_factory.mktemp("examples") / "examples.db"
    done = CliRunner().invoke(command, [str(EXAMPLES), "--record", str(path)])
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="session")
def reading_desk(examples: Path) -> Iterator[str]:
    """A desk over the examples, for tests that change nothing."""
    with serving(examples) as address:
        yield address


@pytest.fixture
def own(examples: Path, tmp_path: Path) -> Path:
    """A copy of the examples, for one test."""
    import sqlite3

    with sqlite3.connect(examples) as here, sqlite3.connect(tmp_path / "own.db") as there:
        here.backup(there)
    return tmp_path / "own.db"


@pytest.fixture
def own_desk(own: Path) -> Iterator[str]:
    """A desk over it."""
    with serving(own) as address:
        yield address


@pytest.fixture
def team_desk(own: Path) -> Iterator[str]:
    """A desk with the accounts Ada (admin) and Bo (reader), whose passwords are `WORDS`; another provider is offered too."""
    from legation.desk.openid import Settings
    from legation.record import Record

    with Record.open(own) as record:
        record.accounts.add("Ada", "admin", WORDS, by="test")
        record.accounts.add("Bo", "reader", WORDS, by="test")
    elsewhere = Settings(issuer="http://127.0.0.1:1", client="desk", label="the ministry")
    with serving(own, team=True, openid=elsewhere) as address:
        yield address


@pytest.fixture
def endless(where: Path) -> str:
    """The id of an article with a line of a megabyte, on the record of ../conftest.py."""
    from msgspec.structs import replace

    from legation.record import Record
    from legation.record.nouns import Filter

    with Record.open(where) as record:
        found = record.article(
            record.incident(record.incidents(Filter(group=("premises",))).items[0].id).claims[0].article
        )
        line = "<b>x</b>\u202e" * 120_000
        record.ingest([replace(found.reading, id="e" * 24, outlet="Endless", text=f"{found.reading.text}\n{line}")])
        return str(next(one.id for one in record.articles(outlet="Endless").items))


@pytest.fixture
def hostile_desk(where: Path) -> Iterator[str]:
    """A desk over the record of ../conftest.py, one of whose articles has markup in every field."""
    with serving(where) as address:
        yield address


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a session of its own. Nothing on the console, no error, no request that leaves this machine."""
    contexts, faults = [], []

    def watch(page: Any) -> None:
        page.on("console", lambda said: faults.append(f"console {said.type}: {said.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", lambda asked: _inside(asked.url) or faults.append(f"left this machine: {asked.url}"))

    def open_(address: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(20_000)
        page = contexts[-1].new_page()
        watch(page)
        page.goto(address, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def _inside(url: str) -> bool:
    return urlsplit(url).scheme in ("data", "blob") or urlsplit(url).hostname == "127.0.0.1"
