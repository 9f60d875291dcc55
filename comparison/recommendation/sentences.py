"""Recommendations in words. Pure functions over the arithmetic's results; each returns whole sentences or clauses.

Criteria are quoted: some are situations or plurals, such as “You cannot decide” or “Secure cookies”.
"""

from collections.abc import Sequence

from comparison.evidence import EPSILON, Kind, State
from comparison.recommend import (
    MAX_WEIGHT,
    TIE_MARGIN,
    Ending,
    RankedFramework,
    Reason,
    Recommendation,
    is_clearly_ahead,
)
from comparison.sensitivity import Firmness, SourceFlip, TogetherFlip, UnknownFlip, WeightFlip
from comparison.wording import Names, format_gap, format_signed, join_names, join_quoted, join_shortened

MIN_FIRM_SHARE = 0.9
MIN_FAIRLY_FIRM_SHARE = 0.7
MIN_SHOWN_GAP = 0.005  # a smaller gap is written as "less than 0.01"
MAX_NAMED_FRAMEWORKS = 4  # with more frameworks, must-haves are summed up by criterion
MAX_WEIGHT_CHANGES = 4  # for each answer they lead to
MAX_SUMMED_MUSTS = 5
WEIGHT_WORDS = ("ignored", "nice to have", "important", "essential")


def headline(recommendation: Recommendation, names: Names) -> str:
    match recommendation.ending:
        case Ending.CLEAR | Ending.ONLY_ONE:
            return names.frameworks[recommendation.leader or ""]
        case Ending.CLOSE:
            return "Too close to call"
        case Ending.NONE_LEFT:
            return "None of them"
        case Ending.NO_EVIDENCE:
            return "Nobody knows"
    return "Nothing weighs yet"


def eyebrow(recommendation: Recommendation, about: str) -> str:
    """The line above the headline; `about` is the profile's name, or empty for the reader's own weights."""
    prefix = f"{about}: " if about else ""
    favours = "the evidence favours" if recommendation.ending is Ending.CLEAR else "the evidence says"
    if recommendation.ending is Ending.ONLY_ONE:
        favours = "what is left is" if len(recommendation.ranking) > 1 else "the only one considered is"
    text = f"{prefix}{favours}"
    return text if about else text[:1].upper() + text[1:]


def firm_word(share: float) -> str:
    """A word for the share of nearby weightings, 0 … 1, that clearly favour the leader."""
    return "firm" if share >= MIN_FIRM_SHARE else "fairly firm" if share >= MIN_FAIRLY_FIRM_SHARE else "narrowly"


def untested_reason(recommendation: Recommendation, names: Names) -> str:
    """Why other weights could hardly change a clear answer, so that firmness means nothing; empty if they could."""
    if recommendation.ending is not Ending.CLEAR:
        return ""
    first, *others = recommendation.qualified
    if not first.coverage:
        return "though nothing that you weigh is known of it"
    if not any(row.coverage for row in others):
        return "for want of evidence on any other"
    informative = recommendation.informative
    return f"by {join_quoted([names.criteria[informative[0]]])} alone" if len(informative) == 1 else ""


def firmness_clause(leader: str, firmness: Firmness) -> str:
    word = firm_word(firmness.share(leader))
    return f"{word}: it holds in {firmness.percent_favouring(leader)} of 100 nearby weightings"


def standfirst(recommendation: Recommendation, firmness: Firmness | None, names: Names) -> str:
    """What the headline rests on, in one or two sentences."""
    first, second, *_ = [*recommendation.qualified, None, None]
    match recommendation.ending:
        case Ending.CLEAR if first and second and firmness:
            digits = decimals(recommendation.ending, [row.score for row in recommendation.qualified])
            against = f"{score(first.score, digits)} against {score(second.score, digits)}"
            if reason := untested_reason(recommendation, names):
                return f"{against}, {reason}."
            return f"{against}. {firmness_clause(first.framework, firmness).capitalize()}."
        case Ending.CLOSE:
            return f"{_tie(recommendation, names)}, and anything within {TIE_MARGIN} is a tie."
        case Ending.ONLY_ONE if len(recommendation.ranking) > 1:
            return "It is the only one that no must-have rules out, so there is nothing to compare it with."
        case Ending.ONLY_ONE:
            return "Only one framework is considered, so there is nothing to compare it with."
        case Ending.NONE_LEFT:
            return "Every framework fails at least one must-have. Let go of one, or consider more frameworks."
        case Ending.NO_EVIDENCE:
            return _no_evidence(recommendation, names)
    return "Every criterion is ignored. Give at least one a weight, or begin with a kind of project."


def _tie(recommendation: Recommendation, names: Names) -> str:
    """The tied frameworks with their scores, and the distance between the first and the last."""
    tied = recommendation.tied
    digits = decimals(recommendation.ending, [row.score for row in recommendation.qualified])
    scores = [f"{names.frameworks[row.framework]} {score(row.score, digits)}" for row in tied]
    gap = max(tied[0].score - tied[-1].score, 0.0)
    apart = f"{format_gap(gap, digits)} apart" if gap > EPSILON else "equal"
    return f"{', '.join(scores) if len(scores) == 2 else join_shortened(scores)}: {apart}"


def _no_evidence(recommendation: Recommendation, names: Names) -> str:
    considered = [names.frameworks[row.framework] for row in recommendation.ranking]
    is_short = len(considered) <= MAX_NAMED_FRAMEWORKS
    subjects = join_names(considered, "or") if is_short else f"any of {len(considered)} frameworks"
    not_a_no = "That is not a no; weigh something else, or name a source."
    return f"No source speaks of anything that you weigh about {subjects}. {not_a_no}"


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


def one_sentence(recommendation: Recommendation, firmness: Firmness | None, names: Names) -> str:
    """The whole answer in one line, as a card shows it."""
    title = headline(recommendation, names)
    if recommendation.ending is Ending.CLEAR and firmness:
        reason = untested_reason(recommendation, names)
        return f"{title}, {reason or firmness_clause(recommendation.leader or '', firmness)}."
    if recommendation.ending is Ending.ONLY_ONE:
        return f"{title}: the only one {'left' if len(recommendation.ranking) > 1 else 'considered'}."
    return f"{title}."


def score(value: float, digits: int = 2) -> str:
    """A score with a real minus sign and no plus sign."""
    return format_signed(value, digits).removeprefix("+")


def missing_note(name: str, not_applicable: bool) -> str:
    """Says that a framework has no value on a criterion, to be shown beside the criterion's name."""
    return f"it does not apply to {name}" if not_applicable else f"nothing is known of {name}"


def reason_note(reason: Reason, names: Names) -> str:
    """The note to a reason that rests on a missing value; empty if both frameworks have one."""
    if not reason.missing_for:
        return ""
    return missing_note(names.frameworks[reason.missing_for], reason.not_applicable)


def rival_caution(reason: Reason, names: Names) -> str:
    """The caution for a reason that favours a rival over the leader."""
    leader, note = names.frameworks[reason.other], reason_note(reason, names)
    if not note:
        clause = f"there {leader} is behind"
    elif reason.missing_for == reason.other:
        clause = note if reason.not_applicable else f"there {note}"
    else:
        clause = f"there the evidence is against {leader}, and {note}"
    name = f"“{names.criteria[reason.criterion]}”"
    if reason.weight == MAX_WEIGHT:
        return f"{name} matters more to you than all else: {clause}."
    return f"You care more about {name} than the weights say: {clause}."


def must_have_caution(row: RankedFramework, slug: str, names: Names) -> str:
    """The caution for a must-have that a framework neither clearly meets nor clearly fails."""
    disputed = row.matrix.verdicts[row.framework, slug].state is State.DISPUTED
    framework, criterion = names.frameworks[row.framework], f"“{names.criteria[slug]}”"
    match names.kinds.get(slug):
        case Kind.FEATURE:
            question = f"whether {framework} has {criterion}"
        case Kind.FIT:
            question = f"whether {framework} suits {criterion}"
        case _:
            question = f"how {framework} does on {criterion}"
    return f"You must be sure: {'sources dispute' if disputed else 'nothing says'} {question}."


def weight_change(flip: WeightFlip, names: Names) -> str:
    return f"“{names.criteria[flip.criterion]}” from {WEIGHT_WORDS[flip.before]} to {WEIGHT_WORDS[flip.after]}"


def weight_changes(flips: Sequence[WeightFlip], names: Names) -> list[tuple[str, str]]:
    """What single weights would change, grouped by the answer they lead to: (answer, changes)."""
    by_answer: dict[str, list[str]] = {}
    for flip in flips:
        by_answer.setdefault(outcome(flip, names), []).append(weight_change(flip, names))
    return [(answer, f"{_semicolons(changes)}.") for answer, changes in by_answer.items()]


def _semicolons(changes: Sequence[str]) -> str:
    more = len(changes) - MAX_WEIGHT_CHANGES
    return "; ".join(changes[:MAX_WEIGHT_CHANGES]) + (f"; and {more} more" if more > 0 else "")


def outcome(flip: WeightFlip | SourceFlip | UnknownFlip | TogetherFlip, names: Names) -> str:
    """The answer a change leads to, as a clause."""
    match flip.ending:
        case Ending.CLEAR:
            return f"{names.frameworks[flip.answer or '']} would lead"
        case Ending.ONLY_ONE:
            return f"{names.frameworks[flip.answer or '']} would be the only one left"
        case Ending.NONE_LEFT:
            return "every framework would be ruled out"
        case Ending.NO_EVIDENCE:
            return "nobody would know"
        case Ending.NOTHING_WEIGHED:
            return "nothing would weigh"
    return "it would be too close to call"


def source_change(flip: SourceFlip, names: Names) -> str:
    """What follows "Without <source> "."""
    gap = max(flip.gap, 0.0)
    apart = f"the first two {format_gap(gap)} apart" if gap > EPSILON else "the first two equal"
    return f"{outcome(flip, names)}{f', {apart}' * (flip.ending is Ending.CLOSE)}."


def unknown_change(flip: UnknownFlip | TogetherFlip, names: Names) -> str:
    slugs = [flip.criterion] if isinstance(flip, UnknownFlip) else flip.criteria
    criteria = join_quoted([names.criteria[slug] for slug in slugs])
    unknown = f"Nothing is known of {criteria} in {names.frameworks[flip.framework]}."
    subject = "that" if len(slugs) == 1 else "all of that"
    end = "as good as can be" if flip.is_best else "as bad as can be"
    return f"{unknown} If {subject} turns out {end}, {outcome(flip, names)}."


def must_have_summary(recommendation: Recommendation, names: Names) -> str:
    """Which frameworks fail must-haves or leave them open, in a few sentences; empty without must-haves."""
    slugs = list(dict.fromkeys(slug for row in recommendation.ranking for slug in row.musts))
    if not slugs:
        return ""
    if len(recommendation.ranking) <= MAX_NAMED_FRAMEWORKS:
        sentences = [sentence for row in recommendation.ranking for sentence in _musts_of(row, names)]
    else:
        sentences = _musts_by_criterion(recommendation, slugs, names)
    return " ".join(sentences) or "Every framework meets every must-have, as far as is known."


def _musts_of(row: RankedFramework, names: Names) -> list[str]:
    """The must-haves that one framework fails or leaves open."""
    states = {slug: row.matrix.verdicts[row.framework, slug].state for slug in row.unknown_musts}
    disputed = [names.criteria[slug] for slug, state in states.items() if state is State.DISPUTED]
    unknown = [names.criteria[slug] for slug, state in states.items() if state is not State.DISPUTED]
    name = names.frameworks[row.framework]
    subject = f"{name}, which would be out if it failed there"
    sentences = []
    if row.failed_musts:
        sentences.append(f"{name} fails {join_quoted([names.criteria[slug] for slug in row.failed_musts])}.")
    if unknown:
        sentences.append(f"Nothing is known of {join_quoted(unknown)} in {subject}.")
    if disputed:
        sentences.append(f"Sources dispute {join_quoted(disputed)} in {subject}.")
    return sentences


def _musts_by_criterion(recommendation: Recommendation, slugs: Sequence[str], names: Names) -> list[str]:
    sentences = []
    for slug in slugs:
        failed = [names.frameworks[row.framework] for row in recommendation.ranking if slug in row.failed_musts]
        unknown = [names.frameworks[row.framework] for row in recommendation.ranking if slug in row.unknown_musts]
        clauses = [f"{join_shortened(failed)} {'fails' if len(failed) == 1 else 'fail'} it"] if failed else []
        clauses += [f"of {join_shortened(unknown)} it is not settled"] if unknown else []
        if clauses:
            sentences.append(f"“{names.criteria[slug]}”: {'; '.join(clauses)}.")
    more = len(sentences) - MAX_SUMMED_MUSTS
    tail = [f"{more} more must-have{'s' * (more > 1)} in the ranking."] if more > 0 else []
    return sentences[:MAX_SUMMED_MUSTS] + tail
