"""CAMEO dyads in the columns of the Phoenix data: tab-separated, one row an incident.

Codes are those of the ontology; types without one (staff caps, visa restrictions, summonses, notes …: docs/exports.md) are left out, as
are totals and incidents that are not dated to the day or known only from a denial.
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
    *("EventID", "Date", "Year", "Month", "Day", "SourceActorFull", "SourceActorEntity", "SourceActorRole"),
    *("TargetActorFull", "TargetActorEntity", "TargetActorRole", "EventCode", "EventRootCode", "QuadClass"),
    *(
        "GoldsteinScore",
        "Issues",
        "Lat",
        "Lon",
        "LocationName",
        "StateName",
        "CountryCode",
        "SentenceID",
        "URLs",
        "NewsSources",
    ),
)
_ROLES = {
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
    "media": "MED",
}
"""Party kinds as CAMEO roles."""


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
    code = event_type(one.type).cameo
    stretch = days.span(one.date)
    if code is None or stretch is None or stretch[0] != stretch[1] or one.status == "denied" or one.aggregate:
        return None
    if one.status in ("threatened", "demanded"):
        code = "13" if one.status == "threatened" else "10"
    date = str(days.iso(stretch[0]))
    place = point(one.city, one.host)
    return {
        "EventID": one.id,
        "Date": date.replace("-", ""),
        "Year": date[:4],
        "Month": date[5:7],
        "Day": date[8:],
        **_party("Source", one.actor),
        **_party("Target", one.target),
        "EventCode": code,
        "EventRootCode": code[:2],
        "QuadClass": quad(code),
        "Lat": place[0] if place else "",
        "Lon": place[1] if place else "",
        "LocationName": one.city or "",
        "StateName": "",
        "CountryCode": one.host or "",
        "SentenceID": detail.mentions[0].id,
        "NewsSources": ";".join(sorted({mention.outlet for mention in detail.mentions if mention.outlet})),
    }


def quad(code: str) -> int:
    """1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict, by the root code."""
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def _party(role: str, party: Party | None) -> dict[str, str]:
    if party is None:
        return {}
    sector = _ROLES.get(party.kind or "", "")
    return {
        f"{role}ActorFull": (party.state or "") + sector,
        f"{role}ActorEntity": party.state or state_name(party.state) or "",
        f"{role}ActorRole": sector,
    }
