"""The JSON Schemas of what the API answers, worked out from the typed dictionaries that hold the answers."""

from types import NoneType, UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from comparison.api import dump_types
from comparison.files import json_types
from comparison.files.json_types import Json
from comparison.in_the_box import json_types as box_types
from comparison.recommendation import decision_types

NAMED = {  # types with a schema of their own in the document; all others are written out where they occur
    "Framework": json_types.Framework,
    "Category": json_types.Category,
    "Criterion": json_types.Criterion,
    "Source": json_types.Source,
    "Claim": json_types.Claim,
    "ClaimValue": json_types.ClaimValue,
    "Check": json_types.Check,
    "CheckedClaim": json_types.CheckedClaim,
    "ScoreSheet": json_types.ScoreSheet,
    "Experiment": json_types.Experiment,
    "ExperimentResults": json_types.ExperimentResults,
    "Run": json_types.Run,
    "Measurement": json_types.Measurement,
    "Profile": json_types.Profile,
    "ProfileExclusion": json_types.ProfileExclusion,
    "ProfileWeight": json_types.ProfileWeight,
    "GuideQuestion": json_types.GuideQuestion,
    "GuideAnswer": json_types.GuideAnswer,
    "Recommendation": decision_types.Recommendation,
    "Standing": decision_types.RankingEntry,
    "Table": json_types.Table,
    "Row": json_types.Row,
    "Cell": json_types.Cell,
    "VerdictValue": json_types.VerdictValue,
    "Reference": json_types.Reference,
    "Dispute": json_types.Dispute,
    "Box": box_types.Box,
    "BoxRow": box_types.BoxRow,
    "BoxFeature": box_types.BoxFeature,
    "Addition": box_types.Addition,
    "Edition": json_types.Edition,
    "Catalogue": dump_types.Catalogue,
    "Problem": json_types.Problem,
}
NAMES: dict[Any, str] = {hint: name for name, hint in NAMED.items()}
PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
PLAIN[json_types.JsonObject] = "object"


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def schema(hint: Any) -> Json:
    """The schema of a type, or a reference where it has a name in the document."""
    return ref(NAMES[hint]) if hint in NAMES else definition(hint)


def definition(hint: Any) -> Json:
    """The schema of a type written out, with references to those in it that have a name."""
    if is_typeddict(hint):
        return _object(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        notes = [("description", note) if isinstance(note, str) else note for note in arguments[1:]]
        return _with_notes(schema(arguments[0]), dict(notes))
    if origin is NotRequired:
        return schema(arguments[0])
    if origin is list:
        return {"type": "array", "items": schema(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1])}
    if origin in (Union, UnionType):
        return _union(arguments)
    return {"type": PLAIN[hint]}


def _with_notes(plain: Json, notes: Json) -> Json:
    """The schema with further keywords; where it allows null, so do the words it lists."""
    if "enum" in notes and "null" in plain.get("type", ()):
        notes |= {"enum": (*notes["enum"], None)}
    return plain | notes


def _object(typed_dict: Any) -> Json:
    hints = get_type_hints(typed_dict, include_extras=True)
    return {
        "type": "object",
        "description": typed_dict.__doc__,
        "required": [name for name in hints if name in typed_dict.__required_keys__],
        "properties": {name: schema(hint) for name, hint in hints.items()},
    }


def _union(options: tuple[Any, ...]) -> Json:
    if len(options) == 2 and options[1] is NoneType:
        known = schema(options[0])
        return known | {"type": [known["type"], "null"]}
    return {"oneOf": [schema(option) for option in options]}


SCHEMAS = {name: definition(hint) for name, hint in NAMED.items()}


def page_of(name: str) -> Json:
    """The schema of a page whose results have the schema of that name."""
    page = definition(json_types.Page)
    page["properties"]["results"] = {"type": "array", "items": ref(name)}
    return page
