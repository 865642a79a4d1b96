"""Finds every name of the atlas in a text in one pass.

An Aho-Corasick automaton (Rust) gives the leftmost-longest matches; Python looks only at those: word boundaries, and for
the doubtful names the words around. Longer names that stand for something else ("Turkish Airlines") are in the
automaton too and win over the shorter name inside them.
"""

import re
from collections import Counter
from functools import cached_property

import ahocorasick_rs
import msgspec

from legation.atlas.lexicon import Candidate, Entry, Lexicon
from legation.atlas.records import Kind
from legation.schema import PartyKind

_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|outside|around|city of|town of|port of|district of|northern|southern|eastern|western|central|downtown|nearby)"
    r"(?: the)?(?: nearby| northern| southern| eastern| western| central| port city of| city of| town of)? $"
)
_WAY_BEFORE = re.compile(r"\b(?:to|from|for|into|through|via|of|towards?|between)(?: the)? $")
_PLACE_AFTER = re.compile(r", [A-Z][a-z]+|, D\.C\.| \((?:[A-Z][a-z]+|AP|AFP|UPI|REUTERS)\)| ?(?:--|—|–) ")
_NAME_BEFORE = re.compile(
    r"\b(?!(?:In|At|From|Near|To|The|North|South|East|West|Central|Greater|And|Outside|But|For|Of)\b)[A-Z][\w.'-]* $"
)
_NAME_AFTER = re.compile(r" [A-Z][a-z]")
_AND_BEFORE = re.compile(r"\b(?:in|at|from|near|to) (?:[A-Z][\w'-]+,? )+(?:and|or) $")
_LAST_WORD = re.compile(r"([\w.'’-]+) $")
_LANGUAGE_ENDS = re.compile(
    r"[.,;:!?\"')\]]|\s*$|\s(?:and|or|to|on|with|by|at|as|that|which|while|after|before|during|for|when)\b"
)
_WORD_ENDS = re.compile(r"(?<=\w)(?!\w)")


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A name in a text: ``text[start:end] == surface``; `candidates` are its readings, the best first.

    `kind`, `code` (state, or ``None``), `name` (canonical) and `party_kind` are those of the best reading.
    """

    start: int
    end: int
    surface: str
    candidates: tuple[Candidate, ...]

    @property
    def kind(self) -> Kind:
        return self.candidates[0].kind

    @property
    def code(self) -> str | None:
        return self.candidates[0].code

    @property
    def name(self) -> str:
        return self.candidates[0].name

    @property
    def party_kind(self) -> PartyKind | None:
        return self.candidates[0].party_kind


def _flat(text: str) -> str:
    """The text with the marks that split names made plain, character by character, so that offsets stay."""
    for mark, plain in (("\n", " "), ("\u00a0", " "), ("\u202f", " "), ("’", "'"), ("‘", "'"), ("‐", "-"), ("‑", "-")):
        if mark in text:
            text = text.replace(mark, plain)
    return text


class Scanner:
    """The automaton over a lexicon's names; `lower` builds it over lower-cased names instead."""

    def __init__(self, lexicon: Lexicon, *, lower: bool = False) -> None:
        self._lexicon = lexicon
        self._lower = lower
        upper = dict(lexicon.upper_case())  # also marks the words that capitals make doubtful
        surfaces: dict[str, Entry | None] = dict.fromkeys(lexicon.refused)
        if lower:
            skipped = set(lexicon.names.lower_words)
            surfaces = {s.lower(): None for s in lexicon.refused}
            for surface, entry in lexicon.taken.items():
                if surface.lower() not in skipped and len(surface) > 2:
                    surfaces.setdefault(surface.lower(), entry)
        else:
            surfaces |= lexicon.taken
            for surface in lexicon.refused:
                upper.setdefault(surface.upper(), None)  # type: ignore[arg-type]
            for surface, entry in upper.items():
                surfaces.setdefault(surface, entry)
        self._surfaces = surfaces
        self._entries = list(surfaces.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(surfaces),
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    @cached_property
    def _given_names(self) -> frozenset[str]:
        return frozenset(self._lexicon.names.given_names)

    @cached_property
    def _before_language(self) -> frozenset[str]:
        return frozenset(self._lexicon.names.languages.before)

    def scan(self, text: str, date: str | None = None) -> list[Hit]:
        """All names in a text, in order, not overlapping; the possessive 's is never part of a hit.

        `date` (EDTF) prefers readings that held then. Names with several readings are ordered by what else the text names.
        """
        flat = _flat(text.lower() if self._lower else text)
        if len(flat) != len(text):  # lower-casing changed the length (İ): offsets would lie
            flat = _flat(text)
        size, entries = len(flat), self._entries
        hits: list[Hit] = []
        doubtful: list[tuple[int, Entry]] = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(flat):
            if start and flat[start - 1].isalnum():
                continue
            entry = entries[pattern]
            if end < size and flat[end].isalnum() and flat[end - 1].isalnum():
                entry, end = self._shorter(flat, start, end)
            if entry is None:
                continue
            if not entry.plain:
                if not self._stands(flat, start, end, entry):
                    continue
                if entry.cues is not None or len(entry.candidates) > 1:
                    doubtful.append((len(hits), entry))
            hits.append(Hit(start, end, text[start:end], entry.candidates))
        if doubtful or date:
            self._order(flat, hits, doubtful, date)
        return hits

    def _shorter(self, flat: str, start: int, end: int) -> tuple[Entry | None, int]:
        """The longest name that starts here and ends at a word's end, when the match ran into a word."""
        for stop in reversed([m.start() for m in _WORD_ENDS.finditer(flat, start, end)]):
            if stop < end and flat[start:stop] in self._surfaces:
                return self._surfaces[flat[start:stop]], stop
        return None, end

    def _stands(self, flat: str, start: int, end: int, entry: Entry) -> bool:
        """Whether the words around let a doubtful name stand."""
        before = flat[max(0, start - 40) : start]
        if entry.given or entry.language:
            word = _LAST_WORD.search(before)
            if word:
                if entry.given and word[1] in self._given_names:
                    return False
                if entry.language and word[1] in self._before_language and _LANGUAGE_ENDS.match(flat, end):
                    return False
        if entry.caps_word and flat[start:end].isupper():
            around = flat[max(0, start - 30) : start] + flat[end : end + 30]
            if not any(map(str.islower, around)) and any(map(str.isupper, around)):
                return False
        if entry.place and not (
            _PLACE_BEFORE.search(before) or _PLACE_AFTER.match(flat, end) or _AND_BEFORE.search(before)
        ):
            return False
        if entry.needs:
            around = flat[max(0, start - 150) : start] + " " + flat[end : end + 150]
            return any(need in around for need in entry.needs)
        return True

    @staticmethod
    def _is_place(flat: str, start: int, end: int, before: str, *, small: bool) -> bool:
        """Whether a name that persons bear too is used as a place: after "in", "near", ..., or "to X, Country", or a dateline."""
        if _PLACE_BEFORE.search(before) or _AND_BEFORE.search(before):
            return True
        if small:
            return bool(_PLACE_AFTER.match(flat, end)) and (start == 0 or bool(_WAY_BEFORE.search(before)))
        return not (_NAME_BEFORE.search(before) or _NAME_AFTER.match(flat, end))

    def _order(self, flat: str, hits: list[Hit], doubtful: list[tuple[int, Entry]], date: str | None) -> None:
        """Puts the best reading first: held on the date, then most spoken for by the text, the listed order breaking ties."""
        unsure = {index for index, _ in doubtful}
        named = Counter(hit.candidates[0].code for index, hit in enumerate(hits) if index not in unsure)
        orders: dict[int, tuple[Candidate, ...]] = {}
        for index, entry in doubtful:
            order = orders.get(id(entry))
            if order is None:
                order = orders[id(entry)] = _ranked(entry, flat, named, date)
            hit = hits[index]
            hits[index] = Hit(hit.start, hit.end, hit.surface, order)
        if date:
            for index, hit in enumerate(hits):
                if index not in unsure and len(hit.candidates) > 1 and not hit.candidates[0].held_on(date):
                    order = tuple(sorted(hit.candidates, key=lambda c: not c.held_on(date)))
                    hits[index] = Hit(hit.start, hit.end, hit.surface, order)


def _ranked(entry: Entry, flat: str, named: Counter[str | None], date: str | None) -> tuple[Candidate, ...]:
    def spoken_for(position: int, candidate: Candidate) -> float:
        cues = entry.cues[position] if entry.cues and position < len(entry.cues) else ()
        score = sum(map(flat.count, cues)) if cues else named[candidate.code] if candidate.kind != "region" else 0
        # Reason: the likeliest reading should not fall to a passing mention of the other's state.
        return score * (1.0 if position == 0 else 0.5)

    scored = [(not c.held_on(date), -spoken_for(i, c), i, c) for i, c in enumerate(entry.candidates)]
    return tuple(c for *_, c in sorted(scored, key=lambda s: s[:3]))
