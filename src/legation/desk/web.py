"""The web application: pages, API, static files, and what guards them."""

import gc
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from legation import __version__, atlas
from legation.desk import account_pages, api, pages, sessions, watch_pages
from legation.desk.access import Access
from legation.desk.desk import Desk, Viewer
from legation.desk.intake import Intake
from legation.desk.openid import Settings
from legation.desk.problems import Problem, of_record
from legation.law import duties
from legation.ontology import types
from legation.record import Record, RecordError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_BODY = 8_000_000
"""Largest request in bytes: an article of 5 MB with what a form adds."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_log = logging.getLogger(__name__)
Next = Callable[[Request], Awaitable[Response]]


def app(
    where: str | Path,
    *,
    hosts: Iterable[str] = LOOPBACK,
    team: bool = False,
    public: str | None = None,
    openid: Settings | None = None,
    private: bool = False,
) -> FastAPI:
    """The desk over the record at `where`, which must exist.

    It answers under the names `hosts` alone (and the one of `public`, the address people use), so that no other site can reach it
    by a name of its own (DNS rebinding). Without `team` there are no accounts: whoever reaches it may do everything, so serve it
    on a loopback address. With it, only whoever is signed in, as the rules of ``access.yaml`` say; cookies are for https alone
    where `public` is. `openid`: the provider at which people sign in too. `private`: links given to intake
    may lead to machines that are not on the public internet. Raises RecordError for no record.
    """
    record = Record.open(where, create=False)
    desk = Desk(record, str(where), Intake(record, private=private), team=team, public=public, openid=openid)
    names = frozenset(hosts) | ({_name(public, "hostname")} if public else set())
    secure = urlsplit(public or "").scheme == "https"
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
    made = FastAPI(
        title="Legation",
        version=__version__,
        summary="What happened to diplomats and missions, who says so, what it means in law, what answered it.",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )

    @made.middleware("http")
    async def guard(request: Request, call_next: Next) -> Response:
        request.state.viewer, request.state.session, request.state.fresh = Viewer(None, None), "", False
        try:
            _check(request, names)
            await run_in_threadpool(sessions.identify, desk, request, secure)
            refused = sessions.refusal(desk, request, access)
            answer = refused or await (_head(request, call_next) if request.method == "HEAD" else call_next(request))
        except Problem as problem:
            answer = _refusal(desk, request, problem)
        except Exception as error:
            _log.exception("%s %s", request.method, request.url.path)
            answer = _failure(desk, request, error)
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        if answer.status_code >= 400 or not request.url.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-cache" if "ETag" in answer.headers else "no-store")
        if request.state.fresh:
            sessions.remember(answer, request.state.session, secure)
        return answer

    made.add_middleware(Compressed)

    @made.exception_handler(Problem)
    def problem(request: Request, error: Problem) -> Response:
        return _refusal(desk, request, error)

    @made.exception_handler(RecordError)
    def of_the_record(request: Request, error: RecordError) -> Response:
        return _refusal(desk, request, of_record(error))

    @made.exception_handler(OverflowError)
    def too_large(request: Request, error: OverflowError) -> Response:
        return _refusal(desk, request, Problem(422, "a number is too large; give one below a thousand million"))

    @made.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        said = {404: f"there is no page {request.url.path}", 405: f"{request.method} is not for {request.url.path}"}
        answer = _refusal(desk, request, Problem(error.status_code, said.get(error.status_code, str(error.detail))))
        answer.headers.update(error.headers or {})
        return answer

    @made.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return _refusal(desk, request, Problem(422, told))

    made.mount("/static", GZipMiddleware(StaticFiles(directory=Path(__file__).with_name("static"))), "static")
    for rooms in (api.router(desk), pages.router(desk), account_pages.router(desk), watch_pages.router(desk)):
        made.router.routes += rooms.routes
    access = Access(made.routes)
    api.document(made)
    return made


def settle() -> None:
    """Load what pages need before the first is asked for, and keep the collector of garbage off it: each look through it would hold up
    a page for a tenth of a second."""
    atlas.load()
    types()
    duties()
    gc.collect()
    gc.freeze()


class Compressed:
    """Compresses pages that were asked for without a query: what somebody else put into one, beside a secret of the page, would tell of
    the secret by the length of the answer (BREACH)."""

    def __init__(self, plain: ASGIApp) -> None:
        self.plain, self.small = plain, GZipMiddleware(plain, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith("/api/")
        await (self.small if page and not scope["query_string"] else self.plain)(scope, receive, send)


def _check(request: Request, names: frozenset[str]) -> None:
    """Host, origin and size of a request. Raises Problem."""
    host = _name(f"//{request.headers.get('host', '')}", "hostname")
    if host not in names:
        raise Problem(400, f"this desk does not answer as {host!r}; it is at {', '.join(sorted(names))}")
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("origin")
    foreign = origin is not None and _name(origin, "netloc") != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "this was sent by another site; use the desk's own pages")
    size = request.headers.get("content-length", "")
    if not size.isdigit() and request.headers.get("transfer-encoding"):
        raise Problem(411, "say how long it is (Content-Length)")
    if size.isdigit() and int(size) > MAX_BODY:
        raise Problem(413, f"{int(size):,} bytes is over the limit of {MAX_BODY:,}; use `legation ingest`")


async def _head(request: Request, call_next: Next) -> Response:
    """What GET answers, without the body."""
    request.scope["method"] = "GET"
    try:
        whole = await call_next(request)
    finally:
        request.scope["method"] = "HEAD"
    return Response(status_code=whole.status_code, headers=dict(whole.headers))


def _name(address: str, part: Literal["hostname", "netloc"]) -> str:
    """A part of an address; empty for one that is none."""
    try:
        return str(getattr(urlsplit(address), part) or "")
    except ValueError:
        return ""


def _refusal(desk: Desk, request: Request, problem: Problem) -> Response:
    """The problem as its asker understands it: JSON for the API, a page for people."""
    path = request.url.path
    if path.startswith(("/api/", "/openapi.json")) or "text/html" not in request.headers.get("accept", ""):
        return problem.response(path)
    page = desk.page(request, "problem.html", problem.status, problem=problem)
    page.headers.update(problem.headers)
    return page


def _failure(desk: Desk, request: Request, error: Exception) -> Response:
    """The answer to what nobody foresaw: as every problem, and as JSON where even the page fails."""
    problem = Problem(500, f"the desk failed ({type(error).__name__}); its log has the trace")
    try:
        return _refusal(desk, request, problem)
    except Exception:
        _log.exception("the page that tells of it")
        return problem.response(request.url.path)
