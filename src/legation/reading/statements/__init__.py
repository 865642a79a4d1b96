"""Who says what in an article.

A page is read once for each way news tells of words: by verbs and other words that announce them (`announced`), and by signs that show
them (`quoted`). Then the speakers are named (`speakers`), statements are nested, and agencies that only relay are told from speakers.
"""

from dataclasses import dataclass, replace

from legation.reading.page import Mention, Page, Parties
from legation.reading.statements.announced import Announcements, Draft, size
from legation.reading.statements.quoted import join_quotations, read_labels, read_posts
from legation.reading.statements.quotes import find_quotes
from legation.reading.statements.speakers import Namer
from legation.reading.statements.tokens import Range, Tokens
from legation.reading.statements.who import Phrases, Who
from legation.schema import Speaker, Stance, Statement


@dataclass(frozen=True, slots=True)
class Voiced:
    """A statement with the tokens it was read from.

    `content` holds token ranges [start, end); `cue` is the token that announces them (None for a bare quotation); `speaker` the
    party mention of who speaks. `denial`: the speaker says that the content is not so. `factive`: the article itself presupposes the
    content ("noted", "recalled that"). `hedge`: nobody is named ("reportedly"). `parent`: index of the statement this one is told
    inside of. `own`: the article itself (or an outlet it relays) gives these words as this speaker's; false for words inside
    another's words and for speech acts merely narrated ("asked Russia to …").
    """

    statement: Statement
    content: tuple[Range, ...]
    speaker: Mention | None = None
    cue: int | None = None
    stance: Stance = "asserts"
    quoted: bool = False
    denial: bool = False
    factive: bool = False
    hedge: bool = False
    parent: int | None = None
    own: bool = True
    relayed_by: str | None = None

    def covers(self, token: int) -> bool:
        """Whether a token stands in the content."""
        return any(start <= token < end for start, end in self.content)


def find_statements(page: Page, parties: Parties) -> tuple[Voiced, ...]:
    """All statements of a page, in the order in which they are announced."""
    tokens = Tokens.of(page)
    phrases = Phrases(page, parties, tokens)
    found = Announcements(tokens, phrases, find_quotes(page, tokens.text, tokens.tag))
    found.find()
    read_labels(page, found)
    read_posts(page, found)
    join_quotations(page, found)
    drafts = sorted(found.drafts, key=lambda d: (d.clause, d.content))
    namer = Namer(phrases, tokens, frozenset(found.in_quote))
    _name(namer, drafts)
    _settle_descriptions(tokens, drafts)
    _settle_headlines(page, tokens, drafts)
    return _voice(page, namer, drafts, found)


def told(voiced: tuple[Voiced, ...]) -> tuple[Voiced, ...]:
    """Those that go on the record: the article's own, not words inside another's words nor acts of speech merely narrated."""
    return tuple(v for v in voiced if v.own)


def place_of(voiced: tuple[Voiced, ...], one: Voiced) -> int | None:
    """Index in `told` of a statement, or of the statement it is told inside of."""
    seen: Voiced | None = one
    while seen is not None and not seen.own:
        seen = voiced[seen.parent] if seen.parent is not None else None
    return told(voiced).index(seen) if seen is not None else None


def claimants_over(voiced: tuple[Voiced, ...], token: int) -> list[Voiced]:
    """The statements whose content covers a token, innermost first."""
    return sorted((v for v in voiced if v.covers(token)), key=lambda v: size(v.content))


def claimant_over(voiced: tuple[Voiced, ...], token: int) -> Voiced | None:
    """On whose word the article gives what a token tells: the outermost named statement that does not deny it, else the outermost.

    Measured by bench/speakers.py on gold: right more often than the innermost, since the article vouches for its own speaker only.
    """
    named = [v for v in claimants_over(voiced, token) if v.speaker is not None]
    named = [v for v in named if not v.denial] or named
    return named[-1] if named else None


def _name(namer: Namer, drafts: list[Draft]) -> None:
    """Who speaks each draft, in the order of the text: later ones are named by earlier ones."""
    for draft in drafts:
        if draft.same is not None:
            draft.who = draft.same.who
        elif draft.label:
            draft.who = [w for w in (namer.label(*draft.clause),) if w]
        elif draft.author:
            draft.who = [w for w in (namer.last_of_weight(),) if w]
        else:
            draft.who = [w for w in map(namer.describe, draft.speakers) if w]
        if not draft.narrated:
            for who in draft.who:
                namer.remember(draft.anchor, who)


def _settle_descriptions(t: Tokens, drafts: list[Draft]) -> None:
    """One identity for who is first described and then named: "a ministry spokesman", then "the spokesman, Luc Bernier"."""
    speakers = [(d, i) for d in drafts for i in range(len(d.who))]
    for place, (draft, i) in enumerate(speakers):
        named = draft.who[i]
        role = (named.role or "").casefold().removeprefix("the ").split()
        if not named.name or len(role) != 1:
            continue
        for earlier, j in reversed(speakers[:place]):
            other = earlier.who[j]
            if other.name is None and not other.plural and role[0] in (other.role or "").casefold().split():
                if t.lower[other.start] in {"a", "an"}:
                    earlier.who[j] = named.at(other.start, other.end)
                break


def _settle_headlines(page: Page, t: Tokens, drafts: list[Draft]) -> None:
    """Who speaks in a headline without a full name is whoever speaks below with the same name, or state and role; else only an echo."""
    for draft in drafts:
        number = page.line_of(draft.clause[0])
        start, end = page.lines[number]
        if number > 3 or number + 1 == len(page.lines) or t.text[end - 1] in {".", "!", "?", '"'} or end - start > 30:
            continue
        below = [w for d in drafts if d.clause[0] >= end and not d.narrated for w in d.who]
        for i, who in enumerate(draft.who):
            if not below or (who.name and " " in who.name and not who.body):
                continue
            words = set((who.role or who.name or "").casefold().split())
            same = [w for w in below if w.key == who.key]
            same = same or [w for w in below if w.state == who.state and (who.body or words & w.role_words)]
            if same:
                draft.who[i] = same[0].at(who.start, who.end)
            else:
                draft.echo = True


def _parents(drafts: list[Draft]) -> list[int | None]:
    """For each draft the smallest other one whose content holds its anchor."""
    for outer in drafts:  # "Tokyo maintains that …, Suga said": the last one tells of the first
        for inner in drafts:
            if outer.cue is None or inner.cue is None or outer.cue <= inner.cue:
                continue
            if outer.covers(inner.cue) and inner.covers(outer.cue):
                left = outer.clause[0]
                inner.content = [(s, min(e, left)) for s, e in inner.content if s < left] or [outer.clause]
    found: list[int | None] = []
    for draft in drafts:
        at = draft.anchor
        around = [i for i, d in enumerate(drafts) if d is not draft and d.covers(at)]
        around = [i for i in around if drafts[i].cue is None or not draft.covers(drafts[i].cue or 0)]
        found.append(min(around, key=lambda i: size(drafts[i].content), default=None))
    return found


def _voice(page: Page, namer: Namer, drafts: list[Draft], found: Announcements) -> tuple[Voiced, ...]:
    """Drafts as statements: nested, and outlets that only relay told from speakers."""
    parents = _parents(drafts)
    relays: dict[int, str | None] = {}
    relayed: set[int] = set()
    silent: set[int] = set()
    for index, draft in enumerate(drafts):
        if draft.relay is not None:
            relays[index] = namer.phrases.outlet(draft.relay)
        parent = parents[index]
        if parent is None or drafts[parent].quoted or not drafts[parent].who or drafts[parent].who[0].kind != "media":
            continue
        over = drafts[parent]
        relays.setdefault(index, over.who[0].name)
        relayed.add(index)
        if draft.who and size(over.content) <= size(draft.content) + (draft.clause[1] - draft.clause[0]) + 8:
            silent.add(parent)
    places: list[int] = [0]
    for draft in drafts:
        places.append(places[-1] + max(1, len(draft.who)))
    voiced: list[Voiced] = []
    for index, draft in enumerate(drafts):
        parent = parents[index]
        above = drafts[parent] if parent is not None else None
        inside = above is not None and not above.hedge and index not in relayed and above.who[:1] != draft.who[:1]
        spoken = draft.quoted and draft.cue is not None and draft.cue not in found.in_quote
        own = not (draft.narrated or draft.echo or index in silent) and (spoken or not inside)
        speakers: list[Who | None] = [*draft.who] or [None]
        for who in speakers:
            voiced.append(_voiced(page, draft, who, None if parent is None else places[parent], own, relays.get(index)))
    return tuple(voiced)


def _voiced(page: Page, draft: Draft, who: Who | None, parent: int | None, own: bool, relay: str | None) -> Voiced:
    speaker = None
    if who:
        span = page.span(who.start, who.end)
        speaker = Speaker(name=who.name, role=who.role, state=who.state, kind=who.party_kind, span=span)
    statement = Statement(
        speaker=speaker, relayed_by=relay, stance=draft.stance, quoted=draft.quoted,
        cue=page.span(draft.cue, draft.cue + 1) if draft.cue is not None else None,
        content=(page.starts[draft.content[0][0]], page.ends[draft.content[-1][1] - 1]),
    )  # fmt: skip
    return Voiced(
        statement, tuple(draft.content), _mention(who) if who else None, draft.cue, draft.stance, draft.quoted,
        draft.stance == "denies", draft.factive, draft.hedge, parent, own, relay,
    )  # fmt: skip


def _mention(who: Who) -> Mention:
    """The party behind a speaker, with the state the speaker has; made here where the parties stage has none."""
    if who.mention is not None:
        return who.mention if who.mention.state == who.state else replace(who.mention, state=who.state)
    return Mention(
        who.start, who.end, who.end - 1, who.party_kind or "individual", who.state, name=who.name, role=who.role,
        plural=who.plural, why="speaks",
    )  # fmt: skip
