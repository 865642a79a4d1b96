"""Which of an article's dates is an act's own: what speaks for each, to be weighed like a role (`legation.reading.events.roles`).

The rules of `legation.reading.events.when` say which time expression governs a trigger; this adds what stands around it, since half
of all acts are dated by another sentence ("the killing", told again) or by the article's own day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from legation.ontology import EventType, event_type
from legation.reading.events.frames import Hit
from legation.reading.events.predicates import children, is_verb
from legation.reading.events.when import AHEAD, event_date, page_dates, relation
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


class Chronicle:
    """An article's time expressions, and the date the rules alone give each act it tells of."""

    def __init__(self, page: Page, voiced: tuple[Voiced, ...], hits: Iterable[Hit]) -> None:
        self.page, self.voiced = page, voiced
        self.published = page.article.published
        self.found = page_dates(page, self.published)
        self.often = Counter(d.edtf for d in self.found if d.edtf)
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


def _band(page: Page, start: int, end: int) -> str:
    """How far on the tokens at `end` are from a time named before them."""
    sentences = sum(bool(t.is_sent_start) for t in page.doc[start : end + 1])
    lines = page.line_of(end) - page.line_of(max(start - 1, 0))
    return f"{min(sentences, 4)} sentences and {min(lines, 3)} paragraphs on"


def _goes_on(trigger: Token) -> str:
    """What the sentence of a trigger begins its story with: a pronoun goes on with the one before."""
    subject = next((t for t in trigger.sent if t.dep_ in {"nsubj", "nsubjpass"}), None)
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
    page, found, published = chronicle.page, chronicle.found, chronicle.published
    start, end = span
    evidence: Evidence = {}
    sentence = page.doc[start].sent
    line = page.line_of(start)
    before = page.doc[sentence.start - 1].sent if sentence.start else None
    after = page.doc[sentence.end].sent if sentence.end < len(page.doc) else None
    often = chronicle.often
    ruled = event_date(page, start, end, published, group=kind.group, status=status, found=found)
    ahead = "ahead" if status in AHEAD else "done"
    near_before = [d for d in found if d.edtf and d.end <= start]
    time = tense(page.doc[trigger])
    goes_on = _goes_on(page.doc[trigger])
    for dated in found:
        if not dated.edtf:
            continue
        names = evidence.setdefault(dated.edtf, set())
        where = "elsewhere"
        if sentence.start <= dated.start < sentence.end:
            where = "here"
            how = relation(page, dated, start, end)
            names |= {f"here: {how}", f"{ahead} here: {how}", f"here: {dated.why}"}
            names.add("here, before" if dated.start < start else "here, after")
            if sum(sentence.start <= d.start < sentence.end for d in found) == 1:
                names.add("only one here")
        elif before is not None and before.start <= dated.start < before.end:
            where = "sentence before"
        elif after is not None and after.start <= dated.start < after.end:
            where = "sentence after"
        elif page.line_of(dated.start) == line:
            where = "same paragraph"
        names |= {where, f"{where}: {dated.why}", f"read by {dated.why}"}
        if page.line_of(dated.start) == line - 1:
            names.add("paragraph before")
        if near_before and dated is near_before[-1]:
            far = _band(page, dated.end, start)
            names |= {"last before", f"last before, {far}", f"last before, {far}, {goes_on}"}
            names.add(f"last before, {goes_on}, {time}")
        if dated.lead:
            names.add(f"after {dated.lead!r}")
        if published and dated.edtf == published:
            names.add("day of publication")
        elif published and dated.edtf[:4] == published[:4]:
            names.add("year of publication")
        else:
            names.add("another year")
        names.add(f"parts {dated.edtf.count('-') + 1}")
        if often[dated.edtf] == max(often.values()):
            names.add("most often")
        if len(often) == 1:
            names.add("the only date")
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
    first = next((d.edtf for d in found if d.edtf), None)
    if first:
        evidence[first].add("first of the article")
    if ruled is not None and ruled.edtf:
        evidence.setdefault(ruled.edtf, set()).update({"ruled", f"ruled: {ruled.why.rsplit(', ', 1)[-1]}"})
    if published:
        evidence.setdefault(published, set()).update({"published", f"published, {time}", f"published, {ahead}"})
    place = "title" if line == 0 else "opening" if line < 4 else "body"
    here = any(sentence.start <= d.start < sentence.end for d in found)
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
