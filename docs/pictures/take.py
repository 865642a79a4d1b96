"""Pictures of every page of the desk over the examples, light and dark: ``make screenshots``.

All go to ``out/screenshots``; those that the README shows are written here as well. Needs Chromium and Playwright (`make e2e`).
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "out" / "screenshots"
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
README = {"incident": "light", "map": "dark"}
"""The pages that the README shows, and in which colours."""
MOST = 300_000
"""Bytes of a picture in the README."""


def pages(desk: str) -> dict[str, str]:
    """Name and address of every page."""
    best = ask(desk, "incidents?pair=GBR-RUS&type=expulsion&sources=2")["items"] or ask(desk, "incidents")["items"]
    id = best[0]["id"]
    article = ask(desk, f"incidents/{id}")["claims"][0]["article"]
    return {
        "today": "/",
        "incidents": "/incidents",
        "map": "/map",
        "timeline": "/timeline",
        "network": "/network",
        "incident": f"/incidents/{id}",
        "pair": "/pairs/GBR/RUS",
        "post": "/posts?post=embassy+USA+IRN",
        "pairs": "/pairs",
        "open": "/open",
        "search": "/search?text=embassy",
        "article": f"/articles/{article}",
        "articles": "/articles",
        "sources": "/sources",
        "law": "/law",
        "ontology": "/ontology",
        "type": "/ontology/expulsion",
        "intake": "/intake",
        "watches": "/watches?all=1&group=premises",
    }


def ask(desk: str, path: str) -> Any:
    with urllib.request.urlopen(f"{desk}/api/v1/{path}") as got:
        return json.load(got)


def take(desk: str) -> None:
    """Every page in both colours, the whole of it on a phone too."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("LEGATION_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("no Chromium here: apt-get install chromium, or name one in LEGATION_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        for look, colours, size in (("light", "light", SIZE), ("dark", "dark", SIZE), ("phone", "light", PHONE)):
            context = browser.new_context(color_scheme=colours, viewport=size, reduced_motion="reduce")
            for name, path in pages(desk).items():
                page = context.new_page()
                page.goto(desk + path, wait_until="networkidle")
                if page.locator("#map").count():
                    page.locator("#map[data-ready]").wait_for(timeout=120_000)
                page.screenshot(path=OUT / f"{name}-{look}.png", full_page=look == "phone")
                if README.get(name) == look:
                    page.screenshot(path=HERE / f"{name}.png")
                page.close()
            context.close()
        browser.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    legation = [sys.executable, "-m", "legation.cli"]
    with tempfile.TemporaryDirectory() as folder:
        record = str(Path(folder) / "examples.db")
        subprocess.run([*legation, "ingest", str(HERE.parents[1] / "examples"), "--record", record], check=True)
        desk = subprocess.Popen(
            [*legation, "desk", "--record", record, "--port", "0", "--no-browser"], stderr=subprocess.PIPE, text=True
        )
        try:
            said = desk.stderr.readline() if desk.stderr else ""
            address = re.search(r"http://\S+[^/\s]", said)
            if not address:
                sys.exit(f"the desk did not start: {said}")
            take(address[0])
        finally:
            desk.terminate()
            desk.wait()
    for name in README:
        size = (HERE / f"{name}.png").stat().st_size
        if size > MOST:
            sys.exit(f"{name}.png has {size:,} bytes, over {MOST:,}: show less of the page")
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(HERE.parents[1])}")


if __name__ == "__main__":
    main()
