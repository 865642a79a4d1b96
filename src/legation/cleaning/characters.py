"""Characters the reader should not trip over, each kept with the place it came from.

Invisible marks are dropped, quotes and spaces made plain, and text that was decoded wrongly on its way is mended:
"Turkeyâ€™s", "Ankara&#8217;s". The article's text stays as it is; only the parser sees this.
"""

import re
from collections.abc import Sequence
from html.entities import name2codepoint
from typing import NamedTuple

# Reason: web text carries marks that are invisible to a reader but split or glue words for a parser.
_DROPPED = dict.fromkeys(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00",
    "",
)
_REPLACED = {
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‘’‚‛′ʼ＇`´", "'"),
    **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\t\n\r\v\f\x85\u2028\u2029", " "),
    **dict.fromkeys("‐‑‒", "-"),
    "―": "—",
}
_PLAIN = str.maketrans(_REPLACED)


def _decoded(character: str, encoding: str) -> str:
    """How the UTF-8 of a character looks when it is read in another encoding; bytes that have no meaning there as in Latin-1."""
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in character.encode("utf-8"))


_OFTEN = "‘’“”–—…•€£°é"
_LETTERS = "".join(map(chr, range(0xC0, 0x180))) + "«»§©®·½¡¿"
_ENCODINGS = ("cp1252", "latin-1", "mac-roman", "cp1251")
_BROKEN: dict[str, str] = {
    # Letters only as Windows-1252 and Latin-1 show them: elsewhere the pairs are words of other languages.
    **{_decoded(c, encoding): c for encoding in _ENCODINGS[:2] for c in _LETTERS},
    **{_decoded(c, encoding): c for encoding in _ENCODINGS for c in _OFTEN},
    **{_decoded(_decoded(c, "cp1252"), "cp1252"): c for c in _OFTEN + "éèáóíúüöäçñ"},  # twice
    "Â\u00a0": " ", "Â ": " ", "â€\u009d": "”", "â€?": "”", "ï¿½": "\ufffd",
}  # fmt: skip
_ENTITIES = {f"&{name};": chr(point) for name, point in {**name2codepoint, "apos": 39}.items()}
_MENDED = re.compile(
    "|".join(
        [
            *map(re.escape, sorted(_BROKEN, key=len, reverse=True)),
            r"&#(?:\d{2,6}|[xX][0-9a-fA-F]{2,5});",
            *_ENTITIES,
            r"(?<=[a-z])\ufffd(?=(?:s|t|re|ve|ll|d|m)\b)",
        ]
    )
)
_MAY_BE_BROKEN = re.compile(r"[ÂÃÄÅâãï‚Ââв\ufffd]|&[#A-Za-z]")
_INVISIBLE = re.compile(f"[{''.join(_DROPPED)}]")
_ODD = re.compile(f"[{''.join(_DROPPED)}{''.join(map(re.escape, _REPLACED))}]")


class Plain(NamedTuple):
    """`text` for the parser; its i-th character stands in the original at ``[origin[i], ends[i])``.

    `origin` has one place more, the original's length.
    """

    text: str
    origin: Sequence[int]
    ends: Sequence[int]


def visible(text: str) -> str:
    """The text without marks that no reader sees (offsets change): for a search that asks only whether words are there."""
    return text if text.isascii() and "\x00" not in text else _INVISIBLE.sub("", text)


def plain(text: str) -> Plain:
    """Quotes and spaces made plain, invisible marks dropped, wrong decoding mended; every character keeps its place."""
    broken = bool(_MAY_BE_BROKEN.search(text))
    if not broken and not _ODD.search(text):
        return Plain(text, range(len(text) + 1), range(1, len(text) + 1))
    if not broken and not any(mark in text for mark in _DROPPED):
        return Plain(text.translate(_PLAIN), range(len(text) + 1), range(1, len(text) + 1))
    pieces: list[tuple[str, int, int]] = []
    position = 0
    for match in _MENDED.finditer(text) if broken else ():
        pieces += [(c, i, i + 1) for i, c in enumerate(text[position : match.start()], position)]
        pieces.append((_mended(match[0]), match.start(), match.end()))
        position = match.end()
    pieces += [(c, i, i + 1) for i, c in enumerate(text[position:], position)]
    kept = [(_REPLACED.get(c, c), start, end) for c, start, end in pieces if c not in _DROPPED]
    return Plain("".join(c for c, _, _ in kept), [s for _, s, _ in kept] + [len(text)], [e for _, _, e in kept])


def _mended(sequence: str) -> str:
    """The one character that a sequence stands for."""
    if sequence.startswith("&#"):
        number = int(sequence[3:-1], 16) if sequence[2] in "xX" else int(sequence[2:-1])
        return chr(number) if number >= 32 and not 0xD800 <= number < 0xE000 else " "
    return "'" if sequence == "\ufffd" else _BROKEN.get(sequence) or _ENTITIES[sequence]
