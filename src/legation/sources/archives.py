"""Articles out of large files, one at a time: web archives (WARC, WACZ, as Common Crawl's news comes) and Parquet.

Memory is bounded by one page of an archive, or one batch of rows. A record or group of rows that cannot be read is named and
the rest goes on. Needs ``pip install 'legation[archives]'``.
"""

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any

import msgspec

from legation.sources import Raw, Unreadable

if TYPE_CHECKING:
    import pyarrow

ROWS = 256
"""Rows of a Parquet file held at a time."""
_FIELDS = ("text", "title", "outlet", "published", "url", "source", "id")
_MISSING = "pip install 'legation[archives]'"
_MEMBER = b"\x1f\x8b\x08"
"""How a gzip member begins; in a WARC each record is one."""
_PAGES = ("text/html", "application/xhtml+xml")


def from_warc(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    """The web pages of an archive that were fetched well; their source is their address. The stream may be compressed."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ModuleNotFoundError:
        yield Unreadable(path, "web archives need FastWARC", _MISSING)
        return
    start: int | None = 0
    at = 0
    while start is not None:
        stream.seek(start)
        records = ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="all", fsspec_args=False)
        read = 0
        try:
            for record in records:
                read, at = read + 1, record.stream_pos
                if (found := _page(record, f"{path}@{at}", max_bytes)) is not None:
                    yield found
        except (OSError, ValueError, EOFError) as problem:
            if read or not start:
                yield Unreadable(
                    f"{path}@{at}", f"broken web archive ({problem})", "fetch it again; the other pages are read"
                )
            start = _next_member(stream, max(at, start) + 1)
        else:
            return


def _page(record: Any, place: str, max_bytes: int) -> Raw | Unreadable | None:
    """The page that a response holds; None if it holds none."""
    http = record.http_headers
    if http is None or http.status_code != 200 or (record.http_content_type or "").lower() not in _PAGES:
        return None
    url = record.headers.get("WARC-Target-URI") or place
    page = record.reader.read(max_bytes + 1)
    if len(page) > max_bytes:
        return Unreadable(url, f"the page is over the limit of {max_bytes:,}", "raise --max-bytes if it is one article")
    coded = "Content-Encoding" in http or "Transfer-Encoding" in http
    if not coded and len(page) < record.content_length:
        return Unreadable(
            url, f"cut off after {len(page):,} of {record.content_length:,} bytes ({place})", "fetch it again"
        )
    return Raw(url, "html", page, (("url", url),))


def _next_member(stream: IO[bytes], start: int) -> int | None:
    """Where the next compressed record begins, at or after a place."""
    stream.seek(start)
    behind = b""
    while chunk := stream.read(1 << 20):
        found = (behind + chunk).find(_MEMBER)
        if found >= 0:
            return stream.tell() - len(chunk) - len(behind) + found
        behind = chunk[-len(_MEMBER) + 1 :]
    return None


def from_wacz(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    """The pages of the WARC files inside a WACZ, in the order of their names."""
    try:
        with zipfile.ZipFile(stream) as packed:
            for name in sorted(name for name in packed.namelist() if name.startswith("archive/")):
                with packed.open(name) as member:
                    yield from from_warc(member, f"{path}/{name}", max_bytes)
    except (zipfile.BadZipFile, OSError) as problem:
        yield Unreadable(path, f"broken WACZ ({problem})", "fetch it again")


def from_parquet(stream: IO[bytes], path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    """A row an article: its column `text`, and of `title`, `outlet`, `published`, `url`, `source`, `id` what there is."""
    try:
        import pyarrow.parquet
    except ModuleNotFoundError:
        yield Unreadable(path, "Parquet needs pyarrow", _MISSING)
        return
    try:
        table = pyarrow.parquet.ParquetFile(stream)
    except (pyarrow.ArrowException, OSError) as problem:
        yield Unreadable(path, f"not a Parquet file ({problem})", "check how it was made")
        return
    columns = [name for name in _FIELDS if name in table.schema_arrow.names]
    if "text" not in columns:
        has = ", ".join(table.schema_arrow.names)
        yield Unreadable(path, f"no column `text`; it has {has}", "rename the column that holds the articles' text")
        return
    number = 0
    for group in range(table.num_row_groups):
        first = number
        number += table.metadata.row_group(group).num_rows
        row = first
        try:
            for batch in table.iter_batches(ROWS, row_groups=[group], columns=columns):
                for line in _lines(batch):
                    row += 1
                    yield _row(line, f"{path}#{row}", max_bytes)
        except (pyarrow.ArrowException, OSError) as problem:
            yield Unreadable(f"{path}#{row + 1}-{number}", f"broken rows ({problem})", "write the file again")


def _lines(batch: "pyarrow.RecordBatch") -> Iterator[bytes]:
    for row in batch.to_pylist():
        known: dict[str, Any] = {name: value for name, value in row.items() if value is not None}
        if "published" in known:
            known["published"] = str(known["published"])
        yield msgspec.json.encode(known)


def _row(line: bytes, source: str, max_bytes: int) -> Raw | Unreadable:
    if len(line) > max_bytes:
        return Unreadable(
            source, f"the row is over the limit of {max_bytes:,}", "raise --max-bytes if it is one article"
        )
    return Raw(source, "line", line)


OPENERS: dict[str, Callable[[IO[bytes], str, int], Iterator[Raw | Unreadable]]] = {
    ".warc": from_warc,
    ".wacz": from_wacz,
    ".parquet": from_parquet,
}
"""By suffix; WARC may be compressed too (.gz, .zst)."""
