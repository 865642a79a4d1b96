"""What the atlas holds, as typed records, and how they are read from ``data/``.

Each YAML file has a JSON Schema beside it in ``data/schema``; tests validate the files against it, loading checks types only.
"""

from importlib.resources import files
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
import yaml

from legation.schema import PartyKind

StateKind: TypeAlias = Literal["state", "territory", "historic", "disputed", "people"]
Kind: TypeAlias = Literal[
    "state", "demonym_adj", "demonym_person", "capital", "metonym", "body", "org", "armed_group",
    "city", "region", "agency", "outlet",
]  # fmt: skip
_T = TypeVar("_T")
_DATA = files("legation.atlas") / "data"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records: frozen, keyword-only."""


class Dated(Record, frozen=True, kw_only=True):
    """A name with the days it held, EDTF dates, both ends included; ``None`` is open."""

    name: str
    since: str | None = None
    until: str | None = None


class Was(Record, frozen=True, kw_only=True):
    """The state a land belonged to until (and including) a day."""

    code: str
    until: str


class State(Record, frozen=True, kw_only=True):
    """A state, territory, historic or disputed state, or a people whose name must not be read as a state's.

    `code` is ISO 3166-1 alpha-3 or the withdrawn code; ``None`` for entities without one, which have an `id`.
    """

    name: str
    code: str | None = None
    id: str | None = None
    kind: StateKind = "state"
    of: str | None = None
    since: str | None = None
    until: str | None = None
    next: tuple[str, ...] = ()
    was: tuple[Was, ...] = ()
    formerly: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    adj: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    capitals: tuple[str | Dated, ...] = ()
    seats: tuple[str, ...] = ()

    @property
    def capital_names(self) -> tuple[Dated, ...]:
        """Capitals and seats of government, today's first."""
        return tuple(Dated(name=c) if isinstance(c, str) else c for c in self.capitals)


class Body(Record, frozen=True, kw_only=True):
    """A ministry, service, force, armed group, organisation or institute. `states`: readings of the name, likeliest first."""

    name: str
    also: tuple[str, ...] = ()
    state: str | None = None
    states: tuple[str, ...] = ()
    kind: PartyKind | None = None
    needs: tuple[str, ...] = ()


class BodyGroup(Record, frozen=True, kw_only=True):
    """Bodies of one sort; `kind` is their party kind, `hit` the kind of the scanner's hit."""

    kind: PartyKind
    hit: Literal["body", "org", "armed_group"]
    members: tuple[Body, ...]


class Outlet(Record, frozen=True, kw_only=True):
    """A news agency or outlet; `state` is where it is published, `states` when that state changed under it, today's first."""

    name: str
    also: tuple[str, ...] = ()
    state: str | None = None
    states: tuple[str, ...] = ()
    kind: Literal["agency", "paper", "broadcast", "online", "radio", "magazine"]
    owned_by_state: bool = False
    owner: str | None = None
    domains: tuple[str, ...] = ()

    @property
    def is_agency(self) -> bool:
        """Whether other outlets relay it."""
        return self.kind == "agency"


class CityName(Record, frozen=True, kw_only=True):
    """A city under the names that news used for it; `needs_place`: taken only where the sentence uses it as a place."""

    name: str
    state: str
    also: tuple[str, ...] = ()
    needs_place: bool = False


class DisputedRegion(Record, frozen=True, kw_only=True):
    """A region that several states hold or claim."""

    name: str
    states: tuple[str, ...]


class Places(Record, frozen=True, kw_only=True):
    """``city_names.yaml``."""

    cities: tuple[CityName, ...]
    regions: dict[str, tuple[str, ...]]
    disputed_regions: tuple[DisputedRegion, ...]


class Reading(Record, frozen=True, kw_only=True):
    """One reading of an ambiguous name; `cues` are words of the text that speak for it."""

    code: str
    kind: Kind
    cues: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


class Ambiguous(Record, frozen=True, kw_only=True):
    """A name with several readings, the likeliest first."""

    name: str
    readings: tuple[Reading, ...]


class Languages(Record, frozen=True, kw_only=True):
    """Words before an adjective that make it a language, and those adjectives."""

    before: tuple[str, ...]
    names: tuple[str, ...]


class Names(Record, frozen=True, kw_only=True):
    """``names.yaml``: how names deceive."""

    not_names: dict[str, tuple[str, ...]]
    languages: Languages
    not_cities: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    caps_words: tuple[str, ...]
    lower_words: tuple[str, ...]
    press_words: tuple[str, ...]
    press_names: tuple[str, ...]
    needs: dict[str, tuple[str, ...]]
    ambiguous: tuple[Ambiguous, ...]


class City(Record, frozen=True, kw_only=True):
    """A city with coordinates (WGS 84 degrees) from GeoNames."""

    name: str
    state: str
    population: int
    latitude: float
    longitude: float


def read(name: str, shape: type[_T]) -> _T:
    """A data file of the atlas as typed records. Raises `msgspec.ValidationError` naming the field that is wrong."""
    text = (_DATA / f"{name}.yaml").read_text(encoding="utf-8")
    raw: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return msgspec.convert(raw, shape)


def cities() -> tuple[City, ...]:
    """The cities of ``cities.tsv``, by state and then population, largest first."""
    lines = (_DATA / "cities.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple(
        City(name=n, state=s, population=int(p), latitude=float(lat), longitude=float(lon))
        for n, s, p, lat, lon in rows
    )
