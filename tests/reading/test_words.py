"""The closed lists of words: each example holds one of its list's words, and the lists and the code know each other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from legation.reading import data_files
from legation.reading.lexicon import fold
from legation.reading.page import lemma_of

CODE = "\n".join(path.read_text(encoding="utf-8") for path in Path(data_files.__file__).parent.rglob("*.py"))
ENTRIES: list[tuple[str, dict[str, Any]]] = [
    *data_files.load("words").items(),
    *data_files.load("when")["words"].items(),
    *data_files.load("speakers").items(),
]


def _strings(found: Any) -> Iterator[str]:
    """All words of a list, or of lists under their heads, with the heads."""
    if isinstance(found, str):
        yield fold(found)
    for inner in found if isinstance(found, list) else [*found, *found.values()] if isinstance(found, dict) else ():
        yield from _strings(inner)


def _forms(text: str) -> set[str]:
    """What a list may hold of a text: its words, marks and short phrases, with the lemmas of the words."""
    words = re.findall(r"n't|'[a-z]+|[^\W\d_]+(?:-[^\W\d_]+)*\.?|[^\w\s]", fold(text).replace("n't", " n't"))
    every = {*words, *(word.rstrip(".") for word in words), *(part for word in words for part in word.split("-"))}
    runs = {" ".join(words[i : i + n]) for n in (2, 3) for i in range(len(words))}
    return {*every, *runs, *(lemma_of(word, tag) for word in every for tag in ("VBD", "VBZ", "NNS") if word.isalpha())}


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_each_example_holds_a_word_of_its_list(name: str, entry: dict[str, Any]) -> None:
    if name == "personal":  # endings
        assert all(example.endswith(tuple(entry["words"])) for example in entry["examples"])
        return
    listed = {word for key in entry if key not in {"why", "examples"} for word in _strings(entry[key])}
    assert [example for example in entry["examples"] if listed.isdisjoint(_forms(example))] == []


@pytest.mark.parametrize("name", [name for name, _ in ENTRIES])
def test_each_list_is_used(name: str) -> None:
    assert f'"{name}"' in CODE or f".w.{name}" in CODE or f"self.{name}" in CODE


def test_each_list_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r'\b(?:words|word_list|_words)\("(\w+)"\)', CODE))
    assert asked - {name for name, _ in ENTRIES} == set()
