"""Who was bound by what, and when: the treaty between two states on a day, else customary law."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Literal, TypeAlias

from legation.law.data import Treaty, articles, parties, treaties

LISTS_STAND_AT = date(2015, 3, 1)
"""The lists of parties stand at March 2015 (law/parties/README.md)."""
CONTINUED_BY = {"SUN": "RUS"}
"""States whose participation another one continues under its own name in the lists."""
NOT_LISTED = frozenset({"YUG", "CSK", "DDR", "SCG", "YMD", "VDR", "TWN", "XKX"})
"""States whose participation the lists do not tell."""

Basis: TypeAlias = Literal["treaty", "custom", "none"]
"""On what a duty rests between two states: a treaty both are bound by, customary law, or nothing we know of."""


def bound(state: str, treaty: str, on: str | None) -> bool | None:
    """Whether a state (ISO alpha-3) was bound by a treaty on a day (EDTF); None when that is not known.

    Not known: no date, a date too coarse to tell, a state the lists leave out, or one not in them after March 2015. An
    unknown treaty raises KeyError. A treaty enters into force for a later party some days after its deposit (thirty, none
    for the General Convention), for a successor on the day given; a state that leaves counts as bound until its notice.
    """
    law = _treaty(treaty)
    days = _days(on)
    if days is None or law.in_force is None or state in NOT_LISTED:
        return None
    if treaty == "HQA":
        return state == "USA" and days[0] >= date.fromisoformat(law.in_force)
    answers = {_bound_on(CONTINUED_BY.get(state, state), law, day) for day in days}
    return answers.pop() if len(answers) == 1 else None


def basis(article: str, states: Iterable[str | None], on: str | None) -> Basis | None:
    """On what an article rests between the states concerned on a day (EDTF); None when not known.

    ``treaty`` when all are bound, ``custom`` when one is not and the treaty's content is customary law, else ``none``.
    """
    law = _treaty(articles()[article].treaty)
    known = [bound(state, law.id, on) if state else None for state in states]
    if law.id == "HQA":
        known = known[:1]
    if False in known or law.in_force is None:
        return "custom" if law.custom else "none"
    return "treaty" if known and all(known) else None


def icj_route(one: str, other: str, on: str | None, *, consular: bool = False) -> bool | None:
    """Whether the disputes protocol of a Vienna Convention leads both states to the International Court on a day."""
    answers = [bound(state, "OPC" if consular else "OPD", on) for state in (one, other)]
    return False if False in answers else None if None in answers else True


def _treaty(id: str) -> Treaty:
    try:
        return treaties()[id]
    except KeyError:
        raise KeyError(f"no treaty {id!r}; there are {', '.join(treaties())}") from None


def _bound_on(state: str, law: Treaty, day: date) -> bool | None:
    since = _since(state, law.id)
    if since is None:
        return False if day < LISTS_STAND_AT else None
    left = next((date.fromisoformat(w.notified) for w in law.withdrawn if w.state == state), None)
    return since <= day and (left is None or day < left)


@cache
def _since(state: str, treaty: str) -> date | None:
    """First day on which a treaty binds a state; None when it is not listed as a party."""
    law, entry = treaties()[treaty], parties(treaty).get(state)
    if entry is None or entry.deposited is None or law.in_force is None:
        return None
    wait = 0 if entry.how == "succession" else law.later_party_after_days
    return max(date.fromisoformat(law.in_force), date.fromisoformat(entry.deposited) + timedelta(days=wait))


@cache
def _days(edtf: str | None) -> tuple[date, date] | None:
    """First and last day that an EDTF date may mean; None when its year is not known or it is no date."""
    if not edtf or edtf[:4].upper().startswith("XXXX"):
        return None
    # A whole day is by far the most common, and the library takes milliseconds.
    if len(edtf) == 10 and edtf.replace("-", "").isdigit():
        return _whole_day(edtf)
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parsed = parse_edtf(edtf)
        first, last = parsed.lower_strict(), parsed.upper_strict()
        return date(*first[:3]), date(*last[:3])
    except (EDTFParseException, ValueError, AttributeError, TypeError):
        return None


def _whole_day(iso: str) -> tuple[date, date] | None:
    try:
        return date.fromisoformat(iso), date.fromisoformat(iso)
    except ValueError:
        return None
