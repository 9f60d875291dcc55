"""What is not known on what is weighed, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.evidence import Kind
from comparison.recommend import Recommendation
from comparison.vocabulary import gettext as _
from comparison.wording import Names, join_shortened


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """A weighed criterion and the frameworks without a value: nothing is known, or figures are only reported.

    `lone_figure` is the only framework with a figure, which alone ranks nothing; empty for other criteria.
    """

    criterion: str
    unknown: Sequence[str]
    reported: Sequence[str] = ()
    lone_figure: str = ""


def missing_evidence(recommendation: Recommendation) -> list[MissingEvidence]:
    """The weighed criteria on which some framework has nothing to rank it by."""
    matrix, result = recommendation.matrix, []
    for slug in sorted(recommendation.weights.counted.keys() & matrix.values.keys()):
        cells = list(zip(matrix.frameworks, matrix.values[slug], strict=True))
        known = [name for name, value in cells if value is not None]
        without = [name for name, value in cells if value is None and (name, slug) not in matrix.not_applicable]
        reported = [name for name in without if matrix.verdicts[name, slug].reported]
        is_lone = matrix.by_slug[slug].kind is Kind.FIGURE and len(known) == 1
        if without or (is_lone and len(matrix.frameworks) == 1):
            unknown = [name for name in without if name not in reported]
            result.append(MissingEvidence(slug, unknown, reported, known[0] if is_lone else ""))
    return result


def missing_words(missing: MissingEvidence, names: Names) -> str:
    """What follows the name of the criterion."""
    clauses = []
    if missing.reported:
        frameworks = join_shortened([names.frameworks[slug] for slug in missing.reported])
        clauses.append(_("reported without a method for {names}; it ranks nothing").format(names=frameworks))
    if missing.unknown:
        frameworks = join_shortened([names.frameworks[slug] for slug in missing.unknown])
        clauses.append(_("no evidence on {names}, which is not a no").format(names=frameworks))
    if missing.lone_figure:
        text = _("one figure, for {name}, ranks nothing without another")
        clauses.append(text.format(name=names.frameworks[missing.lone_figure]))
    return "; ".join(clauses)
