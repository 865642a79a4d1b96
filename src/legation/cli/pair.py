"""Two states side by side: what each did to the other, what answered it, what is still open."""

import click

from legation.cli._record import form_option, incidents_table, items_table, json_line, opened, printed, record_option


@click.command(help=__doc__)
@click.argument("first", metavar="ISO3")
@click.argument("second", metavar="ISO3")
@record_option
@form_option
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="At most so many a column.")
def command(first: str, second: str, where: str, form: str, limit: int) -> None:
    with opened(where) as record:
        found = record.pair(first.upper(), second.upper(), limit=limit)
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
        sums = (f"{t.type} {t.incidents}" + (f" ({t.count} counted)" if t.count else "") for t in tally)
        printed(Text("in all: " + (", ".join(sums) or "nothing")))
    printed(Rule("answers"))
    for link in found.links:
        how = ["stated" if link.explicit else "inferred", *(["in kind"] if link.in_kind else [])]
        printed(
            Text(
                f"{link.answer.headline} ({link.answer.date}) ← {link.answered.headline} ({link.answered.date}): {', '.join(how)}"
            )
        )
    if found.unanswered:
        printed(Rule("measures without an answer on the record"))
        incidents_table(found.unanswered)
    if found.items:
        printed(Rule("waits"))
        items_table(found.items)
