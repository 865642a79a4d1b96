"""Puts the desk's bundle into a wheel; an editable installation is left without it until ``make front``."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundled(BuildHookInterface):  # type: ignore[type-arg]
    """Bundles before a wheel is made, unless ``make front`` has."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel":
            return
        built = Path(self.root) / "src/legation/desk/static/built/LICENSES.txt"
        if not built.is_file():
            sys.path.insert(0, str(Path(self.root) / "front"))
            from bundle import bundle

            bundle()
