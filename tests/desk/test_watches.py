"""Watches: pages, feeds, mail and webhook, each to a server of its own on loopback; and that they are nobody else's."""

import re
import socket
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient
from stories import EXPULSION, HOSTILE, party, told

from legation.cli.watch import command
from legation.desk import app
from legation.desk.client import signed
from legation.desk.deliver import Post, run
from legation.record import Record
from legation.record.nouns import Filter

PAIR = Filter(pair=("GBR", "RUS"))
ATOM = "{http://www.w3.org/2005/Atom}"


def news(day: str = "2021-02-03", name: str | None = None):
    """An article of a further expulsion."""
    event = EXPULSION | {
        "actor": party("GBR", "government", name=name),
        "target": party("RUS", "diplomat"),
        "date": day,
        "count": 2,
    }
    return told("The Herald", day, (f"London expelled two envoys on {day} {name or ''}.", event))


class Mails:
    """A mail server on loopback that keeps what it gets, or refuses it."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.refuse = False

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return "451 not now"
        self.got.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mails():
    from aiosmtpd.controller import Controller

    handler = Mails()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.address = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


@pytest.fixture
def hook():
    """A program on loopback that keeps what it is sent; `status` is what it answers."""
    got: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(server.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.status, server.address = got, 204, f"http://127.0.0.1:{server.server_port}/hook?x=1"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def record(where):
    with Record.open(where) as record:
        yield record


def token(desk: TestClient) -> str:
    return re.search(r'name="csrf" value="([0-9a-f]+)"', desk.get("/watches?all=1").text)[1]


def made(desk: TestClient, **form: str) -> str:
    """A watch made by the form; its id."""
    got = desk.post("/watches", data={"csrf": token(desk), "name": "Russia", "pair": "GBR-RUS"} | form)
    assert got.status_code == 200
    return got.url.path.rpartition("/")[2]


def test_a_list_becomes_a_watch_that_tells_what_changed(desk, record):
    page = desk.get("/incidents?pair=GBR-RUS&status=reported").text
    link = re.search(r'href="(/watches\?[^"]+)"', page)[1].replace("&amp;", "&")
    assert 'name="pair" value="GBR-RUS"' in desk.get(link).text
    id = made(desk)
    assert "Nothing new, changed or retracted" in desk.get(f"/watches/{id}").text
    record.ingest([news()])
    page = desk.get(f"/watches/{id}").text
    assert "New: The United Kingdom expelled 2 Russian diplomats." in page
    assert "The Herald asserts (The Herald, 3 February 2021)" in page
    assert "Russia" in desk.get("/watches").text
    desk.post(f"/watches/{id}/remove", data={"csrf": token(desk)})
    assert desk.get(f"/watches/{id}").status_code == 404


def test_the_feed_needs_its_secret_alone_and_tells_each_thing_once(desk, record):
    id = made(desk)
    record.ingest([news(), news("2021-05-06", HOSTILE)])
    watch = record.watches.get(id)
    reader = TestClient(desk.app)
    got = reader.get(f"/feeds/{watch.feed}.atom")
    assert got.headers["content-type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(got.content).findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    assert "asserts" in entries[0].findtext(f"{ATOM}summary")
    again = reader.get(f"/feeds/{watch.feed}.atom", headers={"if-none-match": got.headers["etag"]})
    assert again.status_code == 304
    items = reader.get(f"/feeds/{watch.feed}.json").json()["items"]
    assert [item["id"] for item in items] == [entry.findtext(f"{ATOM}id") for entry in entries]
    for wrong in (f"{watch.feed}x.atom", f"{watch.id}.atom", f"{watch.feed}.html", ".atom"):
        assert reader.get(f"/feeds/{wrong}").status_code == 404
    desk.post(f"/watches/{id}/renew", data={"csrf": token(desk)})
    assert reader.get(f"/feeds/{watch.feed}.atom").status_code == 404


def test_mail_says_what_changed_and_who_says_so_once(record, mails):
    record.watches.add("Rússia", PAIR, mail="desk@ministry.example")
    record.ingest([news()])
    post = Post(mails.address, "legation@desk.example", "https://desk.example")
    assert [outcome.error for outcome in run(record, post)] == [None]
    assert list(run(record, post)) == []
    (raw,) = mails.got
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["to"] == "desk@ministry.example"
    assert mail["subject"] == "[Rússia] New: The United Kingdom expelled 2 Russian diplomats."
    assert mail["message-id"].endswith("@desk.example>")
    text = mail.get_content()
    assert "1 new" in text
    assert "The Herald asserts (The Herald, 3 February 2021): “London expelled two envoys" in text
    assert re.search(r"https://desk\.example/incidents/\w+", text)


def test_many_are_one_mail_the_gravest_first(record, mails):
    record.watches.add("all", Filter(), mail="desk@ministry.example")
    record.ingest(
        [news(f"{year}-03-01", HOSTILE if year == 2005 else None) for year in range(2001, 2021) if year != 2018]
    )
    list(run(record, Post(mails.address)))
    (raw,) = mails.got
    mail = message_from_bytes(raw, policy=policy.default)
    assert "19 new" in mail["subject"]
    assert len(mail["subject"]) <= 250


def test_what_a_mail_server_refuses_is_tried_again(record, mails, monkeypatch):
    from legation.record import watches as module

    watch = record.watches.add("Russia", PAIR, mail="desk@ministry.example")
    record.ingest([news()])
    mails.refuse = True
    assert "451" in next(run(record, Post(mails.address))).error
    mails.refuse = False
    assert list(run(record, Post(mails.address))) == []
    later = module._now() + 61
    monkeypatch.setattr(module, "_now", lambda: later)
    assert [outcome.error for outcome in run(record, Post(mails.address))] == [None]
    assert len(mails.got) == 1
    assert record.watches.sendings(watch.id)[0].tries == 2


def test_a_webhook_is_signed_with_the_key_of_its_watch_and_no_other(record, hook):
    watch = record.watches.add("Russia", PAIR, webhook=hook.address)
    other = record.watches.add("other", PAIR)
    record.ingest([news()])
    assert [outcome.error for outcome in run(record, Post(private=True))] == [None]
    ((headers, body),) = hook.got
    said = headers["Legation-Signature"]
    assert signed(watch.key, body, said)
    assert not signed(other.key, body, said)
    assert not signed(watch.key, body + b" ", said)
    assert not signed(watch.key, body, said, now=int(said[2:12]) + 301)
    assert not signed(watch.key, body, said.replace("t=1", "t=2", 1), within=10**10)
    assert not signed(watch.key, body, "")
    assert headers["Legation-Delivery"] in body.decode()
    assert b"The Herald asserts" in body
    assert watch.key.encode() not in body


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_webhook_that_answers_otherwise_is_tried_again_and_not_followed(record, hook, status):
    watch = record.watches.add("Russia", PAIR, webhook=hook.address)
    record.ingest([news()])
    hook.status = status
    assert f"answered {status}" in next(run(record, Post(private=True))).error
    assert len(hook.got) == 1
    assert record.watches.sendings(watch.id)[0].state == "waiting"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_a_webhook_does_not_lead_inside(record, hook, host):
    record.watches.add("inside", PAIR, webhook=f"http://{host}:{hook.server_port}/")
    record.ingest([news()])
    assert "is no public address" in next(run(record, Post())).error
    assert hook.got == []


def test_the_command_adds_runs_and_lists(where, mails):
    def watch(*arguments: str):
        return CliRunner().invoke(command, [*arguments, "--record", str(where)])

    added = watch("add", "Russia", "--pair", "GBR", "RUS", "--mail", "desk@ministry.example")
    id = re.search(r'"id":"(\w+)"', added.output)[1]
    with Record.open(where) as record:
        record.ingest([news()])
    assert watch("run").exit_code == 3
    got = watch("run", "--smtp", mails.address)
    assert got.exit_code == 0  # the next try is not due yet
    assert '"kind":"new"' in watch("show", id).output
    assert "Russia" in watch("list").output
    assert watch("remove", id).exit_code == 0
    assert watch("show", id).exit_code == 1


def test_nobody_sees_or_changes_anothers_watch(tmp_path):
    with Record.open(tmp_path / "record.db") as record:
        record.accounts.add("Root", "admin", None, subject="root", by="test")
        for name in ("Ada", "Bo"):
            record.accounts.add(name, "reader", None, subject=name, by="test")
        made_ = app(tmp_path / "record.db", hosts=["testserver"], team=True)
        ada, bo = (TestClient(made_, headers={"accept": "text/html"}) for _ in range(2))
        ada.cookies.set("legation_session", record.accounts.sign_in_elsewhere("Ada", "test"))
        bo.cookies.set("legation_session", record.accounts.sign_in_elsewhere("Bo", "test"))
        id = made(ada, webhook="https://hook.example/x")
        watch = record.watches.get(id)
        assert watch.owner == "Ada"
        assert watch.key in ada.get(f"/watches/{id}").text
        assert bo.get(f"/watches/{id}").status_code == 404
        assert id not in bo.get("/watches").text
        for act in ("pause", "renew", "remove"):
            assert bo.post(f"/watches/{id}/{act}", data={"csrf": token(bo), "paused": "1"}).status_code == 404
            assert bo.post(f"/watches/{id}/{act}", data={"csrf": token(ada)}).status_code == 403
        assert bo.get(f"/api/v1/watches/{id}/notices").status_code == 404
        assert bo.delete(f"/api/v1/watches/{id}", headers={"x-csrf-token": token(bo)}).status_code == 404
        assert bo.get("/api/v1/watches").json()["items"] == []
        assert record.watches.get(id) == watch


def test_the_api_makes_tells_and_removes(desk, record):
    body = {"name": "Russia", "filter": {"pair": "GBR-RUS", "sources": 1, "group": ["restriction"]}}
    got = desk.post("/api/v1/watches", json=body)
    assert got.status_code == 201
    id = got.json()["id"]
    record.ingest([news()])
    assert [n["kind"] for n in desk.get(f"/api/v1/watches/{id}/notices").json()["items"]] == ["new"]
    assert desk.post("/api/v1/watches", json=body | {"filter": {"pair": "GBR"}}).status_code == 422
    assert desk.post("/api/v1/watches", json=body | {"webhook": "ftp://x"}).status_code == 422
    assert desk.delete(f"/api/v1/watches/{id}").status_code == 200
    assert desk.get(f"/api/v1/watches/{id}/notices").status_code == 404
