"""Pages and feeds from the web, politely and safely.

Polite: robots.txt and its crawl delay, a pause between requests to one host, conditional requests, limits on size, time and redirects. Safe:
only http and https, and only to public addresses. A name is resolved once, each of its addresses checked, and the connection made
to the address that was checked, at every redirect anew, so that no page can lead to a machine inside. `private=True` lifts that.
"""

import gzip
import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from legation import __version__
from legation.sources import MAX_BYTES, Raw, Unreadable

AGENT = f"legation/{__version__}"
SECONDS, REDIRECTS, PAUSE, ENTRIES = 30.0, 5, 1.0, 200
"""For one page; how often it may lead elsewhere; between two requests to a host; pages of one feed."""

if TYPE_CHECKING:
    from legation.sources.feeds import Entry

_CHUNK = 65536
_PORTS = {"http": 80, "https": 443}


class Stamp(NamedTuple):
    """What a server said about the state of a page, to ask later whether it changed."""

    etag: str | None
    modified: str | None


class Page(NamedTuple):
    """An answer: where it came from in the end, its media type, its bytes."""

    url: str
    media_type: str
    data: bytes


@dataclass
class Web:
    """Fetches pages. `stamps`: what is known of pages fetched before, by URL; kept up to date."""

    private: bool = False
    max_bytes: int = MAX_BYTES
    stamps: MutableMapping[str, Stamp] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def raws(self, url: str) -> Iterator[Raw | Unreadable]:
        """The article of a page; of a feed, those of its entries; nothing for a page that has not changed since its stamp."""
        from legation.sources import feeds

        try:
            page = self.fetch(url)
        except Unreadable as problem:
            yield problem
            return
        if page is None:
            return
        if (entries := feeds.entries(page)) is None:
            yield raw(url, page)
            return
        for entry in entries[:ENTRIES]:
            if entry.text:
                yield entry.raw(url)
            elif entry.url:
                yield from self._entry(entry)

    def _entry(self, entry: "Entry") -> Iterator[Raw | Unreadable]:
        try:
            page = self.fetch(entry.url or "")
        except Unreadable as problem:
            yield problem
            return
        if page is not None:
            yield raw(entry.url or "", page)._replace(said=entry.said)

    def fetch(self, url: str) -> Page | None:
        """A page; None when the server says it is as it was at its stamp. Raises Unreadable."""
        url, _ = urldefrag(url)
        if not self._allowed(url):
            raise Unreadable(url, "robots.txt of this site asks not to fetch it", "save the page and give the file")
        known = self.stamps.get(url)
        headers = {}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.modified:
            headers["If-Modified-Since"] = known.modified
        answer = self._get(url, headers)
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise Unreadable(
                url, f"the server answered {answer.status} {answer.reason}", "check the address in a browser"
            )
        self.stamps[url] = Stamp(answer.header("etag"), answer.header("last-modified"))
        media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
        return Page(answer.url, media_type, answer.data)

    def _allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            rules = RobotFileParser()
            try:
                answer = self._get(f"{site}/robots.txt", {}, limit=500_000)
            except Unreadable as problem:
                raise Unreadable(url, problem.reason, problem.remedy) from None
            if answer.status >= 500:
                raise Unreadable(url, f"its robots.txt cannot be had ({answer.status})", "try again later")
            said = answer.data.decode("utf-8", "replace").splitlines() if answer.status == 200 else []
            rules.parse(["User-agent: *", "Disallow: /"] if answer.status in (401, 403) else said)
            self._robots[site] = rules
        return self._robots[site].can_fetch(AGENT, url)

    def _get(self, url: str, headers: dict[str, str], limit: int | None = None) -> "_Answer":
        until = time.monotonic() + SECONDS
        for _ in range(REDIRECTS + 1):
            answer = self._once(url, headers, limit or self.max_bytes, until)
            if answer.status not in (301, 302, 303, 307, 308) or not (to := answer.header("location")):
                return answer
            url = urljoin(url, to)
        raise Unreadable(url, f"it leads elsewhere more than {REDIRECTS} times", "give the address it ends at")

    def _once(self, url: str, headers: dict[str, str], limit: int, until: float) -> "_Answer":
        parts = urlsplit(url)
        try:
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            port = 0
        if parts.scheme not in _PORTS or not parts.hostname or not port or parts.username is not None:
            raise Unreadable(url, "it is no http or https address", "give one that begins with https://")
        self._wait(parts.hostname)
        try:
            connection = _connection(
                parts.scheme, parts.hostname, port, self._address(url, parts.hostname, port), until
            )
            try:
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                sent = {"User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close", **headers}
                connection.request("GET", target, headers=sent)
                response = connection.getresponse()
                return _Answer(
                    url, response.status, response.reason, response.headers, _body(url, response, limit, until)
                )
            finally:
                connection.close()
        except TimeoutError:
            raise Unreadable(url, f"no answer within {SECONDS:.0f} seconds", "try again later") from None
        except ssl.SSLError as problem:
            raise Unreadable(
                url, f"its certificate does not hold ({problem.reason})", "check the address in a browser"
            ) from None
        except (OSError, http.client.HTTPException, EOFError, zlib.error) as problem:
            raise Unreadable(url, f"it cannot be reached ({problem})", "check address and network") from None

    def _wait(self, host: str) -> None:
        """At most one request to a host in `PAUSE` seconds, or in the crawl delay of its robots.txt."""
        delays = [
            float(delay) for site, rules in self._robots.items() if host in site and (delay := rules.crawl_delay(AGENT))
        ]
        pause = max([PAUSE, *delays])
        since = time.monotonic() - self._last.get(host, -pause)
        if since < pause and host in self._last:
            self.sleep(min(pause - since, 60.0))
        self._last[host] = time.monotonic()

    def _address(self, url: str, host: str, port: int) -> str:
        """The address to connect to; every one that the name has must be public."""
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (socket.gaierror, UnicodeError) as problem:
            raise Unreadable(url, f"its name cannot be resolved ({problem})", "check address and network") from None
        for address in found:
            if not self.private and not public(address):
                raise Unreadable(
                    url,
                    f"{address} is no public address",
                    "`legation ingest --allow-private` fetches it if it is meant",
                )
        return found[0]


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet; those that hold an IPv4 address are judged by it too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not public(str(inner)):
            return False
        if ip.ipv4_mapped is not None:
            return True
    return ip.is_global and not ip.is_multicast


class _Answer(NamedTuple):
    url: str
    status: int
    reason: str
    headers: http.client.HTTPMessage
    data: bytes

    def header(self, name: str) -> str | None:
        return self.headers.get(name)


def _connection(scheme: str, host: str, port: int, address: str, until: float) -> http.client.HTTPConnection:
    """A connection to an address, in the name of a host."""
    sock = socket.create_connection((address, port), timeout=max(0.1, until - time.monotonic()))
    connection = http.client.HTTPConnection(host, port)
    connection.sock = (
        ssl.create_default_context().wrap_socket(sock, server_hostname=host) if scheme == "https" else sock
    )
    return connection


def _body(url: str, response: http.client.HTTPResponse, limit: int, until: float) -> bytes:
    """The bytes of an answer, unpacked, never more than the limit and one."""
    packed = (response.headers.get("content-encoding") or "").lower() == "gzip"
    stream = gzip.GzipFile(fileobj=response) if packed else response
    data = b""
    while len(data) <= limit:
        if time.monotonic() > until:
            raise TimeoutError
        chunk = stream.read1(min(_CHUNK, limit + 1 - len(data)))  # what is there, so that a trickle is noticed
        if not chunk:
            return data
        data += chunk
    raise Unreadable(url, f"it is over the limit of {limit:,} bytes", "raise --max-bytes if it is one article")


def raw(url: str, page: Page) -> Raw:
    """The bytes of a page as an input of its kind."""
    kinds = {"application/pdf": "pdf", "message/rfc822": "mail", "text/plain": "text"}
    kind = "pdf" if page.data.startswith(b"%PDF-") else kinds.get(page.media_type, "html")
    return Raw(url, kind, page.data)  # type: ignore[arg-type]
