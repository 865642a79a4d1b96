"""Units joined into base noun phrases: no prepositions inside; a possessor is a phrase of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from legation.reading.lexicon import words
from legation.reading.parties.units import GEO, Unit, Words

_NOUNS = frozenset({"noun", "name", "term", "body", "group", "outlet"}) | GEO
_BEFORE_NOUNS = frozenset({"det", "own", "num", "adj", "part", "adv", "-", "title", "based"})


@dataclass(slots=True, eq=False)
class Phrase:
    """Units that stand together; `owner` is the phrase before its 's, `owns` whether 's follows it."""

    units: list[Unit]
    owner: "Phrase | None" = None
    owns: bool = False

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end

    @property
    def first(self) -> int:
        """Start with its possessors."""
        return self.owner.first if self.owner else self.units[0].start


class Phraser:
    """Joins the units of a page."""

    def __init__(self, text: Words, units: Sequence[Unit | None]) -> None:
        self.text, self.units = text, units
        self.done: list[Phrase] = []
        self.open: list[Unit] = []
        self.owner: Phrase | None = None

    def phrases(self) -> list[Phrase]:
        """All base noun phrases in text order."""
        for index, unit in enumerate(self.units):
            if unit is None:
                self._close()
                continue
            if self.open and unit.start != self.open[-1].end and not self._dot(self.open[-1].end, unit.start):
                self._close()
            if unit.sort == "'s":
                self.owner = self._close(owns=True) if self.open else None
                continue
            if self.owner and not self.open and unit.start - self.owner.end > 1:
                self.owner = None
            if self.open and (self._breaks(unit, index) or self._name_after_place(unit, index)):
                self._close()
            if self.open or self.owner or self._opens(unit, index):
                self.open.append(unit)
        self._close()
        return self.done

    def _close(self, owns: bool = False) -> Phrase | None:
        units, owner = self.open, self.owner
        self.open, self.owner = [], None
        while units and units[-1].sort in {"part", "adv", "-"}:
            units.pop()
        if not units or not (
            owner or units[-1].sort == "num" or any(u.sort not in {"det", "adj", "num"} for u in units)
        ):
            return None
        phrase = Phrase(units, owner, owns)
        self.done.append(phrase)
        return phrase

    def _following(self, index: int) -> str | None:
        following = self.units[index + 1] if index + 1 < len(self.units) else None
        return following.sort if following is not None else None

    def _opens(self, unit: Unit, index: int) -> bool:
        """A participle opens a phrase only where it stands before its noun ("visiting ministers", not "holding diplomats")."""
        if unit.sort == "part":
            before_noun = self._following(index) in {"noun", "term", "adj", "demonym", "state"}
            return before_noun and (self.text.tag[unit.start] == "VBN" or self.text.dep[unit.start] == "amod")
        return unit.sort not in {"adv", "-"}

    def _dot(self, start: int, end: int) -> bool:
        """Only the stop of a title lies between ("Gen. Aoun")."""
        low = self.text.low
        return end - start == 1 and low[start] == "." and low[start - 1] in words("titles")

    def _name_after_place(self, unit: Unit, index: int) -> bool:
        """ "ambassador to Libya Chris Stevens": after "to" the place ends and a new phrase begins."""
        before = index - len(self.open) - 1  # the preposition
        if unit.sort != "name" or self.open[-1].sort not in {"state", "city", "body"} or before < 1:
            return False
        if self.text.low[self.open[0].start - 1] not in {"to", "of", "in", "for"}:
            return False
        near = self.units[max(0, before - 8) : before]
        person = next((u for u in reversed(near) if u is not None and u.form == "person"), None)
        return person is not None and not person.plural

    def _breaks(self, unit: Unit, index: int) -> bool:
        """Whether a new phrase starts at `unit` although nothing stands between."""
        last, sort = self.open[-1], unit.sort
        people = last.form == "person"
        if sort in {"det", "own"}:
            return last.sort != "det" or self.text.low[last.start] not in words("before_determiners")
        if sort == "part":
            return last.sort in _NOUNS - {"state", "demonym", "city"} or self._following(index) not in {
                "noun",
                "term",
                "adj",
                "demonym",
                "state",
            }
        if sort in {"adv", "num"}:
            return last.sort in _NOUNS
        if last.sort in _BEFORE_NOUNS:
            return False
        if sort == "adj":
            if self._following(index) not in {"noun", "term", "adj", "name"}:
                return True
            return last.sort in {"name", "noun"} or last.plural or people
        if sort in GEO:
            if last.sort in GEO:
                return sort in {"state", "people"} and last.sort not in {"city", "state"}
            return last.sort != "body"
        if sort == "outlet" and last.group is not None and last.group.id == "media":
            return False  # "the Greek daily Kathimerini"
        if sort in {"body", "group", "outlet"}:
            return last.sort not in GEO and last.sort != "body"
        if sort == "title":
            return last.sort in {"noun", "name"}
        if last.plural and people and sort in {"noun", "term"}:
            return True
        return sort == "name" and last.sort == "noun" and self.text.tag[last.start] == "NNS"
