"""Whether an act is told as done, planned, threatened, demanded, denied or only claimed, and on whose word.

The words that decide are data (``data/status.yaml``); the order of the rules is the function `mood`.
"""

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Token

from legation.reading.data_files import load
from legation.reading.events.predicates import children, is_verb
from legation.reading.page import lemma
from legation.schema import Status


@cache
def _words() -> dict[str, dict[str, frozenset[str]]]:
    return {
        name: {key: frozenset(words) for key, words in entry.items() if key not in {"reason", "examples"}}
        for name, entry in load("status").items()
    }


def governors(token: Token) -> Iterator[Token]:
    """Verbs and nouns the act depends on, inside out, while they still decide whether it happened."""
    here = token
    for _ in range(6):
        head = here.head
        if head.i == here.i:
            return
        if here.dep_ in {
            "xcomp",
            "ccomp",
            "pcomp",
            "dobj",
            "attr",
            "oprd",
            "pobj",
            "prep",
            "acl",
            "nsubjpass",
            "conj",
            "dative",
            "advcl",
            "agent",
        }:
            if here.dep_ == "advcl" and lemma(head) not in {"be", "have"}:
                return
            if (
                here.dep_ == "conj"
                and is_verb(here)
                and (children(here, "nsubj", "nsubjpass") or children(here, "aux"))
            ):
                return
            if head.pos_ != "ADP" and head.tag_ != "IN":
                yield head
            here = head
        else:
            return


def _auxiliaries(verb: Token) -> set[str]:
    found = {t.lower_ for t in children(verb, "aux")}
    if not found and verb.dep_ == "conj" and is_verb(verb.head) and verb.tag_ == verb.head.tag_:
        return _auxiliaries(verb.head)
    return found


def negations() -> frozenset[str]:
    """Words that negate what they hang on."""
    return _words()["denied"]["never"]


def _negated(token: Token, counted: Token | None = None) -> bool:
    """Whether a word is negated; the "no" of `counted`, which hangs on it, has been counted already."""
    never = negations()
    return any(
        t.dep_ == "neg"
        or (t.dep_ in {"det", "advmod", "preconj", "nsubj", "nsubjpass"} and t.lower_ in never)
        or (
            is_verb(token) and t.dep_ in {"nsubj", "nsubjpass", "dobj"} and t != counted and any(map(_bare, t.children))
        )
        for t in token.children
    )


def _bare(token: Token) -> bool:
    """The "no" of *no diplomat was hurt*."""
    return token.dep_ == "det" and token.lower_ in _words()["denied"]["nobody"]


def _granted(act: Token, verb: Token) -> bool:
    """Whether an act is told as done though the verb above it is negated: the attack in "nobody was hurt in the attack", or what a
    sentence says before "; nobody was hurt"."""
    before = act.dep_ == "ccomp" and act.i < verb.i and bool(children(act, "nsubj", "nsubjpass"))
    around = act.dep_ == "pobj" and act.head.lower_ in _words()["denied"]["circumstances"]
    return before or (around and is_verb(verb))


def conditional(verb: Token) -> bool:
    """The clause, or a clause it hangs on, stands under "if" or "unless"."""
    words = _words()["threatened"]["conditions"]
    return any(t.lower_ in words for t in children(verb, "mark")) or any(
        m.lower_ in words for clause in children(verb, "advcl") for m in children(clause, "mark")
    )


def _not_finite(verb: Token) -> bool:
    """Infinitive, participle, or the subjunctive of "demands that Ecuador guarantee"."""
    singular = any(t.tag_ in {"NN", "NNP"} for t in children(verb, "nsubj"))
    return verb.tag_ in {"VB", "VBG", "VBN"} or (verb.tag_ == "VBP" and verb.dep_ == "ccomp" and singular)


def mood(token: Token) -> tuple[Status | None, str]:
    """Status by the grammar around an act; ``None`` for an act that did not take place. With the rule that decided."""
    words = _words()
    chain = [token, *governors(token)]
    status: Status = "reported"
    why = "told as fact"
    turns = 0
    for depth, word in enumerate(chain):
        name = lemma(word)
        verbal = is_verb(word)
        below = chain[depth - 1] if depth else None
        if _negated(word, below) and not (below and _granted(below, word)):
            turns += 1
        if depth:
            key = "governors" if verbal else "nouns"
            if not verbal and name in words["done"]["nouns"]:
                break
            if name in words["denied"].get(key, ()):
                return "denied", f"governed by {word.text!r}"
            if verbal and name in words["denied"]["failing"]:
                turns += 1
            for kind in ("threatened", "demanded", "announced"):
                if (
                    status == "reported"
                    and name in words[kind].get(key, ())
                    and (_not_finite(chain[depth - 1]) or not verbal or not is_verb(chain[depth - 1]))
                ):
                    if kind == "announced" and word.tag_ == "VBN" and name in words["announced"]["foreseen"]:
                        continue
                    status, why = kind, f"governed by {word.text!r}"
            if name == "be" and verbal and chain[depth - 1].tag_ == "VB" and status == "reported":
                status, why = "announced", "is to"
        if verbal:
            own = _auxiliaries(word)
            if own & words["threatened"]["auxiliaries"] and status in {"reported", "announced"}:
                status, why = "threatened", f"auxiliary {min(own)!r}"
            elif own & words["announced"]["auxiliaries"] and status == "reported" and "have" not in own:
                status, why = ("threatened", "conditional") if conditional(word) else ("announced", "future")
            elif own & words["demanded"]["auxiliaries"] and status == "reported":
                status, why = "demanded", "should"
            elif own == {"to"} and status == "reported" and word.dep_ == "ROOT":
                status, why = "announced", "headline infinitive"
            elif (
                conditional(word)
                and any(t.lower_ in words["threatened"]["conditions"] for t in children(word, "mark"))
                and depth == 0
            ):
                status, why = "threatened", "condition"
    if turns % 2:
        return None, "negated"
    return status, why
