"""What is said about an answer: never more than is known, never garbled, never silently cut."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import Kind, Support
from comparison.models import Criterion, NotApplicable
from comparison.recommend import CriterionSpec, DecisionMatrix, Ending, Weights, ahead, recommend
from comparison.recommendation import sentences
from comparison.recommendation.ranking import Place, Ranking
from comparison.sensitivity import Sensitivity, SourceFlip, UnknownFlip
from comparison.wording import Names, points, quoted, shortened
from tests.make import evidence, make_claim, make_criterion, make_framework, make_source
from tests.reading import page

db = pytest.mark.django_db
UNSETTLED = {
    Kind.FEATURE: "whether A has “Secure cookies”",
    Kind.FIT: "whether A suits “You cannot decide”",
    Kind.RATING: "how A does on “Tests with a database”",
    Kind.FIGURE: "how A does on “Weeks”",
}


def section(html: str, name: str) -> str:
    """The words of one section of an answer's page."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    return re.sub(r"<svg.*?</svg>|<[^>]+>", "", found[1]) if found else ""


@db
def test_unknown_is_not_told_as_behind(client, two) -> None:
    html = page(client, "/recommend/?w.ease=3&w.part=1")
    assert "You care more about “Part” than the weights say: there nothing is known of Two." in html
    assert "there Two is behind" not in html
    assert "Nothing is known of Two" in section(html, "why")
    NotApplicable.objects.create(framework=two["two"], criterion=two["part"], reason="It has no parts.")
    html = page(client, "/recommend/?w.ease=3&w.part=1&")
    assert "than the weights say: it does not apply to Two." in html
    assert "It does not apply to Two" in section(html, "why")


@db
def test_what_speaks_against_the_leader_is_told_where_the_other_is_unknown(client, two) -> None:
    make_claim(framework=two["one"], criterion=make_criterion(name="Size"), level=-2)
    html = page(client, "/recommend/?w.speed=3&w.size=1")
    assert "“Size” than the weights say: there the evidence is against One, and nothing is known of Two." in html


@db
def test_nobody_cares_more_for_what_is_essential_already(client, two) -> None:
    html = page(client, "/recommend/?w.speed=3&w.ease=3&w.part=3")
    assert "“Ease” matters more to you than all else: there One is behind." in html
    assert "You care more" not in html


@db
def test_a_rival_of_whom_nothing_is_known_makes_no_firm_answer(client, two) -> None:
    html = page(client, "/recommend/?w.part=3")
    assert "1.00 against 0.00, for want of evidence on any other." in html
    assert "There is no telling by other weights: it leads for want of evidence on any other." in section(html, "firm")
    assert 'class="split"' not in html
    assert "You think well of Two: only 0 % of the weight has evidence on it." in html
    kept = page(client, client.post("/recommend/keep/?w.part=3").headers["Location"])
    assert "There was no telling by other weights: it led for want of evidence on any other." in kept
    assert 'class="split"' not in kept


@db
def test_an_answer_that_rests_on_one_criterion_says_so(client, two) -> None:
    found = json.loads(page(client, "/recommend.json?w.speed=2"))
    assert found["outcome"]["sentence"] == "One, by “Speed” alone."
    alone = "You would not decide by “Speed” alone: nothing else that you weigh speaks for One over Two."
    assert alone in found["cautions"]
    assert alone in json.loads(page(client, "/recommend.json?w.speed=3&w.ease=1"))["cautions"]
    assert alone not in json.loads(page(client, "/recommend.json?w.speed=3&w.part=1"))["cautions"]


@db
def test_a_lead_that_nobody_has_evidence_for_is_no_favour(client, two) -> None:
    make_claim(framework=two["one"], criterion=make_criterion(name="Size"), level=-2)
    found = json.loads(page(client, "/recommend.json?w.size=2"))
    assert found["outcome"]["sentence"] == "Two, though nothing that you weigh is known of it."
    assert "You need certainty: only 0 % of the weight has evidence on Two." in found["cautions"]


@db
def test_a_lead_on_one_voice_says_so(client, two) -> None:
    vendor = make_source("Brochure", kind="vendor")
    size, shape = make_criterion("feature", name="Size"), make_criterion("feature", name="Shape")
    make_claim(framework=two["one"], criterion=size, support="built-in", source=vendor)
    half = "You want a second source: over half of what speaks for One over Two rests on"
    query = "/recommend.json?w.size=3&w.speed=1&w.ease=1"
    assert f"{half} “Brochure” alone (vendor article)." in json.loads(page(client, query))["cautions"]
    make_claim(framework=two["one"], criterion=shape, support="built-in")
    found = json.loads(page(client, "/recommend.json?w.size=2&w.shape=2&w.speed=1&w.ease=1"))
    assert f"{half} cells with a single one." in found["cautions"]
    assert half not in page(client, "/recommend.json?w.speed=3&w.ease=1")


@db
def test_all_unknowns_together_may_change_what_none_does_alone(client, two) -> None:
    more = make_criterion("feature", name="Secure cookies")
    for _ in range(2):
        make_claim(framework=two["one"], criterion=more, support="built-in")
    found = json.loads(page(client, "/recommend.json?w.secure-cookies=3&w.part=2"))
    assert found["flips"]["unknowns"] == []
    criteria = ["part", "secure-cookies"]
    assert found["flips"]["together"] == [{"framework": "two", "criteria": criteria, "best": True, "leader": None}]
    told = "Nothing is known of “Part” and “Secure cookies” in Two. If all of that turns out as good as can be, "
    assert {"what": "All unknowns", "then": f"{told}it would be too close to call."} in found["changes"]


@db
def test_lists_that_are_cut_say_how_many_are_left(client, two) -> None:
    asked = [make_criterion("feature", name=f"Thing {number}") for number in range(9)]
    make_claim(framework=two["one"], criterion=asked[0])
    query = "&".join(f"must={one.slug}" for one in asked)
    html = page(client, f"/recommend/?w.speed=1&w.thing-0=1&{query}")
    assert section(html, "cautions").count("You must be sure") == 6
    assert "reasons for doubt." in section(html, "cautions")
    assert re.search(r"And \d+ more that would change the answer, once known\.", html)
    assert "“Thing 1”, “Thing 2”, “Thing 3” and 5 more in One, which would be out" in html


@db
def test_only_what_is_considered_is_said_to_be_unknown(client, two) -> None:
    html = page(client, "/recommend/?w.part=1&framework=two")
    assert "No source speaks of anything that you weigh about Two." in html
    assert '<a href="/recommend/?w.part=1">consider more frameworks</a>' in html


@db
def test_one_alone_has_reasons_cautions_and_a_way_on(client, two) -> None:
    html = page(client, "/recommend/?w.speed=2&w.ease=1&framework=two&must=part")
    assert "The only one considered is" in html
    why = section(html, "why")
    assert "For Two" in why
    assert "Against Two" in why
    assert "Ease is 2" in why.split("Against Two")[0]
    assert "Speed is -1" in why.split("Against Two")[1]
    assert "You must be sure: nothing says whether Two has “Part”." in html
    assert "Consider more frameworks</a> to see how it compares" in html
    assert "What adds or takes most comes first." in html
    assert '"/recommend/?w.ease=1&amp;w.speed=2&amp;must=part"' in html


@db
def test_a_tie_has_what_to_mind_and_a_way_on(client, two) -> None:
    html = page(client, "/recommend/?w.speed=1&w.ease=1&must=part")
    assert "One 0.17, Two 0.17: equal, and anything within 0.05 is a tie." in html
    assert "Before you choose" in html
    assert "You must be sure: nothing says whether Two has “Part”." in section(html, "cautions")
    assert '<a href="#firm">what would settle it</a>' in html
    assert "Before you choose:" in page(client, "/recommend.md?w.speed=1&w.ease=1&must=part")


@db
def test_each_of_the_others_is_held_against_the_first(client, two) -> None:
    three, four = make_framework("Three"), make_framework("Four")
    ease = Criterion.objects.get(slug="ease")
    for framework, level in ((three, -2), (four, 2)):
        make_claim(framework=framework, criterion=ease, level=level)
    query = "w.speed=3&w.ease=1&w.part=1"
    html = section(page(client, f"/recommend/?{query}"), "why")
    assert "One beside the others" in html
    told = "For One: Speed (nothing is known of Three), Part (nothing is known of Three)"
    assert f"{told}, Ease. For Three: nothing that is weighed." in html
    found = json.loads(page(client, f"/recommend.json?{query}"))
    assert found["others"] == [
        {"framework": "two", "for_first": ["speed", "part"], "for_it": ["ease"]},
        {"framework": "three", "for_first": ["speed", "part", "ease"], "for_it": []},
    ]
    kept = section(page(client, client.post(f"/recommend/keep/?{query}").headers["Location"]), "why")
    assert f"{told}, Ease. For Three: nothing that is weighed." in kept
    assert f"For One over Three: {told[9:]} and Ease." in page(client, f"/recommend.md?{query}").replace("\\", "")


@db
@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("must=part", "Nothing weighs yet"),
        ("framework=nope", "Nothing weighs yet"),
        ("must=nope", "Nothing weighs yet"),
    ],
)
def test_must_haves_and_frameworks_are_a_question_too(client, two, query, headline) -> None:
    html = page(client, f"/recommend/?{query}")
    assert f'id="answer">{headline}</h2>' in html
    assert ("there is no such" in html) == ("nope" in query)


def told_musts(frameworks: int, musts: int) -> str:
    """Of every must-have a third each fail, are unknown, or meet it."""
    slugs, names = [f"m{at}" for at in range(musts)], [f"f{at}" for at in range(frameworks)]
    said = (Support.NONE, None, Support.BUILT_IN)
    cells = {
        (name, slug): [evidence(1 + at, 1 + at, support=said[at % 3])]
        for at, name in enumerate(names)
        for slug in slugs
        if said[at % 3]
    }
    matrix = DecisionMatrix(names, [CriterionSpec(slug, Kind.FEATURE) for slug in slugs], cells)
    found = recommend(matrix, Weights({"m0": 1}, frozenset(slugs)))
    return sentences.musts_told(found, Names({n: n.upper() for n in names}, {slug: slug.upper() for slug in slugs}))


def test_must_haves_are_told_by_framework_or_summed_up() -> None:
    told = "Nothing is known of “M0” and “M1” in F1, which would be out if it failed there. F0 fails “M0” and “M1”."
    assert told_musts(2, 2) == told
    many = told_musts(50, 5)
    assert "“M0”: F0, F12, F15 and 14 more fail it; of F1, F10, F13 and 14 more it is not settled." in many
    assert len(many.split()) < 120
    assert told_musts(50, 9).endswith("4 more must-haves in the ranking.")


@pytest.mark.parametrize("kind", list(UNSETTLED))
@pytest.mark.parametrize("disputed", [False, True])
def test_open_must_haves_are_told_by_what_they_ask(kind, disputed) -> None:
    what = UNSETTLED[kind]
    name = re.search("“(.+)”", what)[1]
    said: Any = {Kind.FEATURE: ("support", Support), Kind.FIGURE: ("low", None)}.get(kind, ("level", None))
    rows = []
    if disputed and kind is not Kind.FIGURE:
        values = (Support.BUILT_IN, Support.NONE) if said[1] else (2, -2)
        rows = [evidence(at, at, **{said[0]: value}) for at, value in enumerate(values, 1)]
    elif disputed:
        rows = [evidence(at, at, low=at * 9, high=at * 9) for at in (1, 9)]
    found = recommend(
        DecisionMatrix(["a"], [CriterionSpec("x", kind)], {("a", "x"): rows}), Weights({}, frozenset({"x"}))
    )
    text = sentences.unsettled(found.ranking[0], "x", Names({"a": "A"}, {"x": name}, {"x": kind}))
    assert text == f"You must be sure: {'sources dispute' if disputed else 'nothing says'} {what}."


def test_names_are_quoted_and_lists_of_them_cut() -> None:
    assert quoted(["You cannot decide"]) == "“You cannot decide”"
    assert quoted(["A", "B", "C", "D", "E"]) == "“A”, “B”, “C” and 2 more"
    assert shortened(["A", "B", "C"]) == "A, B and C"
    names = Names({"a": "Django"}, {"x": "Secure cookies"})
    told = sentences.unknown_change(UnknownFlip("a", "x", True, "a", Ending.CLEAR), names)
    assert (
        told
        == "Nothing is known of “Secure cookies” in Django. If that turns out as good as can be, Django would lead."
    )


@pytest.mark.parametrize(
    ("gap", "told"), [(0.0, "equal"), (0.002, "less than 0.01 apart"), (0.04, "0.04 apart"), (-1e-12, "equal")]
)
def test_a_gap_is_never_nothing_unless_it_is(gap, told) -> None:
    assert sentences.source_change(SourceFlip(1, None, gap, Ending.CLOSE), Names({}, {})).endswith(f"first two {told}.")


def close(*scores: float) -> tuple[str, list[str]]:
    """The standfirst over frameworks with these scores, and the scores as the ranking prints them."""
    names = [f"f{at}" for at in range(len(scores))]
    matrix = DecisionMatrix(names, [CriterionSpec("a", Kind.RATING), CriterionSpec("b", Kind.RATING)], {})
    matrix.__dict__["values"] = {"a": list(scores), "b": list(scores)}
    found = recommend(matrix, Weights({"a": 1, "b": 1}))
    titles = Names({name: name.upper() for name in names}, {"a": "A", "b": "B"})
    firm = Sensitivity(found).firmness()
    places = [Place(one.framework, one.score, 1.0, False, (), ()) for one in found.ranking]
    ranking = Ranking(places, found.ending, found.leader, titles, lambda _: "", lambda _: "")
    return sentences.standfirst(found, firm, titles), [one.score for one in ranking.ranked()]


def test_scores_and_gaps_do_not_contradict_each_other() -> None:
    told, scores = close(0.434, 0.383)
    assert told.startswith("0.434 against 0.383. ")
    assert scores == ["0.434", "0.383"]
    assert close(0.49, 0.486)[0].startswith("F0 0.49, F1 0.49: less than 0.01 apart")
    assert close(0.4851, 0.4849)[0].startswith("F0 0.49, F1 0.48: less than 0.01 apart")
    assert close(0.49, 0.48, 0.47, 0.1)[0].startswith("F0 0.49, F1 0.48 and F2 0.47: 0.02 apart")
    assert close(0.49, 0.48, 0.476, 0.47, 0.46)[0].startswith("F0 0.49, F1 0.48, F2 0.48 and 2 more: 0.03 apart")


@given(st.floats(-1, 1), st.floats(0, 0.12))
def test_printed_scores_are_as_clear_of_each_other_as_the_answer_says(first, gap) -> None:
    scores = [first, first - gap]
    ending = Ending.CLEAR if ahead(*scores) else Ending.CLOSE
    places = sentences.decimals(ending, scores)
    shown = round(round(scores[0], places) - round(scores[1], places), places)
    if gap > 0.05 + 1e-5 or gap <= 0.05:
        assert (shown > 0.05) == (ending is Ending.CLEAR)
    if ending is Ending.CLOSE and gap > 0.005:
        assert abs(shown - gap) < 10**-places


def test_a_small_gap_has_words() -> None:
    assert [points(one) for one in (0.0, 0.004, 0.006, 0.12)] == ["0.00", "less than 0.01", "0.01", "0.12"]


@db
def test_deciding_rows_are_those_of_the_table(client, two) -> None:
    where = "/compare/one-vs-two/?profile=quick"
    two["profile"].weights.create(criterion=two["part"], weight=1)
    rows = section(page(client, where), "deciding")
    assert "Part: One by 0.20 of the score, but nothing is known of Two" in rows
    only = Criterion.objects.get(slug="ease").claims.filter(framework__slug="two").earliest("pk").source
    rows = section(page(client, f"{where}&source={only.slug}"), "deciding")
    assert re.findall(r"(Speed|Ease|Part): ", rows) == ["Ease"]
    rows = section(page(client, f"{where}&criterion=speed"), "deciding")
    assert re.findall(r"(Speed|Ease|Part): ", rows) == ["Speed"]
    assert "2 more decide in rows that the filters leave out." in rows
    assert 'name="profile" value="quick"' in page(client, where)


@db
def test_more_deciding_rows_than_are_listed_are_counted(client, two) -> None:
    for number in range(9):
        asked = make_criterion(name=f"Thing {number}")
        make_claim(framework=two["one"], criterion=asked, level=2)
        two["profile"].weights.create(criterion=asked, weight=1)
    assert "3 more decide by less." in section(page(client, "/compare/one-vs-two/?profile=quick"), "deciding")


@db
def test_a_kind_of_project_that_is_not_here_is_a_problem(client, two) -> None:
    html = page(client, "/compare/one-vs-two/?profile=quik")
    assert 'role="alert">profile=quik: there is no such kind of project. Did you mean quick?</p>' in html
    assert 'class="note problem"' not in page(client, "/compare/one-vs-two/?profile=quick")
