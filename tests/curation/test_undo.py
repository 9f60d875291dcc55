from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.admin.batches import told
from comparison.curation.attach_text import attach
from comparison.curation.merging import merge_claims, merge_criteria
from comparison.curation.undo import steps, undo
from comparison.curation.undo_rows import touched
from comparison.files.claims_csv import read_rows, written
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
    number = edition_number()
    (step,) = steps(batch)
    assert told([step])[0].changes == [("Statement", "New", "Old")]
    undo(batch)
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition_number()) == ("Old", "published", number + 1)
    assert claim.history.first().history_change_reason == f"undoes batch {batch.pk}"


def test_published_claims_of_an_import_are_retracted_not_deleted() -> None:
    batch = imported(rows(3))
    public, waiting, draft = Claim.objects.order_by("pk")
    public.transition(ClaimState.SUBMITTED)
    public.transition(ClaimState.PUBLISHED)
    waiting.transition(ClaimState.SUBMITTED)
    assert [(step.act, step.conflict) for step in steps(batch)] == [("retracted", ""), ("deleted", ""), ("deleted", "")]
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
def test_what_was_decided_against_since_stays(to) -> None:
    batch = imported(rows(1))
    claim = Claim.objects.get()
    for step in (ClaimState.SUBMITTED, *([ClaimState.PUBLISHED] if to is ClaimState.RETRACTED else []), to):
        claim.transition(step, reason="Not so")
    assert "Changed since by a command (state, state reason" in steps(batch)[0].conflict
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch, the_rest=True)


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


def test_a_merge_of_criteria_is_undone_and_done_again_with_its_addresses() -> None:
    keep, gone, _ = make_mergeable_criteria()
    last = make_criterion(name="Last")
    editor = make_user("Editor")
    first = merge_criteria(keep, gone, editor)
    merged_state, addresses = dump(), former()
    assert addresses == {"ease-of-learning": keep.slug, "older": keep.slug}
    back = undo(first, editor)
    assert former() == {"older": gone.slug}
    undo(back, editor)
    assert (dump(), former()) == (merged_state, addresses)
    undo(merge_criteria(last, Criterion.objects.get(slug=keep.slug), editor), editor)
    assert (dump(), former()) == (merged_state, addresses)


def former() -> dict[str, str]:
    return dict(FormerCriterion.objects.values_list("slug", "criterion__slug"))


def test_what_others_changed_since_stays_and_is_named() -> None:
    batch = imported(rows(2))
    first, second = Claim.objects.order_by("pk")
    editor = make_user("Editor")
    first.statement = "Mended"
    first.revise(editor)
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    undo(batch, the_rest=True)
    assert [one.statement for one in Claim.objects.all()] == ["Mended"]
    assert not Claim.objects.filter(pk=second.pk).exists()


def test_what_something_rests_on_stays() -> None:
    batch = imported(rows(2))
    check = make_check(Claim.objects.order_by("pk").first())
    assert [step.conflict for step in steps(batch)] == [f"Check {check.pk} rests on it.", ""]
    with pytest.raises(ValidationError, match="1 row was changed since"):
        undo(batch)
    assert Claim.objects.count() == 2
    undo(batch, the_rest=True)
    assert list(Claim.objects.values_list("pk", flat=True)) == [check.claim_id]


def test_what_the_batch_itself_rests_on_it_goes_with_it() -> None:
    with Batch.objects.of("everything") as batch:
        make_check(make_claim(ClaimState.DRAFT))
    assert not [step for step in steps(batch) if step.conflict]
    undone = undo(batch)
    assert not Claim.objects.exists()
    undo(undone)
    assert Check.objects.get().claim == Claim.objects.get()


def test_nothing_is_undone_twice() -> None:
    batch = imported(rows(2))
    undo(batch)
    with pytest.raises(ValidationError, match="undone already"):
        undo(batch)
    assert Batch.objects.count() == 2


def test_batches_are_undone_one_after_the_other() -> None:
    """A row that changed since and was set back is as the earlier batch left it."""
    text = rows()
    before = dump()
    first = imported(text)
    second = imported(text.replace("Says", "Told").replace(",1\n", ",2\n"))
    claims = Claim.objects.select_related("source", "framework", "criterion")
    third = imported("".join(written(claims)).replace("Says", "Said"))
    assert [bool(step.conflict) for step in steps(first)] == [True, True]
    undo(third)
    undo(second)
    undo(first)
    assert dump() == before


def test_claims_of_the_same_words_keep_out_of_each_others_way() -> None:
    """Without their places two claims of one cell with the same words would be one."""
    first = make_claim(statement="Same", start=1, end=5)
    cell = {"framework": first.framework, "criterion": first.criterion, "source": first.source}
    second = make_claim(statement="Same", start=11, end=15, **cell)
    before = dump()
    with Batch.objects.of("changed places") as batch:
        Claim.objects.filter(pk=first.pk).update(start=100, end=101)
        for claim, start in ((second, 1), (first, 11)):
            claim.start, claim.end = start, start + 4
            claim.revise(None, announce=False)
    assert dump() != before
    undo(batch)
    assert dump() == before


def test_an_old_place_that_another_row_took_is_named() -> None:
    claim = make_claim(start=1, end=5)
    with Batch.objects.of("moved") as batch:
        claim.start, claim.end = 11, 15
        claim.revise(None)
    make_claim(framework=claim.framework, criterion=claim.criterion, source=claim.source, start=1, end=5)
    with pytest.raises(ValidationError, match=f"another row has the place of Claim {claim.pk}"):
        undo(batch)
    claim.refresh_from_db()
    assert (claim.start, Batch.objects.count()) == (11, 1)


def test_what_spoke_of_a_row_that_is_gone_stays_gone() -> None:
    claim = make_claim(ClaimState.DRAFT)
    check = make_check(claim)
    with Batch.objects.of("deleted") as batch:
        check.delete()
    claim.delete()
    with pytest.raises(ValidationError, match="rows that are gone by now"):
        undo(batch)
    assert not Check.objects.exists()


def test_what_history_leaves_out_stays_what_it_is() -> None:
    source, claim = make_source(), make_claim(ClaimState.RETRACTED)
    source.keep_text("Some words " * 30)
    source.save()
    claim.refresh_from_db()
    kept = (source.sketch, claim.updated_edition)
    with Batch.objects.of("changed") as batch:
        claim.transition(ClaimState.DRAFT)
        source.note = "New"
        source.save()
    undone = undo(batch)
    source.refresh_from_db()
    claim.refresh_from_db()
    assert kept[0]
    assert (source.note, source.sketch, claim.updated_edition) == ("", *kept)
    with Batch.objects.of("deleted") as batch:
        source.delete()
    undo(batch)
    assert Source.objects.get(slug=source.slug).sketch == kept[0]
    assert undone.undoes_id


def test_every_kind_with_history_is_undone() -> None:
    kept = {one for one in apps.get_app_config("comparison").get_models() if hasattr(one, "history")}
    assert set(touched()) == kept
    place = {model: number for number, model in enumerate(touched())}
    for model in touched():
        for field in model._meta.concrete_fields:
            if field.related_model in place:
                assert place[field.related_model] <= place[model], field


def test_looking_costs_the_same_at_any_size() -> None:
    costs = []
    for size in (2, 60):
        with Batch.objects.of("many") as batch:
            for _ in range(size):
                make_check(make_claim(ClaimState.DRAFT))
        with Batch.objects.of("changed") as second:
            for claim in Claim.objects.all():
                claim.transition(ClaimState.SUBMITTED)
        with CaptureQueriesContext(connection) as found:
            told(steps(batch))
            told(steps(second))
        costs.append(len(found))
        undo(second)
        undo(batch)
    assert costs[0] == costs[1] <= 60


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
    with Batch.objects.of("renamed", author) as other:
        make_framework()
    with pytest.raises(PermissionDenied):
        undo(other, make_user("Reviewer"))
    undo(batch, author)
    assert not Claim.objects.filter(statement="Says 0").exists()


def test_the_page_shows_what_goes_back_before_it_does() -> None:
    reviewer = make_user("Reviewer")
    claim = make_claim(statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    batch = imported(text.replace("Old", "New"), reviewer)
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


def test_the_page_tells_names_in_place_of_numbers() -> None:
    keep, gone, _ = make_mergeable_criteria()
    merge_criteria(keep, gone)
    client = as_user(make_user("Editor"))
    html = client.get(f"/admin/comparison/batch/{Batch.objects.get().pk}/undo/").content.decode()
    assert "<strong>Criterion:</strong>" in html
    assert "brought back" in html
    assert f"Criterion {gone.pk}: {gone}" not in html or gone.name in html


def test_the_rest_is_undone_from_the_page() -> None:
    reviewer = make_user("Reviewer")
    batch = imported(rows(2), reviewer)
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


def captured(new: str = MOVED) -> tuple[Source, Claim, Batch]:
    """A source of which a new text was stored, with a published claim that was placed in the old one."""
    (claim,) = claims_on(source_with(OLD), PASSAGE)
    attach(claim.source, new, changed=True)
    return Source.objects.get(), claim, Batch.objects.latest("pk")


def page_of(batch: Batch) -> str:
    return as_user(make_user("Editor")).get(f"/admin/comparison/batch/{batch.pk}/undo/").content.decode()


@pytest.mark.parametrize("state", [ClaimState.DRAFT, ClaimState.PUBLISHED])
def test_claims_placed_in_a_new_text_follow_it_back(state) -> None:
    source, claim, batch = captured("A line that is new.\n" + OLD.replace("some", "many"))
    passages = ("A line that is new", PASSAGE, "Omega takes many weeks", "End")
    gone, moved, changed, end = claims_on(source, *passages, state=state)
    states = [ClaimState.SUBMITTED if state is ClaimState.PUBLISHED else state] * 2 + [state] * 2
    html = page_of(batch)
    for one, fate in ((gone, "gone"), (moved, "moved"), (changed, "changed"), (end, "moved")):
        assert f"Claim {one.pk}: {one}</th><td>follows the text, in which its passage is {fate}" in html
    before = dump()
    undone = undo(batch, make_user("Editor"))
    assert Source.objects.get(pk=source.pk).text == OLD
    assert [cited_passage(one, OLD) for one in (claim, moved, changed, end)] == [PASSAGE, PASSAGE, WEEKS, "End"]
    assert (reloaded(gone).start, reloaded(gone).quote) == (None, "A line that is new")
    assert [reloaded(one).state for one in (gone, changed, moved, end)] == states
    assert reloaded(gone).history.first().history_batch == undone.pk
    undo(undone)
    assert dump() == before


def test_claims_of_one_cell_follow_a_text_past_each_other() -> None:
    source, claim, batch = captured()
    here = reloaded(claim)
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    (other,) = claims_on(source, WEEKS, **cell)
    with Batch.objects.of("by hand"):
        here.start, here.end, here.quote = source.text.index("End"), source.text.index("End") + 3, "End"
        here.revise(None)
    assert [step.act for step in steps(batch)] == ["set back", *["follows the text, in which its passage is moved"] * 2]
    undo(batch)
    assert [cited_passage(one, OLD) for one in (claim, other)] == ["End", WEEKS]


def test_what_was_changed_in_a_claim_since_stays_as_it_follows_its_text() -> None:
    _, claim, batch = captured()
    edited = reloaded(claim)
    edited.statement = "Mended"
    edited.revise(None)
    undo(batch)
    assert (cited_passage(claim, OLD), reloaded(claim).statement) == (PASSAGE, "Mended")


def test_claims_whose_places_are_of_the_old_text_stay_there() -> None:
    _, claim, batch = captured(OLD + "More.\n")
    assert [step.model for step in steps(batch)] == [Source]
    undo(batch)
    assert cited_passage(claim, OLD) == PASSAGE
    assert claim.history.count() == 3


@pytest.mark.parametrize("since", ["another text", "a note"])
def test_no_claim_goes_back_to_a_place_in_a_text_that_stays(since) -> None:
    source, claim, batch = captured(MOVED.replace("quick", "slow"))
    if since == "a note":
        source.note = "New"
        source.save()
    else:
        attach(source, MOVED + "More.\n", changed=True)
    before = dump()
    why = "Changed since" if since == "another text" else "Its place is in a text that does not come back."
    assert f'Claim {claim.pk}: {claim} <span class="quiet">{why}' in page_of(batch)
    with pytest.raises(ValidationError, match="nothing left to undo"):
        undo(batch, the_rest=True)
    assert dump() == before


@pytest.mark.parametrize(("new", "comes"), [(MOVED, False), (OLD + "More.\n", False), (None, True)])
def test_a_claim_comes_back_only_to_the_text_it_was_placed_in(new, comes) -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE, state=ClaimState.DRAFT)
    with Batch.objects.of("deleted") as batch:
        claim.delete()
    if new:
        attach(source, new, changed=True)
    assert [bool(step.conflict) for step in steps(batch)] == [not comes]
    if comes:
        undo(batch)
        assert cited_passage(Claim.objects.get(), OLD) == PASSAGE


def test_a_text_that_is_not_held_comes_back_unless_claims_would_have_to_follow() -> None:
    source = source_with(OLD, keep=False)
    Source.history.update(text="")
    source.text = OLD
    (claim,) = claims_on(source, PASSAGE)
    attach(source, MOVED, changed=True)
    batch = Batch.objects.get()
    (other,) = claims_on(Source.objects.get(), WEEKS)
    assert {bool(step.conflict) for step in steps(batch)} == {True}
    assert f"claim {other.pk} was placed in this one since" in page_of(batch)
    Claim.objects.filter(pk=other.pk).delete()
    undo(batch)
    assert (Source.objects.get().text, reloaded(claim).start) == ("", claim.start)


def test_lines_without_claims_are_no_obstacle_and_go_along() -> None:
    source = source_with(OLD)
    source.silent = [1, 2]
    source.save()
    attach(source, "New.\n" + CHANGED, changed=True)
    batch = Batch.objects.latest("pk")
    source = Source.objects.get()
    assert source.silent == [2]
    source.silent = [1, 5]  # the new line; “End.” in place of “Intro.”
    source.save()
    assert [(step.model, step.conflict) for step in steps(batch)] == [(Source, "")]
    undo(batch)
    source.refresh_from_db()
    assert (source.text, source.silent) == (OLD, [2, 4])


def test_lines_without_claims_stay_as_they_are_where_the_text_does() -> None:
    source = source_with(OLD)
    with Batch.objects.of("noted") as batch:
        source.note = "New"
        source.save()
    source.silent = [1]
    source.save()
    undo(batch)
    source.refresh_from_db()
    assert (source.note, source.silent) == ("", [1])


def test_looking_at_a_new_text_costs_the_same_at_any_number_of_claims() -> None:
    costs = []
    for size in (2, 20):
        source = source_with("".join(f"Line {number} is here.\n" for number in range(size)))
        claims_on(source, *(f"Line {number} is" for number in range(size)))
        attach(source, "New.\n" + source.text, changed=True)
        claims_on(Source.objects.get(pk=source.pk), *(f"{number} is here" for number in range(size)))
        with CaptureQueriesContext(connection) as found:
            told(steps(Batch.objects.latest("pk")))
        costs.append(len(found))
    assert costs[0] == costs[1]
