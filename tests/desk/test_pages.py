"""The pages: what they show, what their forms do, and what they refuse."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI, Response
from starlette.testclient import TestClient

from legation.desk import app
from legation.record import Record, RecordError
from legation.record.nouns import Filter

PAGES = (
    "/", "/incidents", "/incidents?group=restriction&status=reported&sources=2&since=2018", "/timeline",
    "/timeline?since=2018", "/map", "/map?group=premises", "/network", "/network?state=GBR", "/search", "/search?text=embassy", "/pairs", "/pairs/GBR/RUS", "/posts?post=embassy+USA+BAGHDAD",
    "/open", "/open?state=answered", "/watches", "/watches?all=1&state=GBR", "/articles", "/sources", "/law", "/ontology", "/ontology/expulsion", "/intake",
)  # fmt: skip


def first(where, **filter):
    with Record.open(where) as record:
        return record.incidents(Filter(**filter)).items[0]


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every start tag of a page with its attributes."""
    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    Parser().feed(page)
    return found


def token(desk: TestClient, page: str = "/intake") -> str:
    return re.search(r'name="csrf" value="([0-9a-f]+)"', desk.get(page).text)[1]


def test_a_page_is_compressed_unless_its_address_has_a_query_that_others_may_have_written(desk):
    assert desk.get("/").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in desk.get("/search?text=guess").headers
    assert "content-encoding" not in desk.get("/", headers={"accept-encoding": "identity"}).headers


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_under_the_policy(desk, page):
    got = desk.get(page)
    assert got.status_code == 200
    assert got.text.count("<h1") == 1
    assert "<main" in got.text
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attributes in tags(got.text):
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "?", "#")), tag
            assert not (attributes.get(name) or "").startswith("//"), tag


def test_today_shows_what_is_new_until_it_is_seen(desk):
    page = desk.get("/").text
    assert "expelled" in page
    last = re.search(r'name="last" value="(\d+)"', page)[1]
    desk.post("/seen", data={"csrf": token(desk), "last": last})
    assert "Nothing new, changed or retracted" in desk.get("/").text


def test_a_filter_narrows_the_list_and_says_so(desk):
    page = desk.get("/incidents?group=premises").text
    assert "Seeing <b>1</b> of <b>1</b>" in page
    assert "Baghdad" in page
    assert "No incident passes" in desk.get("/incidents?state=ZMB").text


FACET = re.compile(
    r'<a href="/search\?([^"]*)"( aria-current="true")?[^>]*>(?:<span class="shape"[^>]*>[^<]*</span>)?([^<]+)'
    r'(?:<span[^>]*>[^<]*</span>)*</a> <span class="number">(\d+)'
)


def test_each_facet_leads_to_as_many_as_it_says_and_back(desk):
    asked = ["", "text=expelled", "type=expulsion&status=reported", "receiving=GBR", "text=expelled&sending=RUS"]
    followed = 0
    for query in asked:
        page = desk.get(f"/search?{query}").text
        for onward, on, words, number in FACET.findall(page):
            there = desk.get(f"/search?{unescape(onward)}").text
            total = int(re.search(r"Seeing <b>\d+</b> of <b>(\d+)", there)[1])
            followed += 1
            if not on:
                assert total >= int(number), (query, words)
                assert (words, number) in {(mine, n) for _, chosen, mine, n in FACET.findall(there) if chosen}, (
                    query,
                    words,
                )
    assert followed > 40


def test_facets_name_states_by_their_part_and_other_values_of_a_narrowed_field(desk):
    counted = desk.get("/api/v1/incidents/facets?receiving=GBR").json()
    assert counted["receiving"] == {"GBR": 2, "RUS": 1, "IRQ": 1}
    assert counted["sending"] == counted["target"] == {"RUS": 2}
    assert counted["type"] == {"expulsion": 2}
    assert desk.get("/api/v1/incidents/count?target=USA").json()["count"] == 1
    assert desk.get("/api/v1/incidents/count?receiving=gbr&sending=RUS&text=expelled").json()["count"] == 2


def test_paging_comes_to_an_end_without_losing_any(desk):
    seen, cursor = [], ""
    while True:
        page = desk.get(f"/api/v1/incidents?limit=1{cursor}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == desk.get("/api/v1/incidents/count").json()["count"]


def test_incident_has_claims_differences_duties_and_chain(desk, where):
    one = first(where, since="2018-03-14", until="2018-03-14")
    page = desk.get(f"/incidents/{one.id}").text
    assert "London expelled three envoys." in page
    assert re.search(r"<mark[^>]*>London expelled three envoys", page)
    assert "Where the accounts differ" in page
    assert "VCDR-9" in page
    assert "answered 3 days later, in kind" in page
    assert re.search(r"<td><bdi>The Evening</bdi><br><span class=\"soft\">16 Mar 2018", page)
    assert "independent" in page
    assert "Bound" in page or "bound" in page


def test_pair_has_both_columns_and_the_link_between(desk):
    page = desk.get("/pairs/gbr/rus").text
    assert "United Kingdom" in page
    assert re.search(r'answers <a href="#i-', page)
    assert '<path class="stated"' in page


def test_post_shows_its_level_and_the_rule(desk):
    page = desk.get("/posts?post=embassy+USA+BAGHDAD").text
    assert "Severe" in page
    assert "severity 4 or 5" in page


@pytest.mark.parametrize(
    "page", ["/", "/incidents?since=2018-05&until=2018-05", "/sources", "/articles", "/search?text=expelled"]
)
def test_hostile_text_is_shown_as_text(desk, page):
    got = desk.get(page).text
    assert "<script>alert" not in got
    assert "<img src=x" not in got
    assert "49 \u202e" not in got
    assert "&lt;script&gt;" in got


def test_hostile_article_is_shown_as_text(desk, where):
    one = first(where, since="2018-05", until="2018-05")
    for page in (
        f"/incidents/{one.id}",
        f"/articles/{desk.get(f'/api/v1/incidents/{one.id}').json()['claims'][0]['article']}",
    ):
        got = desk.get(page).text
        assert "<script>alert" not in got
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in got
        assert "{{ 7 * 7 }}" in got


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("confirm", {}),
        ("correct", {"field": "count", "value": "5"}),
        ("reject", {}),
        ("annotate", {"note": "seen by the desk"}),
    ],
)
def test_each_decision_is_done_and_undone(desk, where, action, given):
    one = first(where, since="2018-03-14", until="2018-03-14")
    form = {"csrf": token(desk), "action": action, "author": "Ada", "reason": "checked", **given}
    got = desk.post(f"/incidents/{one.id}/decide", data=form)
    assert got.status_code == 200
    assert "by <bdi>Ada</bdi>" in got.text
    undo = re.search(r'action="(/decisions/\d+/undo)"', got.text)[1]
    got = desk.post(undo, data={"csrf": token(desk), "author": "Ada", "reason": "a mistake"})
    assert "undone by entry" in got.text
    assert first(where, since="2018-03-14", until="2018-03-14") == one


def test_split_and_merge(desk, where):
    one = first(where, since="2018-03-14", until="2018-03-14")
    detail = desk.get(f"/api/v1/incidents/{one.id}").json()
    form = {"csrf": token(desk), "author": "Ada", "reason": "two acts"}
    part = detail["mentions"][1]["id"]
    desk.post(f"/incidents/{one.id}/decide", data=form | {"action": "split", "mention": part})
    now = desk.get(f"/api/v1/incidents/{part}").json()["incident"]["id"]
    assert now != desk.get(f"/api/v1/incidents/{detail['mentions'][0]['id']}").json()["incident"]["id"]
    desk.post(f"/incidents/{one.id}/decide", data=form | {"action": "merge", "other": part})
    again = desk.get(f"/api/v1/incidents/{part}").json()["incident"]
    assert again["mentions"] == one.mentions


@pytest.mark.parametrize("form", [{}, {"csrf": "0" * 64}, {"csrf": "é"}])
def test_a_form_of_another_session_is_refused(desk, where, form):
    one = first(where)
    got = desk.post(f"/incidents/{one.id}/decide", data=form | {"action": "reject", "author": "Eve", "reason": "x"})
    assert got.status_code == 403
    assert first(where) == one


def test_another_session_has_another_token(desk):
    mine = token(desk)
    other = TestClient(desk.app, headers={"accept": "text/html"})
    other.get("/")
    assert token(other) != mine
    assert other.post("/seen", data={"csrf": mine, "last": "1"}).status_code == 403


def test_other_sites_and_names_are_refused(desk):
    assert desk.get("/", headers={"host": "evil.example"}).status_code == 400
    form = {"csrf": token(desk), "last": "1"}
    assert desk.post("/seen", data=form, headers={"origin": "http://evil.example"}).status_code == 403
    assert desk.post("/seen", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert desk.post("/seen", content=b"x", headers={"content-length": "9000000"}).status_code == 413


def test_refusals_are_pages_for_people(desk):
    got = desk.get("/incidents/nosuch")
    assert got.status_code == 404
    assert "is not on the record" in got.text
    assert desk.get("/ontology/nosuch").status_code == 404
    assert desk.get("/incidents?since=someday").status_code == 422


def test_intake_shows_before_it_keeps(desk, where):
    text = "Ankara, 3 May 2021. Turkey expelled two Greek diplomats on Monday, the foreign ministry said."
    before = desk.get("/api/v1/articles").json()["items"]
    got = desk.post("/intake", data={"csrf": token(desk), "text": text, "published": "2021-05-04"})
    assert "Nothing is stored yet" in got.text
    assert '<mark class="' in got.text
    assert desk.get("/api/v1/articles").json()["items"] == before
    keep = re.search(r'action="(/intake/\w+/keep)"', got.text)[1]
    kept = desk.post(keep, data={"csrf": token(desk), "author": "Ada"})
    assert "Kept on the record." in kept.text
    assert len(desk.get("/api/v1/articles").json()["items"]) == len(before) + 1


def test_intake_takes_a_file_and_says_what_it_cannot_read(desk):
    page = b"<!doctype html><title>x</title><body><article><p>Cuba expelled two diplomats of Spain on Monday.</p></article>"
    made = {"csrf": token(desk)}
    assert desk.post("/intake", data=made, files={"file": ("a.pdf", b"%PDF", "application/pdf")}).status_code == 422
    assert desk.post("/intake", data=made).status_code == 422
    got = desk.post("/intake", data=made, files={"file": ("a.html", page, "text/html")})
    assert "expelled two diplomats of Spain" in got.text


def test_the_map_lists_cities_apart_from_countries(desk):
    page = desk.get("/map").text
    assert re.search(r'data-name="Baghdad, Iraq" data-n="1" data-s="\d" data-lat="33[.\d]+" data-lon="44[.\d]+"', page)
    assert 'data-name="United Kingdom"' in page
    assert 'data-state="GBR"' in page
    assert page.count("data-lat") == 1


def test_filters_in_force_can_be_left_out_one_by_one(desk):
    page = desk.get("/incidents?group=premises&status=reported&sources=2").text
    assert 'href="/incidents?status=reported&amp;sources=2"' in page
    assert (
        'href="/incidents?status=reported&amp;group=premises"' in page or "group=premises&amp;status=reported" in page
    )


def test_incidents_by_name_and_by_day_agree_with_the_list(where):
    with Record.open(where) as record:
        every = list(record.every())
        assert record.named([*(one.id for one in every), "none"]) == {one.id: one for one in every}
        counted = record.per_day("2018-01-01", "2020-12-31")
    assert sum(n for by_day in counted.values() for n in by_day.values()) == len(every)
    assert counted["premises"] == {"2019-12-31": 1}


def test_no_record_no_desk(tmp_path):
    with pytest.raises(RecordError, match="there is no record"):
        app(tmp_path / "none.db")


def test_the_network_says_as_a_table_who_acted_toward_whom(desk):
    page = desk.get("/network").text
    rows = {(a["data-one"], a["data-other"]): a for tag, a in tags(page) if tag == "tr" and "data-one" in a}
    assert {pair: row["data-n"] for pair, row in rows.items()} == {
        ("GBR", "RUS"): "2",
        ("RUS", "GBR"): "1",
        ("IRQ", "USA"): "1",
    }
    assert all("data-told" in row for row in rows.values())
    assert "Seeing <b>4</b> of <b>4</b>: 4 between two states, 4 states" in page
    assert 'href="/pairs/GBR/RUS"' in page
    assert "No incident between two states" in desk.get("/network?state=ZMB").text


ARTICLE = "<html><title>Envoys leave</title><body><article>" + "".join(
    f"<p>Turkey expelled {n} Greek diplomats on Monday, the foreign ministry said in Ankara. They have a week to leave.</p>"
    for n in ("two", "three")
) + "</article></body></html>"  # fmt: skip


@pytest.fixture
def site(served):
    """A site on this machine: an article, a feed, a page that leads to another, one that robots.txt keeps."""
    made = FastAPI()

    def page(path: str, body: str, kind: str = "text/html", **more) -> None:
        made.get(path)(lambda: Response(body, media_type=kind, **more))

    page("/article", ARTICLE)
    page(
        "/feed",
        "<rss version='2.0'><channel><item><link>http://localhost/a</link></item></channel></rss>",
        "application/rss+xml",
    )
    page("/onward", "", status_code=302, headers={"location": "/article"})
    page("/kept", ARTICLE)
    page("/robots.txt", "User-agent: *\nDisallow: /kept", "text/plain")
    return served(made)


def test_intake_reads_a_link(where, site):
    inside = TestClient(app(where, hosts=["testserver"], private=True), headers={"accept": "text/html"})
    got = inside.post("/intake", data={"csrf": token(inside), "link": f"{site}/onward"})
    assert "Nothing is stored yet" in got.text
    assert "Envoys leave" in got.text
    assert "Expulsion" in got.text
    read = inside.post("/api/v1/readings", json={"link": f"{site}/article"}).json()
    assert read["source"] == f"{site}/article"
    for path, said in (("/feed", "is a feed of many articles"), ("/kept", "robots.txt"), ("/none", "404")):
        got = inside.post("/intake", data={"csrf": token(inside), "link": site + path})
        assert got.status_code == 422
        assert said in got.text


@pytest.mark.parametrize("link", ["{site}/article", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest", "file:///etc/passwd", "http://10.0.0.1/", "x"])  # fmt: skip
def test_a_link_leads_to_no_machine_inside(desk, site, link):
    got = desk.post("/intake", data={"csrf": token(desk), "link": link.format(site=site)})
    assert got.status_code == 422
    assert "no public address" in got.text or "no http or https address" in got.text
    assert desk.post("/api/v1/readings", json={"link": link.format(site=site)}).status_code == 422


def test_a_text_or_a_link_but_not_both(desk):
    for body in ({}, {"text": "a", "link": "https://example.org/"}):
        assert "a text or a link" in desk.post("/api/v1/readings", json=body).json()["detail"]
    for body in ({"link": ""}, {"text": ""}):
        assert desk.post("/api/v1/readings", json=body).status_code == 422
