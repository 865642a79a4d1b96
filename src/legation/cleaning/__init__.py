"""What a text says about itself: which lines are not the article, its outlet, its title, when it was published.

The text stays as it came in; characters that trip a parser are seen to, with their origins, in `legation.cleaning.characters`.
"""

import msgspec

from legation.cleaning.boilerplate import boilerplate
from legation.cleaning.dates import edtf
from legation.cleaning.header import order, outlet, title
from legation.cleaning.published import published as said_published
from legation.schema import Article


def clean(article: Article, published: str | None = None) -> Article:
    """The article with `boilerplate`, `outlet`, `title` and `published` filled in as far as it says so itself.

    What came with the article (a page's metadata, JSON fields) goes before what its text says, and `published` (EDTF, the
    word of whoever reads) before both.
    """
    article = msgspec.structs.replace(article, boilerplate=boilerplate(article.text))
    named = article.outlet or outlet(article)
    return msgspec.structs.replace(
        article,
        outlet=named,
        title=article.title or title(article),
        published=published or said_published(article, order(named)),
    )


def stated(article: Article, published: str | None = None) -> Article:
    """The article with nothing but what came with it, `published` as EDTF."""
    said = article.published and edtf(article.published, order(article.outlet))
    return msgspec.structs.replace(article, published=published or said or None)
