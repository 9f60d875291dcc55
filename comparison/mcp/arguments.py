"""The arguments of tools: described by the parameters of the API, and read into what its functions take."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict

from comparison.api.parameters import Parameter
from comparison.files.json_types import Json
from comparison.recommendation.asking.guide import PREFIX as GUIDE_PREFIX
from comparison.recommendation.question import PREFIX as WEIGHT_PREFIX
from comparison.tables.unknown_values import choice_hint

MAX_VALUES = 200  # of one argument
MAX_LENGTH = 500  # characters of a value


class BadArguments(ValueError):
    """Arguments that are not understood; the message names each with the way out."""


# Each open parameter is one argument, an object whose members are parameters.
OPEN_ARGUMENTS = {f"{WEIGHT_PREFIX}*": "weights", f"{GUIDE_PREFIX}*": "answers"}


def argument_name(parameter: Parameter) -> str:
    return OPEN_ARGUMENTS.get(parameter.name, parameter.name)


def input_schema(parameters: Iterable[Parameter], required: Sequence[str] = ()) -> Json:
    """The JSON Schema of a tool's arguments."""
    schema: Json = {
        "type": "object",
        "properties": {argument_name(parameter): _property(parameter) for parameter in parameters},
        "additionalProperties": False,
    }
    return schema | {"required": list(required)} if required else schema


def _property(parameter: Parameter) -> Json:
    described = {"description": parameter.description}
    if parameter.is_open:
        return described | {"type": "object", "additionalProperties": parameter.schema}
    if parameter.repeatable:
        return described | {"type": "array", "items": parameter.schema}
    return described | parameter.schema


def query_of(arguments: Json, parameters: Iterable[Parameter], required: Sequence[str] = ()) -> QueryDict:
    """The arguments as the query of an address. Raises BadArguments."""
    known = {argument_name(parameter): parameter for parameter in parameters}
    query, problems = QueryDict(mutable=True), []
    for name, value in arguments.items():
        if name not in known:
            problems.append(f"{name[:60]}: there is no such argument; {choice_hint([name], list(known))}")
        elif value is not None:
            problems += _read(name, value, known[name], query)
    problems += [f"{name}: is missing." for name in required if not query.get(name)]
    if problems:
        raise BadArguments(" ".join(problems))
    return query


def _read(name: str, value: Any, parameter: Parameter, query: QueryDict) -> list[str]:
    """Puts a value into the query; returns what is wrong with it."""
    if parameter.is_open:
        if not isinstance(value, dict):
            example = "{“<criterion>”: 3}" if parameter.schema["type"] == "integer" else "{“<question>”: “<answer>”}"
            return [f"{name}: give an object, such as {example}."]
        prefix = parameter.name.removesuffix("*")
        pairs = [(f"{prefix}{key}", each) for key, each in value.items()]
    else:
        values = value if isinstance(value, list) else [value]
        if len(values) > 1 and not parameter.repeatable:
            return [f"{name}: give one value."]
        pairs = [(parameter.name, each) for each in values]
    if len(pairs) > MAX_VALUES:
        return [f"{name}: has {len(pairs)} values; at most {MAX_VALUES} are read."]
    problems = []
    for key, each in pairs:
        if isinstance(each, bool) or not isinstance(each, str | int) or "\0" in str(each):
            problems.append(f"{key[:60]}: give a text or a whole number.")
        elif len(key) > MAX_LENGTH or len(str(each)) > MAX_LENGTH:
            problems.append(f"{key[:60]}: at most {MAX_LENGTH} characters are read.")
        else:
            query.appendlist(key, str(each))
    return problems
