"""Write what is on a record in a format that others work with: jsonl, csv, parquet, geojson, plover, cameo, ftm, atom, ….

The oldest incident comes first; the same articles and decisions give the same bytes (an Atom feed apart). docs/exports.md says what
each format keeps and loses.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from legation.cli._record import filter_of, filter_options, opened, record_option

_FORMS = ("jsonl", "csv", "parquet", "package", "geojson", "plover", "cameo", "ftm", "atom", "annotations", "ics")


@click.command(help=__doc__)
@record_option
@click.option("--to", "form", type=click.Choice(_FORMS), required=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.  [default: standard output]"
)
@filter_options
def command(where: str, form: str, out: Path | None, **options: object) -> None:
    from legation.exports.formats import write

    try:
        with opened(where) as record, _output(out) as stream:
            write(record, form, stream, filter_of(options))
            stream.flush()
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{form}: needs {error.name}; pip install 'legation[exports]'") from None
    except BrokenPipeError:
        sys.stderr.close()  # whoever read has enough
    except OSError as error:
        problem = f"{out or 'standard output'}: {error.strerror}; make room, or give another --out"
        raise click.ClickException(problem) from None


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes]]:
    """A file that is there only when it was written whole; else standard output."""
    if path is None:
        yield sys.stdout.buffer
        return
    if not path.parent.is_dir():
        raise click.ClickException(f"{path}: there is no such folder; make it first")
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
