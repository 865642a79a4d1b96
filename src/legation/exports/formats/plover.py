"""PLOVER events (2021) in the columns of the POLECAT releases: tab-separated, one row an incident.

Only what is dated to the day and has an actor or a recipient, no totals and nothing that is only denied; see docs/exports.md for what that leaves out.
"""

import csv
import io
from typing import IO, Any

from legation.exports.formats.flat import point, state_name
from legation.ontology import event_type
from legation.record import Record, days
from legation.record.nouns import Detail, Filter
from legation.schema import Party

COLUMNS = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *(
        f"{role} {column}" if "{}" not in column else column.format(role)
        for role in ("Actor", "Recipient")
        for column in ("Name", "Country", "COW", "Primary {} Sector", "Sectors", "Title", "Name Raw", "Wikipedia {} ID")
    ),
    *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename"),
    *("Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations"),
    *("Language", "Version"),
)

_SECTORS = {
    "government": "GOV",
    "mission": "GOV",
    "diplomat": "GOV",
    "staff": "GOV",
    "premises": "GOV",
    "property": "GOV",
    "security_service": "SPY",
    "police": "COP",
    "military": "MIL",
    "crowd": "CVL",
    "armed_group": "REB",
    "individual": "CVL",
    "organisation": "NGO",
    "media": "JRN",
}
"""Party kinds as PLOVER sectors."""
_QUADS = {
    "verbal cooperation": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "material cooperation": ("COOPERATE", "AID", "RETREAT"),
    "verbal conflict": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "material conflict": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for detail in record.details(wanted):
        if (row := _row(detail)) is not None:
            writer.writerow([row.get(column, "") for column in COLUMNS])
    text.flush()
    text.detach()


def _row(detail: Detail) -> dict[str, Any] | None:
    one = detail.incident
    code = event_type(one.type).plover
    stretch = days.span(one.date)
    dated = stretch is not None and stretch[0] == stretch[1]
    if stretch is None or not dated or not (one.actor or one.target) or one.status == "denied" or one.aggregate:
        return None
    place = point(one.city, one.host)
    published = sorted(mention.published for mention in detail.mentions if mention.published)
    return {
        "Event ID": one.id,
        "Event Date": days.iso(stretch[0]),
        "Event Type": code.event,
        "Event Mode": code.mode or "",
        "Quad Code": next((quad for quad, types in _QUADS.items() if code.event in types), "").upper(),
        "Contexts": code.context or "",
        **_party("Actor", one.actor),
        **_party("Recipient", one.target),
        "City": one.city or "",
        "Country": one.host or "",
        "Latitude": place[0] if place else "",
        "Longitude": place[1] if place else "",
        "Source": "; ".join(sorted({mention.outlet for mention in detail.mentions if mention.outlet})),
        "Publication Date": published[0] if published else "",
        "Language": "English",
        "Version": "PLOVER 2021",
    }


def _party(role: str, party: Party | None) -> dict[str, str]:
    if party is None:
        return {}
    sector = _SECTORS.get(party.kind or "", "")
    return {
        f"{role} Name": party.name or state_name(party.state) or "",
        f"{role} Country": party.state or "",
        f"Primary {role} Sector": sector,
        f"{role} Sectors": sector,
        f"{role} Name Raw": party.name or "",
    }
