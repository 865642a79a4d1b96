"""Keeps clusters and incidents what they would be if all mentions had been clustered at once.

`settle` is told which mentions came and went and recomputes what they can touch: the stretch of their unit, vague mentions that
may attach to a changed cluster, then the incidents those belong to. Everything is a function of mentions and decisions alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from legation.record import clusters
from legation.record.batch import Questions, chunks, then, update_rows
from legation.record.clusters import Cluster, Cuts, Mention
from legation.record.identity import DATED, gap
from legation.record.knowledge import knowledge
from legation.record.nouns import Reason
from legation.record.score import decode_account, encode
from legation.record.sources import Groups
from legation.record.tables import event

_LONGEST = knowledge().undated.known + knowledge().undated.after
"""Days that a vague mention can reach over; more than a year."""

_COLUMNS = [
    event.c[name]
    for name in (
        *("pk", "id", "article", "account", "series", "left", "right", "lo", "hi", "core"),
        *("unit", "anchor", "cluster", "attached", "incident", "reasons"),
    )
]


@dataclass(slots=True, eq=False)
class Stored(Mention):
    """A mention to be clustered with its columns as stored."""

    left: str | None
    right: str | None
    core: bool
    unit: str
    cluster: int
    attached: bool
    incident: int
    reasons: str

    @property
    def kind(self) -> tuple[str, str]:
        """Type and mode."""
        type, mode, _ = self.series.split("|", 2)
        return type, mode


@dataclass
class Touched:
    """What changed since the last `settle`: mentions that went (as they were), mentions that are new or differ (pk)."""

    gone: list[Stored] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    incidents: set[int] = field(default_factory=set)  # to be rebuilt for another reason


def settle(tx: Connection, touched: Touched, cuts: Cuts, links: Sequence[Sequence[int]] = ()) -> set[int]:
    """Cluster again what was touched; gives the incidents (pk) to be rebuilt, those that are no more among them.

    `cuts`: mentions people parted, by id. `links`: mentions (pk) people joined, in lists.
    """
    return _Settling(tx, touched, cuts).run(links)


def fetch_in(tx: Connection, key: ColumnElement[Any], keys: Iterable[Any], *where: ColumnElement[bool]) -> list[Stored]:
    """Mentions of which a column is one of many keys."""
    found = (tx.execute(select(*_COLUMNS).where(key.in_(some), *where)) for some in chunks(sorted(set(keys)), 500))
    return [_stored(row) for rows in found for row in rows]


class _Settling:
    def __init__(self, tx: Connection, touched: Touched, cuts: Cuts) -> None:
        self.tx, self.touched, self.cuts = tx, touched, cuts
        self.known: dict[int, Stored] = {}
        self.moved: set[int] = set()  # mentions whose row must be written
        self.changed = {mention.cluster for mention in touched.gone}  # labels whose members changed, gone ones too

    def run(self, links: Sequence[Sequence[int]]) -> set[int]:
        arrived = self._know(fetch_in(self.tx, event.c.pk, self.touched.new))
        gone = self.touched.gone
        reached = self._recluster([m for m in [*arrived, *gone] if m.core], event.c.core.is_(True))
        self._write()
        loose = self._attach([m for m in arrived if not m.core], reached)
        self._write()
        loose += [m for m in gone if not m.core and not m.attached]
        self._recluster(loose, event.c.core.is_(False) & event.c.attached.is_(False))
        self._write()
        return self._incidents(links)

    def _know(self, found: Iterable[Stored]) -> list[Stored]:
        """One object a mention over the whole run."""
        return [self.known.setdefault(mention.pk, mention) for mention in found]

    def _recluster(self, dirty: Sequence[Stored], where: ColumnElement[bool]) -> list[list[Stored]]:
        """Cluster the stretches around dirty mentions again; gives the members, old and new, of each changed cluster."""
        reached = []
        for run, present in self._runs(dirty, where):
            before: dict[int, set[int]] = defaultdict(set)
            for mention in run:
                if mention.pk not in self.touched.new:
                    before[mention.cluster].add(mention.pk)
            after: dict[int, set[int]] = {}
            for stretch in (
                clusters.stretches(present, present[0].kind[0], story=_story(present[0].unit)) if present else ()
            ):
                for cluster in clusters.cluster(stretch, self.cuts):
                    label = min(m.pk for m in cluster.members)
                    after[label] = {m.pk for m in cluster.members}
                    for member, reasons in zip(cluster.members, cluster.reasons, strict=True):
                        self._assign(self.known[member.pk], label, False, reasons)
            everyone = {m.pk: m for m in run}
            for label in before.keys() | after.keys():
                members = before.get(label, set()) | after.get(label, set())
                if before.get(label) != after.get(label) or members & self.touched.new:
                    self.changed.add(label)
                    reached.append([everyone[pk] for pk in members])
        return reached

    def _runs(self, dirty: Sequence[Stored], where: ColumnElement[bool]) -> Iterator[tuple[list[Stored], list[Stored]]]:
        """The runs of mentions that dirty ones stand in, gone ones standing for what they held together; and those present."""
        windows: dict[str, list[list[int]]] = defaultdict(list)
        by_unit: dict[str, list[Stored]] = defaultdict(list)
        for mention in sorted(dirty, key=lambda m: m.anchor):
            by_unit[mention.unit].append(mention)
            reach, spans = gap(mention.unit), windows[mention.unit]
            if spans and mention.anchor - reach <= spans[-1][1]:
                spans[-1][1] = mention.anchor + reach
            else:
                spans.append([mention.anchor - reach, mention.anchor + reach])
        marked = {m.pk for m in dirty}
        asked = [(unit, low, high) for unit, spans in windows.items() for low, high in spans]
        while asked:
            again: dict[str, list[tuple[int, int]]] = defaultdict(list)
            found = self._between(asked, where)
            for index, (unit, low, high) in enumerate(asked):
                rows = {m.pk: m for m in found[index]}
                everyone = {m.pk: m for m in by_unit[unit] if low <= m.anchor <= high} | rows
                runs = [
                    run
                    for run in clusters.stretches(everyone.values(), by_unit[unit][0].kind[0], story=_story(unit))
                    if any(m.pk in marked for m in run)
                ]
                reach = gap(unit)
                if _anchored(unit) and any(
                    run[0].anchor - reach < low or max(m.anchor for m in run) + reach > high for run in runs
                ):
                    start, end = min(r[0].anchor for r in runs), max(m.anchor for r in runs for m in r)
                    again[unit].append((min(low, start - 4 * reach), max(high, end + 4 * reach)))
                else:
                    yield from ((run, [m for m in run if m.pk in rows]) for run in runs)
            asked = [(unit, low, high) for unit, spans in again.items() for low, high in _merged(spans)]

    def _between(self, asked: Sequence[tuple[str, int, int]], where: ColumnElement[bool]) -> list[list[Stored]]:
        """Mentions of units between two anchors, for each of many questions."""
        answers: list[list[Stored]] = [[] for _ in asked]
        for some in chunks([(i, *question) for i, question in enumerate(asked)], 200):
            q = Questions(self.tx, n=int, unit=str, low=int, high=int)
            near = (event.c.unit == q.c.unit) & event.c.anchor.between(q.c.low, q.c.high)
            found = select(q.c.n, *_COLUMNS).select_from(then(q.table, event)).where(near, where)
            for n, *row in self.tx.execute(found, q.ask(some)):
                answers[n] += self._know([_stored(row)])
        return answers

    def _attach(self, new: list[Stored], reached: list[list[Stored]]) -> list[Stored]:
        """Attach vague mentions to dated clusters again; gives those that are on their own now or are no longer."""
        dirty = {m.pk: m for m in [*new, *self._vague_near(reached)]}
        mates = fetch_in(self.tx, event.c.article, {m.article for m in dirty.values()}, event.c.core.is_(False))
        kinds = {(m.article, m.kind) for m in dirty.values()}
        groups: dict[tuple[int, tuple[str, str]], list[Stored]] = defaultdict(list)
        for mention in self._know(mates):
            if (mention.article, mention.kind) in kinds:
                groups[mention.article, mention.kind].append(mention)
        candidates = self._candidates([m for group in groups.values() for m in group])
        loose = []
        for group in groups.values():
            homes = clusters.attach([(m, candidates[m.pk]) for m in group], self.cuts)
            for mention in group:
                home = homes.get(mention.pk)
                if home:
                    if not mention.attached and mention.pk not in self.touched.new:
                        loose.append(mention)
                    self.changed |= {mention.cluster, home[0]}
                    self._assign(mention, home[0], True, home[1])
                elif mention.attached:
                    self.changed |= {mention.cluster, mention.pk}
                    self._assign(mention, mention.pk, False, [])
                    loose.append(mention)
                elif mention.pk in self.touched.new:
                    loose.append(mention)
        return loose

    def _vague_near(self, reached: list[list[Stored]]) -> list[Stored]:
        """Vague mentions that may tell of one of some clusters."""
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for members in reached:
            low = min(m.lo for m in members if m.lo is not None)
            high = max(m.hi for m in members if m.hi is not None)
            for key in {key for m in members for key in (m.series, m.left, m.right) if key}:
                spans[key].append((low, high))
        asked = [(key, low, high) for key in sorted(spans) for low, high in _merged(spans[key])]
        found: list[Stored] = []
        for some in chunks(asked, 200):
            q = Questions(self.tx, series=str, low=int, high=int)
            near = (
                event.c.core.is_(False)
                & (event.c.series == q.c.series)
                & event.c.lo.between(q.c.low - _LONGEST, q.c.high)
                & (event.c.hi >= q.c.low)
            )
            query = select(*_COLUMNS).select_from(then(q.table, event)).where(near)
            rows = self.tx.execute(query, q.ask(some))
            found += self._know(_stored(row) for row in rows)
        return found

    def _candidates(self, vague: Sequence[Stored]) -> dict[int, list[tuple[int, Cluster]]]:
        """For each vague mention the dated clusters, by label, that it may tell of."""
        asked: dict[str, set[tuple[str, int, int]]] = defaultdict(set)
        for m in vague:
            if m.lo is None or m.hi is None:
                continue
            if m.left:
                asked["unit"].add((f"{m.series}|core", m.lo - DATED, m.hi))
            else:
                asked["left" if m.series.endswith("|*") else "right"].add((m.series, m.lo - DATED, m.hi))
        near: dict[tuple[str, int, int], set[int]] = defaultdict(set)
        for name, questions in asked.items():
            for some in chunks(sorted(questions), 200):
                q = Questions(self.tx, key=str, low=int, high=int)
                here = (event.c[name] == q.c.key) & event.c.anchor.between(q.c.low, q.c.high) & event.c.core.is_(True)
                found = select(q.c.key, q.c.low, q.c.high, event.c.cluster).distinct()
                found = found.select_from(then(q.table, event)).where(here)
                for key, low, high, label in self.tx.execute(found, q.ask(some)):
                    near[key, low, high].add(label)
        homes = self._profiles({m.article for m in vague}, set().union(*near.values()))
        apart = self._apart(vague)
        answers: dict[int, list[tuple[int, Cluster]]] = {}
        for m in vague:
            key = f"{m.series}|core" if m.left else m.series
            labels = near.get((key, m.lo - DATED, m.hi), set()) if m.lo is not None and m.hi is not None else set()
            answers[m.pk] = [(label, homes[label]) for label in sorted(labels - apart.get(m.id, set()))]
        return answers

    def _profiles(self, articles: set[int], labels: set[int]) -> dict[int, Cluster]:
        """Dated clusters by label: their accounts, and which of some articles they hold."""
        found: dict[int, Cluster] = defaultdict(Cluster)
        core = event.c.core.is_(True)
        for some in chunks(sorted(labels), 500):
            query = select(event.c.cluster, event.c.account, func.count()).where(core, event.c.cluster.in_(some))
            for label, text, count in self.tx.execute(
                query.group_by(event.c.cluster, event.c.account).order_by(event.c.cluster, event.c.account)
            ):
                found[label].accounts[decode_account(text)] = count
        for some in chunks(sorted(articles), 500):
            query = select(event.c.cluster, event.c.article).where(core, event.c.article.in_(some))
            for label, article in self.tx.execute(query):
                if label in found:
                    found[label].articles.add(article)
        return found

    def _apart(self, mentions: Iterable[Stored]) -> dict[str, set[int]]:
        """Labels of the clusters that people parted mentions (id) from."""
        parted = {m.id: self.cuts[m.id] for m in mentions if m.id in self.cuts}
        others = fetch_in(self.tx, event.c.id, set().union(*parted.values())) if parted else []
        label = {other.id: other.cluster for other in self._know(others)}
        return {id: {label[other] for other in apart if other in label} for id, apart in parted.items()}

    def _assign(self, mention: Stored, cluster: int, attached: bool, reasons: list[Reason]) -> None:
        why = encode(reasons)
        if (mention.cluster, mention.attached, mention.reasons) != (cluster, attached, why):
            mention.cluster, mention.attached, mention.reasons = cluster, attached, why
            self.moved.add(mention.pk)

    def _write(self) -> None:
        moved = [self.known[pk] for pk in sorted(self.moved)]
        rows = [{"pk": m.pk, "cluster": m.cluster, "attached": m.attached, "reasons": m.reasons} for m in moved]
        update_rows(self.tx, event, ["pk"], rows)
        self.moved.clear()

    def _incidents(self, links: Sequence[Sequence[int]]) -> set[int]:
        """Clusters that people joined are one incident; otherwise each is one. Gives all incidents touched."""
        roots = self._joined(links)
        labels = self.changed | roots.keys() | {m.cluster for m in self.known.values() if m.pk in self.touched.new}
        touched = set(self.touched.incidents) | {m.incident for m in self.touched.gone}
        moves = []
        for mention in self._know(fetch_in(self.tx, event.c.cluster, labels)):
            incident = roots.get(mention.cluster, mention.cluster)
            touched |= {mention.incident, incident}
            if mention.incident != incident:
                mention.incident = incident
                moves.append({"pk": mention.pk, "incident": incident})
        update_rows(self.tx, event, ["pk"], moves)
        return touched

    def _joined(self, links: Sequence[Sequence[int]]) -> dict[int, int]:
        """Label → least label of those that people joined with it."""
        groups = Groups[int]()
        pks = {pk for link in links for pk in link}
        label = {m.pk: m.cluster for m in self._know(fetch_in(self.tx, event.c.pk, pks))}
        for link in links:
            present = [label[pk] for pk in link if pk in label]
            for one in present[1:]:
                groups.unite(present[0], one)
        return {one: groups.root(one) for one in set(label.values())}


def _stored(row: Any) -> Stored:
    (pk, id, article, text, series, left, right, lo, hi, core, unit, anchor, cluster, attached, incident, why) = row
    return Stored(
        pk=pk,
        id=id,
        article=article,
        lo=lo,
        hi=hi,
        anchor=anchor,
        series=series,
        account=decode_account(text),
        left=left,
        right=right,
        core=core,
        unit=unit,
        cluster=cluster,
        attached=attached,
        incident=incident,
        reasons=why,
    )


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping spans as one."""
    low = high = None
    for start, end in sorted(spans):
        if low is None or high is None:
            low, high = start, end
        elif start <= high:
            high = max(high, end)
        else:
            yield low, high
            low, high = start, end
    if low is not None and high is not None:
        yield low, high


def _story(unit: str) -> bool:
    return not unit.endswith(("|core", "|day"))


def _anchored(unit: str) -> bool:
    """Whether a unit runs on along its axis; the others have one anchor."""
    return unit.endswith(("|core", "|day", "|undated"))
