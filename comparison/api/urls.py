from django.urls import path, re_path

from comparison.api.endpoints import ENDPOINTS, no_endpoint
from comparison.api.responses import serve

app_name = "api"
urlpatterns = [
    *(path(endpoint.route, serve(endpoint), name=endpoint.name) for endpoint in ENDPOINTS),
    re_path("", no_endpoint),
]
