"""The read-only JSON API: the lists, the things in them and the comparisons, as documents.py writes them.

Whatever goes wrong is answered with problem details (RFC 9457), never with a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt

from comparison.api.openapi import (
    CLAIM_PARAMETERS,
    HTML,
    PAGES,
    TABLE_PARAMETERS,
    USUAL_PAGE,
    Endpoint,
    Parameter,
    document,
    in_path,
)
from comparison.files import documents
from comparison.files.documents import Json
from comparison.models import Category, Claim, Criterion, Edition, FormerCriterion, Framework, Profile, Source
from comparison.recommendation import decision_record
from comparison.recommendation.answer import answer_query
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.disputes import Dispute, disputes
from comparison.tables.table import Reference, load_table_data
from comparison.tables.table_filters import FilteredTable
from comparison.web.addresses import question_url
from comparison.web.caching import View, edition_of, public_page
from comparison.web.lookups import Unknown, compared, found_profile, to_canonical, unknown
from comparison.web.pagination import MAX_PAGE_SIZE, BadPage, Slice, paged
from comparison.web.problems import ALLOWED_IN_API, allow_any_origin, json_response, problem


class Refused(ValueError):
    """Parameters that are not understood; carries a message for each, which names it and its value."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


# Answering.


def serve(endpoint: Endpoint) -> View:
    """The endpoint's view, kept like every public page, but open to any origin and with errors as data."""
    kept = public_page(endpoint.view)

    @csrf_exempt  # nothing is ever written, and a refused method must be told so in the API's own words
    def served(request: HttpRequest, **found: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return allow_any_origin(_options())
        if request.method not in ("GET", "HEAD"):
            return allow_any_origin(problem(405, f"{request.method} is not allowed here; the API is only read."))
        try:
            check_names(given(request), endpoint)
            return allow_any_origin(kept(request, **found))
        except Refused as refused:
            return allow_any_origin(problem(400, str(refused), refused.errors))
        except Http404 as missing:
            return allow_any_origin(not_found(missing))

    return served


def _options() -> HttpResponse:
    response = HttpResponse(status=204, headers={"Allow": ALLOWED_IN_API})
    response.headers["Access-Control-Allow-Methods"] = ALLOWED_IN_API
    response.headers["Access-Control-Allow-Headers"] = "*"
    response.headers["Access-Control-Max-Age"] = "86400"
    del response.headers["Content-Type"]
    return response


def not_found(missing: Http404) -> HttpResponse:
    message = str(missing.args[0]) if missing.args else "There is nothing here."
    near = []
    if isinstance(missing, Unknown):
        # The suggestions are links to pages; what stands last in them is the same in the API's addresses.
        near = [address.rstrip("/").rsplit("/", 1)[-1] for _, address in missing.suggestions]
    return problem(404, f"{message} Did you mean {' or '.join(near)}?" if near else message)


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """What no endpoint answers: leads on where only the last slash is missing."""
    slashed = f"{request.path_info}/"
    if request.method in ("GET", "HEAD") and resolve(slashed).func is not nowhere:
        return allow_any_origin(to_canonical(request, f"{request.path}/"))
    fixed = [reverse(f"api:{one.name}") for one in ENDPOINTS if "<" not in one.route]
    near = get_close_matches(request.path, fixed, n=1, cutoff=0.8)
    hint = f"Did you mean {near[0]}?" if near else f"{reverse('api:index')} lists all there are."
    return allow_any_origin(problem(404, f"There is nothing at {request.path[:200]}. {hint}"))


# What an address asks.


def given(request: HttpRequest) -> QueryDict:
    """The parameters that have a value; forms send the others empty."""
    data = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if any(values):
            data.setlist(name, [value for value in values if value])
    return data


def check_names(data: QueryDict, endpoint: Endpoint) -> None:
    """Refuses what would be ignored: an unknown parameter, and a second value where one is read."""
    known, errors = endpoint.query, {}
    for name, values in data.lists():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known) or 'none'}."
            errors[name[:80]] = f"{name[:80]}={values[-1][:80]}: no such parameter; {hint}"
        elif len(values) > 1 and not known[name].repeatable:
            shown = ", ".join(value[:80] for value in values[:5])
            errors[name] = f"{name}={shown}: give it once."
    if errors:
        raise Refused(errors)


def by_field(problems: list[str]) -> dict[str, str]:
    """Messages of the form `field=value: …` by their fields."""
    errors: dict[str, str] = {}
    for message in problems:
        name = message.partition("=")[0]
        errors[name] = f"{errors[name]} {message}" if name in errors else message
    return errors


def slice_of(request: HttpRequest, rows: Any) -> Slice:
    """The page asked for. Where the site's pages settle for the largest size, a program is told."""
    data = given(request)
    size = data.get("page_size", "")
    if size.isascii() and size.isdigit() and int(size[:12]) > MAX_PAGE_SIZE:
        raise Refused({"page_size": f"page_size={size[:40]}: at most {MAX_PAGE_SIZE} are sent at once."})
    try:
        return paged(rows, data, USUAL_PAGE)
    except BadPage as wrong:
        raise Refused(by_field([str(wrong)])) from None


def paged_answer(request: HttpRequest, found: Slice, results: list[Json]) -> HttpResponse:
    after, before = (link and request.build_absolute_uri(link) for link in (found.next, found.previous))
    return json_response({"count": found.count, "next": after, "previous": before, "results": results})


# The endpoints' views.


def index(request: HttpRequest) -> HttpResponse:
    """For people: every path of the document."""
    return render(request, "comparison/api.html", {"operations": operations(described(request))})


def openapi(request: HttpRequest) -> HttpResponse:
    return json_response(described(request))


def frameworks(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Framework.objects.order_by("slug"))
    return paged_answer(request, found, [documents.framework_dict(one) for one in found.rows])


def framework(request: HttpRequest, slug: str) -> HttpResponse:
    found = Framework.objects.filter(slug=slug).first()
    if found is None:
        raise unknown("framework", slug, dict(Framework.objects.values_list("slug", "name")), "framework")
    return json_response(documents.framework_dict(found))


def categories(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Category.objects.all())
    return paged_answer(request, found, [documents.category_dict(one) for one in found.rows])


def criteria(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Criterion.objects.select_related("category"))
    return paged_answer(request, found, [documents.criterion_dict(one) for one in found.rows])


def criterion(request: HttpRequest, slug: str) -> HttpResponse:
    found = Criterion.objects.filter(slug=slug).select_related("category").first()
    if found is None and (now := FormerCriterion.objects.now(slug)):
        return to_canonical(request, reverse("api:criterion", args=[now]))
    if found is None:
        raise unknown("criterion", slug, dict(Criterion.objects.values_list("slug", "name")), "criterion")
    return json_response(documents.criterion_dict(found))


def sources(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Source.objects.without_texts())
    return paged_answer(request, found, [documents.source_dict(one) for one in found.rows])


def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = Source.objects.without_texts().filter(slug=slug).first()
    if found is None:
        raise unknown("source", slug, dict(Source.objects.values_list("slug", "title")), "source")
    return json_response(documents.source_dict(found))


def claims(request: HttpRequest) -> HttpResponse:
    filters = ClaimFilter(given(request), Claim.objects.published().with_names().prefetch_related("checks"))
    problems = filters.problems()
    if problems:
        raise Refused(problems)
    found = slice_of(request, filters.qs)
    return paged_answer(request, found, [documents.claim_dict(one) for one in found.rows])


def claim(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the name stands in the address
    found = Claim.objects.published().with_names().prefetch_related("checks").filter(pk=id).first()
    if found is None:
        raise Http404(f"There is no published claim {str(id)[:20]}. See {reverse('api:claims')}.")
    return json_response(documents.claim_dict(found))


def comparison(request: HttpRequest, names: str) -> HttpResponse:
    chosen, canonical = compared(names)
    if names != canonical:
        return to_canonical(request, reverse("api:comparison", args=[canonical]))
    filtered = FilteredTable(load_table_data(chosen), given(request))
    if filtered.problems:
        raise Refused(by_field(filtered.problems))
    return json_response(documents.table_dict(filtered.table, filtered.rows, edition_of(request)))


def profiles(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Profile.objects.prefetch_related("weights__criterion"))
    return paged_answer(request, found, [documents.profile_dict(one) for one in found.rows])


def recommendation(request: HttpRequest, slug: str) -> HttpResponse:
    answer = answer_query(request.GET, found_profile(slug))
    return json_response(decision_record.data(answer, edition_of(request), question_url(answer.asked)))


def disputed(request: HttpRequest) -> HttpResponse:
    verdicts, table = disputes()
    found = slice_of(request, verdicts)
    return paged_answer(request, found, [dispute_dict(one, table.references) for one in found.rows])


def dispute_dict(dispute: Dispute, references: Mapping[int, Reference]) -> Json:
    return {
        "framework": dispute.cell.framework.slug,
        "criterion": dispute.criterion.slug,
        "category": dispute.criterion.category.slug,
        "kind": dispute.criterion.kind,
        "width": round(dispute.width, 4),
        **documents.cell_dict(dispute.cell, references),
    }


def editions(request: HttpRequest) -> HttpResponse:
    found = slice_of(request, Edition.objects.all())
    return paged_answer(request, found, [documents.edition_dict(one) for one in found.rows])


# The one table of endpoints: the addresses, the document and the page for people are made of it.


def listing(name: str, view: View, summary: str, answers: str, parameters: Sequence[Parameter] = PAGES) -> Endpoint:
    return Endpoint(name, f"{name}/", view, summary, answers, is_list=True, parameters=parameters)


def single(name: str, route: str, view: View, answers: str, key: Parameter, redirects: str = "") -> Endpoint:
    return Endpoint(name, route, view, f"One {name}", answers, parameters=[key], redirects=redirects)


MERGED = "To the criterion that this one was merged into."
NAMES = in_path("names", "Slugs of one or more frameworks in alphabetical order, joined by -vs-.")

ENDPOINTS = (
    Endpoint("index", "", index, "This API, for people", media=HTML),
    Endpoint("openapi", "openapi.json", openapi, "This API, for programs"),
    listing("frameworks", frameworks, "All frameworks", "Framework"),
    single("framework", "frameworks/<slug:slug>/", framework, "Framework", in_path("slug", "The framework.")),
    listing("categories", categories, "All categories", "Category"),
    listing("criteria", criteria, "All criteria", "Criterion"),
    single("criterion", "criteria/<slug:slug>/", criterion, "Criterion", in_path("slug", "The criterion."), MERGED),
    listing("sources", sources, "All sources", "Source"),
    single("source", "sources/<slug:slug>/", source, "Source", in_path("slug", "The source.")),
    listing("claims", claims, "Published claims", "Claim", CLAIM_PARAMETERS),
    single("claim", "claims/<int:id>/", claim, "Claim", in_path("id", "A published claim.", "integer")),
    Endpoint(
        "comparison",
        "comparisons/<slug:names>/",
        comparison,
        "The verdicts on some frameworks, criterion by criterion",
        "Table",
        parameters=[NAMES, *TABLE_PARAMETERS],
        redirects="To the address with the frameworks in canonical order, each once.",
    ),
    listing("profiles", profiles, "Kinds of project, as weights on criteria", "Profile"),
    Endpoint(
        "recommendation",
        "recommendations/<slug:slug>/",
        recommendation,
        "What the evidence recommends for a kind of project; other weights are asked at /recommend.json",
        "Recommendation",
        parameters=[in_path("slug", "The profile.")],
    ),
    listing("disputes", disputed, "Verdicts on which sources disagree, widest first", "Dispute"),
    listing("editions", editions, "Published changes, newest first", "Edition"),
)


# The document, and the page made from it.


def described(request: HttpRequest) -> Json:
    return document(settings.SITE_NAME, reverse("api:index"), ENDPOINTS, examples())


def examples() -> dict[str, str]:
    """Values that lead to something, all about the framework most spoken of; none in an empty catalogue."""
    spoken = list(Framework.objects.most_cited()[:2])
    if not spoken:
        return {}
    first = spoken[0].slug
    found = {"framework slug": first, "comparison names": "-vs-".join(sorted(one.slug for one in spoken))}
    found |= {"framework": first, "reference": first, "order": first}
    if profile := Profile.objects.values_list("slug", flat=True).first():
        found["recommendation slug"] = profile
    said = Claim.objects.published().about(spoken[:1]).with_names().order_by("-id").first()
    if said is None:
        return found
    asked, source = said.criterion, said.source.slug
    found |= {"criterion slug": asked.slug, "source slug": source, "claim id": str(said.pk)}
    return found | {"criterion": asked.slug, "category": asked.category.slug, "source": source, "kind": asked.kind}


@dataclass(frozen=True)
class Operation:
    """A path of the document as the page shows it; `example` is an address that works, or empty."""

    name: str
    path: str
    summary: str
    example: str
    parameters: list[tuple[Json, str]]  # with what each takes, in words


def operations(openapi: Json) -> list[Operation]:
    server = openapi["servers"][0]["url"]
    found = []
    for path, methods in openapi["paths"].items():
        asked = methods["get"]
        takes = [(one, taken(one)) for one in asked["parameters"]]
        example = example_of(server + path, asked["parameters"])
        found.append(Operation(asked["operationId"], server + path, asked["summary"], example, takes))
    return found


def example_of(address: str, parameters: list[Json]) -> str:
    """The address with the examples of what stands in its path, and of the first filter."""
    for one in parameters:
        if one["in"] == "path":
            if "example" not in one:
                return ""
            address = address.replace(f"{{{one['name']}}}", str(one["example"]))
    filters = [(one["name"], one["example"]) for one in parameters if one["in"] == "query" and "example" in one]
    return f"{address}?{urlencode(filters[:1], doseq=True)}" if filters else address


def taken(parameter: Json) -> str:
    """What a parameter takes, in words."""
    if parameter["in"] == "path":
        return "Part of the address."
    schema = parameter["schema"].get("items", parameter["schema"])
    if "enum" in schema:
        words = f"One of {', '.join(schema['enum'])}"
    elif schema["type"] == "integer":
        words = f"{schema['minimum']} to {schema['maximum']}" if "maximum" in schema else f"From {schema['minimum']} on"
    else:
        words = f"At most {schema['maxLength']} characters" if "maxLength" in schema else "A slug"
    return f"{words}; may be repeated." if parameter["schema"]["type"] == "array" else f"{words}."
