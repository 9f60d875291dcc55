import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.evidence import Evidence
from comparison.models import Claim, Criterion, Edition, Framework, NotApplicable, Profile, ProfileWeight
from comparison.recommend import CellKey, DecisionMatrix
from comparison.recommendation.load import decision_matrix_of, load_evidence, rankable_criteria
from comparison.tables.table import load_table_data
from tests.admin_site import as_user
from tests.make import fill, make_check, make_claim, make_criterion, make_source, make_user
from tests.reading import page, squeezed

pytestmark = pytest.mark.django_db

FIRMNESS = "airly firm: it holds in 90 of 100 draws of the articles, but only in 83 of 100 nearby weightings."


def test_the_start_page_answers_every_kind_of_project(client, two) -> None:
    html = squeezed(page(client, "/recommend/"))
    assert "A quick thing" in html
    assert FIRMNESS in html
    assert html.count('type="radio"') == 4 * 4
    assert 'name="w.speed" value="0" checked' in html


def test_the_home_page_links_every_kind_of_project(client, two) -> None:
    html = page(client, "/")
    assert '<a href="/recommend/quick/"><b>A quick thing</b> <span>It must be quick.</span></a>' in html
    assert '<a href="/recommend/#weights"><b>My own</b>' in html
    Profile.objects.all().delete()
    Edition.objects.publish("No kinds of project")
    html = page(client, "/")
    assert "A quick thing" not in html
    assert '<a href="/recommend/#weights"><b>My own</b>' in html


def test_an_answer_has_reasons_that_link_to_claims(client, two) -> None:
    html = squeezed(page(client, "/recommend/quick/"))
    assert '<h2 class="headline" id="answer">One</h2>' in html
    assert "A quick thing: the evidence favours" in html
    for words in ("What each criterion adds", "For One", "Against One", "How firm is this?", "Speed is 2"):
        assert words in html, words
    assert re.search(r'<a class="plain" href="/claims/\d+/">Speed is 2</a>', html)
    assert "Do not follow this if" in html
    assert "“Ease” matters more to you than your weights say: One is behind there." in html
    assert "Your situation is “Small team”: one source advises against One there." in html
    assert "Good for few people" in html
    assert "each weight moved by at most one step, all 6 weightings counted." in html
    assert "as many drawn anew from the 8 that were read" in html
    assert html.count('<ul class="split">') == 3
    assert "100% independent articles" in re.sub(r"<.*?>", "", html)


def test_weights_in_the_address_change_the_answer(client, two) -> None:
    html = page(client, "/recommend/quick/?w.speed=1&w.ease=3")
    assert '<h2 class="headline" id="answer">Two</h2>' in html
    assert "Back to the profile’s weights" in html
    own_weights = page(client, "/recommend/?w.ease=3&framework=one&framework=two")
    assert "The evidence favours" in own_weights
    assert '<h2 class="headline" id="answer">Two</h2>' in own_weights


def must_table(html: str) -> list[list[str]]:
    """The rows of the table of must-haves."""
    table = html.partition('<table class="musts">')[2].partition("</table>")[0]
    rows = [re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL) for row in table.split("<tr")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


def test_a_failed_must_have_rules_a_framework_out(client, two) -> None:
    html = page(client, "/recommend/quick/?w.speed=1&w.ease=3&must=part")
    assert must_table(html) == [["Framework", "Part"], ["Two", "Not known"], ["One", "Built in"]]
    make_claim(framework=two["two"], criterion=two["part"], support="none")
    html = page(client, "/recommend/quick/?w.speed=1&w.ease=3&must=part")
    assert '<h2 class="headline" id="answer">One</h2>' in html
    assert "Ruled out" in html
    assert must_table(html) == [["Framework", "Part"], ["One", "Built in"], ["Two ruled out", "None"]]
    assert "must-haves" not in page(client, "/recommend/quick/").lower()
    assert "Every other framework fails a must-have, so there is nothing to compare it with." in html
    assert "<li>Two fails the must-have “Part”.</li>" in html


@pytest.mark.parametrize(
    ("query", "headline", "words"),
    [
        ("?w.speed=0&w.ease=0", "Nothing chosen yet", "Give something a weight"),
        ("?w.speed=2&w.ease=2", "Too close to call", "What would settle it"),
        ("?framework=one", "One", "Only one framework is considered"),
        ("?w.silent=3&w.speed=0&w.ease=0", "Not enough evidence", "which is not a no"),
        ("?w.speed=1&w.ease=0&must=ease&must=speed", "None of them", "Let go of a must-have"),
    ],
)
def test_unusual_questions_get_a_page_that_explains(client, two, query, headline, words) -> None:
    make_criterion(name="Silent")
    if "must" in query:
        for name in ("one", "two"):
            for _ in range(5):
                make_claim(framework=two[name], criterion=Criterion.objects.get(slug="ease"), level=-2)
    html = page(client, f"/recommend/quick/{query}")
    assert f'id="answer">{headline}</h2>' in html
    assert words in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("w.sped=2", "w.sped: there is no such criterion that can be weighed; did you mean speed?"),
        ("w.speed=4", "w.speed=4: a weight is 0, 1, 2 or 3."),
        ("w.speed=lots", "a weight is 0, 1, 2 or 3"),
        ("must=eas", "must=eas: there is no such criterion; did you mean ease?"),
        ("framework=ones", "framework=ones: there is no such framework; did you mean one?"),
        ("w.<b>=1", "w.&lt;b&gt;: there is no such criterion"),
    ],
)
def test_invalid_parameters_are_listed_and_left_out(client, two, query, words) -> None:
    html = page(client, f"/recommend/quick/?{query}")
    assert words in html
    assert '<h2 class="headline" id="answer">One</h2>' in html
    assert "<b>=" not in html
    response = client.get(f"/recommend/quick.json?{query}")
    assert response.status_code == 400


def test_lists_cannot_be_weighed(client, two) -> None:
    make_criterion("list", name="Users")
    assert "w.users: there is no such criterion that can be weighed" in page(client, "/recommend/quick/?w.users=2")


def test_an_unknown_kind_of_project_suggests_the_nearest(client, two) -> None:
    html = page(client, "/recommend/quik/", 404)
    assert "There is no kind of project “quik” here." in html
    assert "A quick thing" in html


def test_the_json_has_all_its_keys(client, two) -> None:
    data = json.loads(page(client, "/recommend/quick.json"))
    assert set(data) == {
        "edition",
        "address",
        "profile",
        "weights",
        "must_haves",
        "ranking",
        "outcome",
        "firmness",
        "lead",
        "related",
        "flips",
        "reasons",
        "changes",
        "others",
        "cautions",
        "no_evidence",
        "names",
    }
    assert data["weights"] == {"ease": 1, "speed": 3}
    first = data["ranking"][0]
    assert set(first) == {
        "framework",
        "score",
        "coverage",
        "failed_must_haves",
        "unknown_must_haves",
        "doubtful_must_haves",
        "must_haves",
        "rests_on",
        "place",
        "contributions",
    }
    assert first["rests_on"] == {"independent": 1.0}
    assert first["place"] == "Ahead of Two by 0.50, most by “Speed”."
    assert first["contributions"][1] == {
        "criterion": "speed",
        "weight": 3,
        "contribution": 0.5,
        "state": "agreed",
        "position": 1.0,
        "strength": 0.666667,
    }
    assert first["framework"] == "one"
    assert sum(part["contribution"] for part in first["contributions"]) == pytest.approx(first["score"], abs=1e-5)
    assert data["outcome"] == {
        "ending": "clear",
        "leader": "one",
        "sentence": f"One, f{FIRMNESS}",
        "headline": "One",
        "standfirst": f"0.42 vs −0.08. F{FIRMNESS}",
        "untested": "",
        "must_haves": [],
    }
    assert data["lead"] == {
        "over": "two",
        "by_position": 0.5,
        "by_strength": 0.0,
        "better_known": False,
        "rests_on": {"independent": 1.0},
    }
    firmness = data["firmness"]
    assert (firmness["weightings"], firmness["favour"], firmness["word"]) == (6, {"one": 5, "two": 0}, "fairly firm")
    assert (firmness["articles"]["articles"], firmness["articles"]["draws"]) == (8, 1000)
    assert sum(firmness["articles"]["favour"].values()) + firmness["articles"]["too_close"] == 1000
    assert firmness["tested"]
    assert firmness["articles"]["tested"]
    assert [(reason["for"], reason["criterion"]) for reason in data["reasons"]] == [("one", "speed"), ("two", "ease")]
    assert Claim.objects.get(pk=data["reasons"][0]["claim"]).statement == "Speed is 2"
    assert data["names"] == {
        "frameworks": {"one": "One", "two": "Two"},
        "criteria": {"ease": "Ease", "speed": "Speed"},
    }
    assert data["cautions"][-1] == "“Ease” matters more to you than your weights say: One is behind there."
    assert {"what": "One source", "then": "No single source changes this answer."} in data["changes"]
    assert {"criterion": "ease", "from": 1, "to": 3, "leader": None} in data["flips"]["weights"]
    assert json.loads(page(client, "/recommend.json?w.ease=2"))["profile"] is None


MADR_HEADINGS = ["## Context and Problem Statement", "## Decision Drivers", "## Considered Options"]
MADR_HEADINGS += ["## Decision Outcome", "### Consequences", "### Confirmation"]
MADR_HEADINGS += ["## Pros and Cons of the Options", "## More Information"]


def test_every_footnote_mark_in_the_decision_record_has_its_note(client, two) -> None:
    text = page(client, "/recommend/quick.md")
    date = Edition.objects.current().at.date().isoformat()
    assert text.startswith(f"---\nstatus: proposed\ndate: {date}\n---\n\n# Which framework: A quick thing\n")
    headings = re.findall("^##+ .*", text, re.MULTILINE)
    assert [*headings[:7], headings[-1]] == MADR_HEADINGS
    assert headings[7:9] == ["### For One", "### Against One"]
    for words in ("- Speed: essential", "\n\n- One\n- Two\n", 'Chosen option: "One", because ', "**One.**"):
        assert words in text, words
    marks = set(re.findall(r"\[\^([\w-]+)\](?!:)", text))
    notes = set(re.findall(r"^\[\^([\w-]+)\]:", text, re.MULTILINE))
    assert marks == notes != set()
    claim = Claim.objects.filter(framework__slug="one", criterion__slug="speed").earliest("pk")
    assert f"([claim {claim.pk}](http://testserver/claims/{claim.pk}/))" in text
    assert "<http://testserver/sources/" in text
    assert "\n\nDo not follow this if:\n\n- Your situation is “Small team”" in text
    assert "\n- “Ease” matters more to you" in text
    assert "\n\nWhat it rests on: 100% independent articles.\n" in text
    assert "\n\nOther articles: 90 of 100 favour One, " in text
    assert "\n\nWhat would change it:\n\n- One weight: " in text


def test_an_empty_decision_record_says_none(client, two) -> None:
    text = page(client, "/recommend.md?w.ease=0")
    assert text.count("\n\nNone.\n") == 3  # drivers, consequences, confirmation
    assert "Chosen option: none, because " in text
    assert "No source is cited." in text
    assert [line for line in MADR_HEADINGS if f"\n{line}\n" not in text] == []
    html = page(client, "/recommend/?w.ease=0")
    assert html.count('<span class="place" aria-hidden="true">=</span>') == 2
    assert "Evidence for" not in html


def test_pages_take_as_many_queries_at_any_size(client) -> None:
    costs = []
    for size in (2, 12):
        fill(size, 4 * size)
        profile = Profile.objects.create(slug=f"p{size}", name=f"P{size}", description="d")
        for criterion in Criterion.objects.exclude(kind="list"):
            ProfileWeight.objects.create(profile=profile, criterion=criterion, weight=2)
        counts = []
        for url in ("/recommend/", f"/recommend/p{size}/", f"/recommend/p{size}.md"):
            with CaptureQueriesContext(connection) as queries:
                page(client, url)
            counts.append(len(queries))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 16


@pytest.mark.parametrize("count", [1, 2, 5, 50])
def test_any_number_of_frameworks_is_ranked(client, count) -> None:
    fill(count, 5)
    Profile.objects.create(slug="p", name="P", description="d")
    html = page(client, "/recommend/p/?" + "&".join(f"w.{slug}=2" for slug in rankable_criteria()))
    assert html.count('<span class="place"') == count


def by_claim(matrix: DecisionMatrix) -> dict[CellKey, list[Evidence]]:
    return {cell_key: sorted(rows, key=lambda row: row.claim) for cell_key, rows in matrix.evidence.items()}


def test_both_ways_of_loading_the_evidence_agree(two) -> None:
    make_check(make_claim(framework=two["one"], criterion=two["part"], support="none"))
    repeating = make_source(repeats=make_claim(framework=two["one"], criterion=two["part"], support="partial").source)
    make_claim(framework=two["one"], criterion=two["part"], support="partial", source=repeating)
    NotApplicable.objects.create(framework=two["two"], criterion=two["part"], reason="None")
    frameworks = list(Framework.objects.order_by("slug"))
    first, second = load_evidence(frameworks).matrix, decision_matrix_of(load_table_data(frameworks))
    assert first.not_applicable == second.not_applicable
    assert first.specs == second.specs
    assert by_claim(first) == by_claim(second)
    assert first.values == second.values


def test_the_comparison_names_the_rows_that_decide(client, two) -> None:
    html = squeezed(page(client, "/compare/one-vs-two/?profile=quick"))
    assert "Which of these decide for “A quick thing”?" in html
    assert re.search(
        r'<a href="/compare/one-vs-two/speed/">Speed</a>: One by <span class="num">0\.\d\d</span> of the score ?<', html
    )
    assert "Choose a kind of project" in page(client, "/compare/one-vs-two/")


def preview(client: Client, *rows: tuple[Criterion, int, bool]) -> str:
    data: dict[str, Any] = {}
    for index, (criterion, weight, is_must) in enumerate(rows):
        data |= {f"weights-{index}-criterion": criterion.pk, f"weights-{index}-weight": weight}
        data |= {f"weights-{index}-must_have": "on"} if is_must else {}
    response = client.post("/admin/comparison/profile/preview/", data)
    assert response.status_code == 200
    return response.content.decode()


def test_a_profile_can_be_previewed_while_it_is_edited(two) -> None:
    editor = as_user(make_user("Editor"))
    silent, ease = make_criterion(name="Silent"), Criterion.objects.get(slug="ease")
    html = preview(editor, (ease, 3, False), (silent, 2, False))
    assert "Two, by “Ease” alone; firm: it holds in 100 of 100 draws of the articles." in html
    assert "Silent has a weight, and there is no evidence on it." in html
    assert "Must have “Part”: not known" in preview(editor, (two["part"], 1, True), (ease, 3, False))
    assert "Nothing chosen yet." in preview(editor)
    assert ProfileWeight.objects.count() == 2
    change_page = editor.get(f"/admin/comparison/profile/{two['profile'].pk}/change/").content.decode()
    assert "Preview what it recommends" in change_page
    assert editor.get("/admin/comparison/profile/preview/").status_code == 405
    assert as_user(make_user("")).post("/admin/comparison/profile/preview/").status_code == 403
    junk = {
        "weights-0-criterion": "x",
        "weights-0-weight": "7",
        "weights-1-criterion": ease.pk,
        "weights-1-weight": "7",
    }
    assert editor.post("/admin/comparison/profile/preview/", junk).status_code == 200


def make_situation(two: dict[str, Any], name: str, sources: int) -> Criterion:
    """A situation in which so many sources advise against One."""
    situation = make_criterion("fit", name=name)
    for _ in range(sources):
        make_claim(framework=two["one"], criterion=situation, level=-2)
    return situation


def test_at_most_three_other_situations_are_named_nearest_first(client, two) -> None:
    for number, sources in enumerate((1, 2, 3, 4)):
        make_situation(two, f"Shop {number}", sources)
    Criterion.objects.get(slug="speed").related.add(Criterion.objects.get(slug="shop-0"))
    data = json.loads(page(client, "/recommend.json?w.speed=3&w.ease=1"))
    assert [text for text in data["cautions"] if text.startswith("Your situation is")] == [
        "Your situation is “Shop 0”: one source advises against One there.",
        "Your situation is “Shop 3”: sources advise against One there.",
        "Your situation is “Shop 2”: sources advise against One there.",
    ]


def test_a_situation_with_a_weight_is_among_the_reasons_against(client, two) -> None:
    make_claim(framework=two["two"], criterion=make_situation(two, "Beginner", 1), level=-2)
    data = json.loads(page(client, "/recommend.json?w.speed=3&w.beginner=3"))
    assert data["outcome"]["leader"] == "one"
    assert [(row["for"], row["criterion"], row["about"]) for row in data["reasons"]] == [
        ("one", "speed", "one"),
        ("two", "beginner", "one"),
    ]
    assert not any("“Beginner”" in caution for caution in data["cautions"])
    html = page(client, "/recommend/?w.speed=3&w.beginner=3")
    assert "Against One" in html
    assert "Nothing you weigh speaks against One." not in html


def test_a_related_criterion_that_says_the_opposite_is_linked(client, two) -> None:
    pace = make_criterion(name="Pace")
    Criterion.objects.get(slug="speed").related.add(pace)
    for _ in range(2):
        make_claim(framework=two["one"], criterion=pace, level=-2)
    text = "“Speed” is what you rely on: on the related “Pace” sources say the opposite about One."
    html = page(client, "/recommend/quick/")
    assert f'{text} <a href="/compare/one-vs-two/pace/">Pace</a></li>' in html
    data = json.loads(page(client, "/recommend/quick.json"))
    assert data["related"] == [{"criterion": "speed", "related": "pace", "framework": "one", "caution": text}]
    assert data["cautions"][0] == text
    assert data["names"]["criteria"]["pace"] == "Pace"
    stored = page(client, client.post("/recommend/keep/?profile=quick").headers["Location"])
    assert f'{text} <a href="/compare/one-vs-two/pace/">Pace</a></li>' in stored


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("/recommend/?w.speed=3&w.ease=0&w.part=0", "/recommend/?w.speed=3"),
        ("/de/recommend/?w.part=0&w.speed=3&framework=two", "/de/recommend/?w.speed=3&framework=two"),
        ("/recommend/?w.ease=0&must=speed", "/recommend/?must=speed"),
        ("/recommend/?w.ease=0", ""),  # nothing is left
        ("/recommend/?w.speed=3&w.ease=0&add=part", ""),  # its page says what was added
        ("/recommend/?w.speed=3&w.nothing=0", ""),  # and this one what is wrong
        ("/recommend/quick/?w.ease=0", ""),  # the profile gives it a weight
        ("/recommend.json?w.speed=3&w.ease=0", ""),
    ],
)
def test_what_the_form_sends_leads_to_the_address_that_readers_share(client, two, address, short) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers.get("Location", "")) == (302 if short else 200, short)
    if short:
        page(client, short)


def test_a_reason_names_the_claim_that_offers_most(client, two) -> None:
    forms, source = make_criterion("feature", name="Forms"), make_source("Article")
    for support, statement in (("partial", "Has half of it"), ("built-in", "Has all of it")):
        make_claim(framework=two["one"], criterion=forms, source=source, support=support, statement=statement)
    make_claim(framework=two["two"], criterion=forms, source=source, support="none", statement="Has none")
    text = page(client, "/recommend.md?w.forms=3")
    assert "Has all of it" in text
    assert "Has half of it" not in text


def test_places_in_the_ranking_are_a_list_in_the_decision_record(client, two) -> None:
    text = page(client, "/recommend.md?w.speed=3&w.ease=1")
    assert re.search(r"\n\n- \w+: ", text.partition("| Framework | Score |")[2])
    assert "\n\\- " not in text


def test_a_must_have_without_a_weight_is_shown_as_essential(client, two) -> None:
    html = squeezed(page(client, "/recommend/?must=part"))
    assert 'name="w.part" value="3" checked' in html
    assert 'name="must" value="part" checked' in html
    assert "- Part: essential, must have" in page(client, "/recommend.md?must=part")


def test_reported_figures_are_named_among_what_is_not_known(client, two) -> None:
    time = make_criterion("figure", name="Time")
    for name in ("one", "two"):
        make_claim(framework=two[name], criterion=time, low=3, high=3)
    query = "w.speed=3&w.time=2"
    words = "reported without a method for One and Two; it ranks nothing"
    html = squeezed(page(client, f"/recommend/?{query}"))
    assert f"Time</a>: {words} </li>" in html
    assert html.count(">only reported</span>") == 2
    assert f"- Time: {words}." in page(client, f"/recommend.md?{query}")
    data = json.loads(page(client, f"/recommend.json?{query}"))
    assert data["no_evidence"] == [
        {"criterion": "time", "frameworks": [], "reported": ["one", "two"], "lone_figure": ""}
    ]
    stored = squeezed(page(client, client.post(f"/recommend/keep/?{query}").headers["Location"]))
    assert f"Time: {words}" in stored
    assert stored.count(">only reported</span>") == 2


def test_ignored_criteria_are_not_counted_among_the_changes(client, two) -> None:
    for number in range(9):
        make_claim(framework=two["two"], criterion=make_criterion(name=f"Thing {number}"), level=2)
    changes = json.loads(page(client, "/recommend.json?w.speed=1"))["changes"]
    assert not any(re.search(r"and \d+ more", change["then"]) for change in changes)
    assert any("“Thing 0” from ignored to" in change["then"] for change in changes)


def test_a_profile_leaves_out_frameworks_with_its_reason(client, two) -> None:
    two["profile"].exclusions.create(framework=two["two"], reason="It is too small.")
    Edition.objects.publish("Left out")
    html = page(client, "/recommend/quick/")
    assert "The only one considered" in squeezed(html) or "the only one considered" in html
    assert "Left out of this kind of project" in html
    assert '<a href="/frameworks/two/">Two</a>: It is too small.' in squeezed(html)
    assert [row["framework"] for row in json.loads(page(client, "/recommend/quick.json"))["ranking"]] == ["one"]
    start = page(client, "/recommend/")
    assert "the only one considered" in start.lower()


def test_a_framework_that_was_left_out_is_considered_when_the_reader_asks(client, two) -> None:
    two["profile"].exclusions.create(framework=two["two"], reason="It is too small.")
    wider = "/recommend/quick/?framework=one&framework=two"
    assert wider.replace("&", "&amp;") in page(client, "/recommend/quick/")
    html = page(client, wider)
    assert "Left out of this kind of project" not in html
    address = json.loads(page(client, "/recommend/quick.json?framework=two&framework=one"))["address"]
    assert address == f"http://testserver{wider}"  # the profile alone would ask something else
    assert json.loads(page(client, "/recommend/quick.json?framework=one"))["address"].endswith("/recommend/quick/")


def test_a_profile_that_leaves_out_everything_leaves_out_nothing(client, two) -> None:
    for slug in ("one", "two"):
        two["profile"].exclusions.create(framework=two[slug], reason="It is too small.")
    html = page(client, "/recommend/quick/")
    assert html.count('<li class="left') == 0
    assert "Left out of this kind of project" not in html
    assert len(json.loads(page(client, "/recommend/quick.json"))["ranking"]) == 2


def test_a_preview_leaves_out_what_the_form_leaves_out(two) -> None:
    data = {
        "weights-0-criterion": str(Criterion.objects.get(slug="speed").pk),
        "weights-0-weight": "3",
        "exclusions-0-framework": str(two["two"].pk),
    }
    editor = as_user(make_user("Editor"))
    for more, names in (({}, {"One"}), ({"exclusions-0-DELETE": "on"}, {"One", "Two"})):
        html = editor.post("/admin/comparison/profile/preview/", data | more).content.decode()
        assert {name for name in ("One", "Two") if f"<td>{name}" in html or f">{name}<" in html} == names
