"""An event in one plain sentence, from the templates of ``wording.yaml``."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from legation import atlas
from legation.ontology import event_type
from legation.schema import Claimant, Event, Party, Status

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_CHOICE = re.compile(r"<([^>]*)>")
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_TAKES_ARTICLE = re.compile(
    r"^(United|Democratic|Central African|Dominican|Soviet|Marshall|Solomon|Holy|German Dem|Federal|Republic|Gambia$"
    r"|Bahamas$|Maldives$|Comoros$|Seychelles$|Vatican)|(lands|ppines|Republic|Union|Emirates|Islands)$"
)


_BODY = re.compile(
    r"\w (Council|Union|Movement|Front|Army|Brigades?|Organi[sz]ation|Commission|League|Nations|Forces?|State|Party|Group"
    r"|Court|Secretariat|Assembly|Committee|Ministry|Office|Agency|Department|Embassy|Service)$|^(UN|EU|OAS|CIA|FBI|FSB)$"
)
_OFFICE = re.compile(
    r"(?i)\b(ministry|embassy|government|police|office|department|mission|consulate)$|^(ministry|department|embassy|office) "
)


class Phrase(NamedTuple):
    """Words for a party, and whether a verb after them is plural."""

    text: str
    plural: bool = False


@cache
def templates() -> dict[str, dict[str, str]]:
    """Type → past, passive, base, noun."""
    found: dict[str, dict[str, str]] = yaml.load(
        Path(__file__).with_name("wording.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return found


@cache
def state_name(code: str | None) -> str | None:
    """The state's English name, with "the" where it takes one; an unknown code stands for itself."""
    if code is None:
        return None
    state = atlas.load().state(code)
    name = state.name if state else code
    return f"the {name}" if _TAKES_ARTICLE.search(name) else name


@cache
def adjective(code: str | None) -> str:
    """ "Russian" for RUS, with a space after it; empty when no state is known."""
    state = atlas.load().state(code) if code else None
    if state is None:
        return f"{code} " if code else ""
    return f"{state.adj[0] if state.adj else state.name} "


def sentence(event: Event, status: Status, claimant: str | None, about: Event | None) -> str:
    """The event as one sentence in the voice its status allows, beginning with a capital, ending with a full stop."""
    words = _Words(event, about)
    if status == "reported":
        said = words.past
    elif status in ("claimed", "denied"):
        who = claimant or "a source not named"
        said = f"according to {who}, {words.past}" if status == "claimed" else f"{who} denied that {words.past}"
    elif words.actor is None:
        lead = {"announced": "it is announced that", "demanded": "it is demanded that"}
        lead["threatened"] = "there is a threat that" if hostile(event) else "it may be that"
        said = f"{lead[status]} {words.passive_with('should be' if status == 'demanded' else 'will be')}"
    else:
        plural = words.actor.plural
        verb = {"announced": "are to" if plural else "is to", "demanded": "are asked to" if plural else "is asked to"}
        verb["threatened"] = ("threaten to" if plural else "threatens to") if hostile(event) else "may"
        said = f"{words.actor.text} {verb[status]} {words.filled('base')}"
    return capital(said) + "."


def hostile(event: Event) -> bool:
    """Whether doing it is done against somebody, so that a hint of it is a threat."""
    return event_type(event.type).group in ("harm", "premises", "restriction") or event.type in (
        "relations_severed",
        "relations_downgraded",
    )


def noun(event: Event) -> str:
    """The event as a noun: "the expulsion of 6 Indian diplomats"."""
    return _Words(event, None).filled("noun")


def speaker(name: str | None, role: str | None, state: str | None) -> str | None:
    """Who speaks, in words: name, role, state, as far as known."""
    place, whole = state_name(state), name or role or ""
    known = place and (place.removeprefix("the ") in whole or adjective(state).strip() in whole)
    if name and _OFFICE.search(name):
        return name if re.search("['’]s ", name) else f"the {name if known else adjective(state) + name}"
    if name and role:
        return f"{name} ({role})"
    if name or role:
        return whole if not place or known else f"{whole} ({place.removeprefix('the ')})"
    return f"a source on the side of {state_name(state)}" if state else None


def claimant_words(claimant: Claimant | None) -> str | None:
    return speaker(claimant.name, None, claimant.state) if claimant else None


class _Words:
    """The phrases an event's template can ask for."""

    def __init__(self, event: Event, about: Event | None) -> None:
        self.event, self.template = event, templates()[event.type]
        self.actor = _party(event.actor, event)
        target = _target(event)
        self.slots: dict[str, str | None] = {
            "actor": self.actor.text if self.actor else None,
            "target": target.text if target else None,
            "was": "were" if target and target.plural else "was",
            "place": _place(event),
            "own": _mission(event.target or event.actor, event, own=True),
            "envoy": _envoy(event.target, event, own=self.actor is not None),
            "envoy_of": _envoy(event.target, event, own=False),
            "about": noun(about) if about and about is not event else None,
            "about_it": noun(about) if about and about is not event else _act_of(event),
            "number": str(event.count) if event.count else None,
            "suspect": _suspect(event),
            "suspect_was": "were" if (event.count or 1) > 1 else "was",
        }

    @property
    def past(self) -> str:
        return self.filled("past" if self.actor else "passive")

    def passive_with(self, verb: str) -> str:
        """The passive with another verb: "X was expelled" → "X will be expelled"."""
        return re.sub(r"\b(was|were)\b", verb, self.filled("passive"), count=1)

    def filled(self, form: str) -> str:
        """A template with its slots filled; optional parts whose slot is unknown are left out."""

        def part(match: re.Match[str]) -> str:
            names = re.findall(r"{(\w+)}", match[1])
            return match[1] if all(self.slots[name] for name in names) else ""

        kept = _CHOICE.sub(self._chosen, _OPTIONAL.sub(part, self.template[form]))
        fallback = {"actor": "somebody", "target": "somebody"}
        text = kept.format(**{name: value or fallback.get(name, "") for name, value in self.slots.items()})
        return " ".join(text.split())

    def _chosen(self, choice: re.Match[str]) -> str:
        """Of the things a type can mean, those that the evidence has words for; all of them, with "or", if it has none."""
        told = self.event.evidence.text.casefold()
        every = [(stems.split(","), words) for stems, _, words in (one.partition("=") for one in choice[1].split("|"))]
        fitting = [words for stems, words in every if any(stem in told for stem in stems)]
        *rest, last = fitting or [words for _, words in every]
        return f"{', '.join(rest)} {'and' if fitting else 'or'} {last}" if rest else last


def _act_of(event: Event) -> str:
    """What a word is about that no event says: "an act of the United Kingdom"."""
    actor, target = (party.state if party else None for party in (event.actor, event.target))
    return f"an act of {state_name(target)}" if target and target != actor else "an act"


def _party(party: Party | None, event: Event) -> Phrase | None:
    if party is None:
        return None
    state, name, kind = party.state, party.name, party.kind
    adj = adjective(state)
    if kind == "government" or kind is None:
        if name and state and not _stands_for(name, state):
            if _OFFICE.search(name):
                return Phrase(f"the {name if adj.strip() in name else adj + name}")
            return Phrase(f"{name}, for {state_name(state)},")
        whole = state_name(state) or name
        return Phrase(whole) if whole else None
    plain = {
        "organisation": "organisation",
        "armed_group": "armed group",
        "individual": "individual",
        "media": "medium",
    }
    if kind in plain:
        return Phrase(_named(name) if name else _article(f"{adj}{plain[kind]}"))
    if kind in ("mission", "premises", "property"):
        return Phrase(_mission(party, event, own=False))
    if kind in ("diplomat", "staff"):
        return _people(party, event)
    words = {"police": "police", "military": "forces", "security_service": "security services", "crowd": "crowds"}
    return Phrase(_named(name), plural=False) if name else Phrase(f"{adj}{words[kind]}", plural=True)


@cache
def _stands_for(name: str, state: str) -> bool:
    """Whether a name is the state itself or a place that stands for its government ("Mexico", "London", "the Kremlin")."""
    return any(c.code == state and c.kind in ("state", "capital", "metonym", "city") for c in atlas.load().lookup(name))


def _target(event: Event) -> Phrase | None:
    party = event.target
    if party is None:
        return None
    if party.state and (party.kind == "government" or event_type(event.type).group == "communication"):
        return Phrase(state_name(party.state) or "")
    if party.kind in ("diplomat", "staff"):
        return _people(party, event)
    if party.kind in ("mission", "premises", "property"):
        many = (event.count or 1) > 1 and event.type != "staff_cap"
        text = _mission(party, event, own=False)
        return Phrase(text, plural=many or text.endswith(("premises", "missions")))
    return _party(party, event)


def _people(party: Party, event: Event) -> Phrase:
    """ "the Russian diplomat Andrei Karlov", "6 Indian diplomats", "Iranian diplomatic staff" when no number is given.

    Other staff are "members of the American mission": their own nationality is not told.
    """
    adj, diplomat = adjective(party.state), party.kind == "diplomat"
    counted = event.count if party is event.target else None
    mission = f"the {adj}{_post_kind(party)}" if adj else f"a {_post_kind(party)}"
    if party.name:
        known = f"the {adj}diplomat {party.name}" if adj else f"the diplomat {party.name}"
        return Phrase(known if diplomat else f"{party.name} of {mission}")
    if counted == 1:
        return Phrase(f"one {adj}diplomat" if diplomat else f"one member of {mission}")
    if counted:
        return Phrase(f"{counted} {adj}diplomats" if diplomat else f"{counted} members of {mission}", plural=True)
    return Phrase(f"{adj}diplomatic staff" if diplomat else f"members of {mission}", plural=True)


def _post_kind(party: Party) -> str:
    return party.post.kind.replace("_", " ") if party.post else "mission"


def _mission(party: Party | None, event: Event, *, own: bool) -> str:
    """ "the Russian embassy", "3 United States missions", "its embassy" for the actor's own."""
    if party is None:
        return "a mission"
    kind = party.post.kind.replace("_", " ") if party.post else None
    thing = {"premises": kind or "premises", "property": "mission property"}.get(party.kind or "", kind or "mission")
    count = event.count if party is event.target and event.type != "staff_cap" else None  # there it counts people
    if count and count > 1:
        thing = {"premises": "buildings", "property": "objects of a mission"}.get(party.kind or "", "missions")
        return f"{count} of its {thing}" if own else f"{count} {adjective(party.state)}{thing}"
    if own:
        return f"its {thing}"
    if party.name and party.kind == "mission":
        return f"the {party.name}" if not party.name.startswith("the ") else party.name
    if thing in ("premises", "mission property"):
        return f"{adjective(party.state)}{thing}"
    return f"the {adjective(party.state)}{thing}" if party.state else _article(thing)


def _envoy(party: Party | None, event: Event, *, own: bool) -> str:
    name = f" {party.name}" if party and party.name else ""
    if own:
        return f"its envoy{name}"
    adj = adjective(party.state) if party else ""
    return f"the {adj}envoy{name}" if adj else f"an envoy{name}"


def _suspect(event: Event) -> str:
    if event.target and event.target.name:
        return event.target.name
    if event.count:
        return f"{event.count} people" if event.count > 1 else "one person"
    if event.target and event.target.kind in ("diplomat", "staff"):
        return _people(event.target, event).text
    return "a suspect"


def _place(event: Event) -> str | None:
    post = next((p.post for p in (event.target, event.actor) if p and p.post), None)
    return event.city or (post.city if post else None) or state_name(event.host)


def _named(name: str) -> str:
    """A body's name with the article it takes: "the UN Security Council", but "Hezbollah"."""
    return f"the {name}" if _BODY.search(name) and not name.casefold().startswith("the ") else name


def _article(words: str) -> str:
    return f"{'an' if words[:1].casefold() in 'aeiou' else 'a'} {words}"


def capital(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def printable(text: str) -> str:
    """The text without characters that XML, and so Word, cannot hold, and without those that turn the direction of text."""
    return _UNPRINTABLE.sub("", text)
