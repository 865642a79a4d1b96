"""Check a record: every text and reading against its hash, every span against its text, the audit chain.

Prints a line for each thing that is not so; exit status 1 if there is one.
"""

import sys

import click

from legation.cli._record import opened, record_option


@click.command(help=__doc__)
@record_option
@click.option("--head", metavar="HASH", help="The log must contain this hash, noted from an earlier run.")
def command(where: str, head: str | None) -> None:
    with opened(where) as record:
        problems = list(record.verify())
        log = record.audit()
        if head and head not in {entry.hash for entry in log}:
            problems.append(f"audit log: has no entry with the hash {head}; entries were taken out or rewritten")
        counted = f"{len(log)} audit entries, the last {log[-1].hash}" if log else "an empty record"
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    click.echo(f"sound: {counted}", err=True)
