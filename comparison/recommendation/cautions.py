"""When not to follow an answer, or what to check in a tie: sentences, the most serious first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from comparison.evidence import EPSILON, Kind, SourceKind, State
from comparison.recommend import Ending, RankedFramework, Reason, Recommendation
from comparison.recommendation.load import LoadedEvidence
from comparison.recommendation.reasons import Situation
from comparison.recommendation.sentences.reasons import (
    disputed_caution,
    related_caution,
    rival_caution,
    self_contradiction_caution,
    situation_caution,
)
from comparison.vocabulary import gettext as _
from comparison.wording import Names, join_quoted, join_shortened, label_within

MIN_COVERAGE = 0.75  # an answer with less evidence carries a caution
MAX_SITUATIONS = 3
MAX_CONTRADICTIONS = 3
MAX_RIVAL_CAUTIONS = 3  # the table of contributions shows all


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A criterion related to a weighed one, on which the sources say the opposite about a framework."""

    criterion: str
    related: str
    framework: str
    text: str


def named_frameworks(recommendation: Recommendation) -> Sequence[RankedFramework]:
    """The frameworks that the answer is about: the first, or all that tie with it; none if it ranks none."""
    if recommendation.ending is Ending.CLOSE:
        return recommendation.tied
    return recommendation.qualified[:1] if recommendation.ending in (Ending.CLEAR, Ending.ONLY_ONE) else []


def cautions(
    recommendation: Recommendation,
    loaded: LoadedEvidence,
    names: Names,
    reasons_for: Sequence[Reason],
    reasons_against: Sequence[Reason],
) -> list[str]:
    """The cautions that concern the evidence on what is weighed.

    The reasons are those for the first framework over the second, and the reverse.
    """
    result = _low_coverage([row for row in named_frameworks(recommendation) if row.coverage < MIN_COVERAGE], names)
    if recommendation.ending is Ending.CLEAR:
        little_known = [row for row in recommendation.qualified[1:] if row.coverage < MIN_COVERAGE]
        result += _little_known_rivals(little_known, names)
        result += _single_criterion(reasons_for, names)
        result += _single_sources(recommendation, loaded, reasons_for, names)
        result += _disputed(recommendation, reasons_for, names)
        rivals = [reason for reason in reasons_against if reason.other and not _is_fit(recommendation, reason)]
        result += [rival_caution(reason, names, recommendation.matrix) for reason in rivals[:MAX_RIVAL_CAUTIONS]]
    return result


def _is_fit(recommendation: Recommendation, reason: Reason) -> bool:
    """A situation that has a weight is no hypothesis: it is among the reasons."""
    return recommendation.matrix.by_slug[reason.criterion].kind is Kind.FIT


def situation_cautions(
    recommendation: Recommendation, loaded: LoadedEvidence, names: Names, situations: Sequence[Situation]
) -> list[str]:
    """Situations without a weight in which sources advise against a named framework, the nearest first.

    Nearest are those related to a weighed criterion, then those that most sources speak about.
    """
    weighed, named = recommendation.weights.counted.keys(), named_frameworks(recommendation)
    against: list[tuple[bool, int, str]] = []
    for situation in situations:
        slug = situation.criterion.slug
        frameworks = [row.framework for row in named if situation.is_against(row.framework)]
        if frameworks and slug not in weighed:
            is_far = not (loaded.related.get(slug, frozenset()) & weighed)
            titles = [names.frameworks[framework] for framework in frameworks]
            text = situation_caution(situation.criterion.name, titles, situation.sources_against(frameworks))
            against.append((is_far, -situation.source_count, text))
    return [text for *_, text in sorted(against)[:MAX_SITUATIONS]]


def contradictions(recommendation: Recommendation, loaded: LoadedEvidence, names: Names) -> list[Contradiction]:
    """Where a criterion related to a weighed one contradicts it about a named framework."""
    weights, known = recommendation.weights.counted, recommendation.matrix.values.keys()
    pairs = {
        tuple(sorted((slug, other))): (slug, other)
        for slug in sorted(weights.keys() & known, key=lambda slug: (weights[slug], slug))  # the heaviest one stays
        for other in sorted(loaded.related.get(slug, frozenset()) & known)
    }
    result = []
    for slug, other in sorted(pairs.values(), key=lambda pair: (-weights[pair[0]], pair)):
        for row in named_frameworks(recommendation):
            if text := _contradiction(recommendation, loaded, names, row.framework, slug, other):
                result.append(Contradiction(slug, other, row.framework, text))
                break  # one framework is enough to show that the two rows do not agree
    return result[:MAX_CONTRADICTIONS]


def _contradiction(
    recommendation: Recommendation, loaded: LoadedEvidence, names: Names, framework: str, slug: str, other: str
) -> str:
    """A source that takes both sides is named; otherwise the two positions must be on opposite sides."""
    matrix, name = recommendation.matrix, names.frameworks[framework]
    opinions = {
        pk: opinion.position for opinion in matrix.verdicts[framework, other].opinions for pk in opinion.sources
    }
    for opinion in matrix.verdicts[framework, slug].opinions:
        if _are_opposite(opinion.position, opinions.get(opinion.source)):
            ordered = (slug, other) if (opinion.position or 0.0) > 0 else (other, slug)
            favourable, unfavourable = (names.criteria[criterion] for criterion in ordered)
            title = loaded.sources[opinion.source].title
            return self_contradiction_caution(title, name, favourable, unfavourable)
    index = matrix.frameworks.index(framework)
    if _are_opposite(matrix.positions[slug][index], matrix.positions[other][index]):
        return related_caution(names.criteria[slug], names.criteria[other], name)
    return ""


def _are_opposite(position: float | None, other: float | None) -> bool:
    return position is not None and other is not None and position * other < -EPSILON


def _low_coverage(rows: Sequence[RankedFramework], names: Names) -> list[str]:
    if not rows:
        return []
    subjects = join_shortened([names.frameworks[row.framework] for row in rows])
    if len(rows) > 1:
        text = _("You need certainty: less than {share} of the weight has evidence on each of {names}.")
        return [text.format(share=f"{MIN_COVERAGE:.0%}", names=subjects)]
    text = _("You need certainty: only {share} of the weight has evidence on {names}.")
    return [text.format(share=f"{rows[0].coverage:.0%}", names=subjects)]


def _little_known_rivals(rivals: Sequence[RankedFramework], names: Names) -> list[str]:
    """Rivals that may be better than the evidence shows."""
    if not rivals:
        return []
    subjects = join_shortened([names.frameworks[rival.framework] for rival in rivals])
    if len(rivals) > 1:
        share = f"{MIN_COVERAGE:.0%}"
        text = _(
            "You know more about {names} than these sources do: less than {share} of the weight has evidence on each."
        )
    else:
        share = f"{rivals[0].coverage:.0%}"
        text = _("You know more about {names} than these sources do: only {share} of the weight has evidence on it.")
    return [text.format(names=subjects, share=share)]


def _single_criterion(reasons_for: Sequence[Reason], names: Names) -> list[str]:
    if len(reasons_for) != 1:
        return []
    (reason,) = reasons_for
    name, rival = names.frameworks[reason.framework], names.frameworks[reason.other]
    criterion = join_quoted([names.criteria[reason.criterion]])
    text = _("You would not decide by {criterion} alone: nothing else you weigh speaks for {name} over {rival}.")
    return [text.format(criterion=criterion, name=name, rival=rival)]


def _single_sources(
    recommendation: Recommendation, loaded: LoadedEvidence, reasons_for: Sequence[Reason], names: Names
) -> list[str]:
    """Warns if over half of the lead rests on cells with one source each, and says if it is the same source."""
    points = _points_by_lone_source(recommendation, reasons_for)
    half = sum(reason.gap for reason in reasons_for) / 2
    if sum(points.values()) <= half:
        return []
    first, second = (names.frameworks[slug] for slug in (reasons_for[0].framework, reasons_for[0].other))
    pk, most_points = max(points.items(), key=lambda pair: pair[1])
    source = loaded.sources[pk]
    if most_points > half:
        text = _(
            "You want a second source: more than half of what speaks for {first} over {second} rests on "
            "“{title}” alone ({kind})."
        )
        kind = label_within(SourceKind(source.kind))
        return [text.format(first=first, second=second, title=source.title, kind=kind)]
    text = _(
        "You want a second source: more than half of what speaks for {first} over {second} rests on "
        "cells with a single source."
    )
    return [text.format(first=first, second=second)]


def _disputed(recommendation: Recommendation, reasons_for: Sequence[Reason], names: Names) -> list[str]:
    """By framework the criteria that make the lead although sources dispute them."""
    verdicts, result = recommendation.matrix.verdicts, []
    for framework in (reasons_for[0].framework, reasons_for[0].other) if reasons_for else ():
        cells = [(framework, reason.criterion) for reason in reasons_for]
        disputed = [names.criteria[slug] for _, slug in cells if verdicts[framework, slug].state is State.DISPUTED]
        if disputed:
            result.append(disputed_caution(disputed, names.frameworks[framework]))
    return result


def _points_by_lone_source(recommendation: Recommendation, reasons_for: Sequence[Reason]) -> dict[int, float]:
    """How many points of the lead come from cells with only one source, by that source's id."""
    points: defaultdict[int, float] = defaultdict(float)
    for reason in reasons_for:
        for name, sign in ((reason.framework, 1), (reason.other, -1)):
            verdict = recommendation.matrix.verdicts[name, reason.criterion]
            added = sign * recommendation.ranked_framework(name).points[reason.criterion]
            if verdict.state is State.ONE_SOURCE and added > 0:
                points[verdict.sources[0]] += min(added, reason.gap)
    return points
