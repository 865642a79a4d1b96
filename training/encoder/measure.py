"""How well an encoder does alone: its stretches merged into events, scored like readings; and its calibration.

usage: python -m encoder.measure FOLDER... [--model DIR]     (from training/: figures of a kept model on what `scenes.kept_back` kept from it)
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from encoder.data import Example, batches, rows_of
from encoder.model import Network
from encoder.train import read_roles
from legation import atlas
from legation.reading.encoder import ROLES, Encoder, Heard, Settings, WordPieces, likeliest, stretches_of
from legation.reading.page import Page, load_pipeline, parse
from legation.reading.parties import find_parties
from legation.schema import Article
from scenes import kept_back


def as_encoder(network: Network, settings: Settings, vocabulary: Sequence[str]) -> Encoder:
    """The run-time encoder over a network in training, without a detour over files."""
    network.eval()

    def run(part: torch.nn.Module):
        def call(*given: np.ndarray) -> list[np.ndarray]:
            with torch.inference_mode():
                return [result.numpy() for result in part(*map(torch.from_numpy, given))]

        return call

    return Encoder(run(network.body), run(network.heads), settings, vocabulary)


def clean_pages(paths: Sequence[Path]) -> Iterator[Page]:
    """Parsed pages of gold files, boilerplate left out as annotated."""
    articles = []
    for path in paths:
        gold, text = json.loads(path.read_text(encoding="utf-8")), path.with_suffix(".txt").read_text(encoding="utf-8")
        junk, position, spans = set(gold.get("boilerplate", [])), 0, []
        for number, line in enumerate(text.split("\n"), 1):
            if line in junk or number in gold.get("boilerplate_lines", []):
                spans.append((position, position + len(line)))
            position += len(line) + 1
        articles.append(Article(id=path.stem, source=path.name, text=text, boilerplate=tuple(spans)))
    return parse(articles, load_pipeline())


def events_of(heard: Iterable[Heard], page: Page, threshold: float) -> list[dict]:
    """The plainest merge: one event per type, actor and target; the likeliest stretch speaks for it."""
    found: dict[tuple, dict] = {}
    for one in sorted(heard, key=lambda h: -h.p):
        if one.p < threshold:
            continue
        sides = [[s for s, p in role.items() if p > 0.35] or [likeliest(role)] for role in (one.actor, one.target)]
        for actor in sides[0]:
            for target in sides[1]:
                key = (one.type, actor, target)
                if key in found:
                    continue
                status = likeliest(one.status)
                start, end = page.span(one.start, one.end)
                found[key] = {
                    "type": one.type, "status": status, "actor": {"state": actor}, "target": {"state": target},
                    "host": likeliest(one.host), "city": None, "date": None, "count": None, "in_response_to": None,
                    "claimant": {"state": likeliest(one.claimant)} if status in ("claimed", "denied") else None,
                    "evidence": {"start": start, "end": end, "text": page.article.text[start:end]},
                }  # fmt: skip
    return list(found.values())


def readings(
    encoder: Encoder, paths: Sequence[Path], heard: dict[str, tuple[Page, list[Heard]]] | None = None
) -> dict[str, tuple[Page, list[Heard]]]:
    """What the encoder hears in each gold file's text, by stem."""
    heard = {} if heard is None else heard
    for path, page in zip(paths, clean_pages(paths), strict=True):
        heard[path.stem] = (page, encoder.hear(page, find_parties(page, atlas.load())))
    return heard


def score(
    heard: dict[str, tuple[Page, list[Heard]]], folders: Sequence[Path], scorer: Path, threshold: float
) -> dict[str, float]:
    """Figures of the scorer for the merged events, over the gold files that were heard."""
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        gold = here / "gold"
        gold.mkdir()
        with (here / "readings.jsonl").open("w", encoding="utf-8") as out:
            for folder in folders:
                for path in sorted(folder.glob("*.json")):
                    if path.stem in heard:
                        (gold / path.name).symlink_to(path.resolve())
                        (gold / f"{path.stem}.txt").symlink_to(path.with_suffix(".txt").resolve())
                        page, its = heard[path.stem]
                        events = events_of(its, page, threshold)
                        out.write(
                            json.dumps(
                                {
                                    "source": f"{path.stem}.txt",
                                    "text": page.article.text,
                                    "events": events,
                                    "statements": [],
                                }
                            )
                            + "\n"
                        )
        ran = subprocess.run(
            [sys.executable, str(scorer), str(here / "readings.jsonl"), str(gold), "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
    return json.loads(ran.stdout)


def type_figures(
    heard: dict[str, tuple[Page, list[Heard]]], folders: Sequence[Path], threshold: float
) -> dict[str, float]:
    """F1 of (article, type) pairs, and how many evidence stretches are touched by a stretch of their type."""
    hit = told = found = touched = evidence = 0
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            if path.stem not in heard:
                continue
            page, its = heard[path.stem]
            gold = json.loads(path.read_text(encoding="utf-8"))["events"]
            want, have = {e["type"] for e in gold}, {h.type for h in its if h.p >= threshold}
            hit, told, found = hit + len(want & have), told + len(want), found + len(have)
            for event in gold:
                at = page.article.text.find(event["evidence"])
                spans = [page.span(h.start, h.end) for h in its if h.type == event["type"] and h.p >= threshold]
                evidence += 1
                touched += any(a < at + len(event["evidence"]) and at < b for a, b in spans)
    return {"article type F1": 2 * hit / max(1, told + found), "evidence touched": touched / max(1, evidence)}


def calibration(
    parts: Sequence[tuple[Network, Sequence[Example]]],
    types: Sequence[str],
    vocabulary: Sequence[str],
    cut: WordPieces,
    masked: bool,
) -> dict:
    """Weights for `Settings.stretch` and temperatures, from networks and the articles that each was not trained on."""
    rows, truth = [], []
    logits: dict[str, list[torch.Tensor]] = {name: [] for name in (*ROLES, "status")}
    shares: dict[str, list[torch.Tensor]] = {name: [] for name in (*ROLES, "status")}
    for network, held in parts:
        rows_held = rows_of(held, cut, random.Random(0), masked=masked, whole=True)
        with torch.inference_mode():
            for row in rows_held:
                given = (torch.tensor([part]) for part in (row.window.ids, row.window.slots, row.window.new))
                scores = network.body(*given)[1][0].numpy()
                for first, last in row.window.sentences:
                    for kind, *_, sentence, mean in stretches_of(scores[first:last], 0.02):
                        rows.append([sentence, mean])
                        truth.append(types[kind] in row.example.types)
        for batch in batches(rows_held, types, random.Random(0), size=3600):
            if not batch.span:
                continue
            with torch.inference_mode():
                vectors, _, shown = network.body(batch.ids, batch.slots, batch.new, batch.mask)
                scores, status, _ = read_roles(network, vectors, shown, batch)
            for index, name in enumerate(ROLES):
                logits[name].append(scores[:, index])
                shares[name].append(batch.role[:, index])
            logits["status"].append(status)
            shares["status"].append(batch.status)
    fit = LogisticRegression().fit(np.clip(rows, -12, 12), truth)
    temperature, right = {}, {}
    for name in logits:
        score_, share = torch.cat(logits[name]), torch.cat(shares[name])
        counted = share.sum(-1) > 0
        grid = [0.6 + 0.1 * n for n in range(30)]
        temperature[name] = round(min(grid, key=lambda t: float(-(share * (score_ / t).log_softmax(-1)).sum())), 2)
        right[name] = float((share.gather(1, score_.argmax(-1, keepdim=True)) > 0)[counted].float().mean())
    a, (b, c) = float(fit.intercept_[0]), map(float, fit.coef_[0])
    chance = fit.predict_proba(np.clip(rows, -12, 12))[:, 1]
    bins = Counter(int(p * 10) for p in chance)
    reliability = {
        f"{n / 10:.1f}": [
            count,
            round(float(np.mean([t for t, p in zip(truth, chance, strict=True) if int(p * 10) == n])), 3),
        ]
        for n, count in sorted(bins.items())
    }
    return {
        "stretch": [round(x, 4) for x in (a, b, c)],
        "temperature": temperature,
        "right given the stretch": right,
        "reliability": reliability,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+", help="gold format: NAME.json beside NAME.txt")
    parser.add_argument("--model", type=Path, help="default: the one in the package")
    args = parser.parse_args()
    encoder = Encoder.load(args.model)
    for folder in args.folders:
        heard = readings(encoder, [path for path in sorted(folder.glob("*.json")) if kept_back(path.stem)])
        for threshold in (0.2, 0.3, 0.4, 0.5):
            figures = type_figures(heard, [folder], threshold)
            print(
                f"{folder.name}: {len(heard)} articles, at {threshold}:", {k: round(v, 3) for k, v in figures.items()}
            )


if __name__ == "__main__":
    main()
