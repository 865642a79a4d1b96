"""Every input gives its article or says why not, and the others go on."""

import gzip
import io
import json
import os
import time
from pathlib import Path

import pytest

from legation.schema import Article
from legation.sources import Raw, Unreadable, _refused, article, articles, from_html, from_text
from legation.sources.nesting import shallow

TEXT = "ANKARA, December 20. The ambassador was shot at an exhibition, the ministry said.\n\nHe died in hospital.\n"
PAGE = """<!doctype html><html><head><title>Envoy shot in Ankara</title>
<meta property="article:published_time" content="2016-12-19T20:15:00Z"><meta property="og:site_name" content="The Strait Post">
<meta property="og:title" content="Envoy shot in Ankara"></head><body><nav><a href="/a">Home</a> <a href="/b">World</a></nav>
<article><h1>Envoy shot in Ankara</h1>
<p>The ambassador was shot while he opened an exhibition in the capital on Monday evening, the foreign ministry said.</p>
<p>The gunman, who had shown a police card to the guards at the door, was killed by officers half an hour later.</p>
<p>The two governments agreed to investigate together, and promised to guard each other’s missions better than before.</p>
</article><footer>Share on social media. Cookie settings.</footer></body></html>"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only(path, **options):
    """The one thing that a path gives."""
    (thing,) = articles([path], **options)
    return thing


def texts(things):
    return [thing.text if isinstance(thing, Article) else str(thing) for thing in things]


def put(path, content):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return str(path)


def test_a_text_is_taken_as_it_is(folder):
    got = only(put("news/a.txt", TEXT))
    assert (got.text, got.source, got.language) == (TEXT, "news/a.txt", "en")


def test_id_comes_from_the_content_alone(folder):
    one, two, three = articles([put("a.txt", TEXT), put("b.txt", TEXT), put("c.txt", TEXT + "More of it.")])
    assert one.id == two.id != three.id


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman"],
)
def test_encodings(folder, encoding):
    text = "The chargé d’affaires “won’t leave” – the ministry in São Tomé said so, and don’t ask twice.\n"
    if encoding == "mac-roman":
        text = text.replace("ã", "a")
    assert only(put("a.txt", text.encode(encoding))).text == text


def test_latin_1(folder):
    text = "The chargé d'affaires of Côte d'Ivoire was told to leave the Curaçao post.\n"
    assert only(put("a.txt", text.encode("latin-1"))).text == text


def test_a_few_broken_bytes_do_not_change_the_encoding(folder):
    data = "The chargé d’affaires of Côte d’Ivoire – “a friend” – was told to leave.".encode() * 5 + b"\xe2\x80"
    assert "chargé d’affaires of Côte d’Ivoire – “a friend”" in only(put("a.txt", data)).text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_are_those_of_read_text(folder, end):
    path = put("a.txt", TEXT.replace("\n", end))
    assert only(path).text == TEXT == Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "The envoy\x00 was shot at in the\x00 city, they said.",
        "The \u202eambassador\u202c of \u200fIran\u200e was told to leave, the ministry said.",
        "The envoy was told to leave 😡🇷🇺 and he did 👍🏽.",
        "The am\u00adbas\u00adsa\u00addor was told to leave.",
        "the envoy was shot at in the city and nobody knows who did it or why they said so",
        "THE AMBASSADOR WAS TOLD TO LEAVE. HE LEFT.",
        "Line one of the story\u2028line two\x0b\x0cline three of it.",
    ],
    ids=["nul", "bidi", "emoji", "soft hyphen", "no punctuation", "capitals", "odd line ends"],
)
def test_odd_text_is_kept_to_the_letter(folder, text):
    assert only(put("a.txt", text)).text == text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "it is empty"),
        ("blank.txt", b" \n\t\n", "it is empty"),
        ("photo.txt", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40, "a JPEG image"),
        ("noise.txt", bytes(range(256)) * 40, "binary data"),
        ("zeros.txt", b"\0" * 400, "binary data"),
        ("report.txt", b"%PDF-1.7\n...", "a PDF document"),
        ("report.docx", b"PK\x03\x04", "end in .docx"),
        ("ru.txt", "Посол был вызван в министерство иностранных дел в понедельник.", "not English"),
        (
            "ru1251.txt",
            ("Посол был вызван в министерство иностранных дел в понедельник. " * 4).encode("cp1251"),
            "not English",
        ),
        ("de.txt", "Der Botschafter wurde am Montag in das Ministerium einbestellt und muss gehen.", "language de"),
        ("bare.html", b"<html><body></body></html>", "no article text"),
        ("cut.jsonl.gz", gzip.compress(b'{"text": "The envoy left the city."}\n' * 99)[:-9], "broken compressed file"),
        ("cut.jsonl.zst", b"\x28\xb5\x2f\xfdgarbage", "broken compressed file"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(folder, name, content, reason):
    path = put(name, content)
    problem = list(articles([path]))[-1]
    assert isinstance(problem, Unreadable)
    assert problem.source == path
    assert reason in problem.reason
    assert problem.remedy


def test_a_missing_file(folder):
    assert str(only("gone.txt")) == "gone.txt: there is no such file or folder; check the path"


def test_an_unreadable_file(folder):
    path = put("secret.txt", TEXT)
    os.chmod(path, 0)
    # Root may read everything; then the error that others get is made by hand.
    got = _refused(path, PermissionError(13, "Permission denied", path)) if os.access(path, os.R_OK) else only(path)
    assert str(got) == "secret.txt: no permission to read it; change its permissions or the user"


def test_the_others_are_read(folder):
    paths = [put("a.txt", TEXT), put("b.txt", b""), "gone.txt", put("c.txt", TEXT)]
    assert [isinstance(thing, Article) for thing in articles(paths)] == [True, False, False, True]


def test_a_folder_is_read_in_order_without_hidden_files(folder):
    for name in ("n/b.txt", "n/a/z.htm", "n/a.txt", "n/.c.txt", "n/.git/d.txt", "n/e.json", "n/README"):
        put(name, PAGE if name.endswith("htm") else TEXT)
    assert [got.source for got in articles(["n"])] == ["n/a.txt", "n/b.txt", "n/a/z.htm"]


def test_a_folder_without_texts(folder):
    put("n/photo.png", b"\x89PNG")
    assert "no text in this folder" in str(only("n"))


def test_too_big_is_refused_unread(folder):
    path = "huge.txt"
    with open(path, "wb") as file:
        file.truncate(100_000_000)
    start = time.perf_counter()
    got = only(path)
    assert time.perf_counter() - start < 0.1
    assert (
        str(got) == "huge.txt: 100,000,000 bytes is over the limit of 5,000,000; raise --max-bytes if it is one article"
    )
    assert only(put("a.txt", TEXT), max_bytes=len(TEXT)).text == TEXT


def test_100_mb_in_one_json_line(folder):
    good = json.dumps({"text": TEXT}).encode()
    with gzip.open("huge.jsonl.gz", "wb", compresslevel=1) as file:
        file.write(good + b'\n{"text": "')
        for _ in range(100):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n' + good + b"\n")
    one, two, three = articles(["huge.jsonl.gz"])
    assert (one.text, three.text) == (TEXT, TEXT)
    assert str(two).startswith("huge.jsonl.gz#2: the line is over the limit")


def test_html_gives_text_and_what_the_page_says_of_itself(folder):
    got = only(put("a.html", PAGE))
    assert "gunman, who had shown a police card" in got.text
    assert "Cookie settings" not in got.text
    assert "each other’s" in got.text
    assert (got.title, got.outlet, got.published) == ("Envoy shot in Ankara", "The Strait Post", "2016-12-19")


def test_html_is_known_by_its_content_too(folder):
    assert only(put("page.txt", PAGE)).title == "Envoy shot in Ankara"


def test_a_page_that_names_its_encoding(folder):
    page = '<?xml version="1.0" encoding="iso-8859-1"?>\n' + PAGE.replace("’", "é")
    assert "otheré" in only(put("a.html", page.encode("latin-1"))).text


def test_json_lines(folder):
    lines = [
        {
            "text": TEXT,
            "title": "Shot",
            "outlet": "TASS",
            "published": "2016-12-20",
            "url": "https://example.org/1",
            "tags": [1],
        },
        {"text": TEXT, "id": 17},
        {"text": TEXT, "title": None, "outlet": " "},
        {"text": TEXT, "source": "archive/17.txt"},
    ]
    one, two, three, four = articles([put("a.jsonl", "\n".join(map(json.dumps, lines)))])
    assert (one.title, one.outlet, one.published, one.url) == ("Shot", "TASS", "2016-12-20", "https://example.org/1")
    assert [a.source for a in (one, two, three, four)] == [
        "https://example.org/1",
        "a.jsonl#17",
        "a.jsonl#3",
        "archive/17.txt",
    ]
    assert three.outlet is None


@pytest.mark.parametrize(
    "broken",
    ["{", "[1]", "17", '{"title": "x"}', '{"text": 5}', '{"text": ""}', "\x00", "[" * 100_000],
)
def test_a_broken_line_is_named_and_the_others_read(folder, broken):
    good = json.dumps({"text": TEXT})
    one, problem, three = articles([put("a.jsonl", f"{good}\n\n{broken}\n{good}\n")])
    assert one.text == three.text == TEXT
    assert problem.source == "a.jsonl#3"


def test_lone_surrogates_and_foreign_bytes_in_a_line_cost_one_character(folder):
    path = put(
        "a.jsonl", b'{"text": "The envoy \\ud83d was told to leave."}\n{"text": "The charg\xe9 was told to leave."}\n'
    )
    assert texts(articles([path])) == ["The envoy � was told to leave.", "The chargé was told to leave."]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_compressed_json_lines(folder, suffix):
    import zstandard

    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[suffix]
    line = json.dumps({"text": TEXT}).encode() + b"\n"
    got = list(articles([put(f"a.jsonl{suffix}", pack(line) + pack(line))]))
    assert [a.source for a in got] == [f"a.jsonl{suffix}#1", f"a.jsonl{suffix}#2"]


@pytest.mark.parametrize(
    ("given", "sources"),
    [
        (TEXT, ["-"]),
        (PAGE, ["-"]),
        (json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": TEXT, "url": "u"}), ["-#1", "u"]),
        ("{curly} the envoy was told to leave", ["-"]),
    ],
    ids=["text", "page", "lines", "text that looks like a line"],
)
def test_standard_input(monkeypatch, given, sources):
    class Stdin:
        buffer = io.BytesIO(given.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert [a.source for a in articles(["-"])] == sources


def test_a_raw_article_can_be_read_elsewhere():
    assert article(Raw("x.txt", "text", TEXT.encode())) == from_text(TEXT, "x.txt")


@pytest.mark.parametrize("tag", ["div", "b", "x-card"])
def test_a_page_nested_ten_thousand_deep_is_read(tag: str):
    told = "".join(
        f"<p>Ruritania expelled {n} diplomats of Graustark on Monday, its foreign ministry said.</p>"
        for n in ("two", "three", "four")
    )
    page = f"<html><title>Envoys leave</title><body><p>A{f'<{tag}>' * 10_000}{told}{f'</{tag}>' * 10_000}<div>Imprint</div></body></html>"
    assert "Ruritania expelled three diplomats" in from_html(page, "deep.html").text


def test_only_the_tags_that_go_too_deep_are_left_out():
    flat = "<div><b>one</b></i><p>two<p>three</div>" * 200
    assert shallow(flat) == flat
    assert shallow("<div>" * 200) == "<div>" * 200
    deep = "<div>" * 300 + "in" + "</div>" * 300
    assert shallow(deep).split() == (("<div>" * 80) + " in " + ("</div>" * 80)).split()
