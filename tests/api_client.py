"""Addresses of the API, and clients that check what every answer has in common."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from comparison.api.schemas import SCHEMAS, ref
from tests.json_schema import as_list, validation_errors

API = "/api/v1/"
TABLE = f"{API}comparisons/alpha-vs-beta/"
LIST_NAMES = ("frameworks", "categories", "criteria", "sources", "claims", "profiles", "disputes", "editions")
LISTS = [f"{API}{name}/" for name in LIST_NAMES]
# To be filled with the key of the claim that the fixture of that name makes.
DETAILS = [f"{API}frameworks/alpha/", f"{API}criteria/speed/", f"{API}sources/article/", f"{API}claims/{{}}/", TABLE]
DETAILS += [f"{API}recommendations/", f"{API}recommendations/quick/"]
ALL = [API, f"{API}openapi.json", *LISTS, *DETAILS]
every_list = pytest.mark.parametrize("address", LISTS)
every_address = pytest.mark.parametrize("address", ALL)
SECRET = "Quoth the bird: nevermore, which nobody may see."


def get_json(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    return response.json()


def get_problem(client: Client, address: str, status: int = 400) -> Any:
    """The problem details of a refusal, after a check of their form."""
    response = client.get(address)
    problem = response.json()
    document = {"components": {"schemas": SCHEMAS}}
    assert list(validation_errors(problem, ref("Problem"), document)) == []
    assert (response.status_code, problem["status"]) == (status, status)
    assert problem["title"] == {400: "Bad Request", 404: "Not Found", 500: "Internal Server Error"}[status]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)
    return problem


# A client that knows nothing but the document.


def example_address(document: Any, path: str) -> str:
    """The address of a path of the document, with the examples of its parameters."""
    for parameter in document["paths"][path]["get"]["parameters"]:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    return document["servers"][0]["url"] + path


def possible_queries(parameter: Any) -> list[list[tuple[str, object]]]:
    """Queries the document says a parameter makes; the last page is no page of these catalogues."""
    if parameter["schema"]["type"] == "object":
        return [list(parameter["example"].items())] if "example" in parameter else []
    return [[(parameter["name"], value) for value in values] for values in possible_values(parameter)]


def possible_values(parameter: Any) -> list[list[object]]:
    """Lists of values the document says a parameter takes."""
    schema = parameter["schema"]
    item = schema.get("items", schema)
    choices = [[value] for value in item.get("enum", ())] + [
        [item[key]] for key in ("minimum", "default") if key in item
    ]
    if len(item.get("enum", ())) > 1 and schema["type"] == "array":
        choices.append(item["enum"])
    if "maximum" in item and parameter["name"] != "page":
        choices.append([item["maximum"]])
    if "maxLength" in item:
        choices.append(["x" * item["maxLength"]])
    if "example" in parameter:
        choices.append(as_list(parameter["example"]))
    return choices


def possible_requests(document: Any) -> Iterator[tuple[str, str]]:
    """Each path, with its address alone and with each possible value of each of its parameters."""
    for path, methods in document["paths"].items():
        address = example_address(document, path)
        yield path, address
        for parameter in methods["get"]["parameters"]:
            for query in possible_queries(parameter) if parameter["in"] == "query" else ():
                yield path, f"{address}?{urlencode(query)}"
