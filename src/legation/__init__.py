"""Legation: news about diplomats and missions in, a sourced record out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.api import Reader, Record, read

__version__ = "0.1.0"
__all__ = ["Reader", "Record", "__version__", "read"]


def __getattr__(name: str) -> Any:
    """`read`, `Reader` and `Record` on first use: importing the package loads nothing."""
    if name in __all__:
        from legation import api

        return getattr(api, name)
    raise AttributeError(f"module 'legation' has no attribute {name!r}")
