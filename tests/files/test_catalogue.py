"""Loading and dumping the catalogue. What is wrong with a file is tested in test_catalogue_errors.py."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.files.catalogue_dump import selection
from comparison.files.catalogue_rows import DECISIONS, PAIRS
from comparison.models import (
    Check,
    Claim,
    ClaimState,
    Criterion,
    Edition,
    FormerCriterion,
    Measurement,
    NotApplicable,
    Profile,
    ProfileWeight,
    Source,
)
from tests.catalogue_files import MODELS, change, contents, dumped, loaded, stored, write
from tests.make import (
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_part,
    make_source,
    make_user,
)
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

FORMER = "former addresses of criteria"

# fmt: off
STRANGE = [
    "no", "true", "null", "~", "1.0", "0x10", "1_000", "2026-01-01", "12:30:45", "'quoted'", "'",
    "\"quoted\" and more", "\"", "a: b", "a:", "a #b", "#", " - x", "- x", "? x", "| x", "> x", "& x", "*x", "!x",
    "%x", "@x", "`x`", "{x: 1}", "[x]", "a, b", "<<", "=", "---", "...", "ends in a space ", "\\n and \\",
    "two\nlines", "\n  starts and ends with lines\n\n", "a\ttab", "naïve – “Łódź” 漢字 עברית", "\u00a0no-break\u00a0",
    "line\u2028separator\u2029", "\ufeffmark", "🐍👩🏽\u200d💻", "x " * 150,
]
# fmt: on


def travelled(folder: Path, make: Callable[[], Any]) -> None:
    """Has things made, dumped, undone, and loaded from the dump; then all must be what it was, and so must its dump."""
    with transaction.atomic():
        make()
        made = values()
        dumped(folder)
        transaction.set_rollback(True)
    files = contents(folder)
    assert not any(model.objects.exists() for model in MODELS)
    loaded(folder)
    assert values() == made
    dumped(folder)
    assert contents(folder) == files


def values() -> list[str]:
    """What the rows say. Which row belongs to which is seen in the dump, for ids differ from load to load."""
    return sorted(
        str({name: value for name, value in vars(row).items() if not re.search("^_|id$|_at$|_edition$", name)})
        for model in MODELS
        for row in model.objects.all()
    )


def one_statement_changed(folder: Path) -> Claim:
    """A folder with two claims of the database, one of them changed."""
    claim = make_claim(start=0, end=9, statement="Old words")
    make_claim(start=0, end=9)
    dumped(folder)
    change(folder / "sources" / f"{claim.source.slug}.yaml", "Old words", "New words")
    return claim


def test_one_changed_statement_is_one_update_with_one_edition(tmp_path) -> None:
    claim, before = one_statement_changed(tmp_path), edition_number()
    report = loaded(tmp_path)
    assert report.pop("claims") == (0, 1, 1, 0)
    assert {counts[:2] for counts in report.values()} == {(0, 0)}
    assert Claim.objects.get(pk=claim.pk).statement == "New words"
    assert edition_number() == before + 1
    assert "1 claim" in Edition.objects.current().summary


def test_an_update_is_in_the_history_with_the_reason(tmp_path) -> None:
    claim = one_statement_changed(tmp_path)
    loaded(tmp_path)
    newest = claim.history.first()
    assert (newest.history_type, newest.history_change_reason) == ("~", "load_catalogue")
    assert (newest.statement, newest.prev_record.statement) == ("New words", "Old words")


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path) -> None:
    one_statement_changed(tmp_path)
    before, out = stored(), StringIO()
    call_command("load_catalogue", tmp_path, "--dry-run", stdout=out)
    assert "claims: 0 created, 1 updated, 1 unchanged\n" in out.getvalue()
    assert out.getvalue().endswith("Dry run: nothing was changed.\n")
    assert stored() == before


def test_a_claim_without_offsets_is_recognized_by_its_statement(tmp_path) -> None:
    claim = make_claim(statement="Old words")
    dumped(tmp_path)
    change(tmp_path / "sources" / f"{claim.source.slug}.yaml", "Old words", "New words")
    assert loaded(tmp_path)["claims"] == (1, 0, 0, 1)
    assert set(Claim.objects.values_list("statement", flat=True)) == {"Old words", "New words"}


def test_rows_that_the_files_do_not_mention_stay_and_are_counted(tmp_path) -> None:
    other = make_claim(statement="Typed in by hand")
    write(tmp_path, "frameworks.yaml", {"frameworks": [{"slug": "new", "name": "New"}]})
    claim = {"framework": "new", "criterion": other.criterion.slug, "statement": "s", "level": 1}
    write(tmp_path, "sources/mine.yaml", {"slug": "mine", "title": "Mine", "kind": "vendor", "claims": [claim]})
    assert loaded(tmp_path) == {"frameworks": (1, 0, 0, 1), "sources": (1, 0, 0, 1), "claims": (1, 0, 0, 1)}
    assert Claim.objects.get(pk=other.pk).statement == "Typed in by hand"


def report_of(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_catalogue", folder, stdout=out, **options)
    return out.getvalue()


def test_claims_that_vanished_from_the_files_are_named_and_retracted_on_demand(tmp_path) -> None:
    criterion, framework = make_criterion(), make_framework("Known")
    cell = {"framework": "known", "criterion": criterion.slug, "level": 1}
    claims = [{**cell, "statement": statement} for statement in ("Stays", "Goes", "Was edited")]
    source = {"slug": "mine", "title": "Mine", "kind": "vendor"}
    write(tmp_path, "sources/mine.yaml", {**source, "claims": claims})
    assert "earlier catalogue" not in report_of(tmp_path)
    edited = Claim.objects.get(statement="Was edited")
    edited.quote = "With a curator’s quote"
    edited.revise(make_user("Editor", is_superuser=True))
    make_claim(framework=framework, criterion=criterion, source=Source.objects.get(), statement="Typed in by hand")
    write(tmp_path, "sources/mine.yaml", {**source, "claims": claims[:1]})
    report = report_of(tmp_path)
    assert "1 claim of an earlier catalogue is no longer in the files, but still published and counted." in report
    assert f"  mine/known/{criterion.slug}: Goes\n" in report
    assert "edited" not in report
    assert "hand" not in report
    assert Claim.objects.published().count() == 4
    report_of(tmp_path, retract_vanished=True, dry_run=True)
    assert Claim.objects.published().count() == 4
    number = edition_number()
    assert "1 claim of an earlier catalogue retracted, since the files no longer hold it:" in report_of(
        tmp_path, retract_vanished=True
    )
    gone = Claim.objects.get(statement="Goes")
    assert (gone.state, gone.state_reason) == (ClaimState.RETRACTED.value, "No longer in the catalogue")
    assert gone.updated_edition == edition_number() == number + 1
    assert Edition.objects.current().summary == "Catalogue loaded: 1 claim retracted"
    assert "earlier catalogue" not in report_of(tmp_path)


def source_with_text() -> Source:
    source = make_source("Told")
    source.set_text("Nobody may read this. Nor that.")
    source.save()
    return source


def test_a_text_is_never_dumped(tmp_path) -> None:
    source = source_with_text()
    claim = make_claim(source=source, start=0, end=21, quote="Nobody may read this.")
    make_claim(source=source, framework=claim.framework, criterion=claim.criterion, start=22, end=31)
    dumped(tmp_path)
    written = (tmp_path / "sources" / "told.yaml").read_text()
    assert source.text_sha256 in written
    assert not re.search(r"Nobody|Nor that|\b(text|quote):", written)
    assert loaded(tmp_path)["claims"] == (0, 0, 2, 0)
    assert Claim.objects.get(pk=claim.pk).quote == "Nobody may read this."
    assert Source.objects.get(pk=source.pk).text == "Nobody may read this. Nor that."


def test_a_dump_takes_equally_many_queries_at_any_size(tmp_path) -> None:
    costs = []
    for size in (3, 20):
        for number in range(size):
            claim = make_claim()
            make_check(claim)
            criterion = make_criterion()
            criterion.related.add(claim.criterion)
            criterion.former.create(slug=f"former-{size}-{number}")
            make_source(kind="documentation", framework=claim.framework)
            claim.framework.not_applicable.create(criterion=criterion, reason="It has none.")
            profile = Profile.objects.create(slug=f"p{size}-{number}", name=f"P{size} {number}", description="d")
            profile.weights.create(criterion=claim.criterion, weight=1)
        with CaptureQueriesContext(connection) as executed:
            dumped(tmp_path)
        costs.append(len(executed))
        with CaptureQueriesContext(connection) as executed:
            assert len(selection(Claim.objects.all())) == Claim.objects.count()
        costs.append(len(executed))
    assert costs[:2] == costs[2:]


def test_a_typed_quote_is_dumped(tmp_path) -> None:
    make_claim(source=source_with_text(), start=0, end=6, quote="Somebody said so")
    dumped(tmp_path)
    assert "quote: Somebody said so\n" in (tmp_path / "sources" / "told.yaml").read_text()
    assert loaded(tmp_path)["claims"] == (0, 0, 1, 0)


def test_a_quote_from_the_text_changes_with_its_offsets(tmp_path) -> None:
    make_claim(source=source_with_text(), start=0, end=6, quote="Nobody")
    dumped(tmp_path)
    change(tmp_path / "sources" / "told.yaml", "end: 6", "end: 10")
    loaded(tmp_path)
    dumped(tmp_path)
    assert "quote:" not in (tmp_path / "sources" / "told.yaml").read_text()


@pytest.mark.parametrize("state", ClaimState)
def test_the_state_of_a_claim_is_dumped_and_loaded(state: ClaimState, tmp_path) -> None:
    travelled(tmp_path, lambda: make_claim(state))
    claim = Claim.objects.get()
    assert claim.state == state
    assert claim.state_reason == ("because" if state in (ClaimState.REJECTED, ClaimState.RETRACTED) else "")
    assert bool(claim.published_at) == (state is ClaimState.PUBLISHED)


def test_checks_are_dumped_and_loaded(tmp_path) -> None:
    def make() -> None:
        claim = make_claim()
        make_check(claim, on=date(2026, 3, 2), evidence="https://example.org/a#b")
        make_check(claim, "misleading", on=date(2026, 3, 1), note="no")

    travelled(tmp_path, make)
    assert list(Check.objects.values_list("finding", "note", "evidence", "on")) == [
        ("misleading", "no", "", date(2026, 3, 1)),
        ("false", "Seen otherwise.", "https://example.org/a#b", date(2026, 3, 2)),
    ]
    assert loaded(tmp_path)["checks"] == (0, 0, 2, 0)


def test_a_source_that_repeats_another_is_dumped_and_loaded(tmp_path) -> None:
    # The repeated source comes later in the alphabet, and so later among the files.
    travelled(tmp_path, lambda: make_source("A copy", repeats=make_source("The first")))
    assert Source.objects.get(slug="a-copy").repeats == Source.objects.get(slug="the-first")
    assert loaded(tmp_path)["sources"] == (0, 0, 2, 0)


@pytest.mark.parametrize("repeats", [False, True])
def test_a_change_of_what_a_source_repeats_is_an_update_with_an_edition(repeats: bool, tmp_path) -> None:
    first = make_source("B")
    make_source("A", repeats=first if repeats else None)
    dumped(tmp_path)
    change(tmp_path / "sources" / "a.yaml", *("repeats: b\n", "") if repeats else ("\ntitle", "\nrepeats: b\ntitle"))
    report = loaded(tmp_path)
    assert Source.objects.get(slug="a").repeats == (None if repeats else first)
    assert (report["sources"], edition_number()) == ((0, 1, 1, 0), 1)


@pytest.mark.parametrize(("copy", "first"), [("A", "B"), ("B", "A")])
def test_copy_and_original_can_swap_roles(copy: str, first: str, tmp_path) -> None:
    make_source(copy, repeats=make_source(first))
    dumped(tmp_path)
    change(tmp_path / "sources" / f"{copy.lower()}.yaml", f"repeats: {first.lower()}\n", "")
    change(tmp_path / "sources" / f"{first.lower()}.yaml", "\ntitle", f"\nrepeats: {copy.lower()}\ntitle")
    loaded(tmp_path)
    assert list(Source.objects.filter(repeats__isnull=False).values_list("title", "repeats__title")) == [(first, copy)]


def test_related_criteria_are_dumped_once_and_loaded(tmp_path) -> None:
    def make() -> None:
        cherry, apple, banana = (make_criterion(name=name) for name in ("Cherry", "Apple", "Banana"))
        apple.related.add(cherry, banana)
        cherry.related.add(banana)

    travelled(tmp_path, make)
    criteria = {criterion["slug"]: criterion for criterion in criteria_in(tmp_path)}
    related = {slug: criterion.get("related") for slug, criterion in criteria.items()}
    assert related == {"apple": ["banana", "cherry"], "banana": ["cherry"], "cherry": None}
    assert related_slugs("cherry") == ["apple", "banana"]
    assert loaded(tmp_path)[PAIRS] == (0, 0, 3, 0)


def test_either_criterion_may_name_the_other(tmp_path) -> None:
    make_criterion(name="Apple").related.add(make_criterion(name="Banana"))
    dumped(tmp_path)
    change(tmp_path / "criteria.yaml", "    related:\n    - banana\n", "")
    change(tmp_path / "criteria.yaml", "  - slug: banana\n", "  - slug: banana\n    related: [apple]\n")
    assert loaded(tmp_path)[PAIRS] == (0, 0, 1, 0)


def test_a_new_pair_of_related_criteria_makes_an_edition_and_others_stay(tmp_path) -> None:
    first, second = make_criterion(name="Apple"), make_criterion(name="Banana")
    dumped(tmp_path)
    first.related.add(make_criterion(name="Cherry"))
    change(tmp_path / "criteria.yaml", "  - slug: banana\n", "  - slug: banana\n    related: [apple]\n")
    assert loaded(tmp_path)[PAIRS] == (1, 0, 0, 1)
    assert related_slugs("apple") == [second.slug, "cherry"]
    assert (edition_number(), Edition.objects.current().summary) == (1, f"Catalogue loaded: 1 {PAIRS}")
    assert loaded(tmp_path)[PAIRS] == (0, 0, 1, 1)
    assert edition_number() == 1


def test_former_criteria_are_dumped_and_loaded(client, tmp_path) -> None:
    def make() -> None:
        criterion = make_criterion(name="Apple")
        for slug in ("pear", "fig"):
            FormerCriterion.objects.create(slug=slug, criterion=criterion)

    travelled(tmp_path, make)
    assert [criterion["formerly"] for criterion in criteria_in(tmp_path)] == [["fig", "pear"]]
    assert client.get("/criteria/fig/").headers["Location"] == "/criteria/apple/"
    assert loaded(tmp_path)[FORMER] == (0, 0, 2, 0)


def test_a_former_criterion_may_come_to_lead_elsewhere(tmp_path) -> None:
    former = FormerCriterion.objects.create(slug="fig", criterion=make_criterion(name="Apple"))
    make_criterion(name="Banana")
    dumped(tmp_path)
    change(tmp_path / "criteria.yaml", "    formerly:\n    - fig\n", "")
    change(tmp_path / "criteria.yaml", "  - slug: banana\n", "  - slug: banana\n    formerly: [fig]\n")
    assert loaded(tmp_path)[FORMER] == (0, 1, 0, 0)
    former.refresh_from_db()
    assert (former.criterion.slug, former.history.first().history_change_reason) == ("banana", "load_catalogue")


def test_parts_with_claims_and_measurements_are_dumped_and_loaded(tmp_path) -> None:
    def make() -> None:
        framework = make_framework("One")
        fields = {"framework": framework, "framework_version": "5.2", "text_licence": "MIT", "publisher": "Makers"}
        distribution = {"distribution": "one-5.2.tar.gz", "distribution_sha256": "0" * 64}
        whole = make_source("Docs", "documentation", **fields, **distribution)
        page = make_part(whole, "Docs forms", file="docs/forms.txt", text_sha256="1" * 64, text_length=9, **fields)
        make_claim(framework=framework, source=page, start=0, end=9)
        make_claim(source=page)
        run = make_source("Run", "measurement", run={"rounds": 3, "machine": {"cores": "2"}, "versions": {"one": "5"}})
        part = make_part(run, "Run json", experiment="json")
        for values in ({"samples": [9.5, 10, 11.25]}, {"is_noisy": True, "unit": "MB", "samples": []}):
            make_measurement(part=part, framework=framework, variant=f"variant {len(values)}", **values)
        for values in ({"outcome": "none", "detail": "Nothing answered."}, {"failure": "It did not start: 1"}):
            nothing = {"median": None, "low": None, "high": None, "unit": "", "samples": []}
            make_measurement(part=part, framework=make_framework(), **nothing | values)

    travelled(tmp_path, make)
    assert sorted(path.name for path in (tmp_path / "sources").iterdir() if "source" not in path.name) == [
        "docs.yaml",
        "run.yaml",
    ]
    page = Source.objects.get(slug="docs-forms")
    assert (page.part_of.slug, page.framework.slug, page.framework_version) == ("docs", "one", "5.2")
    assert page.claims.filter(framework=page.framework).exists()
    assert list(Measurement.objects.filter(unit="ms").values_list("samples", flat=True)) == [[9.5, 10, 11.25]]
    counts = loaded(tmp_path)
    assert counts["measurements"] == (0, 0, 4, 0)
    assert counts["sources"] == (0, 0, 4, 0)
    change(tmp_path / "sources" / "docs.yaml", "publisher: Makers", "publisher: Others")
    assert loaded(tmp_path)["sources"] == (0, 2, 2, 0)  # parts have the publisher of their whole


def test_a_part_may_be_of_another_version_than_its_whole(tmp_path) -> None:
    framework = make_framework("One")
    whole = make_source("Docs", "documentation", framework=framework, framework_version="5.2")
    for title, version in (("Docs forms", "5.2"), ("Docs help", "6.0")):
        make_part(whole, title, framework=framework, framework_version=version)
    dumped(tmp_path)
    Source.objects.filter(part_of=whole).update(framework_version="")
    loaded(tmp_path)
    versions = dict(Source.objects.filter(part_of=whole).values_list("slug", "framework_version"))
    assert versions == {"docs-forms": "5.2", "docs-help": "6.0"}
    assert (tmp_path / "sources" / "docs.yaml").read_text(encoding="utf-8").count("version: ") == 2


def test_what_decides_a_check_is_dumped_and_loaded(tmp_path) -> None:
    def make() -> None:
        checked = make_claim()
        whole = make_source("Docs", "documentation")
        cell = {"framework": checked.framework, "criterion": checked.criterion, "source": make_part(whole, "Docs a")}
        claims = [make_claim(start=start, end=9, **cell) for start in (3, 5)]
        make_check(checked).decided_by.set([*claims, make_claim(source=make_part(whole, "Docs b"))])

    travelled(tmp_path, make)
    (check,) = Check.objects.all()
    assert sorted(claim.source.slug for claim in check.decided_by.all()) == ["docs-a", "docs-a", "docs-b"]
    assert loaded(tmp_path)[DECISIONS] == (0, 0, 3, 0)


def test_the_framework_of_a_source_is_dumped_and_loaded(tmp_path) -> None:
    travelled(tmp_path, lambda: make_source("Docs", "metadata", framework=make_framework("One")))
    assert "framework: one\n" in (tmp_path / "sources" / "docs.yaml").read_text()
    source = Source.objects.get()
    assert (source.kind, source.framework.slug) == ("metadata", "one")
    assert loaded(tmp_path)["sources"] == (0, 0, 1, 0)
    change(tmp_path / "sources" / "docs.yaml", "framework: one\n", "")
    assert loaded(tmp_path)["sources"] == (0, 1, 0, 0)
    assert Source.objects.get().framework is None


def criteria_in(folder: Path) -> list[dict[str, Any]]:
    categories = yaml.safe_load((folder / "criteria.yaml").read_text(encoding="utf-8"))["categories"]
    return [criterion for category in categories for criterion in category["criteria"]]


def related_slugs(slug: str) -> list[str]:
    return sorted(criterion.slug for criterion in Criterion.objects.get(slug=slug).related.all())


def test_not_applicable_criteria_are_dumped_and_loaded(tmp_path) -> None:
    def make() -> None:
        NotApplicable.objects.create(framework=make_framework(), criterion=make_criterion(), reason="It has none: #1")

    travelled(tmp_path, make)
    assert NotApplicable.objects.get().reason == "It has none: #1"
    assert loaded(tmp_path)["not applicable"] == (0, 0, 1, 0)


def test_every_field_is_dumped_and_loaded(tmp_path) -> None:
    values_by_kind: dict[str, dict[str, Any]] = {
        "rating": {"level": 0},
        "fit": {"level": -2},
        "feature": {"support": "none"},
        "figure": {"low": 0, "high": Decimal("12.3456")},
        "list": {"item": "no"},
    }
    day, link = date(2026, 1, 2), "https://example.org/?a=b#c"

    def make() -> None:
        framework = make_framework(
            tagline="t", homepage=link, repository=link, licence="MIT", first_release_year=1999, aliases="no\n1.0"
        )
        text = {"text_sha256": "0" * 64, "text_length": 9, "language": "pt-BR", "note": "null"}
        source = make_source(publisher="no", author="1.0", address=link, published=day, accessed=day, **text)
        profile = Profile.objects.create(slug="p", name="1.0", description="null", order=7)
        profile.exclusions.create(framework=framework, reason="no")
        for kind, value in values_by_kind.items():
            criterion = make_criterion(kind, help_text="Two\nlines", synonyms="yes\noff", order=3)
            value |= {"framework": framework, "criterion": criterion, "source": source}
            make_claim(version_range=">=4.2,<5", **value)
            make_claim(section="§ 1", start=0, end=9, quote="q", **value)
            if kind != "list":
                ProfileWeight.objects.create(profile=profile, criterion=criterion, weight=3, must_have=kind == "fit")

    travelled(tmp_path, make)
    assert Claim.objects.count() == 10


@pytest.mark.parametrize("text", STRANGE)
def test_a_strange_text_is_dumped_and_loaded(text: str, tmp_path) -> None:
    travelled(tmp_path, lambda: make_claim(criterion=make_criterion("list"), statement=text, item=text[:100]))
    assert Claim.objects.get().statement == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=300).filter(str.strip))
@settings(max_examples=30)
def test_any_statement_is_dumped_and_loaded(statement: str) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        travelled(Path(folder), lambda: make_claim(statement=statement))
        assert Claim.objects.get().statement == statement
        transaction.set_rollback(True)


@pytest.mark.parametrize("aliases", ["One\r\nTwo", "One\n\nTwo", "One\n  \nTwo", "One\u2028Two"])
def test_aliases_as_an_editor_may_type_them_are_dumped_and_loaded(aliases: str, tmp_path) -> None:
    framework = make_framework(aliases=aliases)
    framework.full_clean()
    framework.save()
    dumped(tmp_path)
    assert loaded(tmp_path)["frameworks"] == (0, 0, 1, 0)
