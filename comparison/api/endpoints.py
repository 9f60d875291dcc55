"""The views of the read-only JSON API: the lists, the things in them, comparisons and recommendations."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from comparison.api.requests import BadParameters, errors_by_parameter, filled_parameters, requested_page
from comparison.api.responses import page_response
from comparison.files import json_dicts
from comparison.in_the_box.document import box_dict
from comparison.in_the_box.features import load_box
from comparison.models import Category, Claim, Criterion, Edition, Framework, Profile, Source
from comparison.recommendation import decision_record
from comparison.recommendation.answer import answer_query
from comparison.recommendation.asking.guide import question_dict, read_guide, with_answered
from comparison.recommendation.load import rankable_criteria
from comparison.tables.checks import CheckFilter, read_deciding, score_sheets
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.disputes import disputes
from comparison.tables.experiments import all_experiments
from comparison.tables.experiments.pages import experiment_page
from comparison.tables.table import load_table_data
from comparison.tables.table_filters import FilteredTable
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of
from comparison.web.lookups import (
    find_criterion,
    find_experiment,
    find_framework,
    find_frameworks,
    find_profile,
    find_source,
)
from comparison.web.problems import json_response


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
    filters = ClaimFilter(filled_parameters(request), Claim.objects.published().with_names_and_checks())
    if problems := filters.problems():
        raise BadParameters(problems)
    page = requested_page(request, filters.qs, filters.count_limit, filters.known_count)
    return page_response(request, page, [json_dicts.claim_dict(claim) for claim in page.rows])


def claim(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the parameter's name in the document
    claim = Claim.objects.published().with_names_and_checks().filter(pk=id).first()
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


def questions(request: HttpRequest) -> HttpResponse:
    guide = read_guide(QueryDict(), rankable_criteria())
    page = requested_page(request, guide.questions)
    return page_response(request, page, [question_dict(asked, guide) for asked in page.rows])


def recommendation(request: HttpRequest, slug: str) -> HttpResponse:
    return _recommended(request, request.GET, find_profile(slug))


def own_recommendation(request: HttpRequest) -> HttpResponse:
    data, problems = with_answered(request.GET)
    if problems:
        raise BadParameters(errors_by_parameter(problems))
    return _recommended(request, data, None)


def _recommended(request: HttpRequest, data: QueryDict, profile: Profile | None) -> HttpResponse:
    answer = answer_query(data, profile)
    if answer.question.problems:
        raise BadParameters(errors_by_parameter(answer.question.problems))
    url = request.build_absolute_uri(question_url(answer.question))
    return json_response(decision_record.data(answer, edition_of(request), url))


def disputed(request: HttpRequest) -> HttpResponse:
    every = disputes()
    page = requested_page(request, every.rows)
    opened, references = every.opened(page.rows)
    return page_response(request, page, [json_dicts.dispute_dict(dispute, references) for dispute in opened])


def checks(request: HttpRequest) -> HttpResponse:
    data = filled_parameters(request)
    filters = CheckFilter({name: data.getlist(name) for name in CheckFilter.FIELDS})
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
