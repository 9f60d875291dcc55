"""Verdicts in words and numbers. Pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from math import floor, log10

from django.utils.translation import gettext_noop, ngettext

from comparison.evidence import EPSILON, PART_AND_MORE, Finding, Kind, SourceKind, State, Support, Verdict
from comparison.row_outcomes import MIN_LEAD, Outcome, OutcomeReason, RowResult
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"

LABELS: dict[StrEnum, str] = {
    Support.BUILT_IN: gettext_noop("Built in"),
    Support.EXTENSION: gettext_noop("By extension"),
    Support.PARTIAL: gettext_noop("In part"),
    Support.NONE: gettext_noop("None"),
    SourceKind.DOCUMENTATION: gettext_noop("Documentation"),
    SourceKind.MEASUREMENT: gettext_noop("Measurement"),
    SourceKind.METADATA: gettext_noop("Index metadata"),
    SourceKind.INDEPENDENT: gettext_noop("Independent article"),
    SourceKind.VENDOR: gettext_noop("Vendor article"),
    Finding.CONFIRMED: gettext_noop("Confirmed"),
    Finding.OUTDATED: gettext_noop("Outdated"),
    Finding.MISLEADING: gettext_noop("Misleading"),
    Finding.FALSE: gettext_noop("False"),
    State.NO_EVIDENCE: gettext_noop("No evidence"),
    State.ONE_SOURCE: gettext_noop("One source"),
    State.AGREED: gettext_noop("Agreed"),
    State.MOSTLY_AGREED: gettext_noop("Mostly agreed"),
    State.DISPUTED: gettext_noop("Disputed"),
    State.NOT_APPLICABLE: gettext_noop("Not applicable"),
    Kind.RATING: gettext_noop("Rating"),
    Kind.FEATURE: gettext_noop("Feature"),
    Kind.FIGURE: gettext_noop("Figure"),
    Kind.LIST: gettext_noop("List"),
    Kind.FIT: gettext_noop("Fit"),
}
SHORT_SOURCE_KINDS = {  # beside a number
    SourceKind.DOCUMENTATION: gettext_noop("documentation"),
    SourceKind.MEASUREMENT: gettext_noop("measurement"),
    SourceKind.METADATA: gettext_noop("metadata"),
    SourceKind.INDEPENDENT: gettext_noop("independent"),
    SourceKind.VENDOR: gettext_noop("vendor"),
}
STRONG_FROM, GOOD_FROM = 0.75, 0.25  # the lowest positions with these words; below 0 they mirror them
RATING_WORDS = (
    gettext_noop("Strong"),
    gettext_noop("Good"),
    gettext_noop("Middling"),
    gettext_noop("Weak"),
    gettext_noop("Poor"),
)
FIT_WORDS = (
    gettext_noop("Well suited"),
    gettext_noop("Suited"),
    gettext_noop("Neither way"),
    gettext_noop("Little suited"),
    gettext_noop("Unsuited"),
)
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
    SourceKind.DOCUMENTATION: gettext_noop("from documentation alone"),
    SourceKind.MEASUREMENT: gettext_noop("from one measurement"),
    SourceKind.METADATA: gettext_noop("from one index record"),
    SourceKind.INDEPENDENT: gettext_noop("on one article’s word"),
    SourceKind.VENDOR: gettext_noop("on one vendor’s word"),
}
IN_PART_AND_MORE = gettext_noop("In part, more by extension")
VENDORS_ALONE = gettext_noop("on vendors’ word alone")
MAKERS_ALONE = gettext_noop("on makers’ word alone")
ITS_MAKERS_ALONE = gettext_noop("on its makers’ word alone")
OTHER_MAKERS_ALONE = gettext_noop("on the word of another’s makers alone")
AMONG_MAKERS = gettext_noop("makers too")
SMALLEST_SHOWN = 0.005  # a gap of positions that two decimals do not show as none
RECORD_MARKS = {
    SourceKind.MEASUREMENT: gettext_noop("measured"),
    SourceKind.DOCUMENTATION: gettext_noop("documented"),
    SourceKind.METADATA: gettext_noop("recorded"),
}
SMALLEST_PLAIN = 0.2  # from here on two decimals tell figures apart


@dataclass(frozen=True, slots=True)
class Names:
    """Names of frameworks and criteria, and kinds of criteria, by slug. A framework and a criterion may share one."""

    frameworks: Mapping[str, str]
    criteria: Mapping[str, str]
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def in_words(texts: Mapping[str, str]) -> dict[str, str]:
    """Choices by their value, in the language of the page."""
    return {value: _(text) for value, text in texts.items()}


def label(word: StrEnum) -> str:
    return vocabulary()[LABELS.get(word) or str(word).capitalize()]


def label_within(word: StrEnum) -> str:
    """The label within a sentence or after another word."""
    return within_sentence(label(word))


def within_sentence(words: str) -> str:
    """Without the capital of a beginning. Only the first letter changes: German nouns have capitals."""
    return words[:1].lower() + words[1:]


def source_kind_word(kind: SourceKind) -> str:
    """What a source is called beside its number."""
    return vocabulary()[SHORT_SOURCE_KINDS[kind]]


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
    return vocabulary().number(text).replace("-", MINUS)


def format_range(low: float, high: float) -> str:
    return format_number(low) if low == high else f"{format_number(low)}{EN_DASH}{format_number(high)}"


def format_signed(value: float, decimals: int = 2) -> str:
    """With its sign and a real minus: +0.42, −1.00, 0.00."""
    text = f"{value:+.{decimals}f}"
    if float(text) == 0:
        text = text[1:]
    return vocabulary().number(text).replace("-", MINUS)


def format_share(value: float, decimals: int = 2) -> str:
    """Without a sign: 0.42."""
    return vocabulary().number(f"{value:.{decimals}f}")


def verdict_word(verdict: Verdict) -> str:
    """A verdict in a few words."""
    if not verdict.is_known:
        return label(verdict.state)
    match verdict.kind:
        case Kind.RATING:
            return vocabulary()[RATING_WORDS[position_band(verdict.position or 0.0)]]
        case Kind.FIT:
            return vocabulary()[FIT_WORDS[position_band(verdict.position or 0.0)]]
        case Kind.FEATURE:
            if frozenset(verdict.supports) == PART_AND_MORE and verdict.state is not State.DISPUTED:
                return vocabulary()[IN_PART_AND_MORE]
            first, *others = verdict.supports
            return join_each([label(first), *map(label_within, others)], "or")
        case Kind.FIGURE:
            return format_range(verdict.figure.low, verdict.figure.high) if verdict.figure else ""
        case Kind.LIST:
            return ngettext("{count} named", "{count} named", len(verdict.items)).format(count=len(verdict.items))


def words_of(text: str) -> list[str]:
    """Case-folded words without punctuation: an apostrophe joins, every other sign separates."""
    return re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", ""))


def join_names(names: Sequence[str], conjunction: str = "and") -> str:
    """a; a and b; a, b and c."""
    return names[0] if len(names) == 1 else join_each([", ".join(names[:-1]), names[-1]], conjunction)


def join_each(names: Sequence[str], conjunction: str = "and") -> str:
    """a; a and b; a and b and c."""
    text = _("{names} or {last}") if conjunction == "or" else _("{names} and {last}")
    return reduce(lambda joined, name: text.format(names=joined, last=name), names)


def join_shortened(names: Sequence[str], max_names: int = 3) -> str:
    """The same, but with more than `max_names` names only their number after the first: a, b, c and 9 more."""
    omitted = len(names) - max_names
    more = [_("{count} more").format(count=omitted)] if omitted > 0 else []
    return join_names([*names[:max_names], *more])


def join_quoted(names: Sequence[str]) -> str:
    """For names that need quotation marks in a sentence, such as “You cannot decide”."""
    return join_shortened([_("“{name}”").format(name=name) for name in names])


def format_gap(gap: float, decimals: int = 2) -> str:
    """A gap between scores: 0.12, or less than 0.01."""
    smallest = 10**-decimals
    if 0 < gap < smallest / 2:
        return _("less than {number}").format(number=format_share(smallest, decimals))
    return format_share(gap, decimals)


@dataclass(frozen=True, slots=True)
class OutcomeNames:
    """The names of frameworks that the outcome of a row speaks of.

    `leading` are the leader and the next after it, empty where nobody leads; `together` those that share the lead.
    `subjects` are those that the reason is about, `two_sided` those of them on which the only source argues both ways,
    `disputed` those with a disputed cell.
    """

    leading: Sequence[str]
    together: Sequence[str]
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
    basis = _basis_words(outcome.reason, named.subjects, single_source)
    both_ways = _about(_("the source argues both ways on {names}"), named.two_sided)
    match outcome.result, outcome.reason:
        case RowResult.LEAD, _:
            either_way = _about(_("whichever side is right on {names}"), named.disputed)
            leads = _("{name} leads").format(name=named.leading[0])
            return leads, _joined(basis, both_ways, either_way, lead_words(verdicts, named.leading))
        case RowResult.EVEN, _:
            names = join_shortened(named.together) if named.together else ""
            together = _("{names} lead together").format(names=names) if names else _("Even")
            return together, _joined(basis, both_ways, gap_words(outcome.gap or 0.0))
        case RowResult.UNSETTLED, OutcomeReason.DISPUTED:
            return _("Unsettled"), _about(_("sources disagree about {names}"), named.subjects)
        case RowResult.UNSETTLED, _:
            return _("Unsettled"), _about(_("no evidence on {names}"), named.subjects)
        case _, OutcomeReason.REPORTED:
            return _("Not ranked"), _about(_("reported without a method for {names}"), named.subjects)
        case _, OutcomeReason.NOT_APPLICABLE:
            return _("Not ranked"), _about(_("not applicable to {names}"), named.subjects)
        case _, OutcomeReason.NO_RIVAL:
            return _("Not ranked"), _("nothing to compare it with")
    return _("Not ranked"), ""


def _about(text: str, names: Sequence[str]) -> str:
    """The text with these names in it; empty if there are none."""
    return text.format(names=join_names(names)) if names else ""


def _joined(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))


def _basis_words(reason: OutcomeReason | None, subjects: Sequence[str], single_source: str) -> str:
    match reason:
        case OutcomeReason.ONE_SOURCE:
            text = ngettext("one source on {names}", "one source each on {names}", len(subjects))
            return single_source or _about(text, subjects)
        case OutcomeReason.VENDORS:
            return _(VENDORS_ALONE)
        case OutcomeReason.MAKERS:
            return _(MAKERS_ALONE if len(subjects) > 1 else ITS_MAKERS_ALONE)
    return ""


def lead_words(verdicts: Sequence[Verdict], names: Sequence[str]) -> str:
    """Why the first of two verdicts with the same word leads: by its number. Empty where the words differ."""
    first, second = verdicts
    word = verdict_word(first)
    if first.position is None or second.position is None or word != verdict_word(second):
        return ""
    numbers = {"first": format_signed(first.position), "second": format_signed(second.position)}
    return _("{names} are both “{word}”, {first} vs {second}").format(names=join_names(names), word=word, **numbers)


def gap_words(gap: float) -> str:
    """Why positions that differ are even: they are too close, or too little is known. Empty for equal positions."""
    if gap <= EPSILON:
        return ""
    if gap >= MIN_LEAD - EPSILON:
        return _("{gap} apart, but too little is known").format(gap=format_gap(gap))
    if format_gap(gap) == format_gap(MIN_LEAD):
        return _("just under {gap} apart").format(gap=format_gap(gap))
    text = _("{gap} apart") if gap < SMALLEST_SHOWN else _("only {gap} apart")
    return text.format(gap=format_gap(gap))
