"""What watches have to tell, sent: by SMTP, and as a signed POST to a webhook.

A webhook gets ``Legation-Delivery`` (the same key at every try, so that a receiver takes it once) and ``Legation-Signature``:
``t=SECONDS,v1=HEX`` with the HMAC-SHA256 of ``SECONDS.BODY`` under the watch's key; `legation.desk.client.signed` checks it. It is
sent to public addresses alone, checked after the name is resolved, and follows no redirect.
"""

import http.client
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from legation import __version__
from legation.desk import telling
from legation.desk.signing import signature
from legation.record import Record
from legation.record.watches import Delivery
from legation.sources.web import public

SECONDS = 30.0
"""For one delivery."""


class Post(NamedTuple):
    """How mail goes out: ``smtp://`` (encrypted where the server offers it, always when it is given a name and password) or
    ``smtps://[NAME:PASSWORD@]HOST[:PORT]``; from whom; the address of the desk, for links; whether webhooks may lead to machines inside.
    """

    smtp: str | None = None
    sender: str = "legation@localhost"
    desk: str | None = None
    private: bool = False


class Outcome(NamedTuple):
    """A delivery, and why it failed (None: it arrived)."""

    delivery: Delivery
    error: str | None


class Refused(Exception):
    """It was not taken; the message says why."""


def run(record: Record, post: Post) -> Iterator[Outcome]:
    """Look for what is new to every watch, then send whatever is due."""
    for watch in record.watches.every():
        record.watches.collect(watch.id)
    while delivery := record.watches.next():
        try:
            _mail(delivery, post) if delivery.channel == "mail" else _webhook(delivery, post)
        except (Refused, OSError, smtplib.SMTPException, http.client.HTTPException, ValueError) as error:
            said = f"{type(error).__name__}: {error}" if not isinstance(error, Refused) else str(error)
            record.watches.failed(delivery.key, said)
            yield Outcome(delivery, said)
        else:
            record.watches.sent(delivery.key)
            yield Outcome(delivery, None)


def _mail(delivery: Delivery, post: Post) -> None:
    if post.smtp is None:
        raise Refused("no SMTP server is given (--smtp, LEGATION_SMTP)")
    told = telling.message(delivery.watch, delivery.notices, post.desk)
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = told.subject, post.sender, delivery.watch.mail
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{delivery.key}@{post.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<{delivery.watch.id}.watch.legation>"
    mail.set_content(told.text)
    parts = urlsplit(post.smtp)
    with _smtp(parts) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def _smtp(parts: SplitResult) -> smtplib.SMTP:
    host, trusted = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=trusted)
    if parts.scheme != "smtp" or not host:
        raise Refused("--smtp: give an address like smtp://mail.example:587 or smtps://mail.example")
    server = smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=trusted)
    elif parts.username:
        server.close()
        raise Refused(f"{host}: offers no encryption, and a password would be sent readable; give smtps:// or no name")
    return server


def _webhook(delivery: Delivery, post: Post) -> None:
    parts = urlsplit(delivery.watch.webhook or "")
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not post.private and not public(address):
            raise Refused(f"{host}: {address} is no public address; use --allow-private if it is meant")
    body = msgspec.json.encode(telling.body(delivery.watch, delivery.key, delivery.notices, post.desk))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"legation/{__version__}",
        "Legation-Delivery": delivery.key,
        "Legation-Signature": signature(delivery.watch.key, body, int(time.time())),
        "Connection": "close",
    }
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    sock = socket.create_connection((found[0], port), timeout=SECONDS)
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(sock, server_hostname=host) if parts.scheme == "https" else sock
        )
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = connection.getresponse()
    finally:
        connection.close()
        sock.close()
    if not 200 <= answer.status < 300:
        raise Refused(f"{host}: answered {answer.status} {answer.reason}")
