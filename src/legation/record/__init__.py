"""What is known: readings kept, incidents over many articles, who says what, what answered it, what people decided.

`Record` is the whole interface (``docs/record.md``); everything it returns is a noun of `legation.record.nouns`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.record.record import Record
    from legation.record.store import RecordError

__all__ = ["Record", "RecordError"]


def __getattr__(name: str) -> Any:
    """`Record` and `RecordError` on first use: importing the room does not import SQLAlchemy."""
    if name == "Record":
        from legation.record.record import Record

        return Record
    if name == "RecordError":
        from legation.record.store import RecordError

        return RecordError
    raise AttributeError(name)
