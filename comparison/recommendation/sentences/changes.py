"""Changes in words: what would lead to another answer."""

from collections.abc import Sequence

from comparison.evidence import EPSILON
from comparison.recommend import DecisionMatrix, Ending
from comparison.recommendation.sentences.reasons import WEIGHT_WORDS
from comparison.sensitivity.changes import SourceFlip, TogetherFlip, UnknownFlip, WeightFlip
from comparison.wording import Names, format_gap, join_quoted

MAX_WEIGHT_CHANGES = 4  # for each answer they lead to


def weight_change(flip: WeightFlip, names: Names) -> str:
    return f"“{names.criteria[flip.criterion]}” from {WEIGHT_WORDS[flip.before]} to {WEIGHT_WORDS[flip.after]}"


def weight_changes(flips: Sequence[WeightFlip], names: Names) -> list[tuple[str, str]]:
    """What single weights would change, grouped by the answer they lead to: (answer, changes).

    The smallest changes come first. Of the criteria that the reader ignores, those that do not fit are not counted.
    """
    by_answer: dict[str, list[WeightFlip]] = {}
    for flip in flips:
        by_answer.setdefault(outcome(flip, names), []).append(flip)
    return [(answer, _weight_change_list(members, names)) for answer, members in by_answer.items()]


def _weight_change_list(flips: Sequence[WeightFlip], names: Names) -> str:
    ordered = sorted(flips, key=lambda flip: (flip.size, not flip.before))
    texts = [weight_change(flip, names) for flip in ordered[:MAX_WEIGHT_CHANGES]]
    more = sum(flip.before > 0 for flip in ordered[MAX_WEIGHT_CHANGES:])
    return "; ".join([*texts, *([f"and {more} more"] if more else [])]) + "."


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
            return "there would not be enough evidence"
        case Ending.NOTHING_WEIGHED:
            return "nothing would be weighed"
    return "it would be too close to call"


def source_change(flip: SourceFlip, names: Names) -> str:
    """What follows "Without <source>, "."""
    gap = max(flip.gap, 0.0)
    apart = f"the first two {format_gap(gap)} apart" if gap > EPSILON else "the first two equal"
    return f"{outcome(flip, names)}{f', {apart}' * (flip.ending is Ending.CLOSE)}."


def unknown_change(flip: UnknownFlip | TogetherFlip, names: Names, matrix: DecisionMatrix) -> str:
    slugs = [flip.criterion] if isinstance(flip, UnknownFlip) else flip.criteria
    criteria = join_quoted([names.criteria[slug] for slug in slugs])
    name = names.frameworks[flip.framework]
    if all(matrix.verdicts[flip.framework, slug].reported for slug in slugs):
        unknown = f"{criteria} {'is' if len(slugs) == 1 else 'are'} only reported for {name}."
    else:
        unknown = f"Nothing is known about {criteria} for {name}."
    subject = "it turns" if len(slugs) == 1 else "all of them turn"
    end = "as good as possible" if flip.is_best else "as bad as possible"
    return f"{unknown} If {subject} out {end}, {outcome(flip, names)}."
