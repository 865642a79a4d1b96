"""Markdown on a terminal, as it is into a pipe."""

import sys

import click


def markdown(text: str) -> None:
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
