"""The 43 event types as data: one file a type in ``types/``, checked against ``type.schema.json`` by a test.

A type says what it means, who is actor and target, which duties it engages on which condition, and its codes
in PLOVER (2021 crosswalk) and CAMEO (1.1b3). `frames`, the words that tell of it, are read by `reading`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec
import yaml

from legation.schema import Noun, PartyKind, Relation

FOLDER = Path(__file__).parent
GROUPS = ("harm", "premises", "restriction", "sending", "relations", "communication", "protection")
Group: TypeAlias = Literal["harm", "premises", "restriction", "sending", "relations", "communication", "protection"]
Side: TypeAlias = Literal["actor", "target"]
Standing: TypeAlias = Literal["host", "sending", "third", "unknown"]
"""Where a party stands: the receiving state's, the sending state's, another state's, or not stated."""


class Data(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is read from a file: a key nobody knows is an error, not silence."""


class Severity(Data, frozen=True, kw_only=True):
    """How grave the type is, 1 (words) to 5 (lives, liberty, the end of relations), and why."""

    level: int
    reason: str


class Plover(Data, frozen=True, kw_only=True):
    event: str
    mode: str | None = None
    context: str | None = None


class Role(Data, frozen=True, kw_only=True):
    """Who plays a role by the guidelines, as which kinds of party; `default` when the text does not tell the kind."""

    who: str
    kinds: tuple[PartyKind, ...]
    default: PartyKind | None = None


class Roles(Data, frozen=True, kw_only=True):
    actor: Role
    target: Role


class Condition(Data, frozen=True, kw_only=True):
    """When a duty is engaged; all fields given must hold, and what the text does not say does not hold.

    `actor_is`: an organ of the receiving state (its government, police, military or service), or not known to be one.
    `together_with`: another event of these types, same host and mission, in the same article. `answers`: the event
    answers one of these types. `about: nothing`: no event is known that the words are about.
    """

    actor_is: Literal["host_organ", "not_host_organ"] | None = None
    actor_side: tuple[Standing, ...] = ()
    target_side: tuple[Standing, ...] = ()
    target_kinds: tuple[PartyKind | None, ...] = ()
    together_with: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    about: Literal["nothing"] | None = None
    count_at_least: int | None = None


class Engagement(Data, frozen=True, kw_only=True):
    """That a type touches a duty (id of `legation.law.duties`).

    `holder` only where it differs from the duty's own; `further`: not the duty first at stake, shown on the duty panel
    and left out of a reading.
    """

    duty: str
    relation: Relation
    holder: Literal["host", "sending", "actor", "target", "both"] | None = None
    only_if: Condition | None = None
    further: bool = False
    because: str | None = None


class Inheritance(Data, frozen=True, kw_only=True):
    """Words and answers take the duty of the event they are about; `same` keeps its relation too."""

    relation: Relation | Literal["same"]
    only_if: Condition | None = None


class Frame(Data, frozen=True, kw_only=True, rename={"with_": "with", "not_": "not"}):
    """Words that tell of a type, and where its roles stand; ``type.schema.json`` has the closed lists.

    `words`: trigger lemmas; `pos`: v verb, n noun, x any. `with`, `then`: phrases (lemmas or words) of which one must stand
    near the trigger; `not`: of which none may. `actor`, `target`: slots of `legation.reading.events.predicates`, in order of
    preference, ``none`` where the words around do not say it; `want`: what a role must be. `clash`: how the two states must stand to each other (`own`: the mission's own
    state acts; `foreign`: another acts; `same_state`: never its own; `needs_order`: told of as imposed). `about`: what the
    sentence must be about. `links`: how many dependency links the other words may stand from the trigger. `kind: mirror`:
    the act before is paid back, its roles change sides; `mutual`: two states do it to each other; `suspect`: whom it is done to is nobody protected. `deed`: it is done about another act (an inquiry, a condemnation). `speech`: the actor is
    whoever speaks. `near`: the nearest fitting mention may fill the target. `holds`, `fails`: sentences that tests run.
    """

    words: tuple[str, ...]
    pos: Literal["v", "n", "x"] = "v"
    with_: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    want: dict[Side, tuple[str, ...]] = msgspec.field(default_factory=dict)
    clash: Literal["own", "foreign", "same_state", "needs_order"] | None = None
    about: Literal["missions", "diplomats", "measures", "harms"] | None = None
    actorkind: Literal["state", "nonstate"] | None = None
    kind: Literal["mirror", "mutual", "suspect"] | None = None
    deed: bool = False
    speech: bool = False
    near: bool = True
    links: int | None = None
    reason: str | None = None
    holds: tuple[str, ...]
    fails: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names the frame in traces and statistics: its first words."""
        return "/".join((self.pos, *self.words[:3], *self.with_[:2]))


class EventType(Data, frozen=True, kw_only=True):
    """One kind of event. `host_side`, `sending_side`: which role the receiving and the sending state normally play. `apart`, `together`:
    pairs of actor, target and host that are not read as the same state, and that are where both are known. Of the annotated events under one
    in a hundred is otherwise, but for accusations and condemnations (8 and 3 in a hundred, of citizens against their own state)."""

    id: str
    group: Group
    label: str
    definition: str
    severity: Severity
    plover: Plover
    cameo: str | None
    roles: Roles
    host_side: Side | None
    sending_side: Side | None
    apart: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    inherits: Inheritance | None
    duties: tuple[Engagement, ...]
    notes: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()


@cache
def types() -> Mapping[str, EventType]:
    """All event types by id, grouped as `GROUPS`, by id within a group. A malformed file raises ValueError naming it."""
    found = sorted(
        (_load(path) for path in (FOLDER / "types").glob("*.yaml")), key=lambda t: (GROUPS.index(t.group), t.id)
    )
    return MappingProxyType({event_type.id: event_type for event_type in found})


def event_type(id: str) -> EventType:
    """One type; an unknown id raises KeyError that lists what there is."""
    try:
        return types()[id]
    except KeyError:
        raise KeyError(f"no event type {id!r}; there are {', '.join(types())}") from None


def _load(path: Path) -> EventType:
    data = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        return msgspec.convert(data, EventType)
    except msgspec.ValidationError as error:
        raise ValueError(f"{path.name}: {error}; see ontology/type.schema.json") from error
