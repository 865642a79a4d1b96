"""The law as data: treaties in our own words, duties with their holders, leading cases, states parties; event → duties."""

from legation.law.bound import basis, bound, icj_route
from legation.law.data import answer_tags, articles, cases, duties, parties, persons, regimes, treaties
from legation.law.engaged import Engaged, answer_kinds, duties_of, engaged

__all__ = [
    "Engaged",
    "answer_kinds",
    "answer_tags",
    "articles",
    "basis",
    "bound",
    "cases",
    "duties",
    "duties_of",
    "engaged",
    "icj_route",
    "parties",
    "persons",
    "regimes",
    "treaties",
]
