"""The examples are readable, and what is said about each stands in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from legation.ontology import types
from legation.schema import Article
from legation.sources import articles

FOLDER = Path(__file__).parents[2] / "examples"
SHARED = Path(os.environ.get("LEGATION_SHARED", Path(__file__).parents[2].parent / "shared"))
STEMS = sorted(path.stem for path in (FOLDER / "annotations").glob("*.json"))


def article(stem: str) -> Article:
    (path,) = FOLDER.glob(f"{stem}.*")
    (found,) = articles([str(path)])
    assert isinstance(found, Article)
    return found


def annotation(stem: str):
    return json.loads((FOLDER / "annotations" / f"{stem}.json").read_text(encoding="utf-8"))


def test_each_article_has_its_annotation():
    assert len(STEMS) == 14
    assert sorted(p.stem for p in FOLDER.iterdir() if p.suffix in (".txt", ".html", ".jsonl")) == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_annotation_stands_in_the_text(stem: str):
    told, text = annotation(stem), article(stem).text
    assert told["id"] == stem
    for event in told["events"]:
        assert event["evidence"] in text
        kind = types()[event["type"]]
        for role in ("actor", "target"):
            assert event[role] is None or event[role]["kind"] in getattr(kind.roles, role).kinds, event
    assert set(told["boilerplate"]) <= set(text.split("\n"))


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold/check.py").exists(), reason="needs ../shared")
def test_annotations_pass_the_checker_of_the_gold_sets(tmp_path: Path):
    for stem in STEMS:
        (tmp_path / f"{stem}.txt").write_text(article(stem).text, encoding="utf-8")
    command = [sys.executable, SHARED / "gold/check.py", FOLDER / "annotations", "--texts", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
