"""What kinds of event there are: the list, or one type with its meaning, roles, codes and duties."""

import click

from legation.cli._print import markdown


@click.command()
@click.argument("type_id", metavar="[TYPE]", required=False)
def command(type_id: str | None) -> None:
    """The event types by group, or all about TYPE (such as expulsion)."""
    from legation.exports.knowledge import type_entry
    from legation.ontology import GROUPS, event_type, types

    if type_id is None:
        for group in GROUPS:
            click.secho(group, bold=True)
            for t in types().values():
                if t.group == group:
                    click.echo(f"  {t.id:26}{t.definition}")
        return
    try:
        markdown(type_entry(event_type(type_id)))
    except KeyError as error:
        raise click.UsageError(error.args[0]) from None
