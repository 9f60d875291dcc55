"""The public catalogue in one file: by as many queries whatever its size, and a large one is sent as it is read.

It holds what pages show, and of claims only the published ones, without quotes.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from time import monotonic
from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse

from comparison.api.dump_types import DumpedMeasurement, NotApplicable
from comparison.files import json_dicts
from comparison.files.json_types import JsonObject
from comparison.models import Category, Check, Claim, Criterion, Edition, Framework, Measurement, Profile, Source
from comparison.models import NotApplicable as NotApplicableRow
from comparison.models.verdicts.stored import published_claims
from comparison.recommendation.asking.guide import question_dict, read_guide
from comparison.recommendation.load import rankable_criteria
from comparison.tables.experiments import all_experiments
from comparison.tables.experiments.pages import all_measurements, measured_runs, run_facts
from comparison.web.problems import JSON
from config.databases.replica import reads_from
from config.databases.snapshots import snapshot

MAX_AT_ONCE = 20_000  # claims of a file that is sent, and kept, as a page is
MAX_SECONDS = 900  # that somebody may take to read a larger one: it is read from one state of the database
CHUNK_SIZE = 2000  # rows that are fetched at once
ROWS_OF_PART = 200


def catalogue(request: HttpRequest) -> HttpResponse:
    schema_url = request.build_absolute_uri(reverse("api:catalogue_schema"))
    headers = {"Content-Disposition": 'inline; filename="catalogue.json"'}
    parts = _in_one_state(Edition.objects.db, dump(schema_url))
    if published_claims() <= MAX_AT_ONCE:
        return HttpResponse("".join(parts), content_type=JSON, headers=headers)
    large = StreamingHttpResponse(() if request.method == "HEAD" else parts, content_type=JSON, headers=headers)
    return cast(HttpResponse, large)  # whatever serves it asks whether it is streaming


def _in_one_state(alias: str, parts: Iterator[str]) -> Iterator[str]:
    """The parts, all read from the same state of this database, also if they are sent as they are read."""
    ends_at = monotonic() + MAX_SECONDS
    with reads_from(alias), snapshot(alias):
        for part in parts:
            if monotonic() > ends_at:
                raise TimeoutError(f"The catalogue was not read to its end within {MAX_SECONDS} seconds.")
            yield part


def dump(schema_url: str) -> Iterator[str]:
    """The file in parts."""
    edition = Edition.objects.order_by("-number")[:1].get()
    yield f'{{"$schema": {_json(schema_url)},\n"edition": {_json(json_dicts.edition_dict(edition))}'
    for name, rows in _lists():
        yield f',\n"{name}": ['
        for number, part in enumerate(_batches(map(_json, rows))):
            yield (",\n" if number else "\n") + ",\n".join(part)
        yield "\n]"
    yield "}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _batches(rows: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(rows, ROWS_OF_PART)):
        yield batch


def _lists() -> Iterator[tuple[str, Iterable[JsonObject]]]:
    """The lists by name, in the order of the schema."""
    frameworks = list(Framework.objects.order_by("slug"))
    criteria = list(Criterion.objects.select_related("category").prefetch_related("related"))
    sources = list(Source.objects.public().without_texts())
    yield "frameworks", map(json_dicts.framework_dict, frameworks)
    yield "categories", map(json_dicts.category_dict, Category.objects.all())
    yield "criteria", map(json_dicts.criterion_dict, criteria)
    yield "sources", map(json_dicts.source_dict, sources)
    yield "profiles", map(json_dicts.profile_dict, Profile.objects.with_question())
    guide = read_guide(QueryDict(), rankable_criteria())
    yield "questions", (question_dict(asked, guide) for asked in guide.questions)
    not_applicable = NotApplicableRow.objects.select_related("framework", "criterion")
    yield "not_applicable", map(not_applicable_dict, not_applicable.order_by("framework__slug", "criterion__slug"))
    yield "experiments", map(json_dicts.experiment_dict, all_experiments())
    yield "runs", (json_dicts.run_dict(run_facts(run)) for run in measured_runs())
    yield "measurements", map(measurement_dict, all_measurements().order_by("pk").iterator(CHUNK_SIZE))
    yield "claims", _claims(frameworks, criteria, sources)


def not_applicable_dict(row: NotApplicableRow) -> NotApplicable:
    return {"framework": row.framework.slug, "criterion": row.criterion.slug, "reason": row.reason}


def measurement_dict(measurement: Measurement) -> DumpedMeasurement:
    return {**json_dicts.measurement_dict(measurement), "experiment": measurement.part.experiment}


def _claims(
    frameworks: Iterable[Framework], criteria: Iterable[Criterion], sources: Iterable[Source]
) -> Iterator[JsonObject]:
    """The published claims in the order of their ids, each with its checks, which are read beside them."""
    framework_by_id, criterion_by_id = {row.pk: row for row in frameworks}, {row.pk: row for row in criteria}
    source_by_id = {row.pk: row for row in sources}
    claims = Claim.objects.published().for_table().defer("quote").order_by("pk")
    checks = Check.objects.filter(claim__in=Claim.objects.published()).order_by("claim", "on", "id").defer("by")
    groups = groupby(checks.iterator(CHUNK_SIZE), key=attrgetter("claim_id"))
    checked, found = next(groups, (0, iter(())))
    for claim in claims.iterator(CHUNK_SIZE):
        claim.framework, claim.criterion = framework_by_id[claim.framework_id], criterion_by_id[claim.criterion_id]
        claim.source = source_by_id[claim.source_id]
        if claim.pk != checked:
            yield json_dicts.claim_dict(claim, ())
            continue
        yield json_dicts.claim_dict(claim, list(found))
        checked, found = next(groups, (0, iter(())))
