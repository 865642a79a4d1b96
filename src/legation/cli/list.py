"""What is on the record: incidents that pass all filters, newest first."""

import click

from legation.cli._record import (
    filter_of,
    filter_options,
    form_option,
    incidents_table,
    json_line,
    opened,
    record_option,
    states_found,
)


@click.command(help=__doc__)
@record_option
@filter_options
@form_option
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--cursor", metavar="CURSOR", help="Go on where an earlier page ended.")
@click.option("--all", "everything", is_flag=True, help="All of them, page after page.")
def command(where: str, form: str, limit: int, cursor: str | None, everything: bool, **options: object) -> None:
    with opened(where) as record:
        wanted = filter_of(options)
        states_found(record, wanted)
        if everything and form == "jsonl":
            for one in record.every(wanted):
                json_line(one)
            return
        page = record.incidents(wanted, cursor, limit)
        shown = tuple(record.every(wanted)) if everything else page.items
        if form == "jsonl":
            for one in shown:
                json_line(one)
        else:
            incidents_table(shown)
        if page.next and not everything:
            click.echo(f"more: --cursor {page.next}", err=True)
