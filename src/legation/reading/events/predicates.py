"""Predicates and their arguments, whatever construction states them.

`slots` turns the dependency parse around a trigger into deep slots: who does it (``subj``), to whom (``obj``), and one slot
per preposition. Active, passive, participial, relative, conjoined, controlled and nominal clauses come out alike, so that a
frame is written once. All values are head tokens, conjuncts included, in text order.
"""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from legation.reading.lexicon import words
from legation.reading.page import lemma

Slots = dict[str, tuple[Token, ...]]


def conjoined(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with what is conjoined or apposed by conjunction to each."""
    for token in tokens:
        yield token
        yield from conjoined(child for child in token.children if child.dep_ == "conj" and child.i > token.i)


def antecedent(token: Token) -> Token:
    """A relative pronoun's antecedent; any other token itself."""
    if token.lower_ in words("relative_pronouns") and token.tag_ in {"WP", "WDT", "WP$", "IN"}:
        verb = token.head
        while (
            verb.dep_ in {"conj", "xcomp", "ccomp", "aux", "auxpass", "prep", "poss", "pobj"} and verb.head.i != verb.i
        ):
            verb = verb.head
        if verb.dep_ == "relcl":
            return verb.head
    return token


def apart(a: Token, b: Token) -> int:
    """How many dependency links lie between two tokens of a sentence (99 across sentences)."""
    above = {a.i: 0}
    here, n = a, 0
    while here.head.i != here.i:
        here, n = here.head, n + 1
        above[here.i] = n
    here, n = b, 0
    while here.i not in above:
        if here.head.i == here.i:
            return 99
        here, n = here.head, n + 1
    return n + above[here.i]


def ordered_by(act: Token) -> Token | None:
    """The verb or noun of order that an act hangs on: "ordered it to close", "told to leave", "the demand for the closure"."""
    here = act
    for _ in range(4):
        head = here.head
        if head.i == here.i:
            return None
        if here.dep_ in {"pobj", "prep", "acl"} and (head.tag_ == "IN" or not is_verb(head)):
            if lemma(head) in words("order_nouns"):
                return head
            if head.lower_ not in {"for", "of"}:
                return None
        elif here.dep_ in {"xcomp", "ccomp", "dobj", "conj", "advcl", "nsubjpass", "oprd", "acl"}:
            if is_verb(head) and lemma(head) in words("order_verbs"):
                return head
        else:
            return None
        here = head
    return None


def orderers(order: Token) -> list[Token]:
    """Who gives an order, told of by a verb or a noun."""
    return subjects(order) if is_verb(order) else holders(order)


def children(token: Token, *deps: str) -> list[Token]:
    return [child for child in token.children if child.dep_ in deps]


def is_verb(token: Token) -> bool:
    return bool(token.tag_[:2] == "VB")


def is_passive(verb: Token) -> bool:
    """Passive by auxiliary, by participle ("diplomats expelled by Prague"), by conjunction, or in a headline without auxiliary."""
    if children(verb, "auxpass", "nsubjpass", "csubjpass"):
        return True
    if verb.tag_ not in {"VBN", "VBD"} or children(verb, "dobj"):
        return False
    if verb.dep_ == "acl" or children(verb, "agent"):
        return True
    if verb.tag_ == "VBN" and not children(verb, "aux"):
        if verb.dep_ == "conj" and is_verb(verb.head) and not children(verb, "nsubj"):
            return is_passive(verb.head)
        return True
    return False


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what the verb says (of a passive: the agent)."""
    if depth > 6:
        return []
    if is_passive(verb):
        agents = [p for by in children(verb, "agent") for p in children(by, "pobj")]
        if not agents and verb.dep_ == "conj" and is_verb(verb.head) and is_passive(verb.head):
            return subjects(verb.head, depth + 1)
        return agents
    return surface_subjects(verb, depth)


def surface_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subject, inherited where the clause has none of its own."""
    if depth > 6:
        return []
    own = [antecedent(t) for t in children(verb, "nsubj", "nsubjpass")]
    if own:
        return own
    head = verb.head
    if head.i == verb.i:
        return []
    match verb.dep_:
        case "conj" if is_verb(head):
            return surface_subjects(head, depth + 1)
        case "xcomp" | "ccomp" | "advcl" | "oprd" | "acomp" if is_verb(head):
            if verb.dep_ in {"ccomp"} and verb.tag_ != "VB":
                return []
            if verb.dep_ != "advcl" and lemma(head) in words("object_control"):
                controller = objects(head, depth + 1)
                if controller:
                    return controller
            return surface_subjects(head, depth + 1)
        case "acl" | "relcl":
            if verb.tag_ in {"VBG", "VBD", "VBZ", "VBP"}:
                return [head]
            return holders(head, depth + 1)  # "the decision to expel"
        case "pcomp":
            governor = head.head
            if is_verb(governor):
                if lemma(governor) in words("object_control") and head.lower_ in {"of", "for", "with", "from", "into"}:
                    return objects(governor, depth + 1)
                return surface_subjects(governor, depth + 1)
            return holders(governor, depth + 1)
    return []


def objects(verb: Token, depth: int = 0) -> list[Token]:
    """What the verb is done to (of a passive: its grammatical subject)."""
    if depth > 6:
        return []
    if is_passive(verb):
        if verb.dep_ == "acl" and not children(verb, "nsubjpass", "nsubj"):
            return [verb.head]
        return surface_subjects(verb, depth)
    own = [antecedent(t) for t in children(verb, "dobj", "dative")]
    own += [
        t for t in children(verb, "oprd") if not own and t.tag_[:2] == "NN" and t.i > verb.i
    ]  # "called home its envoy"
    own += [
        c
        for t in children(verb, "ccomp", "xcomp")
        for c in children(t, "nsubj")
        if lemma(verb) in words("object_control")
    ]
    if not own:  # "stormed and ransacked the embassy": the object stands with the last verb
        own = [
            antecedent(t)
            for v in children(verb, "conj")
            if is_verb(v) and not children(v, "nsubj")
            for t in children(v, "dobj")
        ][:1]
    if (
        not own
        and verb.dep_ == "relcl"
        and not any(t.lower_ in words("relative_pronouns") for t in children(verb, "nsubj", "nsubjpass"))
    ):
        own = [verb.head]  # "the embassy they stormed"
    if not own and verb.dep_ == "acl" and verb.tag_ == "VB":
        own = [verb.head]
    return own


def holders(noun: Token, depth: int = 0) -> list[Token]:
    """Whose act a noun is: possessor, modifier, of/by/from, or subject of a light verb that governs it."""
    found = children(noun, "poss") + [
        p
        for prep in children(noun, "prep", "agent")
        if prep.lower_ in {"by", "of", "from"}
        for p in children(prep, "pobj")
    ]
    found += [t for t in children(noun, "amod", "compound", "nmod") if t.tag_ in {"JJ", "NNP", "NNPS"}]
    if noun.dep_ in {"dobj", "attr"} and is_verb(noun.head):
        found += subjects(noun.head, depth + 1)
    return found


def prepositions(token: Token) -> Iterator[tuple[str, Token]]:
    """(preposition, object) pairs that hang on a token; "out of", "because of" keep their last word."""
    for prep in children(token, "prep", "agent", "dative"):
        if prep.tag_ not in {"IN", "TO", "RP"}:
            continue
        for inner in children(prep, "prep"):
            yield from ((inner.lower_, antecedent(p)) for p in children(inner, "pobj"))
        yield from ((prep.lower_, antecedent(p)) for p in children(prep, "pobj", "pcomp"))


def slots(trigger: Token) -> Slots:
    """Deep slots of a predicate: ``subj obj poss mod light victim comp`` and one per preposition."""
    found: dict[str, list[Token]] = {}

    def put(slot: str, tokens: Iterable[Token]) -> None:
        seen = found.setdefault(slot, [])
        seen.extend(t for t in conjoined(tokens) if t not in seen and t.i != trigger.i)

    for prep, token in prepositions(trigger):
        put(prep, [token])
    if is_verb(trigger):
        put("subj", subjects(trigger))
        put("obj", objects(trigger))
        put("iobj", children(trigger, "dative"))
        put("comp", children(trigger, "xcomp", "ccomp", "oprd", "attr", "acomp", "advcl"))
        if not is_passive(trigger):
            for prep, token in ((p, t) for t in found.get("obj", []) for p, t in prepositions(t)):
                put(f"obj.{prep}", [token])
    else:
        whose = trigger
        while whose.dep_ == "conj" and not children(whose, "poss") and not is_verb(whose.head):
            whose = whose.head  # "Moscow's expulsion of nine Finns and closure of a consulate"
        put("poss", children(whose, "poss"))
        put("mod", children(trigger, "amod", "compound", "nmod"))
        verb = trigger.head
        if trigger.dep_ == "conj" and trigger.head.i != trigger.i:
            verb = trigger.head.head
        if is_verb(verb) and (
            trigger.dep_ in {"dobj", "attr", "conj"} or (trigger.dep_ == "nsubjpass" and is_passive(verb))
        ):
            name = lemma(verb)
            put("victim" if name in words("suffering_verbs") else "light", subjects(verb))
            for prep, token in prepositions(verb):
                put(prep, [token])
            put("iobj", children(verb, "dative"))
        if trigger.dep_ == "pobj" and is_verb(trigger.head.head):
            put("gov", subjects(trigger.head.head))
            put("gov_obj", objects(trigger.head.head))
        for acl in children(
            trigger, "acl", "relcl"
        ):  # "an attack carried out by X", "attack that targeted the embassy"
            put("light", subjects(acl) if is_passive(acl) else [])
            put("acl_obj", objects(acl) if not is_passive(acl) else [])
            for prep, token in prepositions(acl) if acl.dep_ == "acl" else ():
                put(prep, [token])  # "the damage done to the embassy"
    return {name: tuple(tokens) for name, tokens in found.items() if tokens}
