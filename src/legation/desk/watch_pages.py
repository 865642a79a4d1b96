"""Watches: what one has, what they told, where else they tell it; and their feeds."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from legation.desk import feeds, telling
from legation.desk.api import file
from legation.desk.desk import Desk
from legation.desk.filters import filter_of, parts_of
from legation.desk.forms import Form
from legation.desk.problems import Problem


def router(desk: Desk) -> APIRouter:
    """The pages of watches over a desk."""
    made = APIRouter(include_in_schema=False)
    watches = desk.record.watches

    @made.get("/watches")
    def every(request: Request) -> Response:
        asked = {key: request.query_params.getlist(key) for key in request.query_params}
        wanted = filter_of(asked) if asked.keys() - {"done"} else None
        own = [(one, [words for words, _ in parts_of(one.wanted)]) for one in watches.every(request.state.viewer.name)]
        return desk.page(
            request,
            "watches.html",
            watches=own,
            wanted=wanted,
            parts=[words for words, _ in parts_of(wanted)] if wanted else [],
        )

    @made.post("/watches")
    def add(request: Request, form: Form) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        wanted = filter_of({key: [str(one) for one in form.getlist(key)] for key in form})
        mail, webhook = (str(form.get(name) or "").strip() or None for name in ("mail", "webhook"))
        owner = request.state.viewer.name
        kept = watches.add(str(form.get("name") or ""), wanted, owner=owner, mail=mail, webhook=webhook)
        return RedirectResponse(f"/watches/{kept.id}?done=watch", 303)

    @made.get("/watches/{id}")
    def one(request: Request, id: str) -> Response:
        found = desk.own_watch(request, id)
        watches.collect(id)
        return desk.page(
            request,
            "watch.html",
            watch=found,
            parts=[words for words, _ in parts_of(found.wanted)],
            notices=watches.notices(id, 50),
            sendings=watches.sendings(id, 20),
            base=str(request.base_url).rstrip("/"),
            telling=telling,
        )

    @made.post("/watches/{id}/pause")
    def pause(request: Request, form: Form, id: str) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        watches.pause(desk.own_watch(request, id).id, form.get("paused") == "1")
        return RedirectResponse(f"/watches/{id}?done=watch", 303)

    @made.post("/watches/{id}/renew")
    def renew(request: Request, form: Form, id: str) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        watches.renew(desk.own_watch(request, id).id)
        return RedirectResponse(f"/watches/{id}?done=watch", 303)

    @made.post("/watches/{id}/remove")
    def remove(request: Request, form: Form, id: str) -> Response:
        desk.check_csrf(request, form.get("csrf"))
        watches.remove(desk.own_watch(request, id).id)
        return RedirectResponse("/watches?done=watch", 303)

    @made.get("/feeds/{name}")
    def feed(request: Request, name: str) -> Response:
        secret, _, kind = name.rpartition(".")
        form: Literal["atom", "json"] | None = "atom" if kind == "atom" else "json" if kind == "json" else None
        found = watches.of_feed(secret) if form else None
        if found is None:
            raise Problem(404, "there is no such feed, or no longer; /watches has the addresses of yours")
        watches.collect(found.id)
        write = feeds.atom if form == "atom" else feeds.json
        body = write(found, watches.notices(found.id), str(request.base_url))
        return file(request, body, "application/atom+xml" if form == "atom" else "application/feed+json", None)

    return made
