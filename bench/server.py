"""A PostgreSQL server of our own, for the tests and the measurements of the record."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam

BIN = Path("/usr/lib/postgresql/15/bin")


def installed() -> bool:
    """Whether Debian's PostgreSQL 15 is there (apt-get install postgresql-15)."""
    return (BIN / "initdb").exists()


@contextmanager
def postgres(*settings: str) -> Iterator[str]:
    """Address of a server on a free port, with its data in a folder that is removed afterwards."""
    as_root = os.getuid() == 0  # postgres refuses to run as root
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if as_root else {}
    folder = Path(tempfile.mkdtemp(prefix="legation-postgres-"))
    if as_root:
        os.chown(folder, getpwnam("postgres").pw_uid, getpwnam("postgres").pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **user}
    try:
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([BIN / "initdb", "-D", folder / "data", *options], **run)  # type: ignore[call-overload]
        given = " ".join(f"-c {one}" for one in ("listen_addresses=127.0.0.1", "fsync=off", *settings))
        start = [BIN / "pg_ctl", "-D", folder / "data", "-o", f"-p {port} -k {folder} {given}", "-l", folder / "log"]
        subprocess.run([*start, "-w", "start"], **run)  # type: ignore[call-overload]
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run([BIN / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
