"""The addresses of pages, which exist in every language: /compare/ is English, /de/compare/ German."""

from django.urls import path, re_path

import comparison.urls.converters  # noqa: F401
from comparison.views import box, browse, changes, checks, compare, embeds, experiments, kept, recommend, site
from comparison.views.readers import reports

urlpatterns = [
    path("", site.home, name="home"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<slug:names>/", compare.comparison, name="comparison"),
    path("compare/<slug:names>/embed/", embeds.embed, name="embed"),
    path("compare/<slug:names>/<slug:criterion>/", compare.opened_row, name="row"),
    path("in-the-box/", box.boxes, name="boxes"),
    path("in-the-box/<slug:names>/", box.box, name="box"),
    path("frameworks/", browse.frameworks, name="frameworks"),
    path("frameworks/<slug:slug>/", browse.framework, name="framework"),
    path("criteria/", browse.criteria, name="criteria"),
    path("criteria/<slug:slug>/", browse.criterion, name="criterion"),
    path("sources/", browse.sources, name="sources"),
    path("sources/<slug:slug>/", browse.source, name="source"),
    path("claims/", browse.claims, name="claims"),
    re_path(r"^claims/(?P<pk>[1-9][0-9]{0,17})/$", browse.claim, name="claim"),
    path("checks/", checks.checks, name="checks"),
    path("experiments/", experiments.experiments, name="experiments"),
    path("experiments/<slug:slug>/", experiments.experiment, name="experiment"),
    path("recommend/", recommend.start, name="recommend"),
    path("recommend/keep/", kept.keep_answer, name="keep"),
    path("recommend/kept/<key:key>/", kept.kept_answer, name="kept"),
    path("recommend/<slug:slug>/", recommend.recommendation, name="recommendation"),
    path("report/", reports.send_report, name="report-send"),
    path("report/<path:about>/", reports.report_form, name="report"),
    path("reports/<report_number:reference>/", reports.report_state, name="report-state"),
    path("disputes/", site.disputed, name="disputes"),
    path("search/", site.search_page, name="search"),
    path("methodology/", site.methodology, name="methodology"),
    path("about/", site.about, name="about"),
    path("changes/", changes.changes, name="changes"),
]
