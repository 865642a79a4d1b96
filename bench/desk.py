"""Times the desk's pages over a large record, as the server spends it: each page asked for with random arguments, one after the other.

    python bench/record.py bulk --record /tmp/bulk.db                        # makes a record of made-up readings
    python bench/record.py queries --events 1000000 --record /tmp/bulk.db    # multiplies it to a million events
    python bench/desk.py --record /tmp/bulk.db                               # exit 1 where a page is over the bar

The time is that of the whole application in one process (middleware, queries, template), without the network; printed are p50, p95
and the p95 of the time the process was at work, which is what remains on a machine that does nothing else: the bar is for that.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent))
from figures import Took, often
from legation.desk import app
from legation.desk.web import settle
from legation.record import Record

BAR, FIRST = 150.0, 150.0
"""Milliseconds of a page's p95; thousands of bytes that the first page takes."""
WORDS = ("expelled", "embassy", "protest", "attack", "ambassador", "consulate")


def pages(record: Record, rng: random.Random) -> dict[str, Callable[[], str]]:
    """Each page by name: an address with arguments that the record knows."""
    common = [
        one
        for one in record.incidents(limit=300).items
        if one.receiving and one.sending and one.receiving != one.sending
    ]
    articles = record.articles(limit=200).items

    def one():  # type: ignore[no-untyped-def]
        return rng.choice(common)

    def query(**given: object) -> str:
        return urlencode(given)

    return {
        "today": lambda: "/",
        "incidents": lambda: "/incidents",
        "incidents, state": lambda: f"/incidents?{query(state=one().receiving)}",
        "incidents, group and sources": lambda: f"/incidents?{query(group=one().group, sources=3)}",
        "incidents, words": lambda: f"/incidents?{query(text=rng.choice(WORDS))}",
        "map": lambda: "/map",
        "map, state": lambda: f"/map?{query(state=one().receiving)}",
        "timeline": lambda: "/timeline",
        "timeline, type": lambda: f"/timeline?{query(type=one().type)}",
        "search": lambda: f"/search?{query(text=rng.choice(WORDS))}",
        "incident": lambda: f"/incidents/{one().id}",
        "pairs": lambda: "/pairs",
        "pair": lambda: f"/pairs/{(it := one()).receiving}/{it.sending}",
        "post": lambda: f"/posts?{query(post=f'embassy {(it := one()).sending} {it.receiving}')}",
        "open items": lambda: "/open",
        "articles": lambda: "/articles",
        "article": lambda: f"/articles/{rng.choice(articles).id}",
        "sources": lambda: "/sources",
        "law": lambda: "/law",
        "ontology": lambda: "/ontology",
        "type": lambda: f"/ontology/{one().type}",
        "watches": lambda: "/watches?all=1",
        "intake": lambda: "/intake",
    }


def measure(where: str, rounds: int) -> dict[str, Took]:
    """Time every page."""
    rng = random.Random(11)
    found = {}
    with Record.open(where) as record:
        asked = pages(record, rng)
    settle()
    with TestClient(app(where, hosts=["testserver"]), headers={"accept": "text/html"}) as desk:
        for name, address in asked.items():

            def ask(address: Callable[[], str] = address) -> None:
                got = desk.get(at := address())
                if got.status_code != 200:
                    sys.exit(f"{at}: answered {got.status_code}")

            for _ in range(8):
                ask()
            one = found[name] = often(ask, rounds, 0.95)
            told = f"{name:30} {one.p50:8.1f} {one.high:8.1f} ms, {one.work:8.1f} ms of them at work"
            print(told + ("  over the bar" if one.work >= BAR else ""), flush=True)
    return found


def transferred(where: str) -> float:
    """Thousands of bytes that the first page is on the wire, with all it names: style, script, pictures; letters (fonts) apart."""
    with TestClient(app(where, hosts=["testserver"]), headers={"accept": "text/html"}) as desk:

        def size(at: str) -> int:
            with desk.stream("GET", at) as got:
                return sum(map(len, got.iter_raw()))

        named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', desk.get("/").text))
        return sum(map(size, ["/", *named])) / 1000


def fast(found: dict[str, Took], first: float) -> bool:
    """Whether the time at work of every page is under the bar, and the size of the first."""
    return all(one.work < BAR for one in found.values()) and first < FIRST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", default="bench.db")
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    found, first = measure(given.record, given.rounds), transferred(given.record)
    print(f"first page: {first:.0f} kB transferred")
    sys.exit(0 if fast(found, first) else 1)


if __name__ == "__main__":
    main()
