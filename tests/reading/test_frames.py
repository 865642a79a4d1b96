"""Every frame of the ontology is met in the sentences it says it holds in, and in none that it says it fails in."""

import pytest

from legation import atlas, ontology
from legation.reading.events.frames import Matcher
from legation.reading.page import parse
from legation.reading.parties import find_parties
from legation.schema import Article

CASES = [
    (f"{kind.id}/{index}", frame, kind.id)
    for kind in ontology.types().values()
    for index, frame in enumerate(kind.frames)
]


@pytest.fixture(scope="module")
def met():
    """Sentence → the (type, frame) pairs met in it, for all sentences of all frames, parsed together."""
    sentences = sorted({s for _, frame, _ in CASES for s in (*frame.holds, *frame.fails)})
    known = atlas.load()
    pages = parse(Article(id=str(i), source="x", text=s) for i, s in enumerate(sentences))
    return {
        s: [(h.type, h.frame) for h in Matcher(page, find_parties(page, known)).hits()]
        for s, page in zip(sentences, pages, strict=True)
    }


@pytest.mark.parametrize(("frame", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_frame_holds_where_it_says(frame, kind, met):
    assert frame.holds, "a frame needs a sentence it holds in"
    for sentence in frame.holds:
        assert (kind, frame) in met[sentence], sentence


@pytest.mark.parametrize(("frame", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_frame_fails_where_it_says(frame, kind, met):
    assert frame.fails, "a frame needs a sentence it fails in"
    for sentence in frame.fails:
        assert (kind, frame) not in met[sentence], sentence


def hits(text, kind):
    """(actor state, target state) of each hit of a type."""
    page = next(parse([Article(id="x", source="x", text=text)]))
    found = Matcher(page, find_parties(page, atlas.load())).hits()
    return [(h.actor.state if h.actor else None, h.target.state if h.target else None) for h in found if h.type == kind]


LISTS = [
    # text, further expulsions that have no verb of their own
    ("Prague threw out 18 Russian diplomats, and Moscow 20 Czechs.", [("RUS", "CZE")]),
    ("Riga expelled two Belarusian diplomats, Vilnius three.", [("LTU", "BLR")]),
    (
        "Britain expelled 23 Russian diplomats.\n\nPoland: 4\n\nGermany (4); Latvia (1)",
        [("POL", "RUS"), ("DEU", "RUS"), ("LVA", "RUS")],
    ),
    ("Oslo expelled a Russian consul. Moscow replied in kind.", [("RUS", "NOR")]),
    ("Oslo expelled a Russian consul, and Norway has 5 million people.", []),
    ("Oslo expelled a Russian consul on Monday. Moscow did nothing.", []),
]


@pytest.mark.parametrize(("text", "further"), LISTS)
def test_acts_told_of_without_their_verb(text, further):
    assert hits(text, "expulsion")[1:] == further


def test_who_orders_decides_whose_closure_it_is():
    assert hits("China ordered Vietnam to close its consulate in Canton.", "post_closed") == []
    assert hits("Vietnam closed its consulate in Canton.", "post_closed")
