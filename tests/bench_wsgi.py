"""The site and one plain page beside it, served the same way: what `make bench` asks over HTTP."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.wsgi import application  # noqa: F401  (what gunicorn serves)


def plain(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(b"x" * size)


urlpatterns = [path("plain/<int:size>", plain), path("", include("config.urls"))]
settings.ROOT_URLCONF = __name__
