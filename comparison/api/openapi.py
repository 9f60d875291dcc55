"""The OpenAPI document, made from the table of endpoints and the filters, so that it cannot differ from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_filters import ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter, NumberFilter

from comparison.api.schemas import SCHEMAS, page_of, ref
from comparison.evidence import Finding
from comparison.files.json_ld import LICENCE_NAME
from comparison.files.json_types import Json
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from comparison.web.caching import View
from comparison.web.pagination import MAX_PAGE_SIZE, PAGE_SIZE

FILES = (
    "\n\nBeside the API, pages come as files: lists and rows as `.csv`, `.json` and `.md` in place of the last slash, "
    "comparisons (`/compare/{names}`) also as `.tidy.csv` (a row per criterion and framework) and `.compact.md` "
    "(verdicts without claims), recommendations (`/recommend/{profile}`) as `.md` (a decision record) and `.json`. "
    "`/badge/{framework}/{criterion}.svg` is a verdict as a picture, `/compare/{names}/embed/` a table for frames."
)
JSON = "application/json"
HTML = "text/html"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an endpoint. `schema` is that of a single value, also where the parameter may be repeated."""

    name: str
    description: str
    schema: Json
    repeatable: bool = False
    in_path: bool = False


@dataclass(frozen=True)
class Endpoint:
    """An address of the API. `answers` names the schema of what it returns; empty where that is not catalogue data."""

    name: str
    route: str
    view: View
    summary: str
    answers: str = ""
    is_list: bool = False
    parameters: Sequence[Parameter] = ()
    media: str = JSON
    redirects: str = ""  # to where, in words; empty if it never redirects

    @property
    def path(self) -> str:
        """The route as OpenAPI writes it, relative to the server's address."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.route)

    @property
    def query(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters if not parameter.in_path}


# Parameters. The filters themselves say what values they take; these texts say what they mean.

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
    "show": "Rows in which a framework leads, a verdict is disputed, or a framework has no evidence.",
    "min_sources": "Rows that rest on at least so many sources.",
    "differ": "Rows in which these frameworks, two or more by slug, differ from one another.",
    "view": "The form of the page at the same address; it changes no data.",
    "sort": "Order of the rows; by category unless told otherwise.",
    "order": "Order of the frameworks, by slug; those not named follow.",
    "reference": "The framework that comes first, by slug, where no order is given.",
    "open": "The row opened on the page at the same address; it changes no data.",
    "q": "Every word stands in the criterion's name, question, synonyms, help or category.",
}
PAGE_PARAMETERS = (
    Parameter("page", "The page, counted from 1.", {"type": "integer", "minimum": 1, "default": 1}),
    Parameter(
        "page_size",
        "How many results a page has.",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    ),
)


def path_parameter(name: str, description: str, kind: str = "string") -> Parameter:
    return Parameter(name, description, {"type": kind}, in_path=True)


def filter_parameters(filters: type[FilterSet], meanings: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The parameters that a set of filters reads. Raises KeyError for a filter without a meaning."""
    return tuple(
        Parameter(name, meanings[name], _filter_schema(filter_), isinstance(filter_, MultipleChoiceFilter))
        for name, filter_ in filters.base_filters.items()
    )


def _filter_schema(filter_: Any) -> Json:
    if isinstance(filter_, NumberFilter):
        return {"type": "integer", "minimum": filter_.extra["min_value"], "maximum": filter_.extra["max_value"]}
    if choices := _fixed_choices(filter_):
        return {"type": "string", "enum": choices}
    max_length = filter_.extra.get("max_length")
    return {"type": "string", "maxLength": max_length} if max_length else {"type": "string"}


def _fixed_choices(filter_: Any) -> list[str]:
    """The values that do not depend on the catalogue."""
    if isinstance(filter_, ModelMultipleChoiceFilter) or not isinstance(filter_, ChoiceFilter | MultipleChoiceFilter):
        return []
    return [value for value, _ in filter_.extra.get("choices", ())]


CLAIM_PARAMETERS = (*filter_parameters(ClaimFilter, CLAIM_FILTERS), *PAGE_PARAMETERS)
CHECK_PARAMETERS = (
    Parameter(
        "finding",
        "What was found.",
        {"type": "string", "enum": [str(finding) for finding in Finding]},
        repeatable=True,
    ),
    Parameter("source", "Checked claims of this source, by slug.", {"type": "string"}, repeatable=True),
    Parameter("framework", "Checked claims about this framework, by slug.", {"type": "string"}, repeatable=True),
    *PAGE_PARAMETERS,
)
TABLE_PARAMETERS = filter_parameters(TableFilter, TABLE_FILTERS)


# The document.


def openapi_document(title: str, server: str, endpoints: Iterable[Endpoint], examples: Mapping[str, str]) -> Json:
    """`examples` are values by the name of the parameter; in a path by the endpoint's and the parameter's name."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title} API",
            "version": "1",
            "description": "Read-only. Every answer is a function of the edition and the address: ask with "
            "If-None-Match and get 304 until something is published. Any origin may read." + FILES,
            "license": {"name": LICENCE_NAME, "identifier": LICENCE_NAME},
        },
        "servers": [{"url": server.rstrip("/") or "/"}],
        "paths": {endpoint.path: {"get": _operation(endpoint, examples)} for endpoint in endpoints},
        "components": {"schemas": SCHEMAS, "responses": PROBLEM_RESPONSES},
    }


def _operation(endpoint: Endpoint, examples: Mapping[str, str]) -> Json:
    responses = {
        "200": {"description": endpoint.summary, "content": {endpoint.media: {"schema": _answer_schema(endpoint)}}},
        "304": {"description": "Unchanged since the answer whose ETag If-None-Match names."},
        "400": {"$ref": "#/components/responses/BadParameter"},
    }
    if endpoint.redirects:
        responses["301"] = {"description": endpoint.redirects}
    if endpoint.is_list or any(parameter.in_path for parameter in endpoint.parameters):
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [_parameter(parameter, endpoint, examples) for parameter in endpoint.parameters],
        "responses": dict(sorted(responses.items())),
    }


def _answer_schema(endpoint: Endpoint) -> Json:
    if not endpoint.answers:
        return {"type": "object"} if endpoint.media == JSON else {"type": "string"}
    return page_of(endpoint.answers) if endpoint.is_list else ref(endpoint.answers)


def _parameter(parameter: Parameter, endpoint: Endpoint, examples: Mapping[str, str]) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.in_path,
        "description": parameter.description,
        "schema": {"type": "array", "items": parameter.schema} if parameter.repeatable else parameter.schema,
    }
    if parameter.repeatable:
        described |= {"style": "form", "explode": True}
    example = examples.get(f"{endpoint.name} {parameter.name}" if parameter.in_path else parameter.name)
    if example is not None:
        value: Any = int(example) if parameter.schema["type"] == "integer" else example
        described["example"] = [value] if parameter.repeatable else value
    return described


def _problem_response(description: str) -> Json:
    return {"description": description, "content": {PROBLEM: {"schema": ref("Problem")}}}


PROBLEM_RESPONSES = {
    "BadParameter": _problem_response("A parameter is unknown, repeated or has a value that is not understood."),
    "NotFound": _problem_response("Nothing of that name is here, or the list has no such page."),
}
