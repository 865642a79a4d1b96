"""Annotations of articles whose texts are not ours: kept by place in the text, put back onto it where you have it.

    python corpus/tools/standoff.py off FOLDER STREAM > corpus/standoff/scope.jsonl        # gold format: NAME-ID.json beside NAME-ID.txt
    python corpus/tools/standoff.py on corpus/standoff/scope.jsonl STREAM --out FOLDER

STREAM is the JSON Lines (or .gz) of the articles, with `id`, `title`, `outlet`, `published` and `text`; the annotated text is made of them.
Each line of a stand-off file is an annotation as in `articles/`, but that `evidence` and what speakers and parties are called are [start, end)
in characters and `boilerplate` the numbers of lines from 0, and `check` is the CRC-32 of the text, so that another version of it is refused.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

Json = dict[str, Any]


def texts(stream: Path) -> dict[str, str]:
    """Id → the text as it was annotated: headline, a line with outlet and day, the story."""
    opened = gzip.open if stream.suffix == ".gz" else open
    with opened(stream, "rt", encoding="utf-8") as lines:
        return {
            one["id"]: f"{one['title']}\n{one['outlet']}, {one['published']}\n\n{one['text'].strip()}\n"
            for one in map(json.loads, lines)
        }


def check(text: str) -> int:
    return crc32(text.encode())


CALLED = "name", "role", "relayed_by"
"""What of a party or speaker may be words of the text."""


def _called(annotation: Json, say: Callable[[Any], Any]) -> Json:
    """The annotation with what its parties and speakers are called put otherwise."""

    def put(one: Json | None) -> Json | None:
        return one and {key: say(value) if value and key in CALLED else value for key, value in one.items()}

    events = [
        event | {side: put(event[side]) for side in ("actor", "target", "claimant")} for event in annotation["events"]
    ]
    return annotation | {"events": events, "speakers": [put(speaker) for speaker in annotation["speakers"]]}


def off(folder: Path, known: dict[str, str]) -> Iterator[Json]:
    """The annotations of a folder without words of their texts; a name that a text does not have is kept as it is."""
    for path in sorted(folder.glob("*.json")):
        gold, key = json.loads(path.read_text(encoding="utf-8")), path.stem.partition("-")[2]
        text, junk = known[key], set(gold["boilerplate"])

        def place(words: str, text: str = text) -> list[int] | str:
            start = text.find(words)
            return words if start < 0 else [start, start + len(words)]

        gold = _called(gold, place)
        kept = "\n".join(line if line not in junk else "\0" * len(line) for line in text.split("\n"))
        events = []
        for event in gold["events"]:
            start = kept.find(event["evidence"])
            if start < 0:
                raise ValueError(f"{path}: evidence is not in the text: {event['evidence']!r}; annotate this text")
            events.append(event | {"evidence": [start, start + len(event["evidence"])]})
        numbers = [n for n, line in enumerate(text.split("\n")) if line in junk]
        yield gold | {"id": key, "check": check(text), "boilerplate": numbers, "events": events}


def on(annotation: Json, text: str) -> Json:
    """The annotation with the words of its text."""
    if check(text) != annotation["check"]:
        raise ValueError(
            f"{annotation['id']}: this is not the text that was annotated; get the stream it was taken from"
        )
    annotation = _called(annotation, lambda place: place if isinstance(place, str) else text[slice(*place)])
    lines = text.split("\n")
    events = [event | {"evidence": text[slice(*event["evidence"])]} for event in annotation["events"]]
    junk = list(dict.fromkeys(lines[n] for n in annotation["boilerplate"]))
    return {k: v for k, v in annotation.items() if k != "check"} | {"boilerplate": junk, "events": events}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=["off", "on"])
    parser.add_argument("annotations", type=Path)
    parser.add_argument("stream", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    known = texts(options.stream)
    if options.way == "off":
        for annotation in off(options.annotations, known):
            sys.stdout.write(json.dumps(annotation, ensure_ascii=False) + "\n")
        return
    options.out.mkdir(parents=True, exist_ok=True)
    for line in options.annotations.read_text(encoding="utf-8").splitlines():
        annotation = json.loads(line)
        text, stem = known[annotation["id"]], f"sr-{annotation['id']}"
        made = on(annotation, text) | {"id": stem}
        (options.out / f"{stem}.txt").write_text(text, encoding="utf-8")
        (options.out / f"{stem}.json").write_text(
            json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
