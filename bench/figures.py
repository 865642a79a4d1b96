"""What the measurements share: the clock, the machine they ran on, and the page that they write to, each its own section."""

import os
import platform
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import NamedTuple

REPORT = Path(__file__).parents[1] / "docs" / "performance.md"
HEAD = """# How fast it is

Written by `make bench`, which runs `bench/run.py` and `bench/record.py report`; parts can be measured apart. Each section says by which command
and on what machine its figures were made, and how busy that was with other work (load average); beside each figure stands the bar it is
held to, and `missed` where it does not reach it. Figures of another machine differ; ratios less so.
"""


class Took(NamedTuple):
    """Milliseconds that something took: median and a high percentile by the clock, that percentile of the time spent at work on it."""

    p50: float
    high: float
    work: float


def timed(task: Callable[[], object], at_work: Callable[[], float] = time.process_time) -> tuple[float, float]:
    """Milliseconds by the clock and at work (`at_work`: seconds worked so far)."""
    start, busy = time.perf_counter(), at_work()
    task()
    return (time.perf_counter() - start) * 1000, (at_work() - busy) * 1000


def often(
    task: Callable[[], object], rounds: int, share: float, at_work: Callable[[], float] = time.process_time
) -> Took:
    """A task done so often; `share` is the percentile, 0.99 for the 99th."""
    clock, work = (sorted(one) for one in zip(*(timed(task, at_work) for _ in range(rounds)), strict=True))
    last = ceil(rounds * share) - 1
    return Took(clock[rounds // 2], clock[last], work[last])


def machine() -> str:
    """What the figures were made on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    memory = f", {pages / 2**30:.0f} GB of memory" if pages else ""
    return f"{os.cpu_count()} cores ({platform.machine()}){memory}, {platform.system()}, Python {platform.python_version()}"


def load() -> str:
    """How busy the machine is: processes at work, over the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def put(title: str, body: str) -> None:
    """Write a section of the page, in place of the one of that title if there is one; the others stay."""
    text = REPORT.read_text("utf-8") if REPORT.exists() else HEAD
    sections = dict(one.split("\n", 1) for one in text.split("\n## ")[1:])
    sections[title] = f"\n{body}\n"
    REPORT.write_text(HEAD + "".join(f"\n## {name}\n{rest.rstrip()}\n" for name, rest in sections.items()), "utf-8")
