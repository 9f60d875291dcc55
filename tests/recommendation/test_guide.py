"""The guided start: questions in plain words that set weights, and say what they set."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comparison.models import FormerCriterion, GuideChoice, GuideQuestion
from comparison.models.readers.weight_lines import WeightLineError, read_weight_lines, write_weight_lines
from comparison.recommend import Weights
from comparison.recommendation.asking.guide import combined, guided_query, read_guide
from comparison.recommendation.load import rankable_criteria
from tests.admin_site import as_admin
from tests.make import make_criterion, make_guide
from tests.reading import page, squeezed

SLUGS = st.from_regex(r"[a-z]{1,5}(-[a-z]{1,3})?", fullmatch=True)
WEIGHTS = st.dictionaries(SLUGS, st.integers(1, 3), max_size=6).flatmap(
    lambda weights: st.builds(
        Weights, st.just(weights), st.frozensets(st.sampled_from(sorted(weights)) if weights else st.nothing())
    )
)


@given(WEIGHTS)
def test_weights_are_read_as_they_were_written(weights) -> None:
    assert read_weight_lines(write_weight_lines(weights)) == weights


@given(st.lists(WEIGHTS, max_size=4))
def test_weights_together_take_the_heaviest_and_every_must_have(parts) -> None:
    together = combined(parts)
    assert combined(parts[::-1]) == together
    for part in parts:
        assert all(together.weights[slug] >= weight for slug, weight in part.weights.items())
        assert part.must <= together.must
    assert all(any(part.weights.get(slug) == weight for part in parts) for slug, weight in together.weights.items())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ease", "“ease” is no weight"),
        ("ease 0", "“ease 0” is no weight"),
        ("ease 4", "“ease 4” is no weight"),
        ("ease 2 may", "“ease 2 may” is no weight"),
        ("ease 2\n\nease 3", "ease is weighed twice"),
    ],
)
def test_a_line_that_says_no_weight_is_refused(text, words) -> None:
    with pytest.raises(WeightLineError, match=words):
        read_weight_lines(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ("eas 2", "There is no criterion eas."),
        ("users 2", "users is a list"),
        ("former 2", "former was merged into ease"),
        ("ease two", "“ease two” is no weight"),
        (" \n ", "A choice sets at least one weight."),
    ],
)
def test_a_choice_sets_weights_of_criteria(two, sets, words) -> None:
    make_criterion("list", name="Users")
    FormerCriterion.objects.create(slug="former", criterion=rankable_criteria()["ease"])
    question = GuideQuestion.objects.create(slug="who", text="Who?")
    with pytest.raises(ValidationError) as refused:
        GuideChoice(question=question, slug="a", text="A", because="it is A", sets=sets).full_clean()
    assert words in str(refused.value)


@pytest.mark.django_db
def test_an_editor_adds_a_choice_in_the_admin_and_is_told_what_is_wrong(two) -> None:
    question = GuideQuestion.objects.create(slug="who", text="Who?")
    url = f"/admin/comparison/guidequestion/{question.pk}/change/"
    client = as_admin()
    form: dict[str, Any] = {
        "slug": "who",
        "text": "Who?",
        "order": 0,
        "version": client.get(url).context["adminform"].form["version"].value(),
    }
    form |= {"choices-TOTAL_FORMS": 1, "choices-INITIAL_FORMS": 0, "choices-0-slug": "one", "choices-0-text": "One"}
    form |= {"choices-0-because": "it is one", "choices-0-order": 0, "choices-0-sets": "speed 1\neas 3"}
    assert "There is no criterion eas." in client.post(url, form).content.decode()
    assert client.post(url, form | {"choices-0-sets": "speed 1\n ease  3 must"}).status_code == 302
    assert GuideChoice.objects.get().sets == "ease 3 must\nspeed 1"


@pytest.mark.django_db
def test_answers_lead_to_an_address_with_what_they_set(client, two) -> None:
    make_guide()
    html = squeezed(page(client, "/recommend/"))
    assert "<legend>Who builds it?</legend>" in html
    assert html.count("I don’t know") == 2
    response = client.get("/recommend/?q.who=one&q.what=site&framework=one&framework=two")
    assert response.status_code == 302
    weights = "w.ease=3&w.part=3&w.speed=3&must=part&framework=one&framework=two"
    assert response["Location"] == f"/recommend/?{weights}&q.who=one&q.what=site"
    html = squeezed(page(client, response["Location"]))
    assert "Because one it is: “Ease” counts 3, “Speed” counts 1." in html
    assert "Because site it is: “Part” counts 3 and is a must-have, “Speed” counts 3." in html
    assert "the heavier weight counts" in html
    assert "have been changed since" not in html
    assert re.search(r'name="q.who" value="one" checked', html)
    assert '<input type="hidden" name="q.who" value="one">' in html
    assert (
        'rel="canonical" href="http://testserver/recommend/?w.ease=3&amp;w.part=3&amp;w.speed=3&amp;must=part">' in html
    )
    changed = page(client, response["Location"].replace("w.ease=3", "w.ease=1"))
    assert "The weights have been changed since" in changed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q.who=&q.what=", "With no question answered there is nothing to weigh."),
        ("?q.who=oen", "q.who=oen: there is no such answer; did you mean one?"),
        ("?q.hwo=one", "q.hwo: there is no such question; did you mean who?"),
        ("?q.<b>=one", "q.&lt;b&gt;: there is no such question"),
        ("?q.who=oen&w.ease=2", "q.who=oen: there is no such answer"),
    ],
)
def test_what_is_no_answer_is_said(client, two, query, words) -> None:
    make_guide()
    assert words in squeezed(page(client, f"/recommend/{query}"))


@pytest.mark.django_db
def test_choices_follow_merged_criteria_and_forget_those_that_are_gone(two) -> None:
    make_guide()
    GuideChoice.objects.filter(slug="one").update(sets="former 3 must\ngone 2\nspeed 1")
    criteria = rankable_criteria()
    FormerCriterion.objects.create(slug="former", criterion=criteria["ease"])
    data = QueryDict("q.who=one")
    guide = read_guide(data, criteria)
    assert guide.weights == Weights({"ease": 3, "speed": 1}, frozenset({"ease"}))
    assert guided_query(data, guide) == "w.ease=3&w.speed=1&must=ease&q.who=one"


@pytest.mark.django_db
def test_more_questions_take_no_more_queries(client, two) -> None:
    make_guide()
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            page(client, f"/recommend/?w.ease={number + 1}&q.who=one")
        counts.append(len(queries))
        question = GuideQuestion.objects.create(slug=f"more{number}", text=f"More {number}?")
        question.choices.create(slug="a", text="A", because="it is A", sets="ease 2")
    assert counts[0] == counts[1] == counts[2] <= 16


@pytest.mark.django_db
def test_the_shipped_questions_fit_the_shipped_criteria(shipped) -> None:
    criteria = rankable_criteria()
    choices = GuideChoice.objects.select_related("question")
    assert len({choice.question for choice in choices}) == GuideQuestion.objects.count() == 5
    assert {slug for choice in choices for slug in choice.weights.weights} <= criteria.keys()
    assert all(not choice.because[0].isupper() and choice.because[-1] != "." for choice in choices)
