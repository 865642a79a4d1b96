"""Annotated articles as the encoder sees them: windows with what each piece, sentence and stretch should say."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from legation import atlas
from legation.reading.encoder import (
    CORE,
    ROLES,
    SLOTS,
    STATUSES,
    UNDATED,
    UNKNOWN,
    StateWords,
    Window,
    WordPieces,
    cut_windows,
    nearness,
    state_words,
)
from legation.reading.events.when import page_dates
from legation.reading.page import Page, load_pipeline, parse
from legation.reading.parties import find_parties
from legation.schema import Article

DULL, JUNK = 0.35, 0.15
"""Share of the sentences far from any event that one pass sees, and of the articles whose boilerplate it sees."""


@dataclass(frozen=True)
class Told:
    """Gold events of one type in one stretch of tokens; each role with its states (several for "A and B broke off ties"); dates as EDTF."""

    start: int
    end: int
    type: str
    roles: dict[str, list[str | None]]
    status: list[str]
    dates: set[str | None]


@dataclass(frozen=True)
class Example:
    """One article: `junk` are the sentences of boilerplate lines, `types` all event types it holds, `times` its time expressions as
    (first token, end token, the EDTF dates that it may be)."""

    name: str
    page: Page
    words: list[str]
    sentences: list[tuple[int, int]]
    junk: list[bool]
    states: list[StateWords]
    told: list[Told]
    types: frozenset[str]
    published: str | None
    times: list[tuple[int, int, frozenset[str]]]
    weight: float = 1.0


def _told(gold: dict, page: Page) -> list[Told]:
    rows: dict[tuple[int, int, str], Told] = {}
    for event in gold["events"]:
        at = page.article.text.find(event["evidence"])
        if at < 0:
            continue
        start, end = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1) + 1
        row = rows.setdefault(
            (start, end, event["type"]), Told(start, end, event["type"], {role: [] for role in ROLES}, [], set())
        )
        for role in ROLES:
            value = event[role]
            row.roles[role].append(value["state"] if isinstance(value, dict) else value)
        row.status.append(event["status"])
        row.dates.add(event["date"])
    return list(rows.values())


def load(folders: Sequence[Path]) -> list[Example]:
    """All articles of folders in the gold format, in order of name."""
    paths = sorted(path for folder in folders for path in folder.glob("*.json") if path.with_suffix(".txt").exists())
    golds = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    texts = [path.with_suffix(".txt").read_text(encoding="utf-8") for path in paths]
    articles = [
        Article(id=p.stem, source=p.name, text=t, published=g["published"])
        for p, t, g in zip(paths, texts, golds, strict=True)
    ]
    examples = []
    for path, gold, page in zip(paths, golds, parse(articles, load_pipeline()), strict=True):
        lines = page.article.text.split("\n")
        boilerplate = set(gold.get("boilerplate", [])) | {lines[i - 1] for i in gold.get("boilerplate_lines", [])}
        junk_lines = [page.article.text[: page.starts[first]].count("\n") for first, _ in page.lines]
        junk_line = [lines[number] in boilerplate for number in junk_lines]
        sentences = [(sentence.start, sentence.end) for sentence in page.doc.sents]
        examples.append(
            Example(
                name=f"{path.parent.name}/{path.stem}",
                page=page,
                words=[token.text for token in page.doc],
                sentences=sentences,
                junk=[junk_line[page.line_of(start)] for start, _ in sentences],
                states=state_words(page, find_parties(page, atlas.load())),
                told=_told(gold, page),
                types=frozenset(event["type"] for event in gold["events"]),
                published=gold["published"],
                times=[
                    (d.start, d.end, frozenset({d.edtf, *(date for date, _ in d.others)}))
                    for d in page_dates(page, gold["published"])
                    if d.edtf
                ],
            )
        )
    return examples


def windows(
    example: Example,
    cut: WordPieces,
    *,
    masked: bool,
    junk: bool = False,
    dull: random.Random | None = None,
    core: int = CORE,
) -> list[Window]:
    """Windows of an article, without its boilerplate unless `junk`; with `dull`, without most sentences far from any event."""
    near = [False] * len(example.sentences)
    for one in example.told:
        for index, (start, end) in enumerate(example.sentences):
            if start < one.end and one.start < end:
                near[max(0, index - 2) : index + 2] = [True] * len(near[max(0, index - 2) : index + 2])
    kept = [
        sentence
        for index, (sentence, is_junk) in enumerate(zip(example.sentences, example.junk, strict=True))
        if (junk or not is_junk)
        and (dull is None or index < 2 or near[index] or not example.told or dull.random() < DULL)
    ]
    inside = {token for start, end in kept for token in range(start, end)}
    states = [words for words in example.states if words.start in inside]
    return list(cut_windows(kept, example.words, states, cut, masked=masked, core=core))


@dataclass
class Batch:
    """`ids`, `slots`, `new` and `mask` [windows, pieces]; piece and sentence targets with weights; one row per stretch for the heads.

    `span` rows are (window, first, end), `near` [stretches, pieces] the bands of distance; `role` [stretches, roles, 2 + SLOTS - 1] and `status` [stretches, statuses] are
    target shares (none, elsewhere, state 1 ...), all zero where the loss does not count. `dates` [stretches, pieces + undated]: 1 for pieces that
    name the event's date (and for what else it may be), 0 for those that name another, -1 for all others.
    """

    ids: Tensor
    slots: Tensor
    new: Tensor
    mask: Tensor
    piece: Tensor
    piece_weight: Tensor
    sentences: list[tuple[int, int, int]]
    sentence: Tensor
    sentence_weight: Tensor
    span: list[tuple[int, int, int]]
    near: Tensor
    kind: Tensor
    role: Tensor
    status: Tensor
    dates: Tensor


@dataclass(frozen=True)
class Row:
    """A window of an article."""

    example: Example
    window: Window


SHORTEST, LONGEST = CORE // 2, CORE * 9 // 8
"""Word pieces of new text in a window of training: its bounds are others in every pass."""


def rows_of(
    examples: Iterable[Example], cut: WordPieces, chance: random.Random, *, masked: bool, whole: bool = False
) -> list[Row]:
    """All windows of one pass, cut by chance, most sentences far from events left out, boilerplate left in at times; as at run time if `whole`."""
    return [
        Row(example, window)
        for example in examples
        for window in (
            windows(example, cut, masked=masked)
            if whole
            else windows(
                example,
                cut,
                masked=masked,
                junk=chance.random() < JUNK,
                dull=chance,
                core=chance.randint(SHORTEST, LONGEST),
            )
        )
    ]


def dated(example: Example, window: Window, dates: set[str | None], longest: int) -> Tensor:
    """A row of `Batch.dates` for an event with one of these dates."""
    row = torch.full((longest + len(UNDATED),), -1.0)
    named: set[str | None] = {None}
    for start, end, values in example.times:
        first, last = window.pieces(start, end)
        row[first:last] = float(not values.isdisjoint(dates))
        if first < last:
            named |= values
    today = example.published is not None and example.published in dates
    row[longest:] = torch.tensor([None in dates, not today and not dates <= named, today], dtype=torch.float)
    return row


UNREAD = 0.1
"""Share of the word pieces of a window's own text, but for those of states, that training hides, so that no article is learnt by heart."""


def loosened(first: int, last: int, low: int, high: int, chance: random.Random) -> tuple[int, int]:
    """A stretch that shares a part with [first, last) within [low, high): at run time stretches are found, not annotated."""
    if chance.random() < 0.4:
        return first, last
    middle = chance.randrange(first, last)
    return chance.randint(max(low, first - 3), middle), chance.randint(middle + 1, min(high, last + 3))


def batch_of(rows: Sequence[Row], types: Sequence[str], chance: random.Random, *, loose: bool = False) -> Batch:
    """One batch; states get numbers by chance, so that a number means nothing by itself. With `loose` words are hidden and stretches moved."""
    number = {kind: index for index, kind in enumerate(types)}
    longest = max(len(row.window.ids) for row in rows)
    ids, slots, new, mask = torch.zeros(4, len(rows), longest, dtype=torch.long)
    piece, piece_weight = torch.zeros(len(rows), longest, len(types)), torch.zeros(len(rows), longest, len(types))
    sentences, sentence, sentence_weight, span, near, kind, role, status, dates = [], [], [], [], [], [], [], [], []
    for b, row in enumerate(rows):
        example, window = row.example, row.window
        length = len(window.ids)
        numbers = [0, *chance.sample(range(1, SLOTS), SLOTS - 1)]
        ids[b, :length], new[b, :length] = torch.tensor(window.ids), torch.tensor(window.new)
        slots[b, :length] = torch.tensor([numbers[slot] for slot in window.slots])
        mask[b, :length] = 1
        known = [number[t] for t in example.types if t in number]
        low = window.sentences[0][0]
        if loose:
            for index in range(low, length - 1):
                if not window.slots[index] and chance.random() < UNREAD:
                    ids[b, index] = UNKNOWN
        weight = torch.full((len(types),), example.weight)
        weight[known] = 0.0
        piece_weight[b, low : length - 1] = weight
        told = [(*window.pieces(one.start, one.end), one) for one in example.told]
        told = [one for one in told if one[0] < one[1]]
        for first, last in window.sentences:
            target, its_weight = torch.zeros(len(types)), weight.clone()
            for start, end, one in told:
                if start < last and first < end:
                    target[number[one.type]] = 1.0
                    its_weight[number[one.type]] = 1.0
                    piece_weight[b, first:last, number[one.type]] = 0.5
            sentences.append((b, first, last))
            sentence.append(target)
            sentence_weight.append(its_weight)
        for start, end, one in told:
            piece[b, start:end, number[one.type]] = 1.0
            piece_weight[b, start:end, number[one.type]] = 1.0
            if loose:
                start, end = loosened(start, end, low, length - 1, chance)
            span.append((b, start, end))
            near.append(torch.from_numpy(nearness(np.arange(longest), start, end, low)))
            kind.append(number[one.type])
            shares = torch.zeros(len(ROLES), 1 + SLOTS)
            for r, name in enumerate(ROLES):
                for index, state in enumerate(one.roles[name]):
                    if name == "claimant" and one.status[index] not in ("claimed", "denied"):
                        continue
                    if state is None:
                        shares[r, 0] += 1
                    elif state in window.states:
                        shares[r, 1 + numbers[window.states.index(state) + 1]] += 1
                    else:
                        shares[r, 1] += 1
            role.append(shares / shares.sum(-1, keepdim=True).clamp(min=1))
            said = torch.zeros(len(STATUSES))
            for one_status in one.status:
                said[STATUSES.index(one_status)] += 1 / len(one.status)
            status.append(said)
            dates.append(dated(example, window, one.dates, longest))
    return Batch(
        ids, slots, new, mask, piece, piece_weight, sentences, torch.stack(sentence), torch.stack(sentence_weight), span,
        torch.stack(near) if near else torch.zeros(0, longest, dtype=torch.long),
        torch.tensor(kind, dtype=torch.long),
        torch.stack(role) if role else torch.zeros(0, len(ROLES), 1 + SLOTS),
        torch.stack(status) if status else torch.zeros(0, len(STATUSES)),
        torch.stack(dates) if dates else torch.zeros(0, longest + len(UNDATED)),
    )  # fmt: skip


def batches(
    rows: Sequence[Row], types: Sequence[str], chance: random.Random, *, size: int, loose: bool = False
) -> Iterator[Batch]:
    """One pass over all windows: those of like length together, batches in random order; at most `size` word pieces each."""
    rows = list(rows)
    chance.shuffle(rows)
    rows.sort(key=lambda row: len(row.window.ids) // 16)
    groups: list[list[Row]] = [[]]
    for row in rows:
        if (len(groups[-1]) + 1) * max(len(one.window.ids) for one in (*groups[-1], row)) > size:
            groups.append([])
        groups[-1].append(row)
    chance.shuffle(groups)
    for group in groups:
        yield batch_of(group, types, chance, loose=loose)
