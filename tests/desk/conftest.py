"""A desk over a small record: two states that expel each other's people, a denied attack, and a hostile article."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient
from stories import readings

from legation.desk import app
from legation.record import Record


@pytest.fixture
def where(tmp_path: Path) -> Path:
    path = tmp_path / "record.db"
    with Record.open(path) as record:
        record.ingest(readings())
    return path


@pytest.fixture
def desk(where: Path) -> TestClient:
    """A browser without JavaScript."""
    client = TestClient(app(where, hosts=["testserver"]), headers={"accept": "text/html"})
    client.get("/")
    return client


@pytest.fixture
def served() -> Iterator[Callable[[FastAPI], str]]:
    """Serves an application on a loopback port of its own; gives its address."""
    running: list[tuple[uvicorn.Server, Thread]] = []

    def serve(made: FastAPI) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(made, log_level="error", server_header=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(10)
