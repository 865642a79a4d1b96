"""Which of an article's dates is an act's own: what speaks for each, to be weighed like a role (`legation.reading.events.roles`).

The rules of `legation.reading.events.when` say which time expression governs a trigger; this adds what stands around it, since half
of all acts are dated by another sentence ("the killing", told again) or by the article's own day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.tokens import Span, Token

from legation.ontology import EventType, event_type
from legation.reading.events.frames import Hit
from legation.reading.events.predicates import children, is_verb
from legation.reading.events.when import AHEAD, Dated, event_date, page_dates, relation
from legation.reading.page import Mention, Page, lemma
from legation.reading.statements import Voiced, claimants_over
from legation.reading.weighing import NOBODY, Evidence


def tense(token: Token) -> str:
    """How a trigger stands in time: past, perfect, pluperfect, present, progressive, modal, or noun (with its verb's, if it has one)."""
    if not is_verb(token):
        verb = token.head.head if token.dep_ == "pobj" else token.head
        governed = token.dep_ in {"dobj", "attr", "nsubj", "nsubjpass", "pobj"} and is_verb(verb)
        return f"noun, {tense(verb)}" if governed else "noun"
    helpers = [(lemma(t), t.tag_) for t in children(token, "aux", "auxpass")]
    if any(tag == "MD" for _, tag in helpers):
        return "modal"
    for name, tag in helpers:
        if name == "have":
            return "pluperfect" if tag == "VBD" else "perfect"
    if token.tag_ == "VBG":
        return "progressive" if helpers else "participle"
    if token.tag_ == "VBN" and not helpers:
        return "participle"
    return "past" if "VBD" in {token.tag_, *(tag for _, tag in helpers)} else "present"


class Named(NamedTuple):
    """A date that a time expression names, in which sentence and line of the page, and what speaks for it whatever the act."""

    date: str
    dated: Dated
    sentence: int
    line: int
    traits: set[str]


class Chronicle:
    """An article's time expressions, and the date the rules alone give each act it tells of."""

    def __init__(self, page: Page, voiced: tuple[Voiced, ...], hits: Iterable[Hit]) -> None:
        self.page, self.voiced = page, voiced
        self.published = page.article.published
        self.found = page_dates(page, self.published)
        often = Counter(d.edtf for d in self.found if d.edtf)
        self.dates = [
            Named(
                d.edtf,
                d,
                page.sentence_of(d.start),
                page.line_of(d.start),
                {*_traits(d.edtf, d, often, self.published)},
            )
            for d in self.found
            if d.edtf
        ]
        met = sorted({(h.trigger, h.type) for h in hits})
        self.acts = [(trigger, kind, self.ruled(trigger, event_type(kind).group)) for trigger, kind in met]
        self.said: list[tuple[int, Mention | None, str]] = []
        for voice in voiced:
            if voice.cue is not None and (date := self.ruled(voice.cue, "communication")):
                self.said.append((voice.cue, voice.speaker, date))

    def ruled(self, trigger: int, group: str) -> str | None:
        ruled = event_date(self.page, trigger, trigger + 1, self.published, group=group, found=self.found)
        return ruled.edtf if ruled else None

    def told_elsewhere(self, trigger: int, type_id: str) -> Iterator[tuple[str, str]]:
        """(date, what speaks for it) from other acts and from the statements over and before a trigger."""
        dated = [(t, kind, date) for t, kind, date in self.acts if date and t != trigger]
        same = [(t, date) for t, kind, date in dated if kind == type_id]
        for t, date in same:
            yield date, "same kind of act"
            yield date, f"same kind of act {'before' if t < trigger else 'after'}"
        if same:
            yield same[0][1], "first of the same kind"
            yield min(same, key=lambda a: abs(a[0] - trigger))[1], "nearest of the same kind"
        if dated:
            yield dated[0][2], "first act dated"
        if before := [date for t, _, date in dated if t < trigger]:
            yield before[-1], "act before"
        named = [(cue, other, date) for cue, other, date in self.said if other]
        for voice in claimants_over(self.voiced, trigger):
            for cue, _, date in self.said:
                if cue == voice.cue:
                    yield date, "said then"
            who = voice.speaker
            if who and (side := [date for cue, other, date in named if other.state == who.state and cue < trigger]):
                yield side[-1], "the speaker's side spoke then"
            if who and who.name and (own := [date for _, other, date in named if other.name == who.name]):
                yield own[0], "the speaker spoke then"
        if spoken := [date for cue, _, date in self.said if cue < trigger]:
            yield spoken[-1], "somebody spoke then"


def _traits(date: str, dated: Dated, often: Counter[str], published: str | None) -> Iterator[str]:
    """What speaks for a date that an expression names; `often`: how often the article names each."""
    yield f"read by {dated.why}"
    if dated.lead:
        yield f"after {dated.lead!r}"
    if published and date == published:
        yield "day of publication"
    elif published and date[:4] == published[:4]:
        yield "year of publication"
    else:
        yield "another year"
    yield f"parts {date.count('-') + 1}"
    if often[date] == max(often.values()):
        yield "most often"
    if len(often) == 1:
        yield "the only date"


def _band(page: Page, start: int, end: int) -> str:
    """How far on the tokens at `end` are from a time named before them."""
    sentences = page.sentence_of(end) - page.sentence_of(start - 1)
    lines = page.line_of(end) - page.line_of(max(start - 1, 0))
    return f"{min(sentences, 4)} sentences and {min(lines, 3)} paragraphs on"


def _goes_on(sentence: Span) -> str:
    """What a sentence begins its story with: a pronoun goes on with the one before."""
    subject = next((t for t in sentence if t.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None:
        return "no subject"
    if subject.tag_ == "PRP":
        return f"of {subject.lower_}" if subject.lower_ in {"i", "we", "you"} else "of a pronoun"
    determined = next((t.lower_ for t in subject.children if t.dep_ in {"det", "poss"}), "")
    return (
        "of the"
        if determined in {"the", "that", "those", "these", "this", "his", "her", "their", "its"}
        else "of a name"
        if subject.tag_[:3] == "NNP"
        else "of another"
    )


def date_evidence(chronicle: Chronicle, span: tuple[int, int], trigger: int, kind: EventType, status: str) -> Evidence:
    """EDTF date → what speaks for it, for an act whose words are the tokens `span`. Expressions without a date give none."""
    page, published = chronicle.page, chronicle.published
    start, end = span
    evidence: Evidence = {}
    number, line = page.sentence_of(start), page.line_of(start)
    ruled = event_date(page, start, end, published, group=kind.group, status=status, found=chronicle.found)
    ahead = "ahead" if status in AHEAD else "done"
    last_before = next((d.dated for d in reversed(chronicle.dates) if d.dated.end <= start), None)
    sentence = page.sentences[number]
    here = sum(sentence.start <= d.start < sentence.end for d in chronicle.found)
    time = tense(page.doc[trigger])
    for date, dated, its_sentence, its_line, traits in chronicle.dates:
        names = evidence.setdefault(date, set())
        names |= traits
        where = "elsewhere"
        if its_sentence == number:
            where = "here"
            how = relation(page, dated, start, end)
            names |= {f"here: {how}", f"{ahead} here: {how}", f"here: {dated.why}"}
            names.add("here, before" if dated.start < start else "here, after")
            if here == 1:
                names.add("only one here")
        elif its_sentence == number - 1:
            where = "sentence before"
        elif its_sentence == number + 1:
            where = "sentence after"
        elif its_line == line:
            where = "same paragraph"
        names |= {where, f"{where}: {dated.why}"}
        if its_line == line - 1:
            names.add("paragraph before")
        if dated is last_before:
            far, goes_on = _band(page, dated.end, start), _goes_on(page.sentence(trigger))
            names |= {"last before", f"last before, {far}", f"last before, {far}, {goes_on}"}
            names.add(f"last before, {goes_on}, {time}")
        for other, way in dated.others:
            told = evidence.setdefault(other, set())
            told |= {f"otherwise: {way}", f"{where} otherwise: {way}", f"{ahead} {where} otherwise: {way}"}
            told |= {f"{time} {where} otherwise: {way}", f"otherwise: {way}, {dated.why}"}
            if where == "here":
                told |= {
                    f"otherwise here: {how}",
                    f"{ahead} otherwise here: {how}",
                    f"here: {dated.why} otherwise {way}",
                }
    for date, name in chronicle.told_elsewhere(trigger, kind.id):
        evidence.setdefault(date, set()).add(name)
    if chronicle.dates:
        evidence[chronicle.dates[0].date].add("first of the article")
    if ruled is not None and ruled.edtf:
        evidence.setdefault(ruled.edtf, set()).update({"ruled", f"ruled: {ruled.why.rsplit(', ', 1)[-1]}"})
    if published:
        evidence.setdefault(published, set()).update({"published", f"published, {time}", f"published, {ahead}"})
    place = "title" if line == 0 else "opening" if line < 4 else "body"
    for names in evidence.values():
        names |= {f"{n}, {time}" for n in ("ruled", "here", "last before", "act before", "said then") if n in names}
        names |= {
            f"{n}, in the {place}"
            for n in ("published", "ruled", "first of the same kind", "first act dated")
            if n in names
        }
        names |= {
            f"{n}, no time here"
            for n in ("published", "act before", "last before", "said then", "first of the same kind")
            if n in names and not here
        }
    evidence[NOBODY] = {time, ahead, f"{time}, {ahead}", f"in the {place}", f"{time}, in the {place}"}
    evidence[NOBODY].add("a time here" if here else f"no time here, {time}")
    if ruled is not None:
        evidence[NOBODY].add("a time rules" if ruled.edtf else "a time without a date rules")
    return evidence
