"""Read again what an older reader, ontology or model read, and say what changed. Decisions stay."""

import click

from legation.cli._record import json_line, opened, record_option


@click.command(help=__doc__)
@record_option
@click.option("--all", "everything", is_flag=True, help="Read everything again, whatever read it.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(where: str, everything: bool, form: str) -> None:
    from legation.reading import read_all
    from legation.record.versions import current

    with opened(where) as record:
        before = record.last_change()
        record.reread(read_all(record.stale({} if everything else current())), versions=current())
        while changes := record.changes(before, limit=500):
            before = changes[-1].seq
            for change in changes:
                if form == "jsonl":
                    json_line(change)
                    continue
                fields = "; ".join(
                    f"{name}: {_plain(old)} → {_plain(new)}" for name, (old, new) in change.fields.items()
                )
                into = f" into {', '.join(change.into)}" if change.into else ""
                name = change.incident.headline if change.incident else ""
                click.echo(f"{change.kind}{into}  {change.id}  {name}  {fields}".rstrip())


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    return "unknown" if value is None else str(value)
