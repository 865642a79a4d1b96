"""What the corpus holds, counted: ``python corpus/tools/figures.py [DIR ...]`` (default: all)."""

import json
import re
import sys
from collections import Counter
from pathlib import Path


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]] or [
        Path(__file__).parents[1] / name for name in ("articles", "clusters", "train")
    ]
    for folder in folders:
        files = sorted(folder.glob("*.json"))
        articles = [json.loads(path.read_text(encoding="utf-8")) for path in files]
        words = [len(path.with_suffix(".txt").read_text(encoding="utf-8").split()) for path in files]
        events = [event for article in articles for event in article["events"]]
        parties = [event[side] for event in events for side in ("actor", "target") if event[side]]
        decades = Counter(re.sub(r"\d$", "0s", (a["published"] or "none")[:4]) for a in articles)
        print(f"{folder.name}: {len(files)} articles, {sum(words)} words ({min(words)} to {max(words)} an article)")
        print(f"  out of scope: {sum(not a['relevant'] for a in articles)}")
        print(f"  with boilerplate lines: {sum(bool(a['boilerplate']) for a in articles)}")
        print(f"  events: {len(events)}; speakers: {sum(len(a['speakers']) for a in articles)}")
        print(f"  states: {len({p['state'] for p in parties if p['state']})}")
        for label, counts in (
            ("statuses", Counter(e["status"] for e in events)),
            ("types", Counter(e["type"] for e in events)),
        ):
            print(f"  {label}: " + ", ".join(f"{name} {n}" for name, n in counts.most_common()))
        print("  decades: " + ", ".join(f"{name} {n}" for name, n in sorted(decades.items())))


if __name__ == "__main__":
    main()
