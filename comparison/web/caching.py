"""What all public pages share: they are functions of the edition and the address, and nothing else."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate

from django.conf import settings
from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified
from django.views.decorators.csrf import csrf_exempt

from comparison.models import Edition
from config.replica import replica_reads

CACHE_SECONDS = 24 * 3600  # seconds a body stays in the cache; it never becomes wrong, only unasked for

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


@cache
def release() -> str:
    """A digest of what draws the pages, so that a new version of the software never shows an old version's bodies."""
    digest = hashlib.sha256(settings.SITE_NAME.encode())
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "static", Path(__file__).parents[1]):
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.suffix in {".html", ".css", ".js", ".svg", ".py"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def public_page(view: View) -> View:
    """Answers from the cache, or 304, after reading the edition alone. GET and HEAD only; sets no cookie."""

    @csrf_exempt  # nothing here can be changed, so a POST hears that it is not allowed, not that it lacks a token
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            words = f"{request.method} is not allowed here; this address can only be read.\n"
            return HttpResponseNotAllowed(["GET", "HEAD"], words, content_type="text/plain")
        request.is_public_page = True  # type: ignore[attr-defined]
        with replica_reads():
            request.edition = Edition.objects.current()  # type: ignore[attr-defined]
            if settings.DEBUG:
                return view(request, *args, **kwargs)
            address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
            name = hashlib.sha256(f"{release()} {request.edition.number} {address}".encode()).hexdigest()  # type: ignore[attr-defined]
            etag = f'W/"{name[:32]}"'
            if etag in request.headers.get("If-None-Match", ""):
                return _headed(HttpResponseNotModified(), etag)
            kept = store.get(name)
            if kept is not None:
                return _headed(HttpResponse(kept[0], headers=kept[1]), etag)
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                store.set(name, (response.content, dict(response.headers)), CACHE_SECONDS)
                _headed(response, etag)
            return response

    return wrapped


def _headed(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every template: the site's name, and the edition a public page shows."""
    return {
        "site_name": settings.SITE_NAME,
        "edition": getattr(request, "edition", None),
        "forms": (("csv", "CSV"), ("json", "JSON"), ("md", "Markdown")),
    }


def edition_of(request: HttpRequest) -> Edition:
    """The edition a public page shows."""
    return request.edition  # type: ignore[attr-defined]
