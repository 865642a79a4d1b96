"""Text whose lines were broken to fit a page or a mail, one line a paragraph again: the reader takes a line end for a break."""

import re
from statistics import median

_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*$")


def unwrapped(text: str) -> str:
    """Paragraphs of a wrapped text, one a line. A line goes on if it is nearly full and ends no sentence before a new start."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = [len(line) for line in lines if line]
    if not lengths:
        return ""
    full = 0.75 * median(sorted(lengths)[len(lengths) // 2 :])
    if full < 25 or max(lengths) > 200:  # not wrapped: long lines are paragraphs already
        return "\n".join(line for line in lines if line)
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = False
            continue
        if goes_on and paragraphs[-1].endswith("-") and line[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        elif goes_on:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        goes_on = len(line) >= full or not (_ENDS.search(line) or len(line) < full / 2)
    return "\n".join(paragraphs)
