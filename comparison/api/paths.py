"""The table of endpoints, from which the addresses, the OpenAPI document and the page for people are made."""

from collections.abc import Sequence
from difflib import get_close_matches

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from comparison.api import endpoints as views
from comparison.api.dump import catalogue
from comparison.api.dump_types import json_schema
from comparison.api.openapi import HTML, SCHEMA_JSON, Endpoint, Site, openapi_document
from comparison.api.overview import example_values, operations
from comparison.api.parameters import (
    ANSWERS_PARAMETER,
    CHECK_PARAMETERS,
    CLAIM_PARAMETERS,
    PAGE_PARAMETERS,
    QUESTION_PARAMETERS,
    TABLE_PARAMETERS,
    Parameter,
    path_parameter,
)
from comparison.api.schemas import SCHEMAS
from comparison.files.json_types import Json
from comparison.row_ids import MAX_ROW_ID
from comparison.serving.any_origin import allow_any_origin
from comparison.web.caching import View
from comparison.web.problems import json_response, problem


def index(request: HttpRequest) -> HttpResponse:
    """For people: every path of the document."""
    return render(request, "comparison/api.html", {"operations": operations(document(request))})


def openapi(request: HttpRequest) -> HttpResponse:
    return json_response(document(request))


def catalogue_schema(request: HttpRequest) -> HttpResponse:
    schema = json_schema(request.build_absolute_uri(reverse("api:catalogue_schema")), SCHEMAS)
    return json_response(schema, content_type=SCHEMA_JSON)


def document(request: HttpRequest) -> Json:
    contact_url = request.build_absolute_uri(reverse("about"))
    site = Site(settings.SITE_NAME, reverse("api:index"), contact_url)
    return openapi_document(site, ENDPOINTS, example_values())


@csrf_exempt  # the answer is the same 404 for every method
def no_endpoint(request: HttpRequest) -> HttpResponse:
    """Answers all other addresses under the API's."""
    paths = [reverse(f"api:{endpoint.name}") for endpoint in ENDPOINTS if "<" not in endpoint.route]
    matches = get_close_matches(request.path, paths, n=1, cutoff=0.8)
    hint = f"Did you mean {matches[0]}?" if matches else f"{reverse('api:index')} lists all there are."
    return allow_any_origin(problem(404, f"There is nothing at {request.path[:200]}. {hint}"))


def list_endpoint(
    name: str,
    view: View,
    tag: str,
    summary: str,
    description: str,
    answers: str,
    parameters: Sequence[Parameter] = PAGE_PARAMETERS,
) -> Endpoint:
    return Endpoint(name, f"{name}/", view, tag, summary, description, answers, is_list=True, parameters=parameters)


def detail_endpoint(
    route: str, view: View, tag: str, answers: str, description: str, key: Parameter, redirects: str = ""
) -> Endpoint:
    name = answers.lower()
    return Endpoint(name, route, view, tag, f"One {name}", description, answers, parameters=[key], redirects=redirects)


NAMES = path_parameter("names", "Slugs of one or more frameworks in alphabetical order, joined by -vs-.")

ENDPOINTS = (
    Endpoint(
        "index",
        "",
        index,
        "About",
        "This API, for people",
        "Every address with its parameters, in words and with examples.",
        media=HTML,
    ),
    Endpoint(
        "openapi",
        "openapi.json",
        openapi,
        "About",
        "This API, for programs",
        "This document: every address, parameter and field (OpenAPI 3.1).",
    ),
    Endpoint(
        "catalogue",
        "catalogue.json",
        catalogue,
        "Catalogue",
        "The whole public catalogue in one file",
        "Everything that verdicts and recommendations follow from: frameworks, criteria, sources, profiles, questions, "
        "measurements and all published claims with their checks. A large one is sent while it is read.",
        "Catalogue",
    ),
    Endpoint(
        "catalogue_schema",
        "catalogue.schema.json",
        catalogue_schema,
        "Catalogue",
        "The JSON Schema of the catalogue's file",
        "It holds for every edition; fields are only added (JSON Schema 2020-12).",
        media=SCHEMA_JSON,
    ),
    list_endpoint(
        "frameworks",
        views.frameworks,
        "Catalogue",
        "All frameworks",
        "The things that are compared, by slug.",
        "Framework",
    ),
    detail_endpoint(
        "frameworks/<slug:slug>/",
        views.framework,
        "Catalogue",
        "Framework",
        "What a framework is, where it lives and what else it is called.",
        path_parameter("slug", "The framework."),
    ),
    list_endpoint(
        "categories",
        views.categories,
        "Catalogue",
        "All categories",
        "The groups of criteria, in the order of the tables.",
        "Category",
    ),
    list_endpoint(
        "criteria",
        views.criteria,
        "Catalogue",
        "All criteria",
        "The questions that are asked of every framework. A criterion's kind decides which value its claims carry.",
        "Criterion",
    ),
    detail_endpoint(
        "criteria/<slug:slug>/",
        views.criterion,
        "Catalogue",
        "Criterion",
        "A question that is asked of every framework, with what belongs to it and what asks the same another way.",
        path_parameter("slug", "The criterion."),
        "To the criterion that this one was merged into.",
    ),
    list_endpoint(
        "sources",
        views.sources,
        "Catalogue",
        "All sources",
        "Whatever makes claims: documentation, measurements, metadata and articles. Their texts are not public.",
        "Source",
    ),
    detail_endpoint(
        "sources/<slug:slug>/",
        views.source,
        "Catalogue",
        "Source",
        "Who published a source, where and when, and what it is part of or repeats.",
        path_parameter("slug", "The source."),
    ),
    list_endpoint(
        "claims",
        views.claims,
        "Catalogue",
        "Published claims",
        "What sources say about frameworks, each with its place in the source and the checks of it. Filters with "
        "several values take any of them.",
        "Claim",
        CLAIM_PARAMETERS,
    ),
    detail_endpoint(
        "claims/<int:id>/",
        views.claim,
        "Catalogue",
        "Claim",
        "What one source says about one framework on one criterion.",
        path_parameter("id", "A published claim.", {"type": "integer", "minimum": 1, "maximum": MAX_ROW_ID}),
    ),
    Endpoint(
        "comparison",
        "comparisons/<slug:names>/",
        views.comparison,
        "Verdicts",
        "The verdicts on some frameworks, criterion by criterion",
        "The table of a comparison with the same filters as its page. Each cell names the claims on either side and "
        "the sources that count.",
        "Table",
        parameters=[NAMES, *TABLE_PARAMETERS],
        redirects="To the address with the frameworks in canonical order, each once.",
    ),
    Endpoint(
        "box",
        "in-the-box/<slug:names>/",
        views.box,
        "Verdicts",
        "What is in the box of some frameworks, and what must be added",
        "Of all features, what is built in, what an extension adds, what is missing, and what nobody knows.",
        "Box",
        parameters=[NAMES],
        redirects="To the address with the frameworks in canonical order, each once.",
    ),
    list_endpoint(
        "profiles",
        views.profiles,
        "Recommendations",
        "Kinds of project, as weights on criteria",
        "What matters in each kind of project, what it must have, and which frameworks make no sense for it.",
        "Profile",
    ),
    list_endpoint(
        "questions",
        views.questions,
        "Recommendations",
        "Questions in plain words, whose answers set weights",
        "For those who know no criteria: each answer with the weights and must-haves that it sets. Recommendations "
        "take the answers as they are.",
        "GuideQuestion",
    ),
    Endpoint(
        "own_recommendation",
        "recommendations/",
        views.own_recommendation,
        "Recommendations",
        "What the evidence recommends for weights of your own, or for answers in plain words",
        "The ranking of the frameworks with its reasons, how firm it is and what would change it. Without a weight or "
        "a must-have there is nothing to rank by.",
        "Recommendation",
        parameters=[*QUESTION_PARAMETERS, ANSWERS_PARAMETER],
    ),
    Endpoint(
        "recommendation",
        "recommendations/<slug:slug>/",
        views.recommendation,
        "Recommendations",
        "What the evidence recommends for a kind of project",
        "The same for a profile. Weights, must-haves and frameworks of your own change its question, as on its page.",
        "Recommendation",
        parameters=[path_parameter("slug", "The profile."), *QUESTION_PARAMETERS],
    ),
    list_endpoint(
        "disputes",
        views.disputed,
        "Verdicts",
        "Verdicts on which sources disagree, widest first",
        "Each with the claims on both sides.",
        "Dispute",
    ),
    list_endpoint(
        "checks",
        views.checks,
        "Checks",
        "Checked claims, those first that would move their cells furthest",
        "Without a finding only those that do not count: false, outdated or misleading ones.",
        "CheckedClaim",
        CHECK_PARAMETERS,
    ),
    list_endpoint(
        "scores",
        views.scores,
        "Checks",
        "How many claims of each article were found to be what",
        "Confirmed, misleading, outdated and false claims of each article, and those that nobody has checked.",
        "ScoreSheet",
    ),
    list_endpoint(
        "experiments",
        views.experiments,
        "Experiments",
        "Questions that are answered by running the frameworks",
        "How each is asked, in which unit, and which criteria its results are claims on.",
        "Experiment",
    ),
    Endpoint(
        "experiment",
        "experiments/<slug:slug>/",
        views.experiment,
        "Experiments",
        "One experiment",
        "Its question, its program and what each run gave, with the raw readings.",
        "ExperimentResults",
        parameters=[path_parameter("slug", "The experiment.")],
    ),
    list_endpoint(
        "editions",
        views.editions,
        "Catalogue",
        "Published changes, newest first",
        "Everything public is a function of the edition: a number that grows with each published change.",
        "Edition",
    ),
)
