"""The reading over Ray Data: the same functions as `legation.cluster.local`, on as many machines as there are.

A run lives in a folder, on disk or in object storage (anything fsspec knows). The inputs are laid out there once as shards,
Parquet files of a few hundred articles as bytes; actors that hold the models read a shard and write its part in one go, under
a name that follows from the shard. So a shard whose node dies is read again elsewhere and nothing is lost or doubled, and a
run that was stopped goes on where it was. The parts, one after the other, are what the local engine prints.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from legation import __version__
from legation.cluster.local import BATCH_ARTICLES, BATCH_BYTES, Batch, Line, Outcome, Settings, batched, read_batch
from legation.cluster.tables import schema, table
from legation.sources import MAX_BYTES, Raw, Unreadable, raws

SHARD_ARTICLES, SHARD_BYTES = 500, 8_000_000
"""A shard ends with the article that fills it: some seconds of reading ordinary news, a minute of what is all in scope."""


class Done(NamedTuple):
    """A part that is written: its shard's number, how many inputs it answers."""

    shard: int
    inputs: int


@dataclass(frozen=True)
class Run:
    """A folder with the inputs of a run and its parts; `settings` and `paths` are what it reads and how."""

    folder: str
    paths: tuple[str, ...]
    settings: Settings
    max_bytes: int = MAX_BYTES

    @cached_property
    def _store(self) -> tuple[Any, str]:
        import fsspec

        files, root = fsspec.core.url_to_fs(self.folder)
        return files, root.rstrip("/")

    def _get(self, name: str) -> bytes:
        files, root = self._store
        return bytes(files.cat_file(f"{root}/{name}"))

    def _put(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all."""
        files, root = self._store
        files.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
        files.pipe_file(f"{root}/{name}.half", data)
        files.mv(f"{root}/{name}.half", f"{root}/{name}")

    def _has(self, name: str) -> bool:
        files, root = self._store
        return bool(files.exists(f"{root}/{name}"))

    # -- the inputs ------------------------------------------------------------------------------------------------

    def lay_out(self) -> int:
        """The shards of this run, written unless they are there; how many. Raises ValueError where the folder holds another run."""
        wanted = {
            "paths": list(self.paths),
            "settings": list(self.settings),
            "max_bytes": self.max_bytes,
            "legation": __version__,
        }
        if self._has("run.json"):
            found = json.loads(self._get("run.json"))
            shards = int(found.pop("shards"))
            if found != wanted:
                differs = ", ".join(name for name in wanted if found.get(name) != wanted[name])
                raise ValueError(f"{self.folder}: holds another run ({differs}); give an empty folder")
            return shards
        number, inputs = 0, raws(self.paths, max_bytes=self.max_bytes)
        for number, batch in enumerate(batched(inputs, SHARD_ARTICLES, SHARD_BYTES), 1):
            self._put(_shard(number - 1), _packed(batch))
        self._put("run.json", json.dumps({**wanted, "shards": number}).encode())
        return number

    def missing(self) -> list[int]:
        """The shards whose part is not written yet."""
        return [number for number in range(self.lay_out()) if not self._has(_part(number))]

    # -- what a worker does ----------------------------------------------------------------------------------------

    def read_shard(self, number: int) -> Done:
        """Read a shard and write its part; one that is written already stays."""
        batch = _unpacked(self._get(_shard(number)))
        if not self._has(_part(number)):
            outcomes = [
                outcome
                for few in batched(batch, BATCH_ARTICLES, BATCH_BYTES)
                for outcome in read_batch(few, self.settings)
            ]
            self._put(_part(number), _written(outcomes))
        return Done(number, len(batch))

    # -- what comes out --------------------------------------------------------------------------------------------

    def outcomes(self) -> Iterator[Outcome]:
        """A line or a refusal per input, in input order, from the parts."""
        for number in range(self.lay_out()):
            yield from _read_back(self._get(_part(number)))


class _Actor:
    """A process of the cluster: holds the models, reads the shards it is given."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[int]]:
        done = [self._run.read_shard(int(number)) for number in rows["shard"]]
        return {"shard": [one.shard for one in done], "inputs": [one.inputs for one in done]}


def read(run: Run, *, workers: int | None = None) -> Iterator[Done]:
    """Read what is missing of a run, as parts are done. `workers`: actors, at most; default one per core of the cluster.

    Joins the cluster that ``RAY_ADDRESS`` names, else starts one on this machine. A part whose actor or node dies is read again.
    """
    import ray

    missing = run.missing()
    if not missing:
        return
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False, configure_logging=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = 0
    most = max(1, min(len(missing), workers or int(ray.cluster_resources().get("CPU", 1))))
    rows = ray.data.from_items([{"shard": number} for number in missing], override_num_blocks=len(missing))
    done = rows.map_batches(
        _Actor,
        fn_constructor_args=(run,),
        batch_size=1,
        num_cpus=1,
        concurrency=(1, most),
        runtime_env={"env_vars": {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}},
    )
    for row in done.iter_rows():
        yield Done(int(row["shard"]), int(row["inputs"]))


# -- shards and parts as bytes -------------------------------------------------------------------------------------


def _shard(number: int) -> str:
    return f"input/shard-{number:06}.parquet"


def _part(number: int) -> str:
    return f"part-{number:06}.parquet"


def _packed(batch: Batch) -> bytes:
    import pyarrow

    rows = [
        {"source": item.source, "kind": item.kind, "data": item.data, "said": json.dumps(item.said)}
        if isinstance(item, Raw)
        else {"source": item.source, "reason": item.reason, "remedy": item.remedy}
        for item in batch
    ]
    text = pyarrow.string()
    columns = [
        ("source", text),
        ("kind", text),
        ("data", pyarrow.large_binary()),
        ("said", text),
        ("reason", text),
        ("remedy", text),
    ]
    return _parquet(pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(columns)))


def _unpacked(data: bytes) -> Batch:
    return [
        Raw(row["source"], row["kind"], row["data"], tuple((name, value) for name, value in json.loads(row["said"])))
        if row["reason"] is None
        else Unreadable(row["source"], row["reason"], row["remedy"])
        for row in _rows(data)
    ]


def _written(outcomes: list[Outcome]) -> bytes:
    """A part: the table of readings, and a row with `reason` and `remedy` for what was refused."""
    import pyarrow

    readings = iter(table([one.json for one in outcomes if isinstance(one, Line)]).to_pylist())
    rows = [
        next(readings) if isinstance(one, Line) else {"source": one.source, "reason": one.reason, "remedy": one.remedy}
        for one in outcomes
    ]
    whole = pyarrow.unify_schemas(
        [schema(), pyarrow.schema([("reason", pyarrow.string()), ("remedy", pyarrow.string())])]
    )
    return _parquet(pyarrow.Table.from_pylist(rows, schema=whole))


def _read_back(data: bytes) -> Iterator[Outcome]:
    for row in _rows(data):
        if row["reason"] is None:
            yield Line(row["relevant"], row["reading"].encode())
        else:
            yield Unreadable(row["source"], row["reason"], row["remedy"])


def _parquet(made: Any) -> bytes:
    import pyarrow
    import pyarrow.parquet

    out = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(made, out, compression="zstd")
    return bytes(out.getvalue())


def _rows(data: bytes) -> list[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(pyarrow.BufferReader(data)).to_pylist()
    return rows
