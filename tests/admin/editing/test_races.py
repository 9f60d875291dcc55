"""Editors at the same moment, in threads on PostgreSQL: no page breaks and no edit is lost, whoever comes first."""

import re
from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from comparison.curation.attach_text import attach
from comparison.curation.undo import undo
from comparison.files.catalogue_dump import dump
from comparison.files.catalogue_load import load
from comparison.files.claims_csv import csv_pieces, read_rows
from comparison.files.claims_import import Planner
from comparison.models import Batch, Claim, ClaimState, Criterion, Edition, Profile, ProfileWeight
from comparison.models.conflicts import tried_again
from comparison.models.optimistic_lock import current_version
from tests.admin_site import as_user, form_data, url
from tests.make import make_claim, make_criterion, make_framework, make_source
from tests.racing import PATIENCE, on_postgres, race

pytestmark = [on_postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 3  # of each race; either side may come first
Post = Callable[[], tuple[int, str]]


@pytest.fixture
def editors(db) -> tuple[Client, Client]:
    return as_user(User.objects.create_superuser("anna")), as_user(User.objects.create_superuser("bob"))


def posting(client: Client, address: str, data: dict[str, Any]) -> Post:
    def send() -> tuple[int, str]:
        response = client.post(address, data)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, content.decode()

    return send


def new_claim(client: Client, **values: Any) -> tuple[str, dict[str, Any]]:
    rows = {"criterion": make_criterion, "source": make_source, "framework": make_framework}
    keys = {name: (values.pop(name, None) or make()).pk for name, make in rows.items()}
    address = url("claim", "add")
    return address, form_data(client, address, statement="Same words", level=1, **keys, **values)


def edited(client: Client, claim: Claim, **values: Any) -> tuple[str, dict[str, Any]]:
    address = url("claim", "change", claim.pk)
    return address, form_data(client, address, **values)


def is_told(result: tuple[int, str]) -> bool:
    """Whether the form came back with the changes of others."""
    return result[0] == 200 and "changed while your form was open" in result[1]


def test_the_same_claim_sent_twice_is_stored_once_and_reported_at_the_form(editors) -> None:
    for _ in range(ROUNDS):
        address, data = new_claim(editors[0])
        results = race(*(posting(client, address, data) for client in editors))
        assert sorted(status for status, _ in results) == [200, 302]
        assert any("This source already has this claim" in html for _, html in results)
        assert Claim.objects.filter(criterion=data["criterion"]).count() == 1


def test_a_merge_of_criteria_and_publishing_their_claims_both_succeed(editors) -> None:
    anna, bob = editors
    for _ in range(ROUNDS):
        keep, gone = make_criterion(), make_criterion()
        claims = [make_claim(ClaimState.SUBMITTED, criterion=gone) for _ in range(4)]
        ids = [claim.pk for claim in claims]
        action = {"action": "publish_claims", "_selected_action": ids, "confirmed": "1"}
        merging = posting(anna, url("criterion", "merge", gone.pk), {"into": keep.pk})
        results = race(merging, posting(bob, url("claim", "changelist"), action))
        assert [status for status, _ in results] == [302, 302]
        assert Claim.objects.filter(pk__in=ids, state="published", criterion=keep).count() == 4


def test_a_merge_of_criteria_overwrites_no_edit(editors) -> None:
    anna, bob = editors
    for _ in range(ROUNDS):
        keep, gone = make_criterion(), make_criterion()
        claims = [make_claim(ClaimState.DRAFT, criterion=gone) for _ in range(4)]
        merging = posting(anna, url("criterion", "merge", gone.pk), {"into": keep.pk})
        merged, edit = race(merging, posting(bob, *edited(bob, claims[2], statement="Edited")))
        claim = Claim.objects.get(pk=claims[2].pk)
        assert merged[0] == 302
        assert claim.criterion == keep
        assert claim.statement == "Edited" if edit[0] == 302 else "was merged into" in edit[1]


def test_a_claim_on_a_criterion_that_is_merged_away_follows_it_or_is_told(editors) -> None:
    anna, bob = editors
    for _ in range(ROUNDS):
        keep, gone = make_criterion(), make_criterion()
        merging = posting(anna, url("criterion", "merge", gone.pk), {"into": keep.pk})
        _, added = race(merging, posting(bob, *new_claim(bob, criterion=gone)))
        assert keep.claims.count() == 1 if added[0] == 302 else f"was merged into “{keep}”" in added[1]


@pytest.mark.parametrize(("name", "make"), [("source", make_source), ("framework", make_framework)])
def test_a_claim_on_what_is_deleted_is_told_or_keeps_it(editors, name: str, make: Callable[[], Any]) -> None:
    anna, bob = editors
    for _ in range(ROUNDS):
        row = make()
        deleting = posting(anna, url(name, "delete", row.pk), {"post": "yes"})
        deleted, added = race(deleting, posting(bob, *new_claim(bob, **{name: row})))
        assert sorted([deleted[0], added[0]]) == [200, 302]
        assert deleted[0] == 200 or f"“{row}” was deleted (anna" in added[1]


def test_different_weights_of_a_profile_are_both_kept(editors) -> None:
    for _ in range(ROUNDS):
        profile = make_profile()
        address, saves = url("profile", "change", profile.pk), []
        for index, client in enumerate(editors):
            saves.append(posting(client, address, form_data(client, address, **{f"weights-{index}-weight": 3})))
        assert [status for status, _ in race(*saves)] == [302, 302]
        assert set(profile.weights.values_list("weight", flat=True)) == {3}


def make_profile() -> Profile:
    slug = f"p{Profile.objects.count()}"
    profile = Profile.objects.create(slug=slug, name=slug, description="d")
    for _ in range(2):
        ProfileWeight.objects.create(profile=profile, criterion=make_criterion(), weight=1)
    return profile


def test_the_same_row_added_twice_is_reported_at_the_form(editors) -> None:
    for _ in range(ROUNDS):
        profile, criterion = make_profile(), make_criterion()
        address = url("profile", "change", profile.pk)
        row = {"weights-TOTAL_FORMS": 3, "weights-2-criterion": criterion.pk, "weights-2-weight": 2}
        results = race(*(posting(client, address, form_data(client, address, **row)) for client in editors))
        assert sorted(status for status, _ in results) == [200, 302]
        assert any("The profile weighs this criterion already." in html for _, html in results)


def test_two_imports_that_cross_store_one_or_the_other(editors) -> None:
    anna, bob = editors
    claims = [make_claim(ClaimState.DRAFT, source=make_source()) for _ in range(4)]
    rows = Claim.objects.with_names()

    def importing(client: Client, order: str, words: str) -> Post:
        text = re.sub(r"Says \d+", words, "".join(csv_pieces(rows.order_by(order))))
        fingerprint = Planner(User.objects.get(username="anna")).read(read_rows(text)).fingerprint
        return posting(client, url("claim", "import"), {"text": text, "fingerprint": fingerprint, "_store": "1"})

    results = race(importing(anna, "pk", "By Anna"), importing(bob, "-pk", "By Bob"))
    assert sum("Done:" in html for _, html in results) == 1
    assert len(set(rows.filter(pk__in=[claim.pk for claim in claims]).values_list("statement", flat=True))) == 1


def test_a_new_text_overwrites_no_edit(editors) -> None:
    lines = [f"Line {number} says that it is quick.\n" for number in range(6)]
    text, bob = "".join(lines), editors[1]
    for _ in range(ROUNDS):
        source = make_source()
        attach(source, text)
        start = text.index(lines[3])
        claim = make_claim(source=source, start=start, end=start + len(lines[3]) - 1)
        edit = edited(bob, claim, statement="Edited")
        _, result = race(partial(attach, source, "New.\n" + text, changed=True), posting(bob, *edit))
        claim.refresh_from_db()
        assert claim.start == start + len("New.\n")
        assert claim.statement == "Edited" if result[0] == 302 else is_told(result)


def test_undoing_a_batch_overwrites_no_edit(editors) -> None:
    _, bob = editors
    for _ in range(ROUNDS):
        claims = [make_claim(ClaimState.SUBMITTED) for _ in range(3)]
        with Batch.objects.open("published") as batch:
            for claim in claims:
                claim.transition(ClaimState.PUBLISHED)
        edit = edited(bob, claims[1], statement="Edited")
        _, result = race(partial(undo, batch, skip_conflicts=True), posting(bob, *edit))
        assert Claim.objects.get(pk=claims[1].pk).statement == "Edited" if result[0] == 302 else is_told(result)


def test_a_check_of_a_claim_that_is_merged_goes_along_or_is_told(editors) -> None:
    anna, bob = editors
    for _ in range(ROUNDS):
        keep = make_claim()
        gone = make_claim(framework=keep.framework, criterion=keep.criterion)
        check = {"finding": "false", "note": "Not so", "evidence": "https://example.org/", "version": ""}
        check |= {"on": timezone.localdate().isoformat(), "version": str(current_version(gone))}
        merging = posting(anna, url("claim", "merge"), {"keep": keep.pk, "merge": gone.pk})
        merged, checked = race(merging, posting(bob, url("claim", "check", gone.pk), check))
        assert merged[0] == 302
        assert keep.checks.exists() if checked[0] == 302 else "It was changed since you looked." in checked[1]


def test_loading_a_catalogue_overwrites_no_edit_meanwhile(editors, tmp_path) -> None:
    anna, bob = editors
    claim, framework = make_claim(), make_framework("Alpha", tagline="In the files")
    dump(tmp_path)
    for number in range(ROUNDS):
        framework.tagline = "Old"
        framework.save()
        address = url("framework", "change", framework.pk)
        saving = posting(anna, address, form_data(anna, address, aliases=f"Name {number}"))
        editing = posting(bob, *edited(bob, claim, section=f"Section {number}"))
        _, saved, edit = race(partial(load, tmp_path), saving, editing)
        framework.refresh_from_db()
        claim.refresh_from_db()
        assert framework.tagline == "In the files"
        assert saved[0] == edit[0] == 302 or is_told(saved) or is_told(edit)
        load(tmp_path)


def test_editions_have_no_gaps_however_many_publish_at_once(editors) -> None:
    first = Edition.objects.current().number
    claims = [make_claim(ClaimState.SUBMITTED) for _ in range(4)]
    race(*(partial(claim.transition, ClaimState.PUBLISHED) for claim in claims))
    numbers = Edition.objects.filter(number__gt=first).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(first + 1, first + 5))


def test_what_the_database_ends_as_a_deadlock_is_done_once_more() -> None:
    first, second = make_criterion(), make_criterion()
    tries, met = [], Barrier(2)

    def both(rows: list[Criterion]) -> Callable[[], None]:
        @tried_again
        def change() -> None:
            tries.append(rows)
            with connection.cursor() as cursor:
                cursor.execute("SET deadlock_timeout = '20ms'")
            with transaction.atomic():
                for row in rows:
                    Criterion.objects.filter(pk=row.pk).update(order=row.order + 1)
                    if row is rows[0] and tries.count(rows) == 1:
                        met.wait(PATIENCE)

        return change

    race(both([first, second]), both([second, first]))
    assert len(tries) == 3
