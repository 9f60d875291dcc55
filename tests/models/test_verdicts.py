"""Stored verdicts are those of the pure functions, whatever changes, and nobody has to say what changed."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from comparison.curation.merging import merge_claims, merge_criteria
from comparison.curation.undo import undo
from comparison.evidence import State
from comparison.files.claims_csv import read_rows
from comparison.files.claims_import import Planner, store
from comparison.models import (
    CellVerdict,
    Check,
    Claim,
    ClaimState,
    Edition,
    Framework,
    NotApplicable,
    Source,
)
from comparison.models.verdicts.stored import build_missing, wrong_counts, wrong_verdicts
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.table import load_table_data
from tests.make import (
    build_claim,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_part,
    make_source,
    rebuild_verdicts,
)

pytestmark = pytest.mark.django_db


def stored_for(claim: Claim) -> CellVerdict | None:
    return CellVerdict.objects.filter(framework=claim.framework_id, criterion=claim.criterion_id).first()


def wrong() -> list[Any]:
    return [*wrong_verdicts(), *wrong_counts()]


@pytest.fixture
def cells() -> dict[str, Any]:
    """Two frameworks on two criteria with claims of four sources, as published."""
    one, two, speed, tables = make_framework("One"), make_framework("Two"), make_criterion(), make_criterion("feature")
    article, copy, vendor = make_source("Article"), make_source("Copy"), make_source("Vendor", "vendor")
    manual = make_source("Manual", "documentation")
    page = make_part(manual, "Page")
    for framework in (one, two):
        for source, level in ((article, 2), (copy, -1), (vendor, -2), (manual, 1), (page, 1)):
            make_claim(framework=framework, criterion=speed, source=source, level=level)
            support = "built-in" if level > 0 else "none"
            make_claim(framework=framework, criterion=tables, source=source, support=support)
    spare = make_claim(ClaimState.SUBMITTED, framework=two, criterion=speed, source=article, level=-2)
    empty = make_criterion(name="Empty")
    claims = Claim.objects.filter(framework=one, criterion=speed).order_by("pk")
    named = locals() | {"claim": claims[0], "other": claims[2], "check": make_check(claims[3], "outdated")}
    Edition.objects.publish("made")
    return named


def revise(claim: Claim, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(claim, name, value)
    claim.revise(None)


def save(row: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    Edition.objects.publish("changed")


def import_claims(cells: dict[str, Any]) -> None:
    text = f"source,framework,criterion,statement,level\narticle,one,{cells['empty'].slug},Says,2\n"
    list(store(Planner(None).read(read_rows(text)), None))
    claim = Claim.objects.latest("pk")
    claim.transition(ClaimState.SUBMITTED, announce=False)
    claim.transition(ClaimState.PUBLISHED)


def merge_and_undo(cells: dict[str, Any]) -> None:
    undo(merge_criteria(cells["empty"], cells["speed"]))


def publish_moved_draft(cells: dict[str, Any]) -> None:
    """A claim that is taken back, moved to another cell and published again, announced only in the end."""
    claim = cells["claim"]
    claim.transition(ClaimState.RETRACTED, reason="Wrong cell", announce=False)
    claim.transition(ClaimState.DRAFT, announce=False)
    revise(claim, criterion=cells["empty"])
    claim.transition(ClaimState.SUBMITTED, announce=False)
    claim.transition(ClaimState.PUBLISHED)


def delete_mark(cells: dict[str, Any]) -> None:
    mark = NotApplicable.objects.create(framework=cells["one"], criterion=cells["empty"], reason="It has none.")
    Edition.objects.publish("marked")
    assert stored_for(build_claim(framework=cells["one"], criterion=cells["empty"])).state == State.NOT_APPLICABLE
    mark.delete()
    Edition.objects.publish("unmarked")


def new_claim(cells: dict[str, Any]) -> None:
    make_framework("Three")
    claim = build_claim(framework=Framework.objects.get(slug="three"), criterion=cells["speed"])
    claim.save()
    claim.transition(ClaimState.SUBMITTED)
    claim.transition(ClaimState.PUBLISHED)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "claim published": lambda cells: cells["spare"].transition(ClaimState.PUBLISHED),
    "new claim published": new_claim,
    "claim retracted": lambda cells: cells["claim"].transition(ClaimState.RETRACTED, reason="Wrong"),
    "claim taken back": lambda cells: cells["claim"].transition(ClaimState.SUBMITTED, reason="Look again"),
    "level revised": lambda cells: revise(cells["claim"], level=-2),
    "moved to another criterion": lambda cells: revise(cells["claim"], criterion=cells["empty"]),
    "moved to another framework": lambda cells: revise(cells["claim"], framework=cells["two"], start=1, end=2),
    "said by another source": lambda cells: revise(cells["claim"], source=cells["vendor"], start=1, end=2),
    "published in another cell": publish_moved_draft,
    "checked": lambda cells: save(Check(claim=cells["claim"], finding="false", note="No")),
    "finding changed": lambda cells: save(cells["check"], finding="confirmed"),
    "check moved": lambda cells: save(cells["check"], claim=cells["claim"]),
    "check deleted": lambda cells: (cells["check"].delete(), Edition.objects.publish("deleted")),
    "kind of a source": lambda cells: save(cells["article"], kind="vendor"),
    "source repeats": lambda cells: save(cells["copy"], repeats=cells["article"]),
    "chain of repeats": lambda cells: (
        save(cells["vendor"], repeats=cells["copy"]),
        save(cells["copy"], repeats=cells["article"]),
        save(cells["copy"], repeats=None),
    ),
    "whole repeats": lambda cells: save(cells["manual"], repeats=cells["article"]),
    "part of a whole": lambda cells: save(cells["page"], part_of=None),
    "framework of a source": lambda cells: (
        Source.objects.filter(slug="page").update(framework=cells["two"]),  # both at once, as the admin has them
        save(cells["manual"], framework=cells["two"]),
    ),
    "not applicable": lambda cells: save(NotApplicable(framework=cells["one"], criterion=cells["speed"], reason="No")),
    "not applicable without claims": lambda cells: save(
        NotApplicable(framework=cells["one"], criterion=cells["empty"], reason="No")
    ),
    "mark deleted": delete_mark,
    "criterion renamed": lambda cells: save(cells["speed"], name="Quickness"),
    "claims merged": lambda cells: merge_claims(cells["claim"], cells["other"]),
    "criteria merged": lambda cells: merge_criteria(cells["empty"], cells["speed"]),
    "merge undone": merge_and_undo,
    "imported": import_claims,
    "framework deleted": lambda cells: (make_framework("Gone").delete(), Edition.objects.publish("deleted")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_reaches_the_stored_verdicts(cells, name) -> None:
    assert not wrong()
    CHANGES[name](cells)
    assert not wrong()
    assert CellVerdict.objects.are_current()


def test_what_is_not_public_rebuilds_nothing(cells) -> None:
    before = list(CellVerdict.objects.values_list("pk", flat=True))
    draft = build_claim(framework=cells["one"], criterion=cells["speed"])
    draft.save()
    save(cells["article"], title="Another title")
    save(cells["speed"], help_text="What belongs here.")
    assert list(CellVerdict.objects.values_list("pk", flat=True)) == before


def test_a_makers_two_sources_are_one_stored_voice(cells) -> None:
    one = Framework.objects.get(slug="one")
    manual = make_source("One’s manual", "documentation", framework=one)
    record = make_source("One’s record", "metadata", framework=one)
    rating, feature = make_criterion(), make_criterion("feature")
    for source in (manual, record):
        praise = make_claim(framework=one, criterion=rating, source=source, level=2)
        fact = make_claim(framework=one, criterion=feature, source=source, support="built-in")
    rebuild_verdicts()
    for claim, expected in ((praise, (1, 1, "one source")), (fact, (2, 6, "agreed"))):
        stored = stored_for(claim)
        assert stored is not None
        assert (stored.opinion_count, stored.weight, stored.state) == expected
    live = load_table_data([one]).table()
    loaded = load_stored_table([one])
    assert loaded is not None
    for row, other in zip(live.rows, loaded.table().rows, strict=True):
        assert row.cells[0].verdict.state == other.cells[0].verdict.state
        assert row.cells[0].verdict.is_makers_alone == other.cells[0].verdict.is_makers_alone
    Source.objects.filter(pk=record.pk).update(framework=make_framework("Three"))
    rebuild_verdicts()
    stored = stored_for(praise)
    assert stored is not None
    assert (stored.opinion_count, stored.weight) == (2, 2)


def test_a_row_names_the_edition_that_rebuilt_it(cells) -> None:
    made, other = Edition.objects.current().number, stored_for(cells["spare"])
    cells["claim"].transition(ClaimState.RETRACTED, reason="Wrong")
    assert stored_for(cells["claim"]).edition == Edition.objects.current().number
    assert (stored_for(cells["spare"]).edition, stored_for(cells["spare"]).pk) == (made, other.pk)


def test_an_edition_written_by_other_means_has_none_and_the_next_rebuilds_all(cells) -> None:
    Claim.objects.filter(pk=cells["claim"].pk).update(level=-2)  # without history
    Edition.objects.create(number=Edition.objects.current().number + 1, summary="By hand")
    assert not CellVerdict.objects.are_current()
    assert wrong()
    Edition.objects.publish("Something else")
    assert CellVerdict.objects.are_current()
    assert not wrong()


def test_missing_verdicts_are_built_once_without_another_edition(cells) -> None:
    CellVerdict.objects.all().delete()
    number = Edition.objects.current().number
    Edition.objects.update(has_verdicts=False)
    assert [build_missing(), build_missing()] == [True, False]
    assert not wrong()
    assert (Edition.objects.current().number, CellVerdict.objects.are_current()) == (number, True)


def test_shipped_verdicts_are_those_of_the_pure_functions(shipped) -> None:
    assert CellVerdict.objects.count() > 100
    assert not wrong()


def test_a_verdict_has_one_row_with_a_known_state(cells) -> None:
    row = CellVerdict.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError, match=r"verdict_once_per_cell|framework_id"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="verdict_state_known"), transaction.atomic():
        CellVerdict.objects.update(state="unsure")


# The command.


def check(*args: str) -> str:
    out = StringIO()
    call_command("check_verdicts", *args, stdout=out)
    return out.getvalue()


def test_the_command_lists_what_differs_and_mends_it(cells) -> None:
    assert "Every stored verdict is what the claims add up to." in check()
    Claim.objects.filter(pk=cells["claim"].pk).update(level=-2)
    stored_for(cells["spare"]).delete()
    out = StringIO()
    with pytest.raises(CommandError, match=r"2 verdicts differ .* check_verdicts --rebuild"):
        call_command("check_verdicts", stdout=out)
    assert re.search(rf"^One, {cells['speed']}: .*supporting_count \d → \d", out.getvalue(), re.MULTILINE)
    assert re.search(rf"^Two, {cells['speed']}: state None → disputed", out.getvalue(), re.MULTILINE)
    number = Edition.objects.current().number
    assert f"2 verdicts mended. Edition {number + 1} shows them." in check("--rebuild")
    assert "Every stored verdict is what the claims add up to." in check("--rebuild")
    assert Edition.objects.current().number == number + 1


def test_the_command_removes_a_verdict_without_claims(cells) -> None:
    CellVerdict.objects.filter(pk=stored_for(cells["spare"]).pk).update(criterion=cells["empty"])
    assert "2 verdicts mended" in check("--rebuild")
    assert not wrong()


def test_the_command_stores_verdicts_that_nobody_has_stored(cells) -> None:
    Edition.objects.update(has_verdicts=False)
    with pytest.raises(CommandError, match="not stored yet, so each page works them out"):
        check()
    assert "are stored now" in check("--rebuild")
    assert "Every stored verdict" in check()
