"""`legation desk`: on which addresses it serves, and the accounts it keeps."""

import json

import pytest
from click.testing import CliRunner

from legation.cli.desk import command
from legation.record import Record

WORDS = "correct horse battery"


@pytest.fixture
def where(tmp_path) -> str:
    Record.open(tmp_path / "record.db").close()
    return str(tmp_path / "record.db")


def run(*arguments: str, given: str = ""):
    return CliRunner().invoke(command, arguments, input=given)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example"])
@pytest.mark.parametrize(("more", "said"), [
    ((), "is not on this machine alone"),
    (("--team",), "passwords would be sent readable"),
    (("--team", "--public", "http://desk.example", "--proxy", "192.0.2.2"), "give an https:// address"),
    (("--team", "--public", "https://desk.example"), "passwords would be sent readable"),
    (("--public", "https://desk.example"), "give --team too"),
])  # fmt: skip
def test_a_public_address_needs_accounts_and_https(where, host, more, said):
    got = run("--record", where, "--host", host, "--no-browser", *more)
    assert got.exit_code == 2
    assert said in got.output


def test_a_team_needs_an_admin(where):
    got = run("--record", where, "--team", "--no-browser", "--port", "0")
    assert got.exit_code == 1
    assert "has no admin yet" in got.output


def test_accounts_are_made_listed_changed_and_logged(where):
    got = run("user", "add", "Ada", "--role", "admin", "--password-stdin", "--record", where, given=WORDS + "\n")
    assert json.loads(got.output)["role"] == "admin"
    got = run("user", "add", "Bo", "--role", "reader", "--record", where, given=f"{WORDS}\n{WORDS}\n")
    assert got.exit_code == 0
    assert WORDS not in got.output
    assert (
        run("user", "add", "Cy", "--role", "reader", "--password-stdin", "--record", where, given="short\n").exit_code
        == 1
    )
    assert json.loads(run("user", "role", "Bo", "editor", "--record", where).output)["role"] == "editor"
    assert "last admin" in run("user", "disable", "Ada", "--record", where).output
    secret = run("user", "token", "Bo", "--program", "robot", "--record", where).output.strip()
    with Record.open(where) as record:
        assert record.accounts.who(secret, program=True).name == "Bo"
        run("user", "disable", "Bo", "--record", where)
        assert record.accounts.who(secret, program=True) is None
        run("user", "enable", "Bo", "--record", where)
        run("user", "password", "Bo", "--password-stdin", "--record", where, given=WORDS * 2)
        assert isinstance(record.accounts.sign_in("Bo", WORDS * 2, "::1"), str)
    listed = run("user", "list", "--record", where).output
    assert "Ada" in listed
    assert "Bo" in listed
    log = [json.loads(line) for line in run("user", "log", "--record", where).output.splitlines()]
    assert [line["outcome"] for line in log][:2] == ["signed in", "password changed"]
    assert log[-1]["by"] == "the command line"
