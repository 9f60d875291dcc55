"""Recommendations for weights, must-haves and frameworks of one's own: as on the answer's page, and what is refused."""

import pytest

from comparison.models import FormerCriterion, Framework
from tests.api_client import API, get_json, get_problem
from tests.make import make_criterion

pytestmark = pytest.mark.django_db

QUESTIONS = ["", "w.speed=0", "w.speed=3", "w.speed=1&w.ease=3", "w.ease=2&must=part", "must=part&must=speed", "must="]
QUESTIONS += ["framework=two", "w.speed=2&framework=two&framework=one", "w.small-team=3", "must=part&framework=two"]


def test_a_recommendation_equals_that_of_its_page(client, two) -> None:
    for path, page in (("recommendations", "/recommend.json"), ("recommendations/quick", "/recommend/quick.json")):
        answers = set()
        for query in QUESTIONS:
            answer = get_json(client, f"{API}{path}?{query}")
            assert answer == client.get(f"{page}?{query}").json(), query
            answers.add(str(answer["outcome"]) + str(answer["ranking"]))
        assert len(answers) > 6


def test_weights_change_the_answer_and_its_address(client, two) -> None:
    fast = get_json(client, f"{API}recommendations?w.speed=3")
    easy = get_json(client, f"{API}recommendations/quick?w.speed=0&w.ease=3&must=part")
    assert [answer["outcome"]["leader"] for answer in (fast, easy)] == ["one", "two"]
    assert (fast["profile"], fast["weights"], fast["address"]) == (
        None,
        {"speed": 3},
        "http://testserver/recommend/?w.speed=3",
    )
    assert (easy["profile"], easy["weights"], easy["must_haves"]) == ("quick", {"ease": 3, "part": 3}, ["part"])
    assert [row["framework"] for row in get_json(client, f"{API}recommendations?w.ease=1")["ranking"]] == ["two", "one"]


def test_a_merged_criterion_counts_under_its_present_slug(client, two) -> None:
    FormerCriterion.objects.create(slug="haste", criterion=two["profile"].weights.all()[0].criterion)
    assert get_json(client, f"{API}recommendations?w.haste=2")["weights"] == {"speed": 2}


REFUSED = [  # query, the parameter that is named, and words of the message
    ("w.sped=3", "w.sped", "there is no such criterion that can be weighed; did you mean speed?"),
    ("w.zzz=3", "w.zzz", "there is no such criterion that can be weighed; known: ease, part, small-team, speed"),
    ("w.users=1", "w.users", "there is no such criterion that can be weighed"),
    ("w.speed=4", "w.speed", "w.speed=4: a weight is 0, 1, 2 or 3."),
    ("w.speed=-1", "w.speed", "a weight is 0, 1, 2 or 3."),
    ("w.speed=x", "w.speed", "a weight is 0, 1, 2 or 3."),
    ("w.speed=", "w.speed", "a weight is 0, 1, 2 or 3."),
    ("w.speed=1&w.speed=2", "w.speed", "give it once."),
    ("w.=1", "w.", "known: ease"),
    (f"w.{'x' * 3000}=1", f"w.{'x' * 60}", "there is no such criterion"),
    ("must=eas", "must", "must=eas: there is no such criterion; did you mean ease?"),
    ("must=speed&must=zzz", "must", "must=zzz: there is no such criterion; known: ease"),
    ("framework=ones", "framework", "framework=ones: there is no such framework; did you mean one?"),
    ("framework=zzz", "framework", "framework=zzz: there is no such framework; known: one, two"),
    ("profile=quick", "profile", "no such parameter; known: w.*, must, framework"),
    ("W.speed=3", "W.speed", "no such parameter"),
    ("weight=3", "weight", "no such parameter"),
]


def test_what_is_not_understood_is_refused_by_name_with_a_way_out(client, two) -> None:
    make_criterion("list", "Users")
    for query, name, message in REFUSED:
        for path in ("recommendations", "recommendations/quick"):
            problem = get_problem(client, f"{API}{path}?{query}")
            assert list(problem["errors"]) == [name]
            assert message in problem["errors"][name]
            assert len(problem["detail"]) < 400


def test_everything_that_is_wrong_is_named_at_once(client, two) -> None:
    problem = get_problem(client, f"{API}recommendations?w.speed=9&w.zzz=1&must=zzz&must=yyy&framework=zzz")
    assert list(problem["errors"]) == ["w.speed", "w.zzz", "must", "framework"]
    assert all(f"must={slug}:" in problem["errors"]["must"] for slug in ("zzz", "yyy"))


def test_long_lists_of_known_names_are_cut(client, two) -> None:
    for number in range(20):
        make_criterion(name=f"Further {number:02}")
    message = get_problem(client, f"{API}recommendations?must=q")["errors"]["must"]
    assert message.endswith(" and 12 more.")
    assert message.count(",") == 11


def test_a_framework_that_nobody_speaks_of_is_not_considered(client, two) -> None:
    Framework.objects.create(slug="mute", name="Mute")
    assert "known: one, two" in get_problem(client, f"{API}recommendations?framework=mute")["detail"]
