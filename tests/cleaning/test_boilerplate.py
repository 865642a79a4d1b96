"""Lines that are not the article are found, and the article's are kept."""

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from legation.cleaning.boilerplate import boilerplate, lines, rule_of, rules

STORY = [
    "Two attachés of the Norwegian embassy in Lisbon were told on Monday to leave Portugal within a week, the foreign ministry said in a statement.",
    "The ministry gave no reason. A diplomat who asked not to be named said that the pair had been followed for months by men in a grey van.",
    "Norway's ambassador, Kari Lund, called the measure unfounded and said that Oslo would answer it in the coming days with one of its own.",
    "Portugal had asked for the recall of a third officer last year, who left of his own accord before the deadline had passed, officials said.",
    "Relations between the two countries were otherwise good, a spokesman in Lisbon said, and both sides wished to keep it so in future.",
    "The two were accredited as assistants of the defence attaché and had lived with their families in the capital for a little over two years.",
    "A farewell had been planned for the end of the week at the residence, but it was called off after the news had come from the ministry.",
    "The statement of the ministry was handed to the ambassador's deputy in a meeting that lasted no more than ten minutes, the embassy said.",
    "In Oslo the minister told parliament that he would not be drawn into what he called a quarrel over nothing between two old friends.",
]
HEADLINE = "Portugal orders two Norwegian attachés to leave"

RULES = files("legation.cleaning").joinpath("boilerplate.yaml").read_text(encoding="utf-8")


def test_rules_keep_their_schema():
    schema = json.loads(files("legation.cleaning").joinpath("boilerplate.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(RULES), schema)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_rules_match_their_examples_only(rule):
    assert [line for line in rule.examples if not rule.pattern.fullmatch(line)] == []
    assert [line for line in rule.counterexamples if rule.pattern.fullmatch(line)] == []
    assert [line for line in rule.examples if rule.cues and not any(cue in line.lower() for cue in rule.cues)] == []


@pytest.mark.shared
def test_cues_leave_no_rule_out(shared):
    """On real lines the rules say the same with and without their cues."""
    for path in sorted((shared / "gold" / "train").glob("*.txt")):
        for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").split("\n"))):
            if len(line) < 200:
                assert rule_of(line) == next((rule.id for rule in rules() if rule.pattern.fullmatch(line)), ""), line


def junk_of(text):
    return [line for start, end in boilerplate(text) for line in text[start:end].split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("place", "clutter"),
    [
        (0, ["News | World | Sport | Opinion", "We use cookies to improve your visit. Accept all | Reject all"]),
        (0, ["Skip to main content", "The Fjord Gazette", "Home   Politics   Economy   Culture"]),
        (0, ["Support The Fjord Gazette!"]),
        (4, ["ADVERTISEMENT"]),
        (5, ["Read more: Ambassador opens fish market in Porto"]),
        (6, ["Enlarge this image toggle caption A. Person/Agency A. Person/Agency"]),
        (6, ["Sign up for our daily newsletter"]),
        (99, ["Share on Facebook   Tweet   Email", "Tags: Norway, Portugal, attachés"]),
        (99, ["Related", "Cod exports break record", "© The Fjord Gazette 2019. All rights reserved."]),
        (99, ["Comments (17)", "Follow us on Telegram"]),
    ],
)
def test_clutter_is_found_and_nothing_else(place, clutter):
    article = [HEADLINE, "By Our Correspondent", "12 March 2019", *STORY]
    text = "\n\n".join(article[:place] + clutter + article[place:])
    assert junk_of(text) == clutter


@pytest.mark.parametrize(
    "line",
    [
        "LISBON, March 12 (Fjord Agency) -- The foreign ministry confirmed the measure.",
        "The gate of the embassy in Lisbon on Monday. Photo: A. Person",
        "Updated at 11:25 a.m. ET",
        "What happens next?",
        "Additional reporting by Ana Sousa in Lisbon",
        "Image copyright Agency Image caption The gate of the embassy in Lisbon was locked on Monday",
        "\"We shall answer,\" she said.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [1, 6])
def test_lines_of_the_article_stay(line, place):
    article = [HEADLINE, *STORY]
    assert junk_of("\n\n".join([*article[:place], line, *article[place:]])) == []


@given(st.text(alphabet="aB |.\n\r\t\u2028©ß,:", max_size=200))
def test_spans_cover_whole_lines(text):
    found = lines(text)
    for start, end in boilerplate(text):
        assert start in {s for s, _ in found}
        assert end in {e for _, e in found}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "floor"), [("seeds", 0.95), ("real", 0.90), ("train", 0.95), ("dev", 0.92)])
def test_line_f1_on_gold(shared, name, floor):
    gold = found = hit = 0
    for path in sorted((shared / "gold" / name).glob("*.json")):
        junk = json.loads(path.read_text(encoding="utf-8"))["boilerplate"]
        beside = path.with_suffix(".txt")
        text = (beside if beside.exists() else shared / name / beside.name).read_text(encoding="utf-8")
        spans = boilerplate(text)
        for s, e in lines(text):
            want, got = text[s:e] in junk, any(start <= s and e <= end for start, end in spans)
            gold, found, hit = gold + want, found + got, hit + (want and got)
    assert 2 * hit / (gold + found) >= floor
