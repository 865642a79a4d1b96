"""All about one incident: who says what, from where, what it engages, what answered it, what people decided."""

from typing import TYPE_CHECKING

import click

from legation.cli._record import form_option, items_table, json_line, link_how, opened, printed, record_option

if TYPE_CHECKING:
    from legation.record.nouns import Detail, Source


@click.command(help=__doc__)
@click.argument("incident")
@record_option
@form_option
def command(incident: str, where: str, form: str) -> None:
    with opened(where) as record:
        found = record.incident(incident)
    if form == "jsonl":
        json_line(found)
        return
    from rich.rule import Rule
    from rich.text import Text

    one = found.incident
    printed(Text(one.headline, style="bold"))
    facts = [
        one.date or "undated",
        one.status,
        one.standing,
        one.review,
        f"{one.sources} independent of {one.articles} articles",
    ]
    printed(Text("  ".join([one.id, *facts])))
    if one.aggregate:
        printed(Text("a total over several states: kept apart from its parts, never summed with them"))
    differing = {field: given for field, given in found.values.items() if len(given) > 1}
    for field, given in differing.items():
        told = "; ".join(f"{_plain(value.value)}, says {', '.join(value.says)}" for value in given)
        printed(Text(f"{field}: {told}"))
    if found.unknown:
        printed(Text(f"not known: {', '.join(found.unknown)}"))
    printed(Rule("who says what"))
    for claim in found.claims:
        who = claim.name or claim.side or claim.outlet or claim.article
        via = f", by {claim.relayed_by}" if claim.relayed_by else ""
        printed(
            Text(
                f"{claim.day or 'undated'}  {who} {claim.stance} ({claim.outlet or claim.article}{via}): “{claim.quote}”"
            )
        )
    printed(Rule("sources"))
    for source in found.sources:
        _tree(source)
    _rest(found)


def _tree(source: "Source") -> None:
    from rich.text import Text
    from rich.tree import Tree

    why = f" ({'; '.join(source.because)})" if source.because else ""
    tree = Tree(Text(f"{source.label}{why}"))
    for copy in source.articles:
        how = f", copies {copy.of}, +{copy.adds} −{copy.drops} sentences" if copy.of else ""
        tree.add(Text(f"{copy.published or 'undated'}  {copy.outlet or 'outlet not known'}  {copy.article}{how}"))
    printed(tree)


def _rest(found: "Detail") -> None:
    from rich.rule import Rule
    from rich.text import Text

    if found.duties:
        printed(Rule("duties"))
    for duty in found.duties:
        printed(
            Text(
                f"{duty.duty} {duty.relation.replace('_', ' ')}: {duty.holder or '?'} towards {duty.toward or '?'}; "
                f"{duty.law}, {duty.because}"
            )
        )
    for title, links in (("answers", found.answers), ("answered by", found.answered_by)):
        if links:
            printed(Rule(title))
        for link in links:
            other = link.answered if title == "answers" else link.answer
            printed(
                Text(f"{other.date or 'undated'}  {other.headline}  {other.id}  ({link_how(link)}; {link.because})")
            )
    if found.items:
        printed(Rule("waits"))
        items_table(found.items)
    if found.decisions:
        printed(Rule("decisions"))
    for decision in found.decisions:
        undone = f", undone by {decision.undone}" if decision.undone else ""
        printed(
            Text(
                f"{decision.seq}  {decision.at}  {decision.author}: {decision.action} {_plain(decision.detail)}: {decision.reason}{undone}"
            )
        )
    printed(Rule("mentions"))
    for mention in found.mentions:
        joined = "; ".join(f"{reason.because} ({reason.points:+g})" for reason in mention.reasons) or "first of it"
        printed(Text(f"{mention.id}  {mention.article}  “{mention.event.evidence.text}”  {joined}"))


def _plain(value: object) -> str:
    from legation.schema import Post

    if isinstance(value, Post):
        return " ".join(part for part in (value.kind, value.of, value.city or value.in_) if part)
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return str(value)
