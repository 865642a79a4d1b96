"""Signing in at a provider (OpenID Connect), against a small one on this machine, and everything it may get wrong."""

import json
import re
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from urllib.parse import parse_qs, parse_qsl, urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.testclient import TestClient

from legation.desk import app, openid
from legation.desk.openid import Roles, Settings
from legation.record import Record

ONE, TWO = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two"))
ROLES = Roles(claim="realm.groups", values={"desk": "analyst", "lead": "editor", "it": "admin"})


class Provider:
    """Signs in whoever comes, as `claims` say. `token`: what the ID token says otherwise; `key`, `alg`: how it is signed."""

    def __init__(self) -> None:
        self.keys = {"one": ONE}
        self.claims = {"sub": "248", "preferred_username": "Ada", "realm": {"groups": ["desk", "chess"]}}
        self.token, self.userinfo, self.discovery, self.answer = {}, {}, {}, {}
        self.kid, self.alg, self.key, self.ways = "one", "RS256", None, ["client_secret_basic"]
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.number = count()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                provider.asked.append(path)
                if path == "/authorize":
                    form = dict(parse_qsl(query))
                    code = f"code{next(provider.number)}"
                    provider.codes[code] = form
                    back = {"code": code, "state": form["state"]} | provider.answer
                    self.send_response(302)
                    self.send_header("Location", f"{form['redirect_uri']}?{urlencode(back)}")
                    self.end_headers()
                    return
                known = provider.discovery | {"issuer": provider.issuer} | {
                    name: f"{provider.issuer}/{path}" for name, path in (
                        ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "keys"),
                        ("userinfo_endpoint", "me"))
                }  # fmt: skip
                known |= {"token_endpoint_auth_methods_supported": provider.ways} | provider.discovery
                public = {"keys": [key.as_dict(private=False) for key in provider.keys.values()]}
                me = {"sub": "248"} | provider.userinfo
                if path == "/me" and self.headers["authorization"] != "Bearer access":
                    self.say(401, {"error": "invalid_token"})
                else:
                    self.say(200, {"/keys": public, "/me": me}.get(path, known))

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                who, _, basic = self.headers.get("authorization", "").partition(" ")
                client = (
                    b64decode(basic).decode()
                    if who == "Basic"
                    else f"{form.get('client_id')}:{form.get('client_secret')}"
                )
                begun = provider.codes.pop(form["code"], None)
                challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
                if client != "desk:s%2Fecret" and client != "desk:s/ecret":
                    self.say(401, {"error": "invalid_client"})
                elif (
                    begun is None
                    or begun["redirect_uri"] != form["redirect_uri"]
                    or begun["code_challenge"] != challenge
                ):
                    self.say(400, {"error": "invalid_grant"})
                else:
                    self.say(
                        200, {"access_token": "access", "token_type": "Bearer", "id_token": provider.signed(begun)}
                    )

            def say(self, status: int, body: dict) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def signed(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": begun["client_id"], "iat": now, "exp": now + 300, "nonce": begun["nonce"]}
        said = {name: value for name, value in (said | self.claims | self.token).items() if value is not None}
        header = {"alg": self.alg} | ({"kid": self.kid} if self.kid else {})
        if self.alg == "none":
            parts = (json.dumps(part).encode() for part in (header, said))
            return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        return jwt.encode(header, said, self.key or self.keys[self.kid], algorithms=[self.alg])


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def where(tmp_path):
    return tmp_path / "record.db"


@pytest.fixture(autouse=True)
def record(where):
    with Record.open(where) as record:
        yield record


def desk(where, provider, **more) -> TestClient:
    """A browser at a desk whose people sign in at the provider."""
    given = {"issuer": provider.issuer, "client": "desk", "secret": "s/ecret", "label": "the ministry", "roles": ROLES}
    made = app(where, hosts=["testserver"], team=True, openid=Settings(**given | more))
    return TestClient(made, headers={"accept": "text/html"}, follow_redirects=False)


def away(client: TestClient, next: str = "/incidents?since=2018") -> str:
    """Begins a sign-in; the address at which the provider sends the browser back."""
    page = client.get("/sign-in", params={"next": next}).text
    link = re.search(r'href="(/sign-in/openid[^"]*)"', page)[1]
    assert "Sign in with the ministry" in page
    there = client.get(link).headers["location"]
    return httpx.get(there).headers["location"]


def sign_in(client: TestClient):
    return client.get(away(client).removeprefix("http://testserver"))


def test_who_signs_in_at_the_provider_is_signed_in_here(where, provider, record):
    client = desk(where, provider)
    back = away(client)
    asked = next(iter(provider.codes.values()))
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    done = client.get(back)
    assert (done.status_code, done.headers["location"]) == (303, "/incidents?since=2018")
    page = client.get("/account").text
    assert "Analyst" in page
    assert "Ada" in page
    assert "Present password" not in page
    made = record.accounts.get("Ada")
    assert (made.role, made.local) == ("analyst", False)
    assert [one.outcome for one in record.accounts.log()] == ["signed in", "account made: analyst"]


def test_a_role_follows_the_claim_at_each_sign_in_and_ends_with_it(where, provider, record):
    client = desk(where, provider)
    for groups, role in ((["desk"], "analyst"), (["it", "desk"], "admin"), (["lead"], "editor")):
        provider.claims["realm"] = {"groups": groups}
        assert sign_in(client).status_code == 303
        assert record.accounts.get("Ada").role == role
    provider.claims["realm"] = {"groups": ["chess"]}
    refused = sign_in(client)
    assert refused.status_code == 403
    assert "gives you no role here" in refused.text
    assert client.get("/").status_code == 303
    assert (
        sign_in(desk(where, provider, roles=Roles(claim="realm.groups", values={}, otherwise="reader"))).status_code
        == 303
    )
    assert record.accounts.get("Ada").role == "reader"


def test_a_claim_that_the_token_leaves_out_is_asked_for(where, provider, record):
    provider.claims = {"sub": "248"}
    provider.userinfo = {"preferred_username": "Bo", "realm": {"groups": "lead"}}
    provider.ways = ["client_secret_post"]
    assert sign_in(desk(where, provider)).status_code == 303
    assert record.accounts.get("Bo").role == "editor"
    provider.userinfo["sub"] = "249"
    assert "another person" in sign_in(desk(where, provider)).text


def test_nobody_gets_the_account_of_another_by_its_name(where, provider, record):
    record.accounts.add("Ada", "admin", "correct horse battery", by="test")
    assert sign_in(desk(where, provider)).status_code == 303
    assert [(one.name, one.role) for one in record.accounts.every()] == [("Ada", "admin"), ("Ada 2", "analyst")]
    provider.claims["sub"] = "249"
    assert sign_in(desk(where, provider)).status_code == 303
    assert record.accounts.get("Ada 3").role == "analyst"


def test_without_roles_only_accounts_that_an_admin_made(where, provider, record):
    client = desk(where, provider, roles=None)
    assert "no account here is yours" in sign_in(client).text
    record.accounts.add("Ada Lovelace", "editor", None, subject=f"{provider.issuer} 248", by="test")
    assert sign_in(client).status_code == 303
    assert "Ada Lovelace" in client.get("/account").text
    record.accounts.add("Bo", "admin", "correct horse battery", by="test")
    record.accounts.set_disabled("Ada Lovelace", True, by="Bo")
    assert sign_in(client).status_code == 403
    assert client.get("/").status_code == 303


WRONG = [
    ({"nonce": "another"}, "nonce"), ({"nonce": None}, "nonce"), ({"aud": "elsewhere"}, "aud"), ({"aud": None}, "aud"),
    ({"aud": ["desk", "elsewhere"]}, "azp"), ({"azp": "elsewhere"}, "azp"), ({"iss": "https://evil.example"}, "iss"),
    ({"exp": 1_000_000_000}, "expired"), ({"exp": None}, "exp"), ({"sub": None}, "sub"), ({"at_hash": "another"}, "at_hash"),
    ({"iat": 4_000_000_000}, "future"),
]  # fmt: skip


def test_a_token_that_is_not_for_this_sign_in_opens_nothing(where, provider, record):
    client = desk(where, provider)
    for wrong, said in WRONG:
        provider.token = wrong
        refused = sign_in(client)
        assert refused.status_code == 403, wrong
        assert "ID token does not hold" in refused.text, wrong
        assert said in refused.text, wrong
    assert client.get("/").status_code == 303
    assert record.accounts.every() == ()


def test_a_token_that_the_provider_did_not_sign_opens_nothing(where, provider, record):
    client = desk(where, provider)
    for alg, key in (("none", None), ("HS256", OctKey.import_key("s/ecret" * 8)), ("RS256", TWO)):
        provider.alg, provider.key = alg, key
        assert sign_in(client).status_code == 403, alg
    assert record.accounts.every() == ()


def test_keys_that_the_provider_changed_are_asked_for_again(where, provider):
    client = desk(where, provider)
    assert sign_in(client).status_code == 303
    provider.keys, provider.kid = {"two": TWO}, "two"
    assert sign_in(client).status_code == 303
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    provider.kid, provider.key = "three", provider.keys["two"]
    assert sign_in(client).status_code == 403


def test_a_code_works_once_and_in_the_browser_that_asked_for_it(where, provider):
    ada = desk(where, provider)
    eve = TestClient(ada.app, headers={"accept": "text/html"}, follow_redirects=False)
    back = away(ada)
    assert "begun in another browser" in eve.get(back).text
    away(eve)
    assert eve.get(back).status_code == 403
    assert ada.get(re.sub("state=[^&]+", "state=made-up", back)).status_code == 403
    assert ada.get(back).status_code == 303
    assert ada.get(back).status_code == 403
    stolen = re.search(r"code=\w+", away(ada))[0]
    assert "invalid_grant" in eve.get(re.sub(r"code=\w+", stolen, away(eve))).text


def test_a_ticket_is_too_old_after_a_while(where, provider, monkeypatch):
    client = desk(where, provider)
    back = away(client)
    now = time.time()
    monkeypatch.setattr(openid.time, "time", lambda: now + openid.LONGEST + 1)
    assert client.get(back).status_code == 403


def test_it_leads_nowhere_else(where, provider):
    client = desk(where, provider)
    for next in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert client.get(away(client, next)).headers["location"] == "/"


def test_what_the_provider_refuses_is_said(where, provider):
    client = desk(where, provider)
    provider.answer = {"error": "access_denied", "error_description": "You <b>cancelled</b>"}
    back = re.sub(r"code=\w+&", "", away(client))
    got = client.get(back)
    assert got.status_code == 403
    assert "You &lt;b&gt;cancelled&lt;/b&gt;" in got.text
    provider.answer = {"iss": "https://evil.example"}
    assert "another provider" in sign_in(client).text
    provider.answer = {}
    assert "invalid_client" in sign_in(desk(where, provider, secret="wrong")).text


def test_a_provider_that_is_another_or_away_stops_no_page(where, provider):
    client = desk(where, provider)
    provider.discovery = {"issuer": "https://evil.example"}
    assert "calls itself" in client.get("/sign-in/openid").text
    provider.discovery = {"token_endpoint": "http://evil.example/token"}
    assert "token_endpoint is no https" in client.get("/sign-in/openid").text
    provider.server.shutdown()
    provider.server.server_close()
    away_now = client.get("/sign-in/openid")
    assert away_now.status_code == 503
    assert int(away_now.headers["retry-after"])
    assert client.get("/sign-in").status_code == 200


def test_a_desk_without_a_provider_says_so(where):
    client = TestClient(
        app(where, hosts=["testserver"], team=True), headers={"accept": "text/html"}, follow_redirects=False
    )
    assert client.get("/sign-in/openid").status_code == client.get("/sign-in/openid/done").status_code == 404
    assert "openid" not in client.get("/sign-in").text


def test_settings_come_from_a_file_and_say_what_is_wrong_with_it(tmp_path):
    path = tmp_path / "openid.yaml"
    path.write_text("issuer: https://login.example\nclient: desk\nroles: {claim: groups, values: {lead: editor}}\n")
    found = openid.load(path, "s3cret")
    assert (found.secret, found.roles.values, found.scope) == ("s3cret", {"lead": "editor"}, ("profile",))
    for text, said in (
        ("issuer: http://login.example\nclient: desk\n", "give its https:// address"),
        ("issuer: https://login.example\n", "client"),
        ("issuer: https://login.example\nclient: desk\nroles: {claim: groups, values: {lead: king}}\n", "king"),
        ("issuer: https://login.example\nclient: desk\nsecrets: x\n", "secrets"),
    ):
        path.write_text(text)
        with pytest.raises(ValueError, match=said):
            openid.load(path)
