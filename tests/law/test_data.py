"""The law's data files: schema, every reference leads somewhere, and duties and event types agree with each other."""

import json
from pathlib import Path

import jsonschema
import pytest

from legation.law import articles, cases, duties, parties, persons, regimes, treaties
from legation.law.data import FOLDER, read_yaml
from legation.ontology import types

SCHEMA = json.loads((FOLDER / "law.schema.json").read_text())
FILES = [(path, "treaty") for path in sorted((FOLDER / "treaties").glob("*.yaml"))]
FILES += [(FOLDER / f"{name}.yaml", name) for name in ("duties", "cases", "persons", "answers", "regimes")]


@pytest.mark.parametrize(("path", "kind"), FILES, ids=lambda v: v.stem if isinstance(v, Path) else "")
def test_file_keeps_the_schema(path: Path, kind: str):
    jsonschema.validate(read_yaml(path), {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})


def test_ids_are_unique_and_file_names_right():
    for path in (FOLDER / "treaties").glob("*.yaml"):
        assert read_yaml(path)["id"] == path.stem
    assert sum(len(t.articles) for t in treaties().values()) == len(articles())
    assert [d for d in duties() if d[0] == "D"] == [f"D{n:02}" for n in range(1, 25)]


def test_every_article_and_case_named_exists():
    for duty in duties().values():
        assert set(duty.articles) <= set(articles()), duty.id
        assert set(duty.cases) <= set(cases()), duty.id
        assert set(duty.cite) <= {*regimes().regimes, "any"}, duty.id
    for person in persons():
        assert set(person.articles) <= set(articles()), person.id
    assert {r.treaty for r in regimes().regimes.values()} <= set(treaties())
    assert {r.regime for r in regimes().posts} <= set(regimes().regimes)


def test_every_case_is_cited_or_says_what_it_means_for_us():
    cited = {case for duty in duties().values() for case in duty.cases}
    assert {c.id for c in cases().values() if c.id not in cited and not c.for_us} == set()


def test_duties_and_event_types_say_the_same():
    from_types = {(entry.duty, t.id) for t in types().values() for entry in t.duties}
    from_duties = {(d.id, t) for d in duties().values() for t in d.types}
    left_open = {(d.id, t) for d in duties().values() for t in d.left_open}
    assert from_types <= from_duties
    assert from_duties - from_types == left_open


def test_parties_are_states_with_dates_or_signatures():
    for treaty in treaties().values():
        listed = parties(treaty.id)
        assert bool(listed) == treaty.parties
        for entry in listed.values():
            assert entry.signed or entry.deposited, (treaty.id, entry)
            assert (entry.how is None) == (entry.deposited is None)
    assert len(parties("VCDR")) == 190


def test_a_faulty_file_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from legation.law import data

    (tmp_path / "duties.yaml").write_text("- {id: D01}")
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"law/duties.yaml: .*missing required field `title`"):
        data._read(tmp_path / "duties.yaml", tuple[data.Duty, ...])
