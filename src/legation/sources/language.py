"""Which language a text is in, as far as this matters: English or not."""

import re
from collections import Counter
from functools import cache
from importlib.resources import files

import yaml

_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 400
"""Characters looked at in each of three places: enough for two hundred words, and cheap on long texts."""
_ENOUGH = 0.25
"""Share of small English words that settles it at once: running English has 0.3 to 0.5, other languages under 0.15."""
_LONG = 40
"""Words from which on a text without any English small word is not English, whatever else it is."""


@cache
def small_words() -> dict[str, frozenset[str]]:
    """Language → its small words (languages.yaml)."""
    data = yaml.safe_load(files(__package__).joinpath("languages.yaml").read_text(encoding="utf-8"))
    return {language: frozenset(entry["words"].split()) for language, entry in data.items()}


def language(text: str) -> str | None:
    """ISO 639-1 code of the language, ``und`` for one that is not known and not English, None without any word.

    Whatever may be English is ``en``: a text refused by mistake is worse than a foreign one in which nothing is found.
    Measured on head, middle and end of the text, so that a foreign quotation or menu decides nothing.
    """
    middle = max(0, len(text) // 2 - _WINDOW // 2)
    sample = (
        text if len(text) <= 3 * _WINDOW else f"{text[:_WINDOW]} {text[middle : middle + _WINDOW]} {text[-_WINDOW:]}"
    )
    words = _WORD.findall(sample.lower())
    if not words:
        return None
    english = sum(map(small_words()["en"].__contains__, words))
    if english >= _ENOUGH * len(words):
        return "en"
    if sum(map(_is_latin, words)) < len(words) / 2:
        return "und"
    hits = Counter({name: sum(map(own.__contains__, words)) for name, own in small_words().items()})
    best, most = hits.most_common(1)[0]
    if most > english and most >= 3:
        return best
    return "und" if len(words) >= _LONG and english < 0.03 * len(words) else "en"


def _is_latin(word: str) -> bool:
    return word[0] < "\u0250" or "\u1e00" <= word[0] < "\u1f00"
