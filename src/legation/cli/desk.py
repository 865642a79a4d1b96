"""Open the record in the browser: pages for people, an HTTP API for programs, on this machine alone.

There are no accounts: the desk listens on a loopback address only. It runs until interrupted (Ctrl-C).
"""

import click

from legation.cli._record import record_option


@click.command(help=__doc__)
@record_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def command(where: str, host: str, port: int, no_browser: bool) -> None:
    import ipaddress
    import socket

    import uvicorn

    from legation.desk import app
    from legation.record import RecordError

    loopback = host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
    if not loopback:
        raise click.UsageError(
            f"--host {host}: is not on this machine alone, and without accounts anybody who reaches it could decide; "
            "leave --host out, and reach it from elsewhere through an SSH tunnel"
        )
    try:
        made = app(where)
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except RecordError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{host} port {port}: {error.strerror}; give another with --port, or 0 for any"
        ) from None
    address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
    click.echo(f"legation: the desk is at {address}", err=True)
    if not no_browser:
        import webbrowser

        webbrowser.open(address)
    uvicorn.Server(uvicorn.Config(made, log_level="warning", server_header=False)).run(sockets=[listening])


def _is_address(host: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
