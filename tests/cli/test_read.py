"""``legation read`` keeps its contract."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from legation.cli import main

TEXT = (
    "Portugal orders two attachés to leave\n\nLISBON, March 12. /FJORD/. Two attachés of the Norwegian embassy were told on "
    "Monday to leave Portugal within a week, the foreign ministry said.\n"
)
FIELDS = [
    "id",
    "source",
    "outlet",
    "title",
    "published",
    "language",
    "text",
    "boilerplate",
    "relevant",
    "statements",
    "events",
]


def read(*arguments, **options):
    return CliRunner().invoke(main, ["read", *map(str, arguments)], **options)


@pytest.fixture
def folder(tmp_path):
    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(TEXT.replace("Two", f"{n + 2}"), encoding="utf-8")
    return tmp_path


def test_one_line_per_article_with_the_fields_of_the_contract(folder):
    result = read(folder, "--workers", 1)
    lines = result.stdout_bytes.decode("utf-8").splitlines()
    assert result.exit_code == 0
    assert len(lines) == 6
    reading = json.loads(lines[0])
    assert list(reading) == FIELDS
    assert reading["text"] == (folder / "0.txt").read_text(encoding="utf-8")
    assert (reading["published"], reading["language"], reading["outlet"]) == ("XXXX-03-12", "en", "FJORD")
    assert "é" in lines[0]


def test_published_is_taken_at_its_word(folder):
    assert json.loads(read(folder / "0.txt", "--published", "2019-03-12").stdout)["published"] == "2019-03-12"


@pytest.mark.parametrize(
    "wrong", [["--published", "12/03/2019"], ["--workers", "0"], ["--format", "xml"], ["--max-bytes", "x"]]
)
def test_wrong_usage(folder, wrong):
    assert read(folder, *wrong).exit_code == 2


def test_no_path_is_wrong_usage():
    assert read().exit_code == 2


def test_what_cannot_be_read_is_named_on_standard_error_and_the_others_go_on(folder):
    (folder / "3.txt").write_bytes(b"")
    result = read(folder, folder / "gone.txt", "--workers", 1)
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 5
    assert result.stderr.splitlines() == [
        f"legation: {folder}/3.txt: it is empty; check how it was saved",
        f"legation: {folder}/gone.txt: there is no such file or folder; check the path",
    ]


def test_max_bytes(folder):
    assert read(folder / "0.txt", "--max-bytes", 20).exit_code == 3


def test_standard_input():
    result = read("-", input=TEXT.encode())
    assert json.loads(result.stdout)["source"] == "-"


def test_out_is_refused_before_anything_is_read(folder):
    for wrong, says in (
        (folder / "gone" / "x.jsonl", "make it first"),
        (folder, "is a folder"),
        (folder / "0.txt", "would itself be read"),
        (folder / "new.jsonl", "would itself be read"),
    ):
        result = read(folder, "--out", wrong)
        assert result.exit_code == 2
        assert says in result.stderr
    assert (folder / "0.txt").read_text(encoding="utf-8").startswith("Portugal")


def test_a_full_disk_is_named(folder):
    result = read(folder / "0.txt", "--out", "/dev/full", "--workers", 1)
    assert result.exit_code == 1
    assert "/dev/full: No space left on device; make room" in result.stderr


def test_addresses_of_unknown_kinds_are_named():
    result = read("odd://bucket/a.txt")
    assert result.exit_code == 3
    assert "odd://bucket/a.txt: no such kind of address" in result.stderr


def test_out(folder):
    out = folder / "readings.out"
    assert read(folder, "--out", out).stdout == ""
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6


def test_table(folder):
    result = read(folder, "--format", "table", "--explain")
    assert result.exit_code == 0
    assert "0.txt" in result.stdout
    assert "XXXX-03-12" in result.stdout


def run(arguments, seed):
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-m", "legation.cli", "read", *arguments], check=True, capture_output=True, env=environment
    )


def test_same_bytes_for_any_workers_order_and_hash_seed(folder):
    paths = [str(folder / f"{n}.txt") for n in range(6)] * 12
    one = run([*paths, "--workers", "1"], "1").stdout.splitlines()
    two = run([*paths, "--workers", "2"], "2").stdout.splitlines()
    assert one == two
    shuffled = random.Random(7).sample(paths, len(paths))
    other = run([*shuffled, "--workers", "2"], "3").stdout.splitlines()
    assert sorted(one) == sorted(other)
    assert [json.loads(line)["source"] for line in other] == shuffled


def test_interrupt_ends_cleanly(folder):
    """SIGINT while standard input stays open: what was read is written, no process is left, exit status 130."""
    command = [sys.executable, "-m", "legation.cli", "read", "-", "--workers", "2", "--out", str(folder / "out")]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs in a shell's background ignores it
    )
    line = json.dumps({"text": TEXT}).encode() + b"\n"
    process.stdin.write(line * 200)
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while (not (folder / "out").exists() or not (folder / "out").stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=10) == 130
    assert b"interrupted" in process.stderr.read()
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert all(json.loads(line) for line in Path(folder / "out").read_bytes().splitlines())


def test_progress_says_how_much_is_left():
    from legation.cli.read import _progress
    from legation.sources import Meter

    assert _progress(1200, 60, Meter(1000, 250)) == "█████░░░░░░░░░░░░░░░ 25%, 1,200 read, 20 a second, 3:00 left"
    assert _progress(1200, 60, Meter(0)) == "1,200 read, 20 a second"


def test_the_meter_counts_what_is_taken(tmp_path):
    from legation.sources import metered, raws

    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n' * 50)
    (tmp_path / "b.txt").write_text("two")
    with metered([str(tmp_path)]) as meter:
        assert (meter.total, meter.taken) == (50 * 16 + 3, 0)
        assert len(list(raws([str(tmp_path)]))) == 51
        assert meter.taken == meter.total
