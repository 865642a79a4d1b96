"""Read articles: one JSON object per article, or a table for a quick look.

PATH is a file (.txt, .html, .jsonl, .warc, also .gz or .zst, .wacz, .parquet), a folder, or - for standard input. Readings go to standard output
in input order, everything else to standard error. Exit status: 0 if every input was read, 3 if one was not, 2 for wrong usage.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from legation.cli._dates import as_edtf
from legation.cli._out import NewFile, output

if TYPE_CHECKING:
    from legation.cluster.local import Outcome, Settings
    from legation.sources import Meter


edtf_option = click.option(
    "--published", callback=as_edtf, metavar="EDTF", help="The day the articles were published, whatever they say."
)


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(["jsonl", "table", "parquet"]), default="jsonl", show_default=True)
@click.option("--explain", is_flag=True, help="In the table, say for each event how it was read.")
@click.option("--workers", type=click.IntRange(1), help="Processes to read with.  [default: one per core]")
@edtf_option
@click.option(
    "--max-bytes", type=click.IntRange(1), default=5_000_000, show_default=True, help="Largest article taken."
)
@click.option("--out", type=NewFile(), help="Write to this file.")
@click.option("--relevant", is_flag=True, help="Leave out articles that are out of scope.")
@click.option("--no-triage", is_flag=True, help="Read every article in full, in scope or not.")
@click.option("--reader", type=click.Choice(["rules", "hybrid"]), default="hybrid", show_default=True, help="With or without the encoder.")  # fmt: skip
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Read on this machine, or over a Ray cluster.")  # fmt: skip
@click.option(
    "--run", metavar="FOLDER", help="Where a run over Ray keeps its shards and parts; goes on where it stopped."
)
def command(
    paths: tuple[str, ...], form: str, explain: bool, workers: int | None, published: str | None, max_bytes: int,
    out: Path | None, relevant: bool, no_triage: bool, reader: str, engine: str, run: str | None,
) -> None:  # fmt: skip
    for library in (
        "OMP",
        "OPENBLAS",
        "MKL",
    ):  # one core per process: numerical libraries start no threads of their own
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from legation.cluster.local import Settings, cores, read_lines
    from legation.sources import Unreadable, metered, raws

    if form == "parquet" and out is None:
        raise click.UsageError("--format parquet needs --out FILE")
    if (engine == "ray") != (run is not None):
        raise click.UsageError("--engine ray and --run FOLDER go together")
    if out and (folder := _reads(out, paths)):
        raise click.UsageError(f"--out {out}: would itself be read, as part of {folder}; give a name outside it")
    settings = Settings(published, not no_triage, "rules" if reader == "rules" else "hybrid")
    unread = 0
    with metered(paths) as meter, output(out, whole=False) as stream, _writer(form, stream, explain) as write:
        if run is not None:
            outcomes = _over_ray(run, paths, settings, max_bytes, workers)
        else:
            given = raws(paths, max_bytes=max_bytes)
            outcomes = _with_progress(read_lines(given, settings, workers=workers or cores()), meter)
        try:
            for outcome in outcomes:
                if isinstance(outcome, Unreadable):
                    unread += 1
                    click.echo(f"legation: {outcome}", err=True)
                elif outcome.relevant or not relevant:
                    write(outcome.json)
        except KeyboardInterrupt:
            click.echo("legation: interrupted; what was read until here is written", err=True)
            sys.exit(130)
    if unread:
        sys.exit(3)


def _reads(out: Path, paths: tuple[str, ...]) -> str | None:
    """The one of the paths that `out` is, or lies below as a file that is read."""
    from legation.sources import readable

    here = out.resolve()
    return next(
        (
            path
            for path in paths
            if (known := Path(path)).exists()
            and (known.resolve() == here or (known.resolve() in here.parents and readable(out.name)))
        ),
        None,
    )


def _over_ray(
    folder: str, paths: tuple[str, ...], settings: "Settings", max_bytes: int, workers: int | None
) -> "Iterator[Outcome]":
    """The outcomes of a run over Ray, once all its parts are there."""
    try:
        from legation.cluster.ray import Run, read
    except ModuleNotFoundError as missing:
        raise click.UsageError(f"--engine ray needs {missing.name}: pip install 'legation[cluster]'") from None
    one = Run(folder, paths, settings, max_bytes)
    try:
        number = one.lay_out()
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
    parts = number - len(one.missing())
    for done in read(one, workers=workers):
        parts += 1
        click.echo(f"legation: part {parts:,} of {number:,} is written, {done.inputs:,} articles", err=True)
    return one.outcomes()


@contextmanager
def _writer(form: str, stream: IO[bytes], explain: bool) -> Iterator[Callable[[bytes], object]]:
    """What writes a line of JSON in a format."""
    if form == "table":
        yield _table(stream, explain)
    elif form == "parquet":
        from legation.cluster.tables import Writer

        writer = Writer(stream)
        try:
            yield writer.write
        finally:
            writer.close()
    else:
        yield lambda line: stream.write(line + b"\n")


def _with_progress(outcomes: "Iterator[Outcome]", meter: "Meter") -> "Iterator[Outcome]":
    """The same, with a count, a rate and the time left on standard error while a person looks on."""
    if not sys.stderr.isatty():
        yield from outcomes
        return
    start = shown = time.monotonic()
    for number, outcome in enumerate(outcomes, 1):
        yield outcome
        if (now := time.monotonic()) - shown > 0.5:
            shown = now
            click.echo(f"\r\033[K{_progress(number, now - start, meter)}", err=True, nl=False)
    click.echo("\r\033[K", err=True, nl=False)


def _progress(number: int, seconds: float, meter: "Meter") -> str:
    """How far it is; the share done is that of the bytes taken, of which a few batches wait to be read."""
    said = f"{number:,} read, {number / seconds:,.0f} a second"
    share = min(1.0, meter.taken / meter.total) if meter.total else 0.0
    if not share:
        return said
    minutes, rest = divmod(round(seconds * (1 - share) / share), 60)
    bar = "█" * round(20 * share) + "░" * (20 - round(20 * share))
    return f"{bar} {share:.0%}, {said}, {minutes}:{rest:02} left"


def _table(stream: IO[bytes], explain: bool) -> Callable[[bytes], object]:
    """A writer of readings as tables, one per article."""
    import io

    import msgspec
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from legation.schema import Party, Reading

    to_terminal = stream is sys.stdout.buffer and sys.stdout.isatty()
    console = Console(file=sys.stdout if to_terminal else io.StringIO(), width=None if to_terminal else 160)

    def named(party: Party | None) -> str:
        return " ".join(filter(None, [party.state, party.kind, party.name])) if party else ""

    def write(line: bytes) -> None:
        reading = msgspec.json.decode(line, type=Reading)
        about = "  ".join(filter(None, [reading.outlet, reading.published]))
        console.print(Text(reading.source, style="bold"), Text(about), sep="  ")
        if reading.title:
            console.print(Text(reading.title, style="italic"))
        table = Table("date", "event", "status", "actor", "target", "where", "who says so", "words")
        for event in reading.events:
            where = " ".join(filter(None, [event.city, event.host]))
            says = " ".join(filter(None, [event.claimant.name, event.claimant.state])) if event.claimant else ""
            cells = [event.date or "", event.type, event.status, named(event.actor), named(event.target), where, says]
            table.add_row(*map(Text, [*cells, event.evidence.text]))
        console.print(table if reading.events else "no event" if reading.relevant else "out of scope", "")
        for event in reading.events if explain else ():
            console.print(Text.assemble((f"{event.type} ", "bold"), f"“{event.evidence.text}”: {event.why}"), "")
        if isinstance(console.file, io.StringIO):
            stream.write(console.file.getvalue().encode("utf-8"))
            console.file.seek(0)
            console.file.truncate()

    return write
