"""How far a source is read: its sentences with claims, those marked silent, and those that are open."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from comparison.curation.annotated_text import MARKED_STATES, Article
from comparison.models import Claim, Source

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Progress:
    sentences: int
    read: int  # with a claim
    silent: int
    first_open: Span | None

    @property
    def open(self) -> int:
        return self.sentences - self.read - self.silent

    @property
    def percent(self) -> int:
        """The share of sentences that are settled."""
        return 100 * (self.read + self.silent) // self.sentences if self.sentences else 100


def progress(text: str, spans: Iterable[Span], silent: Collection[int], sections: Collection[str] = ()) -> Progress:
    """`spans` are the passages of claims, `silent` the numbers of lines that make none."""
    article, silent_lines = Article(text, sections), set(silent)
    passages = sorted(spans)
    sentences, index, furthest = article.sentences, 0, 0
    read = quiet = 0
    first_open: Span | None = None
    for start, end in sentences:
        while index < len(passages) and passages[index][0] < end:
            furthest = max(furthest, passages[index][1])
            index += 1
        if furthest > start:
            read += 1
        elif article.line_at(start).number in silent_lines:
            quiet += 1
        elif first_open is None:
            first_open = (start, end)
    return Progress(len(sentences), read, quiet, first_open)


def load_progress(sources: QuerySet[Source]) -> list[tuple[Source, Progress]]:
    """The progress of sources whose texts are held, in two queries."""
    rows = list(sources)
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    sections: defaultdict[int, set[str]] = defaultdict(set)
    states = [state.value for state in MARKED_STATES]
    claims = Claim.objects.filter(source__in=[row.pk for row in rows], state__in=states).order_by()
    for source, start, end, section in claims.values_list("source", "start", "end", "section"):
        sections[source].add(section)
        if start is not None and end is not None:
            spans[source].append((start, end))
    return [(row, progress(row.text, spans[row.pk], row.silent, sections[row.pk])) for row in rows]
