"""How firm an answer is and what it rests on, as bars with their sentences. The answer may be live or stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from comparison.leads import Basis, score_rests_on
from comparison.recommend import Recommendation
from comparison.recommendation.sentences.firmness import AnswerFirmness, article_notes
from comparison.recommendation.sentences.headlines import Untested, untested_reason, untested_weights
from comparison.recommendation.sentences.leads import BASIS_WORDS, basis_percents, basis_words
from comparison.sensitivity.changes import Sensitivity
from comparison.sensitivity.weight_draws import Firmness, apportion
from comparison.tables.svg import firmness_bar
from comparison.wording import Names

BASIS_STYLES = {
    Basis.MEASUREMENT: "measured",
    Basis.DOCUMENTATION: "documented",
    Basis.INDEPENDENT: "independent",
    Basis.VENDOR: "vendor",
    Basis.MAKERS: "makers",
}


@dataclass(frozen=True, slots=True)
class Share:
    words: str
    percent: int
    css: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares of a whole, side by side; the percentages add up to 100."""

    heading: str
    drawing: SafeString
    shares: Sequence[Share]
    note: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FirmnessView:
    """A bar for each kind of change that was tested, and why others were not."""

    bars: Sequence[Bar]
    notes: Sequence[str]


def answer_firmness(recommendation: Recommendation, sensitivity: Sensitivity, names: Names) -> AnswerFirmness | None:
    """None if there are no rivals to be firm against."""
    if not sensitivity.has_rivals:
        return None
    untested, first = untested_weights(recommendation), recommendation.qualified[0].framework
    return AnswerFirmness(
        first,
        sensitivity.weight_firmness(),
        sensitivity.article_firmness(),
        len(sensitivity.articles),
        tests_weights=untested is None,
        may_test_articles=untested in (None, Untested.ONE_CRITERION),
        untested=untested_reason(recommendation, names),
        about_first=sensitivity.articles_about(first),
        first_name=names.frameworks[first],
        basis=basis_words(score_rests_on(recommendation, first)),
    )


def firmness_view(firmness: AnswerFirmness, names: Names) -> FirmnessView:
    first, bars, notes = firmness.first, [], []
    if firmness.tests_weights:
        bars.append(_bar("Other weights", firmness.weights, first, names, _weights_note(firmness.weights)))
    elif firmness.may_test_articles:
        notes.append(f"Other weights could not change it: it leads {firmness.untested}.")
    else:
        return FirmnessView([], [f"Neither other weights nor other articles were tried: it leads {firmness.untested}."])
    if firmness.articles and firmness.tests_articles:
        note = _articles_note(firmness.articles, firmness.article_count or 0)
        bars.append(_bar("Other articles", firmness.articles, first, names, note))
    return FirmnessView(bars, notes + article_notes(firmness))


def earlier_firmness_view(firmness: AnswerFirmness, names: Names) -> FirmnessView:
    """For an answer of the earlier rules, which tried other weights alone."""
    if firmness.untested:
        return FirmnessView([], [f"Other weights were not tried: it led {firmness.untested}."])
    return FirmnessView(
        [_bar("Other weights", firmness.weights, firmness.first, names, _weights_note(firmness.weights))], []
    )


def _bar(heading: str, firmness: Firmness, first: str, names: Names, note: str) -> Bar:
    """The shares of the variants; `first` is the slug of the first framework that fails no must-have."""
    others = sorted(
        ((slug, count) for slug, count in firmness.favour.items() if slug != first and count),
        key=lambda pair: (-pair[1], pair[0]),
    )
    first_percent = firmness.percent_favouring(first)
    percents = apportion(100 - first_percent, [firmness.too_close, *(count for _, count in others)])
    shares = [
        Share(f"favour {names.frameworks[first]}", first_percent, "best"),
        Share("too close to call", percents[0], "between"),
    ]
    shares += [
        Share(f"favour {names.frameworks[slug]}", percent, "other")
        for (slug, _), percent in zip(others, percents[1:], strict=True)
    ]
    ahead_percent = firmness.percent(firmness.stays_ahead)
    ahead = f" In {ahead_percent} of 100 none scores higher than {names.frameworks[first]}."
    return _drawn(heading, shares, note + ahead * (ahead_percent > first_percent))


def _drawn(heading: str, shares: Sequence[Share], note: str = "", unit: str = "") -> Bar:
    drawing = firmness_bar([(share.words, share.percent, share.css) for share in shares])
    return Bar(heading, drawing, shares, note, unit)


def _weights_note(firmness: Firmness) -> str:
    counted = _counted(firmness, "weighting")
    return f"Of 100 nearby weightings: each weight moved by at most one step, {counted}. What you ignore stays ignored."


def _articles_note(firmness: Firmness, articles: int) -> str:
    drawn = f"as many drawn anew from the {articles} that were read, so that one may count twice or not at all"
    return f"Of 100 draws of the articles: {drawn}, {_counted(firmness, 'draw')}. What can be looked up stays."


def _counted(firmness: Firmness, noun: str) -> str:
    if firmness.is_exhaustive:
        return f"all {firmness.total:,} {noun}s counted" if firmness.total > 1 else f"the only {noun} counted"
    return f"{firmness.total:,} {noun}s from a fixed seed"


def basis_bar(rests_on: Mapping[Basis, float]) -> Bar | None:
    """The shares of the kinds of sources in what makes the lead; None if nothing does."""
    shares = [Share(BASIS_WORDS[kind], percent, BASIS_STYLES[kind]) for kind, percent in basis_percents(rests_on)]
    return _drawn("What it rests on", shares, unit="%") if shares else None
