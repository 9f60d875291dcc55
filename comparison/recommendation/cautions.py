"""When not to follow an answer, or what to mind in a tie: sentences, the gravest first."""

from collections import defaultdict
from collections.abc import Sequence

from comparison.evidence import SourceKind, State
from comparison.recommend import Ending, RankedFramework, Reason, Recommendation
from comparison.recommendation import sentences
from comparison.recommendation.load import LoadedEvidence
from comparison.wording import Names, label, quoted, shortened

ENOUGH = 0.75  # coverage below which an answer warns
MAX_CAUTIONS = 6
NAMED = (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE)


PairReasons = tuple[list[Reason], list[Reason]]  # for the first over the second, and the other way round


def cautions(
    found: Recommendation, loaded: LoadedEvidence, names: Names, rivalry: PairReasons, advised: list[str]
) -> list[str]:
    """`advised` is what sources say against those named, by situation."""
    if found.ending not in NAMED:
        return []
    named = found.tied if found.ending is Ending.CLOSE else found.qualified[:1]
    told = [sentences.unsettled(one, slug, names) for one in named for slug in one.unknown_musts]
    told += advised
    told += [_uncertain(one, names) for one in named if one.coverage < ENOUGH]
    if found.ending is Ending.CLEAR:
        speaks_for, speaks_against = rivalry
        told += _overlooked([one for one in found.qualified[1:] if one.coverage < ENOUGH], names)
        told += _alone(speaks_for, names)
        told += _one_voice(found, loaded, speaks_for, names)
        told += [sentences.behind(reason, names) for reason in speaks_against]
    rest = len(told) - MAX_CAUTIONS
    return told if rest <= 0 else [*told[:MAX_CAUTIONS], f"And {rest} more reason{'s' * (rest > 1)} for doubt."]


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _uncertain(one: RankedFramework, names: Names) -> str:
    name = names.frameworks[one.framework]
    return f"You need certainty: only {_percent(one.coverage)} of the weight has evidence on {name}."


def _overlooked(rivals: Sequence[RankedFramework], names: Names) -> list[str]:
    """Those that may be better than is known."""
    if not rivals:
        return []
    who = shortened([names.frameworks[one.framework] for one in rivals])
    if len(rivals) > 1:
        return [f"You think well of {who}: less than {_percent(ENOUGH)} of the weight has evidence on each."]
    return [f"You think well of {who}: only {_percent(rivals[0].coverage)} of the weight has evidence on it."]


def _alone(speaks_for: Sequence[Reason], names: Names) -> list[str]:
    if len(speaks_for) != 1:
        return []
    (one,) = speaks_for
    name, rival = names.frameworks[one.framework], names.frameworks[one.other]
    only = quoted([names.criteria[one.criterion]])
    return [f"You would not decide by {only} alone: nothing else that you weigh speaks for {name} over {rival}."]


def _one_voice(found: Recommendation, loaded: LoadedEvidence, speaks_for: Sequence[Reason], names: Names) -> list[str]:
    """Whether over half of what speaks for the first rests on cells with one source, and whether on the same one."""
    points = _by_lone_source(found, speaks_for)
    half = sum(reason.gap for reason in speaks_for) / 2
    if sum(points.values()) <= half:
        return []
    one = speaks_for[0]
    most = f"over half of what speaks for {names.frameworks[one.framework]} over {names.frameworks[one.other]} rests on"
    pk, weightiest = max(points.items(), key=lambda each: each[1])
    source = loaded.sources[pk]
    if weightiest > half:
        return [f"You want a second source: {most} “{source.title}” alone ({label(SourceKind(source.kind)).lower()})."]
    return [f"You want a second source: {most} cells with a single one."]


def _by_lone_source(found: Recommendation, speaks_for: Sequence[Reason]) -> dict[int, float]:
    """By source the points of the lead that come from cells in which it alone speaks."""
    points: defaultdict[int, float] = defaultdict(float)
    for reason in speaks_for:
        for name, sign in ((reason.framework, 1), (reason.other, -1)):
            verdict = found.matrix.verdicts[name, reason.criterion]
            added = sign * found.standing(name).points[reason.criterion]
            if verdict.state is State.ONE_SOURCE and added > 0:
                points[verdict.sources[0]] += min(added, reason.gap)
    return points
