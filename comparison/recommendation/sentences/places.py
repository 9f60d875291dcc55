"""Why each framework has its place in the ranking, in a sentence."""

from django.utils.translation import gettext_noop

from comparison.evidence import EPSILON
from comparison.recommend import Ending, RankedFramework, Recommendation, is_clearly_ahead, reasons
from comparison.vocabulary import gettext as _
from comparison.wording import Names, format_gap, join_quoted

MAX_NAMED_CRITERIA = 2  # beside each neighbour in the ranking
MAX_PLACES = 10  # explained on one page
NOTHING_KNOWN = gettext_noop("Nothing is known about it on what you weigh.")


def place_sentences(recommendation: Recommendation, names: Names) -> dict[str, str]:
    """By slug: what puts a framework behind the one above it, and ahead of the one below.

    Only for the first MAX_PLACES that fail no must-have; empty if the evidence does not rank them.
    """
    if recommendation.ending not in (Ending.CLEAR, Ending.CLOSE):
        return {}
    qualified = recommendation.qualified
    result = {}
    for index, ranked in enumerate(qualified[:MAX_PLACES]):
        if not ranked.coverage:
            result[ranked.framework] = _(NOTHING_KNOWN)
            continue
        clauses = [_clause(False, recommendation, qualified[index - 1], ranked, names)] if index else []
        if index + 1 < len(qualified):
            clauses.append(_clause(True, recommendation, ranked, qualified[index + 1], names))
        sentence = "; ".join(clauses)
        result[ranked.framework] = f"{sentence[:1].upper()}{sentence[1:]}."
    return result


def _clause(
    is_ahead: bool, recommendation: Recommendation, upper: RankedFramework, lower: RankedFramework, names: Names
) -> str:
    """How one framework stands to its neighbour: “behind X by 0.12, most by “Forms””."""
    neighbour = names.frameworks[lower.framework if is_ahead else upper.framework]
    gap = upper.score - lower.score
    if gap < EPSILON:
        return _("level with {name}").format(name=neighbour)
    found = reasons(recommendation, upper.framework, lower.framework)[:MAX_NAMED_CRITERIA]
    text = _("ahead of {name} by {gap}") if is_ahead else _("behind {name} by {gap}")
    clause = text.format(name=neighbour, gap=format_gap(gap))
    if not is_clearly_ahead(upper.score, lower.score):
        clause = _("{clause}, too close to call").format(clause=clause)
    if found:
        criteria = join_quoted([names.criteria[reason.criterion] for reason in found])
        clause = _("{clause}, most by {criteria}").format(clause=clause, criteria=criteria)
    return clause
