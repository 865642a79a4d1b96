"""The tables of a desk over a record, beside what is known: accounts and sessions, watches and what they sent.

Times are whole seconds since 1970 (UTC). What a browser or a program holds as a secret is kept as its SHA-256; secrets that we
must say again (a feed's address, the key that signs a webhook) are kept as they are.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text),  # Argon2id; null: signs in elsewhere (OpenID Connect)
    Column("subject", Text, unique=True),  # issuer and subject of OpenID Connect
    Column("disabled", Boolean, nullable=False),
    Column("made", Integer, nullable=False),
    Column("seen", Integer),  # number of the last change this person has seen
)

session = Table(
    "session",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("account", ForeignKey("account.name"), nullable=False),
    Column("made", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("program", Text),  # what a token of a program is for; null: a browser
    Index("session_account", "account"),
)

signin = Table(
    "signin",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("name", Text, nullable=False),  # as given, known or not
    Column("address", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("by", Text),  # who changed an account
    Index("signin_name", "name", "at"),
    Index("signin_address", "address", "at"),
)

watch = Table(
    "watch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text),  # null where there are no accounts
    Column("name", Text, nullable=False),
    Column("wanted", Text, nullable=False),  # the Filter as JSON
    Column("feed", Text, nullable=False, unique=True),  # the secret part of the feed's address
    Column("mail", Text),
    Column("webhook", Text),
    Column("key", Text, nullable=False),  # signs what the webhook gets
    Column("since", Integer, nullable=False),  # number of the last change looked at
    Column("paused", Boolean, nullable=False),
    Column("made", Integer, nullable=False),
    Index("watch_owner", "owner"),
)

notice = Table(  # what a watch had to tell, one row an incident and change
    "notice",
    metadata,
    Column("watch", ForeignKey("watch.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the change
    Column("incident", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("notice_incident", "watch", "incident", "seq"),
)

outbox = Table(  # one row a delivery; its key is told to whoever gets it, so that none is taken twice
    "outbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("watch", ForeignKey("watch.id"), nullable=False),
    Column("channel", Text, nullable=False),  # mail, webhook
    Column("first", Integer, nullable=False),  # its notices: from this change …
    Column("last", Integer, nullable=False),  # … to this one
    Column("state", Text, nullable=False),  # waiting, sending, sent, failed, unsure
    Column("due", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent", Integer),
    Column("error", Text),
    Index("outbox_due", "state", "due"),
    Index("outbox_watch", "watch", "last"),
)
