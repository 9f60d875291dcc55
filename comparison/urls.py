import re

from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter

from comparison.views import (
    box,
    browse,
    changes,
    checks,
    compare,
    embeds,
    experiments,
    kept,
    probes,
    recommend,
    site,
    sitemap,
)
from comparison.views.readers import feeds, reports
from comparison.web.downloads import FORMATS, TABLE_FORMATS


class FileFormat(StringConverter):
    """The ending of an address that asks for a file instead of a page."""

    regex = "|".join(FORMATS)


class TableFormat(StringConverter):
    """The same of a comparison, which comes in more shapes."""

    regex = "|".join(map(re.escape, TABLE_FORMATS))


class RecordFormat(StringConverter):
    """A decision record is a text or data; there is no table of it."""

    regex = "json|md"


class AnswerKey(StringConverter):
    """The name of a stored answer."""

    regex = "[0-9a-f]{1,32}"


class ReportNumber(StringConverter):
    """What a reader keeps of a report."""

    regex = "[0-9]{10}"


register_converter(FileFormat, "file_format")
register_converter(TableFormat, "table_format")
register_converter(AnswerKey, "key")
register_converter(RecordFormat, "record")
register_converter(ReportNumber, "report_number")

urlpatterns = [
    path("", site.home, name="home"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<slug:names>/", compare.comparison, name="comparison"),
    path("compare/<slug:names>.atom", feeds.comparison_feed, name="comparison-feed"),
    path("compare/<slug:names>.<table_format:file_format>", compare.comparison, name="comparison-data"),
    path("compare/<slug:names>/embed/", embeds.embed, name="embed"),
    path("compare/<slug:names>/<slug:criterion>/", compare.opened_row, name="row"),
    path("compare/<slug:names>/<slug:criterion>.<file_format:file_format>", compare.opened_row, name="row-data"),
    path("in-the-box/", box.boxes, name="boxes"),
    path("in-the-box/<slug:names>/", box.box, name="box"),
    path("in-the-box/<slug:names>.<file_format:file_format>", box.box, name="box-data"),
    path("badge/<slug:slug>/<slug:criterion>.svg", embeds.badge, name="badge"),
    path("frameworks/", browse.frameworks, name="frameworks"),
    path("frameworks.<file_format:file_format>", browse.frameworks, name="frameworks-data"),
    path("frameworks/<slug:slug>/", browse.framework, name="framework"),
    path("frameworks/<slug:slug>.atom", feeds.framework_feed, name="framework-feed"),
    path("frameworks/<slug:slug>.<file_format:file_format>", browse.framework, name="framework-data"),
    path("criteria/", browse.criteria, name="criteria"),
    path("criteria.<file_format:file_format>", browse.criteria, name="criteria-data"),
    path("criteria/<slug:slug>/", browse.criterion, name="criterion"),
    path("criteria/<slug:slug>.atom", feeds.criterion_feed, name="criterion-feed"),
    path("criteria/<slug:slug>.<file_format:file_format>", browse.criterion, name="criterion-data"),
    path("sources/", browse.sources, name="sources"),
    path("sources.<file_format:file_format>", browse.sources, name="sources-data"),
    path("sources/<slug:slug>/", browse.source, name="source"),
    path("sources/<slug:slug>.<file_format:file_format>", browse.source, name="source-data"),
    path("claims/", browse.claims, name="claims"),
    path("claims.<file_format:file_format>", browse.claims, name="claims-data"),
    re_path(r"^claims/(?P<pk>[0-9]{1,18})/$", browse.claim, name="claim"),
    path("checks/", checks.checks, name="checks"),
    path("checks.<file_format:file_format>", checks.checks, name="checks-data"),
    path("experiments/", experiments.experiments, name="experiments"),
    path("experiments.<file_format:file_format>", experiments.experiments, name="experiments-data"),
    path("experiments/<slug:slug>/", experiments.experiment, name="experiment"),
    path("experiments/<slug:slug>.<file_format:file_format>", experiments.experiment, name="experiment-data"),
    path("recommend/", recommend.start, name="recommend"),
    path("recommend.<record:file_format>", recommend.start, name="recommend-data"),
    path("recommend/keep/", kept.keep_answer, name="keep"),
    path("recommend/kept/<key:key>/", kept.kept_answer, name="kept"),
    path("recommend/kept/<key:key>.json", kept.kept_answer, {"file_format": "json"}, name="kept-data"),
    path("recommend/<slug:slug>/", recommend.recommendation, name="recommendation"),
    path("recommend/<slug:slug>.<record:file_format>", recommend.recommendation, name="recommendation-data"),
    path("report/", reports.send_report, name="report-send"),
    path("report/<path:about>/", reports.report_form, name="report"),
    path("reports/<report_number:reference>/", reports.report_state, name="report-state"),
    path("api/v1/", include("comparison.api.urls")),
    path("disputes/", site.disputed, name="disputes"),
    path("disputes.<file_format:file_format>", site.disputed, name="disputes-data"),
    path("search/", site.search_page, name="search"),
    path("methodology/", site.methodology, name="methodology"),
    path("about/", site.about, name="about"),
    path("changes/", changes.changes, name="changes"),
    path("changes/feed/", feeds.feed, name="feed"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
