"""Characters the reader should not trip over, each kept with the place it came from."""

from typing import NamedTuple

# Reason: web text carries marks that are invisible to a reader but split or glue words for a parser.
_DROPPED = dict.fromkeys(
    map(
        ord,
        "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00",
    )
)
_REPLACED = {
    **dict.fromkeys(map(ord, "“”„‟«»″＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ＇`´"), "'"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\t"), " "),
    **dict.fromkeys(map(ord, "‐‑‒"), "-"),
    ord("—"): "—",
    ord("―"): "—",
    ord("…"): "…",
}


class Plain(NamedTuple):
    """`text` for the parser; ``origin[i]`` is where its i-th character stands in the original (one more for the end)."""

    text: str
    origin: list[int]


def plain(text: str) -> Plain:
    """Quotes and spaces made plain, invisible marks dropped; every character keeps its origin."""
    kept = [(_REPLACED.get(ord(c), c), i) for i, c in enumerate(text) if ord(c) not in _DROPPED]
    return Plain("".join(c for c, _ in kept), [i for _, i in kept] + [len(text)])
