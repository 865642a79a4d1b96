"""Outlet and title, from the lines above the story and from credits."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from legation.atlas import load
from legation.cleaning.boilerplate import lines
from legation.cleaning.dates import Order, dates
from legation.schema import Article

_LONG = 140
"""Characters that make a line a paragraph of the story."""
_MASTHEAD = re.compile(r"[A-Z][\w'’.-]*( ?&|( (of|the|and|de|du|del|la|on|in|for))* [A-Z][\w'’.-]*){1,5}")
_WORD = re.compile(r"[A-Z][\w.-]{1,20}( (News|Online|Press))?")
_SUFFIX = re.compile(r"( (NEWS )?(ARCHIVES?|Archives?|Online|Live|in English|English|online|- News|News Archive))+$")
_SECTIONS = re.compile(
    r"(top |breaking |latest |world |daily )?(news|world|home|opinion|politics|live|menu|share|sections|archives?|print|today|\w+day\b|donate|about|log|"
    r"subscribe|sign|search|skip|article|section|our|new)\b|.*\b(stories|policy|paper|content|brief|settings|published)$",
    re.IGNORECASE,
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
_APPEAL = re.compile(
    r"\b(?:[Ss]upport|[Ff]ollow|[Jj]oin|from|[Gg]et the) (?P<name>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,4})"
)
_END_MARK = re.compile(r"^(?:==|--)(?P<name>[A-Z][A-Za-z]{2,8})$", re.MULTILINE)
_BYLINE = re.compile(r"\W*(by|from our|published|posted|updated)\b", re.IGNORECASE)
_DATELINE = re.compile(r"[A-Z][A-Z .,'’-]{3,40}(\(|,? \w+\.? \d|[—–-])")


def outlet(article: Article) -> str | None:
    """Who the text says it is from: its address, a masthead above the story, a dateline's agency, a copyright line, an end mark.

    An outlet that the atlas knows comes before a name that only looks like one.
    """
    known = load().outlet
    if article.url and (found := known(article.url)):
        return found.name
    named = list(chain(_mastheads(article), _agencies(article), _copyright(article)))
    return next(filter(known, named), None) or next(iter(named), None)


def _mastheads(article: Article) -> Iterator[str]:
    """Names that stand alone or before a date in the first lines; a place before a date is a dateline."""
    for start, end in lines(article.text)[:3]:
        line = article.text[start:end].strip()
        if len(line) > _LONG:
            return
        day = next(iter(dates(line)), None)
        name = re.sub(r"\s*\([^)]*\)$", "", line[: day.start].rstrip(" ,|–—-") if day else line)
        name = _SUFFIX.sub("", name)
        if load().outlet(name):
            yield name
        elif _SECTIONS.match(name) or _BYLINE.match(name) or load().lookup(name):
            continue
        elif day and not line[day.end :].strip():
            if _MASTHEAD.fullmatch(name) or _WORD.fullmatch(name):
                yield name
        elif any(s <= start < e for s, e in article.boilerplate) and _MASTHEAD.fullmatch(name):
            yield name


def _agencies(article: Article) -> Iterator[str]:
    paragraphs = (article.text[start : start + 90] for start, end in lines(article.text) if end - start > 60)
    for opening in islice(paragraphs, 4):
        found = _AGENCY.match(opening)
        if found and (found.start("name") < 30 or dates(found[0])) and not load().city(found["name"]):
            yield found["name"]


def _copyright(article: Article) -> Iterator[str]:
    for start, end in article.boilerplate:
        for form in (_COPYRIGHT, _END_MARK, _APPEAL):
            found = form.search(article.text[start:end])
            certain = form is _END_MARK or (form is _COPYRIGHT and found and " " in found["name"])
            if found and (certain or load().outlet(found["name"])):
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


def order(outlet: str | None) -> Order | None:
    """Which of 05/06/2017 is the month, by the state in which the outlet is published; None where that is not known."""
    found = load().outlet(outlet) if outlet else None
    return ("mdy" if found.state == "USA" else "dmy") if found and found.state else None
