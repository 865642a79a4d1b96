"""The shell of the commands: quick to start, lazy, and every file of the folder is a command."""

import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import legation
from legation.cli import Commands, main


def seconds_of_help() -> float:
    """Processor time of one ``legation --help``: unlike the clock, it says the same on a busy machine."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "legation.cli", "--help"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_starts_under_0_3_seconds():
    """A heavy import (spaCy: 1 s and more) fails it every time."""
    assert min(seconds_of_help() for _ in range(5)) < 0.3


def test_help_imports_no_command():
    code = (
        "import sys; from legation.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(any(m.startswith('legation.cli.') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_version():
    assert CliRunner().invoke(main, ["--version"]).output.strip() == f"legation, version {legation.__version__}"


def test_unknown_command_is_wrong_usage():
    result = CliRunner().invoke(main, ["no-such-command"])
    assert result.exit_code == 2
    assert "No such command" in result.output


@pytest.mark.parametrize("name", list(Commands().files))
def test_every_command_has_help_and_a_first_line(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert Path(Commands().files[name]).read_text(encoding="utf-8").startswith('"""')
    assert isinstance(main.get_command(click.Context(main), name), click.Command)
