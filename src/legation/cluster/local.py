"""The reading on this machine: many inputs over a few processes, results in input order.

Inputs go out in batches by size, a few per process and no more (back-pressure), so memory is bounded by the batches and
not by the input. A process that dies takes nothing with it but its batch: that is read again article by article, and an
article that kills its process twice is set aside with the reason. What comes out does not depend on the number of
processes: each article is read by itself.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import NamedTuple, TypeAlias

import msgspec

from legation.reading import Voices, cleaned, read_all
from legation.schema import Article, Reading
from legation.sources import Raw, Unreadable, article

BATCH_BYTES, BATCH_ARTICLES = 64_000, 32
"""A batch is large enough to make the way between processes cheap, small enough to share."""
AHEAD = 3
"""Batches per process that may be under way or wait for an earlier one."""


class Settings(NamedTuple):
    """How to read: `published` is the day (EDTF) where the caller knows it; see `legation.reading.read_all` for the rest."""

    published: str | None = None
    triage: bool = True
    voices: Voices = "hybrid"


class Line(NamedTuple):
    """A reading as one line of JSON (without its end), and whether the article is in scope."""

    relevant: bool
    json: bytes


Outcome: TypeAlias = Line | Unreadable


def read_lines(inputs: Iterable[Raw | Unreadable], settings: Settings, *, workers: int) -> Iterator[Outcome]:
    """A line or a refusal per input, in input order. With one process, or one batch, everything happens in this one."""
    batches = batched(inputs, BATCH_ARTICLES, BATCH_BYTES)
    head = list(islice(batches, 2))
    if workers <= 1 or len(head) < 2:
        for batch in chain(head, batches):
            yield from read_batch(batch, settings)
    else:
        yield from _Crew(settings, workers).read(chain(head, batches))


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Batch: TypeAlias = list[Raw | Unreadable]


def batched(inputs: Iterable[Raw | Unreadable], articles: int, size: int) -> Iterator[Batch]:
    """The inputs in batches; one ends with the article that fills it, at so many articles or bytes."""
    batch: Batch = []
    held = 0
    for item in inputs:
        batch.append(item)
        held += len(item.data) if isinstance(item, Raw) else 0
        if held >= size or len(batch) >= articles:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def read_batch(batch: Batch, settings: Settings) -> list[Outcome]:
    """What each input of a batch gives; an article that the reader fails on is set aside and the others are read."""
    given = [_cleaned(item, settings) for item in batch]
    articles = [item for item in given if isinstance(item, Article)]
    readings: Iterator[Outcome]
    try:
        readings = iter([_line(reading) for reading in _read(articles, settings)])
    except Exception:
        readings = (_read_alone(item, settings) for item in articles)
    return [item if isinstance(item, Unreadable) else next(readings) for item in given]


def _cleaned(item: Raw | Unreadable, settings: Settings) -> Article | Unreadable:
    if isinstance(item, Unreadable):
        return item
    try:
        return cleaned(article(item), settings.published, triage=settings.triage)
    except Unreadable as problem:
        return problem


def _read(articles: list[Article], settings: Settings) -> Iterator[Reading]:
    return read_all(articles, triage=settings.triage, voices=settings.voices)


def _read_alone(article: Article, settings: Settings) -> Outcome:
    try:
        return _line(next(_read([article], settings)))
    except Exception as problem:
        return _set_aside(article.source, f"the reader failed on it ({type(problem).__name__}: {problem})")


def _set_aside(source: str, reason: str) -> Unreadable:
    return Unreadable(source, reason, "please report it, with the input")


def _line(reading: Reading) -> Line:
    return Line(reading.relevant, msgspec.json.encode(reading))


@dataclass
class _Job:
    """A batch on its way; `places` is where its outcomes go, `attempt` counts readings that were begun."""

    batch: Batch
    places: "list[Outcome | None]"
    first: int = 0
    attempt: int = 1


@dataclass
class _Worker:
    process: BaseProcess
    connection: "Connection[Batch, list[Outcome]]"
    job: _Job | None = None


@dataclass
class _Crew:
    """The processes and what they are at."""

    settings: Settings
    size: int
    workers: list[_Worker] = field(default_factory=list)

    def read(self, batches: Iterator[Batch]) -> Iterator[Outcome]:
        order: deque[list[Outcome | None]] = deque()
        waiting: deque[_Job] = deque()
        context = _context()
        try:
            self.workers = [self._start(context) for _ in range(self.size)]
            while True:
                for batch in islice(batches, max(0, AHEAD * self.size - len(order))):
                    places: list[Outcome | None] = [None] * len(batch)
                    order.append(places)
                    waiting.append(_Job(batch, places))
                if not order:
                    return
                for worker in self.workers:
                    if worker.job is None and waiting:
                        worker.job = waiting.popleft()
                        worker.connection.send(worker.job.batch)
                self._collect(waiting, context)
                while order and None not in order[0]:
                    yield from (outcome for outcome in order.popleft() if outcome is not None)
        finally:
            self._stop()

    def _start(self, context: BaseContext) -> _Worker:
        ours, theirs = context.Pipe()
        inherited = [worker.connection for worker in self.workers] + [ours]
        process = context.Process(target=_work, args=(theirs, self.settings, inherited), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _collect(self, waiting: deque[_Job], context: BaseContext) -> None:
        """Wait for a process to finish its batch, or to die; a dead one is replaced."""
        busy = [worker for worker in self.workers if worker.job]
        ready = wait([worker.connection for worker in busy])
        for worker in busy:
            if worker.connection not in ready or worker.job is None:
                continue
            job, worker.job = worker.job, None
            try:
                outcomes = worker.connection.recv()
                job.places[job.first : job.first + len(outcomes)] = outcomes
            except (EOFError, ConnectionError):
                worker.process.join()
                waiting.extendleft(reversed(list(_again(job, worker.process.exitcode))))
                worker.connection.close()
                self.workers[self.workers.index(worker)] = self._start(context)

    def _stop(self) -> None:
        for worker in self.workers:
            worker.connection.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join()


def _again(job: _Job, exit_code: int | None) -> Iterator[_Job]:
    """The jobs that a batch whose process died leaves: each article once more by itself; none if that was done."""
    if len(job.batch) == 1 and job.attempt > 1:
        how = f"signal {signal.Signals(-exit_code).name}" if exit_code and exit_code < 0 else f"exit status {exit_code}"
        item = job.batch[0]
        job.places[job.first] = _set_aside(item.source, f"the process that read it died twice ({how})")
        return
    for offset, item in enumerate(job.batch):
        yield _Job([item], job.places, job.first + offset, job.attempt + 1)


def _context() -> BaseContext:
    """Fork where there is fork, with the pipeline loaded before it, so that the processes share its memory; else spawn."""
    if "fork" not in get_all_start_methods():
        return get_context("spawn")
    from legation.reading.page import load_pipeline

    load_pipeline()
    return get_context("fork")


def _work(
    connection: "Connection[list[Outcome], Batch]",
    settings: Settings,
    inherited: "list[Connection[Batch, list[Outcome]]]",
) -> None:
    """A process: read batches until the other end closes. Interrupts are the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    try:
        while True:
            connection.send(read_batch(connection.recv(), settings))
    except (EOFError, BrokenPipeError):
        return
