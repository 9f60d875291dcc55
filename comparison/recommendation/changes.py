"""What would change an answer: one weight, one source, or what is not known yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.models import Source
from comparison.recommend import DecisionMatrix, Ending, Recommendation
from comparison.recommendation.load import LoadedEvidence
from comparison.recommendation.sentences.changes import source_change, unknown_change, weight_changes
from comparison.recommendation.sentences.nearest import change_sentence, outcome_sentence
from comparison.sensitivity.changes import Sensitivity, SourceFlip, TogetherFlip, UnknownFlip
from comparison.sensitivity.nearest import Flip, nearest_flips
from comparison.tables.citations import Citation, Citer
from comparison.vocabulary import gettext as _
from comparison.wording import Names

MAX_NEAREST = 3
MAX_FLIPS = 5  # sources, and unknowns, that are named


@dataclass(frozen=True, slots=True)
class Change:
    """A change and the answer it leads to, with the sources it mentions."""

    term: str
    text: str
    citations: Sequence[Citation] = ()


@dataclass(frozen=True, slots=True)
class NearestChange:
    """One of the smallest changes that lead to another answer, in two sentences; `source` is the one left out."""

    flip: Flip
    change: str
    outcome: str
    source: Source | None = None


def nearest_changes(
    recommendation: Recommendation, sensitivity: Sensitivity, loaded: LoadedEvidence, names: Names
) -> list[NearestChange]:
    """The three that matter most: the smallest of all single changes."""
    if not may_change(recommendation):
        return []
    result = []
    for flip in nearest_flips(sensitivity, MAX_NEAREST):
        source = loaded.sources[flip.source] if isinstance(flip, SourceFlip) else None
        text = change_sentence(flip, names, source.title if source else "")
        result.append(NearestChange(flip, text, outcome_sentence(flip, names), source))
    return result


def may_change(recommendation: Recommendation) -> bool:
    """Whether there is evidence on at least two frameworks, so that a change could matter."""
    has_evidence = recommendation.ending not in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE)
    return has_evidence and len(recommendation.matrix.frameworks) > 1


def answer_changes(
    recommendation: Recommendation, sensitivity: Sensitivity, loaded: LoadedEvidence, names: Names
) -> list[Change]:
    if not may_change(recommendation):
        return []
    result = _weight_changes(sensitivity, names)
    result += _source_changes(sensitivity, loaded, names)
    matrix = recommendation.matrix
    result += _unknown_changes(_("One unknown"), sensitivity.unknown_flips, names, matrix)
    return result + _unknown_changes(_("All unknowns"), sensitivity.together_flips, names, matrix)


def _weight_changes(sensitivity: Sensitivity, names: Names) -> list[Change]:
    by_answer = weight_changes(sensitivity.weight_flips, names)
    result = [Change(_("One weight: {outcome}").format(outcome=answer), text) for answer, text in by_answer]
    return result or [Change(_("One weight"), _("No single weight changes this answer."))]


def _source_changes(sensitivity: Sensitivity, loaded: LoadedEvidence, names: Names) -> list[Change]:
    result = []
    flips, citer = sensitivity.source_flips, Citer(loaded.references)
    for flip in flips[:MAX_FLIPS]:
        text = source_change(flip, loaded.sources[flip.source].title, names)
        result.append(Change(_("One source"), text, citer.of_sources([flip.source])))
    if (more := len(flips) - MAX_FLIPS) > 0:
        text = _("And {count} more, without any of which the answer would change.").format(count=more)
        result.append(Change(_("One source"), text))
    return result or [Change(_("One source"), _("No single source changes this answer."))]


def _unknown_changes(
    term: str, flips: Sequence[UnknownFlip | TogetherFlip], names: Names, matrix: DecisionMatrix
) -> list[Change]:
    result = [Change(term, unknown_change(flip, names, matrix)) for flip in flips[:MAX_FLIPS]]
    if (more := len(flips) - MAX_FLIPS) > 0:
        text = _("And {count} more that could change the answer once known.").format(count=more)
        result.append(Change(term, text))
    return result
