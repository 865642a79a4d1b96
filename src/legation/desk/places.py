"""Where incidents are: those of one city together, and those of which only the country is known together."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from legation import atlas
from legation.desk.words import state
from legation.record.nouns import Incident


class Place(NamedTuple):
    """A city, or (`city` None) a country of which no city is given; degrees are WGS 84, None where nothing can be pinned."""

    city: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    incidents: tuple[Incident, ...]

    @property
    def name(self) -> str:
        if self.country is None:
            return self.city or "Place not known"
        return f"{self.city}, {state(self.country)}" if self.city else state(self.country)

    @property
    def severity(self) -> int:
        return max(one.severity for one in self.incidents)


def places(incidents: Iterable[Incident]) -> list[Place]:
    """The places of incidents: cities, then countries, then those without either; the fullest first."""
    found: dict[tuple[str | None, str | None], list[Incident]] = defaultdict(list)
    for one in incidents:
        found[one.city, one.host].append(one)
    made = []
    for (city, country), here in found.items():
        known = atlas.load().city(city, country) if city else None
        latitude, longitude = (known.latitude, known.longitude) if known else (None, None)
        made.append(Place(city, country, latitude, longitude, tuple(here)))
    return sorted(made, key=lambda place: (not place.city, not place.country, -len(place.incidents), place.name))
