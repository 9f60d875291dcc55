import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.curation.merging import merge_claims
from comparison.models import Batch, Claim, ClaimState, Criterion, Edition, Framework, Source
from tests.admin_site import as_user
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import squeezed
from tests.source_texts import source_on_two

pytestmark = pytest.mark.django_db

TEXT = """Learning

One is quick to learn. Two takes longer.

# Parts

| One | has a mapper |
<script>alert(1)</script>
"""


@pytest.fixture
def source() -> Source:
    return source_on_two(TEXT)


def room_url(source: Source, **query: Any) -> str:
    address = reverse("admin:comparison_source_read", args=[source.pk])
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def post_url(source: Source, action: str) -> str:
    return reverse(f"admin:comparison_source_read_{action}", args=[source.pk])


def offsets(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def passage_data(**changes: Any) -> dict[str, Any]:
    framework = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    data = {"frameworks": [framework.pk], "criterion": criterion.pk, "level": "1", "statement": "Soon understood"}
    return offsets("One is quick to learn.") | data | changes


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return squeezed(response.content.decode())


def test_the_text_is_shown_with_numbers_headings_and_gaps(source) -> None:
    html = html_of(as_user(make_user("Contributor")), room_url(source))
    assert 'id="L3" value="3" class="gap"' in html
    assert 'id="L1" value="1" class="heading"' in html
    assert 'id="L5" value="5" class="heading"' in html
    assert "3 lines without a claim" in html


def test_a_script_in_an_article_is_shown_as_text(source) -> None:
    html = html_of(as_user(make_user("Contributor")), room_url(source, **offsets("<script>alert(1)</script>")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


def test_claims_are_marked_in_the_text_by_state(source) -> None:
    framework = Framework.objects.get(slug="one")
    for words, state in (
        ("quick", ClaimState.PUBLISHED),
        ("longer", ClaimState.DRAFT),
        ("mapper", ClaimState.REJECTED),
    ):
        make_claim(state, source=source, framework=framework, **offsets(words))
    html = html_of(as_user(make_user("Contributor")), room_url(source))
    assert re.search(r'<span class="m published">quick<a class="r-tag"', html)
    assert re.search(r'<span class="m draft">longer<a', html)
    assert re.search(r'<span class="m rejected">mapper<a', html)
    assert "1 line without a claim" in html


def test_a_selected_passage_opens_the_form_with_guesses(source) -> None:
    response = as_user(make_user("Contributor")).get(room_url(source, **offsets("One is quick to learn.")))
    form = response.context["form"]
    assert [int(pk) for pk in form["frameworks"].value()] == [Framework.objects.get(slug="one").pk]
    assert response.context["guesses"][0].criterion.slug == "learning"
    assert form["criterion"].value() == response.context["guesses"][0].criterion.pk
    assert form["section"].value() == "Learning"
    assert "line 3, characters 10–32, section “Learning”" in squeezed(response.content.decode())


def test_a_line_and_words_find_the_passage_without_a_mouse(source) -> None:
    client = as_user(make_user("Contributor"))
    assert client.get(room_url(source, line=3, words="Two takes")).context["passage"] == "Two takes"
    assert "not in line 3, but in line 7" in html_of(client, room_url(source, line=3, words="mapper"))
    assert "line=x: give a whole number" in html_of(client, room_url(source, line="x"))
    assert "are no passage" in html_of(client, room_url(source, start=5, end=99999))
    assert "give a whole number" in html_of(client, room_url(source, start="²", end=3))


def test_a_search_that_finds_nothing_keeps_its_input(source) -> None:
    client = as_user(make_user("Contributor"))
    html = html_of(client, room_url(source, line=3, words="such%20words"))
    assert 'name="line" min="1" required value="3"' in html
    assert 'name="words" value="such words"' in html
    assert "Line 4 is empty." in html_of(client, room_url(source, line=4))
    assert 'name="words" value=""' in html_of(client, room_url(source, line=3, words="Two"))


def test_one_save_makes_a_claim_for_each_framework_and_goes_to_the_next_passage(source) -> None:
    author = make_user("Contributor")
    both = [framework.pk for framework in Framework.objects.all()]
    response = as_user(author).post(post_url(source, "save"), passage_data(frameworks=both))
    claims = list(Claim.objects.order_by("pk"))
    assert [(claim.framework.slug, claim.level, claim.state) for claim in claims] == [
        ("one", 1, "submitted"),
        ("two", 1, "submitted"),
    ]
    assert {claim.quote for claim in claims} == {"One is quick to learn."}
    assert {(claim.created_by, claim.section) for claim in claims} == {(author, "")}
    assert claims[0].history.count() == 2
    next_passage = offsets("Two takes longer.")
    assert response.headers["Location"] == (
        room_url(source, **next_passage) + f"&saved={claims[0].pk}%2C{claims[1].pk}#writing"
    )


def test_contributors_may_save_drafts_and_reviewers_may_publish_at_once(source, settings) -> None:
    as_user(make_user("Contributor")).post(post_url(source, "save"), passage_data(_draft="1"))
    assert Claim.objects.get().state == ClaimState.DRAFT
    Claim.objects.get().delete()
    before = Edition.objects.current().number
    reviewer = as_user(make_user("Reviewer"))
    reviewer.post(post_url(source, "save"), passage_data(_publish="1"))
    assert Claim.objects.get().state == ClaimState.PUBLISHED
    assert Edition.objects.current().number == before + 1
    settings.REQUIRE_SECOND_REVIEWER = True
    assert "_publish" not in html_of(reviewer, room_url(source, **offsets("Two takes longer.")))
    assert (
        reviewer.post(post_url(source, "save"), passage_data(_publish="1", **offsets("Two takes"))).status_code == 403
    )
    assert Claim.objects.count() == 1


def test_a_contributor_who_tries_to_publish_stores_nothing(source) -> None:
    assert (
        as_user(make_user("Contributor")).post(post_url(source, "save"), passage_data(_publish="1")).status_code == 403
    )
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frameworks": []}, "Say which framework it speaks of."),
        ({"criterion": ""}, "Say which question it answers."),
        ({"level": ""}, "asks for this"),
        ({"level": "7"}, "7 is not one of the available choices"),
        ({"statement": " "}, "in your own words"),
        ({"statement": "x" * 301}, "at most 300"),
        ({"start": "9999", "end": "10000"}, "are no passage"),
        ({"start": "", "end": ""}, "give a whole number"),
        ({"frameworks": ["999"]}, "not one of the available choices"),
    ],
)
def test_an_invalid_claim_is_reported_and_the_input_is_kept(source, changes, message) -> None:
    response = as_user(make_user("Contributor")).post(post_url(source, "save"), passage_data(item="kept") | changes)
    assert response.status_code == 200
    html = response.content.decode().replace("&#x27;", "'")
    assert message in html
    assert not Claim.objects.exists()
    assert 'value="kept"' in html


def test_a_repeated_claim_is_refused(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(post_url(source, "save"), passage_data())
    response = client.post(post_url(source, "save"), passage_data())
    assert "already has a claim on this cell at this place" in response.content.decode()
    assert Claim.objects.count() == 1


def test_the_form_shows_the_effect_of_the_claim(source) -> None:
    framework = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    make_claim(framework=framework, criterion=criterion, level=-2, statement="Hard at first")
    query = {"frameworks": framework.pk, "criterion": criterion.pk, "level": 2, "statement": "One is quick to learn"}
    html = html_of(as_user(make_user("Contributor")), room_url(source, **offsets("One is quick to learn."), **query))
    assert "with this claim: <b>Middling 0.00, strength 0.67, disputed</b>" in html
    assert "Hard at first" in html
    assert "5 words" in html
    assert "article’s wording" in html


def test_the_form_warns_if_the_source_already_has_a_claim_in_the_cell(source) -> None:
    framework = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    first = make_claim(source=source, framework=framework, criterion=criterion, level=-2, **offsets("Two"))
    query = {"frameworks": framework.pk, "criterion": criterion.pk, "level": 2}
    html = html_of(as_user(make_user("Contributor")), room_url(source, **offsets("One is quick"), **query))
    assert "would contradict itself" in html
    assert f">{first.pk}</a> “{first.statement}”" in html


def test_undo_deletes_the_claims_just_written(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(post_url(source, "save"), passage_data())
    claim = Claim.objects.get()
    assert "Undo" in html_of(client, room_url(source, saved=claim.pk))
    client.post(post_url(source, "undo"), {"claim": [claim.pk]})
    assert not Claim.objects.exists()
    assert Claim.history.filter(id=claim.pk, history_type="-").exists()


@pytest.mark.parametrize("button", ["_submit", "_publish"])
def test_undo_restores_the_form(source, button) -> None:
    client = as_user(make_user("Reviewer"))
    both = [framework.pk for framework in Framework.objects.order_by("slug")]
    mapper = Criterion.objects.get(slug="mapper")
    data = passage_data(frameworks=both, criterion=mapper.pk, support="extension", section="Mine", version_range=">=2")
    client.post(post_url(source, "save"), data | {button: "1"})
    claims = [claim.pk for claim in Claim.objects.order_by("pk")]
    response = client.post(post_url(source, "undo"), {"claim": claims}, follow=True)
    form = response.context["form"]
    names = ("criterion", "support", "statement", "section", "version_range", "start", "end")
    assert {name: form[name].value() for name in names} == {name: data[name] for name in names}
    assert sorted(form["frameworks"].value()) == sorted(both)
    assert "data-written" in response.content.decode()


def test_nobody_can_read_claims_that_others_took_back(source) -> None:
    author = as_user(make_user("Contributor"))
    author.post(post_url(source, "save"), passage_data(statement="A secret of mine"))
    claim = Claim.objects.get().pk
    author.post(post_url(source, "undo"), {"claim": [claim]})
    address = room_url(source, **offsets("One is quick to learn."), again=f"{claim},x,{'9' * 30}")
    assert "A secret of mine" in html_of(author, address)
    assert "A secret of mine" not in html_of(as_user(make_user("Contributor")), address)


def test_undo_retracts_published_claims(source) -> None:
    client = as_user(make_user("Reviewer"))
    client.post(post_url(source, "save"), passage_data(_publish="1"))
    client.post(post_url(source, "undo"), {"claim": [Claim.objects.get().pk]})
    assert Claim.objects.get().state == ClaimState.RETRACTED


def test_undo_leaves_the_claims_of_others_and_reviewed_ones(source) -> None:
    author = make_user("Contributor")
    as_user(author).post(post_url(source, "save"), passage_data())
    claim = Claim.objects.get()
    other = as_user(make_user("Contributor"))
    assert "Undo" not in html_of(other, room_url(source, saved=claim.pk))
    assert "not yours" in other.post(post_url(source, "undo"), {"claim": [claim.pk]}, follow=True).content.decode()
    make_check(claim)
    html = as_user(author).post(post_url(source, "undo"), {"claim": [claim.pk, "x"]}, follow=True).content.decode()
    assert "was reviewed meanwhile and stays" in html
    assert Claim.objects.exists()


def test_a_line_that_makes_no_claims_is_marked_and_unmarked(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(post_url(source, "silent"), {"line": 3})
    source.refresh_from_db()
    assert source.silent == [3]
    assert source.history.first().history_change_reason == "line 3: makes no claims"
    html = html_of(client, room_url(source))
    assert 'id="L3" value="3" class="skip"' in html
    assert "Makes no claims" in html
    client.post(post_url(source, "silent"), {"line": 3})
    source.refresh_from_db()
    assert source.silent == []
    for junk in ("0", "99", "x", ""):
        assert "no such line" in client.post(post_url(source, "silent"), {"line": junk}, follow=True).content.decode()


def test_a_source_without_text_links_to_the_page_that_adds_it() -> None:
    source = make_source()
    html = html_of(as_user(make_user("Contributor")), room_url(source))
    assert "not held here" in html
    assert "Add its text" in html


def test_reading_and_writing_require_their_rights(source) -> None:
    for action in ("save", "undo", "silent"):
        assert as_user(make_user("Contributor")).get(post_url(source, action)).status_code == 405
        assert Client().post(post_url(source, action)).status_code == 302
        assert as_user(make_user("")).post(post_url(source, action)).status_code == 403
    assert Client().get(room_url(source)).status_code == 302
    assert as_user(make_user("")).get(room_url(source)).status_code == 403
    reader = make_user("")
    for name in ("view_source", "view_claim"):
        reader.user_permissions.add(Permission.objects.get(codename=name))
    client = as_user(User.objects.get(pk=reader.pk))
    html = html_of(client, room_url(source, **offsets("quick")))
    assert "takes the role of a contributor" in html
    assert "r-form" not in html
    assert client.post(post_url(source, "save"), passage_data()).status_code == 403
    assert client.post(post_url(source, "silent"), {"line": 3}).status_code == 403


def test_the_room_takes_the_same_number_of_queries_at_any_size(source) -> None:
    client = as_user(make_user("Contributor"))
    costs = []
    for _ in range(2):
        for _ in range(10):
            make_claim(source=source, **offsets("quick"))
        with CaptureQueriesContext(connection) as queries:
            html_of(client, room_url(source, **offsets("One is quick to learn.")))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_a_long_article_with_many_claims_is_shown_in_parts() -> None:
    framework, criterion = make_framework("One"), make_criterion()
    source = make_source()
    source.set_text("\n".join(f"Sentence {number} says that it is quick." for number in range(120_000)))
    source.save()
    starts = [line * 40 for line in range(5_000)]
    Claim.objects.bulk_create(
        Claim(
            framework=framework, criterion=criterion, source=source, statement="x", level=1, start=start, end=start + 9
        )
        for start in starts
    )
    html = html_of(as_user(make_user("Contributor")), room_url(source))
    assert len(html) < 3_000_000
    assert html.count('class="r-no"') < 3_000
    assert 'aria-current="page" data-swap>1</a>' in html
    assert len(source.text) > 4_500_000
    last = html_of(as_user(make_user("Contributor")), room_url(source, part=9_999))
    assert "Sentence 119999" in last


def key_url(html: str, key: str) -> str | None:
    """The address of the link that a key follows."""
    match = re.search(rf'href="([^"]*)" data-key="{re.escape(key)}"', html)
    return unescape(match.group(1)) if match else None


def test_keys_go_from_claim_to_claim(source: Source) -> None:
    framework, criterion = Framework.objects.get(slug="one"), Criterion.objects.get(slug="learning")
    for words in ("Two takes longer.", "quick to learn.", "uick"):  # the last two begin in the same word
        make_claim(source=source, framework=framework, criterion=criterion, **offsets(words))
    client, address = as_user(make_user("Contributor")), room_url(source)
    queries = []
    while address:
        html = client.get(address).content.decode()
        address = key_url(html, "]") or ""
        queries.append(address.partition("?")[2].removesuffix("#writing"))
    first, second = offsets("quick"), offsets("Two takes longer.")
    assert queries == [f"start={span['start']}&end={span['end']}" for span in (first, second)] + [""]
    first |= {"end": first["start"] + len("quick to learn.")}
    assert key_url(html, "[") == room_url(source, **first) + "#writing"


def test_an_undo_of_nothing_leaves_no_batch(source: Source) -> None:
    claim, client = make_claim(source=source, **offsets("Two")), as_user(make_user("Contributor"))
    html = client.post(post_url(source, "undo"), {"claim": claim.pk}, follow=True).content.decode()
    assert "There is nothing to undo" in html
    assert not Batch.objects.exists()


def test_a_claim_that_absorbed_another_is_not_taken_back(source) -> None:
    author = make_user("Contributor")
    fields = {"source": source, "framework": make_framework(), "criterion": make_criterion(), "created_by": author}
    kept, merged = make_claim(ClaimState.DRAFT, start=0, end=5, **fields), make_claim(ClaimState.DRAFT, **fields)
    merge_claims(kept, merged)
    response = as_user(author).post(post_url(source, "undo"), {"claim": [kept.pk]}, follow=True)
    assert f"Claim {kept.pk} stays: another claim was merged into it." in response.content.decode()
    assert Claim.objects.filter(pk=kept.pk).exists()
    assert Batch.objects.count() == 1


def test_tab_does_not_stop_at_every_claim_and_those_of_the_passage_are_listed(source) -> None:
    framework = Framework.objects.get(slug="one")
    claim = make_claim(source=source, framework=framework, **offsets("quick"))
    make_claim(source=source, framework=framework, **offsets("longer"))
    client = as_user(make_user("Contributor"))
    text = re.search(r'<section class="r-text".*?</section>', html_of(client, room_url(source, line=3)), re.DOTALL)[0]
    links = re.findall(r"<a [^>]*>", text)
    assert len(links) == 4
    assert all('tabindex="-1"' in link for link in links)
    response = client.get(room_url(source, **offsets("One is quick to learn.")))
    assert response.context["claims_here"] == [claim]
    assert f">{claim.pk}</a> One, {claim.criterion} (published)" in squeezed(response.content.decode())
