"""Signing in elsewhere: OpenID Connect with one provider, by an authorization code with PKCE.

The way of OpenID Connect Core 1.0 (section 3.1) and RFC 9700: what begins a sign-in is one random ticket in a cookie of the browser;
state, nonce and code verifier are derived from it, so that a code works in the browser alone that asked for it. The ID token counts
only when a key of the provider signed it for this desk and this sign-in. What a person may do here follows from a claim, where the
settings say how (docs/desk.md).
"""

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus, unquote, urlsplit

import httpx
import msgspec

from legation.desk.problems import Problem
from legation.record.accounts import ROLES, Role

SECONDS, LONGEST, FRESH, LEEWAY = 10.0, 600, 3600, 120
"""For an answer of the provider; from the begin of a sign-in to its end; that what it says of itself is kept; by which clocks may differ."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Of signatures: by a key that only the provider has, never by our shared secret, never none."""


class Roles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which role the values of a claim stand for. `claim`: its name, with dots into objects; the highest role counts."""

    claim: str
    values: dict[str, Role]
    otherwise: Role | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider. `name`: the claim that accounts are called by; `label`: what the button says; `roles`: without it, an admin makes the accounts."""

    issuer: str
    client: str
    secret: str | None = None
    label: str = "OpenID Connect"
    name: str = "preferred_username"
    scope: tuple[str, ...] = ("profile",)
    roles: Roles | None = None


class Person(NamedTuple):
    """Who signed in: issuer and subject, what they are called, their role here (None: none, or the settings say nothing of roles)."""

    subject: str
    name: str
    role: Role | None


def load(path: Path, secret: str | None = None) -> Settings:
    """The settings of a YAML file; `secret` is laid over its own. Raises ValueError with the remedy."""
    try:
        found = msgspec.yaml.decode(path.read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError) as error:
        raise ValueError(f"{path}: is no description of a provider ({error}); docs/desk.md shows one") from None
    if not _trusted(found.issuer):
        raise ValueError(f"{path}: issuer {found.issuer}: give its https:// address, as the provider writes it")
    return msgspec.structs.replace(found, secret=secret or found.secret)


class Provider:
    """One provider; `key` is the desk's own secret."""

    def __init__(self, settings: Settings, key: bytes) -> None:
        self.settings, self._key = settings, key
        self._lock, self._known, self._at = Lock(), dict[str, Any](), 0.0

    def begin(self, back: str, next: str) -> tuple[str, str]:
        """The provider's page for a sign-in that comes `back` to an address of ours, and the ticket for the browser to keep. Raises Problem 503."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        ticket = f"{token_urlsafe(32)}.{int(time.time())}.{quote(next[:2000], safe='')}"
        there = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            client_id=self.settings.client,
            response_type="code",
            redirect_uri=back,
            scope=" ".join(dict.fromkeys(("openid", *self.settings.scope))),
            state=self._derived("state", ticket),
            nonce=self._derived("nonce", ticket),
            code_challenge=create_s256_code_challenge(self._derived("verifier", ticket)),
            code_challenge_method="S256",
        )
        return str(there), ticket

    def finish(self, back: str, ticket: str, said: Mapping[str, str]) -> tuple[Person, str]:
        """Who came back with which parameters, and where they wanted to go. Raises Problem 403, or 503 where the provider does not answer."""
        seed, _, rest = ticket.partition(".")
        begun, _, next = rest.partition(".")
        ours = hmac.compare_digest(said.get("state", "").encode(), self._derived("state", ticket).encode())
        if not (seed and ours and begun.isdigit() and time.time() - int(begun) < LONGEST):
            raise Problem(403, "this sign-in was begun in another browser or too long ago; begin it again at /sign-in")
        if said.get("iss", self.settings.issuer) != self.settings.issuer:
            raise self._refused("the answer comes from another provider")
        if "code" not in said:
            raise self._refused(said.get("error_description") or said.get("error") or "it gives no code")
        tokens = self._tokens(back, said["code"], self._derived("verifier", ticket))
        claims = self._claims(tokens, self._derived("nonce", ticket))
        return self._person(claims, tokens), unquote(next)

    def _derived(self, what: str, ticket: str) -> str:
        """43 characters that follow from a ticket, and from which nobody finds it."""
        made = hmac.new(self._key, f"openid {what} {ticket}".encode("utf-8", "replace"), sha256).digest()
        return urlsafe_b64encode(made).decode().rstrip("=")

    def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0), with its keys."""
        with self._lock:
            if not self._known or time.monotonic() - self._at > FRESH:
                found = self._get(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if found.get("issuer") != self.settings.issuer:
                    raise self._refused(f"it calls itself {found.get('issuer')!r}, not {self.settings.issuer!r}")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not _trusted(str(found.get(name))):
                        raise self._refused(f"its {name} is no https:// address")
                self._known, self._at = found | {"jwks": self._get(found["jwks_uri"])}, time.monotonic()
            return self._known

    def _tokens(self, back: str, code: str, verifier: str) -> dict[str, Any]:
        known, client, secret = self._metadata(), self.settings.client, self.settings.secret
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        ways = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = (
            httpx.BasicAuth(quote_plus(client), quote_plus(secret))
            if secret and "client_secret_basic" in ways
            else None
        )
        if basic is None:
            form |= {"client_id": client} | ({"client_secret": secret} if secret else {})
        return self._asked("POST", known["token_endpoint"], data=form, auth=basic)

    def _claims(self, tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, once it is known to hold."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        ours = {"iss": {"essential": True, "value": self.settings.issuer}, "aud": {"essential": True, "value": self.settings.client}}  # fmt: skip
        params = {"nonce": nonce, "client_id": self.settings.client, "access_token": tokens.get("access_token")}
        try:
            token = self._verified(str(tokens.get("id_token")))
            claims = CodeIDToken(token.claims, token.header, ours, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            raise self._refused(f"its ID token does not hold ({error})") from None
        return dict(claims)

    def _verified(self, token: str) -> Any:
        """The token, if a key of the provider signed it; keys are asked for again when it names one that is new."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        known, rules = self._metadata(), JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(token, KeySet.import_key_set(known["jwks"]), registry=rules)
        except InvalidKeyIdError:
            known["jwks"] = self._get(known["jwks_uri"])
            return jwt.decode(token, KeySet.import_key_set(known["jwks"]), registry=rules)

    def _person(self, claims: dict[str, Any], tokens: Mapping[str, Any]) -> Person:
        """Claims that the ID token leaves out are asked for at the provider (userinfo), for the same subject alone."""
        roles, subject = self.settings.roles, str(claims["sub"])
        there = str(self._metadata().get("userinfo_endpoint"))
        wanted = (self.settings.name, roles.claim.partition(".")[0] if roles else self.settings.name)
        if any(name not in claims for name in wanted) and _trusted(there) and tokens.get("access_token"):
            more = self._asked("GET", there, headers={"Authorization": f"Bearer {tokens['access_token']}"})
            if more.get("sub") != subject:
                raise self._refused("it speaks of another person when asked again")
            claims = more | claims
        name = next((str(claims[one]) for one in (self.settings.name, "email", "sub") if claims.get(one)), subject)
        return Person(f"{self.settings.issuer} {subject}", name, _role(roles, claims) if roles else None)

    def _get(self, url: str) -> dict[str, Any]:
        return self._asked("GET", url)

    def _asked(self, method: str, url: str, **given: Any) -> dict[str, Any]:
        try:
            with httpx.Client(timeout=SECONDS) as client:
                got = client.request(method, url, **given)
            found = got.json()
        except (httpx.HTTPError, ValueError) as error:
            said = f"{self.settings.label} does not answer as it should ({type(error).__name__}); try again later"
            raise Problem(503, said) from None
        if got.is_error or not isinstance(found, dict):
            reason = found.get("error_description") or found.get("error") if isinstance(found, dict) else None
            raise self._refused(reason or f"it answers {got.status_code}")
        return found

    def _refused(self, reason: object) -> Problem:
        return Problem(
            403,
            f"{self.settings.label} did not sign you in: {reason}; begin again at /sign-in, or ask an admin of this desk",
        )


def _role(roles: Roles, claims: Mapping[str, Any]) -> Role | None:
    """The highest role that the values of the claim stand for."""
    found: Any = claims
    for part in roles.claim.split(".") if roles.claim not in claims else (roles.claim,):
        found = found.get(part) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    given = [roles.values[value] for value in values if isinstance(value, str) and value in roles.values]
    return max(given, key=ROLES.index) if given else roles.otherwise


def _trusted(address: str) -> bool:
    """Whether what is said there stays between us: https, or this machine itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))
