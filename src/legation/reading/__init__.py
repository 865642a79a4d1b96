"""From an article to a reading: triage, one parse, parties, statements, events. Each stage adds one thing.

Pure functions in this order; no stage reaches back and none knows the store.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from legation.schema import Article, Reading

Voices: TypeAlias = Literal["hybrid", "rules"]


def read_all(articles: Iterable[Article], *, triage: bool = True, voices: Voices = "hybrid") -> Iterator[Reading]:
    """A reading per cleaned article, in order."""
    return map(_bare, articles)


def _bare(article: Article) -> Reading:
    return Reading(
        id=article.id,
        source=article.source,
        outlet=article.outlet,
        title=article.title,
        published=article.published,
        language=article.language,
        text=article.text,
        boilerplate=article.boilerplate,
    )
