"""One form for every error: problem details (RFC 9457) for programs, a page for people."""

from http import HTTPStatus

import msgspec
from fastapi import Response
from sqlalchemy.exc import SQLAlchemyError

from legation.record import RecordError


class Problem(Exception):
    """An answer other than success: status, what is wrong, and what to do; `retry`: in so many seconds it may go well."""

    def __init__(self, status: int, detail: str, *, retry: int = 5) -> None:
        super().__init__(detail)
        self.status, self.detail, self.retry = status, detail, retry

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def response(self, instance: str) -> Response:
        """The problem as ``application/problem+json``."""
        body = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        return Response(msgspec.json.encode(body), self.status, self.headers, "application/problem+json")

    @property
    def headers(self) -> dict[str, str]:
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {"Retry-After": str(self.retry)} if self.status in (429, 503) else {}


def of_record(error: RecordError) -> Problem:
    """What a record refuses: 404 for what is not on it, 503 where the database failed, else 422."""
    if isinstance(error.__cause__, SQLAlchemyError):
        return Problem(503, str(error))
    said = str(error)
    missing = "is not on the record" in said or (said.startswith("decision ") and "there is none" in said)
    return Problem(404 if missing else 422, said)


SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
    },
}
"""JSON Schema of a problem, as the OpenAPI document gives it."""
