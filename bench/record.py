"""Times the record: bulk ingest of made-up readings (`world.py`), then every page-sized question at a million events.

    python bench/record.py report                                                # all of it, on both; into docs/performance.md
    python bench/record.py bulk --articles 100000 --record /tmp/bulk.db
    python bench/record.py queries --events 1000000 --record /tmp/bulk.db        # multiplies what bulk made, in place
    python bench/record.py queries --record postgresql://...                     # as it is

Bulk prints CPU milliseconds an article (PostgreSQL's with them, the generator's apart) and resident memory as it goes, then the
ratio of the last articles to those around 10,000. Queries prints p50 and p99 in milliseconds of each question over random arguments,
and p99 of the processor time in it. All exit 1 above their bars. The PostgreSQL of the report is one of our own, with Debian's package.
"""

import argparse
import gc
import random
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text

sys.path.insert(0, str(Path(__file__).parent))
import desk
import figures
import server
from figures import Took, often, timed
from legation.record import Record, tables
from legation.record.nouns import Filter
from legation.schema import Reading
from world import World

STEP, EARLY = 2500, 10_000
"""Articles a measurement; articles that the cost at the end is held against."""
BARS = {"bulk": 1.3, "sqlite": 50.0, "postgresql": 30.0}
GROWTH = 1.1
"""Memory at the end over memory at `EARLY`, at most."""


class Bulk(NamedTuple):
    """CPU milliseconds an article around 10,000 articles and at the end, and resident MB then."""

    articles: int
    early: float
    late: float
    ratio: float  # of the two, each measured by what making the same readings cost then, so that other work on the machine weighs on both
    memory_early: int
    memory_late: int

    @property
    def flat(self) -> bool:
        """Whether cost and memory are."""
        return self.ratio <= BARS["bulk"] and self.memory_late <= GROWTH * self.memory_early


Times = dict[str, Took]
"""By question; the high percentile is the 99th."""


def bulk(where: str, articles: int) -> Bulk:
    """Ingest in one run."""
    readings = World().readings()
    costs: list[float] = []
    making: list[float] = []
    sizes: list[int] = []
    with Record.open(where) as record:
        work = at_work(record)
        for done in range(STEP, articles + 1, STEP):
            batch: list[Reading] = []
            making.append(timed(partial(batch.extend, islice(readings, STEP)), work)[1] / STEP)
            clock, busy = timed(partial(record.ingest, batch), work)
            costs.append(busy / STEP)
            sizes.append(resident())
            print(
                f"{done:>8,}  {costs[-1]:.2f} ms CPU, {clock / STEP:.2f} ms an article  {sizes[-1]} MB  "
                f"({making[-1]:.2f} ms to make)",
                flush=True,
            )
    early, late = slice(max(0, EARLY // STEP - 2), EARLY // STEP + 4), slice(-max(2, len(costs) // 7), None)
    relative = [cost / made for cost, made in zip(costs, making, strict=True)]
    found = Bulk(
        articles,
        median(costs[early]),
        median(costs[late]),
        median(relative[late]) / median(relative[early]),
        sizes[min(len(sizes), EARLY // STEP) - 1],
        sizes[-1],
    )
    growth = found.memory_late / found.memory_early
    print(
        f"cost at {articles:,} over cost at {EARLY:,}: {found.ratio:.2f} (bar {BARS['bulk']}), "
        f"not measured by the making: {found.late / found.early:.2f}; memory: {growth:.2f} (bar {GROWTH})"
    )
    return found


def resident() -> int:
    """Resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20


def multiply(where: str, events: int) -> None:
    """Copy what a record has, each copy some years earlier and under other ids, until it has so many events."""
    with Record.open(where) as record:
        store = record._store
        with store.write() as tx:
            there = tx.execute(select(func.count()).select_from(tables.event)).scalar() or 0
            last = {one: tx.execute(text(f"SELECT max(pk) FROM {one}")).scalar() or 0 for one in ("article", "event")}
            indexes = tx.execute(text(_INDEXES[tx.dialect.name])).all()
            for name, _ in indexes:  # made anew over all at the end, which is much faster than row by row
                tx.execute(text(f"DROP INDEX {name}"))
        for n in range(1, -(-events // max(1, there))):
            with store.write() as tx:
                _copy(tx, n, last)
        with store.write() as tx:
            for _, made_by in indexes:
                tx.exec_driver_sql(made_by)
        if store.postgres:  # what a server does by itself in time
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        else:
            with store.write() as tx:
                tx.execute(text("ANALYZE"))


def _copy(tx: Connection, n: int, last: dict[str, int]) -> None:
    """The n-th copy of the articles and events up to the last ones (pk) of what there was."""
    article, event, days = n * last["article"], n * last["event"], n * SPAN
    for name, moves in _MOVES.items():
        columns = [column.name for column in tables.metadata.tables[name].columns]
        made = [_moved(column, moves, {"article": article, "event": event}, n, days) for column in columns]
        quoted = ", ".join(f'"{column}"' for column in columns)
        first = f'"{_LIMIT[name]}" <= {last["article" if name in ("article", "reading") else "event"]}'
        tx.execute(text(f'INSERT INTO "{name}" ({quoted}) SELECT {", ".join(made)} FROM "{name}" WHERE {first}'))
    if tx.dialect.name == "sqlite":
        moved = f"rowid - ({days} << 32) + {event}, words, facets FROM incident_text"
        first = f"rowid & 4294967295 <= {last['event']}"
        tx.execute(text(f"INSERT INTO incident_text(rowid, words, facets) SELECT {moved} WHERE {first}"))
        new = f"pk > {article} AND pk <= {article + last['article']}"
        tx.execute(
            text(f"INSERT INTO article_text(rowid, title, text) SELECT pk, title, text FROM article WHERE {new}")
        )
    else:
        moved = f"pk + {event}, day - {days}, words FROM incident_text"
        tx.execute(text(f"INSERT INTO incident_text(pk, day, words) SELECT {moved} WHERE pk <= {last['event']}"))
        moved = f"pk + {article}, words FROM article_text"
        tx.execute(text(f"INSERT INTO article_text(pk, words) SELECT {moved} WHERE pk <= {last['article']}"))


SPAN = 365 * 3
"""Days between a copy and the next."""
_COPIED = "('article', 'reading', 'event', 'incident', 'facet', 'counted', 'item', 'incident_text', 'article_text')"
_INDEXES = {
    "sqlite": f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {_COPIED}",
    "postgresql": f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {_COPIED} "
    "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}
"""Name and statement of every index on what is copied, keys apart."""
_MOVES: dict[str, dict[str, str]] = {
    "article": {"pk": "article", "copies": "article", "day": "day", "id": "id"},
    "reading": {"article": "article"},
    "event": {
        **dict.fromkeys(("pk", "answers", "cluster", "incident"), "event"),
        "article": "article",
        "lo": "day",
        "hi": "day",
        "anchor": "day",
        "published": "day",
        "id": "id",
    },
    "incident": {"pk": "event", "answers": "event", "day": "day", "id": "id"},
    "facet": {"incident": "event", "day": "day"},
    "counted": {"incident": "event"},
    "item": {"incident": "event", "closer": "event", "opened": "day", "due": "day", "closed": "day"},
}
_LIMIT = {
    "article": "pk",
    "reading": "article",
    "event": "pk",
    "incident": "pk",
    "facet": "incident",
    "counted": "incident",
    "item": "incident",
}


def _moved(column: str, moves: dict[str, str], shift: dict[str, int], n: int, days: int) -> str:
    match moves.get(column):
        case "article" | "event" as kind:
            return f'"{column}" + {shift[kind]}'
        case "day":
            return f'"{column}" - {days}'
        case "id":
            return f"'{n}x' || \"{column}\""
    return f'"{column}"'


def questions(record: Record, rng: random.Random) -> dict[str, Callable[[], Any]]:
    """Each page-sized question with random arguments, as often asked of what is often told as of the rest."""
    shown = record.incidents(Filter(), limit=500).items
    cursor = record.incidents(Filter(), limit=400).next
    common = [one for one in shown if one.receiving and one.sending and one.receiving != one.sending]
    words = [
        "embassy",
        "severed",
        "protest",
        "by",
        "evacuation",
        "bead",
        "stonnd",
        "vourn",
        "graimber",
        "troust",
        "leaxsion",
    ]
    articles = record.articles(limit=200).items

    def one() -> Any:
        return rng.choice(common)

    def both() -> tuple[str, str]:
        return (it := one()).receiving, it.sending

    def embassy() -> str:
        return f"embassy {(it := one()).sending} {it.receiving}"

    return {
        "first page": lambda: record.incidents(),
        "a later page": lambda: record.incidents(cursor=cursor),
        "state": lambda: record.incidents(Filter(state=one().receiving)),
        "pair": lambda: record.incidents(Filter(pair=both())),
        "post": lambda: record.incidents(Filter(post=embassy())),
        "type": lambda: record.incidents(Filter(type=(one().type,))),
        "group": lambda: record.incidents(Filter(group=(one().group,))),
        "status": lambda: record.incidents(Filter(status=(one().status,))),
        "denied": lambda: record.incidents(Filter(status=("denied",))),
        "contested": lambda: record.incidents(Filter(standing=("contested",))),
        "rejected": lambda: record.incidents(Filter(review=("rejected",))),
        "since and until": lambda: record.incidents(Filter(since="1985", until="1985-03")),
        "open": lambda: record.incidents(Filter(open=True)),
        "sources": lambda: record.incidents(Filter(sources=rng.choice((2, 5, 20)))),
        "state and type": lambda: record.incidents(Filter(state=one().receiving, type=(one().type,))),
        "state, denied": lambda: record.incidents(Filter(state=one().receiving, status=("denied",))),
        "state, group, open, sources": lambda: record.incidents(
            Filter(state=one().receiving, group=(one().group,), open=True, sources=3)
        ),
        "type, contested, sources": lambda: record.incidents(
            Filter(type=(one().type,), standing=("contested",), sources=5)
        ),
        "text": lambda: record.incidents(Filter(text=rng.choice(words))),
        "two words": lambda: record.incidents(Filter(text=" ".join(rng.sample(words, 2)))),
        "phrase": lambda: record.incidents(Filter(text='"protest by"')),
        "text and state": lambda: record.incidents(Filter(text=rng.choice(words), state=one().receiving)),
        "text, type, since": lambda: record.incidents(Filter(text=rng.choice(words), type=(one().type,), since="1988")),
        "incident": lambda: record.incident(one().id),
        "pair ledger": lambda: record.pair(*both()),
        "post history": lambda: record.post(embassy()),
        "open items": lambda: record.open_items(),
        "open items of a state": lambda: record.open_items(holder=one().receiving),
        "articles": lambda: record.articles(),
        "articles of an outlet": lambda: record.articles(outlet=rng.choice(articles).outlet),
        "articles with words": lambda: record.articles(text=rng.choice(words)),
        "article": lambda: record.article(rng.choice(articles).id),
        "outlets": lambda: record.sources(),
        "changes": lambda: record.changes(rng.randrange(record.last_change())),
    }


def ask(where: str, rounds: int) -> Times:
    """Time each question."""
    record = Record.open(where)
    found: Times = {}
    bar = BARS[record._store.url.get_backend_name()]
    rng = random.Random(7)
    with record._store.read() as tx:
        counts = [
            tx.execute(select(func.count()).select_from(table)).scalar()
            for table in (tables.event, tables.incident, tables.article)
        ]
    print("{:,} events, {:,} incidents, {:,} articles".format(*counts))
    work = at_work(record)
    for name, question in questions(record, rng).items():
        for _ in range(20):
            question()
        gc.freeze()  # as `legation desk` does when its data is loaded
        one = found[name] = often(question, rounds, 0.99, work)
        over = "  over the bar" if one.work >= bar else ""
        print(f"{name:30} {one.p50:8.1f} {one.high:8.1f} ms, {one.work:8.1f} ms at work{over}", flush=True)
    record.close()
    return found


def at_work(record: Record) -> Callable[[], float]:
    """Seconds that this process, and the server's for it, have computed: what remains where nothing else runs."""
    if not record._store.postgres:
        return process_time
    with record._store.read() as tx:
        server_side = Path(f"/proc/{tx.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")
    return lambda: process_time() + int(server_side.read_text().split()[0]) / 1e9


def under(where: str, times: Times) -> bool:
    """Whether every p99 of time at work is under the bar of the database."""
    bar = BARS["postgresql" if where.startswith("postgres") else "sqlite"]
    return all(one.work < bar for one in times.values())


def report(articles: int, events: int, rounds: int) -> bool:
    """Everything on SQLite and, where it is installed, PostgreSQL, into docs/performance.md; True when all bars hold."""
    found: dict[str, tuple[Bulk, Times]] = {}
    before = figures.load()
    with TemporaryDirectory(prefix="legation-bench-") as folder:
        where = str(Path(folder) / "bench.db")
        grown = bulk(where, articles)
        multiply(where, events)
        found["SQLite"] = grown, ask(where, rounds)
        pages, first = desk.measure(where, rounds), desk.transferred(where)
    if server.installed():
        with server.postgres("shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=8GB") as where:
            where += "/postgres"
            grown = bulk(where, articles // 4)
            multiply(where, events)
            found["PostgreSQL"] = grown, ask(where, rounds)
    figures.put("The record and the desk", section(found, pages, first, events, before))
    held = [grown.flat and under(name.casefold(), times) for name, (grown, times) in found.items()]
    return all(held) and desk.fast(pages, first)


def section(
    found: dict[str, tuple[Bulk, Times]], pages: dict[str, Took], first: float, events: int, before: str
) -> str:
    """The part of docs/performance.md that is about the record and the desk; `first`: thousands of bytes of the first page; `before`:
    the load when it began."""
    lines = [
        "    python bench/record.py report",
        "",
        f"{figures.machine()}; load average {before} before, {figures.load()} after.",
        "",
        "### Adding readings",
        "",
        "Made-up readings that overlap as real ones do (`bench/world.py`), added in one run, in batches of 500. Processor time of the",
        "ingesting process and the database's for it, the making of the readings apart; the ratio is of costs measured by what making the",
        "readings cost at the time, so that other work on the machine weighs on both.",
        "",
        f"| record | articles | ms an article around {EARLY:,} | at the end | ratio | bar | MB around {EARLY:,} | at the end | bar |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, (grown, _) in found.items():
        costs = f"{grown.early:.2f} | {grown.late:.2f} | {grown.ratio:.2f} | ≤ {BARS['bulk']}"
        memory = f"{grown.memory_early} | {grown.memory_late} | ≤ {grown.memory_early * GROWTH:.0f}"
        lines.append(f"| {name} | {grown.articles:,} | {costs} | {memory} |")
    lines += [
        "",
        f"### Questions at {events:,} events",
        "",
        "The same record copied through time; each question asked with random arguments, milliseconds. p50 and p99 are by the clock,",
        "whatever else ran; `at work` is the p99 of the processor time of both sides, and the bar is for that.",
    ]
    for name, (_, times) in found.items():
        bar = BARS[name.casefold()]
        lines += ["", f"| question of {name} | p50 | p99 | at work | bar |", "| --- | --- | --- | --- | --- |"]
        lines += [_line(question, one, bar) for question, one in times.items()]
    lines += [
        "",
        f"### Pages of the desk at {events:,} events",
        "",
        "Over that SQLite record (`bench/desk.py`): the whole application in one process, without the network, milliseconds; p50 and p95 by",
        "the clock, `at work` the p95 of the processor time, and the bar is for that.",
        "",
        "| page | p50 | p95 | at work | bar |",
        "| --- | --- | --- | --- | --- |",
        *(_line(name, one, desk.BAR) for name, one in pages.items()),
        "",
        f"The first page takes {first:.0f} kB on the wire with style and script (bar: {desk.FIRST:.0f} kB), the letters (29 to 89 kB, once) apart.",
    ]
    return "\n".join(lines)


def _line(name: str, one: Took, bar: float) -> str:
    over = "" if one.work < bar else " missed"
    return f"| {name} | {one.p50:.1f} | {one.high:.1f} | {one.work:.1f} | < {bar:.0f}{over} |"


def main() -> Iterator[bool]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["bulk", "queries", "report"])
    parser.add_argument("--record", default="bench.db")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--events", type=int, help="multiply the record to so many first  [report: 1,000,000]")
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    if given.what == "report":
        yield report(given.articles, given.events or 1_000_000, given.rounds)
    elif given.what == "bulk":
        yield bulk(given.record, given.articles).flat
    else:
        if given.events:
            multiply(given.record, given.events)
        yield under(given.record, ask(given.record, given.rounds))


if __name__ == "__main__":
    sys.exit(0 if all(main()) else 1)
