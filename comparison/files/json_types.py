"""What goes out as JSON: one typed dictionary for each thing, the only list of its fields.

The API describes itself from these. A docstring is the description of its schema. In `Annotated`, a string describes
the field, and a Keyword adds to its JSON Schema.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, NotRequired, TypedDict

from comparison.evidence import Finding, Kind, SourceKind, State, Support
from comparison.row_outcomes import OutcomeReason, RowResult

Json = dict[str, Any]
JsonObject = Mapping[str, Any]  # any of the typed dictionaries, to be read only


class Keyword(NamedTuple):
    """A keyword of JSON Schema and its value."""

    name: str
    value: Any


def one_of(words: type[StrEnum]) -> Keyword:
    return Keyword("enum", tuple(word.value for word in words))


Slug = Annotated[str, "Slug."]
Slugs = Annotated[list[str], "Slugs."]
OwnSlug = Annotated[str, "Its part of addresses."]
PagePath = Annotated[str, "Path of its page on the site."]
Date = Annotated[str, Keyword("format", "date")]
Link = Annotated[str, Keyword("format", "uri")]
Count = Annotated[int, Keyword("minimum", 0)]
PositiveInt = Annotated[int, Keyword("minimum", 1)]
EditionNumber = Annotated[Count, "The published state of the catalogue it was worked out from."]


# The catalogue.


class Framework(TypedDict):
    """A thing compared."""

    slug: OwnSlug
    name: str
    tagline: Annotated[str, "One line that says what it is; may be empty."]
    homepage: Annotated[str, "Empty where not known."]
    repository: Annotated[str, "Empty where not known."]
    licence: Annotated[str, "SPDX identifier; empty where not known."]
    first_release_year: Count | None
    aliases: Annotated[list[str], "Other names people use for it."]
    url: PagePath


class Category(TypedDict):
    """A group of criteria."""

    slug: OwnSlug
    name: str
    order: Annotated[Count, "Place among the categories, lowest first."]


class Criterion(TypedDict):
    """One question asked of every framework."""

    slug: OwnSlug
    name: str
    category: Annotated[str, "Slug of its category."]
    kind: Annotated[str, "Decides which value a claim carries.", one_of(Kind)]
    unit: Annotated[str, "Of figures; else empty."]
    lower_is_better: Annotated[bool | None, "Of figures; else null."]
    question: str
    help_text: Annotated[str, "What belongs here."]
    synonyms: Annotated[list[str], "Other words for it."]
    related: Annotated[list[str], "Slugs of the criteria that ask the same thing another way."]
    url: PagePath


class Source(TypedDict):
    """An article, a documentation or a page of it, a run of experiments or one of them. Its text is never public."""

    slug: OwnSlug
    title: str
    kind: Annotated[str, "Decides its weight.", one_of(SourceKind)]
    publisher: Annotated[str, "Empty where not known."]
    author: Annotated[str, "Empty where not known."]
    address: Annotated[str, "Empty where not known."]
    published: Date | None
    accessed: Date | None
    language: Annotated[str, "Language tag."]
    note: Annotated[str, "What readers should know of it."]
    repeats: Annotated[str | None, "Slug of the source it copies: the two count once."]
    part_of: Annotated[str | None, "Slug of the whole that speaks for it, such as a documentation for its page."]
    framework: Annotated[str | None, "Slug of the framework whose documentation or record it is."]
    version: Annotated[str, "Version of the framework it describes; may be empty."]
    text_licence: Annotated[str, "SPDX identifier of the text's licence; may be empty."]
    file: Annotated[str, "Path of the text inside the source distribution or Debian package; may be empty."]
    experiment: Annotated[str, "Slug of the experiment that this part of a run is; may be empty."]
    text_sha256: Annotated[str, "Digest of the text as UTF-8; empty where it is not held."]
    text_length: Annotated[Count | None, "Characters of the text."]
    url: PagePath


class Check(TypedDict):
    """A curator's finding on a claim."""

    finding: Annotated[str, one_of(Finding)]
    note: str
    evidence: Annotated[str, "Address; may be empty."]
    on: Date


class LevelValue(TypedDict):
    """rating, fit"""

    level: Annotated[int, Keyword("minimum", -2), Keyword("maximum", 2)]


class SupportValue(TypedDict):
    """feature"""

    support: Annotated[str, one_of(Support)]


class RangeValue(TypedDict):
    """figure"""

    low: float
    high: float
    unit: str


class ItemValue(TypedDict):
    """list"""

    item: str


ClaimValue = Annotated[
    LevelValue | SupportValue | RangeValue | ItemValue,
    "By kind: a level (rating, fit), a support (feature), a range (figure) or an item (list).",
]


class Claim(TypedDict):
    """One source says one thing about one framework on one criterion, at one place in its text."""

    id: PositiveInt
    framework: Slug
    criterion: Slug
    category: Annotated[str, "Slug of the criterion's category."]
    kind: Annotated[str, "Of the criterion.", one_of(Kind)]
    source: Annotated[str, "Slug of the source that speaks: of a page, its whole."]
    section: Annotated[str, "Heading under which it stands; may be empty."]
    start: Annotated[Count | None, "First character in the source's text, from 0, in code points."]
    end: Annotated[Count | None, "The character after the last."]
    statement: Annotated[str, "What the source says, in our own words."]
    value: ClaimValue
    state: Annotated[str, Keyword("const", "published")]
    findings: Annotated[list[Check], "Checks of it; found false, outdated or misleading it does not count."]
    version_range: Annotated[str, "Versions it speaks of; may be empty."]
    url: PagePath
    updated_edition: Annotated[Count | None, "The edition that last changed it."]
    part: Annotated[str | None, "Slug of the page or experiment where it stands, if its source has parts."]


class CheckedClaim(TypedDict):
    """A claim that was checked, and how far it misleads."""

    claim: PositiveInt
    framework: Slug
    criterion: Slug
    source: Annotated[str, "Slug of the source that makes the claim."]
    statement: Annotated[str, "What the source says, in our own words."]
    finding: Annotated[str, "Of several the one that weighs most.", one_of(Finding)]
    note: Annotated[str, "What was found."]
    on: Date
    decided_by: Annotated[list[int], "Ids of the claims that decide it."]
    shift: Annotated[float, "How far the cell's position would move if the claim counted, 0 to 2."]
    with_it: Annotated[str, "The cell's verdict in words if the claim counted."]
    without_it: Annotated[str, "The cell's verdict in words."]
    url: PagePath


class ScoreSheet(TypedDict):
    """How many claims of an article were found to be what."""

    source: Slug
    confirmed: Count
    misleading: Count
    outdated: Count
    false: Count
    open: Annotated[Count, "Claims that nobody has checked."]


class Experiment(TypedDict):
    """A question that is answered by running the frameworks."""

    slug: OwnSlug
    title: str
    question: Annotated[str, "Empty where only earlier runs know it."]
    method: Annotated[str, "What is done, with the limits of what it shows."]
    group: Annotated[str, "What it is about, such as speed or size."]
    variants: Annotated[list[str], "The ways in which it is done."]
    unit: Annotated[str, "Empty where something is found out instead of measured."]
    lower_is_better: bool
    feeds: Annotated[dict[str, str], "By criterion the variant whose results are claims on it."]
    url: PagePath


class Run(TypedDict):
    """One execution of experiments."""

    slug: Annotated[str, "Slug of the source that it is."]
    published: Date | None
    rounds: Annotated[Count | None, "Readings of each, unless one was enough."]
    machine: Annotated[dict[str, str], "What it ran on."]
    versions: Annotated[list[str], "What was installed."]


class Measurement(TypedDict):
    """What one run measured or found out about a framework in one variant, or why it failed."""

    run: Annotated[str, "Slug of the run."]
    published: Annotated[Date | None, "Of the run."]
    framework: Slug
    variant: str
    unit: Annotated[str, "Empty where something was found out."]
    median: float | None
    low: Annotated[float | None, "First quartile."]
    high: Annotated[float | None, "Third quartile."]
    samples: Annotated[list[float], "The raw readings, in order."]
    noisy: Annotated[bool, "Whether the samples spread too far to be a claim."]
    outcome: Annotated[str, "A support that was found out; else empty."]
    detail: Annotated[str, "What was done and seen; may be empty."]
    failure: Annotated[str, "Why there is no result; else empty."]


class ExperimentResults(Experiment):
    """An experiment with its program and all that its runs gave."""

    code: Annotated[str, "The program; empty where it is no longer part of this software."]
    runs: Annotated[list[Run], "Newest first."]
    results: list[Measurement]


class ProfileWeight(TypedDict):
    """How much a criterion matters."""

    criterion: Slug
    weight: Annotated[Count, "1 nice to have … 3 essential."]
    must_have: bool


class ProfileExclusion(TypedDict):
    """A framework that makes no sense for a kind of project."""

    framework: Slug
    reason: Annotated[str, "Why it is left out."]


class Profile(TypedDict):
    """A kind of project."""

    slug: OwnSlug
    name: str
    description: Annotated[str, "Whose project it is."]
    order: Annotated[Count, "Place among the profiles, lowest first."]
    weights: list[ProfileWeight]
    leaves_out: Annotated[list[ProfileExclusion], "Frameworks that are considered only if asked."]


class GuideAnswer(TypedDict):
    """An answer to choose."""

    slug: OwnSlug
    text: str
    because: Annotated[str, "What it says of the project, to follow “Because”."]
    weights: Annotated[list[ProfileWeight], "What it sets. Of two weights for a criterion the heavier counts."]


class GuideQuestion(TypedDict):
    """A question in plain words, for somebody who knows no criteria. It may be left unanswered."""

    slug: OwnSlug
    text: str
    answers: list[GuideAnswer]


class Edition(TypedDict):
    """A published change of the catalogue."""

    number: Count
    at: Annotated[str, Keyword("format", "date-time")]
    summary: str


# Verdicts and tables of them.


class FigureVerdict(TypedDict):
    """figure"""

    median: float
    low: float
    high: float


class ItemVerdict(TypedDict):
    """An item, how many sources name it, and in which claims."""

    item: str
    sources: PositiveInt
    claims: list[PositiveInt]


VerdictValue = Annotated[
    Annotated[float, Keyword("minimum", -2), Keyword("maximum", 2)]
    | Annotated[str, one_of(Support)]
    | FigureVerdict
    | list[ItemVerdict]
    | None,
    "By kind: a mean level of −2 … +2 (rating, fit), a support, a figure, or a list's items; or null.",
]
CellFields = TypedDict(  # written as a call because `for` is a word of Python
    "CellFields",
    {
        "state": Annotated[str, "How well the sources agree. `no evidence` never means no.", one_of(State)],
        "value": VerdictValue,
        "position": Annotated[
            Annotated[float, Keyword("minimum", -1), Keyword("maximum", 1)] | None,
            "What the sources say, −1 … +1, higher being better. A figure has one only beside others in a row.",
        ],
        "strength": Annotated[float, Keyword("minimum", 0), Keyword("maximum", 1), "How much is known."],
        "for": Annotated[list[PositiveInt], "Ids of the counted claims in favour, in the box or near the median."],
        "against": Annotated[list[PositiveInt], "Ids of the counted claims on the other side."],
        "reported": Annotated[list[PositiveInt], "Ids of claims with a figure but no method, which rank nothing."],
        "sources": Annotated[list[str], "Slugs of the sources whose claims count."],
    },
)


class Cell(CellFields):
    """A verdict: what the counted claims on one framework and criterion add up to."""


class CellKey(TypedDict):
    framework: Slug
    criterion: Slug
    category: Annotated[str, "Slug of the criterion's category."]
    kind: Annotated[str, one_of(Kind)]
    width: Annotated[float, Keyword("minimum", 0), Keyword("maximum", 4), "How far apart the sources are."]


class Dispute(CellKey, CellFields):
    """A verdict on which the sources disagree."""


class Row(TypedDict):
    """One criterion across the frameworks."""

    criterion: Slug
    category: Annotated[str, "Slug of the criterion's category."]
    kind: Annotated[str, one_of(Kind)]
    outcome: Annotated[str, one_of(RowResult)]
    reason: Annotated[str | None, "Why there is no leader, or on how little the outcome rests.", one_of(OutcomeReason)]
    leader: Annotated[str | None, "Slug of the framework that leads."]
    together: Annotated[list[Slug], "Those that share the lead of an even row, the best first; empty where none do."]
    cells: Annotated[dict[str, Cell], "By framework."]


class Reference(TypedDict):
    """A source cited in a table."""

    number: Annotated[PositiveInt, "Its number in this table."]
    slug: OwnSlug
    title: str
    kind: Annotated[str, one_of(SourceKind)]
    publisher: str
    author: str
    address: str
    weight: Annotated[PositiveInt, "What it weighs on features, figures and lists."]
    opinion_weight: Annotated[PositiveInt, "What it weighs on ratings and fits."]


class Table(TypedDict):
    """The rows of a comparison."""

    edition: EditionNumber
    frameworks: Annotated[list[str], "Slugs, in the order of the columns."]
    rows: list[Row]
    sources: Annotated[list[Reference], "The sources heard, numbered alike under all filters."]


# How the API answers.


class Page(TypedDict):
    """One page of a list."""

    count: Annotated[Count, "Results on all pages; there are more where count_is_exact is false."]
    count_is_exact: Annotated[bool, "False for words that are in more than 1,000 claims, which are not all counted."]
    next: Annotated[Link | None, "Address of the page after this; null on the last."]
    previous: Annotated[Link | None, "Address of the page before this; null on the first."]
    results: list[JsonObject]


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Keyword("const", "about:blank")]
    title: Annotated[str, "The status in words."]
    status: Annotated[int, Keyword("minimum", 400), Keyword("maximum", 599)]
    detail: Annotated[str, "What to do about it, with suggestions where something is not found."]
    errors: NotRequired[Annotated[dict[str, str], "What is wrong with each parameter."]]
