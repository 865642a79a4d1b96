"""Read articles and add them to a record.

PATH is a file, a folder, - for standard input, or a URL (a page or a feed). Repeating the command, or killing it half-way and
repeating it, leaves the same record as one clean run. Exit status: 0 if every input was read, 3 if one was not.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

import click

from legation.cli._record import opened, record_option
from legation.cli.read import edtf_option

if TYPE_CHECKING:
    from legation.cluster.local import Outcome, Settings
    from legation.record import Record
    from legation.sources import Raw, Unreadable

BATCH = 500


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@record_option
@click.option("--workers", type=click.IntRange(1), help="Processes to read with.  [default: one per core]")
@edtf_option
@click.option("--all", "everything", is_flag=True, help="Keep articles that are out of scope too.")
@click.option("--allow-private", "private", is_flag=True, help="Fetch from private addresses too.")
@click.option("--again", is_flag=True, help="Read what was read before, too.")
@click.option(
    "--max-bytes", type=click.IntRange(1), default=5_000_000, show_default=True, help="Largest article taken."
)
def command(
    paths: tuple[str, ...],
    where: str,
    workers: int | None,
    published: str | None,
    everything: bool,
    again: bool,
    private: bool,
    max_bytes: int,
) -> None:
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from legation.cluster.local import Settings, cores, read_lines
    from legation.record.versions import current
    from legation.sources import raws
    from legation.sources.web import Stamp, Web

    settings = Settings(published)
    with opened(where, create=True) as record:
        intake = Intake(record, settings, everything, again)
        stamps = {} if again else {url: Stamp(*said) for url, said in record.stamps().items()}
        web = Web(private=private, max_bytes=max_bytes, stamps=dict(stamps))
        outcomes = read_lines(
            intake.fresh(raws(paths, max_bytes=max_bytes, web=web)), settings, workers=workers or cores()
        )
        try:
            while intake.add(list(islice(outcomes, BATCH)), current()):
                pass
        except KeyboardInterrupt:
            click.echo(
                "legation: interrupted; what is on the record is kept, the same command again adds the rest", err=True
            )
            sys.exit(130)
        record.keep_stamps({url: stamp for url, stamp in web.stamps.items() if stamps.get(url) != stamp})
        click.echo(f"legation: {intake}", err=True)
    if intake.unreadable:
        sys.exit(3)


class Intake:
    """What went into a record, in the order of the inputs."""

    def __init__(self, record: "Record", settings: "Settings", everything: bool, again: bool) -> None:
        self.record, self.everything, self.again = record, everything, again
        self.how = repr(settings)
        self.under_way: list[tuple[str, str] | None] = []
        self.new = self.known = self.outside = self.skipped = self.unreadable = 0

    def __str__(self) -> str:
        parts = [
            f"{self.new} articles added",
            f"{self.known + self.skipped} already there",
            f"{self.outside} out of scope",
        ]
        return ", ".join([*parts, f"{self.unreadable} could not be read"])

    def fresh(self, inputs: "Iterable[Raw | Unreadable]") -> "Iterator[Raw | Unreadable]":
        """Inputs that were not read into this record before."""
        from legation.sources import Unreadable

        iterator = iter(inputs)
        while some := list(islice(iterator, 64)):
            keys = [None if isinstance(one, Unreadable) else (self._digest(one), one.source) for one in some]
            unread = iter(self.record.unread([key for key in keys if key]))
            for one, key in zip(some, keys, strict=True):
                if key is None or next(unread) or self.again:
                    self.under_way.append(key)
                    yield one
                else:
                    self.skipped += 1

    def add(self, outcomes: "list[Outcome]", versions: dict[str, str]) -> bool:
        """Put a batch on the record; False when there is none."""
        import msgspec

        from legation.schema import Reading
        from legation.sources import Unreadable

        keys, self.under_way = self.under_way[: len(outcomes)], self.under_way[len(outcomes) :]
        readings = []
        for outcome in outcomes:
            if isinstance(outcome, Unreadable):
                self.unreadable += 1
                click.echo(f"legation: {outcome}", err=True)
            elif outcome.relevant or self.everything:
                readings.append(msgspec.json.decode(outcome.json, type=Reading))
            else:
                self.outside += 1
        done = self.record.ingest(readings, versions=versions)
        self.record.note(
            [key for key, one in zip(keys, outcomes, strict=True) if key and not isinstance(one, Unreadable)]
        )
        self.new, self.known = self.new + done.new, self.known + done.known
        return bool(outcomes)

    def _digest(self, one: "Raw") -> str:
        return blake2b(one.data + f"|{one.kind}|{self.how}".encode(), digest_size=16).hexdigest()
