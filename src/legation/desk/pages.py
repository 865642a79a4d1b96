"""The pages. Each is rendered on the server and works without JavaScript."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from msgspec.structs import replace
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from legation import law
from legation.desk import timeline
from legation.desk.desk import Desk, Viewer, may_decide
from legation.desk.facets import facets
from legation.desk.filters import filter_of
from legation.desk.forms import Form
from legation.desk.levels import level, rules
from legation.desk.marks import Mark, marks_of, stretches
from legation.desk.network import network
from legation.desk.places import places
from legation.desk.problems import Problem
from legation.desk.words import is_state, label, post_spec
from legation.exports.knowledge import HOLDERS
from legation.ontology import GROUPS, types
from legation.record.decisions import FIELDS
from legation.record.nouns import Change, Detail, Filter, Incident
from legation.schema import Offsets, Post

SHOWN = 60_000
"""Characters of an article on one page; more of it has pages of its own."""
DRAWN = 300
"""Incidents on one map, timeline or network: what a page can word in a tenth of a second; 'Older' has the rest."""
STATUSES = ("reported", "claimed", "denied", "announced", "threatened", "demanded")
STANDINGS = ("corroborated", "contested", "denied", "one-sided", "single-source")
REVIEWS = ("unreviewed", "confirmed", "corrected", "rejected")
NORM_DAYS = 90


class Norm(NamedTuple):
    """A group's incidents on the newest day, the mean of a day in the `NORM_DAYS` before, and each of those days as a bar."""

    group: str
    last: int
    mean: float
    bars: tuple[tuple[int, int], ...]  # days after the first, height of 0 to 24

    @property
    def words(self) -> str:
        if self.last == 0 and self.mean < 0.5:
            return "none, as usual"
        if self.last > 2 * self.mean + 1:
            return "more than usual"
        return "less than usual" if self.last < self.mean / 2 else "as usual"


def router(desk: Desk) -> APIRouter:
    """The pages over a desk."""
    made = APIRouter(include_in_schema=False)
    record = desk.record

    def follow(request: Request) -> Filter:
        return filter_of({key: request.query_params.getlist(key) for key in request.query_params})

    @made.get("/")
    def today(request: Request) -> Response:
        last, since = record.last_change(), _seen(desk, request)
        since = since if since is not None and since <= last else None
        changes = record.changes(max(since or 0, last - 500), 500)
        newest = _newest(desk)
        recent, items = _recent(desk, newest, 30), record.open_items(limit=12)
        return desk.page(
            request,
            "today.html",
            since=since,
            last=last,
            changes=_by_severity(changes),
            newest=newest,
            norms=_norms(desk, newest),
            open_items=items,
            subjects=record.named({item.incident for item in items}),
            pairs=_hot((one.receiving, one.sending) for one in recent if _two_states(one)),
            posts=_hot(one.post for one in recent if post_spec(one.post)),
            chart=timeline.chart(recent),
        )

    @made.post("/seen")
    def mark_seen(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        number = str(form.get("last", ""))
        answer = RedirectResponse("/", 303)
        if number.isdigit() and len(number) < 16:
            if desk.team:
                record.accounts.saw(str(request.state.viewer.name), int(number))
            else:
                answer.set_cookie("legation_seen", number, max_age=34_560_000, httponly=True, samesite="strict")
        return answer

    def listed(request: Request, template: str, limit: int, **drawn: Callable[[tuple[Incident, ...]], Any]) -> Response:
        """A page of what passes the filter of the address; `drawn`: what else the page makes of it."""
        wanted = follow(request)
        page = record.incidents(wanted, request.query_params.get("cursor") or None, limit)
        return desk.page(
            request,
            template,
            wanted=wanted,
            page=page,
            total=record.count(wanted),
            whole=record.count(),
            types=types(),
            groups=GROUPS,
            statuses=STATUSES,
            standings=STANDINGS,
            reviews=REVIEWS,
            **{name: make(page.items) for name, make in drawn.items()},
        )

    @made.get("/incidents")
    def incidents(request: Request) -> Response:
        return listed(request, "incidents.html", 50)

    @made.get("/timeline")
    def over_time(request: Request) -> Response:
        return listed(request, "timeline.html", DRAWN, chart=lambda shown: timeline.chart(shown, height=46))

    @made.get("/map")
    def over_places(request: Request) -> Response:
        return listed(request, "map.html", DRAWN, places=places)

    @made.get("/network")
    def among_states(request: Request) -> Response:
        return listed(request, "network.html", DRAWN, network=network)

    @made.get("/search")
    def search(request: Request) -> Response:
        wanted = follow(request)
        return desk.page(
            request,
            "search.html",
            wanted=wanted,
            page=record.incidents(wanted, request.query_params.get("cursor") or None, 30),
            total=record.count(wanted),
            whole=record.count(),
            facets=facets(record.facets(wanted), wanted),
            articles=record.articles(text=wanted.text, limit=8) if wanted.text else None,
        )

    @made.get("/incidents/{id}")
    def incident(request: Request, id: str) -> Response:
        found = record.incident(id)
        shown = request.query_params.get("article") or (found.claims[0].article if found.claims else None)
        known = {mention.article for mention in found.mentions}
        beside = record.article(shown) if shown in known else record.article(found.mentions[0].article)
        return desk.page(
            request,
            "incident.html",
            found=found,
            one=found.incident,
            about=found.answers[0].answered if found.answers else None,
            beside=beside,
            text=_lit(beside.reading.text, beside.reading.boilerplate, found, beside.row.id),
            cut=len(beside.reading.text) > SHOWN,
            counts=_counts(found),
            stakes=_stakes(found),
            route=_route(found.incident),
            fields=FIELDS,
            near=_near(desk, found.incident),
            subjects={found.incident.id: found.incident},
        )

    @made.post("/incidents/{id}/decide")
    def decide(request: Request, form: Form, id: str) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        action = str(form.get("action", ""))
        viewer = may_decide(request, action)
        given = {name: str(form.get(name) or "").strip() or None for name in ("field", "value", "other", "note")}
        who = viewer.name or str(form.get("author") or "").strip()
        reason = str(form.get("reason") or "").strip()
        if not who or not reason:
            raise Problem(422, f"{action} {id}: say who decides and why")
        made_ = record.review(
            action,  # type: ignore[arg-type]
            id,
            author=who,
            reason=reason,
            mentions=[str(one) for one in form.getlist("mention")],
            **given,
        )
        target = made_.mentions[0] if made_.mentions else id
        return _authored(RedirectResponse(f"/incidents/{target}?done={made_.action}#history", 303), who)

    @made.post("/decisions/{seq}/undo")
    def undo(request: Request, form: Form, seq: int) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        viewer = request.state.viewer
        who = viewer.name or str(form.get("author") or "").strip()
        reason = str(form.get("reason") or "").strip()
        if not who or not reason or seq > 2**53:
            raise Problem(422, f"undo {seq}: say who takes it back and why")
        taken = record.undo(seq, author=who, reason=reason)
        return _authored(RedirectResponse(f"/incidents/{taken.mentions[0]}?done=undo#history", 303), who)

    @made.get("/pairs")
    def pairs(request: Request) -> Response:
        first = (request.query_params.get("first") or "").upper()
        second = (request.query_params.get("second") or "").upper()
        if first and second:
            return RedirectResponse(f"/pairs/{first}/{second}", 303)
        recent = record.incidents(limit=500).items
        hot = _hot(((one.receiving, one.sending) for one in recent if _two_states(one)), most=40)
        return desk.page(
            request, "pairs.html", pairs=hot, posts=_hot((p.post for p in recent if post_spec(p.post)), 40)
        )

    @made.get("/pairs/{first}/{second}")
    def pair(request: Request, first: str, second: str) -> Response:
        cursors = request.query_params.get("before_first"), request.query_params.get("before_second")
        found = record.pair(first.upper(), second.upper(), before=cursors)
        rows: dict[str, tuple[list[Incident], list[Incident]]] = {}
        for side, column in enumerate((found.by_first, found.by_second)):
            for one in column.items:
                rows.setdefault(one.day or "", ([], []))[side].append(one)
        return desk.page(
            request,
            "pair.html",
            found=found,
            rows=sorted(rows.items(), reverse=True),
            chart=timeline.ledger(found),
            subjects=record.named({item.incident for item in found.items}),
            newest=_newest(desk),
            bound=_bound(found.first, found.second, _newest(desk)),
        )

    @made.get("/posts")
    def post(request: Request) -> Response:
        spec = request.query_params.get("post", "").strip()
        found = record.post(spec, request.query_params.get("cursor") or None)
        newest = _newest(desk)
        since = (date.fromisoformat(newest) - timedelta(days=365)).isoformat() if newest else None
        recent = record.incidents(Filter(post=spec, since=since), limit=500).items
        return desk.page(
            request,
            "post.html",
            spec=spec,
            found=found,
            level=level(found, recent, newest),
            rules=rules(),
            newest=newest,
            chart=timeline.chart(found.incidents.items),
            subjects=record.named({item.incident for item in found.items}),
        )

    @made.get("/open")
    def waiting(request: Request) -> Response:
        state = request.query_params.get("state") or "open"
        if state not in ("open", "answered", "overtaken"):
            raise Problem(422, f"state {state!r}: there are open, answered and overtaken")
        holder = (request.query_params.get("holder") or "").upper() or None
        items = record.open_items(holder=holder, state=state, limit=300)
        subjects = record.named({item.incident for item in items})
        return desk.page(request, "open.html", items=items, subjects=subjects, state_=state, holder=holder)

    @made.get("/articles/{id}")
    def article(request: Request, id: str) -> Response:
        found = record.article(id)
        named = record.named(incident for _, incident in found.mentions)
        labels = {type: label(type) for type in types()}
        text, asked = found.reading.text, request.query_params.get("from", "")
        start = int(asked) // SHOWN * SHOWN if asked.isdigit() and int(asked[:9]) < len(text) else 0
        return desk.page(
            request,
            "article.html",
            found=found,
            text=stretches(text, marks_of(found.reading, labels), start, min(len(text), start + SHOWN)),
            start=start,
            part=SHOWN,
            incidents=[named[id] for id in dict.fromkeys(id for _, id in found.mentions) if id in named],
        )

    @made.get("/articles")
    def articles(request: Request) -> Response:
        asked = request.query_params
        page = record.articles(
            outlet=asked.get("outlet") or None, text=asked.get("text") or None, cursor=asked.get("cursor") or None
        )
        return desk.page(
            request, "articles.html", page=page, outlet=asked.get("outlet") or "", text=asked.get("text") or ""
        )

    @made.get("/sources")
    def sources(request: Request) -> Response:
        offset = request.query_params.get("offset", "0")
        start = int(offset) if offset.isdigit() and len(offset) < 9 else 0
        return desk.page(request, "sources.html", outlets=record.sources(100, start), offset=start)

    @made.get("/law")
    def the_law(request: Request) -> Response:
        return desk.page(
            request,
            "law.html",
            treaties=law.treaties(),
            duties=law.duties(),
            cases=law.cases(),
            holders=HOLDERS,
            articles=law.articles(),
        )

    @made.get("/ontology")
    def ontology(request: Request) -> Response:
        return desk.page(request, "ontology.html", groups=GROUPS, types=types())

    @made.get("/ontology/{id}")
    def one_type(request: Request, id: str) -> Response:
        if id not in types():
            raise Problem(404, f"event type {id!r}: there is none; /ontology lists them")
        wanted = Filter(type=(id,))
        return desk.page(
            request,
            "type.html",
            type=types()[id],
            duties=law.duties(),
            page=record.incidents(wanted, request.query_params.get("cursor") or None, 30),
            total=record.count(wanted),
            wanted=wanted,
        )

    @made.get("/intake")
    def intake(request: Request) -> Response:
        return desk.page(request, "intake.html", reading=None, text=())

    @made.post("/intake")
    def read(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        file, text = form.get("file"), str(form.get("text") or "")
        if isinstance(file, UploadFile) and file.filename:
            reading = desk.intake.read_file(file.filename, file.file.read())
        elif link := str(form.get("link") or "").strip():
            reading = desk.intake.read_link(link)
        elif text.strip():
            said = {name: str(form.get(name) or "") or None for name in ("title", "outlet", "published", "url")}
            reading = desk.intake.read_text(text, **said)
        else:
            raise Problem(422, "nothing to read: paste a text, give a link or choose a file")
        return RedirectResponse(f"/intake/{reading.id}", 303)

    @made.get("/intake/{id}")
    def shown(request: Request, id: str) -> Response:
        reading = desk.intake.waiting(id)
        labels = {type: label(type) for type in types()}
        known = bool(record.known([id]))
        return desk.page(
            request,
            "intake.html",
            reading=reading,
            text=stretches(reading.text, marks_of(reading, labels)),
            known=known,
        )

    @made.post("/intake/{id}/keep")
    def keep(request: Request, form: Form, id: str) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        viewer = request.state.viewer
        who = viewer.name or str(form.get("author") or "").strip()
        if not who:
            raise Problem(422, "author: say who keeps it")
        desk.intake.keep(id, who)
        return _authored(RedirectResponse(f"/articles/{id}?done=keep", 303), who)

    return made


def _authored(answer: RedirectResponse, name: str) -> RedirectResponse:
    """Remember the name for the next form."""
    if name.isascii() and name.isprintable() and not set(name) & set(';,"\\ '):
        answer.set_cookie("legation_author", name, max_age=34_560_000, httponly=True, samesite="strict")
    return answer


def _seen(desk: Desk, request: Request) -> int | None:
    """The last change that whoever looks has seen: of their account, else of this browser."""
    if desk.team:
        viewer: Viewer = request.state.viewer
        return viewer.seen
    said = request.cookies.get("legation_seen", "")
    return int(said) if said.isdigit() and len(said) < 16 else None


def _newest(desk: Desk) -> str | None:
    """The newest day on the record."""
    found = desk.record.incidents(limit=1).items
    return found[0].day if found else None


def _recent(desk: Desk, newest: str | None, days: int) -> tuple[Incident, ...]:
    if newest is None:
        return ()
    since = (date.fromisoformat(newest) - timedelta(days=days)).isoformat()
    return desk.record.incidents(Filter(since=since), limit=300).items


def _norms(desk: Desk, newest: str | None) -> list[Norm]:
    """Each group against its norm, from one count by day."""
    if newest is None:
        return []
    day = date.fromisoformat(newest)
    first = day - timedelta(days=NORM_DAYS)
    counted = desk.record.per_day(first.isoformat(), newest)
    most = max((n for by_day in counted.values() for n in by_day.values()), default=1)
    made = []
    for group in GROUPS:
        by_day = {(date.fromisoformat(on) - first).days: n for on, n in counted.get(group, {}).items()}
        bars = tuple((on, max(4, round(24 * n / most))) for on, n in sorted(by_day.items()))
        before = sum(n for on, n in by_day.items() if on < NORM_DAYS)
        made.append(Norm(group, by_day.get(NORM_DAYS, 0), before / NORM_DAYS, bars))
    return made


def _by_severity(changes: Iterable[Change]) -> list[Change]:
    """The last change of each incident, the gravest first; an incident that is new stays new however it changed since."""
    last: dict[str, Change] = {}
    new = set()
    for change in changes:
        last[change.id] = change
        if change.kind == "new":
            new.add(change.id)
    shown = [replace(c, kind="new") if c.id in new and c.kind == "changed" else c for c in last.values()]
    return sorted(
        (c for c in shown if not (c.kind == "gone" and c.id in new)),
        key=lambda c: (c.incident.severity if c.incident else 0, (c.incident and c.incident.day) or "", c.seq),
        reverse=True,
    )


def _two_states(one: Incident) -> bool:
    return is_state(one.receiving) and is_state(one.sending) and one.receiving != one.sending


def _hot(things: Iterable[Any], most: int = 8) -> list[tuple[Any, int]]:
    """What comes up most often; two states count as one pair in either order."""
    counted: Counter[Any] = Counter(
        tuple(sorted(thing)) if not isinstance(thing, Post) else thing for thing in things if thing
    )
    return counted.most_common(most)


def _lit(text: str, boilerplate: Iterable[Offsets], found: Detail, article: str) -> list[Any]:
    """The article's text with the words that this incident rests on marked; boilerplate is told apart."""
    marks = [
        Mark(claim.span, f"stance-{claim.stance}", f"{claim.name or claim.side or claim.outlet or ''} {claim.stance}",
             f"w{claim.span[0]}")
        for claim in found.claims
        if claim.article == article
    ]  # fmt: skip
    marks += [Mark(span, "boilerplate", "not part of the article") for span in boilerplate]
    for mention in found.mentions:
        if mention.article == article and not any(
            m.span == (mention.event.evidence.start, mention.event.evidence.end) for m in marks
        ):
            span = (mention.event.evidence.start, mention.event.evidence.end)
            marks.append(Mark(span, "event", label(mention.event.type), f"w{span[0]}"))
    return stretches(text, marks, 0, min(len(text), SHOWN))


def _counts(found: Detail) -> dict[str, str]:
    """Of each article whether it counts by itself or as a copy."""
    outlets = {copy.article: copy.outlet or "an outlet not known" for s in found.sources for copy in s.articles}
    said = {}
    for source in found.sources:
        for n, copy in enumerate(source.articles):
            if copy.of:
                said[copy.article] = f"a copy of {outlets.get(copy.of, 'another')}"
            else:
                said[copy.article] = "independent" if n == 0 else f"counted with {source.label}"
    return {mention.article: said.get(mention.article, "independent") for mention in found.mentions}


def _stakes(found: Detail) -> list[dict[str, Any]]:
    """Each duty with its article in our words, who holds it, and for each state whether it was bound on the day."""
    shown = []
    for stake in found.duties:
        article = law.articles().get(stake.duty)
        sides = []
        for code in filter(None, (stake.holder, stake.toward)):
            answer = law.bound(code, article.treaty, found.incident.date or found.incident.day) if article else None
            sides.append((code, {True: "bound", False: "not bound", None: "not known"}[answer]))
        duties = [d for d in law.duties().values() if stake.duty in d.articles]
        shown.append({"stake": stake, "article": article, "sides": sides, "duties": duties})
    return shown


def _route(one: Incident) -> str | None:
    """Whether a protocol leads the two states to the International Court of Justice on the day."""
    if not (one.receiving and one.sending):
        return None
    consular = bool(one.post and one.post.kind.startswith("consul"))
    answer = law.icj_route(one.receiving, one.sending, one.date or one.day, consular=consular)
    return {True: "yes", False: "no", None: "not known"}[answer]


def _near(desk: Desk, one: Incident) -> tuple[Incident, ...]:
    """Incidents of the same type between the same states: what a merge would join it with."""
    if not (one.receiving and one.sending) or one.receiving == one.sending:
        return ()
    wanted = Filter(pair=(one.receiving, one.sending), type=(one.type,))
    return tuple(other for other in desk.record.incidents(wanted, limit=20).items if other.id != one.id)


def _bound(first: str, second: str, on: str | None) -> list[tuple[str, str, str]]:
    """What binds two states on a day: treaty, and for each of them whether it was bound."""
    words = {True: "bound", False: "not bound", None: "not known"}
    return [
        (law.treaties()[id].name, words[law.bound(first, id, on)], words[law.bound(second, id, on)])
        for id in ("VCDR", "VCCR", "IPP", "SMC")
    ]
