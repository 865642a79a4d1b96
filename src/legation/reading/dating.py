"""Which of an article's dates is an act's own: what speaks for each, to be weighed like a role (`legation.reading.roles`).

The rules of `legation.reading.when` say which time expression governs a trigger; this adds what stands around it, since half
of all acts are dated by another sentence ("the killing", told again) or by the article's own day.
"""

from collections import Counter

from legation.reading.page import Page
from legation.reading.roles import Evidence
from legation.reading.when import Dated, event_date, relation


def date_evidence(page: Page, span: tuple[int, int], found: tuple[Dated, ...], group: str, status: str) -> Evidence:
    """EDTF date → what speaks for it, for an act whose words are the tokens `span`. Expressions without a date give none."""
    start, end = span
    published = page.article.published
    evidence: Evidence = {}
    sentence = page.doc[start].sent
    line = page.line_of(start)
    before = page.doc[sentence.start - 1].sent if sentence.start else None
    after = page.doc[sentence.end].sent if sentence.end < len(page.doc) else None
    often = Counter(d.edtf for d in found if d.edtf)
    ruled = event_date(page, start, end, published, group=group, status=status, found=found)
    ahead = "ahead" if status in {"announced", "threatened", "demanded"} else "done"
    near_before = [d for d in found if d.edtf and d.end <= start]
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
            names.add("last before")
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
    first = next((d.edtf for d in found if d.edtf), None)
    if first:
        evidence[first].add("first of the article")
    if ruled is not None and ruled.edtf:
        evidence.setdefault(ruled.edtf, set()).update({"ruled", f"ruled: {ruled.why.rsplit(', ', 1)[-1]}"})
    return evidence
