"""Whose words a verb or a noun announces: subjects and authors, also where the parse has lost them."""

from legation.reading.statements.cues import Cues
from legation.reading.statements.tokens import Tokens
from legation.reading.statements.who import Phrases

_RELATIVE = frozenset(["WP", "WDT"])


class Subjects:
    """Finds who does the saying, as head tokens of noun phrases."""

    def __init__(self, tokens: Tokens, cues: Cues, phrases: Phrases) -> None:
        self.t, self.cues, self.phrases, self.parties = tokens, cues, phrases, phrases.parties

    def of(self, index: int, depth: int = 0) -> int | None:
        """Head of the noun phrase that does what the verb at `index` says."""
        t = self.t
        subjects = [k for k in t.kids[index] if t.dep[k] in {"nsubj", "nsubjpass"}]
        nearest = max((k for k in subjects if k < index and t.text[t.left(k) - 1] == ","), default=None)
        found = nearest if nearest is not None else subjects[0] if subjects else None
        if found is not None:
            if t.tag[found] in _RELATIVE or (t.lower[found] == "that" and t.dep[index] == "relcl"):
                return self.antecedent(found)
            if t.lower[found] in self.phrases.w.times and found > t.first[found] and t.tag[found - 1][:2] == "NN":
                found -= 1
            return self.past_dateline(found, index)
        if (beside := self.trailing(index)) is not None and t.tag[index][0] != "V":
            return beside
        head, dep = t.head[index], t.dep[index]
        if dep == "acl" and t.tag[index] in {"VBD", "VBN"} and depth == 0:
            return None
        if depth == 0 and (before := self.before(index)) is not None:
            return before
        if depth > 4 or head == index or (t.tag[index] in {"VBD", "VBZ"} and dep not in {"conj", "xcomp", "advcl"}):
            return self.after(index)
        if dep == "conj" and t.tag[head][0] == "V":
            return self.of(head, depth + 1)
        if t.tag[head] == "IN" and dep in {"pcomp", "prep", "pobj", "advcl", "ccomp", "amod"} and t.head[head] != head:
            head = t.head[head]
        if self.cues.lemmas.get(t.lower[head]) in self.phrases.w.quoting:
            quoted = t.kid(head, "nsubjpass")
            quoted = t.kid(head, "dobj") if quoted is None else quoted
            return self.of(head, depth + 1) if quoted is None else quoted
        if t.tag[head][:2] == "NN" and dep in {"acl", "pcomp", "amod", "prep", "advcl"}:
            return head
        if t.tag[head][0] == "V" and dep in {"xcomp", "advcl", "acl", "pcomp", "prep", "ccomp", "amod"}:
            outer = t.head[head]
            if (
                t.tag[index] == "VBG"
                and t.text[index - 1] == ","
                and t.dep[head] == "ccomp"
                and t.lower[outer] in self.cues.verbs
            ):
                head = outer
            return self.of(head, depth + 1)
        return self.after(index)

    def trailing(self, index: int) -> int | None:
        """Head of the noun phrase in "…, NP reports." where the tagger took the verb for a noun."""
        t = self.t
        verb = self.cues.verbs.get(t.lower[index])
        if (
            verb is None
            or not verb.inverts
            or index + 1 >= t.end[index]
            or t.text[index + 1] not in {".", '"'}
            or not (t.tag[index - 1][:2] == "NN" or t.text[index - 1].isupper())
        ):
            return None
        at = index - 1
        while at > t.first[index] and t.tag[at][:2] in {"NN", "JJ", "DT", "CD", "PO"}:
            at -= 1
        return index - 1 if t.text[at] == "," else None

    def before(self, index: int) -> int | None:
        """The noun phrase of "…, a witness told Reuters" that the parse hung on a word of the content."""
        t = self.t
        at = index - 1
        if t.tag[index] == "VBN" and t.lower[at] not in {"has", "have", "had"}:
            return None
        if t.text[at] == "," and t.dep[at - 1] == "appos":
            at -= 1
        while at > t.first[index] and (t.lower[at] in {"has", "have", "had"} or t.tag[at] == "RB"):
            at -= 1
        if (
            t.tag[index] not in {"VBD", "VBZ", "VBP", "VBN"}
            or t.tag[at][:2] not in {"NN", "PR"}
            or not self.phrases.speaks(at)
        ):
            return None
        while t.dep[at] == "pobj" and t.tag[t.head[t.head[at]]][:2] == "NN":
            at = t.head[t.head[at]]
        start = self.phrases.start(at)
        if t.dep[at] == "appos" and t.head[at] < at and t.text[at + 1] == ",":
            return at
        if t.text[start - 1] not in {",", "-", "–", "—"} and start > t.first[index]:
            return None
        return at

    def after(self, index: int) -> int | None:
        """The noun phrase right after a verb whose subject the parse took for something else ("said Peskov")."""
        t = self.t
        for kid in t.kids[index]:
            if (
                kid > index
                and t.dep[kid] in {"dobj", "attr", "appos", "npadvmod"}
                and t.tag[kid][:2] in {"NN", "PR"}
                and t.left(kid) == index + 1
            ):
                return kid
        return None

    def antecedent(self, pronoun: int) -> int | None:
        """The noun that a relative pronoun stands for."""
        t = self.t
        verb = t.head[pronoun]
        while t.dep[verb] == "conj" and t.head[verb] != verb:
            verb = t.head[verb]
        if t.dep[verb] == "relcl":
            noun = t.head[verb]
            beside = pronoun - 1 - (t.text[pronoun - 1] == ",")
            if t.dep[beside] == "conj" and noun < beside:
                return beside
            whole = t.head[noun] if t.dep[noun] == "appos" else noun
            return whole if t.tag[whole] == "NNP" else noun
        before = pronoun - 1
        while before > t.first[pronoun] and t.text[before] in {",", "-", "—"}:
            before -= 1
        return before if t.tag[before][0] == "N" else None

    def past_dateline(self, subject: int, verb: int) -> int:
        """The subject proper where the parser made one of the dateline ("MOSCOW, May 7 (AP) -- Russia said")."""
        t = self.t
        if t.first[subject] + 2 < subject:
            return subject
        for at in range(min(verb, subject + 16), subject, -1):
            if t.text[at] in {"--", "—", "–", ")", ":"} or (t.text[at] == "-" and t.tag[at] == ":"):
                rest = [k for k in range(at + 1, verb) if t.tag[k][:2] in {"NN", "PR"} and not at < t.head[k] < verb]
                return rest[-1] if rest else subject
        return subject

    def conjuncts(self, head: int) -> list[int]:
        t = self.t
        found = [head]
        whole = self.parties.at(head)
        while (kid := t.kid(found[-1], "conj")) is not None and t.tag[kid][0] in "NP" and len(found) < 8:
            if whole is not None and whole.start <= kid < whole.end:
                break
            found.append(kid)
        return found

    def author(self, noun: int) -> int | None:
        """Who wrote "X's statement", "a statement by X", "an X statement", "X issued a statement"."""
        t = self.t
        owner = t.kid(noun, "poss")
        if owner is not None and t.tag[owner] != "PRP$":
            return owner
        for kid in t.kids[noun]:
            if t.dep[kid] == "prep" and (of := t.kid(kid, "pobj")) is not None:
                if t.lower[kid] in {"by", "from", "of"}:
                    return of if self.phrases.speaks(of) else None
                if t.lower[kid] == "in" and self.phrases.is_outlet(of):
                    return of
            if t.dep[kid] in {"compound", "nmod"} and self.phrases.speaks(kid) and t.tag[kid][:2] == "NN":
                return kid
            if (
                t.dep[kid] == "acl"
                and t.lower[kid] in self.phrases.w.issues
                and (agent := t.kid(kid, "agent")) is not None
                and (by := t.kid(agent, "pobj")) is not None
            ):
                return by
        if t.dep[noun] == "dobj" and owner is None and t.lower[t.head[noun]] in self.phrases.w.issues:
            return self.of(t.head[noun])
        above = t.head[noun]
        if t.dep[noun] == "pobj" and t.lower[above] == "in" and t.tag[t.head[above]][0] == "V" and owner is None:
            return self.of(t.head[above])
        return owner
