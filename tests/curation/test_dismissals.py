"""Findings are dismissed with a reason and come back when something changes; gaps of sources; contradictions."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.curation import quality
from comparison.curation.review.progress import progress
from comparison.models import Claim, ClaimState, Dismissal, Source
from tests.admin_site import as_user
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import page, squeezed
from tests.source_texts import claims_on, source_with

pytestmark = pytest.mark.django_db

FINDINGS = "/admin/comparison/claim/findings/"
TEXT = "# Alpha\n\nAlpha is quick. It is small.\n\nOmega is slow. Nobody knows why.\n"


def opened(client: Client, kind: str) -> list[Any]:
    return client.get(f"{FINDINGS}{kind}/").context["rows"]


def dismissed(client: Client, kind: str) -> list[Any]:
    return client.get(f"{FINDINGS}{kind}/").context["dismissed"]


def dismiss(client: Client, kind: str, row: Any, reason: str = "It is right") -> str:
    data = {"key": row.key, "fingerprint": row.fingerprint, "reason": reason}
    return squeezed(client.post(f"{FINDINGS}{kind}/dismiss/", data, follow=True).content.decode())


def make_disputed(**fields: Any) -> list[Claim]:
    cell = {"framework": make_framework(), "criterion": make_criterion()}
    return [make_claim(**cell, level=level, **fields) for level in (2, -2)]


def without_place() -> Claim:
    return make_claim()


def criteria_alike() -> Claim:
    claim = make_claim(criterion=make_criterion(name="Learning curve"), quote="x")
    make_criterion(name="The learning curve")
    return claim


def stale() -> Claim:
    return make_claim(source=make_source(published="2001-01-01"), quote="x")


def duplicate() -> Claim:
    claim = make_claim(start=5, end=20, statement="Quick")
    cell = {"framework": claim.framework, "criterion": claim.criterion, "source": claim.source}
    make_claim(**cell, start=10, end=30, statement="Soon learnt")
    return claim


CASES = {
    "without-place": without_place,
    "criteria": criteria_alike,
    "stale": stale,
    "duplicates": duplicate,
    "contradictions": lambda: make_disputed(quote="x")[0],
}


@pytest.mark.parametrize("kind", CASES)
def test_a_dismissed_finding_stays_away_until_something_changes(kind) -> None:
    claim = CASES[kind]()
    client = as_user(make_user("Editor", username="eve"))
    (row,) = opened(client, kind)
    assert "Put away until something changes" in dismiss(client, kind, row)
    assert opened(client, kind) == []
    (away,) = dismissed(client, kind)
    assert (away.dismissal.reason, str(away.dismissal.by)) == ("It is right", "eve")
    html = squeezed(page(client, f"{FINDINGS}{kind}/"))
    assert 'It is right <span class="quiet">eve,' in html
    target: Any = {"criteria": claim.criterion, "stale": claim.source}.get(kind, claim)
    if target is claim:
        claim.version_range = ">=2"
        claim.revise(None)
    else:
        target.save()
    assert [found.key for found in opened(client, kind)] == [row.key]
    assert dismissed(client, kind) == []
    (row,) = opened(client, kind)
    dismiss(client, kind, row, "Still right")
    assert [found.dismissal.reason for found in dismissed(client, kind)] == ["Still right"]
    assert Dismissal.objects.count() == 1


def test_the_overview_counts_what_is_open() -> None:
    claim = without_place()
    client = as_user(make_user("Reviewer"))
    (row,) = opened(client, "without-place")
    assert {kind: count for kind, _, _, count in client.get(FINDINGS).context["lists"]}["without-place"] == 1
    dismiss(client, "without-place", row)
    assert {kind: count for kind, _, _, count in client.get(FINDINGS).context["lists"]}["without-place"] == 0
    client.post(f"{FINDINGS}without-place/dismiss/", {"key": row.key, "action": "back"})
    assert [found.subject for found in opened(client, "without-place")] == [str(claim)]


def test_a_dismissal_needs_a_reason_and_what_was_looked_at() -> None:
    claim = without_place()
    client = as_user(make_user("Reviewer"))
    (row,) = opened(client, "without-place")
    assert "Say why it is none." in dismiss(client, "without-place", row, " ")
    claim.version_range = ">=2"
    claim.revise(None)
    assert "It has changed since you looked" in dismiss(client, "without-place", row)
    assert len(opened(client, "without-place")) == 1
    assert client.post(f"{FINDINGS}nothing/dismiss/").status_code == 404


def test_the_database_refuses_a_dismissal_without_a_reason_or_twice() -> None:
    fields = {"listing": "stale", "key": "a", "fingerprint": "b", "subject": "s", "by": make_user()}
    with pytest.raises(IntegrityError, match="dismissal_has_reason"), transaction.atomic():
        Dismissal.objects.create(**fields, reason="")
    Dismissal.objects.create(**fields, reason="r")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.create(**fields, reason="other")


def test_only_those_who_may_mend_a_finding_dismiss_it() -> None:
    without_place()
    (row,) = opened(as_user(make_user("Reviewer")), "without-place")
    contributor = as_user(make_user("Contributor"))
    data = {"key": row.key, "fingerprint": row.fingerprint, "reason": "x"}
    assert contributor.post(f"{FINDINGS}without-place/dismiss/", data).status_code == 403
    assert "Dismiss" not in page(contributor, f"{FINDINGS}without-place/")


def test_a_list_with_dismissals_takes_as_many_queries_at_any_size() -> None:
    client, costs = as_user(make_user("Reviewer")), []
    for size in (2, 10):
        for _ in range(size):
            make_disputed(quote="x")
            without_place()
        dismiss(client, "without-place", opened(client, "without-place")[0])
        with CaptureQueriesContext(connection) as queries:
            for kind in ("without-place", "contradictions"):
                client.get(f"{FINDINGS}{kind}/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_contradictions_are_disputed_or_contradict_themselves() -> None:
    make_disputed(quote="x")
    mostly = {"framework": make_framework("Mostly"), "criterion": make_criterion()}
    for level in (1, 1, 1, 1, -1):
        make_claim(**mostly, level=level)
    both = {"framework": make_framework("Both"), "criterion": make_criterion()}
    source = make_source("Of two minds")
    for level, other in ((2, source), (-1, source), (2, None), (2, None), (2, None), (2, None)):
        make_claim(**both, level=level, source=other or make_source())
    subjects = [issue.subject.partition(",")[0] for issue in quality.contradictions()]
    assert len(subjects) == 2
    assert ("Mostly" in subjects, "Both" in subjects) == (False, True)
    assert [issue.problem for issue in quality.self_contradictions()] == ["“Of two minds” argues both ways."]


def test_supports_on_one_side_are_no_contradiction() -> None:
    cell = {"framework": make_framework(), "criterion": make_criterion("feature"), "source": make_source()}
    for start, support in enumerate(("built-in", "partial")):
        make_claim(**cell, support=support, start=start, end=start + 9)
    assert quality.self_contradictions() == []
    make_claim(**cell, support="none", start=5, end=9)
    assert len(quality.self_contradictions()) == 1


def test_gaps_are_listed_source_by_source() -> None:
    source = source_with(TEXT)
    claims_on(source, "Alpha is quick")
    whole = make_source("Read")
    whole.set_text("Only this.\n")
    whole.silent = [1]
    whole.save()
    manual = make_source("Manual", kind="documentation")
    manual.set_text(TEXT)
    manual.save()
    (issue,) = quality.gaps()
    assert issue.subject == source.title
    assert issue.problem == "3 of 4 sentences are open: without a claim, and not marked silent."
    client = as_user(make_user("Contributor"))
    (row,) = opened(client, "gaps")
    start = TEXT.index("It is small")
    assert row.url == f"/admin/comparison/source/{source.pk}/read/?start={start}&end={start + len('It is small.')}"
    assert "It is small" in page(client, row.url)


def test_progress_counts_read_silent_and_open_sentences() -> None:
    start = TEXT.index("It is small")
    shown = progress(TEXT, [(start, start + 5)], {5})
    assert (shown.sentences, shown.read, shown.silent, shown.open) == (4, 1, 2, 1)
    assert shown.first_open is not None
    assert TEXT[slice(*shown.first_open)].startswith("Alpha is quick")
    assert shown.percent == 75
    assert progress("", [], []).percent == 100


def test_a_dashboard_shows_progress_and_what_came_back(django_assert_max_num_queries) -> None:
    source = source_with(TEXT)
    (claim,) = claims_on(source, "Alpha is quick")
    claim.transition(ClaimState.SUBMITTED, reason="Look again.")
    client = as_user(make_user("Reviewer"))
    html = squeezed(page(client, "/admin/"))
    assert "<b>3</b> open, 1 read, 0 silenced of 4 sentences" in html
    assert "<b>1</b> of them came back" in html
    assert Source.objects.count() == 1


def test_everything_is_searched_from_the_front_page() -> None:
    framework, source = make_framework("Élan"), make_source("Le Monde d’Élan")
    claim = make_claim(ClaimState.DRAFT, framework=framework, statement="élan vital", source=source)
    make_claim(criterion=make_criterion(name="Straße", synonyms="ΔΡΌΜΟΣ"), statement="other")
    client = as_user(make_user("Contributor"))
    assert 'action="/admin/comparison/claim/find/"' in page(client, "/admin/")
    for query, titles in {
        "ELAN": ["Frameworks", "Sources", "Claims"],
        "e\u0301lan vital": ["Claims"],
        "strasse": ["Criteria", "Claims"],
        "δρομος": ["Criteria"],
        "nothing of it": [],
        "": [],
        "?": [],
    }.items():
        groups = client.get("/admin/comparison/claim/find/", {"q": query}).context["groups"]
        assert [group.title for group in groups] == titles, query
    html = page(client, "/admin/comparison/claim/find/?q=vital")
    assert f'href="/admin/comparison/claim/{claim.pk}/change/"' in html
    assert "draft, Le Monde" in html


@pytest.mark.parametrize("query", ["ÉLAN", "e\u0301lan", "elan", "É\u00adlan", "l’e\u0301lan"])
def test_lists_of_the_admin_are_searched_alike(query) -> None:
    make_framework("L'élan", slug="one")
    make_criterion(name="L’Élan", slug="two")
    make_source("L`élan".replace("`", "’"), slug="three")
    for _ in range(2):
        make_framework(), make_criterion(), make_source()
    client = as_user(make_user("Editor"))
    for name, slug in (("framework", "one"), ("criterion", "two"), ("source", "three")):
        rows = client.get(f"/admin/comparison/{name}/", {"q": query}).context["cl"].result_list
        assert [row.slug for row in rows] == [slug], name
    found = client.get(
        "/admin/autocomplete/",
        {"term": query, "app_label": "comparison", "model_name": "notapplicable", "field_name": "criterion"},
    ).json()
    assert [row["text"] for row in found["results"]] == ["L’Élan"]
