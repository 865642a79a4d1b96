"""What an article says about itself: outlet, title, day of publication."""

import json

import pytest
from test_boilerplate import HEADLINE, STORY

from legation.cleaning import clean
from legation.schema import Article


def cleaned(*head, published=None, foot=(), **said):
    text = "\n\n".join([*head, *STORY, *foot])
    return clean(Article(id="x", source="x.txt", text=text, **said), published)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ([HEADLINE, "12 March 2019"], "2019-03-12"),
        ([HEADLINE, "By A. Person | Tuesday, March 12, 2019"], "2019-03-12"),
        ([HEADLINE, "Published: 12 March 2019 10:00", "Updated: 14 March 2019 11:00"], "2019-03-12"),
        ([HEADLINE, "Updated 14 March 2019", "12 March 2019"], "2019-03-12"),
        (["The Fjord Gazette, Tuesday, March 12, 2019", HEADLINE], "2019-03-12"),
        ([HEADLINE, "05/06/2019 18:02"], "2019-06-05"),
        ([HEADLINE, "05/06/2019 06:02 PM EDT"], "2019-05-06"),
        ([HEADLINE, "05/06/2019"], "2019"),
        ([HEADLINE, "LISBON, March 12. /FJORD/. The ministry confirmed the measure on Tuesday."], "XXXX-03-12"),
        ([HEADLINE, "LISBON, March 12, 2019 (Fjord) - The ministry confirmed the measure on Tuesday."], "2019-03-12"),
        ([HEADLINE, "Lisbon, March 12 (Fjord) The ministry confirmed the measure on Tuesday."], "XXXX-03-12"),
        ([HEADLINE, "LISBON (Fjord) - Tuesday, March 12, 2019. The ministry confirmed the measure."], "2019-03-12"),
        ([HEADLINE, "Lisbon, March 12, 2019. The ministry confirmed the measure."], "2019-03-12"),
        ([HEADLINE, "March 12, 2019. The ministry confirmed the measure."], "2019-03-12"),
        ([HEADLINE, "In a note handed over on March 12, 2019. Nobody at the ministry could say what was in it."], None),
        (
            [
                HEADLINE,
                "A guard stands before the embassy in Lisbon on Nov. 25, 2015, the day of the fire. A. Person / Agency",
            ],
            None,
        ),
        ([HEADLINE], None),
    ],
)
def test_published(head, expected):
    assert cleaned(*head).published == expected


def test_published_below_the_story_and_in_the_address():
    assert cleaned(HEADLINE, foot=["Published in The Gazette, March 12th, 2019"]).published == "2019-03-12"
    assert cleaned(HEADLINE, url="https://example.org/world/2019/03/12/attaches").published == "2019-03-12"


def test_what_came_with_the_article_goes_first_and_what_the_caller_says_before_all():
    head = [HEADLINE, "12 March 2019"]
    assert cleaned(*head, published=None).published == "2019-03-12"
    article = Article(
        id="x",
        source="x",
        text="\n".join([*head, *STORY]),
        published="Mon, 11 Mar 2019 20:00:00 GMT",
        title="T",
        outlet="O",
    )
    assert (clean(article).published, clean(article).title, clean(article).outlet) == ("2019-03-11", "T", "O")
    assert clean(article, "XXXX-05").published == "XXXX-05"


@pytest.mark.parametrize(
    ("head", "foot", "expected"),
    [
        (["The Fjord Gazette, March 12, 2019", HEADLINE], [], "The Fjord Gazette"),
        ([HEADLINE, "LISBON, March 12. /FJORD/. The ministry confirmed the measure on Tuesday."], [], "FJORD"),
        ([HEADLINE], ["© The Fjord Gazette 2019. All rights reserved."], "The Fjord Gazette"),
        ([HEADLINE], [], None),
    ],
)
def test_outlet(head, foot, expected):
    assert cleaned(*head, foot=foot).outlet == expected


@pytest.mark.parametrize(
    "head",
    [
        [HEADLINE],
        ["News | World | Sport | Opinion", HEADLINE, "By A. Person"],
        ["12 March 2019", HEADLINE],
        ["Skip to content", "", HEADLINE],
    ],
)
def test_title_is_the_headline(head):
    assert cleaned(*head).title == HEADLINE


def test_no_headline_no_title():
    assert cleaned("LISBON (Fjord) - The ministry confirmed the measure on Tuesday.").title is None


@pytest.mark.shared
@pytest.mark.parametrize(("name", "floor"), [("train", 0.95), ("real", 0.95), ("dev", 0.90)])
def test_published_on_gold(shared, name, floor):
    paths = sorted((shared / "gold" / name).glob("*.json"))
    right = 0
    for path in paths:
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        said = clean(Article(id="x", source=path.name, text=text)).published
        right += said == json.loads(path.read_text(encoding="utf-8"))["published"]
    assert right >= floor * len(paths)
