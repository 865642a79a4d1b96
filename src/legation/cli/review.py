"""Decide on an incident: confirm, correct, reject, merge, split, annotate; or undo a decision.

INCIDENT is the id of the incident or of any of its mentions. A decision wins over every later reading, stays in the audit log,
and can be undone by its number.
"""

import click

from legation.cli._record import json_line, opened, record_option

_author = click.option("--author", required=True, envvar="LEGATION_AUTHOR", help="Who decides.")
_reason = click.option("--reason", required=True, help="Why.")
_mentions = click.option("--mention", "mentions", multiple=True, help="Only this mention; may be given again.")


@click.group(help=__doc__)
def command() -> None:
    pass


def _decide(where: str, action: str, incident: str, **given: object) -> None:
    with opened(where) as record:
        json_line(record.review(action, incident, **given))  # type: ignore[arg-type]


@command.command()
@click.argument("incident")
@_mentions
@_author
@_reason
@record_option
def confirm(where: str, incident: str, **given: object) -> None:
    """It is as the record has it."""
    _decide(where, "confirm", incident, **given)


@command.command()
@click.argument("incident")
@click.argument("field")
@click.argument("value", required=False)
@_mentions
@_author
@_reason
@record_option
def correct(where: str, incident: str, **given: object) -> None:
    """Set FIELD (such as count, date, city, actor.state) to VALUE, or to unknown where none is given."""
    _decide(where, "correct", incident, **given)


@command.command()
@click.argument("incident")
@_mentions
@_author
@_reason
@record_option
def reject(where: str, incident: str, **given: object) -> None:
    """It is none, or the mention is none of it."""
    _decide(where, "reject", incident, **given)


@command.command()
@click.argument("incident")
@click.argument("other")
@_author
@_reason
@record_option
def merge(where: str, incident: str, **given: object) -> None:
    """INCIDENT and OTHER are one."""
    _decide(where, "merge", incident, **given)


@command.command()
@click.argument("incident")
@click.argument("mentions", nargs=-1, required=True, metavar="MENTION...")
@_author
@_reason
@record_option
def split(where: str, incident: str, **given: object) -> None:
    """These mentions tell of another incident."""
    _decide(where, "split", incident, **given)


@command.command()
@click.argument("incident")
@click.argument("note")
@_author
@_reason
@record_option
def annotate(where: str, incident: str, **given: object) -> None:
    """Add a note."""
    _decide(where, "annotate", incident, **given)


@command.command()
@click.argument("decision", type=int)
@_author
@_reason
@record_option
def undo(where: str, decision: int, author: str, reason: str) -> None:
    """Take back the decision of a number."""
    with opened(where) as record:
        json_line(record.undo(decision, author=author, reason=reason))
