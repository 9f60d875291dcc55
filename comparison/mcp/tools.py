"""What the MCP server offers: the functions of pages and API, each answer bounded and with its sources."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from comparison.api.parameters import (
    ANSWERS_PARAMETER,
    CLAIM_PARAMETERS,
    PAGE_PARAMETERS,
    QUESTION_PARAMETERS,
    TABLE_PARAMETERS,
    TEXT,
    Parameter,
)
from comparison.files import json_dicts
from comparison.files.documents import citation
from comparison.files.json_types import Json
from comparison.mcp.arguments import BadArguments, input_schema, query_of
from comparison.models import Claim, Criterion, Edition, Framework, Profile
from comparison.models.subjects import JOINER
from comparison.recommendation import decision_record
from comparison.recommendation.answer import answer_query
from comparison.recommendation.asking.guide import is_guided, question_dict, read_guide, with_answered
from comparison.recommendation.load import rankable_criteria
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table import Row, Table, load_table_data
from comparison.tables.table_filters import FilteredTable
from comparison.web.addresses import question_url
from comparison.web.lookups import find_profile, named_frameworks
from comparison.web.pagination import Page, paginate
from comparison.web.search import SearchResults, search

MAX_LISTED = 500  # of each kind of thing in the catalogue
MAX_COLUMNS = 10  # frameworks of a table
MAX_ROWS = 25  # of a table in one answer
MAX_CLAIMS = 50  # in one answer
MAX_RANKED = 20  # frameworks of a recommendation
MAX_EXPLAINED = 5  # of them with what each criterion adds
MAX_FOUND_ROWS = 3  # of a search
LOOKS_ONLY = {"view", "open", "order", "reference"}  # parameters of a table that change how its page looks

Run = Callable[[QueryDict], Json]


@dataclass(frozen=True)
class Tool:
    name: str
    title: str
    description: str
    run: Run
    parameters: Sequence[Parameter] = ()
    required: Sequence[str] = ()

    @property
    def described(self) -> Json:
        """As the protocol lists it."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": input_schema(self.parameters, self.required),
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }

    def call(self, arguments: Json) -> Json:
        """Raises BadArguments, or Http404 where nothing has a name that is given."""
        return self.run(query_of(arguments, self.parameters, self.required))


def catalogue(query: QueryDict) -> Json:
    criteria = Criterion.objects.select_related("category")[: MAX_LISTED + 1]
    frameworks, profiles = Framework.objects.order_by("slug"), Profile.objects.all()
    rows: dict[str, list[Json]] = {
        "frameworks": [{**row} for row in frameworks.values("slug", "name", "tagline")[: MAX_LISTED + 1]],
        "criteria": [
            {"slug": row.slug, "name": row.name, "kind": row.kind, "category": row.category.name, "unit": row.unit}
            for row in criteria
        ],
        "profiles": [{**row} for row in profiles.values("slug", "name", "description")[: MAX_LISTED + 1]],
    }
    cut = [f"Only the first {MAX_LISTED} {name} are listed." for name, each in rows.items() if len(each) > MAX_LISTED]
    return {**_edition(), **{name: each[:MAX_LISTED] for name, each in rows.items()}, "left_out": " ".join(cut)}


def find(query: QueryDict) -> Json:
    """The rows that answer a question with both sides, and what else holds its words."""
    results = search(str(query["q"]))
    all_rows, all_frameworks = _found_rows(results), _found_frameworks(results)
    rows, frameworks = all_rows[:MAX_FOUND_ROWS], all_frameworks[:MAX_COLUMNS]
    left_out = [f"The first {len(rows)} of {len(all_rows)} rows only."] if len(all_rows) > len(rows) else []
    if len(all_frameworks) > len(frameworks):
        names = ", ".join(row.slug for row in all_frameworks[MAX_COLUMNS:])
        left_out.append(f"The first {MAX_COLUMNS} frameworks only; name others in the question or to compare: {names}.")
    answer: Json = {
        **_edition(),
        "criterion": results.criterion.slug if results.criterion else None,
        "other_criteria": [{"slug": row.slug, "name": row.name} for row in results.others],
        "frameworks": [{"slug": row.slug, "name": row.name} for row in results.frameworks],
        "sources": [{"slug": row.slug, "title": row.title} for row in results.sources],
        "table": None,
        "claims": [],
        "left_out": " ".join(left_out),
    }
    if rows and frameworks:
        chosen = Criterion.objects.filter(pk__in=[row.pk for row in rows])
        table = load_table_data(frameworks, chosen).table()
        answer |= {"table": _table(table, table.rows), "claims": _cited_claims(table.rows)}
    return answer


def _found_rows(results: SearchResults) -> list[Criterion]:
    """The criterion that is asked for; else those of the claims that hold the words."""
    if results.criterion:
        return [results.criterion]
    by_id = {row.pk: row for row in results.all_criteria}
    found = dict.fromkeys(match.criterion for match in results.matches)
    return [by_id[pk] for pk in found]


def _found_frameworks(results: SearchResults) -> list[Framework]:
    """Those that are named; else those that something is said of on the criterion, or in claims with the words."""
    if results.question.named:
        return list(results.question.named)
    if results.criterion:
        return list(Framework.objects.with_claims_on(results.criterion).order_by("slug"))
    found = {match.framework for match in results.matches}
    return [row for row in results.all_frameworks if row.pk in found]


def compare(query: QueryDict) -> Json:
    frameworks = named_frameworks(JOINER.join(query.getlist("frameworks")))
    if len(frameworks) > MAX_COLUMNS:
        raise BadArguments(f"frameworks: {len(frameworks)} are named; at most {MAX_COLUMNS} are compared at once.")
    filtered = FilteredTable(load_table_data(frameworks), query)
    if filtered.problems:
        raise BadArguments(" ".join(filtered.problems))
    page = paginate(filtered.rows, query, size=MAX_ROWS)
    uncited = [criterion.slug for criterion in filtered.uncited][:MAX_LISTED]
    return {**_table(filtered.table, page.rows), "nothing_known_on": uncited, "left_out": _left_out(page, "rows")}


def _table(table: Table, rows: Sequence[Row]) -> Json:
    """The rows with the sources that speak in them."""
    data: Json = {**json_dicts.table_dict(table, rows, Edition.objects.current())}
    heard = {slug for row in data["rows"] for cell in row["cells"].values() for slug in cell["sources"]}
    return data | {"sources": [source for source in data["sources"] if source["slug"] in heard]}


def _cited_claims(rows: Sequence[Row]) -> list[Json]:
    """The claims on all sides of some rows."""
    cited = [pk for row in rows for cell in row.cells for pk in cell.claims][:MAX_CLAIMS]
    claims = Claim.objects.published().with_names_and_checks().in_bulk(cited)
    return [_claim(claims[pk]) for pk in cited if pk in claims]


def claims(query: QueryDict) -> Json:
    filters = ClaimFilter(query, Claim.objects.published().with_names_and_checks())
    if problems := filters.problems():
        raise BadArguments(" ".join(problems.values()))
    page = paginate(filters.qs, query, MAX_CLAIMS, filters.count_limit, filters.known_count)
    return {
        **_edition(),
        "count": page.count,
        "count_is_exact": page.count_is_exact,
        "claims": [_claim(claim) for claim in page.rows],
        "left_out": _left_out(page, "claims"),
    }


def _claim(claim: Claim) -> Json:
    """A claim with the source as a bibliography names it."""
    source = claim.source
    return {**json_dicts.claim_dict(claim), "cited": citation(source), "source_address": source.address}


def questions(query: QueryDict) -> Json:
    guide = read_guide(query, rankable_criteria())
    return {**_edition(), "questions": [question_dict(asked, guide) for asked in guide.questions]}


def recommend(query: QueryDict) -> Json:
    profile = find_profile(str(query["profile"])) if query.get("profile") else None
    if profile and is_guided(query):
        raise BadArguments("answers: these stand for a kind of project; give either a profile or answers.")
    query, problems = with_answered(query)
    if problems:
        raise BadArguments(" ".join(problems))
    answer = answer_query(query, profile)
    if answer.question.problems:
        raise BadArguments(" ".join(answer.question.problems))
    data: Json = {**decision_record.data(answer, Edition.objects.current(), question_url(answer.question))}
    ranking: list[Json] = data["ranking"]
    shown = [row if rank < MAX_EXPLAINED else {**row, "contributions": []} for rank, row in enumerate(ranking)]
    reasons = {reason["claim"] for reason in data["reasons"]}
    cited = Claim.objects.published().with_names_and_checks().filter(pk__in=reasons).order_by("pk")
    left_out = [f"Contributions of the first {MAX_EXPLAINED} only."] if len(ranking) > MAX_EXPLAINED else []
    left_out += [f"The first {MAX_RANKED} of {len(ranking)} frameworks only."] if len(ranking) > MAX_RANKED else []
    parts = {"ranking": shown[:MAX_RANKED], "claims": [_claim(claim) for claim in cited[:MAX_CLAIMS]]}
    return {**data, **parts, "left_out": " ".join(left_out)}


def _edition() -> Json:
    return {"edition": Edition.objects.current().number}


def _left_out(page: Page, things: str) -> str:
    """Which part of a list an answer holds; empty for the whole."""
    if page.next is None and page.previous is None:
        return ""
    last = page.first + len(page.rows) - 1
    count = page.count if page.count_is_exact else f"more than {page.count}"
    more = f" Ask for page {page.number + 1}, or for less." if page.next else ""
    return f"Only {page.first} to {last} of {count} {things}.{more}"


TEXT_TO_FIND = Parameter("q", "A question or words, such as “which is faster?”.", {**TEXT, "maxLength": 200})


def without(parameters: Iterable[Parameter], *names: str) -> list[Parameter]:
    return [parameter for parameter in parameters if parameter.name not in names]


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "catalogue",
            "What can be asked about",
            "All frameworks, criteria and kinds of project with the slugs that the other tools take.",
            catalogue,
        ),
        Tool(
            "search",
            "Search",
            "Finds the criterion that a question in plain words asks for, and answers with its verdict for each "
            "framework and the claims on both sides.",
            find,
            [TEXT_TO_FIND],
            ["q"],
        ),
        Tool(
            "compare",
            "Compare frameworks",
            f"The verdicts on up to {MAX_COLUMNS} frameworks, criterion by criterion, with the ids of the claims on "
            "either side and the sources. Filter by criterion or category to get less.",
            compare,
            [
                Parameter("frameworks", "Frameworks, by slug.", TEXT, repeatable=True),
                *without(TABLE_PARAMETERS, *LOOKS_ONLY),
                *without(PAGE_PARAMETERS, "page_size"),
            ],
            ["frameworks"],
        ),
        Tool(
            "questions",
            "Questions in plain words",
            "Questions to ask somebody who knows no criteria. Each answer has the weights that it sets; “recommend” "
            "takes the answers by slug.",
            questions,
        ),
        Tool(
            "recommend",
            "Recommend a framework",
            "Which framework the evidence recommends for a kind of project, for weights and must-haves of your own, "
            "for both, or for answers to “questions”; with reasons, how firm it is, what would change it and when not "
            "to follow it.",
            recommend,
            [Parameter("profile", "A kind of project, by slug.", TEXT), *QUESTION_PARAMETERS, ANSWERS_PARAMETER],
        ),
        Tool(
            "claims",
            "Claims with their sources",
            "What sources say about frameworks, each claim with its place in the source and what checks found.",
            claims,
            without(CLAIM_PARAMETERS, "page_size"),
        ),
    )
}


def absolute(value: Any, site: str) -> Any:
    """The answer with whole addresses in place of paths."""
    if isinstance(value, dict):
        return {
            name: f"{site}{each}"
            if name in ("url", "address") and isinstance(each, str) and each.startswith("/")
            else absolute(each, site)
            for name, each in value.items()
        }
    return [absolute(each, site) for each in value] if isinstance(value, list) else value
