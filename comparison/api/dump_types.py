"""The public catalogue in one file, as typed dictionaries (see files/json_types.py), and its JSON Schema."""

import json
from typing import Annotated, Any, TypedDict

from comparison.files.json_types import (
    Category,
    Claim,
    Criterion,
    Edition,
    Experiment,
    Framework,
    GuideQuestion,
    Json,
    Link,
    Measurement,
    Profile,
    Run,
    Slug,
    Source,
)

COMPONENTS = "#/components/schemas/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class NotApplicable(TypedDict):
    """A criterion that does not apply to a framework."""

    framework: Slug
    criterion: Slug
    reason: str


class DumpedMeasurement(Measurement):
    """A measurement with the experiment that it belongs to."""

    experiment: Slug


DumpFields = TypedDict(
    "DumpFields",
    {
        "$schema": Annotated[Link, "Address of the JSON Schema of this file."],
        "edition": Annotated[Edition, "The newest published change: the file holds everything up to it."],
        "frameworks": list[Framework],
        "categories": list[Category],
        "criteria": list[Criterion],
        "sources": list[Source],
        "profiles": list[Profile],
        "questions": list[GuideQuestion],
        "not_applicable": list[NotApplicable],
        "experiments": list[Experiment],
        "runs": list[Run],
        "measurements": list[DumpedMeasurement],
        "claims": Annotated[list[Claim], "All published claims, oldest first."],
    },
)


class Catalogue(DumpFields):
    """Everything public of one edition. Verdicts follow from it by the methodology."""


def json_schema(url: str, definitions: Json) -> Json:
    """The schema of the file on its own; `definitions` are the schemas that the API's document names."""
    definition = definitions["Catalogue"]
    used = _used(definition, definitions)
    schema: Json = {"$schema": DIALECT, "$id": url, "title": "Catalogue", **definition}
    whole = schema | {"$defs": {name: definitions[name] for name in sorted(used)}}
    return json.loads(json.dumps(whole).replace(COMPONENTS, "#/$defs/"))


def _used(definition: Any, definitions: Json) -> set[str]:
    """The names of the definitions that one refers to, directly or through others."""
    used: set[str] = set()
    waiting = [definition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix(COMPONENTS)
            if name and name not in used:
                used.add(name)
                waiting.append(definitions[name])
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node
    return used
