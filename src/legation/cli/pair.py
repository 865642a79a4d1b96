"""Two states side by side: what each did to the other, what answered it, what is still open."""

from typing import TYPE_CHECKING

import click

from legation.cli._record import (
    form_option,
    incidents_table,
    items_table,
    json_line,
    link_how,
    opened,
    printed,
    record_option,
    states_known,
)

if TYPE_CHECKING:
    from legation.record.nouns import Tally


@click.command(help=__doc__)
@click.argument("first", metavar="ISO3")
@click.argument("second", metavar="ISO3")
@record_option
@form_option
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="At most so many a column.")
def command(first: str, second: str, where: str, form: str, limit: int) -> None:
    with opened(where) as record:
        found = record.pair(first.upper(), second.upper(), limit=limit)
    if not (found.by_first.items or found.by_second.items):
        states_known([found.first, found.second])
    if form == "jsonl":
        json_line(found)
        return
    from rich.rule import Rule
    from rich.text import Text

    for state, column, tally in (
        (found.first, found.by_first, found.tally_first),
        (found.second, found.by_second, found.tally_second),
    ):
        printed(Rule(f"{state}: did, or happened on its soil"))
        incidents_table(column.items)
        sums = (f"{t.type} {t.incidents}{_counted(t)}" for t in tally)
        printed(Text("in all: " + (", ".join(sums) or "nothing")))
    printed(Rule("answers"))
    for link in found.links:
        one, other = (f"{end.date or 'undated'} {end.headline}" for end in (link.answer, link.answered))
        printed(Text(f"{one} ← {other}: {link_how(link)}"))
    if found.unanswered:
        printed(Rule("measures without an answer on the record"))
        incidents_table(found.unanswered)
    if found.items:
        printed(Rule("waits"))
        items_table(found.items)


def _counted(tally: "Tally") -> str:
    """How many people, missions or objects, as a range where accounts differ."""
    if not tally.count:
        return ""
    low, high = tally.count_low, tally.count_high
    return f" ({low if low == high else f'{low} to {high}'} counted)"
