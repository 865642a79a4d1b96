"""The tables of a record, the same in SQLite and PostgreSQL. `docs/record.md` says what each is for.

Texts are compared and ordered by code points (in PostgreSQL by the collation "C", which the migrations set).
Days are proleptic Gregorian ordinals (`datetime.date.toordinal`). Columns named `body`, `versions`, `detail`, … hold JSON text.
What people wrote or read (`article`, `origin`, `reading`, `decision`, `audit`) is kept for good; the rest is derived from it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData()
_STATED = text("answers IS NOT NULL")

article = Table(
    "article",
    metadata,
    Column("pk", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),  # SHA-256 of the text
    Column("text", Text, nullable=False),
    Column("source", Text, nullable=False),  # where it was first found; all places are in `origin`
    Column("outlet", Text),
    Column("title", Text),
    Column("published", Text),
    Column("day", Integer),  # first day `published` can mean
    Column("language", Text),
    Column("credit", Text),  # agency the article credits
    Column("relevant", Boolean, nullable=False),
    Column("boilerplate", Text, nullable=False),
    Column("read_at", Text, nullable=False),  # UTC
    Column("versions", Text, nullable=False),  # of reader, ontology, model
    Column("entry", Integer, nullable=False),  # audit entry of the present reading
    Column("copies", Integer, nullable=False),  # articles with the same number are copies of one another
    Column("sentences", Text, nullable=False),  # hashes of its sentences, to tell what a copy adds or drops
    Column("sketch", LargeBinary, nullable=False),  # MinHash signature of its words
    Index("article_day", "day", "pk"),
    Index("article_copies", "copies"),
    Index("article_outlet", "outlet", "pk"),
    Index("article_entry", "entry"),
)

origin = Table(
    "origin",
    metadata,
    Column("article", ForeignKey("article.pk"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("read_at", Text, nullable=False),
)

input_ = Table(  # what was read already, so that the same command again need not read it
    "input",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("noted_at", Text, nullable=False),
)

page = Table(  # what servers said of the state of pages, to ask later whether they changed
    "page",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("modified", Text),
)

reading = Table(
    "reading",
    metadata,
    Column("article", ForeignKey("article.pk"), primary_key=True),
    Column("entry", Integer, primary_key=True),  # audit entry that vouches for it
    Column("versions", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of body
    Column("body", Text, nullable=False),  # the Reading without its text
)

band = Table(
    "band",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("article", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    Column("pk", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("article", ForeignKey("article.pk"), nullable=False),
    Column(
        "n", Integer, nullable=False
    ),  # index in the reading; < 0: kept by a person's decision, the reader no longer finds it
    Column("body", Text, nullable=False),  # the Event with people's corrections
    Column("account", Text, nullable=False),  # what of it is compared with others
    Column("series", Text, nullable=False),  # type, mode and parties; incidents lie within one series
    Column("left", Text),  # series with the second party unknown; null unless both are known
    Column("right", Text),  # series with the first party unknown
    Column("lo", Integer),  # first and last day it can have been on
    Column("hi", Integer),
    Column("core", Boolean, nullable=False),  # both parties and the date known
    Column("unit", Text, nullable=False),  # series and grain of date: what is clustered together …
    Column("anchor", Integer, nullable=False),  # … along this axis of days
    Column("published", Integer),
    Column("answers", Integer),  # event of the same article
    Column("relay", Text),  # agency or outlet that relays it, as the article credits
    Column("said", Text),  # the statement that tells of it
    Column("words", Text, nullable=False),  # the sentence around the evidence
    Column("cluster", Integer, nullable=False),
    Column("attached", Boolean, nullable=False),  # vague, and told of an incident that others date
    Column("incident", Integer, nullable=False),
    Column("reasons", Text, nullable=False),  # why it was joined
    Index("event_article", "article"),
    Index("event_unit", "unit", "anchor"),
    Index("event_left", "left", "anchor"),
    Index("event_right", "right", "anchor"),
    Index("event_vague", "series", "lo", "hi", sqlite_where=text("core IS 0"), postgresql_where=text("core IS false")),
    Index("event_cluster", "cluster"),
    # what links ask is in the index: what answers nothing is passed over there, and PostgreSQL reads no row for the rest
    Index("event_incident", "incident", "answers", postgresql_include=["pk", "id"]),
    Index(
        "event_answers",
        "answers",
        sqlite_where=_STATED,
        postgresql_where=_STATED,
        postgresql_include=["incident", "id"],
    ),
)

_COUNTS = ("count", "count_low", "count_high")

incident = Table(
    "incident",
    metadata,
    Column("pk", Integer, primary_key=True, autoincrement=False),  # least pk of its events
    Column("id", Text, nullable=False, unique=True),  # id of its first-published mention
    Column("type", Text, nullable=False),
    Column("grp", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column(
        "day", Integer, nullable=False
    ),  # first day it can have been on, else of publication, else 0: the order of lists
    Column("sources", Integer, nullable=False),  # independent
    Column("open", Integer, nullable=False),  # open items
    Column("receiving", Text),  # the two states of the ledger
    Column("sending", Text),
    Column("side", Text),  # whose column of the ledger: the actor's state if one of the two, else the receiving
    Column("count", Integer),
    Column("count_low", Integer),
    Column("count_high", Integer),
    Column("aggregate", Boolean, nullable=False),
    Column("measure", Boolean, nullable=False),  # restriction, sending or relations: what chains are made of
    Column("answers", Integer),  # inferred: the incident it seems to answer
    Column("changed", Integer, nullable=False),  # number of its last change
    Column("body", Text, nullable=False),  # the Incident
    Index("incident_day", "day", "pk", "type", "grp", "status", "standing", "review", "sources", "open"),
    Index("incident_type", "type", "day", "pk", "status", "standing", "review", "sources", "open"),
    Index("incident_status", "status", "day", "pk", "type", "grp", "standing", "review", "sources", "open"),
    Index("incident_standing", "standing", "day", "pk", "type", "grp", "status", "review", "sources", "open"),
    Index("incident_review", "review", "day", "pk"),
    Index("incident_changed", "changed"),
    Index("incident_pair", "receiving", "sending", "day", "pk", "side", "type", "review"),
    Index("incident_tally", "receiving", "sending", "side", "type", "status", "review", "aggregate", *_COUNTS),
    Index("incident_answers", "answers"),
)

facet = Table(  # one row for each state, pair and post of an incident: lists by them are read off this table alone
    "facet",
    metadata,
    Column("key", Text, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("incident", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("grp", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Index("facet_incident", "incident"),
    sqlite_with_rowid=False,
)

counted = Table(  # what facets count of an incident, in a row so narrow that ten thousand of them are read for one page
    "counted",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("fields", Text, nullable=False),  # as `publish.counted_fields` joins them
)

outlet = Table(  # sums over `facet`, kept as it changes
    "outlet",
    metadata,
    Column("name", Text, primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("alone", Integer, nullable=False),
    Column("contested", Integer, nullable=False),
)

item = Table(  # demands, promises, alleged breaches, deadlines
    "item",
    metadata,
    Column("incident", Integer, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("type", Text, nullable=False),  # of the incident
    Column("state", Text, nullable=False),  # open, answered, overtaken
    Column("opened", Integer, nullable=False),
    Column("due", Integer),
    Column("holder", Text),
    Column("toward", Text),
    Column("receiving", Text),
    Column("sending", Text),
    Column("closer", Integer),
    Column("closed", Integer),
    Index("item_state", "state", "opened", "incident"),
    Index("item_holder", "holder", "state", "opened", "incident"),
    Index("item_toward", "toward", "state", "opened", "incident"),
    Index("item_pair", "receiving", "sending", "rule", "opened"),
    Index("item_closer", "closer"),
    Index("item_due", "state", "due"),
)

decision = Table(
    "decision",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # its audit entry
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("undone", Integer),  # audit entry of the undoing
)

anchor = Table(  # the mentions a decision is about, found again after a re-reading by where they stand
    "anchor",
    metadata,
    Column("decision", ForeignKey("decision.seq"), primary_key=True),
    Column("event", Text, primary_key=True),
    Column("now", Text, nullable=False),  # the mention it is by the present reading
    Column("part", SmallInteger, nullable=False),  # 0, or the side of a split
    Column("article", Integer, nullable=False),
    Column("body", Text, nullable=False),  # the event as it was then
    Index("anchor_article", "article"),
    Index("anchor_event", "event"),
    Index("anchor_now", "now"),
)

former = Table(  # mentions that a later reading no longer has, so that their ids still lead somewhere
    "former",
    metadata,
    Column("id", Text, primary_key=True),
    Column("article", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

derivation = Table(  # one row: by which rules all that is derived was derived
    "derivation",
    metadata,
    Column("rules", Text, primary_key=True),
)

change = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("id", Text, nullable=False),  # of the incident
    Column("kind", Text, nullable=False),  # new, changed, gone
    Column("body", Text, nullable=False),  # what changed: field → [before, after]; for gone: where its mentions went
    Index("change_id", "id", "seq"),
)
