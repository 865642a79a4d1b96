"""The desk: web pages and an HTTP API over a record, for people and for programs.

`app(where)` makes the web application (``docs/desk.md``), `legation.desk.client.Client` talks to its API.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.desk.web import app

__all__ = ["app"]


def __getattr__(name: str) -> Any:
    """`app` on first use: importing the room does not import FastAPI."""
    if name == "app":
        from legation.desk.web import app

        return app
    raise AttributeError(name)
