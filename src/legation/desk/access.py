"""Who may call which route: the rules of ``access.yaml``, held against the routes that there are."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from starlette.routing import BaseRoute, Match

from legation.record.accounts import ROLES

LEVELS = ("public", *ROLES)


class Access:
    """The rules over the routes of an application. Raises ValueError for a route without a rule and a rule without a route."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self.rules = {name: level for level, names in _rules().items() for name in names}
        there = {name for route in routes for name in names_of(route)}
        if wrong := sorted(there ^ self.rules.keys()):
            raise ValueError(f"access.yaml: {', '.join(wrong)}: no rule, or no such route")

    def needs(self, scope: Any) -> str:
        """The least role that may make a request; what leads nowhere needs a reader, so that strangers learn nothing."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        for route in self._routes:
            if route.matches(scope | {"method": method})[0] is Match.FULL:
                return self.rules.get(f"{method} {route.path}", LEVELS[-1])  # type: ignore[attr-defined]
        return "reader"


def names_of(route: BaseRoute) -> Iterable[str]:
    """ "GET /incidents/{id}" for each method of a route but HEAD, which is GET; a folder of files is "GET /static"."""
    methods = getattr(route, "methods", None) or {"GET"}
    return [f"{method} {route.path}" for method in sorted(methods - {"HEAD"})]  # type: ignore[attr-defined]


def _rules() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("access.yaml").read_bytes())
    if tuple(found) != LEVELS:
        raise ValueError(f"access.yaml: holds {', '.join(found)}; it must hold {', '.join(LEVELS)} in this order")
    return found
