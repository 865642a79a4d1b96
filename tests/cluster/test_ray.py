"""A run over Ray gives what the local engine gives: in order, nothing lost or doubled, whatever dies."""

import json
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from legation.cli import main
from legation.cluster import ray as engine
from legation.cluster.local import Settings, read_lines
from legation.cluster.ray import Run, read
from legation.sources import Unreadable, raws

pytest.importorskip("fsspec")
parquet = pytest.importorskip("pyarrow.parquet")

EVENT = "Chad expelled two Danish diplomats on Monday. The Danish ambassador was summoned to the foreign ministry."
WEATHER = "It rained in the harbour town all day, and the ferries stayed in port until the evening of that Saturday."


def stream(folder: Path, number: int) -> Path:
    """JSON lines: one article in ten is in scope, one in thirty is broken."""
    lines = [
        '{"text": 7}' if n % 30 == 13 else json.dumps({"text": f"{EVENT if n % 10 == 0 else WEATHER} Entry {n}."})
        for n in range(number)
    ]
    path = folder / "news.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def local(paths: list[str], settings: Settings) -> list[object]:
    return [o if not isinstance(o, Unreadable) else str(o) for o in read_lines(raws(paths), settings, workers=1)]


def told(run: Run) -> list[object]:
    return [o if not isinstance(o, Unreadable) else str(o) for o in run.outcomes()]


@pytest.mark.parametrize("where", ["disk", "memory://runs/a"])
def test_shards_read_in_any_order_give_what_the_local_engine_gives(tmp_path, monkeypatch, where):
    monkeypatch.setattr(engine, "SHARD_ARTICLES", 25)
    paths, settings = (str(stream(tmp_path, 90)),), Settings(voices="rules")
    run = Run(str(tmp_path / "run") if where == "disk" else where, paths, settings)
    assert run.lay_out() == 4
    assert run.missing() == [0, 1, 2, 3]
    for number in (2, 0):
        run.read_shard(number)
    again = Run(run.folder, paths, settings)
    assert again.missing() == [1, 3]
    assert [again.read_shard(number).inputs for number in (3, 1, 0)] == [15, 25, 25]
    assert told(again) == local(list(paths), settings)


def test_a_part_that_is_written_stays_and_half_a_file_counts_for_nothing(tmp_path):
    run = Run(str(tmp_path / "run"), (str(stream(tmp_path, 20)),), Settings(voices="rules"))
    run.lay_out()
    (tmp_path / "run" / "part-000000.parquet.half").write_bytes(b"PAR1 half")
    assert run.missing() == [0]
    run.read_shard(0)
    before = (tmp_path / "run" / "part-000000.parquet").stat().st_mtime_ns
    run.read_shard(0)
    assert (tmp_path / "run" / "part-000000.parquet").stat().st_mtime_ns == before


def test_a_folder_holds_one_run(tmp_path):
    paths = (str(stream(tmp_path, 20)),)
    Run(str(tmp_path / "run"), paths, Settings()).lay_out()
    with pytest.raises(ValueError, match=r"holds another run \(settings\)"):
        Run(str(tmp_path / "run"), paths, Settings(voices="rules")).lay_out()


@pytest.mark.parametrize("wrong", [["--engine", "ray"], ["--run", "x"], ["--format", "parquet"]])
def test_wrong_usage(tmp_path, wrong):
    assert CliRunner().invoke(main, ["read", str(tmp_path), *wrong]).exit_code == 2


def test_readings_as_parquet(tmp_path):
    path, out = stream(tmp_path, 40), tmp_path / "out.parquet"
    arguments = ["read", str(path), "--workers", "1", "--reader", "rules"]
    plain = CliRunner().invoke(main, arguments)
    assert CliRunner().invoke(main, [*arguments, "--format", "parquet", "--out", str(out)]).exit_code == 3
    rows = parquet.read_table(out).to_pylist()
    assert "".join(row["reading"] + "\n" for row in rows) == plain.stdout
    assert [row["events"] > 0 for row in rows] == [row["relevant"] for row in rows]
    assert sum(row["relevant"] for row in rows) == 4


@pytest.mark.slow
def test_a_node_that_dies_half_way_loses_and_doubles_nothing(tmp_path, monkeypatch):
    ray = pytest.importorskip("ray")
    utils = pytest.importorskip("ray.cluster_utils")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setattr(engine, "SHARD_ARTICLES", 10)
    paths, settings = (str(stream(tmp_path, 300)),), Settings(voices="rules")
    run = Run(str(tmp_path / "run"), paths, settings)
    cluster = utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = cluster.add_node(num_cpus=1)
    try:
        ray.init(address=cluster.address, log_to_driver=False)
        killed = threading.Event()

        def kill() -> None:
            while len(list((tmp_path / "run").glob("part-*.parquet"))) < 8:
                time.sleep(0.05)
            cluster.remove_node(second, allow_graceful=False)
            killed.set()

        threading.Thread(target=kill, daemon=True).start()
        done = [part.shard for part in read(run)]
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert killed.is_set()
    assert sorted(done) == list(range(30))
    assert run.missing() == []
    assert told(run) == local(list(paths), settings)
