"""The annotated corpus: every file is well formed and says only what its text says."""

import importlib.util
import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import edtf
import pytest
import yaml

from legation import ontology
from legation.atlas import load
from legation.schema import PartyKind, Status

CORPUS = Path(__file__).parents[2] / "corpus"
CODES = {state.code for state in load().states}


@cache
def no_date(text: str) -> str | None:
    """What is wrong with an EDTF date; a plain day, month or year, as most are, needs no grammar of 30 ms."""
    plain = re.fullmatch(r"\d{4}(-\d\d){0,2}", text)
    try:
        date.fromisoformat(f"{text}-01-01"[:10]) if plain else edtf.parse_edtf(text)
    except (ValueError, edtf.EDTFParseException) as wrong:
        return f"no date: {text!r}: {wrong}"
    return None


def test_there_is_a_corpus():
    assert len(list((CORPUS / "articles").glob("*.json"))) >= 1300


def faults(annotation: dict[str, Any], text: str) -> list[str]:
    """What is wrong with one annotation, as sentences; an empty list when nothing is."""
    found = []
    kept = "\n".join(line for line in text.split("\n") if line not in annotation["boilerplate"])
    speakers = [(s["name"], s["state"]) for s in annotation["speakers"]]
    codes = [speaker["state"] for speaker in annotation["speakers"]]
    if annotation["relevant"] is not bool(annotation["events"]):
        found.append("relevant does not fit the events")
    found += [f"no such line: {line!r}" for line in annotation["boilerplate"] if line not in text.split("\n")]
    for event in annotation["events"]:
        words, claimant, answered = event["evidence"], event["claimant"], event["in_response_to"]
        sides = [event[side] for side in ("actor", "target") if event[side]]
        codes += [event["host"]] + [side["state"] for side in sides]
        if words not in kept or not 1 <= len(words.split()) <= 15:
            found.append(f"evidence not in the article, or too long: {words!r}")
        if event["type"] not in ontology.types():
            found.append(f"unknown type {event['type']!r}")
        if event["status"] not in get_args(Status):
            found.append(f"unknown status {event['status']!r}")
        found += [f"unknown kind {s['kind']!r}" for s in sides if s["kind"] not in get_args(PartyKind)]
        found += [f"name not in the text: {s['name']!r}" for s in sides if s["name"] and s["name"] not in text]
        if (event["status"] in ("claimed", "denied")) is not (claimant is not None):
            found.append(f"{event['status']} with claimant {claimant}: {words!r}")
        if claimant and (claimant["name"], claimant["state"]) not in speakers:
            found.append(f"claimant is no speaker: {claimant}")
        if answered is not None and not 0 <= answered < len(annotation["events"]):
            found.append(f"answers no event: {words!r}")
        if event["date"] and (wrong := no_date(event["date"])):
            found.append(wrong)
    return found + [f"unknown state {code!r}" for code in codes if code and code not in CODES]


@pytest.mark.parametrize("folder", ["articles", "clusters", "train", "second"])
def test_annotations_fit_their_texts(folder: str):
    wrong: dict[str, list[str]] = {}
    for path in sorted((CORPUS / folder).glob("*.json")):
        annotation = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt") if folder != "second" else CORPUS / "articles" / f"{path.stem}.txt"
        found = faults(annotation, text.read_text(encoding="utf-8"))
        if annotation["id"] != path.stem:
            found.append(f"the id is {annotation['id']}")
        if found:
            wrong[path.stem] = found
    assert wrong == {}


def test_faults_are_found():
    path = CORPUS / "articles" / "la-0001.json"
    annotation, text = (
        json.loads(path.read_text(encoding="utf-8")),
        path.with_suffix(".txt").read_text(encoding="utf-8"),
    )
    annotation["events"][0] |= {
        "type": "picnic",
        "host": "QQQ",
        "evidence": "words that nobody wrote",
        "date": "2021-02-30",
    }
    annotation["events"][-1] |= {"date": "some day"}
    assert len(faults(annotation, text)) == 5


def test_no_text_occurs_twice():
    texts = Counter(path.read_text(encoding="utf-8").strip() for path in CORPUS.glob("*/*.txt"))
    assert [text[:60] for text, n in texts.items() if n > 1] == []


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, CORPUS / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def notation() -> ModuleType:
    return tool("notation")


def standing_off(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / "standoff" / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("name", "least"), [("scope", 350), ("stream", 100)])
def test_annotations_apart_from_their_texts_hold_no_words_of_them(name: str, least: int):
    annotations = standing_off(name)
    assert len({annotation["id"] for annotation in annotations}) == len(annotations) >= least
    for annotation in annotations:
        assert all(isinstance(number, int) for number in annotation["boilerplate"])
        called = [one[key] for one in annotation["speakers"] for key in ("name", "role", "relayed_by") if one[key]]
        called += [one["name"] for e in annotation["events"] for one in (e["actor"], e["target"], e["claimant"]) if one]
        assert all(len(words.split()) < 5 for words in called if isinstance(words, str))
        for event in annotation["events"]:
            start, end = event["evidence"]
            assert 0 <= start < end < start + 200
            assert event["type"] in ontology.types()


@pytest.mark.parametrize("name", ["scope", "stream"])
def test_annotations_apart_from_their_texts_fit_them(shared: Path, name: str):
    standoff = tool("standoff")
    texts = standoff.texts(shared / "real" / f"{name}.jsonl.gz")
    on = {one["id"]: standoff.on(one, texts[one["id"]]) for one in standing_off(name)}
    assert {key: found for key, annotation in on.items() if (found := faults(annotation, texts[key]))} == {}


def test_annotations_are_taken_off_a_text_and_put_back(tmp_path: Path):
    standoff = tool("standoff")
    path = CORPUS / "articles" / "la-0001.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    (tmp_path / "la-0001.json").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (off,) = standoff.off(tmp_path, {"0001": text})
    assert standoff.on(off, text) == made | {"id": "0001"}
    assert not any(event["evidence"] in json.dumps(off) for event in made["events"])
    with pytest.raises(ValueError, match="not the text"):
        standoff.on(off, text + "More.")


def test_agreement_counts_what_both_have():
    agreement = tool("agreement")
    party = {"state": "FJI", "kind": "crowd", "name": None}
    one = {"events": [{"type": "threat", "actor": party, "target": None}] * 2}
    other = {"events": [{"type": "threat", "actor": None, "target": None}, {"type": "threat", "actor": party | {"kind": "police"}, "target": None}]}  # fmt: skip
    assert agreement.f1([(agreement.events(one, ("type",)), agreement.events(other, ("type",)))]) == 1
    core = ("type", "actor", "target")
    assert agreement.f1([(agreement.events(one, core), agreement.events(other, core))]) == 0.5


def test_notation_becomes_an_annotation(notation: ModuleType):
    source = """The Quay ; 2001-05-02 ; PER ; Lima
~The Quay
Lima, 2 May 2001. Stones hit the Fijian embassy on Monday, said Ana Ro, the consul. Fiji has asked for guards.
---
att:c -/cr > FJI @PER . 2001-04-30 c=Ro =stones-2001 | Stones hit ... embassy
dmd FJI > PER @PER r=att | asked for guards
S Ana Ro; FJI; the consul;
"""
    text, made, incidents = notation.article(source, "x")
    assert text.startswith("The Quay\nLima")
    assert faults(made, text) == []
    attack, demand = made["events"]
    assert attack["evidence"] == "Stones hit the Fijian embassy"
    assert attack["actor"] == {"state": None, "kind": "crowd", "name": None}
    assert attack["claimant"] == {"name": "Ana Ro", "state": "FJI"}
    assert incidents == ["stones-2001", None]
    assert (attack["city"], demand["city"], demand["in_response_to"]) == ("Lima", None, 0)


def test_words_not_in_the_text_are_refused(notation: ModuleType):
    with pytest.raises(ValueError, match="not in the text"):
        notation.evidence("never ... written", "Nothing of the sort.")
    with pytest.raises(ValueError, match="is no state"):
        notation.party("IRN 2016-01-04", "government")


def test_every_event_of_the_clusters_tells_of_an_incident():
    folder = CORPUS / "clusters"
    incidents = yaml.safe_load((folder / "incidents.yaml").read_text(encoding="utf-8"))
    types: dict[str, set[str]] = {}
    series = set()
    for path in folder.glob("*.json"):
        annotation = json.loads(path.read_text(encoding="utf-8"))
        named = incidents.pop(path.stem)
        assert len(named) == len(annotation["events"]) == len(set(named)), path.stem
        series.add(annotation["series"])
        for name, event in zip(named, annotation["events"], strict=True):
            types.setdefault(name, set()).add(event["type"])
    assert incidents == {}
    assert {name: some for name, some in types.items() if len(some) > 1} == {}
    assert len(series) >= 20
