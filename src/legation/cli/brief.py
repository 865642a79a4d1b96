"""The briefing: what happened between which states, who says so, which duty is at stake, what is still open.

PATH is a file (.txt, .html, .jsonl, also .gz or .zst), a folder, or - for standard input; with --record the briefing is
that of what is on a record. Without --html or --docx it is printed. Exit status: 0 if every input was read, 3 if one was not, 2 for wrong usage.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legation.cli._out import NewFile, output
from legation.cli._record import opened, states_found

if TYPE_CHECKING:
    from legation.exports.briefing import Briefing


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--record", "where", metavar="WHERE", help="An SQLite file or a postgresql:// address, instead of PATHs.")
@click.option("--pair", nargs=2, metavar="ISO3 ISO3", help="Of the record, only what lies between these two states.")
@click.option("--state", metavar="ISO3", help="Of the record, only what concerns this state.")
@click.option("--since", metavar="DATE", help="Of the record, only from this day, month or year on.")
@click.option("--until", metavar="DATE", help="Of the record, only up to this day, month or year.")
@click.option("--html", type=NewFile(), help="Write it as one self-contained page.")
@click.option("--docx", type=NewFile(), help="Write it as a Word document.")
@click.option("--workers", type=click.IntRange(1), help="Processes to read with.  [default: one per core]")
def command(
    paths: tuple[str, ...], where: str | None, pair: tuple[str, str] | None, state: str | None, since: str | None,
    until: str | None, html: Path | None, docx: Path | None, workers: int | None,
) -> None:  # fmt: skip
    from legation.exports.briefing import as_document, as_page, in_terminal

    if bool(paths) == bool(where):
        raise click.UsageError("give PATHs to read, or --record WHERE")
    if paths and (pair or state or since or until):
        raise click.UsageError("--pair, --state, --since and --until choose from a record; give --record WHERE")
    found, unread = _of_record(where, pair, state, since, until) if where else _of_paths(paths, workers)
    if html:
        with output(html) as page:
            page.write(as_page(found).encode())
    if docx:
        with output(docx) as document:
            as_document(found, document)
    if not html and not docx:
        from rich.console import Console

        in_terminal(found, Console(width=None if sys.stdout.isatty() else 100))
    if unread:
        sys.exit(3)


def _of_paths(paths: tuple[str, ...], workers: int | None) -> "tuple[Briefing, int]":
    """The briefing over articles, and how many inputs could not be read."""
    import msgspec

    from legation.cluster.local import Settings, cores, read_lines
    from legation.exports.briefing import briefing
    from legation.schema import Reading
    from legation.sources import Unreadable, raws

    readings, unread = [], 0
    for outcome in read_lines(raws(paths), Settings(), workers=workers or cores()):
        if isinstance(outcome, Unreadable):
            unread += 1
            click.echo(f"legation: {outcome}", err=True)
        else:
            readings.append(msgspec.json.decode(outcome.json, type=Reading))
    return briefing(readings), unread


def _of_record(
    where: str, pair: tuple[str, str] | None, state: str | None, since: str | None, until: str | None
) -> "tuple[Briefing, int]":
    from legation.exports.briefing import briefing_of
    from legation.record.nouns import Filter

    codes = (pair[0].upper(), pair[1].upper()) if pair else None
    wanted = Filter(pair=codes, state=state.upper() if state else None, since=since, until=until)
    with opened(where) as record:
        states_found(record, wanted)
        return briefing_of(record, wanted), 0
