"""When a thing happened, as its own clause says it: the time expressions of a page, and the one that governs a trigger.

Calendar dates are found by `legation.cleaning.dates`; here they get their year, and relative words ("last Saturday",
"a day earlier") their date, from the day of publication and from dates named before. Nothing else is known: what is not
certain is left out ("last week" is a month, or a year, or nothing).
"""

import re
from calendar import isleap, month_name, monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from math import inf

from dateutil.easter import easter
from spacy.tokens import Span, Token

from legation.atlas import load
from legation.cleaning.dates import MONTHS, Order, dates
from legation.reading import data_files
from legation.reading.page import Page

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_COUNTS: dict[str, int] = {word: n for word, n in data_files.load("counts")["numbers"].items() if n <= 12}
_COUNTS |= {"a": 1, "an": 1, "the": 1, "a couple of": 2}
_NUMBER = r"\d{1,3}|a couple of|a|an|" + "|".join(
    word for word in _COUNTS if word.isalpha() and len(word) > 2 and word != "the"
)
_PART = r"(?:early|late|mid|the beginning of|the start of|the end of|the middle of|later|earlier)"
_YEAR = r"(?:1[6-9]\d\d|20[0-4]\d)"


_MONTHS = frozenset(MONTHS)


@dataclass(frozen=True, slots=True)
class Dated:
    """A time expression: tokens [start, end) of the page and what it says in EDTF.

    `edtf` is ``None`` for words that name a time nobody can place ("overnight"). `lead` is the word before it that
    bounds it ("by", "until", "since"). `why` says how it was read, and in `event_date` how it belongs to the trigger.
    `others`: dates that it would be if read another way, with that way.
    """

    edtf: str | None
    start: int
    end: int
    why: str
    lead: str = ""
    others: tuple[tuple[str, str], ...] = ()


AHEAD = frozenset({"announced", "threatened", "demanded"})
"""Statuses of what is still to come."""

# -- EDTF arithmetic -------------------------------------------------------------------------------------------------


def _day(edtf: str | None) -> date | None:
    """The day of a full EDTF date."""
    return date.fromisoformat(edtf) if edtf and re.fullmatch(r"\d{4}-\d\d-\d\d", edtf) else None


def _in(year: int, month_day: str) -> str:
    """A month or a day of a year, which stays open where the year has no such day."""
    leapless = month_day == "02-29" and not isleap(year)
    return f"{'XXXX' if leapless else f'{year:04}'}-{month_day}"


def days_apart(one: str, other: str) -> float:
    """Days between two EDTF dates; infinitely many where one of them is no day."""
    first, last = _day(one), _day(other)
    return abs((first - last).days) if first and last else inf


def _common(first: date, last: date) -> str | None:
    """The finest unit that holds both days."""
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return first.isoformat()[:7]
    return str(first.year) if first.year == last.year else None


def _month(published: str | None) -> tuple[int | None, int] | None:
    """Year (``None`` when unknown) and month of an EDTF date."""
    parts = re.match(r"(\d{4}|XXXX)-(\d\d)", published or "")
    return (int(parts[1]) if parts[1].isdigit() else None, int(parts[2])) if parts else None


def _year(published: str | None) -> int | None:
    return int(published[:4]) if published and published[:4].isdigit() else None


def _shift_month(edtf: str | None, months: int) -> str | None:
    """The month so many months later; with the year unknown only inside the year."""
    known = _month(edtf)
    if known is None:
        return None
    year, index = known[0], known[1] - 1 + months
    if year is None:
        return f"XXXX-{index + 1:02}" if 0 <= index < 12 else None
    return f"{year + index // 12}-{index % 12 + 1:02}"


def _shift(edtf: str | None, amount: int, unit: str, *, exact: bool = False) -> str | None:
    """A date moved by days, weeks, months or years, no finer than both the date and the unit are; a week is seven days if `exact`."""
    day = _day(edtf)
    if unit in ("minute", "hour", "moment"):
        return edtf
    if unit in ("day", "night", "morning"):
        return (day + timedelta(days=amount)).isoformat() if day else edtf[:7] if edtf and abs(amount) < 4 else None
    if unit == "week":
        if day is None:
            return None
        middle = day + timedelta(weeks=amount)
        if exact:
            return middle.isoformat()
        return _common(middle - timedelta(days=3), middle + timedelta(days=3))
    if unit == "month":
        return _shift_month(edtf, amount)
    year = _year(edtf)
    return f"{year + amount:04}" if year is not None and year + amount > 0 else None


def _with_year(edtf: str, published: str | None, *, future: bool) -> str:
    """``XXXX-MM-DD`` with the year it must have if it was the last such day by the day of publication (or the next one)."""
    year, month_day = _year(published), edtf[5:]
    if year is None or not published or len(published) < 7:
        return edtf
    shortest = min(len(month_day), len(published) - 5)
    here, there = month_day[:shortest], published[5 : 5 + shortest]
    if not future and here > there:
        year -= 1
    elif future and here < there:
        year += 1
    return _in(year, month_day)


def _in_year(edtf: str, published: str | None, told: str | None, *, future: bool) -> str:
    """``XXXX-MM-DD`` with its year: that of the paragraph if it has gone back to one ("In 1987 ... In June ..."), or `_with_year`."""
    if told is not None and not future and edtf[5:] >= told[5 : 5 + len(edtf) - 5]:
        return _in(int(told[:4]), edtf[5:])
    return _with_year(edtf, published, future=future)


# -- time expressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Context:
    """What an expression is resolved against: day of publication, the date named last, and whether its clause looks ahead."""

    published: str | None
    anchor: str | None
    future: bool
    told: str | None = None  # the date of an earlier year that the paragraph has gone back to
    exact: bool = False  # a week is seven days, not about seven
    on: bool = False  # "two days after the attack": counted on from the date named before, which is the attack's, not back to it


_Resolver = Callable[[re.Match[str], _Context], str | None]
_RULES: list[tuple[re.Pattern[str], _Resolver, frozenset[str]]] = []


def _rule(pattern: str, needs: Iterable[str]) -> Callable[[_Resolver], _Resolver]:
    """A rule of lower-cased text; `needs`: words without all of which it cannot match, "#" for a digit: most sentences speak of no time."""

    def register(resolver: _Resolver) -> _Resolver:
        _RULES.append((re.compile(rf"(?<![\w$€£])(?:{pattern})(?!\w)"), resolver, frozenset(needs)))
        return resolver

    return register


@_rule(
    rf"(?P<first>[12]\d|[1-9]|3[01])(?:st|nd|rd|th)?\s?(?:to|-|–|and|/)\s?(?:[12]?\d|3[01])(?:st|nd|rd|th)?\s(?P<month>{_MONTH})\b\.?(?:,?\s(?P<year>{_YEAR}))?",
    _MONTHS,
)
@_rule(
    rf"(?P<month>{_MONTH})\b\.?\s(?P<first>[12]\d|[1-9]|3[01])(?:st|nd|rd|th)?\s?(?:to|-|–|and)\s?(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?!\d)(?:,?\s(?P<year>{_YEAR}))?",
    _MONTHS,
)
def _days(match: re.Match[str], context: _Context) -> str | None:
    """ "from 3 to 5 May": the day it began."""
    value = f"{match['year'] or 'XXXX'}-{MONTHS[match['month']]:02}-{int(match['first']):02}"
    if int(match["first"]) > monthrange(int(match["year"] or 2000), MONTHS[match["month"]])[1]:
        return None
    return value if match["year"] else _with_year(value, context.published, future=context.future)


@cache
def _holidays() -> dict[str, dict[str, int]]:
    """`holidays` of `data/when.yaml`."""
    found: dict[str, dict[str, int]] = data_files.load("when")["holidays"]
    return found


_FEASTS = frozenset(max(re.findall(r"[a-z]+", name), key=len) for name in _holidays())


@_rule("|".join(sorted(map(re.escape, _holidays()), key=len, reverse=True)), _FEASTS)
def _holiday(match: re.Match[str], context: _Context) -> str | None:
    at = _holidays()[match[0]]
    if "easter" not in at:
        day = f"-{at['day']:02}" if "day" in at else ""
        return _with_year(f"XXXX-{at['month']:02}{day}", context.published, future=context.future)
    report = _day(context.published)
    if report is None:
        return None
    near = [easter(report.year + n) + timedelta(days=at["easter"]) for n in (-1, 0, 1)]
    passed = [day for day in near if day <= report]
    chosen: date = near[len(passed)] if context.future else passed[-1]
    return chosen.isoformat()


@cache
def _ordinals() -> dict[str, int]:
    """ "first", "1st" ... "thirty-first", "31st" → day of the month."""
    words = data_files.load("when")["words"]["ordinals"]["words"]
    named = {word: day for day, word in enumerate(words, 1)}
    spaced = {word.replace("-", " "): day for word, day in named.items()}
    return named | spaced | {f"{day}{_ending(day)}": day for day in range(1, 32)}


def _ending(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


_DAYS_OF_MONTH = frozenset(word for name in _ordinals() for word in re.findall(r"[a-z]{3,}", name)) | {"#"}
_ORDINAL = "|".join(sorted(_ordinals(), key=len, reverse=True))


@_rule(
    rf"(?:the )?(?P<day>{_ORDINAL}|last)(?: day| night| morning| evening| afternoon)? of (?P<month>{_MONTH})\b\.?(?:,? (?P<year>{_YEAR}))?",
    _MONTHS,
)
@_rule(rf"(?P<month>{_MONTH})\b\.? the (?P<day>{_ORDINAL})(?:,? (?P<year>{_YEAR}))?", _MONTHS)
def _day_of_month(match: re.Match[str], context: _Context) -> str | None:
    """ "the third of June", "April the 1st", "on the last night of October"."""
    month, year = MONTHS[match["month"]], match["year"]
    longest = monthrange(int(year or 2000), month)[1]
    day = longest if match["day"] == "last" else _ordinals()[match["day"]]
    if day > longest:
        return None
    value = f"{year or 'XXXX'}-{month:02}-{day:02}"
    return value if year else _in_year(value, context.published, context.told, future=context.future)


@_rule(
    rf"(?<!\bof )(?<!\bone )(?<!\bamong )(?:on|by|until|till|since|from|before|after|of|to) the (?P<day>{_ORDINAL})"
    r"(?: inst\b\.?| of (?P<month>the|that|this|last|the same|the previous|the following) month)?",
    _DAYS_OF_MONTH,
)
def _day_alone(match: re.Match[str], context: _Context) -> str | None:
    """ "on the 23rd": of the month named last; of the month of publication or the one before it when none was."""
    of, day, report = match["month"], _ordinals()[match["day"]], _day(context.published)
    step = {"last": -1, "the previous": -1, "the following": 1}.get(of or "", 0)
    at = _shift_month(context.published if of in ("this", "last") else context.anchor, step)
    if at is None or not at[:4].isdigit():
        return None
    if of:
        return f"{at}-{day:02}" if day <= monthrange(int(at[:4]), int(at[5:]))[1] else None
    if report and at == report.isoformat()[:7] and (day < report.day if context.future else day > report.day):
        at = _shift_month(at, 1 if context.future else -1) or at
    return f"{at}-{day:02}" if day <= monthrange(int(at[:4]), int(at[5:]))[1] else None


@_rule(
    rf"the (?P<which>first|second|third|fourth|last) (?P<day>{'|'.join(WEEKDAYS)}) (?:of|in) (?P<month>{_MONTH})\b\.?(?:,? (?P<year>{_YEAR}))?",
    WEEKDAYS,
)
def _weekday_of_month(match: re.Match[str], context: _Context) -> str | None:
    """ "the last Friday of June"."""
    value = f"{match['year'] or 'XXXX'}-{MONTHS[match['month']]:02}"
    value = value if match["year"] else _in_year(value, context.published, context.told, future=context.future)
    if not value[:4].isdigit():
        return None
    year, month = int(value[:4]), int(value[5:])
    days = [
        d
        for d in range(1, monthrange(year, month)[1] + 1)
        if date(year, month, d).weekday() == WEEKDAYS.index(match["day"])
    ]
    return f"{value}-{days[-1 if match['which'] == 'last' else ('first', 'second', 'third', 'fourth').index(match['which'])]:02}"


@_rule(r"the day before yesterday", ("yesterday",))
def _before_yesterday(match: re.Match[str], context: _Context) -> str | None:
    return _moved(context.published, -2)


@_rule(r"yesterday(?: morning| afternoon| evening| night)?|last (?:night|evening)", ("yesterday", "last"))
def _yesterday(match: re.Match[str], context: _Context) -> str | None:
    return _moved(context.published, -1)


@_rule(r"today|tonight|this (?:morning|afternoon|evening)", ("today", "tonight", "this"))
def _today(match: re.Match[str], context: _Context) -> str | None:
    return context.published if context.published and re.search(r"-\d\d-\d\d$", context.published) else None


@_rule(r"tomorrow(?: morning| afternoon| evening| night)?", ("tomorrow",))
def _tomorrow(match: re.Match[str], context: _Context) -> str | None:
    return _moved(context.published, 1)


def _moved(edtf: str | None, days: int) -> str | None:
    day = _day(edtf)
    return (day + timedelta(days=days)).isoformat() if day else None


@_rule(
    r"overnight|recently|in recent (?:days|weeks|months|years)|days (?:ago|earlier)|(?:weeks|months|years) (?:ago|earlier|later)",
    ("overnight", "recently", "recent", "ago", "earlier", "later"),
)
def _vague(match: re.Match[str], context: _Context) -> str | None:
    return None


@_rule(
    rf"(?P<which>last|this|next|the following|the next|the previous)?\s?(?P<day>{'|'.join(WEEKDAYS)})"
    r"(?:(?: morning| afternoon| evening| night)?,?(?: of)? (?P<week>last|this|next) week)?(?P<after> next| last)?",
    WEEKDAYS,
)
@_rule(
    rf"the (?P<day>{'|'.join(WEEKDAYS)}) (?P<beside>after|before)(?P<after>)(?P<which>)(?! (?:last|next|tomorrow|yesterday|christmas|easter|new year)\b)",
    WEEKDAYS,
)
def _weekday(match: re.Match[str], context: _Context) -> str | None:
    """The last such day on or before publication, or the next one where the clause looks ahead; "the following" after the date named before."""
    number = WEEKDAYS.index(match["day"])
    which = (match["which"] or match["after"] or match.groupdict().get("beside") or "").strip()
    if which in ("the following", "the next", "the previous", "after", "before"):
        told = _day(context.anchor)
        if told is None:
            return None
        ahead, back = (number - told.weekday() - 1) % 7 + 1, (told.weekday() - number - 1) % 7 + 1
        return (told + timedelta(days=-back if which in ("the previous", "before") else ahead)).isoformat()
    day = _day(context.published)
    if day is None:
        return None
    if match.groupdict().get("week"):
        weeks = {"last": -1, "this": 0, "next": 1}[match["week"]]
        return (day + timedelta(days=number - day.weekday(), weeks=weeks)).isoformat()
    back = (day.weekday() - number) % 7
    if which == "last":
        return (day - timedelta(days=back or 7)).isoformat()
    if which in ("next", "this") or (context.future and not which):
        ahead = (number - day.weekday()) % 7
        return (day + timedelta(days=ahead or (7 if which == "next" else 0))).isoformat()
    return (day - timedelta(days=back)).isoformat()


@_rule(
    rf"(?:it is|it's|it has been) (?P<number>{_NUMBER}) (?P<unit>hour|day|week|month|year)s? since", ("ago", "since")
)
@_rule(
    rf"(?P<number>{_NUMBER}) (?P<unit>minute|hour|day|week|month|year)s? (?:ago|(?:have|has) (?:gone by|gone|passed|elapsed) since)",
    ("ago", "since"),
)
def _ago(match: re.Match[str], context: _Context) -> str | None:
    return (
        _shift(context.published, -_count(match["number"]), match["unit"], exact=context.exact)
        if match["unit"] not in ("minute", "hour")
        else context.published
    )


@_rule(
    rf"(?P<number>{_NUMBER}|minutes|hours|moments|later|earlier)(?: (?P<unit>minute|hour|night|day|week|month|year)s?)? (?P<way>earlier(?! than\b)|later(?! than\b)|afterwards?|after that|previously|before)(?! (?:in|this)\b)",
    ("earlier", "later", "after", "afterward", "afterwards", "previously", "before"),
)
def _from_anchor(match: re.Match[str], context: _Context) -> str | None:
    if match["number"] in ("minutes", "hours", "moments"):
        return context.anchor
    if not match["unit"]:
        return None
    sign = 1 if match["way"] in ("later", "afterward", "afterwards", "after that") else -1
    return _shift(context.anchor, sign * _count(match["number"]), match["unit"], exact=context.exact)


@_rule(
    rf"(?P<vague>(?:less|more) than |nearly |almost |some |about |around )?(?P<number>{_NUMBER})(?: (?P<unit>hour|night|day|week|month|year)s?) after(?! that\b)",
    ("after",),
)
def _after(match: re.Match[str], context: _Context) -> str | None:
    """ "two days after the attack": when the attack was, counted back from the date named before."""
    if match["vague"] or match["unit"] == "hour":
        return context.anchor if context.on and match["unit"] == "hour" else None
    way = 1 if context.on else -1
    return _shift(context.anchor, way * _count(match["number"]), match["unit"], exact=context.exact)


@_rule(
    r"the (?:very )?(?P<unit>day|night|morning|evening|afternoon|week|month|year) (?P<way>after|before|following)"
    r"(?= (?!(?:last|next|tomorrow|yesterday|christmas|easter|new year)\b)\w)|(?P<eve>the eve) of(?= \w)",
    ("after", "before", "following", "eve"),
)
def _beside(match: re.Match[str], context: _Context) -> str | None:
    """ "the day after the riot", "on the eve of the vote": counted from the date named before."""
    unit = "day" if match["eve"] or match["unit"] in ("evening", "afternoon") else match["unit"]
    way = -1 if match["eve"] or match["way"] == "before" else 1
    return _shift(context.anchor, way, unit, exact=context.exact)


@_rule(
    r"within (?:the |a matter of )?(?P<unit>minutes|hours|days)(?! of (?:\w+ing|the|each)\b)|(?P<later>days) (?:later|afterwards)",
    ("within", "days"),
)
def _within(match: re.Match[str], context: _Context) -> str | None:
    """ "within hours" of the date named before; within days of it as far as the month is sure."""
    if match["unit"] in ("minutes", "hours"):
        return context.anchor
    day = _day(context.anchor)
    return _common(day, day + timedelta(days=6)) if day else None


@_rule(
    r"(?:the |that |this )?(?:very )?(?:same|that) (?P<unit>day|night|evening|morning|afternoon|week|month|year)|(?:earlier|later) (?:in the|that) (?P<unit2>day)",
    ("same", "that", "earlier", "later"),
)
def _same(match: re.Match[str], context: _Context) -> str | None:
    unit, anchor = match["unit"] or match["unit2"], context.anchor
    if anchor is None or unit == "week":
        return anchor[:7] if anchor else None
    return anchor[: {"month": 7, "year": 4}.get(unit, 10)]


@_rule(
    r"(?:the )?(?P<way>previous|preceding|next|following) (?P<unit>day|night|morning|evening|week|month|year)|(?:the|a) (?P<unit2>day|night|morning|evening|week|month|year) (?P<way2>before|after|earlier|later)(?! \w)",
    ("previous", "preceding", "next", "following", "before", "after", "earlier", "later"),
)
def _next(match: re.Match[str], context: _Context) -> str | None:
    way, unit = match["way"] or match["way2"], match["unit"] or match["unit2"]
    unit = "day" if unit in ("night", "morning", "evening") else unit
    step = 1 if way in ("next", "following", "after", "later") else -1
    return _shift(context.anchor, step, unit, exact=context.exact)


@_rule(
    r"(?:earlier |later |early |late )?(?P<which>this|last|next|the past) (?P<unit>week(?:end)?|month|year)|(?:at|over|during) (?P<which2>the) (?P<unit2>weekend)",
    ("week", "weekend", "month", "year"),
)
def _calendar(match: re.Match[str], context: _Context) -> str | None:
    which, unit = match["which"] or "last", match["unit"] or match["unit2"]
    step = {"this": 0, "last": -1, "next": 1, "the past": -1}[which]
    day = _day(context.published)
    if unit == "year":
        year = _year(context.published)
        return str(year + step) if year is not None and which != "the past" else None
    if unit == "month":
        return _shift_month(context.published, step) if which != "the past" else None
    if day is None:
        return None
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=step)
    if unit == "weekend":
        saturday = day - timedelta(days=(day.weekday() - 5) % 7) + timedelta(weeks=max(step, 0))
        return _common(saturday, min(saturday + timedelta(days=1), day) if step < 1 else saturday + timedelta(days=1))
    if which == "the past":
        return _common(day - timedelta(days=7), day)
    last = day if which == "this" and not context.future else monday + timedelta(days=6)
    return _common(monday, max(monday, last))


@_rule(
    rf"(?:(?P<lead>in|since|by|until|before|after|from|during|through|of|for|(?:the|back in)(?=\s(?!mar|may)))\s)?(?:(?P<part>{_PART})[\s-])?(?:(?P<which>last|this|next|(?:that same|the same|that)(?=\s(?!mar|may))|the following|the previous)\s)?"
    rf"(?P<month>{_MONTH})\b(?!\.?\s?\d)\.?(?:,? (?:of )?(?P<year>last year|this year|next year|that year|the same year|the following year|the previous year|the year before))?",
    _MONTHS,
)
def _month_alone(match: re.Match[str], context: _Context) -> str | None:
    """ "in May", "last May", "in May of last year": a month, with its year from publication."""
    month = MONTHS[match["month"]]
    if match["year"]:
        base = context.anchor if match["year"].startswith("th") and match["year"] != "this year" else context.published
        year = _year(base)
        step = {
            "last year": -1,
            "next year": 1,
            "the following year": 1,
            "the previous year": -1,
            "the year before": -1,
        }.get(match["year"], 0)
        return f"{year + step}-{month:02}" if year is not None else f"XXXX-{month:02}"
    if match["which"] in ("that", "that same", "the same", "the following", "the previous"):
        year, told = _year(context.anchor), (_month(context.anchor) or (None, 0))[1]
        later = (match["which"] == "the following" and month <= told) - (
            match["which"] == "the previous" and 0 < told <= month
        )
        return f"{year + later}-{month:02}" if year is not None else None
    known = _month(context.published)
    if match["which"] == "last" and known and known[0] is not None and month == known[1]:
        return f"{known[0] - 1}-{month:02}"
    future = context.future or match["which"] == "next"
    years = None if match["which"] else context.told
    return _in_year(f"XXXX-{month:02}", context.published, years, future=future)


@_rule(
    rf"(?:(?P<which>last|this|next|in|in the|during the|the|early|late|since|over the)\s)(?P<season>spring|summer|autumn|fall|winter)(?:,? (?:of )?(?P<year>{_YEAR}|last year|this year|that year))?",
    ("spring", "summer", "autumn", "fall", "winter"),
)
def _season(match: re.Match[str], context: _Context) -> str | None:
    """A season gives its year only, and winter none unless it is named."""
    if match["year"]:
        base = {"last year": -1, "this year": 0}.get(match["year"])
        if base is not None:
            year = _year(context.published)
            return str(year + base) if year is not None else None
        return (context.anchor or "")[:4] or None if match["year"] == "that year" else match["year"]
    known = _month(context.published)
    if known is None or known[0] is None or match["season"] == "winter":
        return None
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}[match["season"]]
    if match["which"] == "next" or (context.future and match["which"] not in ("this", "last")):
        return str(known[0] + (known[1] >= (first if match["which"] == "next" else first + 3)))
    if match["which"] == "last":
        return str(known[0] - (known[1] < first + 3))
    return str(known[0] - (known[1] < first)) if match["which"] != "this" else str(known[0])


@_rule(rf"between {_YEAR} and {_YEAR}|{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d)", ("#",))
def _years(match: re.Match[str], context: _Context) -> str | None:
    return None


@_rule(r"(?:the )?(?:(?:early|mid|late)[\s-])?(?P<decade>1[89]\d0|20[0-4]0)'?s", ("#",))
def _decade(match: re.Match[str], context: _Context) -> str | None:
    return f"{match['decade'][:3]}X"


@_rule(r"(?:the )?(?P<number>1\d|2[01])(?:th|st)[\s-]century", ("#",))
def _century(match: re.Match[str], context: _Context) -> str | None:
    return f"{int(match['number']) - 1:02}XX"


@_rule(rf"(?:^|(?<=[.;:!?] ))(?P<year>{_YEAR})(?=[,:]| [-–—])", ("#",))
@_rule(
    rf"(?:(?:in|since|of|from|until|till|by|during|after|before|through|year|early|late|mid|the|its|their|his|her|a|late as|early as|recently as|to|around|about)[\s-]|\w's |\()(?P<year>{_YEAR})(?![,.]\d|\s?%|/\d)",
    ("#",),
)
def _year_alone(match: re.Match[str], context: _Context) -> str | None:
    return match["year"]


def _count(number: str) -> int:
    return int(number) if number.isdigit() else _COUNTS[number]


_MONTH_NEEDS = ("lead", "part", "which", "year")


def _lead(page: Page, span: Span, sentence: Span) -> str:
    """The word that bounds a time expression, in it or before it."""
    before = [page.doc[i].lower_ for i in range(max(sentence.start, span.start - 2), span.start)]
    if " ".join(before) == "as of":
        return "as of"
    return next((word for word in (span[0].lower_, *before[-1:]) if word in _words("leads")), "")


def _said_just_before(page: Page, first: int) -> Token | None:
    """The past-tense verb that a time word follows at once ("said Monday", "announced on Friday"): news puts it there."""
    index = first - 1
    while index >= 0 and index >= first - 2 and page.doc[index].lower_ in _words("before_time"):
        index -= 1
    token = page.doc[index] if index >= 0 else None
    return token if token is not None and token.tag_ == "VBD" and page.sentence(first).start <= index else None


def _looks_ahead(page: Page, span: Span, lead: str) -> bool:
    """Whether the clause of a time expression speaks of what is to come."""
    if (span.end < len(page.doc) and page.doc[span.end].tag_ == "POS") or (
        lead == "" and _said_just_before(page, span.start)
    ):
        return False
    limit = lead in _words("limits")
    verb = clause_head(span.root)
    for word in (verb, verb.head) if verb.dep_ in ("xcomp", "conj", "advcl") else (verb,):
        helpers = {child.lower_ for child in word.children if child.dep_ in ("aux", "auxpass")}
        if helpers & _words("ahead") or (limit and helpers & _words("due")):
            return True
    return limit and verb.tag_ in ("VB", "VBP", "VBZ")


def _order(page: Page) -> Order | None:
    """How the outlet writes 05/06/2017."""
    outlet = load().outlet(page.article.outlet) if page.article.outlet else None
    if outlet is None:
        return None
    return "mdy" if outlet.state in ("USA", "PHL") else "dmy"


_WORD, _DIGIT = re.compile(r"[a-z]+"), re.compile(r"\d")
_OF_YEAR = re.compile(r",? (?:of )?(?:(?P<which>last|this|that)|the (?P<other>same|following|previous)) year\b")


def _found(text: str, order: Order | None) -> list[tuple[int, int, re.Match[str] | str, _Resolver | None]]:
    """The expressions of a sentence, not overlapping, in order: calendar dates first, then the rules in theirs."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    every: list[tuple[int, int, re.Match[str] | str, _Resolver | None]] = []
    for found in dates(text, order):
        named = _OF_YEAR.match(lower, found.end) if found.edtf.startswith("XXXX-") else None
        every.append(
            (
                found.start,
                named.end() if named else found.end,
                f"{named['which'] or named['other']} {found.edtf}" if named else found.edtf,
                None,
            )
        )
    words = {*_WORD.findall(lower), "#" if _DIGIT.search(lower) else ""}
    for pattern, resolver, needs in _RULES:
        if needs.isdisjoint(words):
            continue
        for match in pattern.finditer(lower):
            bare = resolver is _month_alone and not any(match[g] for g in _MONTH_NEEDS)
            if match[0].strip() and not (bare and not _names_month(text[match.start() : match.end()])):
                start = match.start("year") if resolver is _year_alone else match.start()
                every.append((start, match.end(), match, resolver))
    taken: list[tuple[int, int, re.Match[str] | str, _Resolver | None]] = []
    for one in sorted(every, key=lambda o: (o[0] - o[1], o[0])):  # the longest wins
        if all(one[1] <= other[0] or other[1] <= one[0] for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda t: t[:2])


def _names_month(text: str) -> bool:
    """Whether a bare word may be the name of a month ("a June night"; not "May", "march", "Jan", "Avril")."""
    name = text.removesuffix(".")
    return name in month_name and name not in ("", "May", "March")


def _resolved(what: re.Match[str] | str, resolver: _Resolver | None, context: _Context) -> str | None:
    """The date of an expression: a match of a rule with its resolver, or a calendar date."""
    if isinstance(what, str):
        return _calendar_date(what, context)
    return resolver(what, context) if resolver else None


def _calendar_date(what: str, context: _Context) -> str:
    """A calendar date with its year: stated, "last year's", that of the date named before in the paragraph, or from publication."""
    which, _, plain = what.rpartition(" ")
    if which:
        year = _year(context.published if which in ("last", "this") else context.anchor)
        step = {"last": -1, "previous": -1, "following": 1}.get(which, 0)
        return plain if year is None else _in(year + step, plain[5:])
    if not what.startswith("XXXX"):
        return what
    return _in_year(what, context.published, context.told, future=context.future)


_DASHES = {"-", "--", "–", "—", "---", ".-", ":"}


def _heads_line(page: Page, span: Span) -> bool:
    """Whether a date stands at the head of a line, as of the report ("KYIV, May 7 (Agency) --") or of an entry ("4 May 1979: ...")."""
    first = page.lines[page.line_of(span.start)][0]
    if span.start - first > 6:
        return False
    after = [page.doc[i].text for i in range(span.end, min(span.end + 8, len(page.doc)))]
    return (
        any(word in _DASHES for word in after[:7]) and not any(word in (".", "said") for word in after[:3])
    ) or after[:1] == ["("]


def _names_else(page: Page, span: Span, what: re.Match[str], resolver: _Resolver | None) -> bool:
    """Whether a word of time is part of a name or counts what is behind it: "June Lee", "Black September", "the Sixth Fleet", "on the second floor"."""
    before = page.doc[span.start - 1] if span.start else None
    after = page.doc[span.end] if span.end < len(page.doc) else None
    named = after is not None and after.tag_[:3] == "NNP" and after.is_title
    if resolver is _day_alone and not what["month"]:
        last = span[-1]
        if after is not None and (after.tag_ == "HYPH" or after.text in "-–" or after.lower_ in WEEKDAYS):
            return True
        if named and ((last.is_alpha and last.is_title) or last.head.i > last.i):
            return True
        return after is not None and not named and after.tag_[:2] in ("NN", "JJ", "CD") and after.lower_ != "inst"
    if resolver is _month_alone and not any(what[group] for group in ("lead", "part", "year")):
        return named or (
            before is not None and before.tag_[:2] in ("NN", "JJ") and before.is_title and not what["which"]
        )
    return False


def _from_another(what: re.Match[str], resolver: _Resolver | None) -> bool:
    """Whether an expression counts from what else happened, so that the day of the report says nothing of it."""
    return (
        resolver is _beside
        or (resolver is _from_anchor and what["way"] == "before")
        or (
            resolver is _weekday
            and (what["which"] or what.groupdict().get("beside") or "this") not in ("this", "last", "next")
        )
    )


def _read(page: Page, published: str | None) -> Iterator[Dated]:
    order, anchor, line = _order(page), published, -1
    named: list[str] = []
    whole = page.doc.text
    for sentence in page.sentences:
        text = whole[sentence.start_char : sentence.end_char]
        for start, end, what, resolver in _found(text, order):
            span = page.doc.char_span(sentence.start_char + start, sentence.start_char + end, alignment_mode="expand")
            if span is None or not len(span):
                continue
            if not isinstance(what, str) and _names_else(page, span, what, resolver):
                continue
            lead = _lead(page, span, sentence)
            future = _looks_ahead(page, span, lead)
            if resolver is _within and not future:
                lead = ""  # no limit, but how soon it came
            told = (
                anchor if anchor and page.line_of(span.start) == line and anchor[:4] < (published or "")[:4] else None
            )
            why = resolver.__name__.strip("_") if resolver else "calendar"
            context = _Context(published, anchor, future, told)
            edtf = _resolved(what, resolver, context)
            unnamed = all(date == published for date in named)
            guessed = edtf if unnamed and not isinstance(what, str) and _from_another(what, resolver) else None
            edtf = None if guessed else edtf
            if why != "after" and _heads_line(page, span):
                why = "dateline" if edtf == published or not edtf else "heading"
            ways = {
                "behind" if future else "ahead": replace(context, future=not future),
                "told then": replace(context, published=anchor, told=None),
                "told then, ahead": replace(context, published=anchor, told=None, future=True),
                "told now": replace(context, anchor=published, told=None),
                "to the day": replace(context, exact=True),
                "counted on": replace(context, on=True),
                "counted on to the day": replace(context, on=True, exact=True),
            }
            if not isinstance(what, str):
                places = {"last but one": named[-2:-1], "last but two": named[-3:-2], "first": named[:1]}
                ways |= {
                    f"from the {place}": replace(context, anchor=date, on=True, exact=True)
                    for place, dates_ in places.items()
                    for date in dates_
                }
            found: dict[str, str] = {guessed: "from the report"} if guessed else {}
            for way, otherwise in ways.items():
                other = _resolved(what, resolver, otherwise)
                if other and other != edtf and other[:4] != "XXXX":
                    found.setdefault(other, way)
            yield Dated(edtf, span.start, span.end, why, lead, tuple(found.items()))
            if edtf and why not in ("season", "decade", "century", "after", "within") and not future:
                anchor, line = edtf, page.line_of(span.start)
                named = [*(date for date in named if date != edtf), edtf]


def _merged(found: list[Dated], page: Page) -> Iterator[Dated]:
    """A weekday beside a calendar date ("Friday morning, December 20") is one expression with it."""
    skip = False
    for index, here in enumerate(found):
        if skip:
            skip = False
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        if after and {here.why, after.why} == {"weekday", "calendar"} and after.start - here.end <= 2:
            between = page.doc[here.end : after.start].text.lower().strip(" ,(")
            if between in ("", "morning", "evening", "night", "afternoon", "the", "on"):
                calendar = here if here.why == "calendar" else after
                yield replace(calendar, start=here.start, end=after.end, lead=here.lead)
                skip = True
                continue
        yield here


def page_dates(page: Page, published: str | None) -> tuple[Dated, ...]:
    """All time expressions of a page in order, resolved against the day of publication and the dates before them."""
    return tuple(_merged(list(_read(page, published)), page))


def sentence_dates(
    page: Page, sentence: Span, published: str | None, found: tuple[Dated, ...] | None = None
) -> list[Dated]:
    """The time expressions of one sentence; `found`: those of the page, when they are already read."""
    found = page_dates(page, published) if found is None else found
    return [d for d in found if sentence.start <= d.start < sentence.end]


# -- the expression that governs a trigger ---------------------------------------------------------------------------

_CLAUSAL = {"ROOT", "ccomp", "xcomp", "advcl", "relcl", "acl", "pcomp", "conj", "parataxis", "csubj", "csubjpass"}


def _preposition(page: Page, dated: Dated) -> Token | None:
    """The "on" or "in" at the head of a time expression, which knows its verb even where the parser took the date for a name."""
    for index in (dated.start, dated.start - 1):
        token = page.doc[index] if index >= 0 else None
        if token is not None and token.tag_ == "IN" and token.lower_ not in ("of", "after", "before", "than", "ago"):
            return token if token.head != token and not dated.start < token.head.i < dated.end else None
    return None


def _site(page: Page, dated: Dated) -> Token:
    """The word a time expression belongs to: up from it over prepositions and other words of time."""
    said = _said_just_before(page, dated.start)
    if said is not None:
        return said
    token = _preposition(page, dated) or page.doc[dated.start : dated.end].root
    while token.head != token and token.dep_ in _BELONGS:
        head = token.head
        if not (
            dated.start <= head.i < dated.end or head.tag_ in ("IN", "TO", "RB", "CD") or head.lower_ in _time_nouns()
        ):
            break
        token = head
    return token.head


_BELONGS = {
    "npadvmod", "tmod", "advmod", "nummod", "amod", "nmod", "compound", "poss", "pobj", "pcomp", "prep", "dep", "appos", "det",
    "prt", "quantmod", "dobj", "nsubj", "attr", "oprd", "conj", "cc",
}  # fmt: skip


@cache
def _words(name: str) -> frozenset[str]:
    """One of the lists of words of `data/when.yaml`."""
    return frozenset(data_files.load("when")["words"][name]["words"])


@cache
def _time_nouns() -> frozenset[str]:
    return frozenset({*WEEKDAYS, *MONTHS, *_words("nouns")})


def clause_head(token: Token) -> Token:
    """The verb of the clause a word stands in (the root where there is none)."""
    while not token.tag_.startswith(("VB", "MD")) and token.head != token:
        token = token.head
    while token.dep_ in ("aux", "auxpass") and token.head != token:
        token = token.head
    return token


def _attribute_of(page: Page, dated: Dated) -> Token | None:
    """The noun that a date is a mere attribute of: "the 1961 Convention", "Monday's attack", "the agreement of 1947"."""
    root = page.doc[dated.start : dated.end].root
    if _preposition(page, dated) is not None:
        return None
    while root.dep_ in ("nummod", "compound", "pobj", "prep") and dated.start <= root.head.i < dated.end:
        root = root.head
    if (
        root.dep_ in ("poss", "compound", "nummod", "amod", "nmod")
        and root.head.tag_.startswith("NN")
        and root.head.i >= dated.end
    ):
        return root.head
    if (root.dep_ == "pobj" and root.head.lower_ == "of") or root.lower_ == "of":
        noun = root.head.head if root.dep_ == "pobj" else root.head
        if noun.tag_.startswith("NN") and noun.i < dated.start and noun.lower_ not in _time_nouns():
            return noun
    return None


def relation(page: Page, dated: Dated, start: int, end: int) -> str | None:
    """How a time expression of the sentence belongs to the trigger [start, end): a key of ``when.yaml``, or ``None``."""
    head = page.doc[start:end].root
    if dated.why in ("dateline", "heading"):
        return dated.why
    noun = _attribute_of(page, dated)
    if noun is not None:
        return (
            "own"
            if start <= noun.i < end or (head.tag_.startswith("NN") and head.head == noun and head.dep_ != "conj")
            else None
        )
    if dated.why == "after":
        inside = start >= dated.end and not any(page.doc[i].text in (",", ";") for i in range(dated.end, start))
        return "own" if inside else None
    site = _site(page, dated)
    if start <= dated.start < end or start <= site.i < end or site == head:
        return "own"
    verb, timed = clause_head(head), clause_head(site)
    if timed == verb:
        return (
            "clause" if head.tag_.startswith(("VB", "MD")) else "phrase" if head.is_ancestor(site) else "noun of clause"
        )
    if verb.dep_ in ("relcl", "advcl") and dated.start <= verb.head.i < dated.end:
        return "when"
    up, down = _way(verb, timed), _way(timed, verb)
    if up is not None:
        if set(up) == {"conj"}:
            return "coordinate"
        if up == ["xcomp"]:
            return "control"
        return up[-1] + " of" if len(up) == 1 else "said" if up[-1] == "ccomp" else "far"
    if down is not None:
        if down == ["conj"] and not any(c.dep_ in ("nsubj", "nsubjpass") for c in timed.children):
            return "shared"
        if down[0] in ("xcomp", "pcomp") and len(down) == 1:
            return "xcomp"
        return (
            {"conj": "later coordinate", "ccomp": "content"}.get(down[0], "subordinate")
            if len(down) == 1
            else "subordinate"
        )
    return "beside"


def _way(low: Token, high: Token) -> list[str] | None:
    """The links from a clause up to one that holds it; ``None`` when it does not."""
    links: list[str] = []
    while low != high:
        if low.head == low:
            return None
        if low.tag_.startswith(("VB", "MD")) or low.dep_ in _CLAUSAL:
            links.append(low.dep_)
        low = low.head
    return [link for link in links if link not in ("aux", "auxpass")] or ["in"]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A relation of ``when.yaml``: its rank, and the groups of event types whose date it does not give."""

    rank: int
    but: frozenset[str]


@cache
def _rules() -> dict[str, _Rule]:
    return {
        r["relation"]: _Rule(rank, frozenset(r.get("but", ())))
        for rank, r in enumerate(data_files.load("when")["relations"])
    }


def event_date(
    page: Page,
    start: int,
    end: int,
    published: str | None,
    *,
    group: str = "",
    status: str = "reported",
    found: tuple[Dated, ...] | None = None,
) -> Dated | None:
    """The time expression that governs a trigger, tokens [start, end), with its date; ``None`` when its sentence gives none.

    `group` is the group of the event's type in `legation.ontology` ("harm", "restriction", ...), `status` its status:
    a limit ("by 7 February") dates only what is still to come. `found`: the page's expressions, when already read.
    For a harm told without a time, the date of the sentence before it in the paragraph carries over.
    """
    found = page_dates(page, published) if found is None else found
    ahead = status in AHEAD
    sentence = page.sentence(start)
    best: tuple[tuple[int, ...], Dated] | None = None
    here = [d for d in found if sentence.start <= d.start < sentence.end]
    for dated in here:
        how = relation(page, dated, start, end)
        rule = _rules().get(how or "")
        if (
            rule is None
            or group in rule.but
            or (dated.lead in _words("bounds") and not ahead)
            or (ahead and how == "ccomp of")
        ):
            continue
        key = (dated.edtf is None, rule.rank, abs(dated.start - start))
        if best is None or key < best[0]:
            best = key, replace(dated, why=f"{dated.why}, {how}")
    if best:
        return best[1] if best[1].edtf else None
    if here:
        return None
    first = page.lines[page.line_of(start)][0]
    heading = next(
        (
            d
            for d in found
            if d.why == "heading" and first <= d.start < start and page.line_of(d.start) == page.line_of(start)
        ),
        None,
    )
    if heading is not None:
        return replace(heading, why="heading of the entry")
    return _carried(page, sentence, found) if group in _CARRIED else None


_CARRIED = {"harm"}


def _carried(page: Page, sentence: Span, found: tuple[Dated, ...]) -> Dated | None:
    """The last day named at most two sentences before, in this paragraph or at the end of the one above."""
    before = [
        d
        for d in found
        if d.end <= sentence.start
        and d.edtf
        and d.why not in ("dateline", "season", "decade")
        and d.lead not in _words("bounds")
    ]
    if not before:
        return None
    last, line = before[-1], page.line_of(sentence.start)
    between = sum(1 for token in page.doc[last.end : sentence.start] if token.is_sent_start)
    if between < (2 if page.line_of(last.start) == line else 1):
        return replace(last, why=f"{last.why}, carried over")
    return None
