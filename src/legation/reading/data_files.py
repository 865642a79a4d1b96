"""The data files of this room: each is YAML beside its JSON schema, and holds to it."""

from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import yaml


@cache
def load(name: str) -> Any:
    """What ``data/NAME.yaml`` says; ValueError, which names the entry, if it does not hold to ``data/NAME.schema.yaml``."""
    folder = files("legation.reading") / "data"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), loader)
    schema = yaml.load((folder / f"{name}.schema.yaml").read_text(encoding="utf-8"), loader)
    try:
        jsonschema.validate(data, schema)
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path))
        raise ValueError(f"reading/data/{name}.yaml: {where}: {error.message}; correct the entry") from error
    return data
