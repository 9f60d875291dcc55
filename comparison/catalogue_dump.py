"""Writes the catalogue as the files that loading reads, to the byte; never a source's private text."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import models

from comparison.catalogue import derived
from comparison.entries import write_text
from comparison.models import Category, Claim, Criterion, Framework, Profile, Source


def files() -> dict[str, str]:
    """The catalogue in the database as file names and contents."""
    found = {
        "criteria.yaml": write_text(
            {"categories": [_category(one) for one in Category.objects.prefetch_related("criteria")]}
        ),
        "frameworks.yaml": write_text({"frameworks": [_framework(one) for one in Framework.objects.order_by("slug")]}),
        "profiles.yaml": write_text({"profiles": [_profile(one) for one in Profile.objects.all()]}),
    }
    for source in Source.objects.select_related("repeats"):
        found[f"sources/{source.slug}.yaml"] = write_text(_source(source, _ordered(source)))
    return found


def selection(claims: models.QuerySet[Claim]) -> dict[str, str]:
    """Some claims as files of their sources, each of which loads again."""
    ids = set(claims.order_by().values_list("pk", flat=True))
    sources = Source.objects.filter(pk__in=set(claims.order_by().values_list("source_id", flat=True)))
    return {
        f"{one.slug}.yaml": write_text(_source(one, [claim for claim in _ordered(one) if claim.pk in ids]))
        for one in sources.select_related("repeats")
    }


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
    excused = framework.not_applicable.select_related("criterion").order_by("criterion__slug")
    return _fields(framework, *names) | {
        "aliases": framework.aliases.splitlines(),
        "not_applicable": [{"criterion": one.criterion.slug, "reason": one.reason} for one in excused],
    }


def _source(source: Source, claims: Iterable[Claim]) -> dict[str, Any]:
    names = ("slug", "title", "kind", "publisher", "author", "address", "published", "accessed", "language", "note")
    return _fields(source, *names) | {
        "repeats": source.repeats.slug if source.repeats else "",
        "text_sha256": source.text_sha256,
        "text_length": source.text_length,
        "claims": [_claim(one, source.text) for one in claims],
    }


def _ordered(source: Source) -> models.QuerySet[Claim]:
    """Without those that were merged: the others say what they said."""
    claims = source.claims.filter(merged_into=None).select_related("framework", "criterion").prefetch_related("checks")
    return claims.order_by(models.F("start").asc(nulls_last=True), "framework__slug", "criterion__slug", "statement")


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
    weights = profile.weights.select_related("criterion").order_by("-weight", "criterion__slug")
    return _fields(profile, "slug", "name", "order", "description") | {
        "weights": [
            {"criterion": one.criterion.slug, "weight": one.weight, "must_have": one.must_have or None}
            for one in weights
        ]
    }


def _fields(row: models.Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
