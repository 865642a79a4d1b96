"""Whose mission, envoy, ministry or official is meant where the words name no state: evidence for each state, weighed.

"The embassy", "Ambassador Harel", "two attachés": the state is that of the mission told before, of the one who sends or
complains, of the guest of the article's place, or not to be known. "The ministry", "Prime Minister Okoro", "police": of the place, of the
government told before, of the paper's own country. Each hint is named evidence for a state, among them
what the ladder of `legation.reading.parties.short_forms` answers ("ruled"); a linear model weighs it by the sort of mention. "Nobody's"
is always a candidate. Weights: ``data/whose.json``, made by ``training/whose.py``.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from legation.reading.lexicon import words
from legation.reading.parties.forming import Draft
from legation.reading.parties.story import Story
from legation.reading.weighing import NOBODY, Evidence, chosen_by, fitted, weigh
from legation.schema import ORGANS

SURE = 0.5
"""Least probability at which a state is given; below it the mention stays without."""

_REACH = 15
"""Sentences that are looked back."""

_DEEDS = ("presiding_verbs", "receiving_verbs", "complaint_verbs", "cue_verbs")
"""Lists of `words.yaml` by which the verb over a mention is told."""


def sort_of(draft: Draft) -> str | None:
    """The sort of mention by which evidence is weighed; None for what is not weighed here."""
    if draft.form == "post":
        return "missions" if draft.plural else "mission"
    if draft.group is not None and draft.group.id == "envoy":
        return "named envoy" if draft.name_span is not None else "envoys" if draft.plural else "envoy"
    if draft.kind == "staff":
        return "staff"
    group = draft.group.id if draft.group is not None else ""
    if draft.kind not in ORGANS or draft.form not in {"person", "body"} or group in {"country", "counterpart"}:
        return None
    force = "" if draft.kind == "government" else f"{draft.kind} "
    if draft.form == "body":
        return f"{force}body"
    return force + ("named official" if draft.name_span is not None else "officials" if draft.plural else "official")


def _camp(draft: Draft) -> str:
    if draft.of_mission:
        return "mission"
    return "place" if draft.kind == "place" else "power" if draft.kind in ORGANS else "other"


class Whose:
    """Gathers and weighs the evidence for the mentions of one article; `asked` keeps what was weighed, for training."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.asked: list[tuple[Draft, str, Evidence]] = []
        self._shares: dict[str, Counter[str]] | None = None

    def shares(self) -> dict[str, Counter[str]]:
        """How often each state is named in the article, by camp, and as the host of a post."""
        if self._shares is None:
            found: dict[str, Counter[str]] = {
                name: Counter() for name in ("mission", "place", "power", "other", "host")
            }
            for draft in self.story.drafts:
                if draft.form == "pronoun":
                    continue
                for state in draft.states:
                    found[_camp(draft)][state] += 1
                if draft.post_in:
                    found["host"][draft.post_in] += 1
            self._shares = found
        return self._shares

    def evidence(self, draft: Draft, hints: Sequence[tuple[str, str | None]]) -> Evidence:
        """State → what speaks for it; `hints`: (name, state) of what single rules say."""
        story, text = self.story, self.story.text
        found: Evidence = {}

        def say(state: str | None, name: str) -> None:
            if state is not None and state != draft.post_in:
                found.setdefault(state, set()).add(name)

        state: str | None
        for camp, counter in self.shares().items():
            total = sum(counter.values())
            for rank, (state, n) in enumerate(counter.most_common(2)):
                say(state, f"{camp} {rank + 1}")
                if n > 0.6 * total:
                    say(state, f"{camp} mostly")
                if n > 0.85 * total > 2:
                    say(state, f"{camp} nearly all")
        for name, state in hints:
            say(state, name)
        say(story.host, "plays there")
        say(story.dateline, "dateline")
        say(story.outlet_state, "outlet")
        here, seen, nouns = text.sentence[draft.core[0]], set[str](), set(draft.noun.split())
        opens: str | None = None
        for other in story.before(draft, _REACH):
            if len(other.states) != 1 or other.form == "pronoun":
                continue
            camp, away = _camp(other), here - text.sentence[other.core[0]]
            if away < 2:
                near = "here" if away == 0 else "sentence before"
                say(other.state, f"{camp} {near}")
                if story.leads(other):
                    say(other.state, f"leads {near}")
            if text.line[other.core[0]] == text.line[draft.core[0]]:
                opens = other.state
            if away < 8 and camp not in seen:
                seen.add(camp)
                say(other.state, f"nearest {camp}")
            if camp == "mission":
                if "noun" not in seen and nouns & set(other.noun.split()):
                    seen.add("noun")
                    say(other.state, "nearest of the same noun")
                if draft.post_in and other.post_in == draft.post_in:
                    say(other.state, "has a post there")
                if draft.post_city and other.post_city == draft.post_city:
                    say(other.state, "has a post in that city")
                if other.post_in and other.post_in == story.host:
                    say(other.state, "has a post where the article plays")
        say(opens, "first of the paragraph")
        for other in story.after(draft):
            if text.sentence[other.core[0]] != here:
                break
            if len(other.states) == 1 and other.form != "pronoun":
                say(other.state, f"{_camp(other)} behind")
        for rank, state in enumerate(story.titled[:2]):
            say(state, f"title {rank + 1}")
        for rank, verb in enumerate(story.verbs_over(draft.head)[:3]):
            subject = story.subject(verb, passive=False)
            if subject is not None and subject is not draft and subject.form != "pronoun":
                deed = story.lemma(verb)
                how = next((name for name in _DEEDS if deed in words(name)), "another verb")
                say(subject.state, f"subject of {how}")
                say(subject.state, f"subject {rank}")
        if len(found) == 1:
            say(next(iter(found)), "only state")
        return found

    def choose(self, draft: Draft, sort: str, hints: Sequence[tuple[str, str | None]]) -> tuple[str | None, str]:
        """The state that speaks clearest, None when none does, and what weighed most."""
        found = self.evidence(draft, hints)
        self.asked.append((draft, sort, found))
        model = weights()
        odds = weigh(candidates(sort, found, self.traits(draft)), model)
        best = max(odds, key=lambda s: odds[s])
        if best == NOBODY or odds[best] < SURE:
            return None, "no state speaks clearly"
        return best, chosen_by(found[best], sort, model)

    def traits(self, draft: Draft) -> list[str]:
        """What the words themselves say of whether a state can be known."""
        opening = set(self.story.text.low[draft.start : draft.core[0]])
        return [
            "at large"
            if opening & (words("general") | words("general_at_opening"))
            else "indefinite"
            if opening & {"a", "an", "another", "one"}
            else "definite"
            if draft.definite
            else "counted"
            if "CD" in self.story.text.tag[draft.start : draft.core[0]]
            else "bare",
            f"noun {draft.noun.split()[-1]}" if draft.noun else "no noun",
        ]


def features(sort: str, names: set[str], traits: list[str]) -> Iterator[str]:
    """Features of one candidate: its evidence, alone, with the sort of mention and with its article or number."""
    for name in ("bias", *names):
        yield name
        yield f"{sort}|{name}"
        yield f"{traits[0]}|{name}"


def nobody(sort: str, found: Evidence, traits: list[str]) -> Iterator[str]:
    """Features of "nobody's"."""
    told = ["nobody", *(f"nobody, {t}" for t in traits), *(["nobody, none named"] if not found else [])]
    given = set().union(*found.values()) if found else set()
    told += [
        f"nobody, no {n}"
        for n in ("ruled", "mission here", "mission sentence before", "nearest mission")
        if n not in given
    ]
    for name in told:
        yield name
        yield f"{sort}|{name}"


def candidates(sort: str, found: Evidence, traits: list[str]) -> dict[str, Iterator[str]]:
    """Nobody and each state with evidence → features, in order."""
    return {NOBODY: nobody(sort, found, traits)} | {s: features(sort, found[s], traits) for s in sorted(found)}


def weights() -> Mapping[str, float]:
    """Feature → weight."""
    found: Mapping[str, float] = fitted("whose")
    return found
