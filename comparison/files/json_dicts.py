"""Rows, verdicts and tables as the typed dictionaries that go out as JSON."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from comparison.evidence import Finding, Kind, Verdict
from comparison.files import json_types
from comparison.models import (
    Category,
    Check,
    Claim,
    Criterion,
    Edition,
    Framework,
    Measurement,
    Profile,
    ProfileExclusion,
    ProfileWeight,
    Source,
)
from comparison.row_outcomes import positions
from comparison.tables.checks import CheckedClaim, ScoreSheet
from comparison.tables.disputes import Dispute
from comparison.tables.experiments import Experiment
from comparison.tables.experiments.pages import ExperimentPage, RunFacts
from comparison.tables.table import Cell, Reference, Row, Table


def framework_dict(framework: Framework) -> json_types.Framework:
    return {
        "slug": framework.slug,
        "name": framework.name,
        "tagline": framework.tagline,
        "homepage": framework.homepage,
        "repository": framework.repository,
        "licence": framework.licence,
        "first_release_year": framework.first_release_year,
        "aliases": framework.aliases.splitlines(),
        "url": framework.get_absolute_url(),
    }


def category_dict(category: Category) -> json_types.Category:
    return {"slug": category.slug, "name": category.name, "order": category.order}


def criterion_dict(criterion: Criterion) -> json_types.Criterion:
    """The criterion must come with its category and related criteria, else each costs a query."""
    return {
        "slug": criterion.slug,
        "name": criterion.name,
        "category": criterion.category.slug,
        "kind": criterion.kind,
        "unit": criterion.unit,
        "lower_is_better": criterion.lower_is_better,
        "question": criterion.question,
        "help_text": criterion.help_text,
        "synonyms": criterion.synonyms.splitlines(),
        "related": sorted(other.slug for other in criterion.related.all()),
        "url": criterion.get_absolute_url(),
    }


def source_dict(source: Source) -> json_types.Source:
    return {
        "slug": source.slug,
        "title": source.title,
        "kind": source.kind,
        "publisher": source.publisher,
        "author": source.author,
        "address": source.address,
        "published": source.published.isoformat() if source.published else None,
        "accessed": source.accessed.isoformat() if source.accessed else None,
        "language": source.language,
        "note": source.note,
        "repeats": source.repeats.slug if source.repeats else None,
        "part_of": source.part_of.slug if source.part_of else None,
        "framework": source.framework.slug if source.framework else None,
        "version": source.framework_version,
        "text_licence": source.text_licence,
        "file": source.file,
        "experiment": source.experiment,
        "text_sha256": source.text_sha256,
        "text_length": source.text_length,
        "url": source.get_absolute_url(),
    }


def claim_dict(claim: Claim, checks: Iterable[Check] | None = None) -> json_types.Claim:
    """The claim must come with its framework, criterion, source and checks, else each costs a query."""
    return {
        "id": claim.pk,
        "framework": claim.framework.slug,
        "criterion": claim.criterion.slug,
        "category": claim.criterion.category.slug,
        "kind": claim.criterion.kind,
        "source": (claim.source.part_of or claim.source).slug,
        "section": claim.section,
        "start": claim.start,
        "end": claim.end,
        "statement": claim.statement,
        "value": claim_value(claim),
        "state": claim.state,
        "findings": [check_dict(check) for check in (claim.checks.all() if checks is None else checks)],
        "version_range": claim.version_range,
        "url": claim.get_absolute_url(),
        "updated_edition": claim.updated_edition,
        "part": claim.source.slug if claim.source.part_of else None,
    }


def claim_value(claim: Claim) -> json_types.ClaimValue:
    if claim.level is not None:
        return {"level": claim.level}
    if claim.support:
        return {"support": claim.support}
    if claim.low is not None and claim.high is not None:
        return {"low": float(claim.low), "high": float(claim.high), "unit": claim.criterion.unit}
    return {"item": claim.item}


def check_dict(check: Check) -> json_types.Check:
    return {"finding": check.finding, "note": check.note, "evidence": check.evidence, "on": check.on.isoformat()}


def checked_claim_dict(row: CheckedClaim) -> json_types.CheckedClaim:
    check = next(check for check in row.checks if check.finding == row.finding)
    return {
        "claim": row.claim.pk,
        "framework": row.claim.framework.slug,
        "criterion": row.claim.criterion.slug,
        "source": row.claim.source.slug,
        "statement": row.claim.statement,
        "finding": str(row.finding),
        "note": check.note,
        "on": check.on.isoformat(),
        "decided_by": sorted(claim.pk for claim in check.decided_by.all()),
        "shift": round(row.shift, 4),
        "with_it": row.with_it,
        "without_it": row.without_it,
        "url": row.claim.get_absolute_url(),
    }


def score_sheet_dict(sheet: ScoreSheet) -> json_types.ScoreSheet:
    return {
        "source": sheet.source.slug,
        "confirmed": sheet.counts[Finding.CONFIRMED],
        "misleading": sheet.counts[Finding.MISLEADING],
        "outdated": sheet.counts[Finding.OUTDATED],
        "false": sheet.counts[Finding.FALSE],
        "open": sheet.open,
    }


def experiment_dict(experiment: Experiment) -> json_types.Experiment:
    return {
        "slug": experiment.slug,
        "title": experiment.title,
        "question": experiment.question,
        "method": experiment.method,
        "group": experiment.group,
        "variants": list(experiment.variants),
        "unit": experiment.unit,
        "lower_is_better": experiment.lower_is_better,
        "feeds": dict(experiment.feeds),
        "url": reverse("experiment", args=[experiment.slug]),
    }


def experiment_results_dict(page: ExperimentPage) -> json_types.ExperimentResults:
    return {
        **experiment_dict(page.experiment),
        "code": page.experiment.code,
        "runs": [run_dict(run.facts) for run in page.runs],
        "results": [measurement_dict(measurement) for measurement in page.measurements],
    }


def run_dict(facts: RunFacts) -> json_types.Run:
    return {
        "slug": facts.source.slug,
        "published": facts.source.published.isoformat() if facts.source.published else None,
        "rounds": facts.rounds,
        "machine": dict(facts.machine),
        "versions": list(facts.versions),
    }


def measurement_dict(measurement: Measurement) -> json_types.Measurement:
    """The measurement must come with its framework, part and run, else each costs a query."""
    run = measurement.part.part_of or measurement.part
    return {
        "run": run.slug,
        "published": run.published.isoformat() if run.published else None,
        "framework": measurement.framework.slug,
        "variant": measurement.variant,
        "unit": measurement.unit,
        "median": measurement.median,
        "low": measurement.low,
        "high": measurement.high,
        "samples": list(measurement.samples),
        "noisy": measurement.is_noisy,
        "outcome": measurement.outcome,
        "detail": measurement.detail,
        "failure": measurement.failure,
    }


def profile_dict(profile: Profile) -> json_types.Profile:
    return {
        "slug": profile.slug,
        "name": profile.name,
        "description": profile.description,
        "order": profile.order,
        "weights": [profile_weight_dict(weight) for weight in profile.weights.all()],
        "leaves_out": [profile_exclusion_dict(exclusion) for exclusion in profile.exclusions.all()],
    }


def profile_weight_dict(weight: ProfileWeight) -> json_types.ProfileWeight:
    return {"criterion": weight.criterion.slug, "weight": weight.weight, "must_have": weight.must_have}


def profile_exclusion_dict(exclusion: ProfileExclusion) -> json_types.ProfileExclusion:
    return {"framework": exclusion.framework.slug, "reason": exclusion.reason}


def edition_dict(edition: Edition) -> json_types.Edition:
    return {"number": edition.number, "at": edition.at.isoformat(), "summary": edition.summary}


def table_dict(table: Table, rows: Sequence[Row], edition: Edition) -> json_types.Table:
    return {
        "edition": edition.number,
        "frameworks": [framework.slug for framework in table.frameworks],
        "rows": [row_dict(row, table.references) for row in rows],
        "sources": [reference_dict(reference) for reference in cited_references(table).values()],
    }


def cited_references(table: Table) -> dict[int, Reference]:
    """The references of the sources that the table's verdicts rest on, by the source's key."""
    chosen = table.chosen_sources
    return {
        pk: reference for pk, reference in table.references.items() if not chosen or reference.source.slug in chosen
    }


def row_dict(row: Row, references: Mapping[int, Reference]) -> json_types.Row:
    row_positions = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    return {
        "criterion": row.criterion.slug,
        "category": row.criterion.category.slug,
        "kind": row.criterion.kind,
        "outcome": str(row.outcome.result),
        "reason": None if row.outcome.reason is None else str(row.outcome.reason),
        "leader": row.leader.slug if row.leader else None,
        "together": [framework.slug for framework in row.together],
        "cells": {
            cell.framework.slug: cell_dict(cell, references, position)
            for cell, position in zip(row.cells, row_positions, strict=True)
        },
    }


def cell_dict(cell: Cell, references: Mapping[int, Reference], position: float | None) -> json_types.Cell:
    """`position` is the verdict's place in its row, which for figures depends on the others."""
    verdict = cell.verdict
    return {
        "state": str(verdict.state),
        "value": verdict_value(verdict),
        "position": None if position is None else round(position, 4),
        "strength": round(verdict.strength, 4),
        "for": list(verdict.supporting),
        "against": list(verdict.opposing),
        "reported": list(verdict.reported),
        "sources": sorted(references[pk].source.slug for pk in verdict.sources),
    }


def verdict_value(verdict: Verdict) -> json_types.VerdictValue:
    if not verdict.is_known:
        return None
    if verdict.figure:
        middle = round(
            verdict.figure.median, 6
        )  # claims have four decimals; what comes after them is binary arithmetic
        return {"median": middle, "low": verdict.figure.low, "high": verdict.figure.high}
    if verdict.kind is Kind.LIST:
        return [{"item": item.name, "sources": item.sources, "claims": list(item.claims)} for item in verdict.items]
    if verdict.support:
        return str(verdict.support)
    return None if verdict.position is None else round(2 * verdict.position, 4)


def reference_dict(reference: Reference) -> json_types.Reference:
    source = reference.source
    return {
        "number": reference.number,
        "slug": source.slug,
        "title": source.title,
        "kind": source.kind,
        "publisher": source.publisher,
        "author": source.author,
        "address": source.address,
        "weight": reference.weight,
        "opinion_weight": reference.opinion_weight,
    }


def dispute_dict(dispute: Dispute, references: Mapping[int, Reference]) -> json_types.Dispute:
    return {
        "framework": dispute.cell.framework.slug,
        "criterion": dispute.criterion.slug,
        "category": dispute.criterion.category.slug,
        "kind": dispute.criterion.kind,
        "width": round(dispute.width, 4),
        **cell_dict(dispute.cell, references, dispute.cell.verdict.position),
    }
