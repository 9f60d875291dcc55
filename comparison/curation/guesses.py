"""What a passage is probably about: guesses from the catalogue's own words, with what they rest on. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparison.evidence import Kind, Support
from comparison.models import Criterion, Framework
from comparison.wording import words_of

# Words in which a text says how a feature is offered; the first group that is met decides.
SUPPORT_WORDS: dict[Support, str] = {
    Support.NONE: "no built|not built|does not|doesnt|do not|dont|lacks|lack of|without|not offer",
    Support.EXTENSION: "extension|extensions|plugin|plugins|third party|external|add on|library",
    Support.PARTIAL: "partial|partially|limited|basic|some support",
    Support.BUILT_IN: "built in|out of the box|comes with|includes|included|ships with|provides|has",
}
MIN_STEM_LENGTH = 4  # letters two words must share to be forms of one


@dataclass(frozen=True, slots=True)
class Guess:
    """A criterion and the words of the passage that suggest it."""

    criterion: Criterion
    words: tuple[str, ...]


def names_of(framework: Framework) -> list[str]:
    return [framework.name, *framework.aliases.splitlines()]


def guess_frameworks(passage: str, heading: str, frameworks: Iterable[Framework]) -> list[Framework]:
    """Those the passage names; where it names none, the one its heading names (of several it may mean either)."""
    known = list(frameworks)
    named, above = ([one for one in known if _speaks_of(text, one)] for text in (passage, heading))
    return named or (above if len(above) == 1 else [])


def _speaks_of(text: str, framework: Framework) -> bool:
    return any(_names(text, name) for name in names_of(framework))


def _names(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def guess_criteria(passage: str, heading: str, criteria: Iterable[Criterion], most: int = 5) -> list[Guess]:
    """The criteria whose names and synonyms the passage (or, counting half, its heading) speaks of, likeliest first."""
    said, above = words_of(passage), words_of(heading)
    scored = []
    for place, criterion in enumerate(criteria):
        terms = [criterion.name, *criterion.synonyms.splitlines()]
        hits = {" ".join(term): len(term) + 0.5 for one in terms if _has(said, term := words_of(one))}
        faint = {" ".join(term): 0.5 * len(term) for one in terms if _has(above, term := words_of(one))}
        weight = sum(hits.values()) + sum(value for term, value in faint.items() if term not in hits)
        if weight:
            scored.append((-weight, place, Guess(criterion, tuple(hits | faint))))
    return [guess for _, _, guess in sorted(scored, key=lambda one: one[:2])[:most]]


def _has(said: Sequence[str], term: Sequence[str]) -> bool:
    """Whether the words of a term stand in a row, whatever their endings."""
    length = len(term)
    if not length:
        return False
    return any(
        all(_alike(one, other) for one, other in zip(said[at : at + length], term, strict=True))
        for at in range(len(said) - length + 1)
    )


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    stem = shorter.rstrip("es") if len(shorter) > MIN_STEM_LENGTH else shorter
    return len(stem) >= MIN_STEM_LENGTH and longer.startswith(stem) and len(longer) - len(stem) <= 3


def guess_support(passage: str) -> Support | None:
    said = words_of(passage)
    for support, phrases in SUPPORT_WORDS.items():
        if any(_stands(said, phrase.split()) for phrase in phrases.split("|")):
            return support
    return None


def _stands(said: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(list(said[at : at + len(phrase)]) == list(phrase) for at in range(len(said) - len(phrase) + 1))


def guess_figure(passage: str) -> tuple[str, str] | None:
    """The first number of a passage, or both ends where it is a range; thousands separators taken out."""
    number = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    found = re.search(rf"{number}(?:\s*(?:-|–|—|to)\s*{number})?", passage)
    if not found:
        return None
    low = found[1].replace(",", "")
    high = (found[2] or found[1]).replace(",", "")
    return (low, high) if float(low) <= float(high) else (low, low)


def guess_value(kind: Kind, passage: str) -> dict[str, str]:
    """What of a claim's value the passage itself tells; a level is never guessed."""
    passage = re.sub(r"^\s*\d{1,2}[.)]\s+", "", passage)  # the number of a list's line
    match kind:
        case Kind.FEATURE:
            support = guess_support(passage)
            return {"support": support.value} if support else {}
        case Kind.FIGURE:
            figure = guess_figure(passage)
            return {"low": figure[0], "high": figure[1]} if figure else {}
        case Kind.LIST:
            said = " ".join(passage.split()).strip("•-*. ")
            return {"item": said} if len(said) <= 60 else {}
    return {}
