"""The sentences about an answer claim no more than is known, are whole, and are never silently cut."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import Kind, SourceKind, Support
from comparison.evidence import verdict as evidence_verdict
from comparison.models import Criterion, Edition, NotApplicable
from comparison.recommend import (
    CriterionSpec,
    DecisionMatrix,
    Ending,
    Weights,
    is_clearly_ahead,
    must_status,
    recommend,
)
from comparison.recommendation.firmness import answer_firmness
from comparison.recommendation.ranking import FrameworkScore, Ranking
from comparison.recommendation.sentences.changes import source_change, unknown_change
from comparison.recommendation.sentences.headlines import decimals, standfirst
from comparison.recommendation.sentences.must_haves import must_have_sentences, must_have_word, open_must_haves
from comparison.sensitivity.changes import Sensitivity, SourceFlip, TogetherFlip, UnknownFlip
from comparison.vocabulary import in_language
from comparison.wording import Names, format_gap, join_quoted, join_shortened
from tests.make import evidence, make_claim, make_criterion, make_framework, make_source
from tests.reading import page, squeezed

db = pytest.mark.django_db
FOR_AND_AGAINST: dict[Kind, list[dict[str, Any]]] = {
    Kind.FEATURE: [{"support": Support.BUILT_IN}, {"support": Support.NONE}],
    Kind.FIT: [{"level": 2}, {"level": -2}],
    Kind.RATING: [{"level": 2}, {"level": -2}],
}


def section(html: str, name: str) -> str:
    """The text of one section of an answer's page; empty if the page does not have it."""
    match = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)
    return squeezed(re.sub(r"<svg.*?</svg>|<[^>]+>", "", match[1])) if match else ""


@db
def test_a_missing_value_is_not_called_being_behind(client, two) -> None:
    html = page(client, "/recommend/?w.ease=3&w.part=1")
    assert "“Part” matters more to you than your weights say: nothing is known about Two." in html
    assert "Two is behind there" not in html
    assert "Nothing is known about Two" in section(html, "why")
    NotApplicable.objects.create(framework=two["two"], criterion=two["part"], reason="It has no parts.")
    Edition.objects.publish("One criterion does not apply")
    html = page(client, "/recommend/?w.ease=3&w.part=1")
    assert "than your weights say: it does not apply to Two." in html
    assert "It does not apply to Two" in section(html, "why")


@db
def test_evidence_against_the_leader_is_mentioned_even_if_the_other_is_unknown(client, two) -> None:
    make_claim(framework=two["one"], criterion=make_criterion(name="Size"), level=-2)
    html = page(client, "/recommend/?w.speed=3&w.size=1")
    clause = "the evidence is against One there, and nothing is known about Two."
    assert f"“Size” matters more to you than your weights say: {clause}" in html


@db
def test_an_essential_criterion_gets_its_own_wording(client, two) -> None:
    html = page(client, "/recommend/?w.speed=3&w.ease=3&w.part=3")
    assert "“Ease” matters more to you than anything else: One is behind there." in html
    assert "than your weights say" not in html


@db
def test_an_answer_against_unknown_rivals_is_not_called_firm(client, two) -> None:
    html = page(client, "/recommend/?w.part=3")
    unknown = "because nothing is known about Two on what you weigh."
    better_known = "More is known about One; that is not the same as being better."
    assert f"0.50 vs 0.00, {unknown} {better_known} Only one article speaks on this, too few" in html
    untested = f"Neither other weights nor other articles were tried: it leads {unknown}"
    assert untested in section(html, "firm")
    assert html.count('class="split"') == 1  # what it rests on
    assert "You know more about Two than these sources do: only 0% of the weight has evidence on it." in html
    assert json.loads(page(client, "/recommend.json?w.part=3"))["firmness"]["word"] is None
    stored = page(client, client.post("/recommend/keep/?w.part=3").headers["Location"])
    assert untested in stored
    assert stored.count('class="split"') == 1


@db
def test_an_answer_that_rests_on_one_criterion_says_so(client, two) -> None:
    data = json.loads(page(client, "/recommend.json?w.speed=2"))
    firm = "firm: it holds in 100 of 100 draws of the articles."
    assert data["outcome"]["sentence"] == f"One, by “Speed” alone; {firm}"
    html = page(client, "/recommend/?w.speed=2")
    assert "Other weights could not change it: it leads by “Speed” alone." in section(html, "firm")
    assert "Other weights</h3>" not in html
    alone = "You would not decide by “Speed” alone: nothing else you weigh speaks for One over Two."
    assert alone in data["cautions"]
    assert alone in json.loads(page(client, "/recommend.json?w.speed=3&w.ease=1"))["cautions"]
    assert alone not in json.loads(page(client, "/recommend.json?w.speed=3&w.part=1"))["cautions"]


@db
def test_a_leader_without_evidence_gets_a_caution(client, two) -> None:
    make_claim(framework=two["one"], criterion=make_criterion(name="Size"), level=-2)
    data = json.loads(page(client, "/recommend.json?w.size=2"))
    assert data["outcome"]["sentence"] == (
        "Two, although nothing is known about Two on what you weigh. "
        "Less is known about Two; that is not the same as being better. "
        "Only one article speaks on this, too few to test it with others."
    )
    assert "You need certainty: only 0% of the weight has evidence on Two." in data["cautions"]


@db
def test_a_lead_that_rests_on_single_sources_says_so(client, two) -> None:
    vendor = make_source("Brochure", kind="vendor")
    size, shape = make_criterion("feature", name="Size"), make_criterion("feature", name="Shape")
    make_claim(framework=two["one"], criterion=size, support="built-in", source=vendor)
    make_claim(framework=two["two"], criterion=size, support="none", source=vendor)
    half = "You want a second source: more than half of what speaks for One over Two rests on"
    query = "/recommend.json?w.size=3&w.speed=1&w.ease=1"
    assert f"{half} “Brochure” alone (vendor article)." in json.loads(page(client, query))["cautions"]
    make_claim(framework=two["one"], criterion=shape, support="built-in")
    data = json.loads(page(client, "/recommend.json?w.size=2&w.shape=2&w.speed=1&w.ease=1"))
    assert f"{half} cells with a single source." in data["cautions"]
    assert half not in page(client, "/recommend.json?w.speed=3&w.ease=1")


@db
def test_all_unknowns_together_may_change_what_none_does_alone(client, two) -> None:
    more = make_criterion("feature", name="Secure cookies")
    for _ in range(2):
        make_claim(framework=two["one"], criterion=more, support="built-in")
    data = json.loads(page(client, "/recommend.json?w.secure-cookies=3&w.part=3"))
    assert data["flips"]["unknowns"] == []
    criteria = ["part", "secure-cookies"]
    assert data["flips"]["together"] == [{"framework": "two", "criteria": criteria, "best": True, "leader": "two"}]
    condition = (
        "Nothing is known about “Part” and “Secure cookies” for Two. If all of them turn out as good as possible, "
    )
    assert {"what": "All unknowns", "then": f"{condition}Two would lead."} in data["changes"]


@db
def test_shortened_lists_say_how_many_more_there_are(client, two) -> None:
    criteria = [make_criterion("feature", name=f"Thing {number}") for number in range(9)]
    make_claim(framework=two["one"], criterion=criteria[0])
    query = "&".join(f"must={criterion.slug}" for criterion in criteria)
    html = page(client, f"/recommend/?w.speed=1&w.thing-0=1&{query}")
    assert re.search(r"And \d+ more that could change the answer once known\.", html)
    assert "Nothing says whether One meets the must-haves “Thing 1”, “Thing 2”, “Thing 3” and 5 more." in html


@db
def test_only_considered_frameworks_are_called_unknown(client, two) -> None:
    html = page(client, "/recommend/?w.part=1&framework=two")
    assert "No source says anything about Two on what you weigh, which is not a no." in html
    assert '<a href="/recommend/?w.part=1">consider more frameworks</a>' in html


@db
def test_a_single_framework_has_reasons_cautions_and_next_steps(client, two) -> None:
    html = page(client, "/recommend/?w.speed=2&w.ease=1&framework=two&must=part&w.part=1")
    assert "The only one considered is" in html
    reasons_for, reasons_against = section(html, "why").split("Against Two")
    assert "For Two" in reasons_for
    assert "Ease is 2" in reasons_for
    assert "Speed is -1" in reasons_against
    assert "<li>Nothing says whether Two meets the must-have “Part”.</li>" in html
    assert "Consider more frameworks</a> to see how it compares" in html
    assert "What adds or takes most comes first." in html
    assert '"/recommend/?w.ease=1&amp;w.part=1&amp;w.speed=2&amp;must=part"' in html


@db
def test_a_tie_has_cautions_and_next_steps(client, two) -> None:
    html = page(client, "/recommend/?w.speed=1&w.ease=1")
    assert "One 0.17, Two 0.17: equal. Anything within 0.05 counts as a tie." in html
    assert "Think again if …" in html
    assert "one source advises against One there." in section(html, "cautions")
    assert '<a href="#firm">what would settle it</a>' in html
    assert "Think again if:" in page(client, "/recommend.md?w.speed=1&w.ease=1")
    firmness = json.loads(page(client, "/recommend.json?w.speed=1&w.ease=1"))["firmness"]
    assert (firmness["word"], firmness["articles"]["articles"]) == (None, 8)


@db
def test_the_first_is_compared_with_its_nearest_alternatives(client, two) -> None:
    three, four = make_framework("Three"), make_framework("Four")
    speed, ease = Criterion.objects.get(slug="speed"), Criterion.objects.get(slug="ease")
    for framework, criterion, level in ((three, speed, 1), (three, ease, 2), (four, ease, 2)):
        make_claim(framework=framework, criterion=criterion, level=level)
    query = "w.speed=3&w.ease=1&w.part=1"
    html = section(page(client, f"/recommend/?{query}"), "why")
    assert "The nearest alternatives to One" in html
    reasons = "You gain: Ease. You give up: Speed, Part (nothing is known about Three)."
    assert f"Three 37% alike in what you weigh. {reasons}" in html
    assert "Four" not in html.partition("nearest")[2]  # nothing in it is like the first
    data = json.loads(page(client, f"/recommend.json?{query}"))
    assert data["others"] == [
        {"framework": "three", "for_first": ["speed", "part"], "for_it": ["ease"], "likeness": 0.367347},
    ]
    stored = section(page(client, client.post(f"/recommend/keep/?{query}").headers["Location"]), "why")
    assert f"Three 37% alike in what you weigh. {reasons}" in stored
    text = page(client, f"/recommend.md?{query}").replace("\\", "")
    assert "### Three in place of One, 37% alike in what you weigh\n\n- Good, because it gains: Ease.\n" in text
    assert "\n- Bad, because it gives up: Speed and Part" in text


@db
@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("must=part", "One"),
        ("framework=nope", "Nothing chosen yet"),
        ("must=nope", "Nothing chosen yet"),
    ],
)
def test_must_haves_or_frameworks_alone_are_a_question(client, two, query, headline) -> None:
    html = page(client, f"/recommend/?{query}")
    assert f'id="answer">{headline}</h2>' in html
    assert ("there is no such" in html) == ("nope" in query)


def must_have_summary(frameworks: int, musts: int) -> list[str]:
    """The sentences if, in turn, one framework fails every must-have, then it is unknown, doubtful and met."""
    slugs, names = [f"m{index}" for index in range(musts)], [f"f{index}" for index in range(frameworks)]
    rows = (
        {"support": Support.NONE},
        None,
        {"support": Support.NONE, "source_kind": SourceKind.VENDOR},
        {"support": Support.BUILT_IN},
    )
    cells = {
        (name, slug): [evidence(1 + index, 1 + index, **row)]
        for index, name in enumerate(names)
        for slug in slugs
        if (row := rows[index % 4])
    }
    matrix = DecisionMatrix(names, [CriterionSpec(slug, Kind.FEATURE) for slug in slugs], cells)
    recommendation = recommend(matrix, Weights({"m0": 1}, frozenset(slugs)))
    titles = Names({name: name.upper() for name in names}, {slug: slug.upper() for slug in slugs})
    return must_have_sentences(recommendation, titles)


def test_must_haves_are_listed_by_framework_or_summed_up() -> None:
    assert must_have_summary(4, 2) == [
        "Nothing says whether F1 meets the must-haves “M0” and “M1”.",
        "It is doubtful whether F2 meets the must-haves “M0” and “M1”: one vendor says no.",
        "F0 fails the must-haves “M0” and “M1”.",
    ]
    many = must_have_summary(50, 5)
    assert many[0] == (
        "Must have “M0”: F0, F12, F16 and 10 more fail it; it is doubtful for F10, F14, F18 and 9 more; "
        "it is unknown for F1, F13, F17 and 10 more."
    )
    assert len(" ".join(many).split()) < 200
    assert must_have_summary(50, 9)[-1] == "The ranking shows 4 more must-haves."
    assert must_have_summary(50, 0) == []


@pytest.mark.parametrize("kind", list(FOR_AND_AGAINST))
def test_a_disputed_must_have_is_doubtful(kind) -> None:
    rows = [evidence(pk, pk, **values) for pk, values in enumerate(FOR_AND_AGAINST[kind], 1)]
    matrix = DecisionMatrix(["a"], [CriterionSpec("x", kind)], {("a", "x"): rows})
    ranked = recommend(matrix, Weights({}, frozenset({"x"}))).ranking[0]
    names = Names({"a": "A"}, {"x": "X"}, {"x": kind})
    assert open_must_haves(ranked, names) == ["It is doubtful whether A meets the must-have “X”: sources dispute it."]


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [
        (Kind.FEATURE, {"support": Support.NONE}, "doubtful, one vendor says no"),
        (Kind.RATING, {"level": -1}, "doubtful, one vendor rates it low"),
        (Kind.FIT, {"level": -2}, "doubtful, one vendor advises against it"),
        (Kind.FEATURE, {"support": Support.EXTENSION}, "by extension"),
        (Kind.RATING, {"level": 0}, "middling"),
    ],
)
def test_the_word_for_a_must_have_gives_the_reason_for_doubt(kind, value, word) -> None:
    verdict = evidence_verdict(kind, [evidence(1, 1, source_kind=SourceKind.VENDOR, **value)])
    assert must_have_word(must_status(verdict), verdict) == word


def test_the_word_for_a_must_have_keeps_the_capitals_of_german_nouns() -> None:
    verdict = evidence_verdict(Kind.FEATURE, [evidence(1, 1, support=Support.EXTENSION)])
    with in_language("de"):
        assert must_have_word(must_status(verdict), verdict) == "durch Erweiterung"


def test_the_word_for_a_must_have_without_evidence() -> None:
    for is_applicable, word in ((True, "not known"), (False, "not applicable")):
        verdict = evidence_verdict(Kind.FEATURE, [], is_applicable)
        assert must_have_word(must_status(verdict), verdict) == word


def test_names_are_quoted_and_long_lists_shortened() -> None:
    assert join_quoted(["You cannot decide"]) == "“You cannot decide”"
    assert join_quoted(["A", "B", "C", "D", "E"]) == "“A”, “B”, “C” and 2 more"
    assert join_shortened(["A", "B", "C"]) == "A, B and C"
    names = Names({"a": "Django"}, {"x": "Secure cookies"})
    matrix = DecisionMatrix(["a"], [CriterionSpec("x", Kind.FEATURE)], {})
    assert unknown_change(UnknownFlip("a", "x", True, "a", Ending.CLEAR), names, matrix) == (
        "Nothing is known about “Secure cookies” for Django. If it turns out as good as possible, Django would lead."
    )


def test_an_unknown_that_is_reported_is_called_so() -> None:
    names = Names({"a": "Django"}, {"x": "Weeks"})
    rows = {("a", "x"): [evidence(1, low=3, high=3)]}
    matrix = DecisionMatrix(["a"], [CriterionSpec("x", Kind.FIGURE)], rows)
    text = unknown_change(TogetherFlip("a", ["x"], False, None, Ending.CLOSE), names, matrix)
    assert text == (
        "“Weeks” is only reported for Django. If it turns out as bad as possible, it would be too close to call."
    )


@pytest.mark.parametrize(
    ("gap", "words"), [(0.0, "equal"), (0.002, "less than 0.01 apart"), (0.04, "0.04 apart"), (-1e-12, "equal")]
)
def test_only_equal_scores_have_no_gap(gap, words) -> None:
    assert source_change(SourceFlip(1, None, gap, Ending.CLOSE), "x", Names({}, {})).endswith(f"first two {words}.")


def printed(*scores: float) -> tuple[str, list[str]]:
    """The standfirst for frameworks with these scores, and the scores as the ranking prints them."""
    names = [f"f{index}" for index in range(len(scores))]
    matrix = DecisionMatrix(names, [CriterionSpec("a", Kind.RATING), CriterionSpec("b", Kind.RATING)], {})
    matrix.__dict__["values"] = {"a": list(scores), "b": list(scores)}
    recommendation = recommend(matrix, Weights({"a": 1, "b": 1}))
    titles = Names({name: name.upper() for name in names}, {"a": "A", "b": "B"})
    firmness = answer_firmness(recommendation, Sensitivity(recommendation), titles)
    rows = [FrameworkScore(row.framework, row.score, 1.0, False, (), ()) for row in recommendation.ranking]
    ranking = Ranking(rows, recommendation.ending, recommendation.leader, titles, lambda _: "", lambda _: "")
    return standfirst(recommendation, firmness, None, titles), [row.score for row in ranking.rows()]


def test_scores_and_gaps_do_not_contradict_each_other() -> None:
    text, scores = printed(0.434, 0.383)
    assert text.startswith("0.434 vs 0.383. ")
    assert scores == ["0.434", "0.383"]
    assert printed(0.49, 0.486)[0].startswith("F0 0.49, F1 0.49: less than 0.01 apart")
    assert printed(0.4851, 0.4849)[0].startswith("F0 0.49, F1 0.48: less than 0.01 apart")
    assert printed(0.49, 0.48, 0.47, 0.1)[0].startswith("F0 0.49, F1 0.48 and F2 0.47: 0.02 apart")
    assert printed(0.49, 0.48, 0.476, 0.47, 0.46)[0].startswith("F0 0.49, F1 0.48, F2 0.48 and 2 more: 0.03 apart")


@given(st.floats(-1, 1), st.floats(0, 0.12))
def test_printed_scores_are_as_far_apart_as_the_answer_says(first, gap) -> None:
    scores = [first, first - gap]
    ending = Ending.CLEAR if is_clearly_ahead(*scores) else Ending.CLOSE
    digits = decimals(ending, scores)
    shown = round(round(scores[0], digits) - round(scores[1], digits), digits)
    if gap > 0.05 + 1e-5 or gap <= 0.05:
        assert (shown > 0.05) == (ending is Ending.CLEAR)
    if ending is Ending.CLOSE and gap > 0.005:
        assert abs(shown - gap) < 10**-digits


def test_a_small_gap_is_written_in_words() -> None:
    assert [format_gap(gap) for gap in (0.0, 0.004, 0.006, 0.12)] == ["0.00", "less than 0.01", "0.01", "0.12"]


@db
def test_deciding_rows_are_those_of_the_table(client, two) -> None:
    url = "/compare/one-vs-two/?profile=quick"
    two["profile"].weights.create(criterion=two["part"], weight=1)
    rows = section(page(client, url), "deciding")
    assert "Part: One by 0.10 of the score, but nothing is known about Two" in rows
    only = Criterion.objects.get(slug="ease").claims.filter(framework__slug="two").earliest("pk").source
    rows = section(page(client, f"{url}&source={only.slug}"), "deciding")
    assert re.findall(r"(Speed|Ease|Part): ", rows) == ["Ease"]
    rows = section(page(client, f"{url}&criterion=speed"), "deciding")
    assert re.findall(r"(Speed|Ease|Part): ", rows) == ["Speed"]
    assert "2 more decide in rows that the filters leave out." in rows
    assert 'name="profile" value="quick"' in page(client, url)


@db
def test_deciding_rows_beyond_the_listed_ones_are_counted(client, two) -> None:
    for number in range(9):
        criterion = make_criterion(name=f"Thing {number}")
        make_claim(framework=two["one"], criterion=criterion, level=2)
        two["profile"].weights.create(criterion=criterion, weight=1)
    assert "3 more decide by less." in section(page(client, "/compare/one-vs-two/?profile=quick"), "deciding")


@db
def test_an_unknown_kind_of_project_is_a_problem(client, two) -> None:
    html = page(client, "/compare/one-vs-two/?profile=quik")
    assert 'role="alert">profile=quik: there is no such kind of project; did you mean quick?</p>' in html
    assert 'class="note problem"' not in page(client, "/compare/one-vs-two/?profile=quick")
