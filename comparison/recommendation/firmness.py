"""How firm an answer is and what it rests on, as bars with their sentences. The answer may be live or stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from comparison.leads import Basis, score_rests_on
from comparison.recommend import Recommendation
from comparison.recommendation.sentences.firmness import AnswerFirmness, article_notes
from comparison.recommendation.sentences.headlines import Untested, untested_reason, untested_weights
from comparison.recommendation.sentences.leads import BASIS_WORDS, basis_percents, basis_words
from comparison.sensitivity.changes import Sensitivity
from comparison.sensitivity.weight_draws import Firmness, apportion
from comparison.tables.svg import firmness_bar
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
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
        bars.append(_bar(_("Other weights"), firmness.weights, first, names, _weights_note(firmness.weights)))
    elif firmness.may_test_articles:
        notes.append(_("Other weights could not change it: it leads {how}.").format(how=firmness.untested))
    else:
        text = _("Neither other weights nor other articles were tried: it leads {how}.")
        return FirmnessView([], [text.format(how=firmness.untested)])
    if firmness.articles and firmness.tests_articles:
        note = _articles_note(firmness.articles, firmness.article_count or 0)
        bars.append(_bar(_("Other articles"), firmness.articles, first, names, note))
    return FirmnessView(bars, notes + article_notes(firmness))


def earlier_firmness_view(firmness: AnswerFirmness, names: Names) -> FirmnessView:
    """For an answer of the earlier rules, which tried other weights alone."""
    if firmness.untested:
        return FirmnessView([], [_("Other weights were not tried: it led {how}.").format(how=firmness.untested)])
    return FirmnessView(
        [_bar(_("Other weights"), firmness.weights, firmness.first, names, _weights_note(firmness.weights))], []
    )


def _bar(heading: str, firmness: Firmness, first: str, names: Names, note: str) -> Bar:
    """The shares of the variants; `first` is the slug of the first framework that fails no must-have."""
    others = sorted(
        ((slug, count) for slug, count in firmness.favour.items() if slug != first and count),
        key=lambda pair: (-pair[1], pair[0]),
    )
    first_percent = firmness.percent_favouring(first)
    percents = apportion(100 - first_percent, [firmness.too_close, *(count for _, count in others)])
    favour = _("favour {name}")
    shares = [
        Share(favour.format(name=names.frameworks[first]), first_percent, "best"),
        Share(_("too close to call"), percents[0], "between"),
    ]
    shares += [
        Share(favour.format(name=names.frameworks[slug]), percent, "other")
        for (slug, _count), percent in zip(others, percents[1:], strict=True)
    ]
    ahead_percent = firmness.percent(firmness.stays_ahead)
    if ahead_percent > first_percent:
        ahead = _("In {percent} of 100 none scores higher than {name}.")
        note = f"{note} {ahead.format(percent=ahead_percent, name=names.frameworks[first])}"
    return _drawn(heading, shares, note)


def _drawn(heading: str, shares: Sequence[Share], note: str = "", unit: str = "") -> Bar:
    drawing = firmness_bar([(share.words, share.percent, share.css) for share in shares])
    return Bar(heading, drawing, shares, note, unit)


def _weights_note(firmness: Firmness) -> str:
    if not firmness.is_exhaustive:
        counted = ngettext(
            "{count} weighting from a fixed seed", "{count} weightings from a fixed seed", firmness.total
        )
    else:
        counted = ngettext("the only weighting counted", "all {count} weightings counted", firmness.total)
    text = _(
        "Of 100 nearby weightings: each weight moved by at most one step, {counted}. What you ignore stays ignored."
    )
    return text.format(counted=counted.format(count=_thousands(firmness.total)))


def _articles_note(firmness: Firmness, articles: int) -> str:
    if not firmness.is_exhaustive:
        counted = ngettext("{count} draw from a fixed seed", "{count} draws from a fixed seed", firmness.total)
    else:
        counted = ngettext("the only draw counted", "all {count} draws counted", firmness.total)
    text = _(
        "Of 100 draws of the articles: as many drawn anew from the {articles} that were read, so that one may count "
        "twice or not at all, {counted}. What can be looked up stays."
    )
    return text.format(articles=articles, counted=counted.format(count=_thousands(firmness.total)))


def _thousands(number: int) -> str:
    return vocabulary().number(f"{number:,}")


def basis_bar(rests_on: Mapping[Basis, float]) -> Bar | None:
    """The shares of the kinds of sources in what makes the lead; None if nothing does."""
    shares = [Share(_(BASIS_WORDS[kind]), percent, BASIS_STYLES[kind]) for kind, percent in basis_percents(rests_on)]
    return _drawn(_("What it rests on"), shares, unit="%") if shares else None
