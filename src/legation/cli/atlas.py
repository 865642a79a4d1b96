"""What the atlas knows about a name: a state, city, body, outlet, demonym or code.

The readings of an ambiguous name are all shown, the likeliest first.
"""

import sys
from collections.abc import Iterable, Iterator

import click

from legation.atlas import Atlas, Candidate, State
from legation.cli._dates import as_edtf


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--date", callback=as_edtf, metavar="EDTF", help="Put the readings that held on this date first.")
def command(name: tuple[str, ...], date: str | None) -> None:
    """Show what the atlas knows about NAME (a name, an ISO 3166 code, or a web address)."""
    from legation.atlas import load

    atlas, asked = load(), " ".join(name)
    rows = list(_rows(atlas, asked, date))
    if not rows:
        raise click.ClickException(
            f"{asked!r} is not in the atlas; check the spelling, or give an ISO 3166 alpha-3 code"
        )
    _show(asked, rows)


def _rows(atlas: Atlas, asked: str, date: str | None) -> Iterator[tuple[str, str]]:
    shown: set[str] = set()
    state = atlas.state(asked.upper())
    if state:
        yield from _of_state(state)
        shown.add(state.name)
    for line, candidate in {_line(candidate): candidate for candidate in atlas.lookup(asked, date)}.items():
        yield candidate.kind.replace("_", " "), line
        state = atlas.state(candidate.code or "")
        if state and state.name not in shown and candidate.kind in ("state", "demonym_adj", "demonym_person"):
            shown.add(state.name)
            yield from _of_state(state)
    outlet = atlas.outlet(asked)
    if outlet:
        owner = f", {outlet.owner}" if outlet.owner else ""
        yield (
            "published in",
            f"{outlet.state or ', '.join(outlet.states)} ({outlet.kind}{', state-owned' if outlet.owned_by_state else ''}{owner})",
        )
        yield "domains", ", ".join(outlet.domains)
    city = atlas.city(asked)
    if city:
        yield "place", f"{city.name}, {city.state}: {city.population:,} people, {city.latitude} {city.longitude}"


def _of_state(state: State) -> Iterator[tuple[str, str]]:
    yield "code", state.code or f"none ({state.kind}, on the soil of {state.of})"
    yield "names", ", ".join((state.name, *state.also))
    yield "adjectives", ", ".join(state.adj)
    yield "people", ", ".join(state.people)
    yield "capitals", ", ".join(f"{c.name}{_days(c.since, c.until)}" for c in state.capital_names)
    yield "seats", ", ".join(state.seats)
    yield "was", ", ".join(f"{w.code} until {w.until}" for w in state.was)
    yield "lived", _days(state.since, state.until).strip(" ()")
    yield "followed by", ", ".join(state.next)


def _line(candidate: Candidate) -> str:
    code = candidate.code or "no state"
    party = f", {candidate.party_kind.replace('_', ' ')}" if candidate.party_kind else ""
    return f"{candidate.name} ({code}{party}){_days(candidate.since, candidate.until)}"


def _days(since: str | None, until: str | None) -> str:
    return f" ({since or '...'} to {until or 'today'})" if since or until else ""


def _show(asked: str, rows: Iterable[tuple[str, str]]) -> None:
    filled = [(label, text) for label, text in rows if text]
    if not sys.stdout.isatty():
        click.echo("\n".join(f"{label}\t{text}" for label, text in filled))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=asked, show_header=False, title_justify="left")
    for label, text in filled:
        table.add_row(label, text)
    Console().print(table)
