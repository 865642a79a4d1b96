"""EDTF as stretches of days (proleptic Gregorian ordinals), which can be compared and ordered."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@lru_cache(maxsize=65536)
def span(edtf: str | None) -> tuple[int, int] | None:
    """First and last day an EDTF date can mean; None for None, for an unknown year, and for what is no date."""
    if not edtf or edtf.startswith("XXXX"):
        return None
    if plain := _PLAIN.fullmatch(edtf):
        year, month, day = (int(part) if part else None for part in plain.groups())
        try:
            first = date(year or 1, month or 1, day or 1)
            last = date(year or 1, month or 12, day or monthrange(year or 1, month or 12)[1])
        except ValueError:
            return None
        return first.toordinal(), last.toordinal()
    return _any(edtf)


def _any(edtf: str) -> tuple[int, int] | None:
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        found = parse_edtf(edtf)
        low, high = found.lower_strict(), found.upper_strict()
        return date(*low[:3]).toordinal(), date(*high[:3]).toordinal()
    except (
        EDTFParseException,
        ValueError,
        AttributeError,
        TypeError,
        OverflowError,
    ):  # open and unknown ends have no day
        return None


def month_day(edtf: str | None) -> str | None:
    """``12-20`` of ``XXXX-12-20`` and of ``2016-12-20``."""
    return edtf[5:] if edtf and len(edtf) == 10 and edtf[5:].replace("-", "").isdigit() else None


def iso(day: int | None) -> str | None:
    """The ISO date of a day."""
    return date.fromordinal(day).isoformat() if day else None
