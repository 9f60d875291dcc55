"""The three changes that matter: the smallest single ones that lead to another answer."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import Evidence, Kind, SourceKind
from comparison.recommend import CriterionSpec, DecisionMatrix, Recommendation, Weights, recommend
from comparison.sensitivity.changes import Sensitivity, WeightFlip
from comparison.sensitivity.nearest import must_flips, nearest_flips
from tests.make import make_claim
from tests.reading import page, squeezed

FRAMEWORKS, CRITERIA = ("a", "b", "c"), ("p", "q", "r")
LEVELS = st.lists(st.integers(-2, 2), min_size=9, max_size=9)
WEIGHTS = st.dictionaries(st.sampled_from(CRITERIA), st.integers(1, 3), min_size=1)


def matrix_of(levels: list[int]) -> DecisionMatrix:
    """Two independent articles in each cell, so that a must-have can fail."""
    cells = [(framework, criterion) for framework in FRAMEWORKS for criterion in CRITERIA]
    evidence = {
        cell: [Evidence(10 * index + source, source, source, 0, SourceKind.INDEPENDENT, level) for source in (1, 2)]
        for index, (cell, level) in enumerate(zip(cells, levels, strict=True))
    }
    return DecisionMatrix(FRAMEWORKS, [CriterionSpec(slug, Kind.RATING) for slug in CRITERIA], evidence)


def answer_of(recommendation: Recommendation) -> str:
    """The framework it names, or why it names none."""
    return recommendation.leader or str(recommendation.ending)


@settings(max_examples=60)
@given(LEVELS, WEIGHTS, st.frozensets(st.sampled_from(CRITERIA), max_size=2))
def test_every_must_flip_is_what_the_recommendation_says_then(levels, weights, musts) -> None:
    matrix = matrix_of(levels)
    question = Weights(weights, musts & weights.keys())
    now = recommend(matrix, question)
    flips = {flip.criterion: flip for flip in must_flips(Sensitivity(now))}
    for slug in weights:
        then = recommend(matrix, Weights(weights, question.must ^ {slug}))
        if answer_of(then) != answer_of(now):
            assert (flips[slug].answer or str(flips[slug].ending)) == answer_of(then)
            assert flips[slug].is_added == (slug not in question.must)
        else:
            assert slug not in flips


@settings(max_examples=60)
@given(LEVELS, WEIGHTS)
def test_the_nearest_changes_are_the_smallest_and_about_different_things(levels, weights) -> None:
    sensitivity = Sensitivity(recommend(matrix_of(levels), Weights(weights)))
    flips = nearest_flips(sensitivity, 3)
    subjects = [getattr(flip, "criterion", None) or flip for flip in flips]
    assert len(flips) <= 3
    assert len(set(subjects)) == len(subjects)
    steps = [flip.size for flip in sensitivity.weight_flips if flip.before]
    if steps and min(steps) == 1:
        assert isinstance(flips[0], WeightFlip)
        assert flips[0].size == 1
    if not flips:
        assert not sensitivity.weight_flips
        assert not sensitivity.source_flips


@pytest.mark.django_db
def test_each_change_leads_to_the_answer_with_it(client, two) -> None:
    html = squeezed(page(client, "/recommend/quick/"))
    part = html.partition('id="nearest"')[2].partition("</section>")[0]
    changes = re.findall(r'<li><b>(.*?)</b> (.*?) <a href="(.*?)">(.*?)</a></li>', part)
    assert changes[0][:2] == ("“Ease” as a must-have.", "Two would be the only one left.")
    assert len(changes) == 3
    for change, outcome, url, words in changes:
        if words == "The answer with it":
            then = page(client, url.replace("&amp;", "&"))
            headline = "Too close to call" if "close" in outcome else outcome.partition(" would ")[0]
            assert f'id="answer">{headline}</h2>' in then, change


@pytest.mark.django_db
def test_letting_go_of_a_must_have_is_among_them(client, two) -> None:
    assert 'id="nearest"' not in page(client, "/recommend/?w.ease=0")
    for _ in range(3):
        make_claim(framework=two["two"], criterion=two["part"], support="built-in")
        make_claim(framework=two["one"], criterion=two["part"], support="none")
    html = page(client, "/recommend/?w.part=1&w.speed=3&must=part")
    assert "“Part” no longer as a must-have." in html
