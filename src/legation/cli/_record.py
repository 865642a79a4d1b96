"""What the commands over a record share: which record, errors as the shell wants them, tables and JSON lines."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from legation.record import Record
    from legation.record.nouns import Filter, Incident, Item, Link

F = TypeVar("F", bound=Callable[..., Any])

record_option = click.option(
    "--record",
    "where",
    default="legation.db",
    show_default=True,
    envvar="LEGATION_RECORD",
    metavar="WHERE",
    help="An SQLite file or a postgresql:// address.",
)
form_option = click.option(
    "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True
)


@contextmanager
def opened(where: str, *, create: bool = False) -> Iterator["Record"]:
    """The record; its errors end the command with their message and exit status 1, wrong usage with 2."""
    from legation.record import Record, RecordError
    from legation.record.store import WrongUsage

    try:
        with Record.open(where, create=create) as record:
            yield record
    except WrongUsage as error:
        raise click.UsageError(str(error)) from None
    except RecordError as error:
        raise click.ClickException(str(error)) from None


def filter_options(command: F) -> F:
    """The filters of `legation list`, which other commands take too."""
    for option in reversed(
        (
            click.option("--state", metavar="ISO3", help="One of the two states concerned, or the actor's."),
            click.option("--receiving", metavar="ISO3", help="The state in which the mission is, or was told to act."),
            click.option("--sending", metavar="ISO3", help="The state whose mission or people it is about."),
            click.option("--target", metavar="ISO3", help="The state of whoever was hit or addressed."),
            click.option("--pair", nargs=2, metavar="ISO3 ISO3", help="Both."),
            click.option("--post", metavar="SPEC", help='Such as "embassy RUS ANKARA".'),
            click.option("--type", multiple=True, help="An event type; may be given again."),
            click.option("--group", multiple=True, help="A group of types; may be given again."),
            click.option("--status", multiple=True, help="reported, claimed, denied, announced, threatened, demanded."),
            click.option(
                "--standing", multiple=True, help="corroborated, contested, denied, one-sided, single-source."
            ),
            click.option("--review", multiple=True, help="unreviewed, confirmed, corrected, rejected."),
            click.option("--since", metavar="DATE", help="From this day, month or year on."),
            click.option("--until", metavar="DATE", help="Up to this day, month or year."),
            click.option("--open", is_flag=True, help="With something that still waits for an answer."),
            click.option(
                "--min-sources", "sources", type=click.IntRange(0), default=0, help="Independent ones at least."
            ),
            click.option(
                "--text", metavar="WORDS", help='Words and "phrases" of headlines and of the sentences that tell of it.'
            ),
        )
    ):
        command = option(command)
    return command


def filter_of(options: dict[str, Any]) -> "Filter":
    """The `Filter` of those options."""
    import msgspec

    from legation.record.nouns import Filter

    given = {
        name: value or None
        for name, value in options.items()
        if name in ("state", "receiving", "sending", "target", "pair", "post", "since", "until", "text")
    }
    given |= {name: str(given[name]).upper() for name in ("state", "receiving", "sending", "target") if given[name]}
    given["pair"] = [code.upper() for code in given["pair"]] if given["pair"] else None
    try:
        return msgspec.convert(options | given, Filter)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{error}; `legation list --help` says what there is") from None


def states_found(record: "Record", wanted: "Filter") -> None:
    """Where nothing passes a filter, a code in it that is no state's ends the command with its name."""
    codes = [code for code in (wanted.state, *(wanted.pair or ()), *states_of_post(wanted.post or "")) if code]
    if codes and not record.incidents(wanted, limit=1).items:
        states_known(codes)


def states_of_post(spec: str) -> list[str]:
    """The codes in "embassy RUS ANKARA"."""
    return re.findall(r"\b[A-Z]{3}\b", spec)


def states_known(codes: Iterable[str]) -> None:
    """Asked where nothing was found: a code that is no state's ends the command with its name."""
    from legation.atlas import load

    known = {state.code for state in load().states}
    for code in codes:
        if code not in known:
            raise click.UsageError(f"state {code}: no ISO 3166 alpha-3 code; `legation atlas NAME` gives a state's")


def json_line(thing: Any) -> None:
    """One line of JSON on standard output."""
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(thing) + b"\n")


def incidents_table(incidents: Iterable["Incident"]) -> None:
    """A row an incident."""
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "date", "what", "status", "standing", "sources", "open")
    for one in incidents:
        sources = f"{one.sources} of {one.articles}"
        when = one.date or (f"by {one.day}" if one.day else "")
        cells = (one.id, when, one.headline, one.status, one.standing, sources, str(one.open or ""))
        table.add_row(*map(Text, cells))
    printed(table)


def link_how(link: "Link") -> str:
    """How an answer hangs on what it answers: "stated, in kind, 3 days"."""
    parts = ["stated" if link.explicit else "inferred", *(["in kind"] if link.in_kind else [])]
    if link.delay:
        low, high = link.delay
        parts.append(f"{low} {'day' if low == 1 else 'days'}" if low == high else f"{low} to {high} days")
    return ", ".join(parts)


def items_table(items: Iterable["Item"]) -> None:
    """A row an open item."""
    from rich.table import Table
    from rich.text import Text

    table = Table("incident", "kind", "owed by", "to", "since", "due", "state", "what")
    for one in items:
        what = one.what + (f" ← {one.because}" if one.because else "")
        cells = (one.incident, one.kind, one.holder, one.toward, one.opened, one.due, one.state, what)
        table.add_row(*(Text(cell or "") for cell in cells))
    printed(table)


def printed(*things: Any) -> None:
    """Print for a person: as wide as the terminal, or 160 columns into a pipe."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(*things)
