"""The parameters of the API. The filters themselves say what values they take; the texts here say what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_filters import ChoiceFilter, FilterSet, ModelMultipleChoiceFilter, MultipleChoiceFilter, NumberFilter

from comparison.evidence import Finding
from comparison.files.json_types import Json
from comparison.recommend import MAX_WEIGHT
from comparison.recommendation.asking.guide import PREFIX as GUIDE_PREFIX
from comparison.recommendation.question import PREFIX
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from comparison.web.pagination import MAX_PAGE, MAX_PAGE_SIZE, PAGE_SIZE

TEXT: Json = {"type": "string"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an endpoint. `schema` is that of a single value, also where the parameter may be repeated.

    A name that ends in * stands for all that begin so.
    """

    name: str
    description: str
    schema: Json
    repeatable: bool = False
    in_path: bool = False

    @property
    def is_open(self) -> bool:
        return self.name.endswith("*")


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
    Parameter(
        "page", "The page, counted from 1.", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}
    ),
    Parameter(
        "page_size",
        "How many results a page has.",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    ),
)


def path_parameter(name: str, description: str, schema: Json = TEXT) -> Parameter:
    return Parameter(name, description, schema, in_path=True)


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
    return {"type": "string", "maxLength": max_length} if max_length else TEXT


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
    Parameter("source", "Checked claims of this source, by slug.", TEXT, repeatable=True),
    Parameter("framework", "Checked claims about this framework, by slug.", TEXT, repeatable=True),
    *PAGE_PARAMETERS,
)
TABLE_PARAMETERS = filter_parameters(TableFilter, TABLE_FILTERS)
QUESTION_PARAMETERS = (
    Parameter(
        f"{PREFIX}*",
        f"How much a criterion matters, each as {PREFIX}<criterion>: 0 ignore, 1 nice to have, 2 important, "
        "3 essential. Those not given are the profile's.",
        {"type": "integer", "minimum": 0, "maximum": MAX_WEIGHT},
    ),
    Parameter(
        "must",
        "A criterion that has to be met, by slug. Once a weight or a must-have is given, the profile's must-haves no "
        "longer hold; an empty one asks for none.",
        TEXT,
        repeatable=True,
    ),
    Parameter("framework", "Considers only the frameworks that are named, by slug.", TEXT, repeatable=True),
)
ANSWERS_PARAMETER = Parameter(
    f"{GUIDE_PREFIX}*",
    f"An answer to a question in plain words, each as {GUIDE_PREFIX}<question>=<answer>, in place of weights and "
    "must-haves: together the answers set these.",
    TEXT,
)
