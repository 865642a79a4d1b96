"""Files, folders, HTML, JSONL, web archives, Parquet and standard input, to Articles.

`raws` finds the inputs and takes their bytes, in order and never more than one article at a time; `article` makes an
Article of one of them and can run in another process. `articles` is both. An input that cannot be read is an
`Unreadable` in its place, and the others go on.
"""

import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader, FileIO
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, cast

import msgspec

from legation.schema import Article
from legation.sources.decoding import NotText, decode
from legation.sources.language import language
from legation.sources.nesting import shallow

if TYPE_CHECKING:
    from trafilatura.settings import Document

    from legation.sources.web import Web

MAX_BYTES = 5_000_000
"""Largest article taken unless told otherwise; the longest newspaper stories have some 200,000 bytes."""

Kind = Literal["text", "html", "line", "mail", "pdf"]
KINDS: dict[str, Kind] = {
    "": "text", ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "line", ".ndjson": "line",
    ".eml": "mail", ".pdf": "pdf",
}  # fmt: skip
"""What a file is, by its suffix; JSON lines may be compressed too (.gz, .zst)."""
ARCHIVES = (".warc", ".wacz", ".parquet")
"""Files that hold many articles, see `legation.sources.archives`."""


class Unreadable(ValueError):
    """An input that gives no article: which one, why, and what to do about it."""

    def __init__(self, source: str, reason: str, remedy: str) -> None:
        super().__init__(source, reason, remedy)
        self.source, self.reason, self.remedy = source, reason, remedy

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}; {self.remedy}"


class Raw(NamedTuple):
    """One article as bytes: a file's content, or one JSON line, whose `source` is ``path#line``.

    `said`: what whoever pointed to it (a feed) says of its title, outlet, published and url; what it says itself goes first.
    """

    source: str
    kind: Kind
    data: bytes
    said: tuple[tuple[str, str], ...] = ()


class _Line(msgspec.Struct):
    """A JSON line: the article's text and what is known about it; other fields are ignored."""

    text: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    id: str | int | None = None


def articles(paths: Iterable[str], *, max_bytes: int = MAX_BYTES) -> Iterator[Article | Unreadable]:
    """The articles of files, folders (recursive, in order of their names, hidden ones left out) and ``-``."""
    for raw in raws(paths, max_bytes=max_bytes):
        if isinstance(raw, Unreadable):
            yield raw
            continue
        try:
            yield article(raw)
        except Unreadable as problem:
            yield problem


def article(raw: Raw) -> Article:
    """The article that the bytes hold. Raises Unreadable where they hold none, or none in English."""
    try:
        match raw.kind:
            case "text":
                return from_text(decode(raw.data), raw.source, **dict(raw.said))
            case "html":
                return from_html(decode(raw.data), raw.source, dict(raw.said))
            case "line":
                return _from_line(raw)
            case "mail":
                from legation.sources.mail import from_mail

                return from_mail(raw)
            case "pdf":
                from legation.sources.pdf import from_pdf

                return from_pdf(raw)
    except NotText as problem:
        raise Unreadable(raw.source, str(problem), "give .txt, .html or .jsonl") from None


def from_text(text: str, source: str, **said: str | None) -> Article:
    """An article of a text; `said` is what is known about it (title, outlet, published, url).

    The id is a hash of the text alone. Raises Unreadable for an empty text and for one that is not English.
    """
    spoken = language(text)
    if not text.strip():
        raise Unreadable(source, "it is empty", "check how it was saved")
    if spoken not in ("en", None):
        named = f"language {spoken}" if spoken != "und" else "not English"
        raise Unreadable(source, f"not read: {named}", "only English is read so far; give a translation")
    known = {key: value.strip() or None for key, value in said.items() if value}
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return msgspec.structs.replace(Article(id=digest, source=source, text=text, language="en"), **known)


def raws(paths: Iterable[str], *, max_bytes: int = MAX_BYTES, web: "Web | None" = None) -> Iterator[Raw | Unreadable]:
    """The bytes of each article in order; no input over `max_bytes` is read to its end. URLs are fetched through `web`."""
    for path in paths:
        try:
            if path.startswith(("http://", "https://")):
                if web is None:
                    from legation.sources.web import Web

                    web = Web(max_bytes=max_bytes)
                yield from web.raws(path)
            elif path == "-":
                yield from _stdin(sys.stdin.buffer, max_bytes)
            elif _suffix(path) in ARCHIVES:
                yield from _archive(path, max_bytes)
            elif os.path.isdir(path):
                yield from _folder(path, max_bytes)
            else:
                yield from _file(path, max_bytes)
        except (OSError, EOFError, zlib.error, Unreadable) as problem:
            yield problem if isinstance(problem, Unreadable) else _refused(path, problem)


def _refused(path: str, problem: Exception) -> Unreadable:
    match problem:
        case FileNotFoundError():
            return Unreadable(path, "there is no such file or folder", "check the path")
        case PermissionError():
            return Unreadable(path, "no permission to read it", "change its permissions or the user")
        case OSError(strerror=str(reason)):
            return Unreadable(path, reason, "check the file")
        case _:
            return Unreadable(path, f"broken compressed file ({problem})", "compress it again or give it uncompressed")


def _folder(folder: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    """All files of a known kind below a folder; it is an error if there is none."""
    empty, problems = True, list[OSError]()
    for here, folders, names in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if readable(name):
                empty = False
                yield from raws([os.path.join(here, name)], max_bytes=max_bytes)
        while problems:
            problem = problems.pop()
            yield _refused(problem.filename or here, problem)
    if problems:
        yield _refused(problems[0].filename or folder, problems[0])
    elif empty:
        kinds = ", ".join(filter(None, (*KINDS, *ARCHIVES)))
        yield Unreadable(folder, "no text in this folder", f"it needs files that end in {kinds}")


def readable(name: str) -> bool:
    """Whether a file of this name is read when its folder is."""
    suffix = _suffix(name)
    return not name.startswith(".") and bool(suffix) and (suffix in KINDS or suffix in ARCHIVES)


def _suffix(name: str) -> str:
    """The suffix that tells the kind, ``.jsonl`` for ``a.jsonl.gz``."""
    path = Path(name)
    return Path(path.stem).suffix.lower() if path.suffix.lower() in (".gz", ".zst") else path.suffix.lower()


@dataclass
class Meter:
    """How many of the inputs' bytes are taken; `total` is 0 where it is not known (standard input, the web)."""

    total: int
    taken: int = 0


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(paths: Sequence[str]) -> Iterator[Meter]:
    """While this lasts, the bytes that `raws` takes of files are counted, against the size of all files in the paths."""
    total = 0
    if all(os.path.exists(path) for path in paths):
        inside = (os.path.join(here, name) for path in paths for here, _, names in os.walk(path) for name in names)
        total = sum(
            os.path.getsize(path) for path in chain(inside, filter(os.path.isfile, paths)) if os.path.exists(path)
        )
    token = _METER.set(meter := Meter(total))
    try:
        yield meter
    finally:
        _METER.reset(token)


class _Counted(FileIO):
    """A file whose bytes the meter counts."""

    def __init__(self, path: str, meter: Meter) -> None:
        super().__init__(path)
        self._meter = meter

    def readinto(self, buffer: Any) -> int | None:
        size = super().readinto(buffer)
        self._meter.taken += size or 0
        return size


def _archive(path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    from legation.sources.archives import OPENERS

    with _bytes_of(path) as stream:
        yield from OPENERS[_suffix(path)](stream, path, max_bytes)


def _bytes_of(path: str) -> IO[bytes]:
    """A file's bytes as they lie; of one in object storage (``s3://bucket/name``) through fsspec. Raises OSError, Unreadable."""
    if "://" not in path:
        meter = _METER.get()
        return open(path, "rb") if meter is None else cast("IO[bytes]", BufferedReader(_Counted(path, meter)))
    try:
        import fsspec

        return cast("IO[bytes]", fsspec.open(path, "rb").open())
    except ImportError as problem:  # of fsspec itself, or of what it needs for this kind of address
        raise Unreadable(
            path, f"its address needs a library ({problem})", "pip install 'legation[archives]' and that"
        ) from None
    except ValueError as problem:
        raise Unreadable(path, f"no such kind of address ({problem})", "give a file, a folder or a URL") from None


def _file(path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    kind = KINDS.get(_suffix(path))
    if kind is None:
        yield Unreadable(
            path,
            f"cannot read files that end in {Path(path).suffix}",
            f"give one that ends in {', '.join(filter(None, (*KINDS, *ARCHIVES)))}",
        )
    elif kind == "line":
        with _opened(path) as lines:
            yield from _lines(_bounded(lines, max_bytes), path, max_bytes)
    elif "://" not in path and (size := os.path.getsize(path)) > max_bytes:
        yield _too_big(path, f"{size:,} bytes", max_bytes)
    else:
        with _opened(path) as file:  # bounded again: a pipe has no size, and a compressed file has another one
            yield from _whole(path, kind, file.read(max_bytes + 1), max_bytes)


def _too_big(source: str, size: str, max_bytes: int) -> Unreadable:
    return Unreadable(source, f"{size} is over the limit of {max_bytes:,}", "raise --max-bytes if it is one article")


def _whole(source: str, kind: Kind, data: bytes, max_bytes: int) -> Iterator[Raw | Unreadable]:
    if len(data) > max_bytes:
        yield _too_big(source, "the input", max_bytes)
    else:
        yield Raw(
            source, "html" if data[:300].lstrip().lower().startswith((b"<!doctype html", b"<html")) else kind, data
        )


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked if it is compressed. Raises EOFError or zlib.error where the compressed data are broken."""
    if path.lower().endswith(".zst"):
        import zstandard

        try:
            with (
                _bytes_of(path) as packed,
                zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as stream,
            ):
                yield BufferedReader(stream)
        except zstandard.ZstdError as problem:
            raise EOFError(str(problem)) from None
    else:
        with _bytes_of(path) as packed:
            if path.lower().endswith(".gz"):
                with gzip.open(packed) as stream:
                    yield cast("IO[bytes]", stream)
            else:
                yield packed


def _stdin(stream: IO[bytes], max_bytes: int) -> Iterator[Raw | Unreadable]:
    """Standard input: JSON lines if its first line is one, else one text or page."""
    first = stream.readline(max_bytes + 1)
    if first.lstrip().startswith(b"{") and _is_json(first):
        yield from _lines(chain([first], _bounded(stream, max_bytes)), "-", max_bytes)
    else:
        yield from _whole("-", "text", first + stream.read(max(0, max_bytes + 1 - len(first))), max_bytes)


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _bounded(stream: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """The lines; of one that is longer than the limit no more than that and one byte, the rest passed over."""
    while line := stream.readline(max_bytes + 1):
        yield line
        while len(line) > max_bytes and not line.endswith(b"\n"):
            line = stream.readline(max_bytes + 1) or b"\n"


def _lines(lines: Iterable[bytes], path: str, max_bytes: int) -> Iterator[Raw | Unreadable]:
    """A raw article per line that is not blank."""
    for number, line in enumerate(lines, 1):
        source = f"{path}#{number}"
        if len(line) > max_bytes:
            yield _too_big(source, "the line", max_bytes)
        elif line.strip():
            yield Raw(source, "line", line)


def _from_line(raw: Raw) -> Article:
    """An article of a JSON line; its source is the line's own ``source`` or ``url``, else ``path#id`` or ``path#line``."""
    path, _, number = raw.source.rpartition("#")
    try:
        line = _parse_line(raw.data)
    except (ValueError, RecursionError) as problem:
        reason = f"line {number} is not an article in JSON ({problem})"
        raise Unreadable(
            raw.source, reason, 'mend it; a line is {"text": "...", "title": ..., "published": ...}'
        ) from None
    own = line.source or line.url or (raw.source if line.id is None else f"{path}#{line.id}")
    text = line.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return from_text(text, own, title=line.title, outlet=line.outlet, published=line.published, url=line.url)
    except Unreadable as problem:
        raise Unreadable(raw.source, problem.reason, problem.remedy) from None


def _parse_line(data: bytes) -> _Line:
    """Raises ValueError. msgspec refuses lone surrogates and broken UTF-8, which scraped lines have: then the slow way."""
    try:
        return msgspec.json.decode(data, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        loose: Any = json.loads(decode(data))
        return msgspec.convert(loose, _Line)


def from_html(page: str, source: str, known: Mapping[str, str | None] = MappingProxyType({})) -> Article:
    """The article on a web page: the text that trafilatura finds, with the page's own word on title, outlet and date.

    `known` is what others say of it, taken where the page says nothing.
    """
    found = _extracted(shallow(page))
    if found is None:
        raise Unreadable(source, "no article text found in the page", "save the article's text as .txt")
    said = {"title": found.title, "outlet": found.sitename, "published": found.date, "url": found.url}
    return from_text(str(found.text), source, **{name: own or known.get(name) for name, own in said.items()})


def _extracted(page: str) -> "Document | None":
    """What trafilatura finds on a page, None where that is no text."""
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        page,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        # No search through the page's words, and no upper bound taken from the clock: the same page, the same date.
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2199-12-31"},
    )
    return found if isinstance(found, Document) and found.text else None
