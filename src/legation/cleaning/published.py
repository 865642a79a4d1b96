"""When an article was published, as far as it says so itself."""

import re
from collections.abc import Iterator

from legation.cleaning.boilerplate import lines
from legation.cleaning.dates import Order, dates, edtf
from legation.schema import Article

_HEAD, _FOOT = 14, 8
"""Lines from the top and from the end in which a publication date may stand."""
_LONG = 140
"""Characters that make a line a paragraph of the story."""
_SAID = re.compile(r"\b(first published|publish\w*|posted|issued|aired|answered|date|datum|filed)\b", re.IGNORECASE)
_CHANGED = re.compile(r"\b(updated?|modified|edited|revised|last|to the web)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"(\W*(\[[A-Z]+\]\s*)?[A-Z][\w .'’/-]{2,30}(,\s*[\w .]{2,25})?(\s*\([A-Z][\w .-]{1,20}\))?[\s,(–—-]*)?((Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*)?"
)
"""CITY, Country (AGENCY), or City, or nothing, as it stands before the date of a dateline, with the day of the week."""
_AGENCY = re.compile(r"[\s,.]*([(/—–:-]|\)\s*[—–-]|,?\s*[A-Z][\w ]{1,20} ?[—–-])")
"""What follows the date of a dateline: (Reuters), /TASS/, a dash, Kyodo -."""
_STOP = re.compile(r"\.\s+[A-Z“\"]")
"""What follows a whole date that is all there is of a dateline: a full stop, and the story."""
_NOISE = re.compile(
    r"\b(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b|\b\d{1,2}[:.]\d\d(:\d\d)?\b|\b[ap]\.?m\b\.?|"
    r"\b(GMT|UTC|E[SD]?T|[CMP][SD]T|BST|IST|CEST|CET|MSK|UK|at|on|in|of|the|by|published|posted|updated|last|issued|date|first)\b",
    re.IGNORECASE,
)
_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=\D|$)")
_US_TIME = re.compile(r"\b(E[SD]?T|[CMP][SD]T)\b")
_24_HOURS = re.compile(r"\b(1[3-9]|2[0-3]|0?\d|1[0-2])[:.][0-5]\d\b(?!\s*[ap]\.?m)", re.IGNORECASE)
_BARE = 45
"""Letters that may stand beside the date of a line that is about the date: a byline, a desk, a masthead."""


def published(article: Article, order: Order | None = None) -> str | None:
    """EDTF of the day of publication, None if the article does not say.

    In this order: what came with the article (a JSON field, a page's metadata), lines above the story that name the day,
    the dateline, lines below the story, the address. "Published" goes before a bare date, and that before "updated"; a
    whole date before one without its year, which stays without. `order` settles 05/06/2017 (the outlet's state tells).
    """
    if article.published and (value := edtf(article.published, order)):
        return value
    found = sorted(_candidates(article, order), key=lambda c: (_partial(c[1]), c[0]))
    return found[0][1] if found else None


def _partial(value: str) -> int:
    """How much of a date is missing: 0 for a day, 1 without a year, 2 for less than a day."""
    return 0 if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else 1 if value.startswith("XXXX") else 2


def _candidates(article: Article, order: Order | None) -> Iterator[tuple[float, str]]:
    """Rank (lower is better) and value of each date that may be the day of publication."""
    spans = lines(article.text)
    texts = [article.text[s:e] for s, e in spans]
    story = [
        index
        for index, (s, e) in enumerate(spans)
        if e - s > _LONG and not any(start <= s < end for start, end in article.boilerplate)
    ]
    body = story[0] if story else len(texts)
    for text in texts[: min(body, _HEAD)]:
        yield from _from_line(text, order, 0)
    for text in texts[: min(story[2] + 1 if len(story) > 2 else len(texts), _HEAD)]:
        first = next(iter(dates(text[:90], order or _order(text[:90]))), None)
        place = text[: first.start] if first else ""
        if first and _PLACE.fullmatch(place):
            apart = not place or place.rstrip().endswith((",", ")", "-", "–", "—", "day"))
            stands = apart and _STOP.match(text, first.end) and not _partial(first.edtf)
            if stands or (place and (place.isupper() or _AGENCY.match(text, first.end))):
                yield 1.5, first.edtf
    for text in texts[max(body + 1, len(texts) - _FOOT) :]:
        yield from (found for found in _from_line(text, order, 3) if not _partial(found[1]))
    if article.url and (address := _URL.search(article.url)) and (value := edtf("-".join(address.groups()))):
        yield 2.5, value


def _from_line(line: str, order: Order | None, rank: float) -> Iterator[tuple[float, str]]:
    """The dates of a line that is about them; a label before one says whether it is the first day or a later change."""
    found = dates(line, order or _order(line))
    if len(line) > _LONG or not found or (found[0].start and sum(map(str.isalpha, _NOISE.sub("", line))) > _BARE):
        return
    for date in found:
        before = line[: date.start]
        changed, said = ([m.end() for m in form.finditer(before)] for form in (_CHANGED, _SAID))
        yield rank + (2.0 if changed and changed[-1:] >= said[-1:] else 0.0 if said else 1.0), date.edtf


def _order(line: str) -> Order | None:
    """What the way of writing the time tells: American zones put the month first, a clock of 24 hours the day."""
    return "mdy" if _US_TIME.search(line) else "dmy" if _24_HOURS.search(line) else None
