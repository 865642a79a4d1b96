"""The commands. Each is a file of this folder: ``cli/brief.py`` is ``legation brief``.

A command file has a docstring, whose first line stands in ``legation --help``, and a Click command named
``command``. It is imported only when that command runs (or shows its own help); what is heavy (spaCy, SQLAlchemy,
FastAPI) is imported inside the function that needs it.
"""

import sys
from errno import EDQUOT, ENOSPC, EPIPE
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from legation import __version__


class Commands(click.Group):
    """A group whose commands are the files beside this one."""

    @cached_property
    def files(self) -> dict[str, Path]:
        """Command name → file; ``_`` in a file name is ``-`` in the command."""
        found = sorted(Path(__file__).parent.glob("[!_]*.py"))
        return {path.stem.replace("_", "-"): path for path in found}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.files:
            return None
        command: click.Command = import_module(f"{__name__}.{self.files[cmd_name].stem}").command
        command.name = cmd_name
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """What the machine refuses (a full disk, a file it may not write) ends a command with a sentence, not a traceback."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except OSError as error:
            if error.errno == EPIPE:  # whoever read has enough; Click ends quietly
                raise
            full = error.errno in (ENOSPC, EDQUOT)
            named = error.filename or ("standard output" if full else "the system")
            remedy = "make room" if full else "check the path and its permissions"
            raise click.ClickException(f"{named}: {error.strerror or error}; {remedy}") from None
        return done

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the first lines of their docstrings, without importing any of them."""
        firsts = {name: path.read_text(encoding="utf-8").partition("\n")[0] for name, path in self.files.items()}
        if firsts:
            with formatter.section("Commands"):
                formatter.write_dl([(name, line.strip('"')) for name, line in firsts.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="legation")
def main() -> None:
    """News about diplomats and missions in, a sourced record out.

    Who did what to whom, who says so, who denies it, which duty it engages and what answered it; every value points
    at the words it was read from.
    """
