"""Statements shown by signs rather than words: quotation marks, labels of a transcript, embedded posts."""

from legation.reading.page import Page
from legation.reading.statements.announced import Announcements, Draft, size
from legation.reading.statements.quotes import Quote
from legation.reading.statements.tokens import FINITE


def join_quotations(page: Page, found: Announcements) -> None:
    """Give each quotation to its statement, or make one of it.

    In this order: a statement that covers it, one announced beside it, a verb of no list beside it, whoever spoke last. A word or name
    between marks that none covers or announces is no statement.
    """
    for quote in found.quotes:
        covering = [d for d in found.drafts if not d.hedge and _holds(d, quote)]
        if covering:
            draft: Draft | None = min(covering, key=lambda d: size(d.content))
        else:
            cue = _cue_after(found, quote) if quote.speech else None
            cue = _cue_before(found, quote) if cue is None else cue
            draft = found.by_cue[cue] if cue is not None else None
            if draft is None and quote.speech:
                draft = _unlisted(found, quote) or _carried(page, found, quote)
            if draft is not None:
                draft.add((quote.start, quote.end))
                found.keep(draft)
        if draft is not None:
            draft.quoted, draft.narrated = True, False


def _holds(draft: Draft, quote: Quote) -> bool:
    return any(start <= quote.start and quote.end <= end + 1 for start, end in draft.content)


def _cue_after(found: Announcements, quote: Quote) -> int | None:
    """The cue of `"…," X said`."""
    t = found.t
    at = quote.outer[1]
    while at < len(t.text) and t.text[at] in {",", "-", "—", "–", "--"}:
        at += 1
    if at >= len(t.text):
        return None
    if t.first[at] == at and t.text[at - 1] in '"' and t.text[quote.end - 1] in ".!" and not t.text[at].islower():
        return None
    for index in range(at, min(t.end[at], at + 25)):
        if t.text[index] in {'"', ":"}:
            return None
        draft = found.by_cue.get(index)
        if draft and draft.quotable and (draft.clause[0] <= at or index <= at + 1):
            return index
        if t.tag[index] in FINITE and draft is None and t.dep[index] != "relcl":
            return None
    return None


def _cue_before(found: Announcements, quote: Quote) -> int | None:
    """The cue of `X said: "…"`, `X called it "…"`."""
    t = found.t
    mark = quote.start - 1
    at = mark - 1
    if at < 0 or (t.first[mark] == mark and t.text[at] not in {":", ","}):
        return None
    if not quote.speech:
        return _cue_above(found, quote)
    for index in range(at, max(t.first[at], at - 40) - 1, -1):
        draft = found.by_cue.get(index)
        if draft and draft.quotable:
            return index
        if t.text[index] == '"':
            return None
    return None


def _cue_above(found: Announcements, quote: Quote) -> int | None:
    """The cue that governs a few quoted words: the first verb above them, if it is one."""
    t = found.t
    up = quote.start
    for _ in range(8):
        draft = found.by_cue.get(up)
        if draft is not None and draft.quotable and up < quote.start - 1:
            return up if quote.end - quote.start > 1 or found.cues.verbs[t.lower[up]].transitive else None
        if t.head[up] == up or (t.tag[up][0] == "V" and draft is None and not quote.start <= up < quote.end):
            return None
        up = t.head[up]
    return None


def _unlisted(found: Announcements, quote: Quote) -> Draft | None:
    """`"…," he shrugged`: a verb of no list, with a subject, right beside a quotation that ends in a comma."""
    t = found.t
    at = quote.outer[1]
    open_ended = t.text[quote.end - 1] not in {",", "?", "!"} or not quote.closed
    if at >= len(t.text) or open_ended or t.first[quote.start] < quote.start - 1:
        return None
    verb = next((k for k in range(at, min(t.end[at], at + 12)) if t.tag[k] in {"VBD", "VBZ"}), None)
    if verb is None or verb in found.by_cue:
        return None
    subject = t.kid(verb, "nsubj", "dobj")
    if subject is None or t.left(subject) not in {at, verb + 1} or t.tag[subject][0] not in "NP":
        return None
    mention = found.phrases.parties.at(subject)
    if mention is not None and mention.kind == "crowd":
        return None
    draft = Draft(verb, "asserts", (at, verb + 1))
    found.said_by(draft, subject)
    return draft


def _carried(page: Page, found: Announcements, quote: Quote) -> Draft:
    """A quotation that stands alone: spoken by whoever spoke last in the paragraph, or quoted in the one before if it opens its own."""
    line = page.line_of(quote.start)
    spoken = [d for d in found.drafts if not d.hedge and not d.narrated and (d.speakers or d.same or d.author)]
    last = max((d for d in spoken if d.clause[0] < quote.start), key=lambda d: d.clause, default=None)
    if last is not None:
        where = page.line_of(last.clause[0])
        opens = quote.start - 1 <= page.lines[line][0]
        if where != line and not (opens and where == line - 1 and last.quoted):
            last = None
    draft = Draft(None, "asserts", (quote.start, quote.end), same=last)
    if last is None and (subject := _subject_before(page, found, quote)) is not None:
        draft.speakers = [subject]
    return draft


def _subject_before(page: Page, found: Announcements, quote: Quote) -> int | None:
    """The person whom the sentence before is about, in the same paragraph: "The former captain went on the attack: …"."""
    t = found.t
    before = quote.start - 2
    if before < page.lines[page.line_of(quote.start)][0]:
        return None
    root = next((k for k in range(t.first[before], t.end[before]) if t.dep[k] == "ROOT"), None)
    subject = t.kid(root, "nsubj", "nsubjpass") if root is not None else None
    if subject is None or subject >= quote.start or t.tag[subject] in {"NNS", "NNPS", "WP", "DT"}:
        return None
    mention = found.phrases.parties.at(subject)
    person = (mention is not None and mention.role is not None) or t.lower[subject] in {"he", "she"}
    named = mention is not None and mention.name is not None and mention.kind in {"individual", "diplomat"}
    return subject if person or named else None


def read_labels(page: Page, found: Announcements) -> None:
    """A transcript: lines that open with a name and a colon; each speaks until the next one. Those who ask make no statements."""
    t, words = found.t, found.phrases.w
    labelled: list[tuple[int, int, int]] = []
    for first, end in page.lines:
        colon = next((k for k in range(first, min(first + 14, end)) if t.text[k] == ":"), None)
        if colon is None:
            continue
        dashes = (k + 1 for k in range(first + 1, colon) if t.text[k] in {"-", "–", "—"} and t.text[k - 1].isupper())
        start = max(dashes, default=first)
        name = [k for k in range(start, colon) if t.text[k] not in {".", "'"}]
        if name and all(t.text[k][0].isupper() or t.text[k] == "," or t.lower[k] in words.links for k in name):
            labelled.append((first, start, colon))
    keys = [t.lower[colon - 1] for _, _, colon in labelled]
    if len(labelled) < 3 or len(keys) == len(set(keys)):
        return
    stops = [*(first for first, _, _ in labelled[1:]), len(t.text)]
    for (_, start, colon), stop in zip(labelled, stops, strict=True):
        key = t.lower[colon - 1]
        clear = keys.count(key) > 1 or "," in t.text[start:colon] or t.lower[start] in words.titles
        if clear and stop > colon + 1 and key not in words.askers and not found.phrases.is_outlet(colon - 1):
            found.keep(Draft(None, "asserts", (start, colon), [(colon + 1, stop)], quoted=True, label=True))


def read_posts(page: Page, found: Announcements) -> None:
    """Embedded posts: "… — Ann Reed (@annreed) May 31, 2020" ends one with its author."""
    t = found.t
    for index in range(3, len(t.text)):
        if t.text[index][0] != "@" or t.text[index - 1] != "(":
            continue
        first = page.lines[page.line_of(index)][0]
        dash = next((k for k in range(index - 2, max(first, index - 9), -1) if t.text[k] in {"—", "–", "--"}), None)
        if dash is not None:
            before = (d.clause[1] for d in found.drafts if d.label and first <= d.clause[0] < dash)
            found.keep(
                Draft(
                    None,
                    "asserts",
                    (dash + 1, index - 1),
                    [(max(before, default=first), dash)],
                    quoted=True,
                    label=True,
                )
            )
