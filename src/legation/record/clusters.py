"""Mentions of one unit into clusters, the same whatever order they came in.

The fullest account first, each joins the cluster it agrees with best, if the points reach the threshold, or begins one.
Two mentions of one article never meet: a reading lists each act once. What people parted stays apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from legation.record import days
from legation.record.knowledge import knowledge, slack
from legation.record.nouns import Reason
from legation.record.score import Account, compare, total


@dataclass(slots=True)
class Mention:
    """A mention to be clustered: its name, article, days and account."""

    pk: int
    id: str
    article: int
    lo: int | None
    hi: int | None
    anchor: int
    series: str
    account: Account


M = TypeVar("M", bound=Mention)


@dataclass(slots=True)
class Cluster:
    """Mentions of one act, each with why it was joined (none for the first)."""

    members: list[Mention] = field(default_factory=list)
    reasons: list[list[Reason]] = field(default_factory=list)
    articles: set[int] = field(default_factory=set)
    accounts: dict[Account, int] = field(default_factory=dict)

    def add(self, mention: Mention, reasons: list[Reason]) -> None:
        self.members.append(mention)
        self.reasons.append(reasons)
        self.articles.add(mention.article)
        self.accounts[mention.account] = self.accounts.get(mention.account, 0) + 1

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The days that its dated accounts give."""
        return [span for account in self.accounts if (span := days.span(account.date))]

    @property
    def latest(self) -> int:
        """The last day that one begins at."""
        return max(first for first, _ in self.spans)

    def fits(self, account: Account) -> tuple[float, list[Reason]]:
        """Points of an account: the mean over the accounts it holds, with the reasons of the nearest one."""
        scored = [(total(reasons), reasons) for reasons in (compare(known, account) for known in self.accounts)]
        counts = self.accounts.values()
        mean = sum(points * n for (points, _), n in zip(scored, counts, strict=True)) / sum(counts)
        return mean, max(scored, key=lambda s: s[0])[1]


Cuts = dict[str, set[str]]
"""Mentions that people parted from a mention."""


def stretches(mentions: Iterable[M], type: str, *, story: bool) -> Iterator[list[M]]:
    """Mentions of a unit in runs that no act can span; `story`: undated ones, which run on by days of publication."""
    run: list[M] = []
    until = 0
    reach = knowledge().undated.story if story else slack(type)
    for mention in sorted(mentions, key=lambda m: (m.anchor, m.id)):
        end = mention.anchor if story or mention.hi is None else mention.hi
        if run and mention.anchor > until + reach:
            yield run
            run = []
        until = end if not run else max(until, end)
        run.append(mention)
    if run:
        yield run


def cluster(mentions: Sequence[Mention], cuts: Cuts) -> list[Cluster]:
    """The clusters of a stretch."""
    clusters: list[Cluster] = []
    by_account: dict[Account, list[Cluster]] = defaultdict(list)
    for mention in sorted(mentions, key=fullest_first):
        best, points, reasons = None, knowledge().threshold, list[Reason]()
        known = by_account[mention.account]
        for candidate in known if any(_may_join(c, mention, cuts) for c in known) else clusters:
            if _may_join(candidate, mention, cuts):
                score, why = candidate.fits(mention.account)
                if score >= points and (best is None or score > points):
                    best, points, reasons = candidate, score, why
        if best is None:
            clusters.append(best := Cluster())
        if best not in known:
            known.append(best)
        best.add(mention, reasons)
    return clusters


def attach(
    mentions: Sequence[tuple[Mention, Sequence[tuple[int, Cluster]]]], cuts: Cuts
) -> dict[int, tuple[int, list[Reason]]]:
    """For vague mentions (pk) of one article the dated cluster (label) each tells of, among its candidates.

    The best of those that fit; of equal ones the latest for an undated mention, else none. Of two mentions that want one
    cluster, the one that fits better gets it.
    """
    wishes: dict[int, tuple[float, str, int, list[Reason]]] = {}
    for mention, candidates in mentions:
        fits = [
            (*candidate.fits(mention.account), candidate.latest, label)
            for label, candidate in candidates
            if _within(mention, candidate) and _may_join(candidate, mention, cuts)
        ]
        fits = sorted(
            (fit for fit in fits if fit[0] >= knowledge().threshold), key=lambda fit: (-fit[0], -fit[2], fit[3])
        )
        if not fits or (len(fits) > 1 and not _parted(mention, fits[0], fits[1])):
            continue
        points, reasons, _, label = fits[0]
        if label not in wishes or (-points, mention.id) < (-wishes[label][0], wishes[label][1]):
            wishes[label] = (points, mention.id, mention.pk, reasons)
    return {pk: (label, reasons) for label, (_, _, pk, reasons) in wishes.items()}


def _parted(
    mention: Mention, one: tuple[float, list[Reason], int, int], two: tuple[float, list[Reason], int, int]
) -> bool:
    """Whether the first of two fits is better: by points, or, for an undated mention, by being later."""
    return one[0] > two[0] or (mention.account.date is None and one[2] > two[2])


def _within(mention: Mention, candidate: Cluster) -> bool:
    return (
        mention.lo is not None
        and mention.hi is not None
        and any(first <= mention.hi and mention.lo <= last for first, last in candidate.spans)
    )


def _may_join(candidate: Cluster, mention: Mention, cuts: Cuts) -> bool:
    if mention.article in candidate.articles:
        return False
    apart = cuts.get(mention.id)
    return not apart or not any(member.id in apart for member in candidate.members)


def fullest_first(mention: Mention) -> tuple[int, int, str]:
    """Order in which mentions are clustered: most fields known, then earliest."""
    account = mention.account
    known = (
        account.date,
        account.city,
        account.actor,
        account.actor_name,
        account.target_name,
        account.post,
        account.count,
    )
    return -sum(value is not None for value in known), mention.anchor, mention.id
