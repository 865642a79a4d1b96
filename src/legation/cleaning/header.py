"""Outlet and title, from the lines above the story and from credits."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from legation.cleaning.boilerplate import lines
from legation.cleaning.dates import dates
from legation.schema import Article

_LONG = 140
"""Characters that make a line a paragraph of the story."""
_MASTHEAD = re.compile(r"[A-Z][\w'’.-]*( ?&|( (of|the|and|de|du|del|la|on|in|for))* [A-Z][\w'’.-]*){1,5}|[A-Z]{2,6}")
_SECTIONS = re.compile(
    r"(top |breaking |latest |world |daily )?(news|world|home|opinion|politics|live|menu|share|sections|archives?|print)\b",
    re.I,
)
_COPYRIGHT = re.compile(
    r"(?:©|\([Cc]\)|[Cc]opyrights?)(?: (?:©|\([Cc]\)))?(?: ?\d{4}(?:[-–]\d{4})?,?)? "
    r"(?P<name>[A-Z][\w'’.-]*(?:(?: (?:of|the|and|&))* [A-Z][\w'’.-]*){0,4})(?= \d{4}|[.,|]|$)",
    re.MULTILINE,
)
_AGENCY = re.compile(
    r"(?:\[[A-Z]+\] )?[A-Z][^—–]{2,50}?(?:\(|/)(?P<name>[A-Z][\w'’-]*(?: [A-Z&][\w'’-]*){0,4}|dpa)[^)/]{0,20}(?:\)|/)\W{0,3}(?:[—–_-]|\s|$)"
)
"""The agency in a dateline: MOSCOW, December 20. /TASS/ or PARIS, May 3 (Reuters) -."""
_END_MARK = re.compile(r"^(?:==|--)(?P<name>[A-Z][A-Za-z]{2,8})$", re.MULTILINE)
_BYLINE = re.compile(r"\W*(by|from our|published|posted|updated)\b", re.IGNORECASE)
_DATELINE = re.compile(r"[A-Z][A-Z .,'’-]{3,40}(\(|,? \w+\.? \d|[—–-])")


def outlet(article: Article) -> str | None:
    """Who the text says it is from: a masthead above the story, an agency in its dateline, a copyright line or an end mark."""
    return next(chain(_mastheads(article), _agencies(article), _copyright(article)), None)


def _mastheads(article: Article) -> Iterator[str]:
    """Names that stand alone or before a date in the first lines."""
    for start, end in lines(article.text)[:3]:
        line = article.text[start:end].strip()
        if len(line) > _LONG:
            return
        day = next(iter(dates(line)), None)
        name = re.sub(r"\s*\([^)]*\)$", "", line[: day.start].rstrip(" ,|–—-") if day else line)
        alone = not day and any(s <= start < e for s, e in article.boilerplate)
        before_date = bool(day) and not line[day.end :].strip() if day else False
        if (
            (alone or before_date)
            and _MASTHEAD.fullmatch(name)
            and not _SECTIONS.match(name)
            and not _BYLINE.match(name)
        ):
            yield name


def _agencies(article: Article) -> Iterator[str]:
    paragraphs = (article.text[start : start + 90] for start, end in lines(article.text) if end - start > 60)
    for opening in islice(paragraphs, 4):
        found = _AGENCY.match(opening)
        if found and (found.start("name") < 30 or dates(found[0])):
            yield found["name"]


def _copyright(article: Article) -> Iterator[str]:
    for start, end in article.boilerplate:
        for form in (_COPYRIGHT, _END_MARK):
            if found := form.search(article.text[start:end]):
                yield found["name"]


def title(article: Article) -> str | None:
    """The headline: the first line above the story that is neither clutter nor date, byline or dateline."""
    for start, end in lines(article.text):
        line = article.text[start:end].strip()
        if any(s <= start < e for s, e in article.boilerplate) or _BYLINE.match(line):
            continue
        if len(line) > 2 * _LONG or _DATELINE.match(line):
            return None
        if len(line.split()) >= 3 and not dates(line) and not line.endswith("."):
            return line
    return None
