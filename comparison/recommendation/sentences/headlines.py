"""The answer in a line, and what it rests on."""

from collections.abc import Sequence
from enum import Enum, auto

from comparison.evidence import EPSILON
from comparison.recommend import TIE_MARGIN, Ending, RankedFramework, Recommendation, is_clearly_ahead
from comparison.recommendation.sentences.firmness import AnswerFirmness, firmness_sentences
from comparison.recommendation.sentences.leads import Lead
from comparison.recommendation.sentences.must_haves import open_must_haves
from comparison.wording import Names, format_gap, format_signed, join_names, join_quoted, join_shortened

MIN_SHOWN_GAP = 0.005  # a smaller gap is written as "less than 0.01"
MAX_NAMED_FRAMEWORKS = 4


def headline(recommendation: Recommendation, names: Names) -> str:
    match recommendation.ending:
        case Ending.CLEAR | Ending.ONLY_ONE:
            return names.frameworks[recommendation.leader or ""]
        case Ending.CLOSE:
            return "Too close to call"
        case Ending.NONE_LEFT if len(recommendation.ranking) == 1:
            return f"{names.frameworks[recommendation.ranking[0].framework]} is ruled out"
        case Ending.NONE_LEFT:
            return "None of them"
        case Ending.NO_EVIDENCE:
            return "Not enough evidence"
    return "Nothing chosen yet"


def eyebrow(recommendation: Recommendation, about: str, lead: Lead | None) -> str:
    """The line above the headline; `about` is the profile's name, or empty for the reader's own weights."""
    match recommendation.ending:
        case Ending.CLEAR:
            text = f"{lead.lone_party} alone favour" if lead and lead.lone_party else "the evidence favours"
        case Ending.CLOSE:
            text = "the evidence says"
        case Ending.ONLY_ONE:
            text = "the only one left is" if len(recommendation.ranking) > 1 else "the only one considered is"
        case _:
            return about or "Your own weights"
    return f"{about}: {text}" if about else text[:1].upper() + text[1:]


class Untested(Enum):
    """Why other weights could hardly change a clear answer."""

    LEADER_UNKNOWN = auto()
    RIVALS_UNKNOWN = auto()
    ONE_CRITERION = auto()


def untested_weights(recommendation: Recommendation) -> Untested | None:
    """None if other weights could change the answer."""
    if recommendation.ending is not Ending.CLEAR:
        return None
    first, *others = recommendation.qualified
    if not first.coverage:
        return Untested.LEADER_UNKNOWN
    if not any(ranked.coverage for ranked in others):
        return Untested.RIVALS_UNKNOWN
    return Untested.ONE_CRITERION if len(recommendation.informative) == 1 else None


def untested_reason(recommendation: Recommendation, names: Names) -> str:
    """The same in words, to follow "it leads "; empty if other weights could change the answer."""
    match untested_weights(recommendation):
        case Untested.LEADER_UNKNOWN:
            return f"although {_nothing_known(recommendation, recommendation.qualified[:1], names)}"
        case Untested.RIVALS_UNKNOWN:
            return f"because {_nothing_known(recommendation, recommendation.qualified[1:], names)}"
        case Untested.ONE_CRITERION:
            return f"by {join_quoted([names.criteria[recommendation.informative[0]]])} alone"
    return ""


def _nothing_known(recommendation: Recommendation, unknown: Sequence[RankedFramework], names: Names) -> str:
    subjects = join_shortened([names.frameworks[ranked.framework] for ranked in unknown])
    is_reported = _has_reported_figures(recommendation, [ranked.framework for ranked in unknown])
    return f"nothing {'but reported figures ' * is_reported}is known about {subjects} on what you weigh"


def _has_reported_figures(recommendation: Recommendation, frameworks: Sequence[str]) -> bool:
    matrix = recommendation.matrix
    weighed = recommendation.weights.counted.keys() & matrix.values.keys()
    return any(matrix.verdicts[name, slug].reported for name in frameworks for slug in weighed)


def standfirst(recommendation: Recommendation, firmness: AnswerFirmness | None, lead: Lead | None, names: Names) -> str:
    """What the headline rests on, in a few sentences."""
    match recommendation.ending:
        case Ending.CLEAR if firmness:
            return _clear(recommendation, firmness, lead, names)
        case Ending.CLOSE:
            return f"{_tie(recommendation, names)}. Anything within {TIE_MARGIN} counts as a tie."
        case Ending.ONLY_ONE if len(recommendation.ranking) > 1:
            return "Every other framework fails a must-have, so there is nothing to compare it with."
        case Ending.ONLY_ONE:
            return "Only one framework is considered, so there is nothing to compare it with."
        case Ending.NONE_LEFT:
            return _none_left(recommendation, names)
        case Ending.NO_EVIDENCE:
            return _no_evidence(recommendation, names)
    return "Every criterion is ignored. Give at least one a weight, or begin with a kind of project."


def _clear(recommendation: Recommendation, firmness: AnswerFirmness, lead: Lead | None, names: Names) -> str:
    first, second, *_ = recommendation.qualified
    digits = decimals(recommendation.ending, [ranked.score for ranked in recommendation.qualified])
    scores = f"{score(first.score, digits)} vs {score(second.score, digits)}"
    parts = [scores, untested_reason(recommendation, names), *_one_party_alone(lead)]
    sentences = [f"{', '.join(filter(None, parts))}."]
    sentences += lead.better_known_sentences(names) if lead else []
    return " ".join([*sentences, *firmness_sentences(firmness)])


def _tie(recommendation: Recommendation, names: Names) -> str:
    """The tied frameworks with their scores, and the distance between the first and the last."""
    tied = recommendation.tied
    digits = decimals(recommendation.ending, [ranked.score for ranked in recommendation.qualified])
    scores = [f"{names.frameworks[ranked.framework]} {score(ranked.score, digits)}" for ranked in tied]
    gap = max(tied[0].score - tied[-1].score, 0.0)
    apart = f"{format_gap(gap, digits)} apart" if gap > EPSILON else "equal"
    return f"{', '.join(scores) if len(scores) == 2 else join_shortened(scores)}: {apart}"


def _none_left(recommendation: Recommendation, names: Names) -> str:
    if len(recommendation.ranking) > 1:
        return "Every framework fails a must-have. Let go of one, or consider more frameworks."
    (only,) = recommendation.ranking
    musts = join_quoted([names.criteria[slug] for slug in only.failed_musts])
    plural = "s" * (len(only.failed_musts) > 1)
    return (
        f"{names.frameworks[only.framework]} fails the must-have{plural} {musts}; it was the only one considered. "
        f"Let go of {'one' if plural else 'it'}, or consider more frameworks."
    )


def _no_evidence(recommendation: Recommendation, names: Names) -> str:
    considered = [names.frameworks[ranked.framework] for ranked in recommendation.ranking]
    is_short = len(considered) <= MAX_NAMED_FRAMEWORKS
    subjects = join_names(considered, "or") if is_short else f"any of {len(considered)} frameworks"
    if _has_reported_figures(recommendation, recommendation.matrix.frameworks):
        text = f"On what you weigh, sources only report figures without a method about {subjects}; these rank nothing."
    else:
        text = f"No source says anything about {subjects} on what you weigh, which is not a no."
    return f"{text} Weigh something else, or name a source."


def decimals(ending: Ending, scores: Sequence[float]) -> int:
    """How many decimals to print (2 … 6), so that the printed scores are as far apart as the real ones.

    `scores` are in ranking order. A clear lead must look clear, and a tie must show its true gap.
    """
    for digits in range(2, 7) if ending in (Ending.CLEAR, Ending.CLOSE) else ():
        first, *others = (round(value, digits) for value in scores)
        if ending is Ending.CLEAR:
            fits = round(first - others[0], digits) > TIE_MARGIN
        else:
            last = sum(not is_clearly_ahead(scores[0], value) for value in scores) - 1
            gap = scores[0] - scores[last]
            fits = gap < MIN_SHOWN_GAP or round(first - others[last - 1], digits) == round(gap, digits)
        if fits:
            return digits
    return 2


def one_sentence(
    recommendation: Recommendation, firmness: AnswerFirmness | None, lead: Lead | None, names: Names
) -> str:
    """The whole answer in a line or two, as a card shows it: who, how firmly, and the must-haves left open."""
    title = headline(recommendation, names)
    match recommendation.ending:
        case Ending.CLEAR if firmness:
            basis = [*filter(None, [untested_reason(recommendation, names)]), *_one_party_alone(lead)]
            known = lead.better_known_sentences(names) if lead else []
            text = _joined(title, basis, firmness, known)
        case Ending.ONLY_ONE:
            text = f"{title}: the only one {'left' if len(recommendation.ranking) > 1 else 'considered'}."
        case Ending.NONE_LEFT if len(recommendation.ranking) > 1:
            text = f"{title}: every framework fails a must-have."
        case _:
            text = f"{title}."
    leading = [ranked for ranked in recommendation.ranking if ranked.framework == recommendation.leader]
    return " ".join([text, *(sentence for ranked in leading for sentence in open_must_haves(ranked, names))])


def _joined(title: str, basis: Sequence[str], firmness: AnswerFirmness, known: Sequence[str]) -> str:
    """Title, basis and firmness as one sentence if there is a word for the firmness, then what else to know."""
    sentences, title = firmness_sentences(firmness), ", ".join([title, *basis])
    if firmness.word:
        holds, *sentences = sentences
        title = f"{title}{'; ' if basis else ', '}{holds[:1].lower()}{holds[1:].rstrip('.')}"
    return " ".join([f"{title}.", *known, *sentences])


def _one_party_alone(lead: Lead | None) -> list[str]:
    return [f"on the word of {lead.lone_party} alone"] if lead and lead.lone_party else []


def score(value: float, digits: int = 2) -> str:
    """A score with a real minus sign and no plus sign."""
    return format_signed(value, digits).removeprefix("+")
