"""Mentions in the making, shared by the steps of the parties stage."""

from dataclasses import dataclass, field

from legation.reading.lexicon import Group
from legation.reading.parties.units import Named, Unit


@dataclass(slots=True, eq=False)
class Draft:
    """A mention in the making.

    Tokens [start, end), its head at `head`, the noun or name itself at `core`. `owner`, `part_of`, `pronoun`, `same_as`
    and `shared` say on whom its state may wait; `why` collects the rules that spoke.
    """

    start: int
    end: int
    head: int
    kind: str | None
    form: str  # post, person, body, thing, geo, name, pronoun
    core: tuple[int, int] = (0, 0)
    noun: str = ""  # folded
    group: Group | None = None
    states: tuple[str, ...] = ()
    name: str | None = None
    name_span: tuple[int, int] | None = None
    role: tuple[int, int] | None = None
    post_kind: str | None = None
    post_in: str | None = None
    post_city: str | None = None
    place: str | None = None  # city
    site: str | None = None  # state of a place beside it ("officials in Tokyo")
    protected: bool = False
    plural: bool = False
    definite: bool = False
    former: bool = False
    owned: bool = False  # has a possessor before it
    open_of: bool = False  # "of" something that names no state follows: no default state
    needs_state: bool = False
    weak: bool = False  # a delegation that may be one of visitors
    hint: str | None = None  # the state whose body of this name is meant most often ("Foreign Office")
    owner: "Draft | None" = None
    pronoun: int | None = None  # token of "its", "their", "our" before the head
    part_of: "Draft | None" = None  # the mission or body after "of", "at", "for"
    same_as: "Draft | None" = None
    shared: "Draft | None" = None  # the noun before "and" whose state it has
    company: "list[Draft] | None" = None  # the states of "Spain, Mali and Chad", in order
    entity: int | None = None
    why: list[str] = field(default_factory=list)

    @property
    def state(self) -> str | None:
        """Its state, when it is one."""
        return self.states[0] if len(self.states) == 1 else None

    @property
    def of_mission(self) -> bool:
        """A mission, or one of its people or things."""
        return self.form == "post" or self.protected or self.kind in {"diplomat", "staff"}

    def stands_in(self, other: "Draft") -> None:
        """Takes what another mention says about the post, where it says nothing itself."""
        self.post_kind = self.post_kind or other.post_kind
        if self.post_in is None:
            self.post_in, self.post_city = other.post_in, self.post_city or other.post_city


@dataclass(frozen=True, slots=True)
class Place:
    """A state, or a city with its state, as tokens [start, end) give it; `seat` when it stands for a government too."""

    states: tuple[str, ...]
    city: str | None
    start: int
    end: int
    seat: bool = True

    @property
    def state(self) -> str | None:
        """The state it is in, when the words tell one."""
        return one(self.states)


def one(states: tuple[str, ...]) -> str | None:
    """The state, when it is one."""
    return states[0] if len(states) == 1 else None


def of_unit(unit: Unit, kind: str | None, form: str) -> Draft:
    """A draft over one unit."""
    return Draft(unit.start, unit.end, unit.end - 1, kind, form, core=(unit.start, unit.end))


def of_name(unit: Unit, named: Named, form: str = "body") -> Draft:
    """A draft over a name of the atlas."""
    draft = of_unit(unit, named.kind, form)
    draft.states, draft.definite = named.states, True
    return draft
