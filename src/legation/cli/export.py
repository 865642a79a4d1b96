"""Write what is on a record in a format that others work with: jsonl, csv, parquet, geojson, plover, cameo, ftm, atom, ….

The oldest incident comes first; the same articles and decisions give the same bytes (an Atom feed apart). docs/exports.md says what
each format keeps and loses.
"""

from pathlib import Path

import click

from legation.cli._out import NewFile, output
from legation.cli._record import filter_of, filter_options, opened, record_option, states_found

_FORMS = ("jsonl", "csv", "parquet", "package", "geojson", "plover", "cameo", "ftm", "atom", "annotations", "ics")


@click.command(help=__doc__)
@record_option
@click.option("--to", "form", type=click.Choice(_FORMS), required=True)
@click.option("--out", type=NewFile(), help="Write to this file.  [default: standard output]")
@filter_options
def command(where: str, form: str, out: Path | None, **options: object) -> None:
    from legation.exports.formats import write

    try:
        with opened(where) as record, output(out) as stream:
            wanted = filter_of(options)
            states_found(record, wanted)
            write(record, form, stream, wanted)
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{form}: needs {error.name}; pip install 'legation[exports]'") from None
