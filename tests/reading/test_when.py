"""Time expressions and the one that governs a trigger."""

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
from edtf import parse_edtf

from legation import ontology
from legation.reading.events.when import event_date, page_dates
from legation.reading.page import Page, parse
from legation.schema import Article

SHARED = Path(os.environ.get("LEGATION_SHARED", Path(__file__).parents[2].parent / "shared"))

EXPRESSIONS = [
    # text, published, EDTF values in order
    ("He left on Monday.", "2016-12-20", ["2016-12-19"]),
    ("He left on Tuesday.", "2016-12-20", ["2016-12-20"]),
    ("He left last Tuesday.", "2016-12-20", ["2016-12-13"]),
    ("He will leave on Monday.", "2016-12-20", ["2016-12-26"]),
    ("He must leave by Monday.", "2016-12-20", ["2016-12-26"]),
    ("They will meet next Tuesday.", "2016-12-20", ["2016-12-27"]),
    ("He left on Monday.", None, [None]),
    ("He left on Monday.", "2016-12", [None]),
    ("He said Monday it would close the post.", "2016-12-20", ["2016-12-19"]),
    ("He left on Thursday of last week.", "2016-12-20", ["2016-12-15"]),
    ("It closed on Friday, December 16.", "2016-12-20", ["2016-12-16"]),
    ("He was held on December 25.", "2016-12-20", ["2015-12-25"]),
    ("He was held on December 25.", None, ["XXXX-12-25"]),
    ("He was held on December 25.", "XXXX-12-28", ["XXXX-12-25"]),
    ("The post will close on January 5.", "2016-12-20", ["2017-01-05"]),
    ("It was hit on August 28 last year.", "2016-12-20", ["2015-08-28"]),
    ("It was hit on 29 February.", "2017-03-05", ["XXXX-02-29"]),
    ("It was hit on 29 February.", "2016-03-05", ["2016-02-29"]),
    ("It was hit yesterday.", "2016-03-01", ["2016-02-29"]),
    ("It was hit yesterday.", "2017-01-01", ["2016-12-31"]),
    ("It was hit last night.", "2016-12-20", ["2016-12-19"]),
    ("It was hit today.", "2016-12-20", ["2016-12-20"]),
    ("It was hit overnight.", "2016-12-20", [None]),
    ("It was hit three days ago.", "2016-03-02", ["2016-02-28"]),
    ("It was hit two years ago.", "2016-12-20", ["2014"]),
    ("It was hit four months ago.", "2016-02-20", ["2015-10"]),
    ("It was hit last week.", "2016-12-20", ["2016-12"]),
    ("It was hit last week.", "2016-12-01", ["2016-11"]),
    ("It was hit last week.", "2017-01-03", [None]),
    ("It was hit last week.", "2016-12-05", ["2016"]),
    ("It was hit earlier this month.", "2016-12-20", ["2016-12"]),
    ("It was hit last month.", "2016-01-20", ["2015-12"]),
    ("It was hit last year.", "2016-12-20", ["2015"]),
    ("It was hit earlier this year.", "2016-12-20", ["2016"]),
    ("It was hit in May.", "2016-12-20", ["2016-05"]),
    ("It was hit in May.", "2016-03-20", ["2015-05"]),
    ("It was hit in May.", None, ["XXXX-05"]),
    ("It was hit in early May.", "2016-12-20", ["2016-05"]),
    ("It was hit in May last year.", "2016-12-20", ["2015-05"]),
    ("It will be closed by November.", "2016-05-31", ["2016-11"]),
    ("It was hit on the third of June. That evening it burned.", "1982-08-16", ["1982-06-03", "1982-06-03"]),
    ("It was shut by the twenty-second of October.", "1996-11-07", ["1996-10-22"]),
    ("It was hit on the last night of October.", "2016-12-20", ["2016-10-31"]),
    ("It was hit in July. On the 23rd it was shut.", "2016-12-20", ["2016-07", "2016-07-23"]),
    ("It was shut on the 2nd inst.", "2016-12-20", ["2016-12-02"]),
    ("The cable was cut on the sixth, as an answer.", "2016-12-05", ["2016-11-06"]),
    ("He lived on the second floor, and on the fifth day of the siege left.", "2016-12-20", []),
    ("It was hit on Good Friday.", "2016-04-20", ["2016-03-25"]),
    ("It was hit on Boxing Day.", "2016-04-20", ["2015-12-26"]),
    ("They went over the wall in April '14.", "2016-12-20", ["2014-04"]),
    ("It may be hit.", "2016-12-20", []),
    ("They march in the May parade.", "2016-12-20", []),
    ("It was hit in 1989.", "2016-12-20", ["1989"]),
    ("It was hit in the early 1980s.", "2016-12-20", ["198X"]),
    ("It was built in the 19th century.", "2016-12-20", ["18XX"]),
    ("It was hit last spring.", "2023-01-23", ["2022"]),
    ("It was hit this summer.", "2016-12-20", ["2016"]),
    ("It was hit in the spring of 1991.", "2016-12-20", ["1991"]),
    ("It was hit on the night of 3 to 4 May.", "2016-12-20", ["2016-05-03"]),
    ("It was hit on December 31 last.", "2017-01-20", ["2016-12-31"]),
    ("It was hit on New Year's Eve.", "2017-01-20", ["2016-12-31"]),
    ("It was hit on Nov. 25, 2015.", "2016-12-20", ["2015-11-25"]),
    ("It was hit on 25/11/2015.", "2016-12-20", ["2015-11-25"]),
    ("It paid $1989 for 1990 envoys.", "2016-12-20", []),
    ("He was held on 3 May 2015. He was freed the next day.", "2016-12-20", ["2015-05-03", "2015-05-04"]),
    ("He was held on 3 May 2015. The same day she left.", "2016-12-20", ["2015-05-03", "2015-05-03"]),
    ("He was held on 31 December 2015. Two days later he was freed.", "2016-12-20", ["2015-12-31", "2016-01-02"]),
    ("He was freed on Thursday, two days after police held him.", "2016-12-16", ["2016-12-15", "2016-12-13"]),
    ("In 2015 the embassy was shut. In June it opened again.", "2016-12-20", ["2015", "2015-06"]),
    ("He spoke after the Sept. 11 raid and goes from Jan. 3 on.", "2016-12-20", ["2016-09-11", "2017-01-03"]),
    ("It was hit on 3 May 2015. Two days later the envoy left.", "2016-12-20", ["2015-05-03", "2015-05-05"]),
    ("It was hit on 3 May 2015. The envoy left the day after the riot.", "2016-12-20", ["2015-05-03", "2015-05-04"]),
    ("It was hit on 3 May 2015. On the eve of the raid he left.", "2016-12-20", ["2015-05-03", "2015-05-02"]),
    ("It was hit on 3 May 2015. They left the Monday after.", "2016-12-20", ["2015-05-03", "2015-05-04"]),
    ("It was hit on 3 May 2015. They met on the following Sunday.", "2016-12-20", ["2015-05-03", "2015-05-10"]),
    ("It was hit on 3 May 2015. They left on Monday after a call.", "2016-12-20", ["2015-05-03", "2016-12-19"]),
    ("It was hit on 3 May 2015. He left within hours.", "2016-12-20", ["2015-05-03", "2015-05-03"]),
    ("It was hit on 3 May 2015. He left within days.", "2016-12-20", ["2015-05-03", "2015-05"]),
    (
        "It was hit in May 2015. He left that June, and came back the following March.",
        "2018-12-20",
        ["2015-05", "2015-06", "2016-03"],
    ),
    ("It was hit in 2003. On January 29 of that year they left.", "2016-12-20", ["2003", "2003-01-29"]),
    (
        "It was hit on 3 May 2015. The note of the 10th said so; he went on the 12th by train.",
        "2015-06-20",
        ["2015-05-03", "2015-05-10", "2015-05-12"],
    ),
    ("It was taken on the seventh of last month.", "2015-06-20", ["2015-05-07"]),
    ("They met on the last Friday of June.", "2015-08-20", ["2015-06-26"]),
    ("A June storm came. That march was banned, and that may change.", "2015-08-20", ["2015-06"]),
    ("It is five weeks since they left.", "2015-08-20", ["2015-07"]),
    ("2000 people came. 2003, they left. As late as 2011 it was shut.", "2015-08-20", ["2003", "2011"]),
    (
        "In 2015 it was shut. On February 29 it was hit. Two days later it burned.",
        "2016-03-10",
        ["2015", "XXXX-02-29", "XXXX-02"],
    ),
    (
        "He wrote on Feb. 29, 2012. On February 29 of the following year it burned.",
        "2016-03-10",
        ["2012-02-29", "XXXX-02-29"],
    ),
    ("April Glaspie met the consul in Rio de Janeiro and Jan Egeland. Black September struck.", "1990-08-20", []),
    (
        "He went to the First Secretary of the Sixth Fleet, one of the first to come, on the second-floor stairs.",
        "1990-08-20",
        [],
    ),
    ("By the 15th of the month they left.", "2015-08-20", ["2015-08-15"]),
    ("The envoy left the day after the riot. They must leave within days.", "2015-08-20", [None, "2015-08"]),
    (
        "The envoys left the Friday before Christmas. He returns the day after tomorrow.",
        "2015-08-20",
        ["2015-08-14", "2014-12", "2015-08-21"],
    ),
    (
        "It was hit on 3 May 2015. Days later it burned. Two days after that he left.",
        "2015-08-20",
        ["2015-05-03", "2015-05", "2015-05-05"],
    ),
    ("He was held in 2008, and again last December.", "2017-03-20", ["2008", "2016-12"]),
    ("They will open in the autumn.", "2015-11-20", ["2015"]),
    ("They will open in the spring.", "2015-11-20", ["2016"]),
]

OTHERWISE = [
    # text, published, its last expression's other dates, with the way in which each is read
    (
        "Rome left on 14 May, a week after Oslo had left.",
        "2015-06-20",
        {"2015-05-07": "to the day", "2015-05-21": "counted on to the day"},
    ),
    (
        "It was hit on 17 May. He went in on 25 May. They were held on the following Wednesday.",
        "2015-06-20",
        {"2015-05-20": "from the last but one", "2015-06-24": "told now"},
    ),
    (
        "It was hit on 14 May 2013. On Sunday he left.",
        "2015-06-20",
        {"2015-06-21": "ahead", "2013-05-12": "told then", "2013-05-19": "told then, ahead"},
    ),
]

GOVERNED = [
    # text with the [trigger], published, group, status, date
    ("Police [detained] the consul on Monday.", "2016-12-20", "harm", "reported", "2016-12-19"),
    (
        "In 1987 Rome [expelled] two envoys and in 1989 Paris sent home four.",
        "2016-12-20",
        "restriction",
        "reported",
        "1987",
    ),
    (
        "In 1987 Rome expelled two envoys and in 1989 Paris [sent] home four.",
        "2016-12-20",
        "restriction",
        "reported",
        "1989",
    ),
    ("On 3 May 2015 gunmen stormed the embassy and [wounded] a guard.", "2016-12-20", "harm", "reported", "2015-05-03"),
    ("In 1989, when Rome [expelled] two envoys, Paris was silent.", "2016-12-20", "restriction", "reported", "1989"),
    ("The [expulsion] of two envoys in June angered Rome.", "2016-12-20", "restriction", "reported", "2016-06"),
    ("Rome condemned on Monday the [attack] of 3 May 2015.", "2016-12-20", "premises", "reported", "2015-05-03"),
    ("Rome [condemned] the attack of 3 May 2015.", "2016-12-20", "communication", "reported", None),
    ("Rome [invoked] the 1961 Vienna Convention.", "2016-12-20", "communication", "reported", None),
    ("Rome [ordered] the envoy to leave by 7 February.", "2016-01-23", "restriction", "reported", None),
    ("Rome will [close] the consulate by November.", "2016-05-31", "sending", "announced", "2016-11"),
    ("ROME, May 7, 2016 (Wire) - Italy [has] protested.", "2016-05-07", "communication", "reported", None),
    ("Police said on Monday that gunmen had [killed] the consul.", "2016-12-20", "harm", "reported", None),
    ("Rome said on Monday that it was [closing] the consulate.", "2016-12-20", "restriction", "reported", "2016-12-19"),
    ("He was freed on Thursday, two days after police [held] him.", "2016-12-16", "harm", "reported", "2016-12-13"),
    ("Gunmen stormed the embassy on 3 May 2015. A guard was [killed].", "2016-12-20", "harm", "reported", "2015-05-03"),
    ("Gunmen stormed the embassy on 3 May 2015. Rome [protested].", "2016-12-20", "communication", "reported", None),
]


@cache
def pages(texts: tuple[str, ...]) -> list[Page]:
    return list(parse(Article(id=str(i), source="", text=text, outlet="The Guardian") for i, text in enumerate(texts)))


@pytest.mark.parametrize("index", range(len(EXPRESSIONS)), ids=[f"{t[:40]} {p}" for t, p, _ in EXPRESSIONS])
def test_expressions(index):
    _, published, expected = EXPRESSIONS[index]
    page = pages(tuple(t for t, *_ in EXPRESSIONS))[index]
    found = page_dates(page, published)
    assert [d.edtf for d in found] == expected, [(d.why, page.text(d.start, d.end)) for d in found]
    for dated in found:
        if dated.edtf:
            parse_edtf(dated.edtf)


@pytest.mark.parametrize("index", range(len(OTHERWISE)), ids=[text for text, *_ in OTHERWISE])
def test_what_else_an_expression_may_date(index):
    _, published, expected = OTHERWISE[index]
    page = pages(tuple(text for text, *_ in OTHERWISE))[index]
    others = page_dates(page, published)[-1].others
    assert {date: way for date, way in others if way in expected.values()} == expected


@pytest.mark.parametrize("index", range(len(GOVERNED)), ids=[g[0] for g in GOVERNED])
def test_the_governing_expression(index):
    text, published, group, status, expected = GOVERNED[index]
    plain = tuple(re.sub(r"[\[\]]", "", g[0]) for g in GOVERNED)
    page = pages(plain)[index]
    trigger = page.token_at(text.index("["))
    dated = event_date(page, trigger, trigger + 1, published, group=group, status=status)
    assert (dated.edtf if dated else None) == expected, dated


def test_other_ways_to_read_an_expression():
    page = next(
        parse([Article(id="0", source="t", text="The post opens on Monday.", published="2016-12-20", language="en")])
    )
    (monday,) = page_dates(page, "2016-12-20")
    assert monday.edtf == "2016-12-19"
    assert ("2016-12-26", "ahead") in monday.others


def test_american_outlets_write_the_month_first():
    for outlet, expected in (("The New York Times", "2015-05-06"), ("The Guardian", "2015-06-05"), (None, "2015")):
        page = next(iter(parse([Article(id="1", source="", text="It was hit on 05/06/2015.", outlet=outlet)])))
        assert [d.edtf for d in page_dates(page, None)] == [expected]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared gold set")
def test_dates_of_gold_events():
    """Of the events whose evidence sentence says the date, or that have none: how many dates are right."""
    right = total = 0
    for path in sorted((SHARED / "gold/train").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        page = next(iter(parse([Article(id=path.stem, source="", text=text, outlet=gold["outlet"])])))
        found = page_dates(page, gold["published"])
        for event in gold["events"]:
            at = text.find(event["evidence"])
            if at < 0:
                continue
            start, end = page.token_at(at), page.token_at(at + len(event["evidence"]) - 1) + 1
            sentence = page.doc[start:end].root.sent
            named = {d.edtf for d in found if sentence.start <= d.start < sentence.end}
            if event["date"] is not None and event["date"] not in named:
                continue
            group = ontology.event_type(event["type"]).group
            dated = event_date(page, start, end, gold["published"], group=group, status=event["status"], found=found)
            total += 1
            right += (dated.edtf if dated else None) == event["date"]
    print(f"{right / total:.4f} of {total} dates right")
    assert right / total >= 0.88
