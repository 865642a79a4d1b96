"""From incidents on the record to a draft: which facts in which voice, which law, what is open; the words are in ``wording.yaml``."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from legation import law
from legation.exports.briefing.dates import in_words
from legation.exports.briefing.wording import capital, printable, state_name
from legation.exports.drafts.nouns import Block, Draft, Kind, Run
from legation.exports.formats.words import told
from legation.ontology import types
from legation.record import Record, RecordError
from legation.record.nouns import Claim, Detail, DutyAtStake, Filter, Item, Link
from legation.schema import Post

MOST, QUOTES, LONGEST = 100, 4, 300
"""Incidents of a draft; footnotes of one fact; characters of a quote."""
_BLANK = re.compile(r"\[\[(.+?)\]\]")
_FIELDS = {
    "count": "Number", "date": "Date", "city": "City", "host": "Receiving State", "status": "Status", "type": "Kind of act",
    "actor.state": "State that acted", "actor.kind": "Who acted", "actor.name": "Who acted, by name", "post": "Post",
    "target.state": "State affected", "target.kind": "Who was affected", "target.name": "Who was affected, by name",
    "claimant.state": "On whose word", "claimant.name": "On whose word, by name",
}  # fmt: skip


@cache
def wording() -> dict[str, Any]:
    """The words of drafts."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("wording.yaml").read_bytes())
    return found


def draft(
    record: Record, kind: Kind, wanted: Filter, *, incident: str | None = None, sender: str | None = None
) -> Draft:
    """A draft on one incident, or on those that pass a filter (a pair, a period), the oldest first.

    `sender`: the State a note comes from (ISO 3166 alpha-3), by default the one that was affected. Raises RecordError where there is
    nothing to write about, too much, or no two states for a note.
    """
    found = [record.incident(incident)] if incident else _found(record, wanted)
    if not found:
        raise RecordError("draft: no incident passes the filter; widen it")
    made = _Drafted(record, found)
    blocks = made.note(*_sides(found, wanted, sender)) if kind == "note" else made.briefing(wanted, incident)
    title = wording()[kind]["title"]
    return Draft(
        kind=kind,
        title=title,
        blocks=tuple(blocks),
        notes=tuple(made.notes),
        notes_heading=wording()["headings"]["notes"],
    )


def _found(record: Record, wanted: Filter) -> list[Detail]:
    if record.count(wanted) > MOST:
        raise RecordError(f"draft: more than {MOST} incidents pass the filter; narrow it by dates, group or sources")
    return list(record.details(wanted))


def _sides(found: list[Detail], wanted: Filter, sender: str | None) -> tuple[str, str]:
    """Who writes to whom. Raises RecordError."""
    pairs = {frozenset((one.incident.receiving, one.incident.sending)) - {None} for one in found}
    states = sorted({str(code) for code in (wanted.pair or (pairs.pop() if len(pairs) == 1 else ()))})
    if len(states) != 2:
        raise RecordError("draft: a note goes from one State to another; give an incident between two, or a pair")
    if sender is None:
        first = found[0].incident
        affected = first.target.state if first.target else None
        sender = affected if affected in states else first.sending or states[0]
    if sender not in states:
        raise RecordError(f"draft: {sender} is not one of the two States ({' and '.join(states)})")
    return sender, next(code for code in states if code != sender)


class _Drafted:
    """A draft in the making; `notes` are its footnotes so far."""

    def __init__(self, record: Record, found: list[Detail]) -> None:
        self.record, self.found, self.notes, self.words = record, found, list[str](), wording()

    def note(self, sender: str, receiver: str) -> Iterator[Block]:
        words, many = self.words["note"], len(self.found) > 1
        names = {"sender": state_name(sender), "receiver": state_name(receiver)}
        yield _block("title", words["title"])
        yield self._warning()
        yield _block("right", words["number"])
        matter = (words["many"] if many else words["one"]).format(count=len(self.found))
        yield _block("paragraph", words["opening"], **names, matter=matter)
        yield from self._facts()
        yield from self._sections(("differ", words["differ"], self._differ()), ("law", words["law"], self._law()))
        yield _block("paragraph", words["request"])
        if acts := self._asked():
            yield _block("warning", words["suggestion"], acts=acts)
        yield _block("paragraph", words["closing"], **names)
        yield _block("right", words["place"])
        yield _block("paragraph", words["address"], **names)

    def briefing(self, wanted: Filter, incident: str | None) -> Iterator[Block]:
        words, heads = self.words["briefing"], self.words["headings"]
        yield _block("title", words["title"])
        yield self._warning()
        yield _block("paragraph", words["subject"], subject=self._subject(wanted, incident))
        yield _block("heading", heads["summary"])
        yield _block("paragraph", words["summary"], **self._sums(wanted))
        yield _block("heading", heads["facts"])
        yield from self._facts()
        rest = {
            "differ": self._differ(),
            "answers": self._answers(),
            "law": self._law(),
            "open": self._open(),
            "unknown": self._unknown(),
        }
        yield from self._sections(*((name, None, blocks) for name, blocks in rest.items()))
        for name in ("assessment", "recommendation"):
            yield _block("heading", heads[name])
            yield _block("paragraph", words[name])

    def _sections(self, *some: tuple[str, str | None, Iterable[Block]]) -> Iterator[Block]:
        """Parts that hold something: under a heading, or (in a note, which has none) under the words that lead to it."""
        for name, lead, blocks in some:
            if held := list(blocks):
                yield _block("paragraph", lead) if lead else _block("heading", self.words["headings"][name])
                yield from held

    def _warning(self) -> Block:
        return _block("warning", self.words["warning"], day=in_words(f"{datetime.now(UTC):%Y-%m-%d}"))

    def _subject(self, wanted: Filter, incident: str | None) -> str:
        if incident:
            return told(self.found[0].incident).rstrip(".")
        parts = [" and ".join(str(state_name(code)) for code in wanted.pair)] if wanted.pair else []
        parts += [str(state_name(wanted.state))] if wanted.state else []
        parts += [wanted.post] if wanted.post else []
        parts += [types()[one].label for one in wanted.type] + list(wanted.group)
        return ", ".join(parts or ["what is on the record"]) + _period(wanted)

    def _sums(self, wanted: Filter) -> dict[str, Any]:
        statuses: list[str] = [one.incident.status for one in self.found]
        known = ("reported", "claimed", "denied")
        sums: dict[str, Any] = {status: statuses.count(status) for status in known}
        number = len(statuses)
        sums |= {"other": sum(status not in known for status in statuses), "period": _period(wanted)}
        waiting = sum(item.state == "open" for one in self.found for item in one.items)
        return sums | {
            "count": "1 incident" if number == 1 else f"{number} incidents",
            "open": f"{waiting} items are" if waiting != 1 else "1 item is",
        }

    def _facts(self) -> Iterator[Block]:
        for one in self.found:
            it, words = one.incident, self.words
            about = told(it)
            form = words["dated"] if it.date else words["undated"] if it.day else words["nowhen"]
            sentence = form.format(date=in_words(it.date), day=in_words(it.day), sentence=capital(about))
            runs = [Run(text=sentence, notes=self._cited(one))]
            stands = [words["status"][it.status], words["standing"][it.standing].format(sources=it.sources)]
            if marked := " ".join(filter(None, stands)):
                sure = it.status == "reported" and it.standing == "corroborated"
                runs.append(Run(text=f" {marked}", kind="plain" if sure else "claim"))
            yield Block(kind="item", runs=tuple(runs))

    def _cited(self, one: Detail) -> tuple[int, ...]:
        """Footnotes with the words a fact rests on: of each independent source the first, denials too."""
        home = {copy.article: n for n, source in enumerate(one.sources) for copy in source.articles}
        titles = {mention.article: mention.title for mention in one.mentions}
        first: dict[Any, Claim] = {}
        for claim in one.claims:
            first.setdefault((home.get(claim.article), claim.stance), claim)
        numbers = []
        for claim in list(first.values())[:QUOTES]:
            self.notes.append(self._source(claim, titles.get(claim.article)))
            numbers.append(len(self.notes))
        return tuple(numbers)

    def _source(self, claim: Claim, title: str | None) -> str:
        quote = " ".join(claim.quote.split())
        who = claim.name or (str(state_name(claim.side)) if claim.side else None)
        return str(
            self.words["note_source"].format(
                outlet=claim.outlet or "Outlet not known",
                title=f"“{' '.join(title.split())[:LONGEST]}”, " if title else "",
                date=in_words(claim.day),
                quote=quote if len(quote) <= LONGEST else f"{quote[:LONGEST].rsplit(' ', 1)[0]} …",
                claim=self.words["note_claim"].format(who=who, stance=claim.stance) if who else "",
                relay=self.words["note_relay"].format(relay=claim.relayed_by) if claim.relayed_by else "",
                where=f"article {claim.article[:12]}, characters {claim.span[0]} to {claim.span[1]}",
            )
        )

    def _differ(self) -> Iterator[Block]:
        for one in self.found:
            for field, values in one.values.items():
                if len(values) < 2 or field not in _FIELDS:
                    continue
                given = "; ".join(
                    self.words["differ_value"].format(value=_plain(value.value), says=", ".join(value.says[:4]))
                    for value in values
                )
                yield _block("item", self.words["differ"], field=_FIELDS[field], values=given)

    def _law(self) -> Iterator[Block]:
        stakes: dict[tuple[str, str, str | None], DutyAtStake] = {}
        for one in self.found:
            for duty in one.duties:
                stakes.setdefault((duty.duty, duty.relation, duty.holder), duty)
        for duty in stakes.values():
            article = law.articles().get(duty.duty)
            if article is None or duty.relation == "none":
                continue
            toward = self.words["toward"].format(state=state_name(duty.toward)) if duty.toward else ""
            holder = state_name(duty.holder) or "the State concerned"
            relation = self.words["relation"][duty.relation].format(holder=holder, toward=toward)
            name = law.treaties()[article.treaty].name
            cited = _runs(self.words["article"], number=article.number, treaty=name, says=article.says)
            more = _runs(f" {capital(relation)} {self.words['basis'][duty.law]}")
            yield Block(kind="item", runs=(*cited, *more))

    def _answers(self) -> Iterator[Block]:
        for one in self.found:
            for link in one.answered_by:
                yield _block("item", "{said}", said=self._answer(link))

    def _answer(self, link: Link) -> str:
        days = link.delay[0] if link.delay else None
        delay = (
            self.words["delay_unknown"]
            if days is None
            else self.words["same_day"]
            if days == 0
            else self.words["delay"].format(days=days)
        )
        how = self.words["stated" if link.explicit else "inferred"]
        return str(self.words["answered"].format(answer=told(link.answer).rstrip("."), how=how, delay=delay)) + "."

    def _open(self) -> Iterator[Block]:
        for one in self.found:
            for item in one.items:
                if item.state == "open":
                    yield _block("item", "{said}", said=self._item(item))

    def _item(self, item: Item) -> str:
        due = self.words["due"].format(due=in_words(item.due)) if item.due else ""
        said = self.words["item"][item.kind].format(holder=state_name(item.holder) or "a State not named", due=due)
        return f"{in_words(item.opened)}: {said}" if item.opened else str(said)

    def _unknown(self) -> Iterator[Block]:
        fields = dict.fromkeys(_FIELDS[field] for one in self.found for field in one.unknown if field in _FIELDS)
        if fields and len(self.found) == 1:
            yield _block("paragraph", self.words["unknown"], fields=", ".join(fields))

    def _asked(self) -> str:
        """What answered acts of these types on the record so far, most often first."""
        answers = [types()[link.answer.type].label.casefold() for one in self.found for link in one.answered_by]
        return ", ".join(dict.fromkeys(answers))


def _block(kind: Any, words: str, **fields: Any) -> Block:
    return Block(kind=kind, runs=_runs(words, **fields))


def _runs(words: str, **fields: Any) -> tuple[Run, ...]:
    """Words with their fields filled in; blanks are runs of their own, and no field can make one."""
    parts = _BLANK.split(words)
    runs = [
        Run(text=f"[{part}]", kind="blank") if n % 2 else Run(text=part.format(**fields) if fields else part)
        for n, part in enumerate(parts)
    ]
    return tuple(run for run in runs if run.text)


def _period(wanted: Filter) -> str:
    since, until = (in_words(day) if day else None for day in (wanted.since, wanted.until))
    return (f" from {since}" if since else "") + (f" to {until}" if until else "")


def _plain(value: Any) -> str:
    if isinstance(value, Post):
        return " ".join(filter(None, (value.kind.replace("_", " "), value.of, value.city or value.in_)))
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    if isinstance(value, str) and len(value) == 3 and value.isupper():
        return str(state_name(value))
    return "not known" if value is None else str(value).replace("_", " ")


def plain(draft: Draft) -> Draft:
    """The draft without characters that no document can hold, and without those that turn the direction of text."""
    blocks = tuple(replace(b, runs=tuple(replace(r, text=printable(r.text)) for r in b.runs)) for b in draft.blocks)
    return replace(draft, blocks=blocks, notes=tuple(map(printable, draft.notes)))
