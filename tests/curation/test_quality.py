from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.admin.pages.quality import LISTINGS, fix_url
from comparison.curation import quality
from comparison.curation.merging import merge_claims, merge_criteria, plan_criterion_merge
from comparison.curation.undo import undo
from comparison.files.catalogue_dump import dump
from comparison.files.catalogue_load import load
from comparison.files.yaml_entries import CatalogueError
from comparison.models import (
    Batch,
    Claim,
    ClaimState,
    Criterion,
    FormerCriterion,
    NotApplicable,
    ProfileWeight,
)
from comparison.models.relations.change import set_relations
from tests.admin_site import as_user
from tests.make import (
    fill,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_mergeable_criteria,
    make_source,
    make_user,
    rebuild_verdicts,
)
from tests.reading import edition_number

pytestmark = pytest.mark.django_db


def cell(kind: str = "rating") -> dict[str, Any]:
    return {"framework": make_framework(), "criterion": make_criterion(kind)}


def subjects(issues: list[quality.Issue]) -> list[str]:
    return [issue.subject for issue in issues]


def test_contradictions_widest_first() -> None:
    narrow, wide, agreed = cell(), cell(), cell()
    for fields, levels in ((narrow, (1, -1)), (wide, (2, -2)), (agreed, (1, 2))):
        for level in levels:
            make_claim(**fields, level=level)
    issues = quality.contradictions()
    assert [issue.subject.split(",")[0] for issue in issues] == [wide["framework"].name, narrow["framework"].name]
    assert "1 for and 1 against: Middling 0.00, strength 0.67, disputed" in issues[0].problem


def test_sources_that_contradict_themselves() -> None:
    source, fields = make_source("Both"), cell()
    make_claim(**fields, source=source, level=1)
    make_claim(**fields, source=source, level=-1)
    make_claim(**fields, level=-1)
    assert [issue.problem for issue in quality.self_contradictions()] == ["“Both” argues both ways."]


def test_duplicates_by_offset_and_by_words() -> None:
    source, fields, items = make_source(), cell(), cell("list")
    first = make_claim(**fields, source=source, start=5, end=20, statement="Quick")
    second = make_claim(**fields, source=source, start=10, end=30, statement="Soon learnt")
    make_claim(**fields, source=source, start=90, end=95, statement="Another matter")
    make_claim(**fields, statement="Quick")
    for item in ("A", "B"):
        make_claim(**items, source=source, item=item, start=50 + len(item) + ord(item), end=300, statement=item)
    (issue,) = quality.duplicate_claims()
    assert issue.problem == "At the same place: “Soon learnt”"
    assert issue.fix == quality.MergeClaims(first.pk, second.pk)
    assert fix_url(issue.fix).endswith(f"?keep={first.pk}&merge={second.pk}")
    make_claim(ClaimState.DRAFT, **fields, source=source, start=96, end=99, statement="another MATTER!")
    assert [issue.problem for issue in quality.duplicate_claims()][1:] == ["The same words again: “another MATTER!”"]


def test_criteria_that_overlap() -> None:
    make_criterion(name="Learning curve")
    make_criterion(name="The learning curve")
    make_criterion(name="Speed", synonyms="fast")
    make_criterion(name="Pace", synonyms="Fast")
    make_criterion("feature", name="Speeds", synonyms="fast")
    first, second = make_criterion(name="Apples"), make_criterion(name="Pears")
    framework, source = make_framework(), make_source()
    for start in (1, 20, 40):
        for criterion in (first, second):
            make_claim(framework=framework, source=source, criterion=criterion, start=start, end=start + 5)
    assert {(issue.subject, issue.problem) for issue in quality.overlapping_criteria()} == {
        ("Learning curve and The learning curve", "Their names are much alike."),
        ("Pace and Speed", "Both are called “fast”."),
        ("Apples and Pears", "3 claims stand at the same places."),
    }


def test_claims_without_a_place_and_figures_out_of_scale() -> None:
    bare = make_claim()
    make_claim(quote="Said so")
    make_claim(ClaimState.DRAFT)
    assert subjects(quality.claims_without_place()) == [str(bare)]
    figure = make_criterion("figure")
    for low in (10, 12, 14):
        make_claim(criterion=figure, low=low, high=low)
    odd = make_claim(criterion=figure, low=14000, high=14000)
    (issue,) = quality.odd_figures()
    assert issue.subject == str(odd)
    assert issue.problem == "14,000 ms, where the median is 13. Another unit?"


def test_incomplete_and_stale_sources(settings) -> None:
    today = date.today()
    fresh = {"address": "https://example.org", "published": today}
    make_source("Whole", **fresh)
    make_source("No date", address="https://example.org")
    make_source("Nothing")
    make_source("Old", **fresh | {"published": today - timedelta(days=31)})
    make_source("Fetched long ago", accessed=today - timedelta(days=31))
    problems = {issue.subject: issue.problem for issue in quality.incomplete_sources()}
    assert problems == {
        "No date": "Without date.",
        "Nothing": "Without address and date.",
        "Fetched long ago": "Without address and date.",
    }
    assert quality.stale_sources() == []
    settings.STALE_AFTER_DAYS = 30
    assert set(subjects(quality.stale_sources())) == {"Old", "Fetched long ago"}


def test_lists_take_as_many_queries_at_any_size() -> None:
    client, costs = as_user(make_user("Editor")), []
    for size in (2, 12):
        fill(size, 5)
        for number in range(size):
            make_criterion(name=f"Alike {size} {number}"), make_criterion(name=f"Alike {size} {number}s")
            fields, source = cell(), make_source()
            for level in (1, -1):
                make_claim(**fields, source=source, level=level)
                make_claim(**fields, level=level)
        rebuild_verdicts()
        counts = []
        for path in ["", *(f"{kind}/" for kind in LISTINGS)]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/admin/comparison/claim/findings/{path}").status_code == 200
            counts.append(len(queries))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0][1:]) <= 16


def test_every_issue_links_to_a_page_that_opens() -> None:
    fields, source, editor = cell(), make_source(published=date(1999, 1, 1)), as_user(make_user("Editor"))
    for level in (1, -1):
        make_claim(**fields, source=source, level=level, statement="Same" + "!" * (level > 0))
        make_claim(**fields, level=level, quote=str(level))
    make_criterion(name="Learning curve")
    make_criterion(name="Learning curves")
    kinds = set()
    for kind, listing in LISTINGS.items():
        for issue in listing.find():
            kinds.add(kind)
            assert editor.get(fix_url(issue.fix)).status_code == 200, issue
    assert kinds == set(LISTINGS) - {"figures", "gaps"}


def test_only_those_who_may_fix_issues_get_links() -> None:
    make_source()
    make_claim(**cell(), quote="")
    for role, kind, has_links, words in (
        ("Editor", "sources", True, ""),
        ("Reviewer", "sources", False, "To mend these is for an editor."),
        ("Reviewer", "without-place", True, ""),
        ("Contributor", "without-place", False, "To mend these is for a reviewer."),
    ):
        html = as_user(make_user(role)).get(reverse("admin:comparison_finding", args=[kind])).content.decode()
        assert ('<th scope="col">Mend it</th>' in html) == has_links, (role, kind)
        assert words in html


def test_only_curators_see_findings() -> None:
    address = reverse("admin:comparison_findings")
    assert as_user(make_user("")).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    contributor = as_user(make_user("Contributor"))
    assert contributor.get(address).status_code == 200
    assert contributor.get(f"{address}nonsense/").status_code == 404
    assert contributor.get(f"{address}stale/?page=x", follow=True).status_code == 200


def test_merged_claims_keep_checks_history_and_address(client) -> None:
    fields, source = cell(), make_source()
    keep, gone = make_claim(**fields, source=source, statement="A"), make_claim(**fields, source=source, statement="B")
    check, number = make_check(gone, "misleading"), edition_number()
    merge_claims(keep, gone)
    gone.refresh_from_db()
    check.refresh_from_db()
    assert (gone.state, gone.state_reason, gone.merged_into) == ("retracted", f"Merged into claim {keep.pk}", keep)
    assert check.claim == keep
    assert edition_number() == number + 1
    assert Claim.history.filter(history_batch=Batch.objects.get().pk).count() == 1
    response = client.get(gone.get_absolute_url())
    assert (response.status_code, response.headers["Location"]) == (301, keep.get_absolute_url())


def test_merging_claims_keeps_equal_checks_once() -> None:
    fields = cell()
    keep, gone = make_claim(**fields), make_claim(**fields)
    make_check(keep)
    make_check(gone)
    merge_claims(keep, gone)
    assert (keep.checks.count(), gone.checks.count()) == (1, 1)


def test_merging_drafts_publishes_no_edition() -> None:
    fields = cell()
    keep, gone = (make_claim(ClaimState.DRAFT, **fields) for _ in range(2))
    number = edition_number()
    merge_claims(keep, gone)
    gone.refresh_from_db()
    assert (gone.state, edition_number()) == ("rejected", number)


@pytest.mark.parametrize("case", ["itself", "another cell", "merged", "retracted"])
def test_claims_that_cannot_be_merged(case) -> None:
    fields = cell()
    keep, gone = make_claim(**fields), make_claim(**fields)
    words = {
        "itself": "into itself",
        "another cell": "different cells",
        "merged": "was merged into",
        "retracted": "Keep",
    }
    if case == "itself":
        gone = keep
    if case == "another cell":
        gone = make_claim()
    if case == "merged":
        merge_claims(keep, gone)
    if case == "retracted":
        keep.transition(ClaimState.RETRACTED, reason="x")
    with pytest.raises(ValidationError, match=words[case]):
        merge_claims(keep, gone)


def test_the_merge_page_shows_both_claims_and_merges_either_way() -> None:
    fields = cell()
    keep, gone = make_claim(**fields, statement="First said"), make_claim(**fields, statement="Then said")
    reviewer, address = as_user(make_user("Reviewer")), reverse("admin:comparison_claim_merge")
    html = reviewer.get(address, {"keep": keep.pk, "merge": gone.pk}).content.decode()
    assert "First said" in html
    assert "Then said" in html
    assert Claim.objects.filter(merged_into=None).count() == 2
    assert "into itself" in reviewer.post(address, {"keep": keep.pk, "merge": keep.pk}).content.decode()
    reviewer.post(address, {"keep": gone.pk, "merge": keep.pk})
    assert Claim.objects.get(pk=keep.pk).merged_into == gone
    assert reviewer.get(address, {"keep": "x", "merge": gone.pk}).status_code == 404
    assert as_user(make_user("Contributor")).get(address).status_code == 403


def test_a_rejected_claim_can_only_be_merged_into_another() -> None:
    fields = {**cell(), "source": make_source()}
    rejected, published = make_claim(ClaimState.REJECTED, **fields), make_claim(**fields)
    reviewer, address = as_user(make_user("Reviewer")), reverse("admin:comparison_claim_merge")
    html = reviewer.get(address, {"keep": rejected.pk, "merge": published.pk}).content.decode()
    assert f"Claim {rejected.pk} is rejected. Keep the other one." in html
    assert html.count("Keep this one, merge the other into it") == 1
    assert f'name="keep" value="{published.pk}"' in html
    assert "Without claim" not in html
    reviewer.post(address, {"keep": published.pk, "merge": rejected.pk})
    assert Claim.objects.get(pk=rejected.pk).merged_into == published


def test_merging_criteria_moves_everything() -> None:
    keep, gone, claims = make_mergeable_criteria()
    number = edition_number()
    assert [(collision.existing, collision.incoming) for collision in plan_criterion_merge(keep, gone).collisions] == [
        (claims["kept"], claims["twin"])
    ]
    merge_criteria(keep, gone)
    assert not Criterion.objects.filter(slug="ease-of-learning").exists()
    assert {claim.criterion for claim in Claim.objects.all()} == {keep}
    twin = Claim.objects.get(pk=claims["twin"].pk)
    assert (twin.state, twin.merged_into, twin.start) == ("retracted", claims["kept"], None)
    assert Claim.objects.get(pk=claims["moved"].pk).state == "draft"
    weights = {row.profile.slug: (row.weight, row.must_have) for row in ProfileWeight.objects.all()}
    assert weights == {"both": (3, True), "only": (2, False)}
    assert NotApplicable.objects.get().criterion == keep
    keep.refresh_from_db()
    assert keep.synonyms == "Ease of learning\neasy"
    assert dict(FormerCriterion.objects.values_list("slug", "criterion__slug")) == {
        "ease-of-learning": "learning-curve",
        "older": "learning-curve",
    }
    assert edition_number() == number + 1


def test_relations_move_to_the_remaining_criterion() -> None:
    keep, gone, _ = make_mergeable_criteria()
    shared, moved = make_criterion(), make_criterion()
    relations = {keep.pk: {"related": [gone.pk, shared.pk]}, gone.pk: {"related": [keep.pk, shared.pk, moved.pk]}}
    set_relations(Criterion, relations, None, "test")
    assert set(plan_criterion_merge(keep, gone).related) == {shared, moved}
    batch = merge_criteria(keep, gone)
    assert set(keep.related.all()) == {shared, moved}
    assert list(moved.related.all()) == [keep]
    undo(batch)
    assert set(Criterion.objects.get(slug=gone.slug).related.all()) == {keep, shared, moved}
    assert set(keep.related.all()) == {gone, shared}


def test_old_addresses_redirect_to_the_remaining_criterion(client) -> None:
    keep, gone, _ = make_mergeable_criteria()
    merge_criteria(keep, gone)
    for old, new in (
        ("/criteria/older/", "/criteria/learning-curve/"),
        ("/criteria/ease-of-learning.json", "/criteria/learning-curve.json"),
        ("/compare/one-vs-two/older/", "/compare/one-vs-two/learning-curve/"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)
    html = client.get("/compare/one-vs-two/?criterion=ease-of-learning").content.decode()
    assert '<tr id="learning-curve">' in html
    assert "did you mean" not in html


def test_a_former_slug_cannot_be_used_again(tmp_path) -> None:
    keep, gone, _ = make_mergeable_criteria()
    dump(tmp_path)
    merge_criteria(keep, gone)
    with pytest.raises(ValidationError, match="into which it was merged"):
        make_criterion(name="Ease of learning").full_clean()
    Criterion.objects.filter(slug="ease-of-learning").delete()
    with pytest.raises(CatalogueError, match="was merged into 'learning-curve': use that slug"):
        load(tmp_path)


@pytest.mark.parametrize("slug", ["embed", "Embed"])
def test_no_criterion_takes_the_address_of_a_frame(slug) -> None:
    with pytest.raises(ValidationError, match="Choose another slug"):
        make_criterion(slug=slug).full_clean()


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [("feature", {}, "carry other values"), ("figure", {"unit": "s"}, "different units")],
)
def test_criteria_that_cannot_be_merged(kind, fields, words) -> None:
    keep, gone = make_criterion("figure"), make_criterion(kind, **fields)
    with pytest.raises(ValidationError, match=words):
        merge_criteria(keep, gone)
    with pytest.raises(ValidationError, match="into itself"):
        merge_criteria(keep, keep)


def test_the_criterion_page_lists_what_a_merge_moves() -> None:
    keep, gone, claims = make_mergeable_criteria()
    editor, address = as_user(make_user("Editor")), reverse("admin:comparison_criterion_merge", args=[gone.pk])
    html = editor.get(address, {"into": keep.pk}).content.decode()
    assert "2 claims with their checks" in html
    assert f"Claim {claims['twin'].pk} stands at the same place as claim {claims['kept'].pk}" in html
    assert "Profile “both”: weight 3, must have" in html
    assert Criterion.objects.filter(pk=gone.pk).exists()
    assert editor.post(address, {"into": "x"}).status_code == 200
    assert editor.post(address, {"into": keep.pk}).status_code == 302
    assert not Criterion.objects.filter(pk=gone.pk).exists()
    assert as_user(make_user("Reviewer")).get(address).status_code == 403


@pytest.mark.parametrize("state", ["rejected", "retracted"])
def test_an_open_claim_keeps_its_offsets_when_criteria_merge(state) -> None:
    keep, gone, claims = make_mergeable_criteria()
    Claim.objects.filter(pk=claims["kept"].pk).update(state=state, state_reason="No")
    editor, address = as_user(make_user("Editor")), reverse("admin:comparison_criterion_merge", args=[gone.pk])
    html = editor.get(address, {"into": keep.pk}).content.decode()
    assert f"Claim {claims['kept'].pk} stands at the same place as claim {claims['twin'].pk} and is merged" in html
    merge_criteria(keep, gone)
    kept, merged = (Claim.objects.get(pk=claims[name].pk) for name in ("twin", "kept"))
    assert (kept.criterion, kept.state, kept.start, kept.end) == (keep, "published", 5, 9)
    assert (merged.state, merged.merged_into, merged.start) == (state, kept, None)


@pytest.mark.parametrize("states", [("published", "published"), ("rejected", "published"), ("draft", "rejected")])
def test_claims_without_offsets_but_the_same_words_merge_with_their_criteria(states, tmp_path) -> None:
    keep, gone = make_criterion(name="Learning"), make_criterion(name="Study")
    fields = {"source": make_source(), "framework": make_framework("One"), "statement": "Easy", "quote": "easy"}
    existing, incoming = (
        make_claim(ClaimState(state), criterion=criterion, state_reason="No" * (state == "rejected"), **fields)
        for criterion, state in zip((keep, gone), states, strict=True)
    )
    merge_criteria(keep, gone)
    kept, merged = (incoming, existing) if states[0] == "rejected" else (existing, incoming)
    assert Claim.objects.get(pk=merged.pk).merged_into == kept
    assert Claim.objects.get(pk=kept.pk).state == states[0 if kept is existing else 1]
    dump(tmp_path)
    load(tmp_path)  # a dump after a merge loads again
    assert Claim.objects.get(pk=merged.pk).merged_into == kept


def test_only_undoing_the_merge_brings_a_merged_claim_back() -> None:
    fields = {"criterion": make_criterion(), "framework": make_framework(), "source": make_source()}
    author = make_user("Contributor")
    keep = make_claim(**fields)
    gone = make_claim(ClaimState.SUBMITTED, **fields, created_by=author)
    merge_claims(keep, gone)
    gone.refresh_from_db()
    with pytest.raises(ValidationError, match=f"merged into claim {keep.pk}; undo the merge"):
        gone.transition(ClaimState.DRAFT, author)
    assert gone.statement not in as_user(author).get(reverse("admin:comparison_claim_drafts")).content.decode()
    undo(Batch.objects.get(), make_user("Editor"))
    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == ("submitted", None)


def test_duplicates_need_not_be_neighbours() -> None:
    fields = {"criterion": make_criterion(), "framework": make_framework(), "source": make_source()}
    first = make_claim(**fields, statement="Quick", start=0, end=100)
    make_claim(**fields, statement="Slow", start=10, end=20)
    inside = make_claim(**fields, statement="Even", start=50, end=60)
    make_claim(**fields, statement="Other", start=200, end=210)
    again = make_claim(**fields, statement="quick!", start=300, end=310)
    fixes = [issue.fix for issue in quality.duplicate_claims()]
    assert quality.MergeClaims(first.pk, inside.pk) in fixes
    assert quality.MergeClaims(first.pk, again.pk) in fixes
    assert len(fixes) == 3


@pytest.mark.parametrize(("finding", "count"), [("false", 0), ("outdated", 0), ("misleading", 0)])
def test_a_set_aside_claim_contradicts_no_other_of_its_source(finding, count) -> None:
    fields = {"criterion": make_criterion(), "framework": make_framework(), "source": make_source()}
    make_claim(**fields, level=2)
    make_check(make_claim(**fields, level=-2), finding)
    assert len(quality.self_contradictions()) == count
