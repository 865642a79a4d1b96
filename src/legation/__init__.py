"""Legation: news about diplomats and missions in, a sourced record out."""

__version__ = "0.1.0"
