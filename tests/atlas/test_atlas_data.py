"""The data files: their schemas, what must be in them, and that every name leads back to its record."""

import json
from importlib.resources import files

import jsonschema
import pycountry
import pytest
import yaml

from legation.atlas import load
from legation.atlas.records import read

DATA = files("legation.atlas") / "data"
ATLAS = load()
BY_CODE = {s.code: s for s in ATLAS.states if s.code and not s.id}


@pytest.mark.parametrize("name", ["states", "bodies", "outlets", "city_names", "names"])
def test_data_file_follows_its_schema(name):
    schema = json.loads((DATA / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    data = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [
        f"{list(e.absolute_path)}: {e.message}" for e in jsonschema.Draft202012Validator(schema).iter_errors(data)
    ] == []


def test_every_iso_code_is_there_with_a_word_for_its_people():
    missing = [c.alpha_3 for c in pycountry.countries if c.alpha_3 not in BY_CODE or not BY_CODE[c.alpha_3].adj]
    assert missing == []
    assert "XKX" in BY_CODE


def test_counts():
    kinds = [s.kind for s in ATLAS.states]
    assert kinds.count("state") + kinds.count("disputed") >= 197
    assert kinds.count("territory") == 52
    assert len(ATLAS.outlets) >= 400
    assert sum(len(g.members) for g in ATLAS.groups.values()) >= 450
    assert len(ATLAS.cities) > 5000


def test_no_code_twice():
    codes = [s.code for s in ATLAS.states if s.code and not s.id]
    assert len(codes) == len(set(codes))
    domains = [d for o in ATLAS.outlets for d in o.domains]
    assert sorted(d for d in domains if domains.count(d) > 1) == []


def test_codes_in_all_files_are_known():
    known = set(BY_CODE)
    used = {c for s in ATLAS.states for c in (*s.next, *(w.code for w in s.was), s.of) if c}
    used |= {c for g in ATLAS.groups.values() for b in g.members for c in (*b.states, b.state) if c}
    used |= {c for o in ATLAS.outlets for c in (*o.states, o.state) if c}
    used |= {c.state for c in ATLAS.cities} | {c.state for c in ATLAS.places.cities} | set(ATLAS.places.regions)
    used |= {r.code for a in ATLAS.names.ambiguous for r in a.readings}
    assert used - known == set()


def test_every_alias_of_a_state_leads_back():
    wrong = [
        (surface, s.code)
        for s in ATLAS.states
        for surface in (*((s.name, *s.also) if s.kind != "people" else ()), *s.adj, *s.people)
        if not any(c.code == s.code and c.name == s.name for c in ATLAS.lookup(surface))
    ]
    assert wrong == []


def test_every_alias_of_a_body_and_outlet_leads_back():
    bodies = [
        (n, b.state or (b.states or (None,))[0])
        for g in ATLAS.groups.values()
        for b in g.members
        for n in (b.name, *b.also)
    ]
    outlets = [(n, o.state or o.states[0]) for o in ATLAS.outlets for n in (o.name, *o.also)]
    wrong = [
        (n, code) for n, code in bodies + outlets if not any(c.code == code for c in ATLAS.lookup(n.split(" (")[0]))
    ]
    assert wrong == []


@pytest.mark.parametrize("city", ATLAS.places.cities, ids=lambda c: c.name)
def test_old_city_names_lead_to_the_city(city):
    for name in (city.name.split(" (")[0], *city.also):
        assert any(c.code == city.state for c in ATLAS.lookup(name.split(" (")[0])), name


def test_capitals_have_coordinates():
    lost = [
        s.name
        for s in ATLAS.states
        if s.kind == "state" and not any(ATLAS.city(c.name, s.code) for c in s.capital_names)
    ]
    assert set(lost) <= {"Antigua and Barbuda", "Monaco", "San Marino", "Sao Tome and Principe", "Seychelles", "Tonga"}


def test_wrong_data_says_where(tmp_path, monkeypatch):
    (tmp_path / "bad.yaml").write_text("- {name: Nowhere, adj: 3}", encoding="utf-8")
    monkeypatch.setattr("legation.atlas.records._DATA", tmp_path)
    from legation.atlas.records import State

    with pytest.raises(Exception, match="adj"):
        read("bad", tuple[State, ...])
