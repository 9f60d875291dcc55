"""The rules that redocly (recommended) and spectral (spectral:oas) hold OpenAPI documents to, each as a function."""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from comparison.api.parameters import TEXT
from tests.json_schema import as_list, has_type

pytestmark = pytest.mark.django_db


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    return ((path, operation) for path, methods in document["paths"].items() for operation in methods.values())


def nodes(value: Any, path: str = "#") -> Iterator[tuple[str, Any]]:
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, child in children:
        yield from nodes(child, f"{path}/{key}")


def schemas(document: Any) -> Iterator[tuple[str, Any]]:
    """The schemas of the document and those inside them; a property may be called type or enum."""
    whole = re.compile(r"/(?:schema|schemas/\w+)(?:/properties/\w+|/items|/additionalProperties|/oneOf/\d+)*$")
    return ((path, node) for path, node in nodes(document) if whole.search(path) and isinstance(node, dict))


def info(document: Any) -> Iterator[str]:
    """info-contact, info-description, info-license, info-license-url, license-url, contact-properties"""
    for name in ("title", "version", "description", "contact", "license"):
        if not document["info"].get(name):
            yield name
    if not document["info"]["license"].get("url") or "identifier" in document["info"]["license"]:
        yield "license: one of url and identifier; spectral asks for the url"
    if not document["info"]["contact"]["url"].startswith("http"):
        yield "contact"


def servers(document: Any) -> Iterator[str]:
    """no-empty-servers, oas3-api-servers, no-server-example.com, no-server-trailing-slash"""
    if not document["servers"]:
        yield "none"
    for server in document["servers"]:
        if server["url"].endswith("/") or "example.com" in server["url"] or "{" in server["url"]:
            yield server["url"]


def tags(document: Any) -> Iterator[str]:
    """tag-description, no-duplicated-tag-names, operation-tags, operation-tag-defined, operation-singular-tag"""
    names = [tag["name"] for tag in document["tags"]]
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    yield from (name for name, count in Counter(names).items() if count > 1 or name not in used)
    yield from (tag["name"] for tag in document["tags"] if not tag.get("description"))
    yield from (path for path, operation in operations(document) if len(operation["tags"]) != 1)
    yield from used - set(names)


def operation_texts(document: Any) -> Iterator[str]:
    """operation-summary, operation-description, operation-operationId, -unique, -url-safe, operation-id-valid-in-url"""
    for path, operation in operations(document):
        if not (operation.get("summary") and operation.get("description")):
            yield path
        if not re.fullmatch(r"\w+", operation.get("operationId", "")):
            yield path
    ids = Counter(operation["operationId"] for _, operation in operations(document))
    yield from (name for name, count in ids.items() if count > 1)


def answers(document: Any) -> Iterator[str]:
    """operation-2xx-response, operation-4xx-response, operation-success-response, and a description of each"""
    for path, operation in operations(document):
        if not {"2", "4"} <= {status[0] for status in operation["responses"]}:
            yield path
        for status, response in operation["responses"].items():
            if not (response.get("description") or response.get("$ref")):
                yield f"{path} {status}"


def paths(document: Any) -> Iterator[str]:
    """no-path-trailing-slash, path-keys-no-trailing-slash, path-not-include-query, path-declarations-must-exist"""
    for path in document["paths"]:
        if (path.endswith("/") and path != "/") or "?" in path or "{}" in path or not path.startswith("/"):
            yield path


def alike_paths(document: Any) -> Iterator[str]:
    """no-ambiguous-paths, no-identical-paths"""
    known = list(document["paths"])
    for index, path in enumerate(known):
        for other in known[:index]:
            pairs = list(zip(path.split("/"), other.split("/"), strict=False))
            is_as_long = path.count("/") == other.count("/")
            if is_as_long and all("{" in here or "{" in there or here == there for here, there in pairs):
                yield f"{path} {other}"


def parameters(document: Any) -> Iterator[str]:
    """path-parameters-defined, path-params, operation-parameters, operation-parameters-unique, parameter-description"""
    for path, operation in operations(document):
        given = [(each["in"], each["name"]) for each in operation["parameters"]]
        if len(set(given)) != len(given) or len({name for _, name in given}) != len(given):
            yield path
        if {name for place, name in given if place == "path"} != set(re.findall(r"\{(\w+)\}", path)):
            yield path
        for each in operation["parameters"]:
            if not each.get("description") or (each["in"] == "path" and each["required"] is not True):
                yield f"{path} {each['name']}"


def security(document: Any) -> Iterator[str]:
    """security-defined: by an empty list, which says that none is needed"""
    if document["security"] != []:
        yield "security"


def components(document: Any) -> Iterator[str]:
    """no-unresolved-refs, no-unused-components, oas3-unused-component, no-$ref-siblings"""
    pointers = {node["$ref"]: path for path, node in nodes(document) if isinstance(node, dict) and "$ref" in node}
    kept = {f"#/components/{kind}/{name}" for kind, group in document["components"].items() for name in group}
    yield from kept ^ set(pointers)
    yield from (name.rsplit("/")[-1] for name in kept if not re.fullmatch(r"[\w.-]+", name.rsplit("/")[-1]))


def words_of_enums(document: Any) -> Iterator[str]:
    """no-enum-type-mismatch, typed-enum, duplicated-entry-in-enum; null where the type allows it is among the words"""
    for path, schema in schemas(document):
        words, types = schema.get("enum", ()), as_list(schema.get("type", []))
        if len(set(words)) != len(words) or any(not any(has_type(word, name) for name in types) for word in words):
            yield path
        if words and ("null" in types) != (None in words):
            yield path


def sound_schemas(document: Any) -> Iterator[str]:
    """array-items, no-required-schema-properties-undefined, no-schema-type-mismatch, sound defaults and examples"""
    for path, schema in schemas(document):
        types = as_list(schema.get("type", []))
        if ("array" in types) != ("items" in schema) or ("properties" in schema and "object" not in types):
            yield path
        if not set(schema.get("required", ())) <= set(schema.get("properties", {})):
            yield path
        if "default" in schema and not any(has_type(schema["default"], name) for name in types):
            yield path
    for path, operation in operations(document):
        for each in operation["parameters"]:
            if "example" in each and not has_type(each["example"], each["schema"]["type"]):
                yield f"{path} {each['name']}"


def texts(document: Any) -> Iterator[str]:
    """no-eval-in-markdown, no-script-tags-in-markdown, no-invalid-media-type-examples, no-example-value-and-external"""
    for path, node in nodes(document):
        if isinstance(node, str) and ("<script" in node or "eval(" in node):
            yield path
        if path.endswith(("/externalValue", "/examples")):
            yield path


RULES = [info, servers, tags, operation_texts, answers, paths, alike_paths, parameters, security, components]
RULES += [words_of_enums, sound_schemas, texts]


def test_no_recommended_rule_of_linters_finds_anything(document) -> None:
    assert {rule.__doc__: list(rule(document)) for rule in RULES} == {rule.__doc__: [] for rule in RULES}


CLAIMS = ("paths", "/claims", "get")
CLAIM = ("components", "schemas", "Claim")
BREAKS: dict[Any, tuple[tuple[str, ...], Any]] = {  # for each rule a place in the document and what it forbids there
    info: (("info", "contact", "url"), "about"),
    servers: (("servers",), []),
    tags: ((*CLAIMS, "tags"), ["Other"]),
    operation_texts: ((*CLAIMS, "description"), ""),
    answers: ((*CLAIMS, "responses"), {"200": {"description": "Fine"}}),
    paths: (("paths", "/claims/"), {}),
    alike_paths: (("paths", "/{list}"), {}),
    parameters: ((*CLAIMS, "parameters"), [{"name": "of", "in": "path", "required": False}]),
    security: (("security",), [{"key": []}]),
    components: (("components", "schemas", "Other"), TEXT),
    words_of_enums: ((*CLAIM, "properties", "kind", "enum"), ["rating", 1]),
    sound_schemas: ((*CLAIM, "required"), ["mood"]),
    texts: ((*CLAIMS, "description"), "<script>"),
}


def test_each_rule_finds_what_it_forbids(document) -> None:
    assert list(BREAKS) == RULES
    for rule, ((*folders, name), value) in BREAKS.items():
        copy = deepcopy(document)
        target = reduce(getitem, folders, copy)
        target[name] = value
        assert list(rule(copy)), rule.__doc__


def test_weights_are_one_parameter_with_a_value_for_each_criterion(document) -> None:
    (weights,) = [each for each in document["paths"]["/recommendations"]["get"]["parameters"] if each["name"] == "w.*"]
    assert (weights["style"], weights["explode"], weights["example"]) == ("form", True, {"w.speed": 3})
    assert weights["schema"]["additionalProperties"] == {"type": "integer", "minimum": 0, "maximum": 3}
    assert re.match(weights["schema"]["propertyNames"]["pattern"], "w.speed")
