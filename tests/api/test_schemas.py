"""The schemas made from the typed dictionaries, the functions that fill these, and the validator of the tests."""

from typing import Annotated, NotRequired, TypedDict, get_type_hints

import pytest
from django.http import QueryDict

from comparison.api.schemas import NAMED, SCHEMAS, definition, page_of, ref, schema
from comparison.evidence import Finding
from comparison.files import json_dicts
from comparison.files.json_types import Count, Date, Keyword, Link
from comparison.models import Category, Edition, Profile, ProfileExclusion, ProfileWeight
from comparison.recommendation import decision_record, decision_types
from comparison.recommendation.answer import answer_query
from comparison.tables.checks import ScoreSheet, checked_claims
from comparison.tables.disputes import disputes
from comparison.tables.experiments.pages import experiment_page
from comparison.tables.table import load_table_data
from comparison.web.lookups import find_experiment, find_profile
from tests.json_schema import validation_errors
from tests.make import make_measurement

pytestmark = pytest.mark.django_db


class Thing(TypedDict):
    """A thing."""

    a: Annotated[Count, "How many."]
    b: NotRequired[str | None]


class Box(TypedDict):
    things: list[Thing]
    numbers: Annotated[dict[str, float], "By name."]


Choice = float | Annotated[str, Keyword("enum", ("x",))]
THING = {
    "type": "object",
    "description": "A thing.",
    "required": ["a"],
    "properties": {
        "a": {"type": "integer", "minimum": 0, "description": "How many."},
        "b": {"type": ["string", "null"]},
    },
}


def test_a_schema_is_made_from_a_typed_dictionary() -> None:
    assert schema(Thing) == THING
    box = schema(Box)
    assert box["properties"]["things"] == {"type": "array", "items": THING}
    by_name = {"type": "object", "additionalProperties": {"type": "number"}, "description": "By name."}
    assert box["properties"]["numbers"] == by_name
    assert schema(Choice) == {"oneOf": [{"type": "number"}, {"type": "string", "enum": ("x",)}]}


def test_a_named_type_is_referred_to() -> None:
    assert schema(list[decision_types.RankingEntry]) == {"type": "array", "items": ref("Standing")}
    assert page_of("Claim")["properties"]["results"] == {"type": "array", "items": ref("Claim")}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"a": "1"}, THING),
        ({"a": True}, THING),
        ({"a": -1}, THING),
        ({"b": None}, THING),
        ({"a": 1, "b": 2}, THING),
        ({"a": 1, "c": 2}, THING),
        ({"b": "x", "a": 1}, THING),
        ([{"a": 1}, {}], schema(list[Thing])),
        ("y", schema(Choice)),
        (None, schema(Choice)),
        ("2024-13-01", schema(Date)),
        ("/next", schema(Link)),
        ({"k": 1}, schema(dict[str, str])),
        ({"level": 3}, ref("ClaimValue")),
        ("draft", SCHEMAS["Claim"]["properties"]["state"]),
    ],
)
def test_the_validator_finds_what_is_wrong(value, schema) -> None:
    assert list(validation_errors(value, schema, {"components": {"schemas": SCHEMAS}}))


@pytest.mark.parametrize(("value", "schema"), [({"a": 1}, THING), ({"a": 0, "b": None}, THING), (1.5, schema(Choice))])
def test_the_validator_passes_what_is_right(value, schema) -> None:
    assert list(validation_errors(value, schema, {})) == []


def test_each_dictionary_has_the_keys_of_its_type_in_their_order(catalogue) -> None:
    framework, edition = catalogue.framework, Edition.objects.current()
    every = disputes()
    (dispute, *_), references = every.opened(every.rows[:5])
    table = load_table_data([dispute.cell.framework]).about([dispute.criterion]).table()
    (row,) = table.rows
    recommendation = answer_query(QueryDict(), find_profile("quick"))
    measured = make_measurement(framework=framework)
    page = experiment_page(find_experiment(measured.part.experiment))
    calls = [
        (json_dicts.framework_dict, [framework]),
        (json_dicts.category_dict, [Category.objects.first()]),
        (json_dicts.criterion_dict, [catalogue.criterion]),
        (json_dicts.source_dict, [catalogue.source]),
        (json_dicts.claim_dict, [catalogue]),
        (json_dicts.check_dict, [catalogue.checks.get()]),
        (json_dicts.profile_dict, [Profile.objects.first()]),
        (json_dicts.profile_weight_dict, [ProfileWeight.objects.first()]),
        (json_dicts.profile_exclusion_dict, [ProfileExclusion.objects.first()]),
        (json_dicts.edition_dict, [edition]),
        (json_dicts.table_dict, [table, table.rows, edition]),
        (json_dicts.row_dict, [row, references]),
        (json_dicts.cell_dict, [row.cells[0], references, 0.5]),
        (json_dicts.reference_dict, [next(iter(references.values()))]),
        (json_dicts.dispute_dict, [dispute, references]),
        (json_dicts.checked_claim_dict, [checked_claims()[0]]),
        (json_dicts.score_sheet_dict, [ScoreSheet(catalogue.source, dict.fromkeys(Finding, 0), 0)]),
        (json_dicts.experiment_dict, [page.experiment]),
        (json_dicts.experiment_results_dict, [page]),
        (json_dicts.run_dict, [page.runs[0].facts]),
        (json_dicts.measurement_dict, [page.measurements[0]]),
        (decision_record.data, [recommendation, edition, "/recommend/quick/"]),
    ]
    assert {name for name in vars(json_dicts) if name.endswith("_dict")} == {make.__name__ for make, _ in calls[:-1]}
    for make, arguments in calls:
        keys = get_type_hints(get_type_hints(make)["return"])
        assert list(make(*arguments)) == list(keys), make.__name__


def test_every_type_of_an_answer_describes_itself() -> None:
    for name, hint in NAMED.items():
        assert definition(hint)["description"], name
