"""Open the record in the browser: pages for people, an HTTP API for programs.

Without accounts the desk listens on this machine alone. With --team whoever is signed in may do what their role allows
(`legation desk user add`); then it may listen on other addresses too, where people reach it by https: with a --certificate of its
own, or behind a --proxy that speaks https at the --public address. It runs until interrupted (Ctrl-C).
"""

import sys
from pathlib import Path
from typing import Any

import click

from legation.cli._record import json_line, opened, printed, record_option

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_ROLES = ("reader", "analyst", "editor", "admin")


@click.group(help=__doc__, invoke_without_command=True)
@record_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--team", is_flag=True, help="With accounts: nobody sees anything without signing in.")
@click.option("--public", metavar="URL", help="The address people reach it at, like https://desk.example.")
@click.option("--certificate", type=_file, help="Serve https: the certificate (PEM) …")
@click.option("--key", type=_file, help="… and its private key.")
@click.option("--openid", type=_file, help="Sign in at the provider (OpenID Connect) that this file describes.")
@click.option("--allow-private", is_flag=True, help="Links given to intake may lead to private addresses too.")
@click.option("--proxy", metavar="ADDRESS", help="Of the proxy in front: its word counts for where requests come from.")
@click.pass_context
def command(ctx: click.Context, /, where: str, **options: Any) -> None:
    if ctx.invoked_subcommand is None:
        _serve(where, **options)


def _serve(
    where: str, host: str, port: int, no_browser: bool, team: bool, public: str | None, certificate: Path | None,
    key: Path | None, openid: Path | None, allow_private: bool, proxy: str | None,
) -> None:  # fmt: skip
    import os
    import socket

    import uvicorn

    from legation.desk import app
    from legation.desk.openid import load
    from legation.desk.web import settle
    from legation.record import RecordError

    _refuse(host, team=team, public=public, certificate=certificate, key=key, openid=openid, proxy=proxy)
    if certificate and key:
        _matching(certificate, key)
    scheme = "https" if certificate else "http"
    try:
        with_host = () if host in ("0.0.0.0", "::") else (host,)
        provider = load(openid, os.environ.get("LEGATION_OPENID_SECRET")) if openid else None
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        at = listening.getsockname()[1]
        own = f"{scheme}://{f'[{host}]' if ':' in host else host}:{at}/"
        made = app(
            where,
            hosts=("localhost", "127.0.0.1", "::1", *with_host),
            team=team,
            public=public or (own if certificate else None),
            openid=provider,
            private=allow_private,
        )
    except (RecordError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{host} port {port}: {error.strerror}; give another with --port, or 0 for any"
        ) from None
    grants = provider is not None and provider.roles is not None and "admin" in provider.roles.values.values()
    if team and not grants and not _accounts(where):
        raise click.ClickException(
            f"{where}: has no admin yet; `legation desk user add NAME --role admin --record {where}` makes one"
        )
    address = public or own
    click.echo(f"legation: the desk is at {address}", err=True)
    if not no_browser:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(
        made,
        log_level="warning",
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy or "",
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    settle()
    uvicorn.Server(config).run(sockets=[listening])


def _refuse(
    host: str, *, team: bool, public: str | None, certificate: Path | None, key: Path | None, openid: Path | None,
    proxy: str | None,
) -> None:  # fmt: skip
    """Raises UsageError where others could decide without an account, or passwords could be read on their way."""
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together")
    if (public or certificate or openid or proxy) and not team:
        raise click.UsageError(
            "--public, --certificate, --openid and --proxy are for a desk with accounts; give --team too"
        )
    if public and not (public.startswith("https://") or _loopback(public.removeprefix("http://").partition(":")[0])):
        raise click.UsageError(f"--public {public}: passwords would be sent readable for all; give an https:// address")
    if _loopback(host):
        return
    if not team:
        raise click.UsageError(
            f"--host {host}: is not on this machine alone, and without accounts anybody who reaches it could decide; "
            "leave --host out and reach it from elsewhere through an SSH tunnel, or give it accounts with --team"
        )
    if not certificate and not (public and proxy):
        raise click.UsageError(
            f"--host {host}: passwords would be sent readable for all; give --certificate and --key, or the --public https "
            "address and the address of the --proxy that serves it"
        )
    if certificate and host in ("0.0.0.0", "::") and not public:
        raise click.UsageError(f"--host {host}: say by --public at which https:// address people reach it")


def _matching(certificate: Path, key: Path) -> None:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        problem = f"{certificate}, {key}: are no certificate and its private key ({error}); give both as PEM files"
        raise click.ClickException(problem) from None


def _loopback(host: str) -> bool:
    import ipaddress

    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _accounts(where: str) -> bool:
    with opened(where) as record:
        return any(one.role == "admin" and not one.disabled for one in record.accounts.every())


@command.group()
def user() -> None:
    """The accounts of a desk with --team."""


_by = click.option("--by", default="the command line", show_default=True, help="Who does it, for the log.")
_password = click.option(
    "--password-stdin", is_flag=True, help="Take the password from standard input, not the terminal."
)


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--openid", metavar="SUBJECT", help="Signs in elsewhere, as this ISSUER SUBJECT; no password.")
@_password
@_by
@record_option
def add(where: str, name: str, role: Any, openid: str | None, password_stdin: bool, by: str) -> None:
    """Make an account; asks for its password (12 characters or more)."""
    password = None if openid else _asked(password_stdin)
    with opened(where) as record:
        json_line(record.accounts.add(name, role, password, by=by, subject=openid))


@user.command("list")
@record_option
def list_(where: str) -> None:
    """Name the accounts."""
    from rich.table import Table
    from rich.text import Text

    table = Table("name", "role", "state", "signs in")
    with opened(where) as record:
        for one in record.accounts.every():
            state = "disabled" if one.disabled else "active"
            table.add_row(*map(Text, (one.name, one.role, state, "here" if one.local else "elsewhere")))
    printed(table)


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(_ROLES))
@_by
@record_option
def role_(where: str, name: str, role: Any, by: str) -> None:
    """Give an account another role."""
    with opened(where) as record:
        json_line(record.accounts.set_role(name, role, by=by))


@user.command("password")
@click.argument("name")
@_password
@_by
@record_option
def password_(where: str, name: str, password_stdin: bool, by: str) -> None:
    """Set the password of an account; its sessions and tokens end."""
    password = _asked(password_stdin)
    with opened(where) as record:
        json_line(record.accounts.set_password(name, password, by=by))


@user.command("disable")
@click.argument("name")
@_by
@record_option
def disable(where: str, name: str, by: str) -> None:
    """Let somebody no longer sign in; their sessions and tokens end."""
    with opened(where) as record:
        json_line(record.accounts.set_disabled(name, True, by=by))


@user.command("enable")
@click.argument("name")
@_by
@record_option
def enable(where: str, name: str, by: str) -> None:
    """Let somebody sign in again."""
    with opened(where) as record:
        json_line(record.accounts.set_disabled(name, False, by=by))


@user.command("token")
@click.argument("name")
@click.option("--program", required=True, help="What it is for.")
@_by
@record_option
def token(where: str, name: str, program: str, by: str) -> None:
    """Print a token with which a program may use the API as this account."""
    with opened(where) as record:
        click.echo(record.accounts.token(name, program, by=by))


@user.command("log")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True)
@record_option
def log(where: str, limit: int) -> None:
    """Print who signed in or tried to, and what was done to accounts, the last first (JSON lines)."""
    with opened(where) as record:
        for line in record.accounts.log(limit):
            json_line(line)


def _asked(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
