"""Tables and lists to take along: one document, written as JSON, CSV or Markdown.

The shapes of the JSON are hand-listed here and held by tests; the API answers with the same.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.evidence import Finding, Kind, Verdict
from comparison.models import Category, Check, Claim, Criterion, Edition, Framework, Profile, Source
from comparison.tables.cells import outcome_text, state_label
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.wording import label, number, signed, span, verdict_word

Json = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """The same rows three times: as data, and as columns of text. `notes` are the footnotes of the Markdown."""

    title: str
    data: Json
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""


def to_csv(document: Document) -> str:
    """With a byte order mark, so that spreadsheets read UTF-8, and no cell that a spreadsheet would run."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([defused(name) for name in document.columns])
    for row in document.rows:
        writer.writerow([defused(_spelled_out(value, document.notes)) for value in row])
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the footnote of its source, and its place."""

    text: str
    mark: str
    place: str


def _spelled_out(value: Any, notes: Mapping[str, str]) -> Any:
    """A cell as text, footnotes written out, for where there is no foot."""
    if isinstance(value, tuple):
        return "; ".join(f"{one.text} [{notes[one.mark].rstrip('.')}] ({one.place})" for one in value)
    return value


def defused(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and (value[:1] in {"\t", "\r", "\n"} or value.lstrip()[:1] in {"=", "+", "-", "@"}):
        return "'" + value
    return value


def to_markdown(document: Document) -> str:
    lines = [f"# {_md_text(document.title)}", ""]
    if document.lead:
        lines += [document.lead, ""]
    lines += [_md_row(document.columns), "|" + "---|" * len(document.columns)]
    lines += [_md_row(row) for row in document.rows]
    lines += [""] + [f"[^{mark}]: {_md_text(text)}" for mark, text in document.notes.items()]
    return "\n".join(lines).rstrip() + "\n"


def _md_row(values: Iterable[Any]) -> str:
    return "| " + " | ".join(_md_cell(value) for value in values) + " |"


def _md_cell(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{_md_text(one.text)} [^{one.mark}] ({one.place})" for one in value)
    return _md_text("" if value is None else str(value))


def _md_text(text: str) -> str:
    for mark in "\\|<*_`[]!":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())


# What each thing is as data.


def framework_dict(framework: Framework) -> Json:
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


def profile_dict(profile: Profile) -> Json:
    return {
        "slug": profile.slug,
        "name": profile.name,
        "description": profile.description,
        "order": profile.order,
        "weights": [
            {"criterion": one.criterion.slug, "weight": one.weight, "must_have": one.must_have}
            for one in profile.weights.all()
        ],
    }


def category_dict(category: Category) -> Json:
    return {"slug": category.slug, "name": category.name, "order": category.order}


def criterion_dict(criterion: Criterion) -> Json:
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
        "url": criterion.get_absolute_url(),
    }


def source_dict(source: Source) -> Json:
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
        "text_sha256": source.text_sha256,
        "text_length": source.text_length,
        "url": source.get_absolute_url(),
    }


def edition_dict(edition: Edition) -> Json:
    return {"number": edition.number, "at": edition.at.isoformat(), "summary": edition.summary}


def claim_dict(claim: Claim) -> Json:
    """Wants a claim with its names and checks."""
    return {
        "id": claim.pk,
        "framework": claim.framework.slug,
        "criterion": claim.criterion.slug,
        "category": claim.criterion.category.slug,
        "kind": claim.criterion.kind,
        "source": claim.source.slug,
        "section": claim.section,
        "start": claim.start,
        "end": claim.end,
        "statement": claim.statement,
        "value": claim_value(claim),
        "state": claim.state,
        "findings": [check_dict(check) for check in claim.checks.all()],
        "version_range": claim.version_range,
        "url": claim.get_absolute_url(),
        "updated_edition": claim.updated_edition,
    }


def claim_value(claim: Claim) -> Json:
    if claim.level is not None:
        return {"level": claim.level}
    if claim.support:
        return {"support": claim.support}
    if claim.low is not None and claim.high is not None:
        return {"low": float(claim.low), "high": float(claim.high), "unit": claim.criterion.unit}
    return {"item": claim.item}


def check_dict(check: Check) -> Json:
    return {"finding": check.finding, "note": check.note, "evidence": check.evidence, "on": check.on.isoformat()}


def verdict_value(verdict: Verdict) -> Any:
    """Score, support, figure or items; None where nothing is known."""
    if not verdict.known:
        return None
    if verdict.figure:
        return {"median": verdict.figure.median, "low": verdict.figure.low, "high": verdict.figure.high}
    if verdict.kind is Kind.LIST:
        return [{"item": item.name, "sources": item.sources, "claims": list(item.claims)} for item in verdict.items]
    if verdict.support:
        return str(verdict.support)
    return None if verdict.score is None else round(verdict.score, 4)


def cell_dict(cell: Cell, references: Mapping[int, Reference]) -> Json:
    verdict = cell.verdict
    return {
        "state": str(verdict.state),
        "value": verdict_value(verdict),
        "for": list(verdict.supporting),
        "against": list(verdict.opposing),
        "sources": sorted(references[one].source.slug for one in verdict.sources),
    }


def row_dict(row: Row, references: Mapping[int, Reference]) -> Json:
    return {
        "criterion": row.criterion.slug,
        "category": row.criterion.category.slug,
        "kind": row.criterion.kind,
        "outcome": str(row.outcome.result),
        "leader": row.leader.slug if row.leader else None,
        "cells": {cell.framework.slug: cell_dict(cell, references) for cell in row.cells},
    }


def table_dict(table: Table, rows: Sequence[Row], edition: Edition) -> Json:
    return {
        "edition": edition.number,
        "frameworks": [one.slug for one in table.frameworks],
        "rows": [row_dict(row, table.references) for row in rows],
        "sources": [reference_dict(one) for one in cited(table).values()],
    }


def cited(table: Table) -> dict[int, Reference]:
    """The references of the sources that the table's verdicts rest on."""
    chosen = table.chosen_sources
    return {pk: one for pk, one in table.references.items() if not chosen or one.source.slug in chosen}


def reference_dict(reference: Reference) -> Json:
    source = reference.source
    names = ("slug", "title", "kind", "publisher", "author", "address")
    return {"number": reference.number} | {name: getattr(source, name) for name in names} | {"weight": reference.weight}


# Documents.


def table_document(table: Table, rows: Sequence[Row], edition: Edition, title: str, url: str) -> Document:
    """`url` leads to the page that shows just these rows and verdicts."""
    columns = ["Category", "Criterion", "Outcome"]
    for framework in table.frameworks:
        columns += [framework.name, f"{framework.name}: evidence", f"{framework.name}: claims and sources"]
    lines = []
    for row in rows:
        bold, why = outcome_text(row, table.references)
        line: list[Any] = [row.criterion.category.name, row.criterion.name, f"{bold}, {why}" if why else bold]
        for cell in row.cells:
            line += [
                cell_text(cell, row.criterion.unit),
                _evidence(cell, table.references),
                tuple(_cited(cell, table.references)),
            ]
        lines.append(line)
    lead = f"Edition {edition.number}, {edition.at:%d %B %Y}. {url}"
    return Document(title, table_dict(table, rows, edition), columns, lines, citations(cited(table)), lead)


def _evidence(cell: Cell, references: Mapping[int, Reference]) -> str:
    """The state of a verdict as the page words it: lists are never weighed."""
    listed = cell.verdict.kind is Kind.LIST and len(cell.verdict.opinions) > 1
    return state_label(cell, references) if listed else label(cell.verdict.state)


def cell_text(cell: Cell, unit: str) -> str:
    """A verdict in one line."""
    verdict = cell.verdict
    word = verdict_word(verdict)
    if verdict.score is not None:
        return f"{word} ({signed(verdict.score)})"
    if verdict.figure:
        return f"{span(verdict.figure.low, verdict.figure.high)} {unit}"
    if verdict.items:
        return ", ".join(item.name for item in verdict.items)
    return word


def _cited(cell: Cell, references: Mapping[int, Reference]) -> Iterator[Said]:
    """Each claim that counts, with its side, its source's footnote and its place."""
    verdict = cell.verdict
    for sign, ids in (
        ("+", verdict.supporting),
        ("\N{MINUS SIGN}", verdict.opposing),
        ("\N{MIDDLE DOT}", verdict.neutral),
    ):
        for claim in cell.claim_list(ids):
            place = f", characters {claim.start}\N{EN DASH}{claim.end}" if claim.start is not None else ""
            mark = str(references[claim.source_id].number)
            yield Said(f"({sign}) {claim.statement}", mark, f"claim {claim.pk}{place}")


def citations(references: Mapping[int, Reference]) -> dict[str, str]:
    return {str(one.number): citation(one.source) for one in references.values()}


def citation(source: Source) -> str:
    """A source as one cites it."""
    who = f"{source.author}, " if source.author else ""
    title = source.title if source.title.endswith(("?", "!", ".")) else f"{source.title}."
    publisher = source.publisher or "Publisher not stated"
    when = source.published.isoformat() if source.published else "undated"
    return f"{who}{title} {publisher}, {when}. {source.address or 'Address not known'}."


def list_document(title: str, results: Sequence[Json], edition: Edition, extra: Json | None = None) -> Document:
    """A list of flat dictionaries; nested values are written as JSON in CSV and Markdown."""
    columns = list(results[0]) if results else ["nothing"]
    rows = [[_flat(one[name]) for name in columns] for one in results]
    page = extra or {"count": len(results), "next": None, "previous": None}
    data = {"edition": edition.number, **page, "results": list(results)}
    return Document(title, data, columns, rows)


def _flat(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def claims_document(title: str, claims: Sequence[Claim], edition: Edition, extra: Json | None = None) -> Document:
    """Claims with everything a citation needs in columns of its own."""
    columns = ["id", "framework", "criterion", "category", "kind", "statement", "value", "findings", "versions"]
    columns += ["source", "title", "author", "publisher", "published", "address", "section", "start", "end", "url"]
    rows = []
    for claim in claims:
        source = claim.source
        findings = ", ".join(sorted({Finding(check.finding) for check in claim.checks.all()}))
        row: list[Any] = [claim.pk, claim.framework.slug, claim.criterion.slug, claim.criterion.category.slug]
        row += [claim.criterion.kind, claim.statement, _value_cell(claim), findings, claim.version_range, source.slug]
        published = source.published.isoformat() if source.published else ""
        row += [source.title, source.author, source.publisher, published, source.address]
        rows.append([*row, claim.section, claim.start, claim.end, claim.get_absolute_url()])
    page = extra or {"count": len(claims), "next": None, "previous": None}
    data = {"edition": edition.number, **page, "results": [claim_dict(one) for one in claims]}
    return Document(title, data, columns, rows)


def _value_cell(claim: Claim) -> Any:
    if claim.level is not None:
        return claim.level
    if claim.low is not None and claim.high is not None:
        return f"{number(float(claim.low))} to {number(float(claim.high))} {claim.criterion.unit}"
    return claim.support or claim.item
