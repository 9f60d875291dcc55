"""The endpoints of the read-only JSON API: the lists, the things in them, comparisons and recommendations."""

from collections.abc import Sequence
from difflib import get_close_matches

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt

from comparison.api.openapi import (
    CHECK_PARAMETERS,
    CLAIM_PARAMETERS,
    HTML,
    PAGE_PARAMETERS,
    TABLE_PARAMETERS,
    Endpoint,
    Parameter,
    openapi_document,
    path_parameter,
)
from comparison.api.overview import example_values, operations
from comparison.api.requests import BadParameters, errors_by_parameter, filled_parameters, requested_page
from comparison.api.responses import page_response
from comparison.files import json_dicts
from comparison.files.json_types import Json
from comparison.in_the_box.document import box_dict
from comparison.in_the_box.features import load_box
from comparison.models import Category, Claim, Criterion, Edition, Framework, Profile, Source
from comparison.recommendation import decision_record
from comparison.recommendation.answer import answer_query
from comparison.tables.checks import CheckFilter, checked_claims, read_deciding, score_sheets
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.disputes import disputes
from comparison.tables.experiments import all_experiments
from comparison.tables.experiments.pages import experiment_page
from comparison.tables.table import load_table_data
from comparison.tables.table_filters import FilteredTable
from comparison.web.addresses import question_url
from comparison.web.caching import View, edition_of, permanent_redirect
from comparison.web.lookups import (
    find_criterion,
    find_experiment,
    find_framework,
    find_frameworks,
    find_profile,
    find_source,
)
from comparison.web.problems import allow_any_origin, json_response, problem


def index(request: HttpRequest) -> HttpResponse:
    """For people: every path of the document."""
    return render(request, "comparison/api.html", {"operations": operations(document(request))})


def openapi(request: HttpRequest) -> HttpResponse:
    return json_response(document(request))


def frameworks(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Framework.objects.order_by("slug"))
    return page_response(request, page, [json_dicts.framework_dict(framework) for framework in page.rows])


def framework(request: HttpRequest, slug: str) -> HttpResponse:
    return json_response(json_dicts.framework_dict(find_framework(slug)))


def categories(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Category.objects.all())
    return page_response(request, page, [json_dicts.category_dict(category) for category in page.rows])


def criteria(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Criterion.objects.select_related("category").prefetch_related("related"))
    return page_response(request, page, [json_dicts.criterion_dict(criterion) for criterion in page.rows])


def criterion(request: HttpRequest, slug: str) -> HttpResponse:
    return json_response(json_dicts.criterion_dict(find_criterion(slug)))


def sources(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Source.objects.public().without_texts())
    return page_response(request, page, [json_dicts.source_dict(source) for source in page.rows])


def source(request: HttpRequest, slug: str) -> HttpResponse:
    return json_response(json_dicts.source_dict(find_source(slug)))


def claims(request: HttpRequest) -> HttpResponse:
    filters = ClaimFilter(filled_parameters(request), Claim.objects.published().with_names().prefetch_related("checks"))
    if problems := filters.problems():
        raise BadParameters(problems)
    page = requested_page(request, filters.qs, filters.count_limit, filters.known_count)
    return page_response(request, page, [json_dicts.claim_dict(claim) for claim in page.rows])


def claim(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the parameter's name in the document
    claim = Claim.objects.published().with_names().prefetch_related("checks").filter(pk=id).first()
    if claim is None:
        raise Http404(f"There is no published claim {str(id)[:20]}. See {reverse('api:claims')}.")
    return json_response(json_dicts.claim_dict(claim))


def comparison(request: HttpRequest, names: str) -> HttpResponse:
    filtered = FilteredTable(load_table_data(find_frameworks(names)), filled_parameters(request))
    if filtered.problems:
        raise BadParameters(errors_by_parameter(filtered.problems))
    return json_response(json_dicts.table_dict(filtered.table, filtered.rows, edition_of(request)))


def box(request: HttpRequest, names: str) -> HttpResponse:
    return json_response(box_dict(load_box(find_frameworks(names, "box")), edition_of(request)))


def profiles(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Profile.objects.with_question())
    return page_response(request, page, [json_dicts.profile_dict(profile) for profile in page.rows])


def recommendation(request: HttpRequest, slug: str) -> HttpResponse:
    answer = answer_query(request.GET, find_profile(slug))
    return json_response(decision_record.data(answer, edition_of(request), question_url(answer.question)))


def disputed(request: HttpRequest) -> HttpResponse:
    every = disputes()
    page = requested_page(request, every.rows)
    opened, references = every.opened(page.rows)
    return page_response(request, page, [json_dicts.dispute_dict(dispute, references) for dispute in opened])


def checks(request: HttpRequest) -> HttpResponse:
    data = filled_parameters(request)
    filters = CheckFilter(checked_claims(), {name: data.getlist(name) for name in CheckFilter.FIELDS})
    if filters.problems:
        raise BadParameters(errors_by_parameter(filters.problems))
    page = requested_page(request, filters.selected())
    read_deciding(page.rows)
    return page_response(request, page, [json_dicts.checked_claim_dict(row) for row in page.rows])


def scores(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, score_sheets())
    return page_response(request, page, [json_dicts.score_sheet_dict(sheet) for sheet in page.rows])


def experiments(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, all_experiments())
    return page_response(request, page, [json_dicts.experiment_dict(experiment) for experiment in page.rows])


def experiment(request: HttpRequest, slug: str) -> HttpResponse:
    return json_response(json_dicts.experiment_results_dict(experiment_page(find_experiment(slug))))


def editions(request: HttpRequest) -> HttpResponse:
    page = requested_page(request, Edition.objects.all())
    return page_response(request, page, [json_dicts.edition_dict(edition) for edition in page.rows])


# The table of endpoints, from which the addresses, the document and the page for people are made.


def list_endpoint(
    name: str, view: View, summary: str, answers: str, parameters: Sequence[Parameter] = PAGE_PARAMETERS
) -> Endpoint:
    return Endpoint(name, f"{name}/", view, summary, answers, is_list=True, parameters=parameters)


def detail_endpoint(name: str, route: str, view: View, answers: str, key: Parameter, redirects: str = "") -> Endpoint:
    return Endpoint(name, route, view, f"One {name}", answers, parameters=[key], redirects=redirects)


TO_PRESENT_CRITERION = "To the criterion that this one was merged into."
NAMES = path_parameter("names", "Slugs of one or more frameworks in alphabetical order, joined by -vs-.")

ENDPOINTS = (
    Endpoint("index", "", index, "This API, for people", media=HTML),
    Endpoint("openapi", "openapi.json", openapi, "This API, for programs"),
    list_endpoint("frameworks", frameworks, "All frameworks", "Framework"),
    detail_endpoint(
        "framework", "frameworks/<slug:slug>/", framework, "Framework", path_parameter("slug", "The framework.")
    ),
    list_endpoint("categories", categories, "All categories", "Category"),
    list_endpoint("criteria", criteria, "All criteria", "Criterion"),
    detail_endpoint(
        "criterion",
        "criteria/<slug:slug>/",
        criterion,
        "Criterion",
        path_parameter("slug", "The criterion."),
        TO_PRESENT_CRITERION,
    ),
    list_endpoint("sources", sources, "All sources", "Source"),
    detail_endpoint("source", "sources/<slug:slug>/", source, "Source", path_parameter("slug", "The source.")),
    list_endpoint("claims", claims, "Published claims", "Claim", CLAIM_PARAMETERS),
    detail_endpoint("claim", "claims/<int:id>/", claim, "Claim", path_parameter("id", "A published claim.", "integer")),
    Endpoint(
        "comparison",
        "comparisons/<slug:names>/",
        comparison,
        "The verdicts on some frameworks, criterion by criterion",
        "Table",
        parameters=[NAMES, *TABLE_PARAMETERS],
        redirects="To the address with the frameworks in canonical order, each once.",
    ),
    Endpoint(
        "box",
        "in-the-box/<slug:names>/",
        box,
        "What of all features is built in, what an extension adds, what is missing, and what nobody knows",
        "Box",
        parameters=[NAMES],
        redirects="To the address with the frameworks in canonical order, each once.",
    ),
    list_endpoint("profiles", profiles, "Kinds of project, as weights on criteria", "Profile"),
    Endpoint(
        "recommendation",
        "recommendations/<slug:slug>/",
        recommendation,
        "What the evidence recommends for a kind of project; other weights are asked at /recommend.json",
        "Recommendation",
        parameters=[path_parameter("slug", "The profile.")],
    ),
    list_endpoint("disputes", disputed, "Verdicts on which sources disagree, widest first", "Dispute"),
    list_endpoint(
        "checks",
        checks,
        "Checked claims, those first that would move their cells furthest; without a finding those that do not count",
        "CheckedClaim",
        CHECK_PARAMETERS,
    ),
    list_endpoint("scores", scores, "How many claims of each article were found to be what", "ScoreSheet"),
    list_endpoint("experiments", experiments, "Questions that are answered by running the frameworks", "Experiment"),
    detail_endpoint(
        "experiment",
        "experiments/<slug:slug>/",
        experiment,
        "ExperimentResults",
        path_parameter("slug", "The experiment."),
    ),
    list_endpoint("editions", editions, "Published changes, newest first", "Edition"),
)


def document(request: HttpRequest) -> Json:
    return openapi_document(settings.SITE_NAME, reverse("api:index"), ENDPOINTS, example_values())


@csrf_exempt  # the answer is the same 404 for every method
def no_endpoint(request: HttpRequest) -> HttpResponse:
    """Answers all other addresses under the API's: a redirect where only the last slash is missing, else 404."""
    with_slash = f"{request.path_info}/"
    if request.method in ("GET", "HEAD") and resolve(with_slash).func is not no_endpoint:
        return allow_any_origin(permanent_redirect(f"{request.path}/", request.META.get("QUERY_STRING", "")))
    paths = [reverse(f"api:{endpoint.name}") for endpoint in ENDPOINTS if "<" not in endpoint.route]
    matches = get_close_matches(request.path, paths, n=1, cutoff=0.8)
    hint = f"Did you mean {matches[0]}?" if matches else f"{reverse('api:index')} lists all there are."
    return allow_any_origin(problem(404, f"There is nothing at {request.path[:200]}. {hint}"))
