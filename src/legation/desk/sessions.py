"""Who looks: sessions of browsers, tokens of programs, and what they may call."""

import secrets
from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from legation.desk.access import Access
from legation.desk.desk import Desk, Viewer, need
from legation.desk.problems import Problem

SAFE = ("GET", "HEAD", "OPTIONS")


def cookie(secure: bool) -> str:
    """The name of the session's cookie; over https one that no other host of the domain can set (``__Host-``)."""
    return "__Host-legation_session" if secure else "legation_session"


def identify(desk: Desk, request: Request, secure: bool) -> None:
    """Say in `request.state` who looks, which session it is, and whether its cookie is new. Raises Problem 401 for a token that is none."""
    state = request.state
    state.secure = secure
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if desk.team and scheme.casefold() == "bearer":
        account = desk.record.accounts.who(token.strip(), program=True)
        if account is None:
            raise Problem(401, "this token is nobody's, or no longer; `legation desk user token NAME` makes one")
        state.viewer = Viewer(account.name, account.role, account.seen)
        return
    state.session = request.cookies.get(cookie(secure), "")
    account = desk.record.accounts.who(state.session) if desk.team and state.session else None
    state.viewer = (
        Viewer(account.name, account.role, account.seen) if account else Viewer(None, None if desk.team else "admin")
    )
    if len(state.session) < 32:
        state.session, state.fresh = secrets.token_urlsafe(32), True


def refusal(desk: Desk, request: Request, access: Access) -> Response | None:
    """What a request gets that may not be made: strangers are sent to sign in. Raises Problem 401 or 403."""
    viewer: Viewer = request.state.viewer
    needed = access.needs(request.scope)
    if not viewer.may(needed):
        if viewer.role is not None:
            need(request, needed)
        if request.method in SAFE and not _by_program(request):
            there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?next={quote(there, safe='')}", 303)
        raise Problem(401, "sign in first; programs send `Authorization: Bearer` with a token of their account")
    if desk.team and viewer.role and request.state.session and _by_program(request) and request.method not in SAFE:
        desk.check_csrf(request, request.headers.get("x-csrf-token"))
    return None


def remember(answer: Response, session: str, secure: bool) -> None:
    """Give the browser its session. It comes along when a link elsewhere (a mail, the provider one signs in at) leads here: what changes
    anything carries a token besides, and is refused when it is sent by another site."""
    answer.set_cookie(cookie(secure), session, httponly=True, samesite="lax", secure=secure, path="/")


def address(request: Request) -> str:
    """Where a request comes from, as far as it is known."""
    return request.client.host if request.client else ""


def inside(path: str) -> str:
    """A path of this desk; anything that could lead elsewhere is its first page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def _by_program(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/openapi.json"))
