"""Every format against its own library or schema, and that none says more than the record does."""

import csv
import hashlib
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from telling import article, attack, expulsion

from legation import atlas
from legation.cli import main
from legation.exports.formats import FORMATS, flat, jsonl, plover, write
from legation.record import Record
from legation.record.nouns import Filter

DOCS = Path(__file__).parents[2] / "docs"


def articles() -> list[Any]:
    """Two outlets on an expulsion with a term to leave, its answer, an attack that is denied, one known by month, a total."""
    told = expulsion(count=23, words="Britain gave 23 Russian diplomats a week to leave London", city="London")
    answer = expulsion(by="RUS", of="GBR", count=23, date="2018-03-17", in_response_to=0, words="Russia expelled 23")
    said = {"name": "Maria Zakharova", "state": "RUS"}
    denied = attack(status="denied", claimant=said, words="=denied; “it”, she said", city="Baghdad")
    return [
        article(told, outlet="A", title="<b>One & all</b>"),
        article({**told, "count": 21, "words": "About 21 left"}, answer, outlet="B, C", published="2018-03-18"),
        article(denied, outlet="TASS", published="2020-01-02"),
        article(attack(date="2019-12", city="Atlantis"), outlet="A", published="2019-12-30"),
        article(expulsion(actor=None, host=None, count=342, date="2018-04"), outlet="A", published="2018-04-01"),
    ]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Record.open(tmp_path_factory.mktemp("exports") / "record.db") as record:
        record.ingest(articles())
        one = record.incidents(Filter(pair=("GBR", "RUS"), since="2018-03-14", until="2018-03-14")).items[0]
        record.review("correct", one.id, field="count", value=23, author="Ana", reason="the note says so")
        undone = record.review("confirm", one.id, author="Ana", reason="seen")
        record.undo(undone.seq, author="Ana", reason="not seen")
        yield record


def export(record: Record, form: str, **filter: Any) -> bytes:
    out = io.BytesIO()
    write(record, form, out, Filter(**filter))
    return out.getvalue()


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "atom"])
def test_the_same_articles_give_the_same_bytes(record: Record, tmp_path: Path, form: str):
    shuffled = articles()
    random.Random(1).shuffle(shuffled)
    with Record.open(tmp_path / "other.db") as other, Record.open(tmp_path / "third.db") as third:
        for one in shuffled:
            other.ingest([one])
        third.ingest(articles())
        assert export(other, form) == export(third, form)


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_record_is_a_valid_export_too(tmp_path: Path, form: str):
    with Record.open(tmp_path / "empty.db") as empty:
        assert export(empty, form) or form == "ftm"


def test_jsonl_is_what_its_schema_says_and_loses_nothing(record: Record):
    lines = [json.loads(line) for line in export(record, "jsonl").splitlines()]
    validator = jsonschema.Draft202012Validator(jsonl.schema())
    for line in lines:
        validator.validate(line)
    kinds = [line["kind"] for line in lines]
    assert (kinds[0], kinds.count("article"), kinds.count("incident"), kinds.count("decision")) == ("record", 5, 5, 2)
    read = {line["id"]: line["reading"]["text"] for line in lines if line["kind"] == "article"}
    for line in lines:
        for mention in line["detail"]["mentions"] if line["kind"] == "incident" else ():
            evidence = mention["event"]["evidence"]
            assert read[mention["article"]][evidence["start"] : evidence["end"]] == evidence["text"]
    assert [line["decision"]["seq"] for line in lines if line["kind"] == "decision"] == [1, 2]


def test_the_published_schema_is_that_of_the_code():
    published = json.loads((DOCS / f"record-{jsonl.VERSION}.schema.json").read_text())
    assert published == json.loads(json.dumps(jsonl.schema())), "run `python -m legation.exports.formats.jsonl docs`"


def test_a_filter_limits_articles_too(record: Record):
    lines = [json.loads(line) for line in export(record, "jsonl", status=("denied",)).splitlines()]
    assert [line["kind"] for line in lines] == ["record", "article", "incident", "decision", "decision"]


def rows(record: Record) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(export(record, "csv").decode(), newline=""))
    return {row["sub_event_type"] + row["event_date"]: row for row in found}


def test_csv_says_what_is_known_and_no_more(record: Record):
    found = rows(record)
    assert set(found["expulsion2018-03-14"]) == set(flat.COLUMNS)
    one = found["expulsion2018-03-14"]
    assert (one["count_low"], one["count"], one["count_high"], one["review"]) == ("23", "23", "23", "corrected")
    assert (one["location"], one["geo_precision"], one["source"]) == ("London", "1", "A; B, C")
    denied = found["attack_on_premises2019-12-31"]
    assert (denied["actor1"], denied["claimant"], denied["status"]) == ("", "Maria Zakharova", "denied")
    month = found["attack_on_premises2019-12-01"]
    assert (month["time_precision"], month["geo_precision"], month["latitude"]) == ("3", "3", "")
    total = next(row for row in found.values() if row["aggregate"] == "true")
    assert (total["country"], total["count"]) == ("", "342")


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(tmp_path: Path):
    with Record.open(tmp_path / "r.db") as record:
        record.ingest([article(attack(city="=HYPERLINK(1)"), outlet="@cmd")])
        (row,) = csv.DictReader(io.StringIO(export(record, "csv").decode()))
    assert (row["location"], row["source"]) == ("'=HYPERLINK(1)", "'@cmd")


def test_parquet_has_the_rows_of_csv_typed(record: Record):
    table = pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(export(record, "parquet")))
    assert table.column_names == list(flat.COLUMNS)
    assert sorted(table["event_id"].to_pylist()) == sorted(row["event_id"] for row in rows(record).values())
    assert table.schema.field("count_low").type == "int64"
    assert b"lowest" in table.schema.field("count_low").metadata[b"description"]


def test_the_package_is_valid_by_frictionless(record: Record):
    """The descriptor, its checksums, and each table by its schema (as rows: frictionless reads Parquet through pandas, which turns
    whole numbers with gaps into fractions)."""
    frictionless = pytest.importorskip("frictionless")
    parquet = pytest.importorskip("pyarrow.parquet")
    archive = zipfile.ZipFile(io.BytesIO(export(record, "package")))
    descriptor = json.loads(archive.read("datapackage.json"))
    assert list(frictionless.Package.metadata_validate(descriptor)) == []
    rows = {}
    for resource in descriptor["resources"]:
        data = archive.read(resource["path"])
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (resource["bytes"], resource["hash"])
        rows[resource["name"]] = parquet.read_table(io.BytesIO(data)).to_pylist()
    tables = [{"name": r["name"], "data": rows[r["name"]], "schema": r["schema"]} for r in descriptor["resources"]]
    report = frictionless.Package.from_descriptor({"resources": tables}).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert {name: len(some) for name, some in rows.items()} == {"incidents": 5, "mentions": 6, "links": 1, "items": 1}


def test_geojson_is_valid_and_makes_up_no_place(record: Record):
    geojson = pytest.importorskip("geojson")
    found = geojson.loads(export(record, "geojson"))
    assert found.is_valid, found.errors()
    places = {feature["properties"]["location"]: feature["geometry"] for feature in found["features"]}
    london = atlas.load().city("London", "GBR")
    assert london is not None
    assert places["London"]["coordinates"] == [london.longitude, london.latitude]
    assert places["Atlantis"] is None


def table(record: Record, form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(record, form).decode()), delimiter="\t"))


def test_plover_has_the_events_dated_to_the_day(record: Record):
    found = table(record, "plover")
    assert [(row["Event Type"], row["Event Mode"], row["Actor Country"], row["Event Date"]) for row in found] == [
        ("SANCTION", "expel", "GBR", "2018-03-14"),
        ("SANCTION", "expel", "RUS", "2018-03-17"),
    ]
    assert set(found[0]) == set(plover.COLUMNS)


def test_cameo_has_the_events_dated_to_the_day(record: Record):
    found = table(record, "cameo")
    assert [(row["SourceActorFull"], row["TargetActorFull"], row["EventCode"], row["QuadClass"]) for row in found] == [
        ("GBRGOV", "RUSGOV", "174", "4"),
        ("RUSGOV", "GBRGOV", "174", "4"),
    ]


def test_followthemoney_takes_every_entity(record: Record):
    pytest.importorskip("followthemoney")
    from followthemoney import model
    from followthemoney.schema import Schema

    found = [json.loads(line) for line in export(record, "ftm").splitlines()]
    ids = {entity["id"] for entity in found}
    for entity in found:
        schema = model.get(entity["schema"])
        assert isinstance(schema, Schema)
        assert schema.validate(entity) is None
        proxy = model.get_proxy(entity)
        for name, given in entity["properties"].items():
            assert sorted(proxy.get(name)) == sorted(given), f"{name} of {entity} was refused or changed"
        for linked in ("proof", "involved", "organizer"):
            assert set(entity["properties"].get(linked, ())) <= ids
    assert {entity["schema"] for entity in found} == {"Event", "Article", "PublicBody"}


def test_atom_is_read_without_complaint_and_markup_stays_text(record: Record):
    feedparser = pytest.importorskip("feedparser")
    found = feedparser.parse(export(record, "atom"))
    assert not found.bozo, found.get("bozo_exception")
    assert len(found.entries) == 5
    assert found.entries[0].title.endswith(".")
    assert all(entry.id.startswith("urn:legation:incident:") and entry.updated_parsed for entry in found.entries)
    assert found.entries[0].updated >= found.entries[-1].updated


def test_annotations_point_at_their_words(record: Record):
    found = json.loads(export(record, "annotations"))
    items = found["first"]["items"]
    assert (found["type"], found["total"], len(items)) == ("AnnotationCollection", 6, 6)
    texts = {one.row.id: one.reading.text for one in record.every_article()}
    for one in items:
        quote, position = one["target"]["selector"]
        text = texts[one["target"]["source"].rpartition(":")[2]]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
        assert {body["purpose"] for body in one["body"]} == {"classifying", "describing", "linking"}


def test_the_calendar_has_the_day_to_be_gone_by(record: Record):
    icalendar = pytest.importorskip("icalendar")
    calendar = icalendar.Calendar.from_ical(export(record, "ics"))
    (event,) = calendar.walk("VEVENT")
    assert str(event.decoded("dtstart")) == "2018-03-21"
    assert "Britain" in str(event["description"]) or "United Kingdom" in str(event["description"])
    assert not event.errors
    assert all(len(line) <= 75 for line in export(record, "ics").split(b"\r\n"))


def test_the_docs_name_every_format_and_column():
    said = (DOCS / "exports.md").read_text()
    assert [name for name in (*FORMATS, *flat.COLUMNS) if f"`{name}`" not in said] == []


def test_the_command_writes_whole_files_only(record: Record, tmp_path: Path):
    where = record._store.name
    out = tmp_path / "out.csv"
    run = CliRunner().invoke
    assert run(main, ["export", "--record", where, "--to", "csv", "--out", str(out)]).exit_code == 0
    assert out.read_bytes() == export(record, "csv")
    assert run(main, ["export", "--record", where, "--to", "csv"]).stdout_bytes == export(record, "csv")
    full = run(main, ["export", "--record", where, "--to", "csv", "--out", "/dev/full"])
    assert full.exit_code == 1
    assert "No space left on device" in full.stderr
    absent = run(main, ["export", "--record", where, "--to", "csv", "--out", str(tmp_path / "no" / "out.csv")])
    assert "there is no folder" in absent.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv"]


def test_an_unknown_format_is_named(record: Record):
    with pytest.raises(KeyError, match="there are jsonl, csv"):
        write(record, "gif", io.BytesIO())
