"""A validator for the part of JSON Schema that the API's document uses.

It is stricter than the standard: no key may be undocumented, and keys stand in the order of the schema.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
KEYWORDS = {"$ref", "type", "description", "required", "properties", "additionalProperties", "items", "enum", "const"}
KEYWORDS |= {"oneOf", "minimum", "maximum", "maxLength", "format", "default"}


def validation_errors(value: Any, schema: dict[str, Any], document: dict[str, Any], path: str = "$") -> Iterator[str]:
    """What in a value does not follow the schema. References are looked up in the document."""
    assert set(schema) <= KEYWORDS, schema
    if "$ref" in schema:
        *folders, name = schema["$ref"].removeprefix("#/").split("/")
        assert folders == ["components", "schemas"]
        yield from validation_errors(value, document["components"]["schemas"][name], document, f"{path}<{name}>")
        return
    if "oneOf" in schema:
        matches = [option for option in schema["oneOf"] if not list(validation_errors(value, option, document))]
        if len(matches) != 1:
            yield f"{path}: {len(matches)} of oneOf match {value!r}"
    if "type" in schema and not any(has_type(value, name) for name in as_list(schema["type"])):
        yield f"{path}: {value!r} is no {schema['type']}"
    elif "type" in schema:
        yield from _content_errors(value, schema, document, path)


def _content_errors(value: Any, schema: dict[str, Any], document: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, str):
        yield from _text_errors(value, schema, path)
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: {value} is out of range"
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from validation_errors(item, schema["items"], document, f"{path}[{index}]")
    if isinstance(value, dict):
        yield from _object_errors(value, schema, document, path)


def _object_errors(value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    if "additionalProperties" not in schema and list(value) != [name for name in properties if name in value]:
        yield f"{path}: {list(value)} is not {list(properties)}"
    if missing := set(schema.get("required", ())) - set(value):
        yield f"{path}: {missing} is missing"
    for name, item in value.items():
        item_schema = properties.get(name) or schema.get("additionalProperties", {})
        yield from validation_errors(item, item_schema, document, f"{path}.{name}")


def _text_errors(value: str, schema: dict[str, Any], path: str) -> Iterator[str]:
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{path}: {value!r} is none of the words"
    checks = {"date": date.fromisoformat, "date-time": datetime.fromisoformat, "uri": _check_absolute}
    try:
        checks.get(schema.get("format", ""), str)(value)
    except ValueError as error:
        yield f"{path}: {error}"


def _check_absolute(url: str) -> None:
    if not re.match(r"https?://[^/]+/", url):
        raise ValueError(f"{url} is not absolute")


def has_type(value: Any, name: str) -> bool:
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
