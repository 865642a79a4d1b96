"""The briefing: what happened between which states, who says so, which duty is at stake, what is still open.

PATH is a file (.txt, .html, .jsonl, also .gz or .zst), a folder, or - for standard input. Without --html or --docx the
briefing is printed. Exit status: 0 if every input was read, 3 if one was not, 2 for wrong usage.
"""

import sys

import click


@click.command(help=__doc__)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--html", type=click.Path(dir_okay=False, writable=True), help="Write it as one self-contained page.")
@click.option("--docx", type=click.Path(dir_okay=False, writable=True), help="Write it as a Word document.")
@click.option("--workers", type=click.IntRange(1), help="Processes to read with.  [default: one per core]")
def command(paths: tuple[str, ...], html: str | None, docx: str | None, workers: int | None) -> None:
    import msgspec

    from legation.cluster.local import Settings, cores, read_lines
    from legation.exports.briefing import as_document, as_page, briefing, in_terminal
    from legation.schema import Reading
    from legation.sources import Unreadable, raws

    readings, unread = [], 0
    for outcome in read_lines(raws(paths), Settings(), workers=workers or cores()):
        if isinstance(outcome, Unreadable):
            unread += 1
            click.echo(f"legation: {outcome}", err=True)
        else:
            readings.append(msgspec.json.decode(outcome.json, type=Reading))
    found = briefing(readings)
    if html:
        with open(html, "w", encoding="utf-8") as page:
            page.write(as_page(found))
    if docx:
        with open(docx, "wb") as document:
            as_document(found, document)
    if not html and not docx:
        from rich.console import Console

        in_terminal(found, Console(width=None if sys.stdout.isatty() else 100))
    if unread:
        sys.exit(3)
