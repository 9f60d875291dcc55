"""Answers that once misled, with invented evidence of the same shape, and questions that have no good answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from comparison.evidence import Evidence, Kind, SourceKind, Support
from comparison.models import Category, Criterion, Framework, Source
from comparison.recommend import CriterionSpec, DecisionMatrix, Ending, MustStatus, Weights, recommend
from comparison.recommendation.answer import Answer
from comparison.recommendation.firmness import basis_bar
from comparison.recommendation.load import LoadedEvidence
from comparison.recommendation.question import Question
from comparison.recommendation.reasons import leading_reasons
from comparison.recommendation.sentences.firmness import AnswerFirmness, firmness_sentences
from comparison.recommendation.sentences.leads import lead_of
from comparison.sensitivity.weight_draws import Firmness
from tests.make import evidence

VENDOR, MANUAL, LAB = SourceKind.VENDOR, SourceKind.DOCUMENTATION, SourceKind.MEASUREMENT
BUILT_IN, EXTENSION, NONE = {"support": Support.BUILT_IN}, {"support": Support.EXTENSION}, {"support": Support.NONE}
Says = tuple[int, Mapping[str, Any]]  # the number of a source and the value of its claim


def rows(slug: str, kind: Kind, **said: Sequence[Says]) -> tuple[CriterionSpec, dict[tuple[str, str], list[Evidence]]]:
    """A criterion with what each framework's sources say; sources from 10 on are vendors, from 20 on measurements,
    from 30 on documentation, the others independent articles."""
    kinds = {1: VENDOR, 2: LAB, 3: MANUAL}
    cells = {
        (framework, slug): [
            evidence(
                claim_id(slug, framework, source),
                source,
                source_kind=kinds.get(source // 10, SourceKind.INDEPENDENT),
                **value,
            )
            for source, value in claims
        ]
        for framework, claims in said.items()
    }
    return CriterionSpec(slug, kind, lower_is_better=True), cells


def claim_id(slug: str, framework: str, source: int) -> int:
    return int.from_bytes(f"{slug}{framework}".encode(), "big") % 1_000_003 * 100 + source


def level(number: int) -> dict[str, int]:
    return {"level": number}


def figure(number: float) -> dict[str, float]:
    return {"low": number, "high": number}


def answer_of(
    criteria: Sequence[tuple[CriterionSpec, dict[tuple[str, str], list[Evidence]]]],
    weights: Mapping[str, int],
    must: Sequence[str] = (),
    frameworks: Sequence[str] = ("django", "flask"),
    related: Mapping[str, frozenset[str]] | None = None,
) -> Answer:
    """An answer from objects that are not stored; what needs the texts of claims needs the database."""
    cells = {cell_key: entries for _, row in criteria for cell_key, entries in row.items() if cell_key[0] in frameworks}
    category = Category(slug="all", name="All")
    named = {slug: Framework(slug=slug, name=slug.capitalize()) for slug in frameworks}
    loaded = LoadedEvidence(
        DecisionMatrix(list(frameworks), [spec for spec, _ in criteria], cells),
        named,
        {
            spec.slug: Criterion(slug=spec.slug, name=spec.slug.capitalize(), kind=spec.kind.value, category=category)
            for spec, _ in criteria
        },
        {
            entry.source: Source(
                pk=entry.source, slug=f"s{entry.source}", title=f"S{entry.source}", kind=entry.source_kind
            )
            for entries in cells.values()
            for entry in entries
        },
        related or {},
    )
    everything = list(named.values())
    question = Question(None, Weights(weights, frozenset(must)), everything, [], False, everything)
    return Answer(loaded, question)


# What was seen.


def test_the_leader_of_an_essential_must_have_is_not_beaten_by_a_feature() -> None:
    nosql = rows("nosql", Kind.RATING, django=[(1, level(-1)), (11, level(0))], flask=[(1, level(2)), (11, level(1))])
    orm = rows("orm", Kind.FEATURE, django=[(1, BUILT_IN), (11, BUILT_IN)], flask=[(1, EXTENSION), (11, EXTENSION)])
    answer = answer_of([nosql, orm], {"nosql": 3, "orm": 1}, ["nosql"])
    assert answer.headline == "Flask"


def test_an_essential_situation_outweighs_an_important_rating_on_one_vendors_word() -> None:
    shop = rows("shop", Kind.FIT, django=[(1, level(2)), (2, level(1))], flask=[(1, level(-1))])
    forms = rows("forms", Kind.FEATURE, django=[(11, BUILT_IN)])
    points = answer_of([shop, forms], {"shop": 3, "forms": 2}).recommendation.ranked_framework("django").points
    assert points["shop"] > 2 * points["forms"]


def test_one_figure_alone_is_no_praise() -> None:
    time = rows("time", Kind.FIGURE, django=[(21, figure(3))])
    answer = answer_of([time], {"time": 3}, frameworks=["django"])
    assert answer.recommendation.ranking[0].score == 0.0
    assert answer.standfirst == "Only one framework is considered, so there is nothing to compare it with."
    assert answer.sides == []


def test_the_worse_figure_counts_against_its_framework() -> None:
    time = rows("time", Kind.FIGURE, django=[(21, figure(40))], flask=[(21, figure(10))])
    first, second = answer_of([time], {"time": 3}).recommendation.ranking
    assert (first.framework, first.score) == ("flask", pytest.approx(0.6))
    assert second.score == pytest.approx(-0.6)


def test_figures_without_a_method_rank_nothing() -> None:
    time = rows("time", Kind.FIGURE, django=[(11, figure(9))], flask=[(11, figure(3))])
    cost = rows("cost", Kind.FIGURE, django=[(11, figure(1))], flask=[(11, figure(4))])
    answer = answer_of([time, cost], {"time": 3, "cost": 2})
    assert answer.headline == "Not enough evidence"
    assert answer.standfirst == (
        "On what you weigh, sources only report figures without a method about Django or Flask; these rank nothing. "
        "Weigh something else, or name a source."
    )
    assert answer.firmness is None
    (missing, _) = answer.missing_evidence()
    assert (missing.criterion, list(missing.reported), list(missing.unknown)) == ("cost", ["django", "flask"], [])


def test_an_answer_that_one_article_carries_is_not_firm() -> None:
    praise = [(1, level(2)), (2, level(0)), (3, level(0))]
    documentation = rows("documentation", Kind.RATING, django=praise, flask=[(2, level(0)), (3, level(1))])
    popularity = rows("popularity", Kind.RATING, django=praise, flask=[(2, level(1)), (3, level(0))])
    answer = answer_of([documentation, popularity], {"documentation": 3, "popularity": 2})
    assert answer.headline == "Django"
    assert answer.firmness.weights.share("django") == 1
    assert answer.firmness.word == "narrowly"
    assert "Narrowly: it holds in 100 of 100 nearby weightings, but only in " in answer.standfirst
    assert 1 in [flip.source for flip in answer.sensitivity.source_flips]


@pytest.mark.django_db
def test_a_disputed_row_that_decides_comes_with_a_caution() -> None:
    speed = rows("speed", Kind.RATING, django=[(1, level(0))], flask=[(1, level(2)), (11, level(-1)), (2, level(2))])
    tests = rows("tests", Kind.RATING, django=[(1, level(1))], flask=[(1, level(1))])
    answer = answer_of([speed, tests], {"speed": 3, "tests": 1})
    assert answer.headline == "Flask"
    disputed = "You need this settled: sources dispute “Speed” for Flask."
    assert disputed not in answer.cautions  # a vendor alone against two independent articles is a minority
    speed = rows("speed", Kind.RATING, django=[(1, level(0))], flask=[(1, level(2)), (11, level(-1))])
    assert disputed in answer_of([speed, tests], {"speed": 3, "tests": 1}).cautions


def test_one_cell_of_a_vendor_rules_nobody_out() -> None:
    api = rows("api", Kind.FEATURE, django=[(11, NONE)], flask=[(11, BUILT_IN)])
    answer = answer_of([api], {"api": 3}, ["api"])
    django = answer.recommendation.ranked_framework("django")
    assert (django.musts, django.failed_musts) == ({"api": MustStatus.DOUBTFUL}, [])
    assert answer.must_haves == ["It is doubtful whether Django meets the must-have “Api”: one vendor says no."]
    assert answer.eyebrow == "Vendors alone favour"
    assert answer.one_sentence == (
        "Flask, by “Api” alone, on the word of vendors alone. "
        "Only one article speaks on this, too few to test it with others."
    )


def test_a_doubtful_must_have_of_the_leader_is_said_with_the_answer() -> None:
    login = rows("login", Kind.FEATURE, django=[(1, BUILT_IN), (2, NONE)], flask=[(11, NONE)])
    speed = rows("speed", Kind.RATING, django=[(1, level(2))], flask=[(1, level(-2))])
    answer = answer_of([login, speed], {"login": 1, "speed": 3}, ["login"])
    assert answer.headline == "Django"
    assert answer.one_sentence.endswith(
        " It is doubtful whether Django meets the must-have “Login”: sources dispute it."
    )


def test_a_must_have_alone_is_a_question_with_an_answer() -> None:
    orm = rows("orm", Kind.FEATURE, django=[(1, BUILT_IN)], flask=[(1, NONE)])
    answer = answer_of([orm], {}, ["orm"])
    assert (answer.headline, answer.recommendation.ending) == ("Django", Ending.ONLY_ONE)
    assert answer.must_haves == ["Flask fails the must-have “Orm”."]
    assert answer.standfirst == "Every other framework fails a must-have, so there is nothing to compare it with."


@pytest.mark.parametrize(
    ("must", "standfirst"),
    [
        (["orm"], "fails the must-have “Orm”; it was the only one considered. Let go of it, or consider"),
        (["orm", "login"], "fails the must-haves “Login” and “Orm”; it was the only one considered. Let go of one, or"),
    ],
)
def test_the_only_framework_considered_is_not_called_every_framework(must, standfirst) -> None:
    orm, login = (rows(slug, Kind.FEATURE, flask=[(1, NONE)]) for slug in ("orm", "login"))
    small = rows("small-project", Kind.FIT, flask=[(1, level(2))])
    answer = answer_of([orm, login, small], {"small-project": 2}, must, ["flask"])
    assert answer.headline == "Flask is ruled out"
    assert f"Flask {standfirst}" in answer.standfirst
    assert answer.must_haves == []
    assert answer.one_sentence == "Flask is ruled out."


@pytest.mark.django_db
def test_a_situation_with_a_weight_is_a_reason_and_no_hypothesis() -> None:
    beginner = rows("beginner", Kind.FIT, django=[(1, level(-1))], flask=[(1, level(-1))])
    login = rows("login", Kind.FEATURE, django=[(1, BUILT_IN)], flask=[(1, NONE)])
    answer = answer_of([beginner, login], {"beginner": 3, "login": 1})
    assert answer.headline == "Django"
    assert criteria_against(answer)[0] == "beginner"
    assert not any("Beginner" in caution for caution in answer.cautions)


def criteria_against(answer: Answer) -> list[str]:
    return [reason.criterion for reason in leading_reasons(answer.recommendation)[1]]


def test_related_rows_that_contradict_each_other_are_connected() -> None:
    support = rows("api-support", Kind.FEATURE, django=[(1, NONE), (2, BUILT_IN), (12, BUILT_IN)], flask=[(2, NONE)])
    use = rows("web-api", Kind.FIT, django=[(1, level(2))])
    speed = rows("speed", Kind.RATING, django=[(2, level(1))], flask=[(2, level(-1))])
    time = rows("time", Kind.FIGURE, django=[(21, figure(30))], flask=[(21, figure(10))])
    pairs = {"api-support": "web-api", "web-api": "api-support", "speed": "time", "time": "speed"}
    related = {slug: frozenset({other}) for slug, other in pairs.items()}
    answer = answer_of([support, use, speed, time], {"api-support": 3, "speed": 2}, related=related)
    assert answer.headline == "Django"
    assert [(row.criterion, row.related, row.framework) for row in answer.contradictions] == [
        ("api-support", "web-api", "django"),
        ("speed", "time", "django"),
    ]
    assert [row.text for row in answer.contradictions] == [
        "You rely on “S1”: it speaks for Django on “Web-api” and against it on the related “Api-support”.",
        "“Speed” is what you rely on: on the related “Time” sources say the opposite about Django.",
    ]
    both = answer_of([support, use], {"api-support": 3, "web-api": 2}, related=related)
    assert len(both.contradictions) == 1
    assert answer_of([support, use], {"api-support": 3}).contradictions == []


def test_vendors_alone_and_shares_are_said() -> None:
    speed = rows("speed", Kind.RATING, django=[(11, level(2)), (12, level(2))], flask=[(11, level(-1))])
    tests = rows("tests", Kind.RATING, django=[(11, level(2))], flask=[(11, level(0))])
    answer = answer_of([speed, tests], {"speed": 2, "tests": 1})
    assert answer.lead.is_vendors_alone
    assert ", on the word of vendors alone." in answer.standfirst
    assert "Only two articles speak on this, too few to test it with others." in answer.standfirst
    assert answer.one_sentence.startswith("Django, on the word of vendors alone; fairly firm: it holds in ")
    assert answer.firmness.word == "fairly firm"
    measured = rows("time", Kind.FIGURE, django=[(21, figure(1))], flask=[(21, figure(9))])
    orm = rows("orm", Kind.FEATURE, django=[(31, BUILT_IN), (1, BUILT_IN)], flask=[(1, EXTENSION)])
    answer = answer_of([speed, measured, orm], {"speed": 1, "time": 2, "orm": 3})
    bar = basis_bar(answer.lead.rests_on)
    words = ["measurements", "documentation", "independent articles", "vendor articles"]
    assert [share.words for share in bar.shares] == words
    assert sum(share.percent for share in bar.shares) == 100
    assert answer.eyebrow == "The evidence favours"


def test_makers_alone_are_said() -> None:
    speed = rows("speed", Kind.RATING, django=[(31, level(2))], flask=[(32, level(-1))])
    orm = rows("orm", Kind.FEATURE, django=[(31, BUILT_IN)], flask=[(32, BUILT_IN)])
    answer = answer_of([speed, orm], {"speed": 2})
    assert answer.lead.is_makers_alone
    assert answer.eyebrow == "Makers alone favour"
    assert ", on the word of makers alone." in answer.standfirst
    assert [share.words for share in basis_bar(answer.lead.rests_on).shares] == ["makers on their own work"]
    assert "Rests on makers on their own work (100%)" in [row.rests_on for row in answer.ranking.rows()]
    answer = answer_of([speed, orm], {"speed": 2, "orm": 2})
    assert answer.lead.is_makers_alone  # both have a mapper, so it makes no part of the lead
    assert "Rests on documentation (64%) and makers on their own work (36%)" in [
        row.rests_on for row in answer.ranking.rows()
    ]


def test_draws_of_articles_say_what_an_answer_rests_on_that_no_article_speaks_about() -> None:
    articles = [(1, level(1)), (2, level(-1)), (3, level(0))]
    speed = rows("speed", Kind.RATING, django=articles, falcon=[(31, level(2))])
    forms = rows("forms", Kind.FEATURE, django=[(32, NONE)], falcon=[(31, BUILT_IN)])
    tests = rows("tests", Kind.RATING, django=[(1, level(1))], falcon=[(31, level(2))])
    answer = answer_of([speed, forms, tests], {"speed": 2, "forms": 3, "tests": 1}, frameworks=["django", "falcon"])
    assert answer.headline == "Falcon"
    assert answer.firmness.about_first == 0
    sentence = (
        "No article speaks about Falcon on this, so other articles change its rivals alone: what is known about it "
        "rests on documentation (64%) and makers on their own work (36%)."
    )
    assert sentence in answer.standfirst
    assert sentence in answer.firmness_view().notes
    speed = rows("speed", Kind.RATING, django=articles, falcon=[(31, level(2)), (2, level(2))])
    answer = answer_of([speed, forms, tests], {"speed": 2, "forms": 3, "tests": 1}, frameworks=["django", "falcon"])
    assert answer.firmness.about_first == 1
    assert "No article speaks about" not in answer.standfirst


# Questions without a good answer.


def test_all_weights_zero() -> None:
    answer = answer_of([rows("speed", Kind.RATING, django=[(1, level(2))])], {"speed": 0})
    assert answer.headline == answer.one_sentence.rstrip(".") == "Nothing chosen yet"
    assert answer.eyebrow == "Your own weights"
    assert "Give at least one a weight" in answer.standfirst


def test_everything_failed() -> None:
    orm = rows("orm", Kind.FEATURE, django=[(1, NONE)], flask=[(1, NONE)])
    answer = answer_of([orm], {}, ["orm"])
    assert answer.one_sentence == "None of them: every framework fails a must-have."
    assert answer.standfirst == "Every framework fails a must-have. Let go of one, or consider more frameworks."
    assert answer.must_haves == ["Django fails the must-have “Orm”.", "Flask fails the must-have “Orm”."]


def test_everything_unknown() -> None:
    answer = answer_of([rows("speed", Kind.RATING)], {"speed": 3}, ["speed"])
    assert answer.standfirst == (
        "No source says anything about Django or Flask on what you weigh, which is not a no. "
        "Weigh something else, or name a source."
    )


@pytest.mark.parametrize(
    ("first", "second", "headline"), [(0, 5, "Django"), (0, 0, "Too close to call"), (5, 0, "Flask")]
)
def test_figures_of_zero(first, second, headline) -> None:
    time = rows("time", Kind.FIGURE, django=[(21, figure(first))], flask=[(21, figure(second))])
    answer = answer_of([time], {"time": 3})
    assert answer.headline == headline
    assert answer.ranking.contributions()


def test_two_frameworks_with_one_figure() -> None:
    time = rows("time", Kind.FIGURE, django=[(21, figure(3))])
    answer = answer_of([time], {"time": 3})
    assert answer.standfirst == "Django 0.00, Flask 0.00: equal. Anything within 0.05 counts as a tie."
    (missing,) = answer.missing_evidence()
    assert (list(missing.unknown), missing.lone_figure) == (["flask"], "django")


def test_better_documented_is_not_called_better() -> None:
    routing = rows(
        "routing", Kind.FEATURE, django=[(1, BUILT_IN), (2, BUILT_IN), (31, BUILT_IN)], flask=[(1, BUILT_IN)]
    )
    forms = rows("forms", Kind.FEATURE, django=[(1, BUILT_IN), (31, BUILT_IN)], flask=[(2, BUILT_IN)])
    answer = answer_of([routing, forms], {"routing": 2, "forms": 1})
    assert answer.headline == "Django"
    assert answer.lead.is_better_known
    assert "More is known about Django; that is not the same as being better." in answer.standfirst
    assert "More is known about Django; that is not the same as being better." in answer.one_sentence
    speed = rows("speed", Kind.RATING, django=[(1, level(2))], flask=[(1, level(-2))])
    better = answer_of([speed, forms], {"speed": 3, "forms": 1})
    assert "is known about" not in better.standfirst


# Words for the two sensitivities.

COUNTS = {100: 1000, 96: 960, 90: 900, 89: 899, 74: 740, 70: 700, 69: 699}


def firmness_of(percent: int) -> Firmness:
    count = COUNTS[percent]
    return Firmness(1000, False, {"a": count}, 1000 - count, count)


@pytest.mark.parametrize(
    ("weights", "articles", "count", "words"),
    [
        (96, 90, 3, "Firm: it holds in 96 of 100 nearby weightings, and in 90 of 100 draws of the articles."),
        (
            96,
            74,
            3,
            "Fairly firm: it holds in 96 of 100 nearby weightings, but only in 74 of 100 draws of the articles.",
        ),
        (
            74,
            96,
            3,
            "Fairly firm: it holds in 96 of 100 draws of the articles, but only in 74 of 100 nearby weightings.",
        ),
        (70, 74, 3, "Fairly firm: it holds in 70 of 100 nearby weightings, and in 74 of 100 draws of the articles."),
        (89, 69, 3, "Narrowly: it holds in 89 of 100 nearby weightings, but only in 69 of 100 draws of the articles."),
        (
            100,
            None,
            2,
            "Fairly firm: it holds in 100 of 100 nearby weightings. "
            "Only two articles speak on this, too few to test it with others.",
        ),
        (
            69,
            None,
            1,
            "Narrowly: it holds in 69 of 100 nearby weightings. "
            "Only one article speaks on this, too few to test it with others.",
        ),
        (
            90,
            None,
            0,
            "Firm: it holds in 90 of 100 nearby weightings. "
            "No article speaks on this, so only the weights were varied.",
        ),
    ],
)
def test_both_sensitivities_are_said_and_the_weaker_one_last(weights, articles, count, words) -> None:
    drawn = None if articles is None else firmness_of(articles)
    assert " ".join(firmness_sentences(AnswerFirmness("a", firmness_of(weights), drawn, count))) == words


def test_a_lead_needs_two_frameworks_that_are_ranked() -> None:
    speed = rows("speed", Kind.RATING, django=[(1, level(2))], flask=[(1, level(2))])
    matrix = DecisionMatrix(["django", "flask"], [speed[0]], speed[1])
    assert lead_of(recommend(matrix, Weights({"speed": 1}))) is None
