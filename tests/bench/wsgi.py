"""The site and one plain page beside it, served the same way: what the benchmark asks over HTTP."""

import os
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])  # before the application reads it
settings.ROOT_URLCONF = __name__

from config.urls import urlpatterns as site_urlpatterns  # noqa: E402
from config.wsgi import application  # noqa: E402, F401  (what gunicorn serves)


def plain(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(b"x" * size)


urlpatterns = [path("plain/<int:size>", plain), *site_urlpatterns]
