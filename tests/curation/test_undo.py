import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.admin.pages.undo_batch import describe
from comparison.curation.attach_text import attach
from comparison.curation.merging import merge_claims, merge_criteria
from comparison.curation.undo import undo, undo_steps
from comparison.curation.undo_rows import Action, undoable_models
from comparison.files.claims_csv import csv_pieces, read_rows
from comparison.files.claims_import import Planner, store
from comparison.models import (
    Batch,
    Check,
    Claim,
    ClaimState,
    Criterion,
    FormerCriterion,
    Framework,
    ProfileWeight,
    Source,
)
from comparison.models.relations.change import set_relations
from comparison.templatetags.curation import difference
from comparison.texts.relocate import Fate
from tests.admin_site import as_user, run_action
from tests.make import (
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_mergeable_criteria,
    make_source,
    make_user,
)
from tests.reading import edition_number
from tests.source_texts import CHANGED, MOVED, OLD, PASSAGE, cited_passage, claims_on, reloaded, source_with

pytestmark = pytest.mark.django_db


def dump() -> dict[str, Any]:
    """Everything that undoing should restore."""
    return {
        "claims": list(
            Claim.objects.order_by("pk").values_list("pk", "state", "criterion", "start", "statement", "level")
        ),
        "merged": list(Claim.objects.order_by("pk").values_list("merged_into", "state_reason")),
        "checks": list(Check.objects.order_by("pk").values_list("pk", "claim", "finding")),
        "criteria": list(Criterion.objects.order_by("pk").values_list("pk", "slug", "synonyms")),
        "weights": list(ProfileWeight.objects.order_by("pk").values_list("pk", "criterion", "weight", "must_have")),
    }


def import_rows(text: str, actor: User | None = None) -> Batch:
    list(store(Planner(actor).read(read_rows(text)), actor))
    return Batch.objects.latest("pk")


def claim_rows(count: int = 2) -> str:
    make_source("Article")
    make_framework("One")
    make_criterion(name="Rating")
    return "source,framework,criterion,statement,level\n" + "".join(
        f"article,one,rating,Says {number},1\n" for number in range(count)
    )


def test_an_import_is_undone_and_the_undo_is_undone() -> None:
    text = claim_rows()
    before = dump()
    batch = import_rows(text)
    after = dump()
    undone = undo(batch)
    assert dump() == before
    assert undone.undoes == batch
    undo(undone)
    assert dump() == after


def test_changed_claims_get_their_values_back() -> None:
    claim = make_claim(statement="Old", level=1)
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    batch = import_rows(text.replace("Old", "New"), make_user("Reviewer"))
    number = edition_number()
    (step,) = undo_steps(batch)
    assert describe([step])[0].changes == [("Statement", "New", "Old")]
    undo(batch)
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition_number()) == ("Old", "published", number + 1)
    assert claim.history.first().history_change_reason == f"undoes batch {batch.pk}"


def test_published_claims_of_an_import_are_retracted_not_deleted() -> None:
    batch = import_rows(claim_rows(3))
    public, waiting, draft = Claim.objects.order_by("pk")
    public.transition(ClaimState.SUBMITTED)
    public.transition(ClaimState.PUBLISHED)
    waiting.transition(ClaimState.SUBMITTED)
    steps = undo_steps(batch)
    assert [step.action for step in steps] == [Action.RETRACTED, Action.DELETED, Action.DELETED]
    assert not any(step.conflict for step in steps)
    assert re.findall("<td>(retracted|deleted)", undo_page(batch)) == ["retracted", "deleted", "deleted"]
    number = edition_number()
    undone = undo(batch)
    assert list(Claim.objects.values_list("pk", "state")) == [(public.pk, "retracted")]
    assert edition_number() == number + 1
    public.refresh_from_db()
    assert (public.state_reason, public.updated_edition) == (f"Undoes batch {batch.pk}", number + 1)
    undo(undone)
    states = dict(Claim.objects.values_list("pk", "state"))
    assert states == {public.pk: "published", waiting.pk: "submitted", draft.pk: "draft"}


@pytest.mark.parametrize("to", [ClaimState.REJECTED, ClaimState.RETRACTED])
def test_a_claim_rejected_or_retracted_since_stays(to) -> None:
    batch = import_rows(claim_rows(1))
    claim = Claim.objects.get()
    for state in (ClaimState.SUBMITTED, *([ClaimState.PUBLISHED] if to is ClaimState.RETRACTED else []), to):
        claim.transition(state, reason="Not so")
    assert "Changed since by a command (state, state reason" in undo_steps(batch)[0].conflict
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch, skip_conflicts=True)


def test_bulk_actions_are_undone() -> None:
    reviewer = make_user("Reviewer")
    claims = [make_claim(ClaimState.SUBMITTED) for _ in range(3)]
    before = dump()
    run_action(as_user(reviewer), "publish_claims", claims)
    assert Claim.objects.published().count() == 3
    number = edition_number()
    undo(Batch.objects.get(), reviewer)
    assert dump() == before
    assert edition_number() == number + 1


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
    keep, gone, _ = make_mergeable_criteria()
    before = dump()
    batch = merge_criteria(keep, gone)
    undo(batch)
    assert dump() == before
    assert not FormerCriterion.objects.filter(slug=gone.slug).exists()


def test_a_merge_of_criteria_is_undone_and_redone_with_its_addresses() -> None:
    keep, gone, _ = make_mergeable_criteria()
    last = make_criterion(name="Last")
    editor = make_user("Editor")
    first = merge_criteria(keep, gone, editor)
    merged_state, addresses = dump(), former_slugs()
    assert addresses == {"ease-of-learning": keep.slug, "older": keep.slug}
    back = undo(first, editor)
    assert former_slugs() == {"older": gone.slug}
    undo(back, editor)
    assert (dump(), former_slugs()) == (merged_state, addresses)
    undo(merge_criteria(last, Criterion.objects.get(slug=keep.slug), editor), editor)
    assert (dump(), former_slugs()) == (merged_state, addresses)


def former_slugs() -> dict[str, str]:
    return dict(FormerCriterion.objects.values_list("slug", "criterion__slug"))


def test_a_claim_changed_since_stays_and_is_reported() -> None:
    batch = import_rows(claim_rows(2))
    first, second = Claim.objects.order_by("pk")
    editor = make_user("Editor")
    first.statement = "Mended"
    first.revise(editor)
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    undo(batch, skip_conflicts=True)
    assert [claim.statement for claim in Claim.objects.all()] == ["Mended"]
    assert not Claim.objects.filter(pk=second.pk).exists()


def test_a_row_that_others_point_to_stays() -> None:
    batch = import_rows(claim_rows(2))
    check = make_check(Claim.objects.order_by("pk").first())
    assert [step.conflict for step in undo_steps(batch)] == [f"Check {check.pk} rests on it.", ""]
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    assert Claim.objects.count() == 2
    undo(batch, skip_conflicts=True)
    assert list(Claim.objects.values_list("pk", flat=True)) == [check.claim_id]


def test_a_claim_that_decides_a_check_stays() -> None:
    batch = import_rows(claim_rows(2))
    check = make_check(make_claim())
    deciding = Claim.objects.get(statement="Says 1")
    check.decided_by.add(deciding)
    conflicts = {step.current.statement: step.conflict for step in undo_steps(batch)}
    assert conflicts == {"Says 0": "", "Says 1": f"Check {check.pk} rests on it."}
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    undo(batch, skip_conflicts=True)
    assert list(check.decided_by.all()) == [deciding]


def test_a_claim_goes_if_undoing_takes_it_from_the_check_that_it_decides() -> None:
    check = make_check(make_claim())
    with Batch.objects.open("decided") as batch:
        deciding = make_claim(ClaimState.DRAFT)
        set_relations(Check, {check.pk: {"decided_by": [deciding.pk]}}, None, "test")
    assert not any(step.conflict for step in undo_steps(batch))
    undo(batch)
    assert not check.decided_by.exists()
    assert not Claim.objects.filter(pk=deciding.pk).exists()


def test_rows_of_the_batch_that_point_to_each_other_are_deleted_together() -> None:
    with Batch.objects.open("everything") as batch:
        make_check(make_claim(ClaimState.DRAFT))
    assert not [step for step in undo_steps(batch) if step.conflict]
    undone = undo(batch)
    assert not Claim.objects.exists()
    undo(undone)
    assert Check.objects.get().claim == Claim.objects.get()


def test_a_batch_is_undone_only_once() -> None:
    batch = import_rows(claim_rows(2))
    undo(batch)
    with pytest.raises(ValidationError, match="undone already"):
        undo(batch)
    assert Batch.objects.count() == 2


def test_batches_are_undone_in_reverse_order() -> None:
    """A row that changed since and was changed back is as the earlier batch left it."""
    text = claim_rows()
    before = dump()
    first = import_rows(text)
    second = import_rows(text.replace("Says", "Told").replace(",1\n", ",2\n"))
    claims = Claim.objects.select_related("source", "framework", "criterion")
    third = import_rows("".join(csv_pieces(claims)).replace("Says", "Said"))
    assert [bool(step.conflict) for step in undo_steps(first)] == [True, True]
    undo(third)
    undo(second)
    undo(first)
    assert dump() == before


def test_claims_with_the_same_words_swap_offsets() -> None:
    """Parked without offsets, two claims of one cell with the same words would be duplicates."""
    first = make_claim(statement="Same", start=1, end=5)
    cell = {"framework": first.framework, "criterion": first.criterion, "source": first.source}
    second = make_claim(statement="Same", start=11, end=15, **cell)
    before = dump()
    with Batch.objects.open("changed places") as batch:
        Claim.objects.filter(pk=first.pk).update(start=100, end=101)
        for claim, start in ((second, 1), (first, 11)):
            claim.start, claim.end = start, start + 4
            claim.revise(None, announce=False)
    assert dump() != before
    undo(batch)
    assert dump() == before


def test_undoing_fails_if_another_row_took_the_old_offset() -> None:
    claim = make_claim(start=1, end=5)
    with Batch.objects.open("moved") as batch:
        claim.start, claim.end = 11, 15
        claim.revise(None)
    make_claim(framework=claim.framework, criterion=claim.criterion, source=claim.source, start=1, end=5)
    with pytest.raises(ValidationError, match=f"another row has the place of Claim {claim.pk}"):
        undo(batch)
    claim.refresh_from_db()
    assert (claim.start, Batch.objects.count()) == (11, 1)


def test_a_row_that_points_to_a_deleted_row_is_not_restored() -> None:
    claim = make_claim(ClaimState.DRAFT)
    check = make_check(claim)
    with Batch.objects.open("deleted") as batch:
        check.delete()
    claim.delete()
    with pytest.raises(ValidationError, match="rows that are gone by now"):
        undo(batch)
    assert not Check.objects.exists()


def test_fields_that_history_leaves_out_keep_their_values() -> None:
    source, claim = make_source(), make_claim(ClaimState.RETRACTED)
    source.set_text("Some words " * 30)
    source.save()
    claim.refresh_from_db()
    before = (source.sketch, claim.updated_edition)
    with Batch.objects.open("changed") as batch:
        claim.transition(ClaimState.DRAFT)
        source.note = "New"
        source.save()
    undone = undo(batch)
    source.refresh_from_db()
    claim.refresh_from_db()
    assert before[0]
    assert (source.note, source.sketch, claim.updated_edition) == ("", *before)
    with Batch.objects.open("deleted") as batch:
        source.delete()
    undo(batch)
    assert Source.objects.get(slug=source.slug).sketch == before[0]
    assert undone.undoes_id


def test_every_model_with_history_is_undone() -> None:
    with_history = {model for model in apps.get_app_config("comparison").get_models() if hasattr(model, "history")}
    assert set(undoable_models()) == with_history
    index = {model: number for number, model in enumerate(undoable_models())}
    for model in undoable_models():
        for field in model._meta.concrete_fields:
            if field.related_model in index:
                assert index[field.related_model] <= index[model], field


def test_a_preview_takes_as_many_queries_at_any_size() -> None:
    costs = []
    for size in (2, 60):
        with Batch.objects.open("many") as batch:
            for _ in range(size):
                make_check(make_claim(ClaimState.DRAFT))
        with Batch.objects.open("changed") as second:
            for claim in Claim.objects.all():
                claim.transition(ClaimState.SUBMITTED)
        with CaptureQueriesContext(connection) as queries:
            describe(undo_steps(batch))
            describe(undo_steps(second))
        costs.append(len(queries))
        undo(second)
        undo(batch)
    assert costs[0] == costs[1] <= 63


def test_an_empty_batch_has_nothing_to_undo() -> None:
    with Batch.objects.open("nothing") as batch:
        pass
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch)


def test_rows_of_the_catalogue_are_undone_too() -> None:
    framework = make_framework("One", tagline="Old")
    with Batch.objects.open("renamed") as batch:
        framework.tagline = "New"
        framework.save()
        make_framework("Two")
    undo(batch)
    assert list(Framework.objects.values_list("name", "tagline")) == [("One", "Old")]


def test_contributors_undo_only_batches_of_their_own_drafts() -> None:
    author = make_user("Contributor")
    batch = import_rows(claim_rows(1), author)
    with pytest.raises(PermissionDenied):
        undo(batch, make_user("Contributor"))
    with Batch.objects.open("published", author) as public:
        make_claim()
    with pytest.raises(PermissionDenied):
        undo(public, author)
    with Batch.objects.open("renamed", author) as other:
        make_framework()
    with pytest.raises(PermissionDenied):
        undo(other, make_user("Reviewer"))
    undo(batch, author)
    assert not Claim.objects.filter(statement="Says 0").exists()


def test_no_author_publishes_by_undoing() -> None:
    author = make_user("Contributor")
    claim = make_claim(created_by=author)
    with Batch.objects.open("sent back by a change", author) as batch:
        claim.level = -2
        claim.revise(author)
    assert claim.state == "submitted"
    with pytest.raises(PermissionDenied):
        undo(batch, author)
    undo(batch, make_user("Reviewer"))
    assert Claim.objects.get().state == "published"


def test_no_author_takes_a_published_claim_off_the_site_by_undoing() -> None:
    author = make_user("Contributor")
    batch = import_rows(claim_rows(1), author)
    claim = Claim.objects.get()
    for state in (ClaimState.SUBMITTED, ClaimState.PUBLISHED):
        claim.transition(state)
    with pytest.raises(PermissionDenied):
        undo(batch, author)
    undo(batch, make_user("Reviewer"))
    assert Claim.objects.get().state == "retracted"


def test_authors_undo_nothing_of_others_and_nothing_but_claims() -> None:
    author = make_user("Contributor")
    author.user_permissions.add(Permission.objects.get(codename="change_source"))
    own, other = (make_claim(ClaimState.DRAFT, created_by=user) for user in (author, make_user("Contributor")))
    with Batch.objects.open("both", author) as claims:
        for claim in (own, other):
            claim.level = -2
            claim.revise(author)
    with Batch.objects.open("noted", author) as sources:
        own.source.note = "New"
        own.source.save()
    sent_on = make_claim(ClaimState.DRAFT, created_by=author)
    with Batch.objects.open("sent on", make_user("Reviewer")) as batch_of_other:
        sent_on.transition(ClaimState.SUBMITTED)
    for batch in (claims, sources, batch_of_other):
        with pytest.raises(PermissionDenied):
            undo(batch, author)
        undo(batch, make_user("Editor"))


def test_undoing_a_former_address_changes_its_criterion() -> None:
    criterion = make_criterion()
    with Batch.objects.open("an address more") as batch:
        FormerCriterion.objects.create(slug="older", criterion=criterion)
    with pytest.raises(PermissionDenied):
        undo(batch, make_user("Reviewer"))
    undo(batch, make_user("Editor"))
    assert not FormerCriterion.objects.exists()


def test_the_page_shows_the_changes_before_they_are_made() -> None:
    reviewer = make_user("Reviewer")
    claim = make_claim(statement="Old", level=1)
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    batch = import_rows(text.replace("Old", "New"), reviewer)
    client, address, number = as_user(reviewer), f"/admin/comparison/batch/{batch.pk}/undo/", edition_number()
    html = client.get(address).content.decode()
    assert "<strong>Statement:</strong> <del>New</del><ins>Old</ins>" in html
    assert edition_number() == number
    assert Claim.objects.get().statement == "New"
    assert client.post(address).status_code == 302
    claim.refresh_from_db()
    assert claim.statement == "Old"
    html = client.post(address).content.decode()
    assert "undone already" in html
    assert "To have it back, undo that one" in html
    assert "Look and undo" in client.get("/admin/comparison/batch/").content.decode()
    other = as_user(make_user("Contributor"))
    later = Batch.objects.latest("pk")
    shown = f"/admin/comparison/batch/{later.pk}/undo/"
    assert "somebody else has to undo it" in other.get(shown).content.decode()
    assert other.post(shown).status_code == 403
    assert as_user(make_user("")).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert client.get("/admin/comparison/batch/999999/undo/").status_code == 404


def test_the_page_shows_names_instead_of_ids() -> None:
    keep, gone, _ = make_mergeable_criteria()
    merge_criteria(keep, gone)
    html = undo_page(Batch.objects.get())
    assert f"Criterion {gone.pk}: {gone}</th><td>brought back" in html
    assert f"<strong>Criterion:</strong>{compact(difference(keep.name, gone.name))}" in html


def test_rows_without_conflicts_are_undone_from_the_page() -> None:
    reviewer = make_user("Reviewer")
    batch = import_rows(claim_rows(2), reviewer)
    claim = Claim.objects.order_by("pk").first()
    claim.statement = "Mended <b>"
    claim.revise(make_user("Editor", username="ed"))
    client, address = as_user(reviewer), f"/admin/comparison/batch/{batch.pk}/undo/"
    html = client.get(address).content.decode()
    assert "Changed since by ed (statement)." in html
    assert "Mended &lt;b&gt;" in html
    assert "1 row was changed since" in client.post(address).content.decode()
    response = client.post(address, {"rest": "1"}, follow=True)
    assert "This, too, can be undone" in response.content.decode()
    assert Claim.objects.get() == claim
    assert client.post(response.request["PATH_INFO"]).status_code == 302
    assert Claim.objects.count() == 2


WEEKS = "Omega takes some weeks"


def replace_text(new: str = MOVED) -> tuple[Source, Claim, Batch]:
    """Stores a new text for a source whose published claim has its offsets in the old one."""
    (claim,) = claims_on(source_with(OLD), PASSAGE)
    attach(claim.source, new, changed=True)
    return Source.objects.get(), claim, Batch.objects.latest("pk")


def undo_page(batch: Batch) -> str:
    """The page as an editor sees it, without white space beside tags."""
    return compact(as_user(make_user("Editor")).get(f"/admin/comparison/batch/{batch.pk}/undo/").content.decode())


def compact(html: str) -> str:
    return re.sub(r"(?<=>)\s+|\s+(?=</)", "", html)


@pytest.mark.parametrize("state", [ClaimState.DRAFT, ClaimState.PUBLISHED])
def test_claims_placed_in_a_new_text_follow_it_back(state) -> None:
    source, claim, batch = replace_text("A line that is new.\n" + OLD.replace("some", "many"))
    passages = ("A line that is new", PASSAGE, "Omega takes many weeks", "End")
    gone, moved, changed, end = claims_on(source, *passages, state=state)
    expected_states = [ClaimState.SUBMITTED if state is ClaimState.PUBLISHED else state] * 2 + [state] * 2
    html = undo_page(batch)
    for follower, fate in ((gone, "gone"), (moved, "moved"), (changed, "changed"), (end, "moved")):
        assert f"Claim {follower.pk}: {follower}</th><td>follows the text, in which its passage is {fate}" in html
    before = dump()
    undone = undo(batch, make_user("Editor"))
    assert Source.objects.get(pk=source.pk).text == OLD
    assert [cited_passage(follower, OLD) for follower in (claim, moved, changed, end)] == [
        PASSAGE,
        PASSAGE,
        WEEKS,
        "End",
    ]
    assert (reloaded(gone).start, reloaded(gone).quote) == (None, "A line that is new")
    assert [reloaded(follower).state for follower in (gone, changed, moved, end)] == expected_states
    assert reloaded(gone).history.first().history_batch == undone.pk
    undo(undone)
    assert dump() == before


def test_claims_of_one_cell_swap_offsets_as_they_follow_a_text() -> None:
    source, claim, batch = replace_text()
    edited = reloaded(claim)
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    (other,) = claims_on(source, WEEKS, **cell)
    with Batch.objects.open("by hand"):
        edited.start, edited.end, edited.quote = source.text.index("End"), source.text.index("End") + 3, "End"
        edited.revise(None)
    steps = [(step.action, step.fate) for step in undo_steps(batch)]
    assert steps == [(Action.SET_BACK, None), *[(Action.FOLLOWS_TEXT, Fate.MOVED)] * 2]
    assert "<td>set back" in undo_page(batch)
    undo(batch)
    assert [cited_passage(follower, OLD) for follower in (claim, other)] == ["End", WEEKS]


def test_a_claim_that_follows_its_text_keeps_later_changes() -> None:
    _, claim, batch = replace_text()
    edited = reloaded(claim)
    edited.statement = "Mended"
    edited.revise(None)
    undo(batch)
    assert (cited_passage(claim, OLD), reloaded(claim).statement) == (PASSAGE, "Mended")


def test_claims_whose_offsets_are_right_in_the_old_text_stay() -> None:
    _, claim, batch = replace_text(OLD + "More.\n")
    assert [step.model for step in undo_steps(batch)] == [Source]
    undo(batch)
    assert cited_passage(claim, OLD) == PASSAGE
    assert claim.history.count() == 3


@pytest.mark.parametrize("since", ["another text", "a note"])
def test_no_claim_returns_to_offsets_of_a_text_that_is_not_restored(since) -> None:
    source, claim, batch = replace_text(MOVED.replace("quick", "slow"))
    if since == "a note":
        source.note = "New"
        source.save()
    else:
        attach(source, MOVED + "More.\n", changed=True)
    before = dump()
    conflict = "Changed since" if since == "another text" else "Its place is in a text that does not come back."
    assert f'Claim {claim.pk}: {claim} <span class="quiet">{conflict}' in undo_page(batch)
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch, skip_conflicts=True)
    assert dump() == before


@pytest.mark.parametrize(("new", "is_restored"), [(MOVED, False), (OLD + "More.\n", False), (None, True)])
def test_a_claim_is_restored_only_to_the_text_of_its_offsets(new, is_restored) -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE, state=ClaimState.DRAFT)
    with Batch.objects.open("deleted") as batch:
        claim.delete()
    if new:
        attach(source, new, changed=True)
    assert [bool(step.conflict) for step in undo_steps(batch)] == [not is_restored]
    if is_restored:
        undo(batch)
        assert cited_passage(Claim.objects.get(), OLD) == PASSAGE


def test_a_missing_text_is_restored_unless_claims_would_have_to_follow() -> None:
    source = source_with(OLD, keep=False)
    Source.history.update(text="")
    source.text = OLD
    (claim,) = claims_on(source, PASSAGE)
    attach(source, MOVED, changed=True)
    batch = Batch.objects.get()
    (other,) = claims_on(Source.objects.get(), WEEKS)
    assert {bool(step.conflict) for step in undo_steps(batch)} == {True}
    assert f"claim {other.pk} was placed in this one since" in undo_page(batch)
    Claim.objects.filter(pk=other.pk).delete()
    undo(batch)
    assert (Source.objects.get().text, reloaded(claim).start) == ("", claim.start)


def test_silent_lines_are_no_conflict_and_follow_the_text() -> None:
    source = source_with(OLD)
    source.silent = [1, 2]
    source.save()
    attach(source, "New.\n" + CHANGED, changed=True)
    batch = Batch.objects.latest("pk")
    source = Source.objects.get()
    assert source.silent == [2]
    source.silent = [1, 5]  # the new line; “End.” in place of “Intro.”
    source.save()
    assert [(step.model, step.conflict) for step in undo_steps(batch)] == [(Source, "")]
    undo(batch)
    source.refresh_from_db()
    assert (source.text, source.silent) == (OLD, [2, 4])


def test_silent_lines_stay_if_the_text_does() -> None:
    source = source_with(OLD)
    with Batch.objects.open("noted") as batch:
        source.note = "New"
        source.save()
    source.silent = [1]
    source.save()
    undo(batch)
    source.refresh_from_db()
    assert (source.note, source.silent) == ("", [1])


def test_a_preview_of_a_text_takes_as_many_queries_with_any_number_of_claims() -> None:
    costs = []
    for size in (2, 20):
        source = source_with("".join(f"Line {number} is here.\n" for number in range(size)))
        claims_on(source, *(f"Line {number} is" for number in range(size)))
        attach(source, "New.\n" + source.text, changed=True)
        claims_on(Source.objects.get(pk=source.pk), *(f"{number} is here" for number in range(size)))
        with CaptureQueriesContext(connection) as queries:
            describe(undo_steps(Batch.objects.latest("pk")))
        costs.append(len(queries))
    assert costs[0] == costs[1]
