"""The answer in a line, and what it rests on."""

from collections.abc import Sequence
from enum import Enum, auto

from django.utils.translation import gettext_noop, ngettext

from comparison.evidence import EPSILON
from comparison.recommend import TIE_MARGIN, Ending, RankedFramework, Recommendation, is_clearly_ahead
from comparison.recommendation.sentences.firmness import AnswerFirmness, firmness_clause, firmness_sentences
from comparison.recommendation.sentences.leads import Lead
from comparison.recommendation.sentences.must_haves import open_must_haves
from comparison.vocabulary import gettext as _
from comparison.wording import Names, format_gap, format_number, format_signed, join_names, join_quoted, join_shortened

MIN_SHOWN_GAP = 0.005  # a smaller gap is written as "less than 0.01"
MAX_NAMED_FRAMEWORKS = 4
ALTHOUGH = {  # by whether there are reported figures
    False: gettext_noop("although nothing is known about {names} on what you weigh"),
    True: gettext_noop("although nothing but reported figures is known about {names} on what you weigh"),
}
BECAUSE = {
    False: gettext_noop("because nothing is known about {names} on what you weigh"),
    True: gettext_noop("because nothing but reported figures is known about {names} on what you weigh"),
}


def headline(recommendation: Recommendation, names: Names) -> str:
    match recommendation.ending:
        case Ending.CLEAR | Ending.ONLY_ONE:
            return names.frameworks[recommendation.leader or ""]
        case Ending.CLOSE:
            return _("Too close to call")
        case Ending.NONE_LEFT if len(recommendation.ranking) == 1:
            return _("{name} is ruled out").format(name=names.frameworks[recommendation.ranking[0].framework])
        case Ending.NONE_LEFT:
            return _("None of them")
        case Ending.NO_EVIDENCE:
            return _("Not enough evidence")
    return _("Nothing chosen yet")


def eyebrow(recommendation: Recommendation, about: str, lead: Lead | None) -> str:
    """The line above the headline; `about` is the profile's name, or empty for the reader's own weights."""
    match recommendation.ending:
        case Ending.CLEAR:
            text = lead.alone_favour if lead and lead.lone_party else _("the evidence favours")
        case Ending.CLOSE:
            text = _("the evidence says")
        case Ending.ONLY_ONE:
            is_left = len(recommendation.ranking) > 1
            text = _("the only one left is") if is_left else _("the only one considered is")
        case _other:
            return about or _("Your own weights")
    return _("{about}: {text}").format(about=about, text=text) if about else text[:1].upper() + text[1:]


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
            text = ALTHOUGH[_is_reported(recommendation, recommendation.qualified[:1])]
            return _(text).format(names=_subjects(recommendation.qualified[:1], names))
        case Untested.RIVALS_UNKNOWN:
            text = BECAUSE[_is_reported(recommendation, recommendation.qualified[1:])]
            return _(text).format(names=_subjects(recommendation.qualified[1:], names))
        case Untested.ONE_CRITERION:
            return _("by {criterion} alone").format(
                criterion=join_quoted([names.criteria[recommendation.informative[0]]])
            )
    return ""


def _subjects(unknown: Sequence[RankedFramework], names: Names) -> str:
    return join_shortened([names.frameworks[ranked.framework] for ranked in unknown])


def _is_reported(recommendation: Recommendation, unknown: Sequence[RankedFramework]) -> bool:
    return _has_reported_figures(recommendation, [ranked.framework for ranked in unknown])


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
            text = _("{scores}. Anything within {margin} counts as a tie.")
            return text.format(scores=_tie(recommendation, names), margin=format_number(TIE_MARGIN))
        case Ending.ONLY_ONE if len(recommendation.ranking) > 1:
            return _("Every other framework fails a must-have, so there is nothing to compare it with.")
        case Ending.ONLY_ONE:
            return _("Only one framework is considered, so there is nothing to compare it with.")
        case Ending.NONE_LEFT:
            return _none_left(recommendation, names)
        case Ending.NO_EVIDENCE:
            return _no_evidence(recommendation, names)
    return _("Every criterion is ignored. Give at least one a weight, or begin with a kind of project.")


def _clear(recommendation: Recommendation, firmness: AnswerFirmness, lead: Lead | None, names: Names) -> str:
    first, second, *_rest = recommendation.qualified
    digits = decimals(recommendation.ending, [ranked.score for ranked in recommendation.qualified])
    scores = _("{a} vs {b}").format(a=score(first.score, digits), b=score(second.score, digits))
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
    apart = _("{gap} apart").format(gap=format_gap(gap, digits)) if gap > EPSILON else _("equal")
    return f"{', '.join(scores) if len(scores) == 2 else join_shortened(scores)}: {apart}"


def _none_left(recommendation: Recommendation, names: Names) -> str:
    if len(recommendation.ranking) > 1:
        return _("Every framework fails a must-have. Let go of one, or consider more frameworks.")
    (only,) = recommendation.ranking
    musts = join_quoted([names.criteria[slug] for slug in only.failed_musts])
    text = ngettext(
        "{name} fails the must-have {musts}; it was the only one considered. "
        "Let go of it, or consider more frameworks.",
        "{name} fails the must-haves {musts}; it was the only one considered. "
        "Let go of one, or consider more frameworks.",
        len(only.failed_musts),
    )
    return text.format(name=names.frameworks[only.framework], musts=musts)


def _no_evidence(recommendation: Recommendation, names: Names) -> str:
    considered = [names.frameworks[ranked.framework] for ranked in recommendation.ranking]
    is_short = len(considered) <= MAX_NAMED_FRAMEWORKS
    subjects = (
        join_names(considered, "or") if is_short else _("any of {count} frameworks").format(count=len(considered))
    )
    if _has_reported_figures(recommendation, recommendation.matrix.frameworks):
        text = _(
            "On what you weigh, sources only report figures without a method about {names}; these rank nothing. "
            "Weigh something else, or name a source."
        )
    else:
        text = _(
            "No source says anything about {names} on what you weigh, which is not a no. "
            "Weigh something else, or name a source."
        )
    return text.format(names=subjects)


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
            is_left = len(recommendation.ranking) > 1
            text = (_("{name}: the only one left.") if is_left else _("{name}: the only one considered.")).format(
                name=title
            )
        case Ending.NONE_LEFT if len(recommendation.ranking) > 1:
            text = _("{answer}: every framework fails a must-have.").format(answer=title)
        case _other:
            text = f"{title}."
    leading = [ranked for ranked in recommendation.ranking if ranked.framework == recommendation.leader]
    return " ".join([text, *(sentence for ranked in leading for sentence in open_must_haves(ranked, names))])


def _joined(title: str, basis: Sequence[str], firmness: AnswerFirmness, known: Sequence[str]) -> str:
    """Title, basis and firmness as one sentence if there is a word for the firmness, then what else to know."""
    sentences, title = firmness_sentences(firmness), ", ".join([title, *basis])
    if firmness.word:
        _holds, *sentences = sentences
        title = f"{title}{'; ' if basis else ', '}{firmness_clause(firmness)}"
    return " ".join([f"{title}.", *known, *sentences])


def _one_party_alone(lead: Lead | None) -> list[str]:
    return [lead.on_their_word] if lead and lead.lone_party else []


def score(value: float, digits: int = 2) -> str:
    """A score with a real minus sign and no plus sign."""
    return format_signed(value, digits).removeprefix("+")
