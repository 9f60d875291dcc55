"""Loads the catalogue from files: one for each source, and one each for frameworks, criteria and profiles.

A load changes everything or nothing, and may be repeated. What the files do not mention stays as it is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from comparison.evidence import Finding, Kind, SourceKind, Support
from comparison.files.catalogue_rows import Key, Pairs, Report, Rows
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
)
from comparison.models.claims import MAX_QUOTE_LENGTH
from comparison.models.subjects import one_per_line

SHIPPED = Path(__file__).parents[1] / "catalogue"


class _DryRun(Exception):
    """Ends a dry run, and so rolls it back."""


def load(folder: Path, dry_run: bool = False, actor: User | None = None) -> Report:
    """Loads a folder. Raises CatalogueError with all problems, and then nothing is changed."""
    problems: list[Problem] = []
    report = Report()
    try:
        with transaction.atomic():
            loader = _Loader(folder, problems, report)
            loader.run()
            if problems:
                raise CatalogueError(problems)
            if report.changes:
                Claim.objects.filter(pk__in=loader.claims.changed_ids()).announce(_summary(report), actor)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _summary(report: Report) -> str:
    counts = [f"{number} {name}" for name, number in (report.created + report.updated).items()]
    return "Catalogue loaded: " + ", ".join(counts)


class _Loader:
    """One load. References are resolved among the rows stored and the rows in the files alike."""

    def __init__(self, folder: Path, problems: list[Problem], report: Report) -> None:
        self.folder, self.problems = folder, problems

        def stored_rows(model: type[models.Model], *key: str) -> Rows:
            rows = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
            return Rows(model, rows, report)

        self.categories = stored_rows(Category, "slug")
        self.criteria = stored_rows(Criterion, "slug")
        self.former_criteria = stored_rows(FormerCriterion, "slug")
        self.current_slugs = FormerCriterion.objects.current_slugs()
        self.related = Pairs(report)
        self.frameworks = stored_rows(Framework, "slug")
        self.not_applicable = stored_rows(NotApplicable, "framework_id", "criterion_id")
        self.sources = stored_rows(Source, "slug")
        self.profiles = stored_rows(Profile, "slug")
        self.weights = stored_rows(ProfileWeight, "profile_id", "criterion_id")
        # Where merged claims share a key, the last one wins: the claim that the others were merged into.
        merged_first = sorted(Claim.objects.with_names(), key=lambda claim: claim.merged_into_id is None)
        self.claims = Rows(Claim, {claim_key(claim): claim for claim in merged_first}, report)
        self.checks = Rows(Check, {check_key(check): check for check in Check.objects.all()}, report)

    def run(self) -> None:
        if not self.folder.is_dir():
            self.problems.append(Problem(str(self.folder), 1, "no such folder"))
            return
        paths = sorted((self.folder / "sources").glob("*.yaml"))
        single = {name: self._file(self.folder / f"{name}.yaml") for name in ("criteria", "frameworks", "profiles")}
        sources = [(path.stem, entry) for path in paths if (entry := self._file(path)) is not None]
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
        for rows in vars(self).values():
            if isinstance(rows, Rows | Pairs) and not self.problems:
                rows.finish()

    def _file(self, path: Path) -> Entry | None:
        if not path.exists():
            return None
        return read_file(path, str(path.relative_to(self.folder)), self.problems)

    def read_categories(self, file: Entry) -> None:
        criteria: list[tuple[Entry, Criterion | None]] = []
        for entry in file.entries("categories"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "name": entry.text("name", required=True),
                "order": entry.integer("order", required=True),
            }
            category = self.categories.put((slug,), values, entry, f"category {slug!r}")
            criteria += [(child, self.read_criterion(child, category)) for child in entry.entries("criteria")]
            entry.finish()
        file.finish()
        known = self.criteria.by_slug()
        for entry, criterion in criteria:
            self.read_related(entry, criterion, known)
            self.read_former(entry, criterion)
            entry.finish()

    def read_criterion(self, entry: Entry, category: Category) -> Criterion | None:
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
            "synonyms": one_per_line(entry.lines("synonyms")),
            "category": category,
            "order": entry.integer("order", required=True),
        }
        if present_slug := self.current_slugs.get(slug):
            message = f"criterion {slug!r} was merged into {present_slug!r}: use that slug, here and in the claims"
            entry.problem(message, "slug")
        if not category.pk:
            return None
        return cast(Criterion, self.criteria.put((slug,), values, entry, f"criterion {slug!r}"))

    def read_related(self, entry: Entry, criterion: Criterion | None, known: Mapping[str, Criterion]) -> None:
        for related_entry in entry.scalar_entries("related", "criterion"):
            other = related_entry.reference("criterion", known)
            if criterion and criterion.pk and other and other.pk:
                self.related.put(criterion, other, related_entry)

    def read_former(self, entry: Entry, criterion: Criterion | None) -> None:
        """Reads the slugs whose addresses lead to the criterion."""
        for former_entry in entry.scalar_entries("formerly", "slug"):
            slug = former_entry.text("slug", required=True)
            if slug and criterion and criterion.pk:
                values = {"slug": slug, "criterion_id": criterion.pk}
                self.former_criteria.put((slug,), values, former_entry, f"former criterion {slug!r}")

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
                "aliases": one_per_line(entry.lines("aliases")),
            }
            framework = self.frameworks.put((slug,), values, entry, f"framework {slug!r}")
            for criterion_entry in entry.entries("not_applicable"):
                self.read_not_applicable(criterion_entry, framework)
            entry.finish()
        file.finish()

    def read_not_applicable(self, entry: Entry, framework: Framework) -> None:
        criterion = entry.reference("criterion", self.criteria.by_slug())
        reason = entry.text("reason", required=True)
        entry.finish()
        if criterion and criterion.pk and framework.pk:
            values = {"framework": framework, "criterion": criterion, "reason": reason}
            key = (framework.pk, criterion.pk)
            self.not_applicable.put(key, values, entry, f"not applicable: {criterion.slug!r}")

    def read_sources(self, files: list[tuple[str, Entry]]) -> None:
        sources = []
        for stem, entry in files:
            slug = entry.text("slug", required=True)
            if slug and slug != stem:
                entry.problem(f"slug {slug!r} must be the file's name, {stem!r}", "slug")
            sources.append((entry, self.read_source(slug, entry)))
        self.read_repeats(sources)
        for entry, source in sources:
            frameworks, criteria = self.frameworks.by_slug(), self.criteria.by_slug()
            for claim_entry in entry.entries("claims"):
                self.read_claim(claim_entry, source, frameworks, criteria)
            entry.finish()

    def read_source(self, slug: str, entry: Entry) -> Source:
        kind = entry.word("kind", SourceKind, required=True)
        framework = entry.reference("framework", self.frameworks.by_slug(), required=False)
        digest, length = entry.text("text_sha256"), entry.integer("text_length")
        stored = cast("Source | None", self.sources.rows.get((slug,)))
        if stored and stored.text and stored.text_sha256 != digest:
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
            "framework_id": framework.pk if framework else None,
            "text_sha256": digest,
            "text_length": length,
        }
        return cast(Source, self.sources.put((slug,), values, entry, f"source {slug!r}"))

    def read_repeats(self, sources: list[tuple[Entry, Source]]) -> None:
        """Sets which source repeats which. All are set before any is saved, since two sources may change roles."""
        known = self.sources.by_slug()
        changed = []
        for entry, source in sources:
            before, repeated = source.repeats_id, entry.reference("repeats", known, required=False)
            if source.pk and (repeated is None or repeated.pk):
                source.repeats = repeated
                if source.repeats_id != before:
                    changed.append((entry, source))
        for entry, source in changed:
            self.sources.save_again(source, entry)

    def read_claim(
        self, entry: Entry, source: Source, frameworks: Mapping[str, Framework], criteria: Mapping[str, Criterion]
    ) -> None:
        framework, criterion = entry.reference("framework", frameworks), entry.reference("criterion", criteria)
        values = {"source": source, "framework": framework, "criterion": criterion, **claim_values(entry)}
        check_entries = entry.entries("checks")
        entry.finish()
        if not (framework and criterion and framework.pk and criterion.pk and source.pk):
            return
        key = claim_key(Claim(**values))
        stored = cast("Claim | None", self.claims.rows.get(key))
        if stored and not values["quote"] and has_derived_quote(stored, source.text):
            passage = source.text[values["start"] : values["end"]]
            values["quote"] = passage if len(passage) <= MAX_QUOTE_LENGTH else ""
        if values["state"] == ClaimState.PUBLISHED.value and not (stored and stored.published_at):
            values["published_at"] = timezone.now()
        claim = self.claims.put(key, values, entry, "this claim", in_bulk=not check_entries)
        for check_entry in check_entries:
            self.read_check(check_entry, claim)

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
            for weight_entry in entry.entries("weights"):
                self.read_weight(weight_entry, profile)
            entry.finish()
        file.finish()

    def read_weight(self, entry: Entry, profile: Profile) -> None:
        criterion = entry.reference("criterion", self.criteria.by_slug())
        weight, must_have = entry.integer("weight", required=True), entry.flag("must_have") or False
        entry.finish()
        if criterion and criterion.pk and profile.pk:
            values = {"profile": profile, "criterion": criterion, "weight": weight, "must_have": must_have}
            self.weights.put((profile.pk, criterion.pk), values, entry, f"weight of {criterion.slug!r}")


def claim_values(entry: Entry) -> dict[str, Any]:
    """The fields of a claim in a file, without those that refer to other rows."""
    support = entry.word("support", Support)
    state = entry.word("state", ClaimState, default=ClaimState.PUBLISHED) or ClaimState.PUBLISHED
    return {
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


def claim_key(claim: Claim) -> Key:
    """What makes a claim the same claim when files are loaded again."""
    passage = (claim.start,) if claim.start is not None else (claim.statement, claim.quote)
    return (claim.source_id, claim.framework_id, claim.criterion_id, *passage)


def check_key(check: Check) -> Key:
    return (check.claim_id, check.finding, check.on, check.evidence)


def has_derived_quote(claim: Claim, text: str) -> bool:
    """Whether the quote is exactly what the text holds at the claim's offsets, so that files need not contain it."""
    return bool(claim.quote and text) and text[claim.start : claim.end] == claim.quote
