"""Accounts of a desk: passwords, sessions, tokens of programs, and the log of who signed in.

Passwords are kept as Argon2id (RFC 9106); of what a browser or program holds only a SHA-256. Who guesses is slowed down: after
`TRIES` wrong answers in `WINDOW` seconds for one name from one address (or many for either) nothing is looked at for a while.
"""

import secrets
import time
from functools import cache
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from legation.record.desk_tables import account, session, signin
from legation.record.store import RecordError, Store
from legation.schema import Noun

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role: TypeAlias = Literal["reader", "analyst", "editor", "admin"]
ROLES: tuple[Role, ...] = ("reader", "analyst", "editor", "admin")
"""Each may do what those before it may: read; annotate, take in and draft; decide; manage accounts."""

IDLE, LONGEST = 12 * 3600, 7 * 86_400
"""Seconds after which a session ends when nobody uses it, and at the latest."""
TRIES, TRIES_NAME, TRIES_ADDRESS, WINDOW = 5, 30, 20, 900
"""Wrong answers for one name from one address, for one name, from one address, in so many seconds."""
SHORTEST = 12
"""Characters of a password at least."""


class Account(Noun, frozen=True, kw_only=True):
    """Somebody who may sign in. `seen`: number of the last change they have seen."""

    name: str
    role: Role
    disabled: bool
    local: bool  # signs in with a password
    made: int
    seen: int | None


class SignIn(Noun, frozen=True, kw_only=True):
    """A line of the log: who, from which address, with which outcome; `by`: who changed the account."""

    at: int
    name: str
    address: str
    outcome: str
    by: str | None


class Wait(NamedTuple):
    """No answer was looked at: too many were wrong. `seconds`: until the next may be given."""

    seconds: int


class Accounts:
    """The accounts of one record. Errors are `RecordError`, with remedy."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self) -> tuple[Account, ...]:
        """All accounts by name."""
        with self._store.read() as tx:
            return tuple(map(_account, tx.execute(select(account).order_by(account.c.name))))

    def add(self, name: str, role: Role, password: str | None, *, by: str, subject: str | None = None) -> Account:
        """A new account: with a password, or with the subject of an OpenID provider."""
        name = _name(name)
        row = {"name": name, "role": _role(role), "password": _hashed(password) if password is not None else None}
        with self._store.write() as tx:
            try:
                tx.execute(insert(account), row | {"subject": subject, "disabled": False, "made": _now(), "seen": None})
            except IntegrityError:
                raise RecordError(f"account {name}: there is one already; give another name") from None
            _log(tx, name, "", f"account made: {role}", by)
            return _account(_row(tx, name))

    def get(self, name: str) -> Account:
        """The account of that name."""
        with self._store.read() as tx:
            return _account(_row(tx, name))

    def set_role(self, name: str, role: Role, *, by: str) -> Account:
        """Give another role. The last admin stays one."""
        return self._change(name, {"role": _role(role)}, f"role: {role}", by)

    def set_disabled(self, name: str, disabled: bool, *, by: str) -> Account:
        """Let somebody no longer sign in, or again; their sessions and tokens end. The last admin stays."""
        return self._change(name, {"disabled": disabled}, "disabled" if disabled else "enabled", by)

    def set_password(self, name: str, password: str, *, by: str) -> Account:
        """Give another password; sessions and tokens end."""
        return self._change(name, {"password": _hashed(password)}, "password changed", by)

    def sign_in(self, name: str, password: str, address: str) -> str | Wait | None:
        """The secret of a new session; None for a wrong name or password (nobody is told which)."""
        with self._store.read() as tx:
            if wait := _wait(tx, name, address):
                limited: Wait | None = Wait(wait)
            else:
                limited = None
            row = tx.execute(select(account).where(account.c.name == name)).first()
        known = row is not None and row.password is not None and not row.disabled
        right = limited is None and _verified(row.password if row and known else _nobody(), password) and known
        with self._store.write() as tx:
            if right:
                _log(tx, name, address, "signed in")
                return _open(tx, name)
            _log(
                tx, name, address, "refused for a while" if limited else "disabled" if row and row.disabled else "wrong"
            )
        return limited

    def sign_in_elsewhere(
        self, subject: str, address: str, *, name: str | None = None, role: Role | None = None
    ) -> str | None:
        """The secret of a new session for whoever an OpenID provider vouches for; None where no account is theirs.

        `role`: where the provider's word decides on it; then whoever is new gets an account by `name`, or one like it if it is taken.
        """
        with self._store.write() as tx:
            row = tx.execute(select(account).where(account.c.subject == subject)).first()
            if row is None and role is not None:
                known = _free(tx, name or subject)
                made = {"name": known, "role": role, "password": None, "subject": subject}
                tx.execute(insert(account), made | {"disabled": False, "made": _now(), "seen": None})
                _log(tx, known, address, f"account made: {role}", subject)
                row = _row(tx, known)
            elif row is not None and role not in (None, row.role):
                tx.execute(update(account).where(account.c.name == row.name).values(role=role))
                _log(tx, row.name, address, f"role: {role}", subject)
            outcome = "no account" if row is None else "disabled" if row.disabled else "signed in"
            _log(tx, row.name if row else subject, address, outcome)
            return _open(tx, row.name) if row and not row.disabled else None

    def refuse_elsewhere(self, subject: str, address: str) -> None:
        """Somebody whom a provider vouches for but who may no longer do anything here: their sessions and tokens end."""
        with self._store.write() as tx:
            row = tx.execute(select(account.c.name).where(account.c.subject == subject)).first()
            if row:
                _end(tx, row.name)
            _log(tx, row.name if row else subject, address, "no role")

    def token(self, name: str, program: str, *, by: str) -> str:
        """The secret of a program that acts for an account (``Authorization: Bearer``); it ends with `end_tokens`."""
        with self._store.write() as tx:
            row = _row(tx, name)
            _log(tx, row.name, "", f"token made: {program}", by)
            return _open(tx, row.name, program)

    def who(self, secret: str, *, program: bool = False) -> Account | None:
        """Whose session (or token of a program) a secret is; None when it is nobody's or over."""
        now, key = _now(), _hash(secret)
        with self._store.read() as tx:
            query = select(account, session.c.used, session.c.made.label("opened")).join_from(session, account)
            kind = session.c.program.is_not(None) if program else session.c.program.is_(None)
            row = tx.execute(query.where(session.c.hash == key, kind, ~account.c.disabled)).first()
        if row is None or (not program and (now - row.used > IDLE or now - row.opened > LONGEST)):
            return None
        if now - row.used > 600:
            with self._store.write() as tx:
                tx.execute(update(session).where(session.c.hash == key).values(used=now))
        return _account(row)

    def sign_out(self, secret: str, address: str) -> None:
        """End a session."""
        with self._store.write() as tx:
            row = tx.execute(select(session.c.account).where(session.c.hash == _hash(secret))).first()
            if row:
                tx.execute(delete(session).where(session.c.hash == _hash(secret)))
                _log(tx, row.account, address, "signed out")

    def end(self, name: str, *, by: str) -> None:
        """End all sessions and tokens of an account."""
        with self._store.write() as tx:
            _end(tx, _row(tx, name).name)
            _log(tx, name, "", "sessions and tokens ended", by)

    def saw(self, name: str, change: int) -> None:
        """Remember the last change somebody has seen."""
        with self._store.write() as tx:
            tx.execute(update(account).where(account.c.name == name).values(seen=change))

    def log(self, limit: int = 200) -> tuple[SignIn, ...]:
        """Who signed in or tried to, and what was done to accounts, the last first."""
        with self._store.read() as tx:
            rows = tx.execute(select(signin).order_by(signin.c.seq.desc()).limit(limit))
            return tuple(SignIn(at=r.at, name=r.name, address=r.address, outcome=r.outcome, by=r.by) for r in rows)

    def _change(self, name: str, values: dict[str, object], told: str, by: str) -> Account:
        with self._store.write() as tx:
            row = _row(tx, name)
            loses = values.get("disabled") is True or values.get("role", "admin") != "admin"
            if row.role == "admin" and not row.disabled and loses and _admins(tx) == 1:
                raise RecordError(f"account {name}: is the last admin; make another one first")
            tx.execute(update(account).where(account.c.name == name).values(values))
            if "role" not in values:
                _end(tx, name)
            _log(tx, name, "", told, by)
            return _account(_row(tx, name))


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        role=row.role,
        disabled=row.disabled,
        local=row.password is not None,
        made=row.made,
        seen=row.seen,
    )


def _row(tx: Connection, name: str) -> Row[Any]:
    row = tx.execute(select(account).where(account.c.name == name)).first()
    if row is None:
        raise RecordError(f"account {name}: is not on the record; `legation desk user list` names them")
    return row


def _free(tx: Connection, name: str) -> str:
    """The name, or the first like it that no account has."""
    name = _name("".join(filter(str.isprintable, name))[:90])
    taken = set(tx.execute(select(account.c.name).where(account.c.name.startswith(name, autoescape=True))).scalars())
    return next(one for n in count(1) if (one := name if n == 1 else f"{name} {n}") not in taken)


def _admins(tx: Connection) -> int:
    return tx.execute(
        select(func.count()).select_from(account).where(account.c.role == "admin", ~account.c.disabled)
    ).scalar_one()


def _open(tx: Connection, name: str, program: str | None = None) -> str:
    secret = secrets.token_urlsafe(32)
    tx.execute(
        insert(session), {"hash": _hash(secret), "account": name, "made": _now(), "used": _now(), "program": program}
    )
    return secret


def _end(tx: Connection, name: str) -> None:
    tx.execute(delete(session).where(session.c.account == name))


def _log(tx: Connection, name: str, address: str, outcome: str, by: str | None = None) -> None:
    tx.execute(insert(signin), {"at": _now(), "name": name[:200], "address": address, "outcome": outcome, "by": by})


def _wait(tx: Connection, name: str, address: str) -> int:
    """Seconds to wait before an answer for a name from an address is looked at."""

    def over(most: int, *where: ColumnElement[bool]) -> int:
        recent = select(signin.c.at).where(signin.c.outcome == "wrong", signin.c.at > _now() - WINDOW, *where)
        times = tx.execute(recent.order_by(signin.c.at.desc()).limit(most)).scalars().all()
        return max(1, times[-1] + WINDOW - _now()) if len(times) == most else 0

    return max(
        over(TRIES, signin.c.name == name[:200], signin.c.address == address),
        over(TRIES_NAME, signin.c.name == name[:200]),
        over(TRIES_ADDRESS, signin.c.address == address),
    )


def _name(name: str) -> str:
    name = name.strip()
    if not (1 <= len(name) <= 100) or not name.isprintable():
        raise RecordError(f"account {name!r}: give a name of 1 to 100 printable characters")
    return name


def _role(role: str) -> str:
    if role not in ROLES:
        raise RecordError(f"role {role!r}: there is none; there are {', '.join(ROLES)}")
    return role


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password has, so that an unknown name takes as long as a wrong password."""
    return _hasher().hash(secrets.token_hex(32))


def _hashed(password: str) -> str:
    if len(password) < SHORTEST:
        raise RecordError(f"password: is shorter than {SHORTEST} characters; give a longer one, words will do")
    return _hasher().hash(password[:1000])


def _verified(hashed: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(hashed, password[:1000])
    except VerificationError:
        return False


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _now() -> int:
    return int(time.time())
