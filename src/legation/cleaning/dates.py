"""Calendar dates as written in news, to EDTF (ISO 8601-2): what is not stated stays ``XX``, and no year is guessed.

`dates` finds them in running text; `edtf` reads one value of a metadata field or an option. Relative expressions
("on Monday", "last week") are `legation.reading.events.when`'s.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Literal, NamedTuple

Order = Literal["dmy", "mdy"]
"""How 05/06/2017 is meant: day first or month first."""

_NAMES = """january jan janvier januar enero janeiro, february feb février februar febrero fevereiro,
march mar mars märz marzo março, april apr avril abril, may mai mayo maio, june jun juin juni junio junho,
july jul juillet juli julio julho, august aug août agosto, september sept sep septembre septiembre setembro,
october oct octobre oktober octubre outubro, november nov novembre noviembre novembro,
december dec décembre dezember diciembre dezembro"""
MONTHS = {name: number for number, names in enumerate(_NAMES.split(","), 1) for name in names.split()}

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d|[:.]\d)"
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)(?!\d)"
_SHORT_YEAR = r"(?:'|’)?(?P<short>\d\d)(?![\d:.]|\s?[ap]\.?m)"
_DIGIT = re.compile(r"\d")
_BY_NAME = re.compile(rf"\b({'|'.join(sorted({name[:3] for name in MONTHS}))})", re.IGNORECASE)
_BY_NUMBER = re.compile(r"\d[-./]\d")
_GAP = r"[\s,.\-/]{1,3}"
_FORMS = [
    (_BY_NAME if _MONTH in form else _BY_NUMBER, re.compile(rf"(?<![\w.]){form}(?![\w])", re.IGNORECASE))
    for form in (
        rf"{_YEAR}(?P<s>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=s)(?P<day>[12]\d|3[01]|0?[1-9])(?=T\d\d|\b)(?:T[\d:.]+Z?)?",
        rf"{_DAY}(?:{_GAP}|\s+(?:day\s+)?of\s+|\s+de\s+){_MONTH}(?:{_GAP}|\s+de\s+){_YEAR}",
        rf"{_MONTH}[\s.]{{0,2}}\s{_DAY}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}",
        rf"(?P<one>\d\d?)(?P<s>[./-])(?P<two>\d\d?)(?P=s){_YEAR}",
        rf"{_DAY}[\s-]{_MONTH}[\s-]{_SHORT_YEAR}",
        rf"(?P<one>\d\d)(?P<s>[./-])(?P<two>\d\d)(?P=s){_SHORT_YEAR}",
        rf"{_MONTH}\s{{1,2}}{_DAY}",
        rf"{_DAY}(?:\s{{1,2}}|-|\s+of\s+){_MONTH}",
        rf"{_MONTH}(?:,?\s+|\s+of\s+){_YEAR}",
        rf"{_MONTH}\s+(?:'|’)(?P<short>\d\d)(?!\d)",
    )
]
"""Fuller forms first: a later form is only tried where no earlier one stands; and none where what it needs is not there."""


class Dated(NamedTuple):
    """A date in a text: where it stands (code points), and what it says in EDTF."""

    start: int
    end: int
    edtf: str


def dates(text: str, order: Order | None = None) -> list[Dated]:
    """The calendar dates of a text in order: ``2016-12-19``, ``XXXX-12-20`` (no year given), ``2016-12``.

    `order` settles 05/06/2017; without it such a date gives the year alone. Two digits of a year are read as 1930 to 2029.
    """
    found: list[Dated] = []
    if not _DIGIT.search(text):
        return found
    has = {needed: bool(needed.search(text)) for needed in (_BY_NAME, _BY_NUMBER)}
    for form in (form for needed, form in _FORMS if has[needed]):
        for match in form.finditer(text):
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                found.append(Dated(match.start(), match.end(), _value(match.groupdict(), order) or ""))
    return sorted(date for date in found if date.edtf)


def edtf(value: str, order: Order | None = None) -> str | None:
    """The EDTF of a metadata field ("2016-12-19T20:15:00+03:00", "Dec 19, 2016", "2016"), None if it holds no date."""
    value = value.strip()
    if re.fullmatch(r"[\dX]{4}(-[\dX]{2}){0,2}", value):
        return _checked(value)
    if re.fullmatch(r"(1[6-9]|20)\d{6}", value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return next((found.edtf for found in dates(value, order)), None)


def _checked(value: str) -> str | None:
    year, month, day = [*value.split("-"), "XX", "XX"][:3]
    if month.isdigit() and not 1 <= int(month) <= 12:
        return None
    longest = monthrange(int(year) if year.isdigit() else 2000, int(month))[1] if month.isdigit() else 31
    return None if day.isdigit() and not 1 <= int(day) <= longest else value


def _value(parts: dict[str, str | None], order: Order | None) -> str | None:
    year = parts.get("year")
    if short := parts.get("short"):
        year = f"{'19' if int(short) >= 30 else '20'}{short}"
    if parts.get("one"):
        days = {_numeric(year, parts["one"], parts["two"], way) for way in _orders(parts["s"], order)} - {None}
        if not days and order:  # 10/19/2020 under a dateline whose country writes the day first
            days = {_numeric(year, parts["one"], parts["two"], "mdy" if order == "dmy" else "dmy")} - {None}
        return days.pop() if len(days) == 1 else year if days else None
    name = parts.get("month") or ""
    if not year and name in ("may", "march", "mar"):  # a verb, or a march of 5 envoys
        return None
    month = MONTHS.get(name.lower()) or int(name)
    if not (day := parts.get("day")):
        return f"{year}-{month:02}"
    return _checked(f"{year or 'XXXX'}-{month:02}-{int(day):02}")


def _orders(separator: str | None, order: Order | None) -> Iterator[Order]:
    """Dots part days, months and years on the European continent, where the day comes first."""
    if separator == "." or order != "mdy":
        yield "dmy"
    if separator != "." and order != "dmy":
        yield "mdy"


def _numeric(year: str | None, one: str | None, two: str | None, order: Order) -> str | None:
    day, month = (int(one or 0), int(two or 0)) if order == "dmy" else (int(two or 0), int(one or 0))
    return _checked(f"{year}-{month:02}-{day:02}") if 1 <= month <= 12 else None
