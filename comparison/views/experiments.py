"""Experiments: what was measured, how, and what came out, down to the raw samples."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.files import json_dicts
from comparison.tables.experiments import all_experiments
from comparison.tables.experiments.pages import experiment_list, experiment_page
from comparison.web.caching import public_page
from comparison.web.downloads import list_file
from comparison.web.lookups import find_experiment


@public_page()
def experiments(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    if file_format != "html":
        rows = [json_dicts.experiment_dict(experiment) for experiment in all_experiments()]
        return list_file(request, file_format, "Experiments", rows)
    return render(request, "comparison/experiments.html", {"list": experiment_list()})


@public_page()
def experiment(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    definition = find_experiment(slug)
    page = experiment_page(definition)
    if file_format != "html":
        rows = [json_dicts.measurement_dict(row) for row in page.measurements]
        return list_file(request, file_format, definition.title, rows, name=slug)
    return render(request, "comparison/experiment.html", {"experiment": definition, "page": page})
