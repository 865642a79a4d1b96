"""Pages and feeds are fetched politely and safely: a server of our own plays the web."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from legation.sources import Raw, Unreadable, article, raws
from legation.sources import web as module
from legation.sources.web import Web, public

STORY = "<p>The ministry summoned the ambassador on Monday over the attack on its consulate in the port city.</p>" * 8
PAGE = f"<html><head><title>Envoy summoned</title></head><body><article><h1>Envoy summoned</h1>{STORY}</article></body></html>"


class Site:
    """What the server answers: path → (status, headers, body) or a function of the request; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                answer = site.pages.get(self.path, (404, {}, b"not here"))
                status, headers, body = answer(self) if callable(answer) else answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    return

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, path: str, body: str | bytes = PAGE, kind: str = "text/html; charset=utf-8", **headers: str) -> str:
        data = body if isinstance(body, bytes) else body.encode()
        self.pages[path] = (200, {"Content-Type": kind, **headers}, data)
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def web() -> Web:
    return Web(private=True, sleep=lambda _: None)


def refused(web: Web, url: str) -> str:
    with pytest.raises(Unreadable) as problem:
        web.fetch(url)
    return str(problem.value)


def test_a_page_is_an_article(site: Site, web: Web):
    (raw,) = raws([site.page("/a")], web=web)
    assert isinstance(raw, Raw)
    found = article(raw)
    assert (found.source, found.title) == (f"{site.url}/a", "Envoy summoned")
    assert "summoned the ambassador" in found.text
    assert site.asked[-1][1]["User-Agent"].startswith("legation/")


def test_robots_txt_is_asked_once_and_kept_to(site: Site, web: Web):
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\nCrawl-delay: 7", "text/plain")
    site.page("/private/a")
    url = site.page("/public")
    assert "robots.txt of this site asks not to" in refused(web, f"{site.url}/private/a")
    waits: list[float] = []
    web.sleep = waits.append
    assert web.fetch(url)
    assert waits
    assert 6 < waits[-1] <= 7
    assert [path for path, _ in site.asked] == ["/robots.txt", "/public"]


def test_what_has_not_changed_is_not_fetched_again(site: Site, web: Web):
    def page(request: BaseHTTPRequestHandler) -> Any:
        same = request.headers.get("If-None-Match") == '"1"' and request.headers.get("If-Modified-Since") == "then"
        return (304, {}, b"") if same else (200, {"ETag": '"1"', "Last-Modified": "then"}, PAGE.encode())

    site.pages["/a"] = page
    assert web.fetch(f"{site.url}/a")
    later = Web(private=True, stamps=dict(web.stamps), sleep=lambda _: None)
    assert later.fetch(f"{site.url}/a") is None
    assert list(later.raws(f"{site.url}/a")) == []


def test_redirects_are_followed_five_times_and_no_more(site: Site, web: Web):
    for n in range(8):
        site.pages[f"/{n}"] = (302, {"Location": f"/{n + 1}"}, b"")
    site.page("/5")
    found = web.fetch(f"{site.url}/0")
    assert found is not None
    assert found.url == f"{site.url}/5"
    site.pages["/5"] = (302, {"Location": "/6"}, b"")
    assert "leads elsewhere more than 5 times" in refused(web, f"{site.url}/0")


@pytest.mark.parametrize("packed", [False, True])
def test_no_more_than_the_limit_is_taken(site: Site, web: Web, packed: bool):
    body = b"0" * 50_000_000
    url = site.page("/a", gzip.compress(body, 1), **{"Content-Encoding": "gzip"}) if packed else site.page("/a", body)
    web.max_bytes = 100_000
    assert "over the limit of 100,000 bytes" in refused(web, url)


def test_a_slow_page_is_given_up(site: Site, web: Web, monkeypatch: pytest.MonkeyPatch):
    def drip(request: BaseHTTPRequestHandler) -> Any:
        request.send_response(200)
        request.end_headers()
        for _ in range(40):
            request.wfile.write(b"x")
            time.sleep(0.05)
        return 200, {}, b""

    site.page("/robots.txt", "", "text/plain")
    site.pages["/a"] = drip
    monkeypatch.setattr(module, "SECONDS", 0.3)
    start = time.monotonic()
    assert "no answer within" in refused(web, f"{site.url}/a")
    assert time.monotonic() - start < 1.5


@pytest.mark.parametrize(
    ("status", "says"), [(404, "answered 404"), (410, "answered 410"), (500, "answered 500"), (403, "answered 403")]
)
def test_an_answer_that_is_no_page_is_said(site: Site, web: Web, status: int, says: str):
    site.pages["/a"] = (status, {}, b"")
    assert says in refused(web, f"{site.url}/a")


INSIDE = [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data",
    "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://192.168.1.1/", "http://100.64.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_inside_are_refused(url: str):
    assert "is no public address" in refused(Web(sleep=lambda _: None), url)


@pytest.mark.parametrize(
    "address", ["::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "224.0.0.1", "fc00::1"]
)
def test_addresses_that_hide_one_inside(address: str):
    assert not public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses(address: str):
    assert public(address)


def test_a_redirect_or_a_name_cannot_lead_inside(site: Site, monkeypatch: pytest.MonkeyPatch):
    """The page stands at what is taken for a public address; where it leads to is checked anew, and names of both kinds are refused."""
    web = Web(sleep=lambda _: None)
    inside: list[str] = []
    monkeypatch.setattr(module, "public", lambda address: address == "127.0.0.1" and not inside)
    site.page("/robots.txt", "", "text/plain")

    def lead(_: object) -> Any:
        inside.append("now")
        return 302, {"Location": f"{site.url}/secret"}, b""

    site.pages["/a"] = lead
    assert "is no public address" in refused(web, f"{site.url}/a")
    assert "/secret" not in [path for path, _ in site.asked]
    inside.clear()
    names = [(2, 1, 6, "", ("127.0.0.1", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(module.socket, "getaddrinfo", lambda *_, **__: names)
    assert "10.0.0.1 is no public address" in refused(web, "http://two-faced.example/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "http:///a",
        "http://user:word@example.org/",
        "http://example.org:99999/",
        "file:///etc/passwd",
    ],
)
def test_other_addresses_are_refused(url: str):
    assert "no http or https address" in refused(Web(), url)


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Wire of wires</title>
<item><title>One &amp; <![CDATA[<b>two</b>]]></title><link>{url}/one</link><pubDate>Tue, 14 Mar 2023 23:30:00 -0800</pubDate>
<source url="http://x.example/">The Harbour Courier</source><description>teaser</description></item>
<item><title>Whole</title><link>{url}/whole</link><description>{whole}</description></item>
<item><title>Gone</title><link>{url}/gone</link></item></channel></rss>"""
WHOLE = "&lt;p&gt;The embassy was stormed on Friday, witnesses said.&lt;/p&gt;&lt;script&gt;no()&lt;/script&gt;" * 15


def test_a_feed_gives_its_articles(site: Site, web: Web):
    site.page("/one", PAGE.replace("<title>Envoy summoned</title>", ""))
    feed = site.page("/feed", RSS.format(url=site.url, whole=WHOLE), "application/rss+xml")
    first, second, third = raws([feed], web=web)
    assert isinstance(first, Raw)
    assert isinstance(second, Raw)
    one, whole = article(first), article(second)
    assert (one.outlet, one.published, one.url) == ("The Harbour Courier", "2023-03-14", f"{site.url}/one")
    assert (whole.title, whole.outlet, whole.source) == ("Whole", "Wire of wires", f"{site.url}/whole")
    assert whole.text.splitlines()[0] == "The embassy was stormed on Friday, witnesses said."
    assert "no()" not in whole.text
    assert "answered 404" in str(third)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Ministry</title><entry><title>Note</title><link href="/one"/>
<updated>2024-05-08T23:59:00+03:00</updated><content type="html">{whole}</content></entry></feed>"""
JSON_FEED = '{{"version":"https://jsonfeed.org/version/1.1","title":"Ministry","items":[{{"id":"1","url":"{url}/one","title":"Note","date_published":"2024-05-08T23:59:00+03:00","content_text":"{whole}"}}]}}'


@pytest.mark.parametrize(("form", "kind"), [(ATOM, "application/atom+xml"), (JSON_FEED, "application/feed+json")])
def test_atom_and_json_feeds(site: Site, web: Web, form: str, kind: str):
    whole = "The embassy was stormed on Friday, witnesses said. " * 15
    feed = site.page("/feed", form.format(url=site.url, whole=whole), kind)
    (raw,) = raws([feed], web=web)
    assert isinstance(raw, Raw)
    found = article(raw)
    assert (found.title, found.outlet, found.published, found.url) == (
        "Note",
        "Ministry",
        "2024-05-08",
        f"{site.url}/one",
    )


def test_an_entity_bomb_and_a_feed_that_is_none(site: Site, web: Web):
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    feed = site.page("/feed", f"{bomb}<rss><channel><title>t</title><item><title>&b;&x;</title></item></channel></rss>")
    assert list(raws([feed], web=web)) == []
    (raw,) = raws([site.page("/j", '{"not": "a feed"}', "application/json")], web=web)
    assert isinstance(raw, Raw)
    with pytest.raises(Unreadable):
        article(raw)
