"""The trained voice of the reader: a small encoder that says which stretches of a page hold which event.

A page is cut into windows of whole sentences. Every window begins with the states that the article names most, its
headline and the end of the sentence before, so that a stretch is read in its context. Words that name a state
("Russia", "Russian", "Moscow") are replaced by a form token, and all words that stand for a state carry the number of
that state in the window: the encoder learns who does what to whom without knowing any state. One pass gives each
word piece a vector and three scores per event type; small heads then read, from the vectors of a stretch and of the
state words of its window, the status and the states of actor, target, host and claimant.

Trained by ``training/`` (see ``docs/model-card.md``); at run time only numpy and onnxruntime.
"""

import json
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from spacy.tokens import Span

from legation.reading.page import Page, Parties
from legation.schema import Status

Floats: TypeAlias = npt.NDArray[np.float32]
Numbers: TypeAlias = npt.NDArray[np.int64]
Role: TypeAlias = Literal["actor", "target", "host", "claimant"]
ROLES: tuple[Role, ...] = get_args(Role)
STATUSES: tuple[Status, ...] = get_args(Status)
UNDATED = ("none", "elsewhere", "published")
"""What may date an event when no word of its window does: nothing, words elsewhere in the article, the day of publication."""

SLOTS = 16
"""Numbers for states in one window; 0 stands for no state, so 15 states can be told apart."""
CORE = 320
"""Word pieces of new text in a window."""
HEADLINE, BEFORE, TOP = 20, 32, 3
"""Context in front of them: word pieces of the headline, of the sentence before; the article's most named states."""
UNKNOWN, _CLS, _SEP, _TOP_STATE = 9, 10, 11, 5
_FORMS = {"state": 1, "demonym_adj": 2, "capital": 3, "city": 4, "demonym_person": 6}
_NOT_ACTING = frozenset({"agency", "outlet"})
"""Word pieces (the vocabulary begins with padding, eight free ones, unknown, begin, end) that replace a state's words, by form; other words that stand for a state are kept."""


@dataclass(frozen=True, slots=True)
class StateWords:
    """Tokens [start, end) of a page that stand for a state; `form`: its kind in the atlas, or None where the words are kept."""

    start: int
    end: int
    state: str
    form: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces of one window. `token` is the page token of each (-1 for added ones), `slots` the number of its state.

    `states[n - 1]` is the state with number n; `sentences` are the sentences to be judged, as (first piece, end piece).
    """

    ids: list[int]
    slots: list[int]
    new: list[int]
    token: list[int]
    states: list[str]
    sentences: list[tuple[int, int]]

    def pieces(self, start: int, end: int) -> tuple[int, int]:
        """First and end piece of the page tokens [start, end), within the text to be judged; empty when not in it."""
        low, high = self.sentences[0][0], len(self.token) - 1
        return bisect_left(self.token, start, low, high), bisect_left(self.token, end, low, high)


_QUOTES = str.maketrans("„‟«»‚‛‹›", "“““”‘‘‘’")
"""Quotation marks of other countries, which BERT's vocabulary lacks."""


class WordPieces:
    """BERT's uncased word pieces of single words; greedy longest match (Wu et al. 2016)."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: index for index, piece in enumerate(vocabulary)}
        self._of_word = cache(self._cut)

    def __call__(self, word: str) -> list[int]:
        return self._of_word(word)

    def _cut(self, word: str) -> list[int]:
        plain = unicodedata.normalize("NFD", word.lower().translate(_QUOTES))
        letters = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf"})
        return [
            piece
            for part in re.findall(r"[^\W_]+|[\W_]", letters)
            if not part.isspace()
            for piece in self._greedy(part)
        ]

    def _greedy(self, part: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(part):
            for end in range(min(len(part), start + 24), start, -1):
                piece = self._ids.get(("##" if start else "") + part[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return [UNKNOWN]
        return found


def state_words(page: Page, parties: Parties) -> list[StateWords]:
    """Words that stand for a state, none inside another: names of states from the atlas, then heads of resolved parties."""
    from legation.atlas import load

    found: list[StateWords] = []
    taken: set[int] = set()
    for name in load().scan(page.doc.text):
        span = page.doc.char_span(name.start, name.end, alignment_mode="expand")
        if (
            span is None
            or name.code is None
            or name.kind in _NOT_ACTING
            or not taken.isdisjoint(range(span.start, span.end))
        ):
            continue
        taken.update(range(span.start, span.end))
        found.append(StateWords(span.start, span.end, name.code, name.kind if name.kind in _FORMS else None))
    for mention in parties.mentions:
        if mention.state and mention.head not in taken:
            taken.add(mention.head)
            found.append(StateWords(mention.head, mention.head + 1, mention.state, None))
    return sorted(found, key=lambda words: words.start)


def cut_windows(
    sentences: Sequence[tuple[int, int]],
    words: Sequence[str],
    states: Sequence[StateWords],
    cut: WordPieces,
    *,
    masked: bool = True,
    core: int = CORE,
) -> Iterator[Window]:
    """Windows over the sentences, given as (first token, end token) in text order; the first is taken for the headline.

    With `masked` the words of a state are replaced by its form. A sentence longer than a window's `core` pieces is cut off.
    """
    at = {states_word.start: states_word for states_word in states}
    inside = {token: states_word for states_word in states for token in range(states_word.start, states_word.end)}
    most = [state for state, _ in Counter(w.state for w in states).most_common(TOP)]

    def pieces_of(start: int, end: int) -> list[tuple[int, int, str | None]]:
        row: list[tuple[int, int, str | None]] = []
        for token in range(start, end):
            word = inside.get(token)
            if masked and word is not None and word.form is not None:
                if token in at:
                    row.append((_FORMS[word.form], token, word.state))
            else:
                row += [(piece, token, word.state if word else None) for piece in cut(words[token])]
        return row

    rows = [pieces_of(start, end)[:core] for start, end in sentences]
    groups: list[list[int]] = []
    size = core
    for index, row in enumerate(rows):
        if size + len(row) > core:
            groups.append([])
            size = 0
        groups[-1].append(index)
        size += len(row)
    for group in groups:
        context = [(_CLS, -1, None), *((_TOP_STATE, -1, state) for state in most)]
        if group[0] > 0:
            context += rows[0][:HEADLINE]
        context.append((_SEP, -1, None))
        if group[0] > 1:
            context += rows[group[0] - 1][-BEFORE:]
        length = len(context)
        bounds = [length]
        for index in group:
            bounds.append(bounds[-1] + len(rows[index]))
        row = [*context, *(piece for index in group for piece in rows[index]), (_SEP, -1, None)]
        numbers: dict[str, int] = {}
        for _, _, state in row:
            if state is not None and len(numbers) < SLOTS - 1:
                numbers.setdefault(state, len(numbers) + 1)
        yield Window(
            ids=[piece for piece, _, _ in row],
            slots=[numbers.get(state, 0) if state else 0 for _, _, state in row],
            new=[0] * length + [1] * (len(row) - length),
            token=[-1 if index < length else token for index, (_, token, _) in enumerate(row)],
            states=list(numbers),
            sentences=[(a, b) for a, b in pairwise(bounds) if a < b],
        )


Choice: TypeAlias = dict[str | None, float]
"""Probability of each state, None for "no state, or not said"; sums to 1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the encoder hears in the tokens [start, end): an event type, with calibrated probabilities.

    `p`: that the article holds such an event. `status` and the four roles: given that it does. `claimant` answers
    only "if it is a claim, of which state is the claimant".
    """

    start: int
    end: int
    type: str
    p: float
    status: dict[Status, float]
    actor: Choice
    target: Choice
    host: Choice
    claimant: Choice


def likeliest(choice: dict[Any, float]) -> Any:
    """The key with the highest probability; the first of equals."""
    return max(choice, key=choice.__getitem__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What belongs to one trained model, `encoder.json` beside it.

    `stretch` weighs intercept, sentence logit and mean piece logit of a stretch into the logit of `Heard.p`;
    `temperature` divides the logits of each role and of the status; both fitted on articles not trained on.
    """

    types: tuple[str, ...]
    stretch: tuple[float, float, float] = (0.0, 0.5, 0.5)
    temperature: dict[str, float] = field(default_factory=dict)
    masked: bool = True

    def chance(self, sentence: float, mean: float) -> float:
        """Calibrated probability of a stretch, from its sentence's logit and the mean logit of its pieces."""
        a, b, c = self.stretch
        return float(_sigmoid(a + b * sentence + c * mean))

    @classmethod
    def read(cls, path: Path) -> "Settings":
        raw = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(raw["types"]), tuple(raw["stretch"]), raw["temperature"], raw["masked"])


NEAR = (0, 1, 4, 9, 17, 41)
"""Bounds of the bands of distance, in pieces, between a stretch and a state word before or after it."""


def nearness(at: Numbers, first: int, last: int, core: int) -> Numbers:
    """Band of the pieces `at` of a window seen from the stretch [first, last): 0 inside, 1-5 before, 6-10 after, 11 in the context."""
    before, after = np.searchsorted(NEAR, first - at, "right") - 1, np.searchsorted(NEAR, at - last + 1, "right") - 1
    band = np.where(at < first, before, np.where(at >= last, 5 + after, 0))
    return np.where(at < core, 11, band)


def _softmax(scores: Floats) -> Floats:
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    result: Floats = exp / exp.sum(-1, keepdims=True)
    return result


def _sigmoid(scores: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-scores))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A window after the pass: vectors [pieces, width], scores [pieces, 3, types], what events see [1, pieces, 2, looks, look], and the logit of
    each type in each sentence.

    `said`: the pieces that stand for a state, by its number; `firsts`: where the pieces of each number begin among them; `keys` theirs
    [roles, m, key]. `near`: what their distance adds [roles, bands]; `elsewhere`: share of each state named in other windows only.
    """

    window: Window
    vectors: Floats
    scores: Floats
    shown: Floats
    logits: list[Floats]
    said: Numbers
    firsts: list[int]
    keys: Floats
    near: Floats
    elsewhere: dict[str, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens [start, end) heard to hold an event of a type with probability `p`: the pieces [first, last) of a window."""

    start: int
    end: int
    type: str
    p: float
    window: int
    first: int
    last: int

    @property
    def place(self) -> "_Place":
        return self.window, self.first, self.last, self.type


_Place: TypeAlias = tuple[int, int, int, str]
"""Number of a window, first and end piece, event type."""
_Times: TypeAlias = tuple[list[tuple[int, int]], Numbers, Floats]


class Hearing:
    """What the encoder heard on one page; also answers about stretches that others found."""

    def __init__(self, encoder: "Encoder", seen: Sequence[_Seen], floor: float) -> None:
        self._encoder, self._seen, self._floor = encoder, seen, floor
        self._answers: dict[_Place, tuple[Floats, ...]] = {}
        self._timed: dict[tuple[int, tuple[tuple[int, int], ...]], _Times] = {}

    @cached_property
    def stretches(self) -> list[Stretch]:
        """All stretches with at least the floor's probability, in text order."""
        found = [
            stretch
            for number, seen in enumerate(self._seen)
            for first, last in seen.window.sentences
            for stretch in self._in_sentence(number, first, last)
        ]
        return sorted(found, key=lambda s: (s.start, s.end, s.type))

    def type_scores(self, sentence: Span) -> dict[str, float]:
        """Probability per event type that the sentence tells such an event; empty where the encoder did not listen."""
        best: dict[str, float] = {}
        for seen in self._seen:
            for (first, _), logits in zip(seen.window.sentences, seen.logits, strict=True):
                if sentence.start <= seen.window.token[first] < sentence.end:
                    for kind, chance in zip(self._encoder.settings.types, _sigmoid(logits).tolist(), strict=True):
                        best[kind] = max(best.get(kind, 0.0), chance)
        return best

    def about(self, start: int, end: int, kind: str) -> Heard | None:
        """What the encoder would say of the tokens [start, end) as an event of a type; None where it did not listen."""
        place = self._place(start, end, kind)
        if place is None:
            return None
        window, first, last, _ = place
        seen, number = self._seen[window], self._encoder.settings.types.index(kind)
        for (low, high), logits in zip(seen.window.sentences, seen.logits, strict=True):
            if low <= first < high:
                last = min(last, high)
                mean = float(seen.scores[first:last, 0, number].mean())
                return self.describe([self._stretch(window, high, first, last, number, float(logits[number]), mean)])[0]
        return None

    def dated(
        self, start: int, end: int, event: str, times: Sequence[tuple[int, int]]
    ) -> tuple[list[float], dict[str, float]]:
        """Probability that each of the time expressions, as token ranges of the page, dates the event of that type in the tokens
        [start, end); and that one of UNDATED does."""
        place = self._place(start, end, event)
        if place is None:
            return [0.0] * len(times), dict.fromkeys(UNDATED, 1 / len(UNDATED))
        number, first, last, _ = place
        seen = self._seen[number]
        spans, words, keys = self._times(number, tuple(times))
        query, _, _, undated = self._answer(place)
        bands = nearness(words, first, last, seen.window.sentences[0][0])
        fit = keys @ query[-1] + seen.near[-1, bands]
        scores: Floats = np.concatenate([fit, undated])
        shares = _softmax(scores / self._encoder.settings.temperature.get("date", 1.0)).tolist()
        return [sum(shares[a:b]) for a, b in spans], dict(zip(UNDATED, shares[len(words) :], strict=True))

    def ask(self, stretches: Iterable[tuple[int, int, str]], least: float = 1.0) -> None:
        """Put to the heads at once what they will be asked of the tokens [start, end) as an event of a type, and of its own stretches with a
        probability of at least `least`: one by one takes far longer."""
        own = [stretch.place for stretch in self.stretches if stretch.p >= least]
        self._ask([*own, *(place for stretch in stretches if (place := self._place(*stretch)) is not None)])

    def describe(self, stretches: Sequence[Stretch]) -> list[Heard]:
        """Status and states of each stretch."""
        self._ask([stretch.place for stretch in stretches])
        return list(map(self._described, stretches))

    def _place(self, start: int, end: int, kind: str) -> _Place | None:
        """Where the tokens [start, end) are first heard."""
        if kind not in self._encoder.settings.types:
            raise ValueError(f"{kind}: not a type of this model; known: {', '.join(self._encoder.settings.types)}")
        for number, seen in enumerate(self._seen):
            first, last = seen.window.pieces(start, end)
            if first < last:
                return number, first, last, kind
        return None

    def _ask(self, places: Iterable[_Place]) -> None:
        new = sorted(place for place in set(places) if place not in self._answers)
        for number, group in groupby(new, key=itemgetter(0)):
            seen, asked = self._seen[number], list(group)
            kinds = np.array([self._encoder.settings.types.index(kind) for *_, kind in asked])
            means = np.stack([seen.vectors[first:last].mean(0) for _, first, last, _ in asked])
            pieces, core = np.arange(len(seen.vectors)), seen.window.sentences[0][0]
            bands = np.stack([nearness(pieces, first, last, core) for _, first, last, _ in asked])
            query, _, without, status, _, undated = self._encoder.heads(means, kinds, means[:1], seen.shown, bands)
            self._answers |= zip(asked, zip(query, without, status, undated, strict=True), strict=True)

    def _answer(self, place: _Place) -> tuple[Floats, ...]:
        """Query, scores of no state and of one elsewhere, scores of each status and of UNDATED."""
        self._ask([place])
        return self._answers[place]

    def _times(self, number: int, times: tuple[tuple[int, int], ...]) -> _Times:
        """The pieces of a window that name times, as (from, to) among them of each time, themselves, and their keys for the date."""
        if (number, times) not in self._timed:
            seen = self._seen[number]
            spans = [seen.window.pieces(*time) for time in times]
            words = [piece for span in spans for piece in range(*span)]
            counted = accumulate((end - start for start, end in spans), initial=0)
            keys = self._encoder.keys(seen.vectors, seen.shown, words)[0]
            self._timed[number, times] = (
                list(pairwise(counted)),
                np.array(words, dtype=np.int64),
                keys[:, -1],
            )
        return self._timed[number, times]

    def _in_sentence(self, number: int, first: int, last: int) -> Iterator[Stretch]:
        for kind, low, high, sentence, mean in stretches_of(self._seen[number].scores[first:last], self._floor / 2):
            stretch = self._stretch(number, last, first + low, first + high, kind, sentence, mean)
            if stretch.p >= self._floor:
                yield stretch

    def _stretch(
        self, number: int, high: int, first: int, last: int, kind: int, sentence: float, mean: float
    ) -> Stretch:
        token, settings = self._seen[number].window.token, self._encoder.settings
        end = token[last] if last < high else 0  # a masked name ends where the next word begins
        chance = settings.chance(sentence, mean)
        return Stretch(token[first], max(end, token[last - 1] + 1), settings.types[kind], chance, number, first, last)

    def _described(self, stretch: Stretch) -> Heard:
        seen, cool = self._seen[stretch.window], self._encoder.settings.temperature
        query, without, status, _ = self._answer(stretch.place)
        bands = nearness(seen.said, stretch.first, stretch.last, seen.window.sentences[0][0])
        fit = (seen.keys @ query[:-1, :, None])[:, :, 0] + seen.near[:-1, bands]
        scores: Floats = np.concatenate([without, np.logaddexp.reduceat(fit, seen.firsts, axis=1)], axis=1)
        warmth = np.array([[cool.get(role, 1.0)] for role in ROLES], dtype=np.float32)
        choices = [self._choice(seen, *row) for row in _softmax(scores / warmth).tolist()]
        of = _softmax(status / cool.get("status", 1.0)).tolist()
        return Heard(
            stretch.start, stretch.end, stretch.type, stretch.p, dict(zip(STATUSES, of, strict=True)), *choices
        )

    @staticmethod
    def _choice(seen: _Seen, nobody: float, elsewhere: float, *here: float) -> Choice:
        found: Choice = {None: nobody if seen.elsewhere else nobody + elsewhere}
        found.update(zip(seen.window.states, here, strict=True))
        found.update((state, elsewhere * share) for state, share in seen.elsewhere.items())
        return found


def _sentence_logits(scores: Floats) -> Floats:
    """Logit per type of a sentence, from its pieces' scores [pieces, 3, types]."""
    result: Floats = (_softmax(scores[:, 1].T) * scores[:, 2].T).sum(-1)
    return result


def stretches_of(scores: Floats, floor: float) -> Iterator[tuple[int, int, int, float, float]]:
    """Of a sentence's scores [pieces, 3, types]: type, first and end piece, sentence logit and mean piece logit of each
    stretch, for types that the sentence holds with more than the floor's probability."""
    logits = _sentence_logits(scores)
    for kind in np.flatnonzero(_sigmoid(logits) > floor):
        for low, high in stretches(_sigmoid(scores[:, 0, kind])):
            yield int(kind), low, high, float(logits[kind]), float(scores[low:high, 0, kind].mean())


def stretches(likely: Floats, gap: int = 2) -> list[tuple[int, int]]:
    """Runs of pieces at least half as likely as the likeliest, over gaps of at most `gap` pieces."""
    runs: list[tuple[int, int]] = []
    for index in np.flatnonzero(likely >= likely.max() / 2):
        if runs and index - runs[-1][1] <= gap:
            runs[-1] = (runs[-1][0], int(index) + 1)
        else:
            runs.append((int(index), int(index) + 1))
    return runs


class Encoder:
    """`body` and `heads` are the two networks as functions on numpy arrays (shapes in ``training/encoder/model.py``)."""

    def __init__(
        self, body: Any, heads: Any, settings: Settings, vocabulary: Iterable[str], *, floor: float = 0.05
    ) -> None:
        self.body, self.heads, self.settings, self.floor = body, heads, settings, floor
        self.cut = WordPieces(vocabulary)

    @classmethod
    @cache
    def load(cls, folder: Path | None = None, *, threads: int = 1) -> "Encoder":
        """The encoder kept in a folder (default: the one in the package). Raises FileNotFoundError if there is none."""
        import onnxruntime as ort

        folder = folder or Path(str(files("legation.reading") / "model"))
        for name in ("encoder.onnx", "heads.onnx", "encoder.json", "vocabulary.txt"):
            if not (folder / name).exists():
                raise FileNotFoundError(
                    f"{folder / name}: not there; train the encoder (make train) or read without it"
                )
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1

        def function(name: str) -> Any:
            session = ort.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
            names = [given.name for given in session.get_inputs()]
            return lambda *values: session.run(None, dict(zip(names, values, strict=True)))

        vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        return cls(function("encoder.onnx"), function("heads.onnx"), Settings.read(folder / "encoder.json"), vocabulary)

    def listen(self, page: Page, parties: Parties) -> Hearing:
        """Hear a whole page."""
        states = state_words(page, parties)
        sentences = [(s.start, s.end) for s in page.sentences]
        windows = cut_windows(sentences, [t.text for t in page.doc], states, self.cut, masked=self.settings.masked)
        named = Counter(words.state for words in states)
        return Hearing(self, [self._pass(window, named) for window in windows], self.floor)

    def hear(self, page: Page, parties: Parties) -> list[Heard]:
        """The stretches of a page that hold an event, in text order."""
        hearing = self.listen(page, parties)
        return hearing.describe(hearing.stretches)

    def keys(self, vectors: Floats, shown: Floats, words: Sequence[int]) -> tuple[Floats, Floats]:
        """Keys of the pieces `words` of a window [m, roles + 1, key], and what distance adds [roles + 1, bands]."""
        one = np.zeros(1, dtype=np.int64)
        _, keys, _, _, near, _ = self.heads(vectors[:1], one, vectors[list(words) or [0]], shown[:, :1], one[None])
        return keys[: len(words)], near

    def _pass(self, window: Window, named: Counter[str]) -> _Seen:
        rows = (np.array([row], dtype=np.int64) for row in (window.ids, window.slots, window.new))
        vectors, scores, shown = self.body(*rows)
        vectors, scores = vectors[0], scores[0]
        said = sorted((piece for piece, slot in enumerate(window.slots) if slot), key=window.slots.__getitem__)
        numbers = [window.slots[piece] for piece in said]
        keys, near = self.keys(vectors, shown, said)
        others = Counter({state: n for state, n in named.items() if state not in window.states})
        return _Seen(
            window,
            vectors,
            scores,
            shown,
            logits=[_sentence_logits(scores[first:last]) for first, last in window.sentences],
            said=np.array(said, dtype=np.int64),
            firsts=[numbers.index(number + 1) for number in range(len(window.states))],
            keys=keys[:, :-1].transpose(1, 0, 2),
            near=near,
            elsewhere={state: n / others.total() for state, n in others.items()},
        )
