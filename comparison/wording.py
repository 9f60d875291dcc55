"""The words and numbers in which verdicts are told. Pure functions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from comparison.evidence import Finding, Kind, Reason, RowResult, SourceKind, State, Support, Verdict

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"

LABELS: dict[StrEnum, str] = {
    Support.BUILT_IN: "Built in",
    Support.EXTENSION: "By extension",
    Support.PARTIAL: "In part",
    Support.NONE: "None",
    SourceKind.DOCUMENTATION: "Documentation",
    SourceKind.MEASUREMENT: "Measurement",
    SourceKind.INDEPENDENT: "Independent article",
    SourceKind.VENDOR: "Vendor article",
}
SHORT_SOURCE = {SourceKind.INDEPENDENT: "independent", SourceKind.VENDOR: "vendor"}
RATING_WORDS = ("Strong", "Good", "Middling", "Weak", "Poor")
FIT_WORDS = ("Well suited", "Suited", "Neither way", "Little suited", "Unsuited")


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called, and what criteria ask for, by slug. A framework and a criterion may share one."""

    frameworks: Mapping[str, str]
    criteria: Mapping[str, str]
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def label(word: StrEnum) -> str:
    return LABELS.get(word, str(word).capitalize())


def source_word(kind: SourceKind) -> str:
    """How a source is called beside its number."""
    return SHORT_SOURCE.get(kind, str(kind))


def degree(score: float) -> int:
    """0 (best) to 4 (worst) for a score of −2 … +2."""
    return sum(score < bound for bound in (1.0, 0.35)) + sum(score <= bound for bound in (-0.35, -1.0))


def number(value: float) -> str:
    """With thousands separated and at most two places: 1,440 or 3.5."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def span(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)}{EN_DASH}{number(high)}"


def signed(value: float, places: int = 2) -> str:
    """With its sign and a real minus: +0.42, −1.00, 0.00."""
    text = f"{value:+.{places}f}"
    if float(text) == 0:
        return text[1:]
    return text.replace("-", MINUS)


def tied(verdict: Verdict) -> list[Support]:
    """The supports with the most weight behind them: one, or several of equal weight."""
    weights: Counter[Support] = Counter()
    for opinion in verdict.opinions:
        weights[opinion.support or Support.NONE] += opinion.weight
    return [one for one in Support if weights[one] == max(weights.values())]


def verdict_word(verdict: Verdict) -> str:
    """The one or two words a cell says."""
    if not verdict.known:
        return label(verdict.state)
    match verdict.kind:
        case Kind.RATING:
            return RATING_WORDS[degree(verdict.score or 0.0)]
        case Kind.FIT:
            return FIT_WORDS[degree(verdict.score or 0.0)]
        case Kind.FEATURE:
            return " or ".join(
                label(one) if not place else label(one).lower() for place, one in enumerate(tied(verdict))
            )
        case Kind.FIGURE:
            return span(verdict.figure.low, verdict.figure.high) if verdict.figure else ""
        case Kind.LIST:
            return f"{len(verdict.items)} named"


def words_of(text: str) -> list[str]:
    """Case-folded, without punctuation: an apostrophe joins, every other sign parts."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]", "", text.casefold()))


def listing(names: Sequence[str], last: str = "and") -> str:
    """a; a and b; a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def shortened(names: Sequence[str], most: int = 3) -> str:
    """The same, where there are more than so many with their number in place of the rest: a, b, c and 9 more."""
    rest = len(names) - most
    return listing([*names[:most], f"{rest} more"] if rest > 0 else names)


def quoted(names: Sequence[str]) -> str:
    """Names that may be any words, such as “You cannot decide”, for use in a sentence."""
    return shortened([f"“{name}”" for name in names])


def points(gap: float, places: int = 2) -> str:
    """A gap between scores: 0.12, or less than 0.01."""
    least = 10**-places
    return f"less than {least:.{places}f}" if 0 < gap < least / 2 else f"{gap:.{places}f}"


def outcome_words(
    result: RowResult, reason: Reason | None, subjects: list[str], leader: str, whole: str
) -> tuple[str, str]:
    """The outcome of a row and its reason. `whole` is set where every side rests on one and the same source's kind."""
    names = listing(subjects) if subjects else ""
    match result, reason:
        case RowResult.LEAD, Reason.ONE_SOURCE:
            return f"{leader} leads", whole or f"one source on {names}"
        case RowResult.LEAD, _:
            return f"{leader} leads", ""
        case RowResult.EVEN, _:
            return "Even", ""
        case RowResult.UNSETTLED, Reason.DISPUTED:
            return "Unsettled", f"sources dispute {names}"
        case RowResult.UNSETTLED, _:
            return "Unsettled", f"nothing on {names}"
        case _, Reason.NOT_APPLICABLE:
            return "Not ranked", f"not applicable to {names}"
        case _, Reason.NO_RIVAL:
            return "Not ranked", "nothing to compare it with"
        case _:
            return "Not ranked", ""


FINDING_ORDER = (Finding.FALSE, Finding.OUTDATED, Finding.MISLEADING, Finding.CONFIRMED)
STATE_SIGNS = {
    State.AGREED: "agreed",
    State.MOSTLY_AGREED: "mostly",
    State.DISPUTED: "disputed",
    State.ONE_SOURCE: "one",
    State.NO_EVIDENCE: "none",
    State.NOT_APPLICABLE: "na",
}
ON_WHOSE_WORD = {
    SourceKind.DOCUMENTATION: "by one documentation",
    SourceKind.MEASUREMENT: "by one measurement",
    SourceKind.INDEPENDENT: "on one article’s word",
    SourceKind.VENDOR: "on one vendor’s word",
}
COUNT_WORDS = {1: "one source", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
