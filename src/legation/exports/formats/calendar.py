"""An iCalendar (RFC 5545) of the days by which people have to be gone or posts closed: all-day events."""

from datetime import date, timedelta
from typing import IO

from legation.exports.formats.words import told
from legation.record import Record, days
from legation.record.nouns import Detail, Filter, Item

_STATUS = {"open": "CONFIRMED", "answered": "CANCELLED", "overtaken": "CANCELLED"}


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Legation//Record//EN", "CALSCALE:GREGORIAN"]
    for detail in record.details(wanted):
        for one in detail.items:
            if one.due:
                lines += _event(detail, one)
    lines.append("END:VCALENDAR")
    out.write("".join(f"{_folded(line)}\r\n" for line in lines).encode())


def _event(detail: Detail, one: Item) -> list[str]:
    day = date.fromisoformat(str(one.due))
    stamp = detail.incident.day or str(days.iso(1))
    who = one.holder or one.toward or "somebody"
    summary = f"{one.kind.capitalize()} for {who}: {detail.incident.headline}"
    return [
        "BEGIN:VEVENT",
        f"UID:{one.incident}-{one.kind}@legation",
        f"DTSTAMP:{stamp.replace('-', '')}T000000Z",  # the incident's day: the same record gives the same bytes
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(told(detail.incident))}",
        f"STATUS:{_STATUS[one.state]}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, as the format wants them."""
    parts: list[str] = []
    part = b""
    for character in line:
        if len(part) + len(character.encode()) > (75 if not parts else 74):
            parts.append(part.decode())
            part = b""
        part += character.encode()
    return "\r\n ".join([*parts, part.decode()])
