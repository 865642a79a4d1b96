"""From a terse notation to an article and its annotation, in the format of corpus/articles.

    python corpus/tools/notation.py SOURCE [SOURCE ...] --out DIR --first N [--stem la]

A source holds articles. Each begins with a line ``### outlet ; published ; host ; city ; series`` (a blank or missing
field is null; host and city are the defaults of the events), then the text, then ``---``, then one line an event or speaker:

    code[:status] actor > target @HOST city date #count c=speaker r=code2 =incident | evidence
    S name ; STATE ; role ; relayed by

`code` is a key of `CODES`. `status` is c, d, a, t or D, see `STATUSES`; reported when left out. A party is
``STATE/kind/name`` with each part optional (``/cr`` a crowd of no stated state); kinds as in `KINDS`, the default kind by type.
``@-`` is host null; ``.`` is the default city (underscores for spaces: ``New_Delhi``).
``r=att2`` answers the second event coded `att`. ``c=Li`` is the speaker with ``Li`` in the name or else the role.
``=incident`` names the incident that the event tells of, over all sources; where there are such names, they go to
``DIR/incidents.yaml``: for each article the incident of each event.
Evidence may be shortened to ``first words ... last words``.
A text line that begins with ``~`` is boilerplate; the sign is taken off. An article without events is out of scope.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

CODES = {  # code: type, default kind of the actor, default kind of the target
    "kil": ("killing", "individual", "diplomat"),
    "ass": ("assault", "individual", "diplomat"),
    "abd": ("abduction", "armed_group", "diplomat"),
    "det": ("detention", "police", "diplomat"),
    "thr": ("threat", "individual", "mission"),
    "har": ("harassment", "individual", "diplomat"),
    "rec": ("recruitment_approach", "security_service", "diplomat"),
    "esp": ("espionage_against_mission", "security_service", "mission"),
    "att": ("attack_on_premises", "individual", "premises"),
    "int": ("intrusion", "individual", "premises"),
    "dmg": ("property_damage", "individual", "property"),
    "blk": ("blockade", "crowd", "mission"),
    "dem": ("demonstration", "crowd", "mission"),
    "sei": ("seizure", "government", "property"),
    "exp": ("expulsion", "government", "diplomat"),
    "cap": ("staff_cap", "government", "mission"),
    "vis": ("visa_restriction", "government", "diplomat"),
    "mov": ("movement_restriction", "government", "diplomat"),
    "pco": ("post_closure_ordered", "government", "mission"),
    "psr": ("premises_status_revoked", "government", "premises"),
    "prv": ("privilege_revoked", "government", "mission"),
    "rcl": ("recall", "government", "diplomat"),
    "eva": ("evacuation", "government", "staff"),
    "pcl": ("post_closed", "government", "mission"),
    "pop": ("post_opened", "government", "mission"),
    "dwn": ("relations_downgraded", "government", "government"),
    "sev": ("relations_severed", "government", "government"),
    "res": ("relations_restored", "government", "government"),
    "sum": ("summons", "government", "diplomat"),
    "not": ("protest_note", "government", "government"),
    "dmd": ("demand", "government", "government"),
    "dut": ("duty_invoked", "government", "government"),
    "acc": ("accusation_of_breach", "government", "government"),
    "con": ("condemnation", "government", "government"),
    "ret": ("retaliation_warning", "government", "government"),
    "apo": ("apology", "government", "government"),
    "asr": ("assurance", "government", "government"),
    "pro": ("protection_reinforced", "government", "mission"),
    "sec": ("security_measures", "mission", "staff"),
    "inv": ("investigation", "government", "government"),
    "arr": ("arrest_of_suspect", "police", "individual"),
    "pros": ("prosecution", "government", "individual"),
    "cmp": ("compensation", "government", "government"),
}
STATUSES = {"c": "claimed", "d": "denied", "a": "announced", "t": "threatened", "D": "demanded"}
KINDS = {
    "g": "government", "m": "mission", "d": "diplomat", "s": "staff", "P": "premises", "pr": "property",
    "ss": "security_service", "pol": "police", "mil": "military", "cr": "crowd", "ag": "armed_group",
    "i": "individual", "o": "organisation", "med": "media",
}  # fmt: skip
RELATIONS = ("relations_downgraded", "relations_severed", "relations_restored")

Json = dict[str, Any]


def party(text: str, default_kind: str) -> Json | None:
    """``STATE/kind/name`` as a party; null for nothing or a dash."""
    state, kind, name = [*(part.strip() for part in text.split("/")), "", "", ""][:3]
    state = state.strip("-")
    if not (state or kind or name):
        return None
    if state and not re.fullmatch("[A-Z]{3}", state):
        raise ValueError(
            f"{state!r} is no state; give the three capital letters of its code, and @ before host, city and date"
        )
    return {"state": state or None, "kind": KINDS[kind] if kind else default_kind, "name": name or None}


def evidence(shorthand: str, text: str) -> str:
    """The exact words of the text that ``first words ... last words`` stands for; the shortest such stretch."""
    if shorthand in text:
        return shorthand
    first, dots, last = shorthand.partition(" ... ")
    pattern = re.escape(first) + r"[^\n]*?" + re.escape(last)
    found = [m.group(1) for m in re.finditer(f"(?=({pattern}))", text)] if dots else []
    if not found:
        raise ValueError(f"not in the text: {shorthand!r}; correct the words")
    return min(found, key=len)


def event(
    line: str, text: str, host: str | None, city: str | None, speakers: list[Json]
) -> tuple[Json, str | None, str | None]:
    """One event line, the code of the event it answers, and its incident."""
    head, _, words = line.partition(" | ")
    code, _, rest = head.partition(" ")
    code, _, status = code.partition(":")
    type_, actor_kind, target_kind = CODES[code]
    sides, _, place = rest.partition("@")
    actor, _, target = sides.partition(">")
    made: Json = {
        "type": type_,
        "status": STATUSES[status] if status else "reported",
        "actor": party(actor.strip(), actor_kind),
        "target": party(target.strip(), target_kind),
        "host": None if type_ in RELATIONS else host,
        "city": None,
        "date": None,
        "count": None,
        "claimant": None,
        "in_response_to": None,
        "evidence": evidence(words.strip(), text),
    }
    answers = incident = None
    for position, token in enumerate(place.split()):
        if token.startswith("="):
            incident = token[1:]
        elif position == 0 and (token == "-" or re.fullmatch("[A-Z]{3}", token)):
            made["host"] = None if token == "-" else token
        elif token == ".":
            made["city"] = city
        elif re.fullmatch(r"#\d+", token):
            made["count"] = int(token[1:])
        elif token.startswith("r="):
            answers = token[2:]
        elif token.startswith("c="):
            wanted = token[2:].replace("_", " ")
            by_name = [s for s in speakers if wanted in (s["name"] or "")]
            by_role = [s for s in speakers if wanted in (s["role"] or "")]
            if not by_name + by_role:
                raise ValueError(f"no speaker {wanted!r}; add an S line")
            made["claimant"] = {key: (by_name + by_role)[0][key] for key in ("name", "state")}
        elif re.fullmatch(r"[0-9X]{4}(-[0-9X]{2}){0,2}[~?%]?", token):
            made["date"] = token
        else:
            made["city"] = token.replace("_", " ")
    return made, answers, incident


def article(source: str, stem: str) -> tuple[str, Json, list[str | None]]:
    """Text and annotation of one article of the source (without its ``###``), and the incident of each event."""
    header, _, body = source.partition("\n")
    outlet, published, host, city, series = [*(part.strip() or None for part in header.split(";")), *[None] * 5][:5]
    marked, _, notes = body.partition("\n---\n")
    lines = marked.strip("\n").split("\n")
    text = "\n".join(line.removeprefix("~") for line in lines) + "\n"
    boilerplate = list(dict.fromkeys(line[1:] for line in lines if line.startswith("~")))
    body = "\n".join(line for line in lines if not line.startswith("~"))
    notes_lines = [line.strip() for line in notes.split("\n") if line.strip()]
    speakers = []
    for line in notes_lines:
        if line.startswith("S "):
            fields = [*(part.strip() or None for part in line[2:].split(";")), None, None, None, None][:4]
            speakers.append(dict(zip(("name", "state", "role", "relayed_by"), fields, strict=True)))
    coded = [line for line in notes_lines if not line.startswith("S ")]
    codes = [re.split("[: ]", line)[0] for line in coded]
    events, incidents = [], []
    for line in coded:
        made, answers, incident = event(line, body, host, city, speakers)
        incidents.append(incident)
        if answers:
            code, number = re.fullmatch(r"([a-z]+)(\d*)", answers).groups()  # type: ignore[union-attr]
            places = [i for i, c in enumerate(codes) if c == code]
            if len(places) < int(number or 1):
                raise ValueError(f"no event {answers!r} in {line!r}; name one of {codes}")
            made["in_response_to"] = places[int(number or 1) - 1]
        events.append(made)
    annotation = {
        "id": stem,
        "outlet": outlet,
        "published": published,
        "relevant": bool(events),
        "boilerplate": boilerplate,
        "events": events,
        "speakers": speakers,
    }
    return text, annotation | ({"series": series} if series else {}), incidents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=1, help="number of the first article")
    parser.add_argument("--stem", default="la", help="what the names of the files begin with")
    options = parser.parse_args()
    number = options.first
    incidents: dict[str, list[str | None]] = {}
    for path in options.sources:
        for source in path.read_text(encoding="utf-8").split("### ")[1:]:
            stem = f"{options.stem}-{number:04d}"
            try:
                text, annotation, told = article(source, stem)
            except (ValueError, KeyError, AttributeError) as error:
                print(f"{path}: {stem} ({source.splitlines()[0]}): {error}")
            else:
                (options.out / f"{stem}.txt").write_text(text, encoding="utf-8")
                (options.out / f"{stem}.json").write_text(
                    json.dumps(annotation, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
                )
                if any(told):
                    incidents[stem] = told
            number += 1
    if incidents:
        lines = (f"{stem}: [{', '.join(name or 'null' for name in told)}]\n" for stem, told in incidents.items())
        (options.out / "incidents.yaml").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
