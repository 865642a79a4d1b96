"""The signature of a webhook: both ends of it."""

import hmac
import time
from hashlib import sha256


def signature(key: str, body: bytes, at: int) -> str:
    """What proves that a body comes from whoever holds the key, at a time (seconds since 1970): ``t=SECONDS,v1=HMAC``."""
    return f"t={at},v1={hmac.new(key.encode(), f'{at}.'.encode() + body, sha256).hexdigest()}"


def signed(key: str, body: bytes, given: str, *, within: int = 300, now: float | None = None) -> bool:
    """Whether a webhook's body comes from a desk that holds the watch's key, signed at most so many seconds ago.

    `given`: the header ``Legation-Signature``. Drop a body whose ``Legation-Delivery`` you have taken already.
    """
    parts = dict(part.split("=", 1) for part in given.split(",") if "=" in part)
    at = parts.get("t", "")
    if not (at.isascii() and at.isdigit()) or abs((time.time() if now is None else now) - int(at)) > within:
        return False
    return hmac.compare_digest(
        signature(key, body, int(at)).partition(",v1=")[2].encode(), parts.get("v1", "").encode()
    )
