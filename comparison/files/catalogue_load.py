"""Loads the catalogue from files: one for each source, and one each for frameworks, criteria, profiles and comparisons.

A load changes everything or nothing, and may be repeated. What the files do not mention stays as it is; claims that an
earlier load brought are named then, and retracted only if that is asked for.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from django.contrib.auth.models import User
from django.db import models

from comparison.evidence import Kind
from comparison.files.catalogue_rows import Pairs, Report, Rows
from comparison.files.catalogue_sources import SourceLoader
from comparison.files.yaml_entries import CatalogueError, Entry, Problem, read_file
from comparison.models import (
    AskedComparison,
    Category,
    Claim,
    ClaimState,
    Criterion,
    FormerCriterion,
    Framework,
    GuideChoice,
    GuideQuestion,
    NotApplicable,
    Profile,
    ProfileExclusion,
    ProfileWeight,
)
from comparison.models.claims import ClaimQuerySet
from comparison.models.conflicts import tried_again
from comparison.models.editions import writing
from comparison.models.readers.weight_lines import write_weight_lines
from comparison.models.subjects import JOINER, one_per_line
from comparison.recommend import Weights

SINGLE_FILES = ("criteria", "frameworks", "profiles", "comparisons", "questions")
SHIPPED = Path(__file__).parents[1] / "catalogue"


class _DryRun(Exception):
    """Ends a dry run, and so rolls it back."""


@tried_again
def load(folder: Path, dry_run: bool = False, actor: User | None = None, retract_vanished: bool = False) -> Report:
    """Loads a folder. Raises CatalogueError with all problems, and then nothing is changed.

    Claims that an earlier load brought and the files no longer hold are reported; `retract_vanished` retracts them.
    """
    problems: list[Problem] = []
    report = Report()
    try:
        with writing():
            loader = _Loader(folder, problems, report)
            loader.run()
            if problems:
                raise CatalogueError(problems)
            vanished = _settle_vanished(loader.sources.vanished(), report, actor, retract_vanished)
            if report.changes:
                changed = [*loader.sources.claims.changed_ids(), *vanished]
                Claim.objects.filter(pk__in=changed).announce(_summary(report), actor)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _settle_vanished(claims: ClaimQuerySet, report: Report, actor: User | None, retract: bool) -> list[int]:
    """Names the vanished claims in the report, and retracts them if asked to. Returns the ids of those retracted."""
    report.are_retracted, retracted = retract, []
    for claim in claims.select_related("source", "framework", "criterion").order_by("source__slug", "start", "pk"):
        start = "" if claim.start is None else f"#{claim.start}"
        cell = f"{claim.source.slug}/{claim.framework.slug}/{claim.criterion.slug}{start}"
        report.vanished.append(f"{cell}: {claim.statement}")
        if retract:
            claim.transition(ClaimState.RETRACTED, actor, "No longer in the catalogue", announce=False)
            retracted.append(claim.pk)
    return retracted


def sort_out(folder: Path, problems: list[Problem], report: Report) -> list[Path]:
    """The files of sources. Other files are named: as a problem if they may hold what somebody wants to load."""
    sources, paths = folder / "sources", []
    for path in sorted([*folder.iterdir(), *(sources.iterdir() if sources.is_dir() else ())]):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            report.ignored += [f"{name}/"] * (path != sources)
        elif path.name.startswith(".") or path.suffix.lower() not in (".yaml", ".yml"):
            report.ignored.append(name)
        elif path.suffix != ".yaml":
            problems.append(Problem(name, 1, f"is not read: rename it to {path.stem}.yaml"))
        elif path.parent == sources:
            paths.append(path)
        elif path.stem not in SINGLE_FILES:
            known = ", ".join(f"{single}.yaml" for single in SINGLE_FILES)
            problems.append(Problem(name, 1, f"is not read: sources belong into sources/, and beside it only {known}"))
    return paths


def _summary(report: Report) -> str:
    counts = [f"{number} {name}" for name, number in (report.created + report.updated).items()]
    if report.are_retracted and report.vanished:
        counts.append(f"{len(report.vanished)} claim{'s' * (len(report.vanished) != 1)} retracted")
    return "Catalogue loaded: " + ", ".join(counts)


class _Loader:
    """One load. References are resolved among the rows stored and the rows in the files alike."""

    def __init__(self, folder: Path, problems: list[Problem], report: Report) -> None:
        self.folder, self.problems, self.report = folder, problems, report

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
        self.profiles = stored_rows(Profile, "slug")
        self.weights = stored_rows(ProfileWeight, "profile_id", "criterion_id")
        self.exclusions = stored_rows(ProfileExclusion, "profile_id", "framework_id")
        self.comparisons = stored_rows(AskedComparison, "slug")
        self.questions = stored_rows(GuideQuestion, "slug")
        self.choices = stored_rows(GuideChoice, "question_id", "slug")
        self.sources = SourceLoader(report)

    def run(self) -> None:
        if not self.folder.is_dir():
            self.problems.append(Problem(str(self.folder), 1, "no such folder"))
            return
        paths = sort_out(self.folder, self.problems, self.report)
        single = {name: self._file(self.folder / f"{name}.yaml") for name in SINGLE_FILES}
        sources = [(path.stem, entry) for path in paths if (entry := self._file(path)) is not None]
        if not sources and not any(single.values()) and not self.problems:
            self.problems.append(
                Problem(
                    str(self.folder), 1, f"holds no {', '.join(f'{name}.yaml' for name in SINGLE_FILES)} or sources/"
                )
            )
        if any(single[name] is None and (self.folder / f"{name}.yaml").exists() for name in single):
            return  # what such an unreadable file holds would be missed in all the others
        if single["criteria"]:
            self.read_categories(single["criteria"])
        if single["frameworks"]:
            self.read_frameworks(single["frameworks"])
        self.sources.read(sources, self.frameworks.by_slug(), self.criteria.by_slug(), self.problems)
        for name, read in (
            ("profiles", self.read_profiles),
            ("comparisons", self.read_comparisons),
            ("questions", self.read_questions),
        ):
            if file := single[name]:
                read(file)
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
            for framework_entry in entry.entries("leaves_out"):
                self.read_exclusion(framework_entry, profile)
            entry.finish()
        file.finish()

    def read_comparisons(self, file: Entry) -> None:
        for entry in file.entries("comparisons"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "title": entry.text("title", required=True),
                "order": entry.integer("order", required=True),
                "reason": entry.text("reason", required=True),
            }
            entry.finish()
            frameworks = [self.frameworks.rows.get((name,)) for name in slug.split(JOINER)]
            if all(framework is None or framework.pk for framework in frameworks):  # else its own entry says why
                self.comparisons.put((slug,), values, entry, f"comparison {slug!r}")
        file.finish()

    def read_weight(self, entry: Entry, profile: Profile) -> None:
        criterion, weight, must_have = self.read_weighed(entry)
        if criterion and criterion.pk and profile.pk:
            values = {"profile": profile, "criterion": criterion, "weight": weight, "must_have": must_have}
            self.weights.put((profile.pk, criterion.pk), values, entry, f"weight of {criterion.slug!r}")

    def read_exclusion(self, entry: Entry, profile: Profile) -> None:
        framework = entry.reference("framework", self.frameworks.by_slug())
        reason = entry.text("reason", required=True)
        entry.finish()
        if framework and framework.pk and profile.pk:
            values = {"profile": profile, "framework": framework, "reason": reason}
            self.exclusions.put((profile.pk, framework.pk), values, entry, f"left out: {framework.slug!r}")

    def read_questions(self, file: Entry) -> None:
        for entry in file.entries("questions"):
            slug = entry.text("slug", required=True)
            values = {
                "slug": slug,
                "text": entry.text("text", required=True),
                "order": entry.integer("order", required=True),
            }
            question = self.questions.put((slug,), values, entry, f"question {slug!r}")
            for choice_entry in entry.entries("choices"):
                self.read_choice(choice_entry, question)
            entry.finish()
        file.finish()

    def read_choice(self, entry: Entry, question: GuideQuestion) -> None:
        slug = entry.text("slug", required=True)
        values = {
            "question": question,
            "slug": slug,
            "text": entry.text("text", required=True),
            "because": entry.text("because", required=True),
            "order": entry.integer("order", required=True),
        }
        rows = [self.read_weighed(weight_entry) for weight_entry in entry.entries("weights")]
        entry.finish()
        known = [(criterion.slug, weight, must) for criterion, weight, must in rows if criterion and weight is not None]
        slugs = [slug for slug, _, _ in known]
        for twice in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            entry.problem(f"choice {slug!r} weighs {twice!r} twice")
        if question.pk and len(known) == len(rows):
            musts = frozenset(slug for slug, _, must in known if must)
            values["sets"] = write_weight_lines(Weights({slug: weight for slug, weight, _ in known}, musts))
            self.choices.put((question.pk, slug), values, entry, f"choice {slug!r}")

    def read_weighed(self, entry: Entry) -> tuple[Criterion | None, int | None, bool]:
        """A criterion, its weight, and whether it is a must-have."""
        criterion = entry.reference("criterion", self.criteria.by_slug())
        weight, must_have = entry.integer("weight", required=True), entry.flag("must_have") or False
        entry.finish()
        return criterion, weight, must_have
