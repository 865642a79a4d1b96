"""What the parser sees is plain, and each of its characters can be found again in the text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.cleaning.characters import plain, visible
from legation.reading.triage import concerns_missions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey’s “friends”", "Turkey's \"friends\""),
        ("Turkeyâ€™s â€œfriendsâ€\u009d â€“ all", "Turkey's \"friends\" – all"),
        ("Turkeyâ\x80\x99s", "Turkey's"),
        ("Turkey‚Äôs", "Turkey's"),
        ("Turkeyвђ™s".replace("вђ™", "вЂ™"), "Turkey's"),
        ("Turkeyâ€™s".encode().decode("cp1252"), "Turkey's"),
        ("chargÃ© d'affaires in SÃ£o TomÃ©", "chargé d'affaires in São Tomé"),
        ("the envoyÂ\u00a0said", "the envoy said"),
        ("AT&amp;T &quot;left&quot; Turkey&#8217;s &#x2019;", "AT&T \"left\" Turkey's '"),
        ("R&D; and Q&A &nonsense;", "R&D; and Q&A &nonsense;"),
        ("don\ufffdt ask Ankara\ufffds envoy", "don't ask Ankara's envoy"),
        ("am\u00adbas\u00adsa\u00addor", "ambassador"),
        ("the \u202eenvoy\u202c", "the envoy"),
        ("the\u00a0envoy\tleft", "the envoy left"),
        ("Plain text stays.", "Plain text stays."),
        ("À Paris, São Tomé, Ankara’da, Łódź", "À Paris, São Tomé, Ankara'da, Łódź"),
        ("Ã vida", "Ã vida"),
    ],
)  # fmt: skip
def test_made_plain(text, expected):
    assert plain(text).text == expected


ALPHABET = "ab ’“â€™Ã©Â\u00a0\u00ad\u200b&#82;17amp‚Äô\ufffds\x00é\u202e"


@given(st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=60))
def test_every_character_keeps_its_place(text):
    made, origin, ends = plain(text)
    assert len(origin) == len(made) + 1
    assert len(ends) == len(made)
    assert origin[-1] == len(text)
    assert all(0 <= start < end <= len(text) for start, end in zip(origin, ends, strict=False))
    assert all(end <= start for end, start in zip(ends, origin[1:], strict=False))
    unchanged = [
        (c, text[start]) for c, start, end in zip(made, origin, ends, strict=False) if end == start + 1 and c.isalnum()
    ]
    assert all(seen == original for seen, original in unchanged)


@given(st.text(max_size=60))
def test_plain_text_is_plain_already(text):
    once = plain(text).text
    assert len(plain(once).text) <= len(once)


@given(st.text(alphabet=st.characters(categories=["L", "Zs"], max_codepoint=0x17F), max_size=40))
def test_what_was_decoded_right_is_not_mended(text):
    """Letters of European languages in any order but the few pairs that only wrong decoding makes."""
    made = plain(text).text
    pairs = {a + b for a, b in pairwise(text)}
    if not any((p[0] in "ÂÃÄÅ" and not p[1].isascii()) or p == "Â " for p in pairs):
        assert made.replace(" ", "") == text.replace("\u00a0", "").replace(" ", "")


def test_words_are_found_behind_invisible_marks():
    text = "The am\u00adbas\u200bsa\u00addor was told to leave.\x00"
    assert visible(text) == "The ambassador was told to leave."
    assert concerns_missions(text)
