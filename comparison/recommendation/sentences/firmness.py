"""How firm an answer is, in words: its two sensitivities side by side, never blended."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop

from comparison.sensitivity.changes import MIN_ARTICLES
from comparison.sensitivity.weight_draws import Firmness
from comparison.vocabulary import gettext as _

MIN_FIRM_PERCENT = 90
MIN_FAIRLY_FIRM_PERCENT = 70
FEW_ARTICLES = {  # by their number
    1: gettext_noop("Only one article speaks on this, too few to test it with others."),
    2: gettext_noop("Only two articles speak on this, too few to test it with others."),
}


class FirmWord(StrEnum):
    FIRM = "firm"
    FAIRLY_FIRM = "fairly firm"
    NARROWLY = "narrowly"


FIRM_WORDS = {
    FirmWord.FIRM: gettext_noop("firm"),
    FirmWord.FAIRLY_FIRM: gettext_noop("fairly firm"),
    FirmWord.NARROWLY: gettext_noop("narrowly"),
}
RANKS = {word: rank for rank, word in enumerate(FirmWord)}


def word_of_percent(percent: int) -> FirmWord:
    if percent >= MIN_FIRM_PERCENT:
        return FirmWord.FIRM
    return FirmWord.FAIRLY_FIRM if percent >= MIN_FAIRLY_FIRM_PERCENT else FirmWord.NARROWLY


@dataclass(frozen=True)
class AnswerFirmness:
    """How the first framework stands up to other weights, and to other articles.

    `articles` is None if fewer than MIN_ARTICLES speak on what is weighed; `article_count` says how many do. It is also
    None for stored answers of the earlier rules, with no `article_count`. The two booleans say whether the numbers mean
    anything, `untested` why other weights do not: see headlines.untested_reason. `about_first` says how many articles
    speak about the first (None in older stored answers), `basis` what is known about it rests on.
    """

    first: str
    weights: Firmness
    articles: Firmness | None
    article_count: int | None
    tests_weights: bool = True
    may_test_articles: bool = True
    untested: str = ""
    about_first: int | None = None
    first_name: str = ""
    basis: str = ""

    @property
    def tests_articles(self) -> bool:
        return self.articles is not None and self.may_test_articles

    @property
    def has_few_articles(self) -> bool:
        """Whether some articles speak on what is weighed, but too few to draw others from."""
        return self.article_count is not None and 0 < self.article_count < MIN_ARTICLES

    @property
    def percents(self) -> tuple[int | None, int | None]:
        """Of 100 nearby weightings and of 100 draws of the articles those that favour the first; None if untested."""
        by_weights = self.weights.percent_favouring(self.first) if self.tests_weights else None
        by_articles = self.articles.percent_favouring(self.first) if self.articles and self.tests_articles else None
        return by_weights, by_articles

    @property
    def word(self) -> FirmWord | None:
        """The word for the weaker of the two; None if neither is tested. With few articles at most fairly firm."""
        words = [word_of_percent(percent) for percent in self.percents if percent is not None]
        if not words:
            return None
        return max([*words, *([FirmWord.FAIRLY_FIRM] if self.has_few_articles else [])], key=RANKS.__getitem__)


def firmness_sentences(firmness: AnswerFirmness) -> list[str]:
    """The word with both numbers, the weaker one last; then what could not be tested, and why."""
    result = []
    if firmness.word:
        clause = firmness_clause(firmness)
        result.append(f"{clause[:1].upper()}{clause[1:]}.")
    return result + article_notes(firmness)


def firmness_clause(firmness: AnswerFirmness) -> str:
    """The word with both numbers, the weaker one last, to stand within a sentence."""
    by_weights, by_articles = firmness.percents
    if by_weights is None:
        text = _("{word}: it holds in {articles} of 100 draws of the articles")
    elif by_articles is None:
        text = _("{word}: it holds in {weights} of 100 nearby weightings")
    elif word_of_percent(by_weights) is word_of_percent(by_articles):
        text = _(
            "{word}: it holds in {weights} of 100 nearby weightings, and in {articles} of 100 draws of the articles"
        )
    elif by_articles < by_weights:
        text = _(
            "{word}: it holds in {weights} of 100 nearby weightings, "
            "but only in {articles} of 100 draws of the articles"
        )
    else:
        text = _(
            "{word}: it holds in {articles} of 100 draws of the articles, "
            "but only in {weights} of 100 nearby weightings"
        )
    word = _(FIRM_WORDS[firmness.word]) if firmness.word else ""
    return text.format(word=word, weights=by_weights, articles=by_articles)


def article_notes(firmness: AnswerFirmness) -> list[str]:
    """Says so if the answer cannot be tested with other articles, or if none of them speaks about the first."""
    if firmness.articles and firmness.tests_articles and firmness.about_first == 0:
        if firmness.basis:
            text = _(
                "No article speaks about {name} on this, so other articles change its rivals alone: "
                "what is known about it rests on {basis}."
            )
        else:
            text = _("No article speaks about {name} on this, so other articles change its rivals alone.")
        return [text.format(name=firmness.first_name, basis=firmness.basis)]
    if firmness.articles or firmness.article_count is None:
        return []
    if not firmness.article_count:
        return [_("No article speaks on this, so only the weights were varied.")] if firmness.tests_weights else []
    return [_(FEW_ARTICLES[firmness.article_count])]
