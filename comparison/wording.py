"""Verdicts in words and numbers. Pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor, log10

from comparison.evidence import EPSILON, PART_AND_MORE, Finding, Kind, SourceKind, State, Support, Verdict
from comparison.row_outcomes import MIN_LEAD, Outcome, OutcomeReason, RowResult

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"

LABELS: dict[StrEnum, str] = {
    Support.BUILT_IN: "Built in",
    Support.EXTENSION: "By extension",
    Support.PARTIAL: "In part",
    Support.NONE: "None",
    SourceKind.DOCUMENTATION: "Documentation",
    SourceKind.MEASUREMENT: "Measurement",
    SourceKind.METADATA: "Index metadata",
    SourceKind.INDEPENDENT: "Independent article",
    SourceKind.VENDOR: "Vendor article",
}
SHORT_SOURCE_KINDS = {SourceKind.INDEPENDENT: "independent", SourceKind.VENDOR: "vendor"}
STRONG_FROM, GOOD_FROM = 0.75, 0.25  # the lowest positions with these words; below 0 they mirror them
RATING_WORDS = ("Strong", "Good", "Middling", "Weak", "Poor")
FIT_WORDS = ("Well suited", "Suited", "Neither way", "Little suited", "Unsuited")
FINDING_ORDER = (Finding.FALSE, Finding.OUTDATED, Finding.MISLEADING, Finding.CONFIRMED)
STATE_SIGNS = {
    State.AGREED: "agreed",
    State.MOSTLY_AGREED: "mostly",
    State.DISPUTED: "disputed",
    State.ONE_SOURCE: "one",
    State.NO_EVIDENCE: "none",
    State.NOT_APPLICABLE: "na",
}
SINGLE_SOURCE_WORDS = {
    SourceKind.DOCUMENTATION: "from documentation alone",
    SourceKind.MEASUREMENT: "from one measurement",
    SourceKind.METADATA: "from one index record",
    SourceKind.INDEPENDENT: "on one article’s word",
    SourceKind.VENDOR: "on one vendor’s word",
}
IN_PART_AND_MORE = "In part, more by extension"
BOTH_WAYS = ", for and against"  # after the words for a single source
VENDORS_ALONE = "on vendors’ word alone"
MAKERS_ALONE = "on makers’ word alone"
ITS_MAKERS_ALONE = "on its makers’ word alone"
OTHER_MAKERS_ALONE = "on the word of another’s makers alone"
AMONG_MAKERS = "makers too"
SMALLEST_SHOWN = 0.005  # a gap of positions that two decimals do not show as none
RECORD_MARKS = {
    SourceKind.MEASUREMENT: "measured",
    SourceKind.DOCUMENTATION: "documented",
    SourceKind.METADATA: "recorded",
}
SMALLEST_PLAIN = 0.2  # from here on two decimals tell figures apart
COUNT_WORDS = {1: "one source", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of frameworks and criteria, and kinds of criteria, by slug. A framework and a criterion may share one."""

    frameworks: Mapping[str, str]
    criteria: Mapping[str, str]
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def label(word: StrEnum) -> str:
    return LABELS.get(word) or str(word).capitalize()


def source_kind_word(kind: SourceKind) -> str:
    """What a source is called beside its number."""
    return SHORT_SOURCE_KINDS.get(kind, str(kind))


def position_band(position: float) -> int:
    """0 (best) to 4 (worst) for a position of −1 … +1."""
    if position >= GOOD_FROM - EPSILON:
        return 0 if position >= STRONG_FROM - EPSILON else 1
    if position <= EPSILON - GOOD_FROM:
        return 4 if position <= EPSILON - STRONG_FROM else 3
    return 2


def format_number(value: float) -> str:
    """With thousands separators and at most two decimals: 1,440 or 3.5; small figures with three digits: 0.0436."""
    decimals = 2 if abs(value) >= SMALLEST_PLAIN or not value else 2 - floor(log10(abs(value)))
    text = f"{value:,.{decimals}f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def format_range(low: float, high: float) -> str:
    return format_number(low) if low == high else f"{format_number(low)}{EN_DASH}{format_number(high)}"


def format_signed(value: float, decimals: int = 2) -> str:
    """With its sign and a real minus: +0.42, −1.00, 0.00."""
    text = f"{value:+.{decimals}f}"
    if float(text) == 0:
        return text[1:]
    return text.replace("-", MINUS)


def verdict_word(verdict: Verdict) -> str:
    """A verdict in a few words."""
    if not verdict.is_known:
        return label(verdict.state)
    match verdict.kind:
        case Kind.RATING:
            return RATING_WORDS[position_band(verdict.position or 0.0)]
        case Kind.FIT:
            return FIT_WORDS[position_band(verdict.position or 0.0)]
        case Kind.FEATURE:
            if frozenset(verdict.supports) == PART_AND_MORE and verdict.state is not State.DISPUTED:
                return IN_PART_AND_MORE
            first, *others = [label(support) for support in verdict.supports]
            return " or ".join([first, *(other.lower() for other in others)])
        case Kind.FIGURE:
            return format_range(verdict.figure.low, verdict.figure.high) if verdict.figure else ""
        case Kind.LIST:
            return f"{len(verdict.items)} named"


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation: an apostrophe joins, every other sign separates."""
    return re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", ""))


def join_names(names: Sequence[str], conjunction: str = "and") -> str:
    """a; a and b; a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def join_shortened(names: Sequence[str], max_names: int = 3) -> str:
    """The same, but with more than `max_names` names only their number after the first: a, b, c and 9 more."""
    omitted = len(names) - max_names
    return join_names([*names[:max_names], f"{omitted} more"] if omitted > 0 else names)


def join_quoted(names: Sequence[str]) -> str:
    """For names that need quotation marks in a sentence, such as “You cannot decide”."""
    return join_shortened([f"“{name}”" for name in names])


def format_gap(gap: float, decimals: int = 2) -> str:
    """A gap between scores: 0.12, or less than 0.01."""
    smallest = 10**-decimals
    return f"less than {smallest:.{decimals}f}" if 0 < gap < smallest / 2 else f"{gap:.{decimals}f}"


@dataclass(frozen=True, slots=True)
class OutcomeNames:
    """The names of frameworks that the outcome of a row speaks of.

    `leading` are the leader and the next after it, empty where nobody leads. `subjects` are those that the reason is
    about, `two_sided` those of them on which the only source argues both ways, `disputed` those with a disputed cell.
    """

    leading: Sequence[str]
    subjects: Sequence[str]
    two_sided: Sequence[str]
    disputed: Sequence[str]


def outcome_words(
    outcome: Outcome, verdicts: Sequence[Verdict], named: OutcomeNames, single_source: str = ""
) -> tuple[str, str]:
    """The outcome of a row and its reason, which may be empty.

    `verdicts` are those on the frameworks of `named.leading`.
    `single_source` is the phrase for a row whose cells all depend on one and the same source, or else empty.
    """
    names = join_names(named.subjects) if named.subjects else ""
    basis = _basis_words(outcome.reason, named.subjects, single_source)
    both_ways = f"the source argues both ways on {join_names(named.two_sided)}" if named.two_sided else ""
    match outcome.result, outcome.reason:
        case RowResult.LEAD, _:
            either_way = f"whichever side is right on {join_names(named.disputed)}" if named.disputed else ""
            return f"{named.leading[0]} leads", _joined(
                basis, both_ways, either_way, lead_words(verdicts, named.leading)
            )
        case RowResult.EVEN, _:
            return "Even", _joined(basis, both_ways, gap_words(outcome.gap or 0.0))
        case RowResult.UNSETTLED, OutcomeReason.DISPUTED:
            return "Unsettled", f"sources disagree about {names}"
        case RowResult.UNSETTLED, _:
            return "Unsettled", f"no evidence on {names}"
        case _, OutcomeReason.REPORTED:
            return "Not ranked", f"reported without a method for {names}"
        case _, OutcomeReason.NOT_APPLICABLE:
            return "Not ranked", f"not applicable to {names}"
        case _, OutcomeReason.NO_RIVAL:
            return "Not ranked", "nothing to compare it with"
    return "Not ranked", ""


def _joined(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))


def _basis_words(reason: OutcomeReason | None, subjects: Sequence[str], single_source: str) -> str:
    match reason:
        case OutcomeReason.ONE_SOURCE:
            each = " each" if len(subjects) > 1 else ""
            return single_source or f"one source{each} on {join_names(subjects)}"
        case OutcomeReason.VENDORS:
            return VENDORS_ALONE
        case OutcomeReason.MAKERS:
            return MAKERS_ALONE if len(subjects) > 1 else ITS_MAKERS_ALONE
    return ""


def lead_words(verdicts: Sequence[Verdict], names: Sequence[str]) -> str:
    """Why the first of two verdicts with the same word leads: by its number. Empty where the words differ."""
    first, second = verdicts
    word = verdict_word(first)
    if first.position is None or second.position is None or word != verdict_word(second):
        return ""
    numbers = f"{format_signed(first.position)} vs {format_signed(second.position)}"
    return f"{join_names(names)} are both “{word}”, {numbers}"


def gap_words(gap: float) -> str:
    """Why positions that differ are even: they are too close, or too little is known. Empty for equal positions."""
    if gap <= EPSILON:
        return ""
    if gap >= MIN_LEAD - EPSILON:
        return f"{format_gap(gap)} apart, but too little is known"
    if format_gap(gap) == format_gap(MIN_LEAD):
        return f"just under {format_gap(gap)} apart"
    return f"{format_gap(gap)} apart" if gap < SMALLEST_SHOWN else f"only {format_gap(gap)} apart"
