"""The written pages are those of the data, and every id can be looked up."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from legation.cli import main
from legation.exports import knowledge
from legation.law import articles, cases, duties, treaties
from legation.ontology import types

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "page"), [("ontology", knowledge.ontology_page), ("law", knowledge.law_page)])
def test_written_pages_are_current(name, page):
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("id", [*treaties(), *duties(), *cases(), *articles()])
def test_every_id_finds_its_entry(id: str):
    assert id in knowledge.law_entry(id) or cases()[id].name in knowledge.law_entry(id)


def test_an_article_brings_its_paragraphs_and_duties():
    entry = knowledge.law_entry("VCDR-22")
    assert all(f"**VCDR-22{p}**" in entry for p in ("", ".1", ".2", ".3"))
    assert "### D08 Special duty to protect premises" in entry
    assert "VCDR-2**" not in entry


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, args)
    return result.exit_code, result.output


def test_commands():
    assert all(f"  {id} " in run("ontology")[1] for id in types())
    assert run("ontology", "expulsion")[1] == knowledge.type_entry(types()["expulsion"])
    assert run("law", "d08")[1] == knowledge.law_entry("D08")
    assert all(id in run("law")[1] for id in (*duties(), *treaties()))
    assert "| TUR | Turkey |  | 1985-03-06 | accession |" in run("law", "VCDR", "--parties")[1]
    assert (
        "VCDR: accession 1985-03-06; bound on 2016-12-19: yes" in run("law", "--state", "tur", "--on", "2016-12-19")[1]
    )
    pair = run("law", "--state", "TUR", "--state", "RUS", "--on", "1980")[1]
    assert "VCDR: not both bound, so customary law." in pair
    assert "International Court on a diplomatic dispute, by the protocol: no" in pair


@pytest.mark.parametrize(
    ("args", "remedy"),
    [
        (("ontology", "war"), "there are abduction"),
        (("law", "VCDR-99"), "an article such as VCDR-22"),
        (("law", "--state", "XYZ"), "ISO 3166 alpha-3"),
        (("law", "--state", "TUR", "--state", "RUS"), "twice with --on DATE"),
        (("law", "D08", "--parties"), "no treaty 'D08'"),
    ],
)
def test_wrong_usage_says_what_to_give(args: tuple[str, ...], remedy: str):
    status, output = run(*args)
    assert status == 2
    assert remedy in output
