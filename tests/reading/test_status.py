"""The words that set the status: every example of the data file has the status it says."""

import pytest

from legation.reading.data_files import load
from legation.reading.events.status import mood
from legation.reading.page import parse
from legation.schema import Article

EXAMPLES = [(name, one) for name, entry in load("status").items() for one in entry["examples"]]


@pytest.mark.parametrize(("name", "one"), EXAMPLES, ids=[one["text"] for _, one in EXAMPLES])
def test_an_example_has_its_status(name: str, one: dict[str, str | None]) -> None:
    page = next(parse([Article(id="1", source="test", text=str(one["text"]))]))
    trigger = next(token for token in page.doc if token.lower_ == one["trigger"])
    assert mood(trigger)[0] == one["status"]
