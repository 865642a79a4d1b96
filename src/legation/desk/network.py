"""States as the nodes and what they did to one another as the edges of a network; the page draws it and says it as a table."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from legation.desk.words import is_state, label, state
from legation.ontology import GROUPS
from legation.record.build import side
from legation.record.nouns import Incident


class Edge(NamedTuple):
    """What one state did to another, or what happened there to the other's people: incidents, newest first."""

    one: str
    other: str
    incidents: tuple[Incident, ...]

    @property
    def types(self) -> list[tuple[str, int]]:
        """Labels of the types, the commonest first."""
        return Counter(label(one.type) for one in self.incidents).most_common()

    @property
    def group(self) -> str:
        return Counter(one.group for one in self.incidents).most_common(1)[0][0]

    @property
    def told(self) -> bool:
        """Whether one of them at least is reported, not only claimed, denied or announced."""
        return any(one.status == "reported" for one in self.incidents)


class Network(NamedTuple):
    """Edges, the fullest first; states (code) by their number of incidents; how many incidents lie between two states at all."""

    edges: tuple[Edge, ...]
    states: tuple[tuple[str, int], ...]
    between: int

    @property
    def groups(self) -> list[str]:
        """The groups whose colours the edges have."""
        return [group for group in GROUPS if any(edge.group == group for edge in self.edges)]


def network(incidents: Iterable[Incident]) -> Network:
    """The network of incidents between two states; what a third party says of the two is no edge, and an organisation no node."""
    found: dict[tuple[str, str], list[Incident]] = defaultdict(list)
    for one in incidents:
        sides, acting = {code for code in (one.receiving, one.sending) if code and is_state(code)}, side(one)
        if len(sides) == 2 and acting in sides:
            found[acting, next(code for code in sides if code != acting)].append(one)
    edges = [Edge(*pair, tuple(told)) for pair, told in found.items()]
    edges.sort(key=lambda edge: (-len(edge.incidents), state(edge.one), state(edge.other)))
    states: Counter[str] = Counter()
    for edge in edges:
        states.update({edge.one: len(edge.incidents), edge.other: len(edge.incidents)})
    return Network(tuple(edges), tuple(states.most_common()), sum(len(edge.incidents) for edge in edges))
