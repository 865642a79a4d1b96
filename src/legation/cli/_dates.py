"""Dates that commands are given."""

import click


def as_edtf(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The callback of an option that takes an EDTF date."""
    from legation.cleaning.dates import edtf

    if value is None or (day := edtf(value)) == value:
        return value
    raise click.BadParameter(
        f"{value} is no EDTF date" + (f"; {day}?" if day else "; for example 2016-12-19, 2016-12, XXXX-12-19")
    )
