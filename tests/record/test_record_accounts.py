"""Accounts on the record: who may sign in, for how long, and what guessing costs."""

import pytest

from legation.record import Record, RecordError
from legation.record import accounts as module
from legation.record.accounts import TRIES, Wait

WORDS = "correct horse battery"


@pytest.fixture
def accounts(where: str):
    with Record.open(where) as record:
        record.accounts.add("Ada", "admin", WORDS, by="test")
        yield record.accounts


def test_only_the_right_password_opens_a_session(accounts):
    assert accounts.sign_in("Ada", "wrong horse battery", "::1") is None
    assert accounts.sign_in("Eve", WORDS, "::1") is None
    secret = accounts.sign_in("Ada", WORDS, "::1")
    assert accounts.who(secret).name == "Ada"
    assert accounts.who(secret[:-1]) is None
    assert accounts.who(secret, program=True) is None
    accounts.sign_out(secret, "::1")
    assert accounts.who(secret) is None
    assert [one.outcome for one in accounts.log()] == [
        "signed out",
        "signed in",
        "wrong",
        "wrong",
        "account made: admin",
    ]


def test_guessing_is_stopped_for_a_while_even_with_the_right_password(accounts, monkeypatch):
    for _ in range(TRIES):
        assert accounts.sign_in("Ada", "guess", "192.0.2.1") is None
    assert isinstance(accounts.sign_in("Ada", WORDS, "192.0.2.1"), Wait)
    assert isinstance(accounts.sign_in("Ada", WORDS, "::1"), str)
    now = module._now()
    monkeypatch.setattr(module, "_now", lambda: now + module.WINDOW + 1)
    assert isinstance(accounts.sign_in("Ada", WORDS, "192.0.2.1"), str)


def test_a_session_ends_unused_and_at_the_latest(accounts, monkeypatch):
    secret = accounts.sign_in("Ada", WORDS, "::1")
    now = module._now()
    for hours in range(11, 24 * 7, 11):
        monkeypatch.setattr(module, "_now", lambda at=now + hours * 3600: at)
        assert accounts.who(secret)
    monkeypatch.setattr(module, "_now", lambda: now + module.LONGEST + 1)
    assert accounts.who(secret) is None
    fresh = accounts.sign_in("Ada", WORDS, "::1")
    monkeypatch.setattr(module, "_now", lambda: now + module.LONGEST + module.IDLE + 3)
    assert accounts.who(fresh) is None


@pytest.mark.parametrize("change", ["disable", "password", "end"])
def test_a_change_of_account_ends_its_sessions_and_tokens(accounts, change):
    accounts.add("Bo", "editor", WORDS, by="Ada")
    secret, token = accounts.sign_in("Bo", WORDS, "::1"), accounts.token("Bo", "robot", by="Bo")
    assert accounts.who(token, program=True).role == "editor"
    match change:
        case "disable":
            accounts.set_disabled("Bo", True, by="Ada")
            assert accounts.sign_in("Bo", WORDS, "::1") is None
        case "password":
            accounts.set_password("Bo", WORDS * 2, by="Bo")
        case "end":
            accounts.end("Bo", by="Ada")
    assert accounts.who(secret) is None
    assert accounts.who(token, program=True) is None


def test_what_an_account_cannot_be(accounts):
    for name, role, password, said in (
        ("Ada", "reader", WORDS, "one already"),
        ("", "reader", WORDS, "1 to 100"),
        ("B\x00", "reader", WORDS, "printable"),
        ("Bo", "king", WORDS, "there is none"),
        ("Bo", "reader", "short", "shorter than 12"),
    ):
        with pytest.raises(RecordError, match=said):
            accounts.add(name, role, password, by="Ada")
    with pytest.raises(RecordError, match="last admin"):
        accounts.set_role("Ada", "reader", by="Ada")
    with pytest.raises(RecordError, match="last admin"):
        accounts.set_disabled("Ada", True, by="Ada")
    with pytest.raises(RecordError, match="not on the record"):
        accounts.set_role("Eve", "reader", by="Ada")


def test_no_secret_stands_in_the_file(where: str):
    with Record.open(where) as record:
        record.accounts.add("Ada", "admin", WORDS, by="test")
        secrets = [record.accounts.sign_in("Ada", WORDS, "::1"), record.accounts.token("Ada", "robot", by="Ada"), WORDS]
        with record._store.read() as tx:
            from legation.record.desk_tables import metadata

            held = [str(row) for table in metadata.tables.values() for row in tx.execute(table.select())]
    assert held
    assert not [one for one in secrets if any(one in row for row in held)]
