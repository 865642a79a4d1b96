"""What every page and route works with: the record, the templates, the session's secret, who is looking."""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from legation import __version__
from legation.desk import filters, words
from legation.desk.access import LEVELS
from legation.desk.openid import Provider, Settings
from legation.desk.problems import Problem
from legation.record.accounts import Role

if TYPE_CHECKING:
    from legation.desk.intake import Intake
    from legation.record import Record
    from legation.record.watches import Watch

BUILT = Path(__file__).with_name("static") / "built"
"""What `make front` bundles: map, timeline, letters. The desk works without."""


class Viewer(NamedTuple):
    """Who looks. Without accounts there is no name, and forms ask for one; without a role nobody is signed in."""

    name: str | None
    role: Role | None
    seen: int | None = None

    def may(self, role: str) -> bool:
        return LEVELS.index(self.role or "public") >= LEVELS.index(role)


class Desk:
    """One record on one address; with `team` it has accounts, which may sign in at a provider (`openid`)."""

    def __init__(
        self, record: "Record", where: str, intake: "Intake", *, team: bool = False, public: str | None = None,
        openid: Settings | None = None,
    ) -> None:  # fmt: skip
        self.record, self.where, self.intake, self.team, self.public = record, where, intake, team, public
        self._secret = secrets.token_bytes(32)
        self.openid = Provider(openid, self._secret) if openid else None
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            name: getattr(words, name)
            for name in (
                *(
                    "told",
                    "the",
                    "state",
                    "label",
                    "when",
                    "short",
                    "spelled",
                    "shape",
                    "post_spec",
                    "post_words",
                    "plain",
                    "labelled",
                    "article_says",
                ),
                *("states", "RELATIONS", "FIELDS"),
            )
        } | {
            "query_of": filters.query_of,
            "parts_of": filters.parts_of,
            "one_of": filters.ONE,
            "many_of": filters.MANY,
            "version": __version__,
            "islands": (BUILT / "LICENSES.txt").is_file(),
        }
        self._templates.filters |= {"path": words.path, "moment": words.moment}

    def page(self, request: Request, template: str, status: int = 200, **given: Any) -> HTMLResponse:
        """A page for whoever looks."""
        viewer: Viewer = request.state.viewer
        common = {
            "viewer": viewer,
            "team": self.team,
            "csrf": self.csrf(request),
            "here": request.url.path,
            "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "where": Path(self.where).name,
            "author": viewer.name or request.cookies.get("legation_author", ""),
            "done": request.query_params.get("done"),
        }
        return HTMLResponse(self._templates.get_template(template).render(common | given), status)

    def csrf(self, request: Request) -> str:
        """The token that the forms of this session carry."""
        return hmac.new(self._secret, request.state.session.encode(), sha256).hexdigest()

    def check_csrf(self, request: Request, token: object) -> None:
        """Raises Problem 403 unless the form was made for this session."""
        if not isinstance(token, str) or not hmac.compare_digest(token.encode(), self.csrf(request).encode()):
            raise Problem(403, "this form belongs to another session or an earlier start of the desk; reload the page")

    def own_watch(self, request: Request, id: str) -> "Watch":
        """A watch of whoever looks. Raises Problem 404 for another's, as for one that is none."""
        found = self.record.watches.get(id)
        if self.team and found.owner != request.state.viewer.name:
            raise Problem(404, f"watch {id}: is not on the record; /watches names yours")
        return found


def need(request: Request, role: str) -> Viewer:
    """Whoever looks, if they hold the role or one above it. Raises Problem 403."""
    viewer: Viewer = request.state.viewer
    if not viewer.may(role):
        raise Problem(403, f"{viewer.name} is {viewer.role} here; this needs {role}: ask an admin of this desk")
    return viewer


def may_decide(request: Request, action: str) -> Viewer:
    """Whoever looks, if they may decide so: an editor, or an analyst who annotates. Raises Problem 403."""
    return need(request, "analyst" if action == "annotate" else "editor")
