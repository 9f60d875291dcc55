"""A ranking as a page draws it: ranks, scores and what each criterion adds. The answer may be live or stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.evidence import State
from comparison.leads import Basis
from comparison.recommend import Ending, MustStatus, is_clearly_ahead
from comparison.recommendation.sentences.headlines import decimals, score
from comparison.recommendation.sentences.leads import basis_words
from comparison.tables.svg import contribution_bar, pips, score_bar
from comparison.vocabulary import gettext as _
from comparison.wording import Names, format_share, format_signed, label

MAX_COLUMNS = 4
MUST_STYLES = {  # style and icon
    MustStatus.MET: ("met", "i-check"),
    MustStatus.FAILED: ("unmet", "i-cross"),
    MustStatus.DOUBTFUL: ("unknown", "s-disputed"),
    MustStatus.UNKNOWN: ("unknown", "s-none"),
}
STATE_ICONS = {State.DISPUTED: "s-disputed", State.ONE_SOURCE: "s-one"}
MISSING_WORDS = {
    State.NO_EVIDENCE: gettext_noop("no evidence"),
    State.NOT_APPLICABLE: gettext_noop("not applicable"),
}
REPORTED = gettext_noop("only reported")


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one criterion adds to one framework's score: its weight × position × strength, by the sum of the weights.

    `position` is None if nothing is known or ranked, and in answers stored by the earlier rules. `missing` says why
    there is nothing to add; it is empty if there is something.
    """

    criterion: str
    weight: int
    contribution: float
    state: State
    missing: str
    position: float | None = None
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class FrameworkScore:
    """A ranked framework as data; `musts` holds (criterion, status, verdict's word) for each must-have."""

    framework: str
    score: float
    coverage: float
    failed: bool
    musts: Sequence[tuple[str, MustStatus, str]]
    parts: Sequence[ScorePart]
    rests_on: Mapping[Basis, float] = field(default_factory=dict)  # shares of the kinds of sources; may be empty
    place: str = ""  # a sentence: why it stands behind the one above it, and ahead of the one below


@dataclass(frozen=True, slots=True)
class MustCell:
    """How a framework does on a must-have."""

    css: str
    icon: str
    criterion: str
    word: str  # the verdict

    @property
    def text(self) -> str:
        return _("Must have “{criterion}”: {word}").format(criterion=self.criterion, word=self.word)


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A ranked framework in words, as a template draws it."""

    rank: str
    name: str
    url: str
    score: str
    bar: SafeString
    coverage: str
    musts: Sequence[MustCell]
    ruled_out: bool
    rests_on: str  # see rests_on_words
    place: str


@dataclass(frozen=True, slots=True)
class ContributionCell:
    framework: str
    bar: SafeString
    number: str  # or what is missing
    product: str  # position × strength; empty if unknown
    icon: str
    state: str


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One criterion's row of the table of contributions."""

    name: str
    url: str
    weight: int
    pips: SafeString
    cells: Sequence[ContributionCell]
    gap: float


def scale(amounts: Iterable[float]) -> tuple[float, float]:
    """The lowest and the highest of some numbers that are drawn as bars from zero."""
    numbers = [0.0, *amounts]
    return min(numbers), max(numbers)


def rests_on_words(shares: Mapping[Basis, float]) -> str:
    """“Rests on documentation (70%) and measurements (30%)”; empty without shares."""
    words = basis_words(shares)
    return _("Rests on {sources}").format(sources=words) if words else ""


@dataclass(frozen=True)
class Ranking:
    """Draws scores in their order. The two functions map a slug to a URL; an empty URL is drawn without a link."""

    scores: Sequence[FrameworkScore]
    ending: Ending
    leader: str | None
    names: Names
    framework_url: Callable[[str], str]
    row_url: Callable[[str], str]

    def rows(self) -> list[RankedRow]:
        low, high = scale(row.score for row in self.scores)
        digits = decimals(self.ending, [row.score for row in self.scores if not row.failed])
        return [
            RankedRow(
                rank=self._rank(row, number),
                name=self.names.frameworks[row.framework],
                url=self.framework_url(row.framework),
                score=score(row.score, digits),
                bar=score_bar(row.score, low, high, score(row.score, digits), best=row.framework == self.leader),
                coverage=f"{row.coverage:.0%}",
                musts=[MustCell(*MUST_STYLES[must], self.names.criteria[slug], word) for slug, must, word in row.musts],
                ruled_out=row.failed,
                rests_on=rests_on_words(row.rests_on),
                place=row.place,
            )
            for number, row in enumerate(self.scores, 1)
        ]

    def _rank(self, row: FrameworkScore, number: int) -> str:
        if row.failed:
            return "–"
        has_no_leader = self.ending in (Ending.CLOSE, Ending.NO_EVIDENCE, Ending.NOTHING_WEIGHED)
        return "=" if has_no_leader and not is_clearly_ahead(self.scores[0].score, row.score) else str(number)

    def musts(self) -> list[tuple[str, str]]:
        """The must-haves, in the order of each row's: their names and URLs, which may be empty."""
        slugs = [slug for slug, _, _ in self.scores[0].musts] if self.scores else []
        return [(self.names.criteria[slug], self.row_url(slug)) for slug in slugs]

    @property
    def columns(self) -> Sequence[FrameworkScore]:
        return self.scores[:MAX_COLUMNS]

    def contributions(self) -> list[ContributionRow]:
        """What each criterion adds, widest gap first; for a single framework, what adds or takes most."""
        if not self.columns:
            return []
        low, high = scale(part.contribution for column in self.columns for part in column.parts)
        by_criterion = zip(*(column.parts for column in self.columns), strict=True)
        rows = [self._contribution_row(parts, low, high) for parts in by_criterion]
        return sorted(rows, key=lambda row: (-row.gap, row.name))

    def _contribution_row(self, parts: Sequence[ScorePart], low: float, high: float) -> ContributionRow:
        slug, weight = parts[0].criterion, parts[0].weight
        amounts = [part.contribution for part in parts]
        return ContributionRow(
            name=self.names.criteria[slug],
            url=self.row_url(slug),
            weight=weight,
            pips=pips(weight),
            cells=[
                self._cell(column.framework, part, low, high) for column, part in zip(self.columns, parts, strict=True)
            ],
            gap=round(max(amounts) - min(amounts) if amounts[1:] else abs(amounts[0]), 4),  # as stored answers round it
        )

    def _cell(self, framework: str, part: ScorePart, low: float, high: float) -> ContributionCell:
        number = _(part.missing) if part.missing else format_signed(part.contribution)
        product = "" if part.position is None else f"{format_signed(part.position)} × {format_share(part.strength)}"
        return ContributionCell(
            framework=self.names.frameworks[framework],
            bar=contribution_bar(None if part.missing else part.contribution, low, high, number),
            number=number,
            product=product,
            icon=STATE_ICONS.get(part.state, ""),
            state=label(part.state),
        )
