"""Many processes give what one gives, in order, and lose nothing."""

import multiprocessing
import os
import signal

import msgspec
import pytest

from legation.cluster import local
from legation.cluster.local import Line, Settings, read_lines
from legation.schema import Reading
from legation.sources import Raw, Unreadable

INPUTS = [
    Raw(f"{n}.txt", "text", f"The envoy number {n} was told to leave. ".encode() * (n % 7 + 1)) for n in range(100)
]
INPUTS[40] = Raw("40.txt", "text", b"")


@pytest.fixture(autouse=True)
def _small_and_light(monkeypatch):
    """Batches of a few articles, and no pipeline to load before the processes start."""
    monkeypatch.setattr(local, "BATCH_ARTICLES", 7)
    monkeypatch.setattr(local, "_context", lambda: multiprocessing.get_context("fork"))


def fake_reader(kill=()):
    """A reader that dies on some sources and fails on ``fails.txt``."""

    def read_all(articles, **_):
        for article in articles:
            if article.source in kill:
                os.kill(os.getpid(), signal.SIGKILL)
            if article.source == "fails.txt":
                raise ValueError("no such verb")
            yield Reading(id=article.id, source=article.source, text=article.text)

    return read_all


def sources(outcomes):
    return [o.source if isinstance(o, Unreadable) else msgspec.json.decode(o.json)["source"] for o in outcomes]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_order_and_content_do_not_depend_on_workers(monkeypatch, workers):
    monkeypatch.setattr(local, "read_all", fake_reader())
    outcomes = list(read_lines(iter(INPUTS), Settings(), workers=workers))
    assert sources(outcomes) == [raw.source for raw in INPUTS]
    assert isinstance(outcomes[40], Unreadable)
    assert all(isinstance(o, Line) for o in outcomes[:40] + outcomes[41:])


def test_an_article_that_kills_its_process_is_set_aside_and_the_others_read(monkeypatch):
    monkeypatch.setattr(local, "read_all", fake_reader(kill=("17.txt", "99.txt")))
    outcomes = list(read_lines(iter(INPUTS), Settings(), workers=2))
    assert sources(outcomes) == [raw.source for raw in INPUTS]
    assert [o.source for o in outcomes if isinstance(o, Unreadable)] == ["17.txt", "40.txt", "99.txt"]
    assert "died twice (signal SIGKILL)" in str(outcomes[17])


@pytest.mark.parametrize("workers", [1, 2])
def test_an_article_that_the_reader_fails_on_is_set_aside(monkeypatch, workers):
    monkeypatch.setattr(local, "read_all", fake_reader())
    inputs = [*INPUTS[:20], Raw("fails.txt", "text", INPUTS[0].data), *INPUTS[20:30]]
    outcomes = list(read_lines(iter(inputs), Settings(), workers=workers))
    assert [str(o) for o in outcomes if isinstance(o, Unreadable)] == [
        "fails.txt: the reader failed on it (ValueError: no such verb); please report it, with the input"
    ]


def test_input_is_taken_no_faster_than_it_is_read(monkeypatch):
    monkeypatch.setattr(local, "read_all", fake_reader())
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield INPUTS[taken % 30]

    outcomes = read_lines(endless(), Settings(), workers=2)
    for _ in range(50):
        next(outcomes)
    assert taken <= 50 + (local.AHEAD * 2 + 2) * 7
    outcomes.close()
    assert multiprocessing.active_children() == []
