"""What a reviewer compares: a claim's passage in its context, its wording, and the other claims of its cell."""

import re
from dataclasses import dataclass

from comparison.curation.annotated_text import Article
from comparison.models import Claim, Source
from comparison.wording import words_of

MIN_COPIED_WORDS = 5  # words in a row shared with the passage from which a statement is not our own wording
CONTEXT_LENGTH = 240  # characters shown before and after a passage
SIMILAR_SHARE = 0.6  # share of common words from which two statements count as nearly the same


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage with the text around it."""

    before: str
    passage: str
    after: str
    line: int
    section: str


def source_text(claim: Claim) -> str:
    return Source.objects.values_list("text", flat=True).get(pk=claim.source_id)


def passage_of(claim: Claim, text: str) -> str:
    """The words a claim rests on: from its source's text if that is held, otherwise its quote."""
    return text[claim.start : claim.end] if text and claim.start is not None else claim.quote


def excerpt(claim: Claim, text: str) -> Excerpt | None:
    if not text or claim.start is None or claim.end is None:
        return None
    article = Article(text)
    return Excerpt(
        _without_blank_lines(_text_before(text, claim.start)),
        text[claim.start : claim.end],
        _without_blank_lines(_text_after(text, claim.end)),
        article.line_at(claim.start).number,
        article.section_at(claim.start),
    )


def _text_before(text: str, start: int) -> str:
    first = start - CONTEXT_LENGTH
    return "… " + text[first:start].partition(" ")[2] if first > 0 else text[:start]


def _text_after(text: str, end: int) -> str:
    last = end + CONTEXT_LENGTH
    return text[end:last].rpartition(" ")[0] + " …" if last < len(text) else text[end:]


def _without_blank_lines(text: str) -> str:
    return re.sub(r"\n\s*\n", "\n", text)


def overlaps(claim: Claim, other: Claim) -> bool:
    """Whether two claims of one cell rest on overlapping passages of the same source."""
    if claim.source_id != other.source_id or None in (claim.start, claim.end, other.start, other.end):
        return False
    return (claim.start or 0) < (other.end or 0) and (other.start or 0) < (claim.end or 0)


def is_similar(claim: Claim, other: Claim) -> bool:
    """Whether two claims of one cell come from the same source and say nearly the same."""
    words, other_words = set(words_of(claim.statement)), set(words_of(other.statement))
    common, total = len(words & other_words), max(len(words | other_words), 1)
    return claim.source_id == other.source_id and common >= SIMILAR_SHARE * total
