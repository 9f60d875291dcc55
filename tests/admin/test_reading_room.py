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

pytestmark = pytest.mark.django_db

TEXT = """Learning

One is quick to learn. Two takes longer.

# Parts

| One | has a mapper |
<script>alert(1)</script>
"""


@pytest.fixture
def source() -> Source:
    make_framework("One")
    make_framework("Two")
    make_criterion("rating", name="Learning curve", slug="learning", synonyms="quick to learn")
    make_criterion("feature", name="Mapper", slug="mapper")
    found = make_source("Article")
    found.keep_text(TEXT)
    found.save()
    return found


def room(source: Source, **query: Any) -> str:
    address = reverse("admin:comparison_source_read", args=[source.pk])
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def act(source: Source, what: str) -> str:
    return reverse(f"admin:comparison_source_read_{what}", args=[source.pk])


def at(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def written(**changes: Any) -> dict[str, Any]:
    one = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    given = {"frameworks": [one.pk], "criterion": criterion.pk, "level": "1", "statement": "Soon understood"}
    return at("One is quick to learn.") | given | changes


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_text_is_shown_with_numbers_headings_and_gaps(source) -> None:
    html = page(as_user(make_user("Contributor")), room(source))
    assert 'id="L3" value="3" class="gap"' in html
    assert 'id="L1" value="1" class="heading"' in html
    assert 'id="L5" value="5" class="heading"' in html
    assert "3 lines without a claim" in html


def test_a_script_in_an_article_is_text(source) -> None:
    html = page(as_user(make_user("Contributor")), room(source, **at("<script>alert(1)</script>")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


def test_claims_stand_in_the_text_by_state(source) -> None:
    one = Framework.objects.get(slug="one")
    for words, state in (
        ("quick", ClaimState.PUBLISHED),
        ("longer", ClaimState.DRAFT),
        ("mapper", ClaimState.REJECTED),
    ):
        make_claim(state, source=source, framework=one, **at(words))
    html = page(as_user(make_user("Contributor")), room(source))
    assert re.search(r'<span class="m published">quick<a class="r-tag"', html)
    assert re.search(r'<span class="m draft">longer<a', html)
    assert re.search(r'<span class="m rejected">mapper<a', html)
    assert "1 line without a claim" in html


def test_a_passage_opens_the_form_filled_in(source) -> None:
    response = as_user(make_user("Contributor")).get(room(source, **at("One is quick to learn.")))
    form = response.context["form"]
    assert [int(one) for one in form["frameworks"].value()] == [Framework.objects.get(slug="one").pk]
    assert response.context["guesses"][0].criterion.slug == "learning"
    assert form["criterion"].value() == response.context["guesses"][0].criterion.pk
    assert form["section"].value() == "Learning"
    assert "line 3, characters 10–32, section “Learning”" in response.content.decode()


def test_a_line_and_words_find_the_passage_without_a_mouse(source) -> None:
    client = as_user(make_user("Contributor"))
    assert client.get(room(source, line=3, words="Two takes")).context["passage"] == "Two takes"
    assert "not in line 3, but in line 7" in page(client, room(source, line=3, words="mapper"))
    assert "line=x: give a whole number" in page(client, room(source, line="x"))
    assert "are no passage" in page(client, room(source, start=5, end=99999))
    assert "give a whole number" in page(client, room(source, start="²", end=3))


def test_what_was_sought_in_vain_is_still_there(source) -> None:
    client = as_user(make_user("Contributor"))
    html = page(client, room(source, line=3, words="such%20words"))
    assert 'name="line" min="1" required value="3"' in html
    assert 'name="words" value="such words"' in html
    assert "Line 4 is empty." in page(client, room(source, line=4))
    assert 'name="words" value=""' in page(client, room(source, line=3, words="Two"))


def test_one_save_makes_a_claim_for_each_framework_and_goes_on(source) -> None:
    author = make_user("Contributor")
    both = [one.pk for one in Framework.objects.all()]
    response = as_user(author).post(act(source, "save"), written(frameworks=both))
    claims = list(Claim.objects.order_by("pk"))
    assert [(one.framework.slug, one.level, one.state) for one in claims] == [
        ("one", 1, "submitted"),
        ("two", 1, "submitted"),
    ]
    assert {one.quote for one in claims} == {"One is quick to learn."}
    assert {(one.created_by, one.section) for one in claims} == {(author, "")}
    assert claims[0].history.count() == 2
    following = at("Two takes longer.")
    assert response.headers["Location"] == (
        room(source, **following) + f"&saved={claims[0].pk}%2C{claims[1].pk}#writing"
    )


def test_a_draft_stays_a_draft_and_a_reviewer_may_publish_at_once(source, settings) -> None:
    as_user(make_user("Contributor")).post(act(source, "save"), written(_draft="1"))
    assert Claim.objects.get().state == ClaimState.DRAFT
    Claim.objects.get().delete()
    before = Edition.objects.current().number
    reviewer = as_user(make_user("Reviewer"))
    reviewer.post(act(source, "save"), written(_publish="1"))
    assert Claim.objects.get().state == ClaimState.PUBLISHED
    assert Edition.objects.current().number == before + 1
    settings.REQUIRE_SECOND_REVIEWER = True
    assert "_publish" not in page(reviewer, room(source, **at("Two takes longer.")))
    assert reviewer.post(act(source, "save"), written(_publish="1", **at("Two takes"))).status_code == 403
    assert Claim.objects.count() == 1


def test_a_contributor_cannot_publish_and_loses_nothing_half_way(source) -> None:
    assert as_user(make_user("Contributor")).post(act(source, "save"), written(_publish="1")).status_code == 403
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
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
def test_what_is_wrong_is_said_and_what_was_written_stays(source, changes, words) -> None:
    response = as_user(make_user("Contributor")).post(act(source, "save"), written(item="kept") | changes)
    assert response.status_code == 200
    html = response.content.decode().replace("&#x27;", "'")
    assert words in html
    assert not Claim.objects.exists()
    if "start" not in changes:
        assert 'value="kept"' in html


def test_the_same_claim_twice_is_refused(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(act(source, "save"), written())
    response = client.post(act(source, "save"), written())
    assert "already has a claim on this cell at this place" in response.content.decode()
    assert Claim.objects.count() == 1


def test_the_form_says_what_the_claim_would_do(source) -> None:
    one = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    make_claim(framework=one, criterion=criterion, level=-2, statement="Hard at first")
    query = {"frameworks": one.pk, "criterion": criterion.pk, "level": 2, "statement": "One is quick to learn"}
    html = page(as_user(make_user("Contributor")), room(source, **at("One is quick to learn."), **query))
    assert "with this claim: <b>Middling 0.00, disputed</b>" in html
    assert "Hard at first" in html
    assert "5 words" in html
    assert "article’s wording" in html


def test_the_form_warns_where_the_source_speaks_already(source) -> None:
    one = Framework.objects.get(slug="one")
    criterion = Criterion.objects.get(slug="learning")
    first = make_claim(source=source, framework=one, criterion=criterion, level=-2, **at("Two"))
    query = {"frameworks": one.pk, "criterion": criterion.pk, "level": 2}
    html = page(as_user(make_user("Contributor")), room(source, **at("One is quick"), **query))
    assert "would contradict itself" in html
    assert f">{first.pk}</a> “{first.statement}”" in html


def test_undo_takes_back_what_one_has_just_written(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(act(source, "save"), written())
    claim = Claim.objects.get()
    assert "Undo" in page(client, room(source, saved=claim.pk))
    client.post(act(source, "undo"), {"claim": [claim.pk]})
    assert not Claim.objects.exists()
    assert Claim.history.filter(id=claim.pk, history_type="-").exists()


@pytest.mark.parametrize("button", ["_submit", "_publish"])
def test_undo_gives_back_what_was_written(source, button) -> None:
    client = as_user(make_user("Reviewer"))
    both = [one.pk for one in Framework.objects.order_by("slug")]
    mapper = Criterion.objects.get(slug="mapper")
    given = written(frameworks=both, criterion=mapper.pk, support="extension", section="Mine", version_range=">=2")
    client.post(act(source, "save"), given | {button: "1"})
    claims = [one.pk for one in Claim.objects.order_by("pk")]
    response = client.post(act(source, "undo"), {"claim": claims}, follow=True)
    form = response.context["form"]
    names = ("criterion", "support", "statement", "section", "version_range", "start", "end")
    assert {name: form[name].value() for name in names} == {name: given[name] for name in names}
    assert sorted(form["frameworks"].value()) == sorted(both)
    assert "data-written" in response.content.decode()


def test_nobody_reads_what_others_took_back(source) -> None:
    author = as_user(make_user("Contributor"))
    author.post(act(source, "save"), written(statement="A secret of mine"))
    claim = Claim.objects.get().pk
    author.post(act(source, "undo"), {"claim": [claim]})
    address = room(source, **at("One is quick to learn."), again=f"{claim},x,{'9' * 30}")
    assert "A secret of mine" in page(author, address)
    assert "A secret of mine" not in page(as_user(make_user("Contributor")), address)


def test_undo_retracts_what_was_published(source) -> None:
    client = as_user(make_user("Reviewer"))
    client.post(act(source, "save"), written(_publish="1"))
    client.post(act(source, "undo"), {"claim": [Claim.objects.get().pk]})
    assert Claim.objects.get().state == ClaimState.RETRACTED


def test_undo_leaves_the_claims_of_others_and_reviewed_ones(source) -> None:
    author = make_user("Contributor")
    as_user(author).post(act(source, "save"), written())
    claim = Claim.objects.get()
    other = as_user(make_user("Contributor"))
    assert "Undo" not in page(other, room(source, saved=claim.pk))
    assert "not yours" in other.post(act(source, "undo"), {"claim": [claim.pk]}, follow=True).content.decode()
    make_check(claim)
    said = as_user(author).post(act(source, "undo"), {"claim": [claim.pk, "x"]}, follow=True).content.decode()
    assert "was reviewed meanwhile and stays" in said
    assert Claim.objects.exists()


def test_a_line_that_makes_no_claims_is_marked_and_unmarked(source) -> None:
    client = as_user(make_user("Contributor"))
    client.post(act(source, "silent"), {"line": 3})
    source.refresh_from_db()
    assert source.silent == [3]
    assert source.history.first().history_change_reason == "line 3: makes no claims"
    html = page(client, room(source))
    assert 'id="L3" value="3" class="skip"' in html
    assert "Makes no claims" in html
    client.post(act(source, "silent"), {"line": 3})
    source.refresh_from_db()
    assert source.silent == []
    for junk in ("0", "99", "x", ""):
        assert "no such line" in client.post(act(source, "silent"), {"line": junk}, follow=True).content.decode()


def test_a_source_without_text_says_where_to_add_it() -> None:
    bare = make_source()
    html = page(as_user(make_user("Contributor")), room(bare))
    assert "not held here" in html
    assert "Add its text" in html


def test_only_those_who_may_come_in_and_write(source) -> None:
    for what in ("save", "undo", "silent"):
        assert as_user(make_user("Contributor")).get(act(source, what)).status_code == 405
        assert Client().post(act(source, what)).status_code == 302
        assert as_user(make_user("")).post(act(source, what)).status_code == 403
    assert Client().get(room(source)).status_code == 302
    assert as_user(make_user("")).get(room(source)).status_code == 403
    reader = make_user("")
    for name in ("view_source", "view_claim"):
        reader.user_permissions.add(Permission.objects.get(codename=name))
    reading = as_user(User.objects.get(pk=reader.pk))
    html = page(reading, room(source, **at("quick")))
    assert "takes the role of a contributor" in html
    assert "r-form" not in html
    assert reading.post(act(source, "save"), written()).status_code == 403
    assert reading.post(act(source, "silent"), {"line": 3}).status_code == 403


def test_the_room_costs_the_same_at_any_size(source) -> None:
    client = as_user(make_user("Contributor"))
    costs = []
    for _ in range(2):
        for _ in range(10):
            make_claim(source=source, **at("quick"))
        with CaptureQueriesContext(connection) as found:
            page(client, room(source, **at("One is quick to learn.")))
        costs.append(len(found))
    assert costs[0] == costs[1] <= 16


def test_a_long_article_with_many_claims_is_shown_in_parts() -> None:
    one, criterion = make_framework("One"), make_criterion()
    source = make_source()
    source.keep_text("\n".join(f"Sentence {number} says that it is quick." for number in range(120_000)))
    source.save()
    places = [line * 40 for line in range(20_000)]
    Claim.objects.bulk_create(
        Claim(framework=one, criterion=criterion, source=source, statement="x", level=1, start=place, end=place + 9)
        for place in places
    )
    html = page(as_user(make_user("Contributor")), room(source))
    assert len(html) < 3_000_000
    assert html.count('class="r-no"') < 3_000
    assert 'aria-current="page" data-swap>1</a>' in html
    assert len(source.text) > 4_500_000
    last = page(as_user(make_user("Contributor")), room(source, part=9_999))
    assert "Sentence 119999" in last


def key(html: str, pressed: str) -> str | None:
    """Where the link leads that a key presses."""
    found = re.search(rf'href="([^"]*)" data-key="{re.escape(pressed)}"', html)
    return unescape(found.group(1)) if found else None


def test_one_goes_from_claim_to_claim(source: Source) -> None:
    one, criterion = Framework.objects.get(slug="one"), Criterion.objects.get(slug="learning")
    for words in ("Two takes longer.", "quick to learn.", "uick"):  # the last two begin in the same word
        make_claim(source=source, framework=one, criterion=criterion, **at(words))
    client, address = as_user(make_user("Contributor")), room(source)
    seen = []
    while address:
        html = client.get(address).content.decode()
        address = key(html, "]") or ""
        seen.append(address.partition("?")[2].removesuffix("#writing"))
    first, second = at("quick"), at("Two takes longer.")
    assert seen == [f"start={one['start']}&end={one['end']}" for one in (first, second)] + [""]
    first |= {"end": first["start"] + len("quick to learn.")}
    assert key(html, "[") == room(source, **first) + "#writing"


def test_taking_back_nothing_leaves_no_batch(source: Source) -> None:
    claim, client = make_claim(source=source, **at("Two")), as_user(make_user("Contributor"))
    html = client.post(act(source, "undo"), {"claim": claim.pk}, follow=True).content.decode()
    assert "There is nothing to undo" in html
    assert not Batch.objects.exists()


def test_a_claim_into_which_another_was_merged_is_not_taken_back(source) -> None:
    author = make_user("Contributor")
    where = {"source": source, "framework": make_framework(), "criterion": make_criterion(), "created_by": author}
    keep, gone = make_claim(ClaimState.DRAFT, start=0, end=5, **where), make_claim(ClaimState.DRAFT, **where)
    merge_claims(keep, gone)
    response = as_user(author).post(act(source, "undo"), {"claim": [keep.pk]}, follow=True)
    assert f"Claim {keep.pk} stays: another claim was merged into it." in response.content.decode()
    assert Claim.objects.filter(pk=keep.pk).exists()
    assert Batch.objects.count() == 1
