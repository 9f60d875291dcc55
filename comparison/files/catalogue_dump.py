"""Writes the catalogue as the files that a load reads. A source's private text is never among them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import F, Model, Prefetch, Q, QuerySet

from comparison.files.catalogue_sources import has_derived_quote
from comparison.files.yaml_entries import write_text
from comparison.models import (
    AskedComparison,
    Category,
    Check,
    Claim,
    Criterion,
    Framework,
    GuideChoice,
    GuideQuestion,
    Measurement,
    NotApplicable,
    Profile,
    ProfileExclusion,
    ProfileWeight,
    Source,
)

MACHINE = ("processor", "cores", "memory", "system", "python")  # what a run says of its machine comes in this order
BATCH_SIZE = 100  # sources whose texts and claims are held in memory


def files() -> dict[str, str]:
    """The catalogue in the database as file names and contents."""
    not_applicable = NotApplicable.objects.select_related("criterion").order_by("criterion__slug")
    weights = ProfileWeight.objects.select_related("criterion").order_by("-weight", "criterion__slug")
    categories = Category.objects.prefetch_related("criteria__related", "criteria__former")
    frameworks = Framework.objects.order_by("slug").prefetch_related(Prefetch("not_applicable", not_applicable))
    exclusions = ProfileExclusion.objects.select_related("framework").order_by("framework__slug")
    profiles = Profile.objects.prefetch_related(Prefetch("weights", weights), Prefetch("exclusions", exclusions))
    contents = {
        "criteria.yaml": write_text({"categories": [_category(category) for category in categories]}),
        "frameworks.yaml": write_text({"frameworks": [_framework(framework) for framework in frameworks]}),
        "comparisons.yaml": write_text({"comparisons": [_comparison(row) for row in AskedComparison.objects.all()]}),
        "questions.yaml": write_text(
            {"questions": [_question(row) for row in GuideQuestion.objects.with_choices()]},
        ),
        "profiles.yaml": write_text({"profiles": [_profile(profile) for profile in profiles]}),
    }
    return contents | {f"sources/{name}": text for name, text in _sources(Source.objects.all(), Claim.objects.all())}


def selection(claims: QuerySet[Claim]) -> dict[str, str]:
    """The claims as files of their sources, which can be loaded again."""
    chosen = Claim.objects.filter(pk__in=claims.order_by().values("pk"))
    return dict(_sources(Source.objects.filter(pk__in=chosen.values("source")), chosen))


def _sources(sources: QuerySet[Source], claims: QuerySet[Claim]) -> Iterator[tuple[str, str]]:
    """Names and contents of files, one for each whole among the sources, with its parts and those of their claims.

    Merged claims are left out: the claims they were merged into say the same.
    """
    measurements = Measurement.objects.select_related("framework").order_by("framework__slug", "pk")
    named = Claim.objects.select_related("source", "framework", "criterion").defer("source__text")
    unmerged = claims.filter(merged_into=None).select_related("framework", "criterion")
    unmerged = unmerged.prefetch_related(Prefetch("checks__decided_by", named))
    ordered = unmerged.order_by(F("start").asc(nulls_last=True), "framework__slug", "criterion__slug", "statement")
    parts = Source.objects.filter(pk__in=sources.values("pk")).order_by("slug").select_related("framework")
    with_claims = [Prefetch("claims", ordered), Prefetch("measurements", measurements)]
    rows = (
        Source.objects.filter(Q(pk__in=sources.values("pk")) | Q(pk__in=sources.values("part_of")))
        .wholes()
        .select_related("repeats", "framework")
        .defer("repeats__text")
        .prefetch_related(Prefetch("claims", ordered), Prefetch("parts", parts.prefetch_related(*with_claims)))
    )
    for source in rows.order_by("slug").iterator(chunk_size=BATCH_SIZE):
        yield f"{source.slug}.yaml", write_text(_source(source))


def dump(folder: Path) -> list[str]:
    """Writes the catalogue, each file completely or not at all. Returns the other source files in the folder."""
    contents = files()
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        draft = folder / f"{name}.new"
        draft.write_bytes(content.encode())
        draft.replace(folder / name)
    present = {f"sources/{path.name}" for path in (folder / "sources").glob("*.yaml")}
    return sorted(present - contents.keys())


def _category(category: Category) -> dict[str, Any]:
    return _fields(category, "slug", "name", "order") | {
        "criteria": [_criterion(criterion) for criterion in category.criteria.all()]
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    """A criterion; of two related ones only the first in the alphabet names the other."""
    return _fields(criterion, "slug", "name", "order", "kind", "unit", "lower_is_better", "question", "help_text") | {
        "synonyms": criterion.synonyms.splitlines(),
        "related": sorted(other.slug for other in criterion.related.all() if other.slug > criterion.slug),
        "formerly": sorted(former.slug for former in criterion.former.all()),
    }


def _framework(framework: Framework) -> dict[str, Any]:
    names = ("slug", "name", "tagline", "homepage", "repository", "licence", "first_release_year")
    return _fields(framework, *names) | {
        "aliases": framework.aliases.splitlines(),
        "not_applicable": [
            {"criterion": row.criterion.slug, "reason": row.reason} for row in framework.not_applicable.all()
        ],
    }


def _source(source: Source) -> dict[str, Any]:
    names = ("slug", "title", "kind", "publisher", "author", "address", "published", "accessed", "language", "note")
    return _fields(source, *names) | {
        "framework": source.framework.slug if source.framework else "",
        "version": source.framework_version,
        **_fields(source, "text_licence", "distribution", "distribution_sha256"),
        "repeats": source.repeats.slug if source.repeats else "",
        **_fields(source, "text_sha256", "text_length"),
        "run": _run(source.run),
        "claims": [_claim(claim, source) for claim in source.claims.all()],
        "parts": [_part(part, source) for part in source.parts.all()],
    }


def _run(run: dict[str, Any]) -> dict[str, Any]:
    """A run with its keys in one order, which not every database keeps."""
    machine, versions = run.get("machine", {}), run.get("versions", {})
    known = {name: machine[name] for name in MACHINE if name in machine}
    ordered = known | dict(sorted(machine.items()))
    return {"rounds": run.get("rounds"), "machine": ordered, "versions": dict(sorted(versions.items()))} if run else {}


def _part(part: Source, whole: Source) -> dict[str, Any]:
    """A part without what it takes from its whole."""
    has_own_version = part.framework_version != whole.framework_version
    return {
        **_fields(part, "slug", "title", "address", "published"),
        "version": part.framework_version if has_own_version else "",
        **_fields(part, "distribution", "distribution_sha256", "file", "experiment", "text_sha256", "text_length"),
        "results": [_measurement(measurement) for measurement in part.measurements.all()],
        "claims": [_claim(claim, part) for claim in part.claims.all()],
    }


def _measurement(measurement: Measurement) -> dict[str, Any]:
    return {
        "framework": measurement.framework.slug,
        **_fields(measurement, "variant", "unit", "median", "low", "high"),
        "samples": " ".join(f"{sample:g}" for sample in measurement.samples),
        "noisy": measurement.is_noisy or None,
        **_fields(measurement, "outcome", "detail", "failure"),
    }


def _claim(claim: Claim, source: Source) -> dict[str, Any]:
    """A claim; what its source says of the source's own framework does not repeat the framework's name."""
    is_own = source.framework_id == claim.framework_id
    fields = {"framework": "" if is_own else claim.framework.slug, "criterion": claim.criterion.slug}
    fields |= _fields(claim, "statement", *Claim.VALUES, "section", "start", "end")
    return fields | {
        "quote": "" if has_derived_quote(claim, source.text) else claim.quote,
        "version_range": claim.version_range,
        "state": "" if claim.published else claim.state,
        "state_reason": claim.state_reason,
        "checks": [_check(check) for check in claim.checks.all()],
    }


def _check(check: Check) -> dict[str, Any]:
    return _fields(check, "finding", "note", "evidence", "on") | {
        "decided_by": sorted(claim_reference(claim) for claim in check.decided_by.all())
    }


def claim_reference(claim: Claim) -> str:
    """How a check names a claim that decides it: source/framework/criterion#start."""
    name = f"{claim.source.slug}/{claim.framework.slug}/{claim.criterion.slug}"
    return name if claim.start is None else f"{name}#{claim.start}"


def _profile(profile: Profile) -> dict[str, Any]:
    return _fields(profile, "slug", "name", "order", "description") | {
        "weights": [
            {"criterion": row.criterion.slug, "weight": row.weight, "must_have": row.must_have or None}
            for row in profile.weights.all()
        ],
        "leaves_out": [{"framework": row.framework.slug, "reason": row.reason} for row in profile.exclusions.all()],
    }


def _comparison(comparison: AskedComparison) -> dict[str, Any]:
    return _fields(comparison, "slug", "title", "order", "reason")


def _question(question: GuideQuestion) -> dict[str, Any]:
    choices = [_choice(choice) for choice in question.choices.all()]
    return _fields(question, "slug", "text", "order") | {"choices": choices}


def _choice(choice: GuideChoice) -> dict[str, Any]:
    weights = choice.weights
    return _fields(choice, "slug", "text", "because", "order") | {
        "weights": [
            {"criterion": slug, "weight": weight, "must_have": slug in weights.must or None}
            for slug, weight in weights.weights.items()
        ],
    }


def _fields(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
