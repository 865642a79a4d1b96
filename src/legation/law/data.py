"""The law as data files: treaties in our own words, duties, regimes, cases, classes of person, parties.

Ids: ``VCDR-22.2`` is paragraph 2 of article 22, ``GC-18`` section 18; ``D08`` is a duty that may stand in several
treaties. `checked: false` marks what could not be compared with the treaty's text or a faithful account of it.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
import yaml

from legation.schema import Noun

FOLDER = Path(__file__).parent
Holder: TypeAlias = Literal["receiving", "sending", "third", "both", "every", "actor"]
"""Who holds a duty: the receiving or sending state, both of them, every party (seen from the state of the territory),
the third state or other state that acts."""


class Data(Noun, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is read from a file: a key nobody knows is an error, not silence."""


class Article(Data, frozen=True, kw_only=True):
    """One article, section or paragraph in our own words; `treaty` and `number` make its id."""

    treaty: str
    number: str
    about: str
    says: str
    checked: bool

    @property
    def id(self) -> str:
        return f"{self.treaty}-{self.number}"


class Count(Data, frozen=True, kw_only=True):
    count: int
    when: str | None = None


class Withdrawal(Data, frozen=True, kw_only=True):
    """A state that left a treaty; `notified` is the day of its notice."""

    state: str
    notified: str
    checked: bool


class Treaty(Data, frozen=True, kw_only=True):
    """A treaty or restatement. `custom`: its content speaks as customary law to states that are not bound by it."""

    id: str
    name: str
    done: str
    in_force: str | None
    untc: str | None
    later_party_after_days: int
    parties: bool
    parties_seen: Count | None
    custom: bool
    note: str
    withdrawn: tuple[Withdrawal, ...] = ()
    articles: tuple[Article, ...]


class Duty(Data, frozen=True, kw_only=True):
    """A duty or right: `cite` gives the article under each regime (key ``any``: under all)."""

    id: str
    title: str
    kind: Literal["duty", "right"]
    holder: Holder
    object: str
    content: str
    cite: dict[str, str]
    also: tuple[str, ...]
    types: tuple[str, ...]
    cases: tuple[str, ...]
    consular: str | None = None
    organisation: str | None = None
    un_hq: str | None = None
    third: str | None = None
    left_open: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def articles(self) -> tuple[str, ...]:
        """Every article the duty stands in, those of `cite` first, each once."""
        return tuple(dict.fromkeys((*self.cite.values(), *self.also)))


class Paragraphs(Data, frozen=True, kw_only=True):
    text: str
    checked: bool


class Case(Data, frozen=True, kw_only=True):
    id: str
    name: str
    court: str
    date: str
    settles: str
    for_us: str | None
    paragraphs: Paragraphs | None


class PersonClass(Data, frozen=True, kw_only=True):
    """A class of people that the law tells apart where news does not."""

    id: str
    label: str
    has: str
    articles: tuple[str, ...]


class AnswerTag(Data, frozen=True, kw_only=True):
    """What an answer to a measure is in law; `types` ``same``: the type of the event answered."""

    id: str
    says: str
    types: tuple[str, ...] | Literal["same"]
    only_if: Literal["host_organ"] | None = None


class Regime(Data, frozen=True, kw_only=True):
    treaty: str
    label: str


class PostRule(Data, frozen=True, kw_only=True):
    word: str
    regime: str
    only_in: str | None = None
    note: str | None = None


class Regimes(Data, frozen=True, kw_only=True):
    regimes: dict[str, Regime]
    posts: tuple[PostRule, ...]
    organisations: tuple[str, ...]
    notes: tuple[str, ...]


class Participation(Data, frozen=True, kw_only=True):
    """What a state did about a treaty; dates are ISO days or None."""

    state: str
    signed: str | None
    deposited: str | None
    how: str | None
    name_in_source: str


T = TypeVar("T")


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(read_yaml(path), kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"law/{path.relative_to(FOLDER)}: {error}; see law/law.schema.json") from error


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, by the C loader where it is built in."""
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def treaties() -> Mapping[str, Treaty]:
    found = {}
    for path in sorted((FOLDER / "treaties").glob("*.yaml")):
        data = read_yaml(path)
        for article in data["articles"]:
            article.update(treaty=data["id"], number=article.pop("id"))
        try:
            found[data["id"]] = msgspec.convert(data, Treaty)
        except msgspec.ValidationError as error:
            raise ValueError(f"law/treaties/{path.name}: {error}; see law/law.schema.json") from error
    return MappingProxyType(found)


@cache
def articles() -> Mapping[str, Article]:
    """All articles by id (``VCDR-22.2``), treaty by treaty in their own order."""
    return MappingProxyType({a.id: a for treaty in treaties().values() for a in treaty.articles})


@cache
def duties() -> Mapping[str, Duty]:
    return MappingProxyType({d.id: d for d in _read(FOLDER / "duties.yaml", tuple[Duty, ...])})


@cache
def cases() -> Mapping[str, Case]:
    return MappingProxyType({c.id: c for c in _read(FOLDER / "cases.yaml", tuple[Case, ...])})


@cache
def persons() -> tuple[PersonClass, ...]:
    return _read(FOLDER / "persons.yaml", tuple[PersonClass, ...])


@cache
def answer_tags() -> tuple[AnswerTag, ...]:
    return _read(FOLDER / "answers.yaml", tuple[AnswerTag, ...])


@cache
def regimes() -> Regimes:
    return _read(FOLDER / "regimes.yaml", Regimes)


@cache
def parties(treaty: str) -> Mapping[str, Participation]:
    """State (ISO alpha-3) → what it did about the treaty, as of March 2015; empty where nobody may join."""
    path = FOLDER / "parties" / f"{treaty}.csv"
    if not path.exists():
        return MappingProxyType({})
    with path.open(encoding="utf-8", newline="") as rows:
        found = ({key: value or None for key, value in row.items()} for row in csv.DictReader(rows))
        return MappingProxyType({row["state"]: msgspec.convert(row, Participation) for row in found if row["state"]})
