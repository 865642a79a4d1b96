"""What a watch has to tell, in words: for a mail, a feed, and as data for a webhook."""

from collections.abc import Iterable, Sequence
from typing import Any

from legation.desk.words import FIELDS, plain, told
from legation.exports.briefing.dates import in_words
from legation.record.nouns import Claim
from legation.record.watches import Notice, Watch
from legation.schema import Noun, Party

KINDS = {"new": "New", "changed": "Changed", "gone": "Retracted", "left": "No longer within the filter"}
TOLD = {
    **{name: FIELDS[name] for name in ("type", "status", "date", "city", "host", "post", "count")},
    "actor": "who did it",
    "target": "whom it touches",
    "claimant": "on whose word",
    "standing": "how the accounts stand",
    "review": "review",
    "sources": "independent sources",
    "duties": "duties at stake",
    "open": "open items",
    "count_low": "lowest number",
    "count_high": "highest number",
}
"""Fields whose change is told, and what they are called; the others say the same in other ways."""
LONGEST = 50
"""Notices of a message; more are counted."""


class Message(Noun, frozen=True, kw_only=True):
    """A mail's subject and text."""

    subject: str
    text: str


def message(watch: Watch, notices: Sequence[Notice], desk: str | None) -> Message:
    """The mail that tells of notices, the gravest first; `desk`: the address of the desk, for links."""
    ordered = sorted(notices, key=lambda n: (n.incident.severity if n.incident else 0, n.seq), reverse=True)
    subject = headline(ordered[0]) if len(ordered) == 1 else f"{_counted(ordered)}; {headline(ordered[0])}"
    parts = [f"{watch.name}: {_counted(ordered)}."]
    parts += ["\n".join(lines(notice, desk)) for notice in ordered[:LONGEST]]
    if len(ordered) > LONGEST:
        parts.append(f"And {len(ordered) - LONGEST} more.")
    parts.append("A claim is not a fact: each line says on whose word it stands.")
    return Message(subject=f"[{watch.name}] {subject}"[:250], text="\n\n".join(parts) + "\n")


def headline(notice: Notice) -> str:
    """ "New: Iraqi crowds attacked …"."""
    return f"{KINDS[notice.kind]}: {told(notice.incident) if notice.incident else f'incident {notice.id}'}"


def lines(notice: Notice, desk: str | None) -> list[str]:
    """What happened, what changed, who says so, where to read it."""
    found = [headline(notice)]
    one = notice.incident
    if notice.into:
        found.append(f"It is part of {', '.join(notice.into)} now.")
    if one and notice.kind in ("new", "changed"):
        found.append(
            f"{in_words(one.date)}; {one.status}, {one.standing}; {one.sources} independent of {one.articles} articles."
        )
    if notice.kind != "new":
        found += [f"{name}: {before}, now {after}" for name, before, after in changed(notice)]
    found += [f"- {said(claim)}" for claim in notice.says]
    if desk:
        found.append(link(notice, desk))
    return found


def changed(notice: Notice) -> list[tuple[str, str, str]]:
    """What changed: name of the field, before, after, in words."""
    return [
        (TOLD[name], _word(before), _word(after)) for name, (before, after) in notice.fields.items() if name in TOLD
    ]


def said(claim: Claim) -> str:
    """ "Sergei Lavrov (foreign minister) denies (The Daily, 15 March 2018): “…”"."""
    who = claim.name or claim.side or claim.outlet or "an outlet not known"
    role = f" ({claim.role})" if claim.role else ""
    relay = f", relayed by {claim.relayed_by}" if claim.relayed_by else ""
    where = f"{claim.outlet or 'outlet not known'}, {in_words(claim.day)}{relay}"
    return f"{who}{role} {claim.stance} ({where}): “{' '.join(claim.quote.split())}”"


def link(notice: Notice, desk: str) -> str:
    return f"{desk.rstrip('/')}/incidents/{notice.id}"


def body(watch: Watch, key: str, notices: Iterable[Notice], desk: str | None) -> dict[str, Any]:
    """What a webhook gets: the words of a mail as data, with the incident as the API gives it."""
    return {
        "delivery": key,
        "watch": {"id": watch.id, "name": watch.name},
        "notices": [
            {
                "seq": notice.seq,
                "at": notice.at,
                "kind": notice.kind,
                "id": notice.id,
                "into": notice.into,
                "says": headline(notice),
                "changed": notice.fields,
                "sources": [said(claim) for claim in notice.says],
                "link": link(notice, desk) if desk else None,
                "incident": notice.incident,
            }
            for notice in notices
        ],
    }


def _counted(notices: Sequence[Notice]) -> str:
    counts = {kind: sum(n.kind == kind for n in notices) for kind in KINDS}
    return ", ".join(f"{number} {KINDS[kind].casefold()}" for kind, number in counts.items() if number)


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return value.get("name") or value.get("kind") or plain(value.get("state")) or "not known"
    if isinstance(value, Party):
        return value.name or value.kind or plain(value.state)
    if isinstance(value, list | tuple):
        return ", ".join(map(_word, value)) or "none"
    return plain(value)
