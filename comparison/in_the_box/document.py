"""Boxes as files: JSON, CSV and Markdown of the same rows."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from comparison.evidence import Support
from comparison.files.documents import CitedStatement, Document, citation
from comparison.files.json_dicts import reference_dict
from comparison.in_the_box import json_types
from comparison.in_the_box.features import OFFER_WORDS, Addition, Box, Feature, Offer, count_words
from comparison.models import Edition, Framework
from comparison.tables.cells.views import state_label
from comparison.tables.table import Reference
from comparison.wording import label_within


def box_document(box: Box, edition: Edition, title: str, url: str) -> Document:
    """`url` leads to the page that shows the same."""
    columns = ["Category", "Feature"]
    for framework in box.frameworks:
        columns += [framework.name, f"{framework.name}: evidence", f"{framework.name}: claims and sources"]
    counted = [
        f"{framework.name}: {count_words(counts)}."
        for framework, counts in zip(box.frameworks, box.counts(), strict=True)
    ]
    rows = [
        [
            row.criterion.category.name,
            row.criterion.name,
            *(value for feature in row.features for value in _columns(feature, box.references)),
        ]
        for row in box.rows
    ]
    notes = {reference.source.slug: citation(reference.source) for reference in box.references.values()}
    lead = " ".join([*counted, f"Edition {edition.number}, {edition.at:%d %B %Y}. {url}"])
    return Document(title, box_dict(box, edition), columns, rows, notes, lead=lead)


def _columns(feature: Feature, references: Mapping[int, Reference]) -> list[Any]:
    cell = feature.cell
    word = OFFER_WORDS[feature.offer]
    if feature.offer is Offer.DISPUTED and cell.verdict.support:
        word = f"{word}, most say {label_within(cell.verdict.support)}"
    counted = cell.claim_list([*cell.verdict.supporting, *cell.verdict.opposing])
    statements = tuple(
        CitedStatement(
            f"({label_within(Support(claim.support))}) {claim.statement}",
            references[claim.speaker_id].source.slug,
            f"claim {claim.pk}",
        )
        for claim in counted
    )
    return [word[:1].upper() + word[1:], state_label(cell, references), statements]


def box_counts_dict(framework: Framework, counts: Mapping[Offer, int]) -> json_types.BoxCounts:
    return {
        "framework": framework.slug,
        "name": framework.name,
        "built_in": counts.get(Offer.BUILT_IN, 0),
        "partial": counts.get(Offer.PARTIAL, 0),
        "extension": counts.get(Offer.EXTENSION, 0),
        "none": counts.get(Offer.NONE, 0),
        "disputed": counts.get(Offer.DISPUTED, 0),
        "unknown": counts.get(Offer.UNKNOWN, 0),
        "not_applicable": counts.get(Offer.NOT_APPLICABLE, 0),
        "url": reverse("box", args=[framework.slug]),
    }


def box_dict(box: Box, edition: Edition) -> json_types.Box:
    return {
        "edition": edition.number,
        "frameworks": [framework.slug for framework in box.frameworks],
        "counts": {
            framework.slug: {str(offer): counts[offer] for offer in Offer}
            for framework, counts in zip(box.frameworks, box.counts(), strict=True)
        },
        "features": [
            {
                "criterion": row.criterion.slug,
                "category": row.criterion.category.slug,
                "cells": {
                    feature.cell.framework.slug: _feature_dict(feature, box.references) for feature in row.features
                },
            }
            for row in box.rows
        ],
        "sources": [reference_dict(reference) for reference in box.references.values()],
    }


def _feature_dict(feature: Feature, references: Mapping[int, Reference]) -> json_types.BoxFeature:
    verdict = feature.cell.verdict
    return {
        "offer": str(feature.offer),
        "support": str(verdict.support) if verdict.support else None,
        "state": str(verdict.state),
        "strength": round(verdict.strength, 4),
        "built_in": list(verdict.supporting),
        "not_built_in": list(verdict.opposing),
        "added_by": [_addition_dict(addition, references) for addition in feature.additions],
        "sources": sorted(references[pk].source.slug for pk in verdict.sources),
    }


def _addition_dict(addition: Addition, references: Mapping[int, Reference]) -> json_types.Addition:
    return {
        "package": addition.package.title if addition.package else None,
        "part": addition.package.slug if addition.package else None,
        "claims": [claim.pk for claim in addition.claims],
        "sources": sorted({references[claim.speaker_id].source.slug for claim in addition.claims}),
    }
