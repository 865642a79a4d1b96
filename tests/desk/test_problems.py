"""Every refusal and failure: in the form of RFC 9457 for programs, as a page for people, always under the security headers."""

import pytest
from starlette.testclient import TestClient

from legation.desk import app
from legation.desk.web import HEADERS
from legation.record import Record

PROGRAM, PERSON = {"accept": "application/json"}, {"accept": "text/html"}


def fails(*_: object, **__: object) -> None:
    raise RuntimeError("a fault nobody foresaw")


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/nosuch", {}, 404),
        ("GET", "/static/nosuch.css", {}, 404),
        ("GET", "/static/../web.py", {}, 404),
        ("GET", "/incidents/nosuch", {}, 404),
        ("GET", "/incidents?since=someday", {}, 422),
        ("DELETE", "/incidents", {}, 405),
        ("POST", "/seen", {}, 403),
        ("POST", "/seen", {"headers": {"content-length": "9000000"}, "content": b"x"}, 413),
        ("GET", "/", {"headers": {"host": "evil.example"}}, 400),
        ("GET", "/api/v1/incidents", {}, 500),
        ("GET", "/incidents", {}, 500),
    ],
)
@pytest.mark.parametrize("asker", [PROGRAM, PERSON])
def test_every_problem_has_its_form_and_the_headers(where, monkeypatch, method, path, more, status, asker):
    if status == 500:
        monkeypatch.setattr(Record, "incidents", fails)
    desk = TestClient(app(where, hosts=["testserver"]))
    got = desk.request(method, path, **(more | {"headers": asker | more.get("headers", {})}))
    assert got.status_code == status
    assert not [name for name, value in HEADERS.items() if got.headers.get(name) != value]
    assert got.headers["cache-control"] == "no-store"
    assert "fault nobody foresaw" not in got.text
    if asker is PERSON and not path.startswith("/api/"):
        assert got.headers["content-type"].startswith("text/html")
        assert got.text.count("<h1") == 1
    else:
        assert got.headers["content-type"] == "application/problem+json"
        assert got.json()["status"] == status
        assert set(got.json()) == {"type", "title", "status", "detail", "instance"}


def test_a_failure_of_the_page_that_tells_of_it_is_told_too(where, monkeypatch):
    monkeypatch.setattr("legation.desk.desk.Desk.page", fails)
    got = TestClient(app(where, hosts=["testserver"])).get("/", headers=PERSON)
    assert got.status_code == 500
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/api/v1/incidents", "/static/desk.css", "/openapi.json"])
def test_head_is_get_without_a_body(desk, path):
    got = desk.head(path)
    assert got.status_code == 200
    assert got.content == b""
    assert got.headers["content-security-policy"]
