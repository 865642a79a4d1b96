"""What a briefing consists of. All texts are plain, ready to be read out; whoever prints them escapes them."""

from legation.schema import Noun, Offsets, Status


class Quote(Noun, frozen=True, kw_only=True):
    """Words an account rests on: ``sources[source].text[start:end]``; `before` and `after`: the sentence around them, cut where it is long."""

    source: int
    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""

    @property
    def whole(self) -> str:
        """The words in their sentence, in one line."""
        return " ".join(f"{self.before}{self.text}{self.after}".split())


class Account(Noun, frozen=True, kw_only=True):
    """Who says it, or denies it, and which outlet tells so; `who` is None when the outlet says it in its own voice."""

    who: str | None
    stance: str
    outlet: str
    quote: Quote


class Stake(Noun, frozen=True, kw_only=True):
    """A duty or right in one sentence, with its article; `basis`: on what it rests between the two states."""

    article: str
    says: str
    basis: str | None


class OpenItem(Noun, frozen=True, kw_only=True):
    """What still waits, in words, and the number of the line it comes from."""

    line: int
    says: str


class Line(Noun, frozen=True, kw_only=True):
    """One incident; `reactions` are the words and answers that are about it alone, told under it. `number` counts through the briefing; `answers` and `followed_by` are numbers of other lines.

    `when` is the date in words; where no article gives one, `told` is the day of publication.
    `sources`: how many of several articles are independent, which only the record knows.
    """

    number: int
    type: str
    label: str
    severity: int
    status: Status
    disputed: bool
    when: str
    told: str | None
    sentence: str
    place: str | None
    count: str | None
    asserted: tuple[Account, ...]
    denied: tuple[Account, ...]
    outlets: tuple[str, ...]
    sources: str | None
    stakes: tuple[Stake, ...]
    answers: tuple[int, ...]
    followed_by: tuple[int, ...]
    open: str | None
    reactions: tuple["Line", ...] = ()


class Chapter(Noun, frozen=True, kw_only=True):
    """All incidents of one pair of states, in order of date; `tallies` sum measures and harms up in words."""

    title: str
    anchor: str
    lines: tuple[Line, ...]
    tallies: tuple[str, ...]
    open: tuple[OpenItem, ...]

    @property
    def count(self) -> int:
        """Incidents, those told under others included."""
        return sum(1 + len(line.reactions) for line in self.lines)


class Source(Noun, frozen=True, kw_only=True):
    """An article behind the briefing: `marks` are quoted stretches with the number of the line that quotes them."""

    title: str
    outlet: str | None
    published: str | None
    path: str
    text: str
    boilerplate: tuple[Offsets, ...]
    marks: tuple[tuple[int, int, int], ...]


class Briefing(Noun, frozen=True, kw_only=True):
    """The whole. `left_out`: articles read that tell of nothing in scope; `treaties`: short and full name of those
    cited; `recorded`: made from a record, which tells copies apart."""

    period: str | None
    chapters: tuple[Chapter, ...]
    sources: tuple[Source, ...]
    left_out: tuple[str, ...]
    treaties: tuple[tuple[str, str], ...] = ()
    recorded: bool = False

    @property
    def lines(self) -> dict[int, Line]:
        """Every line by its number."""
        top = [line for chapter in self.chapters for line in chapter.lines]
        return {line.number: line for line in (*top, *(r for line in top for r in line.reactions))}
