"""The event types: every file keeps the schema, the list is that of the guidelines, and nothing contradicts itself."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from legation.ontology import FOLDER, GROUPS, event_type, types

SCHEMA = json.loads((FOLDER / "type.schema.json").read_text())
FILES = sorted((FOLDER / "types").glob("*.yaml"))
GUIDELINES = Path(os.environ.get("LEGATION_SHARED", Path(__file__).parents[2].parent / "shared")) / "gold/GUIDELINES.md"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_file_keeps_the_schema(path: Path):
    data: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    jsonschema.validate(data, SCHEMA)
    assert data["id"] == path.stem
    for role in data["roles"].values():
        assert role.get("default") is None or role["default"] in role["kinds"], "a default kind must be an allowed one"


def test_a_role_is_sought_only_where_the_parse_has_a_slot():
    data: dict[str, Any] = yaml.load(FILES[0].read_bytes(), Loader=yaml.CSafeLoader)
    data["frames"][0]["actor"] = ["speaker"]
    with pytest.raises(jsonschema.ValidationError, match="speaker"):
        jsonschema.validate(data, SCHEMA)


def test_there_are_43_types_in_all_groups():
    assert len(types()) == 43
    assert {t.group for t in types().values()} == set(GROUPS)


def test_types_named_in_conditions_exist():
    for t in types().values():
        for condition in [e.only_if for e in t.duties if e.only_if] + [t.inherits.only_if if t.inherits else None]:
            if condition:
                assert set(condition.together_with + condition.answers) <= set(types()), t.id


def test_words_inherit_and_nothing_else_does_but_answers():
    for t in types().values():
        answers = {"investigation", "arrest_of_suspect", "prosecution", "compensation"}
        assert (t.inherits is not None) == (t.group == "communication" or t.id in answers), t.id


def test_no_event_alone_is_a_breach():
    for t in types().values():
        relations = {e.relation for e in t.duties} | ({t.inherits.relation} if t.inherits else set())
        assert not relations & {"breach_admitted", "breach_found"}, t.id
        assert "breach_alleged" not in relations or t.id == "accusation_of_breach", t.id


def test_unknown_type_names_the_known_ones():
    with pytest.raises(KeyError, match="no event type 'war'; there are abduction, "):
        event_type("war")


@pytest.mark.shared
@pytest.mark.skipif(not GUIDELINES.exists(), reason="needs ../shared")
def test_types_and_groups_are_those_of_the_guidelines():
    part = GUIDELINES.read_text().split("\n## Types", 1)[1].split("\n## ", 1)[0]
    assert {(g, i) for g, i in re.findall(r"^\| (\w+) \| `(\w+)` \|", part, re.M)} == {
        (t.group, t.id) for t in types().values()
    }
