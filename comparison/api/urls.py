from django.urls import path, re_path

from comparison.api.endpoints import ENDPOINTS, nowhere, serve

app_name = "api"
urlpatterns = [
    *(path(one.route, serve(one), name=one.name) for one in ENDPOINTS),
    re_path("", nowhere),
]
