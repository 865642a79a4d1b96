"""The atlas: states through time, bodies, outlets and cities, and the names that news uses for them."""

from functools import cache, cached_property
from urllib.parse import urlsplit

from legation.atlas import records
from legation.atlas.lexicon import Candidate, Lexicon, unaccented
from legation.atlas.records import BodyGroup, City, Names, Outlet, Places, State
from legation.atlas.scanner import Hit, Scanner


class Atlas:
    """What the data files hold, findable by code, by name and in running text. Immutable; get it with `load`."""

    def __init__(self) -> None:
        self.states: tuple[State, ...] = records.read("states", tuple[State, ...])
        self.groups: dict[str, BodyGroup] = records.read("bodies", dict[str, BodyGroup])
        self.outlets: tuple[Outlet, ...] = records.read("outlets", tuple[Outlet, ...])
        self.places: Places = records.read("city_names", Places)
        self.names: Names = records.read("names", Names)
        self.cities: tuple[City, ...] = records.cities()
        self._states: dict[str, State] = {}
        for state in self.states:
            for key in (state.id, None if state.id else state.code, *state.formerly):
                if key:
                    self._states.setdefault(key, state)
        self._lexicon = Lexicon(
            self.states, tuple(self.groups.values()), self.outlets, self.places, self.cities, self.names
        )

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(self._lexicon)

    @cached_property
    def _lower_scanner(self) -> Scanner:
        return Scanner(self._lexicon, lower=True)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for surface in self._lexicon.aliases:
            table.setdefault(unaccented(surface).casefold(), []).append(surface)
        return table

    @cached_property
    def _outlets(self) -> dict[str, Outlet]:
        table: dict[str, Outlet] = {}
        for outlet in self.outlets:
            for name in (*outlet.domains, outlet.name, *outlet.also):
                table.setdefault(name.split(" (")[0].casefold(), outlet)
        return table

    @cached_property
    def _cities(self) -> dict[str, list[City]]:
        table: dict[str, list[City]] = {}
        for city in sorted(self.cities, key=lambda c: -c.population):
            table.setdefault(unaccented(city.name).casefold(), []).append(city)
        for name in self.places.cities:
            forms = [unaccented(n).casefold() for n in (name.name.split(" (")[0], *name.also)]
            known = next((c for form in forms for c in table.get(form, ()) if c.state == name.state), None)
            for form in forms if known else ():
                if not any(c.state == name.state for c in table.get(form, ())):
                    table.setdefault(form, []).insert(0, known)  # type: ignore[arg-type]
        return table

    def state(self, code: str) -> State | None:
        """The state of an ISO 3166 alpha-3 code, withdrawn or renamed codes included (``ZAR`` gives COD); or of an entity's id."""
        return self._states.get(code)

    def on(self, code: str, date: str | None) -> str:
        """The code of the state that a land was part of on an EDTF date: ``on("RUS", "1980")`` is SUN, ``on("SUN", "2000")`` RUS."""
        state = self._states.get(code)
        if state is None:
            return code
        if not date or not date[:4].isdigit():
            return state.code or code
        for was in state.was:
            if date <= was.until[: len(date)] and not (len(date) < len(was.until) and date == was.until[: len(date)]):
                return was.code
        if state.until and date > state.until[: len(date)] and state.next:
            return self.on(state.next[0], date)
        return state.code or code

    def lookup(self, name: str, date: str | None = None) -> list[Candidate]:
        """All readings of a name, the best first (those that held on the EDTF date before the others); [] when unknown.

        Case, accents, a leading "the" and a trailing possessive do not matter; a name written as in the data wins over them.
        """
        name = " ".join(name.replace("’", "'").split()).removesuffix("'s").removesuffix("'")
        tries = [name]
        if name[:4].lower() == "the ":
            tries.append(name[4:])
        found: list[Candidate] = []
        for form in tries:
            found = self._lexicon.aliases.get(form, [])
            if not found:
                surfaces = self._folded.get(unaccented(form).casefold(), [])
                found = list(dict.fromkeys(c for s in surfaces for c in self._lexicon.aliases[s]))
            if found:
                break
        return sorted(found, key=lambda c: not c.held_on(date))

    def spelling(self, name: str) -> str | None:
        """How the data write a name that stands in capitals or small letters, of the same length; None when unknown."""
        found = self._folded.get(unaccented(name).casefold(), [])
        return next((surface for surface in found if len(surface) == len(name)), None)

    def scan(self, text: str, date: str | None = None, *, lower: bool = False) -> list[Hit]:
        """All names in a text, in order, not overlapping (see `Scanner.scan`). `lower`: the text has no capitals to go by."""
        return (self._lower_scanner if lower else self._scanner).scan(text, date)

    def outlet(self, name: str) -> Outlet | None:
        """An outlet by name, alias, domain or URL of a page."""
        host = urlsplit(name).hostname if "://" in name else name
        key = (host or "").casefold().removeprefix("www.").removeprefix("the ")
        while key:
            found = self._outlets.get(key) or self._outlets.get(f"the {key}")
            if found or "." not in key:
                return found
            key = key.partition(".")[2]
        return None

    def city(self, name: str, state: str | None = None) -> City | None:
        """The city of a name, old spellings included: in the given state, else the largest of that name."""
        key = unaccented(name).casefold()
        found = self._cities.get(key) or self._cities.get(key.removesuffix(" city"), [])
        return next((c for c in found if state is None or c.state == state), None)


@cache
def load() -> Atlas:
    """The atlas, read once per process."""
    return Atlas()
