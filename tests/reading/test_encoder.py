"""The encoder: windows hold every word once, states are numbered, and the shipped model tells actor from target."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation import atlas
from legation.reading.encoder import (
    CORE,
    ROLES,
    SLOTS,
    STATUSES,
    UNDATED,
    Encoder,
    Heard,
    Hearing,
    Settings,
    StateWords,
    WordPieces,
    cut_windows,
    likeliest,
    nearness,
    stretches,
)
from legation.reading.page import Page, Parties, load_pipeline, parse
from legation.reading.parties import find_parties
from legation.schema import Article

ADDED = ["[PAD]", *(f"[unused{n}]" for n in range(8)), "[UNK]", "[CLS]", "[SEP]"]


def read(text: str) -> tuple[Page, Parties]:
    page = next(parse([Article(id="x", source="x", text=text)], load_pipeline()))
    return page, find_parties(page, atlas.load())


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def test_word_pieces_are_the_longest_known_parts() -> None:
    cut = WordPieces([*ADDED, "em", "embassy", "##bass", "##ies", "cafe", "."])
    assert cut("Embassy") == [13]
    assert cut("embassies") == [12, 14, 15]
    assert cut("Café") == [16]
    assert cut("e.") == [9, 17]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.data())
def test_windows_hold_every_token_once(lengths: list[int], data: st.DataObject) -> None:
    total = sum(lengths)
    bounds = np.cumsum([0, *lengths])
    sentences = [(int(a), int(b)) for a, b in pairwise(bounds)]
    at = sorted(data.draw(st.sets(st.integers(0, total - 1), max_size=30)))
    states = [StateWords(i, i + 1, f"S{i % 20}", "state" if i % 2 else None) for i in at]
    windows = list(cut_windows(sentences, ["word"] * total, states, WordPieces([*ADDED, "word"])))
    assert [token for window in windows for token in window.token if token >= 0] == list(range(total))
    for window in windows:
        assert len(window.ids) == len(window.slots) == len(window.new) == len(window.token)
        assert len(window.ids) <= CORE + 60
        assert max(window.slots) <= min(len(window.states), SLOTS - 1)
        for token, slot in zip(window.token, window.slots, strict=True):
            if slot and token >= 0:
                assert window.states[slot - 1] == f"S{token % 20}"


def test_pieces_of_tokens_are_found_in_their_window() -> None:
    (window,) = cut_windows(
        [(0, 3), (3, 6)], list("abcdef"), [StateWords(3, 5, "FRA", "state")], WordPieces([*ADDED, *"abcdef"])
    )
    first, last = window.pieces(3, 6)
    assert [window.token[i] for i in range(first, last)] == [3, 5]
    assert window.slots[first] == 1
    assert window.pieces(6, 8)[0] >= window.pieces(6, 8)[1]


def test_distance_bands() -> None:
    bands = nearness(np.arange(60), 30, 33, 5).tolist()
    assert bands[:5] == [11] * 5
    assert bands[30:33] == [0, 0, 0]
    assert bands[29] == 1
    assert bands[33] == 6
    assert bands[59] == 9


def test_stretches_bridge_small_gaps() -> None:
    assert stretches(np.array([0.1, 0.9, 0.2, 0.8, 0.1, 0.1, 0.1, 0.6], dtype=np.float32)) == [(1, 4), (7, 8)]


def test_a_missing_model_says_what_to_do(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="make train"):
        Encoder.load(tmp_path)


def undecided(text: str) -> Hearing:
    """What an encoder hears to which everything is equally likely."""
    width, kinds = 4, 2

    def body(ids, slots, new):
        return [np.zeros((*ids.shape, *each), np.float32) for each in ((width,), (3, kinds), (2, 1, 1))]

    def heads(stretch, kind, words, shown, bands):
        assert bands.shape == (len(stretch), shown.shape[1])
        n, m, r = len(stretch), len(words), len(ROLES)
        shapes = ((n, r + 1, 3), (m, r + 1, 3), (n, r, 2), (n, len(STATUSES)), (r + 1, 12), (n, len(UNDATED)))
        return [np.zeros(shape, np.float32) for shape in shapes]

    return Encoder(body, heads, Settings(("expulsion", "summons")), [*ADDED, "a"]).listen(*read(text))


def test_the_words_that_may_date_an_event_share_with_what_no_word_names() -> None:
    hearing = undecided("On Monday France expelled two diplomats of Chad, who left on 4 May.")
    shares, undated = hearing.dated(2, 4, "expulsion", [(1, 2), (12, 14)])
    assert shares == pytest.approx([1 / 6, 2 / 6])  # one word piece and two
    assert undated == pytest.approx(dict.fromkeys(UNDATED, 1 / 6))
    assert sum(hearing.dated(2, 4, "expulsion", [])[1].values()) == pytest.approx(1)


def test_unknown_type_is_refused() -> None:
    hearing = undecided("France expelled two diplomats of Chad.")
    assert hearing.about(0, 2, "expulsion") is not None
    with pytest.raises(ValueError, match="party"):
        hearing.about(0, 2, "party")
    for heard in hearing.describe(hearing.stretches):
        for choice in (heard.actor, heard.target, heard.host, heard.claimant, heard.status):
            assert sum(choice.values()) == pytest.approx(1.0, abs=1e-4)


def strongest(heard: list[Heard], kind: str) -> Heard:
    return max((h for h in heard if h.type == kind), key=lambda h: h.p)


@pytest.mark.parametrize(
    ("one", "other"), [(("Norway", "NOR"), ("Chilean", "CHL")), (("Kenya", "KEN"), ("Polish", "POL"))]
)
def test_it_tells_who_did_it_to_whom(encoder: Encoder, one: tuple[str, str], other: tuple[str, str]) -> None:
    text = f"{one[0]} expels diplomats\n{one[0]} on Monday declared two {other[0]} diplomats persona non grata and ordered them to leave the country."
    page, parties = read(text)
    declared = next(t.i for t in page.doc if t.text == "declared")  # the headline names one side only
    heard = strongest([h for h in encoder.hear(page, parties) if h.start <= declared < h.end], "expulsion")
    assert heard.p > 0.5
    assert likeliest(heard.actor) == one[1]
    assert likeliest(heard.target) == other[1]
    start, end = page.span(heard.start, heard.end)
    assert 0 <= start < end <= len(text)


def test_ordinary_news_is_silent(encoder: Encoder) -> None:
    text = "Bakers raise prices\nThe price of bread rose by four per cent in May, the bakers' union of Lyon said, because flour has become dearer."
    assert all(heard.p < 0.5 for heard in encoder.hear(*read(text)))


def test_a_page_without_words(encoder: Encoder) -> None:
    assert encoder.hear(*read("")) == []


def test_the_same_page_is_heard_the_same(encoder: Encoder) -> None:
    page, parties = read(
        "The Peruvian embassy in Oslo was stormed by a crowd on Friday, and Norway apologised to Peru."
    )
    assert encoder.hear(page, parties) == encoder.hear(page, parties)
