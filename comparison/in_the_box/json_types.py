"""What goes out as JSON about boxes; see comparison.files.json_types."""

from typing import Annotated, TypedDict

from comparison.evidence import State, Support
from comparison.files.json_types import Count, EditionNumber, Keyword, Reference, Slug, Slugs, one_of
from comparison.in_the_box.features import Offer


class Addition(TypedDict):
    """Something that adds a feature."""

    package: Annotated[str | None, "Title of the package's own record; null where only a statement names it."]
    part: Annotated[str | None, "Slug of that record."]
    claims: Annotated[list[int], "Ids of the claims that name it."]
    sources: Slugs


class BoxFeature(TypedDict):
    """How a framework comes by a feature."""

    offer: Annotated[str, "Disputed, unknown or not applicable, or the support with the most weight.", one_of(Offer)]
    support: Annotated[str | None, "The support with the most weight, also where it is disputed.", one_of(Support)]
    state: Annotated[str, one_of(State)]
    strength: Annotated[float, "How much is known.", Keyword("minimum", 0), Keyword("maximum", 1)]
    built_in: Annotated[list[int], "Ids of the counted claims that find it in the box, whole or in part."]
    not_built_in: Annotated[list[int], "Ids of the counted claims that do not."]
    added_by: list[Addition]
    sources: Slugs


class BoxRow(TypedDict):
    """One feature across the frameworks."""

    criterion: Slug
    category: Annotated[str, "Slug of the criterion's category."]
    cells: Annotated[dict[str, BoxFeature], "By framework."]


class BoxCounts(TypedDict):
    """How many features a framework comes by in which way."""

    framework: Slug
    name: str
    built_in: Count
    partial: Count
    extension: Count
    none: Count
    disputed: Count
    unknown: Count
    not_applicable: Count
    url: str


class Box(TypedDict):
    """What is in the box of some frameworks, over all features."""

    edition: EditionNumber
    frameworks: Annotated[list[str], "Slugs."]
    counts: Annotated[dict[str, dict[str, Count]], "How many features by framework and offer."]
    features: list[BoxRow]
    sources: Annotated[list[Reference], "The sources cited."]
