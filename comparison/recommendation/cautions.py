"""When not to follow an answer, or what to check in a tie: sentences, the most serious first."""

from collections import defaultdict
from collections.abc import Sequence

from comparison.evidence import SourceKind, State
from comparison.recommend import Ending, RankedFramework, Reason, Recommendation
from comparison.recommendation import sentences
from comparison.recommendation.load import LoadedEvidence
from comparison.wording import Names, join_quoted, join_shortened, label

MIN_COVERAGE = 0.75  # an answer with less evidence carries a caution
MAX_CAUTIONS = 6


def cautions(
    recommendation: Recommendation,
    loaded: LoadedEvidence,
    names: Names,
    reasons_for: Sequence[Reason],
    reasons_against: Sequence[Reason],
    situation_cautions: Sequence[str],
) -> list[str]:
    """The cautions on an answer that names somebody.

    The reasons are those for the first framework over the second, and the reverse.
    """
    if recommendation.ending not in (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE):
        return []
    named = recommendation.tied if recommendation.ending is Ending.CLOSE else recommendation.qualified[:1]
    result = [sentences.must_have_caution(row, slug, names) for row in named for slug in row.unknown_musts]
    result += situation_cautions
    result += [_low_coverage(row, names) for row in named if row.coverage < MIN_COVERAGE]
    if recommendation.ending is Ending.CLEAR:
        little_known = [row for row in recommendation.qualified[1:] if row.coverage < MIN_COVERAGE]
        result += _little_known_rivals(little_known, names)
        result += _single_criterion(reasons_for, names)
        result += _single_sources(recommendation, loaded, reasons_for, names)
        result += [sentences.rival_caution(reason, names) for reason in reasons_against]
    more = len(result) - MAX_CAUTIONS
    return result if more <= 0 else [*result[:MAX_CAUTIONS], f"And {more} more reason{'s' * (more > 1)} for doubt."]


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _low_coverage(row: RankedFramework, names: Names) -> str:
    name = names.frameworks[row.framework]
    return f"You need certainty: only {_percent(row.coverage)} of the weight has evidence on {name}."


def _little_known_rivals(rivals: Sequence[RankedFramework], names: Names) -> list[str]:
    """Rivals that may be better than the evidence shows."""
    if not rivals:
        return []
    subjects = join_shortened([names.frameworks[rival.framework] for rival in rivals])
    if len(rivals) > 1:
        return [f"You think well of {subjects}: less than {_percent(MIN_COVERAGE)} of the weight has evidence on each."]
    return [f"You think well of {subjects}: only {_percent(rivals[0].coverage)} of the weight has evidence on it."]


def _single_criterion(reasons_for: Sequence[Reason], names: Names) -> list[str]:
    if len(reasons_for) != 1:
        return []
    (reason,) = reasons_for
    name, rival = names.frameworks[reason.framework], names.frameworks[reason.other]
    criterion = join_quoted([names.criteria[reason.criterion]])
    return [f"You would not decide by {criterion} alone: nothing else that you weigh speaks for {name} over {rival}."]


def _single_sources(
    recommendation: Recommendation, loaded: LoadedEvidence, reasons_for: Sequence[Reason], names: Names
) -> list[str]:
    """Warns if over half of the lead rests on cells with one source each, and says if it is the same source."""
    points = _points_by_lone_source(recommendation, reasons_for)
    half = sum(reason.gap for reason in reasons_for) / 2
    if sum(points.values()) <= half:
        return []
    first, second = (names.frameworks[slug] for slug in (reasons_for[0].framework, reasons_for[0].other))
    subject = f"over half of what speaks for {first} over {second} rests on"
    pk, most_points = max(points.items(), key=lambda pair: pair[1])
    source = loaded.sources[pk]
    if most_points > half:
        kind = label(SourceKind(source.kind)).lower()
        return [f"You want a second source: {subject} “{source.title}” alone ({kind})."]
    return [f"You want a second source: {subject} cells with a single one."]


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
