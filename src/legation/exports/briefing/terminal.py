"""The briefing on a terminal, or as plain text into a pipe."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from legation.exports.briefing.nouns import Account, Briefing, Line
from legation.exports.briefing.wording import capital
from legation.schema import Status

if TYPE_CHECKING:
    from rich.console import Console

SHAPES: dict[Status, str] = {
    "reported": "●", "claimed": "◐", "denied": "○", "announced": "▷", "threatened": "△", "demanded": "◇",
}  # fmt: skip
"""Each status has a shape beside its word, so that nobody needs colours."""


def in_terminal(briefing: Briefing, console: "Console") -> None:
    """Print the briefing; everything that comes from an article is printed as it stands, never as markup."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.text import Text

    console.print(Text(headline(briefing), style="bold"))
    for chapter in briefing.chapters:
        console.print()
        console.print(Rule(Text(chapter.title, style="bold"), align="left"))
        for tally in chapter.tallies:
            console.print(Text(tally, style="italic"))
        for line in chapter.lines:
            console.print()
            _print(console, line, indent=0)
            for reaction in line.reactions:
                _print(console, reaction, indent=4)
        if chapter.open:
            console.print()
            console.print(Text("Still open", style="bold"))
            for item in chapter.open:
                console.print(Padding(Text(f"{item.line}: {item.says}"), (0, 0, 0, 4), expand=False))
    if briefing.left_out:
        console.print()
        console.print(Text(f"Nothing in scope in: {'; '.join(briefing.left_out)}", style="dim"))


def _print(console: "Console", line: Line, indent: int) -> None:
    from rich.padding import Padding
    from rich.text import Text

    lead = Text(f"{line.number}. {date_words(line)}  ", style="bold")
    lead.append(f"{SHAPES[line.status]} {status_words(line)}  ", style="cyan")
    lead.append(line.sentence)
    console.print(Padding(lead, (0, 0, 0, indent), expand=False))
    for style, detail in details(line, nested=indent > 0):
        console.print(Padding(Text(detail, style=style), (0, 0, 0, indent + 4), expand=False))


def headline(briefing: Briefing) -> str:
    """What the briefing covers, in one line."""
    lines = len(briefing.lines)
    parts = [f"{lines} {'incident' if lines == 1 else 'incidents'}"]
    parts.append(f"{len(briefing.chapters)} {'pair' if len(briefing.chapters) == 1 else 'pairs'} of states")
    parts.append(f"{len(briefing.sources)} {'article' if len(briefing.sources) == 1 else 'articles'}")
    waiting = sum(len(chapter.open) for chapter in briefing.chapters)
    return f"Briefing: {', '.join(parts)}, {waiting} open" + (f"; {briefing.period}" if briefing.period else "")


def date_words(line: Line) -> str:
    """The date with a capital; without one, the day of the article."""
    return f"No date, article of {line.told}" if line.told else capital(line.when)


def status_words(line: Line) -> str:
    """The status, and that it is disputed where somebody denies what somebody says."""
    return line.status.capitalize() + (", disputed" if line.disputed else "")


def details(line: Line, *, nested: bool = False) -> Iterator[tuple[str, str]]:
    """What stands under a line: style and text of each row."""
    for account in line.asserted:
        yield "", said(account)
    for account in line.denied:
        yield "", said(account)
    if line.sources:
        yield "", f"On the record: {line.sources}."
    if line.count:
        yield "", f"Numbers differ: {line.count}."
    for stake in line.stakes:
        yield "dim", f"{stake.article}: {stake.says}{f' ({stake.basis})' if stake.basis else ''}."
    if line.answers and not nested:
        yield "", f"In answer to {numbers(line.answers)}."
    if later := later_lines(line):
        yield "", f"Answered by {numbers(later)}."
    if line.open:
        yield "yellow", f"Open: {line.open}"


def later_lines(line: Line) -> tuple[int, ...]:
    """What followed and does not stand under the line itself."""
    return tuple(n for n in line.followed_by if n not in {reaction.number for reaction in line.reactions})


def said(account: Account) -> str:
    """Who says or denies it, where, in which words."""
    return f"{by(account)}: “{account.quote.whole}”"


def by(account: Account) -> str:
    """On whose word, in which outlet."""
    lead = "Denied by" if account.stance == "denies" else "According to"
    return f"{lead} {account.who}, in {account.outlet}" if account.who else account.outlet


def numbers(of: tuple[int, ...]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    *rest, last = map(str, of)
    return f"{', '.join(rest)} and {last}" if rest else last
