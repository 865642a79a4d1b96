"""Saved filters that tell what changed and who says so: by feed, e-mail and signed webhook.

`legation watch run` looks for what is new and sends what is due, each thing once; let cron call it every few minutes. What fails is
tried again by later runs, later and later. Feeds need no run: the desk serves them.
"""

import sys
from typing import Any

import click

from legation.cli._record import filter_of, filter_options, json_line, opened, printed, record_option, states_found


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command()
@click.argument("name")
@click.option("--mail", metavar="ADDRESS", help="Send a mail to …")
@click.option("--webhook", metavar="URL", help="POST to …, signed.")
@filter_options
@record_option
def add(where: str, name: str, mail: str | None, webhook: str | None, **options: Any) -> None:
    """Watch what passes a filter, from now on; prints the watch with its secrets (JSON)."""
    wanted = filter_of(options)
    with opened(where) as record:
        states_found(record, wanted)
        json_line(record.watches.add(name, wanted, mail=mail, webhook=webhook))


@command.command("list")
@record_option
def list_(where: str) -> None:
    """Name the watches."""
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "name", "of", "mail", "webhook", "state")
    with opened(where) as record:
        for one in record.watches.every():
            state = "paused" if one.paused else "on"
            table.add_row(*(Text(cell or "") for cell in (one.id, one.name, one.owner, one.mail, one.webhook, state)))
    printed(table)


@command.command()
@click.argument("id")
@record_option
def remove(where: str, id: str) -> None:
    """Remove a watch with all it told."""
    with opened(where) as record:
        record.watches.remove(id)


@command.command()
@click.argument("id")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@record_option
def show(where: str, id: str, limit: int) -> None:
    """Print what a watch told, the last first (JSON lines)."""
    with opened(where) as record:
        record.watches.get(id)
        for notice in record.watches.notices(id, limit):
            json_line(notice)


@command.command()
@click.option(
    "--smtp",
    envvar="LEGATION_SMTP",
    metavar="URL",
    help="Like smtp://mail.example or smtps://NAME:PASSWORD@mail.example.",
)
@click.option(
    "--from",
    "sender",
    envvar="LEGATION_MAIL_FROM",
    default="legation@localhost",
    show_default=True,
    help="The sender of mails.",
)
@click.option("--desk", envvar="LEGATION_DESK", metavar="URL", help="Where the desk is, for links in messages.")
@click.option(
    "--allow-private", is_flag=True, help="Webhooks may lead to machines that are not on the public internet."
)
@record_option
def run(where: str, smtp: str | None, sender: str, desk: str | None, allow_private: bool) -> None:
    """Look for what is new and send what is due. Exit status: 0, or 3 where something could not be sent."""
    from legation.desk.deliver import Post
    from legation.desk.deliver import run as deliver

    failed = False
    with opened(where) as record:
        for delivery, error in deliver(record, Post(smtp, sender, desk, allow_private)):
            told = f"{delivery.watch.name}: {len(delivery.notices)} by {delivery.channel}"
            click.echo(f"legation: {told}" + (f" failed, to be tried again: {error}" if error else " sent"), err=True)
            failed = failed or error is not None
    if failed:
        sys.exit(3)
