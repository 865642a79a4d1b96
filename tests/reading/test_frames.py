"""Every frame of the ontology is met in the sentences it says it holds in, and in none that it says it fails in."""

import pytest

from legation import atlas, ontology
from legation.reading.frames import Matcher
from legation.reading.page import parse
from legation.reading.parties import find_parties
from legation.schema import Article

CASES = [
    (f"{kind.id}/{index}", frame, kind.id)
    for kind in ontology.types().values()
    for index, frame in enumerate(kind.frames)
]


def met(sentence, kind, frame):
    """Whether the frame is met anywhere in the sentence."""
    page = next(parse([Article(id="x", source="x", text=sentence)]))
    matcher = Matcher(page, find_parties(page, atlas.load()))
    return any(hit.frame is frame and hit.type == kind for hit in matcher.hits())


@pytest.mark.parametrize(("frame", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_frame_holds_where_it_says(frame, kind):
    assert frame.holds, "a frame needs a sentence it holds in"
    for sentence in frame.holds:
        assert met(sentence, kind, frame), sentence


@pytest.mark.parametrize(("frame", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_frame_fails_where_it_says(frame, kind):
    assert frame.fails, "a frame needs a sentence it fails in"
    for sentence in frame.fails:
        assert not met(sentence, kind, frame), sentence
