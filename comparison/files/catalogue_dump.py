"""Writes the catalogue as the files that loading reads, to the byte; never a source's private text."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import F, Model, Prefetch, QuerySet

from comparison.files.catalogue_load import derived
from comparison.files.yaml_entries import write_text
from comparison.models import Category, Claim, Criterion, Framework, NotApplicable, Profile, ProfileWeight, Source

BATCH_SIZE = 100  # sources whose texts and claims are held in memory


def files() -> dict[str, str]:
    """The catalogue in the database as file names and contents."""
    not_applicable = NotApplicable.objects.select_related("criterion").order_by("criterion__slug")
    weights = ProfileWeight.objects.select_related("criterion").order_by("-weight", "criterion__slug")
    categories = Category.objects.prefetch_related("criteria")
    frameworks = Framework.objects.order_by("slug").prefetch_related(Prefetch("not_applicable", not_applicable))
    profiles = Profile.objects.prefetch_related(Prefetch("weights", weights))
    found = {
        "criteria.yaml": write_text({"categories": [_category(one) for one in categories]}),
        "frameworks.yaml": write_text({"frameworks": [_framework(one) for one in frameworks]}),
        "profiles.yaml": write_text({"profiles": [_profile(one) for one in profiles]}),
    }
    return found | {f"sources/{name}": text for name, text in _sources(Source.objects.all(), Claim.objects.all())}


def selection(claims: QuerySet[Claim]) -> dict[str, str]:
    """Some claims as files of their sources, each of which loads again."""
    chosen = Claim.objects.filter(pk__in=claims.order_by().values("pk"))
    return dict(_sources(Source.objects.filter(pk__in=chosen.values("source")), chosen))


def _sources(sources: QuerySet[Source], claims: QuerySet[Claim]) -> Iterator[tuple[str, str]]:
    """Each source with those of its claims, as a file's name and contents.

    Without claims that were merged: the others say what they said.
    """
    told = claims.filter(merged_into=None)
    ordered = told.order_by(F("start").asc(nulls_last=True), "framework__slug", "criterion__slug", "statement")
    whole = ordered.select_related("framework", "criterion").prefetch_related("checks")
    rows = sources.select_related("repeats").defer("repeats__text").prefetch_related(Prefetch("claims", whole))
    for one in rows.iterator(chunk_size=BATCH_SIZE):
        yield f"{one.slug}.yaml", write_text(_source(one))


def dump(folder: Path) -> list[str]:
    """Writes the catalogue, each file whole or not at all. Returns the source files in the folder it does not know."""
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
        "criteria": [_criterion(one) for one in category.criteria.all()]
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return _fields(criterion, "slug", "name", "order", "kind", "unit", "lower_is_better", "question", "help_text") | {
        "synonyms": criterion.synonyms.splitlines()
    }


def _framework(framework: Framework) -> dict[str, Any]:
    names = ("slug", "name", "tagline", "homepage", "repository", "licence", "first_release_year")
    return _fields(framework, *names) | {
        "aliases": framework.aliases.splitlines(),
        "not_applicable": [
            {"criterion": one.criterion.slug, "reason": one.reason} for one in framework.not_applicable.all()
        ],
    }


def _source(source: Source) -> dict[str, Any]:
    names = ("slug", "title", "kind", "publisher", "author", "address", "published", "accessed", "language", "note")
    return _fields(source, *names) | {
        "repeats": source.repeats.slug if source.repeats else "",
        "text_sha256": source.text_sha256,
        "text_length": source.text_length,
        "claims": [_claim(one, source.text) for one in source.claims.all()],
    }


def _claim(claim: Claim, text: str) -> dict[str, Any]:
    shown = {"framework": claim.framework.slug, "criterion": claim.criterion.slug}
    shown |= _fields(claim, "statement", *Claim.VALUES, "section", "start", "end")
    return shown | {
        "quote": "" if derived(claim, text) else claim.quote,
        "version_range": claim.version_range,
        "state": "" if claim.published else claim.state,
        "state_reason": claim.state_reason,
        "checks": [_fields(one, "finding", "note", "evidence", "on") for one in claim.checks.all()],
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return _fields(profile, "slug", "name", "order", "description") | {
        "weights": [
            {"criterion": one.criterion.slug, "weight": one.weight, "must_have": one.must_have or None}
            for one in profile.weights.all()
        ]
    }


def _fields(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
