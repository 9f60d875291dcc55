"""A ranking as a page draws it: places, scores and what each criterion adds. From an answer of today or a kept one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from comparison.evidence import State
from comparison.recommend import Ending, Must, ahead
from comparison.recommendation.sentences import decimals, score
from comparison.sensitivity import Firmness, shared_out
from comparison.tables.svg import contribution_bar, firmness_bar, pips, score_bar
from comparison.wording import Names, label, signed

MAX_COLUMNS = 4
MUST_LOOKS = {  # style and icon
    Must.MET: ("met", "i-check"),
    Must.FAILED: ("unmet", "i-cross"),
    Must.UNKNOWN: ("unknown", "s-none"),
}
SIGNS = {State.DISPUTED: "s-disputed", State.ONE_SOURCE: "s-one"}
SILENT = {State.NO_EVIDENCE: "no evidence", State.NOT_APPLICABLE: "not applicable"}


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion adds to one framework's score."""

    criterion: str
    weight: int
    contribution: float
    state: State


@dataclass(frozen=True, slots=True)
class Place:
    """A framework's place in a ranking; `musts` has a must-have's slug, how it stands, and the verdict's word."""

    framework: str
    score: float
    coverage: float
    failed: bool
    musts: Sequence[tuple[str, Must, str]]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Ranked:
    place: str
    name: str
    address: str
    score: str
    bar: SafeString
    coverage: str
    musts: Sequence[tuple[str, str, str]]  # style, icon, words
    out: bool


@dataclass(frozen=True, slots=True)
class Cell:
    framework: str
    bar: SafeString
    number: str
    silent: bool
    sign: str
    state: str


@dataclass(frozen=True, slots=True)
class Added:
    """One criterion's row of the table of contributions."""

    name: str
    address: str
    weight: int
    pips: SafeString
    cells: Sequence[Cell]
    gap: float


@dataclass(frozen=True)
class Ranking:
    """Addresses are asked for by slug; an empty one is drawn without a link."""

    places: Sequence[Place]
    ending: Ending
    leader: str | None
    names: Names
    framework_address: Callable[[str], str]
    row_address: Callable[[str], str]

    def ranked(self) -> list[Ranked]:
        tied = self.ending in (Ending.CLOSE, Ending.NO_EVIDENCE, Ending.NOTHING_WEIGHED)
        largest = max((abs(one.score) for one in self.places), default=1.0) or 1.0
        places = decimals(self.ending, [one.score for one in self.places if not one.failed])
        found = []
        for number, one in enumerate(self.places, 1):
            equal = tied and not one.failed and not ahead(self.places[0].score, one.score)
            musts = [
                (*MUST_LOOKS[must], f"Must have “{self.names.criteria[slug]}”: {said}")
                for slug, must, said in one.musts
            ]
            found.append(
                Ranked(
                    place="–" if one.failed else "=" if equal else str(number),
                    name=self.names.frameworks[one.framework],
                    address=self.framework_address(one.framework),
                    score=score(one.score, places),
                    bar=score_bar(one.score, largest, best=one.framework == self.leader),
                    coverage=f"{one.coverage:.0%}".replace("%", " %"),
                    musts=musts,
                    out=one.failed,
                )
            )
        return found

    @property
    def columns(self) -> Sequence[Place]:
        return self.places[:MAX_COLUMNS]

    def added(self) -> list[Added]:
        """What each criterion adds, widest gap first (of one framework: what adds or takes most)."""
        if not self.columns:
            return []
        spans = [part.contribution for one in self.columns for part in one.parts]
        low, high = min(0.0, *spans, 0.0), max(0.0, *spans, 0.0)
        rows = []
        for parts in zip(*(one.parts for one in self.columns), strict=True):
            slug, weight = parts[0].criterion, parts[0].weight
            cells = [self._cell(one, part, low, high) for one, part in zip(self.columns, parts, strict=True)]
            amounts = [part.contribution for part in parts]
            name, gap = self.names.criteria[slug], max(amounts) - min(amounts) if amounts[1:] else abs(amounts[0])
            rows.append(Added(name, self.row_address(slug), weight, pips(weight), cells, gap))
        return sorted(rows, key=lambda row: (-row.gap, row.name))

    def _cell(self, one: Place, part: Part, low: float, high: float) -> Cell:
        silent = SILENT.get(part.state)
        return Cell(
            framework=self.names.frameworks[one.framework],
            bar=contribution_bar(part.contribution, low, high, known=not silent),
            number=silent or signed(part.contribution),
            silent=bool(silent),
            sign=SIGNS.get(part.state, ""),
            state=label(part.state),
        )


@dataclass(frozen=True, slots=True)
class FirmnessView:
    bar: SafeString
    shares: Sequence[tuple[str, int, str]]  # words, percent, style
    firm: Firmness
    first: str
    ahead: int  # of 100, where nobody scores higher than the first; 0 where that says nothing more


def firmness_view(firm: Firmness, first: str, names: Names) -> FirmnessView:
    """How nearby weightings are shared out; `first` is who is ranked first among those that qualify."""
    others = sorted(((slug, count) for slug, count in firm.favour.items() if slug != first), key=lambda one: -one[1])
    own, rest = firm.holds(first), [firm.close, *(count for _, count in others)]
    percents = shared_out(100 - own, rest)
    shares = [(names.frameworks[first], own, "best"), ("too close to call", percents[0], "between")]
    for (slug, count), percent in zip(others, percents[1:], strict=True):
        if count:
            shares.append((names.frameworks[slug], percent, "other"))
    ahead_in = firm.percent(firm.ahead)
    return FirmnessView(firmness_bar(shares), shares, firm, names.frameworks[first], ahead_in if ahead_in > own else 0)
