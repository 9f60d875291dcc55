"""Changes in words: what would lead to another answer."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from comparison.evidence import EPSILON
from comparison.recommend import DecisionMatrix, Ending
from comparison.recommendation.sentences.reasons import WEIGHT_WORDS
from comparison.sensitivity.changes import SourceFlip, TogetherFlip, UnknownFlip, WeightFlip
from comparison.vocabulary import gettext as _
from comparison.wording import Names, format_gap, join_quoted

MAX_WEIGHT_CHANGES = 4  # for each answer they lead to


def weight_change(flip: WeightFlip, names: Names) -> str:
    before, after = _(WEIGHT_WORDS[flip.before]), _(WEIGHT_WORDS[flip.after])
    text = _("“{criterion}” from {before} to {after}")
    return text.format(criterion=names.criteria[flip.criterion], before=before, after=after)


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
    return "; ".join([*texts, *([_("and {count} more").format(count=more)] if more else [])]) + "."


def outcome(flip: WeightFlip | SourceFlip | UnknownFlip | TogetherFlip, names: Names) -> str:
    """The answer a change leads to, as a clause."""
    match flip.ending:
        case Ending.CLEAR:
            return _("{name} would lead").format(name=names.frameworks[flip.answer or ""])
        case Ending.ONLY_ONE:
            return _("{name} would be the only one left").format(name=names.frameworks[flip.answer or ""])
        case Ending.NONE_LEFT:
            return _("every framework would be ruled out")
        case Ending.NO_EVIDENCE:
            return _("there would not be enough evidence")
        case Ending.NOTHING_WEIGHED:
            return _("nothing would be weighed")
    return _("it would be too close to call")


def source_change(flip: SourceFlip, title: str, names: Names) -> str:
    """What would be without a source of this title."""
    gap = max(flip.gap, 0.0)
    if flip.ending is not Ending.CLOSE:
        text = _("Without “{title}”, {outcome}.")
    elif gap > EPSILON:
        text = _("Without “{title}”, {outcome}, the first two {gap} apart.")
    else:
        text = _("Without “{title}”, {outcome}, the first two equal.")
    return text.format(title=title, outcome=outcome(flip, names), gap=format_gap(gap))


def unknown_change(flip: UnknownFlip | TogetherFlip, names: Names, matrix: DecisionMatrix) -> str:
    slugs = [flip.criterion] if isinstance(flip, UnknownFlip) else flip.criteria
    criteria = join_quoted([names.criteria[slug] for slug in slugs])
    name = names.frameworks[flip.framework]
    if all(matrix.verdicts[flip.framework, slug].reported for slug in slugs):
        unknown = ngettext(
            "{criteria} is only reported for {name}.", "{criteria} are only reported for {name}.", len(slugs)
        )
    else:
        unknown = _("Nothing is known about {criteria} for {name}.")
    if flip.is_best:
        end = ngettext(
            "If it turns out as good as possible, {outcome}.",
            "If all of them turn out as good as possible, {outcome}.",
            len(slugs),
        )
    else:
        end = ngettext(
            "If it turns out as bad as possible, {outcome}.",
            "If all of them turn out as bad as possible, {outcome}.",
            len(slugs),
        )
    return f"{unknown.format(criteria=criteria, name=name)} {end.format(outcome=outcome(flip, names))}"
