"""The HTTP API under ``/api/v1``: everything the pages do, as JSON; errors are problem details (RFC 9457).

Lists are paged by cursors; every answer to a GET has an ETag; ``changes`` tells what is new, changed and gone.
"""

from hashlib import blake2b
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from legation.desk.desk import Desk, may_decide
from legation.desk.filters import filter_of, parameters
from legation.desk.problems import SCHEMA, Problem
from legation.exports.formats import FORMATS, write
from legation.law import articles as law_articles
from legation.law import duties as law_duties
from legation.law.data import Article as LawArticle
from legation.law.data import Duty as LawDuty
from legation.ontology import EventType, types
from legation.record.nouns import (
    ArticleDetail,
    ArticleRow,
    Change,
    Decision,
    Detail,
    Facets,
    Filter,
    Incident,
    Ingested,
    Item,
    Ledger,
    Outlet,
    Page,
    PostHistory,
    Review,
    Standing,
)
from legation.record.watches import Notice, Watch
from legation.schema import Noun, Reading, Status

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]
Id = Annotated[str, Path(min_length=1, max_length=100)]
Code = Annotated[str, Path(pattern="^[A-Za-z]{3}$", description="ISO 3166 alpha-3.")]
Wanted = Annotated[Filter, Depends(parameters)]
Number = Annotated[int, Path(ge=1, le=2**53)]


Form = Literal["jsonl", "csv", "parquet", "package", "geojson", "plover", "cameo", "ftm", "atom", "annotations", "ics"]
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Items(Noun, Generic[T], frozen=True, kw_only=True):
    """A list that has no further pages."""

    items: tuple[T, ...]


class Changes(Noun, frozen=True, kw_only=True):
    """Changes in order. Ask again with ``updated_since=next``; it stays as it was when nothing was new."""

    items: tuple[Change, ...]
    next: int


class Total(Noun, frozen=True, kw_only=True):
    """How many incidents pass a filter; with `more`, at least so many."""

    count: int
    more: bool


class Deciding(BaseModel):
    """A decision on an incident; `author` and `reason` are kept with it."""

    model_config = ConfigDict(extra="forbid")
    action: Literal["confirm", "correct", "reject", "merge", "split", "annotate"]
    reason: str = Field(min_length=1, max_length=2000)
    author: str | None = Field(None, max_length=200)
    field: str | None = Field(None, description="With correct: such as count, date, city, actor.state.")
    value: str | None = Field(None, description='With correct, numbers too ("5"); null: not known.', max_length=500)
    other: str | None = Field(None, description="With merge: the other incident.")
    mentions: list[str] = Field([], max_length=500, description="With split, or to decide on these alone.")
    note: str | None = Field(None, max_length=10_000, description="With annotate.")


class Undoing(BaseModel):
    """Why a decision is taken back, and by whom."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=2000)
    author: str | None = Field(None, max_length=200)


class Text(BaseModel):
    """An article to read: its text with what is known about it, or a link to it alone."""

    model_config = ConfigDict(extra="forbid")
    text: str | None = Field(None, min_length=1)
    link: str | None = Field(
        None, min_length=1, max_length=2000, description="An http or https address on the public internet."
    )
    title: str | None = None
    outlet: str | None = None
    published: str | None = Field(None, description="EDTF, like 2024-05-08.")
    url: str | None = None


class Wanting(BaseModel):
    """A filter; what it leaves out does not narrow."""

    model_config = ConfigDict(extra="forbid")
    state: str | None = None
    receiving: str | None = None
    sending: str | None = None
    target: str | None = None
    pair: str | None = Field(None, description="Two states, like GBR-RUS.")
    post: str | None = None
    type: list[str] | None = None
    group: list[str] | None = None
    status: list[Status] | None = None
    standing: list[Standing] | None = None
    review: list[Review] | None = None
    since: str | None = None
    until: str | None = None
    open: bool | None = None
    sources: int | None = Field(None, ge=0, le=1000)
    text: str | None = None


class Watching(BaseModel):
    """What to watch, and where to tell of it; the feed is always there."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    filter: Wanting
    mail: str | None = Field(None, max_length=254)
    webhook: str | None = Field(None, max_length=2000)


class Keeping(BaseModel):
    """Who keeps a reading."""

    model_config = ConfigDict(extra="forbid")
    author: str | None = Field(None, max_length=200)


_NOUNS: tuple[Any, ...] = (
    *(Page[Incident], Page[ArticleRow], Items[Item], Items[Outlet], Items[Decision], Items[EventType]),
    *(Items[LawArticle], Items[LawDuty], Changes, Total, Facets, Detail, Ledger, PostHistory, ArticleDetail, Decision),
    *(Reading, Ingested, EventType, Items[Watch], Watch, Items[Notice]),
)
_REFS, _COMPONENTS = msgspec.json.schema_components(_NOUNS, ref_template="#/components/schemas/{name}")
_SCHEMAS = dict(zip(_NOUNS, _REFS, strict=True))
_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def router(desk: Desk) -> APIRouter:
    """The routes over a desk."""
    made = APIRouter(prefix="/api/v1")
    record = desk.record

    @made.get("/incidents", **_gives(Page[Incident]))
    def incidents(request: Request, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50) -> Response:
        """Incidents that pass a filter, newest first."""
        return _json(request, record.incidents(wanted, cursor, limit))

    @made.get("/incidents/count", **_gives(Total))
    def count(request: Request, wanted: Wanted) -> Response:
        """How many pass a filter."""
        found = record.count(wanted)
        return _json(request, Total(count=min(found, 10_000), more=found > 10_000))

    @made.get("/incidents/facets", **_gives(Facets))
    def facets(request: Request, wanted: Wanted) -> Response:
        """How many of the newest 10,000 that pass a filter are of which type, group, status, standing and state."""
        return _json(request, record.facets(wanted))

    @made.get("/incidents/{id}", **_gives(Detail))
    def incident(request: Request, id: Id) -> Response:
        """All about one incident: by its id, the id of any of its mentions, or the beginning of one."""
        return _json(request, record.incident(id))

    @made.post("/incidents/{id}/decisions", status_code=201, **_gives(Decision, 201))
    def decide(request: Request, id: Id, body: Deciding) -> Response:
        """Decide on an incident."""
        viewer = may_decide(request, body.action)
        given = body.model_dump() | {"author": author(viewer.name, body.author)}
        return _json(request, record.review(given.pop("action"), id, **given), 201)

    @made.get("/decisions", **_gives(Items[Decision]))
    def decisions(request: Request) -> Response:
        """All decisions, undone ones too, in order."""
        return _json(request, Items(items=record.decisions()))

    @made.post("/decisions/{seq}/undo", **_gives(Decision))
    def undo(request: Request, seq: Number, body: Undoing) -> Response:
        """Take a decision back."""
        viewer = request.state.viewer
        return _json(request, record.undo(seq, author=author(viewer.name, body.author), reason=body.reason))

    @made.get("/changes", **_gives(Changes))
    def changes(
        request: Request,
        updated_since: Annotated[int, Query(ge=0, le=2**53, description="Number of the last change you know.")] = 0,
        limit: Limit = 100,
    ) -> Response:
        """What is new, changed, or gone (a tombstone, with what it became part of) since a change."""
        found = record.changes(updated_since, limit)
        return _json(request, Changes(items=found, next=found[-1].seq if found else updated_since))

    @made.get("/pairs/{first}/{second}", **_gives(Ledger))
    def pair(
        request: Request,
        first: Code,
        second: Code,
        before_first: Cursor = None,
        before_second: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """The ledger of two states."""
        columns = (before_first, before_second)
        return _json(request, record.pair(first.upper(), second.upper(), before=columns, limit=limit))

    @made.get("/posts", **_gives(PostHistory))
    def post(
        request: Request,
        post: Annotated[str, Query(max_length=200, description='Such as "embassy RUS ANKARA".')],
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """One mission through time."""
        return _json(request, record.post(post, cursor, limit))

    @made.get("/items", **_gives(Items[Item]))
    def items(
        request: Request,
        holder: Annotated[str | None, Query(description="Who owes the answer (ISO 3166 alpha-3).")] = None,
        toward: Annotated[str | None, Query(description="To whom.")] = None,
        state: Literal["open", "answered", "overtaken"] = "open",
        limit: Limit = 100,
    ) -> Response:
        """What waits for an answer, the oldest first."""
        return _json(request, Items(items=record.open_items(holder=holder, toward=toward, state=state, limit=limit)))

    @made.get("/articles", **_gives(Page[ArticleRow]))
    def articles(
        request: Request,
        outlet: str | None = None,
        text: str | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Articles, the last added first."""
        return _json(request, record.articles(outlet=outlet, text=text or None, cursor=cursor, limit=limit))

    @made.get("/articles/{id}", **_gives(ArticleDetail))
    def article(request: Request, id: Id) -> Response:
        """One article with its reading, mentions, origins and copies."""
        return _json(request, record.article(id))

    @made.get("/sources", **_gives(Items[Outlet]))
    def sources(request: Request, limit: Limit = 100, offset: Annotated[int, Query(ge=0, le=2**31)] = 0) -> Response:
        """Outlets: how many incidents they tell of, how many alone, how many contested."""
        return _json(request, Items(items=record.sources(limit, offset)))

    @made.get("/types", **_gives(Items[EventType]))
    def ontology(request: Request) -> Response:
        """The event types."""
        return _json(request, Items(items=tuple(types().values())))

    @made.get("/law/articles", **_gives(Items[LawArticle]))
    def law(request: Request) -> Response:
        """The treaties' articles in our own words."""
        return _json(request, Items(items=tuple(law_articles().values())))

    @made.get("/law/duties", **_gives(Items[LawDuty]))
    def duties(request: Request) -> Response:
        """The duties and rights, with their articles and holders."""
        return _json(request, Items(items=tuple(law_duties().values())))

    @made.get("/export/{form}", responses=_files(*FORMATS, "docx", "html"), response_class=Response)
    def export(request: Request, form: Form, wanted: Wanted) -> Response:
        """The incidents that pass a filter in another format (docs/exports.md); ``atom`` is a feed to subscribe to."""
        import io

        out = io.BytesIO()
        _no_more_than(record.count(wanted), 10_000, f"legation export --to {form}")
        try:
            write(record, form, out, wanted)
        except ModuleNotFoundError as error:
            raise Problem(501, f"{form}: needs {error.name}; pip install 'legation[exports]'") from None
        kind = FORMATS[form]
        name = None if form == "atom" else f"incidents{kind.suffix}"
        return file(request, out.getvalue(), kind.media_type, name)

    @made.get("/briefing", responses=_files(*FORMATS, "docx", "html"), response_class=Response)
    def briefing(request: Request, wanted: Wanted, form: Literal["docx", "html"] = "docx") -> Response:
        """The briefing of the incidents that pass a filter, as a Word document or one self-contained page."""
        import io

        from legation.exports.briefing import as_document, as_page, briefing_of

        _no_more_than(record.count(wanted), 500, "legation brief")
        found = briefing_of(record, wanted)
        if form == "html":
            return file(request, as_page(found).encode(), "text/html; charset=utf-8", "briefing.html")
        out = io.BytesIO()
        as_document(found, out)
        return file(request, out.getvalue(), _WORD, "briefing.docx")

    @made.get("/draft", responses=_files("docx", "html", "pdf"), response_class=Response)
    def drafted(
        request: Request,
        wanted: Wanted,
        kind: Literal["note", "briefing"] = "note",
        form: Literal["docx", "html", "pdf"] = "docx",
        incident: Annotated[str | None, Query(max_length=100, description="On this one, instead of a filter.")] = None,
        sender: Annotated[
            str | None, Query(pattern="^[A-Za-z]{3}$", description="The State a note comes from.")
        ] = None,
    ) -> Response:
        """A note verbale or briefing to be finished by a person: on an incident, a pair (``pair``) or a period (``since``, ``until``)."""
        import io

        from legation.exports.drafts import FORMS, draft, write

        found, out = (
            draft(record, kind, wanted, incident=incident, sender=sender.upper() if sender else None),
            io.BytesIO(),
        )
        write(found, form, out)
        return file(request, out.getvalue(), FORMS[form], f"{kind}.{form}")

    @made.get("/watches", **_gives(Items[Watch]))
    def watches(request: Request) -> Response:
        """Your watches, with their secrets."""
        return _json(request, Items(items=record.watches.every(request.state.viewer.name)))

    @made.post("/watches", status_code=201, **_gives(Watch, 201))
    def watch(request: Request, body: Watching) -> Response:
        """Watch what passes a filter, from now on."""
        given = filter_of(body.filter.model_dump(exclude_none=True))
        owner = request.state.viewer.name
        made = record.watches.add(body.name, given, owner=owner, mail=body.mail, webhook=body.webhook)
        return _json(request, made, 201)

    @made.get("/watches/{id}/notices", **_gives(Items[Notice]))
    def notices(request: Request, id: Id, limit: Limit = 100) -> Response:
        """What a watch of yours told, the last first."""
        desk.own_watch(request, id)
        record.watches.collect(id)
        return _json(request, Items(items=record.watches.notices(id, limit)))

    @made.delete("/watches/{id}", **_gives(Watch))
    def unwatch(request: Request, id: Id) -> Response:
        """Remove a watch of yours."""
        gone = desk.own_watch(request, id)
        record.watches.remove(id)
        return _json(request, gone)

    @made.post("/readings", **_gives(Reading))
    def read(request: Request, body: Text) -> Response:
        """Read a text or the page at a link; nothing is stored until it is kept."""
        if body.text is not None and body.link is None:
            return _json(request, desk.intake.read_text(**body.model_dump(exclude={"link"})))
        if body.link is not None and body.text is None:
            return _json(request, desk.intake.read_link(body.link))
        raise Problem(422, "give a text or a link")

    @made.post("/readings/{id}/keep", **_gives(Ingested))
    def keep(request: Request, id: Id, body: Keeping) -> Response:
        """Put a reading on the record."""
        viewer = request.state.viewer
        return _json(request, desk.intake.keep(id, author(viewer.name, body.author)))

    return made


def author(signed_in: str | None, given: str | None) -> str:
    """Who decides: whoever is signed in, else the name given. Raises Problem 422."""
    name = signed_in or (given or "").strip()
    if not name:
        raise Problem(422, "author: say who decides")
    return name


def document(made: FastAPI) -> None:
    """Give the OpenAPI document the schemas of our nouns."""
    plain = made.openapi

    def openapi() -> dict[str, Any]:
        if made.openapi_schema is None:
            found = plain()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(_COMPONENTS | {"Problem": SCHEMA})
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        return made.openapi_schema or {}

    made.openapi = openapi  # type: ignore[method-assign]


def _no_more_than(found: int, most: int, command: str) -> None:
    if found > most:
        raise Problem(422, f"more than {most:,} incidents pass the filter; narrow it, or use `{command}`")


def file(request: Request, body: bytes, media_type: str, name: str | None) -> Response:
    """Bytes to be saved under a name, or read where they are (None)."""
    headers = {"ETag": _tag(body)} | ({"Content-Disposition": f'attachment; filename="{name}"'} if name else {})
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


def _files(*forms: str) -> dict[int | str, dict[str, Any]]:
    """What a route documents that gives a file in one of some forms."""
    others = {"docx": _WORD, "html": "text/html", "pdf": "application/pdf"}
    kinds = {others.get(form) or FORMATS[form].media_type for form in forms}
    content = {kind: {"schema": {} if "json" in kind else {"type": "string"}} for kind in sorted(kinds)}
    documented: dict[int | str, dict[str, Any]] = dict(_gives(Reading)["responses"])
    documented[200] = {"description": "The file", "content": content}
    documented[501] = {"description": "Not installed", **_PROBLEM}
    return documented


def _tag(body: bytes) -> str:
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def _gives(noun: Any, status: int = 200) -> dict[str, Any]:
    """What a route documents: its answer, and the form of every error."""
    answer = {
        "description": "Done" if status == 201 else "Found",
        "content": {"application/json": {"schema": _SCHEMAS[noun]}},
    }
    problems = {code: {"description": "A problem", **_PROBLEM} for code in (400, 401, 403, 404, 413, 422, 503)}
    kept = {304: {"description": "As you have it (If-None-Match)"}} if status == 200 else {}
    return {"responses": {status: answer, **kept, **problems}, "response_class": Response}


def _json(request: Request, thing: Any, status: int = 200) -> Response:
    """The answer as JSON; 304 where the asker has it already."""
    body = msgspec.json.encode(thing)
    if request.method != "GET":
        return Response(body, status, media_type="application/json")
    tag = _tag(body)
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, status, {"ETag": tag}, "application/json")
