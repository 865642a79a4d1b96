"""One mission through time: incidents, measures, whether it is open, what is still owed to it."""

import click

from legation.cli._record import (
    form_option,
    incidents_table,
    items_table,
    json_line,
    opened,
    printed,
    record_option,
    states_known,
    states_of_post,
)


@click.command(help=__doc__)
@click.argument("spec", metavar='"embassy RUS ANKARA"')
@record_option
@form_option
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many incidents.")
@click.option("--cursor", metavar="CURSOR", help="Go on where an earlier page ended.")
def command(spec: str, where: str, form: str, limit: int, cursor: str | None) -> None:
    with opened(where) as record:
        found = record.post(spec, cursor, limit)
    if not found.incidents.items:
        states_known(states_of_post(spec))
    if form == "jsonl":
        json_line(found)
        return
    from rich.text import Text

    sums = ", ".join(f"{group} {count}" for group, count in found.by_group.items())
    printed(
        Text(f"{sums or 'nothing'}; last closed {found.last_closed or '–'}, last opened {found.last_opened or '–'}")
    )
    incidents_table(found.incidents.items)
    if found.items:
        items_table(found.items)
    if found.incidents.next:
        click.echo(f"more: --cursor {found.incidents.next}", err=True)
