"""Triage: what is read, what is not, and that next to nothing is lost by it."""

import json
import os
from itertools import islice
from pathlib import Path

import pytest

from legation.cleaning.paragraphs import paragraphs
from legation.reading import cleaned
from legation.reading.data_files import load
from legation.reading.page import LONG, lay_out, load_pipeline
from legation.reading.triage import concerns_missions, speaks_of_missions, telling
from legation.schema import Article

SHARED = Path(os.environ.get("LEGATION_SHARED") or Path(__file__).parents[2].parent / "shared")
CORPUS = Path(__file__).parents[2] / "corpus"
WEATHER = "The harbour town had rain all week, and the ferries stayed in port until Saturday morning. "
MARKETS = "The central bank left its main rate at 4.5 per cent, as most economists expected, and said that prices would rise more slowly. "
EVENT = "Gunmen stormed the Danish embassy in Khartoum on Monday and held the ambassador for six hours."


@pytest.mark.parametrize(
    ("text", "speaks", "concerns"),
    [
        (WEATHER, False, False),
        (EVENT, True, True),
        (EVENT.upper(), True, True),
        ("The band said its mission was to play loud.", True, False),
        ("The mission was expelled.", True, True),
        (WEATHER * 100 + EVENT, True, False),
        (EVENT + "\n" + WEATHER * 30 + "\n" + EVENT * 4, True, True),
        ("", False, False),
        ("\ud800 emb\u00adassy", True, True),
        ("embassyx xembassy", False, False),
    ],
)
def test_what_passes(text: str, speaks: bool, concerns: bool) -> None:
    assert (speaks_of_missions(text), concerns_missions(text)) == (speaks, concerns)


def test_examples_of_the_words_about_missions() -> None:
    words = load("triage")
    assert [text for text in words["examples"] if not concerns_missions(text)] == []
    assert [text for text in words["counterexamples"] if concerns_missions(text)] == []


def test_paragraphs_that_tell_and_the_first() -> None:
    story = [MARKETS] * 12
    story[7] = EVENT
    assert [index for index, read in enumerate(telling(story * 2)) if read] == [0, 1, 7, 19]
    assert all(telling([MARKETS, MARKETS, EVENT, MARKETS]))


def test_next_to_no_event_is_lost_with_paragraphs() -> None:
    """Long texts are four articles of the corpus in a row."""
    lost = every = 0
    for four in zip(*[iter(sorted((CORPUS / "articles").glob("*.json"))[::5])] * 4, strict=False):
        text = "\n\n".join(annotation.with_suffix(".txt").read_text("utf-8") for annotation in four)
        events = [event for annotation in four for event in json.loads(annotation.read_text("utf-8"))["events"]]
        spans = paragraphs(text, ())
        read = [span for span, yes in zip(spans, telling([text[a:b] for a, b in spans]), strict=True) if yes]
        every += len(events)
        at = [text.find(event["evidence"]) for event in events]
        lost += sum(not any(a <= place < b for a, b in read) for place in at)
    assert every > 5000
    assert lost <= 0.02 * every


def test_long_articles_are_parsed_in_part_and_short_ones_whole() -> None:
    story = [EVENT, *[MARKETS] * 40, EVENT]
    long = Article(id="x", source="x", text="\n\n".join(story))
    short = Article(id="y", source="y", text="\n\n".join(story[:20]))
    assert len(short.text) < LONG < len(long.text)
    nlp = load_pipeline()
    assert len(lay_out(long, nlp).lines) == 42
    part = lay_out(long, nlp, whole=False)
    assert [part.text(*line)[:7] for line in part.lines] == ["Gunmen ", "The cen", "Gunmen "]
    assert len(lay_out(short, nlp, whole=False).lines) == 20


def test_what_says_nothing_of_missions_is_not_cleaned() -> None:
    article = Article(id="x", source="x", text="Home | Sport | Video\n" + WEATHER, published="March 3, 2018")
    assert cleaned(article).boilerplate == ()
    assert cleaned(article).published == "2018-03-03"
    assert cleaned(article, "2017").published == "2017"
    assert cleaned(article, triage=False).boilerplate


def _lost(folder: Path, texts: Path) -> tuple[int, int]:
    """Events of a folder in articles that do not pass, and all."""
    lost = every = 0
    for annotation in folder.glob("*.json"):
        text = next(p for p in (annotation.with_suffix(".txt"), texts / f"{annotation.stem}.txt") if p.exists())
        events = len(json.loads(annotation.read_text("utf-8"))["events"])
        every += events
        lost += 0 if concerns_missions(text.read_text("utf-8", errors="replace")) else events
    return lost, every


@pytest.mark.parametrize("name", ["articles", "train"])
def test_next_to_no_event_of_the_corpus_is_lost(name: str) -> None:
    lost, every = _lost(CORPUS / name, CORPUS / name)
    assert every > 500
    assert lost <= 0.01 * every


@pytest.mark.shared
@pytest.mark.parametrize("name", ["seeds", "real", "dev"])
def test_next_to_no_event_of_gold_is_lost(name: str) -> None:
    if not (SHARED / "gold" / name).exists():
        pytest.skip("no ../shared")
    lost, every = _lost(SHARED / "gold" / name, SHARED / name)
    assert lost <= 0.02 * every


@pytest.mark.shared
def test_most_of_the_ordinary_stream_is_not_read() -> None:
    path = SHARED / "real" / "stream.jsonl.gz"
    if not path.exists():
        pytest.skip("no ../shared")
    import gzip

    with gzip.open(path) as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, 500)]
    assert sum(map(concerns_missions, texts)) < 0.06 * len(texts)
