from django.urls import path, re_path

from comparison.api.paths import ENDPOINTS, no_endpoint
from comparison.api.responses import serve

app_name = "api"
VIEWS = [(endpoint.route, serve(endpoint), endpoint.name) for endpoint in ENDPOINTS]
urlpatterns = [
    # The document names addresses without their last slash, links end in one: of two, reverse() takes the later.
    *(path(route.removesuffix("/"), view, name=name) for route, view, name in VIEWS if route.endswith("/")),
    *(path(route, view, name=name) for route, view, name in VIEWS),
    re_path("", no_endpoint),
]
