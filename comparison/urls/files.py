"""The addresses of files, feeds and programs' answers, which exist in English alone."""

from django.urls import include, path

import comparison.urls.converters  # noqa: F401
from comparison.views import box, browse, checks, compare, experiments, kept, probes, recommend, site, sitemap
from comparison.views.images import badges, share_images
from comparison.views.readers import feeds

urlpatterns = [
    path("en/", site.home, name="home-in-english"),  # the front page, whatever a browser prefers
    path("compare/<slug:names>.atom", feeds.comparison_feed, name="comparison-feed"),
    path("compare/<slug:names>.<table_format:file_format>", compare.comparison, name="comparison-data"),
    path("compare/<slug:names>/<slug:criterion>.<file_format:file_format>", compare.opened_row, name="row-data"),
    path("in-the-box.<file_format:file_format>", box.boxes, name="boxes-data"),
    path("in-the-box/<slug:names>.<file_format:file_format>", box.box, name="box-data"),
    path("badge/<slug:slug>/<slug:criterion>.svg", badges.badge, name="badge"),
    path("frameworks.<file_format:file_format>", browse.frameworks, name="frameworks-data"),
    path("frameworks/<slug:slug>.atom", feeds.framework_feed, name="framework-feed"),
    path("frameworks/<slug:slug>.<file_format:file_format>", browse.framework, name="framework-data"),
    path("criteria.<file_format:file_format>", browse.criteria, name="criteria-data"),
    path("criteria/<slug:slug>.atom", feeds.criterion_feed, name="criterion-feed"),
    path("criteria/<slug:slug>.<file_format:file_format>", browse.criterion, name="criterion-data"),
    path("sources.<file_format:file_format>", browse.sources, name="sources-data"),
    path("sources/<slug:slug>.<file_format:file_format>", browse.source, name="source-data"),
    path("claims.<file_format:file_format>", browse.claims, name="claims-data"),
    path("checks.<file_format:file_format>", checks.checks, name="checks-data"),
    path("experiments.<file_format:file_format>", experiments.experiments, name="experiments-data"),
    path("experiments/<slug:slug>.<file_format:file_format>", experiments.experiment, name="experiment-data"),
    path("recommend.<record:file_format>", recommend.start, name="recommend-data"),
    path("recommend/kept/<key:key>.png", share_images.kept_picture, name="kept-image"),
    path("recommend/kept/<key:key>.json", kept.kept_answer, {"file_format": "json"}, name="kept-data"),
    path("recommend/<slug:slug>.<record:file_format>", recommend.recommendation, name="recommendation-data"),
    path("api/v1/", include("comparison.api.urls")),
    path("disputes.<file_format:file_format>", site.disputed, name="disputes-data"),
    path("changes/feed/", feeds.feed, name="feed"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
