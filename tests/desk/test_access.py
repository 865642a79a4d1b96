"""Who may call what: every route × method × role, generated from the routes themselves; and that nobody is anybody else."""

import re

import pytest
from starlette.testclient import TestClient
from stories import WORDS, readings

from legation.desk import app
from legation.desk.access import LEVELS, Access, names_of
from legation.record import Record
from legation.record.accounts import ROLES, TRIES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STRANGER = "stranger"


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """A desk with an account for each role, which sign in elsewhere, and Ada and Bo, who have passwords."""
    where = tmp_path_factory.mktemp("team") / "record.db"
    with Record.open(where) as record:
        record.ingest(readings())
        for role in ROLES:
            record.accounts.add(role.title(), role, None, subject=role, by="test")
        for name in ("Ada", "Bo"):
            record.accounts.add(name, "editor", WORDS, by="test")
        yield app(where, hosts=["testserver"], team=True), record


def browser(team, role=STRANGER) -> TestClient:
    """A browser in which somebody of a role is signed in."""
    made, record = team
    client = TestClient(made, headers={"accept": "text/html"}, follow_redirects=False)
    if role != STRANGER:
        client.cookies.set("legation_session", record.accounts.sign_in_elsewhere(role, "test"))
    return client


def token(client: TestClient, page: str = "/account") -> str:
    return re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)[1]


def enter(client: TestClient, name: str, password: str = WORDS, **more: str):
    form = {"csrf": token(client, "/sign-in"), "name": name, "password": password, **more}
    return client.post("/sign-in", data=form)


def table():
    """Every path of the desk with every method, and the rule that must hold; None for a method the path does not have."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        Record.open(f"{folder}/record.db").close()
        made = app(f"{folder}/record.db", team=True)
    access = Access(made.routes)
    paths = dict.fromkeys(name.partition(" ")[2] for route in made.routes for name in names_of(route))
    for path in paths:
        for method in METHODS:
            yield path, method, access.rules.get(f"{'GET' if method == 'HEAD' else method} {path}")


TABLE = list(table())


def test_the_table_holds_every_route_of_the_desk(team):
    made, _ = team
    assert len({path for path, *_ in TABLE}) > 45
    assert {rule for *_, rule in TABLE} == {None, *LEVELS}
    with pytest.raises(ValueError, match="GET /new: no rule"):
        Access([*made.routes, _route("/new")])
    with pytest.raises(ValueError, match="GET /law: no rule, or no such route"):
        Access([route for route in made.routes if getattr(route, "path", "") != "/law"])


def _route(path: str):
    from starlette.routing import Route

    return Route(path, lambda _: None)


@pytest.mark.parametrize("role", [STRANGER, *ROLES])
def test_every_route_and_method_asks_for_its_role(team, role):
    client = browser(team, role)
    for path, method, rule in TABLE:
        if rule is None and role not in (STRANGER, "admin"):
            continue
        if role != STRANGER and not team[1].accounts.who(
            client.cookies["legation_session"]
        ):  # the last request ended it
            client = browser(team, role)
        at = "/static/desk.css" if path == "/static" else re.sub(r"{\w+}", "1", path)
        program = at.startswith(("/api/", "/openapi.json"))
        csrf = token(client, "/sign-in") if method not in ("GET", "HEAD", "OPTIONS") else ""
        more = {"headers": {"x-csrf-token": csrf}} if program else {}
        if method == "POST":
            more |= {"json": {}} if program else {"data": {"csrf": csrf, "action": "annotate"}}
        got = client.request(method, at, **more)
        told = f"{role}: {method} {path} ({rule}): {got.status_code}"
        if method == "OPTIONS" or rule is None:
            assert got.status_code in (303, 401, 403, 405), told
            continue
        level = LEVELS.index("public" if role == STRANGER else role)
        if level >= LEVELS.index(rule):
            assert got.status_code < 500, told
            assert got.status_code != 403, told
            assert got.status_code != 401 or path == "/sign-in", told
            assert not got.headers.get("location", "").startswith("/sign-in?"), told
        elif role != STRANGER:
            assert got.status_code == 403, told
        elif method == "POST" or program:
            assert got.status_code == 401, told
        else:
            assert got.status_code == 303, told
            assert got.headers["location"].startswith("/sign-in?next="), told


@pytest.mark.parametrize(("role", "action", "allowed"), [
    ("reader", "annotate", False), ("analyst", "annotate", True), ("analyst", "confirm", False), ("analyst", "reject", False),
    ("editor", "confirm", True),
])  # fmt: skip
def test_notes_need_an_analyst_and_decisions_an_editor(team, role, action, allowed):
    client, id = browser(team, role), first(team)
    form = {"action": action, "reason": "checked", "note": "seen", "author": "Somebody Else"}
    got = client.post(f"/incidents/{id}/decide", data=form | {"csrf": token(client)})
    assert got.status_code == (303 if allowed else 403)
    got = client.post(f"/api/v1/incidents/{id}/decisions", json=form, headers={"x-csrf-token": token(client)})
    assert got.status_code == (201 if allowed else 403)
    if allowed:
        assert got.json()["author"] == role.title()
        assert f"by <bdi>{role.title()}</bdi>" in client.get(f"/incidents/{id}").text


def first(team) -> str:
    return team[1].incidents().items[0].id


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(team):
    client = browser(team)
    assert client.get("/incidents?since=2018").headers["location"] == "/sign-in?next=%2Fincidents%3Fsince%3D2018"
    assert enter(client, "Ada", "wrong horse battery").status_code == 401
    before = client.cookies["legation_session"]
    got = enter(client, "Ada", next="/incidents?since=2018")
    assert got.headers["location"] == "/incidents?since=2018"
    assert "HttpOnly" in got.headers["set-cookie"]
    assert "SameSite=lax" in got.headers["set-cookie"]
    assert client.cookies["legation_session"] != before
    page = client.get("/account").text
    assert "Ada" in page
    mine = client.cookies["legation_session"]
    client.post("/sign-out", data={"csrf": token(client)})
    client.cookies.set("legation_session", mine)
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n/evil.example"])
def test_signing_in_leads_nowhere_else(team, next):
    assert enter(browser(team), "Ada", next=next).headers["location"] == "/"


def test_guessing_is_refused_for_a_while(team):
    client = browser(team)
    for _ in range(TRIES):
        assert enter(client, "Eve", "guess").status_code == 401
    got = enter(client, "Eve", "guess")
    assert got.status_code == 429
    assert 0 < int(got.headers["retry-after"]) <= 900
    assert "Eve" in browser(team, "admin").get("/accounts").text


def test_another_ones_csrf_token_never_works(team):
    ada, bo = browser(team), browser(team)
    enter(ada, "Ada")
    enter(bo, "Bo")
    stolen, id = token(ada), first(team)
    form = {"action": "confirm", "reason": "x"}
    assert bo.post(f"/incidents/{id}/decide", data=form | {"csrf": stolen}).status_code == 403
    for headers in ({}, {"x-csrf-token": stolen}, {"x-csrf-token": ""}):
        assert bo.post(f"/api/v1/incidents/{id}/decisions", json=form, headers=headers).status_code == 403
    assert bo.post("/sign-out", data={"csrf": stolen}).status_code == 403
    assert ada.get("/").status_code == bo.get("/").status_code == 200


@pytest.mark.parametrize("made_up", ["0" * 43, "' OR 1=1 --" + "x" * 40, "é" * 40])
def test_a_made_up_session_or_token_is_nobody(team, made_up):
    client = browser(team)
    assert client.get("/", headers={b"cookie": f"legation_session={made_up}".encode()}).status_code == 303
    assert client.get("/api/v1/incidents", headers={"authorization": f"Bearer {made_up}".encode()}).status_code == 401


def test_a_program_acts_with_the_token_of_its_account_until_it_ends(team):
    from legation.desk.client import Client, Refused

    made, record = team
    ada = browser(team)
    enter(ada, "Ada")
    page = ada.post("/account/token", data={"csrf": token(ada), "program": "robot"}).text
    secret = re.search(r"<code>([\w-]{43})</code>", page)[1]
    client = Client("http://testserver", token=secret, http=TestClient(made))
    done = client.decide("confirm", first(team), reason="checked", author="Somebody Else")
    assert done.author == "Ada"
    assert (
        browser(team).get("/", headers={"cookie": f"legation_session={secret}"}).status_code == 303
    )  # no browser's session
    record.accounts.end("Ada", by="test")
    with pytest.raises(Refused, match="401"):
        client.incidents()


def test_each_account_has_seen_for_itself(team):
    ada, bo = browser(team), browser(team)
    enter(ada, "Ada")
    enter(bo, "Bo")
    last = re.search(r'name="last" value="(\d+)"', ada.get("/").text)[1]
    ada.post("/seen", data={"csrf": token(ada), "last": last})
    assert "Nothing new, changed or retracted" in ada.get("/").text
    assert "Nothing new, changed or retracted" not in bo.get("/").text


def test_an_admin_keeps_accounts(team):
    admin, cy = browser(team, "admin"), browser(team)

    def does(path: str, **form: str):
        return admin.post(path, data=form | {"csrf": token(admin)})

    assert does("/accounts", name="Cy", role="reader", password=WORDS).status_code == 303
    assert does("/accounts", name="Cy", role="reader", password=WORDS).status_code == 422
    assert enter(cy, "Cy").status_code == 303
    assert cy.get("/intake").status_code == 403
    does("/accounts/role", name="Cy", role="analyst")
    assert cy.get("/intake").status_code == 200
    does("/accounts/disabled", name="Cy", disabled="1")
    assert cy.get("/").status_code == 303
    assert enter(cy, "Cy").status_code == 401
    does("/accounts/disabled", name="Cy", disabled="")
    does("/accounts/password", name="Cy", password=WORDS * 2)
    assert enter(cy, "Cy", WORDS * 2).status_code == 303


def test_cookies_are_for_https_alone_where_people_come_by_https(tmp_path):
    Record.open(tmp_path / "record.db").close()
    made = app(tmp_path / "record.db", team=True, public="https://desk.example")
    got = TestClient(made, base_url="https://desk.example").get("/sign-in", headers={"accept": "text/html"})
    assert got.headers["set-cookie"].startswith("__Host-legation_session=")
    assert "Secure" in got.headers["set-cookie"]
    assert got.headers["strict-transport-security"]


def test_a_desk_without_accounts_has_no_pages_of_them(desk):
    for page in ("/sign-in", "/account", "/accounts"):
        assert desk.get(page).status_code == 404
