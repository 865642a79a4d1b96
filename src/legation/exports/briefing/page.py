"""The briefing as one self-contained page: no script, nothing fetched, every text escaped by the template."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from legation.exports.briefing.nouns import Briefing, Source
from legation.exports.briefing.terminal import SHAPES, by, headline, later_lines, status_words

if TYPE_CHECKING:
    from jinja2 import Template


class Piece(NamedTuple):
    """A stretch of a source's text: quoted by `lines` (then marked), `starting` the ones whose quote begins here, or clutter."""

    start: int
    text: str
    lines: tuple[int, ...]
    starting: tuple[int, ...]
    clutter: bool


def as_page(briefing: Briefing) -> str:
    """The whole page as HTML."""
    return _template().render(
        briefing=briefing,
        sources=[(number, source, pieces(source)) for number, source in enumerate(briefing.sources)],
        headline=headline(briefing),
        shapes=SHAPES,
        by=by,
        status_words=status_words,
        later_lines=later_lines,
    )


def pieces(source: Source) -> list[Piece]:
    """The text cut wherever a quote or clutter begins or ends; joined again it is the text."""
    size = len(source.text)
    cuts = sorted(
        {0, size, *(c for s, e, _ in source.marks for c in (s, e)), *(c for span in source.boilerplate for c in span)}
    )
    found = []
    for start, end in pairwise(cuts):
        lines = tuple(n for s, e, n in source.marks if s <= start and end <= e)
        starting = tuple(n for s, e, n in source.marks if s == start)
        clutter = any(s <= start and end <= e for s, e in source.boilerplate)
        found.append(Piece(start, source.text[start:end], lines, starting, clutter))
    return found


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8"))
