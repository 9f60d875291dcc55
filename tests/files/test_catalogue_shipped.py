"""Loading and dumping the shipped folder. It is loaded once for this module; changes of a test are rolled back."""

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction

from comparison.files.catalogue_load import SHIPPED
from comparison.files.catalogue_rows import DECISIONS, PAIRS
from comparison.models import Check, Claim, ClaimState, Criterion, Edition, Measurement
from comparison.models.relations.history import relations_of
from tests.catalogue_files import MODELS, contents, counts, dumped, loaded, stored, write
from tests.reading import edition_number, page, row, rows

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FORMER = "former addresses of criteria"


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker) -> Iterator[str]:
    """What the command prints when it loads the shipped folder, which is there until the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("load_catalogue", stdout=out)  # the shipped folder, for none is named
        with django_db_blocker.block():
            yield out.getvalue()
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("report")]


@cache
def in_files() -> dict[str, int]:
    """How many of each kind the shipped files hold, counted without the loader."""
    read = {path.stem: yaml.load(path.read_bytes(), LOADER) for path in SHIPPED.rglob("*.yaml")}
    categories = read.pop("criteria")["categories"]
    frameworks, profiles = read.pop("frameworks")["frameworks"], read.pop("profiles")["profiles"]
    comparisons = read.pop("comparisons")["comparisons"]
    questions = read.pop("questions")["questions"]
    criteria = [criterion for category in categories for criterion in category["criteria"]]
    sources = [part for source in read.values() for part in (source, *source.get("parts", []))]
    claims = [claim for source in sources for claim in source.get("claims", [])]
    checks = [check for claim in claims for check in claim.get("checks", [])]
    counts = {
        "categories": len(categories),
        "criteria": len(criteria),
        FORMER: sum(len(criterion.get("formerly", [])) for criterion in criteria),
        PAIRS: sum(len(criterion.get("related", [])) for criterion in criteria),
        "frameworks": len(frameworks),
        "sources": len(sources),
        "claims": len(claims),
        "measurements": sum(len(source.get("results", [])) for source in sources),
        "checks": len(checks),
        DECISIONS: sum(len(check.get("decided_by", [])) for check in checks),
        "profiles": len(profiles),
        "comparisons": len(comparisons),
        "questions of the guided start": len(questions),
        "choices of the guided start": sum(len(question["choices"]) for question in questions),
        "profile weights": sum(len(profile["weights"]) for profile in profiles),
    }
    return {name: number for name, number in counts.items() if number}


def test_all_of_the_shipped_catalogue_loads(report) -> None:
    assert in_files()["claims"] >= 450
    assert counts(report) == {name: (number, 0, 0, 0) for name, number in in_files().items()}
    rows = {str(model._meta.verbose_name_plural): model.objects.count() for model in MODELS}
    rows[PAIRS] = Criterion.related.through.objects.count() // 2
    rows[DECISIONS] = Check.decided_by.through.objects.count()
    rows["measurements"] = Measurement.objects.count()
    assert {name: number for name, number in rows.items() if number} == in_files()
    noisy = Claim.objects.filter(state=ClaimState.DRAFT, state_reason__startswith="Too noisy").count()
    assert Claim.objects.published().filter(published_at__isnull=False).count() == in_files()["claims"] - noisy
    assert noisy < 10


def test_a_second_load_changes_nothing() -> None:
    before = stored()
    assert loaded(SHIPPED) == {name: (0, 0, number, 0) for name, number in in_files().items()}
    assert stored() == before


def test_a_load_makes_one_edition_with_a_summary() -> None:
    assert edition_number() == 1
    summary = Edition.objects.current().summary
    assert [f"{number} {name}" in summary for name, number in in_files().items()] == [True] * len(in_files())


def test_every_loaded_row_has_one_history_row_with_the_reason() -> None:
    for model in MODELS:
        past = model.history.order_by("id").values_list("id", "history_type", "history_change_reason")
        assert list(past) == [(row.pk, "+", "load_catalogue") for row in model.objects.order_by("pk")]
    for model in (Criterion, Check):
        rows = [row.pk for row in model.objects.all()]
        assert dict(model.history.values_list("id", "relations")) == relations_of(model, rows)


def test_a_dump_of_the_shipped_files_equals_them(tmp_path) -> None:
    dumped(tmp_path)
    assert contents(tmp_path) == contents(SHIPPED)


def more(folder: Path) -> Path:
    """A made-up catalogue: two more frameworks and one more source of claims on them, on existing criteria."""
    names = [{"slug": "gale", "name": "Gale"}, {"slug": "tern", "name": "Tern"}]
    write(folder, "frameworks.yaml", {"frameworks": names})
    values = {
        "learning-curve": {"level": -1, "statement": "Asks for patience"},
        "orm": {"support": "none", "statement": "Leaves the mapper to you"},
        "learning-time": {"low": 2, "high": "3.5", "statement": "Weeks, not months"},
        "framework-type": {"item": "Toolkit", "statement": "Is rather a toolkit"},
    }
    claims = [
        {"framework": framework["slug"], "criterion": criterion} | value
        for framework in names
        for criterion, value in values.items()
    ]
    source = {"slug": "notes", "title": "Notes of a made-up author", "kind": "independent", "claims": claims}
    write(folder, "sources/notes.yaml", source)
    return folder


def test_a_second_catalogue_does_not_change_the_first(tmp_path) -> None:
    report = loaded(more(tmp_path / "more"))
    assert (report["frameworks"], report["sources"]) == (
        (2, 0, 0, in_files()["frameworks"]),
        (1, 0, 0, in_files()["sources"]),
    )
    assert report["claims"] == (8, 0, 0, in_files()["claims"])
    dumped(tmp_path / "all")
    first, now = contents(SHIPPED), contents(tmp_path / "all")
    assert now.keys() - first.keys() == {"sources/notes.yaml"}
    assert {name for name in first if now[name] != first[name]} == {"frameworks.yaml"}


def test_four_frameworks_are_compared_without_changing_code(client, tmp_path) -> None:
    loaded(more(tmp_path))
    html = page(client, "/compare/django-vs-flask-vs-gale-vs-tern/")
    for name in ("Django", "Flask", "Gale", "Tern"):
        assert re.search(rf"<th[^>]*>.*?{name}.*?</th>", html, re.S)
    assert row(html, "learning-curve").count("Asks for patience") == 2


def test_a_second_catalogue_changes_no_row_of_the_first(client, tmp_path) -> None:
    before = page(client, "/compare/django-vs-flask/")
    loaded(more(tmp_path))
    after = page(client, "/compare/django-vs-flask/")
    assert rows(before)
    assert [row(after, slug) for slug in rows(after)] == [row(before, slug) for slug in rows(before)]
