"""The OpenAPI document of the API: worked out from the table of its endpoints, so that it cannot drift from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django_filters import ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter, NumberFilter

from comparison.claim_filters import ClaimFilter
from comparison.evidence import Finding, Kind, Result, SourceKind, State, Support
from comparison.export import Json
from comparison.filters import TableFilter
from comparison.pages import View
from comparison.paging import LARGEST_PAGE
from comparison.recommend import Ending

JSON = "application/json"
HTML = "text/html"
PROBLEM = "application/problem+json"
USUAL_PAGE = 50


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address. `schema` is that of one value, also where it is repeatable."""

    name: str
    description: str
    schema: Json
    repeatable: bool = False
    in_path: bool = False


@dataclass(frozen=True)
class Endpoint:
    """One address of the API. `answers` names a component schema; empty for what is no data of the catalogue."""

    name: str
    route: str
    view: View
    summary: str
    answers: str = ""
    is_list: bool = False
    parameters: Sequence[Parameter] = ()
    media: str = JSON
    redirects: str = ""  # where to, if it does

    @property
    def path(self) -> str:
        """The route as OpenAPI writes it, from the server's address on."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.route)

    @property
    def query(self) -> dict[str, Parameter]:
        return {one.name: one for one in self.parameters if not one.in_path}


# Parameters. Those of the filters are read from the filters; here stands only what they mean.

CLAIM_FILTERS = {
    "framework": "Claims about this framework, by slug.",
    "criterion": "Claims on this criterion, by slug.",
    "category": "Claims on the criteria of this category, by slug.",
    "source": "Claims this source makes, by slug.",
    "kind": "Claims on criteria of this kind.",
    "side": "Claims in favour of a framework, against it, or neither.",
    "finding": "Claims that a check found so; “none” for those nobody checked.",
    "q": "Every word stands in statement, item or section.",
    "sort": "Order of the claims; the newest come first unless told otherwise.",
}
TABLE_FILTERS = {
    "criterion": "The row of this criterion, by slug.",
    "category": "The rows of this category, by slug.",
    "source": "Hears only this source, by slug, and works the verdicts out anew.",
    "kind": "Rows whose criterion is of this kind.",
    "show": "Rows in which a framework leads, a verdict is disputed, or somebody is not spoken of.",
    "min_sources": "Rows that rest on at least so many sources.",
    "sort": "Order of the rows; by category unless told otherwise.",
    "order": "Order of the frameworks, by slug; those not named follow.",
    "reference": "The framework that comes first, by slug, where no order is given.",
    "open": "The row opened on the page at the same address; it changes no data.",
    "q": "Every word stands in the criterion's name, question, synonyms, help or category.",
}
PAGES = (
    Parameter("page", "The page, counted from 1.", {"type": "integer", "minimum": 1, "default": 1}),
    Parameter(
        "page_size",
        "How many results a page has.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
    ),
)


def in_path(name: str, description: str, kind: str = "string") -> Parameter:
    return Parameter(name, description, {"type": kind}, in_path=True)


def filter_parameters(filters: type[FilterSet], meanings: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The parameters a set of filters reads. A filter without a meaning is a KeyError, so none goes undocumented."""
    return tuple(
        Parameter(name, meanings[name], _filter_schema(one), isinstance(one, MultipleChoiceFilter))
        for name, one in filters.base_filters.items()
    )


def _filter_schema(one: Any) -> Json:
    if isinstance(one, NumberFilter):
        return {"type": "integer", "minimum": one.extra["min_value"], "maximum": one.extra["max_value"]}
    known = [value for value, _ in one.extra.get("choices", ())]
    if (
        known
        and isinstance(one, ChoiceFilter | MultipleChoiceFilter)
        and not isinstance(one, ModelMultipleChoiceFilter)
    ):
        return {"type": "string", "enum": known}
    longest = one.extra.get("max_length")
    return {"type": "string", "maxLength": longest} if longest else {"type": "string"}


CLAIM_PARAMETERS = (*filter_parameters(ClaimFilter, CLAIM_FILTERS), *PAGES)
TABLE_PARAMETERS = filter_parameters(TableFilter, TABLE_FILTERS)


# Schemas of what is answered. Every property is always there; tests hold the answers against them.


def text(description: str = "") -> Json:
    return {"type": "string", "description": description} if description else {"type": "string"}


def words(kind: type[StrEnum], description: str = "") -> Json:
    return text(description) | {"enum": [one.value for one in kind]}


def whole(description: str = "", least: int = 0) -> Json:
    return {"type": "integer", "minimum": least} | ({"description": description} if description else {})


def maybe(schema: Json) -> Json:
    """The schema, or null where it is not known."""
    return schema | {"type": [schema["type"], "null"]}


def many(schema: Json, description: str = "") -> Json:
    return {"type": "array", "items": schema} | ({"description": description} if description else {})


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(description: str, properties: Json, optional: Sequence[str] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "required": required, "properties": properties}


SLUG = text("Its part of addresses.")
PAGE_PATH = text("Path of its page on the site.")
NUMBER: Json = {"type": "number"}
DATE = {"type": "string", "format": "date"}
CLAIM_IDS = many(whole(least=1))
CELL: Json = {
    "state": words(State, "How well the sources agree. `no evidence` never means no."),
    "value": ref("VerdictValue"),
    "for": CLAIM_IDS | {"description": "Ids of the counted claims in favour."},
    "against": CLAIM_IDS | {"description": "Ids of the counted claims against."},
    "sources": many(text(), "Slugs of the sources whose claims count."),
}

LED = maybe(text("Slug of the framework that would be named; null where none would."))
FLIPS: Json = {
    "weights": many(
        thing("One weight changed.", {"criterion": text("Slug."), "from": whole(), "to": whole(), "leader": LED})
    ),
    "sources": many(thing("One source left out.", {"source": text("Slug."), "leader": LED})),
    "unknowns": many(
        thing(
            "Something nobody knows, found out.",
            {
                "framework": text("Slug."),
                "criterion": text("Slug."),
                "best": {"type": "boolean", "description": "As good as can be, rather than as bad."},
                "leader": LED,
            },
        )
    ),
    "together": many(
        thing(
            "All that nobody knows of a framework, found out, where no part of it alone does as much.",
            {
                "framework": text("Slug."),
                "criteria": many(text(), "Slugs."),
                "best": {"type": "boolean", "description": "As good as can be, rather than as bad."},
                "leader": LED,
            },
        )
    ),
}
BY_SLUG: Json = {"type": "object", "additionalProperties": {"type": "string"}}
FIRMNESS = thing(
    "Nearby weightings, by what they would answer.",
    {
        "weightings": whole("How many were tried."),
        "exhaustive": {"type": "boolean", "description": "All there are, rather than draws."},
        "favour": {"type": "object", "description": "By framework.", "additionalProperties": whole()},
        "too_close": whole(),
        "stays_ahead": whole("Those in which nobody scores higher than the leader."),
    },
)

SCHEMAS: Json = {
    "Framework": thing(
        "A thing compared.",
        {
            "slug": SLUG,
            "name": text(),
            "tagline": text("One line that says what it is; may be empty."),
            "homepage": text("Empty where not known."),
            "repository": text("Empty where not known."),
            "licence": text("SPDX identifier; empty where not known."),
            "first_release_year": maybe(whole()),
            "aliases": many(text(), "Other names people use for it."),
            "url": PAGE_PATH,
        },
    ),
    "Category": thing(
        "A group of criteria.",
        {"slug": SLUG, "name": text(), "order": whole("Place among the categories, lowest first.")},
    ),
    "Criterion": thing(
        "One question asked of every framework.",
        {
            "slug": SLUG,
            "name": text(),
            "category": text("Slug of its category."),
            "kind": words(Kind, "Decides which value a claim carries."),
            "unit": text("Of figures; else empty."),
            "lower_is_better": maybe({"type": "boolean", "description": "Of figures; else null."}),
            "question": text(),
            "help_text": text("What belongs here."),
            "synonyms": many(text(), "Other words for it."),
            "url": PAGE_PATH,
        },
    ),
    "Source": thing(
        "An article, a documentation page, a measurement. Its text is never public.",
        {
            "slug": SLUG,
            "title": text(),
            "kind": words(SourceKind, "Decides its weight."),
            "publisher": text("Empty where not known."),
            "author": text("Empty where not known."),
            "address": text("Empty where not known."),
            "published": maybe(DATE),
            "accessed": maybe(DATE),
            "language": text("Language tag."),
            "note": text("What readers should know of it."),
            "repeats": maybe(text("Slug of the source it copies: the two count once.")),
            "text_sha256": text("Digest of the text as UTF-8; empty where it is not held."),
            "text_length": maybe(whole("Characters of the text.")),
            "url": PAGE_PATH,
        },
    ),
    "Claim": thing(
        "One source says one thing about one framework on one criterion, at one place in its text.",
        {
            "id": whole(least=1),
            "framework": text("Slug."),
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind, "Of the criterion."),
            "source": text("Slug."),
            "section": text("Heading under which it stands; may be empty."),
            "start": maybe(whole("First character in the source's text, from 0, in code points.")),
            "end": maybe(whole("The character after the last.")),
            "statement": text("What the source says, in our own words."),
            "value": ref("ClaimValue"),
            "state": {"type": "string", "const": "published"},
            "findings": many(ref("Check"), "Checks of it; found false or outdated it does not count."),
            "version_range": text("Versions it speaks of; may be empty."),
            "url": PAGE_PATH,
            "updated_edition": maybe(whole("The edition that last changed it.")),
        },
    ),
    "ClaimValue": {
        "description": "By kind: a level (rating, fit), a support (feature), a range (figure) or an item (list).",
        "oneOf": [
            thing("rating, fit", {"level": {"type": "integer", "minimum": -2, "maximum": 2}}),
            thing("feature", {"support": words(Support)}),
            thing("figure", {"low": NUMBER, "high": NUMBER, "unit": text()}),
            thing("list", {"item": text()}),
        ],
    },
    "Check": thing(
        "A curator's finding on a claim.",
        {"finding": words(Finding), "note": text(), "evidence": text("Address; may be empty."), "on": DATE},
    ),
    "Profile": thing(
        "A kind of project.",
        {
            "slug": SLUG,
            "name": text(),
            "description": text("Whose project it is."),
            "order": whole("Place among the profiles, lowest first."),
            "weights": many(ref("ProfileWeight")),
        },
    ),
    "ProfileWeight": thing(
        "How much a criterion matters.",
        {
            "criterion": text("Slug."),
            "weight": whole("1 nice to have … 3 essential."),
            "must_have": {"type": "boolean"},
        },
    ),
    "Recommendation": thing(
        "A ranking with its contributions, how firm it is, and what would change it.",
        {
            "edition": whole("The published state of the catalogue it was worked out from."),
            "address": text("The address that asks the same."),
            "profile": maybe(text("Slug; null for weights of one's own.")),
            "weights": {"type": "object", "description": "By criterion.", "additionalProperties": whole()},
            "must_haves": many(text(), "Slugs of criteria."),
            "outcome": thing(
                "How it ends.",
                {
                    "ending": words(Ending),
                    "leader": maybe(text("Slug of the framework named.")),
                    "sentence": text("The answer in a line."),
                    "headline": text("Who is named, or why nobody is."),
                    "standfirst": text("What the headline rests on."),
                    "untested": text("Why other weights could hardly change it; empty where they can."),
                },
            ),
            "ranking": many(ref("Standing")),
            "reasons": many(
                thing(
                    "What speaks for one of the first two over the other, strongest first.",
                    {"for": text("Slug of a framework."), "criterion": text("Slug."), "claim": whole(least=1)},
                )
            ),
            "others": many(
                thing(
                    "The first beside the third and the fourth: criteria, strongest first.",
                    {
                        "framework": text("Slug."),
                        "for_first": many(text(), "Slugs."),
                        "for_it": many(text(), "Slugs."),
                    },
                )
            ),
            "firmness": maybe(FIRMNESS),
            "flips": thing(
                "Single changes after which the answer is another.",
                FLIPS,
            ),
            "changes": many(thing("A change in words.", {"what": text(), "then": text()})),
            "cautions": many(text(), "When not to follow the answer."),
            "no_evidence": many(
                thing(
                    "A weighed criterion on which nobody speaks of some frameworks.",
                    {"criterion": text("Slug."), "frameworks": many(text(), "Slugs.")},
                )
            ),
            "names": thing(
                "What the slugs of the answer stand for.",
                {"frameworks": BY_SLUG, "criteria": BY_SLUG},
            ),
        },
    ),
    "Standing": thing(
        "A framework's place.",
        {
            "framework": text("Slug."),
            "score": NUMBER | {"description": "The sum of the contributions, −1 … +1."},
            "coverage": NUMBER | {"description": "Share of the weight that has evidence, 0 … 1."},
            "failed_must_haves": many(text(), "Slugs of criteria."),
            "unknown_must_haves": many(text(), "Slugs of criteria."),
            "must_haves": BY_SLUG | {"description": "The verdict on each must-have, in words."},
            "contributions": many(
                thing(
                    "What a criterion adds.",
                    {"criterion": text("Slug."), "weight": whole(), "contribution": NUMBER, "state": words(State)},
                )
            ),
        },
    ),
    "Table": thing(
        "The rows of a comparison.",
        {
            "edition": whole("The published state of the catalogue it was worked out from."),
            "frameworks": many(text(), "Slugs, in the order of the columns."),
            "rows": many(ref("Row")),
            "sources": many(ref("Reference"), "The sources heard, numbered alike under all filters."),
        },
    ),
    "Row": thing(
        "One criterion across the frameworks.",
        {
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind),
            "outcome": words(Result),
            "leader": maybe(text("Slug of the framework that leads.")),
            "cells": {"type": "object", "description": "By framework.", "additionalProperties": ref("Cell")},
        },
    ),
    "Cell": thing("A verdict: what the counted claims on one framework and criterion add up to.", CELL),
    "VerdictValue": {
        "description": "By kind: a score of −2 … +2 (rating, fit), a support, a figure, or a list's items; or null.",
        "oneOf": [
            {"type": "null"},
            {"type": "number", "minimum": -2, "maximum": 2},
            words(Support),
            thing("figure", {"median": NUMBER, "low": NUMBER, "high": NUMBER}),
            many(
                thing(
                    "An item, how many sources name it, and in which claims.",
                    {"item": text(), "sources": whole(least=1), "claims": CLAIM_IDS},
                )
            ),
        ],
    },
    "Reference": thing(
        "A source cited in a table.",
        {
            "number": whole("Its number in this table.", least=1),
            "slug": SLUG,
            "title": text(),
            "kind": words(SourceKind),
            "publisher": text(),
            "author": text(),
            "address": text(),
            "weight": whole("What its opinion weighs.", least=1),
        },
    ),
    "Dispute": thing(
        "A verdict on which the sources disagree.",
        {
            "framework": text("Slug."),
            "criterion": text("Slug."),
            "category": text("Slug of the criterion's category."),
            "kind": words(Kind),
            "width": {"type": "number", "minimum": 0, "maximum": 4, "description": "How far apart the sources are."},
            **CELL,
        },
    ),
    "Edition": thing(
        "A published change of the catalogue.",
        {"number": whole(), "at": {"type": "string", "format": "date-time"}, "summary": text()},
    ),
    "Problem": thing(
        "What went wrong (RFC 9457).",
        {
            "type": {"type": "string", "const": "about:blank"},
            "title": text("The status in words."),
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text("What to do about it, with suggestions where something is not found."),
            "errors": {
                "type": "object",
                "description": "What is wrong with each parameter.",
                "additionalProperties": text(),
            },
        },
        optional=["errors"],
    ),
}


def page_of(name: str) -> Json:
    link = {"type": ["string", "null"], "format": "uri"}
    return thing(
        "One page of a list.",
        {
            "count": whole("Results on all pages."),
            "next": link | {"description": "Address of the page after this; null on the last."},
            "previous": link | {"description": "Address of the page before this; null on the first."},
            "results": many(ref(name)),
        },
    )


# The document.


def document(title: str, server: str, endpoints: Iterable[Endpoint], examples: Mapping[str, str]) -> Json:
    """`examples` are values by the name of the parameter; in a path by the endpoint's and the parameter's name."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title} API",
            "version": "1",
            "description": "Read-only. Every answer is a function of the edition and the address: ask with "
            "If-None-Match and get 304 until something is published. Any origin may read.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server.rstrip("/") or "/"}],
        "paths": {one.path: {"get": operation(one, examples)} for one in endpoints},
        "components": {"schemas": SCHEMAS, "responses": PROBLEMS},
    }


def operation(endpoint: Endpoint, examples: Mapping[str, str]) -> Json:
    responses = {
        "200": {"description": endpoint.summary, "content": {endpoint.media: {"schema": answer(endpoint)}}},
        "304": {"description": "Unchanged since the answer whose ETag If-None-Match names."},
        "400": {"$ref": "#/components/responses/BadParameter"},
    }
    if endpoint.redirects:
        responses["301"] = {"description": endpoint.redirects}
    if endpoint.is_list or any(one.in_path for one in endpoint.parameters):
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [parameter(one, endpoint, examples) for one in endpoint.parameters],
        "responses": dict(sorted(responses.items())),
    }


def answer(endpoint: Endpoint) -> Json:
    if not endpoint.answers:
        return {"type": "object"} if endpoint.media == JSON else {"type": "string"}
    return page_of(endpoint.answers) if endpoint.is_list else ref(endpoint.answers)


def parameter(one: Parameter, endpoint: Endpoint, examples: Mapping[str, str]) -> Json:
    found: Json = {
        "name": one.name,
        "in": "path" if one.in_path else "query",
        "required": one.in_path,
        "description": one.description,
        "schema": {"type": "array", "items": one.schema} if one.repeatable else one.schema,
    }
    if one.repeatable:
        found |= {"style": "form", "explode": True}
    example = examples.get(f"{endpoint.name} {one.name}" if one.in_path else one.name)
    if example is not None:
        value: Any = int(example) if one.schema["type"] == "integer" else example
        found["example"] = [value] if one.repeatable else value
    return found


def _problem_response(description: str) -> Json:
    return {"description": description, "content": {PROBLEM: {"schema": ref("Problem")}}}


PROBLEMS = {
    "BadParameter": _problem_response("A parameter is unknown, repeated or has a value that is not understood."),
    "NotFound": _problem_response("Nothing of that name is here, or the list has no such page."),
}
