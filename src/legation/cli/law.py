"""The law: a treaty, article, duty or case by its id; who is bound by what, and since when."""

import click

from legation.cli._dates import as_edtf
from legation.cli._print import markdown


@click.command()
@click.argument("law_id", metavar="[ID]", required=False)
@click.option("--parties", "list_parties", is_flag=True, help="Who joined the treaty ID, and when.")
@click.option(
    "--state", "states", multiple=True, metavar="CODE", help="What this state is bound by; twice: what binds the two."
)
@click.option(
    "--on", callback=as_edtf, metavar="DATE", help="The day (EDTF, such as 2016-12-19) that --state asks about."
)
def command(law_id: str | None, list_parties: bool, states: tuple[str, ...], on: str | None) -> None:
    """The duties and treaties, or all about ID: VCDR, VCDR-22, VCDR-22.2, D08, tehran_1980."""
    from legation.exports import knowledge
    from legation.law import duties, treaties

    codes = [state.upper() for state in states]
    try:
        if codes:
            if len(codes) == 2 and on:
                markdown(knowledge.pair_entry(codes[0], codes[1], on))
            elif len(codes) == 1:
                markdown(knowledge.state_entry(codes[0], on))
            else:
                raise click.UsageError("give --state once, or twice with --on DATE")
        elif law_id is None:
            for duty in duties().values():
                click.echo(f"{duty.id:5}{duty.title:38}{', '.join(dict.fromkeys(duty.cite.values()))}")
            for treaty in treaties().values():
                click.echo(f"{treaty.id:8}{treaty.name}")
        elif list_parties:
            if law_id.upper() not in treaties():
                raise click.UsageError(f"no treaty {law_id!r}; there are {', '.join(treaties())}")
            markdown(knowledge.parties_entry(treaties()[law_id.upper()]))
        else:
            markdown(knowledge.law_entry(law_id))
    except (KeyError, ValueError) as error:
        raise click.UsageError(error.args[0]) from None
