"""Files that commands write."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click


class NewFile(click.Path):
    """A file to write, refused before any work is done where that cannot go well."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(os.fspath(value))  # type: ignore[call-overload]
        if path.is_dir():
            self.fail(f"{path}: is a folder; name a file in it", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"{path}: there is no folder {path.parent}; make it first", param, ctx)
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            self.fail(f"{path}: may not be written; change the permissions, or name another file", param, ctx)
        return path


@contextmanager
def output(path: Path | None, *, whole: bool = True) -> Iterator[IO[bytes]]:
    """A file, or standard output. If `whole`, the file is there only when all of it was written. Raises OSError with the name."""
    try:
        if path is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif whole and (path.is_file() or not path.exists()):  # a device is written as it is
            part = path.with_name(f"{path.name}.part")
            try:
                with part.open("wb") as file:
                    yield file
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        else:
            with path.open("wb") as file:
                yield file
    except OSError as error:
        error.filename = error.filename or str(path or "standard output")
        raise
