from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from comparison.claims_csv import Planner, read_rows, store, written
from comparison.merging import merge_claims, merge_criteria
from comparison.models import Batch, Check, Claim, ClaimState, Criterion, FormerCriterion, Framework, ProfileWeight
from comparison.undo import steps, undo
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.test_admin import act, as_user, edition
from tests.test_mending import merged

pytestmark = pytest.mark.django_db


def dump() -> dict[str, Any]:
    """All that undoing should bring back."""
    return {
        "claims": list(
            Claim.objects.order_by("pk").values_list("pk", "state", "criterion", "start", "statement", "level")
        ),
        "merged": list(Claim.objects.order_by("pk").values_list("merged_into", "state_reason")),
        "checks": list(Check.objects.order_by("pk").values_list("pk", "claim", "finding")),
        "criteria": list(Criterion.objects.order_by("pk").values_list("pk", "slug", "synonyms")),
        "weights": list(ProfileWeight.objects.order_by("pk").values_list("pk", "criterion", "weight", "must_have")),
    }


def imported(text: str, by: Any = None) -> Batch:
    list(store(Planner(by).read(read_rows(text)), by))
    return Batch.objects.latest("pk")


def rows(count: int = 2) -> str:
    make_source("Article")
    make_framework("One")
    make_criterion(name="Rating")
    return "source,framework,criterion,statement,level\n" + "".join(
        f"article,one,rating,Says {number},1\n" for number in range(count)
    )


def test_an_import_is_undone_and_the_undoing_too() -> None:
    text = rows()
    before = dump()
    batch = imported(text)
    after = dump()
    undone = undo(batch)
    assert dump() == before
    assert undone.undoes == batch
    undo(undone)
    assert dump() == after


def test_changed_claims_get_their_values_back() -> None:
    claim = make_claim(statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    batch = imported(text.replace("Old", "New"), make_user("Reviewer"))
    number = edition()
    (step,) = steps(batch)
    assert step.changes == [("statement", "New", "Old")]
    undo(batch)
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition()) == ("Old", "published", number + 1)
    assert claim.history.first().history_change_reason == f"undoes batch {batch.pk}"


def test_published_claims_of_an_import_are_retracted_not_deleted() -> None:
    batch = imported(rows(1))
    claim = Claim.objects.get()
    with Batch.objects.of("reviewed"):
        claim.move(ClaimState.SUBMITTED)
        claim.move(ClaimState.PUBLISHED)
    with pytest.raises(ValidationError, match="1 rows were changed since"):
        undo(batch)
    assert [step.conflict for step in steps(batch)] == ["Changed since by a command (changed)."]


def test_bulk_actions_are_undone() -> None:
    reviewer = make_user("Reviewer")
    claims = [make_claim(ClaimState.SUBMITTED) for _ in range(3)]
    before = dump()
    act(as_user(reviewer), "publish_claims", claims)
    assert Claim.objects.published().count() == 3
    number = edition()
    undo(Batch.objects.get(), reviewer)
    assert dump() == before
    assert edition() == number + 1


def test_a_merge_of_claims_is_undone() -> None:
    keep = make_claim()
    gone = make_claim(framework=keep.framework, criterion=keep.criterion)
    make_check(gone)
    before = dump()
    merge_claims(keep, gone)
    assert dump() != before
    undo(Batch.objects.get())
    assert dump() == before


def test_a_merge_of_criteria_is_undone() -> None:
    keep, gone, _ = merged()
    before = dump()
    batch = merge_criteria(keep, gone)
    undo(batch)
    assert dump() == before
    assert not FormerCriterion.objects.filter(slug=gone.slug).exists()


def test_what_others_changed_since_stays_and_is_named() -> None:
    batch = imported(rows(2))
    first, second = Claim.objects.order_by("pk")
    editor = make_user("Editor")
    first.statement = "Mended"
    first.revise(editor)
    with pytest.raises(ValidationError, match="1 rows were changed since"):
        undo(batch)
    undo(batch, the_rest=True)
    assert [one.statement for one in Claim.objects.all()] == ["Mended"]
    assert not Claim.objects.filter(pk=second.pk).exists()


def test_nothing_is_undone_twice_or_half() -> None:
    batch = imported(rows(2))
    make_check(Claim.objects.order_by("pk").first())
    with pytest.raises(ValidationError, match="something else rests on it"):
        undo(batch)
    assert Claim.objects.count() == 2
    Check.objects.all().delete()
    undo(batch)
    with pytest.raises(ValidationError, match="undone already"):
        undo(batch)


def test_an_empty_batch_has_nothing_to_undo() -> None:
    with Batch.objects.of("nothing") as batch:
        pass
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch)


def test_rows_of_the_catalogue_are_undone_too() -> None:
    framework = make_framework("One", tagline="Old")
    with Batch.objects.of("renamed") as batch:
        framework.tagline = "New"
        framework.save()
        make_framework("Two")
    undo(batch)
    assert list(Framework.objects.values_list("name", "tagline")) == [("One", "Old")]


def test_contributors_undo_their_own_drafts_only() -> None:
    author = make_user("Contributor")
    batch = imported(rows(1), author)
    with pytest.raises(PermissionDenied):
        undo(batch, make_user("Contributor"))
    with Batch.objects.of("published", author) as public:
        make_claim()
    with pytest.raises(PermissionDenied):
        undo(public, author)
    undo(batch, author)
    assert not Claim.objects.filter(statement="Says 0").exists()


def test_the_page_shows_what_goes_back_before_it_does() -> None:
    reviewer = make_user("Reviewer")
    claim = make_claim(statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    batch = imported(text.replace("Old", "New"), reviewer)
    client, address = as_user(reviewer), f"/admin/comparison/batch/{batch.pk}/undo/"
    html = client.get(address).content.decode()
    assert "statement: <del>New</del> <ins>Old</ins>" in html
    assert Claim.objects.get().statement == "New"
    assert client.post(address).status_code == 302
    claim.refresh_from_db()
    assert claim.statement == "Old"
    assert "undone already" in client.post(address).content.decode()
    assert "Look and undo" in client.get("/admin/comparison/batch/").content.decode()
    other = as_user(make_user("Contributor"))
    assert "somebody else has to undo it" in other.get(address).content.decode()
    assert as_user(make_user("")).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert client.get("/admin/comparison/batch/999999/undo/").status_code == 404
