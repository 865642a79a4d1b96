"""Signing in and out, one's own account, and the accounts of all."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from legation.desk import openid, sessions
from legation.desk.desk import Desk
from legation.desk.forms import Form
from legation.desk.openid import Provider
from legation.desk.problems import Problem
from legation.record.accounts import ROLES, Accounts, Wait


def router(desk: Desk) -> APIRouter:
    """The pages of accounts; a desk without any answers 404."""
    made = APIRouter(include_in_schema=False)

    def accounts() -> Accounts:
        if not desk.team:
            raise Problem(404, "this desk has no accounts; `legation desk --team` serves one that has")
        return desk.record.accounts

    def door_page(request: Request, next: str, *, wrong: bool = False) -> Response:
        label = desk.openid.settings.label if desk.openid else None
        return desk.page(request, "sign_in.html", 401 if wrong else 200, next=next, wrong=wrong, openid=label)

    @made.get("/sign-in")
    def door(request: Request) -> Response:
        accounts()
        return door_page(request, sessions.inside(request.query_params.get("next", "/")))

    @made.post("/sign-in")
    def enter(request: Request, form: Form) -> Response:
        known = accounts()
        desk.check_csrf(request, form.get("csrf"))
        name, password = str(form.get("name") or "").strip(), str(form.get("password") or "")
        there = sessions.inside(str(form.get("next") or "/"))
        opened = known.sign_in(name, password, sessions.address(request))
        if isinstance(opened, Wait):
            raise Problem(429, "too many wrong answers; wait a while", retry=opened.seconds)
        if opened is None:
            return door_page(request, there, wrong=True)
        answer = RedirectResponse(there, 303)
        sessions.remember(answer, opened, request.state.secure)
        request.state.fresh = False
        return answer

    def provider() -> Provider:
        accounts()
        if desk.openid is None:
            raise Problem(
                404, "this desk has no provider to sign in at; `legation desk --team --openid FILE` names one"
            )
        return desk.openid

    def back(request: Request) -> str:
        return f"{desk.public or request.base_url}".rstrip("/") + "/sign-in/openid/done"

    @made.get("/sign-in/openid")
    def elsewhere(request: Request) -> Response:
        there, ticket = provider().begin(back(request), sessions.inside(request.query_params.get("next", "/")))
        answer = RedirectResponse(there, 303)
        secure = request.state.secure
        answer.set_cookie(_ticket(secure), ticket, max_age=openid.LONGEST, httponly=True, samesite="lax", secure=secure)
        return answer

    @made.get("/sign-in/openid/done")
    def came_back(request: Request) -> Response:
        at, ticket = provider(), request.cookies.get(_ticket(request.state.secure), "")
        person, there = at.finish(back(request), ticket, request.query_params)
        known, address = accounts(), sessions.address(request)
        if at.settings.roles and person.role is None:
            known.refuse_elsewhere(person.subject, address)
            raise Problem(
                403,
                f"{at.settings.label} knows you as {person.name}, but gives you no role here: ask an admin of this desk",
            )
        opened = known.sign_in_elsewhere(person.subject, address, name=person.name, role=person.role)
        if opened is None:
            raise Problem(
                403,
                f"{at.settings.label} knows you as {person.name}, but no account here is yours: ask an admin of this desk",
            )
        answer = RedirectResponse(sessions.inside(there), 303)
        sessions.remember(answer, opened, request.state.secure)
        answer.delete_cookie(_ticket(request.state.secure), secure=request.state.secure, httponly=True, samesite="lax")
        request.state.fresh = False
        return answer

    @made.post("/sign-out")
    def leave(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        accounts().sign_out(request.state.session, sessions.address(request))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(
            sessions.cookie(request.state.secure),
            path="/",
            secure=request.state.secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    def own_page(request: Request, token: str | None = None) -> Response:
        local = accounts().get(str(request.state.viewer.name)).local
        return desk.page(request, "account.html", token=token, local=local)

    @made.get("/account")
    def own(request: Request) -> Response:
        return own_page(request)

    @made.post("/account/password")
    def own_password(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name, now = str(request.state.viewer.name), str(form.get("now") or "")
        opened = accounts().sign_in(name, now, sessions.address(request))
        if isinstance(opened, Wait):
            raise Problem(429, "too many wrong answers; wait a while", retry=opened.seconds)
        if opened is None:
            raise Problem(422, "the present password is another one")
        accounts().set_password(name, str(form.get("password") or ""), by=name)
        return RedirectResponse("/sign-in", 303)

    @made.post("/account/token")
    def own_token(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name, program = str(request.state.viewer.name), str(form.get("program") or "").strip()[:100]
        if not program:
            raise Problem(422, "program: say what the token is for")
        return own_page(request, accounts().token(name, program, by=name))

    @made.post("/account/end")
    def own_end(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name = str(request.state.viewer.name)
        accounts().end(name, by=name)
        return RedirectResponse("/sign-in", 303)

    @made.get("/accounts")
    def every(request: Request) -> Response:
        return desk.page(request, "accounts.html", accounts=accounts().every(), log=accounts().log(), roles=ROLES)

    @made.post("/accounts")
    def add(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name, role, password = (str(form.get(field) or "") for field in ("name", "role", "password"))
        accounts().add(name, role, password, by=str(request.state.viewer.name))  # type: ignore[arg-type]
        return RedirectResponse("/accounts?done=account", 303)

    @made.post("/accounts/role")
    def role(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name, role = str(form.get("name") or ""), str(form.get("role") or "")
        accounts().set_role(name, role, by=str(request.state.viewer.name))  # type: ignore[arg-type]
        return RedirectResponse("/accounts?done=account", 303)

    @made.post("/accounts/disabled")
    def disabled(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        accounts().set_disabled(
            str(form.get("name") or ""), form.get("disabled") == "1", by=str(request.state.viewer.name)
        )
        return RedirectResponse("/accounts?done=account", 303)

    @made.post("/accounts/password")
    def password(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        name, words = str(form.get("name") or ""), str(form.get("password") or "")
        accounts().set_password(name, words, by=str(request.state.viewer.name))
        return RedirectResponse("/accounts?done=account", 303)

    return made


def _ticket(secure: bool) -> str:
    """The name of the cookie that a sign-in at a provider begins with."""
    return sessions.cookie(secure).replace("session", "openid")
