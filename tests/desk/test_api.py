"""The API: nouns as JSON, cursors, ETags, tombstones, problem details; and its client."""

import pytest
from starlette.testclient import TestClient

from legation.desk.client import Client, Refused
from legation.record.nouns import Detail


@pytest.fixture
def client(desk) -> Client:
    return Client("http://testserver", http=TestClient(desk.app))


def test_every_get_has_an_etag_and_a_304(desk):
    for path in desk.get("/openapi.json").json()["paths"]:
        if "{" in path or path.endswith(("/posts", "/briefing", "/draft", "/undo", "/readings")):
            continue
        got = desk.get(path)
        assert got.status_code == 200, path
        again = desk.get(path, headers={"if-none-match": got.headers["etag"]})
        assert again.status_code == 304, path
        assert again.content == b""


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/incidents/nosuch", 404),
        ("/api/v1/articles/nosuch", 404),
        ("/api/v1/nosuch", 404),
        ("/api/v1/incidents?limit=0", 422),
        ("/api/v1/incidents?since=someday", 422),
        ("/api/v1/incidents?type=nosuch", 422),
        ("/api/v1/incidents?status=nosuch", 422),
        ("/api/v1/incidents?pair=GBR", 422),
        ("/api/v1/incidents?cursor=nosuch", 422),
        ("/api/v1/pairs/GBR/GBR", 422),
        ("/api/v1/posts?post=x", 422),
    ],
)
def test_errors_are_problem_details(desk, path, status):
    got = desk.get(path, headers={"accept": "*/*"})
    assert got.status_code == status
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == path.split("?")[0]


def test_wrong_method_and_wrong_body_are_problems(desk):
    assert desk.delete("/api/v1/incidents").json()["status"] == 405
    for body in (b"", b"{", b'{"action": "eat", "reason": "x"}'):
        got = desk.post("/api/v1/incidents/x/decisions", content=body, headers={"content-type": "application/json"})
        assert got.json()["status"] == 422


def test_client_decides_undoes_and_sees_the_tombstone(client):
    one = next(client.every(state="GBR", since="2018-03-14", until="2018-03-14"))
    start = max(change.seq for change in client.changes())
    decision = client.decide("reject", one.id, author="Ada", reason="not one")
    gone = list(client.changes(start))
    assert (one.id, "gone") in {(change.id, change.kind) for change in gone}
    assert isinstance(client.incident(one.id), Detail)
    assert client.undo(decision.seq, author="Ada", reason="it is").undone
    assert client.incidents(since="2018-03-14", until="2018-03-14").items[0] == one


def test_client_pages_counts_and_reports(client):
    assert client.count() == len(list(client.every()))
    assert client.count(pair=("GBR", "RUS"), group=["restriction"]) == 3
    assert client.pair("GBR", "RUS").links
    assert client.post("embassy USA BAGHDAD").by_group == {"premises": 1}
    assert client.article(client.incident(client.incidents().items[0].id).claims[0].article)
    with pytest.raises(Refused, match="say who decides"):
        client.decide("confirm", client.incidents().items[0].id, reason="x")


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/api/v1/export/atom?pair=GBR-RUS", b"<?xml"),
        ("/api/v1/export/csv", b"event_id,"),
        ("/api/v1/export/geojson?group=premises", b'{"type'),
        ("/api/v1/briefing?pair=GBR-RUS", b"PK"),
        ("/api/v1/briefing?form=html", b"<!DOCTYPE html>"),
        ("/api/v1/draft?kind=briefing&form=html", b"<!DOCTYPE html>"),
    ],
)
def test_a_view_can_be_taken_along(desk, path, start):
    got = desk.get(path)
    assert got.status_code == 200
    assert got.content.startswith(start)
    if "html" in got.headers["content-type"]:
        assert b"<script>alert" not in got.content
        assert "attachment" in got.headers["content-disposition"]
    if start != b"PK":  # a Word document holds the time it was made
        assert desk.get(path, headers={"if-none-match": got.headers["etag"]}).status_code == 304


def test_numbers_beyond_the_database_and_broken_names_are_refused_not_failed(desk):
    from base64 import urlsafe_b64encode

    cursor = urlsafe_b64encode(b"[1000000000000000000000000000000,1]").decode().rstrip("=")
    assert desk.get(f"/api/v1/incidents?cursor={cursor}").status_code == 422
    id = desk.get("/api/v1/incidents").json()["items"][0]["id"]
    body = {"action": "correct", "author": "Ada", "reason": "x", "field": "count", "value": "9" * 30}
    assert desk.post(f"/api/v1/incidents/{id}/decisions", json=body).status_code == 422
    assert desk.get("/", headers={"host": "["}).status_code == 400
    assert desk.post("/seen", headers={"origin": "http://["}).status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example"])
def test_the_command_refuses_a_public_address(where, host):
    from click.testing import CliRunner

    from legation.cli.desk import command

    got = CliRunner().invoke(command, ["--record", str(where), "--host", host, "--no-browser"])
    assert got.exit_code == 2
    assert "is not on this machine alone" in got.output


@pytest.mark.parametrize(("form", "start"), [("docx", b"PK"), ("html", b"<!DOCTYPE"), ("pdf", b"%PDF-")])
def test_the_pages_offer_drafts_in_every_form(desk, form, start):
    id = desk.get("/api/v1/incidents?group=premises").json()["items"][0]["id"]
    for page, query in ((f"/incidents/{id}", f"incident={id}"), ("/pairs/GBR/RUS", "pair=GBR-RUS")):
        link = f"/api/v1/draft?kind=note&form={form}&{query}"
        assert link.replace("&", "&amp;") in desk.get(page).text
        got = desk.get(link)
        assert got.status_code == 200
        assert got.content.startswith(start)
        assert got.headers["content-disposition"] == f'attachment; filename="note.{form}"'
    assert desk.get("/api/v1/draft?kind=note").status_code == 422
