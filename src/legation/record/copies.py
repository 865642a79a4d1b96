"""Copies: near-duplicate texts by MinHash over shingles (rensa), checked against each other before they count.

Two articles are copies when their word shingles overlap by an estimated 0.6, or when the shorter shares half its sentences
(at least two) with the longer. Candidates share a band of the signature of the body, or of its opening words, so that a story cut
after its first paragraphs is found too.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from legation.atlas import Outlet
from legation.atlas import records as atlas
from legation.record.rows import fingerprint
from legation.schema import Offsets

_BODY, _LEAD, _ROWS, _SHINGLE, _LEAD_WORDS = 48, 16, 4, 3, 60
"""Permutations for body and opening, rows a band (at 0.02, what unlike stories share, two in a million are candidates), words a
shingle, words of the opening."""
ALIKE = 0.6
"""Estimated Jaccard similarity from which two texts are copies."""
SHARED = 0.5
"""Share of the shorter's sentences from which it is a copy."""

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")


_CREDITED = 400
"""Code points at the head and the end of an article in which a credit stands."""


class Sketch(NamedTuple):
    """What is kept of a text to find its copies: signature, band hashes, sentence hashes in order."""

    signature: bytes
    bands: tuple[int, ...]
    sentences: tuple[str, ...]


def sketch(text: str, boilerplate: Sequence[Offsets] = ()) -> Sketch:
    """The sketch of a text without its boilerplate."""
    from rensa import RMinHash

    text = body(text, boilerplate)
    words = _WORD.findall(text.casefold())
    signature: list[int] = []
    for part, permutations in ((words, _BODY), (words[:_LEAD_WORDS], _LEAD)):
        minhash = RMinHash(num_perm=permutations, seed=1961)
        minhash.update([" ".join(part[i : i + _SHINGLE]) for i in range(max(1, len(part) - _SHINGLE + 1))])
        signature += minhash.digest()
    rows = np.array(signature, dtype=np.uint32).reshape(-1, _ROWS)
    bands = tuple(_band(index, row) for index, row in enumerate(rows))
    return Sketch(rows.astype("<u4").tobytes(), bands, tuple(fingerprint(s) for s in sentences(text)))


def sentences(text: str) -> list[str]:
    """Sentences of at least four words, roughly: split at full stops and line ends."""
    return [s.strip() for s in _SENTENCE.findall(text) if len(_WORD.findall(s)) >= 4]


def body(text: str, boilerplate: Sequence[Offsets]) -> str:
    """A text without some stretches."""
    parts, position = [], 0
    for start, end in sorted(boilerplate):
        parts.append(text[position:start])
        position = max(position, end)
    return "".join([*parts, text[position:]])


def copies(one: Sketch, two: Sketch) -> bool:
    """Whether two texts are copies of each other."""
    shared = len(set(one.sentences) & set(two.sentences))
    shorter = min(len(set(one.sentences)), len(set(two.sentences)))
    return (shared >= 2 and shared >= SHARED * shorter) or similarity(one, two) >= ALIKE


def similarity(one: Sketch, two: Sketch) -> float:
    """Estimated Jaccard similarity of the bodies' shingles."""
    return float(np.mean(_signature(one)[:_BODY] == _signature(two)[:_BODY]))


def credit(text: str, boilerplate: Sequence[Offsets] = ()) -> str | None:
    """The agency that an article credits at its head or end: "(Reuters) -", "/TASS/", "© AFP", "Source: Xinhua", "By the AP"."""
    text = body(text, boilerplate).strip()
    for part in (text[:_CREDITED], text[-_CREDITED:]):
        if found := _credits().search(part):
            return next(name for name in found.groups() if name)
    return None


@cache
def _credits() -> re.Pattern[str]:
    agencies = [outlet for outlet in atlas.read("outlets", tuple[Outlet, ...]) if outlet.is_agency]
    names = "|".join(sorted((re.escape(n) for o in agencies for n in (o.name, *o.also)), key=len, reverse=True))
    return re.compile(
        rf"[(/\[]\s*(?:The )?({names})\s*[)/\]]|(?:©|\(c\)|\b[Ss]ource:|\bvia|^[Bb]y|\n[Bb]y|— ?|– ?)\s*(?:[Tt]he )?({names})(?:\s|[.,]|$)"
    )


def _signature(sketch: Sketch) -> NDArray[np.uint32]:
    return np.frombuffer(sketch.signature, dtype="<u4")


def _band(index: int, row: NDArray[np.uint32]) -> int:
    """A signed 64-bit hash of a band (FNV-1a over its index and rows)."""
    value = 0xCBF29CE484222325
    for number in (index, *row.tolist()):
        value = ((value ^ number) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >> 63 else value
