"""The OpenAPI document, made from the table of endpoints and the filters, so that it cannot differ from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.api.parameters import Parameter
from comparison.api.schemas import SCHEMAS, page_of, ref
from comparison.files.json_ld import LICENCE, LICENCE_NAME
from comparison.files.json_types import Json
from comparison.web.caching import View, is_known

FILES = (
    "\n\nBeside the API, pages come as files: lists and rows as `.csv`, `.json` and `.md` in place of the last slash, "
    "comparisons (`/compare/{names}`) also as `.tidy.csv` (a row per criterion and framework), `.compact.md` "
    "(verdicts without claims) and `.xlsx` (a workbook of verdicts, numbers and claims), recommendations "
    "(`/recommend/{profile}`) as `.md` (a decision record) and `.json`. "
    "`/badge/{framework}/{criterion}.svg` is a verdict as a picture, `/compare/{names}/embed/` a table for frames."
)
JSON = "application/json"
HTML = "text/html"
SCHEMA_JSON = "application/schema+json"
PROBLEM = "application/problem+json"
TAGS = {  # what an address belongs to, in the order of the document
    "Catalogue": "What is compared, by what, and who says so: everything that curators published.",
    "Verdicts": "What the claims add up to, criterion by criterion, with the claims on each side.",
    "Recommendations": "Which framework the evidence recommends for a kind of project, or for weights of your own.",
    "Checks": "Which claims documentation or a measurement confirms or contradicts.",
    "Experiments": "What was measured by running the frameworks, with all readings.",
    "About": "This API itself.",
}


@dataclass(frozen=True)
class Endpoint:
    """An address of the API. `answers` names the schema of what it returns; empty where that is not catalogue data."""

    name: str
    route: str
    view: View
    tag: str
    summary: str
    description: str
    answers: str = ""
    is_list: bool = False
    parameters: Sequence[Parameter] = ()
    media: str = JSON
    redirects: str = ""  # to where, in words; empty if it never redirects

    @property
    def path(self) -> str:
        """The route as OpenAPI writes it, relative to the server's address and without the last slash."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", self.route).removesuffix("/")

    @property
    def query(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters if not parameter.in_path}

    def query_parameter(self, name: str) -> Parameter | None:
        return next((parameter for known, parameter in self.query.items() if is_known(name, [known])), None)


@dataclass(frozen=True)
class Site:
    """What the document says of the site that serves it."""

    name: str
    api_path: str
    contact_url: str


def openapi_document(site: Site, endpoints: Iterable[Endpoint], examples: Mapping[str, str]) -> Json:
    """`examples` are values by the name of the parameter; in a path by the endpoint's and the parameter's name."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.name} API",
            "version": "1",
            "description": "Read-only. Every answer is a function of the edition and the address: ask with "
            "If-None-Match and get 304 until something is published. Any origin may read. A slash at the end of an "
            "address changes nothing." + FILES,
            "contact": {"name": site.name, "url": site.contact_url},
            "license": {"name": LICENCE_NAME, "url": LICENCE},
        },
        "servers": [{"url": site.api_path.rstrip("/") or "/", "description": "This site."}],
        "security": [],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
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
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": endpoint.description,
        "parameters": [_parameter(parameter, endpoint, examples) for parameter in endpoint.parameters],
        "responses": dict(sorted(responses.items())),
    }


def _answer_schema(endpoint: Endpoint) -> Json:
    if not endpoint.answers:
        return {"type": "string"} if endpoint.media == HTML else {"type": "object"}
    return page_of(endpoint.answers) if endpoint.is_list else ref(endpoint.answers)


def _parameter(parameter: Parameter, endpoint: Endpoint, examples: Mapping[str, str]) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.in_path,
        "description": parameter.description,
        "schema": _parameter_schema(parameter),
    }
    if parameter.repeatable or parameter.is_open:
        described |= {"style": "form", "explode": True}
    example = examples.get(f"{endpoint.name} {parameter.name}" if parameter.in_path else parameter.name)
    if example is not None:
        described["example"] = _example(parameter, example)
    return described


def _parameter_schema(parameter: Parameter) -> Json:
    """An open parameter is an object whose members are parameters, as `form` with `explode` writes it."""
    if parameter.is_open:
        names = {"pattern": f"^{re.escape(parameter.name[:-1])}"}
        return {"type": "object", "propertyNames": names, "additionalProperties": parameter.schema}
    return {"type": "array", "items": parameter.schema} if parameter.repeatable else parameter.schema


def _example(parameter: Parameter, example: str) -> Any:
    if parameter.is_open:
        return {example: parameter.schema["maximum"]}
    value: Any = int(example) if parameter.schema["type"] == "integer" else example
    return [value] if parameter.repeatable else value


def _problem_response(description: str) -> Json:
    return {"description": description, "content": {PROBLEM: {"schema": ref("Problem")}}}


PROBLEM_RESPONSES = {
    "BadParameter": _problem_response("A parameter is unknown, repeated or has a value that is not understood."),
    "NotFound": _problem_response("Nothing of that name is here, or the list has no such page."),
}
