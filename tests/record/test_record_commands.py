"""The commands over a record, as a person uses them."""

import json
import sqlite3
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner, Result
from telling import article, attack, expulsion

from legation.record import Record


@pytest.fixture
def where(sqlite_where: str) -> str:
    """A record of two expulsions, told by two and one, and of an attack in another country."""
    answer = expulsion(by="RUS", of="GBR", date="2018-03-17", count=23, in_response_to=1)
    with Record.open(sqlite_where) as record:
        record.ingest(
            [
                article(expulsion(count=23, words="London expelled 23 of them"), outlet="A"),
                article(expulsion(count=21), outlet="B"),
                article(answer, expulsion(count=23), outlet="A", published="2018-03-18"),
                article(attack(city="Baghdad"), outlet="A", published="2020-01-01"),
            ]
        )
    return sqlite_where


def run(where: str, *words: str) -> Result:
    command = import_module(f"legation.cli.{words[0]}").command
    return CliRunner().invoke(command, [*words[1:], "--record", where])


def lines(where: str, *words: str) -> list[Any]:
    done = run(where, *words, "--format", "jsonl")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


FILTERS = [
    ((), 3),
    (("--state", "gbr"), 2),
    (("--pair", "GBR", "RUS"), 2),
    (("--post", "embassy USA BAGHDAD"), 1),
    (("--post", "USA IRQ"), 1),
    (("--type", "expulsion", "--type", "killing"), 2),
    (("--group", "premises"), 1),
    (("--since", "2018-03-15", "--until", "2018"), 1),
    (("--min-sources", "2"), 1),
    (("--text", '"expelled 23"'), 1),
    (("--standing", "single-source"), 2),
    (("--open",), 0),
    (("--state", "FRA"), 0),
]


@pytest.mark.parametrize(("filters", "found"), FILTERS, ids=[" ".join(case[0]) for case in FILTERS])
def test_list_finds_what_passes_all_filters(where: str, filters: tuple[str, ...], found: int):
    assert len(lines(where, "list", *filters)) == found


def test_list_goes_on_where_a_page_ended(where: str):
    first = run(where, "list", "--limit", "2", "--format", "jsonl")
    cursor = first.stderr.split()[-1]
    rest = lines(where, "list", "--cursor", cursor)
    assert len(first.stdout.splitlines()) == 2
    assert [one["id"] for one in rest] == [lines(where, "list")[2]["id"]]


def test_show_tells_who_says_what_from_where_and_what_answered_it(where: str):
    told = run(where, "show", lines(where, "list", "--min-sources", "2")[0]["id"]).stdout
    for words in (
        "23, says A; 21, says B",
        "A asserts",
        "London expelled 23 of them",
        "answered by",
        "in kind, 3 days",
        "VCDR-9",
    ):
        assert words in told


def test_pair_and_post_count_both_sides(where: str):
    told = run(where, "pair", "gbr", "rus").stdout
    assert "expulsion 1 (21 to 23 counted)" in told
    assert "2018-03-17 Expulsion: RUS government → GBR diplomat (RUS) ← 2018-03-14 Expulsion" in told
    assert "premises 1; last closed –" in run(where, "post", "embassy USA IRQ").stdout


def test_a_decision_is_made_shown_and_undone(where: str):
    who = ("--author", "Ana", "--reason", "the note says so")
    one = lines(where, "list", "--min-sources", "2")[0]["id"]
    decision = json.loads(run(where, "review", "correct", one, "count", "24", *who).stdout)
    assert lines(where, "list", "--min-sources", "2")[0]["count"] == 24
    assert "Ana: correct field count, value 24: the note says so" in run(where, "show", one).stdout
    assert run(where, "review", "undo", str(decision["seq"]), *who).exit_code == 0
    assert lines(where, "list", "--min-sources", "2")[0]["count"] == 23


def test_verify_says_sound_or_what_is_not_so(where: str):
    sound = run(where, "verify")
    assert (sound.exit_code, sound.stdout) == (0, "")
    assert "sound: 1 audit entries, the last " in sound.stderr
    with sqlite3.connect(where) as connection:
        connection.execute("UPDATE article SET text = text || '.'")
    forged = run(where, "verify")
    assert forged.exit_code == 1
    assert "its text was altered" in forged.stdout


MISTAKES = [
    (("list", "--state", "ENG"), 2, "state ENG: no ISO 3166"),
    (("pair", "RUS", "UKK"), 2, "state UKK: no ISO 3166"),
    (("post", "embassy UKK ANKARA"), 2, "state UKK: no ISO 3166"),
    (("export", "--to", "csv", "--pair", "RUS", "UKK"), 2, "state UKK: no ISO 3166"),
    (("brief", "--state", "UKK"), 2, "state UKK: no ISO 3166"),
    (("pair", "RUS", "RUS"), 2, "two different states"),
    (("list", "--since", "soon"), 2, "give a day, month or year"),
    (("list", "--status", "odd"), 2, "legation list --help"),
    (("list", "--post", "the embassy"), 2, 'like "embassy RUS ANKARA"'),
    (("export", "--to", "csv", "--out", "gone/x.csv"), 2, "no folder gone; make it first"),
    (("show", "nothing"), 1, "is not on the record"),
    (("review", "undo", "99", "--author", "A", "--reason", "b"), 1, "decision 99: there is none"),
]


@pytest.mark.parametrize(("words", "status", "says"), MISTAKES, ids=[" ".join(case[0]) for case in MISTAKES])
def test_mistakes_are_named_with_what_to_do(where: str, words: tuple[str, ...], status: int, says: str):
    done = run(where, *words)
    assert done.exit_code == status
    assert says in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (".", "is a folder; name a file in it"),
        ("gone.db", "there is no record; `legation ingest"),
        ("postgresql://me:secret@host:port/x", "postgresql://…@host:port/x: is no address; give a file, or"),
    ],
)
def test_what_is_no_record_is_named_without_its_password(record: str, says: str):
    done = run(record, "list")
    assert done.exit_code == 1
    assert says in done.stderr
    assert "secret" not in done.stderr
