"""Draft a note verbale or a briefing from the record, to be finished by a person: as Word, page or PDF.

On one --incident, or on what passes a filter: a --pair, a period (--since, --until), a --post. Facts come with their sources in
footnotes, claims are marked as claims, and what a person must decide is left blank.
"""

from pathlib import Path
from typing import Any

import click

from legation.cli._out import NewFile, output
from legation.cli._record import filter_of, filter_options, opened, record_option, states_found


@click.command(help=__doc__)
@click.argument("kind", type=click.Choice(["note", "briefing"]))
@click.option("--incident", metavar="ID", help="On this incident.")
@click.option("--sender", metavar="ISO3", help="The State a note comes from; by default the one that was affected.")
@click.option("--out", required=True, type=NewFile(), help="A file: .docx, .html or .pdf.")
@filter_options
@record_option
def command(where: str, kind: Any, incident: str | None, sender: str | None, out: Path, **options: Any) -> None:
    import io

    from legation.exports.drafts import FORMS, draft, write

    form: Any = out.suffix.removeprefix(".")
    if form not in FORMS:
        raise click.UsageError(f"--out {out}: give a name that ends in .docx, .html or .pdf")
    wanted, made = filter_of(options), io.BytesIO()
    with opened(where) as record:
        states_found(record, wanted)
        write(draft(record, kind, wanted, incident=incident, sender=sender.upper() if sender else None), form, made)
    with output(out) as stream:
        stream.write(made.getvalue())
