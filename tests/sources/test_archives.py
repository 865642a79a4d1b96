"""Web archives and Parquet: every page and row, broken ones named, the rest read."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from legation.schema import Article
from legation.sources import Unreadable, articles, raws

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
warc = pytest.importorskip("fastwarc.warc")

STORY = "The consul of Peru was given a week to leave the country after a quarrel about his driver, officials said. "


def page(number: int) -> bytes:
    body = "".join(f"<p>{STORY} It was quarrel number {number}.</p>" for _ in range(4))
    return f"<html><head><title>Quarrel {number}</title></head><body><article><h1>Quarrel {number}</h1>{body}</article></body></html>".encode()


def record(number: int, status: str = "200 OK", kind: str = "text/html") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + page(number)
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        f"WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def archive() -> Iterator[bytes]:
    yield record(1)
    yield record(2, status="404 Not Found")
    yield record(3, kind="image/png")
    yield record(4)


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_a_web_archive(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("news.warc.gz" if packed else "news.warc")
    path.write_bytes(b"".join(gzip.compress(r) if packed else r for r in archive()))
    found = [a for a in articles([str(path)]) if isinstance(a, Article)]
    assert [a.source for a in found] == ["https://news.example/1", "https://news.example/4"]
    assert [a.url for a in found] == [a.source for a in found]
    assert found[0].title == "Quarrel 1"


def test_pages_inside_a_wacz(tmp_path: Path) -> None:
    path = tmp_path / "news.wacz"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/data.warc.gz", b"".join(map(gzip.compress, archive())))
    assert [a.source for a in articles([str(tmp_path)])] == ["https://news.example/1", "https://news.example/4"]


def test_an_archive_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "news.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, archive()))[:-120])
    read, cut = raws([str(path)])
    assert read.source == "https://news.example/1"
    assert isinstance(cut, Unreadable)
    assert "cut off after" in cut.reason


@pytest.mark.parametrize("noise", [b"noise " * 99, b"\x1f\x8b\x08 as if one began here"])
def test_a_broken_record_is_named_and_the_rest_read(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "news.warc.gz"
    first, *others = map(gzip.compress, archive())
    path.write_bytes(first + noise + b"".join(others))
    read, broken, last = raws([str(path)])
    assert (read.source, last.source) == ("https://news.example/1", "https://news.example/4")
    assert isinstance(broken, Unreadable)
    assert str(path) in str(broken)


def test_a_wacz_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "news.wacz"
    path.write_bytes(b"PK, but not really")
    (refused,) = raws([str(path)])
    assert isinstance(refused, Unreadable)
    assert "broken WACZ" in refused.reason


def test_rows_of_a_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    texts = [f"{STORY}{n}" for n in range(5)]
    texts[3] = None
    table = pyarrow.table({"text": texts, "outlet": ["A"] * 5, "published": ["2020-01-01"] * 5, "extra": range(5)})
    parquet.write_table(table, path, row_group_size=2)
    found = list(articles([str(path)]))
    assert [a.source for a in found] == [f"{path}#{n}" for n in range(1, 6)]
    assert [isinstance(a, Article) for a in found] == [True, True, True, False, True]
    assert found[4].text == texts[4]
    assert (found[4].outlet, found[4].published) == ("A", "2020-01-01")


def test_broken_rows_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    texts = [f"{STORY}{n} {n * 7919 % 1000}" for n in range(2000)]
    parquet.write_table(
        pyarrow.table({"text": texts}), path, row_group_size=500, compression="gzip", use_dictionary=False
    )
    place = parquet.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[place + 40 : place + 400] = bytes(360)
    path.write_bytes(bytes(data))
    found = list(raws([str(path)]))
    refused = [f for f in found if isinstance(f, Unreadable)]
    assert [r.source for r in refused] == [f"{path}#501-1000"]
    assert len(found) == 1501


def test_what_is_no_article_in_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    parquet.write_table(pyarrow.table({"body": ["x"]}), tmp_path / "b.parquet")
    reasons = [f.reason for f in raws([str(tmp_path)]) if isinstance(f, Unreadable)]
    assert reasons[0].startswith("not a Parquet file")
    assert reasons[1] == "no column `text`; it has body"


def test_too_large_a_page_and_row(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record(1))
    parquet.write_table(pyarrow.table({"text": ["x" * 900]}), tmp_path / "b.parquet")
    assert all(
        isinstance(f, Unreadable) and "over the limit of 300" in f.reason for f in raws([str(tmp_path)], max_bytes=300)
    )


def test_object_storage_through_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec")
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": [STORY]}), out)
    fsspec.filesystem("memory").pipe_file("/bucket/news.parquet", out.getvalue())
    fsspec.filesystem("memory").pipe_file("/bucket/news.jsonl.gz", gzip.compress(b'{"text": "Two"}\n'))
    assert len(list(raws(["memory://bucket/news.parquet", "memory://bucket/news.jsonl.gz"]))) == 2
