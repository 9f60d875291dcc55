"""What a passage is probably about: guesses from the catalogue's own words, with their basis. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comparison.evidence import Kind, Support
from comparison.models import Criterion, Framework
from comparison.texts.headings import BETWEEN
from comparison.wording import words_of

# Words by which a text says how a feature is offered; the first group with a match decides.
SUPPORT_WORDS: dict[Support, str] = {
    Support.NONE: "no built|not built|does not|doesnt|do not|dont|lacks|lack of|without|not offer",
    Support.EXTENSION: "extension|extensions|plugin|plugins|third party|external|add on|library",
    Support.PARTIAL: "partial|partially|limited|basic|some support",
    Support.BUILT_IN: "built in|out of the box|comes with|includes|included|ships with|provides|has",
}
MIN_STEM_LENGTH = 4  # letters that two forms of one word share
MAX_ITEM_LENGTH = 60  # characters


@dataclass(frozen=True, slots=True)
class Guess:
    """A criterion and the words of the passage that suggest it."""

    criterion: Criterion
    words: tuple[str, ...]


def names_of(framework: Framework) -> list[str]:
    return [framework.name, *framework.aliases.splitlines()]


def guess_frameworks(passage: str, heading: str, frameworks: Iterable[Framework]) -> list[Framework]:
    """The frameworks that the passage names; if none, the one that its nearest heading with names names alone."""
    candidates = list(frameworks)
    in_passage = [framework for framework in candidates if _names_framework(passage, framework)]
    by_heading = (
        [framework for framework in candidates if _names_framework(title, framework)]
        for title in reversed(heading.split(BETWEEN))
    )
    in_heading = next(filter(None, by_heading), [])
    return in_passage or (in_heading if len(in_heading) == 1 else [])


def _names_framework(text: str, framework: Framework) -> bool:
    return any(_has_name(text, name) for name in names_of(framework))


def _has_name(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def guess_criteria(passage: str, heading: str, criteria: Iterable[Criterion], limit: int = 5) -> list[Guess]:
    """The criteria whose names and synonyms occur in the passage, or (at half the weight) its heading, best first."""
    passage_words, heading_words = words_of(passage), words_of(heading)
    scored = []
    for index, criterion in enumerate(criteria):
        terms = [words_of(name) for name in (criterion.name, *criterion.synonyms.splitlines())]
        in_passage = {" ".join(term): len(term) + 0.5 for term in terms if _has_term(passage_words, term)}
        in_heading = {" ".join(term): 0.5 * len(term) for term in terms if _has_term(heading_words, term)}
        score = sum((in_heading | in_passage).values())
        if score:
            scored.append((-score, index, Guess(criterion, tuple(in_passage | in_heading))))
    return [guess for _, _, guess in sorted(scored, key=lambda row: row[:2])[:limit]]


def _has_term(words: Sequence[str], term: Sequence[str]) -> bool:
    """Whether the words of a term occur in a row, with any endings."""
    length = len(term)
    if not length:
        return False
    return any(
        all(_same_stem(word, term_word) for word, term_word in zip(words[start : start + length], term, strict=True))
        for start in range(len(words) - length + 1)
    )


def _same_stem(first: str, second: str) -> bool:
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    stem = shorter.rstrip("es") if len(shorter) > MIN_STEM_LENGTH else shorter
    return len(stem) >= MIN_STEM_LENGTH and longer.startswith(stem) and len(longer) - len(stem) <= 3


def guess_support(passage: str) -> Support | None:
    words = words_of(passage)
    for support, phrases in SUPPORT_WORDS.items():
        if any(_has_phrase(words, phrase.split()) for phrase in phrases.split("|")):
            return support
    return None


def _has_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    starts = range(len(words) - len(phrase) + 1)
    return any(list(words[start : start + len(phrase)]) == list(phrase) for start in starts)


def guess_figure(passage: str) -> tuple[str, str] | None:
    """The first number of a passage, or both ends of a range, without thousands separators."""
    number = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    match = re.search(rf"{number}(?:\s*(?:-|–|—|to)\s*{number})?", passage)
    if not match:
        return None
    low = match[1].replace(",", "")
    high = (match[2] or match[1]).replace(",", "")
    return (low, high) if float(low) <= float(high) else (low, low)


def guess_value(kind: Kind, passage: str) -> dict[str, str]:
    """The fields of a claim's value that the passage states; a level is never guessed."""
    passage = re.sub(r"^\s*\d{1,2}[.)]\s+", "", passage)  # the number of a list item
    match kind:
        case Kind.FEATURE:
            support = guess_support(passage)
            return {"support": support.value} if support else {}
        case Kind.FIGURE:
            figure = guess_figure(passage)
            return {"low": figure[0], "high": figure[1]} if figure else {}
        case Kind.LIST:
            item = " ".join(passage.split()).strip("•-*. ")
            return {"item": item} if len(item) <= MAX_ITEM_LENGTH else {}
    return {}
