"""The data files of the reading room hold to their schemas, and a slip in one is named."""

from pathlib import Path

import pytest
import yaml

from legation import ontology
from legation.reading import data_files

FOLDER = Path(data_files.__file__).parent / "data"
NAMES = sorted(path.name.removesuffix(".schema.yaml") for path in FOLDER.glob("*.schema.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_each_holds_to_its_schema(name):
    assert data_files.load(name)


def test_a_slip_is_named(monkeypatch, tmp_path):
    data = yaml.safe_load((FOLDER / "when.yaml").read_text(encoding="utf-8"))
    data["relations"][2]["but"] = ["harms"]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "when.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    (tmp_path / "data" / "when.schema.yaml").write_bytes((FOLDER / "when.schema.yaml").read_bytes())
    monkeypatch.setattr(data_files, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"when.yaml: relations/2/but/0: 'harms' is not one of"):
        data_files.load.__wrapped__("when")


def test_what_is_counted_are_event_types():
    assert set(data_files.load("counts")["types"]) <= set(ontology.types())
