"""Names that a text compares with others and that the catalogue lacks. Pure functions."""

import re
from collections import Counter

from comparison.curation.proposals.terms import word_set

NAME = r"[A-Z][\w.-]*\w"
COMPARED_NAMES = re.compile(
    rf"\b(?:vs\.?|versus|than|unlike|compared (?:to|with)|instead of|over|alternative to)\s+(?P<after>{NAME})"
    rf"|(?P<before>{NAME})(?=\s+(?:vs\.?|versus)\b)"
)
NO_NAMES = word_set("A An The This That These It I You We They Python Which What How When Why")
MAX_NAMES = 5


def unknown_names(text: str, known: re.Pattern[str] | None) -> list[str]:
    """The most frequent ones first."""
    found: Counter[str] = Counter()
    for match in COMPARED_NAMES.finditer(text):
        name = match["after"] or match["before"]
        if name not in NO_NAMES and not (known and known.fullmatch(name)):
            found[name] += 1
    return [name for name, _ in found.most_common(MAX_NAMES)]
