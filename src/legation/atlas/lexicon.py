"""Every name the atlas knows, with all its readings and the conditions under which it is taken."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from legation.atlas.records import BodyGroup, City, Kind, Names, Outlet, Places, State
from legation.schema import PartyKind

SMALL_CITY = 500_000
"""Cities below this population are taken only where the sentence uses them as a place: many share a name with persons."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reading of a name. `code`: ISO 3166 alpha-3 or ``None``; `name` the canonical name; `since`/`until`: when it held."""

    kind: Kind
    code: str | None
    name: str
    party_kind: PartyKind | None = None
    since: str | None = None
    until: str | None = None

    def held_on(self, when: str | None) -> bool:
        """Whether the reading was possible on an EDTF date (its digits are compared; unknown dates pass)."""
        if not when or not when[:4].isdigit():
            return True
        return (not self.since or when >= self.since[: len(when)]) and (
            not self.until or when[: len(self.until)] <= self.until
        )


class Entry:
    """A surface with its readings, likeliest first, and when it is taken. `plain`: always."""

    __slots__ = ("candidates", "caps_word", "cues", "given", "language", "lone", "needs", "place", "plain")

    def __init__(self) -> None:
        self.candidates: tuple[Candidate, ...] = ()
        self.cues: tuple[tuple[str, ...], ...] | None = None
        self.needs: tuple[str, ...] = ()
        self.place = self.lone = self.given = self.caps_word = self.language = False
        self.plain = True

    def settle(self) -> None:
        """Fixes the order and the short way once all readings are in: what holds today before what has ended."""
        if self.cues is None and len(self.candidates) > 1:
            self.candidates = tuple(sorted(self.candidates, key=lambda c: c.until is not None))
        self.plain = not (
            self.needs
            or self.place
            or self.lone
            or self.given
            or self.caps_word
            or self.language
            or len({c.code for c in self.candidates}) > 1
        )


def unaccented(name: str) -> str:
    """A name without accents ("Bogotá" -> "Bogota"); letters that do not decompose stay."""
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def without_bracket(name: str) -> str:
    """The name as it is searched: "Clarion (Peru)" is printed "Clarion"."""
    return name.split(" (")[0]


class Lexicon:
    """Surfaces to entries. `taken`: as written; `refused`: longer names that stand for something else."""

    def __init__(
        self,
        states: tuple[State, ...],
        groups: Iterable[BodyGroup],
        outlets: Iterable[Outlet],
        places: Places,
        cities: Iterable[City],
        names: Names,
    ) -> None:
        self.taken: dict[str, Entry] = {}
        self.aliases: dict[str, list[Candidate]] = {}
        self.refused = {n for group in names.not_names.values() for n in group}
        self.names = names
        self._settled: set[str] = set()
        for surface, candidate in _of_ambiguous(
            names, {s.code: s.name for s in states if s.kind != "people" and not s.id}
        ):
            self._add(surface, candidate)
        for ambiguous in names.ambiguous:
            self.taken[ambiguous.name].cues = tuple(r.cues for r in ambiguous.readings)
            self._settled.add(ambiguous.name)
        for surface, candidate in (*_of_states(states), *_of_bodies(groups)):
            self._add(surface, candidate)
        self._add_needs(groups)
        self._add_places(places, cities)
        for surface, candidate in _of_outlets(
            outlets, {s.code: s.until for s in states if s.kind == "historic" and not s.id}
        ):
            self._add(surface, candidate)
        self._mark(names)
        for entry in self.taken.values():
            entry.settle()

    def _add(self, surface: str, candidate: Candidate) -> None:
        if len(surface) < 2:
            return
        for form in (surface,) if surface.isascii() else (surface, unaccented(surface)):
            self.aliases.setdefault(form, []).append(candidate)
            entry = self.taken.get(form)
            if entry is None:
                entry = self.taken[form] = Entry()
            elif form in self._settled or any(_same(candidate, c) for c in entry.candidates):
                continue
            entry.candidates += (candidate,)

    def _add_needs(self, groups: Iterable[BodyGroup]) -> None:
        for group in groups:
            for body in group.members:
                if body.needs:
                    # Only the initials or the short word are doubtful; the spelled-out aliases are not.
                    for form in (body.name, *(a for a in body.also if " " not in a)):
                        self.taken[form].needs = body.needs

    def _add_places(self, places: Places, cities: Iterable[City]) -> None:
        for city in places.cities:
            for surface in (without_bracket(city.name), *city.also):
                fresh = surface not in self.taken
                self._add(surface, Candidate(kind="city", code=city.state, name=without_bracket(city.name)))
                if city.needs_place and fresh:
                    self.taken[surface].place = True
        for code, regions in places.regions.items():
            for region in regions:
                self._add(without_bracket(region), Candidate(kind="region", code=code, name=without_bracket(region)))
        for disputed in places.disputed_regions:
            for code in disputed.states:
                self._add(disputed.name, Candidate(kind="region", code=code, name=disputed.name))
        listed = set(self.taken)
        for place in cities:
            if place.name in listed or unaccented(place.name) in listed:
                continue
            self._add(place.name, Candidate(kind="city", code=place.state, name=place.name))
            for form in {place.name, unaccented(place.name)}:
                self.taken[form].place = place.population < SMALL_CITY
                self.taken[form].lone = True

    def _mark(self, names: Names) -> None:
        for surname in names.surnames:
            if surname in self.taken:
                self.taken[surname].given = True
        for language in names.languages.names:
            if language in self.taken:
                self.taken[language].language = True
        for surface, cues in names.needs.items():
            self.taken[surface].needs = cues
        for word in names.press_names:
            entry = self.taken.get(word)
            if entry and entry.candidates[0].kind in ("agency", "outlet"):
                entry.needs = names.press_words

    def upper_case(self) -> Iterator[tuple[str, Entry]]:
        """Names in capitals, for headlines and wire copy; ordinary words among them are taken only beside lower case."""
        words = set(self.names.caps_words)
        for surface, entry in self.taken.items():
            upper = surface.upper()
            if upper in words and upper == surface:
                entry.caps_word, entry.plain = True, False
            elif upper not in self.taken and upper not in words and (len(surface) > 3 or not surface.istitle()):
                yield upper, entry


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two readings differ in nothing that matters; a capital is also a city."""
    return one.code == other.code and (one.kind == other.kind or {one.kind, other.kind} == {"capital", "city"})


def _of_ambiguous(names: Names, states: dict[str | None, str]) -> Iterator[tuple[str, Candidate]]:
    for ambiguous in names.ambiguous:
        for reading in ambiguous.readings:
            of_state = reading.kind in ("state", "demonym_adj", "demonym_person")
            party: PartyKind | None = {
                "state": "government",
                "capital": "government",
                "demonym_person": "individual",
            }.get(reading.kind)  # type: ignore[assignment]
            name = states[reading.code] if of_state else ambiguous.name
            yield (
                ambiguous.name,
                Candidate(
                    kind=reading.kind,
                    code=reading.code,
                    name=name,
                    party_kind=party,
                    since=reading.since,
                    until=reading.until,
                ),
            )


def _of_states(states: Iterable[State]) -> Iterator[tuple[str, Candidate]]:
    for state in states:
        base = {"code": state.code, "since": state.since, "until": state.until, "name": state.name}
        acting: PartyKind | None = None if state.kind == "people" else "government"
        if state.kind != "people":
            for surface in (state.name, *state.also):
                yield surface, Candidate(kind="state", party_kind=acting, **base)  # type: ignore[arg-type]
        for surface in state.adj:
            yield surface, Candidate(kind="demonym_adj", **base)  # type: ignore[arg-type]
        for surface in state.people:
            yield surface, Candidate(kind="demonym_person", party_kind="individual", **base)  # type: ignore[arg-type]
    for state in states:
        # Reason: Prague spoke for Czechoslovakia as long as there was one.
        first = _next_day(state.was[-1].until) if state.was else state.since
        for capital in state.capital_names:
            if "(" not in capital.name:
                since, until = capital.since or first, capital.until or state.until
                yield (
                    capital.name,
                    Candidate(
                        kind="capital",
                        code=state.code,
                        name=capital.name,
                        party_kind="government",
                        since=since,
                        until=until,
                    ),
                )
        for seat in state.seats:
            yield (
                seat,
                Candidate(
                    kind="metonym", code=state.code, name=seat, party_kind="government", since=first, until=state.until
                ),
            )


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _of_bodies(groups: Iterable[BodyGroup]) -> Iterator[tuple[str, Candidate]]:
    for group in groups:
        for body in group.members:
            for surface in (without_bracket(body.name), *body.also):
                for code in body.states or (body.state,):
                    yield (
                        surface,
                        Candidate(
                            kind=group.hit,
                            code=code,
                            name=without_bracket(body.name),
                            party_kind=body.kind or group.kind,
                        ),
                    )


def _of_outlets(outlets: Iterable[Outlet], ends: dict[str | None, str | None]) -> Iterator[tuple[str, Candidate]]:
    for outlet in outlets:
        for surface in (without_bracket(outlet.name), *map(without_bracket, outlet.also)):
            for code in outlet.states or (outlet.state,):
                until = ends.get(code)
                kind: Kind = "agency" if outlet.is_agency else "outlet"
                yield (
                    surface,
                    Candidate(kind=kind, code=code, name=without_bracket(outlet.name), party_kind="media", until=until),
                )
