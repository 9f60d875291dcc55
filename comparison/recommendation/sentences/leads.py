"""What a lead is made of, in words: better or only better known, and which kinds of sources it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from comparison.evidence import strength
from comparison.leads import Basis, GapParts, gap_parts, rests_on
from comparison.recommend import Ending, Recommendation, counted_weights
from comparison.sensitivity.weight_draws import apportion
from comparison.vocabulary import gettext as _
from comparison.wording import Names, join_names

PRECISION = 1_000_000  # of shares, as whole numbers
BASIS_WORDS = {
    Basis.MEASUREMENT: gettext_noop("measurements"),
    Basis.DOCUMENTATION: gettext_noop("documentation"),
    Basis.INDEPENDENT: gettext_noop("independent articles"),
    Basis.VENDOR: gettext_noop("vendor articles"),
    Basis.MAKERS: gettext_noop("makers on their own work"),
}


def basis_percents(rests_on: Mapping[Basis, float]) -> list[tuple[Basis, int]]:
    """The kinds of sources with their shares as percentages that add up to 100; empty without shares."""
    kinds = [kind for kind in BASIS_WORDS if rests_on.get(kind)]
    return list(zip(kinds, apportion(100, [round(rests_on[kind] * PRECISION) for kind in kinds]), strict=True))


def basis_words(rests_on: Mapping[Basis, float]) -> str:
    """“documentation (70%) and measurements (30%)”; empty without shares."""
    named = [f"{_(BASIS_WORDS[kind])} ({percent}%)" for kind, percent in basis_percents(rests_on)]
    return join_names(named) if named else ""


@dataclass(frozen=True)
class Lead:
    """The lead of the first framework over the second. `rests_on` has shares that add up to 1, or is empty."""

    first: str
    second: str
    parts: GapParts
    rests_on: Mapping[Basis, float]
    knows_more_of_first: bool

    @property
    def is_better_known(self) -> bool:
        return self.parts.is_better_known

    @property
    def is_vendors_alone(self) -> bool:
        return set(self.rests_on) == {Basis.VENDOR}

    @property
    def is_makers_alone(self) -> bool:
        return set(self.rests_on) == {Basis.MAKERS}

    @property
    def lone_party(self) -> str:
        """Who alone speaks for the lead: “vendors” or “makers”; empty if others do too."""
        return "vendors" if self.is_vendors_alone else "makers" if self.is_makers_alone else ""

    @property
    def alone_favour(self) -> str:
        return _("vendors alone favour") if self.is_vendors_alone else _("makers alone favour")

    @property
    def on_their_word(self) -> str:
        return _("on the word of vendors alone") if self.is_vendors_alone else _("on the word of makers alone")

    def better_known_sentences(self, names: Names) -> list[str]:
        """One sentence if most of the lead comes from knowing more or less about the first, otherwise none."""
        if not self.is_better_known:
            return []
        if self.knows_more_of_first:
            text = _("More is known about {name}; that is not the same as being better.")
        else:
            text = _("Less is known about {name}; that is not the same as being better.")
        return [text.format(name=names.frameworks[self.first])]


def lead_of(recommendation: Recommendation) -> Lead | None:
    """The lead of the first qualified framework over the second; None if no framework leads another."""
    if recommendation.ending is not Ending.CLEAR:
        return None
    first, second = (ranked.framework for ranked in recommendation.qualified[:2])
    return Lead(
        first,
        second,
        gap_parts(recommendation, first, second),
        rests_on(recommendation, first, second),
        _known(recommendation, first) > _known(recommendation, second),
    )


def _known(recommendation: Recommendation, framework: str) -> float:
    """How much is known about a framework on what is weighed: the sum of weight × strength."""
    matrix = recommendation.matrix
    index = matrix.frameworks.index(framework)
    cells = [
        (weight, matrix.scores[slug][index]) for slug, weight in counted_weights(matrix, recommendation.weights).items()
    ]
    return sum(weight * strength(cell.weight) for weight, cell in cells if cell)
