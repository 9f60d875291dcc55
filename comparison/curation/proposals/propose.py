"""Proposed claims for a whole article, and the guesses at one passage of it. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from comparison.curation.annotated_text import Article, Span
from comparison.curation.proposals.drafts import Passage
from comparison.curation.proposals.subjects import Subjects
from comparison.curation.proposals.terms import stems_of
from comparison.curation.proposals.topics import Topic, Topics
from comparison.curation.proposals.units import Unit, Units
from comparison.curation.proposals.values import Suggestion, suggest_value
from comparison.evidence import Kind
from comparison.models import Criterion, Framework

SENTENCE_WEIGHT = 0.3
LABEL_WEIGHT = 0.8
HEADING_WEIGHTS = (0.5, 0.25)  # of the innermost heading, and of the one above it
MIN_SCORE = 1.35  # for each doubling, to the base e, of the number of criteria to tell apart
SECOND_SHARE = 0.85  # of the best score, from which the second criterion is proposed as well
MAX_GUESSES = 5
UNIT_WORDS = {"ms": "milliseconds", "MB": "megabytes", "US$": "dollars USD"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One claim that a passage seems to make; nobody has decided on it."""

    start: int
    end: int
    framework: Framework
    topic: Topic
    value: Suggestion

    @property
    def criterion(self) -> Criterion:
        return self.topic.criterion


class ArticleReader:
    """Reads one article with what was learnt from all published claims."""

    def __init__(self, article: Article, frameworks: Iterable[Framework], topics: Topics) -> None:
        self.article, self.topics = article, topics
        self.subjects = Subjects(frameworks, article.text)

    @cached_property
    def units(self) -> Units:
        return Units(self.article, self.subjects)

    def topics_of(self, text: str, unit: Unit | None) -> list[Topic]:
        """What a passage is about, the most probable first."""
        texts = {text: 1.0}
        if unit is not None:
            around = [(unit.label, LABEL_WEIGHT), (unit.sentence, SENTENCE_WEIGHT)]
            titles = [heading.title for heading in reversed(unit.path)]
            for other, weight in [*around, *zip(titles, HEADING_WEIGHTS, strict=False)]:
                texts[other] = max(texts.get(other, 0.0), weight)
        return self.topics.rank(texts, any(letter.isdigit() for letter in text), MAX_GUESSES)

    def guess(self, span: Span) -> tuple[list[Framework], list[Topic]]:
        """The frameworks and criteria that a passage chosen by a curator may be about."""
        units = self.units.within(span)
        text = self.article.text[slice(*span)]
        path = units[0].path if units else ()
        named = self.subjects.subjects_in(text)
        by_slug = {framework.slug: framework for unit in units for framework in unit.frameworks}
        frameworks = named or list(by_slug.values()) or self.subjects.of_path(path)
        return frameworks, self.topics_of(text, units[0] if units else None)

    def passage(self, framework: Framework, text: str) -> Passage:
        """A passage as a claim on the framework is drafted from it: with those it compares the framework with."""
        mentions = self.subjects.mentions(text)
        compared = {mention.framework.slug for mention in mentions if mention.role == "compared"}
        others = {
            mention.framework.slug: mention.framework.name
            for mention in mentions
            if mention.role != "beside" and (mention.framework.slug in compared) != (framework.slug in compared)
        }
        return Passage(text, list(self.subjects.by_name), list(others.values()) if compared else [])

    def proposals(self, span: Span | None = None) -> list[Proposal]:
        """Those for a stretch of the article, or for all of it."""
        found: list[Proposal] = []
        for unit in self.units.within(span or (0, len(self.article.text))):
            if unit.frameworks:
                text = self.article.text[unit.start : unit.end]
                for topic in self._chosen(self.topics_of(text, unit)):
                    found += self._of_topic(unit, topic, text)
        return found

    def _chosen(self, topics: Sequence[Topic]) -> Sequence[Topic]:
        """The criteria worth proposing: the best, and the next if it is nearly as good."""
        if not topics or topics[0].score < MIN_SCORE * log(1 + len(self.topics.criteria)):
            return []
        return [topic for topic in topics[:2] if topic.score >= SECOND_SHARE * topics[0].score]

    def _of_topic(self, unit: Unit, topic: Topic, text: str) -> list[Proposal]:
        kind = Kind(topic.criterion.kind)
        if kind is Kind.FIGURE and not _names_unit(f"{text} {unit.label} {unit.sentence}", topic.criterion.unit):
            return []
        values = [suggest_value(kind, text, framework in unit.opposite, topic.items) for framework in unit.frameworks]
        return [
            Proposal(unit.start, unit.end, framework, topic, value)
            for framework, value in zip(unit.frameworks, values, strict=True)
            if value or kind is not Kind.LIST  # a list is what it names
        ]


def _names_unit(text: str, measured_in: str) -> bool:
    """Whether a text holds a unit, or a word for it: “600 requests per second” is no figure in milliseconds."""
    words = f"{measured_in} {UNIT_WORDS.get(measured_in, '')}"
    return measured_in in text or bool(set(stems_of(words)) & set(stems_of(text)))


def open_proposals(proposals: Iterable[Proposal], decided: Iterable[tuple[int, int, Span]]) -> list[Proposal]:
    """Those whose cell no claim at an overlapping passage fills.

    `decided` holds framework, criterion and passage of each claim.
    """
    spans: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
    for framework, criterion, span in decided:
        spans[framework, criterion].append(span)
    return [
        proposal
        for proposal in proposals
        if not any(
            start < proposal.end and proposal.start < end
            for start, end in spans[proposal.framework.pk, proposal.criterion.pk]
        )
    ]
