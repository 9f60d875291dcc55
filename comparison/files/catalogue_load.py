"""Loads the catalogue from files: one per source, and frameworks, criteria and profiles.

All or nothing, and it may be repeated; what the files do not mention stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from comparison.evidence import Finding, Kind, SourceKind, Support
from comparison.files.yaml_entries import CatalogueError, Entry, Problem, read_file
from comparison.models import (
    Category,
    Check,
    Claim,
    ClaimState,
    Criterion,
    FormerCriterion,
    Framework,
    NotApplicable,
    Profile,
    ProfileWeight,
    Source,
    sign,
)
from comparison.models.claims import MAX_QUOTE_LENGTH
from comparison.models.subjects import one_a_line

SHIPPED = Path(__file__).parents[1] / "catalogue"
REASON = "load_catalogue"

Key = tuple[Any, ...]


@dataclass
class Report:
    """What a load did, by kind of object."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    not_in_files: Counter[str] = field(default_factory=Counter)

    @property
    def changes(self) -> int:
        return self.created.total() + self.updated.total()

    def lines(self) -> Iterator[str]:
        for name in dict.fromkeys([*self.created, *self.updated, *self.unchanged]):
            line = (
                f"{name}: {self.created[name]} created, {self.updated[name]} updated, {self.unchanged[name]} unchanged"
            )
            if self.not_in_files[name]:
                line += f", {self.not_in_files[name]} kept that the files do not mention"
            yield line


class _DryRun(Exception):
    """Ends a dry run."""


class Rows:
    """The rows of one model by natural key: those in the database, and those the files give."""

    def __init__(self, model: type[models.Model], rows: Mapping[Key, models.Model], report: Report) -> None:
        self.model, self.report = model, report
        self.name = str(model._meta.verbose_name_plural)
        self.rows = dict(rows)
        self.seen: dict[Key, Entry] = {}
        self.new: list[models.Model] = []
        self.same: set[Key] = set()

    def put(self, key: Key, values: dict[str, Any], entry: Entry, shown: str, quick: bool = False) -> Any:
        """Takes over one row. Problems (of the row, or a second one under the same key) go to the entry."""
        if key in self.seen:
            first = self.seen[key]
            entry.problem(f"{shown} is given twice, first at {first.file}:{first.line}")
            return self.rows[key]
        self.seen[key] = entry
        row = self.rows.get(key)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            self.report.unchanged[self.name] += 1
            self.same.add(key)
            return row
        created = row is None
        row = self.model() if row is None else row
        for name, value in values.items():
            setattr(row, name, value)
        self.rows[key] = row
        if not _valid(row, entry, quick):
            return row
        if not created:
            self.report.updated[self.name] += 1
            sign(row, None, REASON)
            row.save()
        else:
            self.report.created[self.name] += 1
            if quick:
                self.new.append(row)
            else:
                sign(row, None, REASON)
                row.save()
        return row

    def change(self, row: models.Model, entry: Entry) -> None:
        """Saves a row that was put before and has changed since."""
        if _valid(row, entry, quick=False):
            sign(row, None, REASON)
            row.save()
        key = next(key for key, one in self.rows.items() if one is row)
        if key in self.same:
            self.same.remove(key)
            self.report.unchanged[self.name] -= 1
            self.report.updated[self.name] += 1

    def changed_ids(self) -> list[int]:
        return [self.rows[key].pk for key in self.seen if key not in self.same]

    def finish(self) -> None:
        """Writes the new rows that were held back, and counts what the files left out."""
        if self.new:
            bulk_create_with_history(self.new, self.model, batch_size=500, default_change_reason=REASON)
        self.report.not_in_files[self.name] += len(self.rows.keys() - self.seen.keys())


def _valid(row: models.Model, entry: Entry, quick: bool) -> bool:
    """Whether the row may be stored. `quick` leaves the constraints to the database, which saves queries per row."""
    known = {"framework", "criterion", "source"}  # found among the rows, so they exist
    steps: list[Callable[[], None]] = [partial(row.clean_fields, exclude=known), row.clean]
    wrong: dict[str, list[str]] = {}
    for step in steps if quick else (row.full_clean,):
        try:
            step()
        except ValidationError as error:
            wrong |= {name: messages for name, messages in error.message_dict.items() if name not in wrong}
    for name, messages in wrong.items():
        if name not in entry.faulty:  # else the reader has said what is wrong with it
            entry.problem("; ".join(messages) if name == "__all__" else f"{name}: {'; '.join(messages)}", name)
    return not wrong


def load(folder: Path, dry_run: bool = False, actor: User | None = None) -> Report:
    """Loads a folder. Raises CatalogueError with every problem, and then nothing is changed."""
    problems: list[Problem] = []
    report = Report()
    try:
        with transaction.atomic():
            loading = _Load(folder, problems, report)
            loading.run()
            if problems:
                raise CatalogueError(problems)
            if report.changes:
                Claim.objects.filter(pk__in=loading.claims.changed_ids()).announce(_summary(report), actor)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _summary(report: Report) -> str:
    counts = [f"{number} {name}" for name, number in (report.created + report.updated).items()]
    return "Catalogue loaded: " + ", ".join(counts)


class _Load:
    """One load. Its Rows hold the rows of database and files together, so that references resolve to either."""

    def __init__(self, folder: Path, problems: list[Problem], report: Report) -> None:
        self.folder, self.problems = folder, problems

        def stored(model: type[models.Model], *key: str) -> Rows:
            return Rows(
                model, {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}, report
            )

        self.categories = stored(Category, "slug")
        self.criteria = stored(Criterion, "slug")
        self.former = FormerCriterion.objects.present()
        self.frameworks = stored(Framework, "slug")
        self.not_applicable = stored(NotApplicable, "framework_id", "criterion_id")
        self.sources = stored(Source, "slug")
        self.profiles = stored(Profile, "slug")
        self.weights = stored(ProfileWeight, "profile_id", "criterion_id")
        merged_first = sorted(Claim.objects.with_names(), key=lambda row: row.merged_into_id is None)
        claims = {claim_key(row): row for row in merged_first}  # of twins the one that stands for both
        self.claims = Rows(Claim, claims, report)
        checks = {check_key(row): row for row in Check.objects.all()}
        self.checks = Rows(Check, checks, report)

    def run(self) -> None:
        if not self.folder.is_dir():
            self.problems.append(Problem(str(self.folder), 1, "no such folder"))
            return
        files = sorted((self.folder / "sources").glob("*.yaml"))
        single = {name: self._file(self.folder / f"{name}.yaml") for name in ("criteria", "frameworks", "profiles")}
        sources = [(path.stem, entry) for path in files if (entry := self._file(path)) is not None]
        if not sources and not any(single.values()) and not self.problems:
            self.problems.append(
                Problem(str(self.folder), 1, "holds no criteria.yaml, frameworks.yaml, profiles.yaml or sources/")
            )
        if single["criteria"]:
            self.read_categories(single["criteria"])
        if single["frameworks"]:
            self.read_frameworks(single["frameworks"])
        self.read_sources(sources)
        if single["profiles"]:
            self.read_profiles(single["profiles"])
        for one in vars(self).values():
            if isinstance(one, Rows) and not self.problems:
                one.finish()

    def _file(self, path: Path) -> Entry | None:
        if not path.exists():
            return None
        return read_file(path, str(path.relative_to(self.folder)), self.problems)

    def _known(self, rows: Rows) -> dict[str, Any]:
        return {key[0]: row for key, row in rows.rows.items()}

    def read_categories(self, file: Entry) -> None:
        for entry in file.entries("categories"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "name": entry.text("name", required=True),
                "order": entry.integer("order", required=True),
            }
            category = self.categories.put((slug,), values, entry, f"category {slug!r}")
            for one in entry.entries("criteria"):
                self.read_criterion(one, category)
            entry.finish()
        file.finish()

    def read_criterion(self, entry: Entry, category: Category) -> None:
        slug = entry.text("slug", required=True)
        kind = entry.word("kind", Kind, required=True)
        values = {
            "slug": slug,
            "name": entry.text("name", required=True),
            "kind": kind.value if kind else "",
            "unit": entry.text("unit"),
            "lower_is_better": entry.flag("lower_is_better"),
            "question": entry.text("question", required=True),
            "help_text": entry.text("help_text"),
            "synonyms": one_a_line(entry.lines("synonyms")),
            "category": category,
            "order": entry.integer("order", required=True),
        }
        if into := self.former.get(slug):
            entry.problem(f"criterion {slug!r} was merged into {into!r}: use that slug, here and in the claims", "slug")
        entry.finish()
        if category.pk:
            self.criteria.put((slug,), values, entry, f"criterion {slug!r}")

    def read_frameworks(self, file: Entry) -> None:
        for entry in file.entries("frameworks"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "name": entry.text("name", required=True),
                "tagline": entry.text("tagline"),
                "homepage": entry.text("homepage"),
                "repository": entry.text("repository"),
                "licence": entry.text("licence"),
                "first_release_year": entry.integer("first_release_year"),
                "aliases": one_a_line(entry.lines("aliases")),
            }
            framework = self.frameworks.put((slug,), values, entry, f"framework {slug!r}")
            for one in entry.entries("not_applicable"):
                criterion = one.reference("criterion", self._known(self.criteria))
                reason = one.text("reason", required=True)
                one.finish()
                if criterion and criterion.pk and framework.pk:
                    found = {"framework": framework, "criterion": criterion, "reason": reason}
                    key = (framework.pk, criterion.pk)
                    self.not_applicable.put(key, found, one, f"not applicable: {criterion.slug!r}")
            entry.finish()
        file.finish()

    def read_sources(self, files: list[tuple[str, Entry]]) -> None:
        rows = []
        for stem, entry in files:
            slug = entry.text("slug", required=True)
            if slug and slug != stem:
                entry.problem(f"slug {slug!r} must be the file's name, {stem!r}", "slug")
            rows.append((entry, self._source(slug, entry)))
        self._read_repeats(rows)
        for entry, source in rows:
            lookups = self._known(self.frameworks), self._known(self.criteria)
            for one in entry.entries("claims"):
                self.read_claim(one, source, *lookups)
            entry.finish()

    def _read_repeats(self, rows: list[tuple[Entry, Source]]) -> None:
        """Sets who repeats whom, once all sources exist; all before any is saved, since they may change places."""
        known = self._known(self.sources)
        changed = []
        for entry, source in rows:
            before, repeated = source.repeats_id, entry.reference("repeats", known, required=False)
            if source.pk and (repeated is None or repeated.pk):
                source.repeats = repeated
                if source.repeats_id != before:
                    changed.append((entry, source))
        for entry, source in changed:
            self.sources.change(source, entry)

    def _source(self, slug: str, entry: Entry) -> Source:
        kind = entry.word("kind", SourceKind, required=True)
        digest, length = entry.text("text_sha256"), entry.integer("text_length")
        known = cast("Source | None", self.sources.rows.get((slug,)))
        if known and known.text and known.text_sha256 != digest:
            entry.problem("the stored text has another digest; attach the new text first (attach_text --changed)")
        values = {
            "slug": slug,
            "title": entry.text("title", required=True),
            "kind": kind.value if kind else "",
            "publisher": entry.text("publisher"),
            "author": entry.text("author"),
            "address": entry.text("address"),
            "published": entry.day("published"),
            "accessed": entry.day("accessed"),
            "language": entry.text("language") or "en",
            "note": entry.text("note"),
            "text_sha256": digest,
            "text_length": length,
        }
        return cast(Source, self.sources.put((slug,), values, entry, f"source {slug!r}"))

    def read_claim(
        self, entry: Entry, source: Source, frameworks: Mapping[str, Framework], criteria: Mapping[str, Criterion]
    ) -> None:
        framework = entry.reference("framework", frameworks)
        criterion = entry.reference("criterion", criteria)
        support = entry.word("support", Support)
        state = entry.word("state", ClaimState, default=ClaimState.PUBLISHED) or ClaimState.PUBLISHED
        values: dict[str, Any] = {
            "source": source,
            "framework": framework,
            "criterion": criterion,
            "statement": entry.text("statement", required=True),
            "level": entry.integer("level"),
            "support": support.value if support else "",
            "low": entry.decimal("low"),
            "high": entry.decimal("high"),
            "item": entry.text("item"),
            "section": entry.text("section"),
            "start": entry.integer("start"),
            "end": entry.integer("end"),
            "quote": entry.text("quote"),
            "version_range": entry.text("version_range"),
            "state": state.value,
            "state_reason": entry.text("state_reason"),
            "merged_into": None,
        }
        checks = entry.entries("checks")
        entry.finish()
        if not (framework and criterion and framework.pk and criterion.pk and source.pk):
            return
        probe = Claim(**values)
        key = claim_key(probe)
        kept = self.claims.rows.get(key)
        if isinstance(kept, Claim) and not values["quote"] and derived(kept, source.text):
            passage = source.text[probe.start : probe.end]
            values["quote"] = passage if len(passage) <= MAX_QUOTE_LENGTH else ""
        if state is ClaimState.PUBLISHED and not (isinstance(kept, Claim) and kept.published_at):
            values["published_at"] = timezone.now()
        claim = self.claims.put(key, values, entry, "this claim", quick=not checks)
        for one in checks:
            self.read_check(one, claim)

    def read_check(self, entry: Entry, claim: Claim) -> None:
        finding = entry.word("finding", Finding, required=True)
        values = {
            "claim": claim,
            "finding": finding.value if finding else "",
            "note": entry.text("note", required=True),
            "evidence": entry.text("evidence"),
            "on": entry.day("on", required=True),
        }
        entry.finish()
        if claim.pk and values["on"]:
            self.checks.put(check_key(Check(**values)), values, entry, "this check")

    def read_profiles(self, file: Entry) -> None:
        for entry in file.entries("profiles"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "name": entry.text("name", required=True),
                "description": entry.text("description", required=True),
                "order": entry.integer("order", required=True),
            }
            profile = self.profiles.put((slug,), values, entry, f"profile {slug!r}")
            for one in entry.entries("weights"):
                criterion = one.reference("criterion", self._known(self.criteria))
                weight, must_have = one.integer("weight", required=True), one.flag("must_have") or False
                one.finish()
                if criterion and criterion.pk and profile.pk:
                    found = {"profile": profile, "criterion": criterion, "weight": weight, "must_have": must_have}
                    self.weights.put((profile.pk, criterion.pk), found, one, f"weight of {criterion.slug!r}")
            entry.finish()
        file.finish()


def claim_key(claim: Claim) -> Key:
    """What makes a claim the same claim when files are loaded again."""
    place = (claim.start,) if claim.start is not None else (claim.statement, claim.quote)
    return (claim.source_id, claim.framework_id, claim.criterion_id, *place)


def check_key(check: Check) -> Key:
    return (check.claim_id, check.finding, check.on, check.evidence)


def derived(claim: Claim, text: str) -> bool:
    """Whether the quote is just what the text holds at the claim's place, and so is not written into files."""
    return bool(claim.quote and text) and text[claim.start : claim.end] == claim.quote
