"""The OpenAPI document of the API: worked out from the table of its endpoints, so that it cannot drift from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_filters import ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter, NumberFilter

from comparison.api.schemas import SCHEMAS, page_of, ref
from comparison.files.documents import Json
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from comparison.web.caching import View
from comparison.web.pagination import MAX_PAGE_SIZE

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
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": USUAL_PAGE},
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
