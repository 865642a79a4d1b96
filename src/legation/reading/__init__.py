"""From an article to a reading: triage, one parse, parties, statements, events. Each stage adds one thing.

Pure functions in this order; no stage reaches back and none knows the store.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from legation.schema import Article, Reading

if TYPE_CHECKING:
    from spacy.language import Language

    from legation.reading.encoder import Encoder
    from legation.reading.events import Draft
    from legation.reading.page import Page, Parties
    from legation.reading.statements import Voiced

Voices: TypeAlias = Literal["hybrid", "rules"]
TOGETHER = 32
"""Articles between which the pipeline's memory is emptied."""


def read_all(articles: Iterable[Article], *, triage: bool = True, voices: Voices = "hybrid") -> Iterator[Reading]:
    """A reading per cleaned article, in order. Articles out of scope get one too, with ``relevant=False`` and no events.

    `triage=False` parses every article whole, in scope or not; else of a long one the paragraphs that may tell of an event.
    `voices="rules"` leaves the encoder out.
    """
    from legation.reading.page import load_pipeline
    from legation.reading.triage import concerns_missions

    nlp = load_pipeline()
    encoder = None
    if voices == "hybrid":
        from legation.reading.encoder import Encoder

        try:
            encoder = Encoder.load()
        except FileNotFoundError as missing:
            logging.getLogger(__name__).warning("%s; reading with the rules alone", missing)
    waiting = iter(articles)
    while group := list(islice(waiting, TOGETHER)):
        with nlp.memory_zone():  # a word met in several articles of a group is looked up once
            readings = [
                _read(article, nlp, encoder, whole=not triage)
                if not triage or concerns_missions(article.text)
                else _bare(article)
                for article in group
            ]
        yield from readings


def read(article: Article, *, triage: bool = True, voices: Voices = "hybrid") -> Reading:
    """One article's reading."""
    return next(read_all([article], triage=triage, voices=voices))


def cleaned(article: Article, published: str | None = None, *, triage: bool = True) -> Article:
    """The article cleaned for `read_all` (see `legation.cleaning.clean`). One without any word about missions is left as it
    came, but for the form of its date: cleaning takes longer than all else that is done with it."""
    from legation.cleaning import clean, stated
    from legation.reading.triage import speaks_of_missions

    return clean(article, published) if not triage or speaks_of_missions(article.text) else stated(article, published)


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


def _read(article: Article, nlp: "Language", encoder: "Encoder | None", *, whole: bool) -> Reading:
    from legation import atlas
    from legation.reading.events import Reader
    from legation.reading.events.roles import weights
    from legation.reading.page import parse
    from legation.reading.parties import find_parties
    from legation.reading.statements import find_statements

    page = next(parse([article], nlp, whole=whole))
    if not len(page.doc):
        return _bare(article)
    parties = find_parties(page, atlas.load())
    voiced = find_statements(page, parties)
    hearing = encoder.listen(page, parties) if encoder else None
    drafts = Reader(page, parties, voiced, hearing=hearing, roles=weights()).drafts()
    return conclude(page, parties, voiced, drafts, "hybrid" if encoder else "rules", weights())


def conclude(
    page: "Page",
    parties: "Parties",
    voiced: "tuple[Voiced, ...]",
    drafts: "list[Draft]",
    voices: Voices,
    models: Mapping[str, Mapping[str, float]],
    verdict: Mapping[str, Mapping[str, float]] | None = None,
) -> Reading:
    """The reading that drafts come to: those that stand, merged, each with status and claimant. `verdict`: other weights than ours."""
    from msgspec.structs import replace

    from legation.reading.events import merge
    from legation.reading.events.answers import link_answers
    from legation.reading.events.attribution import attribute
    from legation.reading.events.finish import finish
    from legation.reading.events.verdict import standing
    from legation.reading.statements import told

    events = merge(standing(drafts, page, parties, voices, verdict))
    for event in events:
        attribute(event, page, voiced, models)
    link_answers(events, page, models["answers"])
    return replace(
        _bare(page.article),
        relevant=bool(events),
        statements=tuple(v.statement for v in told(voiced)),
        events=finish(page, parties, events, voiced),
    )
