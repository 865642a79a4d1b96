"""Odd input is read like plain input, and every span points into the text as it came."""

import json

import pytest
from click.testing import CliRunner

from legation.cli import main

TEXT = (
    "Portugal expels two Norwegian diplomats\n\nLISBON, March 12, 2019 (Fjord) - Portugal expelled two Norwegian diplomats on "
    "Monday. \"They were spies,\" Portugal's foreign minister told reporters. Norway's foreign ministry condemned the expulsion "
    "and said that the ambassador had been summoned in Lisbon. The embassy in Lisbon will stay open, it added.\n"
)
ODD = {
    "plain": lambda t: t,
    "soft hyphens": lambda t: t.replace("diplomats", "dip\u00adlo\u00admats").replace("ambassador", "am\u00adbassador"),
    "zero width": lambda t: t.replace("expelled", "ex\u200bpelled"),
    "right-to-left marks": lambda t: t.replace("Norwegian", "\u202bNorwegian\u202c\u200f"),
    "emoji": lambda t: t.replace("Monday", "Monday 🇳🇴😡👍🏽"),
    "NUL": lambda t: t.replace("two", "two\x00"),
    "no-break spaces": lambda t: t.replace("two Norwegian", "two\u00a0Norwegian"),
    "curly quotes": lambda t: t.replace("'", "’").replace('"They', "“They").replace('spies,"', "spies,”"),
    "wrong decoding": lambda t: t.replace("'", "â€™"),
    "entities": lambda t: t.replace("'", "&#8217;").replace('"', "&quot;"),
    "capitals": str.upper,
    "Windows line ends": lambda t: t.replace("\n", "\r\n"),
}


def read(folder, text):
    (folder / "a.txt").write_bytes(text.encode("utf-8"))
    result = CliRunner().invoke(main, ["read", str(folder / "a.txt"), "--workers", "1"])
    assert result.exit_code == 0
    return json.loads(result.stdout)


def spans(reading):
    """Every span of a reading."""
    yield from reading["boilerplate"]
    for statement in reading["statements"]:
        yield statement["content"]
        yield from filter(None, [statement["cue"], (statement["speaker"] or {}).get("span")])
    for event in reading["events"]:
        yield from event["mentions"]
        yield [event["evidence"]["start"], event["evidence"]["end"]]


@pytest.mark.parametrize("kind", ODD)
def test_odd_text_gives_the_events_of_plain_text(tmp_path, kind):
    reading = read(tmp_path, ODD[kind](TEXT))
    text = reading["text"]
    assert text == ODD[kind](TEXT).replace("\r\n", "\n")
    for event in reading["events"]:
        evidence = event["evidence"]
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    assert all(0 <= start < end <= len(text) for start, end in spans(reading))
    expulsion = next(event for event in reading["events"] if event["type"] == "expulsion")
    assert (expulsion["actor"]["state"], expulsion["target"]["state"], expulsion["count"]) == ("PRT", "NOR", 2)


def test_no_punctuation_at_all(tmp_path):
    text = (
        "portugal expelled two norwegian diplomats on monday and the ambassador of norway was summoned in lisbon " * 12
    )
    reading = read(tmp_path, text)
    assert all(0 <= start < end <= len(text) for start, end in spans(reading))


def test_one_long_line(tmp_path):
    text = "The embassy in Lisbon stayed open. " * 150
    assert read(tmp_path, text)["text"] == text
