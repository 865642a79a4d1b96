"""Reading a long stream takes no more memory than reading a short one."""

import itertools
import json
import random
import subprocess
import sys

import pytest

STATES = ["Norway", "Portugal", "Turkey", "Russia", "Kenya", "Chile", "Japan", "Canada", "Egypt", "Vietnam"]
PLACES = ["Lisbon", "Oslo", "Ankara", "Moscow", "Nairobi", "Santiago", "Tokyo", "Ottawa", "Cairo", "Hanoi"]
ACTS = [
    "{a} expelled {n} diplomats of {b} on Monday, the foreign ministry in {p} said.",
    "A crowd threw stones at the embassy of {b} in {p} and burnt a flag.",
    "The ambassador of {b} was summoned in {p} over the arrest of a consul named {w}.",
    "Talks about fish and timber went on in {p}, where a trader named {w} praised the harvest of {n} tonnes.",
    "Shares of {w} fell by {n} per cent in {p} after a storm.",
]


def stream(articles: int):
    """Articles that differ in their words, a new name in each, as a real stream has them; one in ten is in scope."""
    draw = random.Random(5)
    for number in range(articles):
        acts = ACTS if number % 10 == 0 else ACTS[3:]
        word = "".join(draw.choices("abdefgiklmnoprstuvz", k=9)).title()
        sentences = [
            draw.choice(acts).format(
                a=draw.choice(STATES),
                b=draw.choice(STATES),
                p=draw.choice(PLACES),
                w=f"{word}{i}",
                n=draw.randint(2, 99),
            )
            for i in range(12)
        ]
        yield json.dumps({"text": " ".join(sentences)}).encode() + b"\n"


@pytest.mark.slow
def test_memory_is_flat(tmp_path):
    """Resident size of one process after 20,000 articles within 10 % of that after 2,000."""
    command = [sys.executable, "-m", "legation.cli", "read", "-", "--workers", "1", "--out", str(tmp_path / "readings")]
    articles = stream(20_000)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        sizes = []
        for count in (2_000, 18_000):
            for line in itertools.islice(articles, count):
                process.stdin.write(line)  # waits while the pipe is full, so the reader is never far behind
            sizes.append(resident(process.pid))
        process.stdin.close()
    assert process.returncode == 0
    assert (tmp_path / "readings").read_bytes().count(b"\n") == 20_000
    assert sizes[1] <= 1.1 * sizes[0]


def resident(pid: int) -> int:
    """Resident size in kB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
