"""How firm an answer is, in words: its two sensitivities side by side, never blended."""

from dataclasses import dataclass
from enum import StrEnum

from comparison.sensitivity.changes import MIN_ARTICLES
from comparison.sensitivity.weight_draws import Firmness

MIN_FIRM_PERCENT = 90
MIN_FAIRLY_FIRM_PERCENT = 70
COUNT_WORDS = ("No", "Only one", "Only two")


class FirmWord(StrEnum):
    FIRM = "firm"
    FAIRLY_FIRM = "fairly firm"
    NARROWLY = "narrowly"


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
    by_weights, by_articles = firmness.percents
    result = []
    if firmness.word:
        weights, articles = f"{by_weights} of 100 nearby weightings", f"{by_articles} of 100 draws of the articles"
        if by_weights is None or by_articles is None:
            numbers = articles if by_weights is None else weights
        elif word_of_percent(by_weights) is word_of_percent(by_articles):
            numbers = f"{weights}, and in {articles}"
        elif by_articles < by_weights:
            numbers = f"{weights}, but only in {articles}"
        else:
            numbers = f"{articles}, but only in {weights}"
        result.append(f"{firmness.word.capitalize()}: it holds in {numbers}.")
    return result + article_notes(firmness)


def article_notes(firmness: AnswerFirmness) -> list[str]:
    """Says so if the answer cannot be tested with other articles, or if none of them speaks about the first."""
    if firmness.articles and firmness.tests_articles and firmness.about_first == 0:
        basis = f": what is known about it rests on {firmness.basis}" if firmness.basis else ""
        return [
            f"No article speaks about {firmness.first_name} on this, so other articles change its rivals alone{basis}."
        ]
    if firmness.articles or firmness.article_count is None:
        return []
    if not firmness.article_count:
        return ["No article speaks on this, so only the weights were varied."] if firmness.tests_weights else []
    verb = "speaks" if firmness.article_count == 1 else "speak"
    noun = "article" if firmness.article_count == 1 else "articles"
    count = COUNT_WORDS[firmness.article_count]
    return [f"{count} {noun} {verb} on this, too few to test it with others."]
