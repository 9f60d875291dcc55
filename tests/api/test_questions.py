"""The questions in plain words: what each answer sets, and recommendations for answers, in the API and the tools."""

import pytest

from comparison.mcp.arguments import BadArguments
from comparison.mcp.tools import TOOLS
from comparison.models import Criterion, FormerCriterion, GuideChoice
from tests.api_client import API, get_json, get_problem
from tests.make import make_guide

pytestmark = pytest.mark.django_db

ANSWERS = [{}, {"who": "one"}, {"who": "many"}, {"what": "site"}, {"who": "one", "what": "site"}]


def query_of(answers: dict[str, str]) -> str:
    return "&".join(f"q.{question}={answer}" for question, answer in answers.items())


def test_questions_are_listed_with_what_their_answers_set(client, two) -> None:
    make_guide()
    who, what = get_json(client, f"{API}questions")["results"]
    assert (who["slug"], who["text"]) == ("who", "Who builds it?")
    assert [answer["slug"] for answer in who["answers"]] == ["many", "one"]
    assert what["answers"] == [
        {
            "slug": "site",
            "text": "It is site",
            "because": "site it is",
            "weights": [
                {"criterion": "part", "weight": 3, "must_have": True},
                {"criterion": "speed", "weight": 3, "must_have": False},
            ],
        }
    ]
    assert TOOLS["questions"].call({})["questions"] == [who, what]


def test_answers_set_criteria_by_the_slugs_they_have_now(client, two) -> None:
    make_guide()
    FormerCriterion.objects.create(slug="haste", criterion=Criterion.objects.get(slug="speed"))
    GuideChoice.objects.filter(slug="many").update(sets="haste 2\ngone 1")
    many = get_json(client, f"{API}questions")["results"][0]["answers"][0]
    assert many["weights"] == [{"criterion": "speed", "weight": 2, "must_have": False}]


@pytest.mark.parametrize("answers", ANSWERS)
def test_answers_are_recommended_for_as_the_page_does(client, two, answers) -> None:
    make_guide()
    page = client.get(f"/recommend/?{query_of(answers)}", follow=True)
    weights = page.redirect_chain[-1][0].partition("?")[2].partition("&q.")[0] if answers else ""
    answer = get_json(client, f"{API}recommendations?{query_of(answers)}")
    assert answer == get_json(client, f"{API}recommendations?{weights}")
    tool = TOOLS["recommend"].call({"answers": answers})
    assert (tool["weights"], tool["outcome"]) == (answer["weights"], answer["outcome"])


REFUSED = [  # query, the parameter that is named, and words of the message
    ("q.whom=one", "q.whom", "there is no such question; did you mean who?"),
    ("q.who=nobody", "q.who", "there is no such answer; known: many, one"),
    ("q.who=one&w.speed=3", "w.speed", "answers to questions set the weights and must-haves; give either"),
    ("q.who=one&must=part", "must", "give either these or those"),
    ("q.who=one&q.who=many", "q.who", "give it once."),
    ("q.who=one&framework=zzz", "framework", "known: one, two"),
]


@pytest.mark.parametrize(("query", "name", "message"), REFUSED)
def test_answers_that_are_not_understood_are_refused(client, two, query, name, message) -> None:
    make_guide()
    problem = get_problem(client, f"{API}recommendations?{query}")
    assert list(problem["errors"]) == [name]
    assert message in problem["errors"][name]


def test_a_kind_of_project_takes_no_answers(client, two) -> None:
    make_guide()
    assert list(get_problem(client, f"{API}recommendations/quick?q.who=one")["errors"]) == ["q.who"]
    refused = [
        ({"profile": "quick", "answers": {"who": "one"}}, "either a profile or answers"),
        ({"answers": {"whom": "one"}}, "did you mean who"),
        ({"answers": "one"}, "“<question>”: “<answer>”"),
    ]
    for arguments, message in refused:
        with pytest.raises(BadArguments, match=message):
            TOOLS["recommend"].call(arguments)
