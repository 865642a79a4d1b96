"""EDTF dates as the briefing needs them: in words, in order, and whether two can be the same day."""

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(edtf: str | None) -> str:
    """``2016-12-19`` → 19 December 2016; ``XXXX-12-20`` → 20 December, year not given; None → date not given."""
    if edtf is None:
        return "date not given"
    if "/" in edtf:
        return " to ".join(in_words(part) for part in edtf.split("/") if part)
    plain, mark = edtf.rstrip("?~%"), edtf[-1] in "?~%"
    year, month, day = (*plain.split("-"), "", "")[:3]
    words = " ".join(
        filter(
            None, (day.lstrip("0") if day.isdigit() else "", _month(month), year if year.isdigit() else _decade(year))
        )
    )
    return ("about " if mark else "") + words.replace(" , ", ", ")


def sort_key(edtf: str | None, otherwise: str | None) -> str:
    """Orders dates by their first possible day; undated ones by the day that stands in, unknown ones last."""
    return next(
        (value.upper().replace("X", "0") for value in (edtf, otherwise) if value and value[:4].isdigit()), "9999"
    )


def compatible(one: str | None, other: str | None, days: int) -> bool:
    """Whether two dates can be the same act: every part both give is the same, or whole days lie at most `days` apart."""
    if one is None or other is None:
        return True
    whole = _day(one), _day(other)
    if whole[0] and whole[1]:
        return abs((whole[0] - whole[1]).days) <= days
    parts = zip(one.rstrip("?~%").split("-"), other.rstrip("?~%").split("-"), strict=False)
    return all("X" in a or "X" in b or a == b for a, b in parts)


def _day(edtf: str) -> date | None:
    try:
        return date.fromisoformat(edtf)
    except ValueError:
        return None


def _month(month: str) -> str:
    if not month.isdigit():
        return ""
    number = int(month)
    return (
        MONTHS[number - 1] if number <= 12 else {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}.get(number, "")
    )


def _decade(year: str) -> str:
    return f"the {year[:3]}0s" if year[:3].isdigit() else ", year not given"
