"""The ontology and the law as Markdown: one entry for the command line, the whole of each for ``docs/``.

``python -m legation.exports.knowledge docs`` writes docs/ontology.md and docs/law.md (``make docs``).
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from legation.law import answer_tags, articles, bound, cases, duties, icj_route, parties, persons, regimes, treaties
from legation.law.data import Article, Case, Duty, Treaty
from legation.ontology import GROUPS, Condition, EventType, types

HOLDERS = {
    "receiving": "the receiving state",
    "sending": "the sending state",
    "third": "the third state",
    "both": "both states",
    "every": "every party, first of all the receiving state",
    "actor": "the state that acts",
}
_GENERATED = "<!-- Written by `make docs` from the data files; change those. -->\n"


def type_entry(t: EventType) -> str:
    """One event type: meaning, roles, codes, duties, rulings."""
    codes = " ".join(filter(None, (t.plover.event, t.plover.mode, t.plover.context)))
    lines = [
        f"### {t.label} (`{t.id}`)\n",
        t.definition + "\n",
        f"- Group: {t.group}. Severity {t.severity.level} of 5: {t.severity.reason}.",
        f"- Actor: {t.roles.actor.who} ({', '.join(t.roles.actor.kinds)}).",
        f"- Target: {t.roles.target.who} ({', '.join(t.roles.target.kinds)}).",
        *([f"- The {t.host_side} is normally the receiving state's side."] if t.host_side else []),
        f"- PLOVER: {codes}. CAMEO: {t.cameo or 'no code'}.",
    ]
    if t.inherits:
        relation = "in the same relation" if t.inherits.relation == "same" else f"as `{t.inherits.relation}`"
        lines.append(f"- Takes the duty of the event it is about, {relation}{_condition(t.inherits.only_if)}.")
    for entry in t.duties:
        duty = duties()[entry.duty]
        more = "; further" if entry.further else ""
        why = f" ({entry.because})" if entry.because else ""
        lines.append(f"- {duty.id} {duty.title}: `{entry.relation}`{_condition(entry.only_if)}{more}{why}.")
    return "\n".join([*lines, "", *(f"> {note}\n>" for note in t.notes)]).rstrip(">\n") + "\n"


def duty_entry(d: Duty) -> str:
    """One duty or right: holder, content, articles by regime, what engages it, cases, what differs for consuls."""
    cited = ", ".join(f"{_regime_label(regime)} {article}" for regime, article in d.cite.items())
    lines = [
        f"### {d.id} {d.title}\n",
        d.content + "\n",
        f"- {d.kind.capitalize()} of {HOLDERS[d.holder]}; object: {d.object}.",
        f"- Stands in: {cited}.",
        *([f"- See also: {', '.join(d.also)}."] if d.also else []),
        *([f"- For consuls: {d.consular}"] if d.consular else []),
        *([f"- For missions to the United Nations in New York: {d.un_hq}"] if d.un_hq else []),
        *([f"- For the United Nations: {d.organisation}"] if d.organisation else []),
        *([f"- {d.third}"] if d.third else []),
        f"- Event types: {', '.join(d.types)}.",
        *(f"- Not derived for {type_id}: {why}." for type_id, why in d.left_open.items()),
        *([f"- Cases: {', '.join(cases()[c].name for c in d.cases)}."] if d.cases else []),
    ]
    return "\n".join(lines) + "\n"


def article_entry(article: Article) -> str:
    """One article in our own words, with the duties that stand in it."""
    there = [f"{d.id} {d.title}" for d in duties().values() if article.id in d.articles]
    mark = "" if article.checked else " *(not checked against the text)*"
    return f"- **{article.id}** {article.about}: {article.says}{mark}" + (f" → {', '.join(there)}" if there else "")


def treaty_entry(treaty: Treaty) -> str:
    """One treaty: dates, standing, articles in our own words."""
    force = f"in force {treaty.in_force}" if treaty.in_force else "not a treaty in force"
    seen = treaty.parties_seen
    count = f"; {seen.count} parties" + (f" ({seen.when})" if seen.when else " (as seen)") if seen else ""
    untc = f"; UN Treaty Collection {treaty.untc}" if treaty.untc else ""
    lines = [f"### {treaty.id} {treaty.name}\n", f"Done {treaty.done}; {force}{count}{untc}. {treaty.note}\n"]
    for left in treaty.withdrawn:
        mark = "" if left.checked else " (not checked)"
        lines.append(f"- {left.state} gave notice of leaving on {left.notified}{mark}.")
    return "\n".join([*lines, *(article_entry(a) for a in treaty.articles)]) + "\n"


def case_entry(case: Case) -> str:
    """One leading case: what it settles, and what follows for the record."""
    where = (
        f" Paragraphs {case.paragraphs.text}{'' if case.paragraphs.checked else ' (not checked)'}."
        if case.paragraphs
        else ""
    )
    return f"- **{case.name}** ({case.court}, {case.date}): {case.settles}{where}" + (
        f" {case.for_us}" if case.for_us else ""
    )


def parties_entry(treaty: Treaty) -> str:
    """The list of what states did about a treaty."""
    rows = [
        f"| {p.state} | {p.name_in_source} | {p.signed or ''} | {p.deposited or ''} | {p.how or 'signed only'} |"
        for p in parties(treaty.id).values()
    ]
    head = ["| state | name in the source | signed | deposited | how |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([f"### {treaty.id} {treaty.name}: who joined, as of March 2015\n", *head, *rows]) + "\n"


def state_entry(state: str, on: str | None) -> str:
    """What a state (ISO alpha-3) is bound by, on a day (EDTF) if one is given; ValueError for a state in no list."""
    lines = []
    for treaty in treaties().values():
        entry = parties(treaty.id).get(state)
        if entry:
            did = f"{entry.how} {entry.deposited}" if entry.deposited else f"signed {entry.signed}, not bound"
            is_bound = {True: "yes", False: "no", None: "not known"}[bound(state, treaty.id, on)]
            lines.append(f"- {treaty.id}: {did}" + (f"; bound on {on}: {is_bound}" if on else ""))
    if not lines:
        raise ValueError(f"no state {state!r} in the lists of parties; give an ISO 3166 alpha-3 code such as TUR")
    return "\n".join([f"### {state}\n", *lines]) + "\n"


def pair_entry(one: str, other: str, on: str) -> str:
    """What binds two states to each other on a day, and whether a way leads to the International Court; ValueError for a state in no list."""
    for state in (one, other):
        state_entry(state, on)
    lines = [f"### {one} and {other} on {on}\n"]
    for id in ("VCDR", "VCCR", "IPP", "SMC"):
        answers = [bound(state, id, on) for state in (one, other)]
        both = "both bound" if all(answers) else "not both bound" if False in answers else "not known"
        custom = ", so customary law" if both == "not both bound" and treaties()[id].custom else ""
        lines.append(f"- {id}: {both}{custom}.")
    routes = {True: "yes", False: "no", None: "not known"}
    lines.append(
        f"- International Court on a diplomatic dispute, by the protocol: {routes[icj_route(one, other, on)]}."
    )
    consular = routes[icj_route(one, other, on, consular=True)]
    lines.append(f"- International Court on a consular dispute, by the protocol: {consular}.")
    return "\n".join(lines) + "\n"


def law_entry(id: str) -> str:
    """What the law data says under an id: a treaty, article (``VCDR-22`` with its paragraphs), duty or case.

    An unknown id raises KeyError that says what ids look like.
    """
    wanted = id.strip()
    if wanted.upper() in treaties():
        return treaty_entry(treaties()[wanted.upper()])
    if wanted.upper() in duties():
        return duty_entry(duties()[wanted.upper()])
    if wanted.casefold() in cases():
        return case_entry(cases()[wanted.casefold()]) + "\n"
    treaty, _, number = wanted.partition("-")
    prefix = f"{treaty.upper()}-{number}"
    found = [a for a in articles().values() if a.id == prefix or a.id.startswith(f"{prefix}.")]
    if not found:
        raise KeyError(
            f"nothing under {id!r}; give a treaty ({', '.join(treaties())}), an article such as VCDR-22 or VCDR-22.2, "
            f"a duty (D01 to D24, I1 to I5) or a case ({', '.join(cases())})"
        )
    standing = [d for d in duties().values() if {a.id for a in found} & set(d.articles)]
    return "\n".join([*(article_entry(a) for a in found), "", *(duty_entry(d) for d in standing)])


def ontology_page() -> str:
    """docs/ontology.md."""
    lines = [
        _GENERATED,
        "# Event types\n",
        f"{len(types())} types in {len(GROUPS)} groups. A duty marked *further* is not the one first at stake: it shows on "
        "the duty panel and is left out of a reading. What a condition asks for must be known to be so; what the text does "
        "not say does not hold. The codes lose status, claimant and duty: they are for joining with other data.\n",
        "| type | severity | PLOVER | CAMEO |\n| --- | --- | --- | --- |",
        *(
            f"| [{t.id}](#{_anchor(f'{t.label} ({t.id})')}) | {t.severity.level} | {t.plover.event}"
            f"{f'-{t.plover.mode}' if t.plover.mode else ''} | {t.cameo or ''} |"
            for t in types().values()
        ),
        "",
    ]
    for group in GROUPS:
        lines += [f"## {group.capitalize()}\n", *(type_entry(t) for t in types().values() if t.group == group)]
    return _joined(lines)


def law_page() -> str:
    """docs/law.md."""
    unchecked = sum(not a.checked for a in articles().values())
    lines = [
        _GENERATED,
        "# The law on the record\n",
        "An event names the duty it touches, by article, in which relation, and who holds it: the receiving state as a rule, "
        "never the perpetrator. A breach is never read off an event; it can be alleged by somebody, admitted or found by a "
        "court. All texts here are our own words, for finding one's way, not for quoting: "
        f"{unchecked} of {len(articles())} entries could not be checked against the text and say so.\n",
        "What is not yet done exercises no right and performs no duty; what is only denied engages none. Words take the "
        "duty of the event they are about: the one they answer, or else the only act of their host in the article.\n",
        "When both states were bound on the day, the duty rests on the treaty; when one was not, on customary law where the "
        "treaty's content is custom; when the day or the lists do not tell, nothing is said.\n",
        "## Duties and rights\n",
        *(duty_entry(d) for d in duties().values()),
        "## Under which rules a mission comes\n",
        *(f"- {regime.label}: {regime.treaty}" for regime in regimes().regimes.values()),
        *(f"- {note}" for note in regimes().notes),
        "\n## Classes of person\n",
        *(f"- {p.label}: {p.has} ({', '.join(p.articles)})" for p in persons()),
        "\n## What an answer to a measure is\n",
        *(f"- **{tag.id}**: {tag.says}" for tag in answer_tags()),
        "\n## Leading cases\n",
        *(case_entry(c) for c in cases().values()),
        "\n## Treaties\n",
        *(treaty_entry(t) for t in treaties().values()),
        "Who joined what, and when: `legation law VCDR --parties`, `legation law --state TUR --on 2016-12-19`, "
        "`legation law --state TUR --state RUS --on 2016-12-19`.",
    ]
    return _joined(lines)


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _anchor(heading: str) -> str:
    kept = (c for c in heading.casefold().replace(" ", "-") if c.isalnum() or c in "-_")
    return "".join(kept)


def _regime_label(regime: str) -> str:
    return "" if regime == "any" else f"{regimes().regimes[regime].label}:"


def _condition(condition: Condition | None) -> str:
    return f", only if {' and '.join(_terms(condition))}" if condition else ""


def _terms(c: Condition) -> Iterator[str]:
    if c.actor_is:
        yield f"the actor is {'an' if c.actor_is == 'host_organ' else 'not known as an'} organ of the host"
    if c.actor_side:
        yield f"the actor's side is {' or '.join(c.actor_side)}"
    if c.target_side:
        yield f"the target's side is {' or '.join(c.target_side)}"
    if c.target_kinds:
        yield f"the target is {' or '.join(kind or 'not stated' for kind in c.target_kinds)}"
    if c.together_with:
        yield f"together with {' or '.join(c.together_with)}"
    if c.answers:
        yield f"in answer to {' or '.join(c.answers)}"
    if c.about:
        yield "no event is known that it is about"
    if c.count_at_least:
        yield f"{c.count_at_least} or more"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    (folder / "ontology.md").write_text(ontology_page(), encoding="utf-8")
    (folder / "law.md").write_text(law_page(), encoding="utf-8")
